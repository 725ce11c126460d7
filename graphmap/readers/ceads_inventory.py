"""CO2 inventories of CEADs: 45 industries, urban and rural households, by fuel."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from graphmap.accounts.emissions import Inventory
from graphmap.classification import find_region, sector_list
from graphmap.classification.lists import folded
from graphmap.errors import DataError
from graphmap.readers.assemble import source_of
from graphmap.readers.sheet import Sheet

LIST = "ceads_inventory"
TOTAL_COLUMN = "scope1total"
TOTAL_ROWS = ("totalconsumption", "totalemissions")
CITATION = "Shan et al. 2020, Scientific Data 7:54"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """A workbook with a sheet whose header ends in ``Scope 1 Total``."""
    return any(_total_column(sheet) is not None and _place(sheet) for sheet in sheets)


def read(sheets: Sequence[Sheet], *, year: int | None = None) -> list[Inventory]:
    """Every inventory of the workbook, of one year where ``year`` is given.

    Raises:
        DataError: no inventory of that year, or a sheet that cannot be read.
    """
    places = [
        (sheet, place)
        for sheet in sheets
        if _total_column(sheet) is not None and (place := _place(sheet))
    ]
    known = sorted({found for _, (_, found) in places})
    wanted = [(s, place) for s, place in places if year in (None, place[1])]
    if not wanted:
        raise DataError(
            "no inventory of that year",
            file=sheets[0].file,
            found=year,
            expected=f"one of {known[0]} to {known[-1]}"
            if len(known) > 1
            else ", ".join(map(str, known)),
        )
    return [_read_sheet(sheet, *place) for sheet, place in wanted]


def _place(sheet: Sheet) -> tuple[str, int] | None:
    """Region and year from a sheet's name: ``Guangdong2017``; ``2017`` alone is China."""
    found = re.fullmatch(r"\s*(.*?)[\s_-]*((?:19|20)\d\d)\s*", sheet.name or "")
    if not found:
        return None
    region = find_region(found.group(1) or "China")
    return (region.code, int(found.group(2))) if region else None


def _total_column(sheet: Sheet) -> int | None:
    for (row, column), text in sheet.texts.items():
        if row < 4 and folded(text) == TOTAL_COLUMN:
            return column
    return None


def _read_sheet(sheet: Sheet, region: str, year: int) -> Inventory:
    column = _total_column(sheet)
    assert column is not None
    industries = sector_list(LIST)
    rows: dict[str, int] = {}
    total_row = None
    for row in range(1, sheet.shape[0]):
        label = sheet.text(row, 0)
        if folded(label) in TOTAL_ROWS:
            total_row = row
        elif (code := industries.code(label)) is not None:
            if code in rows:
                raise sheet.error("the same sector twice", row, 0, found=label)
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
    if folded(sheet.text(1, column)) not in ("mt", "mtco2"):
        raise sheet.error("unknown unit", 1, column, found=sheet.text(1, column), expected="Mt CO2")
    is_household = values.index.isin(["U", "R"])
    households = values[is_household].rename({"U": "Urban", "R": "Rural"})
    return Inventory(
        F=values[~is_household],
        households=households,
        region=region,
        year=year,
        unit="Mt",
        classification=LIST,
        source=source_of(sheet, "ceads_inventory", CITATION),
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
