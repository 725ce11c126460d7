"""The legend of the network map: what colours, dots and lines mean, with their units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon

from graphmap.i18n import number, words
from graphmap.panel import Panel
from graphmap.render.figures.labels import Box, cut, write
from graphmap.render.figures.numbers import flow_kind
from graphmap.render.figures.scene import Scene, rounded, width_of
from graphmap.render.figures.style import SMALL
from graphmap.render.fonts import broken, text_extent
from graphmap.render.palette import INK, LINE, MUTED, ROLE
from graphmap.studied import radii

LEGEND = 74.0
"""Points for the legend."""

ROW = 1.5
"""Height of a row, as a multiple of the type."""

SAMPLE = 22.0
"""Points a line is shown on."""

GAP = 9.0
"""Points between samples."""

GUTTER = 14.0
"""Points between columns."""


def legend(
    axes: Axes, panel: Panel, drawn: Scene, lang: str, box: Box, scale: float, labelled: int
) -> None:
    """Draw the legend into a box: roles, dot sizes, widths of flows and what they cover.

    Args:
        axes: paper in points.
        panel: what the map shows.
        drawn: how it is drawn.
        lang: the language.
        box: where the legend stands.
        scale: points a canvas unit.
        labelled: how many dots have a label.
    """
    points = min(SMALL + 0.5, (box.bottom - box.top) / 9)
    axes.plot([box.left, box.right], [box.top + 1] * 2, color=LINE, linewidth=0.7)
    wide = box.right - box.left + GUTTER
    roles = _role_texts(panel, lang)
    first = max(13 + 6 + sum(text_extent(text, points, lang)[0] for text in r[1:]) for r in roles)
    first = min(max(wide / 3, first + GUTTER), 0.4 * wide)  # the others share the rest
    lefts = [box.left, box.left + first, box.left + (wide + first) / 2, box.left + wide]
    columns = [
        Column(axes, Box(left, box.top + 3, right - GUTTER, box.bottom), points, lang)
        for left, right in pairwise(lefts)
    ]
    _roles(columns[0], roles, drawn)
    _sizes(columns[1], panel, drawn, scale, labelled)
    _flows(columns[2], panel, drawn, scale)


class Column:
    """A column of the legend that is written from the top down."""

    def __init__(self, axes: Axes, box: Box, points: float, lang: str) -> None:
        self.axes, self.box, self.points, self.lang = axes, box, points, lang
        self.middle = box.top + points * ROW / 2

    def down(self, points: float | None = None) -> None:
        """Go to the next row, or by so many points."""
        self.middle += points or self.points * ROW

    def write(
        self, text: str, indent: float = 0.0, colour: str = MUTED, bold: bool = False
    ) -> None:
        """Text at the height of the row, cut where it does not fit."""
        room = self.box.right - self.box.left - indent
        line = cut(text, room, self.points, self.lang, bold)
        x = self.box.left + indent
        write(self.axes, x, self.middle, line, size=self.points, colour=colour, bold=bold)

    def paragraph(self, text: str, most: int) -> None:
        """Text over at most so many rows."""
        room = self.box.right - self.box.left
        lines = broken(text, room, self.points, self.lang)
        for line in [*lines[: most - 1], "".join(lines[most - 1 :])][: len(lines)]:
            self.write(line)
            self.down()


def nice(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above a value.

    Example:
        >>> nice(37.0), nice(0.7), nice(9e5)
        (20.0, 0.5, 500000.0)
    """
    power = math.floor(math.log10(value))  # which may round up to the next power
    steps = (step * 10.0**p for p in (power, power - 1) for step in (5.0, 2.0, 1.0))
    return next(step for step in steps if step <= value)


def _that_fit(column: Column, widths: Sequence[float]) -> slice:
    """The last of some samples, as many as stand side by side in the column, one at least."""
    room = column.box.right - column.box.left + GAP
    first = len(widths) - 1
    while first > 0 and sum(widths[first - 1 :]) <= room:
        first -= 1
    return slice(first, None)


def _role_texts(panel: Panel, lang: str) -> list[tuple[str, str, str]]:
    """Colour, name and rule of each role that there is or could be."""
    study = panel.latest
    given = {role: study.thresholds.get(role) for role in ROLE}
    return [
        (ROLE[role], words(f"role.{role}")[lang], rule[lang] if rule else "")
        for role, rule in given.items()
        if rule or role in set(study.sectors["role"])
    ]


