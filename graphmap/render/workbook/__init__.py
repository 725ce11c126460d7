"""The numbers behind the map as a workbook that opens in any spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphmap.errors import DataError
from graphmap.i18n import language, number, words
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.quoted import Quoted
from graphmap.render import palette
from graphmap.render.files import write_all
from graphmap.render.workbook.cells import (
    LINE,
    NOT_FIGURES,
    WIDEST,
    Exact,
    Formats,
    chip,
    formats_of,
    heading_format,
    known,
    light,
    lines_of,
    number_format,
    printable,
    width_of,
)
from graphmap.render.workbook.columns import Column, Sheet
from graphmap.render.workbook.main_sheets import sheets
from graphmap.render.workbook.readme import write_readme
from graphmap.render.workbook.statements import Cell, sheet_name, statements_sheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FONTS = {"en": "Calibri", "zh-Hans": "Microsoft YaHei", "zh-Hant": "Microsoft JhengHei"}
"""What spreadsheets have on the systems of their readers; others fall back to a like one."""

CHIPS = (*ROLES, "other")

PAGE = 170.0
"""Characters across a printed page."""

CREATED = datetime(2000, 1, 1)
"""A fixed date: the same study gives the same bytes."""

SOUND = {
    # nothing that a source says is ever taken for a formula, a link or a number
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def workbook(panel: Panel, lang: str | None = None) -> bytes:
    """Every number of a panel in one xlsx file, sheets and headings in one language.

    Money is in 10 thousand of the currency, emissions in Mt of CO2; figures have all their digits,
    what is not known is an empty cell. The same panel gives the same bytes.

    Args:
        panel: the latest of its studies is shown, the others on the sheets of years.
        lang: ``en``, ``zh-Hans`` or ``zh-Hant``; the study's own if left out.

    Raises:
        DataError: xlsxwriter is not installed, or there is no such language.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.panel import panel
        >>> from graphmap.study import study
        >>> workbook(panel(study(sample.table().select(["CN-GD"]))))[:2]
        b'PK'
    """
    try:
        import xlsxwriter  # noqa: PLC0415
    except ImportError as error:
        raise DataError(
            "a workbook needs xlsxwriter", remedy='run pip install "graphmap[slides]"'
        ) from error
    tag, study = language(lang or panel.latest.lang), panel.latest
    tables = sheets(panel, tag)
    shown = [statements_sheet(panel, tables, tag), *tables]
    left_out = [sheet.key for sheet in shown if not sheet.rows]
    shown = [sheet for sheet in shown if sheet.rows]
    content = io.BytesIO()
    font = {"font_name": FONTS[tag], "font_size": 10, "font_color": palette.INK}
    book = xlsxwriter.Workbook(content, {**SOUND, "default_format_properties": font})
    book.set_properties(
        {
            "title": printable(study.title[tag]),
            "subject": printable(study.subtitle[tag]),
            "author": "graphmap",
            "comments": printable(study.command),
            "created": CREATED,
        }
    )
    formats = formats_of(book)
    pages = {key: book.add_worksheet(sheet_name(key, tag)) for key in ["readme", *_keys(shown)]}
    write_readme(pages["readme"], panel, shown, left_out, formats, tag)
    for sheet in shown:
        _write_sheet(pages[sheet.key], sheet, formats, tag)
    for page in pages.values():
        _set_up_print(page, study.title[tag])
    book.close()
    return content.getvalue()


def write_workbook(panel: Panel, path: str | Path, *, lang: str | None = None) -> Path:
    """Write the workbook of a panel, whole or not at all, and return its path.

    Raises:
        DataError: as ``workbook``; the name does not end in .xlsx, or cannot be written.

    Example:
        >>> from tempfile import mkdtemp
        >>> from graphmap import sample
        >>> from graphmap.panel import panel
        >>> from graphmap.study import study
        >>> found = panel(study(sample.table().select(["CN-GD"])))
        >>> write_workbook(found, Path(mkdtemp()) / "numbers.xlsx").name
        'numbers.xlsx'
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise DataError("unknown format", file=path, expected="a name ending in .xlsx")
    write_all({path: workbook(panel, lang)})
    return path


def _keys(shown: list[Sheet]) -> list[str]:
    return [sheet.key for sheet in shown]


