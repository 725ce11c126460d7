"""``Panel``: studies of the same regions in one year or several, drawn at the same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

import pandas as pd

from graphmap import units
from graphmap.accounts import IOTable
from graphmap.accounts.flow_list import FlowList
from graphmap.classification.lists import folded
from graphmap.errors import DataError
from graphmap.network.axes import Axes
from graphmap.network.layout import Layout
from graphmap.network.layouts import Cells
from graphmap.places import (
    Key,
    axes_of,
    cells_of,
    community_layout,
    pooled,
    shared_layouts,
)
from graphmap.studied import Study
from graphmap.totals import totals


@dataclass(frozen=True, eq=False)
class Panel:
    """What one page shows: a region's studies, the latest last.

    Attributes:
        studies: one a year, in the order of the years.
        ids: for each study, the node id on the page of each of its sectors, in its order: that of
            the latest study with the sector. A sector that an older list alone has keeps its own
            id, or goes by ``CN-GD.22@2012`` where a later sector has that.
        layouts: name -> Layout with a position for every id of the panel: ``chain``, ``force``,
            ``group``, ``community`` (of the latest study) and, where there are emissions, ``axes``,
            with several regions ``regions``.
        axes: the ticks of the layout ``axes``, of the latest study.
        cells: the boxes of the layout ``regions``.
        totals: as ``totals.totals``, of all regions and years known beside it, its own included.
    """

    studies: tuple[Study, ...]
    ids: tuple[tuple[str, ...], ...]
    layouts: dict[str, Layout]
    axes: Axes | None = None
    cells: Cells | None = None
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def latest(self) -> Study:
        """The study shown first."""
        return self.studies[-1]


def panel(studies: Study | Sequence[Study], *, beside: Sequence[IOTable | FlowList] = ()) -> Panel:
    """The panel of one study, or of several years of the same regions.

    Args:
        studies: one, or one a year.
        beside: tables with other regions or years, to set totals beside those of the studies.

    Raises:
        DataError: there is no study, or they are of different regions, or two of one year.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.study import study
        >>> found = panel(study(sample.table().select(["CN-GD"])))
        >>> found.latest.year, len(found.ids[0])
        (2017, 42)
    """
    given = [studies] if isinstance(studies, Study) else list(studies)
    places = {tuple(each.regions) for each in given}
    if len(places) != 1:
        raise DataError(
            "not the studies of one panel",
            found="; ".join(", ".join(place) for place in sorted(places)) or "none",
            expected="studies of the same regions",
        )
    return panels(given, beside=beside)[0]


def panels(studies: Sequence[Study], *, beside: Sequence[IOTable | FlowList] = ()) -> list[Panel]:
    """One panel for each region (or group of regions), in the order of the studies.

    ``chain``, ``force`` and ``group`` are shared by all panels of a single region: the same sector
    stands at the same place in every region and year. Panels of several regions have their own.

    Args:
        studies: of any regions and years.
        beside: as for ``panel``.

    Raises:
        DataError: two studies of the same regions and year.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.study import study
        >>> both = [study(sample.table().select([code])) for code in ("CN-GD", "CN-ZJ")]
        >>> one, other = panels(both)
        >>> one.layouts["chain"].positions.loc["CN-GD.24"].equals(
        ...     other.layouts["chain"].positions.loc["CN-ZJ.24"])
        True
    """
    groups: dict[tuple[str, ...], list[Study]] = {}
    for each in studies:
        groups.setdefault(tuple(each.regions), []).append(each)
    single = [each for place, group in groups.items() if len(place) == 1 for each in group]
    shared = None
    if single:
        of_all = pooled(single, [_keys(each) for each in single])
        shared = shared_layouts(of_all, single[0].seed)
    known = [*(each.data for each in studies), *beside]
    of_currency = {
        currency: totals([each for each in known if units.currency(each.unit) == currency])
        for currency in {each.currency for each in studies}
    }
    return [
        replace(
            _panel(group, shared if len(place) == 1 else None),
            totals=of_currency[group[0].currency],
        )
        for place, group in groups.items()
    ]


def _panel(studies: Sequence[Study], shared: dict[str, Layout] | None) -> Panel:
    ordered = sorted(studies, key=lambda each: (each.year or 0, each.edition))
    for before, after in pairwise(ordered):
        if before.year == after.year:
            raise DataError(
                f"two studies of {before.place['en']} in one year",
                found=f"{before.edition or 'no year'} and {after.edition or 'no year'}",
                expected="one a year",
                remedy="leave one of them out",
            )
    ids, keys = _ids(ordered), [_keys(each) for each in ordered]
    of_all = pooled(ordered, keys)
    found = dict(shared or shared_layouts(of_all, ordered[-1].seed))
    found["community"] = community_layout(of_all, ordered[-1], keys[-1])
    axes, cells = axes_of(of_all, ordered[-1], keys[-1]), cells_of(of_all, ordered, keys)
    if axes:
        found["axes"] = axes.layout
    if cells:
        found["regions"] = cells.layout
    place = dict(zip(chain.from_iterable(ids), chain.from_iterable(keys), strict=True))
    by_id = {
        name: replace(
            layout, positions=layout.positions.loc[list(place.values())].set_axis(list(place))
        )
        for name, layout in found.items()
    }
    return Panel(tuple(ordered), ids, by_id, axes, cells)


def _keys(study: Study) -> list[Key]:
    """What each sector goes by: in a study of several regions the region tells it apart."""
    names = study.sectors["name_en"].map(folded)
    regions = study.sectors["region"] if len(study.regions) > 1 else [""] * study.n
    keys = list(zip(regions, names, strict=True))
    if len(set(keys)) < len(keys):  # names that a file gives twice are told apart by the id
        return [
            (place, str(node)) for place, node in zip(regions, study.sectors.index, strict=True)
        ]
    return keys


def _ids(studies: Sequence[Study]) -> tuple[tuple[str, ...], ...]:
    """The id on the page of each sector, by name from the latest study back."""
    known: dict[Key, str] = {}
    found: list[tuple[str, ...]] = []
    for study in reversed(studies):
        taken, own = set(known.values()), {}
        keys = _keys(study)
        for key, node in zip(keys, map(str, study.sectors.index), strict=True):
            if key not in known:
                own[key] = f"{node}@{study.year}" if node in taken else node
        known |= own
        found.append(tuple(known[key] for key in keys))
    return tuple(reversed(found))
