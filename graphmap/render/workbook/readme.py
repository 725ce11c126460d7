"""A workbook's first sheet: what it is and says, what each sheet holds, how it was made."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import TYPE_CHECKING

from graphmap.i18n import Names, figure, listed, plain, words
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.render import palette
from graphmap.render.workbook.cells import LINE, Formats, chip, heading_format, lines_of, printable
from graphmap.render.workbook.columns import Sheet
from graphmap.render.workbook.statements import Cell, sheet_name
from graphmap.statements import headline
from graphmap.study import Study

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDTHS = (24, 100, 10)
"""Characters of the columns: what, about it, how many."""


def write_readme(
    page: Worksheet,
    panel: Panel,
    shown: list[Sheet],
    left_out: list[str],
    formats: Formats,
    tag: str,
) -> None:
    """What this is, what it says, which sheet holds what, in what units, and how it was made."""
    study = panel.latest
    text = formats(text_wrap=True)
    label = formats(bold=True, font_color=palette.MUTED)
    page.hide_gridlines(2)
    page.fit_to_pages(1, 1)
    for at, width in enumerate(WIDTHS):
        page.set_column(at, at, width)

    def say(row: int, said: str, style: Format = text, larger: float = 1.0) -> None:
        page.write_string(row, 1, printable(said), style)
        page.set_row(row, larger * (LINE * lines_of(said, WIDTHS[1] / larger) + 4))

    title = words("workbook.about", title=study.title)[tag]
    page.write_string(0, 0, printable(title), formats(bold=True, font_size=18))
    page.set_row(0, 2 * LINE)
    page.write_string(1, 0, printable(study.subtitle[tag]), formats(font_color=palette.MUTED))
    if study.notice:
        warned = formats(bold=True, bg_color=palette.TINT_CARBON)
        page.write_string(2, 0, printable(study.notice[tag]), warned)
        page.write_blank(2, 1, None, warned)
        page.write_blank(2, 2, None, warned)
    page.write_string(4, 0, words("workbook.part.headline")[tag], label)
    say(4, headline(panel).text[tag], formats(font_size=13, text_wrap=True), larger=1.3)
    heads = (words(key)[tag] for key in ("workbook.contents", "workbook.holds", "workbook.rows"))
    for at, name in enumerate(heads):
        page.write_string(6, at, name, heading_format(formats, right=at == 2))
    link = formats(
        font_color=palette.ROLE["high_transmission"], underline=1, align="left", indent=1
    )
    row = 7
    for sheet in shown:
        in_rows = sheet.key == "table" and not _is_matrix(sheet)
        about = words(f"workbook.about.{sheet.key}{'_in_rows' if in_rows else ''}")
        page.write_url(row, 0, Cell(sheet.key, 0, 0).link(tag), link, sheet_name(sheet.key, tag))
        say(row, about[tag], formats(text_wrap=True, align="left", indent=1))
        page.write_number(row, 2, sheet.rows, formats(num_format="#,##0"))
        row += 1
    row += 1
    for name, said in _notes(panel, shown, left_out, tag):
        page.write_string(row, 0, name, label)
        say(row, said)
        row += 1
    row += 1
    for role, rule in study.thresholds.items():
        named = words("relations.column.position" if role == "position" else f"role.{role}")
        page.write_string(row, 0, named[tag], formats(**chip(role)) if role in ROLES else label)
        say(row, rule[tag], formats(text_wrap=True, align="left", indent=1))
        row += 1


def _is_matrix(sheet: Sheet) -> bool:
    return all(column.kind != "role" for column in sheet.columns)


def _notes(
    panel: Panel, shown: list[Sheet], left_out: list[str], tag: str
) -> list[tuple[str, str]]:
    study = panel.latest
    unit = words(f"unit.{study.networks['money'].unit}")
    found = [("workbook.units", words("workbook.units.text", money=unit)), _drawn(study)]
    cells = study.networks["money"].weights
    table = next((sheet for sheet in shown if sheet.key == "table"), None)
    if table and not _is_matrix(table) and table.rows < cells.nnz:
        held = sum(next(c for c in table.columns if c.kind == "money").values)
        share = figure(100 * held / float(cells.sum()), 1, "%")
        cut = words("workbook.cut", all=figure(cells.nnz), count=figure(table.rows), share=share)
        found.append(("workbook.sheet.table", cut))
    if left_out:
        named = listed([words(f"workbook.sheet.{key}") for key in left_out])
        found.append(("workbook.left_out", words("workbook.left_out.text", sheets=named)))
    made = words("workbook.made.text", version=version("graphmap"))
    found.append(("workbook.made", made))
    if study.command:
        found.append(("workbook.command", plain(study.command)))
    return [(words(key)[tag], text[tag]) for key, text in found]


def _drawn(study: Study) -> tuple[str, Names]:
    flows, share = figure(study.backbone.edges), study.backbone.share_of_flow
    if math.isnan(share):
        return "workbook.drawn", words("workbook.drawn.listed", flows=flows, rule=study.keep)
    whole = words("page.all.between" if study.complete else "page.all.source")
    said = words(
        "workbook.drawn.text",
        flows=flows,
        rule=study.keep,
        share=figure(100 * share, 1, "%"),
        all=whole,
    )
    return "workbook.drawn", said
