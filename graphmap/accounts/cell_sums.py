"""Known cells and sums of cells, as users give them: by position or by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TypeAlias

import numpy as np
import pandas as pd

from graphmap.errors import DataError, nearest

Line: TypeAlias = int | str
KnownCells: TypeAlias = Sequence[tuple[Line, Line, float]] | pd.DataFrame
CellSums: TypeAlias = Sequence[tuple[Sequence[Line], Sequence[Line], float]] | pd.DataFrame


@dataclass(frozen=True)
class CellSum:
    """Cells (their places in the matrix laid out row by row) that sum to a total."""

    name: str
    cells: np.ndarray
    total: float


def known_cells(known: KnownCells, rows: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Positions and values (``row, column, value``) of the cells that are to be held.

    Raises:
        DataError: a line that is not there, a value that is missing, a cell given twice.

    Example:
        >>> known_cells([("steel", 1, 3.0)], ["coal", "steel"], ["coal", "steel"]).values.tolist()
        [[1.0, 1.0, 3.0]]
    """
    given = _frame(known, ["row", "column", "value"])
    found = pd.DataFrame(
        {
            "row": _positions(given["row"], rows, "row"),
            "column": _positions(given["column"], columns, "column"),
            "value": _figures(given["value"], "a known cell"),
        }
    )
    twice = found.duplicated(["row", "column"])
    if twice.any():
        row, column = found.loc[twice, ["row", "column"]].iloc[0]
        raise DataError(f"the cell of row {rows[row]} and column {columns[column]} is given twice")
    return found


def cell_sums(sums: CellSums, rows: Sequence[str], columns: Sequence[str]) -> list[CellSum]:
    """The groups of cells that are to have a sum.

    Raises:
        DataError: a line that is not there, a total or the name of a sum that is missing, cells
            given twice in a sum, two totals of one sum.

    Example:
        >>> cell_sums([([0, 1], [0], 5.0)], ["a", "b"], ["a", "b"])[0].cells.tolist()
        [0, 2]
    """
    if isinstance(sums, pd.DataFrame):
        given = _frame(sums, ["sum", "row", "column", "total"])
        nameless = given["sum"].isna() | (given["sum"].astype(str).str.strip() == "")
        if nameless.any():
            row, column = given.loc[nameless, ["row", "column"]].iloc[0]
            raise DataError(
                "a sum without a name",
                found=f"row {row}, column {column}",
                expected="a name, the same for all cells of the sum",
            )
        parts = [
            (str(name), each["row"], each["column"], each["total"])
            for name, each in given.groupby("sum", sort=False)
        ]
    else:
        parts = []
        for number, (some, others, total) in enumerate(sums, start=1):
            row, column = (grid.ravel() for grid in np.meshgrid(some, others, indexing="ij"))
            parts.append((str(number), pd.Series(row), pd.Series(column), pd.Series([total])))
    found = []
    for name, row, column, total in parts:
        places = _positions(row, rows, "row") * len(columns) + _positions(column, columns, "column")
        totals = np.unique(_figures(total, f"the total of sum {name}"))
        if len(totals) != 1:
            raise DataError(f"sum {name} has more than one total", found=totals.tolist())
        if len(np.unique(places)) < len(places):
            raise DataError(f"sum {name} has a cell twice")
        found.append(CellSum(name, np.sort(places), float(totals[0])))
    return found


def _frame(given: Sequence[object] | pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    if not isinstance(given, pd.DataFrame):
        return pd.DataFrame(list(given), columns=columns, dtype=object)
    missing = [column for column in columns if column not in given]
    if missing:
        raise DataError(
            f"there is no column {missing[0]!r}",
            found=", ".join(map(str, given.columns)),
            expected=", ".join(columns),
        )
    return given


def _positions(lines: pd.Series, names: Sequence[str], kind: str) -> np.ndarray:
    """Positions of lines given by name, or by position where no line is called so."""
    places = {name: place for place, name in enumerate(names)}
    found = []
    for line in lines:
        whole = isinstance(line, Real) and float(line).is_integer()
        place = int(line) if whole and 0 <= line < len(names) else places.get(str(line))
        if place is None:
            raise DataError(
                f"there is no {kind} of this name or position",
                found=str(line),
                remedy=f"nearest: {', '.join(nearest(str(line), names)) or 'none'}",
            )
        found.append(place)
    return np.array(found, dtype=np.int64)


def _figures(values: pd.Series, what: str) -> np.ndarray:
    figures: np.ndarray = pd.to_numeric(values, errors="coerce").to_numpy(float)
    if not np.isfinite(figures).all():
        bad = values[~np.isfinite(figures)].iloc[0]
        raise DataError(f"{what} is no number", found=str(bad))
    return figures
