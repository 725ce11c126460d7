"""CO2 inventories of CEADs: 45 industries, urban and rural households, by fuel."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from graphmap.accounts.emissions import Inventory
from graphmap.classification import find_region, sector_list
from graphmap.classification.lists import folded
from graphmap.classification.pairs import some
from graphmap.errors import DataError
from graphmap.i18n import Names, listed, plain, words
from graphmap.readers.assemble import source_of
from graphmap.readers.blocks import HEADER_COLUMNS, HEADER_ROWS
from graphmap.readers.sheet import Sheet

LIST = "ceads_inventory"
TOTAL_COLUMN = "scope1total"
TOTAL_ROWS = ("totalconsumption", "totalemissions")
OTHER_SCOPE = "scope2"
MOVED_SHOWN = 4
ROUNDED = 1e-3
"""Mt that a sum of fuels may miss its total by; released files miss it by none."""

CITATION = "Shan et al. 2020, Scientific Data 7:54"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """A workbook with a sheet, called by place and year, that has a column ``Scope 1 Total``."""
    return any(_total_cell(sheet) is not None and _place(sheet) for sheet in sheets)


def read(sheets: Sequence[Sheet], *, year: int | None = None) -> list[Inventory]:
    """Every inventory of the workbook, of one year where ``year`` is given.

    Raises:
        DataError: no inventory of that year, or a sheet that cannot be read.
    """
    places = [
        (sheet, place)
        for sheet in sheets
        if _total_cell(sheet) is not None and (place := _place(sheet))
    ]
    known = sorted({found for _, (_, found) in places})
    wanted = [(s, place) for s, place in places if year in (None, place[1])]
    if not wanted:
        has_all = len(known) > 2 and known == list(range(known[0], known[-1] + 1))
        raise DataError(
            "no inventory of that year",
            file=sheets[0].file,
            found=year,
            expected=f"{known[0]} to {known[-1]}" if has_all else ", ".join(map(str, known)),
        )
    once: dict[tuple[str, int], Sheet] = {}
    for sheet, place in wanted:
        if place in once:
            raise sheet.error(
                "the same region and year twice",
                found=f"sheets {once[place].name!r} and {sheet.name!r}",
                expected="one sheet a region and year",
            )
        once[place] = sheet
    return [_read_sheet(sheet, *place) for sheet, place in wanted]


def _place(sheet: Sheet) -> tuple[str, int] | None:
    """Region and year from a sheet's name: ``Guangdong2017``; ``2017`` alone is China."""
    found = re.fullmatch(r"\s*(.*?)[\s_-]*((?:19|20)\d\d)\s*", sheet.name or "")
    if not found:
        return None
    region = find_region(found.group(1) or "China")
    return (region.code, int(found.group(2))) if region else None


def _total_cell(sheet: Sheet) -> tuple[int, int] | None:
    """Row and column of the header of the totals."""
    found = [
        place
        for place, text in sheet.texts.items()
        if place[0] < HEADER_ROWS and folded(text) == TOTAL_COLUMN
    ]
    return min(found, default=None)


def _label_column(sheet: Sheet) -> int:
    """The column that holds most names of sectors, the first as a rule."""
    industries = sector_list(LIST)
    counts = Counter(
        column
        for (row, column), text in sheet.texts.items()
        if column < HEADER_COLUMNS and industries.code(sheet.text(row, column)) is not None
    )
    return max(counts, key=lambda column: (counts[column], -column), default=0)


