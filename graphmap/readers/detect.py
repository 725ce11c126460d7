"""Which kind of source a file is, told from its content, and reading it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from graphmap import sample, units
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.records import Records
from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.readers import (
    ceads_inventory,
    ceads_mrio,
    edges,
    flow_list,
    long,
    matrix,
    nbs,
    oecd,
    pymrio_files,
    records,
    stored,
)
from graphmap.readers.error_cells import refuse_large
from graphmap.readers.selection import inventories_of, records_of, regions_of
from graphmap.readers.sheet import Sheet, read_sheets

PATHS: dict[str, ModuleType] = {
    "stored": stored,
    "edges": edges,
    "pymrio": pymrio_files,
    "long": long,
}
"""Readers of tables that are more or other than sheets, in the order in which they are tried."""

SOURCES: dict[str, ModuleType] = {
    "oecd": oecd,
    "long": long,
    "nbs": nbs,
    "ceads-mrio": ceads_mrio,
}
"""Readers of tables that stand in sheets, in the order in which they are tried."""

LISTS: dict[str, ModuleType] = {"inventory": ceads_inventory, "records": records}
"""Readers of other content that stands in sheets."""

NAMES = (*dict.fromkeys([*SOURCES, *PATHS]), "sample")
"""What ``source`` may be."""

WIDEST = 50_000
"""Columns; a table of so many would have as many rows, and no reader need look at more."""

Content = IOTable | list[Inventory] | list[FlowList] | Records
"""What a file may hold."""

OTHERS: dict[str, tuple[str, str | None]] = {
    "inventory": ("an emission inventory", "give it with --emissions, beside a table"),
    "flows": (
        "a list of the largest flows",
        "a study draws it: graphmap study new study.toml, and name it there as flows = ...",
    ),
    "records": ("a list of published totals", None),
}
"""Content that is no table: what it is called, and where it belongs."""


def read(
    path: str | Path,
    *,
    region: str | Sequence[str] | None = None,
    year: int | None = None,
    source: str | None = None,
    sheet: str | None = None,
    unit: str | None = None,
    mapping: str | Path | None = None,
) -> IOTable:
    """Read an input-output table.

    Args:
        path: a workbook, a CSV or Parquet file, a DuckDB database, a folder with nodes.csv and
            edges.csv, or ``"sample"``.
        region: one region or several, by any of their names or codes; all if left out.
        year: which year of the source.
        source: one of ``NAMES``, where the content should not decide.
        sheet: the sheet to read, where a workbook or database holds several tables.
        unit: money unit of the cells, where it is not the usual one of the source.
        mapping: the file that says where the blocks of a matrix are (``graphmap inspect``).

    Returns:
        The table of these regions; the regions left out have become imports and exports.

    Raises:
        DataError: the file cannot be read, is of no known kind, or lacks the region or year.

    Example:
        >>> table = read("sample", region="广东")
        >>> table.n, table.regions, table.unit
        (42, ['CN-GD'], '100m_yuan')
    """
    found = _table(Path(path), year, source, sheet, unit, mapping)
    if isinstance(found, IOTable):
        return regions_of(found, region)
    kind, sheets = found
    if kind in OTHERS:
        what, remedy = OTHERS[kind]
        raise DataError(f"this is {what}, not an input-output table", file=path, remedy=remedy)
    raise DataError(
        "no input-output table found",
        file=path,
        found=_contents(sheets),
        expected="rows of suppliers down to TII (中间投入合计), columns of users up to GO (总产出)",
        remedy=f"--source forces a reader ({', '.join(NAMES)}), inspect proposes a mapping file",
    )


def open_source(
    path: str | Path,
    *,
    region: str | Sequence[str] | None = None,
    year: int | None = None,
    source: str | None = None,
    sheet: str | None = None,
    unit: str | None = None,
    mapping: str | Path | None = None,
) -> Content:
    """Read whatever a file holds: a table, inventories, lists of flows or published totals.

    Args:
        path: as ``read``; a CSV file of flows is read with the totals beside it, if one CSV file
            in its folder has such columns.
        region, year, source, sheet, unit, mapping: as ``read``.

    Raises:
        DataError: the file cannot be read, is of no known kind, or lacks the region or year.

    Example:
        >>> open_source("sample", region="Zhejiang").n
        42
    """
    path = Path(path)
    found = _table(path, year, source, sheet, unit, mapping)
    if isinstance(found, IOTable):
        return regions_of(found, region)
    kind, sheets = found
    if kind in OTHERS and (sheet or unit):
        raise DataError(f"--sheet and --unit are for tables, this is {OTHERS[kind][0]}", file=path)
    wanted = [region] if isinstance(region, str) else list(region) if region is not None else None
    if kind == "flows":
        years = None if year is None else [year]
        return flow_list.read_flow_lists(
            path, flow_list.totals_beside(path), regions=wanted, years=years
        )
    if kind == "inventory":
        return inventories_of(ceads_inventory.read(sheets, year=year), wanted, path)
    if kind == "records":
        return records_of(records.read(sheets), wanted, year)
    raise DataError(
        "nothing known found",
        file=path,
        found=_contents(sheets),
        expected="a table, an emission inventory, a list of flows or of published totals",
        remedy="graphmap inspect proposes a mapping for a matrix",
    )


def read_emissions(
    path: str | Path, *, region: str | Sequence[str] | None = None, year: int | None = None
) -> list[Inventory]:
    """Read an emission inventory, provincial or national.

    Args:
        path: an inventory workbook.
        region: only these regions; all of the file if left out.
        year: which year; all of the file if left out.

    Raises:
        DataError: not an inventory, or the region or year is not in it.
    """
    sheets = read_sheets(Path(path))
    if not ceads_inventory.recognises(sheets):
        raise DataError(
            "not an emission inventory",
            file=path,
            found=_contents(sheets),
            expected="sheets such as 'Guangdong2017' or '2017' with a column 'Scope 1 Total'",
        )
    return inventories_of(ceads_inventory.read(sheets, year=year), region, Path(path))


def _table(
    path: Path,
    year: int | None,
    source: str | None,
    sheet: str | None,
    unit: str | None,
    mapping: str | Path | None,
) -> IOTable | tuple[str, list[Sheet]]:
    """The table at ``path``; what else it is and its sheets, where there is none."""
    if source is not None and source not in NAMES:
        raise DataError("unknown source", found=source, expected=f"one of {', '.join(NAMES)}")
    unit = units.money_unit(unit) if unit else None
    if mapping is not None:
        if source or sheet:
            remedy = "leave --source and --sheet out, or name the sheet in the mapping file"
            what = "a mapping file says what is read"
            raise DataError(what, file=mapping, found=source or sheet, remedy=remedy)
        return matrix.read_path(path, mapping, year=year, unit=unit)
    if source == "sample" or (source is None and str(path) == "sample" and not path.exists()):
        return _sample(path, year, sheet or unit)
    with suppress(OSError, zipfile.BadZipFile):  # read_sheets says what is wrong
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            raise DataError("not a regular file", file=path)
        if path.suffix.lower() == ".xlsx" and path.is_file():
            refuse_large(path)  # before a reader opens it to see whether it is its own
    tried = list(PATHS) if source is None else [source] if source in PATHS else []
    in_path = next((name for name in tried if PATHS[name].recognises_path(path)), None)
    if in_path is None and source not in SOURCES:
        in_path = source  # there is no other reader of that name, and it says what is wrong
    if in_path is not None:
        return _read_path(in_path, path, year, sheet, unit)
    if source is None and flow_list.recognises(path):
        return "flows", []
    sheets = read_sheets(path)
    if (width := max(sheet.shape[1] for sheet in sheets)) > WIDEST:
        raise DataError(
            "more columns than any table has",
            file=path,
            found=f"{width:,}",
            expected=f"at most {WIDEST:,}",
        )
    readers = [SOURCES[source]] if source else SOURCES.values()
    for reader in readers:
        if source or reader.recognises(sheets):
            table: IOTable = reader.read(sheets, year=year, sheet=sheet, unit=unit)
            return table
    return next((kind for kind, of in LISTS.items() if of.recognises(sheets)), "unknown"), sheets


def _read_path(
    name: str, path: Path, year: int | None, sheet: str | None, unit: str | None
) -> IOTable:
    if sheet is not None and name != "long":
        raise DataError(
            "--sheet and --unit are for workbooks and national tables", file=path, found=sheet
        )
    options = {} if sheet is None else {"sheet": sheet}  # of a database: its table
    table: IOTable = PATHS[name].read_path(path, year=year, unit=unit, **options)
    return table


def _sample(path: Path, year: int | None, given: str | None) -> IOTable:
    if str(path) != "sample":
        raise DataError("the sample is no file", found=str(path), expected="sample as the SOURCE")
    if given:
        raise DataError(
            "--sheet and --unit are for workbooks and national tables", file=path, found=given
        )
    if year not in (None, sample.YEAR):
        raise DataError("no table of that year", found=year, expected=str(sample.YEAR))
    return sample.table()


def _contents(sheets: Sequence[Sheet]) -> str:
    shown = [
        f"{sheet.name or 'one sheet'} ({sheet.shape[0]} x {sheet.shape[1]} cells)"
        if sheet.shape[0] and sheet.shape[1]
        else f"{sheet.name or 'one sheet'} (empty)"
        for sheet in sheets[:3]
    ]
    return ", ".join(shown) + (f" and {len(sheets) - 3} more" if len(sheets) > 3 else "")
