"""The top 1,000 structural paths of a product: ours and pyspa's, at one threshold, in one run.

    python benchmarks/paths.py [TABLE]

TABLE is a table with emissions; without one, the constructed table of 31 x 42 sectors is taken, or
where that is not at hand an economy of 1,302 sectors made by chance. The product is the one with
the largest footprint, since pyspa follows one product a call; the threshold is the value of our
1,000th path. Each search runs in a process of its own, so that peak memory is its own, and on one
thread, as pyspa does. Ours starts from flows and gross output and solves for total intensities;
pyspa is given coefficients and total intensities ready made, and is spared its remainders.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made_up import made_up

import graphmap
from graphmap.leontief import LeontiefSystem
from graphmap.leontief.paths import largest_paths

SHARED = Path(os.environ.get("GRAPHMAP_DATA", Path(__file__).parents[2] / "shared" / "data"))
TABLE = SHARED / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"
COUNT, STAGES = 1000, 12
TARGET = 20
"""How many times as fast as pyspa, at the same threshold."""

Found = dict[tuple[int, ...], float]
"""The value of each path, from the emitter to the final product."""


def arrays_of(table: graphmap.IOTable) -> dict[str, np.ndarray]:
    """Flows, gross output, final use and direct intensity of a table."""
    table = table.domestic()
    if table.co2 is None:
        sys.exit(f"{table.source.file} has no emissions")
    f = np.divide(table.co2, table.x, out=np.zeros(table.n), where=table.x > 0)
    Z = table.Z if isinstance(table.Z, np.ndarray) else table.Z.toarray()
    return {"Z": Z, "x": table.x, "y": table.final_demand, "f": f}


def ours(given: dict[str, np.ndarray], rule: dict[str, float]) -> Callable[[], Found]:
    def search() -> Found:
        system = LeontiefSystem(given["Z"], given["x"])
        m = system.solve_transposed(given["f"])
        paths = largest_paths(system, given["f"], m, given["y"], **rule)
        return dict(zip(paths.sequences(), paths.values.tolist(), strict=True))

    return search


def pyspa(given: dict[str, np.ndarray], rule: dict[str, float]) -> Callable[[], Found]:
    import pandas as pd  # noqa: PLC0415
    from pyspa.pyspa import get_spa  # noqa: PLC0415

    system = LeontiefSystem(given["Z"], given["x"])
    A, product = system.A, int(np.flatnonzero(given["y"])[0])
    labels = {"Name": [f"s{i}" for i in range(system.n)], "Unit": "money", "Region": "r"}
    m = system.solve_transposed(given["f"])
    sectors = pd.DataFrame({**labels, "DR_CO2_(Mt)": given["f"], "TR_CO2_(Mt)": m})
    demand = given["y"][product]
    least = rule["threshold"] / demand

    def search() -> Found:
        with contextlib.redirect_stdout(sys.stderr):
            chain = get_spa(
                product + 1, STAGES, A, sectors, {"CO2": least}, breakdown_remainder=False
            )
        found = {
            tuple(int(node.index_reference) for node in path.nodes[::-1]): float(
                path.nodes[-1].direct_intensities["CO2"] * demand
            )
            for path in chain.pathways_list
        }
        return {path: value for path, value in found.items() if value >= rule["threshold"]}

    return search


def peak() -> float:
    """Peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says there includes the process that started this one
        kilobytes = status.read_text().split("VmHWM:")[1].split()[0]
        return int(kilobytes) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(who: str, arrays: str, rule: str, out: str) -> None:
    """In a process of its own: search, and leave seconds, peak MB and paths in a file."""
    with np.load(arrays) as loaded:
        search = {"ours": ours, "pyspa": pyspa}[who](dict(loaded), json.loads(rule))
    start = time.perf_counter()
    found = search()
    seconds = time.perf_counter() - start
    Path(out).write_text(json.dumps([seconds, peak(), list(found.items())]))


def run(
    who: str, given: dict[str, np.ndarray], rule: dict[str, float]
) -> tuple[float, float, Found]:
    with tempfile.TemporaryDirectory() as folder:
        arrays, out = Path(folder, "arrays.npz"), Path(folder, "found.json")
        np.savez(arrays, **given)
        command = [sys.executable, __file__, "--measure", who, arrays, json.dumps(rule), out]
        one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        subprocess.run(
            list(map(str, command)), check=True, stderr=subprocess.DEVNULL, env=one_thread
        )
        seconds, memory, found = json.loads(out.read_text())
    return seconds, memory, {tuple(path): value for path, value in found}


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE
    if len(sys.argv) > 1 and not path.exists():
        sys.exit(f"no table at {path}")
    whole = arrays_of(graphmap.read(path) if path.exists() else made_up(31, 42))
    m = LeontiefSystem(whole["Z"], whole["x"]).solve_transposed(whole["f"])
    product = int(np.argmax(m * whole["y"]))
    y = np.where(np.arange(len(m)) == product, whole["y"], 0.0)
    given = {**whole, "y": y}
    total = float(m @ y)

    rows = {}
    rows[f"graphmap, top {COUNT:,}"] = run("ours", given, {"count": COUNT})
    best = rows[f"graphmap, top {COUNT:,}"][2]
    # the least bit lower, so that rounding keeps no path on the threshold out of either
    threshold = min(best.values()) * (1 - 1e-9)
    rows["graphmap, same threshold"] = run("ours", given, {"threshold": threshold})
    rows["pyspa"] = run("pyspa", given, {"threshold": threshold})
    rows[f"graphmap, top {COUNT:,}, whole economy"] = run("ours", whole, {"count": COUNT})

    name = path.name if path.exists() else "made up"
    share = sum(best.values()) / total
    print(
        f"{name}, {len(m):,} sectors; product {product + 1}, {share:.1%} of its footprint covered"
    )
    seconds, _, theirs = rows["pyspa"]
    print(f"{'':38}{'paths':>7}{'seconds':>9}{'peak MB':>9}{'faster':>8}")
    for label, (each, memory, found) in rows.items():
        print(f"{label:38}{len(found):7,}{each:9.3f}{memory:9.0f}{seconds / each:8.0f}")
    above = rows["graphmap, same threshold"][2]
    same = above.keys() == theirs.keys()
    off = max(abs(above[p] / theirs[p] - 1) for p in above) if same else float("nan")
    print(f"the same paths: {'yes' if same else 'NO'}, values differ by at most {off:.0e}")
    ratio = seconds / rows["graphmap, same threshold"][0]
    if not same or ratio < TARGET:
        sys.exit(f"target missed: the same paths at least {TARGET} times as fast")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measured(*sys.argv[2:])
    else:
        main()
