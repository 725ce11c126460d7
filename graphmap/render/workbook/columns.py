"""Columns of a workbook: a heading with its unit, and plain values of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphmap.classification import region
from graphmap.i18n import COLUMNS, running, vocabulary, with_unit, words
from graphmap.leontief.rank import catalogue
from graphmap.network.relations import flows_at
from graphmap.study import Study

BARS = {
    "gross_output": "high_output",
    "direct_co2": "high_carbon",
    "direct_intensity": "high_carbon",
    "total_intensity": "high_carbon",
    "footprint": "high_carbon",
    "transmission": "high_transmission",
    "priority": "other",
}
"""Measures with a bar in their cells, and the role whose colour it has."""

SHARES = ("priority", "betweenness", "pagerank")
"""Measures that are parts of one."""


@dataclass(frozen=True)
class Column:
    """A heading with its unit, a value a row, what kind of value; the role whose colour bars have.

    Kinds: ``text``, ``role`` (a key of the vocabulary), ``whole``, ``money``, ``mass``,
    ``intensity``, ``index`` and ``share`` (of one, shown as a percentage).
    """

    head: str
    values: Sequence[Any]
    kind: str = "text"
    bar: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table with a heading in its first row; ``frozen`` columns stay where a reader scrolls."""

    key: str
    columns: list[Column]
    frozen: int = 2

    @property
    def rows(self) -> int:
        """Rows below the heading."""
        return len(self.columns[0].values) if self.columns else 0


def unit_of(unit: str, tag: str) -> tuple[str, str]:
    """The kind of figure that has a unit, and the unit in words."""
    if unit.startswith("t_per_"):
        return "intensity", words("unit.intensity", money=words(f"unit.{unit[6:]}"))[tag]
    if unit.lower() == "mt":
        return "mass", "Mt"
    return ("money", words(f"unit.{unit}")[tag]) if unit else ("index", "")


def measure_column(study: Study, measure: str, values: Iterable[Any], tag: str) -> Column:
    """A measure of sectors as a column, its unit in the heading."""
    if measure.startswith("share_"):
        name = words("workbook.share_of", measure=running(words(f"measure.{measure[6:]}")))
        return Column(name[tag], list(values), "share")
    strength = measure in ("supply_strength", "use_strength")
    known = catalogue().get(measure, {"unit": ""})["unit"]
    unit = study.network.unit if strength else known.format(money=study.networks["money"].unit)
    kind, unit = ("share", "") if measure in SHARES else unit_of(unit, tag)
    head = words(f"measure.{measure}")[tag]
    bar = BARS.get(measure)
    return Column(with_unit(head, unit, tag) if unit else head, list(values), kind, bar)


def figures_of(study: Study) -> list[str]:
    """The measures of a study's sectors, the main ones first."""
    shares = [c for c in study.sectors if c.startswith("share_")]
    known = [c for c in study.sectors if f"measure.{c}" in vocabulary() and c not in BARS]
    return [*(c for c in BARS if c in study.sectors), *shares, *known]


def named(study: Study, tag: str, *, short: bool = False) -> NDArray[np.object_]:
    """The name of each sector, behind that of its region where there are several."""
    several = len(study.regions) > 1 and not short
    before = [f"{region(code).name[tag]} · " if several else "" for code in study.sectors["region"]]
    full = study.sectors[f"name_{COLUMNS[tag]}"].tolist()
    labels = [label[tag].replace("\n", " ") for label in study.labels] if short else full
    return np.array(
        [place + name for place, name in zip(before, labels, strict=True)], dtype=object
    )


def head(key: str, tag: str) -> str:
    """A heading of the workbook's own."""
    return words(f"workbook.column.{key}")[tag]


def positions(position: Iterable[str], tag: str) -> list[str]:
    """Upstream, midstream or downstream, in words."""
    return [words(f"position.{each}")[tag] for each in position]


def weights_of(study: Study) -> list[str]:
    """The weights of flows, the study's own first."""
    return [study.weight, *(weight for weight in study.networks if weight != study.weight)]


def flow_columns(study: Study, suppliers: Any, users: Any, tag: str) -> list[Column]:
    """Who supplies whom, in the roles of both, and how much by every weight."""
    ids, names = study.sectors.index.astype(str).to_numpy(), named(study, tag)
    roles = study.sectors["role"].to_numpy()
    columns = []
    for end, at in (("supplier", suppliers), ("user", users)):
        name = words(f"relations.column.{end}")[tag]
        columns += [
            Column(head(f"{end}_id", tag), ids[at].tolist()),
            Column(name, names[at].tolist()),
            Column(words(f"relations.column.{end}_role")[tag], roles[at].tolist(), "role"),
        ]
    for weight in weights_of(study):
        net = study.networks[weight]
        columns.append(weighed(weight, net.unit, flows_at(net, suppliers, users), tag))
    return columns


def weighed(weight: str, unit: str, values: Iterable[Any], tag: str, what: str = "") -> Column:
    """Flows of one weight; ``what`` of them, if it is not all."""
    kind, named = unit_of(unit, tag)
    head = words(f"weight.{weight}")
    head = words("workbook.of_weight", weight=head, what=words(what)) if what else head
    return Column(with_unit(head[tag], named, tag), list(values), kind)
