"""What is known of a region, joined to the sectors of a national table: totals and flows.

Totals and flows may be of another list of sectors. Then they are known of groups: the smallest
sets of national sectors that are also sets of sectors of the other list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from graphmap import units
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.records import Records
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import concordance, find_region, region
from graphmap.errors import DataError

TOTALS = (
    "gross_output",
    "value_added",
    "imports",
    "exports",
    "final_consumption",
    "intermediate_sales",
    "intermediate_inputs",
)
"""What may be known of a sector; only the first has to be, of some sectors."""


@dataclass(frozen=True, eq=False)
class RegionalTotals:
    """Totals and flows of one region by g groups of the n sectors of a national table.

    Attributes:
        group: (n,) which group each national sector is in.
        figures: g rows, columns ``TOTALS`` in the national table's unit; NaN where not known.
        flows: (g, g) known flows in the same unit, rows supply and columns use; NaN elsewhere.
        sources: (g,) how many sectors of the other list a group covers.
    """

    group: NDArray[np.intp]
    figures: pd.DataFrame
    flows: Array
    sources: NDArray[np.intp]


def group_name(national: IOTable, group: NDArray[np.intp], number: int) -> str:
    """What a message calls a group: the first of its sectors."""
    return str(national.index["name_en"].iloc[int(np.argmax(group == number))])


def regional_totals(national: IOTable, totals: Records, known: FlowList | None) -> RegionalTotals:
    """Totals and known flows of one region and year, on the sectors of ``national``.

    A total of a group is known where that of each of its sectors is.

    Raises:
        DataError: the records are no totals of one region and year, have no gross output, are of
            a list that does not map onto the national one, or name a sector twice.
    """
    data, classification = _one_region(totals)
    place = find_region(str(data["region"].iloc[0])) if "region" in data else None
    if known is not None and place is not None and known.regions != [place.code]:
        raise DataError(
            "totals and known flows are of different regions",
            file=known.source.file,
            found=f"flows of {', '.join(known.regions)}, totals of {place.code}",
            expected="one region",
        )
    if known is not None and known.classification != classification:
        raise DataError(
            "totals and known flows are of different lists of sectors",
            file=known.source.file,
            found=f"flows by {known.classification}, totals by {classification}",
            expected="one list",
        )
    own = national.index["code"].astype(str).tolist()
    given = data["code"].astype(str).tolist()
    flow_codes = [] if known is None else known.index["code"].astype(str).tolist()
    group_of = _groups(own, national.classification, [*given, *flow_codes], classification, totals)
    group = np.array([group_of["national", code] for code in own])
    members = pd.Series({code: g for (side, code), g in group_of.items() if side == "other"})
    sources = np.bincount(members.to_numpy(int), minlength=group.max() + 1)
    figures = pd.DataFrame(np.nan, index=range(len(sources)), columns=list(TOTALS))
    for column in TOTALS:
        if column in data:
            values = data[column].to_numpy(float) * _factor(totals, column, national.unit)
            by_group = pd.Series(values).groupby(members[given].to_numpy())
            complete = by_group.count() == sources[by_group.count().index]
            figures[column] = by_group.sum().where(complete)
    if figures["gross_output"].isna().all():
        raise DataError("no gross output", file=totals.source.file, expected="gross_output_<unit>")
    _refuse_negative(figures, national, group, totals)
    flows = np.full((len(sources), len(sources)), np.nan)
    if known is not None:
        flows = _flows(known, members, flows, sources, units.factor(known.unit, national.unit))
    return RegionalTotals(group, figures, flows, sources)


def _one_region(totals: Records) -> tuple[pd.DataFrame, str]:
    data = totals.data
    if totals.kind != "sector_totals":
        raise DataError(
            "not totals of sectors",
            file=totals.source.file,
            found=totals.kind,
            expected="one row a sector with gross_output_<unit>",
        )
    for column, said in (("region", "region"), ("year", "year"), ("edition", "year")):
        found = list(dict.fromkeys(data[column])) if column in data else []
        if len(found) > 1:
            raise DataError(
                f"totals of several {said}s",
                file=totals.source.file,
                found=", ".join(
                    region(str(each)).name["en"] if column == "region" else str(each)
                    for each in found[:5]
                ),
                expected=f"one {said}",
                remedy=f"choose with --{said}",
            )
    lists = sorted(set(data["classification"].fillna("")) - {""}) if len(data) else []
    unknown = data.loc[data["code"].fillna("") == "", "sector"].tolist() if len(data) else []
    if len(lists) != 1 or unknown:
        raise DataError(
            "the totals are not of one known list of sectors",
            file=totals.source.file,
            found=", ".join(map(str, unknown[:3] or lists)) or "no rows",
            expected="names of the sectors of the national table",
        )
    twice = data.loc[data.duplicated("code"), "sector"].tolist()
    if twice:
        raise DataError("the same sector twice", file=totals.source.file, found=twice[0])
    return data, lists[0]


def _groups(
    own: Sequence[str],
    own_list: str | None,
    given: Sequence[str],
    given_list: str,
    totals: Records,
) -> dict[tuple[str, str], int]:
    """The group of each sector of both lists, in the order of the national one."""
    pairs = (
        [(code, code) for code in own]
        if given_list == own_list
        else list(_pairs(given_list, own_list).itertuples(index=False, name=None))
    )
    nodes = {("national", code): i for i, code in enumerate(own)}
    for source, target in pairs:
        if ("national", target) in nodes:
            nodes.setdefault(("other", source), len(nodes))
    missing = [code for code in given if ("other", code) not in nodes]
    if missing:
        raise DataError(
            "a sector that the national table does not have",
            file=totals.source.file,
            found=missing[0],
            expected=f"a sector of {own_list}",
        )
    links = [
        (nodes["other", s], nodes["national", t]) for s, t in pairs if ("national", t) in nodes
    ]
    ends = np.array(links).T
    joined = sparse.coo_array((np.ones(len(links)), (ends[0], ends[1])), shape=(len(nodes),) * 2)
    _, labels = connected_components(joined, directed=False)
    order = {label: g for g, label in enumerate(dict.fromkeys(labels.tolist()))}
    return {node: order[labels[i]] for node, i in nodes.items()}


def _pairs(source: str, target: str | None) -> pd.DataFrame:
    if target is None:
        raise DataError("the national table is of no known list of sectors", found=source)
    return concordance(source, target).pairs[["source", "target"]]


def _factor(totals: Records, column: str, unit: str) -> float:
    own = totals.units.get(column, "")
    if own not in units.MONEY_UNITS:
        raise DataError(
            f"{column} is no sum of money",
            file=totals.source.file,
            found=f"{column} in {own or 'no unit'}",
            expected=f"a column {column}_{unit} or of another unit of money",
        )
    if units.currency(own) != units.currency(unit):
        raise DataError(
            "totals and national table are of different currencies",
            file=totals.source.file,
            found=f"{own} and {unit}",
        )
    return units.factor(own, unit)


def _refuse_negative(
    figures: pd.DataFrame, national: IOTable, group: NDArray[np.intp], totals: Records
) -> None:
    for column in TOTALS:
        below = np.flatnonzero(figures[column].to_numpy(float) < 0)
        # taxes and subsidies can leave value added below zero, and stocks final use
        if len(below) and column not in ("value_added", "final_consumption"):
            raise DataError(
                f"{column} of {group_name(national, group, below[0])} is negative",
                file=totals.source.file,
                found=f"{figures[column].iloc[below[0]]:,.0f} {national.unit}",
                expected="zero or more",
            )


def _flows(
    known: FlowList,
    members: pd.Series,
    flows: Array,
    sources: NDArray[np.intp],
    factor: float,
) -> Array:
    """Known flows by group; one between groups of several sectors has to be known for all."""
    at = members[known.index["code"].astype(str)].to_numpy(int)
    cells = sparse.coo_array(known.flows)
    suppliers, users = (at[end] for end in cells.coords)
    sums, counts = np.zeros_like(flows), np.zeros_like(flows)
    np.add.at(sums, (suppliers, users), cells.data * factor)
    np.add.at(counts, (suppliers, users), 1)
    complete = counts == np.outer(sources, sources)
    return np.where(complete & (counts > 0), sums, flows)
