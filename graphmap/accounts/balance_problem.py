"""What is to be balanced, apart from what is known: cells by sign, cells of groups, sums left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.cell_sums import CellSum
from graphmap.arrays import Array, Matrix

NOTHING = 1e-12
"""What rounding leaves of a sum when its known cells are taken out, relative to all sums."""


@dataclass(frozen=True)
class GroupCells:
    """Cells that stand in a constraint of their own, (m,) each, and their (g, m) groups."""

    row: np.ndarray
    column: np.ndarray
    size: Array
    sign: Array
    member: Matrix


@dataclass(frozen=True)
class Problem:
    """What is to be balanced: ``gains`` and ``losses`` (r, c) are the sizes of the cells above and
    below zero that stand in no group; ``losses`` may be None. Targets are (r,), (c,) and (g,)."""

    gains: Matrix
    losses: Matrix | None
    cells: GroupCells
    rows: Array
    columns: Array
    groups: Array

    @property
    def targets(self) -> Array:
        return np.concatenate([self.rows, self.columns, self.groups])

    @property
    def scale(self) -> float:
        """The larger grand total, signs aside: what deviations are relative to."""
        return float(max(np.abs(self.rows).sum(), np.abs(self.columns).sum())) or 1.0


def problem_of(
    prior: Matrix, rows: Array, columns: Array, held: pd.DataFrame, groups: Sequence[CellSum]
) -> Problem:
    """The problem without the cells that are known, and with those of groups by themselves."""
    at, across = (held[each].to_numpy(np.int64) for each in ("row", "column"))
    value, width = held["value"].to_numpy(float), len(columns)
    taken = at * width + across
    free = [np.setdiff1d(each.cells, taken) for each in groups]
    totals = np.array([each.total for each in groups], dtype=float)
    for number, each in enumerate(groups):
        totals[number] -= value[np.isin(taken, each.cells)].sum()
    apart = np.unique(np.concatenate([*free, np.zeros(0, dtype=np.int64)]))
    size = _at(prior, apart, width)
    apart, size = apart[size != 0], size[size != 0]
    inside = [np.searchsorted(apart, each[_at(prior, each, width) != 0]) for each in free]
    ends = np.cumsum([0, *map(len, inside)])
    places = np.concatenate([*inside, np.zeros(0, dtype=np.int64)])
    member = sparse.csr_array((np.ones(len(places)), places, ends), shape=(len(groups), len(apart)))
    gains, losses = _by_sign(_emptied(prior, np.concatenate([taken, apart]), width))
    scale = max(np.abs(rows).sum(), np.abs(columns).sum())
    rows = _left(rows, np.bincount(at, value, len(rows)).astype(float), scale)
    columns = _left(columns, np.bincount(across, value, width).astype(float), scale)
    return Problem(
        gains,
        losses,
        GroupCells(apart // width, apart % width, np.abs(size), np.sign(size), member),
        rows,
        to_total(columns, rows.sum()),  # what rounding left between the totals is spread
        _left(totals, np.zeros(len(totals)), scale),
    )


def incidence(row: np.ndarray, column: np.ndarray, rows: int, columns: int) -> sparse.csr_array:
    """(rows + columns, m) one where one of m cells stands in a row or a column."""
    m = len(row)
    places = np.concatenate([row, column + rows]), np.tile(np.arange(m), 2)
    return sparse.csr_array((np.ones(2 * m), places), (rows + columns, m))


def signs_in_lines(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Whether each row, column and group has cells above, and below, zero."""
    return _any(problem, problem.gains, 1), _any(problem, problem.losses, -1)


def unfillable(problem: Problem) -> np.ndarray:
    """Which rows, columns and groups lack cells of the sign of their sum."""
    up, down = signs_in_lines(problem)
    lacks: np.ndarray = ((problem.targets > 0) & ~up) | ((problem.targets < 0) & ~down)
    return lacks


