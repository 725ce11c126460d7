"""The two axes of a table of unknown layout: sectors are the labels that stand on both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from graphmap.arrays import Array
from graphmap.classification import find_region, sector_list
from graphmap.classification.lists import folded
from graphmap.classification.sectors import YEARS
from graphmap.readers.blocks import (
    HEADER_COLUMNS,
    HEADER_ROWS,
    ROUNDING,
    Direction,
    item_of,
    items,
    place,
)
from graphmap.readers.matrix import CODE
from graphmap.readers.sheet import Sheet

FEWEST = 3
"""A table has at least this many sectors."""

TOTAL = re.compile(
    r"[合总小]\s*计|[合總小]\s*計|(?<![a-z])(sub-?)?totals?(?![a-z])|\bsum of\b|^sum$",
    re.IGNORECASE,
)
"""What the label of a total holds."""


@dataclass
class Side:
    """One axis as found: its header lines, and the lines of sectors and of other figures."""

    direction: Direction
    labels: list[int]
    region_line: int | None = None
    sectors: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)

    def texts(self, sheet: Sheet, position: int) -> list[str]:
        """What stands beside or above one line."""
        found = [sheet.text(*place(self.direction, position, header)) for header in self.labels]
        return [text for text in found if text]


def labels_of(sheet: Sheet, side: Side, other: Side) -> dict[int, list[str]]:
    """What lines that are no sectors are called, the innermost label first; regions left out.

    Only header lines count that name something other than sectors.
    """
    labels: dict[int, list[str]] = {position: [] for position in side.others}
    for header in reversed(range(min(other.sectors))):
        places = {p: place(side.direction, p, header) for p in side.others}
        texts = {p: sheet.text(*at) for p, at in places.items() if at in sheet.texts}
        if header in side.labels or any(map(item_of, texts.values())):
            for p, text in texts.items():
                labels[p] += [] if find_region(text) else [text]
    return labels


def items_named(sheet: Sheet, side: Side, other: Side) -> dict[int, str]:
    """Position -> the item its innermost label names, for the lines that belong on such an axis.

    What a group is called may stand above its parts, of which one that is unknown is not it.
    """
    found = {}
    for position, labels in labels_of(sheet, side, other).items():
        inside = False
        for text in labels:
            item = item_of(text)
            if item and side.direction in items().at[item, "axes"].split():
                if not (inside and items().at[item, "parts"]):
                    found[position] = item
                break
            inside |= not CODE.fullmatch(text)
    return found


def sides_of(sheet: Sheet) -> tuple[Side, Side] | None:
    """Rows and columns of the table in ``sheet``, or None where no labels stand on both axes."""
    height, width = sheet.shape
    beside = {j: _labels(sheet, "rows", j) for j in range(min(HEADER_COLUMNS, width))}
    above = {i: _labels(sheet, "columns", i) for i in range(min(HEADER_ROWS, height))}
    pairs: dict[tuple[int, int], int] = {}
    common: set[object] = set()
    for j, rows_named in beside.items():
        for i, columns_named in above.items():
            row_keys, column_keys = _keys(rows_named, after=i), _keys(columns_named, after=j)
            both = row_keys & column_keys
            shared = sum(bool(keys & both) for at, keys in rows_named.items() if at > i)
            if shared >= FEWEST and _no_accident(both, row_keys, column_keys):
                pairs[j, i] = shared
    enough = max(pairs.values(), default=0) / 2
    pairs = {pair: shared for pair, shared in pairs.items() if shared >= enough}
    if not pairs:
        return None
    for j, i in pairs:
        common |= _keys(beside[j], after=i) & _keys(above[i], after=j)
    rows = Side("rows", sorted({j for j, _ in pairs}))
    columns = Side("columns", sorted({i for _, i in pairs}))
    rows.sectors = _sectors(sheet, rows, beside, common, max(columns.labels) + 1)
    columns.sectors = _sectors(sheet, columns, above, common, max(rows.labels) + 1)
    if min(len(rows.sectors), len(columns.sectors)) < FEWEST:
        return None
    both_ways = ((rows, columns), (columns, rows))
    for side, other in both_ways:
        _other_labels(sheet, side, other)
    for side, other in both_ways:
        _totals(sheet, side, other)
    for side, other in both_ways:
        _others(sheet, side, other)
    return rows, columns


def _keys(labels: dict[int, set[object]], after: int) -> set[object]:
    return set().union(*(keys for at, keys in labels.items() if at > after))


def _sectors(
    sheet: Sheet,
    side: Side,
    labels: dict[int, dict[int, set[object]]],
    common: set[object],
    first: int,
) -> list[int]:
    """The lines from ``first`` on whose labels the other axis has too."""
    size = sheet.shape[0 if side.direction == "rows" else 1]
    return [
        at
        for at in range(first, size)
        if any(labels[h].get(at, set()) & common for h in side.labels)
        and not _is_item(sheet, side, at)
    ]


def _labels(sheet: Sheet, direction: Direction, header: int) -> dict[int, set[object]]:
    """Position -> what its label in one header line may be called, for lines that have one."""
    size = sheet.shape[0 if direction == "rows" else 1]
    found: dict[int, set[object]] = {}
    for position in range(size):
        text = sheet.text(*place(direction, position, header))
        if keys := keys_of(text):
            found[position] = keys
    return found


def keys_of(text: str) -> set[object]:
    """What a label may be compared by: its spelling, its code, the sector it names in a list."""
    if not text or find_region(text):
        return set()
    if re.fullmatch(r"\d{1,4}", text):
        return {int(text)}
    spelt = folded(text)
    if not spelt or re.fullmatch(r"[-+.,\d\se]+", text.casefold()):
        return set()
    listed = {(name, code) for name in YEARS if (code := sector_list(name).code(text))}
    return {spelt, *listed}


def _no_accident(common: set[object], rows: set[object], columns: set[object]) -> bool:
    """Numbers in common may be figures; where they are codes, most of them are in common."""
    if any(not isinstance(key, int) for key in common):
        return True
    numbers = [sum(isinstance(key, int) for key in keys) for keys in (rows, columns)]
    return len(common) >= 0.8 * max(numbers)


def _is_item(sheet: Sheet, side: Side, position: int) -> bool:
    """Whether the line is no sector though both axes have it, as imports may."""
    texts = side.texts(sheet, position)
    if any(CODE.fullmatch(text) and not item_of(text) for text in texts):
        return False  # a sector with a code may well be called 其他
    return any(item_of(text) for text in texts)


def _other_labels(sheet: Sheet, side: Side, other: Side) -> None:
    """The line in which regions stand, and lines of names in a language the other axis lacks."""
    for header in range(min(other.sectors)):
        texts = [sheet.text(*place(side.direction, p, header)) for p in side.sectors]
        named = [text for text in texts if text]
        if header in side.labels or not named:
            continue
        if all(map(find_region, named)):
            side.region_line = header if side.region_line is None else side.region_line
        elif len({*filter(keys_of, named)}) > len(side.sectors) / 2:
            side.labels = sorted([*side.labels, header])


def _totals(sheet: Sheet, side: Side, other: Side) -> None:
    """Take the lines that are sums of those before them out of the sectors."""
    values = cells(sheet, side, other, side.sectors)
    sizes = values @ np.random.default_rng(0).uniform(1, 2, values.shape[1])
    kept: list[int] = []
    for n, position in enumerate(side.sectors):
        before = [k for k in kept if sizes[k] != 0]
        sums = np.cumsum(sizes[before][::-1])[1:]
        near = np.flatnonzero(np.isclose(sums, sizes[n], rtol=ROUNDING, atol=0))
        is_sum = any(
            np.allclose(values[before[-k - 2 :]].sum(axis=0), values[n], rtol=ROUNDING)
            for k in near.tolist()
        )
        called = any(TOTAL.search(text) for text in side.texts(sheet, position))
        if is_sum or called:
            side.totals.append(position)
        else:
            kept.append(n)
    side.sectors = [side.sectors[n] for n in kept]


def _others(sheet: Sheet, side: Side, other: Side) -> None:
    """The lines with figures that are neither sectors nor totals."""
    size = sheet.shape[0 if side.direction == "rows" else 1]
    known = {*side.sectors, *side.totals}
    side.others = [
        p
        for p in range(min([*side.sectors, *side.totals]), size)
        if p not in known and np.isfinite(cells(sheet, side, other, [p], blank=np.nan)).any()
    ]


def cells(
    sheet: Sheet, side: Side, other: Side, positions: Sequence[int], blank: float = 0.0
) -> Array:
    """(len(positions), sectors) figures of lines of ``side`` at the sectors of the other."""
    numbers = sheet.numbers if side.direction == "rows" else sheet.numbers.T
    found = numbers[np.ix_(list(positions), other.sectors)]
    return np.where(np.isnan(found), blank, found)
