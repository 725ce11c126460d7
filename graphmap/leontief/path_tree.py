"""All structural paths above a threshold: the tree of suppliers, grown from final demand.

A path ``i -> ... -> j`` carries ``f_i A_i. ... A_.j y_j``: what sector i emits for what goes, user
by user, into final demand of product j. Two bounds say what is worth growing, and neither cuts off
a path above the threshold:

- no path through the transaction from i to u carries more than ``m_i A_iu q_u``, which is what all
  of them add up to (``m`` total intensity, ``q = L y``); most transactions are out at once;
- no path of a branch at sector s carries more than ``best_s w``, with ``w`` the product of ``y``
  and the coefficients so far and ``best_s`` the largest single path behind a unit of s; so nearly
  every branch that is grown ends in a path that is wanted.

Where flows or demand are negative, bounds and order are those of the absolute values.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graphmap.arrays import Array
from graphmap.errors import DataError, DataWarning
from graphmap.leontief.system import LeontiefSystem

Positions = NDArray[np.integer]

ROUNDING = 1e-6
"""Room below a threshold for the rounding of bounds, relative; far more than it can be."""

EQUAL = 1e-12
"""Relative difference up to which two paths are equal: the same factors in another order."""

BLOCK = 4_000_000
"""Cells that are compared at once."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Structural paths, the largest first.

    Attributes:
        values: (k,) emissions in the unit of ``f y``, ordered by absolute value.
        stages: (k,) transactions between emitter and final product; 0 where these are one.
        sectors: (k, longest + 1) positions from the final product backwards, -1 past the emitter.
    """

    values: Array
    stages: Positions
    sectors: Positions

    def sequences(self) -> list[tuple[int, ...]]:
        """The positions of each path, from the emitter to the final product."""
        pairs = zip(self.sectors.tolist(), self.stages.tolist(), strict=True)
        return [tuple(row[stages::-1]) for row, stages in pairs]


NO_PATHS = Paths(np.empty(0), np.empty(0, dtype=np.intp), np.empty((0, 0), dtype=np.intp))


@dataclass(frozen=True, eq=False)
class Tree:
    """Branches above a threshold and the paths that end on them, the largest first.

    Attributes:
        branches: for each stage the sector of every branch, and the place of the branch it grows
            from on the stage before.
        values, stages, places: of each path what it carries, and the branch it ends on.
    """

    branches: list[tuple[Positions, Positions]]
    values: Array
    stages: Positions
    places: Positions

    def largest(self, count: int) -> Paths:
        """The largest ``count`` paths, each followed back to its final product."""
        stages, place = self.stages[:count], self.places[:count].copy()
        sectors = np.full((len(stages), int(stages.max(initial=-1)) + 1), -1)
        for stage in range(sectors.shape[1] - 1, -1, -1):
            on = stages >= stage
            sector, origin = self.branches[stage]
            sectors[on, stage] = sector[place[on]]
            place[on] = origin[place[on]]
        return Paths(self.values[:count], stages, sectors)


@dataclass(frozen=True, eq=False)
class Inputs:
    """The transactions worth following, user by user, the most promising first.

    Attributes:
        supplier, coefficient: (t,) of each transaction.
        first: (n,) where each user's transactions begin.
        promise: (t,) in ascending order: the largest path behind a unit of the user that goes
            through the transaction.
        key: (t,) ascends with the user, then as the promise falls. Two look-ups, in ``promise``
            and in ``key``, thus say how many transactions of a user are worth following.
        best: (n,) the largest path behind a unit of each sector.
    """

    supplier: Positions
    coefficient: Array
    first: Positions
    promise: Array
    key: Positions
    best: Array

    def worth_following(self, user: Positions, least: Array) -> Positions:
        """How many transactions of each user promise ``least`` or more."""
        ranks = len(self.promise)
        rank = np.searchsorted(self.promise, least)
        end = np.searchsorted(self.key, user * (ranks + 1) + ranks - rank, side="right")
        return end - self.first[user]


def paths_above(
    system: LeontiefSystem, f: Array, y: Array, m: Array, q: Array, threshold: float, most: int
) -> Tree | None:
    """All paths of ``threshold`` or more by absolute value; None beyond ``most`` branches.

    Equal ones, as paths are that go round the same loops in another order, come in the order of
    their number of stages, then of their sectors' positions from the final product backwards.

    Args:
        system: the flows and gross output.
        f, y: (n,) direct intensity and final demand.
        m, q: (n,) total intensity and the output that ``y`` calls for, of absolute values.

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([100.0, 100.0]))
        >>> f, y = np.array([2.0, 0.5]), np.array([50.0, 100.0])
        >>> m, q = system.solve_transposed(f), system.solve(y)
        >>> paths_above(system, f, y, m, q, threshold=60.0, most=10).values.tolist()
        [100.0, 100.0]
    """
    floor = threshold * (1 - ROUNDING)
    inputs = _inputs(system, f, m, q, floor)
    sector = np.flatnonzero(np.abs(y) * inputs.best >= floor)
    origin, weight = np.full(len(sector), -1), y[sector]
    branches: list[tuple[Positions, Positions]] = []
    values, places, grown = [np.empty(0)], [np.empty(0, dtype=np.intp)], len(sector)
    while len(sector):
        branches.append((sector.astype(np.int32), origin.astype(np.int32)))
        value = f[sector] * weight
        ending = np.flatnonzero(np.abs(value) >= floor)
        values.append(value[ending])
        places.append(ending)
        number = inputs.worth_following(sector, floor / np.abs(weight))
        grown += int(number.sum())
        if grown > most:
            return None
        origin = np.repeat(np.arange(len(sector)), number)
        before = np.cumsum(number) - number
        at = np.arange(len(origin)) + np.repeat(inputs.first[sector] - before, number)
        order = np.argsort(origin * len(f) + inputs.supplier[at])  # so that ties go by position
        origin, at = origin[order], at[order]
        sector, weight = inputs.supplier[at], weight[origin] * inputs.coefficient[at]
    stages = np.repeat(np.arange(-1, len(branches)), [len(each) for each in places])
    return _in_order(branches, np.concatenate(values), stages, np.concatenate(places), threshold)


def _in_order(
    branches: list[tuple[Positions, Positions]],
    values: Array,
    stages: Positions,
    places: Positions,
    threshold: float,
) -> Tree:
    """The tree with its paths sorted. They stand by stage and position, and equal ones stay so."""
    order = np.argsort(-np.abs(values), kind="stable")
    size = np.abs(values[order])
    is_first = np.append(True, size[1:] < size[:-1] * (1 - EQUAL))[: len(size)]
    size = size[is_first][np.cumsum(is_first) - 1]  # equal paths have one size, that of the first
    end = np.count_nonzero(size >= threshold)
    order = order[np.lexsort((order, -size))][:end]
    sized = np.copysign(size[:end], values[order])
    return Tree(branches, sized, stages[order], places[order])


def bounds(system: LeontiefSystem, f: Array, m: Array, y: Array) -> tuple[Array, Array]:
    """(n,) ``m = L' f`` and (n,) ``q = L y``, both of absolute values.

    Raises:
        DataError: negative flows are so large that the sum over paths means nothing.
    """
    cells = system.Z.data if sparse.issparse(system.Z) else system.Z
    if cells.min(initial=0.0) >= 0:
        q = system.solve(np.abs(y))
        return (m if (f >= 0).all() else system.solve_transposed(np.abs(f))), q
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # of inputs beyond output, told before
        sized = LeontiefSystem(abs(system.Z), system.x, names=system.names)
    try:
        # a system that is not productive has no solution above zero for ones, and says so
        right = np.column_stack([np.abs(f), np.ones(system.n)])
        return sized.solve_transposed(right)[:, 0], sized.solve(np.abs(y))
    except DataError as error:
        worst = int(sized.inputs_per_output.argmax())
        share = sized.inputs_per_output[worst]
        raise DataError(
            "negative flows are too large for structural paths: their sizes have no sum",
            found=f"inputs of {sized.name(worst)}, taken by size, are {share:.3f} of its output",
            expected="inputs below gross output, whatever their signs",
        ) from error


def _inputs(system: LeontiefSystem, f: Array, m: Array, q: Array, floor: float) -> Inputs:
    supplier, user, coefficient = _transactions(system, m, q, floor)
    best = _best(supplier, user, np.abs(coefficient), np.abs(f))
    promise = np.abs(coefficient) * best[supplier]
    order = np.lexsort((-promise, user))
    supplier, user, promise = supplier[order], user[order], promise[order]
    ascending = np.sort(promise)
    fallen = len(promise) - np.searchsorted(ascending, promise)
    return Inputs(
        supplier=supplier,
        coefficient=coefficient[order],
        first=np.searchsorted(user, np.arange(system.n)),
        promise=ascending,
        key=user * (len(promise) + 1) + fallen,
        best=best,
    )


def _transactions(
    system: LeontiefSystem, m: Array, q: Array, floor: float
) -> tuple[Positions, Positions, Array]:
    """Supplier, user and coefficient where all paths through them add up to ``floor`` or more."""
    near = np.flatnonzero(m * q >= floor)
    used = (q * system.per_output)[near]
    if sparse.issparse(system.Z):
        part = sparse.coo_array(system.Z[near][:, near])
        part.sum_duplicates()
        supplier, user = part.coords
        large = m[near[supplier]] * np.abs(part.data) * used[user] >= floor
        supplier, user, flow = supplier[large], user[large], part.data[large]
    else:
        found = []
        for rows in np.array_split(np.arange(len(near)), len(near) ** 2 // BLOCK + 1):
            block = system.Z[np.ix_(near[rows], near)]
            i, u = np.nonzero(m[near[rows], None] * np.abs(block) * used >= floor)
            found.append((rows[i], u, block[i, u]))
        supplier, user, flow = map(np.concatenate, zip(*found, strict=True))
    supplier, user = near[supplier], near[user]
    return supplier, user, flow * system.per_output[user]


def _best(supplier: Positions, user: Positions, coefficient: Array, f: Array) -> Array:
    """(n,) the largest single path behind a unit of each sector, ``max(f_s, a_is best_i)``."""
    order = np.argsort(user, kind="stable")
    supplier, user, coefficient = supplier[order], user[order], coefficient[order]
    users, first = np.unique(user, return_index=True)
    best, before = f.copy(), np.full(len(f), np.nan)
    while len(users) and (best != before).any():
        before = best.copy()
        behind = np.maximum.reduceat(coefficient * best[supplier], first)
        best[users] = np.maximum(f[users], behind)
    return best
