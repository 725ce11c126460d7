"""Who is reached and visited by walkers who follow the flows, flows within a sector included.

A walker goes from supplier to user, each step in proportion to the size of the flow. All pairs of
sectors are answered from one inverse of the whole matrix, not from one for each target.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork
from graphmap.network.scale import refuse_impossible

NEGLIGIBLE = 1e-12
"""Of what a sector supplies: a smaller flow is what balancing left, and no walker takes it."""


@dataclass(frozen=True)
class Passages:
    """Walks from every sector to every other, by target (rows).

    Attributes:
        arrive: (n, n) probability that a walk from the sector of the column ever reaches the
            target of the row; 0 on the diagonal.
        visits: (n, n) how often walks, one from each sector, are at the sector of the column
            before they first reach the target, the start counted; walks that do not arrive left
            out.
    """

    arrive: Array
    visits: Array


def transitions(weights: sparse.csr_array) -> sparse.csr_array:
    """(n, n) share of each user in what a sector supplies, its own use included.

    The row of a sector that supplies nobody else is empty: a walk that comes there goes no further.
    Shares below ``NEGLIGIBLE`` are left out.

    Raises:
        DataError: flows below zero, or figures that are missing.

    Example:
        >>> transitions(sparse.csr_array(np.array([[2.0, 6.0], [0.0, 9.0]]))).toarray().tolist()
        [[0.25, 0.75], [0.0, 0.0]]
    """
    flows = sparse.csr_array(weights, dtype=float)
    refuse_impossible(flows.data, "a walk cannot follow these flows")
    supplied = np.asarray(flows.sum(axis=1)).ravel()
    others = np.asarray((flows - sparse.diags_array(flows.diagonal())).sum(axis=1)).ravel()
    per = np.divide(1.0, supplied, out=np.zeros_like(supplied), where=(others > 0))
    found = sparse.csr_array(sparse.diags_array(per) @ flows)
    found.data[found.data < NEGLIGIBLE] = 0.0
    found.eliminate_zeros()
    return found


def passages(steps: sparse.csr_array) -> Passages:
    """First passages between all pairs of sectors, from their transitions.

    Where every sector can be reached from every other, one inverse answers for all targets. Else
    there is one for each strongly connected part and one for all the sectors that are on no cycle,
    over the sectors that lead there.
    """
    n = steps.shape[0]
    arrive, visits = np.zeros((n, n)), np.zeros((n, n))
    parts, part = csgraph.connected_components(steps, directed=True, connection="strong")
    leads = _reachable(steps, parts, part)
    size = np.bincount(part, minlength=parts)
    groups = [(np.array([p]), True) for p in np.flatnonzero(size > 1)]
    for group, on_cycle in [*groups, (np.flatnonzero(size == 1), False)]:
        lead = np.asarray(leads[:, group].any(axis=1))
        here = np.flatnonzero(lead[part])
        targets = np.flatnonzero(np.isin(part[here], group))
        if not len(targets):
            continue
        found, seen = _towards(steps, here, targets, on_cycle)
        from_here = leads[part[here][None, :], part[here[targets]][:, None]]
        found[~from_here] = 0.0  # and not what rounding leaves where no path leads
        cells = np.ix_(here[targets], here)
        arrive[cells], visits[cells] = found, seen * found
    np.fill_diagonal(arrive, 0.0)
    np.fill_diagonal(visits, 0.0)
    return Passages(arrive, visits)


def _reachable(steps: sparse.csr_array, parts: int, part: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(parts, parts) whether a walk leads from one strongly connected part to another, or stays."""
    flows = steps.tocoo()
    reach = np.eye(parts, dtype=np.float32)
    reach[part[flows.row], part[flows.col]] = 1
    while True:
        further = (reach @ reach > 0).astype(np.float32)
        if np.array_equal(further, reach):
            return np.asarray(reach > 0)
        reach = further


def _towards(
    steps: sparse.csr_array, here: NDArray[np.intp], targets: NDArray[np.intp], on_cycle: bool
) -> tuple[Array, Array]:
    """Arrivals and visits at ``targets``, one part, for walks on the sectors that lead there.

    With ``F = (I - M)^-1`` the visits before ``t`` are ``F_si - F_st F_ti / F_tt``. On a cycle
    that is hardly ever left ``F`` is huge, or infinite, and the difference lost; so a rank one is
    added before inverting, ``G = (I - M + 1 1'/n)^-1``, and taken out again by Sherman and
    Morrison, where the large terms cancel on paper. ``kappa`` is 0 where the part is never left.
    """
    n = len(here)
    inside = steps[here][:, here]
    shifted = -inside.toarray()
    shifted[np.diag_indices(n)] += 1.0
    if on_cycle:
        shifted += 1.0 / n
    G = linalg.inv(shifted, overwrite_a=True, check_finite=False)
    ones_ahead, mean = G.sum(axis=1), G.sum(axis=0) / n
    if on_cycle:
        outside = np.ones(steps.shape[0])
        outside[here] = 0.0
        leak = (steps @ outside)[here]  # a sum of shares: exact where 1 - (row sum) would round
        kappa = float(mean @ leak) if leak[targets].any() else 0.0
    else:
        ones_ahead, kappa = np.zeros(n), 1.0
    ahead, back = ones_ahead[targets], mean[targets]
    own = G[targets, targets]
    scale = 1.0 / (kappa * own + ahead * back)
    arrive = (kappa * G[:, targets].T + back[:, None] * ones_ahead) * scale[:, None]
    visits = own[:, None] * mean - back[:, None] * G[targets]
    visits *= (kappa * n + ones_ahead.sum()) * scale[:, None]
    return np.clip(arrive, 0.0, 1.0), np.maximum(visits, 0.0)


