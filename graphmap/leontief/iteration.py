"""GMRES for many right-hand sides at once, on whatever can be multiplied.

All right-hand sides share one Krylov space, so that each step reads the flows once for all of them.
Unknowns are taken relative to their expected size: a sector a million times smaller than the
largest is solved as precisely as that one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from graphmap.arrays import Array

RESIDUAL = 1e-11
"""Guaranteed for every sector, relative to its solution, or to its scale if that is larger."""

STEPS = 30
"""Iterations that provincial, national and multi-regional tables need at most, about."""

ROUNDS = 12
"""Times that the iteration starts anew before it is given up."""

BASIS = 2e8
"""Bytes of the basis that GMRES may build; right-hand sides beyond it wait for their turn."""


def at_once(n: int) -> int:
    """How many right-hand sides of ``n`` sectors share one basis."""
    return max(1, int(BASIS / (8 * n * STEPS)))


def iterate(times: Callable[[Array], Array], rows: Array, scale: Array) -> tuple[Array | None, int]:
    """``v`` with ``v - times(v) = row`` for every row, and the number of steps it took.

    Args:
        times: what multiplies each row of an (r, n) array by ``A`` or its transpose.
        rows: (r, n) right-hand sides.
        scale: (r, n) expected size of each unknown, above zero.

    Returns:
        (r, n) solutions, every residual within ``RESIDUAL``; or None where that was not
        reached.

    Source:
        Saad & Schultz 1986, SIAM Journal on Scientific and Statistical Computing 7 (GMRES).

    Example:
        >>> halves = lambda rows: rows / 2
        >>> iterate(halves, np.array([[1.0, 3.0]]), np.ones((1, 2)))[0].round(9).tolist()
        [[2.0, 6.0]]
    """
    steps = 0

    def left_of(vector: Array) -> Array:
        nonlocal steps
        steps += 1
        each = vector.reshape(rows.shape) * scale
        relative: Array = ((each - times(each)) / scale).ravel()
        return relative

    matrix = LinearOperator((rows.size, rows.size), matvec=left_of, dtype=float)
    right = (rows / scale).ravel()
    solved, left = np.zeros_like(right), right
    for _ in range(ROUNDS):
        off = np.abs(left).max(initial=0.0)
        if (np.abs(left) <= RESIDUAL * np.maximum(1.0, np.abs(solved))).all():
            return solved.reshape(rows.shape) * scale, steps
        more, _ = gmres(matrix, left, rtol=RESIDUAL / 100 / off, restart=STEPS, maxiter=1)
        solved += more
        left = right - left_of(solved)
    return None, steps
