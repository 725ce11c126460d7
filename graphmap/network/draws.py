"""Tables as they might have been: an error drawn for every cell, and both accounts balanced again.

Arrays carry the draws on their first axis: (d, n) and (d, n, n), or (1, ...) for what is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graphmap import units
from graphmap.accounts import IOTable
from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.leontief.measures import system_of
from graphmap.network.circulation import balance, circulation, curvature, scaled

SIZE_EXPONENT = -0.3
"""Of the relative error in the size of a cell, where errors go by size."""

LARGEST_ERROR = 1.0
"""Relative standard deviation that the rule by size does not exceed: the cell is as good as
unknown."""

MOST_SECTORS = 5000
"""A draw takes about ten dense matrices of the table's size."""


@dataclass(frozen=True, eq=False)
class Cells:
    """What draws are made of: the cells of a table in one row, and how far each may be off.

    Attributes:
        value: the n emissions, then primary inputs (m, n), final use (n, k) and flows (n, n), each
            flattened. Imports are among the primary inputs. What the table does not add up by is
            a last column of final use and a last row of primary inputs.
        sd: standard deviations of the logarithms of the errors.
        n, m, k: sectors, primary inputs, final uses.
        steps: (n, n) inverse curvature of the published table, see ``balance``.
        produces: (n,) which sectors have output.
    """

    value: Array
    sd: Array
    n: int
    m: int
    k: int
    steps: Array
    produces: NDArray[np.bool_]

    @property
    def flows_drawn(self) -> bool:
        """Whether anything but emissions may be off."""
        return bool(self.sd[self.n :].any())

    def parts(self, rows: Array) -> tuple[Array, Array, Array]:
        """Primary inputs (d, m, n), final use (d, n, k) and flows (d, n, n) of drawn cells."""
        n, first = self.n, self.n * (1 + self.m)
        second = first + n * self.k
        return (
            rows[:, n:first].reshape(-1, self.m, n),
            rows[:, first:second].reshape(-1, n, self.k),
            rows[:, second:].reshape(-1, n, n),
        )


@dataclass(frozen=True, eq=False)
class Draws:
    """Drawn tables.

    Attributes:
        Z, y, x, co2: flows (d, n, n), final use, gross output and direct emissions (d, n).
        balanced: (d,) whether supply and use could be made equal.
        produces: (n,) which sectors have output as published.
    """

    Z: Array
    y: Array
    x: Array
    co2: Array
    balanced: NDArray[np.bool_]
    produces: NDArray[np.bool_]


def relative_errors(cells: Array, error: float, by_size: bool = False) -> Array:
    """The relative standard deviation of each cell: ``error``, or more for smaller cells.

    By size it is ``error (|cell| / reference) ^ -0.3``, at most 1. The reference is the cell in
    which the median yuan stands: half of the sum of all cells is in cells at least as large.

    Source:
        Lenzen, Wood & Wiedmann 2010, Economic Systems Research 22, for relative errors that are a
        power of the cell; exponent and reference are conventions of this project.

    Example:
        >>> relative_errors(np.array([1000.0, 1.0, 0.0]), 0.1, by_size=True).round(3).tolist()
        [0.1, 0.794, 0.0]
    """
    size = np.abs(cells)
    if not by_size:
        return np.where(size > 0, error, 0.0)
    falling = np.sort(size)[::-1]
    total = np.cumsum(falling)
    if not len(size) or not total[-1] > 0:
        return np.zeros(len(size))
    reference = falling[np.searchsorted(total, total[-1] / 2)]
    power = np.power(size / reference, SIZE_EXPONENT, out=np.zeros(len(size)), where=size > 0)
    errors: Array = np.minimum(error * power, max(error, LARGEST_ERROR))
    return errors


