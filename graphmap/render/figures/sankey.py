"""Sankey diagram: the paths that emissions take to final use, or the largest flows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from graphmap.i18n import Names, figure, running, with_unit, words
from graphmap.render.figures.labels import cut, paper, roles_line, spread, write
from graphmap.render.figures.numbers import (
    flow_kind,
    heading,
    percent,
    quantity,
    sentences,
    unit_of,
)
from graphmap.render.figures.style import LABEL, SMALL, sheet
from graphmap.render.fonts import text_extent
from graphmap.render.palette import MUTED, ROLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from graphmap.panel import Panel
    from graphmap.studied import Study

COUNT = 24
"""Paths or flows drawn where there is room for them."""

BAR, PAD, LINE, THINNEST = 7.0, 4.0, 11.5, 0.6
"""Points: a node's width, room between nodes, a line of text, the thinnest flow."""

HEAD, FOOT, SWEEPS = 22.0, 18.0, 24

Way = tuple[float, tuple[str, ...]]
"""A value and the sectors it leads through, in the order of the flow."""


@dataclass
class Node:
    """A sector in a column."""

    column: int
    id: str
    inward: list[Link] = field(default_factory=list)
    outward: list[Link] = field(default_factory=list)
    slot: float = 0.0
    height: float = 0.0
    middle: float = 0.0

    @property
    def value(self) -> float:
        """What flows through it."""
        return max(sum(link.value for link in side) for side in (self.inward, self.outward))


@dataclass
class Link:
    """What flows from a node to one in the next column."""

    supplier: Node
    user: Node
    value: float = 0.0
    leaves: float = 0.0
    enters: float = 0.0


