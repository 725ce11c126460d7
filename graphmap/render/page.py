"""One self-contained HTML page of a study, made through pyvis with our own template."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
import pyvis
from pyvis.network import Network

from graphmap import units
from graphmap.classification import group_names, region
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, listed, plain, vocabulary, words
from graphmap.network import largest
from graphmap.network.layout import BEND
from graphmap.network.levers import levers
from graphmap.network.relations import partners
from graphmap.network.roles import ROLES
from graphmap.render.files import write_all
from graphmap.render.tables import key_relations_csv, key_sectors_csv
from graphmap.study import MOST_DRAWN, SIZES, Study, radii

MEASURES = {
    "gross_output": "money",
    "direct_co2": "mass",
    "direct_intensity": "intensity",
    "total_intensity": "intensity",
    "footprint": "mass",
    "transmission": "mass",
    "upstreamness": "index",
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
IN_TABLE_WITHOUT_CO2 = ("gross_output", "upstreamness", "betweenness", "priority")

SHOWN_WORDS = ("page.", "role.", "weight.", "position.")
"""Keys of the vocabulary that the page's scripts use, beside those of its measures."""

MOST_SHARE = 0.20
"""The page carries the largest flows up to this share of the cells, and at most ``MOST_DRAWN``."""

SCRIPTS = (
    "page-base.js",
    "page-map.js",
    "page-panel.js",
    "page-tables.js",
    "page-controls.js",
    "page.js",
)
VIS = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"


def write_page(study: Study, path: str | Path) -> list[Path]:
    """Write the page, and beside it ``*.key-sectors.csv`` and ``*.key-relations.csv``.

    Returns:
        The three paths.

    Raises:
        DataError: the name does not end in .html, or the folder cannot be written; nothing is
            left half-written.
    """
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise DataError("not the name of a page", found=str(path), expected="a name in .html")
    outputs = {
        path: page(study),
        path.with_suffix(".key-sectors.csv"): key_sectors_csv(study),
        path.with_suffix(".key-relations.csv"): key_relations_csv(study),
    }
    write_all(outputs)
    return list(outputs)


