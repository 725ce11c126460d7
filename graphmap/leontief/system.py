"""The Leontief system ``(I - A)``, factorised once and solved for what is asked.

The inverse is never formed: demand and intensities are both solves with the same factors.
"""

from __future__ import annotations

import warnings
from functools import cached_property

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu

from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError

SMALLEST_PIVOT = 1e-13
"""Relative to the largest; below it the system is singular but for rounding."""


class LeontiefSystem:
    """``(I - A)`` of a table with ``A = Z x^-1`` (by column).

    Args:
        Z: (n, n) flows of domestic supply, rows supply and columns use; ndarray or csr_array.
        x: (n,) gross output. A sector of zero output uses nothing.

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 20.0], [10.0, 0.0]]), np.array([100.0, 100.0]))
        >>> system.solve(np.array([80.0, 90.0])).round(6).tolist()
        [100.0, 100.0]
    """

    def __init__(self, Z: Matrix, x: Array) -> None:
        values = Z.data if sparse.issparse(Z) else Z
        if not (np.isfinite(values).all() and np.isfinite(x).all()):
            raise DataError("a table with cells that are no numbers", expected="finite numbers")
        self.x = x
        per_output = np.divide(1.0, x, out=np.zeros_like(x, dtype=float), where=x > 0)
        if sparse.issparse(Z):
            self.A: Matrix = sparse.csr_array(Z @ sparse.diags_array(per_output))
        else:
            self.A = Z * per_output

    def solve(self, demand: Array) -> Array:
        """``L d``: the output that final demand ``d``, (n,) or (n, r), calls for."""
        return self._solve(demand, transposed=False)

    def solve_transposed(self, per_output: Array) -> Array:
        """``L' f``: what a coefficient per output adds up to along the supply chain."""
        return self._solve(per_output, transposed=True)

    def _solve(self, right: Array, *, transposed: bool) -> Array:
        if sparse.issparse(self.A):
            solved: Array = self._sparse_factors.solve(right, trans="T" if transposed else "N")
        else:
            solved = linalg.lu_solve(self._dense_factors, right, trans=int(transposed))
        if not np.isfinite(solved).all():
            raise self._singular()
        return solved

    @cached_property
    def _dense_factors(self) -> tuple[Array, Array]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", linalg.LinAlgWarning)  # told as a DataError below
            factors: tuple[Array, Array] = linalg.lu_factor(np.eye(len(self.x)) - self.A)
        self._refuse_singular(np.diag(factors[0]))
        return factors

    @cached_property
    def _sparse_factors(self) -> sparse.linalg.SuperLU:
        try:
            factors = splu(sparse.csc_array(sparse.eye_array(len(self.x)) - self.A))
        except RuntimeError as error:
            raise self._singular() from error
        self._refuse_singular(factors.U.diagonal())
        return factors

    def _refuse_singular(self, pivots: Array) -> None:
        """Rounding hides a zero pivot as a tiny one, and the solution as huge numbers."""
        sizes = np.abs(pivots)
        if not sizes.min(initial=1.0) > SMALLEST_PIVOT * sizes.max(initial=1.0):
            raise self._singular()

    def _singular(self) -> DataError:
        sums = np.asarray(self.A.sum(axis=0)).ravel()
        worst = int(sums.argmax())
        return DataError(
            "the table has no Leontief inverse",
            found=f"inputs of sector {worst + 1} of the table are {sums[worst]:.3f} of its output",
            expected="inputs below gross output",
        )
