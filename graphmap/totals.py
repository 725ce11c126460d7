"""Totals of regions and years, so that one can be seen beside others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from graphmap.accounts import IOTable
from graphmap.accounts.flow_list import FlowList
from graphmap.classification import region
from graphmap.classification.lists import folded
from graphmap.i18n import COLUMNS, words
from graphmap.leontief.measures import TONNES_PER_MT

COMPARABLE = 0.05
"""The most that sectors without a figure may have had of another year's total: a total that lacks
its largest emitter must not be compared."""


def totals(data: Sequence[IOTable | FlowList]) -> pd.DataFrame:
    """A row a region and year: sums over its sectors, and its largest emitter.

    Args:
        data: tables and lists of flows of one currency; a region and year that stands in several is
            taken from the first.

    Returns:
        As ``region_totals``; ``year`` is a nullable integer, ``largest_emitter`` becomes the names
        ``largest_emitter_en``, ``_zh_hans`` and ``_zh_hant``; ``prices`` are those of the table,
        empty where a list of flows does not say. Money is in 10 thousand of the
        currency, emissions in Mt, intensity in t per 10 thousand.

    Example:
        >>> from graphmap import sample
        >>> found = totals([sample.table()])
        >>> found[["region", "year", "sectors"]].values.tolist()
        [['CN-GD', 2017, 42], ['CN-ZJ', 2017, 42]]
    """
    each_of = [_sectors(each).assign(of=place) for place, each in enumerate(data)]
    sectors = pd.concat(each_of, ignore_index=True)
    first = sectors.groupby(["region", "year"])["of"].transform("first")
    sectors = sectors[sectors["of"] == first]
    found = region_totals(sectors)
    found["prices"] = sectors.drop_duplicates(["region", "year"])["prices"].to_numpy()
    found["year"] = pd.to_numeric(found["year"], errors="coerce").astype("Int64")
    if "largest_emitter" in found:
        named = sectors.drop_duplicates("sector").set_index("sector")
        at = found.columns.get_loc("largest_emitter")
        emitter = found.pop("largest_emitter")
        for i, suffix in enumerate(COLUMNS.values()):
            names = emitter.map(named[f"name_{suffix}"])
            found.insert(at + i, f"largest_emitter_{suffix}", names)
    return found


def _sectors(data: IOTable | FlowList) -> pd.DataFrame:
    """What is known of each sector; a measure that nothing is known of has no column."""
    co2 = data.co2 if isinstance(data, FlowList) or data.has_emissions else None
    names = [f"name_{suffix}" for suffix in COLUMNS.values()]
    rows = data.index[["region", *names]].reset_index(drop=True)
    rows["year"] = str(data.year or "")
    rows["sector"] = rows["name_en"].map(folded)
    rows["prices"] = "" if isinstance(data, FlowList) else data.prices
    rows["gross_output"] = data.gross_output if isinstance(data, FlowList) else data.x * data.to_10k
    if co2 is not None and not np.isnan(co2).all():
        rows["direct_co2"] = co2
    return rows


def region_totals(sectors: pd.DataFrame) -> pd.DataFrame:
    """A row a region and year: sums over its sectors, and which of them matters most.

    Args:
        sectors: a row a sector of a region and year, with ``region``, ``year`` (a text), ``sector``
            (what it goes by in all of them) and, if known, ``gross_output``, ``direct_co2``;
            ``order``, the place of a sector among the key sectors of its region.

    Returns:
        DataFrame: ``region``, ``year``, ``name_*``, ``sectors``, for gross output and direct CO2
        their sums, ``sectors_with_*`` and ``unknown_in_*`` (how much of the total of another year
        is of sectors without a figure in this one); ``direct_intensity``, ``largest_emitter``,
        ``largest_share``; ``key_sector`` where there is an order.
    """
    found = []
    unknown = {m: _unknown(sectors, m) for m in ("gross_output", "direct_co2") if m in sectors}
    for (code, year), rows in sectors.groupby(["region", "year"], sort=False):
        names = region(code).name if code else words("study.no_region")
        row: dict[str, Any] = {"region": code, "year": year}
        row |= {f"name_{suffix}": names[tag] for tag, suffix in COLUMNS.items()}
        row["sectors"] = len(rows)
        for measure, lacking in unknown.items():
            row[measure] = rows[measure].sum(min_count=1)
            row[f"sectors_with_{measure}"] = int(rows[measure].notna().sum())
            row[f"unknown_in_{measure}"] = lacking.get((code, year), 0.0)
        if "direct_co2" in sectors:
            row |= _emissions(rows)
        if "order" in sectors:
            row["key_sector"] = rows.loc[rows["order"].idxmin(), "sector"]
        found.append(row)
    return pd.DataFrame(found)


def _emissions(rows: pd.DataFrame) -> dict[str, Any]:
    """Intensity of a region and year, and its largest emitter."""
    both = rows.dropna(subset=["direct_co2", "gross_output"])
    output = both["gross_output"].sum()
    emits = rows["direct_co2"].max() > 0
    largest = rows.loc[rows["direct_co2"].idxmax()] if emits else None
    return {
        "direct_intensity": (
            both["direct_co2"].sum() / output * TONNES_PER_MT if output > 0 else np.nan
        ),
        "largest_emitter": None if largest is None else largest["sector"],
        "largest_share": (
            np.nan if largest is None else largest["direct_co2"] / rows["direct_co2"].sum()
        ),
    }


def comparable(found: pd.DataFrame, measure: str) -> pd.Series:
    """Which totals of a measure may be set beside others: those that lack nothing large.

    A total of zero is more likely unknown than zero.
    """
    enough = 2 * found[f"sectors_with_{measure}"] >= found["sectors"]
    return enough & (found[f"unknown_in_{measure}"] <= COMPARABLE) & (found[measure] > 0)


def _unknown(sectors: pd.DataFrame, measure: str) -> dict[tuple[str, str], float]:
    """(region, year) -> the most that its sectors without figures had of another year's total."""
    if sectors["year"].nunique() == 1:  # there is no other year
        return {}
    keys = ["region", "sector"]
    known = sectors.pivot_table(index=keys, columns="year", values=measure, aggfunc="sum")
    given = sectors.pivot_table(index=keys, columns="year", values=measure, aggfunc="count")
    whole = known.groupby(level="region", sort=False).sum()
    found: dict[tuple[str, str], float] = {}
    for year in known:
        absent = known.where(given[year].fillna(0) == 0)
        lacking = absent.groupby(level="region", sort=False).sum() / whole
        found |= {(str(code), str(year)): float(most) for code, most in lacking.max(axis=1).items()}
    return found
