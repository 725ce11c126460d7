"""Native tables that fit their room: type, columns and rows are chosen by measured text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from graphmap.render.palette import EDGE, INK
from graphmap.render.slides.parts import Deck, Paragraph, Run, described, fill_of, placed, runs
from graphmap.render.slides.template import Box
from graphmap.render.slides.text import height_in_cell, lines, width

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's 'No Style, No Grid': lines and fills are given cell by cell."""

SIZES = (13, 12, 11, 10, 9, 8)
PAD = (0.1, 0.045)
"""Inches left and right, above and below the text of a cell."""

LEAST_COLUMN = 0.45
"""Inches that a column has at least."""

UNDER = 0.75
"""Size of the line under a cell's text, over that of the text."""


class Cell(NamedTuple):
    """A cell of a table.

    Attributes:
        runs: its text.
        align: ``l``, ``r`` or ``ctr``.
        tint: the colour behind it, if any.
        span: how many columns it spans.
        under: a smaller, muted line below the text.
    """

    runs: Paragraph
    align: str = "l"
    tint: str | None = None
    span: int = 1
    under: str = ""


def words_cell(text: str, *, bold: bool = False, align: str = "l", tint: str | None = None) -> Cell:
    """A cell of plain text."""
    return Cell([Run(text, bold)], align, tint)


def table(
    deck: Deck,
    slide: Any,
    box: Box,
    head: Sequence[Sequence[Cell]],
    rows: Sequence[Sequence[Cell]],
    name: str,
    text: str,
) -> int:
    """A table in the box, at the largest type at which it fits.

    Args:
        deck, slide, box: where.
        head: heading rows; a cell that spans counts its columns.
        rows: the rows, the most important first; at the smallest type, those that do not fit are
            left out.
        name, text: name and alternative text.

    Returns:
        How many rows there are.
    """
    for size in SIZES:
        columns = _columns(deck, head, rows, box.width, size)
        highs = [_high(deck, row, columns, size) for row in [*head, *rows]]
        if sum(highs) <= box.height:
            break
    shown = len(rows)
    while shown > 1 and sum(highs[: len(head) + shown]) > box.height:
        shown -= 1
    cells = [*head, *rows[:shown]]
    highs = highs[: len(cells)]
    # rows breathe in what room is left, up to a third of their height
    ease = min(1.35, box.height / sum(highs))
    _written(deck, slide, box, cells, columns, [high * ease for high in highs], size, len(head))
    described(slide.shapes[-1], name, text)
    return shown


def _plain(cell: Cell) -> str:
    return "".join(run.text for run in cell.runs)


def _columns(
    deck: Deck,
    head: Sequence[Sequence[Cell]],
    rows: Sequence[Sequence[Cell]],
    total: float,
    size: float,
) -> list[float]:
    """Widths of the columns: words stay whole, then cells on one line, then headings."""
    count = max(sum(cell.span for cell in row) for row in [*head, *rows])
    every = [*head, *rows]
    least = _asked(deck, every, count, lambda text: _longest(deck, text, size), size)
    if sum(least) > total:  # words are too wide: the widest columns break theirs
        return _levelled(least, total)
    steps = [
        [min(wide, max(total / 3, low)) for wide, low in zip(asked, least, strict=True)]
        for asked in (_asked(deck, part, count, None, size) for part in (rows, every))
    ]
    widths = least
    for step in steps:
        asked = [max(wide - now, 0.0) for wide, now in zip(step, widths, strict=True)]
        spare = total - sum(widths)
        given = min(1.0, spare / sum(asked)) if sum(asked) > 0 else 0.0
        widths = [now + given * ask for now, ask in zip(widths, asked, strict=True)]
    return [wide + (total - sum(widths)) / count for wide in widths]


def _levelled(widths: Sequence[float], total: float) -> list[float]:
    """The widths, the widest of them cut to one width so that all together make up the total."""
    left, open_ = total, sorted(widths)
    while open_ and open_[0] <= left / len(open_):
        left -= open_.pop(0)
    most = left / len(open_) if open_ else total
    return [min(wide, most) for wide in widths]


