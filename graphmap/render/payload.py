"""Everything a page shows of a panel, as plain data for its scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from graphmap.classification import group_names, region
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, listed, plain, vocabulary, words
from graphmap.leontief.paths import structural_paths
from graphmap.network import largest, robustness
from graphmap.network.crossings import BEND
from graphmap.network.layout import FONT
from graphmap.network.levers import levers
from graphmap.network.relations import partners
from graphmap.network.robustness import Robustness, note
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.study import LARGEST, MOST_DRAWN, SIZES, SMALLEST, Study

MEASURES = {
    "gross_output": "money",
    "direct_co2": "mass",
    "direct_intensity": "intensity",
    "total_intensity": "intensity",
    "footprint": "mass",
    "transmission": "mass",
    "upstreamness": "index",
    "trophic_level": "index",
    "betweenness": "share",
    "priority": "share",
}
"""What the page shows of a sector, in order, and the kind of figure it is."""

IN_TABLE = (
    "gross_output",
    "direct_co2",
    "direct_intensity",
    "total_intensity",
    "footprint",
    "transmission",
)
IN_TABLE_WITHOUT_CO2 = ("gross_output", "upstreamness", "trophic_level", "betweenness", "priority")

SHOWN_WORDS = ("page.", "role.", "weight.", "position.")
"""Keys of the vocabulary that the page's scripts use, beside those of its measures."""

MOST_SHARE = 0.20
"""The page carries the largest flows up to this share of the cells, and at most ``MOST_DRAWN``."""

BETWEEN_REGIONS = 6
"""Flows that every ordered pair of regions has on the page at least, if there are so many."""

PATHS = 40
"""Structural paths on the page."""

DRAWS, MANY = 1000, 200
"""Draws that tell how far ranks move, and the sectors above which they would take too long."""


def payload(panel: Panel, languages: Sequence[str] = LANGUAGES) -> dict[str, Any]:
    """What the scripts are given: what all years share, and one period a study.

    Args:
        panel: what the page shows.
        languages: those a reader can choose.
    """
    last = panel.latest
    measures = {
        m: kind for m, kind in MEASURES.items() if any(m in s.sectors for s in panel.studies)
    }
    in_table = IN_TABLE if "direct_co2" in measures else IN_TABLE_WITHOUT_CO2
    sectors = _sectors(panel)
    at = {sector["id"]: i for i, sector in enumerate(sectors)}
    periods = [
        _period(study, [at[i] for i in ids], list(measures))
        for study, ids in zip(panel.studies, panel.ids, strict=True)
    ]
    return {
        "generator": f"graphmap {version('graphmap')}",
        "command": last.command,
        "lang": last.lang,
        "languages": list(languages),
        "currency": last.currency,
        "place": last.place,
        "regions": [
            {"id": code, "name": region(code).name, "short": region(code).short}
            for code in last.regions
        ],
        "weights": [{"id": w, "kind": "money" if w == "money" else "mass"} for w in last.networks],
        "weight": last.weight,
        "measures": [
            {"id": m, "kind": kind, "size": m in SIZES, "column": m in in_table}
            for m, kind in measures.items()
        ],
        "size": "gross_output",
        "maxima": _maxima(panel),
        "radius": {"smallest": SMALLEST, "largest": LARGEST},
        "font": FONT,
        "bend": BEND,
        "layouts": _layouts(panel, [sector["id"] for sector in sectors]),
        "layout": "regions" if panel.cells else "chain",
        "sectors": sectors,
        "groups": {k: v for k, v in group_names().items() if k in {s["group"] for s in sectors}},
        "periods": periods,
        "words": _words(measures),
    }


def _words(measures: Iterable[str]) -> dict[str, Names]:
    of_measures = {f"measure.{m}{suffix}" for m in measures for suffix in ("", ".help")}
    return {
        key: names
        for key, names in vocabulary().items()
        if key.startswith(SHOWN_WORDS) or key in of_measures
    }


def _sectors(panel: Panel) -> list[dict[str, Any]]:
    """What every year knows of a sector: its labels; the latest year speaks first."""
    found: dict[str, dict[str, Any]] = {}
    for study, ids in reversed(list(zip(panel.studies, panel.ids, strict=True))):
        for i, (node, (_, row)) in enumerate(zip(ids, study.sectors.iterrows(), strict=True)):
            label = study.labels[i]
            if node not in found:
                found[node] = {
                    "id": node,
                    "code": row["code"],
                    "region": row["region"],
                    "name": study.names(i),
                    "short": {tag: label[tag].replace("\n", " ") for tag in LANGUAGES},
                    "label": label,
                    "pinyin": row["pinyin"],
                    "group": row["group"],
                }
    return list(found.values())


