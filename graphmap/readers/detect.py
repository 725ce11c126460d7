"""Which kind of source a file is, told from its content, and reading it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from graphmap import sample, units
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.table import IOTable, unknown_region
from graphmap.classification import find_region
from graphmap.errors import DataError
from graphmap.readers import ceads_inventory, ceads_mrio, edges, nbs
from graphmap.readers.sheet import Sheet, read_sheets

SOURCES: dict[str, ModuleType] = {"nbs": nbs, "ceads-mrio": ceads_mrio}
"""Readers of tables that stand in sheets, in the order in which they are tried."""

NAMES = (*SOURCES, "edges", "sample")
"""What ``source`` may be."""


def read(
    path: str | Path,
    *,
    region: str | Sequence[str] | None = None,
    year: int | None = None,
    source: str | None = None,
    sheet: str | None = None,
    unit: str | None = None,
) -> IOTable:
    """Read an input-output table.

    Args:
        path: a workbook, a CSV file, a folder with nodes.csv and edges.csv, or ``"sample"``.
        region: one region or several, by any of their names or codes; all if left out.
        year: which year of the source.
        source: one of ``NAMES``, where the content should not decide.
        sheet: the sheet to read, where a workbook holds several tables.
        unit: money unit of the cells, where it is not the usual one of the source.

    Returns:
        The table of these regions; the regions left out have become imports and exports.

    Raises:
        DataError: the file cannot be read, is of no known kind, or lacks the region or year.

    Example:
        >>> table = read("sample", region="广东")
        >>> table.n, table.regions, table.unit
        (42, ['CN-GD'], '100m_yuan')
    """
    return regions_of(_read_all(Path(path), year, source, sheet, unit), region)


def regions_of(table: IOTable, region: str | Sequence[str] | None) -> IOTable:
    """The table of some of its regions, by any of their names or codes; all if there are none.

    Raises:
        DataError: a region is not in the table.
    """
    wanted = [region] if isinstance(region, str) else list(region or ())
    codes = [_code(text, table.regions, "in the table") for text in wanted]
    return table.select(list(dict.fromkeys(codes))) if codes else table


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
    found = ceads_inventory.read(sheets, year=year)
    if region is None:
        return found
    wanted = [region] if isinstance(region, str) else list(region)
    available = list(dict.fromkeys(inventory.region for inventory in found))
    codes = [_code(text, available, f"in the inventory {Path(path).name}") for text in wanted]
    return [inventory for inventory in found if inventory.region in codes]


def _code(text: str, available: Sequence[str], where: str) -> str:
    known = find_region(text)
    code = known.code if known else text
    if code not in available:
        raise unknown_region(text, available, where)
    return code


def _read_all(
    path: Path, year: int | None, source: str | None, sheet: str | None, unit: str | None
) -> IOTable:
    if source is not None and source not in NAMES:
        raise DataError("unknown source", found=source, expected=f"one of {', '.join(NAMES)}")
    called_sample = source is None and str(path) == "sample" and not path.exists()
    is_sample = source == "sample" or called_sample
    pair = edges.pair_of(path) if source in (None, "edges") else None
    if (is_sample or pair) and (sheet or unit):
        raise DataError(
            "--sheet and --unit are for workbooks and national tables",
            file=path,
            found=sheet or unit,
            remedy="edges.csv and nodes.csv name the unit in their column names",
        )
    if is_sample:
        return _sample(path, year)
    if pair:
        return edges.read(pair, year=year)
    if source == "edges":
        raise DataError("no pair of nodes.csv and edges.csv", file=path)
    sheets = read_sheets(path)
    reader = SOURCES[source] if source else _detect(path, sheets)
    table: IOTable = reader.read(
        sheets, year=year, sheet=sheet, unit=units.money_unit(unit) if unit else None
    )
    return table


def _sample(path: Path, year: int | None) -> IOTable:
    if str(path) != "sample":
        raise DataError("the sample is no file", found=str(path), expected="sample as the SOURCE")
    if year not in (None, sample.YEAR):
        raise DataError("no table of that year", found=year, expected=str(sample.YEAR))
    return sample.table()


def _detect(path: Path, sheets: Sequence[Sheet]) -> ModuleType:
    for reader in SOURCES.values():
        if reader.recognises(sheets):
            return reader
    if ceads_inventory.recognises(sheets):
        raise DataError(
            "this is an emission inventory, not an input-output table",
            file=path,
            remedy="give it with --emissions, beside a table",
        )
    raise DataError(
        "no input-output table found",
        file=path,
        found=_contents(sheets),
        expected="rows of suppliers down to TII (中间投入合计), columns of users up to GO (总产出)",
        remedy=f"--source forces a reader ({', '.join(NAMES)})",
    )


def _contents(sheets: Sequence[Sheet]) -> str:
    shown = [
        f"{sheet.name or 'one sheet'} ({sheet.shape[0]} x {sheet.shape[1]} cells)"
        if sheet.shape[0] and sheet.shape[1]
        else f"{sheet.name or 'one sheet'} (empty)"
        for sheet in sheets[:3]
    ]
    return ", ".join(shown) + (f" and {len(sheets) - 3} more" if len(sheets) > 3 else "")
