"""Emissions along the supply chain, by closed forms on arrays.

Throughout: ``f`` direct and ``m`` total intensity (mass per money), ``x`` gross output, ``y`` final
use of domestic output, ``Z`` flows with rows supplying; all (n,) or (n, n).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
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


def footprint_by_use(m: Array, Y: Array) -> Array:
    """(n, k) ``m_j Y_jk``: emissions embodied in what each final use takes of product j.

    Example:
        >>> footprint_by_use(np.array([2.0, 1.0]), np.array([[30.0, 20.0], [0.0, 100.0]])).tolist()
        [[60.0, 40.0], [0.0, 100.0]]
    """
    return m[:, None] * Y


def intensity_by_origin(
    system: LeontiefSystem, f: Array, region: NDArray[np.intp], abroad: Array
) -> Array:
    """(n, r + 1) total intensity by where the emissions occur; the last column is abroad.

    Column r is ``L'`` times ``f`` masked to region r, the last ``L'`` times ``abroad``; all are
    found in one solve, and all but the last add up to ``L' f``.

    Args:
        f: (n,) direct intensity.
        region: (n,) which of the r regions each sector lies in, counted from 0.
        abroad: (n,) emissions behind the imported inputs to one unit of output.

    Source:
        Peters 2008, Ecological Economics 65; Miller & Blair 2009, ch. 3 (several regions).

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([100.0, 100.0]))
        >>> f, abroad = np.array([2.0, 1.0]), np.array([0.0, 0.5])
        >>> intensity_by_origin(system, f, np.array([0, 1]), abroad).tolist()
        [[2.0, 0.0, 0.0], [1.0, 1.0, 0.5]]
    """
    emitted = np.zeros((system.n, region.max(initial=-1) + 2))
    emitted[np.arange(system.n), region] = f
    emitted[:, -1] = abroad
    return system.solve_transposed(emitted)


def final_use_by_region(
    Y: Array, place: NDArray[np.intp], region: NDArray[np.intp], count: int
) -> Array:
    """(n, count + 1) final use by the region that uses it; the last column is outside of all.

    Args:
        Y: (n, k) final use.
        place: (k,) the region each column belongs to, ``count`` for outside; -1 where no region
            is known, so that every product counts as used in the region that makes it.
        region: (n,) the region that makes each product.
        count: the number of regions.

    Example:
        >>> Y = np.array([[1.0, 5.0, 7.0], [2.0, 6.0, 8.0]])
        >>> final_use_by_region(Y, np.array([1, 2, -1]), np.array([0, 1]), 2).tolist()
        [[7.0, 1.0, 5.0], [0.0, 10.0, 6.0]]
    """
    used = np.zeros((len(Y), count + 1))
    for column, user in zip(Y.T, place, strict=True):
        used[np.arange(len(Y)), region if user < 0 else user] += column
    return used


def imported_inputs_intensity(Z_imports: Matrix, x: Array, p: Array) -> Array:
    """(n,) ``A_m' p``: emissions abroad behind the imported inputs to one unit of output.

    Args:
        Z_imports: (n, n) imported products by user.
        x: (n,) gross output of the users.
        p: (n,) emissions per unit of each imported product.

    Example:
        >>> bought = np.array([[0.0, 50.0], [0.0, 10.0]])
        >>> imported_inputs_intensity(bought, np.array([0.0, 100.0]), np.array([2.0, 1.0])).tolist()
        [0.0, 1.1]
    """
    behind = np.asarray(Z_imports.T @ p)
    intensity: Array = np.divide(behind, x, out=np.zeros(len(x)), where=x > 0)
    return intensity


def embodied_flows(m: Array, Z: Matrix) -> Matrix:
    """``m_i Z_ij``: emissions embodied in each transaction, sparse or dense as ``Z``.

    Equal to the emissions of all structural paths through the edge from i to j.

    Source:
        Hanaka, Kagawa, Ono & Kanemoto 2017, Energy Economics 68.
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