def cells_of(
    table: IOTable, flow_error: float, emission_error: float, error_by_size: bool = False
) -> Cells:
    """The cells of a table whose imports stand apart (``prepared``), money in 10 thousand.

    Raises:
        DataError: the table is larger than ``MOST_SECTORS``, or not productive.
    """
    if table.n > MOST_SECTORS:
        raise DataError(
            "too many sectors to draw tables of",
            file=table.source.file,
            found=table.n,
            expected=f"at most {MOST_SECTORS}",
            remedy="choose regions, or aggregate the sectors",
        )
    system_of(table).solve_transposed(np.ones(table.n))  # refuses what has no inverse
    Z = (table.Z.toarray() if sparse.issparse(table.Z) else table.Z) * table.to_10k
    x, Y = table.x * table.to_10k, table.Y * table.to_10k
    V = np.vstack([table.V, table.imports]) * table.to_10k
    co2 = np.zeros(table.n) if table.co2 is None else table.co2
    published = np.concatenate([V.ravel(), Y.ravel(), Z.ravel()])
    sd = np.sqrt(np.log1p(relative_errors(published, flow_error, error_by_size) ** 2))
    sd_V, sd_Y, sd_Z = np.split(sd, [V.size, V.size + Y.size])
    # what the table does not add up by is no figure anybody collected, and is not drawn
    Y = np.column_stack([Y, x - Z.sum(axis=1) - Y.sum(axis=1)])
    V = np.vstack([V, x - Z.sum(axis=0) - V.sum(axis=0)])
    sd_Y = np.pad(sd_Y.reshape(len(x), -1), ((0, 0), (0, 1))).ravel()
    sd_co2 = np.sqrt(np.log1p(relative_errors(co2, emission_error, error_by_size) ** 2))
    cells = Cells(
        value=np.concatenate([co2, V.ravel(), Y.ravel(), Z.ravel()]),
        sd=np.concatenate([sd_co2, sd_V, np.zeros(len(x)), sd_Y, sd_Z]),
        n=table.n,
        m=len(V),
        k=Y.shape[1],
        steps=np.empty((0, 0)),
        produces=table.x > 0,
    )
    within, supplied, bought = circulation(*cells.parts(cells.value[None]))
    return replace(cells, steps=np.linalg.inv(curvature(within, supplied, bought)[0]))


def draw(cells: Cells, seed: int, first: int, count: int) -> Draws:
    """The draws number ``first`` to ``first + count - 1`` of a seed, each with its own generator.

    An error is log-normal with mean one, so that a cell is right on average and keeps its sign.
    What follows from it - final use, gross output - is made up from the balanced cells.

    Example:
        >>> from graphmap import sample
        >>> drawn = draw(cells_of(sample.table(), 0.1, 0.1), seed=1, first=0, count=2)
        >>> bool(abs(drawn.Z.sum(axis=2) + drawn.y - drawn.x).max() < 1e-9 * drawn.x.max())
        True
    """
    rows = _drawn_cells(cells, seed, first, count)
    primary, final, Z = cells.parts(rows)
    y = final.sum(axis=2)
    balanced = np.ones(len(rows), dtype=bool)
    if cells.flows_drawn:
        u, balanced = balance(*circulation(primary, final, Z), cells.steps)
        Z = scaled(Z, u[:, :, None] - u[:, None, :])
        y = scaled(final, u[:, :, None]).sum(axis=2)
    emitted = rows[:, : cells.n] if cells.sd[: cells.n].any() else rows[:1, : cells.n]
    if not cells.flows_drawn:
        Z, y, balanced = Z[:1], y[:1], balanced[:1]
    return Draws(Z, y, Z.sum(axis=2) + y, emitted, balanced, cells.produces)


def drawn_table(
    table: IOTable,
    number: int = 0,
    *,
    flow_error: float = 0.1,
    emission_error: float = 0.1,
    error_by_size: bool = False,
    seed: int = 1,
) -> IOTable:
    """One of the tables that ``robustness`` draws, for a look at it: it adds up as the published.

    Args:
        table: as ``prepared`` returns it, imports apart.
        number: which draw, from 0.

    Raises:
        DataError: supply and use of this draw cannot be made equal.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.accounts import check
        >>> [finding.severity for finding in check(drawn_table(sample.table(), 3))]
        ['ok']
    """
    cells = cells_of(table, flow_error, emission_error, error_by_size)
    rows = _drawn_cells(cells, seed, number, 1)
    primary, final, Z = cells.parts(rows)
    u, balanced = balance(*circulation(primary, final, Z), cells.steps)
    if not balanced.all():
        raise DataError("a draw that cannot be balanced", found=f"number {number} of seed {seed}")
    Z, final = scaled(Z, u[:, :, None] - u[:, None, :])[0], scaled(final, u[:, :, None])[0]
    primary = scaled(primary, -u[:, None, :])[0]
    money, extensions = 1 / table.to_10k, dict(table.extensions)
    if table.co2 is not None:
        own, emitted = extensions["co2"], rows[0, : cells.n]
        extensions["co2"] = replace(own, F=emitted * units.factor("Mt", own.unit))
    return replace(
        table,
        Z=(sparse.csr_array(Z) if sparse.issparse(table.Z) else Z) * money,
        Y=final[:, :-1] * money,
        V=primary[:-2] * money,
        imports=primary[-2] * money,
        x=(Z.sum(axis=1) + final.sum(axis=1)) * money,
        extensions=extensions,
    )


def _drawn_cells(cells: Cells, seed: int, first: int, count: int) -> Array:
    """(d, cells) drawn; emissions come first, so that they do not depend on whether flows are."""
    drawn = len(cells.value) if cells.flows_drawn else cells.n
    rows = np.tile(cells.value, (count, 1))
    for row, number in zip(rows, range(first, first + count), strict=True):
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
        sd = cells.sd[:drawn]
        row[:drawn] *= np.exp(sd * random.standard_normal(drawn) - sd**2 / 2)
    return rows
