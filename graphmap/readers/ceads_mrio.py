"""Tables in the layout of the CEADs releases, as workbook or CSV: one region or many."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import numpy as np

from graphmap import units
from graphmap.accounts.emissions import Source
from graphmap.accounts.table import IOTable
from graphmap.classification import find_region
from graphmap.errors import DataError
from graphmap.i18n import words
from graphmap.readers.assemble import assemble, source_of
from graphmap.readers.blocks import HEADER_ROWS, is_table
from graphmap.readers.headers import is_of_coefficients
from graphmap.readers.labels import region_named_in, unit_of, year_of
from graphmap.readers.sheet import Sheet, hidden_sheets

UNIT = "10k_yuan"
PUBLISHER = "ceads"
CITATION = "Zheng et al. 2021, Scientific Data 8:244"
TITLE_CELLS = 4
"""A row above the table with more texts is part of its header."""

CONSTRUCTED = "constructed for testing"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """A workbook with a sheet that holds a table (or its coefficients), or such a CSV file."""
    return any(is_table(sheet) or is_of_coefficients(sheet) for sheet in sheets)


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
    """The table of the workbook: the only one, the one of ``year``, or the sheet named.

    Imports stand in a row of their own, so that the cells hold domestic supply only. The same
    table in several languages is one; one that is hidden stands behind those that are shown.

    Raises:
        DataError: there is no table, or there are several of which none is asked for.
    """
    tables = _tables(sheets, year, sheet)
    coefficients = next(filter(is_of_coefficients, tables or sheets), None)
    if coefficients is not None:
        raise coefficients.error(
            "a table of coefficients, not of flows",
            found="inputs of every sector that add up to 1",
            expected="flows in money",
            remedy="name the sheet of flows with --sheet",
        )
    if not tables:
        raise DataError("no input-output table in any sheet", file=sheets[0].file)
    _refuse_choice("province", "--sheet", tables, _region)
    _refuse_choice("year", "--year", tables, _year)
    if len(tables) > 1:
        hidden = hidden_sheets(Path(tables[0].file))  # often drafts
        tables = [each for each in tables if each.name not in hidden] or tables
    table = _assembled(tables[0], sheets, year, unit)
    for other in tables[1:]:
        again = None
        with suppress(DataError):  # one that cannot be read is another table, too
            again = _assembled(other, sheets, year, unit)
        if again is None or not _same(table, again):
            raise DataError(
                "several sheets hold a table of the same region and year",
                file=other.file,
                found=", ".join(str(each.name) for each in tables),
                expected="the one to read, with --sheet",
            )
    return table


def _assembled(
    chosen: Sheet, sheets: Sequence[Sheet], year: int | None, unit: str | None
) -> IOTable:
    printed = unit or _printed_unit([chosen, *sheets])
    table = assemble(
        chosen,
        unit=printed or UNIT,
        source=_source(chosen, sheets),
        year=_year(chosen) or year,
        region=region_named_in(*_titles(chosen), chosen.name or "", Path(chosen.file).stem),
    )
    if printed is None:
        return table.noted(words("note.unit_assumed", unit=words(f"unit.{UNIT}")))
    return table


def _same(table: IOTable, other: IOTable) -> bool:
    """Whether two tables have the same sectors, unit and figures, whatever they are called."""
    if (table.unit, *table.index.index) != (other.unit, *other.index.index):
        return False
    parts = ("Z", "Y", "V", "imports", "x", "imports_inside", "Z_imports", "co2")
    return all(np.array_equal(getattr(table, part), getattr(other, part)) for part in parts)


def _tables(sheets: Sequence[Sheet], year: int | None, sheet: str | None) -> list[Sheet]:
    """The sheets that come into question."""
    tables = [s for s in sheets if (is_table(s) if sheet is None else s.name == sheet)]
    if sheet is not None and not tables:
        raise DataError(
            "no such sheet",
            file=sheets[0].file,
            found=sheet,
            expected="one of " + ", ".join(str(s.name) for s in sheets),
        )
    of_year = [s for s in tables if year is None or _year(s) in (year, None)]
    if not of_year and years(sheets):
        raise DataError(
            "no table of that year",
            file=sheets[0].file,
            found=year,
            expected=", ".join(map(str, years(sheets))),
        )
    return of_year


def _refuse_choice(
    what: str, option: str, tables: Sequence[Sheet], of: Callable[[Sheet], object]
) -> None:
    """Refuse to take the first of several tables that are not of the same ``what``."""
    found = {value: each.name for each in tables if (value := of(each))}
    if len(found) > 1:
        raise DataError(
            f"each sheet holds the table of another {what}",
            file=tables[0].file,
            found=", ".join(str(name) for name in found.values()),
            expected=f"the one to read, with {option}",
        )


def _region(sheet: Sheet) -> str | None:
    """The one province that the sheet's title or name says it is of."""
    return region_named_in(*_titles(sheet), sheet.name or "")


def _source(chosen: Sheet, sheets: Sequence[Sheet]) -> Source:
    """CEADs is named only where the workbook does or has its sheets of sectors and provinces."""
    texts = [text.casefold() for sheet in sheets for text in sheet.texts.values()]
    if any(CONSTRUCTED in text for text in texts):
        return source_of(chosen, "constructed", "")
    listed = {"sector", "province"} <= {(sheet.name or "").casefold() for sheet in sheets}
    if listed or any("ceads" in text for text in [*texts, Path(chosen.file).name.casefold()]):
        return source_of(chosen, PUBLISHER, CITATION)
    return source_of(chosen, "", "")


def _printed_unit(sheets: Sequence[Sheet]) -> str | None:
    """The money unit named above the table, in its sheet's name or a footnote, or in another sheet.

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
    own = sheets[0]
    parts = re.split(r"[\s_()（）-]+", own.name or "")
    below = [text for (row, _), text in own.texts.items() if row >= HEADER_ROWS]
    for named in (*parts, *map(unit_of, below)):
        with suppress(DataError):  # intensities and the like
            return units.money_unit(named or "")
    return None


def _year(sheet: Sheet) -> int | None:
    return year_of(*_titles(sheet), sheet.name or "", Path(sheet.file).name)


def _titles(sheet: Sheet) -> list[str]:
    """What stands above the table: the first cell, and rows with hardly anything else."""
    rows: dict[int, list[str]] = {}
    for row, column in sorted(at for at in sheet.texts if at[0] < HEADER_ROWS):
        rows.setdefault(row, []).append(sheet.text(row, column))
    above = takewhile(lambda row: len(rows[row]) <= TITLE_CELLS, sorted(rows))
    titles = [rows[row] for row in above]
    return [
        sheet.text(0, 0),
        *(" ".join(texts) for texts in titles if not all(map(find_region, texts))),
    ]
