"""Header lines of a table, told by what they hold: codes, names, or what a group is called."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from graphmap.accounts.emissions import Source
from graphmap.classification import find_region, sector_list
from graphmap.i18n import plain, words
from graphmap.readers.labels import item_of, items, year_of, years_in
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

PRINTED = 1e-3
"""What the sum of a sector's coefficients may differ from 1, printed with few decimals."""

SUBTOTAL = re.compile(r"合计|小计|合計|小計|(sub-?)?total", re.IGNORECASE)
"""What a subtotal is called whose group stands above it, in a merged cell; its parts are read."""

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
    return sum(bool(t) and not (find_region(t) or item_of(t)) for t in beside) < len(sectors) / 2


def is_subtotal(text: str) -> bool:
    """Whether a label says no more than that the line is a subtotal, as ``小 计`` does."""
    return bool(SUBTOTAL.fullmatch(re.sub(r"\s", "", text)))


def is_of_coefficients(sheet: Sheet) -> bool:
    """Whether the inputs of the sectors add up to 1, as those of no table of flows do."""
    at = {
        i
        for (i, j), text in sheet.texts.items()
        if j < HEADER_COLUMNS and item_of(text) == "total_input"
    }
    lines = [sheet.numbers[i][np.isfinite(sheet.numbers[i])] for i in at]
    return any(np.isclose(line, 1.0, atol=PRINTED).mean() > 0.9 for line in lines if line.size > 1)


def item_lines(sheet: Sheet, direction: Direction, first: int) -> set[int]:
    """The header lines in which, from position ``first`` on, something that is no sector is named.

    Lines that also name regions are left out: what belongs to no region may stand there.
    """
    most = HEADER_COLUMNS if direction == "rows" else HEADER_ROWS
    found: set[int] = set()
    regional: set[int] = set()
    for (row, column), text in sheet.texts.items():
        position, header = (row, column) if direction == "rows" else (column, row)
        if header >= most or position < first:
            continue
        if (item := item_of(text)) and direction in items().at[item, "axes"].split():
            found.add(header)
        elif find_region(text):
            regional.add(header)
    return found - regional


def dated(source: Source, sheet: Sheet, year: int | None) -> Source:
    """The source of the table of ``year``, with a note where a name says another year.

    Raises:
        DataError: the year is not known, and what stands above the table names several.
    """
    for (row, column), text in sorted(sheet.texts.items() if year is None else ()):
        if row < HEADER_ROWS and len(years := years_in(text)) > 1:
            raise sheet.error(
                "several years, and which of them is the table's is not clear",
                row,
                column,
                found=", ".join(map(str, years)),
                expected="one year",
                remedy="say which with --year",
            )
    named = [name for name in (sheet.name, Path(sheet.file).name) if name]
    notes = [
        words("note.other_year", year=str(year), name=plain(name), other=str(other))
        for name in named
        if year is not None and (other := year_of(name)) not in (year, None)
    ]
    return replace(source, notes=(*source.notes, *notes))
