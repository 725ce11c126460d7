"""How much of a network flows one way: trophic levels and coherence."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import linalg, sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import cg, spsolve

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork
from graphmap.network.scale import refuse_impossible

DENSE = 5000
"""Up to here the levels come from a factorisation, above from conjugate gradients."""


def levels(flows: sparse.csr_array) -> Array:
    """(n,) heights at which flows rise by one step on average, each part of the network from 0.

    ``Lambda h = v`` with ``Lambda = diag(u) - W - W'``, ``u`` the received plus the supplied and
    ``v`` the received less the supplied: the least squares of ``h_user - h_supplier - 1`` weighted
    by flow. Flows within a sector cancel. Each weakly connected part has its lowest level at 0.

    Example:
        >>> levels(sparse.csr_array(np.diag([5.0, 2.0], k=1))).tolist()
        [0.0, 1.0, 2.0]
    """
    n = flows.shape[0]
    both = sparse.csr_array(flows + flows.T)
    strength = np.asarray(both.sum(axis=1)).ravel()
    gain = np.asarray(flows.sum(axis=0)).ravel() - np.asarray(flows.sum(axis=1)).ravel()
    parts, part = csgraph.connected_components(both, directed=False)
    # one sector of each part, its largest, is held at 0: the rest of the system has one solution
    held = np.lexsort((np.arange(n), -strength, part))[
        np.searchsorted(np.sort(part), np.arange(parts))
    ]
    free = np.setdiff1d(np.arange(n), held)
    height = np.zeros(n)
    if len(free):
        laplacian = sparse.csr_array(sparse.diags_array(strength) - both)[free][:, free]
        height[free] = _solve(laplacian, gain[free])
    lowest = np.full(parts, np.inf)
    np.minimum.at(lowest, part, height)
    return np.asarray(height - lowest[part])


def _solve(laplacian: sparse.csr_array, gain: Array) -> Array:
    """The solution of a positive definite system of flows."""
    if len(gain) <= DENSE:
        # scaled to a unit diagonal, because flows differ by many orders of magnitude
        size = 1.0 / np.sqrt(laplacian.diagonal())
        dense = laplacian.toarray() * size[:, None] * size
        return np.asarray(size * linalg.solve(dense, size * gain, assume_a="pos"))
    inverse = sparse.diags_array(1.0 / laplacian.diagonal())
    found, failed = cg(laplacian, gain, rtol=1e-13, M=inverse, maxiter=10 * len(gain))
    return np.asarray(spsolve(laplacian.tocsc(), gain) if failed else found)


def _between(net: FlowNetwork) -> sparse.csr_array:
    flows = net.without_loops().weights
    refuse_impossible(flows.data, "these flows have no levels")
    return flows


def trophic_levels(net: FlowNetwork) -> pd.Series:
    """How far down the chain each sector stands: flows rise by one level on average.

    Primary producers are low, what serves final users is high; so levels rise where upstreamness
    falls, but they need neither final use nor gross output. Each weakly connected part starts from
    0; a sector without flows to or from others has 0. Flows within a sector are left out.

    Returns:
        Series ``trophic_level`` indexed by node id, at least 0, without a unit.

    Raises:
        DataError: flows below zero.

    Source:
        MacKay, Johnson & Sansom 2020, Royal Society Open Science 7, 201138.

    Example:
        >>> flows = sparse.csr_array(np.diag([5.0, 2.0], k=1))
        >>> nodes = pd.DataFrame(index=["ore", "steel", "cars"])
        >>> trophic_levels(FlowNetwork(nodes, flows, "money", "10k_yuan")).to_dict()
        {'ore': 0.0, 'steel': 1.0, 'cars': 2.0}
    """
    return pd.Series(levels(_between(net)), index=net.nodes.index, name="trophic_level")


def incoherence(net: FlowNetwork) -> float:
    """Trophic incoherence ``F0``: how far flows are from all pointing one way, from 0 to 1.

    The flow-weighted mean of ``(h_user - h_supplier - 1)^2``: 0 where every flow rises by exactly
    one level (a supply chain without feedback or short cuts), 1 where every sector supplies to
    others as much as it receives from them (all goes round). Flows within a sector point nowhere
    and are left out; without flows between sectors it is 0. It does not depend on the unit.

    Raises:
        DataError: flows below zero.

    Source:
        MacKay, Johnson & Sansom 2020, Royal Society Open Science 7, 201138.

    Example:
        >>> ring = sparse.csr_array(np.roll(np.eye(3), 1, axis=1))
        >>> nodes = pd.DataFrame(index=["a", "b", "c"])
        >>> round(incoherence(FlowNetwork(nodes, ring, "money", "10k_yuan")), 12)
        1.0
    """
    between = _between(net)
    flows = between.tocoo()
    if not flows.nnz:
        return 0.0
    height = levels(between)
    missed = (height[flows.col] - height[flows.row] - 1.0) ** 2
    return float(np.clip(flows.data @ missed / flows.data.sum(), 0.0, 1.0))


def coherence(net: FlowNetwork) -> float:
    """Trophic coherence ``1 - F0``: the share of the flows' direction that all have in common.

    1 without flows between sectors. See ``incoherence``.

    Raises:
        DataError: flows below zero.

    Source:
        MacKay, Johnson & Sansom 2020, Royal Society Open Science 7, 201138.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]), "money")
        >>> coherence(net) + incoherence(net)
        1.0
    """
    return 1.0 - incoherence(net)
