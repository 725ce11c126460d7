"""Which stored cells a rule keeps: pure functions on a csr_array, sorted and without duplicates.

The result of each is an array of truth values as long as the stored cells. Memory is that of the
weights, one score or two, and a copy of one to find where it has to be cut.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graphmap.arrays import Array
from graphmap.network.edge_scores import (
    ROUNDING,
    alike,
    disparity,
    flows_between,
    noise_corrected,
    partner_rank,
    salience,
)

Kept = NDArray[np.bool_]
"""(cells,) which of the stored cells are kept."""


def count_of_cells(n: int, share: float) -> int:
    """How many flows a share of the n x n cells is, at least one."""
    return max(1, round(share * n**2))


def leading(weights: sparse.csr_array, count: float, score: NDArray[Any] | None = None) -> Kept:
    """The ``count`` flows of the highest score, then the largest, then the first in the table."""
    between = flows_between(weights)
    by = weights.data if score is None else score
    values = by[between]
    count = min(int(count), len(values))
    if count <= 0:
        return np.zeros(weights.nnz, dtype=bool)
    values.partition(len(values) - count)
    bar = values[len(values) - count]
    del values
    kept: Kept = between & (by > bar)
    tied = np.flatnonzero(between & (by == bar))
    if score is not None:
        tied = tied[np.argsort(-weights.data[tied], kind="stable")]
    kept[tied[: count - int(kept.sum())]] = True
    return kept


def covering(weights: sparse.csr_array, share: float) -> Kept:
    """The fewest flows that cover ``share`` of the flow, found without sorting them all."""
    values = weights.data[flows_between(weights)]
    # the sums round; a share that is met but for the last bit counts as met
    goal = share * values.sum() * (1 - ROUNDING) if share < 1 else np.inf
    low, high, covered = 0, len(values), 0.0
    while high - low > 1:  # the upper half of what is left either covers the rest, or is taken
        middle = (low + high) // 2
        values[low:high].partition(middle - low)
        upper = values[middle:high].sum()
        if covered + upper >= goal:
            low = middle
        else:
            high, covered = middle, covered + upper
    count = len(values) - low
    del values
    return leading(weights, count)


def _above(weights: sparse.csr_array, least: float) -> Kept:
    above: Kept = weights.data > least
    return flows_between(weights) & above


def _top(weights: sparse.csr_array, count: float) -> Kept:
    return flows_between(weights) & (partner_rank(weights) <= count)


def _significant(weights: sparse.csr_array, level: float) -> Kept:
    return flows_between(weights) & (disparity(weights) < alike(np.log([level])))


def _beyond_noise(weights: sparse.csr_array, deviations: float) -> Kept:
    score, deviation = noise_corrected(weights)
    deviation *= deviations
    beyond: Kept = score > deviation
    return flows_between(weights) & beyond


def _salient(weights: sparse.csr_array, share: float) -> Kept:
    return flows_between(weights) & (salience(weights) >= share * (1 - ROUNDING))


def certainty(weights: sparse.csr_array) -> Array:
    """The noise-corrected score in standard deviations; where it has none, without bound."""
    score, deviation = noise_corrected(weights)
    endless = np.copysign(np.inf, score, out=np.zeros_like(score), where=score != 0)
    certain: Array = np.divide(score, deviation, out=endless, where=deviation > 0)
    return alike(certain)


Rule = Callable[[sparse.csr_array, float], Kept]

RULES: dict[str, Rule] = {
    "": lambda weights, share: leading(weights, count_of_cells(weights.shape[0], share)),
    "flow": covering,
    "above": _above,
    "edges": leading,
    "top": _top,
    "disparity": _significant,
    "noise": _beyond_noise,
    "salience": _salient,
}
"""What a rule is called as it is typed, and which flows it keeps."""

NUMBERS = ("above", "edges", "top", "noise")
COUNTS = ("edges", "top")
"""Rules that take a number and not a share; those that take a whole one."""
