"""The table as a heat map: who supplies whom, sectors ordered by community."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from graphmap.arrays import Array
from graphmap.classification import region
from graphmap.i18n import Names, figure, number, running, with_unit, words
from graphmap.network.community_table import community_flows
from graphmap.render.figures.labels import cut, paper, spread, write
from graphmap.render.figures.numbers import (
    heading,
    in_unit,
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

WIDEST = 105.0
"""Points that a label may take."""

SHADES = (TINT_CARBON, *RAMP)
"""Classes of tens, from little to much."""

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
    """Flows between sectors in classes of tens, suppliers in rows and users in columns.

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
    for _ in range(3):  # type and room for labels depend on each other
        names = [cut(label[lang], WIDEST, type_size, lang) for label in shown.labels]
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
    write(axes, 0, top - 8, f"{words(suppliers)[lang]} ↓", size=SMALL, colour=MUTED)
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
    kind = "money" if study.weight == "money" else "mass"
    flows = shown.flows * in_unit(1.0, kind, lang)
    largest = float(np.max(flows - np.diag(np.diag(flows)), initial=0.0))
    first = math.floor(math.log10(largest)) if largest > 0 else 0
    starts = [10.0 ** (first - k) for k in reversed(range(len(SHADES) - 1))]
    found = np.searchsorted(starts, flows, side="right").astype(float)
    found[~(flows > 0)] = np.nan
    np.fill_diagonal(found, np.nan)
    return found, starts


def _cells(
    axes: Axes, shown: Matrix, study: Study, left: float, top: float, cell: float, lang: str
) -> None:
    classes, _ = _classes(shown, study, lang)
    n = len(shown.labels)
    edges = np.arange(n + 1) * cell
    for k in range(n + 1):
        for xs, ys in (([0, n], [k, k]), ([k, k], [0, n])):
            across, down = left + np.array(xs) * cell, top + np.array(ys) * cell
            axes.plot(across, down, color=LINE, linewidth=0.4, zorder=1)
    axes.pcolormesh(
        left + edges,
        top + edges,
        np.ma.masked_invalid(classes),
        cmap=ListedColormap(list(SHADES)),
        vmin=-0.5,
        vmax=len(SHADES) - 0.5,
        edgecolors=PAPER,
        linewidth=0.4,
        zorder=2,
    )
    for k in range(n):
        corner = (left + k * cell, top + k * cell)
        axes.add_patch(Rectangle(corner, cell, cell, color=EDGE, linewidth=0, zorder=3))


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
        axes.add_patch(
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
    kind = "money" if study.weight == "money" else "mass"
    _, starts = _classes(shown, study, lang)
    unit = unit_of(kind, study.currency)[lang]
    name = with_unit(words(f"weight.{study.weight}")[lang], unit, lang)
    write(axes, 0, y, name, size=LABEL - 0.5, colour=MUTED)
    at = text_extent(name, LABEL - 0.5, lang)[0] + 12

    def round_number(value: float) -> str:
        return number(value, lang, max(0, -round(math.log10(value))))

    texts = [
        f"< {round_number(starts[0])}",
        *(f"≥ {round_number(start)}" for start in starts),
    ]
    within = "page.legend.loop" if not shown.folded else f"figure.table.within_{shown.folded}"
    blank = words("figure.table.none" if study.complete else "figure.table.unlisted")[lang]
    swatches = [
        *zip(SHADES, texts, strict=True),
        (EDGE, words(within)[lang]),
        (PAPER, blank),
    ]
    for colour, text in swatches:
        wide = 14 + text_extent(text, LABEL - 0.5, lang)[0]
        if at + wide > width:
            at, y = 0.0, y + 14
        outline = LINE if colour == PAPER else colour
        corner = (at, y - 5)
        axes.add_patch(
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
    net = study.network.without_loops()
    flows = net.weights.tocoo()
    k = int(np.argmax(flows.data))
    kind = "money" if study.weight == "money" else "mass"
    largest = words(
        "figure.table.largest",
        supplier=net.labels[flows.row[k]],
        user=net.labels[flows.col[k]],
        amount=quantity(float(flows.data[k]), kind, study.currency),
    )
    if shown.folded:
        first = words(f"figure.table.{shown.folded}", sectors=figure(study.n))
        return sentences(first, largest)
    inside = community_flows(net, study.sectors["community"])
    first = words(
        "figure.table.communities" if study.complete else "figure.table.communities_listed",
        count=figure(len(inside)),
        share=percent(float(np.trace(inside) / inside.sum())),
        weight=running(words(f"weight.{study.weight}")),
    )
    return sentences(first, largest)
