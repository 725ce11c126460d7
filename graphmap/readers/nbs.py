"""National tables of the National Bureau of Statistics as CSV, competitive or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.i18n import words
from graphmap.readers.assemble import assemble, source_of
from graphmap.readers.blocks import is_table
from graphmap.readers.labels import year_of
from graphmap.readers.sheet import Sheet

UNIT = "10k_yuan"
PUBLISHER = "nbs"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """A CSV file whose header begins with Code and Description, as the bureau's tables do."""
    first = [sheets[0].text(0, j).casefold() for j in range(min(2, sheets[0].shape[1]))]
    return sheets[0].name is None and first == ["code", "description"] and is_table(sheets[0])


def years(sheets: Sequence[Sheet]) -> list[int]:
    """The year named in the file's name, since the file itself holds none."""
    year = year_of(Path(sheets[0].file).name)
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
    if sheet is not None:
        raise DataError("a CSV file has no sheets", file=grid.file, found=sheet)
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