def page(study: Study) -> str:
    """The page as one string of HTML, asking no other host for anything."""
    net = Network(directed=True, cdn_resources="in_line")
    for node, label, (_, place) in zip(
        study.sectors.index, study.labels, study.layout.positions.iterrows(), strict=True
    ):
        net.add_node(
            str(node),
            label=label[study.lang],
            x=place["x"],
            y=place["y"],
            shape="dot",
            physics=False,
        )
    for edge in edges(study):
        net.add_edge(edge.pop("supplier"), edge.pop("user"), **edge)
    net.options = {
        "physics": {"enabled": False},
        "edges": {
            "smooth": {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": BEND}
        },
    }
    nodes, links, _, _, _, options = net.get_network_data()
    html: str = _template().render(study=payload(study), nodes=nodes, edges=links, options=options)
    return html


@cache
def _template() -> jinja2.Template:
    folder = files(__package__) / "templates"

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    environment = jinja2.Environment(loader=jinja2.FunctionLoader(text), autoescape=True)
    return environment.get_template(
        "page.html.j2",
        globals={
            "css": text("page.css"),
            "scripts": [text(name) for name in SCRIPTS],
            "vis_js": VIS.read_text(encoding="utf-8"),
        },
    )


def most_flows(study: Study) -> int:
    """How many flows of each weight the reader can choose to see."""
    if not study.chosen_by_size:
        return study.backbone.edges
    share = round(MOST_SHARE * study.table.n**2)
    return min(max(share, study.backbone.edges), MOST_DRAWN)


def edges(study: Study) -> list[dict[str, Any]]:
    """The flows that may be drawn, each with all its weights.

    The largest of every weight between different sectors; the backbone alone where a rule other
    than size has chosen it.
    """
    n, most = study.table.n, most_flows(study)
    chosen: set[int] = set()
    drawn = [largest(net, most) for net in study.networks.values()]
    for part in drawn if study.chosen_by_size else [study.backbone]:
        flows = part.network.weights.tocoo()
        chosen.update((flows.row.astype(np.int64) * n + flows.col).tolist())
    rows, columns = np.divmod(np.array(sorted(chosen), dtype=np.int64), n)
    values = {
        w: np.asarray(net.weights[rows, columns]).ravel() for w, net in study.networks.items()
    }
    ids = study.sectors.index
    return [
        {
            "supplier": str(ids[i]),
            "user": str(ids[j]),
            **{w: _short(v[k]) for w, v in values.items()},
        }
        for k, (i, j) in enumerate(zip(rows, columns, strict=True))
    ]


def payload(study: Study) -> dict[str, Any]:
    """Everything the page shows, as plain data for its scripts."""
    measures = {m: kind for m, kind in MEASURES.items() if m in study.sectors}
    in_table = IN_TABLE if "direct_co2" in measures else IN_TABLE_WITHOUT_CO2
    n = study.table.n
    return {
        "generator": f"graphmap {version('graphmap')}",
        "command": study.command,
        "lang": study.lang,
        "title": study.title,
        "subtitle": study.subtitle,
        "notice": study.notice,
        "year": study.table.year,
        "currency": units.currency(study.table.unit),
        "regions": [{"id": code, "name": region(code).name} for code in study.table.regions],
        "weights": [_weight(study, weight) for weight in study.networks],
        "weight": study.weight,
        "keep": study.backbone.edges / n**2,
        "keep_max": most_flows(study) / n**2,
        "measures": [
            {"id": m, "kind": kind, "size": m in SIZES, "column": m in in_table}
            for m, kind in measures.items()
        ],
        "size": "gross_output",
        "colour": "role",
        "sectors": _sectors(study, list(measures)),
        "groups": {k: v for k, v in group_names().items() if k in set(study.sectors["group"])},
        "communities": study.community_names,
        "key_sectors": [str(node) for node in study.key_sectors.index],
        "relations": json.loads(study.relations.to_json(orient="records")),
        "thresholds": [{"about": key, **text} for key, text in study.thresholds.items()],
        "notes": _notes(study),
        "checks": [{"severity": f.severity, "text": f.text} for f in study.checks[:20]],
        "sources": _sources(study),
        "layout": {
            "width": study.layout.width,
            "height": study.layout.height,
            "font": study.layout.font,
        },
        "words": _words(measures),
    }


def _words(measures: Iterable[str]) -> dict[str, Names]:
    of_measures = {f"measure.{m}{suffix}" for m in measures for suffix in ("", ".help")}
    return {
        key: names
        for key, names in vocabulary().items()
        if key.startswith(SHOWN_WORDS) or key in of_measures
    }


def _sectors(study: Study, measures: list[str]) -> list[dict[str, Any]]:
    sectors = study.sectors
    ranks = sectors[measures].rank(ascending=False, method="min").astype(int)
    sizes = {size: radii(sectors[size]) for size in SIZES if size in sectors}
    carbon = study.networks.get("embodied_co2")
    found = []
    for i, (node, row) in enumerate(sectors.iterrows()):
        label = study.labels[i]
        found.append(
            {
                "id": str(node),
                "code": row["code"],
                "region": row["region"],
                "name": study.table.names(i),
                "short": {tag: label[tag].replace("\n", " ") for tag in LANGUAGES},
                "label": label,
                "pinyin": row["pinyin"],
                "group": row["group"],
                "community": int(row["community"]),
                "position": row["position"],
                "role": row["role"],
                "roles": [role for role in ROLES if row[role]],
                "values": {m: _short(row[m]) for m in measures},
                "ranks": {m: int(ranks.at[node, m]) for m in measures},
                "radius": {size: round(float(radius[i]), 1) for size, radius in sizes.items()},
                "users": {w: _partners(study, w, i, "user") for w in study.networks},
                "suppliers": {w: _partners(study, w, i, "supplier") for w in study.networks},
                "levers": levers(carbon, sectors, str(node)) if carbon else [],
            }
        )
    return found


def _partners(study: Study, weight: str, i: int, direction: str) -> list[list[Any]]:
    net = study.networks[weight]
    total = float((net.supplied if direction == "user" else net.received)[i])
    return [
        [str(study.sectors.index[j]), _short(value), round(value / total, 4)]
        for j, value in partners(net, i, direction)
    ]


def _weight(study: Study, weight: str) -> dict[str, Any]:
    net = study.networks[weight]
    between = float(net.without_loops().weights.sum())
    return {
        "id": weight,
        "kind": "money" if weight == "money" else "mass",
        "between": _short(between),
        "within": _short(float(net.weights.sum()) - between),
        "cells": study.table.n**2,
    }


def _notes(study: Study) -> list[Names]:
    """How the figures came about, and what was done to the data on the way."""
    notes = [words("page.method.flows"), words("page.method.communities", seed=study.seed)]
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
