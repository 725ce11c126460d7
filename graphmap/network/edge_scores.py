"""How much each flow stands out: disparity, noise-corrected lift, salience.

Pure functions on a csr_array of weights (rows supply, columns use), sorted and without duplicates.
A score is an array as long as the stored cells, in their order. Flows are the cells above zero
between different sectors; the others are passed over, and what a score says of them means nothing.
Cells are read some rows at a time, so that a hundred million of them fit into memory beside one or
two scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.network.shortest_paths import no_detour

CELLS = 2_000_000
"""Cells read at a time."""

ROUNDING = 1e-12
"""What sums and products of flows may be off by, relative to their size."""


class Rows(NamedTuple):
    """Some rows of the weights: where their cells stand, and what is in them."""

    span: slice
    supplier: NDArray[np.intp]
    user: NDArray[np.int32]
    flow: Array
    """Zero where the cell is no flow between different sectors."""


def spans(starts: NDArray[np.int32]) -> Iterator[tuple[slice, NDArray[np.intp]]]:
    """The stored cells of a compressed matrix some rows at a time, and the row of each."""
    n, first = len(starts) - 1, 0
    while first < n:
        last = int(np.searchsorted(starts, int(starts[first]) + CELLS, side="right")) - 1
        last = min(max(last, first + 1), n)
        row = np.repeat(np.arange(first, last), np.diff(starts[first : last + 1]))
        yield slice(int(starts[first]), int(starts[last])), row
        first = last


def rows(weights: sparse.csr_array) -> Iterator[Rows]:
    """The cells in the order they are stored, some rows at a time."""
    for span, supplier in spans(weights.indptr):
        user, flow = weights.indices[span], weights.data[span]
        yield Rows(span, supplier, user, np.where((flow > 0) & (supplier != user), flow, 0.0))


def flows_between(weights: sparse.csr_array) -> NDArray[np.bool_]:
    """(cells,) which stored cells are flows between different sectors."""
    found = np.empty(weights.nnz, dtype=bool)
    for part in rows(weights):
        found[part.span] = part.flow > 0
    return found


class Strengths(NamedTuple):
    """What each sector supplies to and receives from others, and how many these are."""

    supplied: Array
    received: Array
    users: Array
    suppliers: Array


def strengths(weights: sparse.csr_array) -> Strengths:
    """Strengths and degrees of every sector, without what it supplies to itself."""
    n = weights.shape[0]
    found = Strengths(*np.zeros((4, n)))
    for part in rows(weights):
        there = (part.flow > 0).astype(float)
        found.supplied[:] += np.bincount(part.supplier, part.flow, n)
        found.received[:] += np.bincount(part.user, part.flow, n)
        found.users[:] += np.bincount(part.supplier, there, n)
        found.suppliers[:] += np.bincount(part.user, there, n)
    return found


def partner_rank(weights: sparse.csr_array) -> NDArray[np.int32]:
    """Which place a flow has among its supplier's users or its user's suppliers, 1 being the first.

    The better of the two counts, so that a flow of rank 1 is somebody's largest sale or purchase.
    Of equal flows the one that stands first in the table comes first.

    Example:
        >>> flows = sparse.csr_array([[0.0, 8.0, 2.0], [0.0, 0.0, 5.0], [1.0, 0.0, 0.0]])
        >>> partner_rank(flows).tolist()
        [1, 2, 1, 1]
    """
    found = np.empty(weights.nnz, dtype=np.int32)
    for part in rows(weights):
        found[part.span] = _places(part.supplier, part.flow)
    position = np.arange(weights.nnz, dtype=weights.indices.dtype)
    by_user = sparse.csr_array((position, weights.indices, weights.indptr), weights.shape).tocsc()
    for span, user in spans(by_user.indptr):
        position, supplier = by_user.data[span], by_user.indices[span]
        flow = np.where(supplier != user, weights.data[position], 0.0)
        found[position] = np.minimum(found[position], _places(user, flow))
    return found


def _places(group: NDArray[np.intp], flow: Array) -> NDArray[np.intp]:
    """The place of each flow in its group, the largest first; groups follow one another."""
    order = np.lexsort((-flow, group))
    place = np.arange(len(group))
    new = np.ones(len(group), dtype=bool)
    new[1:] = group[1:] != group[:-1]
    found = np.empty(len(group), dtype=np.intp)
    found[order] = place - np.maximum.accumulate(np.where(new, place, 0)) + 1
    return found


def disparity(weights: sparse.csr_array) -> Array:
    """How surprising a flow is if its supplier or its user spread what it has at random.

    With ``k`` partners and a share ``s`` of the strength, ``p = (1 - s)^(k - 1)``: once among all
    users of the supplier, once among all suppliers of the user; the smaller of the two counts. In
    an economy a small ``p`` is a sale or a purchase that one of the two sides depends on.

    A sector with a single partner has no choice: ``p = 1`` from its side.

    Returns:
        (cells,) natural logarithm of ``p``, at most 0. Logarithms, because ``p`` itself falls below
        the smallest float where a sector has a thousand partners.

    Source:
        Serrano, Boguna & Vespignani 2009, PNAS 106 (16).

    Example:
        >>> flows = sparse.csr_array([[0.0, 8.0, 2.0], [0.0, 0.0, 5.0], [1.0, 0.0, 0.0]])
        >>> np.exp(disparity(flows)).round(3).tolist()
        [0.2, 0.714, 0.286, 1.0]
    """
    of, found = strengths(weights), np.zeros(weights.nnz)
    for part in rows(weights):
        for node, strength, degree in (
            (part.supplier, of.supplied, of.users),
            (part.user, of.received, of.suppliers),
        ):
            chosen = (degree[node] > 1) & (part.flow > 0)
            share = part.flow / np.where(chosen, strength[node], 1.0)
            with np.errstate(divide="ignore"):  # all of the strength but for rounding: p = 0
                log_p = (degree[node] - 1) * np.log1p(-np.where(chosen, share, 0.0))
            found[part.span] = np.minimum(found[part.span], np.where(chosen, log_p, 0.0))
    return alike(found)


def noise_corrected(
    weights: sparse.csr_array, observations: float | None = None
) -> tuple[Array, Array]:
    """How far a flow is above what the sizes of its two ends let expect, and how sure that is.

    The lift ``r`` is the flow over ``supplied x received / total``; the score is
    ``(r - 1) / (r + 1)``, from -1 to 1, and its standard deviation comes from a binomial model of
    the flow with a beta prior. In an economy a high score is a tie between two sectors that their
    mere size does not explain.

    The model counts observations, and what counts as one is not given by a table of money: one
    million yuan is a single observation or a hundred, by the unit. The mean flow is therefore taken
    as one observation unless their number is given, so that no unit plays a part.

    Args:
        observations: how many the flows sum to, more than 1; their number if left out. With the sum
            of the weights they are counts as they stand, as in the authors' own program.

    Returns:
        (cells,) score and (cells,) standard deviation. Where a sector has all supply or all use,
        the sizes explain everything: the score is 0.

    Raises:
        DataError: one observation or fewer.

    Source:
        Coscia & Neffke 2017, IEEE 33rd International Conference on Data Engineering (ICDE). The
        prior's second parameter is ``mu / var (1 - mu^2) - (1 - mu)`` as in their program.

    Example:
        >>> flows = sparse.csr_array([[0.0, 8.0, 2.0], [0.0, 0.0, 5.0], [1.0, 0.0, 0.0]])
        >>> score, deviation = noise_corrected(flows, observations=16)
        >>> score.round(3).tolist(), deviation.round(3).tolist()
        ([0.231, -0.373, 0.391, 0.882], [0.03, 0.205, 0.05, 0.074])
    """
    of = strengths(weights)
    N = of.users.sum() if observations is None else float(observations)
    if observations is not None and not N > 1:
        raise DataError("too few observations", found=observations, expected="more than 1")
    total = of.supplied.sum() or 1.0
    sold, bought = of.supplied / total, of.received / total
    score, deviation = np.empty(weights.nnz), np.empty(weights.nnz)
    for part in rows(weights):
        si, sj, share = sold[part.supplier], bought[part.user], part.flow / total
        expected = np.where(si * sj > 0, si * sj, 1.0)
        lift = share / expected
        score[part.span] = _without_rounding(lift - 1, lift + 1) / (lift + 1)
        # mean of the posterior, prior and data multiplied through by what the prior divides by
        room = (1 - si) * (1 - sj)
        above = expected * (1 - expected) * (N - 1) + room * (N * share - expected)
        below = (N - 1) * ((1 - expected) * (1 + 2 * expected) + room)
        mean = np.divide(above, below, out=expected.copy(), where=below > 0)
        slope = _without_rounding(1 + share - lift * (si + sj), 1 + share + lift * (si + sj))
        deviation[part.span] = (
            2
            * np.sqrt(np.maximum(mean * (1 - mean), 0) / max(N, 1))
            * (np.abs(slope) / expected / (1 + lift) ** 2)
        )
    return alike(score), alike(deviation)


def salience(weights: sparse.csr_array) -> Array:
    """On which share of the trees of shortest paths a flow lies, with 1 / flow as distance.

    A tree a sector: the shortest paths from it to all that it supplies, directly or through others.
    In an economy a salient flow is one that most sectors' products take, whoever made them. Of
    routes of the same length the one whose last supplier comes first is taken. The share is of all
    n trees, so that in a directed network only flows that every sector leads to come near 1.

    Returns:
        (cells,) between 0 and 1.

    Source:
        Grady, Thiemann & Brockmann 2012, Nature Communications 3:864.

    Example:
        >>> flows = sparse.csr_array([[0.0, 8.0, 2.0], [0.0, 0.0, 5.0], [1.0, 0.0, 0.0]])
        >>> salience(flows).round(3).tolist()
        [0.667, 0.0, 0.667, 0.667]
    """
    n, found = weights.shape[0], np.zeros(weights.nnz)
    position = np.flatnonzero(flows_between(weights))
    if not len(position):
        return found
    supplier = np.searchsorted(weights.indptr, position, side="right") - 1
    user, flow = weights.indices[position].astype(np.intp), weights.data[position]
    length = flow.max() / flow
    kept = np.flatnonzero(no_detour(sparse.csr_array((length, (supplier, user)), (n, n))))
    kept = kept[np.lexsort((supplier[kept], user[kept]))]
    supplier, user, length = supplier[kept], user[kept], length[kept]
    graph = sparse.csr_array((length, (supplier, user)), (n, n))
    count, at_once = np.zeros(len(kept), dtype=np.intp), max(1, CELLS // len(kept))
    for first in range(0, n, at_once):
        roots = np.arange(first, min(first + at_once, n))
        distance, before = csgraph.dijkstra(graph, indices=roots, return_predecessors=True)
        behind, here = distance[:, supplier], distance[:, user]
        # all flows that end a shortest path; a step too short to be seen in the sum is one as well
        shortest = (behind + length <= here * (1 + ROUNDING)) & (behind < here)
        shortest = (shortest | (before[:, user] == supplier)) & np.isfinite(here)
        tree, edge = np.nonzero(shortest)
        # they come by user, then by supplier: the first of each tree and user is taken
        new = np.ones(len(edge), dtype=bool)
        new[1:] = (tree[1:] != tree[:-1]) | (user[edge[1:]] != user[edge[:-1]])
        count += np.bincount(edge[new], minlength=len(kept))
    found[position[kept]] = count / n
    return found


def _without_rounding(values: Array, size: Array) -> Array:
    """Differences with zero where nothing but rounding is left of ``size``."""
    return np.where(np.abs(values) < ROUNDING * size, 0.0, values)


def alike(scores: Array) -> Array:
    """The scores rounded, in place, to 41 binary digits.

    Scores that are equal but for rounding become equal, so that neither the unit nor the machine
    decides which of two comes first.
    """
    bits = scores.view(np.int64)
    bits += 1 << 11
    bits &= ~((1 << 12) - 1)
    return scores
