"""The sheet of statements: every sentence, its figures, and where each stands in the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphmap import units
from graphmap.first_steps import first_steps
from graphmap.i18n import words
from graphmap.panel import Panel
from graphmap.quoted import Quoted, Statement
from graphmap.readers.cell_names import column_letters
from graphmap.render.workbook.cells import known
from graphmap.render.workbook.columns import Column, Sheet, head, unit_of
from graphmap.statements import compared, evidence, headline

SEARCHED = ("sectors", "regions", "flows", "paths", "communities", "levers", "relations", "years")
"""Sheets in which a figure is looked for, those first that a reader knows best."""

KINDS = {
    "Mt": "mass",
    **dict.fromkeys(units.CURRENCIES.values(), "money"),
    **{f"t/{currency}": "intensity" for currency in units.CURRENCIES.values()},
}
KINDS |= {"%": "share"}
"""In columns of which kind a figure of a unit can stand; a number alone could be anything's."""

Place = tuple[str, str]
"""The kind of a column, and what a figure in it is known by."""


def sheet_name(key: str, tag: str) -> str:
    """What a sheet is called in a language."""
    return words(f"workbook.sheet.{key}")[tag]


@dataclass(frozen=True)
class Cell:
    """A cell of a sheet: ``row`` and ``column`` from 0, the heading included."""

    sheet: str
    row: int
    column: int

    def address(self, tag: str) -> str:
        """Where it is, as spreadsheets write it: ``Sectors!C5``."""
        return f"{sheet_name(self.sheet, tag)}!{column_letters(self.column)}{self.row + 1}"

    def link(self, tag: str) -> str:
        """What leads there from another cell of the workbook."""
        name, _, place = self.address(tag).rpartition("!")
        return f"internal:'{name}'!{place}"


def statements_sheet(panel: Panel, sheets: Sequence[Sheet], tag: str) -> Sheet:
    """Every statement of the panel, a row a figure that it quotes."""
    cells = _cells(sheets)
    rows: list[tuple[Any, ...]] = []
    for part, said in _said(panel, tag):
        text = said.text[tag]
        for quoted in said.figures:
            place = _where(quoted, cells, tag)
            shown = (quoted.text[tag], quoted, _unit(quoted, tag), place)
            rows.append((part, text, quoted.name[tag], *shown))
        if not said.figures:
            rows.append((part, text, "", "", None, "", None))
    kinds = {"part": "text", "statement": "said", "quoted": "text", "written": "text"}
    kinds |= {"value": "quoted", "unit": "text", "where": "link"}
    columns = [
        Column(head(key, tag), [row[i] for row in rows], kind)
        for i, (key, kind) in enumerate(kinds.items())
    ]
    return Sheet("statements", columns, frozen=0)


def _said(panel: Panel, tag: str) -> Iterator[tuple[str, Statement]]:
    """Every statement, and under what heading a deck says it."""
    yield words("workbook.part.headline")[tag], headline(panel)
    for each in evidence(panel):
        yield words("workbook.part.evidence")[tag], each
    for each in compared(panel):
        yield words("workbook.part.compared")[tag], each
    for step in first_steps(panel):
        for each in step.statements:
            yield words(f"workbook.part.{step.lever}")[tag], each


def _cells(sheets: Sequence[Sheet]) -> dict[Place, list[tuple[str, Cell]]]:
    """Where figures stand: heading and cell, those first that a reader knows best."""
    by_key = {sheet.key: sheet for sheet in sheets}
    found: dict[Place, list[tuple[str, Cell]]] = {}
    for sheet in (by_key[key] for key in SEARCHED if key in by_key):
        for at, column in enumerate(sheet.columns):
            if column.kind in KINDS.values():
                for row, value in enumerate(column.values, 1):
                    if known(value) and value:
                        place = (column.kind, _known_by(value))
                        found.setdefault(place, []).append((column.head, Cell(sheet.key, row, at)))
    return found


def _where(quoted: Quoted, cells: dict[Place, list[tuple[str, Cell]]], tag: str) -> Cell | None:
    """The first cell with the figure under a heading of its name.

    Figures of many digits cannot be taken for one another, so they need no such heading.
    """
    found = cells.get((KINDS.get(quoted.unit, ""), _known_by(quoted.value)), [])
    same_name = [cell for heading, cell in found if heading.startswith(quoted.name[tag])]
    if same_name or quoted.value == float(f"{quoted.value:.4g}"):
        return same_name[0] if same_name else None
    return found[0][1] if found else None


def _known_by(value: float) -> str:
    """What two figures share that are one: the order of a sum leaves its last digits open."""
    return f"{value:.12g}"


def _unit(quoted: Quoted, tag: str) -> str:
    """The unit of the value; a share has none, its cell shows a percentage."""
    names = {currency: f"10k_{name}" for name, currency in units.CURRENCIES.items()}
    money = names.get(quoted.unit.removeprefix("t/"), "")
    if quoted.unit.startswith("t/"):
        return unit_of(f"t_per_{money}", tag)[1]
    if quoted.unit in names:
        return unit_of(money, tag)[1]
    return {"%": "", "Mt": unit_of("mt", tag)[1]}.get(quoted.unit, quoted.unit)
