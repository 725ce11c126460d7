"""Centralities of flows that go round and round: PageRank, hubs and authorities, eigenvector.

They keep what flows within a sector, as the economy does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork
from graphmap.network.scale import relative

DAMPING = 0.85
"""How often PageRank's walker follows a flow instead of starting anew, as is usual."""

EXACT = 1e-13
"""Where iterations end: the change of a step, of the whole."""

STEPS, SQUARINGS = 1000, 26
"""Iterations before powers are squared, and how often: 2^26 steps tell what differs by 1e-7."""

SHIFT = 0.01
"""Of the largest flow, added to the diagonal, so that goods going round in turns settle."""


def walked(weights: sparse.csr_array, damping: float = DAMPING) -> Array:
    """(n,) how often a walker along the flows is at each node; sums to 1.

    From a node without flows, and with ``1 - damping`` from any other, the walk goes on anywhere.

    Args:
        weights: (n, n), at least zero; a step goes from row to column.
        damping: at least 0 and below 1.

    Example:
        >>> walked(sparse.csr_array([[0.0, 1.0], [0.0, 0.0]]), damping=0.5).round(6).tolist()
        [0.4, 0.6]
    """
    n = weights.shape[0]
    total = np.asarray(weights.sum(axis=1)).ravel()
    each = np.repeat(total, np.diff(weights.indptr))
    share = np.divide(weights.data, each, out=np.zeros(weights.nnz), where=each > 0)
    steps = sparse.csr_array((share, weights.indices, weights.indptr), weights.shape).T.tocsr()
    at = np.full(n, 1.0 / n)
    # a step leaves no more than ``damping`` of the error before it
    for _ in range(int(np.ceil(np.log(EXACT) / np.log(max(damping, EXACT))))):
        at = damping * (steps @ at) + (1 - damping) / n
    # what is lost where walks end would go on anywhere: so it is spread as all the rest is
    found: Array = at / at.sum()
    return found


def pagerank(net: FlowNetwork) -> Array:
    """(n,) share of a walker who follows flows from suppliers to users; sums to 1.

    High for sectors that large flows end in, above all those of sectors that are important as users
    themselves. Flows within a sector are kept; damping 0.85. Where nothing flows, 1/n each.

    Source:
        Brin & Page 1998, Computer Networks and ISDN Systems 30.

    Example:
        >>> import networkx as nx
        >>> chain = nx.DiGraph()
        >>> chain.add_weighted_edges_from([("ore", "steel", 5.0), ("steel", "cars", 2.0)])
        >>> pagerank(FlowNetwork.from_networkx(chain)).round(3).tolist()
        [0.184, 0.341, 0.474]
    """
    return walked(relative(net.weights))


def pagerank_reversed(net: FlowNetwork) -> Array:
    """(n,) share of a walker who follows flows from users back to suppliers; sums to 1.

    High for sectors that everything is made from: direct and indirect suppliers of large users, and
    so where a change of technology reaches most products. Where nothing flows, 1/n each.

    Source:
        Brin & Page 1998, Computer Networks and ISDN Systems 30.

    Example:
        >>> import networkx as nx
        >>> chain = nx.DiGraph()
        >>> chain.add_weighted_edges_from([("ore", "steel", 5.0), ("steel", "cars", 2.0)])
        >>> pagerank_reversed(FlowNetwork.from_networkx(chain)).round(3).tolist()
        [0.474, 0.341, 0.184]
    """
    return walked(sparse.csr_array(relative(net.weights).T))


