"""Who stands on the strongest supply chains between others.

The strength of a chain is the product of the coefficients along it, so the strongest one is the
shortest by the sum of their negative logarithms. Flows within a sector are on no chain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csgraph

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.network.flow import FlowNetwork
from graphmap.network.scale import refuse_impossible

MODELS = {"pull": "pull", "consumption": "pull", "push": "push", "distribution": "push"}
"""What the literature calls the two models, and the word for it here."""

GRID, STEP = 2.0**-30, 2.0**-26
"""Logarithms are rounded to a grid on which their sums are exact, so that no rounding of one
machine or another decides between equal chains; strengths that differ by less than 1e-8 count as
equal. A step costs more than the rounding, so of equal chains the one with the fewest steps is
taken, and none runs in circles at coefficients of 1."""

ALPHA = 0.5
"""Strength and node weight count alike."""


@dataclass(frozen=True)
class StrongestPaths:
    """The strongest chain between each two sectors.

    Attributes:
        strength: (n, n) product of the coefficients from supplier (row) to user (column); 0 where
            no chain leads, and on the diagonal.
        previous: (n, n) position of the last sector before the user; -1 where no chain leads.
        order: (n, n) per supplier, the users from the nearest (itself) to the farthest.
    """

    strength: Array
    previous: NDArray[np.int32]
    order: NDArray[np.intp]


def coefficients(flows: Array, gross: Array, model: str = "pull") -> Array:
    """(n, n) input coefficients ``z_ij / x_j`` (pull) or output coefficients ``z_ij / x_i`` (push).

    A sector without gross output has none. What is above 1 counts as 1, because a chain cannot
    carry more than there is; that is so only where records disagree.

    Example:
        >>> coefficients(np.array([[0.0, 3.0], [0.0, 0.0]]), np.array([6.0, 12.0])).tolist()
        [[0.0, 0.25], [0.0, 0.0]]
    """
    per = gross[None, :] if model == "pull" else gross[:, None]
    shares = np.divide(flows, per, out=np.zeros_like(flows), where=per > 0)
    np.fill_diagonal(shares, 0.0)
    return np.minimum(shares, 1.0)


def strongest_paths(shares: Array) -> StrongestPaths:
    """The strongest chains by these coefficients, all at most 1.

    Of equally strong ones the one with the fewest steps is taken, then the one through the sectors
    that come first in the table.

    Example:
        >>> shares = np.array([[0.0, 0.5, 0.1], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0]])
        >>> found = strongest_paths(shares)
        >>> found.strength[0].tolist(), found.previous[0].tolist()
        ([0.0, 0.5, 0.25], [-1, 0, 1])
    """
    n = len(shares)
    length = np.full((n, n), np.inf)
    np.log(shares, out=length, where=shares > 0)
    length = np.where(shares > 0, STEP - GRID * np.round(length / GRID), np.inf)
    np.fill_diagonal(length, 0.0)
    distance, previous = csgraph.floyd_warshall(length, return_predecessors=True)
    previous = np.maximum(previous, -1)
    order = np.argsort(distance, axis=1, kind="stable")
    rows = np.arange(n)
    strength = np.eye(n)
    for rank in range(1, n):
        user = order[:, rank]
        last = previous[rows, user]
        strength[rows, user] = np.where(last >= 0, strength[rows, last] * shares[last, user], 0.0)
    np.fill_diagonal(strength, 0.0)
    return StrongestPaths(strength, previous, order)


def passing(paths: StrongestPaths, carried: Array) -> Array:
    """(n,) what passes through each sector of what the strongest chains carry, ends left out.

    Args:
        carried: (n, n) by the chain from supplier to user.
    """
    n = len(carried)
    rows = np.arange(n)
    passed = np.zeros((n, n))
    for rank in range(n - 1, 0, -1):  # the farthest first: each hands on what it got and its own
        user = paths.order[:, rank]
        last = paths.previous[rows, user]
        reached = last >= 0
        chain = rows[reached], user[reached]
        passed[rows[reached], last[reached]] += carried[chain] + passed[chain]
    np.fill_diagonal(passed, 0.0)
    return np.asarray(passed.sum(axis=0))


def carried_by(
    paths: StrongestPaths, gross: Array, node_weights: Array, alpha: float, model: str
) -> Array:
    """(n, n) weight of each chain: ``(x S_st)^alpha w^(1 - alpha)``.

    Pulled by the gross output ``x_t`` of the user, with the node weight of the supplier, or pushed
    by ``x_s`` of the supplier, with that of the user.
    """
    pulled = model == "pull"
    volume = paths.strength * (gross[None, :] if pulled else gross[:, None])
    other = node_weights[:, None] if pulled else node_weights[None, :]
    return np.asarray(
        np.where(paths.strength > 0, volume**alpha * other ** (1 - alpha), 0.0), dtype=float
    )


def throughput(net: FlowNetwork, model: str = "pull") -> Array:
    """(n,) what the coefficients of a network are taken of.

    Gross output, where the network is one of money and its nodes carry it. Else what a sector uses
    in all (pull) or supplies in all (push), flows within it included: coefficients of embodied
    CO2 cannot be taken of an output in money, and a network from elsewhere may know no output.
    """
    if net.weight == "money" and "gross_output" in net.nodes:
        return np.asarray(net.nodes["gross_output"], dtype=float)
    return np.asarray(net.weights.sum(axis=0 if model == "pull" else 1), dtype=float).ravel()


def strongest_path_betweenness(
    net: FlowNetwork,
    node_weights: pd.Series | None = None,
    alpha: float = ALPHA,
    model: str = "pull",
) -> Array:
    """(n,) how much of what the strongest supply chains carry passes through each sector.

    Between each two sectors there is one strongest chain, by the product of its input coefficients
    (model ``pull``, or ``consumption``: what a user's demand calls for) or output coefficients
    (``push``, or ``distribution``: where a supplier's product goes). It weighs
    ``(x_t S_st)^alpha w_s^(1-alpha)`` when pulled and ``(x_s S_st)^alpha w_t^(1-alpha)`` when
    pushed. A sector that is high mediates between large emitters (or whatever the node weights
    say) and the large users they supply.

    The paper's sum over the chains through a sector is divided by the sum over all chains, so it
    is a share from 0 to 1 without a unit; the ends of a chain are not counted. A sector on no
    chain between others has 0, as has every sector where all trade is direct.

    Args:
        net: coefficients are of gross output, or of total flows (see ``throughput``).
        node_weights: ``w``, indexed by node id, none below zero. If left out, direct CO2 where the
            nodes carry it, because then chains that begin with large emitters count for more;
            else nothing but strength, as with ``alpha`` 1.
        alpha: 1 for strength alone, 0 for node weights alone.
        model: ``pull`` or ``push``, or the paper's ``consumption`` or ``distribution``.

    Raises:
        DataError: flows below zero, an unknown model, ``alpha`` outside 0 to 1, or node weights
            that are missing, below zero or all zero.

    Source:
        Xiao, Yan & Zhang 2022, Physica A 607, 128200.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]), "money")
        >>> net.nodes.index[strongest_path_betweenness(net).argmax()]
        'CN-GD.13'
    """
    if model not in MODELS:
        raise DataError("unknown model of chains", found=model, expected=", ".join(MODELS))
    if not 0 <= alpha <= 1:
        raise DataError("alpha out of range", found=alpha, expected="from 0 to 1")
    refuse_impossible(net.weights.data, "chains cannot follow these flows")
    flows = net.weights.toarray().astype(float)
    model = MODELS[model]
    gross = throughput(net, model)
    weights = _node_weights(net, node_weights)
    if weights is None:
        weights, alpha = np.ones(len(gross)), 1.0
    paths = strongest_paths(coefficients(flows, gross, model))
    # the share does not depend on the units; near 1 nothing overflows
    carried = carried_by(paths, gross / (gross.max(initial=0.0) or 1.0), weights, alpha, model)
    total = carried.sum()
    return passing(paths, carried) / total if total > 0 else np.zeros(len(gross))


def _node_weights(net: FlowNetwork, given: pd.Series | None) -> Array | None:
    """(n,) over their maximum; None where none are given and the nodes carry no emissions."""
    if given is None:
        if "direct_co2" not in net.nodes or not net.nodes["direct_co2"].gt(0).any():
            return None
        given = net.nodes["direct_co2"].clip(lower=0.0)
    weights = given.reindex(net.nodes.index).to_numpy(dtype=float)
    if not (np.isfinite(weights) & (weights >= 0)).all() or not weights.any():
        raise DataError(
            "node weights that cannot be used",
            found="missing, negative or only zeros",
            expected="one for each node id, none below zero",
        )
    return np.asarray(weights / weights.max())
