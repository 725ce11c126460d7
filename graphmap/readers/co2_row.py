"""The row of CO2 that stands below a table, in the unit that its label names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from graphmap import units
from graphmap.accounts.emissions import Extension
from graphmap.accounts.table import IOTable
from graphmap.readers.blocks import HEADER_COLUMNS, Axis, Line, item_of
from graphmap.readers.sheet import Sheet


def with_co2_row(table: IOTable, sheet: Sheet, rows: Axis, used: Sequence[int]) -> IOTable:
    """The table with the CO2 row that stands below it, if one does."""
    found = rows.of("co2")
    if not found:
        return table
    line, *again = found
    if again:
        at = rows.place(again[0].position, rows.last_header)
        raise sheet.error("a second row of CO2", *at, expected="one row")
    unit = _mass_unit(sheet, line)
    missing = list(table.missing)
    F = sheet.block([line.position], used, missing)[0] * units.factor(unit, "Mt")
    extension = Extension(F, np.zeros(len(table.final_uses)), "Mt", "CO2", table.source)
    return replace(table, extensions={"co2": extension}, missing=tuple(missing))


def _mass_unit(sheet: Sheet, line: Line) -> str:
    """The unit of a CO2 row, from brackets in its label or a header cell of its own."""
    for column in range(HEADER_COLUMNS):
        label = sheet.text(line.position, column)
        bracketed = re.search(r"[(（]([^()（）]*)[)）]\s*$", label)
        unit = (bracketed.group(1) if bracketed else label).casefold()
        unit = re.sub(r"co[2₂]|\s", "", unit)
        if unit in units.MASS_SPELLINGS:
            return units.MASS_SPELLINGS[unit]
        if bracketed and item_of(label) == "co2":
            raise sheet.error(
                "unknown unit of the CO2 row",
                line.position,
                column,
                found=label,
                expected=", ".join(units.MASS_SPELLINGS),
            )
    raise sheet.error(
        "the CO2 row names no unit", line.position, expected="a label such as CO2 (Mt)"
    )
