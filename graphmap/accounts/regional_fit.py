"""A region's flows, fitted to what is known of them: some cells, some margins, some limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphmap.arrays import Array

TOLERANCE = 1e-9
"""Largest deviation from a margin, relative to all flows."""

MOST_ROUNDS = 3000
"""Of scaling rows and columns; what is left then is told."""


@dataclass(frozen=True, eq=False)
class Margins:
    """What flows between n sectors in g groups have to keep; NaN or infinity where not known.

    Attributes:
        group: (n,) which group each sector is in.
        held: (g, g) known flows, rows supply and columns use.
        sales, inputs: (g,) sums of rows and of columns.
        most_sales, most_inputs: (n,) what a sector's row and column may sum to at most.
        own: whether ``sales`` and ``inputs`` count what a group sells to itself.
    """

    group: NDArray[np.intp]
    held: Array
    sales: Array
    inputs: Array
    most_sales: Array
    most_inputs: Array
    own: bool


def fitted(prior: Array, margins: Margins) -> tuple[Array, Array]:
    """The matrix nearest to ``prior`` that has the held cells and margins and keeps the limits.

    Rows and columns are scaled in turn as in RAS, except that held cells stay, lines whose sum is
    not known are left alone, and a sum above its limit is scaled down to it.

    Returns:
        (n, n) flows; (g, 2) what is left between them and the sales and inputs given (zero where
        they are not known), which is more than rounding where margins contradict each other.

    Raises:
        DataError: ``position`` of a group whose known flows exceed its sales or inputs.

    Source:
        Iterative proportional fitting with partial margins, Csiszar 1975, Annals of Probability
        3:146; known cells as in modified RAS, Paelinck & Waelbroeck 1963.
    """
    group, g = margins.group, len(margins.sales)
    members = summing(group, g)
    held = margins.held[np.ix_(group, group)]
    free = np.isnan(held)
    flows = np.where(free, prior, _spread(prior, margins.held, members, group))
    counted = np.ones_like(free) if margins.own else group[:, None] != group[None, :]
    scaled = free & counted
    total = max(flows.sum(), np.finfo(float).tiny)
    wanted = (margins.sales, margins.inputs)
    most = (margins.most_sales, margins.most_inputs)
    for _ in range(MOST_ROUNDS):
        before = flows
        for axis in (1, 0):
            fixed = members @ np.where(counted & ~free, flows, 0).sum(axis)
            open_to = members @ np.where(scaled, flows, 0).sum(axis)
            known = ~np.isnan(wanted[1 - axis]) & (open_to > 0)
            ratio = np.ones(g)
            ratio[known] = np.maximum(wanted[1 - axis][known] - fixed[known], 0) / open_to[known]
            flows = np.where(scaled, flows * _along(ratio[group], axis), flows)
            room = np.maximum(most[1 - axis] - np.where(free, 0, flows).sum(axis), 0)
            taken = np.where(free, flows, 0).sum(axis)
            down = np.divide(room, taken, out=np.ones(len(group)), where=taken > room)
            flows = np.where(free, flows * _along(down, axis), flows)
        if np.abs(flows - before).max() <= TOLERANCE * total:
            break
    left = [
        np.nan_to_num(members @ np.where(counted, flows, 0).sum(axis) - wanted[1 - axis])
        for axis in (1, 0)
    ]
    return flows, np.column_stack(left)


def summing(group: NDArray[np.intp], count: int) -> Array:
    """(count, n) one where a sector is in a group: ``members @ flows @ members.T`` sums flows."""
    members = np.zeros((count, len(group)))
    members[group, np.arange(len(group))] = 1
    return members


def known_beyond(margins: Margins) -> tuple[int, str, float, float] | None:
    """The group whose known flows exceed its margin most, which margin, and the two figures."""
    held = np.nan_to_num(margins.held)
    if not margins.own:
        held = held - np.diag(np.diag(held))
    worst: tuple[int, str, float, float] | None = None
    for name, axis, sums in (("sales", 1, margins.sales), ("inputs", 0, margins.inputs)):
        beyond = np.nan_to_num(held.sum(axis) - sums)
        i = int(beyond.argmax())
        if beyond[i] > 1e-3 * sums[i] and (worst is None or beyond[i] > worst[2] - worst[3]):
            worst = i, name, float(held.sum(axis)[i]), float(sums[i])
    return worst


def _along(factors: Array, axis: int) -> Array:
    """Factors of rows (the sums along axis 1) or of columns, to multiply a matrix with."""
    return factors[:, None] if axis == 1 else factors[None, :]


def _spread(prior: Array, held: Array, members: Array, group: NDArray[np.intp]) -> Array:
    """Known flows between groups, over their sectors in proportion to ``prior`` (else evenly)."""
    sums = members @ prior @ members.T
    cells = np.outer(members.sum(1), members.sum(1))
    at = np.ix_(group, group)
    share = np.divide(prior, sums[at], out=1 / cells[at], where=sums[at] > 0)
    spread: Array = np.nan_to_num(held)[at] * share
    return spread
