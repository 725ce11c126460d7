"""The table as a heat map: who supplies whom, sectors ordered by community."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from graphmap.arrays import Array
from graphmap.classification import region
from graphmap.i18n import Names, figure, number, running, with_unit, words
from graphmap.network.community_table import community_flows
from graphmap.render.figures.labels import cut, paper, spread, write
from graphmap.render.figures.numbers import (
    flow_kind,
    heading,
    in_unit,
    log_ticks,
    percent,
    quantity,
    sentences,
    unit_of,
)
from graphmap.render.figures.style import LABEL, SMALL, sheet
from graphmap.render.fonts import broken, line_height, text_extent
from graphmap.render.palette import CATEGORIES, EDGE, INK, LINE, MUTED, PAPER, RAMP, TINT_CARBON

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from graphmap.panel import Panel
    from graphmap.studied import Study

SMALLEST_TYPE, LARGEST_TYPE = 4.2, 8.5
"""Points of the labels: rows too low for the smallest are summed, higher rows have the largest."""

WIDEST, WIDEST_SUM = 105.0, 190.0
"""Points that the label of a sector may take, and that of a region or community."""

SHADES = (TINT_CARBON, *RAMP)
"""Classes between round numbers, from little to much: tens, or 1, 2 and 5 where that is enough."""

FOOT, NAMES, BRACKET = 34.0, 96.0, 12.0
"""Points for the legend below, for the names of communities and the brackets before them."""

LARGEST_CELL = 60.0

HEIGHT, AROUND = 9.0, 122.0
"""Inches of a usual figure, and the points of its height that are not the heat map's."""

FLATTER = 1.2
"""A line's height over the size of its type, at least."""


@dataclass(frozen=True)
class Matrix:
    """What the heat map shows: flows between rows and columns that are the same list.

    Attributes:
        flows: (n, n) in the network's unit, rows supply, columns use.
        labels: of the rows and columns.
        groups: (n,) number of the community of each, in order; -1 where there are none.
        names: of the groups.
        folded: ``region`` or ``community`` where rows are sums over these, else empty.
    """

    flows: Array
    labels: list[Names]
    groups: Array
    names: list[Names]
    folded: str


