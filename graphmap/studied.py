"""``Study``: what every picture of one study shares, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts import Finding, IOTable, Source
from graphmap.accounts.flow_list import FlowList
from graphmap.classification import region
from graphmap.classification.lists import names_of
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, figure, listed, plain, running, words
from graphmap.leontief.paths import structural_paths
from graphmap.network import TOP, Backbone, FlowNetwork, cut_points, largest, robustness
from graphmap.network.community_table import community_names
from graphmap.network.layout import wrapped
from graphmap.network.leverage import leverage
from graphmap.network.networks import in_the_chain
from graphmap.network.partners import partner_table
from graphmap.network.relations import key_transactions
from graphmap.network.robustness import Robustness
from graphmap.network.roles import role_measures

SIZES = ("gross_output", "direct_co2", "footprint", "transmission")
"""Measures a dot's area may show; the layout leaves room for the largest."""

SMALLEST, LARGEST = 6.0, 30.0
"""Radii of dots on the canvas."""

UNPUBLISHED = ("sample", "constructed", "regionalised")
"""Publishers whose figures must not be taken for statistics."""

REGIONS_NAMED = 3
"""A title names at most this many regions."""

PATHS = 40
"""Structural paths of a study."""

PARTNERS = 4
"""Users and suppliers of a high-carbon sector in the table of the published maps."""

TRANSACTIONS = 20
"""Transactions that a study names."""

DRAWS, MANY = 1000, 200
"""Draws that tell how far ranks move, and the sectors above which they would take too long."""


