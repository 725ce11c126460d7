"""``Records``: published totals by place or sector that are no table of flows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from graphmap.accounts.emissions import Source


@dataclass(frozen=True, eq=False)
class Records:
    """One published list of figures: city emissions, footprint accounts, totals of sectors.

    Attributes:
        kind: ``sector_totals``, ``city_emissions``, ``city_footprints`` or ``footprint_accounts``.
        data: one row a record. Labels come first, as the source spells them, with the columns
            ``region``, ``year`` and ``sector`` where it has such; figures follow, NaN where the
            source does not say.
        units: column of ``data`` -> the unit of its figures.
        source: where they come from.
    """

    kind: str
    data: pd.DataFrame
    units: dict[str, str]
    source: Source