def limit(step: Callable[[Array], Array], power: Callable[[], Array], n: int) -> Array:
    """(n,) where ``M^k 1`` tends to, sums to 1: the leading eigenvector of ``M`` where it is one.

    It exists for each non-negative matrix with a positive diagonal or a symmetric positive
    semidefinite one, is the same on every machine, and does not depend on luck where several
    eigenvectors are alike. Where iterations settle too slowly to be trusted, powers are squared.

    Args:
        step: ``M v`` for a vector.
        power: ``M`` itself, dense; only asked for where it is needed.
        n: size.

    Example:
        >>> twins = np.array([[2.0, 0.0], [0.0, 2.0]])
        >>> limit(lambda v: twins @ v, lambda: twins, 2).tolist()
        [0.5, 0.5]
    """
    at = np.full(n, 1.0 / n)
    for _ in range(STEPS):
        after = step(at)
        after /= after.sum()
        if np.abs(after - at).sum() <= EXACT:
            return after
        at = after
    matrix = power()
    for _ in range(SQUARINGS):
        # the sum of the next power is at most n times the square of this one's
        matrix = matrix / matrix.sum()
        matrix = matrix @ matrix
    at = matrix.sum(axis=1)
    found: Array = at / at.sum()
    return found


def hub(net: FlowNetwork) -> Array:
    """(n,) how much a sector supplies to the sectors that use most from such suppliers; sums to 1.

    High for the suppliers at the core of the largest block of trade: the other half of
    ``authority``. Flows within a sector are kept. Where several blocks are equally large each has
    its part; sectors outside have 0; where nothing flows, 1/n each.

    Source:
        Kleinberg 1999, Journal of the ACM 46.

    Example:
        >>> import networkx as nx
        >>> star = nx.DiGraph()
        >>> star.add_weighted_edges_from([("power", "steel", 3.0), ("ore", "steel", 1.0)])
        >>> hub(FlowNetwork.from_networkx(star)).round(9).tolist()
        [0.75, 0.0, 0.25]
    """
    weights = relative(net.weights)
    if not weights.nnz:
        return np.full(len(net.nodes), 1.0 / len(net.nodes))
    users = sparse.csr_array(weights.T)
    return limit(
        lambda v: np.asarray(weights @ (users @ v)),
        lambda: np.asarray((weights @ users).toarray()),
        len(net.nodes),
    )


def authority(net: FlowNetwork) -> Array:
    """(n,) how much a sector uses from the suppliers that supply most to such users; sums to 1.

    High for the users at the core of the largest block of trade. What arrives at each sector from
    the hubs: see ``hub``, with which it shares loops kept and 1/n where nothing flows.

    Source:
        Kleinberg 1999, Journal of the ACM 46.

    Example:
        >>> import networkx as nx
        >>> star = nx.DiGraph()
        >>> star.add_weighted_edges_from([("power", "steel", 3.0), ("ore", "steel", 1.0)])
        >>> authority(FlowNetwork.from_networkx(star)).round(9).tolist()
        [0.0, 1.0, 0.0]
    """
    weights = relative(net.weights)
    if not weights.nnz:
        return np.full(len(net.nodes), 1.0 / len(net.nodes))
    arrived = np.asarray(weights.T @ hub(net))
    found: Array = arrived / arrived.sum()
    return found


def eigenvector(net: FlowNetwork) -> Array:
    """(n,) what flows in from sectors that have much flowing in themselves; Euclidean length 1.

    High where the circular flow of goods gathers: in the users inside the strongest circle of
    sectors that supply one another, and in those who live on it. The leading left eigenvector of
    the flows, those within a sector kept, as networkx has it.

    Where sectors do not all lead to one another, what is returned is still defined: the limit of
    following the flows again and again from one unit in each sector. Only the circle with the
    largest eigenvalue and the sectors it leads to are above 0; several equally strong ones each
    have their part; without a circle, the ends of the longest chains; where nothing flows,
    ``1 / sqrt(n)`` each.

    Source:
        Bonacich 1987, American Journal of Sociology 92.

    Example:
        >>> import networkx as nx
        >>> pair = nx.DiGraph()
        >>> pair.add_weighted_edges_from([("power", "coal", 1.0), ("coal", "power", 4.0)])
        >>> eigenvector(FlowNetwork.from_networkx(pair)).round(3).tolist()
        [0.894, 0.447]
    """
    n = len(net.nodes)
    users = sparse.csr_array(relative(net.weights).T + SHIFT * sparse.eye_array(n))
    found = limit(lambda v: np.asarray(users @ v), users.toarray, n)
    length: Array = found / np.linalg.norm(found)
    return length
