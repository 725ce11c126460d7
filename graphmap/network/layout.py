"""The chain layout: suppliers left, final demand right, strong partners at one height.

A sector's horizontal place is its rank by upstreamness. Its vertical place begins near its
partners and is mended by simulated annealing (seeded) of what makes a map hard to read: long heavy
edges, edges that cross or run through labels, crowding. A last pass moves labels apart for good:
no box covers another.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from graphmap.arrays import Array
from graphmap.network.crossings import BEND as BEND  # noqa: PLC0414
from graphmap.network.crossings import Crossings, along, drawn_edges, rise
from graphmap.network.flow import FlowNetwork

WIDTH, HEIGHT, SECTORS = 1000.0, 620.0, 42
"""Canvas for a table of 42 sectors; larger tables get a proportionally larger one."""

FONT = 13.0
LINE = 1.25
GAP = 3.0
"""Label font size, line height as a multiple of it, and the free space around a box."""

LONGEST = 13
"""Letters of a label on one line."""

SAMPLES = np.linspace(0.1, 0.9, 9)
CROSSED = 1.5
"""What a crossing costs; much more of it, and edges run through labels instead."""

OWN = 0.1
ROUNDS = 50
"""The weight of a sector's own height beside its partners', and how often means are taken."""

STEPS_PER_NODE = 150
MOST_WORK = 2_000_000
"""Steps times edges: larger networks are annealed for as long, in fewer steps."""


Which = slice | NDArray[np.int64]
"""Some of the edges or nodes, or all of them."""


@dataclass(frozen=True)
class Boxes:
    """What each node covers around its centre: half width, height above and height below."""

    half: Array
    above: Array
    below: Array


@dataclass(frozen=True)
class Layout:
    """Positions (x, y by node id, y downwards) on a canvas."""

    positions: pd.DataFrame
    width: float
    height: float
    font: float = FONT


def text_width(text: str, font: float = FONT) -> float:
    """A generous estimate of how wide ``text`` is drawn in a sans-serif font.

    Example:
        >>> text_width("电力", 10), text_width("il", 10) < text_width("MW", 10)
        (20.0, True)
    """
    return font * sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljtfr.,'| ":
        return 0.36
    return 0.9 if letter in "MWmw&@%" else 0.72 if letter.isupper() else 0.6


def wrapped(text: str) -> str:
    """A label over two lines where one would be long; Chinese stays on one.

    Example:
        >>> wrapped("Electricity & heat")
        'Electricity\\n& heat'
    """
    if len(text) <= LONGEST or " " not in text:
        return text
    breaks = [i for i, letter in enumerate(text) if letter == " "]
    middle = min(breaks, key=lambda i: max(i, len(text) - i - 1))
    return text[:middle] + "\n" + text[middle + 1 :]


def boxes(labels: list[list[str]], radii: Array) -> Boxes:
    """The boxes of dots with labels below; every version (language) of a label has to fit."""
    half, lines = np.zeros(len(labels)), np.zeros(len(labels))
    for i, versions in enumerate(labels):
        rows = [version.split("\n") for version in versions]
        half[i] = max(text_width(line) for version in rows for line in version) / 2
        lines[i] = max(map(len, rows))
    below = radii + 2 + lines * FONT * LINE
    return Boxes(np.maximum(half, radii) + GAP, radii + GAP, below + GAP)


def canvas(n: int) -> tuple[float, float]:
    """Width and height for ``n`` sectors.

    Example:
        >>> canvas(42), canvas(4 * 42)
        ((1000.0, 620.0), (2000.0, 1240.0))
    """
    scale = max(1.0, math.sqrt(n / SECTORS))
    return WIDTH * scale, HEIGHT * scale


def laid_out(
    places: Array, ids: pd.Index, width: float, height: float, font: float = FONT
) -> Layout:
    """The layout with these (n, 2) places, rounded to what a pixel can show."""
    positions = pd.DataFrame(places, index=ids, columns=["x", "y"]).round(2)
    return Layout(positions, round(float(width), 2), round(float(height), 2), font)


def chain_layout(
    backbone: FlowNetwork, upstreamness: pd.Series, covered: Boxes, *, seed: int = 1
) -> Layout:
    """Positions for every node of a network.

    Args:
        backbone: the flows that pull partners together, as they will be drawn.
        upstreamness: by node id; the highest stands left.
        covered: what each node covers, in canvas units.
        seed: the same seed gives the same layout.

    Returns:
        Layout on a canvas of at least 1000 x 620 for 42 sectors, higher only if boxes need it.
    """
    n = len(upstreamness)
    width, height = canvas(n)
    rank = upstreamness.rank(ascending=False, method="first").to_numpy() - 1
    left, right = covered.half[rank.argmin()], covered.half[rank.argmax()]
    x = left + rank / max(n - 1, 1) * (width - left - right)
    chart = _Chart(backbone, x, covered, height)
    y = chart.annealed(seed)
    y, height = _separated(x, y, covered, chart.strength, height)
    return laid_out(np.column_stack([x, y]), upstreamness.index, width, height)


class _Chart:
    """The state of the annealing: fixed x, boxes and edges, and the cost of heights."""

    def __init__(self, backbone: FlowNetwork, x: Array, covered: Boxes, height: float) -> None:
        self.supplier, self.user, self.pull = drawn_edges(backbone)
        self.x, self.covered, self.height = x, covered, height
        n = len(x)
        ends = np.concatenate([self.supplier, self.user])
        self.strength = np.zeros(n)
        np.add.at(self.strength, ends, np.tile(self.pull, 2))
        self.incident = [np.flatnonzero((self.supplier == i) | (self.user == i)) for i in range(n)]
        self.rise = rise(SAMPLES)[:, None]
        reach = self.x[self.user] - self.x[self.supplier]
        self.edge_x = self.x[self.supplier] + reach * along(SAMPLES)[:, None]
        self.crossings = Crossings(self.supplier, self.user, self.pull, x)
        self.low, self.high = covered.above.max(), height - covered.below.max()

    def start(self) -> Array:
        """Heights to begin with: each sector near the mean of its partners, all evenly spread.

        Weighted means in rounds, the order alone kept after each (Sugiyama et al. 1981), from
        strong sectors in the middle and the rest alternating outwards.
        """
        n, span = len(self.x), self.high - self.low
        order = np.argsort(-self.strength, kind="stable")
        outwards = np.empty(n)
        outwards[order] = np.arange(n) / max(n, 1)
        side = np.where(np.argsort(np.argsort(self.x, kind="stable")) % 2, 1, -1)
        y: Array = (self.low + self.high) / 2 + side * outwards * span / 2
        one_way = sparse.csr_array((self.pull, (self.supplier, self.user)), shape=(n, n))
        ties = sparse.csr_array(one_way + one_way.T)
        own = np.where(self.strength > 0, OWN * self.strength, 1.0)
        for _ in range(ROUNDS):
            y = ((ties @ y + own * y) / (self.strength + own)).round(6)
            rank = np.argsort(np.argsort(y, kind="stable"), kind="stable")
            y = self.low + span * rank / max(n - 1, 1)
        return y

    def annealed(self, seed: int) -> Array:
        """Heights after annealing; each step moves one node and keeps what reads better."""
        random = np.random.default_rng(seed)
        y = self.start()
        n = len(y)
        steps = min(STEPS_PER_NODE * n, MOST_WORK // max(len(self.pull), 1))
        for step in range(steps):
            heat = (1 - step / steps) ** 2
            i = int(random.integers(n))
            old, before = y[i], self.cost(i, y)
            spread = (self.high - self.low) * (0.05 + 0.45 * heat)
            y[i] = np.clip(old + random.normal() * spread, self.low, self.high)
            worse = self.cost(i, y) - before
            if worse > 0 and random.random() >= math.exp(-worse / (0.6 * heat + 1e-9)):
                y[i] = old
        return y

    def cost(self, i: int, y: Array) -> float:
        """What node ``i`` at its height costs: overlap, edge lengths, edges through boxes."""
        covered, span = self.covered, self.high - self.low
        apart_x = np.abs(self.x - self.x[i]) < covered.half + covered.half[i]
        top, bottom = y - covered.above, y + covered.below
        overlap = np.minimum(bottom, bottom[i]) - np.maximum(top, top[i])
        overlap[i] = 0.0
        crowded = overlap[apart_x & (overlap > 0)].sum() / covered.below.mean()
        mine = self.incident[i]
        climb = np.abs(y[self.supplier[mine]] - y[self.user[mine]]) / span
        long = (self.pull[mine] * climb).sum()
        over_me = self._inside(slice(None), np.array([i]), y)[:, 0]
        over_me[mine] = False
        through = (over_me * (0.4 + self.pull)).sum()
        over_others = self._inside(mine, slice(None), y)
        over_others[np.arange(len(mine)), self.supplier[mine]] = False
        over_others[np.arange(len(mine)), self.user[mine]] = False
        through += (over_others.sum(axis=1) * (0.4 + self.pull[mine])).sum()
        centre = abs(y[i] - (self.low + self.high) / 2) / span
        crossed = self.crossings.of(mine, y)
        return float(
            8 * crowded
            + 4 * long
            + 1.2 * through
            + CROSSED * crossed
            + 0.25 * self.strength[i] * centre
        )

    def _inside(self, edges: Which, nodes: Which, y: Array) -> NDArray[np.bool_]:
        """Which edges run through the boxes of which nodes."""
        covered = self.covered
        start, end = y[self.supplier[edges]], y[self.user[edges]]
        edge_y = (start + (end - start) * self.rise)[:, :, None]
        inside: NDArray[np.bool_] = np.any(
            (np.abs(self.edge_x[:, edges, None] - self.x[nodes]) < covered.half[nodes])
            & (edge_y > y[nodes] - covered.above[nodes])
            & (edge_y < y[nodes] + covered.below[nodes]),
            axis=0,
        )
        return inside


def _separated(
    x: Array, y: Array, covered: Boxes, strength: Array, height: float
) -> tuple[Array, float]:
    """Heights at which no box covers another, each as near to ``y`` as free space allows.

    Nodes are placed from the strongest on; a node that finds no room makes the canvas higher.
    """
    placed: list[int] = []
    result = y.copy()
    for i in np.argsort(-strength, kind="stable"):
        beside = [j for j in placed if abs(x[j] - x[i]) < covered.half[j] + covered.half[i]]
        lowest = result[beside] - covered.above[beside] - covered.below[i]
        highest = result[beside] + covered.below[beside] + covered.above[i]
        choices = np.concatenate([[y[i]], lowest, highest])
        free = np.array(
            [np.all((choice <= lowest) | (choice >= highest)) for choice in choices], dtype=bool
        )
        choices = choices[free & (choices >= covered.above[i])]
        fits = choices[choices <= height - covered.below[i]]
        choices = fits if len(fits) else choices
        result[i] = choices[np.abs(choices - y[i]).argmin()]
        placed.append(int(i))
    return result, max(height, float((result + covered.below).max(initial=0.0)))
