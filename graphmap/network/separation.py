"""Boxes that do not cover one another: moved apart, put at the nearest free place, in rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from graphmap.arrays import Array
from graphmap.network.layout import Boxes

ROUNDS = 150
"""Rounds in which boxes push one another before the last ones are set by hand."""

CHUNK = 256
"""Candidates looked at together, the nearest first."""


@dataclass(frozen=True)
class Space:
    """Where boxes may stand; y downwards, as everywhere."""

    left: float = -np.inf
    right: float = np.inf
    top: float = -np.inf
    bottom: float = np.inf


EVERYWHERE = Space()


def apart(wanted: Array, covered: Boxes, strength: Array, space: Space = EVERYWHERE) -> Array:
    """(n, 2) places at which no box covers another, near to the wanted ones.

    Boxes push one another first, each pair along the shorter way, inside ``space``. Then they are
    set one after the other, the strongest first, each at the nearest place that is free; that may
    lie below the bottom of the space, where there always is one.

    Example:
        >>> import numpy as np
        >>> box = Boxes(np.array([10.0, 10.0]), np.array([5.0, 5.0]), np.array([5.0, 5.0]))
        >>> found = apart(np.array([[0.0, 0.0], [2.0, 1.0]]), box, np.array([2.0, 1.0]))
        >>> bool((abs(found[1] - found[0]).round(6) >= [20, 10]).any())
        True
    """
    size = np.column_stack([covered.half, (covered.above + covered.below) / 2])
    down = np.column_stack([np.zeros(len(size)), (covered.below - covered.above) / 2])
    low = np.array([space.left, space.top]) + size
    high = np.maximum(np.array([space.right, space.bottom]) - size, low)
    centres = _pushed(np.clip(wanted + down, low, high), size, low, high)
    high = np.column_stack([high[:, 0], np.full(len(size), np.inf)])
    placed: list[int] = []
    for i in np.argsort(-strength, kind="stable").tolist():
        taken = np.array(placed, dtype=np.int64)
        centres[i] = nearest_free(
            centres[i], centres[taken], size[taken] + size[i], low[i], high[i]
        )
        placed.append(i)
    places: Array = centres - down
    return places


def part(covered: Boxes, which: NDArray[np.int64]) -> Boxes:
    """The boxes of some of the nodes."""
    return Boxes(covered.half[which], covered.above[which], covered.below[which])


def rows(covered: Boxes, width: float) -> tuple[Array, float]:
    """Places of boxes side by side, in as many centred rows as it takes, and their height."""
    places = np.zeros((len(covered.half), 2))
    deep = covered.above.max(initial=0.0) + covered.below.max(initial=0.0)
    row: list[int] = []
    lines = [row]
    for i, half in enumerate(covered.half):
        if row and 2 * (covered.half[row].sum() + half) > width:
            row = []
            lines.append(row)
        row.append(i)
    for line, members in enumerate(lines if len(places) else []):
        widths = 2 * covered.half[members]
        free = max(width - widths.sum(), 0.0) / (len(members) + 1)
        edges = np.cumsum(widths + free) - widths / 2
        places[members, 0] = edges
        places[members, 1] = line * deep + covered.above.max()
    return places, len(lines) * float(deep) if len(places) else 0.0


def _pushed(centres: Array, size: Array, low: Array, high: Array) -> Array:
    """Centres after pairs that overlap have moved from one another, both by half."""
    widest = 2 * size.max(axis=0, initial=1e-9)
    for _ in range(ROUNDS):
        pairs = cKDTree(centres / widest).query_pairs(1.0, p=np.inf, output_type="ndarray")
        pairs = pairs[np.lexsort(pairs.T)]
        first, second = pairs.T
        between = centres[second] - centres[first]
        overlap = size[first] + size[second] - np.abs(between)
        covers = (overlap > 1e-6).all(axis=1)
        if not covers.any():
            break
        first, second, overlap = first[covers], second[covers], overlap[covers]
        axis = overlap.argmin(axis=1)
        rows = np.arange(len(axis))
        way = np.where(between[covers][rows, axis] < 0, -1.0, 1.0)
        push = np.zeros_like(overlap)
        push[rows, axis] = 0.5 * overlap[rows, axis] * way
        move = np.zeros_like(centres)
        np.add.at(move, first, -push)
        np.add.at(move, second, push)
        # many pushes at once would throw a box far out; rounded as the pull of edges is
        centres = np.clip(centres + np.clip(move, -widest / 2, widest / 2), low, high).round(6)
    return centres


def nearest_free(target: Array, taken: Array, room: Array, low: Array, high: Array) -> Array:
    """The place nearest to ``target`` where a box covers none of those that stand.

    Args:
        target: (2,) the centre wanted.
        taken: (m, 2) centres of the boxes that stand.
        room: (m, 2) how far from each of them, in x or in y, a centre has to be.
        low, high: (2,) where a centre may be beside ``target``; there is no end downwards.
    """
    if _free(target[None], taken, room)[0]:
        return target
    window = 2 * room.max(axis=0)
    while True:
        near = (np.abs(taken - target) < room + window).all(axis=1)
        edges = [
            np.concatenate([[target[k]], (taken - room)[near, k], (taken + room)[near, k]])
            for k in (0, 1)
        ]
        for k, lines in enumerate(edges):
            # a box wider than the canvas has no place inside: it keeps its own
            inside = ((lines >= low[k]) & (lines <= high[k])) | (lines == target[k])
            edges[k] = np.unique(lines[inside & (np.abs(lines - target[k]) <= window[k])])
        choices = np.stack(np.meshgrid(*edges), axis=-1).reshape(-1, 2)
        distance = np.hypot(*((choices - target).T)).round(6)
        choices = choices[np.argsort(distance, kind="stable")]
        for start in range(0, len(choices), CHUNK):
            part = choices[start : start + CHUNK]
            free = _free(part, taken[near], room[near])
            if free.any():
                found: Array = part[free.argmax()]
                return found
        window = window * 2


def _free(places: Array, taken: Array, room: Array) -> NDArray[np.bool_]:
    covers = np.all(np.abs(places[:, None] - taken) < room - 1e-9, axis=2)
    free: NDArray[np.bool_] = ~np.any(covers, axis=1)
    return free
