"""One self-contained HTML page of a panel of studies, asking no other host for anything."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from graphmap.errors import DataError
from graphmap.panel import Panel, panel
from graphmap.render.files import write_all
from graphmap.render.payload import payload
from graphmap.render.tables import key_relations_csv, key_sectors_csv
from graphmap.study import Study

SCRIPTS = (
    "common.js",
    "page-base.js",
    "page-address.js",
    "page-flows.js",
    "page-pen.js",
    "page-curve.js",
    "page-scene.js",
    "page-camera.js",
    "page-draw.js",
    "page-map.js",
    "page-gestures.js",
    "page-map-buttons.js",
    "page-picture.js",
    "page-search.js",
    "page-controls.js",
    "page-legend.js",
    "page-panel.js",
    "page-tables.js",
    "page-relations.js",
    "page-chart.js",
    "page-sankey.js",
    "page-scatter.js",
    "page-notes.js",
    "page-save.js",
    "page.js",
)
STYLES = ("tokens.css", "page.css", "tabs.css")


def write_page(shown: Study | Panel, path: str | Path) -> list[Path]:
    """Write the page, and beside it ``*.key-sectors.csv`` and ``*.key-relations.csv``.

    Args:
        shown: a study, or a panel of several years; the CSV files are those of the latest.
        path: a name in .html.

    Returns:
        The three paths.

    Raises:
        DataError: the name does not end in .html, or the folder cannot be written; nothing is
            left half-written.
    """
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise DataError("unknown format", file=path, expected="a name ending in .html")
    study = shown.latest if isinstance(shown, Panel) else shown
    outputs = {
        path: page(shown),
        path.with_suffix(".key-sectors.csv"): key_sectors_csv(study),
        path.with_suffix(".key-relations.csv"): key_relations_csv(study),
    }
    write_all(outputs)
    return list(outputs)


def page(shown: Study | Panel) -> str:
    """The page as one string of HTML."""
    found = payload(shown if isinstance(shown, Panel) else panel(shown))
    return template("page.html.j2").render(
        study=found, css=styles(), scripts=scripts(), data=as_script(found)
    )


def styles() -> str:
    """The style sheet of the page."""
    return "\n".join(map(text, STYLES))


def scripts() -> str:
    """The scripts of the page, in one."""
    return "\n".join(map(text, SCRIPTS))


def as_script(found: dict[str, Any]) -> str:
    """JSON that may stand inside a script element, whatever names the data hold."""
    found_text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        found_text = found_text.replace(sign, f"\\u{ord(sign):04x}")
    return found_text


@cache
def text(name: str) -> str:
    """One of our templates as it stands."""
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> jinja2.Template:
    """One of our templates, ready to be filled; values are escaped unless marked safe."""
    environment = jinja2.Environment(loader=jinja2.FunctionLoader(text), autoescape=True)
    return environment.get_template(name)
