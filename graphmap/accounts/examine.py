"""What can be said against any kind of content: tables, inventories, lists of flows, totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.checks import check
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.finding import Finding, accepted, where, worst_first
from graphmap.accounts.flow_list import FlowList, findings
from graphmap.accounts.plausibility import compare_years
from graphmap.accounts.record_checks import record_findings
from graphmap.accounts.records import Records
from graphmap.accounts.sector_bands import LISTS, bands, inventory_bands
from graphmap.accounts.sector_fit import inventory_shift, sector_findings
from graphmap.accounts.series import series_findings, spike_findings
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import sector_list
from graphmap.classification.lists import names_of
from graphmap.i18n import Names, figure, words

Content = IOTable | Sequence[Inventory] | Sequence[FlowList] | Records


def examine(content: Content) -> list[Finding]:
    """Everything found about what a file holds, worst first; one ``ok`` if all is well.

    Checked beside ``check`` for tables: sums, signs, bands by sector, label shifts, years that
    repeat one another or jump.

    Example:
        >>> from graphmap import sample
        >>> [finding.severity for finding in examine(sample.table())]
        ['ok']
    """
    if isinstance(content, IOTable):
        return check(content)
    if isinstance(content, Records):
        found, count, sources = record_findings(content), len(content.data), [content.source]
    else:
        found, count = [], len(content)
        sources = [each.source for each in content]
        inventories = _inventories(content)
        for inventory in inventories:
            found += _inventory(inventory)
            found += [
                Finding("note", "source_note", note, inventory.region)
                for note in inventory.source.notes
            ]
        found += _years(inventories)
        for flows in content:
            if isinstance(flows, FlowList):
                found += _flow_list(flows)
    if not found:
        found = [Finding("ok", "all", words("trust.ok", count=count))]
    kinds = {kind for source in sources for kind in source.accepted}
    return worst_first([accepted(finding, kinds) for finding in found])


def across(contents: Sequence[Content]) -> list[Finding]:
    """What the contents of several files say against one another: years that repeat or jump.

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> [finding.kind for finding in across([table, replace(table, year=2018)])]
        ['years_repeat', 'years_repeat']
        >>> across([table])
        []
    """
    lists = [_inventories(content) for content in contents]
    together = [inventory for each in lists for inventory in each]
    told = [finding for each in lists for finding in _years(each)]  # of one file, by ``examine``
    tables = [content for content in contents if isinstance(content, IOTable)]
    return [*compare_years(tables), *(each for each in _years(together) if each not in told)]


def _inventories(content: Content) -> list[Inventory]:
    if isinstance(content, IOTable | Records):
        return []
    return [each for each in content if isinstance(each, Inventory)]


def _years(inventories: Sequence[Inventory]) -> list[Finding]:
    found = series_findings(_totals(inventories), _shares(inventories))
    for place, classification in dict.fromkeys(map(_list_of, inventories)):
        of_place = [each for each in inventories if _list_of(each) == (place, classification)]
        by_year = {each.year: each.F * units.factor(each.unit, "Mt") for each in of_place}
        found += spike_findings(place, pd.DataFrame(by_year).T.sort_index(), classification)
    return found


def _list_of(inventory: Inventory) -> tuple[str, str]:
    return inventory.region, inventory.classification


def _inventory(inventory: Inventory) -> list[Finding]:
    """Signs, shares of all CO2 beyond the band, a probable label shift."""
    F = inventory.F.to_numpy(float) * units.factor(inventory.unit, "Mt")
    codes, names = list(inventory.F.index), sector_list(inventory.classification).sectors
    prefix = where(inventory.region, inventory.year)

    def named(position: int) -> Names:
        return names_of(names.loc[codes[position]])

    remedy = words("trust.inventory.remedy")
    found = [
        Finding(
            "warning",
            "negative_co2",
            words("trust.inventory_negative", where=prefix, sector=named(i), value=figure(F[i], 4)),
            inventory.region,
            codes[i],
            float(F[i]),
            remedy,
        )
        for i in np.flatnonzero(F < 0).tolist()
    ]
    if inventory.classification != "ceads_inventory" or not F.sum() > 0:
        return found
    shift = inventory_shift(F, codes, inventory.region, named, inventory.year)
    if shift is not None:
        return [*found, shift]
    share, high = F / F.sum(), inventory_bands().reindex(codes)["share_high"].to_numpy(float)
    for i in np.flatnonzero(share > high).tolist():
        text = words(
            "trust.inventory_share",
            where=prefix,
            sector=named(i),
            value=figure(100 * share[i], 2, "%"),
            high=figure(100 * high[i], 2, "%"),
        )
        value = float(share[i])
        found.append(
            Finding("warning", "co2_share", text, inventory.region, codes[i], value, remedy)
        )
    return found


def _totals(inventories: Sequence[Inventory]) -> dict[str, pd.Series]:
    """Region -> all its CO2 in Mt by year."""
    found: dict[str, dict[int, float]] = {}
    for each in inventories:
        total = float(each.F.sum() + each.households.sum()) * units.factor(each.unit, "Mt")
        found.setdefault(each.region, {})[each.year] = total
    return {code: pd.Series(by_year).sort_index() for code, by_year in found.items()}


def _shares(inventories: Sequence[Inventory]) -> dict[tuple[str, int], Array]:
    return {(each.region, each.year): each.F.to_numpy(float) for each in inventories}


def _flow_list(flows: FlowList) -> list[Finding]:
    """What the list says of itself, and its sectors against their bands."""
    place = flows.regions[0] if flows.regions else ""
    before = where(place, flows.year)
    found = [
        replace(each, text={tag: before[tag] + each.text[tag] for tag in before})
        for each in findings(flows)
    ]
    if flows.classification not in LISTS or units.currency(flows.unit) != "CNY":
        return found
    totals = flows.totals.set_axis(flows.index["code"])
    totals = totals[~totals.index.duplicated()].reindex(bands(flows.classification).index)
    output = totals["gross_output"].to_numpy(float) * units.factor(flows.unit, "10k_yuan")
    co2 = totals["direct_co2"].to_numpy(float)
    by_sector = sector_findings(flows.classification, place, co2, output, year=flows.year)
    # a list of flows is checked only: `graphmap repair` takes tables and totals
    return [*found, *(replace(each, repair="") for each in by_sector)]
