"""Other layouts than the chain: by force, in groups, region by region."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.arrays import Array
from graphmap.network.crossings import drawn_edges
from graphmap.network.flow import FlowNetwork
from graphmap.network.layout import HEIGHT, WIDTH, Boxes, Layout, canvas, laid_out
from graphmap.network.separation import Space, apart, nearest_free, part, rows

ROUNDS = 500
"""Iterations of the forces."""

EVEN = 0.5
"""How far ranks stand in for coordinates: forces leave a crowd in the middle and empty corners."""

CLEAR = 26.0
"""Free space around a group of sectors."""

BETWEEN_CELLS = 0.1
"""Free space around the cell of a region, as a share of its width; its name stands there."""

GOLDEN = math.pi * (3 - math.sqrt(5))
"""The angle between neighbours in the head of a sunflower, which fills a disc evenly."""


FEW = 3
"""Up to so many regions stand in one column."""


@dataclass(frozen=True)
class Cells:
    """A layout region by region, and the cell of each: x and y of its corner, width, height."""

    layout: Layout
    boxes: pd.DataFrame


def force_layout(backbone: FlowNetwork, covered: Boxes, *, seed: int = 1) -> Layout:
    """Strong partners near one another (Fruchterman & Reingold 1991), boxes moved apart.

    Directions play no part. Sectors without a flow stand in rows at the bottom.

    Args:
        backbone: the flows that will be drawn.
        covered: what each node covers, in canvas units.
        seed: the same seed gives the same layout.

    Returns:
        Layout on the canvas of the chain layout, higher only if boxes need it.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.layout import boxes
        >>> from graphmap.study import study
        >>> found = study(sample.table().select(["CN-GD"]))
        >>> room = boxes([["a label"]] * found.n, np.full(found.n, 10.0))
        >>> force_layout(found.backbone.network, room).positions.shape
        (42, 2)
    """
    ties = _ties(backbone)
    strength = np.asarray(ties.sum(axis=1)).ravel()
    tied = np.flatnonzero(strength > 0)
    width, height = canvas(len(strength))
    places = np.zeros((len(strength), 2))
    idle = np.flatnonzero(strength == 0)
    lines, below = rows(part(covered, idle), width)
    top = max(height - below, height / 2)
    if len(tied):
        wanted = _by_force(ties[tied][:, tied], seed) * [width, top]
        here = part(covered, tied)
        places[tied] = apart(wanted, here, strength[tied], Space(0.0, width, 0.0, top))
        top = max(top, float((places[tied, 1] + here.below).max()))
    else:
        top = max(0.0, (height - below) / 2)
    places[idle] = lines + np.array([0.0, top])
    return laid_out(places, backbone.nodes.index, width, max(height, top + below))


def grouped_layout(backbone: FlowNetwork, groups: pd.Series, covered: Boxes) -> Layout:
    """Each group in a cluster of its own, its strongest sectors in the middle.

    Clusters are set around the strongest one, each where it is near to those it deals with. There
    is no chance in it.

    Args:
        backbone: the flows that will be drawn.
        groups: the group of each node, in the order of the nodes.
        covered: what each node covers, in canvas units.

    Returns:
        Layout on a canvas of at least 1000 x 620 in about that proportion.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.layout import boxes
        >>> from graphmap.study import study
        >>> found = study(sample.table().select(["CN-GD"]))
        >>> room = boxes([["a label"]] * found.n, np.full(found.n, 10.0))
        >>> places = grouped_layout(found.backbone.network, found.sectors["group"], room).positions
        >>> places.shape
        (42, 2)
    """
    ties = _ties(backbone)
    strength = np.asarray(ties.sum(axis=1)).ravel()
    member, _ = pd.factorize(groups, use_na_sentinel=False)
    count = int(member.max()) + 1
    places = np.zeros((len(member), 2))
    sizes = np.zeros((count, 2))
    for group in range(count):
        of_group = np.flatnonzero(member == group)
        here = part(covered, of_group)
        found = apart(_sunflower(strength[of_group], here), here, strength[of_group])
        low, high = _extent(found, here)
        places[of_group] = found - (low + high) / 2
        sizes[group] = (high - low) / 2 + CLEAR
    belongs = sparse.csr_array((np.ones(len(member)), (member, np.arange(len(member)))))
    between = (belongs @ ties @ belongs.T).toarray().round(6)
    places += _packed(between, sizes)[member]
    low, high = _extent(places, covered)
    low, high = low - CLEAR, high + CLEAR
    width, height = np.maximum(high - low, [WIDTH, HEIGHT])
    places += [width / 2, height / 2] - (low + high) / 2
    return laid_out(places, groups.index, width, height)


def regions_layout(
    nodes: pd.DataFrame, cells: Mapping[str, tuple[int, int]], within: Layout
) -> Cells:
    """Every region in a cell of its own, each sector at the same place within it.

    Args:
        nodes: region and code of each node.
        cells: column and row of the regions' tiles. Rows and columns without one of ``nodes`` are
            left out; regions that have no tile, or one that is taken, follow below. Up to three
            regions stand below one another.
        within: the layout of one region, by code.

    Example:
        >>> nodes = pd.DataFrame({"region": ["A", "B"], "code": "01"}, index=["A.01", "B.01"])
        >>> place = pd.DataFrame({"x": [50.0], "y": [40.0]}, index=["01"])
        >>> found = regions_layout(nodes, {"A": (4, 1), "B": (2, 9)}, Layout(place, 100.0, 80.0))
        >>> found.boxes["y"].sort_values().index.tolist()
        ['A', 'B']
    """
    order = list(dict.fromkeys(nodes["region"]))
    grid = _grid(order, cells)
    gap = BETWEEN_CELLS * within.width
    step = np.array([within.width + gap, within.height + gap])
    corners = np.array([grid[region] for region in order], dtype=float).reshape(-1, 2) * step + gap
    boxes = pd.DataFrame(corners, index=pd.Index(order, name="region"), columns=["x", "y"])
    boxes["width"], boxes["height"] = within.width, within.height
    inside = within.positions.loc[nodes["code"], ["x", "y"]].to_numpy()
    places = boxes.loc[nodes["region"], ["x", "y"]].to_numpy() + inside
    width, height = (corners + step).max(axis=0, initial=0.0)
    return Cells(laid_out(places, nodes.index, width, height, within.font), boxes.round(2))


def _ties(backbone: FlowNetwork) -> sparse.csr_array:
    """The pull of flows in both directions together."""
    supplier, user, pull = drawn_edges(backbone)
    n = len(backbone.nodes)
    one_way = sparse.csr_array((pull, (supplier, user)), shape=(n, n))
    return sparse.csr_array(one_way + one_way.T)


def _extent(places: Array, covered: Boxes) -> tuple[Array, Array]:
    """The corners of what nodes cover together."""
    low = places - np.column_stack([covered.half, covered.above])
    high = places + np.column_stack([covered.half, covered.below])
    return low.min(axis=0, initial=np.inf), high.max(axis=0, initial=-np.inf)


def _by_force(ties: sparse.csr_array, seed: int) -> Array:
    """Places between 0 and 1 in both directions."""
    pairs = sparse.coo_array(sparse.triu(ties, 1))
    n = ties.shape[0]
    import igraph  # noqa: PLC0415 (brings matplotlib: half a second)

    graph = igraph.Graph(n, np.column_stack([pairs.row, pairs.col]).tolist())
    igraph.set_random_number_generator(random.Random(seed))
    try:
        start = np.random.default_rng(seed).random((n, 2)).tolist()
        found = graph.layout_fruchterman_reingold(
            weights=pairs.data.tolist(), niter=ROUNDS, seed=start, grid=False
        )
    finally:
        igraph.set_random_number_generator(random)
    places = np.array(found.coords).round(6)
    # longest side along the width, whatever way chance has turned it
    if np.ptp(places[:, 1]) > np.ptp(places[:, 0]):
        places = places[:, ::-1]
    low, high = places.min(axis=0), places.max(axis=0)
    linear = (places - low) / np.where(high > low, high - low, 1.0)
    ranks = np.argsort(np.argsort(places, axis=0, kind="stable"), axis=0) / max(n - 1, 1)
    mixed: Array = EVEN * ranks + (1 - EVEN) * linear
    return mixed


def _sunflower(strength: Array, covered: Boxes) -> Array:
    """Places around the middle, the strongest in it, with as much room as the boxes take."""
    area = float((2 * covered.half * (covered.above + covered.below)).mean())
    places = np.zeros((len(strength), 2))
    k = np.arange(len(strength))
    radius = np.sqrt((k + 0.5 * (k > 0)) * area / math.pi)
    around = np.column_stack([np.cos(k * GOLDEN), np.sin(k * GOLDEN)]) * radius[:, None]
    places[np.argsort(-strength, kind="stable")] = around * _oblong()
    return places.round(6)


def _oblong() -> Array:
    """Stretches a square to the proportion of the canvas, its area unchanged."""
    return np.array([math.sqrt(WIDTH / HEIGHT), math.sqrt(HEIGHT / WIDTH)])


def _packed(between: Array, sizes: Array) -> Array:
    """Centres of rectangles (half ``sizes``), none on another, near to those they are tied to."""
    centres = np.zeros_like(sizes)
    placed: list[int] = []
    # distances count by the proportion of the canvas, so that the whole comes out in it
    scale = _oblong()
    while len(placed) < len(sizes):
        rest = [i for i in range(len(sizes)) if i not in placed]
        tied = between[:, placed] if placed else between
        total = between.sum(axis=1)
        i = max(rest, key=lambda g: (tied[g].sum(), total[g], -g))
        if placed:
            pull = between[i, placed] + 1e-3 * max(between.max(), 1e-3)
            middle = (centres[placed] * pull[:, None]).sum(axis=0) / pull.sum()
            free = np.full(2, -np.inf), np.full(2, np.inf)
            room = (sizes[placed] + sizes[i]) / scale
            centres[i] = nearest_free(middle / scale, centres[placed] / scale, room, *free) * scale
        placed.append(i)
    return centres


def _grid(regions: list[str], tiles: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Column and row of each region, without empty ones."""
    known: dict[str, tuple[int, int]] = {}
    for region in regions:
        if region in tiles and tiles[region] not in known.values():
            known[region] = tiles[region]
    rest = [region for region in regions if region not in known]
    if len(regions) <= FEW:  # north above south; cells are wide, so one column fills most maps
        north_first = sorted(known, key=lambda region: known[region][::-1])
        return {region: (0, i) for i, region in enumerate([*north_first, *rest])}
    columns = {c: i for i, c in enumerate(sorted({column for column, _ in known.values()}))}
    rows = {r: i for i, r in enumerate(sorted({row for _, row in known.values()}))}
    grid = {region: (columns[column], rows[row]) for region, (column, row) in known.items()}
    across = len(columns) or math.ceil(math.sqrt(len(rest)))
    return grid | {region: (i % across, len(rows) + i // across) for i, region in enumerate(rest)}
