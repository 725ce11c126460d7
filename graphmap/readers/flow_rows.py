"""The rows of a list of flows and of the totals beside it, checked one by one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.arrays import Array
from graphmap.classification import find_region
from graphmap.readers.columns import (
    co2_of,
    column_of,
    columns_of,
    money_of,
    numbers_of,
    only_sheet,
    refuse_twice,
)
from graphmap.readers.labels import year_of
from graphmap.readers.sheet import Sheet, read_sheets

WHOLE = 1 + 1e-6
"""Shares of all flows may sum to one, and to what they are rounded to."""


def flow_rows(path: Path) -> tuple[pd.DataFrame, str]:
    """The rows of the file of flows, checked, and the unit of the flows."""
    sheet = only_sheet(read_sheets(path))
    columns = columns_of(sheet)
    place = column_of(sheet, columns, "region", "province")
    stem, unit = money_of(sheet, columns, "flow")
    table = _labels(sheet, columns, {"supplier": "supplier", "user": "user"}, place)
    table["flow"] = numbers_of(sheet, columns[stem], needed=True)
    for row in np.flatnonzero(table["flow"] <= 0).tolist():
        raise sheet.error(
            "a flow that is not above zero",
            row + 1,
            columns[stem],
            found=f"{table['flow'][row]:g}",
            expected="the flow from a supplier to a user",
        )
    for name in ("share_of_all_flows", "rank"):
        values = numbers_of(sheet, columns[name]) if name in columns else np.nan
        table[name] = values
    refuse_twice(sheet, table, ["region", "year", "supplier", "user"], "the same flow twice")
    sums = table.groupby(["region", "year"], sort=False)["share_of_all_flows"].sum()
    if (sums > WHOLE).any() or (table["share_of_all_flows"] < 0).any():
        raise sheet.error(
            "shares of all flows",
            found=f"{sums.max():.4g} in all for {' '.join(map(str, sums.idxmax()))}",
            expected="shares from 0 to 1 that sum to at most 1",
        )
    return table, unit


def total_rows(path: Path, unit: str) -> pd.DataFrame:
    """The rows of the file of totals: gross output in ``unit``, CO2 in Mt."""
    sheet = only_sheet(read_sheets(path))
    columns = columns_of(sheet)
    place = column_of(sheet, columns, "region", "province")
    stem, own = money_of(sheet, columns, "gross_output")
    if units.currency(own) != units.currency(unit):
        raise sheet.error(f"cannot convert {own} into {unit}, the unit of the flows", 0)
    table = _labels(sheet, columns, {"sector": "sector"}, place)
    table["gross_output"] = _at_least_zero(sheet, columns[stem]) * units.factor(own, unit)
    table["direct_co2"] = np.nan
    if (co2 := co2_of(sheet, columns)) is not None:
        name, mass = co2
        table["direct_co2"] = _at_least_zero(sheet, columns[name]) * units.factor(mass, "Mt")
    refuse_twice(sheet, table, ["region", "year", "sector"], "the same sector twice")
    return table


def _labels(
    sheet: Sheet, columns: dict[str, int], texts: dict[str, str], place: str
) -> pd.DataFrame:
    """Region code, edition and names of every row; none may be empty."""
    rows = range(1, sheet.shape[0])
    wanted = {"region": place, "year": "year", **texts}
    found = {}
    for key, name in wanted.items():
        j = columns[column_of(sheet, columns, name)]
        found[key] = [sheet.text(row, j) for row in rows]
        if "" in found[key]:
            row = found[key].index("") + 1
            raise sheet.error(f"an empty {name}", row, j, expected=f"a {name} in every row")
    table = pd.DataFrame(found)
    codes = {text: find_region(text) for text in table["region"].unique()}
    table["region"] = table["region"].map(
        {text: known.code if known else text for text, known in codes.items()}
    )
    editions = {text: edition(text) for text in table["year"].unique()}
    for text, folded in editions.items():
        if year_of(folded) is None:
            row = found["year"].index(text) + 1
            raise sheet.error("no year", row, columns["year"], found=text, expected="such as 2017")
    table["year"] = table["year"].map(editions)
    return table


def edition(year: int | str) -> str:
    """A year or its label with one space before what follows the year, however it is spelt.

    A column with gaps is written by some programs as ``2017.0``.

    Example:
        >>> edition("2017new"), edition("2017 new"), edition(2017)
        ('2017 new', '2017 new', '2017')
    """
    text = re.sub(r"^(\d{4})\.0$", r"\1", " ".join(str(year).casefold().split()))
    return re.sub(r"^(\d{4}) ?(?=\D)", r"\1 ", text)


def _at_least_zero(sheet: Sheet, column: int) -> Array:
    values = numbers_of(sheet, column)
    for row in np.flatnonzero(values < 0).tolist():
        raise sheet.error("a total below zero", row + 1, column, found=f"{values[row]:g}")
    return values