@dataclass(frozen=True, eq=False)
class Study:
    """A table, its networks and what stands out in them; every renderer takes a Study only.

    Attributes:
        data: the table mapped, imports out of its cells unless they were asked to stay; or the
            list of flows, where no more is known.
        networks: weight -> FlowNetwork on the domestic table; nodes are those of ``sectors``.
        weight: the weight that the backbone, the relations and the map are about.
        sectors: a row a region-sector in the table's order: labels, measures, centralities, roles,
            priority and its parts, community, position. Of a table there is a figure for each;
            of a list of flows there are fewer measures, and what is not known is missing.
        key_sectors: the same rows, the most important first.
        relations: as ``network.key_relations``; without shares where not all flows are known.
        backbone: the flows drawn; ``share_of_flow`` is of ``whole``, NaN where that is not known.
        whole: by weight, what shares of flow are of, as ``networks.whole_flow``.
        checks: what the accounting checks found.
        lang: the language shown first.
        top: how many sectors of each region count as high.
        command: how the study was asked for.
    """

    data: IOTable | FlowList
    networks: dict[str, FlowNetwork]
    weight: str
    sectors: pd.DataFrame
    key_sectors: pd.DataFrame
    relations: pd.DataFrame
    backbone: Backbone
    whole: dict[str, float | None]
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

    @property
    def table(self) -> IOTable:
        """The table mapped.

        Raises:
            DataError: the study is of a list of flows.
        """
        if isinstance(self.data, FlowList):
            raise DataError(
                "a list of flows is no input-output table",
                file=self.data.source.file,
                expected="a whole table",
            )
        return self.data

    @property
    def complete(self) -> bool:
        """Whether all flows are known, and not some of a list only."""
        return isinstance(self.data, IOTable)

    @property
    def n(self) -> int:
        """How many region-sectors there are."""
        return len(self.sectors)

    @property
    def regions(self) -> list[str]:
        """Codes of the regions, in the order of the sectors."""
        return list(dict.fromkeys(self.sectors["region"]))

    @property
    def year(self) -> int | None:
        """The year of the table, if it is known."""
        return self.data.year

    @property
    def edition(self) -> str:
        """The year as the source calls it: ``2017``, or ``2017 new`` where it has two of them."""
        return self.data.edition if isinstance(self.data, FlowList) else str(self.data.year or "")

    @property
    def currency(self) -> str:
        """The currency of every money figure: ``CNY`` or ``USD``."""
        return units.currency(self.data.unit)

    def names(self, i: int) -> Names:
        """The full names of the i-th region-sector."""
        return names_of(self.sectors.iloc[i])

    @cached_property
    def labels(self) -> list[Names]:
        """The label of each node as drawn, over two lines where it is long."""
        return [
            {tag: wrapped(text) for tag, text in names.items()} for names in self.network.labels
        ]

    @property
    def chain(self) -> pd.Series:
        """What sectors stand in order of, the most upstream highest.

        Upstreamness; of a list of flows the trophic level, from 0 downwards.
        """
        if "upstreamness" in self.sectors:
            return self.sectors["upstreamness"]
        return -self.sectors["trophic_level"]

    @cached_property
    def chosen_by_size(self) -> bool:
        """Whether the flows drawn are simply the largest, so that a reader can ask for more."""
        drawn = self.backbone.network.weights
        return bool((drawn != largest(self.network, drawn.nnz).network.weights).nnz == 0)

    @cached_property
    def place(self) -> Names:
        """The regions of the study in words."""
        return place_of(self.data)

    @cached_property
    def title(self) -> Names:
        """Place, year and what flows."""
        year = f" {self.year}" if self.year else ""
        return words(
            "study.title", place=self.place, year=year, weight=words(f"study.{self.weight}")
        )

    @cached_property
    def subtitle(self) -> Names:
        """How many sectors, and from what."""
        return words("study.subtitle", count=figure(self.n), sources=listed(self.publishers))

    @property
    def publishers(self) -> list[Names]:
        """Who published the figures, each once."""
        known = dict.fromkeys((s.publisher, "" if s.publisher else s.file) for s in self.sources)
        return [words(f"publisher.{key}") if key else plain(file) for key, file in known]

    @property
    def sources(self) -> list[Source]:
        """The source of the table and of its emissions, each once."""
        found = [self.data.source]
        if isinstance(self.data, IOTable):
            found += [extension.source for extension in self.data.extensions.values()]
        return [source for i, source in enumerate(found) if source not in found[:i]]

    @property
    def notice(self) -> Names | None:
        """What the header has to warn of: figures that are not published ones, flows not known."""
        if isinstance(self.data, FlowList):
            extent = self.data.extent
            return {tag: extent[tag][:1].upper() + extent[tag][1:] for tag in LANGUAGES}
        publisher = self.data.source.publisher
        return words(f"study.{publisher}") if publisher in UNPUBLISHED else None

    @cached_property
    def thresholds(self) -> dict[str, Names]:
        """How each role, and ``position``, is told, in words."""
        rule = "study.role_rule_regional" if len(self.regions) > 1 else "study.role_rule"
        found = {
            role: words(rule, top=self.top, measure=running(words(f"measure.{measure}")))
            for role, measure in role_measures(self.sectors).items()
        }
        cuts = cut_points(in_the_chain(self.networks["money"]))
        upper, lower = (figure(abs(cut), 2) for cut in cuts)
        rule = "study.position_rule" if self.complete else "study.level_rule"
        found["position"] = words(rule, upper=upper, lower=lower)
        return found

    @cached_property
    def paths(self) -> pd.DataFrame:
        """The largest structural paths of at least two sectors, as ``structural_paths``.

        None where nothing is emitted, or flows are so negative that no path can be followed.
        """
        nothing = pd.DataFrame(columns=["path", "stages", "co2", "share"])
        if "embodied_co2" not in self.networks:
            return nothing
        try:
            # as many more as there can be of one sector, so that enough are left of two and more
            found = structural_paths(self.table, count=PATHS + self.n)
        except DataError:
            return nothing
        return found[found["stages"] > 0].head(PATHS).reset_index(drop=True)

    @property
    def paths_between(self) -> pd.DataFrame:
        """Those of ``paths`` that lead through different sectors, and not round within one."""
        between = self.paths["path"].map(lambda path: len(set(path)) > 1)
        return self.paths[between.astype(bool)]

    @cached_property
    def drawn(self) -> Robustness | None:
        """How far ranks by priority move when the data are off; None where nothing is drawn."""
        if not self.complete or self.n > MANY:
            return None
        try:
            return robustness(
                self.table, draws=DRAWS, measures=["priority"], top=self.top, seed=self.seed
            )
        except DataError:  # most draws left a sector without output: nothing can be said
            return None

    @cached_property
    def rank_intervals(self) -> pd.DataFrame | None:
        """Between which ranks by priority 90 % of the draws lie: ``rank_low``, ``rank_high``."""
        if self.drawn is None:
            return None
        of_priority = self.drawn.intervals.xs("priority", level="measure")
        return of_priority.loc[self.sectors.index, ["rank_low", "rank_high"]].astype(int)

    @property
    def _weighed(self) -> list[FlowNetwork]:
        """All networks, that of the study's own weight first."""
        others = (net for weight, net in self.networks.items() if weight != self.weight)
        return [self.network, *others]

    @cached_property
    def transactions(self) -> pd.DataFrame:
        """As ``network.key_transactions``, by the study's weight; of a list of flows no shares."""
        return self._known(key_transactions(*self._weighed, count=TRANSACTIONS, role=self.sectors))

    @cached_property
    def partners(self) -> pd.DataFrame:
        """As ``network.partner_table``: with whom each high-carbon sector deals, by class."""
        return partner_table(*self._weighed, count=PARTNERS, role=self.sectors)

    @cached_property
    def leverage(self) -> pd.DataFrame:
        """As ``network.leverage``: who can move the high-carbon sectors; of a list no shares."""
        return self._known(leverage(*self._weighed, role=self.sectors))

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        """Shares are of all flows, so there are none where only some are known."""
        shares = [column for column in table if "share" in column]
        return table if self.complete else table.assign(**dict.fromkeys(shares, np.nan))

    @cached_property
    def community_names(self) -> list[Names]:
        """Each community by the two of its sectors with the largest flows."""
        return community_names(self.network, self.sectors["community"])


def place_of(data: IOTable | FlowList) -> Names:
    """The regions of a table, or of a list of flows, in words."""
    names = [region(code).name for code in data.regions if code]
    if not names:
        return words("study.no_region")
    return (
        listed(names) if len(names) <= REGIONS_NAMED else words("study.regions", count=len(names))
    )


def radii(values: pd.Series) -> np.ndarray:
    """Radius of each dot, its area growing with the value; what is not known has the smallest."""
    values = values.fillna(0.0)
    largest = values.max()
    share = np.sqrt(np.maximum(values, 0) / largest) if largest > 0 else values * 0.0
    found: np.ndarray = (SMALLEST + (LARGEST - SMALLEST) * share).to_numpy()
    return found