def table(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """Flows between sectors in classes, suppliers in rows and users in columns.

    Sectors are ordered by community, those with the largest flows first. Where there are so many
    that no label could be read, the rows are regions or communities.

    Example:
        >>> from graphmap import panel, sample, study
        >>> from graphmap.render.figures.style import styled
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> with styled("en"):
        ...     table(shown, "en", (10, 9)).get_size_inches().tolist()
        [10.0, 9.0]
    """
    study = panel.latest
    shown = _matrix(study, size[1])
    title = heading(
        study, words(f"figure.table.of_{shown.folded}" if shown.folded else "figure.table")
    )
    fig, room = sheet(panel, lang, size, title, _told(study, shown))
    axes, width, height = paper(fig, room)
    n, right = len(shown.labels), NAMES + BRACKET if shown.names else 6.0
    corner = text_extent(words("page.sankey.suppliers")[lang] + " ↓", SMALL, lang)[0] + 12

    type_size, head, cell = LARGEST_TYPE, 0.0, 0.0
    widest = WIDEST_SUM if shown.folded else WIDEST
    for _ in range(3):  # type and room for labels depend on each other
        names = [cut(label[lang], widest, type_size, lang) for label in shown.labels]
        head = max(text_extent(name, type_size, lang)[0] for name in names) + 8
        head = max(head, corner)
        cell = min((width - head - right) / n, (height - head - FOOT - 14) / n, LARGEST_CELL)
        type_size = min(LARGEST_TYPE, cell / FLATTER)
    left, top = head, head + 14

    _cells(axes, shown, study, left, top, cell, lang)
    for k, name in enumerate(names):
        middle = (k + 0.5) * cell
        write(axes, left - 4, top + middle, name, size=type_size, ha="right")
        axes.text(
            left + middle,
            top - 4,
            name,
            size=type_size,
            rotation=90,
            rotation_mode="anchor",
            va="center_baseline",
            ha="left",
        )
    suppliers, users = (f"page.sankey.{side}" for side in ("suppliers", "users"))
    write(
        axes, left - 4, top - 8, f"{words(suppliers)[lang]} ↓", size=SMALL, colour=MUTED, ha="right"
    )
    write(axes, left, 6, f"{words(users)[lang]} →", size=SMALL, colour=MUTED)
    if shown.names:
        _communities(axes, shown, left, top, cell, width, lang)
    _legend(axes, shown, study, (width, top + n * cell + 12), lang)
    return fig


def _matrix(study: Study, inches: float) -> Matrix:
    """Sectors, or regions or communities where the sectors' labels would be too small."""
    room = (inches * 72 - AROUND) / FLATTER
    net = study.network
    community = study.sectors["community"].to_numpy(int)
    # the labels above take as much as a dozen rows of the smallest type
    if (study.n + 12) * SMALLEST_TYPE <= room:
        order = np.lexsort((-(net.supplied + net.received), community))
        flows = net.weights.toarray()[np.ix_(order, order)]
        labels = [net.labels[i] for i in order]
        return Matrix(flows, labels, community[order], study.community_names, "")
    if len(study.regions) > community.max() + 1:
        which = (study.sectors["region"].to_numpy()[:, None] == np.array(study.regions)) * 1.0
        flows = which.T @ (net.without_loops().weights @ which)
        labels = [region(code).name for code in study.regions]
        return Matrix(flows, labels, np.full(len(labels), -1), [], "region")
    flows = community_flows(net, study.sectors["community"])
    return Matrix(flows, study.community_names, np.full(len(flows), -1), [], "community")


def _classes(shown: Matrix, study: Study, lang: str) -> tuple[Array, list[float]]:
    """Class of each cell, NaN where nothing flows; where classes begin, in the unit shown."""
    kind = flow_kind(study)
    flows = shown.flows * in_unit(1.0, kind, lang)
    np.fill_diagonal(flows, 0.0)
    positive = flows[flows > 0]
    least, most = (float(f(positive)) if len(positive) else 1.0 for f in (np.min, np.max))
    ticks = [value for _, value in log_ticks(math.log10(least), math.log10(most))]
    starts = ticks[1 - len(SHADES) :] or [10.0 ** math.floor(math.log10(most))]
    shades = len(SHADES) - 1 - len(starts) + np.searchsorted(starts, flows, side="right")
    return np.where(flows > 0, shades, np.nan), starts


def _cells(
    axes: Axes, shown: Matrix, study: Study, left: float, top: float, cell: float, lang: str
) -> None:
    classes, _ = _classes(shown, study, lang)
    within = np.eye(len(classes), dtype=bool)
    alike = [
        (np.isnan(classes) & ~within, PAPER, LINE),
        *((classes == k, shade, PAPER) for k, shade in enumerate(SHADES)),
        (within, EDGE, EDGE),
    ]
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    for which, colour, edge in alike:  # one path a class: a path a cell takes a second to save
        rows, columns = np.nonzero(which)
        corners = np.stack([columns, rows], axis=1)[:, None] + square
        path = Path(corners.reshape(-1, 2) * cell + [left, top], codes * len(rows))
        axes.add_artist(PathPatch(path, facecolor=colour, edgecolor=edge, linewidth=0.4))


def _communities(
    axes: Axes, shown: Matrix, left: float, top: float, cell: float, width: float, lang: str
) -> None:
    """A bracket and a name beside each community, and a frame around its flows."""
    n, at = len(shown.labels), np.flatnonzero(np.diff(shown.groups, prepend=-1))
    ends = [*at[1:], n]
    beside = left + n * cell
    room = min(width - beside - BRACKET - 4, 1.6 * NAMES)
    high = LABEL * line_height(lang) * 0.92
    texts = [broken(shown.names[shown.groups[k]][lang], room, LABEL, lang)[:3] for k in at]
    middles = [top + (a + b) / 2 * cell for a, b in zip(at, ends, strict=True)]
    sizes = [len(lines) * high + 4 for lines in texts]
    places = spread(middles, sizes, top, top + n * cell)
    for k, (a, b) in enumerate(zip(at, ends, strict=True)):
        corner, side = (left + a * cell, top + a * cell), (b - a) * cell
        axes.add_artist(
            Rectangle(corner, side, side, fill=False, edgecolor=INK, linewidth=1.0, zorder=4)
        )
        colour = CATEGORIES[shown.groups[a] % len(CATEGORIES)]
        span = [top + a * cell + 1, top + b * cell - 1]
        axes.plot([beside + 5, beside + 5], span, color=colour, linewidth=3, solid_capstyle="butt")
        bent = [beside + 7, beside + 10, beside + BRACKET]
        axes.plot(bent, [middles[k], places[k], places[k]], color=MUTED, linewidth=0.6)
        for line, text in enumerate(texts[k]):
            y = places[k] + (line - (len(texts[k]) - 1) / 2) * high
            write(axes, beside + BRACKET + 3, y, text)


def _legend(axes: Axes, shown: Matrix, study: Study, place: tuple[float, float], lang: str) -> None:
    width, y = place
    kind = flow_kind(study)
    _, starts = _classes(shown, study, lang)
    unit = unit_of(kind, study.currency)[lang]
    name = with_unit(words(f"weight.{study.weight}")[lang], unit, lang)
    write(axes, 0, y, name, size=LABEL - 0.5, colour=MUTED)
    at = text_extent(name, LABEL - 0.5, lang)[0] + 12

    def round_number(value: float) -> str:
        return number(value, lang, max(0, -math.floor(math.log10(value) + 1e-9)))

    texts = [
        f"< {round_number(starts[0])}",
        *(f"≥ {round_number(start)}" for start in starts),
    ]
    within = "page.legend.loop" if not shown.folded else f"figure.table.within_{shown.folded}"
    blank = words("figure.table.none" if study.complete else "figure.table.unlisted")[lang]
    swatches = [
        *zip(SHADES[-len(texts) :], texts, strict=True),
        (EDGE, words(within)[lang]),
        (PAPER, blank),
    ]
    for colour, text in swatches:
        wide = 14 + text_extent(text, LABEL - 0.5, lang)[0]
        if at + wide > width:
            at, y = 0.0, y + 14
        outline = LINE if colour == PAPER else colour
        corner = (at, y - 5)
        axes.add_artist(
            Rectangle(corner, 10, 10, facecolor=colour, edgecolor=outline, linewidth=0.8)
        )
        write(axes, at + 14, y, text, size=LABEL - 0.5)
        at += wide + 12


def table_described(panel: Panel) -> Names:
    """How much of the flows stays within communities, and the largest flow between two sectors.

    Example:
        >>> from graphmap import panel, sample, study
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> print(table_described(shown)["en"].split(". ")[1])
        The largest flow is from Building materials to Construction, 53.8 Mt.
    """
    return _told(panel.latest, _matrix(panel.latest, HEIGHT))


def _told(study: Study, shown: Matrix) -> Names:
    flows = np.where(np.eye(len(shown.flows), dtype=bool), 0.0, shown.flows)
    i, j = np.unravel_index(np.argmax(flows), flows.shape)
    largest = words(
        f"figure.table.largest{'_community' if shown.folded == 'community' else ''}",
        supplier=shown.labels[i],
        user=shown.labels[j],
        amount=quantity(float(flows[i, j]), flow_kind(study), study.currency),
    )
    if shown.folded:
        first = words(f"figure.table.{shown.folded}", sectors=figure(study.n))
        return sentences(first, largest)
    inside = community_flows(study.network.without_loops(), study.sectors["community"])
    first = words(
        "figure.table.communities" if study.complete else "figure.table.communities_listed",
        count=figure(len(inside)),
        share=percent(float(np.trace(inside) / inside.sum())),
        weight=running(words(f"weight.{study.weight}")),
    )
    return sentences(first, largest)
