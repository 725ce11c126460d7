"""Factors of rows, columns and groups of cells that make a matrix meet given sums.

Every cell keeps its sign: one above zero is multiplied by the factors of its row, its column and
the groups it belongs to, one below zero is divided by them. Such factors minimise

    sum |a| (z ln z - z + 1),    z = x / a,

under the sums (Lenzen, Wood and Gallego 2007), and one factor given the others is a root of a
quadratic equation (Junius and Oosterhaven 2003), also where a line has cells of one sign only
(Temurshoev, Miller and Bouwmeester 2013). Rounds over the factors in turn converge slowly where few
cells connect parts of the matrix, and hardly at all where the sums press a cell to zero; Newton's
method on the dual problem, all factors at once, then ends it in a few steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from graphmap.accounts.balance_problem import GroupCells, Problem, incidence
from graphmap.arrays import Array, Matrix

ROUNDS_BEFORE, ROUNDS_AFTER = 200, 50
"""After so many rounds in turn the sums are looked at, and Newton's method is tried; after so many
more the sums are looked at thoroughly."""

FAR = 300.0
"""Logarithm of a factor that is on its way to infinity."""

NEWTON_LINES = 6_000
NEWTON_STEPS = 200
RIDGE = 1e-13
"""Added to the scaled curvature: a factor common to all rows can be moved to the columns."""


@dataclass(frozen=True)
class Factors:
    """Factors by row, column and group; ``worst`` is the line that is furthest ``off`` its sum."""

    row: Array
    column: Array
    group: Array
    rounds: int
    off: float
    worst: int


def scaled(
    problem: Problem, tolerance: float, most_rounds: int, stuck: Callable[[bool], None]
) -> Factors:
    """Factors with which no sum is off by more than ``tolerance`` of the grand total, or those of
    the last round. ``stuck`` is called if the first rounds do not do, and with True if more do not.
    """
    r, s, t = (np.ones(len(each)) for each in (problem.rows, problem.columns, problem.groups))
    layers = _layers(problem.cells.member)
    found = Factors(r, s, t, 0, np.inf, 0)
    # factors of sums that cannot be met run off to infinity; the deviation says so
    with np.errstate(all="ignore"):
        for rounds in range(most_rounds + 1):
            base = _plain_rows(problem, s)
            off = _row_and_group_deviation(problem, base, r, s, t)
            found = Factors(r, s, t, rounds, float(off.max(initial=0)), _worst(off, problem))
            if rounds and found.off <= tolerance * problem.scale:
                break
            if rounds == ROUNDS_BEFORE:
                stuck(False)
                if sum(map(len, (r, s, t))) <= NEWTON_LINES:
                    r, s, t = _by_newton(problem, r, s, t, tolerance)
                    base = _plain_rows(problem, s)
            if rounds == ROUNDS_BEFORE + ROUNDS_AFTER:
                stuck(True)
            for layer in layers:
                up, down = _group_sums(problem.cells, r, s, t)
                t = t.copy()
                t[layer] *= root(problem.groups, up, down)[layer]
            r = root(problem.rows, *_with_groups(problem, base, r, s, t, "row"))
            base = _plain_columns(problem, r)
            s = root(problem.columns, *_with_groups(problem, base, r, s, t, "column"))
    return found


def root(wanted: Array, up: Array, down: Array) -> Array:
    """The factor f > 0 with ``up f - down / f = wanted``; 1 for a line without cells.

    Example:
        >>> wanted, up, down = np.array([[3.0, 3.0, -2.0], [1.0, 2.0, 0.0], [0.0, 2.0, 4.0]])
        >>> root(wanted, up, down).tolist()
        [3.0, 2.0, 2.0]
    """
    spread = np.hypot(wanted, 2 * np.sqrt(up * down))
    above = wanted >= 0  # the form without cancellation, for either sign
    top = np.where(above, spread + wanted, 2 * down)
    bottom = np.where(above, 2 * up, spread - wanted)
    factor: Array = np.divide(top, bottom, out=np.ones_like(wanted), where=up + down > 0)
    return factor


def filled(problem: Problem, factors: Factors) -> Matrix:
    """The matrix these factors make; a csr_array if the prior is sparse."""
    r, s = factors.row, factors.column
    if sparse.issparse(problem.gains):
        matrix = sparse.diags_array(r) @ problem.gains @ sparse.diags_array(s)
        if problem.losses is not None:
            matrix = matrix - sparse.diags_array(1 / r) @ problem.losses @ sparse.diags_array(1 / s)
    else:
        matrix = problem.gains * r[:, None]
        matrix *= s
        if problem.losses is not None:
            down = problem.losses.tocoo()
            matrix[down.row, down.col] -= down.data / (r[down.row] * s[down.col])
    cells = problem.cells
    if len(cells.row):
        values = cells.sign * _group_cells(cells, r, s, factors.group)
        if sparse.issparse(matrix):
            matrix = matrix + sparse.csr_array((values, (cells.row, cells.column)), matrix.shape)
        else:
            matrix[cells.row, cells.column] += values
    return sparse.csr_array(matrix) if sparse.issparse(matrix) else matrix


def _plain_rows(problem: Problem, s: Array) -> tuple[Array, Array]:
    """What the cells of no group add to and take from each row, its own factor aside."""
    down = np.zeros(len(problem.rows)) if problem.losses is None else problem.losses @ (1 / s)
    return problem.gains @ s, down


def _plain_columns(problem: Problem, r: Array) -> tuple[Array, Array]:
    down = np.zeros(len(problem.columns)) if problem.losses is None else problem.losses.T @ (1 / r)
    return problem.gains.T @ r, down


def _group_cells(cells: GroupCells, r: Array, s: Array, t: Array) -> Array:
    """Sizes of the cells of groups as they are with these factors."""
    power = np.log(r)[cells.row] + np.log(s)[cells.column] + cells.member.T @ np.log(t)
    sizes: Array = cells.size * np.exp(cells.sign * power)
    return sizes


def _with_groups(
    problem: Problem, base: tuple[Array, Array], r: Array, s: Array, t: Array, side: str
) -> tuple[Array, Array]:
    """``base`` and the cells of groups, without the factor of the row (or column) itself."""
    cells = problem.cells
    if not len(cells.row):
        return base
    ones, line = (np.ones_like(r), cells.row) if side == "row" else (np.ones_like(s), cells.column)
    sizes = _group_cells(cells, ones, s, t) if side == "row" else _group_cells(cells, r, ones, t)
    up = np.bincount(line, sizes * (cells.sign > 0), len(ones))
    down = np.bincount(line, sizes * (cells.sign < 0), len(ones))
    return base[0] + up, base[1] + down


def _group_sums(cells: GroupCells, r: Array, s: Array, t: Array) -> tuple[Array, Array]:
    sizes = _group_cells(cells, r, s, t)
    return cells.member @ (sizes * (cells.sign > 0)), cells.member @ (sizes * (cells.sign < 0))


def _row_and_group_deviation(
    problem: Problem, base: tuple[Array, Array], r: Array, s: Array, t: Array
) -> Array:
    up, down = _with_groups(problem, base, r, s, t, "row")
    rows: Array = up * r - down / r - problem.rows
    if not len(t):
        return abs(rows)
    more, less = _group_sums(problem.cells, r, s, t)
    return abs(np.concatenate([rows, more - less - problem.groups]))


def _worst(off: Array, problem: Problem) -> int:
    """Which line is furthest off, counted over rows, columns and groups."""
    if not len(off):
        return 0
    place = int(np.nan_to_num(off, nan=np.inf).argmax())
    return place if place < len(problem.rows) else place + len(problem.columns)


def _layers(member: Matrix) -> list[list[int]]:
    """Groups, in as few lists as come easily, of which none in one list share a cell."""
    layers: list[tuple[set[int], list[int]]] = []
    for group in range(member.shape[0]):
        cells = set(member.indices[member.indptr[group] : member.indptr[group + 1]].tolist())
        for taken, groups in layers:
            if not taken & cells:
                taken.update(cells)
                groups.append(group)
                break
        else:
            layers.append((cells, [group]))
    return [groups for _, groups in layers]


def _by_newton(
    problem: Problem, r: Array, s: Array, t: Array, tolerance: float
) -> tuple[Array, Array, Array]:
    """Factors at the minimum of the dual, ``sum |x| - targets . ln(factors)``, or near it."""
    ends = (len(r), len(r) + len(s))
    power = np.log(np.concatenate([r, s, t]))
    if not np.isfinite(power).all():
        return r, s, t
    value, slope, curve = _dual(problem, power, ends)
    for _ in range(NEWTON_STEPS):
        if np.abs(slope).max() <= 0.1 * tolerance * problem.scale or np.abs(power).max() > FAR:
            break
        size = np.sqrt(np.where(curve.diagonal() > 0, curve.diagonal(), 1.0))
        curve /= size[:, None]
        curve /= size
        curve.flat[:: len(size) + 1] += RIDGE
        try:
            step = linalg.solve(curve, slope / size, assume_a="pos", overwrite_a=True) / size
        except (linalg.LinAlgError, ValueError):
            break
        share, ahead = 1.0, float(slope @ step)
        while share > 1e-10:
            tried = _dual(problem, power - share * step, ends)
            if tried[0] <= value - 1e-4 * share * ahead + 1e-14 * abs(value):
                break
            share /= 2
        else:
            break
        power = power - share * step
        value, slope, curve = tried
    r, s, t = np.split(np.exp(power), ends)
    return r, s, t


def _dual(problem: Problem, power: Array, ends: tuple[int, int]) -> tuple[float, Array, np.ndarray]:
    """Value, slope (lines,) and curvature (lines, lines) of the dual at these logarithms."""
    r, s, t = np.split(np.exp(power), ends)
    cells, rows, columns = problem.cells, slice(0, ends[0]), slice(ends[0], ends[1])
    up = _dense(problem.gains) * r[:, None] * s
    down = 0.0 if problem.losses is None else _dense(problem.losses) / r[:, None] / s
    signed, sizes = up - down, up + down
    curve = np.zeros((len(power), len(power)))
    curve[rows, columns], curve[columns, rows] = sizes, sizes.T
    curve.flat[:: len(power) + 1] = np.concatenate(
        [sizes.sum(axis=1), sizes.sum(axis=0), np.zeros(len(t))]
    )
    sums = np.concatenate([signed.sum(axis=1), signed.sum(axis=0), np.zeros(len(t))])
    total = float(sizes.sum())
    if len(cells.row):
        grouped = _group_cells(cells, r, s, t)
        lines = _lines(cells, ends)
        sums += lines @ (cells.sign * grouped)
        curve += (lines @ sparse.diags_array(grouped) @ lines.T).toarray()
        total += float(grouped.sum())
    return total - float(problem.targets @ power), sums - problem.targets, curve


def _lines(cells: GroupCells, ends: tuple[int, int]) -> Matrix:
    """(lines, m): which cell of a group counts in which row, column and group."""
    plain = incidence(cells.row, cells.column, ends[0], ends[1] - ends[0])
    return sparse.csr_array(sparse.vstack([plain, cells.member]))


def _dense(matrix: Matrix) -> Array:
    dense: Array = matrix.toarray() if sparse.issparse(matrix) else matrix
    return dense
