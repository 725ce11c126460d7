"""Header lines of a table, told by what they hold: codes, names, or what a group is called."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from graphmap.classification import find_region, sector_list
from graphmap.readers.labels import item_of
from graphmap.readers.sheet import Sheet

Direction = Literal["rows", "columns"]

ANCHORS = {
    "columns": {"gross_output"},
    "rows": {
        "total_input",
        "total_intermediate_input",
        "value_added",
        "compensation",
        "production_taxes",
        "depreciation",
        "operating_surplus",
    },
}
"""Items that only the header of an input-output table holds."""

HEADER_ROWS, HEADER_COLUMNS = 12, 8
"""How far into a sheet the header lines may stand."""

NAMED = 5
"""A line that holds this many names of sectors is a line of names."""


def place(direction: Direction, position: int, header: int) -> tuple[int, int]:
    """Row and column where a line of an axis crosses a header line."""
    return (position, header) if direction == "rows" else (header, position)


def header_texts(sheet: Sheet, direction: Direction) -> dict[int, list[str]]:
    """Header line -> the texts it holds."""
    most = HEADER_COLUMNS if direction == "rows" else HEADER_ROWS
    found: dict[int, list[str]] = {}
    for (row, column), text in sheet.texts.items():
        header = column if direction == "rows" else row
        if header < most:
            found.setdefault(header, []).append(text.strip())
    return found


def anchors(sheet: Sheet, direction: Direction) -> dict[int, str]:
    """Header line -> the anchor it holds, as written."""
    return {
        header: text
        for header, texts in header_texts(sheet, direction).items()
        for text in texts
        if item_of(text) in ANCHORS[direction]
    }


def is_code(text: str) -> bool:
    """Whether a label is the code of something that is no sector (``GO``, ``VA001``)."""
    return bool(re.fullmatch(r"[A-Z]{2,3}\d*", text)) and item_of(text) is not None


def is_sector_name(text: str) -> bool:
    """Whether a label names a sector of either list of 42."""
    return any(sector_list(name).code(text) for name in ("cn42_2012", "cn42_2017"))


def is_number_code(text: str) -> bool:
    """Whether a label is a sector's code that no figure can be: 01 to 09."""
    return bool(re.fullmatch(r"0\d", text))


def _places(sheet: Sheet, direction: Direction, headers: Collection[int]) -> dict[int, str]:
    """Position -> the text that stands there in one of the header lines."""
    found = {}
    for (row, column), text in sheet.texts.items():
        position, header = (row, column) if direction == "rows" else (column, row)
        if header in headers:
            found[position] = text
    return found


def is_lost(sheet: Sheet, direction: Direction, header: int, anchored: dict[int, str]) -> bool:
    """Whether a line of codes has another code where a total is named."""
    named = _places(sheet, direction, anchored)
    totals = [p for p, text in named.items() if item_of(text) in ANCHORS[direction]]
    return header not in anchored and any(sheet.text(*place(direction, p, header)) for p in totals)


def is_group_line(sheet: Sheet, direction: Direction, header: int, named: list[int]) -> bool:
    """Whether a header line has no names (but regions, at most) where the sectors have theirs."""
    sectors = [p for p, text in _places(sheet, direction, named).items() if is_sector_name(text)]
    beside = [sheet.text(*place(direction, p, header)) for p in sectors]
    return sum(bool(text) and not find_region(text) for text in beside) < len(sectors) / 2
