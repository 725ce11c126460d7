"""The geometry of flows: cubic curves cut where they meet the rim of their user, and arrowheads.

The same shapes as on the page (``page-curve.js``), for all flows of a figure at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.network.layout import BEND

RIM_GAP = 1.0
"""Points between an arrow and what it points at."""

ARC = 0.16
"""How far an arc leaves the straight line, as a share of its length."""

ARCH = 0.3
"""The same for flows back up the chain, which arch over the others."""

ROUNDS = 24
"""Halvings that find the rim: far below what can be seen."""

KINDS = ("along", "back", "arc")


@dataclass(frozen=True)
class Flows:
    """Curves of m flows, each cut at its arrowhead, in the units of what was given.

    Attributes:
        curves: (m, 4, 2) control points.
        heads: (m, 3, 2) corners of the arrowheads, the tip first.
    """

    curves: Array
    heads: Array


def point(curves: Array, t: Array) -> Array:
    """The points (m, 2) of m cubic curves at one parameter each."""
    u = 1 - t
    weights = np.stack([u**3, 3 * u**2 * t, 3 * u * t**2, t**3], axis=1)
    found: Array = np.einsum("mk,mkd->md", weights, curves)
    return found


def whole_curves(start: Array, end: Array, kind: NDArray[np.str_], ceiling: float) -> Array:
    """Control points (m, 4, 2) from centre to centre.

    Args:
        start: (m, 2) centres of the suppliers.
        end: (m, 2) centres of the users.
        kind: ``along`` has horizontal tangents, ``back`` arches upwards, ``arc`` bends to its left,
            so that two flows in opposite directions stand apart.
        ceiling: no arch reaches above this height (y is counted downwards).
    """
    way = end - start
    curves = np.stack([start, start, end, end], axis=1)
    along = kind == "along"
    curves[along, 1, 0] += BEND * way[along, 0]
    curves[along, 2, 0] -= BEND * way[along, 0]
    bend = np.where(kind == "back", np.where(way[:, 0] > 0, ARCH, -ARCH), ARC)
    aside = np.stack([way[:, 1] * bend, -way[:, 0] * bend], axis=1)
    for place, share in ((1, 0.25), (2, 0.75)):
        curves[~along, place] = (start + share * way + aside)[~along]
    back = kind == "back"
    # the curve itself reaches three quarters of the way to its handles
    handles = np.maximum(curves[back, 1:3, 1], ceiling / 0.75)
    curves[back, 1:3, 1] = handles
    return curves


def rims(curves: Array, centre: Array, reach: Array) -> Array:
    """Where (m,) each curve comes nearer to its user than ``reach``."""
    outside, within = np.zeros(len(curves)), np.ones(len(curves))
    for _ in range(ROUNDS):
        middle = (outside + within) / 2
        near = np.hypot(*(point(curves, middle) - centre).T) < reach
        within, outside = np.where(near, middle, within), np.where(near, outside, middle)
    return outside


def until(curves: Array, t: Array) -> Array:
    """The first part of each curve, up to its parameter (de Casteljau)."""
    t = t[:, None]
    a, b, c, d = (curves[:, i] for i in range(4))
    ab, bc, cd = a + (b - a) * t, b + (c - b) * t, c + (d - c) * t
    abc, bcd = ab + (bc - ab) * t, bc + (cd - bc) * t
    return np.stack([a, ab, abc, abc + (bcd - abc) * t], axis=1)


def flow_shapes(
    start: Array,
    end: Array,
    radius: Array,
    width: Array,
    kind: NDArray[np.str_],
    ceiling: float,
    unit: float = 1.0,
) -> Flows:
    """Curves and arrowheads of m flows between dots.

    Args:
        start: (m, 2) centres of the suppliers.
        end: (m, 2) centres of the users.
        radius: (m,) radii of the users' dots.
        width: (m,) how wide the flows are drawn.
        kind: (m,) of ``KINDS``.
        ceiling: as ``whole_curves``.
        unit: how large the smallest arrowhead is: smaller on a map with many dots.

    Example:
        >>> here, there = np.array([[0.0, 0.0]]), np.array([[100.0, 0.0]])
        >>> ten, two = np.array([10.0]), np.array([2.0])
        >>> found = flow_shapes(here, there, ten, two, np.array(["along"]), 0.0)
        >>> found.heads[0, 0].round(2).tolist()
        [89.0, 0.0]
    """
    curves = whole_curves(start, end, kind, ceiling)
    length = 4.0 * unit + 1.5 * width
    tip_at = rims(curves, end, radius + RIM_GAP)
    base_at = rims(curves, end, radius + RIM_GAP + 0.9 * length)
    tip, base = point(curves, tip_at), point(curves, base_at)
    reach = np.hypot(*(tip - base).T)
    way = (tip - base) / np.where(reach > 0, reach, 1.0)[:, None]
    # a head that has no room for its length is narrower too
    half = (1.8 * unit + 0.75 * width) * np.minimum(1, reach / length + 0.1)
    side = np.stack([way[:, 1], -way[:, 0]], axis=1) * half[:, None]
    heads = np.stack([tip, base + side, base - side], axis=1)
    return Flows(until(curves, base_at), heads)
