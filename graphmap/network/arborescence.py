"""The strongest tree of flows that reaches every sector, and what joins a backbone's pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from graphmap.arrays import Array
from graphmap.network.edge_scores import ROUNDING, alike, rows, strengths

Indices = NDArray[np.intp]


def roots_of(weights: sparse.csr_array) -> Indices:
    """Where the trees begin, in the order of the sectors.

    From one root everything is reachable if such a sector exists; of several the one that supplies
    most to others is taken, of equals the first. Where no sector reaches all others, there is a
    root for each group of sectors that supply one another and that nobody outside supplies: its
    member that supplies most. No forest of directed trees has fewer roots.
    """
    graph = weights
    if not (weights.data > 0).all():
        graph = weights.copy()
        graph.data[graph.data <= 0] = 0.0
        graph.eliminate_zeros()
    count, group = csgraph.connected_components(graph, connection="strong")
    supplied_from_outside = np.zeros(count, dtype=bool)
    for part in rows(graph):
        crosses = group[part.supplier] != group[part.user]
        supplied_from_outside[group[part.user[crosses]]] = True
    order = np.argsort(-alike(strengths(weights).supplied), kind="stable")
    _, first = np.unique(group[order], return_index=True)
    found: Indices = np.sort(order[first][~supplied_from_outside])
    return found


def maximum_arborescence(weights: sparse.csr_array, roots: Indices | None = None) -> Indices:
    """The supplier of each sector in the tree of flows with the largest sum; -1 for a root.

    Every sector but the roots has exactly one supplier in it, and a root behind that. In an economy
    it is the one chain of strong deliveries that reaches every sector. Where no sector reaches all
    others, it is a forest with as few trees as can be (see ``roots_of``).

    Args:
        weights: (n, n) rows supply, columns use; the diagonal and what is not above zero is no
            flow.
        roots: sectors from which every other is reachable; ``roots_of`` if left out.

    Returns:
        (n,) positions. Sums that are equal but for rounding are decided by position.

    Source:
        Edmonds 1967, Journal of Research of the National Bureau of Standards 71B; on the dense
        matrix in O(n^2) after Tarjan 1977, Networks 7.

    Example:
        >>> flows = sparse.csr_array([[0.0, 1.0, 5.0], [0.0, 0.0, 9.0], [0.0, 8.0, 0.0]])
        >>> maximum_arborescence(flows).tolist()
        [-1, 2, 0]
    """
    n = weights.shape[0]
    roots = roots_of(weights) if roots is None else roots
    # a row a group of sectors: what it gains by taking its supplier from each column. Contracted
    # cycles take the row of their first member; columns stay sectors, so one matrix is enough.
    gain = np.full((n, n), -np.inf)
    for part in rows(weights):
        flow = part.flow > 0
        gain[part.user[flow], part.supplier[flow]] = part.flow[flow]
    group = np.arange(n)  # of each sector, named by the row it has
    given_up = np.zeros(n)  # by a group that is entered at this sector, inside the group
    size = np.zeros(n)  # of the flows a group's gains were subtracted from
    node_of = np.arange(n)  # in the tree of contractions, of each group
    chosen: list[tuple[int, int]] = [(-1, -1)] * n
    parts: list[list[int]] = [[] for _ in range(n)]
    done = np.zeros(n, dtype=bool)
    done[roots] = True
    for start in range(n):
        path = [] if done[start] else [int(group[start])]
        while path:
            here = path[-1]
            value = gain[here].max()
            slack = ROUNDING * size[here]
            supplier = int(np.argmax(gain[here] >= value - slack))
            value = gain[here, supplier]
            entry = _entry(weights, supplier, group == here, given_up, value - slack)
            chosen[node_of[here]] = (supplier, entry)
            if done[supplier]:
                done[np.isin(group, path)] = True
                break
            ahead = int(group[supplier])
            members = group == here
            given_up[members] += value
            gain[here] -= value
            size[here] = max(size[here], abs(value))
            if ahead not in path:
                path.append(ahead)
                continue
            cycle = path[path.index(ahead) :]
            del path[path.index(ahead) :]
            inside = np.isin(group, cycle)
            row = cycle[0]
            for other in cycle[1:]:
                np.maximum(gain[row], gain[other], out=gain[row])
            gain[row, inside] = -np.inf
            group[inside] = row
            size[row] = size[cycle].max()
            parts.append([int(node_of[member]) for member in cycle])
            chosen.append((-1, -1))
            node_of[row] = len(parts) - 1
            path.append(row)
    return _expanded(n, parts, chosen)


def _entry(
    weights: sparse.csr_array,
    supplier: int,
    members: NDArray[np.bool_],
    given_up: Array,
    least: float,
) -> int:
    """The first member of a group at which ``supplier`` enters with a gain of ``least``."""
    span = slice(weights.indptr[supplier], weights.indptr[supplier + 1])
    user, flow = weights.indices[span], weights.data[span]
    there = members[user] & (flow > 0)
    user, gains = user[there], flow[there] - given_up[user[there]]
    return int(user[np.argmax(gains >= min(least, gains.max()))])


def _expanded(n: int, parts: list[list[int]], chosen: list[tuple[int, int]]) -> Indices:
    """The supplier of each sector, contracted cycles opened where they are entered."""
    found = np.full(n, -1)
    above = np.full(len(parts), -1)
    for node, inside in enumerate(parts):
        above[inside] = node
    entered = np.zeros(len(parts), dtype=bool)
    for node in range(len(parts) - 1, -1, -1):  # a cycle before its parts
        if entered[node] or chosen[node][0] < 0:
            continue
        supplier, user = chosen[node]
        found[user] = supplier
        while user != node:  # what the sector entered, and all around it, chose is given up
            entered[user] = True
            user = int(above[user])
    return found


def joined(weights: sparse.csr_array, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The flows kept with as few more as it takes to leave no piece that the whole has not.

    First the maximum spanning arborescence is added, then, where a forest of directed trees leaves
    pieces apart (two suppliers of one sector that nobody supplies), the largest flows between them.

    Args:
        weights: (n, n) rows supply, columns use.
        kept: (cells,) which of the stored cells are kept.
    """
    supplier_of = maximum_arborescence(weights)
    found = kept.copy()
    for part in rows(weights):
        found[part.span] |= (part.flow > 0) & (supplier_of[part.user] == part.supplier)
    pieces, piece = csgraph.connected_components(chosen_of(weights, found), directed=False)
    across = []
    for part in rows(weights):
        apart = (part.flow > 0) & (piece[part.supplier] != piece[part.user])
        across.append(np.flatnonzero(apart) + part.span.start)
    position = np.concatenate([*across, np.empty(0, dtype=np.intp)])
    position = position[np.argsort(-weights.data[position], kind="stable")]
    supplier = np.searchsorted(weights.indptr, position, side="right") - 1
    ends = np.sort(np.stack([piece[supplier], piece[weights.indices[position]]]), axis=0)
    _, largest = np.unique(ends[0].astype(np.int64) * pieces + ends[1], return_index=True)
    cost = sparse.csr_array((largest + 1.0, tuple(ends[:, largest])), (pieces, pieces))
    tree = csgraph.minimum_spanning_tree(cost)  # by rank, the largest flow being the first
    found[position[tree.data.astype(np.intp) - 1]] = True
    return found


def chosen_of(weights: sparse.csr_array, kept: NDArray[np.bool_]) -> sparse.csr_array:
    """The cells kept, as a matrix of their own."""
    position = np.flatnonzero(kept)
    starts = np.searchsorted(position, weights.indptr)
    return sparse.csr_array(
        (weights.data[position], weights.indices[position], starts), weights.shape
    )
