"""A static site of many regions and years: an index with a tile map, a page a region, a comparison.

Opens from disk and from any web host, and asks no other host for anything. Scripts and styles stand
once, in ``assets``; every figure's numbers stand in ``data`` as CSV and JSON.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, plain, words
from graphmap.panel import Panel
from graphmap.render.atlas_data import atlas_payload, sources
from graphmap.render.atlas_tables import tables, year_label
from graphmap.render.folders import refuse_folder as refuse
from graphmap.render.folders import whole_folder
from graphmap.render.page import as_script, scripts, styles, template, text
from graphmap.render.payload import payload
from graphmap.render.tables import csv_of, json_of, with_units

SCRIPTS = (
    "common.js",
    "atlas-base.js",
    "atlas-search.js",
    "atlas-tiles.js",
    "atlas-card.js",
    "atlas-ranking.js",
    "atlas-trends.js",
    "atlas-compare.js",
    "atlas.js",
)
STYLES = ("tokens.css", "atlas.css")
MANIFEST = "atlas.json"
WHAT = "an atlas"


def write_atlas(
    panels: Sequence[Panel],
    out: str | Path,
    *,
    title: str | Names | None = None,
    command: str = "",
    languages: Sequence[str] = LANGUAGES,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Path]:
    """Write the atlas into the folder ``out``, whole or not at all.

    Args:
        panels: one a page, as ``graphmap.panel.panels`` gives them.
        out: a new folder, an empty one, or an atlas, which is replaced.
        title: of the index; made from what it shows if left out.
        command: how the atlas was asked for, to be printed on it.
        languages: those a reader can choose.
        progress: called with 1 for every panel that is written.

    Returns:
        The files written.

    Raises:
        DataError: ``out`` holds something else or cannot be written, or the studies do not fit
            together.
    """
    if not panels:
        raise DataError("an atlas of nothing", expected="a study of at least one region")
    out = Path(os.path.realpath(out))
    with whole_folder(out, MANIFEST, WHAT) as making:
        names = _write(panels, making, title, command, languages, progress)
    return [out / name for name in names]


def refuse_folder(out: str | Path) -> None:
    """Refuse, before anything is computed, to put an atlas where something else stands.

    Raises:
        DataError: ``out`` or what it would stand in is a file or cannot be written, or ``out``
            holds a file that no atlas put there.
    """
    refuse(out, MANIFEST, WHAT)


def _write(
    panels: Sequence[Panel],
    folder: Path,
    title: str | Names | None,
    command: str,
    languages: Sequence[str],
    progress: Callable[[int], None],
) -> list[str]:
    """Write every file of the atlas into ``folder``; their names in it."""
    names = page_names(panels)
    pages = {
        code: name
        for name, panel in zip(names, panels, strict=True)
        for code in panel.latest.regions
    }
    found = tables(panels)
    shown = _title(title)
    index = atlas_payload(panels, found, pages, shown, command, languages)
    written: list[str] = []

    def put(name: str, content: str) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", errors="replace", newline="")
        written.append(name)

    for page in ("index", "compare"):
        put(f"{page}.html", template(f"atlas-{page}.html.j2").render(atlas=index))
    put("assets/atlas.css", "\n".join(map(text, STYLES)))
    put("assets/atlas.js", "\n".join(map(text, SCRIPTS)))
    put("assets/page.css", styles())
    put("assets/page.js", scripts())
    put("data/index.js", f"var atlasData = {as_script(index)};\n")
    for name, content in _figures(found, panels[0]):
        put(name, content)
    for name, panel in zip(names, panels, strict=True):
        of_page = payload(panel, languages)
        put(f"data/{name}.js", f"var graphmapData = {as_script(of_page)};\n")
        html = template("page.html.j2").render(
            study=of_page, assets="../assets/", home="../index.html", data_file=f"../data/{name}.js"
        )
        put(f"regions/{name}.html", html)
        progress(1)
    put(
        MANIFEST,
        json.dumps(_manifest(panels, shown, command, written), ensure_ascii=False, indent=2),
    )
    return written


def page_names(panels: Sequence[Panel]) -> list[str]:
    """A file name for each panel: the code of its region, in letters, digits and hyphens only.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.panel import panel
        >>> from graphmap.study import study
        >>> page_names([panel(study(sample.table().select(["CN-GD"])))])
        ['CN-GD']
    """
    taken = {"index"}  # data/index.js is the atlas's own
    found = []
    for panel in panels:
        codes = panel.latest.regions
        named = codes[0] if len(codes) == 1 else f"{len(codes)}-regions"
        stem = re.sub(r"[\W_]+", "-", named).strip("-")[:60] or "table"
        name = stem
        # names that differ in capitals only are one file on some systems
        while name.casefold() in taken:
            name = f"{stem}-{sum(other.startswith(stem.casefold()) for other in taken) + 1}"
        taken.add(name.casefold())
        found.append(name)
    return found


def _title(title: str | Names | None) -> Names:
    if isinstance(title, dict):
        return title
    if title:
        return plain(title)
    return words("atlas.title")


def _figures(found: dict[str, pd.DataFrame], panel: Panel) -> Iterator[tuple[str, str]]:
    """The data folder: each table as CSV and JSON, units in the names of the columns."""
    networks = panel.latest.networks
    money = networks["money"].unit
    # direct_co2 is a measure of sectors and a weight of flows, in Mt either way
    units = {w: net.unit.lower() for w, net in networks.items() if w != "money"}
    for name, table in found.items():
        named = with_units(table.rename(columns={"money": f"money_{money}"}), money, **units)
        yield f"data/{name}.csv", csv_of(named)
        yield f"data/{name}.json", json_of(named)


def _manifest(
    panels: Sequence[Panel], title: Names, command: str, written: Sequence[str]
) -> dict[str, Any]:
    studies = [study for panel in panels for study in panel.studies]
    return {
        "generator": f"graphmap {version('graphmap')}",
        "command": command,
        "title": title,
        "regions": list(dict.fromkeys(code for study in studies for code in study.regions)),
        "years": sorted({year_label(study) for study in studies}),
        "sources": [source["en"] for source in sources(panels)],
        "files": [*written, MANIFEST],
    }
