"""What a sector is usually like: its CO2 by output, its share of value added, what it buys.

``sector_bands.csv``: direct CO2 in t by 10 thousand yuan (typical value, spread in powers of ten,
lowest and highest still believed), the highest share in a province's CO2 still believed, the share
of value added in output and of the sector in all output; rounded from tables of 31 provinces of
2017 and published maps of CEADs tables. The highest is twice the largest of these, a share at least
1 %. Telecommunication of 2012 and 2015 has part of the row of transport, so each list has its own.
``sector_recipes.csv``: the largest inputs as shares of all inputs, rounded, from the tables of the
National Bureau of Statistics of 2015 (list of 2012), 2017 and 2018 (list of 2017).
``inventory_bands.csv``: shares in a province's industrial CO2, from the CEADs inventories of 30
provinces of 2012, 2015 and 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.classification import sector_list

LISTS = ("cn42_2012", "cn42_2017")
"""Lists of sectors that have bands."""


@dataclass(frozen=True)
class Recipes:
    """The largest inputs of every sector: positions of user and supplier, share of all inputs."""

    users: NDArray[np.int64]
    suppliers: NDArray[np.int64]
    shares: Array


def bundled(name: str) -> pd.DataFrame:
    """A CSV file of this folder; what looks like a code stays text."""
    with files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        codes = dict.fromkeys(("code", *LISTS, "user", "supplier"), str)
        return pd.read_csv(file, dtype=codes)


@cache
def bands(classification: str) -> pd.DataFrame:
    """A row a sector of one of ``LISTS``, in its order, indexed by code.

    Example:
        >>> typical = bands("cn42_2017")["co2_typical"]
        >>> float(typical["24"]), float(typical["25"])
        (9.0, 0.1)
    """
    found = bundled("sector_bands").dropna(subset=[classification]).set_index(classification)
    return found.loc[list(sector_list(classification).sectors.index)]


@cache
def recipes(classification: str) -> Recipes:
    """The recipes of one of ``LISTS``, with the positions of its sectors."""
    rows = bundled("sector_recipes")
    rows = rows[rows["classification"] == classification]
    codes = pd.Index(sector_list(classification).sectors.index)
    return Recipes(
        codes.get_indexer(rows["user"]),
        codes.get_indexer(rows["supplier"]),
        rows["share"].to_numpy(float),
    )


@cache
def inventory_bands() -> pd.DataFrame:
    """A row a sector of the CEADs inventories that has a band, indexed by code."""
    return bundled("inventory_bands").set_index("code")
