"""Provincial tables in the layout of the CEADs releases: one region or many, Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence

from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.readers.assemble import assemble, source_of
from graphmap.readers.blocks import is_table
from graphmap.readers.labels import year_of
from graphmap.readers.sheet import Sheet

UNIT = "10k_yuan"
PUBLISHER = "ceads"
CITATION = "Zheng et al. 2021, Scientific Data 8:244"
CONSTRUCTED = "constructed for testing"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """A workbook with a sheet that holds a table."""
    return any(sheet.name is not None and is_table(sheet) for sheet in sheets)


def years(sheets: Sequence[Sheet]) -> list[int]:
    """The years of the tables in the workbook."""
    return sorted({year for sheet in sheets if is_table(sheet) and (year := _year(sheet))})


def read(
    sheets: Sequence[Sheet],
    *,
    year: int | None = None,
    sheet: str | None = None,
    unit: str | None = None,
) -> IOTable:
    """The table of the workbook: the first, or the one of ``year``, or the sheet named.

    Imports stand in a row of their own, so that the cells hold domestic supply only.
    """
    tables = [s for s in sheets if is_table(s)]
    if sheet is not None:
        tables = [s for s in sheets if s.name == sheet]
        if not tables:
            raise DataError(
                "no such sheet",
                file=sheets[0].file,
                found=sheet,
                expected="one of " + ", ".join(str(s.name) for s in sheets),
            )
    if year is not None:
        tables = [s for s in tables if _year(s) in (year, None)]
        if not tables:
            raise DataError(
                "no table of that year",
                file=sheets[0].file,
                found=year,
                expected=", ".join(map(str, years(sheets))),
            )
    chosen = tables[0]
    constructed = any(CONSTRUCTED in text.casefold() for s in sheets for text in s.texts.values())
    source = (
        source_of(chosen, "constructed", "")
        if constructed
        else source_of(chosen, PUBLISHER, CITATION)
    )
    return assemble(chosen, unit=unit or UNIT, source=source, year=_year(chosen) or year)


def _year(sheet: Sheet) -> int | None:
    return year_of(sheet.text(0, 0), sheet.name or "", sheet.file)
