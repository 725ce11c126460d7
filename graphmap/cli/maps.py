"""``graphmap map`` and ``graphmap demo``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from graphmap import readers
from graphmap.cli.options import JsonOption, LangOption, command_typed, of_a_panel
from graphmap.cli.refused import named
from graphmap.errors import DataError
from graphmap.i18n import language
from graphmap.panel import Panel, panel
from graphmap.render.page import write_page
from graphmap.study import study
from graphmap.terminal import messages, print_summary, slug, summary


@of_a_panel
def map_(
    panel: Panel,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            callback=named(".html", ".htm"),
            help="The page to write; outputs/<place>.html if left out.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Draw the industry network map of a table.

    Writes the page and, beside it, *.key-sectors.csv and *.key-relations.csv.

    Example: graphmap map MRIO2017.xlsx --region 广东 --lang zh-Hans --out gd.html
    """
    _draw(panel, out, as_json)


def demo(
    lang: LangOption = "en",
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path(
        "outputs/demo.html"
    ),
    as_json: JsonOption = False,
) -> None:
    """Draw the map of the bundled sample: an illustrative Guangdong.

    Example: graphmap demo --lang zh-Hans
    """
    tag = language(lang)
    with messages().status("Computing the network"):
        table = readers.read("sample", region="CN-GD")
        shown = panel(study(table, lang=tag, command=command_typed()))
    _draw(shown, out, as_json)
    if not as_json:
        program = sys.argv[0] if Path(sys.argv[0]).name == "graphmap" else "graphmap"
        messages().print(
            f"Open {out} in a browser; its figures are illustrative. "
            f"With your own table: {program} map TABLE.xlsx --region NAME",
            markup=False,
        )


def _draw(shown: Panel, out: Path | None, as_json: bool) -> None:
    found = shown.latest
    if not found.backbone.edges:
        raise DataError(
            "nothing is left to draw",
            found=found.keep,
            expected="a rule that keeps some of the flows",
            remedy="lower its threshold",
        )
    with messages().status("Writing the page"):
        written = write_page(shown, out or Path("outputs") / f"{slug(found)}.html")
    if as_json:
        typer.echo(json.dumps(summary(found, written), ensure_ascii=False, indent=2))
    else:
        print_summary(found, written)
