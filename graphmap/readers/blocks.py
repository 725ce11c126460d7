"""Finding an input-output table in a sheet by what its rows and columns are called.

Nothing here counts on a fixed place: the line of codes is the one that holds ``GO`` (or ``TII``),
the line of names the one that holds 总产出 or ``Gross Output``, regions stand in a line of their
own, at every column or only where a block begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from graphmap.classification import find_region
from graphmap.errors import DataError
from graphmap.readers.headers import (
    HEADER_COLUMNS,
    HEADER_ROWS,
    NAMED,
    Direction,
    anchors,
    header_texts,
    is_code,
    is_group_line,
    is_lost,
    is_number_code,
    is_of_coefficients,
    is_sector_name,
    is_subtotal,
    item_lines,
    place,
)
from graphmap.readers.labels import item_of, items
from graphmap.readers.sheet import Sheet

__all__ = ["HEADER_COLUMNS", "HEADER_ROWS", "Direction", "item_of", "items", "place"]
"""Names of the vocabulary and of header lines, for readers that find a table in another way."""

ROUNDING = 1e-4
"""What a subtotal may differ from the sum of its parts, relative to its size."""

REGIONAL = ("sector", "final_use")
"""Kinds of line that belong to a region."""

NAMED_LINES = {
    "columns": "a sector, a final use, imports or gross output, by a usual name",
    "rows": "a sector, a primary input, imports or a total, by a usual name",
}
NAME_IT = "run graphmap inspect FILE --out mapping.toml, name it there and give --mapping"

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
    group_lines: list[int] = field(default_factory=list)
    """Header lines outside those of names: 最终使用 over its columns, 总产出 in a merged cell."""
    part_lines: list[int] = field(default_factory=list)
    """Header lines inside those of names: 农村居民 below 最终消费支出 in a merged cell."""

    @property
    def last_header(self) -> int:
        """The innermost header line; the body begins after it."""
        named = [self.code_line, *self.name_lines, *self.part_lines, self.origin_line]
        return max(line for line in named if line is not None)

    def place(self, position: int, header: int) -> tuple[int, int]:
        """Row and column of the label of one line in one header line."""
        return place(self.direction, position, header)

    def has_items(self, first: Line, last: Line) -> bool:
        """Whether totals or final uses stand between two lines, so that the last is no sector."""
        between = range(first.position, last.position)
        return any(line.position in between for line in self.lines if line.kind != "sector")

    def of(self, kind: str, origin: str | None = None) -> list[Line]:
        """The lines of one kind, in the order of the sheet."""
        return [
            line
            for line in self.lines
            if line.kind == kind and (origin is None or line.origin in ("", origin))
        ]


def is_table(sheet: Sheet) -> bool:
    """Whether the sheet holds an input-output table, of flows and not of coefficients."""
    found = anchors(sheet, "columns") and anchors(sheet, "rows")
    return bool(found) and not is_of_coefficients(sheet)


def read_axes(sheet: Sheet) -> tuple[Axis, Axis]:
    """The rows and the columns of the table in ``sheet``.

    Raises:
        DataError: no table is there, or a region's name is not known.
    """
    rows, columns = _header(sheet, "rows"), _header(sheet, "columns")
    for axis, other in ((columns, rows), (rows, columns)):
        _levels(sheet, axis, other.last_header + 1)
    first_row, first_column = columns.last_header + 1, rows.last_header + 1
    _fill(sheet, rows, range(first_row, sheet.shape[0]), first_column)
    _fill(sheet, columns, range(first_column, sheet.shape[1]), first_row)
    return rows, columns


def _header(sheet: Sheet, direction: Direction) -> Axis:
    """The header lines of an axis: codes and names, told by what they hold.

    Raises:
        DataError: none is there, or the line of codes has lost the code of its total, so that
            it has been shifted against the names.
    """
    anchored = anchors(sheet, direction)
    wanted = "GO (总产出)" if direction == "columns" else "TII (中间投入合计)"
    if not anchored:
        raise sheet.error(
            f"no input-output table: none of the first {direction} is labelled {wanted}",
            expected="rows of suppliers, columns of users, gross output in the last column",
        )
    texts = header_texts(sheet, direction)
    named = [h for h in texts if sum(map(is_sector_name, texts[h])) >= NAMED]
    lettered = [h for h in texts if sum(map(is_code, texts[h])) > 1]
    lettered += [h for h in anchored if h not in lettered and is_code(anchored[h])]
    coded = [h for h in lettered if h not in named] or [
        h for h in texts if sum(map(is_number_code, texts[h])) >= NAMED
    ]
    lost = [h for h in coded if h in lettered and is_lost(sheet, direction, h, anchored)]
    if lost:
        raise sheet.error(
            "the line of codes does not match its names",
            *place(direction, 0, lost[0]),
            found=", ".join(filter(is_code, texts[lost[0]])),
            expected=f"also {wanted}; have the codes been shifted?",
        )
    names = sorted({*anchored, *named} - set(coded))
    groups = [h for h in names if h not in named and is_group_line(sheet, direction, h, named)]
    names = [h for h in names if h not in groups]
    axis = Axis(direction, coded[0] if coded else None, names, group_lines=groups)
    if direction == "rows":
        axis.origin_line = next(
            (j for (_, j), text in sheet.texts.items() if text.strip().casefold() == "origin"), None
        )
    return axis


def _levels(sheet: Sheet, axis: Axis, first: int) -> None:
    """Add the header lines in which only groups of lines and their parts are named."""
    used = {axis.code_line, axis.origin_line, *axis.name_lines, *axis.group_lines}
    levels = item_lines(sheet, axis.direction, first) - used if axis.name_lines else set()
    axis.part_lines = sorted(h for h in levels if h > max(axis.name_lines))
    axis.group_lines = sorted({*axis.group_lines, *levels} - set(axis.part_lines))


def _fill(sheet: Sheet, axis: Axis, positions: Sequence[int], body: int) -> None:
    """Name every line of the axis; ``body`` is where the header of the axis must have ended."""
    used = {axis.code_line, axis.origin_line, *axis.name_lines, *axis.part_lines}
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
    end = max((p for p in positions if _has_numbers(sheet, axis, p)), default=-1)
    for p in positions:
        line = _line(sheet, axis, p)
        if line is not None and not (p > end and line.kind == "sector"):  # notes below the table
            if axis.region_line is not None:
                region = region_at(sheet, axis, p, line.kind) or region
            regional = line.kind in REGIONAL and line.item not in UNREGIONAL
            line.region = region if regional else ""
            axis.lines.append(line)


def region_at(sheet: Sheet, axis: Axis, position: int, kind: str = "sector") -> str:
    """The code of the region named beside one line of the axis; empty where none is.

    What a group of lines is called (最终使用) may stand where regions do.
    """
    assert axis.region_line is not None
    at = axis.place(position, axis.region_line)
    text = sheet.text(*at)
    if not text:
        return ""
    known = find_region(text)
    if known is None and (kind not in REGIONAL or item_of(text)):
        return ""
    if known is None:
        raise sheet.error("unknown region", *at, found=text, expected="the name of a province")
    return known.code


def _line(sheet: Sheet, axis: Axis, position: int) -> Line | None:
    def label(header: int | None) -> str:
        return "" if header is None else sheet.text(*axis.place(position, header))

    code, names, origin = label(axis.code_line), [*map(label, axis.name_lines)], axis.origin_line
    parts = [text for text in map(label, axis.part_lines) if text]
    if parts and (part := _innermost(sheet, axis, position, [*filter(None, names), *parts])):
        names = [part]
    if parts and not code and not any(names):
        return None  # 小计 under a group that stands elsewhere; its parts are read
    if not any(names) and not (item_of(code) or re.fullmatch(r"\d{1,3}", code)):
        above = [text for text in map(label, axis.group_lines) if text and not find_region(text)]
        part = _innermost(sheet, axis, position, above)
        if not part and _has_numbers(sheet, axis, position) and not all(map(is_subtotal, above)):
            raise unknown(sheet, axis, position, above)
        if not part and not code:
            return None
        names = [part] if part else names
    if not code and not _has_numbers(sheet, axis, position):
        return None  # a footnote or a remark
    # a code tells before a name does: sector 05 may well be called 其他
    texts = [code] if re.fullmatch(r"\d{1,3}", code) else [code, *names]
    found = {known for text in texts if text and (known := item_of(text))}
    if not found and not code and all(map(is_subtotal, filter(None, names))):
        return None
    if len(found) > 1:
        raise sheet.error(
            "code and name disagree",
            *axis.place(position, 0),
            found=" ".join([code, *names]).strip(),
            expected="one thing under one label",
            remedy="correct the label, or " + NAME_IT,
        )
    item = next(iter(found), None)
    if item and axis.direction not in items().at[item, "axes"].split():
        item = None
    kind = items().at[item, "kind"] if item else "sector"
    return Line(position, item or "sector", str(kind), code or None, names, origin=label(origin))


def _innermost(sheet: Sheet, axis: Axis, position: int, labels: list[str]) -> str:
    """Of the labels of one line, each inside the one before, what it is called; "" if nothing.

    A merged cell holds its text at the first of its lines only, so that 最终消费支出 stands over
    the rural households; a line called 合计 below it is the group itself.

    Raises:
        DataError: what stands inside a group is none of its parts.
    """
    named = [text for text in labels if not is_subtotal(text)]
    if not named or item_of(named[-1]):
        return named[-1] if named else ""
    if any((group := item_of(text)) and items().at[group, "parts"] for text in named):
        raise unknown(sheet, axis, position, labels)
    return ""


def unknown(sheet: Sheet, axis: Axis, position: int, labels: list[str]) -> DataError:
    """The error for a line that is labelled, but neither a sector nor anything else known."""
    headers = sorted([*axis.name_lines, *axis.part_lines, *axis.group_lines], reverse=True)
    places = [axis.place(position, header) for header in headers]
    return sheet.error(
        f"unknown {axis.direction[:-1]}",
        *next(at for at in places if sheet.text(*at) == labels[-1]),
        found=" / ".join(labels),
        expected=NAMED_LINES[axis.direction],
        remedy=NAME_IT,
    )


def _has_numbers(sheet: Sheet, axis: Axis, position: int) -> bool:
    """Whether a line holds figures; a number among its labels is none."""
    line = sheet.numbers[position] if axis.direction == "rows" else sheet.numbers[:, position]
    return bool(np.isfinite(line[axis.last_header + 1 :]).any())
