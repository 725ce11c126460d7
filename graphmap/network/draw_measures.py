"""The measures of drawn tables, a stack of tables at a time, and where sectors rank in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from graphmap.accounts import IOTable
from graphmap.arrays import Array
from graphmap.errors import DataError, nearest
from graphmap.leontief.footprints import footprint, transmission
from graphmap.leontief.measures import TONNES_PER_MT
from graphmap.network.draws import Draws
from graphmap.network.flow import FlowNetwork
from graphmap.network.roles import PARTS, PARTS_WITHOUT_CO2, priority
from graphmap.network.shortest_paths import betweenness

OF_MONEY = ("gross_output", "upstreamness", "downstreamness", "backward_linkage", "forward_linkage")
OF_EMISSIONS = (
    "direct_co2",
    "footprint",
    "transmission",
    "direct_intensity",
    "total_intensity",
)

FEW = 100
"""Sectors; shortest paths of larger tables take too long to be found in every draw unasked."""

INTERVAL = (0.05, 0.5, 0.95)
"""The quantiles that are told: low, median, high."""


def chosen(
    table: IOTable, measures: Sequence[str] | None, weights: Mapping[str, float] | None
) -> tuple[tuple[str, ...], dict[str, float]]:
    """The measures to draw, the usual ones if none are given, and the weights of the score.

    Raises:
        DataError: a measure or part of the score that cannot be drawn for this table.
    """
    emits = table.has_emissions
    known = [*OF_MONEY, *(OF_EMISSIONS if emits else ("betweenness",))]
    weights = weights or dict.fromkeys(PARTS if emits else PARTS_WITHOUT_CO2, 1.0)
    if measures is None and emits:
        measures = (*OF_EMISSIONS[:3], "gross_output", "upstreamness", "priority")
    elif measures is None:
        paths = ("betweenness", "priority") if table.n <= FEW else ()
        measures = ("gross_output", "upstreamness", *paths)
    if not measures:
        raise DataError("no measure to draw", expected="one or more of " + ", ".join(known))
    for name in (*measures, *weights):
        if name not in [*known, "priority"] or (name == "priority" and name in weights):
            raise DataError(
                "no measure to draw",
                file=table.source.file,
                found=name,
                expected="one of " + ", ".join(nearest(name, known) or known),
            )
    one = pd.DataFrame({part: [1.0] for part in weights})
    return tuple(dict.fromkeys(measures)), priority(one, weights).attrs["weights"]


def measures_of(
    drawn: Draws, measures: Sequence[str], weights: Mapping[str, float]
) -> tuple[dict[str, Array], NDArray[np.bool_]]:
    """Measure -> (d, n), or (1, n) where it is the same in all draws; and which draws are usable.

    The formulas and units are those of ``sector_measures``. A draw is usable if it could be
    balanced, leaves each sector output that had some, and is productive.

    Args:
        weights: measure -> weight in the score, summing to one.
    """
    Z, x, y, co2 = drawn.Z, drawn.x, drawn.y, drawn.co2
    wanted = {*measures, *(weights if "priority" in measures else ())}
    per_output: Array = np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)
    f = co2 * per_output
    right: Array = np.ones((*x.shape, 1))
    if wanted & set(OF_EMISSIONS):
        # one system with many right-hand sides, or many systems with one each
        right = np.concatenate([right, f[:, :, None] if len(x) > 1 else f.T[None]], axis=2)
    identity = np.eye(x.shape[1])
    solved = _solved(identity - per_output[:, :, None] * Z.swapaxes(1, 2), right)
    stages = solved[:, :, 0]
    usable = drawn.balanced & ((x > 0) == drawn.produces).all(axis=1)
    if not (Z < 0).any():
        usable = usable & (stages > 0).all(axis=1)
    found: dict[str, Array] = {"gross_output": x, "downstreamness": stages}
    if wanted & {"upstreamness", "forward_linkage"}:
        ones = np.ones((*x.shape, 1))
        found["upstreamness"] = _solved(identity - per_output[:, :, None] * Z, ones)[:, :, 0]
    for linkage, behind in (
        ("backward_linkage", "downstreamness"),
        ("forward_linkage", "upstreamness"),
    ):
        if linkage in wanted:
            mean = found[behind].mean(axis=1, where=x > 0, keepdims=True)
            found[linkage] = found[behind] / mean
    if wanted & set(OF_EMISSIONS):
        m = solved[:, :, 1] if len(x) > 1 else solved[0, :, 1:].T
        found |= {"direct_co2": co2, "footprint": footprint(m, y)}
        found["transmission"] = transmission(m, f, x, y)
        found |= {"direct_intensity": f * TONNES_PER_MT, "total_intensity": m * TONNES_PER_MT}
    if "betweenness" in wanted:
        found["betweenness"] = np.array([betweenness(_network(flows)) for flows in Z])
    if "priority" in wanted:
        shares = np.broadcast_arrays(*(share_of_total(found[part]) for part in weights))
        found["priority"] = np.tensordot(list(weights.values()), shares, axes=1)
    return {measure: found[measure] for measure in measures}, usable


def share_of_total(values: Array) -> Array:
    """(d, n) what each sector has of the sum of its draw; zero where there is none.

    Example:
        >>> share_of_total(np.array([[3.0, 1.0], [0.0, 0.0]])).tolist()
        [[0.75, 0.25], [0.0, 0.0]]
    """
    total = values.sum(axis=1, keepdims=True)
    share: Array = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    return share


def _solved(systems: Array, right: Array) -> Array:
    return np.asarray(np.linalg.solve(systems, right), dtype=float)


def _network(flows: Array) -> FlowNetwork:
    """What was drawn, as a network; a negative cell is a correction, not a delivery."""
    weights = sparse.csr_array(np.maximum(flows, 0.0))
    return FlowNetwork(pd.DataFrame(index=range(len(flows))), weights, "money", "10k_yuan")


def ranks_within(values: Array, region: NDArray[np.intp]) -> NDArray[np.int32]:
    """(d, n) rank of each value within its region and draw, 1 the highest; ties by position.

    Example:
        >>> ranks_within(np.array([[2.0, 5.0, 5.0, 1.0]]), np.array([0, 0, 0, 1])).tolist()
        [[3, 1, 2, 1]]
    """
    # what is equal but for rounding counts as equal, or chance would order it anew in every draw
    largest = np.abs(values).max(axis=1, keepdims=True, initial=0.0)
    rounded = np.round(np.divide(values, largest, out=np.zeros_like(values), where=largest > 0), 12)
    ranks = np.zeros(values.shape, dtype=np.int32)
    for each in range(int(region.max(initial=-1)) + 1):
        here = np.flatnonzero(region == each)
        order = np.argsort(-rounded[:, here], axis=1, kind="stable")
        ranks[np.arange(len(values))[:, None], here[order]] = np.arange(1, len(here) + 1)
    return ranks


def interval(published: Array, drawn: Array, region: NDArray[np.intp], top: int) -> pd.DataFrame:
    """Ranks and values as published and between which the draws lie, a row a sector.

    Args:
        published: (n,) values; drawn: (d, n); region: (n,) numbers from 0.

    Example:
        >>> drawn = np.array([[3.0, 1.0], [3.0, 4.0]])
        >>> found = interval(np.array([3.0, 2.0]), drawn, np.zeros(2, int), top=1)
        >>> found[["rank", "rank_low", "rank_high", "share_top"]].values.tolist()
        [[1.0, 1.0, 2.0, 0.5], [2.0, 1.0, 2.0, 0.5]]
    """
    ranks = ranks_within(drawn, region)
    # ranks are whole numbers: of the draws themselves, not between two of them
    low, median, high = np.quantile(ranks, INTERVAL, axis=0, method="inverted_cdf").astype(int)
    value_low, value_high = np.quantile(drawn, [INTERVAL[0], INTERVAL[-1]], axis=0)
    return pd.DataFrame(
        {
            "rank": ranks_within(published[None], region)[0],
            "rank_median": median,
            "rank_low": low,
            "rank_high": high,
            "value": published,
            "value_low": value_low,
            "value_high": value_high,
            "share_top": ((ranks <= top) & (drawn > 0)).mean(axis=0),
        }
    )
