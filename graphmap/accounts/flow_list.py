"""``FlowList``: some of the flows of an economy, where the whole table is not known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap import units
from graphmap.accounts.checks import Finding
from graphmap.accounts.emissions import Source
from graphmap.arrays import Array
from graphmap.classification.lists import names_of
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, listed, words

TOTALS = ("gross_output", "direct_co2")
"""What may be known of a sector beside its flows."""

NAMED = 3
"""How many of the sectors without totals a note names."""


@dataclass(frozen=True, eq=False)
class FlowList:
    """The flows that a source lists for one region and year, and totals of some of its sectors.

    What flows beyond the list is not known, so nothing that rests on all inputs of a sector can be
    told from it: no embodied emissions, no footprints, no upstreamness.

    Attributes:
        index: a row a sector that the source names, as ``IOTable.index``.
        flows: (n, n) csr_array, rows supply and columns use, in ``unit``.
        totals: by node id, ``gross_output`` in ``unit`` and ``direct_co2`` in Mt; NaN where the
            source does not say.
        share_of_all: what part of all flows of the source is listed, those within sectors too;
            None where it does not say.
        largest: whether the flows listed are the largest of the source.
        unit: money unit, a name in ``units.MONEY_UNITS``.
        source: ``source.sheet`` is the edition, where the source has several of one year.
    """

    index: pd.DataFrame
    flows: sparse.csr_array
    totals: pd.DataFrame
    unit: str
    source: Source
    share_of_all: float | None = None
    largest: bool = False
    year: int | None = None
    classification: str | None = None

    def __post_init__(self) -> None:
        n = len(self.index)
        if self.flows.shape != (n, n) or not self.totals.index.equals(self.index.index):
            raise DataError(
                "the parts of the list of flows do not fit together",
                found=f"flows of shape {self.flows.shape}, totals of {len(self.totals)} sectors",
                expected=f"{n} sectors",
            )

    @property
    def n(self) -> int:
        """How many sectors the source names."""
        return len(self.index)

    @property
    def regions(self) -> list[str]:
        """The code of the region; one, since flows between regions are not listed."""
        return list(dict.fromkeys(self.index["region"]))

    @property
    def edition(self) -> str:
        """The year as the source calls it: ``2017``, or ``2017 new`` where it has two of them."""
        return self.source.sheet or str(self.year or "")

    @property
    def unit_10k(self) -> str:
        """``10k_yuan``, ``10k_usd``: 10 thousand of the currency (万元), for results."""
        return units.ten_thousand(self.unit)

    @property
    def to_10k(self) -> float:
        """Factor from the list's unit to ``unit_10k``."""
        return units.factor(self.unit, self.unit_10k)

    @property
    def gross_output(self) -> Array:
        """(n,) gross output in 10 thousand yuan (or US dollars), NaN where it is not known."""
        found: Array = self.totals["gross_output"].to_numpy(float) * self.to_10k
        return found

    @property
    def co2(self) -> Array:
        """(n,) direct CO2 in Mt, NaN where it is not known."""
        found: Array = self.totals["direct_co2"].to_numpy(float)
        return found

    @property
    def direct_intensity(self) -> Array:
        """(n,) Mt per 10 thousand yuan, NaN where output or CO2 is not known or output is zero."""
        output = self.gross_output
        found: Array = np.divide(
            self.co2, output, out=np.full(self.n, np.nan), where=np.nan_to_num(output) > 0
        )
        return found

    @property
    def has_emissions(self) -> bool:
        """Whether any CO2 can be told to go with the flows."""
        return bool((np.nan_to_num(self.direct_intensity) > 0).any())

    @property
    def extent(self) -> Names:
        """How many flows are known, and what part of all they are, where that is known."""
        kind = "largest_flows" if self.largest else "some_flows"
        if self.share_of_all is None:
            return words(f"study.{kind}", count=self.flows.nnz)
        share = figure(100 * self.share_of_all, 1, "%")
        return words(f"study.{kind}_of_all", count=self.flows.nnz, share=share)

    def names(self, position: int, column: str = "name") -> Names:
        """The three languages of ``name`` or ``short`` of one sector."""
        return names_of(self.index.iloc[position], column)


def findings(flows: FlowList) -> tuple[Finding, ...]:
    """What is not known of the sectors of a list, and flows that their totals contradict.

    Returns:
        Notes on the sectors without gross output or CO2, of which the flows listed are largest
        first, and a warning for each sector that is listed to supply more than it produces.
    """
    supplied = np.asarray(flows.flows.sum(axis=1)).ravel()
    order = np.argsort(-(supplied + np.asarray(flows.flows.sum(axis=0)).ravel()), kind="stable")
    found = []
    for total in TOTALS:
        unknown = order[flows.totals[total].isna().to_numpy()[order]]
        if len(unknown):
            named = listed([flows.names(i, "short") for i in unknown[:NAMED].tolist()])
            text = words(f"check.no_{total}", count=len(unknown), sectors=flows.n, names=named)
            found.append(Finding("note", f"no_{total}", text, flows.regions[0]))
    beyond = supplied * flows.to_10k - flows.gross_output
    for i in np.flatnonzero(beyond > 1e-4 * np.abs(flows.gross_output)).tolist():
        text = words(
            "check.supplies_beyond_output",
            sector=flows.names(i),
            value=figure(float(beyond[i]) / flows.to_10k, 0),
            unit=words(f"unit.{flows.unit}"),
        )
        node = str(flows.index.index[i])
        found.append(
            Finding("warning", "supplies_beyond_output", text, flows.regions[0], node, beyond[i])
        )
    return tuple(sorted(found, key=lambda each: each.severity == "note"))


def noted(flows: FlowList) -> FlowList:
    """The list with notes in its source: what is not known, and what cannot be told from it."""
    notes = [*flows.source.notes, words("note.flow_list", extent=flows.extent)]
    counts = np.diff(flows.flows.indptr)
    unknown = np.flatnonzero((counts > 0) & np.isnan(flows.direct_intensity))
    if flows.has_emissions and len(unknown):
        supplied = np.asarray(flows.flows.sum(axis=1)).ravel()
        order = unknown[np.argsort(-supplied[unknown], kind="stable")]
        named = listed([flows.names(i, "short") for i in order[:NAMED].tolist()])
        if len(unknown) > NAMED:
            named = words("report.more", names=named, more=len(unknown) - NAMED)
        key = "note.flow_list_co2" + (".one" if len(unknown) == 1 else "")
        count = int(counts[unknown].sum())
        notes.append(words(key, flows=count, count=len(unknown), names=named))
    return replace(flows, source=replace(flows.source, notes=tuple(notes)))