def first_passage_centrality(found: Passages) -> Array:
    """(n,) random-walk centrality from first passages: ``n / sum_s H(s, t)``, 0 if none arrives."""
    n = len(found.arrive)
    arrived, taken = found.arrive.sum(axis=1), found.visits.sum(axis=1)
    share = arrived / max(n - 1, 1)
    centrality: Array = np.divide(
        n * share**2, taken, out=np.zeros(n), where=(arrived > 0) & (taken > 0)
    )
    return centrality


def visit_counts(found: Passages, steps: sparse.csr_array) -> Array:
    """(n,) counting betweenness from first passages and transitions."""
    n = len(found.arrive)
    # the step into the target is no step to another sector that the walk goes on from
    last = found.visits * np.divide(
        steps.toarray().T, found.arrive, out=np.zeros((n, n)), where=found.arrive > 0
    )
    between = found.visits.sum(axis=0) - last.sum(axis=0) / 2
    ends = found.arrive.sum(axis=0) / 2 + found.arrive.sum(axis=1)
    return np.asarray((between + ends) / max(n * (n - 1), 1))


_FOUND: WeakKeyDictionary[FlowNetwork, tuple[Array, Array]] = WeakKeyDictionary()
"""Both measures rest on the same inverse; what was found goes when the network does."""


def _walks_of(net: FlowNetwork) -> tuple[Array, Array]:
    """Random-walk centrality and counting betweenness of a network, computed once."""
    if net not in _FOUND:
        steps = transitions(net.weights)
        found = passages(steps)
        _FOUND[net] = first_passage_centrality(found), visit_counts(found, steps)
    first_passage, visits = _FOUND[net]
    return first_passage.copy(), visits.copy()


def random_walk_centrality(net: FlowNetwork) -> Array:
    """(n,) how soon a supply shock that starts anywhere reaches a sector.

    ``n / sum_s H(s, t)``, where ``H(s, t)`` is the mean number of steps of a walk from ``s`` until
    it is first at ``t``, and ``H(t, t)`` is 0. Flows within a sector hold a walk up. It has no
    unit, and is the same for flows of money and of the CO2 behind them: a walk knows the shares of
    a sector's users, not how much carbon a yuan of its product carries.

    Where some walks never arrive (sectors that supply nobody, parts without a link) the means are
    over those that do, and what comes of them is multiplied by the share that do; so a sector that
    nobody reaches has 0, as has every sector of a network without flows between sectors, and the
    only sector of a network.

    Raises:
        DataError: flows below zero.

    Source:
        Bloechl, Theis, Vega-Redondo & Fisher 2011, Physical Review E 83, 046127.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]), "money")
        >>> net.nodes.index[random_walk_centrality(net).argmax()]
        'CN-GD.28'
    """
    return _walks_of(net)[0]


def counting_betweenness(net: FlowNetwork) -> Array:
    """(n,) where a supply shock lingers: visits a sector has from a walk between two sectors.

    The mean of ``N^st(i)`` over all pairs ``s``, ``t`` of different sectors. ``N^st(i)`` is half
    the steps that enter ``i`` and half those that leave it, before the walk reaches ``t``: a step
    within ``i`` is one visit, the last step, into ``t``, is not counted where it leaves from. The
    source has one visit more, the target has exactly one. It has no unit, and is the same for flows
    of money and of the CO2 behind them.

    Walks that never arrive are left out and their pairs add nothing, so a sector that no walk
    between others comes to has 0, as has every sector of a network without flows between sectors.

    Raises:
        DataError: flows below zero.

    Source:
        Bloechl, Theis, Vega-Redondo & Fisher 2011, Physical Review E 83, 046127.

    Example:
        >>> import pandas as pd
        >>> from graphmap.network.flow import FlowNetwork
        >>> pair = sparse.csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
        >>> net = FlowNetwork(pd.DataFrame(index=["a", "b"]), pair, "money", "10k_yuan")
        >>> counting_betweenness(net).round(9).tolist()
        [1.0, 1.0]
    """
    return _walks_of(net)[1]