def _layouts(panel: Panel, ids: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: {
            "width": layout.width,
            "height": layout.height,
            "places": layout.positions.loc[list(ids), ["x", "y"]].round(1).to_numpy().tolist(),
        }
        for name, layout in panel.layouts.items()
    }
    if panel.axes:
        found["axes"]["ticks"] = {"x": panel.axes.x_ticks, "y": panel.axes.y_ticks}
    if panel.cells:
        boxes = panel.cells.boxes[["x", "y", "width", "height"]].round(1)
        found["regions"]["cells"] = dict(zip(boxes.index, boxes.to_numpy().tolist(), strict=True))
    return found


def _maxima(panel: Panel) -> dict[str, float]:
    """The largest value of each size in any year, so that dots can be compared between years."""
    return {
        size: max(
            float(s.sectors[size].fillna(0.0).max()) for s in panel.studies if size in s.sectors
        )
        for size in SIZES
        if any(size in s.sectors for s in panel.studies)
    }


def _period(study: Study, at: Sequence[int], measures: Sequence[str]) -> dict[str, Any]:
    """What one study says; sectors go by their place ``at`` in the list of the page."""
    drawn = _drawn(study)
    return {
        "year": study.year,
        "title": study.title,
        "subtitle": study.subtitle,
        "notice": study.notice,
        "weights": {weight: _weight(study, weight) for weight in study.networks},
        "keep": study.backbone.edges / study.n**2,
        "keep_max": most_flows(study) / study.n**2,
        "cells": study.n**2,
        "sectors": _of_sectors(study, at, measures, drawn),
        "flows": [[at[i], at[j], *v] for i, j, *v in flows(study)],
        "loops": _loops(study, at),
        "between": _between(study),
        "paths": _paths(study, at),
        "communities": study.community_names,
        "key_sectors": [at[i] for i in study.sectors.index.get_indexer(study.key_sectors.index)],
        "relations": _relations(study, at),
        "thresholds": [{"about": key, **text} for key, text in study.thresholds.items()],
        "notes": [*_notes(study), *([note(drawn)] if drawn else [])],
        "checks": [{"severity": f.severity, "text": f.text} for f in study.checks[:20]],
        "sources": _sources(study),
    }


def most_flows(study: Study) -> int:
    """How many flows of each weight the reader can choose to see."""
    if not study.chosen_by_size:
        return study.backbone.edges
    share = round(MOST_SHARE * study.n**2)
    return min(max(share, study.backbone.edges), MOST_DRAWN)


def flows(study: Study) -> list[list[Any]]:
    """The flows that may be drawn: supplier and user by number, then each of their weights.

    The largest of every weight between different sectors (the backbone alone where a rule other
    than size has chosen it), and the largest between every two regions.
    """
    n, most = study.n, most_flows(study)
    chosen: set[int] = set()
    drawn = [largest(net, most) for net in study.networks.values()]
    for part in drawn if study.chosen_by_size else [study.backbone]:
        kept = part.network.weights.tocoo()
        chosen.update((kept.row.astype(np.int64) * n + kept.col).tolist())
    chosen.update(_between_pairs(study))
    rows, columns = np.divmod(np.array(sorted(chosen), dtype=np.int64), n)
    values = [np.asarray(net.weights[rows, columns]).ravel() for net in study.networks.values()]
    return [
        [i, j, *(_short(v[k]) for v in values)]
        for k, (i, j) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
    ]


def _between_pairs(study: Study) -> list[int]:
    """The largest flows between every two regions, as supplier times n plus user."""
    if len(study.regions) < 2 or not study.chosen_by_size:
        return []
    kept = study.network.without_loops().weights.tocoo()
    place = pd.Categorical(study.sectors["region"]).codes.astype(np.int64)
    pair = place[kept.row] * len(study.regions) + place[kept.col]
    between = np.flatnonzero(place[kept.row] != place[kept.col])
    order = between[np.lexsort((-kept.data[between], pair[between]))]
    starts = np.searchsorted(pair[order], pair[order])
    best = order[np.arange(len(order)) - starts < BETWEEN_REGIONS]
    found: list[int] = (kept.row[best].astype(np.int64) * study.n + kept.col[best]).tolist()
    return found


def _loops(study: Study, at: Sequence[int]) -> list[list[Any]]:
    """Flows within a sector: its place, then each weight."""
    values = [net.weights.diagonal() for net in study.networks.values()]
    return [
        [at[i], *(_short(v[i]) for v in values)]
        for i in range(study.n)
        if any(v[i] for v in values)
    ]


def _between(study: Study) -> dict[str, list[list[float | None]]] | None:
    """For several regions: what each supplies to each, by weight, its own sectors included."""
    if len(study.regions) < 2:
        return None
    place = pd.Categorical(study.sectors["region"], categories=study.regions).codes
    which = np.eye(len(study.regions))[place]
    return {
        weight: [
            [_short(cell) for cell in row]
            for row in which.T @ (net.without_loops().weights @ which)
        ]
        for weight, net in study.networks.items()
    }