def _write_sheet(page: Worksheet, sheet: Sheet, formats: Formats, tag: str) -> None:
    """A heading, then a row a line; filters on the heading, in sight and repeated."""
    lines, widths = [1] * (sheet.rows + 1), []
    for at, column in enumerate(sheet.columns):
        head = printable(column.head)
        right = column.kind not in NOT_FIGURES
        page.write_string(0, at, head, heading_format(formats, right=right))
        pattern = "" if column.kind == "quoted" else number_format(column.kind, column.values)
        shown = _shown(column, pattern, tag)
        wide = width_of(head, shown)
        page.set_column(at, at, wide)
        widths.append(wide)
        lines[0] = max(lines[0], lines_of(head, wide - 3))  # the filter's button takes some
        if wide == WIDEST:  # no other has text that is wrapped
            for row, text in enumerate(shown, 1):
                lines[row] = max(lines[row], lines_of(text, wide - 2))
        _write_column(page, at, column, pattern, formats, tag)
        if column.bar:
            _bars(page, at, sheet.rows, palette.ROLE[column.bar])
    for row, count in enumerate(lines):  # not all programs fit rows to text that is wrapped
        if count > 1 or row == 0:
            page.set_row(row, LINE * count + 4)
    page.freeze_panes(1, sheet.frozen)
    page.autofilter(0, 0, sheet.rows, len(sheet.columns) - 1)
    page.repeat_rows(0)
    if sheet.frozen:
        page.repeat_columns(0, sheet.frozen - 1)
    page.fit_to_pages(max(round(sum(widths) / PAGE), 1), 0)


def _shown(column: Column, pattern: str, tag: str) -> list[str]:
    """About what a reader will see, to fit width and height; of figures the widest alone."""
    if column.kind == "role":
        return [words(f"role.{value}")[tag] for value in column.values]
    if column.kind == "said":
        return ["" if again else text for text, again in _repeated(column.values)]
    if column.kind == "link":
        return [cell.address(tag) if cell else "" for cell in column.values]
    if column.kind in NOT_FIGURES:
        return [printable(str(value)) for value in column.values]
    if column.kind == "quoted":
        return [number(quoted.value, tag, 3) for quoted in column.values if quoted]
    digits = len(pattern.partition(".")[2].rstrip("%"))
    sizes = [
        value * (100 if column.kind == "share" else 1) for value in column.values if known(value)
    ]
    return [number(value, tag, digits) for value in (min(sizes), max(sizes))] if sizes else []


def _repeated(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """Each text, and whether it is that of the row above."""
    return [(text, i > 0 and text == texts[i - 1]) for i, text in enumerate(texts)]


def _write_column(
    page: Worksheet, at: int, column: Column, pattern: str, formats: Formats, tag: str
) -> None:
    line: dict[str, Any] = {"bottom": 4, "bottom_color": palette.LINE}
    figures = formats(num_format=pattern, **line)
    if column.kind in NOT_FIGURES:
        line |= {"align": "left", "indent": 1}
    text_cell = formats(text_wrap=True, **line)
    muted = formats(font_color=palette.MUTED, **line)
    link = formats(font_color=palette.ROLE["high_transmission"], underline=1, **line)
    chips = {role: (words(f"role.{role}")[tag], formats(**line, **chip(role))) for role in CHIPS}
    again = [repeated for _, repeated in _repeated(column.values)] if column.kind == "said" else []
    for row, value in enumerate(column.values, 1):
        if isinstance(value, str):
            if column.kind == "role":
                page.write_string(row, at, *chips[value])
            elif value:
                # a sentence stands in the rows of all its figures
                cell = muted if again and again[row - 1] else text_cell
                page.write_string(row, at, printable(value), cell)
            else:
                page.write_blank(row, at, None, text_cell)
        elif isinstance(value, Cell):
            page.write_url(row, at, value.link(tag), link, value.address(tag))
        elif isinstance(value, Quoted):
            kind = "share" if value.unit == "%" else "quoted"
            own = number_format(kind, [value.value], value.digits)
            page.write_number(row, at, Exact(value.value), formats(num_format=own, **line))
        elif known(value):
            page.write_number(row, at, Exact(value), figures)
        else:
            page.write_blank(row, at, None, text_cell)


def _bars(page: Worksheet, at: int, rows: int, colour: str) -> None:
    page.conditional_format(
        1,
        at,
        rows,
        at,
        {
            "type": "data_bar",
            "data_bar_2010": True,
            "bar_solid": True,
            "bar_color": light(colour),
            "min_type": "num",  # from nought, so that twice as long is twice as much
            "min_value": 0,
        },
    )


def _set_up_print(page: Worksheet, title: str) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    shown = printable(title).replace("&", "&&")[:200]  # & begins a code there, 255 is the limit
    page.set_header(f"&L{shown}&R&A")
    page.set_footer("&R&P / &N")
