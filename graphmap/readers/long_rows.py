"""Rows of flows in long form, from a sheet, a Parquet file or a DuckDB database, checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphmap import units
from graphmap.errors import DataError
from graphmap.readers.sheet import LARGEST, Sheet

COLUMNS = {
    "supplier": ("supplier",),
    "user": ("user",),
    "region_supplier": ("region_supplier", "supplier_region", "region", "province"),
    "region_user": ("region_user", "user_region", "region", "province"),
    "year": ("year",),
}
"""What a column holds -> the names it goes by, the first of which counts."""

VALUES = ("value", "flow")

MOST_ROWS = 200_000_000
"""A file with more is refused before it fills the memory."""


@dataclass(frozen=True)
class Rows:
    """``data``: supplier, user, value; region_supplier, region_user and year where there are any.

    All but the value are categorical. The index is the row's number in the file as a reader counts
    it; ``unit`` as the column names it, or nothing.
    """

    data: pd.DataFrame
    unit: str
    file: str
    table: str | None
    only_year: int | None = None

    def error(self, what: str, row: int | None = None, **more: Any) -> DataError:
        """A ``DataError`` that says where; ``row`` counts among the rows of ``data``."""
        at = None if row is None else f"row {self.data.index[row]}"
        return DataError(what, file=self.file, sheet=self.table, cell=at, **more)

    def of_year(self, year: int | None) -> Rows:
        """The rows of one year, and without that column.

        Raises:
            DataError: there are several years and none is asked for, or not the one asked for.
        """
        if "year" not in self.data:
            return self
        found = [text.removesuffix(".0") for text in self.data["year"].unique()]
        odd = next((text for text in found if not (text.isdigit() and len(text) == 4)), None)
        if odd is not None:
            at = int(np.flatnonzero(self.data["year"].str.removesuffix(".0") == odd)[0])
            raise self.error("no year", at, found=odd, expected="such as 2017")
        if year is None and len(found) > 1:
            raise self.error(
                "flows of several years",
                found=", ".join(sorted(found)),
                expected="one of them",
                remedy="choose with --year",
            )
        wanted = str(year) if year is not None else found[0]
        if wanted not in found:
            raise self.error("no table of that year", found=wanted, expected=", ".join(found))
        here = self.data["year"].str.removesuffix(".0") == wanted
        data = self.data[here].drop(columns="year")
        return replace(self, data=data, only_year=int(wanted))


def places(names: Sequence[str]) -> dict[str, int] | None:
    """What each column holds -> where it stands; None unless supplier, user and value are there."""
    spelt = [name.strip().casefold() for name in names]
    found = {
        key: spelt.index(known[0])
        for key, names_of in COLUMNS.items()
        if (known := [name for name in names_of if name in spelt])
    }
    values = [j for j, name in enumerate(spelt) if _unit(name) is not None]
    if not {"supplier", "user"} <= found.keys() or not values:
        return None
    return {**found, "value": values[0]}


def _unit(name: str) -> str | None:
    """The money unit in the name of a column of values, "" where it names none; None for others."""
    spelt = name.strip().casefold()
    stem, _, unit = spelt.partition("_")
    if stem not in VALUES or not unit:
        return "" if spelt in VALUES else None
    try:
        return units.money_unit(unit)
    except DataError:
        return None


def of_sheet(sheet: Sheet) -> Rows:
    """The rows of a CSV file."""
    names = [sheet.text(0, j) for j in range(sheet.shape[1])]
    at = _columns(sheet.file, None, names)
    rows = range(1, sheet.shape[0])
    data = {key: [sheet.text(row, j) for row in rows] for key, j in at.items() if key != "value"}
    missing: list[str] = []
    values = sheet.block(list(rows), [at["value"]], missing)[:, 0]
    if missing:
        row = next(row for row in rows if not sheet.text(row, at["value"]))
        raise sheet.error("an empty cell", row, at["value"], expected="a number")
    frame = pd.DataFrame({**data, "value": values}, index=pd.RangeIndex(2, len(rows) + 2))
    return _checked(Rows(frame, _unit(names[at["value"]]) or "", sheet.file, None))


def of_parquet(path: Path) -> Rows:
    """The rows of a Parquet file; only the columns that are needed are read."""
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            at = _columns(str(path), None, names)
            _not_too_many(path, file.metadata.num_rows)
            found = file.read(columns=list(dict.fromkeys(names[j] for j in at.values())))
    except (OSError, pa.ArrowException) as error:
        text = str(error).splitlines()[0]
        raise DataError("not a readable Parquet file", file=path, found=text) from error
    return _of_arrow(found, {key: names[j] for key, j in at.items()}, str(path), None)


def of_database(path: Path, table: str | None) -> Rows:
    """The rows of one table or view of a DuckDB database, which is opened for reading only."""
    try:
        import duckdb  # noqa: PLC0415 (heavy and optional)
    except ImportError as error:
        remedy = 'pip install "graphmap[bigdata]"'
        raise DataError("a DuckDB database needs duckdb", file=path, remedy=remedy) from error
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            listed = database.execute(
                "select table_schema, table_name, column_name from information_schema.columns "
                "order by table_schema, table_name, ordinal_position"
            ).fetchall()
            columns: dict[tuple[str, str], list[str]] = {}
            for schema, name, column in listed:
                columns.setdefault((schema, name), []).append(column)
            chosen = _chosen(path, columns, table)
            names = columns[chosen]
            at = _columns(str(path), chosen[1], names)
            source = ".".join(map(_quoted, chosen))
            [(count,)] = database.execute(f"select count(*) from {source}").fetchall()
            _not_too_many(path, count)
            wanted = ", ".join(dict.fromkeys(_quoted(names[j]) for j in at.values()))
            found = database.sql(f"select {wanted} from {source}").to_arrow_table()
    except duckdb.Error as error:
        text = str(error).splitlines()[0]
        raise DataError("not a readable DuckDB database", file=path, found=text) from error
    return _of_arrow(found, {key: names[j] for key, j in at.items()}, str(path), chosen[1])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _chosen(
    path: Path, columns: dict[tuple[str, str], list[str]], table: str | None
) -> tuple[str, str]:
    """Schema and name of the table asked for, or of the only one that holds flows."""
    fitting = [key for key, names in columns.items() if places(names) is not None]
    if table is not None:
        fitting = [key for key in columns if table in (key[1], ".".join(key))]
    if len(fitting) == 1:
        return fitting[0]
    shown = ", ".join(".".join(key) for key in (fitting or columns)) or "no table"
    if table is not None:
        raise DataError("no such table", file=path, found=table, expected=shown)
    raise DataError(
        "several tables of flows" if fitting else "no table of flows",
        file=path,
        found=shown,
        expected="one table with the columns supplier, user and value_<unit>",
        remedy="choose with --sheet" if fitting else None,
    )


def _of_arrow(found: pa.Table, names: dict[str, str], file: str, table: str | None) -> Rows:
    """Labels as texts, values as numbers; any other type is refused."""
    data: dict[str, Any] = {}
    for key, name in names.items():
        column, kind = found[name], found.schema.field(name).type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        text, whole = pa.types.is_string(kind), pa.types.is_integer(kind)
        text = text or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        number = whole or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        if not (number if key == "value" else text or whole or (key == "year" and number)):
            expected = "numbers" if key == "value" else "texts or whole numbers"
            raise DataError(
                "a column of another type",
                file=file,
                sheet=table,
                cell=f"column {name}",
                found=str(kind),
                expected=expected,
            )
        nulls = pc.is_null(column, nan_is_null=key == "value")
        if pc.any(nulls).as_py():
            raise DataError(
                "an empty cell",
                file=file,
                sheet=table,
                cell=f"column {name}, row {pc.index(nulls, True).as_py() + 1}",
                expected="a number" if key == "value" else "a name",
            )
        if key == "value":
            data[key] = column.cast(pa.float64()).to_numpy()
        else:  # as numbers of distinct texts: a flow's ends are a few names, millions of times
            plain = column.cast(pa.string()).combine_chunks().dictionary_encode()
            spelt = pd.Index(plain.dictionary.to_pylist(), dtype=object)
            data[key] = pd.Categorical.from_codes(plain.indices.to_numpy(), spelt)
    frame = pd.DataFrame(data)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return _checked(Rows(frame, _unit(names["value"]) or "", file, table))


def _checked(rows: Rows) -> Rows:
    if rows.data.empty:
        raise rows.error("no rows", expected="one row a flow")
    values = rows.data["value"].to_numpy(float)
    for row in np.flatnonzero(~(np.abs(values) <= LARGEST))[:1].tolist():
        raise rows.error("a number beyond any account", row, found=values[row], expected="a number")
    for key in rows.data.columns.drop("value"):
        rows.data[key] = relabelled(rows.data[key], lambda text: " ".join(text.split()))
        for row in np.flatnonzero(rows.data[key] == "")[:1].tolist():
            raise rows.error(f"an empty {key}", row, expected="a name in every row")
    ends = rows.data.drop(columns="value")
    twice = ends.apply(lambda column: column.cat.codes).duplicated().to_numpy()
    for row in np.flatnonzero(twice)[:1].tolist():
        raise rows.error(
            "the same pair twice",
            row,
            found=", ".join(ends.iloc[row]),
            expected="each pair once",
            remedy="sum what belongs together first, or leave out what stands there twice",
        )
    return rows


def relabelled(column: pd.Series, of: Callable[[str], str]) -> pd.Series:
    """A categorical column with ``of`` each text in its place; each distinct text is asked once.

    Example:
        >>> relabelled(pd.Series(["a", "B", "A"]), str.upper).cat.codes.tolist()
        [0, 1, 0]
    """
    held = column.array if isinstance(column.dtype, pd.CategoricalDtype) else None
    held = held if isinstance(held, pd.Categorical) else pd.Categorical(column.astype(object))
    number, texts = pd.factorize(np.array([of(str(text)) for text in held.categories], object))
    return pd.Series(pd.Categorical.from_codes(number[held.codes], texts), index=column.index)


def _not_too_many(path: Path, count: int) -> None:
    if count > MOST_ROWS:
        most = f"at most {MOST_ROWS:,}"
        raise DataError("too many rows", file=path, found=f"{count:,}", expected=most)


def _columns(file: str, table: str | None, names: Sequence[str]) -> dict[str, int]:
    """``places``, or why a reader cannot choose them.

    Raises:
        DataError: a column is missing, or several hold values.
    """
    at = places(names)
    if at is None:
        raise DataError(
            "no flows in long form",
            file=file,
            sheet=table,
            found=", ".join(names[:12]),
            expected="the columns supplier, user and value_<unit>",
        )
    values = [name for name in names if _unit(name) is not None]
    if len(values) > 1:
        raise DataError(
            "several columns of values",
            file=file,
            sheet=table,
            found=", ".join(values),
            expected="one column value_<unit>",
            remedy="remove the others or give them other names",
        )
    return at
