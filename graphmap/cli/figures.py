"""``graphmap figures``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import JsonOption, of_a_panel
from graphmap.cli.results import say_files
from graphmap.errors import DataError
from graphmap.i18n import language
from graphmap.panel import Panel
from graphmap.render.figures import DPI, FORMATS, KINDS, kinds_of, write_figures
from graphmap.terminal import counted, slug

SMALLEST, LARGEST = 3.0, 40.0
"""Inches: below them there is no room for a legend, above them no printer."""


def _listed(given: list[str] | None, known: tuple[str, ...], what: str) -> list[str] | None:
    wanted = [each.strip().lower().lstrip(".") for each in given or []]
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise DataError(
            f"unknown {what}", found=", ".join(unknown), expected=f"one of {', '.join(known)}"
        )
    return wanted or None


def _kinds(given: list[str] | None) -> list[str] | None:
    return _listed(given, KINDS, "figure")


def _formats(given: list[str] | None) -> list[str] | None:
    return _listed(given, FORMATS, "format")


def _languages(given: list[str] | None) -> list[str] | None:
    return [language(each) for each in given or []] or None


def _size(given: str | None) -> str | None:
    if given is not None:
        inches(given)
    return given


def inches(text: str) -> tuple[float, float]:
    """Width and height as they are typed.

    Raises:
        DataError: not two numbers, or too small or large to draw.

    Example:
        >>> inches("10x6.2")
        (10.0, 6.2)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*[xX×*]\s*(\d+(?:\.\d+)?)\s*", text)
    size = (float(found.group(1)), float(found.group(2))) if found else (0.0, 0.0)
    if not all(SMALLEST <= each <= LARGEST for each in size):
        raise DataError(
            "cannot read --size",
            found=text,
            expected=f"width x height in inches, each {SMALLEST:g} to {LARGEST:g}, such as 10x6.2",
        )
    return size


@of_a_panel
def figures(
    panel: Panel,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="The folder to write into; outputs/<place>-figures if left out."
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", help=f"{', '.join(KINDS)}; all that the data allow.", callback=_kinds
        ),
    ] = None,
    form: Annotated[
        list[str] | None,
        typer.Option("--format", help=f"{', '.join(FORMATS)}; all of them.", callback=_formats),
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option(
            "--language",
            help="A language of the figures; may be given several times; --lang if left out.",
            callback=_languages,
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option("--size", help="Width x height in inches, such as 10x6.2.", callback=_size),
    ] = None,
    dpi: Annotated[
        int, typer.Option("--dpi", min=30, max=1200, help="Dots per inch of PNG files.")
    ] = DPI,
    as_json: JsonOption = False,
) -> None:
    """Draw figures for a report: map, key sectors, flows, chain, trends, regions.

    Example: graphmap figures MRIO2017.xlsx --region 广东 --language zh-Hans --out figures/
    """
    study = panel.latest
    kinds = kind or kinds_of(panel)
    tags = languages or [study.lang]
    with counted("Drawing the figures", len(kinds) * len(tags)) as progress:
        written = write_figures(
            panel,
            out or Path("outputs") / f"{slug(study)}-figures",
            kinds=kinds,
            formats=form or FORMATS,
            languages=tags,
            size=inches(size) if size else None,
            dpi=dpi,
            progress=progress,
        )
    say_files(written, as_json)
