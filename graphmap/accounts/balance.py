"""Balancing a matrix to its margins: RAS, GRAS, and with known cells and sums of cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from graphmap.accounts.balance_problem import (
    Problem,
    problem_of,
    signs_in_lines,
    unfillable,
    without_forced,
)
from graphmap.accounts.cell_sums import CellSums, KnownCells, cell_sums, known_cells
from graphmap.accounts.feasible import Names, contradiction
from graphmap.accounts.scaling import ROUNDS_AFTER, ROUNDS_BEFORE, filled, scaled
from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError

SAME_TOTAL = 1e-9
"""Rows and columns may differ in their grand total by so much of it; the rows' total is kept."""


REMEDY = "correct one of these sums, or give the prior cells where there is trade after all"


@dataclass(frozen=True)
class Convergence:
    """How a balance was reached: rounds over all factors, and the sum that is furthest off.

    ``deviation`` is in the unit of the matrix, ``share`` relative to its grand total; ``where``
    names the row, column or sum of cells.
    """

    rounds: int
    deviation: float
    share: float
    where: str


Report = Callable[[Convergence], object]
"""Is told how a balance was reached: ``print``, or ``list.append``."""


def ras(
    prior: Matrix,
    row_sums: Array,
    column_sums: Array,
    *,
    tolerance: float = 1e-10,
    most_rounds: int = 10_000,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
    report: Report | None = None,
) -> Matrix:
    """The matrix nearest to ``prior`` (in relative entropy) that has the given sums.

    Args:
        prior: (r, c) non-negative, an array or a csr_array; its zeros stay zero.
        row_sums, column_sums: (r,) and (c,) non-negative, of the same grand total.
        tolerance: largest deviation from a sum allowed, relative to the grand total.
        row_names, column_names: what errors call the lines; their places if not given.
        report: told how many rounds it took and what is furthest off.

    Returns:
        (r, c) matrix ``r_i prior_ij s_j``, a csr_array if the prior is one.

    Raises:
        DataError: negative cells, totals that differ, sums that contradict each other (with the
            rows and columns that do), or no convergence.

    Source:
        Bacharach 1970, Biproportional Matrices and Input-Output Change.

    Example:
        >>> ras(np.ones((2, 2)), np.array([3.0, 1.0]), np.array([2.0, 2.0])).tolist()
        [[1.5, 1.5], [0.5, 0.5]]
    """
    cells = prior.data if sparse.issparse(prior) else prior
    if (cells < 0).any() or (row_sums < 0).any() or (column_sums < 0).any():
        raise DataError("RAS needs cells and sums that are not negative", remedy="use gras")
    return balanced(
        prior,
        row_sums,
        column_sums,
        tolerance=tolerance,
        most_rounds=most_rounds,
        row_names=row_names,
        column_names=column_names,
        report=report,
    )


def gras(
    prior: Matrix,
    row_sums: Array,
    column_sums: Array,
    *,
    tolerance: float = 1e-10,
    most_rounds: int = 10_000,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
    report: Report | None = None,
) -> Matrix:
    """``ras`` for matrices with cells below zero; every cell keeps its sign.

    Args: as of ``ras``, but that cells and sums may be negative.

    Returns:
        (r, c) matrix: ``r_i prior_ij s_j`` above zero, ``prior_ij / (r_i s_j)`` below.

    Raises:
        DataError: as ``ras``.

    Source:
        Junius and Oosterhaven 2003; Lenzen, Wood and Gallego 2007 (the objective, by which a matrix
        that has its sums already stays as it is); Temurshoev, Miller and Bouwmeester 2013 (lines
        with cells of one sign).

    Example:
        >>> prior = np.array([[7.0, 3.0, 5.0], [2.0, 9.0, 8.0], [-2.0, 0.0, 2.0]])
        >>> gras(prior, np.array([15.0, 26.0, -1.0]), np.array([9.0, 16.0, 15.0])).round(2).tolist()
        [[7.94, 2.96, 4.1], [3.33, 13.04, 9.63], [-2.27, 0.0, 1.27]]
    """
    return balanced(
        prior,
        row_sums,
        column_sums,
        tolerance=tolerance,
        most_rounds=most_rounds,
        row_names=row_names,
        column_names=column_names,
        report=report,
    )


