"""The chain layout: suppliers left, final demand right, strong partners at one height.

A sector's horizontal place is its rank by upstreamness. Its vertical place is found by simulated
annealing (seeded) on what makes a map hard to read: long heavy edges, edges that run through
labels, crowding. A last pass moves labels apart for good: no box covers another.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork

WIDTH, HEIGHT, SECTORS = 1000.0, 620.0, 42
"""Canvas for a table of 42 sectors; larger tables get a proportionally larger one."""

FONT = 13.0
LINE = 1.25
GAP = 3.0
"""Label font size, line height as a multiple of it, and the free space around a box."""

BEND = 0.5
"""Where along an edge its control points stand; the page draws edges with the same bend."""

SAMPLES = np.linspace(0.1, 0.9, 9)
STEPS_PER_NODE = 150
MOST_WORK = 2_000_000
"""Steps times edges: larger networks are annealed for as long, in fewer steps."""


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


def wrapped(text: str, most: int = 13) -> str:
    """A label over two lines where one would be long; Chinese stays on one.

    Example:
        >>> wrapped("Electricity & heat")
        'Electricity\\n& heat'
    """
    if len(text) <= most or " " not in text:
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
    scale = max(1.0, math.sqrt(n / SECTORS))
    width, height = WIDTH * scale, HEIGHT * scale
    rank = upstreamness.rank(ascending=False, method="first").to_numpy() - 1
    left, right = covered.half[rank.argmin()], covered.half[rank.argmax()]
    x = left + rank / max(n - 1, 1) * (width - left - right)
    chart = _Chart(backbone, x, covered, height)
    y = chart.annealed(seed)
    y, height = _separated(x, y, covered, chart.strength, height)
    positions = pd.DataFrame({"x": x, "y": y}, index=upstreamness.index).round(2)
    return Layout(positions, round(width, 2), round(height, 2))


class _Chart:
    """The state of the annealing: fixed x, boxes and edges, and the cost of heights."""

    def __init__(self, backbone: FlowNetwork, x: Array, covered: Boxes, height: float) -> None:
        flows = backbone.without_loops().weights.tocoo()
        self.supplier, self.user = flows.row, flows.col
        largest = flows.data.max(initial=0.0)
        # rounded, so that the last bits of another machine lead to the same map
        self.pull = np.sqrt(flows.data / largest).round(6) if largest > 0 else flows.data
        self.x, self.covered, self.height = x, covered, height
        n = len(x)
        ends = np.concatenate([self.supplier, self.user])
        self.strength = np.zeros(n)
        np.add.at(self.strength, ends, np.tile(self.pull, 2))
        self.incident = [np.flatnonzero((self.supplier == i) | (self.user == i)) for i in range(n)]
        # a cubic Bezier with horizontal tangents: x and the share of the way up at each sample
        t = SAMPLES
        self.rise = 3 * t**2 * (1 - t) + t**3
        reach = (self.x[self.user] - self.x[self.supplier])[:, None]
        along = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t**2 * (1 - t) + t**3
        self.edge_x = self.x[self.supplier][:, None] + reach * along
        self.low, self.high = covered.above.max(), height - covered.below.max()

    def start(self) -> Array:
        """Heights to begin with: strong sectors in the middle, the rest alternating outwards."""
        order = np.argsort(-self.strength, kind="stable")
        outwards = np.empty(len(order))
        outwards[order] = np.arange(len(order)) / max(len(order), 1)
        side = np.where(np.argsort(np.argsort(self.x, kind="stable")) % 2, 1, -1)
        middle = (self.low + self.high) / 2
        heights: Array = middle + side * outwards * (self.high - self.low) / 2
        return heights

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
        edge_y = self._edge_heights(slice(None), y)
        over_me = self._inside(self.edge_x, edge_y, i, y)
        over_me[mine] = False
        through = (over_me.any(axis=1) * (0.4 + self.pull)).sum()
        for edge in mine.tolist():
            others = self._crossed(edge, edge_y[edge], y)
            through += others * (0.4 + self.pull[edge])
        centre = abs(y[i] - (self.low + self.high) / 2) / span
        return float(8 * crowded + 4 * long + 1.2 * through + 0.25 * self.strength[i] * centre)

    def _edge_heights(self, which: slice, y: Array) -> Array:
        start, end = y[self.supplier[which]], y[self.user[which]]
        heights: Array = start[:, None] + (end - start)[:, None] * self.rise
        return heights

    def _inside(self, edge_x: Array, edge_y: Array, i: int, y: Array) -> NDArray[np.bool_]:
        covered = self.covered
        inside: NDArray[np.bool_] = (
            (np.abs(edge_x - self.x[i]) < covered.half[i])
            & (edge_y > y[i] - covered.above[i])
            & (edge_y < y[i] + covered.below[i])
        )
        return inside

    def _crossed(self, edge: int, heights: Array, y: Array) -> int:
        """How many boxes of other nodes an edge runs through."""
        covered, at = self.covered, self.edge_x[edge][:, None]
        inside = (
            (np.abs(at - self.x) < covered.half)
            & (heights[:, None] > y - covered.above)
            & (heights[:, None] < y + covered.below)
        ).any(axis=0)
        inside[[self.supplier[edge], self.user[edge]]] = False
        return int(inside.sum())


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
