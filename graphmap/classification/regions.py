"""The provincial units of China under all the names that tables and people give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graphmap.classification.lists import folded, names_of, read_list, spellings
from graphmap.classification.region_groups import region_groups
from graphmap.errors import DataError, nearest
from graphmap.i18n import COLUMNS, Names


@dataclass(frozen=True)
class Region:
    """A provincial unit, or China as a whole (code ``CN``).

    ``tile`` is its column and row on a map of equal tiles, both from 0; None where it has none.
    """

    code: str
    name: Names
    short: Names
    kind: str
    group: str
    tile: tuple[int, int] | None = None


@cache
def regions() -> dict[str, Region]:
    """Every region by its code (``CN-GD``)."""
    return {
        row["code"]: Region(
            row["code"],
            names_of(row),
            names_of(row, "short"),
            row["kind"],
            row["group"],
            (int(row["tile_col"]), int(row["tile_row"])) if row["tile_col"] else None,
        )
        for _, row in read_list("regions").iterrows()
    }


@cache
def _spellings() -> dict[str, str]:
    table = read_list("regions")
    return spellings(table, "code", *(f"name_{suffix}" for suffix in COLUMNS.values()))


def find_region(text: str) -> Region | None:
    """The region that ``text`` names, in any language or spelling, or None.

    A year at its end, as in the sheet names of inventories, is passed over.

    Example:
        >>> find_region("InnerMongolia2017").code, find_region("广东省").code
        ('CN-NM', 'CN-GD')
        >>> find_region("Atlantis") is None
        True
    """
    known = _spellings()
    code = known.get(folded(text)) or known.get(re.sub(r"\d+$", "", folded(text)))
    return regions()[code] if code else None


def region(code: str) -> Region:
    """The region with ``code``, be it a group of regions; one that is on no list goes by its code.

    Example:
        >>> region("CN-ZJ").name["zh-Hant"]
        '浙江'
    """
    grouped = region_groups().get(code)
    name = grouped.name if grouped else dict.fromkeys(COLUMNS, code)
    return regions().get(code, Region(code, name, name, "other", ""))


def unknown_region(text: str, available: Sequence[str], where: str) -> DataError:
    """The error for a region that a table does not have, with the nearest names."""
    names = {name: code for code in available for name in region(code).name.values()}
    known = find_region(text)
    spelt = [text, *(known.name.values() if known else ())]
    near = list(dict.fromkeys(names[name] for word in spelt for name in nearest(word, names)))
    shown = [region(code).name for code in (near or available[:5])]
    return DataError(
        f"no such region {where}",
        found=text,
        expected=("one like " if near else "one of ")
        + ", ".join(f"{name['en']} ({name['zh-Hans']})" for name in shown)
        + ("" if near or len(available) <= len(shown) else ", ..."),
    )
