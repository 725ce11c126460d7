"""``Study``: what every picture of one study shares, computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from graphmap.accounts import Finding, IOTable, Source, prepared
from graphmap.classification import region
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, language, listed, plain, words
from graphmap.leontief import sector_measures
from graphmap.network import (
    TOP,
    WEIGHTS,
    Backbone,
    FlowNetwork,
    centrality,
    communities,
    cut_points,
    key_relations,
    key_sectors,
    largest,
    network,
    position,
)
from graphmap.network import (
    keep as keep_flows,
)
from graphmap.network.community_table import community_names
from graphmap.network.layout import Layout, boxes, chain_layout, wrapped
from graphmap.network.position import POSITIONS
from graphmap.network.roles import role_measures

SIZES = ("gross_output", "direct_co2", "footprint", "transmission")
"""Measures a dot's area may show; the layout leaves room for the largest."""

SMALLEST, LARGEST = 6.0, 30.0
"""Radii of dots on the canvas."""

CENTRALITIES = ("supply_strength", "use_strength", "pagerank", "betweenness")
"""Those a map shows; ``centrality`` has more."""

UNPUBLISHED = ("sample", "constructed")
"""Publishers whose figures must not be taken for statistics."""

MOST_DRAWN = 6000
"""Flows beyond this number are not drawn: no reader could tell them apart."""

REGIONS_NAMED = 3
"""A title names at most this many regions."""


@dataclass(frozen=True, eq=False)
class Study:
    """A table, its networks and what stands out in them; every renderer takes a Study only.

    Attributes:
        table: the table mapped, imports out of its cells unless they were asked to stay.
        networks: weight -> FlowNetwork on the domestic table; nodes are those of ``sectors``.
        weight: the weight that the backbone, the relations and the map are about.
        sectors: a row a region-sector in the table's order: labels, measures, centralities, roles,
            priority and its parts, community, position.
        key_sectors: the same rows, the most important first.
        relations: as ``network.key_relations``.
        backbone: the flows drawn.
        checks: what the accounting checks found.
        lang: the language shown first.
        top: how many sectors of each region count as high.
        command: how the study was asked for.
    """

    table: IOTable
    networks: dict[str, FlowNetwork]
    weight: str
    sectors: pd.DataFrame
    key_sectors: pd.DataFrame
    relations: pd.DataFrame
    backbone: Backbone
    checks: tuple[Finding, ...]
    lang: str = "en"
    top: int = TOP
    keep: str = "5%"
    seed: int = 1
    command: str = ""

    @property
    def network(self) -> FlowNetwork:
        """The network of the study's own weight."""
        return self.networks[self.weight]

    @cached_property
    def labels(self) -> list[Names]:
        """The label of each node as drawn, over two lines where it is long."""
        return [
            {tag: wrapped(text) for tag, text in names.items()} for names in self.network.labels
        ]

    @cached_property
    def layout(self) -> Layout:
        """Where each sector stands, in every picture; found when the first one is drawn."""
        largest = np.max(
            [radii(self.sectors[size]) for size in SIZES if size in self.sectors], axis=0
        )
        covered = boxes([list(label.values()) for label in self.labels], largest)
        return chain_layout(
            self.backbone.network, self.sectors["upstreamness"], covered, seed=self.seed
        )

    @cached_property
    def chosen_by_size(self) -> bool:
        """Whether the flows drawn are simply the largest, so that a reader can ask for more."""
        drawn = self.backbone.network.weights
        return bool((drawn != largest(self.network, drawn.nnz).network.weights).nnz == 0)

    @cached_property
    def place(self) -> Names:
        """The regions of the study in words."""
        return place_of(self.table)

    @cached_property
    def title(self) -> Names:
        """Place, year and what flows."""
        year = f" {self.table.year}" if self.table.year else ""
        return words(
            "study.title", place=self.place, year=year, weight=words(f"study.{self.weight}")
        )

    @cached_property
    def subtitle(self) -> Names:
        """How many sectors, and from what."""
        return words("study.subtitle", count=self.table.n, sources=listed(self.publishers))

    @property
    def publishers(self) -> list[Names]:
        """Who published the figures, each once."""
        known = dict.fromkeys((s.publisher, "" if s.publisher else s.file) for s in self.sources)
        return [words(f"publisher.{key}") if key else plain(file) for key, file in known]

    @property
    def sources(self) -> list[Source]:
        """The source of the table and of its emissions, each once."""
        found = [self.table.source, *(e.source for e in self.table.extensions.values())]
        return [source for i, source in enumerate(found) if source not in found[:i]]

    @property
    def notice(self) -> Names | None:
        """What the header has to warn of: figures that are not published ones."""
        publisher = self.table.source.publisher
        return words(f"study.{publisher}") if publisher in UNPUBLISHED else None

    @cached_property
    def thresholds(self) -> dict[str, Names]:
        """How each role, and ``position``, is told, in words."""
        rule = "study.role_rule_regional" if len(self.table.regions) > 1 else "study.role_rule"
        found = {
            role: words(rule, top=self.top, measure=words(f"measure.{measure}"))
            for role, measure in role_measures(self.sectors).items()
        }
        producing = self.sectors["gross_output"] > 0
        high, low = cut_points(self.sectors.loc[producing, "upstreamness"])
        found["position"] = words(
            "study.position_rule", upper=figure(high, 2), lower=figure(low, 2)
        )
        return found

    @cached_property
    def community_names(self) -> list[Names]:
        """Each community by the two of its sectors with the largest flows."""
        return community_names(self.network, self.sectors["community"])


