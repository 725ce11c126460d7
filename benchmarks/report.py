"""A report of one province of the 31 x 42 table: seconds and peak memory of each of its parts.

    python benchmarks/report.py [REGION] [--readme]

The table is read first; what is measured begins after it. Each part is made in a process of its
own, forked from one that holds the computed panel, so that peak memory is its own. Beside the
workbook and the exchange file stands what a person writes today: pandas.to_excel of the same
tables, networkx.write_gexf of the same network. Exits with 1 if the whole takes too long.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
from readme import into_readme

import graphmap as gm
from graphmap import readers
from graphmap.render.exchange import write_network
from graphmap.render.figures import write_figures
from graphmap.render.report import write_report
from graphmap.render.slides import write_slides
from graphmap.render.workbook import write_workbook
from graphmap.render.workbook.main_sheets import sheets

SHARED = Path(os.environ.get("GRAPHMAP_DATA") or Path(__file__).parents[2] / "shared" / "data")
TABLE = SHARED / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"
SECONDS = 30
"""That a report of one province may take after the table is read."""

LANGUAGE = "zh-Hans"

Making = Callable[[Path], object]


def with_pandas(panel: gm.Panel, folder: Path) -> None:
    """The same tables, unformatted, as a script without graphmap's writer would put them down."""
    with pd.ExcelWriter(folder / "pandas.xlsx", engine="openpyxl") as book:
        for sheet in sheets(panel, LANGUAGE):
            table = pd.DataFrame({column.head: list(column.values) for column in sheet.columns})
            table.to_excel(book, sheet_name=sheet.key, index=False)


def measured(make: Making) -> tuple[float, float]:
    """Seconds, and peak memory in MB, of making something in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def run() -> None:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder))
            seconds = time.perf_counter() - start
        theirs.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    process = context.Process(target=run)
    process.start()
    theirs.close()
    try:
        found: tuple[float, float] = ours.recv()
    except EOFError:
        sys.exit("a part of the report could not be made")
    process.join()
    return found


def main() -> None:
    if not TABLE.exists():
        sys.exit(f"no table at {TABLE}")
    named = [word for word in sys.argv[1:] if not word.startswith("--")] or ["Guangdong"]
    start = time.perf_counter()
    whole = gm.read(TABLE)
    read = time.perf_counter() - start
    table = readers.regions_of(whole, named)
    print(f"{table.regions[0]}, {table.n} sectors; the table was read in {read:.1f} s")

    def everything(folder: Path) -> None:
        panel = gm.panel(gm.study(table, lang=LANGUAGE), beside=[whole])
        write_report([panel], folder / "report")

    runs = {"everything, in three languages": measured(everything)}
    start = time.perf_counter()
    panel = gm.panel(gm.study(table, lang=LANGUAGE), beside=[whole])
    study = panel.latest
    _ = study.rank_intervals, study.paths, study.partners, study.leverage
    print(f"study and places computed in {time.perf_counter() - start:.1f} s")
    net = study.backbone.network
    makings: dict[str, Making] = {
        "figures, PNG, SVG and PDF": lambda to: write_figures(panel, to, languages=[LANGUAGE]),
        "slides": lambda to: write_slides(panel, to / "deck.pptx"),
        "workbook": lambda to: write_workbook(panel, to / "numbers.xlsx"),
        "workbook with pandas and openpyxl": lambda to: with_pandas(panel, to),
        "network as GEXF": lambda to: write_network(panel, to / "network.gexf"),
        "network as GEXF with networkx": lambda to: nx.write_gexf(
            net.to_networkx(), to / "plain.gexf"
        ),
    }
    runs |= {name: measured(make) for name, make in makings.items()}
    rows = []
    print(f"{'':36}{'seconds':>9}{'of peer':>9}{'peak MB':>9}")
    for name, (seconds, memory) in runs.items():
        peer = next((other for other in runs if other.startswith(f"{name} with ")), None)
        ratio = f"{seconds / runs[peer][0]:.2f}" if peer else "1" if " with " in name else ""
        print(f"{name:36}{seconds:9.2f}{ratio:>9}{memory:9.0f}")
        rows.append(f"| {name} | {seconds:.2f} | {ratio} | {memory:,.0f} |")
    taken = next(iter(runs.values()))[0]
    met = taken <= SECONDS
    print(f"target {'met' if met else 'MISSED'}: {taken:.1f} of {SECONDS} s")
    if "--readme" in sys.argv:
        head = f"| {table.n} of {whole.n:,} sectors, the table read | seconds | of peer | peak MB |"
        into_readme("report.py", "\n".join([head, "|---|---|---|---|", *rows]))
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
