"""``graphmap export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import JsonOption, of_a_panel
from graphmap.cli.refused import a_file
from graphmap.cli.results import say_files
from graphmap.i18n import words
from graphmap.panel import Panel
from graphmap.render.exchange import files_of, write_network
from graphmap.terminal import messages, slug


def _known(out: Path | None) -> Path | None:
    """Refuse another format, or a place that cannot be written, before a table is read."""
    for file in files_of(out) if out else ():
        a_file(file)
    return out


@of_a_panel
def export(
    panel: Panel,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            callback=_known,
            help="A name that ends in .gexf or .graphml (Gephi, yEd), .cx2 (Cytoscape), .json "
            "(d3), or .csv or .parquet (a folder with nodes and edges); outputs/<place>.gexf if "
            "left out.",
        ),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="All flows of the table, not only those drawn.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the network for other programs, with its places, sizes and colours.

    What graphmap export writes as .csv is a folder that graphmap map reads again.

    Example: graphmap export MRIO2017.xlsx --region 广东 --out network.gexf
    """
    study = panel.latest
    path = out or Path("outputs") / f"{slug(study)}.gexf"
    with messages().status(words("cli.export")[study.lang]):
        written = write_network(panel, path, whole=whole)
    say_files(written, as_json)
