"""What to do first: three levers, who holds them, and the figures that support each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from graphmap.i18n import Names, listed, running, words
from graphmap.leontief.measures import TONNES_PER_MT
from graphmap.panel import Panel
from graphmap.quoted import (
    Pairs,
    Statement,
    amount_of,
    flow_of,
    name_of_node,
    number_of,
    pairs_of,
    said,
    share_of,
)
from graphmap.studied import Study

NAMED = 3
"""Sectors that hold a lever, at most."""

NOTABLE = 0.05
"""A sector is to reduce itself where it has at least this share of the direct CO2; a supplier is
named where it supplies more than this share of what the first does."""

BESIDE_THE_FIRST = 0.25
"""Another sector holds a lever beside the first where it moves at least this share of that."""


@dataclass(frozen=True)
class Step:
    """What to do first with one of three levers.

    Attributes:
        lever: ``own_reduction``, ``green_procurement`` or ``supply_chain_finance``.
        role: the role whose sectors hold it, for its colour.
        nodes: ids of these sectors; ``sectors``: their names.
        statements: the figures that support it.
    """

    lever: str
    role: str
    nodes: tuple[str, ...]
    sectors: Names
    statements: tuple[Statement, ...]


def first_steps(panel: Panel) -> list[Step]:
    """Three levers and who holds them; none where nothing is emitted or known to be.

    - *Own reduction*: the high-carbon sectors with a notable share of the direct CO2.
    - *Green procurement*: those beside them that buy most carbon from them.
    - *Supply-chain finance*: those beside them that pass on most carbon of their suppliers, and so
      can bring money and demands to these.
    """
    study = panel.latest
    if not study.sectors.get("high_carbon", pd.Series(False)).any():
        return []
    return [step for step in (_own(study), _procurement(study), _finance(study)) if step]


def _own(study: Study) -> Step | None:
    direct = study.sectors["direct_co2"].fillna(0.0)
    total = float(direct.sum())
    high = direct[study.sectors["high_carbon"]].nlargest(NAMED)
    nodes = [str(node) for node in high.index[high >= NOTABLE * total]]
    if not nodes:
        return None
    together = float(direct[nodes].sum())
    sentences = [
        said(
            "own.amount" if study.complete else "own.amount.listed",
            amount=amount_of(study, "direct_co2", together),
            share=share_of("direct_co2", together / total),
        )
    ]
    both = study.sectors[["direct_co2", "gross_output"]].dropna().sum()
    intensity = study.sectors.at[nodes[0], "direct_intensity"]
    if intensity > 0 and both["gross_output"] > 0:
        mean = both["direct_co2"] / both["gross_output"] * TONNES_PER_MT
        sentences.append(
            said(
                "own.intensity",
                sector=running(name_of_node(study, nodes[0])),
                intensity=amount_of(study, "direct_intensity", intensity),
                times=number_of("times", intensity / mean, 1),
            )
        )
    return _step(study, "own_reduction", "high_carbon", nodes, sentences)


def _procurement(study: Study) -> Step | None:
    weight = _carbon(study)
    bought = study.leverage[f"{weight}_bought"]
    nodes = _largest(bought[~study.leverage["high"]])
    if not nodes:
        return None
    weighed = running(words(f"weight.{weight}"))
    sentences = [
        said(
            "procurement.bought" if study.complete else "procurement.bought.listed",
            weight=weighed,
            pairs=_flows(study, weight, bought[nodes]),
        )
    ]
    if study.complete:
        of_first = float(study.leverage.at[nodes[0], f"{weight}_share_of_purchases"])
        sentences.append(
            said(
                "procurement.share",
                sector=running(name_of_node(study, nodes[0])),
                weight=weighed,
                share=share_of("share_of_purchases", of_first),
            )
        )
    return _step(study, "green_procurement", "high_output", nodes, sentences)


def _finance(study: Study) -> Step | None:
    weight = _carbon(study)
    by = "transmission" if "transmission" in study.sectors else "betweenness"
    passed = study.sectors[by]
    nodes = _largest(passed[~study.sectors["high_carbon"]])
    if not nodes:
        return None
    sentences = []
    if by == "transmission":
        # sector by sector: transmissions of several hold the same CO2 and have no sum
        quoted = {node: amount_of(study, by, float(passed[node])) for node in nodes}
        sentences.append(said("finance.passed", pairs=pairs_of(study, quoted)))
    places = study.sectors.index.get_indexer(pd.Index(nodes))
    delivered = pd.Series(
        np.asarray(study.networks[weight].weights[:, places].sum(axis=1)).ravel(),
        index=study.sectors.index,
    )
    best = delivered.drop(nodes).nlargest(NAMED)
    best = best[best > NOTABLE * best.max()]
    if len(best):
        sentences.append(
            said(
                "finance.suppliers" if study.complete else "finance.suppliers.listed",
                weight=running(words(f"weight.{weight}")),
                pairs=_flows(study, weight, best),
            )
        )
    return _step(study, "supply_chain_finance", "high_transmission", nodes, sentences)


def _carbon(study: Study) -> str:
    """The weight that levers are about: what carries most of what is known of the carbon."""
    return next(w for w in ("embodied_co2", "direct_co2", "money") if w in study.networks)


def _flows(study: Study, weight: str, values: pd.Series) -> Pairs:
    quoted = {str(node): flow_of(study, weight, float(v)) for node, v in values.items()}
    return pairs_of(study, quoted)


def _largest(values: pd.Series) -> list[str]:
    """Up to ``NAMED`` sectors, each with a notable part of what the first has."""
    found = values.fillna(0.0).nlargest(NAMED)
    return [str(node) for node in found.index[found > BESIDE_THE_FIRST * found.max()]]


def _step(
    study: Study, lever: str, role: str, nodes: Sequence[str], sentences: Sequence[Statement]
) -> Step:
    names = listed([name_of_node(study, node) for node in nodes])
    coloured = tuple(replace(each, role=role) for each in sentences)
    return Step(lever, role, tuple(nodes), names, coloured)
