"""What is said of a panel: sentences made from its figures by rules, with the figures they quote.

No sentence is fixed: which one is said, of which sectors and with which figures follows from the
data alone, so that another region gets another text and every figure can be looked up.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from graphmap.classification.lists import names_of
from graphmap.first_steps import Step, first_steps
from graphmap.i18n import LANGUAGES, Names, listed, plain, running, words
from graphmap.panel import Panel
from graphmap.quoted import (
    Quoted,
    Statement,
    amount_of,
    flow_of,
    name_of_node,
    names_of_nodes,
    number_of,
    rank_in,
    said,
    share_of,
)
from graphmap.studied import Study
from graphmap.totals import comparable

__all__ = [
    "Quoted",
    "Statement",
    "Step",
    "all_statements",
    "compared",
    "evidence",
    "first_steps",
    "headline",
    "measure_compared",
    "totals_of_year",
]

MOST_OF = 0.8
"""The emitters named are the fewest that make up this share of all direct CO2."""

FEW = 6
"""More emitters than this are not called few; the first ``NAMED`` are then spoken of."""

NAMED = 3
"""Sectors that a sentence names."""

ALONE = 0.5
"""A sector with more than this share is said to emit (or produce) it alone."""

PASSED_ON = 0.2
"""Carbon is said to move on where the products of ``NAMED`` other sectors embody this share."""

HELD = 0.9
"""A place is said to hold where it is kept in this share of the draws."""


def all_statements(panel: Panel) -> list[Statement]:
    """Everything that is said of a panel, in the order of a deck.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.panel import panel
        >>> from graphmap.study import study
        >>> found = all_statements(panel(study(sample.table().select(["CN-ZJ"]))))
        >>> found[0].text["en"][:58]
        'Electricity & heat alone emits 65 % of the direct CO₂ of t'
    """
    of_steps = [each for step in first_steps(panel) for each in step.statements]
    return [headline(panel), *evidence(panel), *compared(panel), *of_steps]


def headline(panel: Panel) -> Statement:
    """The finding in one sentence: who emits, and where the carbon goes.

    Without emissions who produces; where nothing is known of the sectors, the largest flow.
    """
    study = panel.latest
    measure = "direct_co2" if "direct_co2" in study.sectors else "gross_output"
    values = _positive(study, measure)
    total = float(values.sum())
    if total <= 0:
        return _largest_flow(study)
    fewest = _fewest(values)
    key, count = ("few", len(fewest)) if len(fewest) <= FEW else ("first", NAMED)
    if values.iloc[0] > ALONE * total:
        key, count = "alone", 1
    first = said(
        f"headline.{key}.{measure}" + ("" if study.complete else ".listed"),
        place=study.place,
        sector=name_of_node(study, fewest[0]),
        count=number_of("count", count),
        sectors=number_of("sectors", study.n),
        share=share_of(measure, float(values.iloc[:count].sum()) / total),
    )
    then = _where_to(study, fewest[:count])
    text = {tag: first.text[tag] + (then.text[tag] if then else "") for tag in LANGUAGES}
    ended = {tag: text[tag] + ("." if tag == "en" else "。") for tag in LANGUAGES}
    return replace(first, text=ended, figures=first.figures + (then.figures if then else ()))


def _positive(study: Study, measure: str) -> pd.Series:
    """What is known of a measure by node id, the largest first."""
    values = study.sectors.get(measure, pd.Series(np.nan, index=study.sectors.index))
    return values.fillna(0.0).clip(lower=0.0).sort_values(ascending=False, kind="stable")


def _fewest(values: pd.Series) -> list[str]:
    """The fewest sectors that make up ``MOST_OF`` of the sum, the largest first."""
    reached = values.cumsum().to_numpy() >= MOST_OF * values.sum() * (1 - 1e-12)
    return [str(node) for node in values.index[: int(reached.argmax()) + 1]]


def _where_to(study: Study, emitters: list[str]) -> Statement | None:
    """Whose final products embody what is emitted: those of others, or of the emitters."""
    footprint = _positive(study, "footprint")
    others = footprint.drop(emitters).head(NAMED)
    total = float(footprint.sum())
    if total <= 0 or others.empty:
        return None
    passed, stays = float(others.sum()) / total, float(footprint[emitters].sum()) / total
    if passed >= PASSED_ON:
        names = names_of_nodes(study, list(map(str, others.index)))
        return said("headline.downstream", names=names, share=share_of("footprint", passed))
    if stays >= ALONE:
        return said("headline.own", share=share_of("footprint", stays))
    return said("headline.spread", share=share_of("footprint", float(others.iloc[0]) / total))


def evidence(panel: Panel) -> list[Statement]:
    """What supports the headline: emitters, a footprint, transmission, a relation, the picture."""
    study = panel.latest
    found = [
        _emitters(study),
        _product(study),
        _passing(study),
        _largest_flow(study),
        _kept(study),
        _picture(study),
    ]
    return [each for each in found if each]


def _emitters(study: Study) -> Statement | None:
    """The largest emitters with their direct CO2."""
    values = _positive(study, "direct_co2")
    if values.sum() <= 0:
        return None
    largest = values[_fewest(values)].head(NAMED + 1)
    quoted = [amount_of(study, "direct_co2", value) for value in largest]
    pairs = [
        words("statement.of_sector", sector=name_of_node(study, str(node)), amount=each.text)
        for node, each in zip(largest.index, quoted, strict=True)
    ]
    text = words("statement.emitters", pairs=listed(pairs))
    return Statement("emitters", text, tuple(quoted), "high_carbon")


def _product(study: Study) -> Statement | None:
    """The product whose footprint exceeds the direct CO2 of its sector by most."""
    if "footprint" not in study.sectors:
        return None
    gap = study.sectors["footprint"] - study.sectors["direct_co2"]
    node = str(gap.idxmax())
    row = study.sectors.loc[node]
    if gap[node] <= 0:
        return None
    return said(
        "product",
        row["role"],
        sector=name_of_node(study, node),
        footprint=amount_of(study, "footprint", row["footprint"]),
        direct=amount_of(study, "direct_co2", row["direct_co2"]),
    )


def _passing(study: Study) -> Statement | None:
    """The sector beside the high-carbon ones that passes on most carbon of its suppliers."""
    if "transmission" not in study.sectors:
        return None
    others = study.sectors[~study.sectors["high_carbon"]]
    if others.empty or others["transmission"].max() <= 0:
        return None
    row = others.loc[others["transmission"].idxmax()]
    sector = name_of_node(study, str(row.name))
    passed = amount_of(study, "transmission", row["transmission"])
    if row["direct_co2"] <= 0:
        return said("passing.only", row["role"], sector=sector, passed=passed)
    times = row["transmission"] / row["direct_co2"]
    shown = number_of("times", times, 0 if times > 9.5 else 1)
    return said("passing", row["role"], sector=sector, passed=passed, times=shown)


def _largest_flow(study: Study) -> Statement:
    """The largest flow between two sectors, by the study's weight."""
    row = study.transactions.iloc[0]
    share = row[f"share_{study.weight}"]
    return said(
        "largest_flow.listed" if pd.isna(share) else "largest_flow",
        row["supplier_role"],
        supplier=name_of_node(study, row["supplier"]),
        user=running(name_of_node(study, row["user"])),
        weight=running(words(f"weight.{study.weight}")),
        amount=flow_of(study, study.weight, row[study.weight]),
        share=share_of("share_of_flows", share, 1),
    )