def _read_sheet(sheet: Sheet, region: str, year: int) -> Inventory:
    cell = _total_cell(sheet)
    assert cell is not None
    header, column = cell
    industries, labels = sector_list(LIST), _label_column(sheet)
    rows: dict[str, int] = {}
    total_row = None
    for row in range(header + 1, sheet.shape[0]):
        label = sheet.text(row, labels)
        if folded(label) in TOTAL_ROWS:
            total_row = row
        elif (code := industries.code(label)) is not None:
            if code in rows:
                raise sheet.error("the same sector twice", row, labels, found=label)
            rows[code] = row
    missing = [code for code in industries.sectors.index if code not in rows]
    if missing:
        raise sheet.error(
            "a sector of the inventory is missing",
            found=f"{len(rows)} of {len(industries.sectors)} rows",
            expected=repr(industries.name(missing[0])["en"]),
        )
    blank: list[str] = []
    values = pd.Series(sheet.block(list(rows.values()), [column], blank)[:, 0], index=list(rows))
    if blank:
        raise sheet.error(f"an empty cell in the inventory, {blank[0]}", expected="a figure, or 0")
    _check_total(sheet, values, total_row, column)
    unit = sheet.text(header + 1, column)
    if folded(unit) not in ("mt", "mtco2"):
        raise sheet.error("unknown unit", header + 1, column, found=unit, expected="Mt CO2")
    _check_fuels(sheet, rows, header, labels, column)
    is_household = values.index.isin(["U", "R"])
    households = values[is_household].rename({"U": "Urban", "R": "Rural"})
    return Inventory(
        F=values[~is_household],
        households=households,
        region=region,
        year=year,
        unit="Mt",
        classification=LIST,
        source=replace(source_of(sheet, "ceads_inventory", CITATION), notes=_order(sheet, rows)),
    )


def _order(sheet: Sheet, rows: dict[str, int]) -> tuple[Names, ...]:
    """Says which labels stand out of the order in which every inventory is published.

    Figures are read by their labels. Labels out of order are as likely to have been exchanged.
    """
    industries = sector_list(LIST)
    published = [code for code in industries.sectors.index if code in rows]
    found = sorted(rows, key=lambda code: rows[code])
    moved = [code for code, other in zip(published, found, strict=True) if code != other]
    if not moved:
        return ()
    named = [industries.name(code) for code in moved[:MOVED_SHOWN]]
    return (
        words(
            "note.inventory_order",
            sheet=plain(sheet.name or ""),
            count=len(moved),
            sectors=listed(named),
        ),
    )


def _check_total(sheet: Sheet, values: pd.Series, row: int | None, column: int) -> None:
    """The rows must sum to the total the sheet prints, if it prints one."""
    if row is None:
        return
    printed = float(sheet.block([row], [column])[0, 0])
    if not np.isclose(values.sum(), printed, rtol=1e-6):
        raise sheet.error(
            "the rows do not sum to the total",
            row,
            column,
            found=f"{printed:,.4f}",
            expected=f"{values.sum():,.4f}, the sum of the rows",
        )


def _check_fuels(sheet: Sheet, rows: dict[str, int], header: int, labels: int, column: int) -> None:
    """The fuels and the process of every row must sum to its total, where the sheet has them.

    Columns of another scope or unit are not part of it.
    """
    unit = folded(sheet.text(header + 1, column))
    parts = [
        j
        for j in range(labels + 1, column)
        if not folded(sheet.text(header, j)).startswith(OTHER_SCOPE)
        and folded(sheet.text(header + 1, j)) == unit
    ]
    at = np.array(list(rows.values()))
    sums = np.nansum(sheet.numbers[at][:, parts], axis=1)
    totals = sheet.numbers[at, column]
    off = at[~np.isclose(sums, totals, rtol=1e-6, atol=ROUNDED)] if parts else at[:0]
    if len(off):
        first = int(off[0])
        named = [f"row {row + 1} {sheet.text(row, labels).strip()!r}" for row in off]
        raise sheet.error(
            f"the fuels do not sum to the total of {some(named, MOVED_SHOWN)}",
            first,
            column,
            found=f"{sheet.numbers[first, column]:,.4f}",
            expected=f"{sums[at == first][0]:,.4f}, the sum of the fuels and the process",
            remedy="compare these rows with the original inventory",
        )
