"""What stands on a figure and how much room it takes, measured by the renderer."""

from __future__ import annotations

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from graphmap.render.figures.style import finish, styled
from graphmap.render.figures.style import texts_of as written

TOLERANCE = 0.6
"""Pixels at 100 dpi that two extents may share: what anti-aliasing adds."""


def drawn(draw, panel, lang, size, *, framed=True):
    """The figure as ``figures.figure`` makes it, whether or not the registry has it."""
    with styled(lang, framed=framed):
        return finish(draw(panel, lang, size), lang)


def texts_of(fig):
    """Every text of the figure that is not empty, with its extent in pixels."""
    with styled("en"):  # as it is saved
        renderer = FigureCanvasAgg(fig).get_renderer()
        return [
            (t.get_text(), t.get_window_extent(renderer))
            for t in written(fig)
            if t.get_text().strip()
        ]


def faults(fig):
    """Pairs of texts that cover each other, and texts that leave the paper."""
    found = texts_of(fig)
    width, height = fig.get_size_inches() * fig.dpi
    covered = [
        (a, b)
        for (a, one), (b, other) in combinations(found, 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > TOLERANCE
        and min(one.y1, other.y1) - max(one.y0, other.y0) > TOLERANCE
    ]
    outside = [
        text
        for text, box in found
        if box.x0 < -TOLERANCE
        or box.y0 < -TOLERANCE
        or box.x1 > width + TOLERANCE
        or box.y1 > height + TOLERANCE
    ]
    return covered + outside


def words_on(fig):
    """All texts of the figure."""
    return [text for text, _ in texts_of(fig)]


def bars(fig, colour=None):
    """Rectangles of the figure: x, width, height in points; those of one colour if asked for."""
    found = [p for axes in fig.axes for p in axes.patches if isinstance(p, Rectangle)]
    return [p for p in found if colour is None or to_hex(p.get_facecolor()) == colour]
