"""Bars in columns, one a measure: every bar from zero and with its value at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from graphmap.arrays import Array
from graphmap.i18n import number, words
from graphmap.render.figures.labels import cut, write
from graphmap.render.figures.numbers import in_unit, unit_of
from graphmap.render.figures.style import LABEL, SMALL
from graphmap.render.fonts import text_extent
from graphmap.render.palette import EDGE, INK, LINE, MUTED

HEAD, ROW, LEAST_ROW, TWO_LINES = 34.0, 30.0, 11.5, 19.0
"""Points: headings; a row at most, at least, and from where the note stands below the name."""

GUTTER, CHIP = 14.0, 8.0

WIDEST = 0.3
"""Share of the width that names may take."""


@dataclass(frozen=True)
class Row:
    """What a row is called and how it is drawn."""

    name: str
    note: str = ""
    colour: str = MUTED
    bold: bool = True
    pale: bool = False


@dataclass(frozen=True)
class Column:
    """A measure of the rows, in the unit in which it is written.

    Attributes:
        kind: columns of one kind have one scale.
        values: (rows,); NaN where not known.
        line: a value marked beside all bars, if any.
    """

    heading: str
    unit: str
    kind: str
    values: Array
    texts: tuple[str, ...]
    line: float | None = None

    @property
    def low(self) -> float:
        """Where the column begins: at nothing, or below."""
        return float(np.nanmin(self.values, initial=0.0))

    @property
    def span(self) -> float:
        """From there to its largest value."""
        return float(np.nanmax(self.values, initial=0.0)) - self.low


def column(
    measure: str,
    kind: str,
    values: Array,
    currency: str,
    lang: str,
    mean: tuple[float, int] | None = None,
) -> Column:
    """A measure as a column; all its values have as many decimals as suit the largest.

    Args:
        measure: of ``payload.MEASURES``.
        kind: what kind of figure it is.
        values: (rows,) as computed.
        currency: of money.
        lang: the language.
        mean: what regions have together, and how many regions these are.
    """
    shown = np.array([in_unit(float(value), kind, lang) for value in values])
    largest = float(np.nanmax(np.abs(shown), initial=0.0))
    digits = 0 if largest >= 1000 else 1 if largest >= 10 else 2 if largest >= 1 else 3
    texts = tuple(number(value, lang, digits) for value in shown)
    name, unit = words(f"measure.{measure}")[lang], unit_of(kind, currency)[lang]
    if mean is None:
        return Column(name, unit, kind, shown, texts)
    value, count = in_unit(mean[0], kind, lang), mean[1]
    told = words("figure.columns.mean", count=count, value=number(value, lang, digits))
    return Column(name, f"{unit} · {told[lang]}", kind, shown, texts, value)


def _with_scale(columns: Sequence[Column], lang: str) -> list[Column]:
    """The columns, the first of each unit saying that the others have its scale."""
    found = list(columns)
    for kind in {each.kind for each in columns}:
        first, *others = [k for k, each in enumerate(columns) if each.kind == kind]
        if others:
            told = words("figure.columns.scale", unit=columns[first].unit)[lang]
            found[first] = replace(columns[first], unit=told)
    return found


def rows_that_fit(height: float) -> int:
    """How many rows there is room for."""
    return max(1, int((height - HEAD) // LEAST_ROW))


def draw_columns(
    axes: Axes, size: tuple[float, float], rows: Sequence[Row], columns: Sequence[Column], lang: str
) -> None:
    """Draw the rows and columns on paper of this width and height in points."""
    width, height = size
    columns = _with_scale(columns, lang)
    row = min(ROW, (height - HEAD) / len(rows))
    two = row >= TWO_LINES
    type_size = min(LABEL, row / 1.35)
    notes = max(text_extent(each.note, SMALL, lang)[0] for each in rows)
    names = max(
        text_extent(cut(r.name, width, type_size, lang, r.bold), type_size, lang, r.bold)[0]
        for r in rows
    )
    room = min(max(names, notes), WIDEST * width)
    left = CHIP + 6 + room + GUTTER
    zeros, scales, ends = _places(columns, left, width, type_size, lang)
    bar = min(13.0, row * (0.5 if two else 0.66))
    for k, each in enumerate(rows):
        y = HEAD + (k + 0.5) * row
        apart = 5.0 if two and each.note else 0.0
        _bar(axes, each, 0, y, CHIP, bar)
        text = cut(each.name, room, type_size, lang, each.bold)
        ink = MUTED if each.pale else INK
        write(axes, CHIP + 6, y - apart, text, size=type_size, bold=each.bold, colour=ink)
        if apart:
            note = cut(each.note, room, SMALL, lang)
            write(axes, CHIP + 6, y + apart, note, size=SMALL, colour=MUTED)
        axes.plot([0, width], [y + row / 2] * 2, color=LINE, linewidth=0.6, zorder=0)
        for shown, zero, scale in zip(columns, zeros, scales, strict=True):
            value = float(np.nan_to_num(shown.values[k])) * scale
            _bar(axes, each, zero, y, value, bar)
            at = zero + max(value, 0) + 4
            wide = text_extent(shown.texts[k], type_size - 0.5, lang)[0]
            mark = math.nan if shown.line is None else zero + shown.line * scale
            if at - 2 < mark < at + wide + 2:  # the line goes through no number
                at = mark + 4
            write(axes, at, y, shown.texts[k], size=type_size - 0.5, colour=ink)
    low, high = HEAD - 4, HEAD + row * len(rows)
    for shown, zero, scale, end in zip(columns, zeros, scales, ends, strict=True):
        write(axes, zero, 7, cut(shown.heading, end - zero, LABEL, lang, True), bold=True)
        write(axes, zero, 19, cut(shown.unit, end - zero, SMALL, lang), size=SMALL, colour=MUTED)
        axes.plot([zero, zero], [low, high], color=EDGE, linewidth=0.9, zorder=1)
        if shown.line is not None:
            at = zero + shown.line * scale
            axes.plot([at, at], [low, high], color=MUTED, linewidth=0.9, dashes=(2, 2), zorder=3)


def _bar(axes: Axes, row: Row, x: float, y: float, wide: float, high: float) -> None:
    alpha = 0.45 if row.pale else 1.0
    corner = (x, y - high / 2)
    axes.add_artist(Rectangle(corner, wide, high, facecolor=row.colour, linewidth=0, alpha=alpha))


def _places(
    columns: Sequence[Column], left: float, width: float, type_size: float, lang: str
) -> tuple[list[float], list[float], list[float]]:
    """Where each column has its zero, how many points a unit is, and where the column ends.

    A column is as wide as its largest bar with its text, or its heading: bars of one unit have one
    scale, and no room is left idle.
    """
    most = {c.kind: max(d.span for d in columns if d.kind == c.kind) or 1.0 for c in columns}
    spans = [c.span / most[c.kind] for c in columns]
    labels = [max(text_extent(t, type_size, lang)[0] for t in c.texts) + 8 for c in columns]
    heads = [
        max(text_extent(c.heading, LABEL, lang, True)[0], text_extent(c.unit, SMALL, lang)[0])
        for c in columns
    ]
    room = width - left - GUTTER * (len(columns) - 1)

    def widths(unit: float) -> list[float]:
        each = zip(spans, labels, heads, strict=True)
        return [max(unit * span + label, head) for span, label, head in each]

    low, high = 0.0, room
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(widths(middle)) <= room else (low, middle)
    zeros, scales, ends, at = [], [], [], left
    for each, wide in zip(columns, widths(low), strict=True):
        scale = low / most[each.kind]
        zeros.append(at - each.low * scale)
        scales.append(scale)
        ends.append(at + wide)
        at += wide + GUTTER
    return zeros, scales, ends
