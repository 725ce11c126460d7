"""Is a table plausible? What the identities do not tell: units, years, labels, copies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from graphmap.accounts.directions import direction_findings
from graphmap.accounts.finding import Finding, where
from graphmap.accounts.magnitudes import SECTORS, magnitude_findings, provinces
from graphmap.accounts.sector_fit import table_sectors
from graphmap.accounts.series import copied, repeated, scaled
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import find_region, region
from graphmap.i18n import figure, listed, words

SAME = 1e-6
"""Relative deviation within which two accounts are copies of one another."""

MOST_REGIONS = 0.8
"""Share of China's provinces from which on the others are missing, not left out."""

VALUE_ADDED = (0.2, 0.7)
"""Share of value added in all output; China's tables have 0.33 to 0.39."""


def plausible(table: IOTable) -> list[Finding]:
    """What makes the table hard to believe though its accounts may add up; nothing if all is well.

    Output and CO2 against the size of the economy, the year against the list of sectors, direct
    CO2 and inputs of each sector against what is usual, labels that moved by one, supplier and
    user exchanged, regions that are copies or missing, imports counted twice.

    Example:
        >>> from graphmap import sample
        >>> plausible(sample.table())
        []
    """
    found = [*magnitude_findings(table), *direction_findings(table), *_value_added(table)]
    if not any(finding.kind == "swapped_axes" for finding in found):
        found += table_sectors(table)
    return [*found, *_duplicated(table), *_missing_regions(table)]


def compare_years(tables: Sequence[IOTable]) -> list[Finding]:
    """Years that repeat one another: the same output and value added up to a factor.

    Example:
        >>> from dataclasses import replace
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> [finding.kind for finding in compare_years([table, replace(table, year=2018)])]
        ['years_repeat', 'years_repeat']
    """
    found = []
    for one, other in combinations(tables, 2):
        if one.year is None or other.year is None or one.year == other.year:
            continue
        for code in one.regions:
            if code not in other.regions:
                continue
            factor = copied(_accounts(one, code), _accounts(other, code), SAME)
            if factor is not None:
                found.append(repeated(code, one.year, other.year, factor))
    return found


def _value_added(table: IOTable) -> list[Finding]:
    output = float(table.x.sum())
    if table.n < SECTORS * len(table.regions) or not output > 0:
        return []
    share = float(table.V.sum()) / output
    if VALUE_ADDED[0] <= share <= VALUE_ADDED[1]:
        return []
    text = words(
        "trust.value_added",
        where=where(""),
        share=figure(100 * share, 1, "%"),
        low=figure(100 * VALUE_ADDED[0], 0, "%"),
        high=figure(100 * VALUE_ADDED[1], 0, "%"),
    )
    remedy = words("trust.value_added.remedy")
    return [Finding("warning", "value_added", text, value=share, remedy=remedy)]


def _accounts(table: IOTable, code: str) -> Array:
    """(2, sectors) gross output and value added of a region."""
    here = (table.index["region"] == code).to_numpy()
    return np.array([table.x[here], table.V[:, here].sum(axis=0)])


def _duplicated(table: IOTable) -> list[Finding]:
    accounts = {code: _accounts(table, code) for code in table.regions}
    found = []
    for first, second in combinations(table.regions, 2):
        factor = copied(accounts[first], accounts[second], SAME)
        if factor is None:
            continue
        text = words(
            "trust.duplicated_region",
            first=region(first).name,
            second=region(second).name,
            scaled=scaled(factor),
            count=accounts[first].shape[1],
        )
        remedy = words("trust.duplicated_region.remedy")
        found.append(
            Finding(
                "error",
                "duplicated_region",
                text,
                second,
                "",
                factor,
                remedy,
                f"drop-region:{second}",
            )
        )
    return found


def _missing_regions(table: IOTable) -> list[Finding]:
    mainland = provinces()
    missing = [code for code in mainland if code not in table.regions]
    if not missing or len(table.regions) < MOST_REGIONS * len(mainland):
        return []
    if any(find_region(code) is None for code in table.regions):
        return []  # they may be inside a group of provinces that is one region here
    text = words(
        "trust.missing_regions",
        count=len(mainland) - len(missing),
        names=listed([region(code).name for code in missing]),
    )
    remedy = words("trust.missing_regions.remedy")
    return [Finding("note", "missing_regions", text, value=float(len(missing)), remedy=remedy)]
