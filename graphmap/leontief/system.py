"""The Leontief system ``(I - A)``, solved for what is asked; the inverse is never formed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu

from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError, DataWarning
from graphmap.leontief.iteration import STEPS, at_once, iterate
from graphmap.leontief.methods import LARGEST_FACTORS, METHODS, Report, choose

ROUNDS = 2, 50
"""Of requirements that say how large a solution is about: at least, and at most until all sectors
that can be reached have been; inputs of inputs reach most."""

SMALLEST_PIVOT = 1e-12
"""Relative to the largest; below it the system is singular but for rounding."""


class LeontiefSystem:
    """``(I - A)`` of a table with ``A = Z x^-1`` (by column).

    Args:
        Z: (n, n) flows of domestic supply, rows supply and columns use; ndarray or csr_array. It
            is not copied.
        x: (n,) gross output. A sector of zero output uses nothing.
        names: of the n sectors, for messages.
        method: one of ``METHODS``, or ``auto`` to ``choose`` by size, density and ``solves``.
        solves: about how many right-hand sides will be asked for.
        file: where the table comes from, for messages.

    Raises:
        DataError: flows and output do not fit, a cell is no number, the method is not known. On
            solving: the table has no inverse, or is not productive (Hawkins & Simon 1949).

    Warns:
        DataWarning: inputs of a sector reach its output; the sector is named.

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 20.0], [10.0, 0.0]]), np.array([100.0, 100.0]))
        >>> system.solve(np.array([80.0, 90.0])).round(6).tolist()
        [100.0, 100.0]
        >>> system.report.method
        'dense'
    """

    def __init__(
        self,
        Z: Matrix,
        x: Array,
        *,
        names: Sequence[str] | None = None,
        method: str = "auto",
        solves: int = 4,
        file: str = "",
    ) -> None:
        self.Z, self.x = Z.astype(float, copy=False), np.asarray(x, dtype=float)
        self.names, self.file = names, file
        self.n = len(self.x)
        if not self.n or Z.shape != (self.n, self.n):
            raise DataError(
                "flows that do not fit gross output",
                file=file,
                found=f"{Z.shape} and {self.x.shape}",
                expected="(n, n) and (n,)",
            )
        inputs = np.asarray(Z.sum(axis=0)).ravel()
        if not (np.isfinite(inputs).all() and np.isfinite(self.x).all()):
            raise self._not_a_number()
        self.per_output: Array = np.divide(1.0, self.x, out=np.zeros(self.n), where=self.x > 0)
        self.inputs_per_output: Array = inputs * self.per_output
        """(n,) column sums of ``A``."""
        cells = Z.nnz if sparse.issparse(Z) else Z.size
        if method not in (*METHODS, "auto"):
            raise DataError("unknown method", found=method, expected=f"auto or {METHODS}")
        self._forced = method != "auto"
        self.method = method if self._forced else choose(self.n, cells, solves)
        self._residual, self._passes, self._memory = 0.0, 0, 0.0
        self._is_productive = Z.min() < 0  # below zero, nothing can be said of it
        beyond = np.flatnonzero(self.inputs_per_output >= 1).tolist()
        if beyond:
            rest = f" (and {len(beyond) - 1} more sectors)" if len(beyond) > 1 else ""
            warnings.warn(self._too_many_inputs(beyond[0]) + rest, DataWarning, stacklevel=2)

    @property
    def A(self) -> Matrix:
        """(n, n) technical coefficients, as sparse as ``Z``; a copy made when it is asked for."""
        if sparse.issparse(self.Z):
            return sparse.csr_array(self.Z @ sparse.diags_array(self.per_output))
        return self.Z * self.per_output

    @property
    def report(self) -> Report:
        """How the solves so far were done."""
        return Report(self.method, self._residual, self._passes, self._memory)

    def name(self, sector: int) -> str:
        """What messages call a sector."""
        return self.names[sector] if self.names else f"sector {sector + 1} of the table"

    def solve(self, demand: Array) -> Array:
        """``L d``: the output that final demand ``d``, (n,) or (n, r), calls for."""
        return self._solve(demand, transposed=False)

    def solve_transposed(self, per_output: Array) -> Array:
        """``L' f``: what a coefficient per output adds up to along the supply chain."""
        return self._solve(per_output, transposed=True)

    def inverse_diagonal(self) -> Array:
        """(n,) diagonal of ``L``: output of a sector for one unit of its own final demand.

        The one figure that takes an inverse: ``2 n^3`` operations and the memory of one matrix.
        """
        if 8 * self.n**2 > LARGEST_FACTORS:
            return np.concatenate([self._diagonal_of(i) for i in range(0, self.n, 256)])
        factors, pivots = self.__dict__.pop("_dense_factors", None) or self._factorised()
        room = int(linalg.lapack.dgetri_lwork(self.n)[0])
        inverse, wrong = linalg.lapack.dgetri(factors, pivots, lwork=room, overwrite_lu=True)
        if wrong or not np.isfinite(inverse).all():
            raise self._singular()
        if not self._is_productive:
            self._refuse_unproductive(inverse.sum(axis=1))
        return np.diag(inverse).copy()

    def _diagonal_of(self, first: int) -> Array:
        unit = np.eye(self.n, min(256, self.n - first), -first)
        return np.diag(self.solve(unit)[first:])

    def _solve(self, right: Array, *, transposed: bool) -> Array:
        right = np.asarray(right, dtype=float)
        if right.ndim not in (1, 2) or len(right) != self.n:
            raise DataError(
                "a right-hand side that does not fit the table",
                found=right.shape,
                expected=f"({self.n},) or ({self.n}, r)",
            )
        if not np.isfinite(right).all():
            raise DataError("a right-hand side with cells that are no numbers")
        rows = np.ascontiguousarray(np.atleast_2d(right.T))
        if not len(rows):
            return right
        tells = (rows > 0).all(axis=1)
        if not (self._is_productive or tells.any()):
            rows, tells = np.vstack([rows, np.ones(self.n)]), np.append(tells, True)
        scale = self._scale(rows, transposed)
        if self.method == "iterative":
            solved = self._iterated(rows, scale, transposed)
        else:
            solved = self._by_factors(rows, transposed)
        too_large = np.abs(solved).max(axis=1) > scale.max(axis=1) / SMALLEST_PIVOT
        if not np.isfinite(solved).all() or too_large.any():
            raise self._singular()
        if not self._is_productive:
            self._refuse_unproductive(solved[tells])
        left = np.abs(rows - solved + self._times(solved, transposed))
        relative = left / np.maximum(scale, np.abs(solved))
        self._residual = max(self._residual, float(relative.max()))
        return solved[: right.shape[1]].T if right.ndim > 1 else solved[0]

    def _times(self, rows: Array, transposed: bool) -> Array:
        """``A v`` or ``A' v`` for every row ``v``: rows, since so memory is read fastest."""
        if sparse.issparse(self.Z):
            if transposed:
                product: Array = (self.Z.T @ rows.T).T * self.per_output
            else:
                product = (self.Z @ (rows * self.per_output).T).T
        elif transposed:
            product = (rows @ self.Z) * self.per_output
        else:
            product = (rows * self.per_output) @ self.Z.T
        return np.ascontiguousarray(product)

    def _scale(self, rows: Array, transposed: bool) -> Array:
        """How large each solution is about: the requirements of the first rounds, above zero."""
        scale = last = np.abs(rows)
        reached, least, most = 0, *ROUNDS
        for done in range(most):
            before, reached = reached, int(np.count_nonzero(scale))
            if done >= least and reached in (before, scale.size):
                break
            last = np.abs(self._times(last, transposed))
            scale = scale + last
        smallest = scale.min(axis=1, keepdims=True, where=scale > 0, initial=np.inf)
        return np.where(scale > 0, scale, np.where(np.isfinite(smallest), smallest, 1.0))

    def _iterated(self, rows: Array, scale: Array, transposed: bool) -> Array:
        solved, together = np.empty_like(rows), at_once(self.n)
        self._memory = max(self._memory, 8.0 * STEPS * self.n * min(together, len(rows)))
        for i in range(0, len(rows), together):
            part = slice(i, i + together)
            found, steps = iterate(
                lambda each: self._times(each, transposed), rows[part], scale[part]
            )
            self._passes += steps
            if found is None:
                return self._otherwise(rows, transposed)
            solved[part] = found
        return solved

    def _otherwise(self, rows: Array, transposed: bool) -> Array:
        """Factors where the iteration does not settle: a table that hardly has an inverse."""
        if self._forced or 8 * self.n**2 > LARGEST_FACTORS:
            raise self._refusal("the iterative solution does not settle")
        self.method = "dense"
        return self._by_factors(rows, transposed)

    def _by_factors(self, rows: Array, transposed: bool) -> Array:
        if self.method == "sparse":
            solved: Array = self._sparse_factors.solve(rows.T, trans="T" if transposed else "N")
        else:
            solved = linalg.lu_solve(self._dense_factors, rows.T, trans=int(transposed))
        return solved.T

    @cached_property
    def _dense_factors(self) -> tuple[Array, Array]:
        return self._factorised()

    def _factorised(self) -> tuple[Array, Array]:
        """LU factors in the one matrix that is made for them, in the order LAPACK reads."""
        matrix = np.empty((self.n, self.n), order="F")
        Z = self.Z.toarray() if sparse.issparse(self.Z) else self.Z
        np.multiply(Z, -self.per_output, out=matrix)
        matrix.flat[:: self.n + 1] += 1.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", linalg.LinAlgWarning)  # told as a DataError below
            factors, pivots = linalg.lu_factor(matrix, overwrite_a=True, check_finite=False)
        self._refuse_singular(np.diag(factors))
        self._memory = max(self._memory, 8.0 * self.n**2)
        return factors, pivots

    @cached_property
    def _sparse_factors(self) -> sparse.linalg.SuperLU:
        try:
            factors = splu(sparse.csc_array(sparse.eye_array(self.n) - sparse.csr_array(self.A)))
        except RuntimeError as error:
            raise self._singular() from error
        self._refuse_singular(factors.U.diagonal())
        self._memory = max(self._memory, 12.0 * (factors.L.nnz + factors.U.nnz))
        return factors

    def _refuse_singular(self, pivots: Array) -> None:
        """Rounding hides a zero pivot as a tiny one, and the solution as huge numbers."""
        sizes = np.abs(pivots)
        if not sizes.min(initial=1.0) > SMALLEST_PIVOT * sizes.max(initial=1.0):
            raise self._singular()

    def _refuse_unproductive(self, solved: Array) -> None:
        """Where all is asked for, all requirements above zero prove that more is made than used."""
        if not (solved > 0).all():
            raise self._refusal("the table is not productive: its sectors use more than they make")
        self._is_productive = True

    def _singular(self) -> DataError:
        return self._refusal("the table has no Leontief inverse")

    def _refusal(self, what: str) -> DataError:
        worst = int(self.inputs_per_output.argmax())
        return DataError(
            what,
            file=self.file,
            found=self._too_many_inputs(worst),
            expected="inputs below gross output",
        )

    def _too_many_inputs(self, sector: int) -> str:
        share = self.inputs_per_output[sector]
        return f"inputs of {self.name(sector)} are {share:.3f} of its output"

    def _not_a_number(self) -> DataError:
        wrong = np.flatnonzero(~np.isfinite(self.x))
        if len(wrong):
            found = f"gross output of {self.name(int(wrong[0]))} is {self.x[wrong[0]]}"
        else:
            cells = sparse.coo_array(self.Z)
            at = int(np.flatnonzero(~np.isfinite(cells.data))[0])
            supplier, user = (int(axis[at]) for axis in cells.coords)
            found = f"flow from {self.name(supplier)} to {self.name(user)} is {cells.data[at]}"
        return DataError(
            "a table with cells that are no numbers",
            file=self.file,
            found=found,
            expected="finite numbers",
        )