def _kept(study: Study) -> Statement | None:
    """How many of the first sectors by priority stay among the first when the data are off."""
    if study.drawn is None:
        return None
    first = study.key_sectors["priority"].nlargest(study.top).index
    held = study.drawn.share_top()["priority"].loc[first] >= HELD
    return said(
        "kept",
        top=number_of("top", len(first)),
        count=number_of("kept", int(held.sum())),
        share=share_of("share_of_draws", HELD),
        draws=number_of("draws", study.drawn.draws - study.drawn.left_out),
        error=share_of("error", study.drawn.flow_error),
    )


def _picture(study: Study) -> Statement:
    """How much of what flows the map draws."""
    share = study.backbone.share_of_flow
    return said(
        "picture.listed" if pd.isna(share) else "picture",
        flows=number_of("flows", study.backbone.edges),
        weight=running(words(f"weight.{study.weight}")),
        share=share_of("covered", share),
    )


def compared(panel: Panel) -> list[Statement]:
    """The region beside others of its year, and beside its own earlier years."""
    several = len(panel.latest.regions) > 1
    found = _between_regions(panel) if several else _beside_regions(panel)
    return [*found, *_beside_years(panel)] or [said("alone")]


def measure_compared(panel: Panel) -> str:
    """By what regions are compared: direct CO2 where it is known, gross output otherwise."""
    known = "direct_co2" in panel.latest.sectors and "direct_co2" in panel.totals
    return "direct_co2" if known else "gross_output"


def totals_of_year(panel: Panel) -> pd.DataFrame:
    """Totals of the latest year, those that may be compared by ``measure_compared``."""
    year = panel.latest.year
    found = panel.totals if year is None else panel.totals[panel.totals["year"] == year]
    return _complete(found, measure_compared(panel))


def _complete(found: pd.DataFrame, measure: str) -> pd.DataFrame:
    return found[comparable(found, measure) & found[measure].notna()]


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
                count=count,
            )
        )
    return sentences


def _beside_years(panel: Panel) -> list[Statement]:
    """From the first year that can be compared to the latest."""
    study, measure = panel.latest, measure_compared(panel)
    found = panel.totals[panel.totals["region"].isin(study.regions)].dropna(subset=["year"])
    found = _complete(found, measure).sort_values("year")
    if len(study.regions) != 1 or len(found) < 2 or found["year"].iloc[-1] != study.year:
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
    return said(
        "rose" if change > 0 else "fell",
        place=study.place,
        measure=running(words(f"measure.{measure}")),
        first=plain(str(before["year"])),
        last=plain(str(after["year"])),
        **values,
    )
