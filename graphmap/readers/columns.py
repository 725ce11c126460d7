"""A CSV file by the names of its columns."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.arrays import Array
from graphmap.errors import DataError, nearest
from graphmap.readers.sheet import Sheet


def only_sheet(sheets: list[Sheet]) -> Sheet:
    """The one grid of a CSV file, which has a header and rows under it."""
    if len(sheets) != 1 or sheets[0].shape[0] < 2:
        raise DataError(
            "not one list",
            file=sheets[0].file,
            found=f"{len(sheets)} sheets of which the first has {sheets[0].shape[0]} rows",
            expected="one CSV file with a header and rows under it",
        )
    return sheets[0]


def columns_of(sheet: Sheet) -> dict[str, int]:
    """Where each column stands, by the name in the first row."""
    names = [sheet.text(0, j).casefold() for j in range(sheet.shape[1])]
    for j, name in enumerate(names):
        if names.index(name) != j:
            raise sheet.error("two columns of one name", 0, j, found=name)
    return {name: j for j, name in enumerate(names)}


def column_of(sheet: Sheet, columns: dict[str, int], *names: str) -> str:
    """The first of ``names`` that there is."""
    for name in names:
        if name in columns:
            return name
    near = nearest(names[0], columns, 1)
    raise sheet.error(
        f"no column {' or '.join(map(repr, names))}",
        found=", ".join(columns),
        expected=names[0] + (f", perhaps {near[0]!r} is meant" if near else ""),
    )


def money_of(sheet: Sheet, columns: dict[str, int], stem: str) -> tuple[str, str]:
    """Name and unit of the one column ``<stem>_<unit>``."""
    named = [name for name in columns if name.startswith(stem + "_")]
    if not named:
        found, expected = ", ".join(columns), f"{stem}_million_yuan"
        raise sheet.error(f"no column '{stem}_<unit>'", found=found, expected=expected)
    known: dict[str, str] = {}
    for name in named:
        with suppress(DataError):
            known[name] = units.money_unit(name.removeprefix(stem + "_"))
    if not known:
        expected = ", ".join(f"{stem}_{unit}" for unit in units.MONEY_UNITS)
        at = columns[named[0]]
        raise sheet.error("unknown money unit", 0, at, found=named[0], expected=expected)
    _refuse_several(sheet, columns, list(known), f"{stem}_<unit>")
    return next(iter(known.items()))


def co2_of(sheet: Sheet, columns: dict[str, int]) -> tuple[str, str] | None:
    """Name and unit of the one column ``co2_<unit>``; None where there is none."""
    named = [name for name in columns if name.startswith("co2")]
    for name in named:
        if name.removeprefix("co2_") not in units.MASS_SPELLINGS:
            expected = "co2_mt, co2_kt, co2_t"
            raise sheet.error(
                "unknown unit of CO2", 0, columns[name], found=name, expected=expected
            )
    _refuse_several(sheet, columns, named, "co2_<unit>")
    return (named[0], units.MASS_SPELLINGS[named[0].removeprefix("co2_")]) if named else None


def _refuse_several(sheet: Sheet, columns: dict[str, int], names: list[str], what: str) -> None:
    """Refuse several columns of one figure: nothing tells which is meant."""
    if len(names) > 1:
        raise sheet.error(
            f"several columns {what!r}",
            0,
            columns[names[1]],
            found=", ".join(names),
            expected="one",
            remedy="remove the others or give them other names",
        )


def numbers_of(sheet: Sheet, column: int, *, needed: bool = False) -> Array:
    """The numbers under a header; NaN where a cell is empty."""
    missing: list[str] = []
    rows = list(range(1, sheet.shape[0]))
    values = sheet.block(rows, [column], missing)[:, 0]
    if missing and needed:
        row = next(row for row in rows if not sheet.text(row, column))
        raise sheet.error("an empty cell", row, column, expected="a number")
    return np.where(np.isnan(sheet.numbers[1:, column]), np.nan, values)


def figures_by_code(sheet: Sheet, name: str) -> pd.Series:
    """The figures of a column by what stands in the column ``code``; each code has one."""
    columns = columns_of(sheet)
    code, at = (columns[column_of(sheet, columns, each)] for each in ("code", name))
    codes = [sheet.text(row, code) for row in range(1, sheet.shape[0])]
    refuse_twice(sheet, pd.DataFrame({"code": codes}), ["code"], "a code twice")
    return pd.Series(numbers_of(sheet, at, needed=True), index=codes)


def refuse_twice(sheet: Sheet, table: pd.DataFrame, columns: list[str], what: str) -> None:
    """Refuse two rows that are the same in some columns."""
    twice = np.flatnonzero(table.duplicated(columns))
    if len(twice):
        row = int(twice[0])
        found = ", ".join(map(str, table.loc[row, columns]))
        raise sheet.error(what, row + 1, found=found, expected="each once")
