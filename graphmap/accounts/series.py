"""Years of the same place: those that repeat one another, and figures that jump."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from graphmap.accounts.finding import Finding, where
from graphmap.arrays import Array
from graphmap.classification import region, sector_list
from graphmap.classification.lists import names_of
from graphmap.i18n import Names, figure, plain, words

JUMP = 3.0
"""Factor between a year and the next beyond which somebody should look."""

SPIKE = 30.0
"""Factor by which a sector has to stand above or below both years next to it to be reported. In the
inventories of China of 23 years, one figure in 945 does."""

SAME = 1e-9
"""Relative deviation within which two years are copies."""


def series_findings(
    totals: Mapping[str, pd.Series], parts: Mapping[tuple[str, int], Array] | None = None
) -> list[Finding]:
    """Jumps of totals and copies of years, a finding a place and pair of years.

    Args:
        totals: place -> Mt of CO2 by year, years ascending.
        parts: (place, year) -> the figures the total is made of; without them a year is a copy
            where its total is that of the year before to the last digit.
    """
    found = []
    for place, series in totals.items():
        years, values = series.index.tolist(), series.to_numpy(float)
        for i in range(1, len(years)):
            before, value = values[i - 1], values[i]
            if not (before > 0 and value > 0):
                continue
            factor = value / before
            if max(factor, 1 / factor) > JUMP ** (years[i] - years[i - 1]):
                found.append(_jump(place, years[i], value, years[i - 1], before))
            elif parts is None and abs(factor - 1) <= SAME:
                found.append(repeated(place, years[i - 1], years[i], 1.0))
    for (one, first), (other, second) in combinations(parts or {}, 2):
        if one == other and parts is not None:
            repeat = copied(parts[one, first], parts[other, second])
            if repeat is not None:
                found.append(repeated(one, first, second, repeat))
    return found


def spike_findings(place: str, figures: pd.DataFrame, classification: str) -> list[Finding]:
    """Figures far above, or far below, those of the same sector in the years before and after.

    A wrong unit or decimal point of one sector in one year looks like that, also where it is too
    small to be seen in any total.

    Args:
        place: code of the region.
        figures: Mt of CO2, a row a year (ascending), a column a sector.
        classification: the list that the codes of the sectors belong to.

    Example:
        >>> figures = pd.DataFrame({"24": [1.0, 0.001, 1.1]}, index=[2015, 2016, 2017])
        >>> [each.kind for each in spike_findings("CN-GD", figures, "cn42_2017")]
        ['year_spike']
    """
    names = sector_list(classification).sectors
    values, years = figures.to_numpy(float), figures.index.to_numpy(int)
    before, value, after = values[:-2], values[1:-1], values[2:]
    above = value > SPIKE * np.maximum(before, after)
    below = (value > 0) & (SPIKE * value < np.minimum(before, after))
    next_to = (np.diff(years[:-1]) == 1) & (np.diff(years[1:]) == 1)
    odd = (above | below) & (before > 0) & (after > 0) & next_to[:, None]
    return [
        Finding(
            "warning",
            "year_spike",
            words(
                "trust.year_spike",
                where=where(place, int(years[i + 1])),
                sector=names_of(names.loc[figures.columns[k]]),
                value=figure(value[i, k], 4),
                before=figure(before[i, k], 4),
                after=figure(after[i, k], 4),
            ),
            place,
            str(figures.columns[k]),
            float(value[i, k]),
            words("trust.inventory.remedy"),
        )
        for i, k in np.argwhere(odd).tolist()
    ]


def copied(one: Array, other: Array, same: float = SAME) -> float | None:
    """The factor from ``other`` to ``one`` where all figures agree up to it; None if they do not.

    Figures that hardly differ among themselves prove nothing.

    Example:
        >>> copied(np.arange(9.0), 2 * np.arange(9.0))
        0.5
    """
    if one.shape != other.shape or len(np.unique(one[one > 0])) < 5 or not other.sum() > 0:
        return None
    factor = float(one.sum() / other.sum())
    allowed = same * np.maximum(np.abs(one), np.abs(one).max() * 1e-6)
    return factor if (np.abs(one - factor * other) <= allowed).all() else None


def scaled(factor: float) -> Names:
    """``up to a factor of 1.1`` where a copy was scaled, else nothing."""
    if abs(factor - 1) <= 1e-6:
        return plain("")
    return words("trust.scaled", factor=figure(factor, 3))


def repeated(place: str, first: int, second: int, factor: float) -> Finding:
    """The finding that one year of a place is a copy of another."""
    text = words(
        "trust.years_repeat",
        first=first,
        second=second,
        scaled=scaled(factor),
        place=region(place).name,
    )
    remedy = words("trust.years_repeat.remedy")
    return Finding("warning", "years_repeat", text, place, "", factor, remedy)


def _jump(place: str, year: int, value: float, previous: int, before: float) -> Finding:
    text = words(
        "trust.years_jump",
        place=region(place).name,
        year=year,
        value=figure(value, 2),
        previous=previous,
        before=figure(before, 2),
        factor=figure(value / before, 2),
    )
    remedy = words("trust.years_jump.remedy")
    return Finding("warning", "years_jump", text, place, str(year), value / before, remedy)
