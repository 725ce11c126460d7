"""Balancing a matrix to its margins."""

from __future__ import annotations

import numpy as np

from graphmap.arrays import Array
from graphmap.errors import DataError


def ras(
    prior: Array,
    row_sums: Array,
    column_sums: Array,
    *,
    tolerance: float = 1e-10,
    most_rounds: int = 10_000,
) -> Array:
    """The matrix nearest to ``prior`` (in relative entropy) that has the given sums.

    Args:
        prior: (r, c) non-negative; its zeros stay zero.
        row_sums, column_sums: (r,) and (c,) non-negative, of the same grand total.
        tolerance: largest deviation from a sum allowed, relative to the grand total.

    Returns:
        (r, c) matrix ``r_i prior_ij s_j``.

    Raises:
        DataError: negative cells, totals that differ, a positive sum over an empty row or column,
            or no convergence.

    Source:
        Bacharach 1970, Biproportional Matrices and Input-Output Change.

    Example:
        >>> ras(np.ones((2, 2)), np.array([3.0, 1.0]), np.array([2.0, 2.0])).tolist()
        [[1.5, 1.5], [0.5, 0.5]]
    """
    total = row_sums.sum()
    if (prior < 0).any() or (row_sums < 0).any() or (column_sums < 0).any():
        raise DataError("RAS needs cells and sums that are not negative")
    if not np.isclose(total, column_sums.sum(), rtol=1e-9):
        raise DataError(
            "rows and columns do not have the same total",
            found=f"{total:,.6g} and {column_sums.sum():,.6g}",
        )
    for axis, sums in ((1, row_sums), (0, column_sums)):
        empty = np.flatnonzero((prior.sum(axis=axis) == 0) & (sums > 0))
        if len(empty):
            line = "row" if axis == 1 else "column"
            raise DataError(
                f"{line} {empty[0]} holds only zeros but should sum to {sums[empty[0]]:g}"
            )
    matrix = prior.astype(float)
    for _ in range(most_rounds):
        matrix *= _ratio(row_sums, matrix.sum(axis=1))[:, None]
        matrix *= _ratio(column_sums, matrix.sum(axis=0))
        if np.abs(matrix.sum(axis=1) - row_sums).max(initial=0) <= tolerance * total:
            return matrix
    worst = int(np.abs(matrix.sum(axis=1) - row_sums).argmax())
    raise DataError(
        f"RAS did not converge in {most_rounds} rounds",
        found=f"row {worst} sums to {matrix[worst].sum():g}",
        expected=f"{row_sums[worst]:g}",
        remedy="the zeros of the prior leave too little room for these sums",
    )


def _ratio(wanted: Array, found: Array) -> Array:
    ratio: Array = np.divide(wanted, found, out=np.zeros(len(wanted)), where=found > 0)
    return ratio
