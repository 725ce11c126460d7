"""Where the texts of a figure go, so that none covers another and none leaves the paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from graphmap.arrays import Array
from graphmap.i18n import words
from graphmap.network.roles import ROLES
from graphmap.render.figures.style import LABEL, Room
from graphmap.render.fonts import drawable, text_extent
from graphmap.render.palette import INK, MUTED, PAPER, ROLE

NEAR, STEP, RINGS = 3.0, 11.0, 6
"""Room between a dot and its label, and how much farther each further ring of places is, points."""

FAR = 8.0
"""Points between dot and label from where a line leads from one to the other."""

Point = tuple[float, float]

DIRECTIONS = tuple((math.cos(a), math.sin(a)) for a in (k * math.pi / 8 for k in range(16)))


class Box(NamedTuple):
    """A rectangle on the sheet, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether they have more than an edge in common."""
        beside = self.left < other.right and other.left < self.right
        return beside and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Box) -> bool:
        """Whether it lies inside the other."""
        beside = other.left <= self.left and self.right <= other.right
        return beside and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True)
class Dot:
    """A disc on the sheet and the size of its label, in points."""

    x: float
    y: float
    radius: float
    width: float = 0.0
    height: float = 0.0

    @property
    def box(self) -> Box:
        """What the disc covers."""
        r = self.radius
        return Box(self.x - r, self.y - r, self.x + r, self.y + r)


def beside(
    dots: Sequence[Dot], frame: Box, taken: Sequence[Box] = (), *, sure: int = 0
) -> list[Box | None]:
    """A place for the label of each dot, the first served first.

    The nearest place is taken where the label meets no other, no box that is ``taken`` and no dot;
    right of the dot before left, above and below. The first ``sure`` dots have one farther away, on
    a dot, or at the end of a line that crosses another label, rather than none.

    Args:
        dots: all dots; those without a label have no width.
        frame: what labels must not leave.
        taken: boxes that must stay free.
        sure: how many of the first are looked after before others.

    Returns:
        The box of each label, None where there is no free place.

    Example:
        >>> frame = Box(0, 0, 100, 50)
        >>> here, there = beside([Dot(20, 20, 4, 30, 8), Dot(24, 20, 4, 30, 8)], frame, sure=2)
        >>> here.meets(there)
        False
    """
    used = list(taken)
    discs = [dot.box for dot in dots]
    found: list[Box | None] = []
    for i, dot in enumerate(dots):
        if not dot.width:
            found.append(None)
            continue
        labels = _edges(used)
        others = np.vstack([labels, _edges(discs[:i] + discs[i + 1 :])])
        place = _place(dot, frame, others, labels, rings=RINGS if i < sure else 1)
        if place is None and i < sure:
            place = _place(dot, frame, labels, labels, rings=3 * RINGS)
        if place is None and i < sure:
            place = _place(dot, frame, labels, _edges([]), rings=3 * RINGS)
        if place:
            used += [place, *_along(leader(dot, place))]
        found.append(place)
    return found


def leader(dot: Dot, label: Box) -> tuple[Point, Point] | None:
    """The line from a dot to its label; None where it is plain whose label it is.

    Example:
        >>> leader(Dot(0, 0, 4), Box(7, -4, 30, 4)), leader(Dot(0, 0, 4), Box(24, -4, 50, 4))
        (None, ((4.0, 0.0), (24, 0)))
    """
    x = min(max(dot.x, label.left), label.right)
    y = min(max(dot.y, label.top), label.bottom)
    away = math.hypot(x - dot.x, y - dot.y)
    if away <= dot.radius + FAR:
        return None
    share = dot.radius / away
    return (dot.x + (x - dot.x) * share, dot.y + (y - dot.y) * share), (x, y)


def _along(line: tuple[Point, Point] | None) -> list[Box]:
    """What a leading line covers, in short pieces."""
    if line is None:
        return []
    (x0, y0), (x1, y1) = line
    count = max(1, int(math.hypot(x1 - x0, y1 - y0) / 3))
    at = [(x0 + (x1 - x0) * k / count, y0 + (y1 - y0) * k / count) for k in range(count)]
    return [Box(x - 0.8, y - 0.8, x + 0.8, y + 0.8) for x, y in at]


def _edges(boxes: Sequence[Box]) -> Array:
    """The edges (n, 4) of boxes."""
    return np.array(boxes, dtype=float).reshape(-1, 4)


def _meets_any(box: Box, edges: Array) -> bool:
    """Whether a box meets any of those of these edges."""
    beside = (box.left < edges[:, 2]) & (edges[:, 0] < box.right)
    return bool((beside & (box.top < edges[:, 3]) & (edges[:, 1] < box.bottom)).any())


def _place(dot: Dot, frame: Box, taken: Array, uncrossed: Array, *, rings: int) -> Box | None:
    """The nearest place on nothing ``taken``, with no line to it over what is ``uncrossed``."""
    half, high = dot.width / 2, dot.height / 2
    order = sorted(range(16), key=lambda k: (k % 4 != 0, k not in (0, 8), k))
    for ring in range(rings):
        gap = dot.radius + NEAR + ring * STEP
        for k in order:
            right, down = DIRECTIONS[k]
            # the label's edge, not its middle, keeps the distance
            x = dot.x + right * gap + half * (1 if right > 0.3 else -1 if right < -0.3 else 0)
            y = dot.y + down * gap + high * (1 if down > 0.3 else -1 if down < -0.3 else 0)
            box = Box(x - half, y - high, x + half, y + high)
            if not box.within(frame) or _meets_any(box, taken):
                continue
            if not any(_meets_any(piece, uncrossed) for piece in _along(leader(dot, box))):
                return box
    return None


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of intervals of these sizes that do not overlap, each as near as can be to its wish.

    The order is kept (pool adjacent violators: those that would meet stand together around the mean
    of what they would have); where they do not fit between ``low`` and ``high`` they stand closer.

    Example:
        >>> spread([10.0, 11.0, 30.0], [6.0, 6.0, 6.0], 0.0, 40.0)
        [7.5, 13.5, 30.0]
        >>> spread([1.0], [4.0], 0.0, 40.0)
        [2.0]
    """
    room = sum(sizes)
    scale = min(1.0, (high - low) / room) if room else 1.0
    slots = [size * scale for size in sizes]
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    pools: list[tuple[float, list[int]]] = []
    before, taken = {}, 0.0
    for i in order:
        before[i] = taken
        pools.append((wanted[i] - slots[i] / 2 - taken, [i]))
        taken += slots[i]
        while len(pools) > 1 and pools[-2][0] / len(pools[-2][1]) >= pools[-1][0] / len(
            pools[-1][1]
        ):
            total, members = pools.pop()
            pools[-1] = (pools[-1][0] + total, pools[-1][1] + members)
    found = [0.0] * len(wanted)
    for total, members in pools:
        start = min(max(total / len(members), low), high - taken)
        for i in members:
            found[i] = start + before[i] + slots[i] / 2
    return found


