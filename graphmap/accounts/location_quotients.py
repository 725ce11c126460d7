"""Location quotients: which part of a national input coefficient a region meets itself.

A region that makes less of a product than its size would suggest buys some of it elsewhere. Each
function returns trading coefficients ``q``: the region's input coefficient is ``q_ij a_ij``, with
``a`` the national one of supplier i and user j. Rows supply, columns use.
"""

from __future__ import annotations

import numpy as np

from graphmap.arrays import Array
from graphmap.errors import DataError

METHODS = ("none", "slq", "cilq", "flq", "aflq")
"""``none`` is the national coefficient as it stands (plain scaling)."""


def slq(region: Array, nation: Array) -> Array:
    """(n,) simple location quotient: share of the region's output over share of the nation's.

    Args:
        region, nation: (n,) gross output by sector, in any one unit each.

    Source:
        Miller & Blair 2009, ch. 8.2.

    Example:
        >>> slq(np.array([10.0, 30.0]), np.array([100.0, 100.0])).tolist()
        [0.5, 1.5]
    """
    found: Array = np.divide(
        region * nation.sum(), nation * region.sum(), out=np.zeros(len(region)), where=nation > 0
    )
    return found


def cilq(region: Array, nation: Array) -> Array:
    """(n, n) cross-industry quotients ``SLQ_i / SLQ_j``, with ``SLQ_i`` on the diagonal.

    Where the user does not produce in the region, the quotient of the supplier decides.

    Source:
        Miller & Blair 2009, ch. 8.2; the diagonal by Morrison & Smith 1974.

    Example:
        >>> cilq(np.array([10.0, 30.0]), np.array([100.0, 100.0])).round(3).tolist()
        [[0.5, 0.333], [3.0, 1.5]]
    """
    simple = slq(region, nation)
    users = np.where(simple > 0, simple, 1.0)
    found: Array = simple[:, None] / users[None, :]
    np.fill_diagonal(found, simple)
    return found


def size(region: Array, nation: Array, delta: float) -> float:
    """Flegg's ``lambda = log2(1 + region / nation) ** delta``: small regions import more.

    Raises:
        DataError: ``delta`` is not from 0 up to below 1.

    Example:
        >>> size(np.array([1.0]), np.array([1.0]), 0.3)
        1.0
        >>> round(size(np.array([1.0]), np.array([7.0]), 0.5), 4)
        0.4389
    """
    if not 0 <= delta < 1:
        raise DataError("delta out of range", found=delta, expected="0 up to below 1, such as 0.3")
    return float(np.log2(1 + region.sum() / nation.sum()) ** delta)


def flq(region: Array, nation: Array, delta: float) -> Array:
    """(n, n) Flegg's quotients ``CILQ_ij * lambda``.

    Source:
        Flegg & Webber 1997, Regional Studies 31:795; Flegg & Tohmo 2013, Regional Studies 47:703.

    Example:
        >>> flq(np.array([10.0, 30.0]), np.array([100.0, 100.0]), 0.0).round(3).tolist()
        [[0.5, 0.333], [3.0, 1.5]]
    """
    return cilq(region, nation) * size(region, nation, delta)


def aflq(region: Array, nation: Array, delta: float) -> Array:
    """(n, n) trading coefficients by FLQ, raised where the user is specialised (``SLQ_j > 1``).

    ``min(FLQ_ij, 1) * log2(1 + SLQ_j)`` there, ``min(FLQ_ij, 1)`` elsewhere; so a coefficient may
    lie above the national one.

    Source:
        Flegg & Webber 2000, Regional Studies 34:563; Bonfiglio & Chelli 2008.

    Example:
        >>> aflq(np.array([10.0, 30.0]), np.array([100.0, 100.0]), 0.0).round(3).tolist()
        [[0.5, 0.441], [1.0, 1.322]]
    """
    specialised = np.log2(1 + np.maximum(slq(region, nation), 1.0))
    found: Array = np.minimum(flq(region, nation, delta), 1.0) * specialised[None, :]
    return found


def trading_coefficients(method: str, region: Array, nation: Array, delta: float) -> Array:
    """(n, n) what national coefficients are multiplied with; none but AFLQ's are above 1.

    Args:
        method: one of ``METHODS``.
        delta: of FLQ and AFLQ; the others have no parameter.

    Raises:
        DataError: an unknown method, or ``delta`` out of range.

    Example:
        >>> trading_coefficients("slq", np.array([1.0, 3.0]), np.array([1.0, 1.0]), 0.3).tolist()
        [[0.5, 0.5], [1.0, 1.0]]
    """
    if method not in METHODS:
        raise DataError("unknown method", found=method, expected=", ".join(METHODS))
    if method == "aflq":
        return aflq(region, nation, delta)
    if method == "flq":
        return np.minimum(flq(region, nation, delta), 1.0)
    if method == "cilq":
        return np.minimum(cilq(region, nation), 1.0)
    rows = slq(region, nation) if method == "slq" else np.ones(len(region))
    return np.repeat(np.minimum(rows, 1.0)[:, None], len(region), axis=1)
