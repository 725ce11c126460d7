"""Provincial tables in the layout of the CEADs releases: one region or many, Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graphmap import units
from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.readers.assemble import assemble, source_of
from graphmap.readers.blocks import HEADER_ROWS, is_table
from graphmap.readers.labels import unit_of, year_of
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
        if not tables and years(sheets):
            raise DataError(
                "no table of that year",
                file=sheets[0].file,
                found=year,
                expected=", ".join(map(str, years(sheets))),
            )
    if not tables:
        raise DataError("no input-output table in any sheet", file=sheets[0].file)
    chosen = tables[0]
    constructed = any(CONSTRUCTED in text.casefold() for s in sheets for text in s.texts.values())
    source = (
        source_of(chosen, "constructed", "")
        if constructed
        else source_of(chosen, PUBLISHER, CITATION)
    )
    unit = unit or _printed_unit([chosen, *sheets]) or UNIT
    return assemble(chosen, unit=unit, source=source, year=_year(chosen) or year)


def _printed_unit(sheets: Sequence[Sheet]) -> str | None:
    """The money unit named above the table, or in a note of the workbook.

    Raises:
        DataError: a unit is named above the table that is none of money.
    """
    for sheet in sheets:
        for (row, column), text in sheet.texts.items():
            named = unit_of(text) if row < HEADER_ROWS else None
            if named is not None:
                try:
                    return units.money_unit(named)
                except DataError as error:
                    if sheet is sheets[0]:
                        raise sheet.error(
                            "unknown money unit",
                            row,
                            column,
                            found=named,
                            expected=", ".join(units.MONEY_UNITS),
                            remedy="say which with --unit",
                        ) from error
    return None


def _year(sheet: Sheet) -> int | None:
    return year_of(sheet.text(0, 0), sheet.name or "", Path(sheet.file).name)