def no_flows(file: str, weight: str, money: FlowNetwork) -> DataError:
    """The error for a network without flows between sectors; there may be some of money."""
    traded = weight != "money" and money.without_loops().weights.nnz
    return DataError(
        f"no {weight} flows between sectors" if traded else "no flows between sectors",
        file=file,
        expected="a table whose sectors deal with one another",
        remedy="use --weight money" if traded else None,
    )


def place_of(table: IOTable) -> Names:
    """The regions of a table in words."""
    names = [region(code).name for code in table.regions if code]
    if not names:
        return words("study.no_region")
    return (
        listed(names) if len(names) <= REGIONS_NAMED else words("study.regions", count=len(names))
    )


def study(
    table: IOTable,
    *,
    weight: str | None = None,
    keep: str = "5%",
    lang: str = "en",
    top: int = TOP,
    imports: str = "out",
    seed: int = 1,
    command: str = "",
) -> Study:
    """Compute everything that a page, a deck or a workbook shows of a table.

    Args:
        table: rows supply, columns use.
        weight: what the map is about; embodied CO2, or money where there are no emissions.
        keep: which flows to draw: ``5%`` of the cells or ``flow:80%`` of the flow.
        lang: the language shown first.
        top: how many sectors of each region count as high.
        imports: ``out`` takes imports out of the cells of a competitive table, ``inside`` leaves
            them in.
        seed: for the communities and the layout; the same seed gives the same study.
        command: how the study was asked for, to be printed on the page.

    Raises:
        DataError: an option is not known, the table has a fault that no figure survives, or it
            has no flows.

    Example:
        >>> from graphmap import sample
        >>> found = study(sample.table().select(["CN-GD"]))
        >>> found.title["en"], found.backbone.edges
        ('Guangdong 2017 · embodied carbon network', 88)
    """
    domestic, checks = prepared(table, imports)
    measures = sector_measures(domestic)
    weights = [w for w in WEIGHTS if w == "money" or domestic.has_emissions]
    networks = {w: network(domestic, w, measures=measures) for w in weights}
    chosen = weight or weights[-1]
    if chosen not in networks:
        network(domestic, chosen, measures=measures)  # says why not
    net = networks[chosen]
    if not net.without_loops().weights.nnz:
        raise no_flows(table.source.file, chosen, networks["money"])
    nodes = net.nodes.join(centrality(net, CENTRALITIES))
    nodes["community"] = communities(net, seed=seed)
    # thirds of the sectors that produce; what does not is as far downstream as can be
    chain = position(nodes.loc[nodes["gross_output"] > 0, "upstreamness"])
    nodes["position"] = chain.reindex(nodes.index, fill_value=POSITIONS[-1])
    key = key_sectors(replace(net, nodes=nodes), top=top)
    sectors = key.loc[nodes.index]
    networks = {w: replace(each, nodes=sectors) for w, each in networks.items()}
    backbone = keep_flows(networks[chosen], keep)
    if backbone.edges > MOST_DRAWN:
        cut = largest(backbone.network, MOST_DRAWN)
        backbone = replace(cut, share_of_flow=cut.share_of_flow * backbone.share_of_flow)
    return Study(
        table=domestic,
        networks=networks,
        weight=chosen,
        sectors=sectors,
        key_sectors=key,
        relations=key_relations(networks[chosen], top=top),
        backbone=backbone,
        checks=checks,
        lang=language(lang),
        top=top,
        keep=keep,
        seed=seed,
        command=command,
    )


def radii(values: pd.Series) -> np.ndarray:
    """Radius of each dot, its area growing with the value."""
    largest = values.max()
    share = np.sqrt(np.maximum(values, 0) / largest) if largest > 0 else values * 0.0
    found: np.ndarray = (SMALLEST + (LARGEST - SMALLEST) * share).to_numpy()
    return found
