"""The network map as a figure: the page's places, roles, arrows and legend, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Polygon, Wedge
from matplotlib.path import Path as Curve
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from graphmap.arrays import Array
from graphmap.i18n import Names, words
from graphmap.panel import Panel
from graphmap.render.figures.curves import flow_shapes
from graphmap.render.figures.labels import Box, paper
from graphmap.render.figures.legend import LEGEND, legend
from graphmap.render.figures.numbers import flow_kind
from graphmap.render.figures.scene import Scene, rounded, scene
from graphmap.render.figures.style import SMALL, sheet
from graphmap.render.fonts import drawable, families_for, text_extent
from graphmap.render.palette import EDGE, INK, MUTED, PAPER, ROLE, WASH

AXIS = 16.0
"""Points for the line that says where up and down the chain are."""

SMALLEST_TYPE = 6.0
"""Points: labels do not get smaller; where they do not all fit, the key sectors' stand."""

LARGEST_TYPE = 11.0

FULL_SCALE = 0.7
"""Points a canvas unit from which arrowheads have their full size."""

HALO = 2.0
LEADING = 1.2

Place = tuple[float, float, float]
"""Where a label stands: middle, top and size of type."""


def network_map(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """The network of the panel's latest year at the places of its page.

    Example:
        >>> import graphmap as gm
        >>> from graphmap.render.figures import figure
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> figure(shown, "map", "zh-Hans").get_size_inches().tolist()
        [11.0, 7.2]
    """
    study, drawn = panel.latest, scene(panel)
    fig, room = sheet(panel, lang, size, study.title, study.subtitle)
    axes, width, height = paper(fig, room)
    legend_height = LEGEND if height > 3 * LEGEND else height / 3
    high = height - legend_height - AXIS
    scale = min(width / drawn.size[0], high / drawn.size[1])
    # pulled apart where the paper leaves room; dots and type keep their shape
    stretch = np.array([width / drawn.size[0], high / drawn.size[1]])
    if drawn.folded:
        stretch = np.full(2, scale)
    offset = (np.array([width, high]) - np.array(drawn.size) * stretch) / 2
    place = drawn.place * stretch + offset
    radius = drawn.radius * scale
    _frames(axes, drawn, stretch, offset, lang)
    _flows(axes, drawn, place, radius, scale)
    _dots(axes, drawn, place, radius)
    placed = _placed(drawn, place, radius, scale, lang, Box(0, 0, width, high))
    _labels(axes, drawn, placed, lang)
    shown = sum(each is not None for each in placed)
    _chain_axis(axes, width, high, lang, folded=drawn.folded)
    legend(axes, panel, drawn, lang, Box(0, height - legend_height, width, height), scale, shown)
    return fig


def network_map_described(panel: Panel) -> Names:
    """What the map shows, in a sentence."""
    study, drawn = panel.latest, scene(panel)
    values = {"title": study.title, "count": len(drawn.labels), "covered": drawn.covered}
    if not len(drawn.flow):
        return words("figure.map.described_none", **values)
    kind = "figure.map.described_regions" if drawn.folded else "figure.map.described"
    supplier, user = (
        {tag: text.replace("\n", " ") for tag, text in drawn.labels[ends[0]].items()}
        for ends in (drawn.supplier, drawn.user)
    )
    value = {tag: rounded(float(drawn.flow[0]), flow_kind(study), study, tag) for tag in supplier}
    return words(kind, supplier=supplier, user=user, value=value, **values)


def _frames(axes: Axes, drawn: Scene, stretch: Array, offset: Array, lang: str) -> None:
    for x, y, width, height, name in drawn.frames:
        left, top = np.array([x, y]) * stretch + offset
        across, down = np.array([width, height]) * stretch
        style: Any = {"facecolor": "none", "edgecolor": EDGE, "linewidth": 0.7, "zorder": 0}
        corner = (left + 3, top + 3)
        axes.add_artist(FancyBboxPatch(corner, across - 6, down - 6, "round,pad=3", **style))
        axes.text(left + 6, top - 3, name[lang], va="bottom", color=MUTED, size=8.5, weight="bold")


def _flows(axes: Axes, drawn: Scene, place: Array, radius: Array, scale: float) -> None:
    """Curves first, the largest lowest, so that no wide flow hides a narrow one; then the heads."""
    if not len(drawn.flow):
        return
    width = drawn.width * scale
    start, end = place[drawn.supplier], place[drawn.user]
    shapes = flow_shapes(
        start, end, radius[drawn.user], width, drawn.kind, 0.0, min(1.0, scale / FULL_SCALE)
    )
    share = np.sqrt(drawn.flow / drawn.most)
    crowd = min(1.0, max(0.3, (260 / len(drawn.flow)) ** 0.4))  # or many were one stain
    grey = np.array([colour in (MUTED, ROLE["other"]) for colour in drawn.colour])
    alpha = np.where(grey, 0.5, 0.4 + 0.3 * share) * crowd
    codes = [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4]
    heads_share = 0.4 + 0.45 * crowd
    colours = [to_rgba(c, a) for c, a in zip(drawn.colour, alpha, strict=True)]
    dashed = (0.0, (4.0, 2.0))
    axes.add_collection(
        PathCollection(
            [Curve(curve, codes) for curve in shapes.curves],
            facecolors="none",
            edgecolors=colours,
            linewidths=np.maximum(width, 0.4),
            linestyles=[dashed if kind == "back" else "solid" for kind in drawn.kind],
            capstyle="butt",
            zorder=1,
        ),
        autolim=False,
    )
    # opaque, or heads that meet at a dot would be one brown stain
    paper_rgb = np.array(to_rgba(PAPER)[:3])
    strong = [np.array(c[:3]) * heads_share + paper_rgb * (1 - heads_share) for c in colours]
    heads = [Polygon(corners) for corners in shapes.heads]
    axes.add_collection(
        PatchCollection(heads, facecolors=strong, edgecolors="none", zorder=2), autolim=False
    )


def _dots(axes: Axes, drawn: Scene, place: Array, radius: Array) -> None:
    patches: list[Patch] = []
    for i in np.argsort(-radius, kind="stable"):
        x, y, r = float(place[i, 0]), float(place[i, 1]), float(radius[i])
        patches.append(Circle((x, y), r + min(1.2, r / 3), facecolor=PAPER, linewidth=0))
        if np.isnan(drawn.value[i]):  # hollow where there is no figure for its size
            colour = drawn.slices[i][0][0]
            patches.append(Circle((x, y), r * 0.8, fc="none", ec=colour, linewidth=r * 0.4))
            continue
        turn = 90.0  # slices begin at the top and go round as a clock does
        for colour, share in drawn.slices[i]:
            end = turn - 360 * share
            patches.append(
                Wedge((x, y), r, end, turn, facecolor=colour, edgecolor=PAPER, linewidth=0.6)
                if share < 0.999
                else Circle((x, y), r, facecolor=colour, linewidth=0)
            )
            turn = end
    axes.add_collection(PatchCollection(patches, match_original=True, zorder=3), autolim=False)


# ------------------------------------------------------------------------------------ labels


def _placed(
    drawn: Scene, place: Array, radius: Array, scale: float, lang: str, frame: Box
) -> list[Place | None]:
    """Where each label stands: all of them in the largest type that leaves them apart.

    In the smallest type those of key sectors come first, and a label without room is left out; the
    legend says so.
    """
    texts = [drawable(names[lang]) for names in drawn.labels]
    most = min(max(drawn.font * scale, SMALLEST_TYPE), LARGEST_TYPE)
    points = most
    while True:
        found = _at(points, texts, drawn, place, radius, lang, frame)
        if all(each is not None for each in found) or points <= SMALLEST_TYPE:
            return found
        points = max(points * 0.95, SMALLEST_TYPE)


def _at(
    points: float,
    texts: Sequence[str],
    drawn: Scene,
    place: Array,
    radius: Array,
    lang: str,
    frame: Box,
) -> list[Place | None]:
    """Each label below its dot, else above, right or left of it, where it meets nothing."""
    found: list[Place | None] = [None] * len(texts)
    used: list[Box] = []
    for i in np.argsort(drawn.order, kind="stable"):
        x, y, r = float(place[i, 0]), float(place[i, 1]), float(radius[i])
        half = text_extent(texts[i], points, lang, bool(drawn.strong[i]))[0] / 2 + 0.8
        high = (texts[i].count("\n") + 1) * points * LEADING
        others = np.arange(len(texts)) != i
        side = r + half + 1
        for right, down in (
            (0.0, r + 0.5),
            (0.0, -r - high - 0.5),
            (side, -high / 2),
            (-side, -high / 2),
        ):
            middle = min(max(x + right, frame.left + half), frame.right - half)
            box = Box(middle - half, y + down, middle + half, y + down + high)
            if not box.within(frame) or any(box.meets(other) for other in used):
                continue
            # it may touch another dot's rim, as on the page
            if _covers(box, place[others], radius[others] - points / 6):
                continue
            used.append(box)
            found[i] = (middle, y + down, points)
            break
    return found


def _covers(box: Box, place: Array, radius: Array) -> bool:
    """Whether a label covers a part of one of the dots."""
    x = np.clip(place[:, 0], box.left, box.right) - place[:, 0]
    y = np.clip(place[:, 1], box.top, box.bottom) - place[:, 1]
    return bool((np.hypot(x, y) < radius).any())


def _labels(axes: Axes, drawn: Scene, placed: Sequence[Place | None], lang: str) -> None:
    halos = []
    for i, spot in enumerate(placed):
        if spot is None:
            continue
        middle, top, points = spot
        strong = bool(drawn.strong[i])
        weight = "bold" if strong else "normal"
        for row, line in enumerate(drawable(drawn.labels[i][lang]).split("\n")):
            foot = top + (row + 0.85) * points * LEADING
            halos.append(_outline(middle, foot, line, points, weight, lang))
            axes.text(
                middle,
                foot,
                line,
                size=points,
                ha="center",
                va="baseline",
                weight=weight,
                color=INK if strong else MUTED,
                zorder=5,
                gid=f"label-{i}",
            )
    # paper around the letters, as outlines: a text with an effect would not stay a text in a PDF
    axes.add_collection(
        PathCollection(halos, facecolors=PAPER, edgecolors=PAPER, linewidths=HALO, zorder=4),
        autolim=False,
    )


def _outline(x: float, y: float, line: str, points: float, weight: str, lang: str) -> Curve:
    chosen = FontProperties(family=families_for([line], lang), weight=weight)
    outline = TextPath((0, 0), line, size=points, prop=chosen)
    half = text_extent(line, points, lang, weight == "bold")[0] / 2
    return outline.transformed(Affine2D().scale(1, -1).translate(x - half, y))


def _chain_axis(axes: Axes, width: float, top: float, lang: str, *, folded: bool) -> None:
    """A line along the bottom, from upstream to downstream."""
    if folded:
        return
    middle = top + AXIS * 0.55
    axes.fill_between([0, width], top + 1, top + AXIS, color=WASH, linewidth=0, zorder=0)
    for key, x, side in (("page.upstream", 4.0, "left"), ("page.downstream", width - 4, "right")):
        axes.text(x, middle, words(key)[lang], size=SMALL, ha=side, va="center", color=MUTED)