def _asked(
    deck: Deck,
    rows: Sequence[Sequence[Cell]],
    count: int,
    measured: Callable[[str], float] | None,
    size: float,
) -> list[float]:
    """What the cells of each column ask for, by a measure of their text or on one line."""
    found = [LEAST_COLUMN] * count
    for row in rows:
        at = 0
        for cell in row:
            if cell.span == 1:
                text = _plain(cell)
                bold = any(run.bold for run in cell.runs)
                wide = measured(text) if measured else width(text, size, deck.lang, bold)
                found[at] = max(found[at], wide + 2 * PAD[0] + 0.02)
            at += cell.span
    return found


def _longest(deck: Deck, text: str, size: float) -> float:
    return max((width(word, size, deck.lang, bold=True) for word in _words(text)), default=0.0)


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.split()
    return [word[:4] for word in text.replace("、", " ").split()]  # Chinese breaks anywhere


def _high(deck: Deck, row: Sequence[Cell], columns: Sequence[float], size: float) -> float:
    """Inches of a row: the text of its highest cell, and the room above and below that."""
    at, most = 0, 0.0
    for cell in row:
        room = sum(columns[at : at + cell.span]) - 2 * PAD[0]
        bold, text = any(run.bold for run in cell.runs), _plain(cell)
        high = height_in_cell(text, lines(text, size, room, deck.lang, bold), size)
        if cell.under:
            small, below = UNDER * size, cell.under
            high += height_in_cell(below, lines(below, small, room, deck.lang), small)
        most = max(most, high)
        at += cell.span
    return most + 2 * PAD[1]


def _written(
    deck: Deck,
    slide: Any,
    box: Box,
    rows: Sequence[Sequence[Cell]],
    columns: Sequence[float],
    highs: Sequence[float],
    size: float,
    heads: int,
) -> None:
    from pptx.util import Inches  # noqa: PLC0415

    place = Box(box.left, box.top, sum(columns), sum(highs))
    made = slide.shapes.add_table(len(rows), len(columns), *placed(place)).table
    made._tbl.tblPr.xpath("a:tableStyleId")[0].text = NO_STYLE
    made.horz_banding = False
    for column, wide in zip(made.columns, columns, strict=True):
        column.width = Inches(wide)
    for i, (row, high) in enumerate(zip(rows, highs, strict=True)):
        made.rows[i].height = Inches(high)
        at = 0
        for cell in row:
            target = made.cell(i, at)
            if cell.span > 1:
                target.merge(made.cell(i, at + cell.span - 1))
            _fill(deck, target, cell, size)
            for each in range(at, at + cell.span):
                _rule(
                    deck, made.cell(i, each), strong=i < heads and (i == heads - 1 or cell.span > 1)
                )
            at += cell.span


def _fill(deck: Deck, target: Any, cell: Cell, size: float) -> None:
    from pptx.enum.text import MSO_ANCHOR  # noqa: PLC0415
    from pptx.util import Inches  # noqa: PLC0415

    target.margin_left = target.margin_right = Inches(PAD[0])
    target.margin_top = target.margin_bottom = Inches(PAD[1])
    target.vertical_anchor = MSO_ANCHOR.MIDDLE
    # a tint is light on any background, so what stands on it is dark
    shown = [
        run._replace(colour=INK) if cell.tint and run.colour is None else run for run in cell.runs
    ]
    small = Run(cell.under, colour="muted", size=round(UNDER * size, 1))
    paragraphs = [shown, [small]] if cell.under else [shown]
    runs(deck, target.text_frame, paragraphs, size, align=cell.align)
    if cell.tint:
        target._tc.get_or_add_tcPr().append(fill_of(deck, cell.tint))


def _rule(deck: Deck, target: Any, *, strong: bool) -> None:
    """The line below a cell; lines come before fills in a cell's properties."""
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import nsdecls  # noqa: PLC0415

    line = parse_xml(f'<a:lnB {nsdecls("a")} w="{12700 if strong else 6350}"/>')
    line.append(fill_of(deck, None if strong else EDGE))
    target._tc.get_or_add_tcPr().insert(0, line)
