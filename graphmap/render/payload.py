"""Everything a page shows of a panel, as plain data for its scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd

from graphmap.accounts import Source
from graphmap.classification import group_names, region
from graphmap.i18n import LANGUAGES, Names, listed, plain, vocabulary, words
from graphmap.network.crossings import BEND
from graphmap.network.layout import FONT
from graphmap.network.levers import levers
from graphmap.network.relations import partners
from graphmap.network.robustness import note
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.render.payload_flows import (
    between_regions,
    flows,
    loops_of,
    most_flows,
    short,
    weight_of,
)
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
        "words": words_of(SHOWN_WORDS, measures),
    }


def words_of(starts: tuple[str, ...], measures: Iterable[str]) -> dict[str, Names]:
    """The part of the vocabulary that scripts use: keys that start so, and names of measures."""
    of_measures = {f"measure.{m}{suffix}" for m in measures for suffix in ("", ".help")}
    return {
        key: names
        for key, names in vocabulary().items()
        if key.startswith(starts) or key in of_measures
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
    return {
        "year": study.year,
        "title": study.title,
        "subtitle": study.subtitle,
        "notice": study.notice,
        "weights": {weight: weight_of(study, weight) for weight in study.networks},
        "keep": study.backbone.edges / study.n**2,
        "keep_max": most_flows(study) / study.n**2,
        "cells": study.n**2,
        "sectors": _of_sectors(study, at, measures),
        "flows": [[at[i], at[j], *v] for i, j, *v in flows(study)],
        "loops": loops_of(study, at),
        "between": between_regions(study),
        "paths": _paths(study, at),
        "communities": study.community_names,
        "key_sectors": [at[i] for i in study.sectors.index.get_indexer(study.key_sectors.index)],
        "relations": _relations(study, at),
        "thresholds": [{"about": key, **text} for key, text in study.thresholds.items()],
        "notes": [*_notes(study), *([note(study.drawn)] if study.drawn else [])],
        "checks": [{"severity": f.severity, "text": f.text} for f in study.checks[:20]],
        "sources": [cited(source) for source in study.sources],
    }


def _paths(study: Study, at: Sequence[int]) -> list[dict[str, Any]]:
    """The largest structural paths of at least two sectors: emitter first, final product last."""
    place = dict(zip(study.sectors.index, at, strict=True))
    found = study.paths
    return [
        {
            "value": short(co2),
            "share": short(share),
            "stages": [place[node] for node in path],
        }
        for co2, share, path in zip(found["co2"], found["share"], found["path"], strict=True)
    ]


def _of_sectors(study: Study, at: Sequence[int], measures: Sequence[str]) -> list[dict[str, Any]]:
    sectors = study.sectors
    known = [m for m in measures if m in sectors]
    ranks = sectors[known].rank(ascending=False, method="min")
    carbon = study.networks.get("embodied_co2")
    held = study.rank_intervals
    found = []
    for i, (node, row) in enumerate(sectors.iterrows()):
        found.append(
            {
                "at": at[i],
                "values": {m: short(row[m]) for m in known},
                "ranks": {m: int(r) for m in known if not pd.isna(r := ranks.at[node, m])},
                "community": int(row["community"]),
                "position": row["position"],
                "role": row["role"],
                "roles": [role for role in ROLES if row[role]],
                "users": {w: _partners(study, w, i, "user", at) for w in study.networks},
                "suppliers": {w: _partners(study, w, i, "supplier", at) for w in study.networks},
                "levers": levers(carbon, sectors, str(node)) if carbon else [],
                **({} if held is None else {"robust": held.iloc[i].tolist()}),
            }
        )
    return found


def _partners(
    study: Study, weight: str, i: int, direction: str, at: Sequence[int]
) -> list[list[Any]]:
    net = study.networks[weight]
    total = float((net.supplied if direction == "user" else net.received)[i])
    return [
        [at[j], short(value), round(value / total, 4) if study.complete else None]
        for j, value in partners(net, i, direction)
    ]


def _relations(study: Study, at: Sequence[int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(study.relations.to_json(orient="records"))
    place = {str(node): at[i] for i, node in enumerate(study.sectors.index)}
    return [
        {**row, "sector": place[row["sector"]], "partner": place[row["partner"]]} for row in found
    ]


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


def cited(source: Source, *, sheet: bool = True) -> Names:
    """A source in words: publisher, citation, file and, if asked for, the sheet."""
    parts = (source.citation, source.file, source.sheet if sheet else None)
    publisher = [words(f"publisher.{source.publisher}")] if source.publisher else []
    return listed(publisher + [plain(part) for part in parts if part])
