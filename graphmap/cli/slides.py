"""``graphmap slides``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import JsonOption, of_a_panel
from graphmap.cli.refused import named
from graphmap.cli.results import say_files
from graphmap.i18n import words
from graphmap.panel import Panel
from graphmap.render.slides import write_slides
from graphmap.render.slides.template import template_of
from graphmap.terminal import messages, slug


def usable(template: Path | None) -> Path | None:
    """The template, opened once before a large table is read."""
    if template is not None:
        template_of(template)
    return template


@of_a_panel
def slides(
    panel: Panel,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            callback=named(".pptx"),
            help="The .pptx file to write; outputs/<place>.pptx if left out.",
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            callback=usable,
            help="A .pptx whose size, layouts, fonts and colours are taken.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a deck of slides for a regional report.

    Tables and charts can be edited; notes have the sources and what every measure means.

    Example: graphmap slides MRIO2017.xlsx --region 广东 --lang zh-Hans --out deck.pptx
    """
    study = panel.latest
    with messages().status(words("cli.slides")[study.lang]):
        written = write_slides(
            panel, out or Path("outputs") / f"{slug(study)}.pptx", template=template
        )
    say_files([written], as_json)
