"""What is said of a panel: sentences made from its figures by rules, with the figures they quote.

No sentence is fixed: which one is said, of which sectors and with which figures follows from the
data alone, so that another region gets another text and every figure can be looked up.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from graphmap.beside import compared
from graphmap.first_steps import Step, first_steps
from graphmap.i18n import LANGUAGES, listed, running, words
from graphmap.network.highest import highest
from graphmap.panel import Panel
from graphmap.quoted import (
    Quoted,
    Statement,
    amount_of,
    flow_of,
    name_of_node,
    names_of_nodes,
    number_of,
    pairs_of,
    said,
    share_of,
)
from graphmap.studied import Study

__all__ = [
    "Quoted",
    "Statement",
    "Step",
    "all_statements",
    "compared",
    "evidence",
    "first_steps",
    "headline",
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
"""Carbon is said to move on where the products of ``NAMED`` others, more than they emit themselves,
embody this share."""

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
    if len(fewest) <= NAMED:
        key = "named"
    if values.iloc[0] > ALONE * total:
        key, count = "alone", 1
    first = said(
        f"headline.{key}.{measure}" + ("" if study.complete else ".listed"),
        place=study.place,
        sector=name_of_node(study, fewest[0]),
        names=listed(
            [
                name_of_node(study, fewest[0]),
                *(running(name_of_node(study, node)) for node in fewest[1:count]),
            ]
        ),
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
    """Whose final products embody what is emitted: those of others, or of the emitters.

    Others are spoken of where their products embody more than they emit: the rest is their own.
    """
    footprint, direct = _positive(study, "footprint"), _positive(study, "direct_co2")
    others = footprint.drop(emitters)
    total = float(footprint.sum())
    if total <= 0 or others.empty:
        return None
    users = others[others > direct[others.index]].head(NAMED)
    passed, stays = float(users.sum()) / total, float(footprint[emitters].sum()) / total
    if passed >= PASSED_ON:
        return said(
            "headline.downstream",
            names=names_of_nodes(study, list(map(str, users.index))),
            share=share_of("footprint", passed),
            direct=share_of("direct_co2", float(direct[users.index].sum() / direct.sum())),
        )
    several = "" if len(emitters) == 1 else ".several"
    if stays >= ALONE:
        return said(f"headline.own{several}", share=share_of("footprint", stays))
    return said(
        f"headline.spread{several}" if stays > 0 else "headline.spread.none",
        share=share_of("footprint", stays),
        sector=running(name_of_node(study, str(others.index[0]))),
        most=share_of("footprint", float(others.iloc[0]) / total),
    )


def evidence(panel: Panel) -> list[Statement]:
    """What supports the headline: emitters, a footprint, transmission, a relation, the picture."""
    study = panel.latest
    found = [
        _emitters(study),
        _product(study),
        _passing(study),
        _largest_flow(study),
        _kept(study),
        picture(study),
    ]
    return [each for each in found if each]


def _emitters(study: Study) -> Statement | None:
    """The largest emitters with their direct CO2."""
    values = _positive(study, "direct_co2")
    if values.sum() <= 0:
        return None
    largest = values[_fewest(values)].head(NAMED + 1)
    quoted = {str(node): amount_of(study, "direct_co2", value) for node, value in largest.items()}
    return said("emitters", "high_carbon", pairs=pairs_of(study, quoted))


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
    """How many of the first sectors by priority stay among the first when the data are off.

    Of several regions the first of each are looked at, as the draws do. Where no more than these
    have a priority at all, they stay among the first whatever happens.
    """
    if study.drawn is None:
        return None
    priority, region = study.sectors["priority"], study.sectors["region"]
    more = (priority > 0).groupby(region).transform("sum") > study.top
    chosen = highest(priority[more], region[more], top=study.top)
    first = chosen.index[chosen]
    if first.empty:
        return None
    held = study.drawn.share_top()["priority"].loc[first] >= HELD
    return said(
        "kept" if len(study.regions) == 1 else "kept.regions",
        first=number_of("first", len(first)),
        top=number_of("top", study.top),
        count=number_of("kept", int(held.sum())),
        share=share_of("share_of_draws", HELD),
        draws=number_of("draws", study.drawn.draws - study.drawn.left_out),
        error=share_of("error", study.drawn.flow_error),
    )


def picture(study: Study) -> Statement:
    """How much of what flows the map draws."""
    share = study.backbone.share_of_flow
    key = "picture" if study.complete else "picture.of_source"
    key = "picture.listed" if pd.isna(share) else key
    return said(
        key + (".one" if study.backbone.edges == 1 else ""),
        flows=number_of("flows", study.backbone.edges),
        weight=running(words(f"weight.{study.weight}")),
        share=share_of("covered", share),
    )
