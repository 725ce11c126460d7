"""Would it hold if the data were off? Rank intervals by Monte Carlo."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.accounts import IOTable, prepared
from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, number, running, words
from graphmap.network.draw_measures import chosen, interval, measures_of
from graphmap.network.draws import Cells, cells_of, draw
from graphmap.network.roles import TOP, role_measures

CELLS_AT_ONCE = 200_000
"""Flows of the draws that are computed together; so much fits a processor's cache."""

MOST_AT_ONCE = 100

MOST_DRAWS = 100_000
"""More would only say the same more often."""

LARGEST = 10.0
"""Relative error; beyond it a cell says nothing."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """How far ranks move when the data are off by so much.

    Attributes:
        intervals: a row a node id and measure: ``rank`` as published, ``rank_median``,
            ``rank_low`` and ``rank_high`` (5 % and 95 % of the draws; whole numbers, 1 is the
            highest of the region), ``value``, ``value_low``, ``value_high`` in the units of
            ``sector_measures``, ``share_top``: in how many of the draws, 0 to 1, the sector is
            among the ``top`` of its region and above zero.
        roles: role -> the measure it is told by, for those that were drawn.
        draws: how many were asked for; ``left_out`` of them could not be used.
        flow_error, emission_error: relative standard deviations; ``emission_error`` is None for a
            table without emissions.
        error_by_size: whether smaller cells had larger errors.
        top, seed: as given.
        several_regions: whether ranks are of one region among others.
    """

    intervals: pd.DataFrame
    roles: dict[str, str]
    draws: int
    left_out: int
    flow_error: float
    emission_error: float | None
    error_by_size: bool
    top: int
    seed: int
    several_regions: bool

    def share_top(self) -> pd.DataFrame:
        """Share of the draws in which a sector has each role, and is high by priority.

        A row a node id; the columns are those of ``ROLES`` that were drawn, and ``priority``.
        """
        shares = self.intervals["share_top"].unstack("measure", sort=False)
        found = {role: shares[measure] for role, measure in self.roles.items()}
        found |= {"priority": shares["priority"]} if "priority" in shares else {}
        return pd.DataFrame(found, index=shares.index)


def robustness(
    table: IOTable,
    *,
    draws: int = 1000,
    flow_error: float = 0.1,
    emission_error: float = 0.1,
    error_by_size: bool = False,
    measures: Sequence[str] | None = None,
    weights: Mapping[str, float] | None = None,
    top: int = TOP,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Robustness:
    """Rank intervals of every region-sector by Monte Carlo: what if the data are 10 % off?

    In every draw each cell of the table (flows, final uses, primary inputs, imports) and each
    sector's emissions are multiplied by a log-normal error of mean one. Then both accounts are
    balanced again without holding any total fixed (``circulation.balance``); gross output follows.
    Totals are not held at their published values, because they are made of the same figures:
    held, they would make the order of the outputs certain and put every error on the coefficients.
    As independent errors partly cancel, a total moves less than its cells, as in real accounts. An
    error that many cells share (a price, an inventory that is low throughout) is not covered.

    Args:
        table: rows supply, columns use; imports are taken out of the cells of a competitive one.
        draws: how many.
        flow_error, emission_error: relative standard deviation of a cell, of a sector's emissions.
        error_by_size: larger errors in smaller cells, see ``draws.relative_errors``.
        measures: columns of ``sector_measures``, ``priority``, and ``betweenness`` of the flows
            where the table has no emissions. The usual ones if left out; without emissions and
            above 100 sectors, betweenness (and with it priority) only if it is named.
        weights: of the priority score, see ``roles.priority``.
        top: how many sectors of each region count as high.
        seed: every draw has a generator of its own, so that neither the number of draws nor of
            workers changes any of them.
        workers: threads (LAPACK lets them run side by side); as many as processors if left out.
        progress: called with the number of draws done since the last call.

    Raises:
        DataError: a table with an error, without inverse or of more than 5,000 sectors; an unknown
            measure; an error, a number of draws, top or workers out of range; most draws unusable.

    Source:
        Lenzen, Wood & Wiedmann 2010, Economic Systems Research 22 (Monte Carlo on tables);
        Rodrigues, Moran, Wood & Behrens 2018, Environmental Science & Technology 52 (correlated
        errors).

    Example:
        >>> from graphmap import sample
        >>> found = robustness(sample.table().select(["CN-GD"]), draws=100, seed=7)
        >>> found.share_top().loc["CN-GD.24"].tolist()
        [1.0, 1.0, 0.0, 1.0]
        >>> statement(found, "CN-GD.24")["en"]
        'among the 5 highest in direct emissions in 100 % of 100 draws (flows and emissions \
±10 %); rank 1'
    """
    table, _ = prepared(table)
    in_range(draws, top, workers, flow_error, emission_error)
    drawn_measures, score = chosen(table, measures, weights)
    cells = cells_of(table, flow_error, emission_error, error_by_size)
    exact = replace(cells, sd=np.zeros_like(cells.sd))
    base, _ = measures_of(draw(exact, seed, 0, 1), drawn_measures, score)
    values, usable = _values(cells, draws, seed, drawn_measures, score, workers, progress)
    if 2 * usable.sum() <= draws:
        raise DataError(
            "errors too large for this table",
            file=table.source.file,
            found=f"{draws - int(usable.sum())} of {draws} draws without output in some sector",
            expected="most draws to be usable",
            remedy="give smaller errors, or aggregate the sectors",
        )
    region = pd.factorize(table.index["region"])[0]
    by_measure = [
        interval(base[measure][0], drawn[usable], region, top)
        for measure, drawn in zip(drawn_measures, values, strict=True)
    ]
    # a sector's measures together
    by_node = pd.concat(by_measure).sort_index(kind="stable")
    by_node.index = pd.MultiIndex.from_product(
        [table.index.index, drawn_measures], names=["node", "measure"]
    )
    return Robustness(
        intervals=by_node,
        roles=role_measures(pd.DataFrame(columns=list(drawn_measures))),
        draws=draws,
        left_out=draws - int(usable.sum()),
        flow_error=flow_error,
        emission_error=emission_error if table.has_emissions else None,
        error_by_size=error_by_size,
        top=top,
        seed=seed,
        several_regions=len(table.regions) > 1,
    )


def statement(found: Robustness, node: str, measure: str = "direct_co2") -> Names:
    """How robust a sector's place by a measure is, in words.

    Raises:
        DataError: the node or the measure was not drawn.
    """
    if (node, measure) not in found.intervals.index:
        raise DataError(
            "nothing was drawn for this", found=f"{node}, {measure}", expected="a node and measure"
        )
    row = found.intervals.loc[(node, measure)]
    low, high = int(row["rank_low"]), int(row["rank_high"])
    key = "robustness.statement" + (".first" if found.top == 1 else "")
    return words(
        key + (".region" if found.several_regions else ""),
        top=found.top,
        measure=running(words(f"measure.{measure}")),
        share=_percent(float(row["share_top"])),
        draws=_count(found.draws - found.left_out),
        errors=_errors(found),
        ranks=words("robustness.rank" if low == high else "robustness.ranks", low=low, high=high),
    )


def note(found: Robustness) -> Names:
    """How the draws were made, with their number, seed and errors, for the foot of a page."""
    errors, count = _errors(found), _count(found.draws)
    text = words("robustness.note", draws=count, seed=found.seed, errors=errors)
    if not found.left_out:
        return text
    rest = words("robustness.left_out", count=_count(found.left_out), draws=count)
    return {tag: text[tag] + (" " if tag == "en" else "") + rest[tag] for tag in LANGUAGES}


def _values(
    cells: Cells,
    draws: int,
    seed: int,
    measures: Sequence[str],
    weights: Mapping[str, float],
    workers: int | None,
    progress: Callable[[int], None] | None,
) -> tuple[Array, NDArray[np.bool_]]:
    """(measures, d, n) of all draws and (d,) which are usable.

    What is computed together does not depend on ``workers``, so neither does the last bit.
    """
    together = min(MOST_AT_ONCE, max(1, CELLS_AT_ONCE // cells.n**2))
    values = np.empty((len(measures), draws, cells.n))
    usable = np.empty(draws, dtype=bool)

    def fill(first: int) -> int:
        count = min(together, draws - first)
        here = slice(first, first + count)
        found, usable[here] = measures_of(draw(cells, seed, first, count), measures, weights)
        for row, measure in zip(values, measures, strict=True):
            row[here] = found[measure]
        return count

    pool = ThreadPoolExecutor(workers or os.cpu_count() or 1)
    try:
        parts: list[Future[int]] = [pool.submit(fill, i) for i in range(0, draws, together)]
        for part in as_completed(parts):
            done = part.result()
            if progress:
                progress(done)
    finally:
        # interrupted, what has not begun never will
        pool.shutdown(wait=True, cancel_futures=True)
    return values, usable


def in_range(draws: int, top: int, workers: int | None = None, *errors: float) -> None:
    """Refuses what cannot be drawn.

    Raises:
        DataError: draws, top or workers below one, too many draws, an error out of range.
    """
    for what, value in (("draws", draws), ("top", top), ("workers", workers)):
        if value is not None and value < 1:
            raise DataError(f"a number of {what}", found=value, expected="1 or more")
    if draws > MOST_DRAWS:
        raise DataError("a number of draws", found=draws, expected=f"at most {MOST_DRAWS:,}")
    for error in errors:
        if not 0 <= error <= LARGEST:
            raise DataError(
                "a relative error",
                found=error,
                expected="a standard deviation from 0 (exact) to 10 (1,000 %), as 0.1 for 10 %",
            )


def _errors(found: Robustness) -> Names:
    flow, emission = _percent(found.flow_error), _percent(found.emission_error or 0.0)
    if found.emission_error is None:
        said = words("robustness.errors.flows", flow=flow)
    elif found.emission_error == found.flow_error:
        said = words("robustness.errors.alike", flow=flow)
    else:
        said = words("robustness.errors", flow=flow, emission=emission)
    return words("robustness.by_size", errors=said) if found.error_by_size else said


def _percent(share: float) -> Names:
    """A share in per cent, with as many decimals as it takes to tell it from none and from all."""
    digits = 0
    while digits < 2 and round(100 * share, digits) in (0, 100) and share not in (0, 1):
        digits += 1
    return words(
        "robustness.percent", value={tag: number(100 * share, tag, digits) for tag in LANGUAGES}
    )


def _count(value: int) -> Names:
    return {tag: number(value, tag) for tag in LANGUAGES}