def paper(fig: Figure, room: Room) -> tuple[Axes, float, float]:
    """Room on a figure to draw on in points, from its upper left corner; its width and height."""
    width = room[2] * fig.get_figwidth() * 72
    height = room[3] * fig.get_figheight() * 72
    axes = fig.add_axes(room)
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(height, 0))
    return axes, width, height


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float = LABEL,
    colour: str = INK,
    bold: bool = False,
    ha: Literal["left", "center", "right"] = "left",
    halo: bool = False,
) -> Text:
    """A line of text on the paper, its middle at the height ``y``; a halo keeps lines off it."""
    return axes.text(
        x,
        y,
        text,
        size=size,
        color=colour,
        weight="bold" if bold else "normal",
        ha=ha,
        va="center_baseline",
        path_effects=[withStroke(linewidth=2.2, foreground=PAPER)] if halo else None,
        zorder=10,
    )


def name_dot(axes: Axes, dot: Dot, place: Box, text: str, *, key: bool) -> None:
    """The name of a dot at the place that was found for it, with a line to it from far away."""
    line = leader(dot, place)
    if line:
        axes.plot(*zip(*line, strict=True), color=MUTED, linewidth=0.6, zorder=5)
    x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
    colour = INK if key else MUTED
    size = LABEL - 0.5
    write(axes, x, y, text, size=size, colour=colour, bold=key, ha="center", halo=True)


def roles_line(
    axes: Axes, right: float, y: float, shown: Sequence[str], lang: str, before: str = ""
) -> None:
    """What colours mean, in one line that ends at ``right``: the roles among those ``shown``."""
    roles = [role for role in (*ROLES, "other") if role in shown]
    texts = [before, *(words(f"role.{role}")[lang] for role in roles)]
    size = LABEL - 0.5
    for text, colour in zip(
        reversed(texts), [*(ROLE[r] for r in reversed(roles)), ""], strict=True
    ):
        if not text:
            continue
        wide = text_extent(text, size, lang)[0]
        write(axes, right - wide, y, text, size=size, colour=MUTED)
        right -= wide + 4
        if colour:
            axes.add_artist(Circle((right - 4, y), 3.6, facecolor=colour, linewidth=0))
            right -= 8
        right -= 12


def cut(text: str, room: float, size: float, lang: str, bold: bool = False) -> str:
    """``text`` on one line, with an ellipsis where it is wider than ``room`` points.

    Example:
        >>> cut("Electricity\\nand heat", 500, 9, "en"), cut("Electricity", 30, 9, "en")[-1]
        ('Electricity and heat', '…')
    """
    line = " ".join(drawable(text).split())
    if text_extent(line, size, lang, bold)[0] <= room + 0.1:  # sums of floats
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        fits = text_extent(line[:middle].rstrip() + "…", size, lang, bold)[0] <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return line[:low].rstrip() + "…"