def balanced(
    prior: Matrix,
    row_sums: Array,
    column_sums: Array,
    *,
    constraints: CellSums = (),
    known: KnownCells = (),
    tolerance: float = 1e-10,
    most_rounds: int = 10_000,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
    report: Report | None = None,
) -> Matrix:
    """The matrix nearest to ``prior`` that has the given sums of rows, columns and groups of cells.

    Args:
        prior: (r, c), an array or a csr_array; those that are not known keep their sign, zeros
            stay.
        row_sums, column_sums: (r,) and (c,), of the same grand total.
        constraints: sums of cells, as ``(rows, columns, total)`` (all cells where these rows and
            columns, given by position or name, cross), or a DataFrame ``sum, row, column, total``
            with one row a cell. A cell may stand in several.
        known: cells with their values, as ``(row, column, value)`` or a DataFrame of these columns;
            they are held, whatever the prior has there.
        tolerance, most_rounds, row_names, column_names, report: as of ``ras``.

    Returns:
        (r, c) matrix, a csr_array if the prior is one.

    Raises:
        DataError: figures that are missing, totals that differ, unknown lines, cells given twice,
            sums that contradict each other (with their names), or no convergence.

    Source:
        Lenzen, Gallego and Wood 2009, Matrix balancing under conflicting information (sums of
        cells); Paelinck and Waelbroeck 1963 (known cells are taken out, the rest is balanced).

    Example:
        >>> held = balanced(np.ones((2, 2)), np.array([3.0, 1.0]), np.array([2.0, 2.0]),
        ...                 known=[(0, 0, 1.2)])
        >>> held.round(6).tolist()
        [[1.2, 1.8], [0.8, 0.2]]
    """
    prior = sparse.csr_array(prior) if sparse.issparse(prior) else np.asarray(prior, dtype=float)
    rows, columns = (np.asarray(each, dtype=float) for each in (row_sums, column_sums))
    shape = (len(rows), len(columns))
    names = [
        [str(name) for name in given] if given is not None else [str(i) for i in range(count)]
        for given, count in zip((row_names, column_names), shape, strict=True)
    ]
    if prior.shape != shape or shape != (len(names[0]), len(names[1])):
        raise DataError("the sums do not fit the matrix", found=shape, expected=prior.shape)
    cells = prior.data if sparse.issparse(prior) else prior
    if not all(np.isfinite(each).all() for each in (cells, rows, columns)):
        raise DataError(
            "cells or sums are missing or infinite", remedy="fill them in, with 0 or so"
        )
    _refuse_totals(rows, columns)
    held = known_cells(known, names[0], names[1])
    groups = cell_sums(constraints, names[0], names[1])
    whole = problem_of(prior, rows, columns, held, groups)
    labels = (names[0], names[1], [each.name for each in groups])
    beside = " (known cells taken out)" if len(held) else ""
    _refuse_lines(whole, labels, beside)
    problem = without_forced(whole)

    def stuck(thorough: bool) -> None:
        if found := contradiction(whole, labels, thorough=thorough):
            raise DataError(f"the sums contradict each other: {found.text}{beside}", remedy=REMEDY)

    if unfillable(problem).any():
        stuck(True)
    factors = scaled(problem, tolerance, most_rounds, stuck)
    where = _line(labels, factors.worst)
    if not factors.off <= tolerance * problem.scale:
        if most_rounds < ROUNDS_BEFORE + ROUNDS_AFTER:
            stuck(True)
        raise DataError(
            f"balancing did not converge in {most_rounds:,} rounds",
            found=f"{where} off its sum by {factors.off:g}",
            expected=f"at most {tolerance * problem.scale:g}",
            remedy="look at the sums of this line, or allow more rounds or a larger tolerance",
        )
    if report is not None:
        share = factors.off / problem.scale
        report(Convergence(factors.rounds, factors.off, share, where))
    matrix = filled(problem, factors)
    if len(held):
        places = (held["row"].to_numpy(), held["column"].to_numpy())
        if sparse.issparse(matrix):
            matrix = matrix + sparse.csr_array((held["value"].to_numpy(), places), shape)
        else:
            matrix[places] = held["value"]
    return matrix


def _refuse_totals(rows: Array, columns: Array) -> None:
    size = max(np.abs(rows).sum(), np.abs(columns).sum())
    if abs(rows.sum() - columns.sum()) > SAME_TOTAL * size:
        raise DataError(
            "rows and columns do not have the same total",
            found=f"{rows.sum():,.10g} and {columns.sum():,.10g}",
        )


def _refuse_lines(problem: Problem, labels: Names, beside: str) -> None:
    """Refuse lines whose own cells cannot have the sum, whatever the others do."""
    up, down = signs_in_lines(problem)
    wrong = np.flatnonzero(unfillable(problem))
    if len(wrong):
        line, target = _line(labels, wrong[0]), problem.targets[wrong[0]]
        lacks = (
            f"has no cell {'above' if target > 0 else 'below'} zero"
            if up[wrong[0]] or down[wrong[0]]
            else "holds only zeros"
        )
        raise DataError(
            f"{line} {lacks} but should sum to {target:,.8g}{beside}",
            remedy=REMEDY,
        )


def _line(labels: Names, place: int) -> str:
    """What the line at this place among rows, columns and sums is called."""
    for kind, names in zip(("row", "column", "sum"), labels, strict=True):
        if place < len(names):
            return f"{kind} {names[place]}"
        place -= len(names)
    return "no line"
