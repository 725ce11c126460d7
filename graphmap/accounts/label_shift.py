"""Labels that moved by one: a run of sectors whose figures fit the sectors next to them better.

Somebody inserts a row, or sorts one column of two, and from there on every figure stands beside
the name of its neighbour. The accounts still add up. What gives it away is what a sector is like:
how much CO2 it emits per output, how much of its output is value added, what it buys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from graphmap.arrays import Array

Positions = NDArray[np.int64]

FARTHEST = 3.0
"""Deviation, in spreads of the band, beyond which a figure counts no more: one wrong number is no
shift."""

RECIPE = 6.0
"""Log-likelihood of a recipe that is met fully, over one that is not met at all."""

LEAST = {"recipe": 5.0, "output": 9.0, "share": 12.0}
"""Gain in log-likelihood from which a shift is called probable, by what is known: the inputs of the
sectors; their CO2 and output; only their shares of CO2. The real files of the three kinds gain at
most -0.7, 8.0 and 8.8 (31 provinces; 96 maps of 24 provinces; 90 inventories)."""

CERTAIN = 2.0
"""Times this least gain a shift is an error and no warning: far beyond what any real file gains.
The seed article's list gains 19.2 where the least is 9."""

LEAST_A_SECTOR = 1.0
"""What each sector moved has to add: a long run gathers small gains by chance."""


@dataclass(frozen=True)
class Shift:
    """A run of labels that fits better moved by one.

    Attributes:
        moved: pairs (position of the label that is there, position of the label that belongs
            there), those with the clearest evidence first.
        gain: log-likelihood gained over the labels as they are.
        certain: whether the gain is beyond what chance could explain.
    """

    moved: tuple[tuple[int, int], ...]
    gain: float
    certain: bool


@cache
def shifted_runs(n: int) -> Positions:
    """(p, n) label of each position: first as they are, then every run moved by one either way.

    The sector at the end of a run goes to its other end.

    Example:
        >>> shifted_runs(3).tolist()[:3]
        [[0, 1, 2], [1, 0, 2], [1, 2, 0]]
    """
    found = [np.arange(n)]
    for start in range(n):
        for stop in range(start + 2, n + 1):
            for step in (-1, 1):
                if stop - start == 2 and step == 1:
                    continue  # two labels exchanged are the same either way
                labels = np.arange(n)
                labels[start:stop] = np.roll(labels[start:stop], step)
                found.append(labels)
    return np.array(found)


def band_fit(observed: Array, typical: Array, spread: Array, labels: Positions) -> Array:
    """(p, n) log-likelihood of each figure under the label it would have.

    Args:
        observed: (n,) figures by position, NaN where not known.
        typical, spread: (n,) centre and standard deviation of the band of each label.
        labels: (p, n) label of each position.
    """
    away = np.clip((observed - typical[labels]) / spread[labels], -FARTHEST, FARTHEST)
    fit: Array = -0.5 * away**2 - np.log(spread[labels])
    return np.where(np.isnan(fit), 0.0, fit)


def recipe_cells(users: Positions, suppliers: Positions, labels: Positions) -> Positions:
    """(p, entries) where in a raveled (n, n) matrix each input of the recipes stands.

    Args:
        users, suppliers: labels of the recipes' entries: whose input, of what.
        labels: (p, n) label of each position; rows and columns carry the same labels.
    """
    positions = np.argsort(labels, axis=1)  # where each label stands
    cells: Positions = positions[:, suppliers] * labels.shape[1] + positions[:, users]
    return cells


def recipe_fit(
    shares: Array, cells: Positions, users: Positions, usual: Array, labels: Positions
) -> Array:
    """(p, n) how far each column of inputs meets the recipe of the label it would have.

    Args:
        shares: (n, n) inputs as shares of a user's inputs, rows supply.
        cells: as ``recipe_cells`` gives them.
        users, usual: whose input each entry is (in order, every sector at least once), which share.
        labels: (p, n) label of each position.
    """
    met = np.minimum(shares.ravel()[cells], usual)
    starts = np.searchsorted(users, np.arange(labels.shape[1]))
    by_label = np.add.reduceat(met, starts, axis=1)
    return np.take_along_axis(by_label, labels, axis=1)


def best_shift(
    fits: Sequence[Array], labels: Positions, known: NDArray[np.bool_], least: float
) -> Shift | None:
    """The run whose labels fit best when moved by one, if the gain is worth reporting.

    Args:
        fits: (p, n) log-likelihoods by label and position, first with the labels as they are.
        labels: (p, n) as ``shifted_runs`` gives them.
        known: (n,) positions of which anything is known.
        least: gain in log-likelihood worth reporting, one of ``LEAST``.

    Example:
        >>> labels = shifted_runs(4)
        >>> typical, spread = np.array([0.0, 1.0, 0.0, 1.0]), np.full(4, 0.1)
        >>> fit = band_fit(np.array([1.0, 0.0, 0.0, 1.0]), typical, spread, labels)
        >>> best_shift([fit], labels, np.ones(4, bool), 8.0).moved
        ((0, 1), (1, 0))
    """
    by_position = np.sum(fits, axis=0)
    gains = (by_position - by_position[0]).sum(axis=1)
    moves = labels != labels[0]
    lengths = (moves & known).sum(axis=1)
    gains = np.where(lengths >= 2, gains, -np.inf)
    # a sector that says little for it is not moved, one that is not known even less
    best = int((gains - LEAST_A_SECTOR * lengths - 1e-6 * moves.sum(axis=1)).argmax())
    if gains[best] < max(least, LEAST_A_SECTOR * lengths[best]):
        return None
    evidence = by_position[best] - by_position[0]
    moved = np.flatnonzero(moves[best] & known)
    moved = moved[np.argsort(-evidence[moved], kind="stable")]
    pairs = tuple((int(at), int(labels[best, at])) for at in moved.tolist())
    return Shift(pairs, float(gains[best]), bool(gains[best] >= CERTAIN * least))
