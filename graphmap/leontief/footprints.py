"""Emissions along the supply chain, by closed forms on arrays.

Throughout: ``f`` direct and ``m`` total intensity (mass per money), ``x`` gross output, ``y`` final
use of domestic output, ``Z`` flows with rows supplying; all (n,) or (n, n).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError
from graphmap.leontief.system import LeontiefSystem


def direct_intensity(emissions: Array, x: Array) -> Array:
    """``f = e / x``; zero where nothing is produced.

    Raises:
        DataError: a sector emits without producing, so its emissions would be lost.

    Example:
        >>> direct_intensity(np.array([3.0, 0.0]), np.array([2.0, 0.0])).tolist()
        [1.5, 0.0]
    """
    lost = (x == 0) & (emissions != 0)
    if lost.any():
        raise DataError(
            "emissions of a sector without output",
            found=f"{emissions[lost][0]:g} in sector {int(lost.argmax()) + 1} of the table",
            expected="gross output above zero wherever there are emissions",
        )
    intensity: Array = np.divide(emissions, x, out=np.zeros(len(x)), where=x > 0)
    return intensity


def total_intensity(system: LeontiefSystem, f: Array) -> Array:
    """``m`` with ``(I - A)' m = f``: emissions along the whole chain per unit of final use.

    Source:
        Miller & Blair 2009, Input-Output Analysis, ch. 10.

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([100.0, 100.0]))
        >>> total_intensity(system, np.array([2.0, 0.0])).tolist()
        [2.0, 1.0]
    """
    return system.solve_transposed(f)


def footprint(m: Array, y: Array) -> Array:
    """``m_j y_j``: emissions embodied in the final use of product j; sums to all direct emissions.

    Source:
        Miller & Blair 2009, ch. 10.

    Example:
        >>> footprint(np.array([2.0, 1.0]), np.array([50.0, 100.0])).tolist()
        [100.0, 100.0]
    """
    return m * y


def embodied_flows(m: Array, Z: Matrix) -> Matrix:
    """``m_i Z_ij``: emissions embodied in each transaction, sparse or dense as ``Z``.

    Equal to the emissions of all structural paths through the edge from i to j.

    Source:
        Hanaka, Kagawa, Ono & Kanemoto 2017, Energy Policy 111.
    """
    if sparse.issparse(Z):
        return sparse.csr_array(sparse.diags_array(m) @ Z)
    return m[:, None] * Z


def transmission(m: Array, f: Array, x: Array, y: Array) -> Array:
    """``(m_i - f_i)(x_i - y_i)``: emissions of others that pass through sector i to others.

    The closed form of ``f T J_i T y`` with ``T = L A``, so no path is enumerated.

    Source:
        Liang, Qu & Xu 2016, Environmental Science & Technology 50 (betweenness-based emissions).

    Example:
        >>> ones = np.ones(1)
        >>> transmission(3 * ones, ones, 100 * ones, 40 * ones).tolist()
        [120.0]
    """
    return (m - f) * (x - y)
