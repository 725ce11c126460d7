"""Which way leads to a solution of the Leontief system, and the report of how it was gone.

- ``dense``: LU factors of a full matrix (LAPACK), for small tables and for very many solves;
- ``sparse``: LU factors of a sparse matrix (SuperLU), for supply chains that hardly turn back on
  themselves. From about two flows a sector on, the factors fill up and cost more than the matrix;
- ``iterative``: GMRES on the flows as they stand, for everything large. No matrix is copied, all
  right-hand sides share each pass over the flows, and the residual is checked sector by sector.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphmap.leontief.iteration import STEPS

METHODS = ("dense", "sparse", "iterative")

FEW = 2000
"""Tables up to this size are factorised in less than the blink of an eye."""

LARGEST_FACTORS = 8e9
"""Bytes; dense factors above this are not chosen."""


@dataclass(frozen=True)
class Report:
    """How a system was solved.

    Attributes:
        method: ``dense``, ``sparse`` or ``iterative``.
        residual: the largest of all sectors and solves so far, relative to the sector's solution.
        iterations: passes over the flows so far (0 where factors were used).
        memory: bytes of factors or of the iteration's basis, beside the flows themselves.
    """

    method: str
    residual: float
    iterations: int
    memory: float


def choose(n: int, cells: int, solves: int) -> str:
    """The method for ``n`` sectors with ``cells`` flows and about ``solves`` right-hand sides.

    A dense factorisation costs ``2/3 n^3`` operations, an iterative solution two a cell and step.

    Example:
        >>> choose(42, 1764, 4), choose(9800, 9800**2, 4), choose(9800, 9800**2, 9800)
        ('dense', 'iterative', 'dense')
        >>> choose(100_000, 90_000, 4), choose(100_000, 250_000, 500)
        ('sparse', 'iterative')
    """
    if n <= FEW:
        return "dense"
    if cells <= n:
        return "sparse"
    many = 2 * cells * STEPS * solves > 2 / 3 * n**3
    return "dense" if many and 8 * n**2 <= LARGEST_FACTORS else "iterative"
