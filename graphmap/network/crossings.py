"""Which drawn edges cross: an edge is a cubic Bezier curve with horizontal tangents.

Such a curve has one height at each x, so two of them cross where the difference of their heights
changes its sign over the x that they share.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork

BEND = 0.5
"""Where along an edge its control points stand; the page draws edges with the same bend."""

LOOKS = np.linspace(0.02, 0.98, 49)
"""Where along the x that two edges share their heights are compared; not where both may end."""


def along(t: Array) -> Array:
    """The share of the way from supplier to user, in x, at each parameter of the curve."""
    found: Array = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t**2 * (1 - t) + t**3
    return found


def rise(t: Array) -> Array:
    """The share of the way from supplier to user, in y, at each parameter of the curve."""
    found: Array = 3 * t**2 * (1 - t) + t**3
    return found


STEPS = np.linspace(0, 1, 257)
ALONG, RISE = along(STEPS), rise(STEPS)


def drawn_edges(flows: FlowNetwork) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Supplier, user and pull of each edge between two sectors.

    The pull is the square root of the flow over that of the largest, rounded, so that the last bits
    of another machine lead to the same map.
    """
    found = flows.without_loops().weights.tocoo()
    largest = found.data.max(initial=0.0)
    pull = np.sqrt(found.data / largest).round(6) if largest > 0 else found.data
    return found.row.astype(np.int64), found.col.astype(np.int64), pull


def shared(
    edge: int, supplier: NDArray[np.int64], user: NDArray[np.int64], x: Array, looks: Array
) -> tuple[NDArray[np.int64], Array, Array]:
    """The edges that share some x with ``edge``, and how far each has climbed there.

    An edge the other way lies on the same curve, and one straight up has no x to share.

    Returns:
        The other edges (m,); the shares of its climb that ``edge`` has made at each look (m, k);
        those that the others have made (m, k).
    """
    left, right = np.minimum(x[supplier], x[user]), np.maximum(x[supplier], x[user])
    start, end = np.maximum(left, left[edge]), np.minimum(right, right[edge])
    same = np.minimum(supplier, user) == min(supplier[edge], user[edge])
    same &= np.maximum(supplier, user) == max(supplier[edge], user[edge])
    others = np.flatnonzero((start < end) & ~same)
    at = start[others, None] + (end - start)[others, None] * looks
    reach = x[user] - x[supplier]
    mine = (at - x[supplier[edge]]) / reach[edge]
    theirs = (at - x[supplier[others], None]) / reach[others, None]
    return others, np.interp(mine, ALONG, RISE), np.interp(theirs, ALONG, RISE)


def crossings(positions: pd.DataFrame, flows: FlowNetwork, *, weighted: bool = False) -> float:
    """How many pairs of edges cross as they are drawn.

    Edges that meet at a sector do not cross there, but may do so on their way. A pair of edges that
    cross more than once counts once.

    Args:
        positions: x and y, a row a sector, in the order of the network's nodes.
        flows: what is drawn.
        weighted: a pair counts the product of the square roots of its flows over the largest, so
            that the crossing of two of the heaviest edges counts one.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network import keep, network
        >>> net = keep(network(sample.table().select(["CN-GD"])), "5%").network
        >>> places = pd.DataFrame({"x": np.arange(42.0), "y": np.arange(42.0) % 7})
        >>> crossings(places, net) > crossings(places, net, weighted=True) > 0
        True
    """
    supplier, user, pull = drawn_edges(flows)
    x, y = positions["x"].to_numpy(float), positions["y"].to_numpy(float)
    climb = y[user] - y[supplier]
    total = 0.0
    for edge in range(len(pull)):
        others, mine, theirs = shared(edge, supplier, user, x, LOOKS)
        above = y[supplier[edge]] + climb[edge] * mine
        above -= y[supplier[others], None] + climb[others, None] * theirs
        crossed = (above.min(axis=1) < -1e-6) & (above.max(axis=1) > 1e-6) & (others > edge)
        total += float(pull[edge] * pull[others[crossed]].sum()) if weighted else crossed.sum()
    return float(total)


class Crossings:
    """What edges that cross cost while heights are sought: everything that x alone decides."""

    LOOKS = np.array([0.06, 0.5, 0.94])
    MOST_EDGES = 1000
    """More edges are not watched: their pairs would not fit, and their crossings not be seen."""

    def __init__(
        self, supplier: NDArray[np.int64], user: NDArray[np.int64], pull: Array, x: Array
    ) -> None:
        self.supplier, self.user = supplier, user
        edges = len(pull) if len(pull) <= self.MOST_EDGES else 0
        self.share = np.zeros((len(self.LOOKS), edges, edges))
        self.price = np.zeros((edges, edges))
        for edge in range(edges):
            others, mine, _ = shared(edge, supplier, user, x, self.LOOKS)
            self.share[:, edge, others] = mine.T
            self.price[edge, others] = 0.2 + pull[edge] * pull[others]
        self.share_of_others = self.share.transpose(0, 2, 1).copy()

    def of(self, edges: NDArray[np.int64], y: Array) -> float:
        """What the crossings of these edges with any cost at heights ``y``."""
        if not len(self.price):
            return 0.0
        start = y[self.supplier]
        climb = y[self.user] - start
        above = start[edges, None] + climb[edges, None] * self.share[:, edges]
        above -= start + climb * self.share_of_others[:, edges]
        crossed = (above.min(axis=0) < 0) & (above.max(axis=0) > 0)
        return float((self.price[edges] * crossed).sum())
