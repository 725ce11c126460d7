"""A region beside others of its year, and beside its own earlier years: figures and sentences."""

from __future__ import annotations

import re

import pandas as pd

from graphmap.classification.lists import names_of
from graphmap.i18n import Names, plain, running, words
from graphmap.panel import Panel
from graphmap.quoted import Quoted, Statement, amount_of, number_of, rank_in, said, share_of
from graphmap.studied import Study
from graphmap.totals import COMPARABLE, comparable


def compared(panel: Panel) -> list[Statement]:
    """The region beside others of its year, and beside its own earlier years."""
    several = len(panel.latest.regions) > 1
    found = _between_regions(panel) if several else _beside_regions(panel)
    return [*found, *_beside_years(panel)] or [_alone(panel)]


def measure_compared(panel: Panel) -> str:
    """By what regions are compared: direct CO2 where it is known, gross output otherwise."""
    known = "direct_co2" in panel.latest.sectors and "direct_co2" in panel.totals
    return "direct_co2" if known else "gross_output"


def totals_of_year(panel: Panel) -> pd.DataFrame:
    """Totals of the latest year, those that may be compared by ``measure_compared``."""
    found = _of_year(panel)
    return found[comparable(found, measure_compared(panel))]


def _of_year(panel: Panel) -> pd.DataFrame:
    year = panel.latest.year
    return panel.totals if year is None else panel.totals[panel.totals["year"] == year]


def totals_by_year(panel: Panel) -> pd.DataFrame:
    """Totals of the one region studied up to the latest year, the years that may be compared.

    Empty where that is only one of them, or the latest is none of them.
    """
    study, measure = panel.latest, measure_compared(panel)
    found = panel.totals[panel.totals["region"].isin(study.regions)].dropna(subset=["year"])
    found = found[comparable(found, measure)].sort_values("year")
    alone = len(study.regions) != 1 or len(found) < 2 or found["year"].iloc[-1] != study.year
    return found.head(0) if alone else found


def _alone(panel: Panel) -> Statement:
    """Why there is no comparison: there is nothing else, or too little is known of these."""
    measure, found = measure_compared(panel), panel.totals
    if len(found) < 2:
        return said("alone")
    own = _of_year(panel)
    own = own[own["region"].isin(panel.latest.regions)]
    lacking = own[~comparable(own, measure)]
    if lacking.empty:
        return said("alone")
    row = lacking.loc[lacking[f"unknown_in_{measure}"].idxmax()]
    unknown = row[f"unknown_in_{measure}"]
    return said(
        "lacking.sectors" if unknown > COMPARABLE else "lacking",
        place=names_of(row),
        measure=running(words(f"measure.{measure}")),
        share=share_of("share_of_year", unknown),
    )


def _between_regions(panel: Panel) -> list[Statement]:
    """Of a study of several regions: which is largest, and which most carbon-intensive."""
    study, measure = panel.latest, measure_compared(panel)
    found = totals_of_year(panel)
    found = found[found["region"].isin(study.regions)]
    if len(found) < 2:
        return []
    count = number_of("regions", len(found))
    first = found.loc[found[measure].idxmax()]
    sentences = [
        said(
            f"largest_region.{measure}",
            place=names_of(first),
            count=count,
            amount=amount_of(study, measure, first[measure]),
            share=share_of("share_of_regions", first[measure] / found[measure].sum()),
        )
    ]
    if measure == "direct_co2" and found["direct_intensity"].max() > 0:
        first = found.loc[found["direct_intensity"].idxmax()]
        intensity = amount_of(study, "direct_intensity", first["direct_intensity"])
        sentences.append(
            said("most_intensive", place=names_of(first), count=count, intensity=intensity)
        )
    return sentences


def _beside_regions(panel: Panel) -> list[Statement]:
    """Of a study of one region: its place among those known beside it."""
    study, measure = panel.latest, measure_compared(panel)
    found = totals_of_year(panel)
    here = found[found["region"].isin(study.regions)]
    if len(here) != 1 or len(found) < 2:
        return []
    row = here.iloc[0]
    count = number_of("regions", len(found))
    sentences = [
        said(
            f"among_regions.{measure}",
            place=study.place,
            rank=rank_in(found[measure], row[measure]),
            count=count,
            amount=amount_of(study, measure, row[measure]),
            share=share_of("share_of_regions", row[measure] / found[measure].sum()),
        )
    ]
    others = found.drop(row.name)
    median = others["direct_intensity"].median() if measure == "direct_co2" else 0.0
    if median > 0 and row["direct_intensity"] > 0:
        which = "above" if row["direct_intensity"] >= median else "below"
        sentences.append(
            said(
                f"intensity.{which}" + ("" if len(others) > 1 else ".other"),
                other=names_of(others.iloc[0]),
                intensity=amount_of(study, "direct_intensity", row["direct_intensity"]),
                median=amount_of(study, "direct_intensity", median),
                rank=rank_in(found["direct_intensity"], row["direct_intensity"]),
                count=number_of("regions", int(found["direct_intensity"].notna().sum())),
            )
        )
    return sentences


def _beside_years(panel: Panel) -> list[Statement]:
    """From the first year that can be compared to the latest."""
    study, measure, found = panel.latest, measure_compared(panel), totals_by_year(panel)
    if found.empty:
        return []
    before, after = found.iloc[0], found.iloc[-1]
    return [
        _change(study, each, before, after)
        for each in (measure, *(["direct_intensity"] if measure == "direct_co2" else []))
        if before[each] > 0
    ]


def _change(study: Study, measure: str, before: pd.Series, after: pd.Series) -> Statement:
    change = after[measure] / before[measure] - 1
    values: dict[str, Names | Quoted] = {
        "before": amount_of(study, measure, before[measure]),
        "after": amount_of(study, measure, after[measure]),
        "change": share_of("change", abs(change), 1),
    }
    # money of two years can be compared only at the prices of one; emissions have none
    apart = measure != "direct_co2" and _priced_in(before) != _priced_in(after)
    return said(
        ("rose" if change > 0 else "fell") + (".current_prices" if apart else ""),
        place=study.place,
        measure=running(words(f"measure.{measure}")),
        first=plain(str(before["year"])),
        last=plain(str(after["year"])),
        **values,
    )


def _priced_in(total: pd.Series) -> str:
    """The year whose prices a total is at: its own, or that to which its table was deflated."""
    constant = re.search(r"constant.*?(\d{4})", total.get("prices", ""))
    return constant[1] if constant else str(total["year"])