def _paths(study: Study, at: Sequence[int]) -> list[dict[str, Any]]:
    """The largest structural paths of at least two sectors: emitter first, final product last."""
    if "embodied_co2" not in study.networks:
        return []
    try:
        # as many more as there can be of one sector, so that enough are left of two and more
        found = structural_paths(study.table, count=PATHS + study.n)
    except DataError:  # no footprint, or flows so negative that no path can be followed
        return []
    place = dict(zip(study.sectors.index, at, strict=True))
    longer = found[found["stages"] > 0].head(PATHS)
    return [
        {
            "value": _short(co2),
            "share": _short(share),
            "stages": [place[node] for node in path],
        }
        for co2, share, path in zip(longer["co2"], longer["share"], longer["path"], strict=True)
    ]


def _of_sectors(
    study: Study, at: Sequence[int], measures: Sequence[str], drawn: Robustness | None
) -> list[dict[str, Any]]:
    sectors = study.sectors
    known = [m for m in measures if m in sectors]
    ranks = sectors[known].rank(ascending=False, method="min")
    carbon = study.networks.get("embodied_co2")
    held = _rank_intervals(drawn, study) if drawn else None
    found = []
    for i, (node, row) in enumerate(sectors.iterrows()):
        found.append(
            {
                "at": at[i],
                "values": {m: _short(row[m]) for m in known},
                "ranks": {m: int(r) for m in known if not pd.isna(r := ranks.at[node, m])},
                "community": int(row["community"]),
                "position": row["position"],
                "role": row["role"],
                "roles": [role for role in ROLES if row[role]],
                "users": {w: _partners(study, w, i, "user", at) for w in study.networks},
                "suppliers": {w: _partners(study, w, i, "supplier", at) for w in study.networks},
                "levers": levers(carbon, sectors, str(node)) if carbon else [],
                **({"robust": held[i]} if held else {}),
            }
        )
    return found


def _drawn(study: Study) -> Robustness | None:
    """How far ranks by priority move when the data are off; None where nothing is drawn."""
    if not study.complete or study.n > MANY:
        return None
    try:
        return robustness(
            study.table, draws=DRAWS, measures=["priority"], top=study.top, seed=study.seed
        )
    except DataError:  # most draws left a sector without output: nothing can be said
        return None


def _rank_intervals(drawn: Robustness, study: Study) -> list[list[int]]:
    """Between which ranks by priority 90 % of the draws lie."""
    of_priority = drawn.intervals.xs("priority", level="measure").loc[study.sectors.index]
    found: list[list[int]] = of_priority[["rank_low", "rank_high"]].astype(int).to_numpy().tolist()
    return found


def _partners(
    study: Study, weight: str, i: int, direction: str, at: Sequence[int]
) -> list[list[Any]]:
    net = study.networks[weight]
    total = float((net.supplied if direction == "user" else net.received)[i])
    return [
        [at[j], _short(value), round(value / total, 4) if study.complete else None]
        for j, value in partners(net, i, direction)
    ]


def _relations(study: Study, at: Sequence[int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(study.relations.to_json(orient="records"))
    place = {str(node): at[i] for i, node in enumerate(study.sectors.index)}
    return [
        {**row, "sector": place[row["sector"]], "partner": place[row["partner"]]} for row in found
    ]


def _weight(study: Study, weight: str) -> dict[str, Any]:
    """What shares are of: all flows between sectors, or None where these are not known; within."""
    whole = study.whole[weight]
    within = float(study.networks[weight].weights.diagonal().sum())
    return {
        "whole": None if whole is None else _short(whole),
        "within": _short(within) if study.complete else None,
    }


def _notes(study: Study) -> list[Names]:
    """How the figures came about, and what was done to the data on the way."""
    flows_of = "page.method.flows" if study.complete else "page.method.listed_flows"
    notes = [words(flows_of), words("page.method.communities", seed=study.seed)]
    if "embodied_co2" in study.networks:
        notes.insert(0, words("page.method.carbon"))
    if not study.chosen_by_size:
        notes.append(words("page.method.rule", rule=study.keep))
    if most_flows(study) == MOST_DRAWN:
        notes.append(words("page.method.cut", most=MOST_DRAWN))
    for source in study.sources:
        notes += [note for note in source.notes if note not in notes]
    return notes


def _sources(study: Study) -> list[Names]:
    found = []
    for source in study.sources:
        parts = [plain(part) for part in (source.citation, source.file, source.sheet) if part]
        publisher = [words(f"publisher.{source.publisher}")] if source.publisher else []
        found.append(listed(publisher + parts))
    return found


def _short(value: float) -> float | None:
    """Nine significant figures: all a table holds, and half the bytes."""
    return None if pd.isna(value) else float(f"{value:.9g}")