def sankey(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """The largest structural paths from emitters to final products; without them the largest flows.

    Example:
        >>> from graphmap import panel, sample, study
        >>> from graphmap.render.figures.style import styled
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> with styled("en"):
        ...     sankey(shown, "en", (10, 6.5)).get_size_inches().tolist()
        [10.0, 6.5]
    """
    study = panel.latest
    of_paths, ways = _ways(study)
    room = size[1] * 72 - 95 - HEAD - FOOT
    count = next((k for k in range(len(ways), 1, -1) if _fits(ways[:k], room)), 1)
    nodes, links = _diagram(ways[:count])
    title = heading(study, words(f"page.sankey.{'paths' if of_paths else 'flows'}"))
    fig, place = sheet(panel, lang, size, title, _text(study, count))
    axes, width, height = paper(fig, place)
    columns = _columns(nodes)
    scale = _arrange(columns, height - HEAD - FOOT)
    _attach(nodes, scale)

    kind = "mass" if of_paths else flow_kind(study)
    role = study.sectors["role"]
    label = dict(zip(map(str, study.sectors.index), study.network.labels, strict=True))
    texts = {
        id(node): (
            cut(label[node.id][lang], 0.2 * width, LABEL, lang, True),
            quantity(node.value, kind, study.currency)[lang],
        )
        for node in nodes
    }

    def wide(node: Node) -> float:
        name, amount = texts[id(node)]
        return text_extent(name, LABEL, lang, True)[0] + 5 + text_extent(amount, SMALL, lang)[0]

    heads = _headings(len(columns), of_paths, lang)
    left = max([*map(wide, columns[0]), text_extent(heads[0], SMALL, lang)[0]]) + 6
    right = max([*map(wide, columns[-1]), text_extent(heads[-1], SMALL, lang)[0]]) + 6
    step = (width - left - right - BAR) / (len(columns) - 1)
    for link in links:
        _ribbon(axes, link, left + BAR, step, scale, ROLE[role[link.supplier.id]])
    roles_line(axes, width - 2, height - 5, [role[node.id] for node in nodes], lang)
    for k, column in enumerate(columns):
        x = left + k * step
        text = cut(heads[k], step - 8 if 0 < k < len(columns) - 1 else width, SMALL, lang)
        at = x if k else x + BAR
        write(axes, at, 6, text, size=SMALL, colour=MUTED, ha="left" if k else "right")
        for node in column:
            colour = ROLE[role[node.id]]
            corner = (x, HEAD + node.middle - node.height / 2)
            axes.add_artist(
                Rectangle(corner, BAR, node.height, color=colour, linewidth=0, zorder=3)
            )
            name, amount = texts[id(node)]
            y = HEAD + node.middle
            at = x - 4 - wide(node) if k == 0 else x + BAR + 4
            write(axes, at, y, name, bold=True, halo=True)
            at += text_extent(name, LABEL, lang, True)[0] + 5
            write(axes, at, y, amount, size=SMALL, colour=MUTED, halo=True)
    return fig


def _ways(study: Study) -> tuple[bool, list[Way]]:
    """Paths, emitter first, or flows where there are no paths; and which of them."""
    paths = study.paths
    found = [
        (float(value), tuple(map(str, path)))
        for value, path in zip(paths.get("co2", ()), paths.get("path", ()), strict=True)
        if value > 0
    ]
    if found:
        return True, found[:COUNT]
    flows = study.network.without_loops().edges().head(COUNT)
    rows = zip(flows["weight"], flows["supplier"], flows["user"], strict=True)
    return False, [(float(value), (str(i), str(j))) for value, i, j in rows if value > 0]


def _diagram(ways: list[Way]) -> tuple[list[Node], list[Link]]:
    """Nodes and links of the ways, all of which end in the last column."""
    longest = max(len(stages) for _, stages in ways)
    nodes: dict[tuple[int, str], Node] = {}
    links: dict[tuple[int, str, str], Link] = {}
    for value, stages in ways:
        first = longest - len(stages)
        for k, (supplier, user) in enumerate(pairwise(stages)):
            ends = [(first + k, supplier), (first + k + 1, user)]
            one, other = (nodes.setdefault(end, Node(*end)) for end in ends)
            name = (first + k, supplier, user)
            if name not in links:
                links[name] = Link(one, other)
                one.outward.append(links[name])
                other.inward.append(links[name])
            links[name].value += value
    return list(nodes.values()), list(links.values())


def _columns(nodes: list[Node]) -> list[list[Node]]:
    found: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        found[node.column].append(node)
    return [sorted(found[k], key=lambda node: -node.value) for k in sorted(found)]


def _fits(ways: list[Way], room: float) -> bool:
    return max(map(len, _columns(_diagram(ways)[0]))) * (LINE + PAD) <= room


def _arrange(columns: list[list[Node]], height: float) -> float:
    """Gives every node its height and its place; returns how many points a unit of flow is.

    A node takes the height of its flows, or a line of text if that is more, so that no two labels
    meet; the scale is the largest at which every column has room. Then columns take, in turn, the
    order of what they are linked to (barycentres), from the left and from the right.
    """
    every = [node for column in columns for node in column]

    def taken(scale: float) -> float:
        return max(sum(max(n.value * scale, LINE) + PAD for n in column) for column in columns)

    low, high = 0.0, height / max(node.value for node in every)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if taken(middle) <= height else (low, middle)
    for node in every:
        node.height = max(node.value * low, THINNEST)
        node.slot = max(node.height, LINE) + PAD
    for column in columns:
        _settle(column, [height / 2 + k * 1e-3 for k in range(len(column))], height)
    for sweep in range(SWEEPS):
        rightward = sweep % 2 == 0
        for column in columns if rightward else reversed(columns):
            _settle(column, [_pull(node, rightward=rightward) for node in column], height)
    return low


def _settle(column: list[Node], wanted: list[float], height: float) -> None:
    places = spread(wanted, [node.slot for node in column], 0.0, height)
    for node, place in zip(column, places, strict=True):
        node.middle = place


def _pull(node: Node, *, rightward: bool) -> float:
    """Where the partners of a node on one side have it, by flow; where it is if it has none."""
    links = node.inward if rightward else node.outward
    total = sum(link.value for link in links)
    if not total:
        return node.middle
    ends = [(link.value, (link.supplier if rightward else link.user).middle) for link in links]
    return sum(value * middle for value, middle in ends) / total


def _attach(nodes: list[Node], scale: float) -> None:
    """Where links leave and enter: in the order of their other ends, so that they do not cross."""
    for node in nodes:
        y = node.middle - sum(link.value for link in node.outward) * scale / 2
        for link in sorted(node.outward, key=lambda each: each.user.middle):
            link.leaves = y + link.value * scale / 2
            y += link.value * scale
        y = node.middle - sum(link.value for link in node.inward) * scale / 2
        for link in sorted(node.inward, key=lambda each: each.supplier.middle):
            link.enters = y + link.value * scale / 2
            y += link.value * scale


def _ribbon(axes: Axes, link: Link, left: float, step: float, scale: float, colour: str) -> None:
    half = max(link.value * scale, THINNEST) / 2
    x0 = left + link.supplier.column * step
    x1 = x0 + step - BAR
    middle, y0, y1 = (x0 + x1) / 2, HEAD + link.leaves, HEAD + link.enters
    corners = [
        (x0, y0 - half), (middle, y0 - half), (middle, y1 - half), (x1, y1 - half),
        (x1, y1 + half), (middle, y1 + half), (middle, y0 + half), (x0, y0 + half),
        (x0, y0 - half),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_artist(
        PathPatch(Path(corners, codes), facecolor=colour, linewidth=0, alpha=0.42, zorder=2)
    )


def _headings(count: int, of_paths: bool, lang: str) -> list[str]:
    if not of_paths:
        return [words("page.sankey.suppliers")[lang], words("page.sankey.users")[lang]]
    tiers = [words("page.sankey.stage", count=count - 1 - k)[lang] for k in range(count - 1)]
    return [*tiers, words("page.sankey.final")[lang]]


def sankey_described(panel: Panel) -> Names:
    """What the diagram shows and how much of the whole that is.

    Example:
        >>> from graphmap import panel, sample, study
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> sankey_described(shown)["en"].split(":")[0]
        'The 24 largest structural paths of two sectors or more'
    """
    return _text(panel.latest, len(_ways(panel.latest)[1]))


def _text(study: Study, count: int) -> Names:
    of_paths, ways = _ways(study)
    together = sum(value for value, _ in ways[:count])
    if of_paths:
        share = float(study.paths.loc[study.paths["co2"] > 0, "share"].head(count).sum())
        amount = quantity(together, "mass", study.currency)
        given = {"count": figure(count), "amount": amount, "share": percent(share)}
        return sentences(words("page.sankey.paths.text", **given), words("figure.sankey.sums"))
    kind = flow_kind(study)
    unit, whole = unit_of(kind, study.currency), study.whole[study.weight]
    name = running(words(f"weight.{study.weight}"))
    given = {
        "count": figure(count),
        "weight": {tag: with_unit(name[tag], unit[tag], tag) for tag in name},
        "amount": quantity(together, kind, study.currency),
    }
    sums = words("figure.sankey.flow_sums")
    if not whole:
        return sentences(words("page.sankey.flows.listed", **given), sums)
    given |= {
        "all": words("page.all.between" if study.complete else "page.all.source"),
        "share": percent(together / whole),
    }
    return sentences(words("page.sankey.flows.text", **given), sums)