def without_forced(problem: Problem) -> Problem:
    """The problem without the cells that must be zero, since cells of one sign sum to zero."""
    while True:
        up, down = signs_in_lines(problem)
        dead = (problem.targets == 0) & (up ^ down)
        if not dead.any():
            return problem
        r, c = len(problem.rows), len(problem.columns)
        row, column, group = ~dead[:r], ~dead[r : r + c], dead[r + c :]
        cells = problem.cells
        kept = row[cells.row] & column[cells.column] & ~((cells.member.T @ group.astype(float)) > 0)
        problem = replace(
            problem,
            gains=_only(problem.gains, row, column),
            losses=None if problem.losses is None else _only(problem.losses, row, column),
            cells=GroupCells(
                cells.row[kept],
                cells.column[kept],
                cells.size[kept],
                cells.sign[kept],
                sparse.csr_array(cells.member[:, np.flatnonzero(kept)]),
            ),
        )


def _any(problem: Problem, matrix: Matrix | None, sign: int) -> np.ndarray:
    ends = (len(problem.rows), len(problem.columns), len(problem.groups))
    counts = [np.zeros(end) for end in ends]
    if matrix is not None:
        filled = matrix != 0
        counts[0] += np.asarray(filled.sum(axis=1)).ravel()
        counts[1] += np.asarray(filled.sum(axis=0)).ravel()
    cells = problem.cells
    chosen = (cells.sign == sign).astype(float)
    counts[0] += np.bincount(cells.row, chosen, ends[0])
    counts[1] += np.bincount(cells.column, chosen, ends[1])
    counts[2] += cells.member @ chosen
    found: np.ndarray = np.concatenate(counts) > 0
    return found


def _only(matrix: Matrix, row: np.ndarray, column: np.ndarray) -> Matrix:
    """The matrix with zeros in the other rows and columns."""
    if sparse.issparse(matrix):
        kept = (
            sparse.diags_array(row.astype(float))
            @ matrix
            @ sparse.diags_array(column.astype(float))
        )
        kept = sparse.csr_array(kept)
        kept.eliminate_zeros()
        return kept
    return np.where(row[:, None] & column, matrix, 0.0)


def _left(sums: Array, held: Array, scale: float) -> Array:
    left = sums - held
    return np.where(np.abs(left) <= NOTHING * scale, 0.0, left)


def to_total(sums: Array, total: float) -> Array:
    """Sums scaled to a total by what they add up to; those below zero shrink where others grow."""
    size = np.abs(sums).sum()
    wanted: Array = sums + np.abs(sums) * ((total - sums.sum()) / size) if size else sums
    return wanted


def _at(matrix: Matrix, cells: np.ndarray, width: int) -> Array:
    found: Matrix = matrix[cells // width, cells % width] if len(cells) else np.zeros(0)
    values: Array = np.asarray(found.toarray() if sparse.issparse(found) else found).ravel()
    return values


def _emptied(matrix: Matrix, cells: np.ndarray, width: int) -> Matrix:
    """The matrix with these cells at zero; itself if there are none."""
    if not len(cells):
        return matrix
    if not sparse.issparse(matrix):
        matrix = matrix.copy()
        matrix[cells // width, cells % width] = 0
        return matrix
    whole = matrix.tocoo()
    kept = ~np.isin(whole.row.astype(np.int64) * width + whole.col, cells)
    return sparse.csr_array((whole.data[kept], (whole.row[kept], whole.col[kept])), matrix.shape)


def _by_sign(matrix: Matrix) -> tuple[Matrix, Matrix | None]:
    if not ((matrix.data if sparse.issparse(matrix) else matrix) < 0).any():
        return matrix, None
    if sparse.issparse(matrix):
        return matrix.maximum(0), (-matrix).maximum(0)
    rows, columns = np.nonzero(matrix < 0)
    losses = sparse.csr_array((-matrix[rows, columns], (rows, columns)), matrix.shape)
    return np.maximum(matrix, 0), losses
