"""``graphmap workbook``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import JsonOption, of_a_panel
from graphmap.cli.refused import named
from graphmap.cli.results import say_files
from graphmap.i18n import words
from graphmap.panel import Panel
from graphmap.render.workbook import write_workbook
from graphmap.terminal import messages, slug


@of_a_panel
def workbook(
    panel: Panel,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            callback=named(".xlsx"),
            help="The .xlsx file to write; outputs/<place>.xlsx if left out.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the numbers behind the map as a workbook.

    Sheets of sectors, flows, relationships, paths, communities, regions, checks and sources.

    Example: graphmap workbook MRIO2017.xlsx --region 广东 --lang zh-Hans --out numbers.xlsx
    """
    study = panel.latest
    with messages().status(words("cli.workbook")[study.lang]):
        written = write_workbook(panel, out or Path("outputs") / f"{slug(study)}.xlsx")
    say_files([written], as_json)
