"""A CSV file by the names of its columns."""

from __future__ import annotations

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
            "not a list of flows",
            file=sheets[0].file,
            found=f"{len(sheets)} sheets of which the first has {sheets[0].shape[0]} rows",
            expected="one CSV file with a header and a row a flow",
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
    """Name and unit of the column ``<stem>_<unit>``."""
    for name, j in columns.items():
        if name.startswith(stem + "_"):
            try:
                return name, units.money_unit(name.removeprefix(stem + "_"))
            except DataError as error:
                expected = ", ".join(f"{stem}_{unit}" for unit in units.MONEY_UNITS)
                raise sheet.error(
                    "unknown money unit", 0, j, found=name, expected=expected
                ) from error
    raise sheet.error(
        f"no column '{stem}_<unit>'", found=", ".join(columns), expected=f"{stem}_million_yuan"
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


def refuse_twice(sheet: Sheet, table: pd.DataFrame, columns: list[str], what: str) -> None:
    """Refuse two rows that are the same in some columns."""
    twice = np.flatnonzero(table.duplicated(columns))
    if len(twice):
        row = int(twice[0])
        found = ", ".join(map(str, table.loc[row, columns]))
        raise sheet.error(what, row + 1, found=found, expected="each once")
