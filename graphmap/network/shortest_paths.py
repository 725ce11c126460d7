"""Shortest paths of dense networks: betweenness, closeness, and which flows they run through.

The distance of a flow is the largest flow between two sectors over it: 1 for the largest, and the
longer the smaller the flow. So scaled it has no unit and no result depends on that of the flows.

In a dense table almost every flow is a detour: two large flows by way of a strong sector are
shorter than one small flow. Such flows are taken out before any search, exactly and without a loop
over them; of 1.6 million flows between 1,302 sectors some thousands are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork
from graphmap.network.scale import relative

if TYPE_CHECKING:
    import igraph

HUBS = 48
"""Detours are looked for by way of so many of the strongest sectors; more find few others."""

SLACK = 1e-9
"""A flow is kept where a detour is not shorter by more than this share of it: sums round."""

BLOCK = 256
"""Rows that are looked at together, so that no n x n array is held."""


@dataclass(frozen=True)
class ShortestPaths:
    """What the shortest paths between all pairs of n sectors say.

    Attributes:
        distances: (n, n) csr_array, the distance of each flow that lies on a shortest path.
        reached, reached_distance: (n,) how many others a sector's products lead to, directly or
            through users, and the sum of the distances to them.
        reaching, reaching_distance: (n,) the same of those whose products lead to the sector.
    """

    distances: sparse.csr_array
    reached: Array
    reached_distance: Array
    reaching: Array
    reaching_distance: Array


def distances(weights: sparse.csr_array) -> sparse.csr_array:
    """(n, n) the largest flow between two sectors over each such flow; loops are left out.

    Raises:
        DataError: a flow is negative or not a number.

    Example:
        >>> distances(sparse.csr_array([[9.0, 4.0], [2.0, 0.0]])).toarray().tolist()
        [[0.0, 1.0], [2.0, 0.0]]
    """
    shares = relative(weights, loops=False)
    return sparse.csr_array((1 / shares.data, shares.indices, shares.indptr), shares.shape)


def without_detours(distance: sparse.csr_array, hubs: int = HUBS) -> sparse.csr_array:
    """The distances that may lie on a shortest path, as they are; no shortest path is lost.

    A flow goes where a route by way of some of the strongest sectors is shorter by more than
    ``SLACK``. Every such route is a path of the network, so what goes is on no shortest path.

    Args:
        distance: (n, n) above zero, nothing on the diagonal; no entry where there is no flow.
        hubs: by way of how many sectors.

    Example:
        >>> triangle = sparse.csr_array([[0.0, 1.0, 3.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
        >>> without_detours(triangle).toarray().tolist()
        [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    return _chosen(distance, no_detour(distance, hubs))


def no_detour(distance: sparse.csr_array, hubs: int = HUBS) -> NDArray[np.bool_]:
    """(cells,) which distances ``without_detours`` keeps, in the order they are stored."""
    n = distance.shape[0]
    strength = _nearness(distance)
    hub = np.lexsort((np.arange(n), -strength))[:hubs]
    to_hub, from_hub = _filled(distance[:, hub]), _filled(distance[hub])
    from_hub[np.arange(len(hub)), hub] = 0.0  # a route may end at the hub
    for k in range(len(hub)):  # Floyd and Warshall: from each sector to the hubs through hubs
        np.minimum(to_hub, to_hub[:, k, None] + to_hub[hub[k]], out=to_hub)
    kept = np.empty(distance.nnz, dtype=bool)
    for rows in _blocks(n):
        shortest = np.full((rows.stop - rows.start, n), np.inf)
        for k in range(len(hub)):
            np.minimum(shortest, to_hub[rows, k, None] + from_hub[k], out=shortest)
        _mark(kept, distance, rows, shortest)
    return kept


def shortest_paths(distance: sparse.csr_array) -> ShortestPaths:
    """The shortest paths between all pairs.

    Args:
        distance: (n, n) above zero, nothing on the diagonal; no entry where there is no flow.

    Example:
        >>> triangle = sparse.csr_array([[0.0, 1.0, 3.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
        >>> shortest_paths(triangle).reached_distance.tolist()
        [3.0, 1.0, 0.0]
    """
    few = without_detours(distance)
    n = few.shape[0]
    reached, reaching, reached_distance, reaching_distance = np.zeros((4, n))
    kept = np.empty(few.nnz, dtype=bool)
    for rows in _blocks(n):
        found = dijkstra(few, indices=np.arange(rows.start, rows.stop))
        _mark(kept, few, rows, found)
        there = np.isfinite(found)
        length = np.where(there, found, 0.0)
        reached[rows], reached_distance[rows] = there.sum(axis=1) - 1, length.sum(axis=1)
        reaching += there.sum(axis=0)
        reaching_distance += length.sum(axis=0)
    return ShortestPaths(
        _chosen(few, kept), reached, reached_distance, reaching - 1, reaching_distance
    )


def _nearness(distance: sparse.csr_array) -> Array:
    """(n,) sum of the flows of each sector, of the largest flow."""
    flows = sparse.csr_array((1 / distance.data, distance.indices, distance.indptr), distance.shape)
    return np.asarray(flows.sum(axis=0) + flows.sum(axis=1), dtype=float).ravel()


def _filled(distance: sparse.csr_array) -> Array:
    """As an ndarray with infinity where there is no flow."""
    found = np.full(distance.shape, np.inf)
    entries = distance.tocoo()
    found[entries.row, entries.col] = entries.data
    return found


def _blocks(n: int) -> Iterator[slice]:
    for start in range(0, n, BLOCK):
        yield slice(start, min(start + BLOCK, n))


def _mark(
    kept: NDArray[np.bool_], distance: sparse.csr_array, rows: slice, shortest: Array
) -> None:
    """Mark the flows of some suppliers that are as short as the shortest route beside them."""
    of = slice(*distance.indptr[[rows.start, rows.stop]])
    counts = np.diff(distance.indptr[rows.start : rows.stop + 1])
    least = shortest[np.repeat(np.arange(len(counts)), counts), distance.indices[of]]
    kept[of] = distance.data[of] <= least * (1 + SLACK)


def _chosen(distance: sparse.csr_array, kept: NDArray[np.bool_]) -> sparse.csr_array:
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr))[kept]
    return sparse.csr_array(
        (distance.data[kept], (row, distance.indices[kept])), shape=distance.shape
    )


_FOUND: WeakKeyDictionary[FlowNetwork, ShortestPaths] = WeakKeyDictionary()
"""Four measures rest on the same search; what was found goes when the network does."""


def paths_of(net: FlowNetwork) -> ShortestPaths:
    """The shortest paths of a network, searched for once."""
    if net not in _FOUND:
        _FOUND[net] = shortest_paths(distances(net.weights))
    return _FOUND[net]


def betweenness(net: FlowNetwork) -> Array:
    """(n,) share of the pairs of other sectors whose shortest path passes through, 0 to 1.

    High where trade between others is mediated: what they make reaches most users by way of this
    sector. Equally short paths (to 1e-10 of their length) share their pair; a pair without a path
    counts as one that does not pass. With fewer than three sectors, and where nothing flows, 0.

    Source:
        Freeman 1977, Sociometry 40; Brandes 2001, Journal of Mathematical Sociology 25.

    Example:
        >>> import networkx as nx
        >>> chain = nx.DiGraph()
        >>> chain.add_weighted_edges_from([("ore", "steel", 5.0), ("steel", "cars", 2.0)])
        >>> betweenness(FlowNetwork.from_networkx(chain)).tolist()
        [0.0, 0.5, 0.0]
    """
    graph, length = _graph(net)
    n = graph.vcount()
    pairs = max((n - 1) * (n - 2), 1)
    found: Array = np.array(graph.betweenness(weights=length), dtype=float) / pairs
    return found


def closeness(net: FlowNetwork) -> Array:
    """(n,) how near a sector is to all whose products lead to it, 0 to 1.

    High where supplies arrive from everywhere in large flows, so that disturbances arrive too. The
    mean distance from these sectors, inverted, times their share of all others (Wasserman and
    Faust's factor for networks that do not hold together). Distances are relative to the largest
    flow between two sectors: 1 says that every other sector supplies directly and as much as that.
    Where nothing arrives, 0.

    Source:
        Wasserman & Faust 1994, Social Network Analysis, p. 201.

    Example:
        >>> import networkx as nx
        >>> chain = nx.DiGraph()
        >>> chain.add_weighted_edges_from([("ore", "steel", 5.0), ("steel", "cars", 2.5)])
        >>> closeness(FlowNetwork.from_networkx(chain)).tolist()
        [0.0, 0.5, 0.4]
    """
    found = paths_of(net)
    return _near(found.reaching, found.reaching_distance)


def closeness_supply(net: FlowNetwork) -> Array:
    """(n,) how near a sector is to all that its products lead to, 0 to 1.

    High where what a sector makes, or fails to make, reaches all users in large flows. As
    ``closeness``, with the directions reversed.

    Source:
        Wasserman & Faust 1994, Social Network Analysis, p. 201.

    Example:
        >>> import networkx as nx
        >>> chain = nx.DiGraph()
        >>> chain.add_weighted_edges_from([("ore", "steel", 5.0), ("steel", "cars", 2.5)])
        >>> closeness_supply(FlowNetwork.from_networkx(chain)).tolist()
        [0.5, 0.25, 0.0]
    """
    found = paths_of(net)
    return _near(found.reached, found.reached_distance)


def _near(count: Array, total: Array) -> Array:
    others = max(len(count) - 1, 1)
    found: Array = np.divide(
        count * count, total * others, out=np.zeros(len(count)), where=total > 0
    )
    return found


def edge_betweenness(net: FlowNetwork) -> pd.DataFrame:
    """The flows that shortest paths run through, largest share first ("flow betweenness").

    High for a relationship by which many sectors supply one another, whatever it is worth itself:
    those whose failure makes most others look for longer ways.

    Returns:
        DataFrame ``supplier``, ``user`` (node ids), ``value``: share of the n (n - 1) pairs of
        sectors whose shortest path uses the flow. Flows that are not listed have 0; equal ones come
        in the order of the table.

    Source:
        Girvan & Newman 2002, PNAS 99; Brandes 2008, Social Networks 30.

    Example:
        >>> import networkx as nx
        >>> chain = nx.DiGraph()
        >>> chain.add_weighted_edges_from([("ore", "steel", 5.0), ("steel", "cars", 2.0)])
        >>> edge_betweenness(FlowNetwork.from_networkx(chain)).round(3).values.tolist()
        [['ore', 'steel', 0.333], ['steel', 'cars', 0.333]]
    """
    graph, length = _graph(net)
    n = graph.vcount()
    flows = paths_of(net).distances.tocoo()
    value = np.array(graph.edge_betweenness(weights=length), dtype=float) / max(n * (n - 1), 1)
    # what differs by rounding only is equal, and comes in the order of the table
    order = np.lexsort((flows.col, flows.row, -value.round(12)))
    order = order[value[order] > 0]
    return pd.DataFrame(
        {
            "supplier": net.nodes.index[flows.row[order]],
            "user": net.nodes.index[flows.col[order]],
            "value": value[order],
        }
    )


def _graph(net: FlowNetwork) -> tuple[igraph.Graph, list[float] | None]:
    """The flows on shortest paths for igraph, and their distances."""
    import igraph  # noqa: PLC0415 (brings matplotlib: half a second)

    flows = paths_of(net).distances.tocoo()
    pairs = np.column_stack([flows.row, flows.col])
    graph = igraph.Graph(n=len(net.nodes), edges=pairs, directed=True)
    # igraph takes no empty list of weights
    return graph, flows.data.tolist() or None
