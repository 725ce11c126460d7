"""Finding an input-output table in a sheet by what its rows and columns are called.

Nothing here counts on a fixed place: the line of codes is the one that holds ``GO`` (or ``TII``),
the line of names the one that holds 总产出 or ``Gross Output``, regions stand in a line of their
own, at every column or only where a block begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
import opencc
import pandas as pd

from graphmap.arrays import Array
from graphmap.classification import find_region, sector_list
from graphmap.classification.lists import folded
from graphmap.readers.sheet import Sheet

Direction = Literal["rows", "columns"]

ANCHORS = {
    "columns": {"gross_output"},
    "rows": {"total_input", "total_intermediate_input", "value_added"},
}
"""Items that only the header of an input-output table holds."""

HEADER_ROWS, HEADER_COLUMNS = 12, 8
"""How far into a sheet the header lines may stand."""

ROUNDING = 1e-4
"""What a subtotal may differ from the sum of its parts, relative to its size."""

NAMED = 5
"""A line that holds this many names of sectors is a line of names."""

REGIONAL = ("sector", "final_use")
"""Kinds of line that belong to a region."""

UNREGIONAL = ("exports", "outflow", "error", "final_use")
"""Final uses that belong to none."""


@dataclass
class Line:
    """One row or column of the table: what it is, where it stands, what it is called."""

    position: int
    item: str
    kind: str
    code: str | None
    names: list[str]
    region: str = ""
    origin: str = ""


@dataclass
class Axis:
    """The rows or the columns of a table."""

    direction: Direction
    code_line: int | None
    name_lines: list[int]
    region_line: int | None = None
    origin_line: int | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def last_header(self) -> int:
        """The innermost header line; the body begins after it."""
        named = [self.code_line, *self.name_lines, self.origin_line]
        return max(line for line in named if line is not None)

    def place(self, position: int, header: int) -> tuple[int, int]:
        """Row and column of the label of one line in one header line."""
        return place(self.direction, position, header)

    def of(self, kind: str, origin: str | None = None) -> list[Line]:
        """The lines of one kind, in the order of the sheet."""
        return [
            line
            for line in self.lines
            if line.kind == kind and (origin is None or line.origin in ("", origin))
        ]


def place(direction: Direction, position: int, header: int) -> tuple[int, int]:
    """Row and column where a line of an axis crosses a header line."""
    return (position, header) if direction == "rows" else (header, position)


@cache
def items() -> pd.DataFrame:
    """The vocabulary of rows and columns that are not sectors, indexed by item."""
    with files(__package__).joinpath("items.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False).set_index("item")


@cache
def _item_spellings() -> dict[str, str]:
    traditional = opencc.OpenCC("s2t")
    return {
        folded(name): str(item)
        for item, row in items().iterrows()
        for simplified in row["spellings"].split("|")
        for name in (simplified, traditional.convert(simplified))
    }


@lru_cache(maxsize=10_000)  # a large table repeats a few labels thousands of times
def item_of(text: str) -> str | None:
    """The item a label names, or None; a unit in brackets at its end is passed over.

    Example:
        >>> item_of("GO"), item_of("CO2排放（百万吨）"), item_of("01")
        ('gross_output', 'co2', None)
    """
    bare = re.sub(r"[(（][^()（）]*[)）]\s*$", "", text)
    return _item_spellings().get(folded(text)) or _item_spellings().get(folded(bare))


def is_table(sheet: Sheet) -> bool:
    """Whether the sheet holds an input-output table."""
    return bool(_anchored(sheet, "columns") and _anchored(sheet, "rows"))


def read_axes(sheet: Sheet) -> tuple[Axis, Axis]:
    """The rows and the columns of the table in ``sheet``.

    Raises:
        DataError: no table is there, or a region's name is not known.
    """
    rows, columns = _header(sheet, "rows"), _header(sheet, "columns")
    first_row, first_column = columns.last_header + 1, rows.last_header + 1
    _fill(sheet, rows, range(first_row, sheet.shape[0]), first_column)
    _fill(sheet, columns, range(first_column, sheet.shape[1]), first_row)
    return rows, columns


def _header_texts(sheet: Sheet, direction: Direction) -> dict[int, list[str]]:
    """Header line -> the texts it holds."""
    most = HEADER_COLUMNS if direction == "rows" else HEADER_ROWS
    found: dict[int, list[str]] = {}
    for (row, column), text in sheet.texts.items():
        header = column if direction == "rows" else row
        if header < most:
            found.setdefault(header, []).append(text.strip())
    return found


def _anchored(sheet: Sheet, direction: Direction) -> dict[int, str]:
    """Header line -> the anchor it holds, as written."""
    return {
        header: text
        for header, texts in _header_texts(sheet, direction).items()
        for text in texts
        if item_of(text) in ANCHORS[direction]
    }


def _is_code(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{2,3}\d*", text)) and item_of(text) is not None


def _is_sector_name(text: str) -> bool:
    return any(sector_list(name).code(text) for name in ("cn42_2012", "cn42_2017"))


def _header(sheet: Sheet, direction: Direction) -> Axis:
    """The header lines of an axis: codes and names, told by what they hold.

    Raises:
        DataError: none is there, or the line of codes has lost the code of its total, so that
            it has been shifted against the names.
    """
    anchored = _anchored(sheet, direction)
    wanted = "GO (总产出)" if direction == "columns" else "TII (中间投入合计)"
    if not anchored:
        raise sheet.error(
            f"no input-output table: none of the first {direction} is labelled {wanted}",
            expected="rows of suppliers, columns of users, gross output in the last column",
        )
    texts = _header_texts(sheet, direction)
    coded = [h for h in texts if sum(map(_is_code, texts[h])) > 1 or _is_code(anchored.get(h, ""))]
    lost = [header for header in coded if header not in anchored]
    if lost:
        raise sheet.error(
            "the line of codes does not match its names",
            *place(direction, 0, lost[0]),
            found=", ".join(filter(_is_code, texts[lost[0]])),
            expected=f"also {wanted}; have the codes been shifted?",
        )
    named = [h for h in texts if sum(map(_is_sector_name, texts[h])) >= NAMED]
    names = sorted({*anchored, *named} - set(coded))
    axis = Axis(direction, coded[0] if coded else None, names)
    if direction == "rows":
        axis.origin_line = next(
            (j for (_, j), text in sheet.texts.items() if text.strip().casefold() == "origin"), None
        )
    return axis


def _fill(sheet: Sheet, axis: Axis, positions: Sequence[int], body: int) -> None:
    """Name every line of the axis; ``body`` is where the header of the axis must have ended."""
    used = {axis.code_line, axis.origin_line, *axis.name_lines}
    candidates = [h for h in range(axis.last_header) if h not in used and h < body]
    axis.region_line = next(
        (
            h
            for h in candidates
            if any((text := sheet.text(*axis.place(p, h))) and find_region(text) for p in positions)
        ),
        None,
    )
    region = ""
    for p in positions:
        line = _line(sheet, axis, p)
        if line is not None:
            if axis.region_line is not None:
                region = _region(sheet, axis, p) or region
            regional = line.kind in REGIONAL and line.item not in UNREGIONAL
            line.region = region if regional else ""
            axis.lines.append(line)


def _region(sheet: Sheet, axis: Axis, position: int) -> str:
    assert axis.region_line is not None
    at = axis.place(position, axis.region_line)
    text = sheet.text(*at)
    if not text:
        return ""
    known = find_region(text)
    if known is None:
        raise sheet.error("unknown region", *at, found=text, expected="the name of a province")
    return known.code


def _line(sheet: Sheet, axis: Axis, position: int) -> Line | None:
    def label(header: int | None) -> str:
        return "" if header is None else sheet.text(*axis.place(position, header))

    code, names, origin = label(axis.code_line), [*map(label, axis.name_lines)], axis.origin_line
    if not code and not any(names):
        return None
    if not code and not _has_numbers(sheet, axis, position):
        return None  # a footnote or a remark
    # a code tells before a name does: sector 05 may well be called 其他
    texts = [code] if re.fullmatch(r"\d{1,3}", code) else [code, *names]
    found = {known for text in texts if text and (known := item_of(text))}
    if len(found) > 1:
        raise sheet.error(
            "code and name disagree",
            *axis.place(position, 0),
            found=" ".join([code, *names]).strip(),
            expected="one thing under one label",
        )
    item = next(iter(found), None)
    if item and axis.direction not in items().at[item, "axes"].split():
        item = None
    kind = items().at[item, "kind"] if item else "sector"
    return Line(position, item or "sector", str(kind), code or None, names, origin=label(origin))


def _has_numbers(sheet: Sheet, axis: Axis, position: int) -> bool:
    line = sheet.numbers[position] if axis.direction == "rows" else sheet.numbers[:, position]
    return bool(np.isfinite(line).any())


def leaves(lines: list[Line], values: Array) -> tuple[list[Line], Array]:
    """The lines without the subtotals among them; what a subtotal has beyond its parts is kept.

    Args:
        lines: m final uses or primary inputs.
        values: (m, n) their figures.

    Returns:
        The lines kept and their figures, in the order given.
    """
    kept: dict[int, Array] = {}
    parts = [set(items().at[line.item, "parts"].split("|")) - {""} for line in lines]
    for i in sorted(range(len(lines)), key=lambda i: len(parts[i])):
        inside = [
            figures
            for k, figures in kept.items()
            if lines[k].item in parts[i] and lines[i].region in ("", lines[k].region)
        ]
        rest = values[i] - np.sum(inside, axis=0) if inside else values[i]
        if not inside or np.abs(rest).sum() > ROUNDING * np.abs(values[i]).sum():
            kept[i] = rest
    order = sorted(kept)
    return [lines[i] for i in order], np.array([kept[i] for i in order])
