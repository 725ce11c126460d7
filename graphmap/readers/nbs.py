"""National tables of the National Bureau of Statistics, as CSV or workbook, competitive or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.i18n import words
from graphmap.readers.assemble import assemble, source_of
from graphmap.readers.blocks import is_table
from graphmap.readers.labels import region_named_in, year_of
from graphmap.readers.sheet import Sheet

UNIT = "10k_yuan"
PUBLISHER = "nbs"


HEADERS = (("code", "description"), ("代码", "名称"), ("代碼", "名稱"))
"""How the header of the bureau's tables begins; the first is that of its CSV files."""


def recognises(sheets: Sequence[Sheet]) -> bool:
    """One table whose header begins with Code and Description, and which is of China.

    A CSV file may leave open what it is of; other files have such headers, too.
    """
    grid = sheets[0]
    if _header(grid) not in HEADERS or not is_table(grid) or any(map(is_table, sheets[1:])):
        return False
    named = region_named_in(grid.name or "", Path(grid.file).stem)
    return named == "CN" or (named is None and grid.name is None and _header(grid) == HEADERS[0])


def _header(sheet: Sheet) -> tuple[str, ...]:
    return tuple(sheet.text(0, j).casefold() for j in range(min(2, sheet.shape[1])))


def years(sheets: Sequence[Sheet]) -> list[int]:
    """The year named in the name of the sheet or the file, since the cells hold none."""
    year = year_of(sheets[0].name or "", Path(sheets[0].file).name)
    return [year] if year else []


def read(
    sheets: Sequence[Sheet],
    *,
    year: int | None = None,
    sheet: str | None = None,
    unit: str | None = None,
) -> IOTable:
    """The table of China as a whole (region ``CN``)."""
    grid = sheets[0]
    if sheet not in (None, grid.name):
        what = "a CSV file has no sheets" if grid.name is None else "no table in that sheet"
        raise DataError(what, file=grid.file, found=sheet, expected=grid.name)
    known = years(sheets)
    if year is not None and known and year not in known:
        raise DataError("no table of that year", file=grid.file, found=year, expected=str(known[0]))
    source = source_of(grid, PUBLISHER, "")
    table = assemble(
        grid, unit=unit or UNIT, source=source, year=known[0] if known else year, region="CN"
    )
    if table.Z_imports is not None:
        source = replace(source, notes=(words("note.imports_apart"),))
    return replace(table, source=source)
