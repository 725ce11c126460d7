"""What the index and the comparison of an atlas show, as plain data for their scripts."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from graphmap.classification import region, regions
from graphmap.classification.lists import folded, names_of, read_list
from graphmap.i18n import COLUMNS, LANGUAGES, Names, words
from graphmap.panel import Panel
from graphmap.render.atlas_tables import SECTOR_MEASURES
from graphmap.render.payload import MEASURES, cited, words_of
from graphmap.render.payload_flows import short

INDICATORS = {
    "direct_co2": "mass",
    "direct_intensity": "intensity",
    "largest_share": "share",
    "gross_output": "money",
    "key_sector": "name",
}
"""What the tile map shows of a region, and the kind of figure it is."""

SHOWN_WORDS = ("atlas.", "weight.", "role.", "page.unit.", "page.figure.", "page.noscript")
"""Keys of the vocabulary that the atlas uses, beside those of its measures."""


def atlas_payload(
    panels: Sequence[Panel],
    found: dict[str, pd.DataFrame],
    pages: dict[str, str],
    title: Names,
    command: str,
    languages: Sequence[str] = LANGUAGES,
) -> dict[str, Any]:
    """What the scripts of the index and of the comparison are given.

    Args:
        found: as ``atlas_tables.tables``.
        pages: region -> name of its page.
        title, command, languages: as ``write_atlas``.
    """
    latest = panels[0].latest
    sectors, totals = found["sectors"], found["regions"]
    listed_sectors = sectors.drop_duplicates("sector", keep="last")
    listed_sectors = listed_sectors.set_index("sector").loc[sectors["sector"].unique()]
    at = {sector: i for i, sector in enumerate(listed_sectors.index)}
    measures = [m for m in SECTOR_MEASURES if m in sectors]
    indicators = {i: kind for i, kind in INDICATORS.items() if i in totals}
    pinyin = _pinyin(panels)
    return {
        "generator": f"graphmap {version('graphmap')}",
        "command": command,
        "title": title,
        "lang": latest.lang,
        "languages": list(languages),
        "currency": latest.currency,
        "notice": _notice(panels),
        "years": sorted(totals["year"].unique()),
        "regions": _places(list(totals["region"].unique()), totals, pages),
        "sectors": [
            {
                "id": sector,
                "name": names_of(row),
                "group": row["group"],
                **pinyin[folded(row["name_en"])],
            }
            for sector, row in listed_sectors.iterrows()
        ],
        "indicators": [{"id": i, "kind": kind} for i, kind in indicators.items()],
        "measures": [{"id": m, "kind": MEASURES[m]} for m in measures],
        "weights": [
            {"id": w, "kind": "money" if w == "money" else "mass"} for w in latest.networks
        ],
        "weight": latest.weight,
        "totals": _totals(totals, at),
        "figures": _figures(sectors, at, measures),
        "sources": sources(panels),
        "words": words_of(SHOWN_WORDS, measures),
    }


def _notice(panels: Sequence[Panel]) -> Names | None:
    """What all studies warn of; where they warn of different things, each page says its own."""
    notices = [study.notice for panel in panels for study in panel.studies]
    if all(notice == notices[0] for notice in notices):
        return notices[0]
    return words("atlas.notice")


def sources(panels: Sequence[Panel]) -> list[Names]:
    """Where the figures come from, each once."""
    studies = (study for panel in panels for study in panel.studies)
    found = [cited(source, sheet=False) for study in studies for source in study.sources]
    return [text for i, text in enumerate(found) if text not in found[:i]]


def _places(
    known: Sequence[str], totals: pd.DataFrame, pages: dict[str, str]
) -> list[dict[str, Any]]:
    """The regions of the study; every provincial unit of China if any of them is one."""
    pinyin = read_list("regions").set_index("code")["pinyin"]
    chinese = [code for code, unit in regions().items() if unit.tile]
    codes = list(dict.fromkeys([*(chinese if set(chinese) & set(known) else []), *known]))
    names = {
        code: names_of(row)
        for code, row in totals.drop_duplicates("region").set_index("region").iterrows()
    }
    return [
        {
            "id": code,
            "name": names.get(code, region(code).name),
            "short": region(code).short,
            "pinyin": pinyin.get(code, ""),
            "tile": region(code).tile,
            "page": pages.get(code),
        }
        for code in codes
    ]


def _pinyin(panels: Sequence[Panel]) -> dict[str, dict[str, Any]]:
    return {
        folded(row["name_en"]): {"pinyin": row["pinyin"], "short": names_of(row, "short")}
        for panel in panels
        for study in panel.studies
        for _, row in study.sectors.iterrows()
    }


def _totals(totals: pd.DataFrame, at: dict[str, int]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    drop = ["region", "year", *(f"name_{suffix}" for suffix in COLUMNS.values())]
    for _, row in totals.iterrows():
        values = {c: _value(v) for c, v in row.drop(drop).items()}
        for column in ("largest_emitter", "key_sector"):
            if values.get(column) is not None:
                values[column] = at[values[column]]
        found.setdefault(row["region"], {})[row["year"]] = values
    return found


def _figures(sectors: pd.DataFrame, at: dict[str, int], measures: Sequence[str]) -> dict[str, Any]:
    """region -> year -> rows: sector, its id on the region's page, place among the key, figures."""
    found: dict[str, dict[str, list[Any]]] = {}
    columns = ["region", "year", "sector", "node", "order", *measures]
    for code, year, sector, node, order, *values in sectors[columns].itertuples(index=False):
        rows = found.setdefault(code, {}).setdefault(year, [])
        rows.append([at[sector], node, int(order), *map(_value, values)])
    return found


def _value(value: Any) -> Any:
    """A plain value for JSON: nine significant figures, and None for what is missing."""
    if value is None or isinstance(value, str):
        return value
    return int(value) if isinstance(value, int | np.integer) else short(value)
