"""Tables in long form: one row a flow, in a CSV file, a Parquet file or a DuckDB database.

=================================  ================================================================
``supplier``, ``user``             names or codes of sectors; a final use (``Exports``, ``FU101``)
                                   may stand for a user, a primary input (``Value added``,
                                   ``VA001``) for a supplier, gross output (``GO``) for a user
``value_<unit>``                   the flow; ``value`` alone needs the unit to be given. ``flow``
                                   is understood as well
``region_supplier``,               or ``supplier_region``, ``user_region``; or one column
``region_user``                    ``region`` for both. Optional
``year``                           optional; one is chosen with ``year``
=================================  ================================================================

Imports into a sector are a row whose supplier is ``Imports`` (``IM``); imports inside the cells of
a competitive table one whose user is. A pair that stands twice is refused, since nothing tells a
second part of a flow from the same flow again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

from graphmap import units
from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.readers.labels import region_named_in, year_of
from graphmap.readers.long_rows import (
    Rows,
    of_database,
    of_parquet,
    of_sheet,
    places,
)
from graphmap.readers.long_table import assembled
from graphmap.readers.sheet import Sheet


def recognises(sheets: Sequence[Sheet]) -> bool:
    """A CSV file with the columns supplier, user and value."""
    sheet = sheets[0]
    if len(sheets) > 1 or not all(sheet.shape):
        return False
    return places([sheet.text(0, j) for j in range(sheet.shape[1])]) is not None


def recognises_path(path: Path) -> bool:
    """A DuckDB database or a Parquet file, whatever it holds: nothing else here reads such."""
    start = _start(path)
    return start[8:12] == b"DUCK" or start[:4] == b"PAR1"


def read(
    sheets: Sequence[Sheet],
    *,
    year: int | None = None,
    sheet: str | None = None,
    unit: str | None = None,
) -> IOTable:
    """The table of a CSV file; see the module for its columns.

    Raises:
        DataError: a column is missing, a cell holds no number, a pair stands twice, or there is
            too little to tell what the sectors produce.
    """
    if sheet not in (None, sheets[0].name):
        raise DataError("a CSV file has no sheets", file=sheets[0].file, found=sheet)
    return _table(of_sheet(sheets[0]), Path(sheets[0].file), year, unit)


def read_path(
    path: Path, *, year: int | None = None, unit: str | None = None, sheet: str | None = None
) -> IOTable:
    """The table of a Parquet file, or of the table or view ``sheet`` of a DuckDB database.

    Raises:
        DataError: as ``read``; or a column has another type; or duckdb is not installed.
    """
    if _start(path)[8:12] == b"DUCK":
        return _table(of_database(path, sheet), path, year, unit)
    if sheet is not None:
        raise DataError("a Parquet file has no sheets", file=path, found=sheet)
    return _table(of_parquet(path), path, year, unit)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(12)
    except OSError:
        return b""


def _table(rows: Rows, path: Path, year: int | None, unit: str | None) -> IOTable:
    for one, other in permutations(("region_supplier", "region_user")):
        if one in rows.data and other not in rows.data:
            raise rows.error(
                "regions at one end only",
                found=f"{one} without {other}",
                expected="both columns, or one column region for both ends",
            )
    own = units.money_unit(rows.unit) if rows.unit else unit
    if own is None:
        raise rows.error(
            "no unit", found="a column 'value'", expected="'value_10k_yuan' or '--unit 10k_yuan'"
        )
    if unit is not None and unit != own:
        raise rows.error(
            "two units", found=f"{own} in the name of the column, {unit} asked for", expected=own
        )
    chosen = rows.of_year(year)
    region = region_named_in(path.stem) or ""
    return assembled(chosen, own, region, chosen.only_year or year or year_of(path.name))
