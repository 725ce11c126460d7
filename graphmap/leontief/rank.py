"""Every measure of every sector in one table, sorted by any of them."""

from __future__ import annotations

import csv
from dataclasses import asdict
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from graphmap.accounts import IOTable, prepared
from graphmap.arrays import Array
from graphmap.errors import DataError, nearest
from graphmap.i18n import COLUMNS
from graphmap.leontief.consumption import CATEGORIES
from graphmap.leontief.extraction import extraction_effects
from graphmap.leontief.footprints import footprint_by_use
from graphmap.leontief.linkages import (
    QUADRANTS,
    downstream,
    influence,
    normalised,
    quadrant,
)
from graphmap.leontief.measures import TONNES_PER_MT, sector_measures, system_of
from graphmap.leontief.system import LeontiefSystem

MOST_EXTRACTED = 5000
"""Beyond this many sectors the inverse behind the extraction effects is made only on request."""

OF_NOTHING = ("gross_output", "direct_co2", "footprint", "transmission", "net_transfer")
"""Measures that are zero where nothing is produced; the others are not defined there."""

RANK_OF = {name: place for place, name in enumerate(QUADRANTS.values())}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Measure -> ``unit``, ``formula`` and ``source``, in the order of the columns of ``rank``.

    ``{money}`` in a unit stands for 10 thousand yuan or US dollars. What a measure is called and
    means stands in the vocabulary under ``measure.NAME`` and ``measure.NAME.help``.

    Example:
        >>> catalogue()["total_intensity"]["formula"]
        "m = (I - A)'^-1 f"
    """
    text = files("graphmap.leontief").joinpath("measures.csv").read_text(encoding="utf-8")
    return {row.pop("measure"): row for row in csv.DictReader(text.splitlines())}


def rank(
    table: IOTable,
    by: str | None = None,
    *,
    imports: str = "out",
    labour_share: float | None = None,
) -> pd.DataFrame:
    """Every measure of each region-sector, the largest by one of them first.

    Args:
        table: rows supply, columns use.
        by: the column to sort by; direct emissions if left out, or gross output where the table
            has no emissions.
        imports: ``out`` takes imports out of the cells of a competitive table, ``inside`` leaves
            them in.
        labour_share: for the influence vector; see ``influence``.

    Returns:
        DataFrame indexed by node id with the labels region, code, group, name_* and the columns of
        ``catalogue()`` as far as the table has what they need; money in 10 thousand, CO2 in Mt,
        intensities in t CO2 per 10 thousand. Measures of a sector without output are missing
        (NaN), unless they are zero. Beyond ``MOST_EXTRACTED`` sectors the extraction effects are
        there only if ``by`` names one. ``attrs["by"]`` is the column it is sorted by,
        ``attrs["solved"]`` how the system was solved.

    Raises:
        DataError: the table has an error or is not productive, or there is no such column.

    Example:
        >>> from graphmap import sample
        >>> ranked = rank(sample.table(), by="extraction")
        >>> ranked.index[0], ranked["linkage_quadrant"].iloc[0]
        ('CN-GD.24', 'forward')
    """
    table, _ = prepared(table, imports)
    usual = "direct_co2" if table.has_emissions else "gross_output"
    by = usual if by is None else _column(by, table)
    extracted = table.n <= MOST_EXTRACTED or by.startswith("extraction")
    system = system_of(table, solves=table.n if extracted else 8)
    measures = sector_measures(table, system)
    found = {name: column.to_numpy() for name, column in measures.items()}
    co2 = measures["direct_co2"] if table.has_emissions else pd.Series(0.0, measures.index)
    alike, reached = system.solve(np.column_stack([np.ones(table.n), co2])).T
    found |= _without_emissions(table, system, measures, alike, labour_share)
    if table.has_emissions:
        found |= _of_emissions(table, measures, reached)
    if extracted:
        found |= _extraction(table, system, measures, reached)
    columns = [measure for measure in catalogue() if measure in found]
    ranked = pd.DataFrame({column: found[column] for column in columns}, index=table.index.index)
    nothing = table.x == 0
    ranked.loc[nothing, [c for c in columns if not c.startswith(OF_NOTHING)]] = np.nan
    names = [f"name_{suffix}" for suffix in COLUMNS.values()]
    ranked = table.index[["region", "code", "group", *names]].join(ranked)
    if by not in ranked:
        raise DataError(
            f"the table has no {by}",
            file=table.source.file,
            expected="one of " + ", ".join(c for c in columns if c.startswith("footprint")),
        )
    order = ranked[by].map(RANK_OF) if by == "linkage_quadrant" else -ranked[by]
    ranked = ranked.loc[order.sort_values(kind="stable").index]
    ranked.attrs.update(by=by, solved=asdict(system.report))
    return ranked


def _column(by: str, table: IOTable) -> str:
    """The measure that is meant.

    Raises:
        DataError: there is none of that name, or the table lacks what it needs.
    """
    known = catalogue()
    wanted = by.strip().lower().replace("-", "_")
    if wanted not in known:
        raise DataError(
            "no such measure",
            found=by,
            expected="one like " + ", ".join(nearest(wanted, known) or list(known)[:4]),
            remedy="`graphmap measures` lists them all",
        )
    of_carbon = known[wanted]["unit"].startswith(("mt", "t_")) or wanted.startswith("co2")
    if of_carbon and not table.has_emissions:
        raise DataError(
            f"the measure {wanted} needs emissions, and the table has none",
            file=table.source.file,
            remedy="give an inventory with --emissions, or choose another measure",
        )
    return wanted


def _without_emissions(
    table: IOTable,
    system: LeontiefSystem,
    measures: pd.DataFrame,
    alike: Array,
    labour_share: float | None,
) -> dict[str, Array | list[str]]:
    """Measures of the flows alone; ``alike`` is ``L 1``."""
    x = table.x
    value_added = np.divide(table.V.sum(axis=0), x, out=np.zeros(table.n), where=x > 0)
    backward, forward = measures["backward_linkage"], measures["forward_linkage"]
    return {
        "forward_linkage_leontief": normalised(alike, x),
        "linkage_quadrant": quadrant(backward.to_numpy(), forward.to_numpy()),
        "output_multiplier": measures["downstreamness"].to_numpy(),
        "value_added_multiplier": system.solve_transposed(value_added),
        "influence": influence(system, labour_share),
    }


def _of_emissions(
    table: IOTable, measures: pd.DataFrame, reached: Array
) -> dict[str, Array | list[str]]:
    """Measures of direct emissions ``e``; ``reached`` is ``L e``."""
    x, m = table.x * table.to_10k, measures["total_intensity"].to_numpy()
    enabled = downstream(reached * TONNES_PER_MT, x)
    by_use = footprint_by_use(m / TONNES_PER_MT, table.Y * table.to_10k)
    found: dict[str, Array | list[str]] = {
        "net_transfer": (measures["footprint"] - measures["direct_co2"]).to_numpy(),
        "downstream_intensity": enabled,
        "co2_backward_linkage": normalised(m, x),
        "co2_forward_linkage": normalised(enabled, x),
    }
    uses = [CATEGORIES.get(use, use) for use in table.final_uses["category"]]
    rest = measures["footprint"].to_numpy() - by_use.sum(axis=1)
    for use, part in zip([*uses, "discrepancy"], [*by_use.T, rest], strict=True):
        column = f"footprint_{use}" if f"footprint_{use}" in catalogue() else "footprint_final_use"
        found[column] = found.get(column, 0.0) + part
    return found


def _extraction(
    table: IOTable, system: LeontiefSystem, measures: pd.DataFrame, reached: Array
) -> dict[str, Array | list[str]]:
    x, diagonal = table.x * table.to_10k, system.inverse_diagonal()
    stages = measures["downstreamness"].to_numpy()
    output = {"extraction_output": stages * x / diagonal}
    if not table.has_emissions:
        return {**output}
    effects = extraction_effects(
        measures["direct_intensity"].to_numpy() / TONNES_PER_MT,
        measures["total_intensity"].to_numpy() / TONNES_PER_MT,
        reached,
        x,
        measures["direct_co2"].to_numpy(),
        diagonal,
    )
    return {
        **output,
        "extraction": effects.complete,
        "extraction_backward": effects.backward,
        "extraction_forward": effects.forward,
    }
