"""The figures of an atlas as tables: of regions, sectors, flows and trends.

Regions are joined by code and sectors by name, because the lists of different years number them
differently. The pages show nothing that does not stand in these tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from graphmap.classification.lists import folded
from graphmap.errors import DataError
from graphmap.i18n import COLUMNS
from graphmap.panel import Panel
from graphmap.render.payload import MEASURES
from graphmap.render.payload_flows import flows
from graphmap.study import Study
from graphmap.totals import region_totals

SECTOR_MEASURES = (
    "direct_co2",
    "gross_output",
    "direct_intensity",
    "total_intensity",
    "footprint",
    "transmission",
)
"""Measures by which regions can be ranked and compared, those first that most people ask for."""

KEY_SECTORS = 6
"""Sectors of a region whose trends are drawn and which its card names."""


def tables(panels: Sequence[Panel]) -> dict[str, pd.DataFrame]:
    """The tables of the data folder: ``regions``, ``sectors``, ``flows``, ``trends``.

    Money is in 10 thousand of the studies' currency, emissions in Mt, intensities in t per 10
    thousand; what a source does not say is missing, and totals are sums of what it says.

    Raises:
        DataError: the studies are in different currencies, or one region and year stands twice.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.panel import panel
        >>> from graphmap.study import study
        >>> found = tables([panel(study(sample.table().select(["CN-GD"])))])
        >>> found["regions"][["region", "year", "sectors"]].values.tolist()
        [['CN-GD', '2017', 42]]
    """
    currencies = {study.currency for panel in panels for study in panel.studies}
    if len(currencies) > 1:
        raise DataError(
            "studies in different currencies cannot stand in one atlas",
            found=", ".join(sorted(currencies)),
            expected="one currency",
        )
    sectors = pd.concat(_sectors(panels), ignore_index=True)
    sectors.insert(3, "sector", _sector_ids(sectors))
    keys = ["region", "year", "node"]
    twice = sectors[sectors.duplicated(keys)]
    if len(twice):
        raise DataError(
            "one region and year stands twice in the study",
            found=f"{twice['region'].iloc[0]} {twice['year'].iloc[0]}",
            remedy="name each region and year in one source only",
        )
    ids = dict(
        zip(sectors[keys].itertuples(index=False, name=None), sectors["sector"], strict=True)
    )
    return {
        "regions": region_totals(sectors),
        "sectors": sectors,
        "flows": pd.concat(_flows(panels, ids), ignore_index=True),
        "trends": _trends(sectors),
    }


def year_label(study: Study) -> str:
    """How the year of a study is written; empty where it is not known."""
    return "" if study.year is None else str(study.year)


def _sectors(panels: Sequence[Panel]) -> Iterator[pd.DataFrame]:
    for panel in panels:
        for study, ids in zip(panel.studies, panel.ids, strict=True):
            found = study.sectors
            names = [f"name_{suffix}" for suffix in COLUMNS.values()]
            known = [m for m in MEASURES if m in found]
            rows = found[["region", *names, "group", "role", *known]].reset_index(drop=True)
            rows.insert(1, "year", year_label(study))
            rows.insert(2, "node", list(ids))
            place = pd.Series(range(1, study.n + 1), index=study.key_sectors.index)
            rows["order"] = place.loc[found.index].groupby(found["region"]).rank().to_numpy(int)
            yield rows


def _sector_ids(sectors: pd.DataFrame) -> list[str]:
    """One readable id a name, the same in every region and year.

    Names that a region has twice are told apart by the ids of their nodes.
    """
    twice = sectors.duplicated(["region", "year", "name_en"], keep=False)
    names = sectors["name_en"].where(~twice, sectors["name_en"] + " " + sectors["node"])
    ids: dict[str, str] = {}
    taken: dict[str, int] = {}
    for name in names:
        if folded(name) not in ids:
            slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "sector"
            taken[slug] = taken.get(slug, 0) + 1
            ids[folded(name)] = slug if taken[slug] == 1 else f"{slug}--{taken[slug]}"
    return [ids[folded(name)] for name in names]


def _flows(
    panels: Sequence[Panel], sector_of: dict[tuple[str, ...], str]
) -> Iterator[pd.DataFrame]:
    """The flows that the region's page can draw, those within a sector included."""
    for panel in panels:
        for study, ids in zip(panel.studies, panel.ids, strict=True):
            money = study.networks["money"].weights
            pairs = [(i, j) for i, j, *_ in flows(study)]
            pairs += [(i, i) for i in np.flatnonzero(money.diagonal()).tolist()]
            suppliers, users = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
            rows = {"region": study.sectors["region"].to_numpy()[suppliers]}
            rows["year"] = np.full(len(pairs), year_label(study), dtype=object)
            known = [
                sector_of[code, year_label(study), node]
                for node, code in zip(ids, study.sectors["region"], strict=True)
            ]
            for end, at in (("supplier", suppliers), ("user", users)):
                rows[f"{end}_node"] = np.array(ids, dtype=object)[at]
                rows[end] = np.array(known, dtype=object)[at]
                for suffix in COLUMNS.values():
                    rows[f"{end}_name_{suffix}"] = study.sectors[f"name_{suffix}"].to_numpy()[at]
            for weight, net in study.networks.items():
                rows[weight] = np.asarray(net.weights[suppliers, users]).ravel()
            yield pd.DataFrame(rows).sort_values("money", ascending=False, kind="stable")


def _trends(sectors: pd.DataFrame) -> pd.DataFrame:
    """The key sectors of each region's latest year, in every year."""
    latest = sectors.groupby("region")["year"].transform("max")
    key = sectors[(sectors["year"] == latest) & (sectors["order"] <= KEY_SECTORS)]
    chosen = key[["region", "sector", "order"]].rename(columns={"order": "order_in_latest_year"})
    measures = [m for m in SECTOR_MEASURES if m in sectors]
    kept = ["region", "year", "sector", *(f"name_{s}" for s in COLUMNS.values()), *measures]
    return (
        chosen.merge(sectors[kept], on=["region", "sector"])
        .sort_values(["region", "order_in_latest_year", "year"], kind="stable")
        .reset_index(drop=True)
    )
