"""How strongly a sector is tied to its suppliers and users, and where in the chain it stands."""

from __future__ import annotations

import numpy as np

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.leontief.system import LeontiefSystem

QUADRANTS = {
    (True, True): "key",
    (True, False): "backward",
    (False, True): "forward",
    (False, False): "weak",
}
"""(backward linkage above the mean, forward linkage above the mean) -> what that is called."""


def downstreamness(system: LeontiefSystem) -> Array:
    """(n,) mean number of stages behind a sector's inputs, at least 1.

    ``(I - A')^-1 1``: the column sums of ``L``, which are the backward linkage before it is
    normalised and the output multiplier as well. A sector of zero output has 1.

    Source:
        Fally 2012, Production Staging; Miller & Temurshoev 2017, International Regional Science
        Review 40.

    Example:
        >>> chain = LeontiefSystem(np.array([[0.0, 100.0], [0.0, 0.0]]), np.array([100.0, 200.0]))
        >>> downstreamness(chain).tolist()
        [1.0, 1.5]
    """
    return system.solve_transposed(np.ones(system.n))


def upstreamness(system: LeontiefSystem) -> Array:
    """(n,) mean number of stages between a sector's output and final use, at least 1.

    ``(I - B)^-1 1`` with ``B = x^-1 Z``, found as ``L x / x``: the row sums of the Ghosh inverse,
    which are the forward linkage before it is normalised. A sector of zero output has 1.

    Source:
        Antras, Chor, Fally & Hillberry 2012, American Economic Review 102; Ghosh 1958,
        Economica 25.

    Example:
        >>> chain = LeontiefSystem(np.array([[0.0, 100.0], [0.0, 0.0]]), np.array([100.0, 200.0]))
        >>> upstreamness(chain).tolist()
        [2.0, 1.0]
    """
    return downstream(system.solve(system.x), system.x, otherwise=1.0)


def downstream(reached: Array, x: Array, otherwise: float = 0.0) -> Array:
    """``(I - B)^-1 g`` from ``L g x``: what a coefficient per output adds up to among the users.

    Args:
        reached: (n,) or (n, r) solutions ``L d`` with ``d = g x``.
        x: (n,) gross output.
        otherwise: for sectors of zero output.

    Example:
        >>> downstream(np.array([6.0, 5.0]), np.array([2.0, 0.0])).tolist()
        [3.0, 0.0]
    """
    per = x if reached.ndim == 1 else x[:, None]
    found: Array = np.divide(reached, per, out=np.full_like(reached, otherwise), where=per > 0)
    return found


def normalised(linkage: Array, x: Array) -> Array:
    """(n,) the linkage over its mean, taken over the sectors that produce; 1 is the average.

    Source:
        Rasmussen 1956, Studies in Inter-Sectoral Relations.

    Example:
        >>> normalised(np.array([1.0, 3.0, 1.0]), np.array([5.0, 5.0, 0.0])).tolist()
        [0.5, 1.5, 0.5]
    """
    mean = linkage[x > 0].mean() if (x > 0).any() else 0.0
    return linkage / mean if mean else np.zeros_like(linkage)


def quadrant(backward: Array, forward: Array) -> list[str]:
    """``key``, ``backward``, ``forward`` or ``weak`` by which normalised linkages exceed 1.

    Source:
        Miller & Blair 2009, Input-Output Analysis, ch. 12.2.

    Example:
        >>> quadrant(np.array([1.2, 1.2, 0.8]), np.array([1.1, 0.9, 0.9]))
        ['key', 'backward', 'weak']
    """
    return [QUADRANTS[bool(b > 1), bool(f > 1)] for b, f in zip(backward, forward, strict=True)]


def influence(system: LeontiefSystem, labour_share: float | None = None) -> Array:
    """(n,) share of a sector's productivity shock that reaches aggregate output; sums to 1.

    ``a/n (I - (1 - a) W')^-1 1`` where ``W`` holds each user's input shares (rows sum to one) and
    ``a`` is the labour share; the n sectors that produce count alike in final demand. A sector
    without inputs makes everything from labour, and the influences then sum to less than 1.

    Args:
        labour_share: between 0 and 1; if left out, the share of gross output that is not spent on
            inputs from the table's own sectors.

    Raises:
        DataError: the labour share is not between 0 and 1.

    Source:
        Acemoglu, Carvalho, Ozdaglar & Tahbaz-Salehi 2012, Econometrica 80.

    Example:
        >>> pair = LeontiefSystem(np.array([[0.0, 50.0], [50.0, 0.0]]), np.array([100.0, 100.0]))
        >>> influence(pair).round(9).tolist()
        [0.5, 0.5]
    """
    inputs = system.inputs_per_output * system.x
    share = labour_share
    if share is None:
        share = 1.0 - inputs.sum() / system.x.sum() if system.x.any() else 1.0
    if not 0 < share <= 1:
        raise DataError("labour share out of range", found=share, expected="above 0, at most 1")
    produces = (system.x > 0).astype(float)
    if share < 1:
        shares = inputs / (1 - share)
        spread = LeontiefSystem(system.Z, shares, names=system.names, solves=1, file=system.file)
        produces = spread.solve(produces)
    return share / max(1, int(np.count_nonzero(system.x))) * produces