def _roles(column: Column, roles: Sequence[tuple[str, str, str]], drawn: Scene) -> None:
    tag = column.lang
    what = words("page.colour.role")
    column.write(words("page.legend.colour", what=what)[tag], colour=INK, bold=True)
    for colour, name, rule in roles:
        column.down()
        spot = (column.box.left + 4, column.middle)
        column.axes.add_artist(Circle(spot, 3.4, facecolor=colour, linewidth=0))
        column.write(name, 13, INK)
        column.write(rule, 13 + text_extent(name, column.points, tag)[0] + 6)
    if drawn.folded:
        column.down()
        column.write(words("figure.map.pies")[tag])


def _sizes(column: Column, panel: Panel, drawn: Scene, scale: float, labelled: int) -> None:
    tag, study = column.lang, panel.latest
    what = words("measure.gross_output")
    column.write(words("page.legend.size", what=what)[tag], colour=INK, bold=True)
    if drawn.biggest > 0:
        values = sorted({nice(drawn.biggest / by) for by in (1, 10, 100)})
        sizes = scale * radii(pd.Series([*values, drawn.biggest]))[:-1]
        reduced = max(1.0, sizes[-1] / (2.6 * column.points))
        column.down(column.points * (ROW / 2 + 0.3) + sizes[-1] / reduced)
        texts = [rounded(value, "money", study, tag) for value in values]
        wide = [
            2 * size + 3 + GAP + text_extent(text, column.points, tag)[0]
            for size, text in zip(sizes / reduced, texts, strict=True)
        ]
        x, fit = column.box.left, _that_fit(column, wide)
        for text, size in zip(texts[fit], sizes[fit] / reduced, strict=True):
            spot = (x + size, column.middle)
            column.axes.add_artist(Circle(spot, size, facecolor=ROLE["other"], linewidth=0))
            write(
                column.axes, x + 2 * size + 3, column.middle, text, size=column.points, colour=MUTED
            )
            x += 2 * size + 3 + GAP + text_extent(text, column.points, tag)[0]
        column.down(sizes[-1] / reduced + column.points * (ROW / 2))
        if reduced > 1:
            column.write(words("page.legend.reduced", n=number(reduced, tag, 1))[tag])
            column.down()
    if np.isnan(drawn.value).any():
        column.axes.add_artist(
            Circle((column.box.left + 4, column.middle), 2.6, fill=False, ec=ROLE["other"], lw=1.4)
        )
        column.write(words("page.legend.nodata")[tag], 13)
        column.down()
    if labelled < len(drawn.labels):
        text = words("figure.map.labels", shown=labelled, all=len(drawn.labels))[tag]
        column.paragraph(text, 2)


def _flows(column: Column, panel: Panel, drawn: Scene, scale: float) -> None:
    tag, study = column.lang, panel.latest
    what = words(f"weight.{study.weight}")
    column.write(words("page.legend.flows", what=what)[tag], colour=INK, bold=True)
    if not len(drawn.flow):
        return
    column.down()
    values = sorted({nice(drawn.most / by) for by in (1, 5, 25)})
    colour = drawn.colour[0]
    widths = scale * width_of(np.array(values), drawn.most)
    texts = [rounded(value, flow_kind(study), study, tag) for value in values]
    wide = [SAMPLE + 4 + GAP + text_extent(text, column.points, tag)[0] for text in texts]
    x, fit = column.box.left, _that_fit(column, wide)
    for text, width in zip(texts[fit], widths[fit], strict=True):
        column.axes.plot(
            [x, x + SAMPLE], [column.middle] * 2, lw=width, color=colour, solid_capstyle="butt"
        )
        write(column.axes, x + SAMPLE + 4, column.middle, text, size=column.points, colour=MUTED)
        x += SAMPLE + 4 + GAP + text_extent(text, column.points, tag)[0]
    column.down()
    _arrow(column, colour, dashed=False)
    key = "page.legend.direction.regions" if drawn.folded else "page.legend.direction"
    column.write(words(key)[tag], SAMPLE + 6)
    if (drawn.kind == "back").any():
        column.down()
        _arrow(column, ROLE["other"], dashed=True)
        column.write(words("page.picture.back")[tag], SAMPLE + 6)
    column.down()
    column.paragraph(drawn.covered[tag], 2)


def _arrow(column: Column, colour: str, *, dashed: bool) -> None:
    left, y = column.box.left, column.middle
    right = left + SAMPLE
    style = (0, (3, 1.6)) if dashed else "solid"
    column.axes.plot([left, right - 5], [y, y], color=colour, lw=1.4, ls=style)
    head = [(right, y), (right - 6, y - 2.6), (right - 6, y + 2.6)]
    column.axes.add_artist(Polygon(head, facecolor=colour, linewidth=0))
