"""Emissions by industry and final use, the inventories they come from, and their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.arrays import Array
from graphmap.classification import allocate, concordance, region
from graphmap.errors import DataError
from graphmap.i18n import Names, words

HOUSEHOLDS = {"Rural": "rural_households", "Urban": "urban_households"}
"""Which final use burns the household fuel of an inventory row."""


@dataclass(frozen=True)
class Source:
    """Where figures come from, in words that can be printed under a map.

    ``publisher`` is the key of a name in the vocabulary (``publisher.ceads``), or empty.
    """

    publisher: str
    file: str
    sheet: str | None = None
    citation: str = ""
    notes: tuple[Names, ...] = ()
    """What was done to the figures on the way in, one sentence each."""
    accepted: tuple[str, ...] = ()
    """Kinds of findings that somebody has looked at and lets stand; they become notes."""


@dataclass(frozen=True)
class Extension:
    """Emissions of one gas: ``F`` (n,) by industry and ``F_Y`` (k,) by final use, in ``unit``."""

    F: Array
    F_Y: Array
    unit: str
    gas: str
    source: Source


@dataclass(frozen=True)
class Inventory:
    """An emission inventory of one region and year, in the inventory's own list of sectors.

    ``F`` is indexed by the list's codes; ``households`` has the rows ``Urban`` and ``Rural``.
    """

    F: pd.Series
    households: pd.Series
    region: str
    year: int
    unit: str
    classification: str
    source: Source


def merged_source(inventories: Sequence[Inventory], year: int | None, fuel: Array) -> Source:
    """One source record for the inventories of a table of ``year``, with what was done to them.

    ``fuel`` is what the table's final uses hold of the households' emissions, in Mt.
    """
    sources = [inventory.source for inventory in inventories]
    said = [note for source in sources for note in source.notes]
    notes = [note for i, note in enumerate(said) if note not in said[:i]]
    notes.append(words("note.inventory_split"))
    for found in dict.fromkeys(inventory.year for inventory in inventories):
        if year is not None and found != year:
            notes.append(words("note.inventory_year", inventory=found, table=year))
    burnt = sum(each.households.sum() * units.factor(each.unit, "Mt") for each in inventories)
    if burnt - fuel.sum() > 1e-9 * burnt:
        notes.append(words("note.households_left_out", amount=f"{burnt - fuel.sum():.4g} Mt"))
    return Source(
        publisher=sources[0].publisher,
        file=", ".join(dict.fromkeys(source.file for source in sources)),
        sheet=", ".join(dict.fromkeys(s.sheet for s in sources if s.sheet)) or None,
        citation=sources[0].citation,
        notes=tuple(notes),
    )


def of_year(
    inventories: Sequence[Inventory], regions: Sequence[str], year: int | None
) -> dict[str, Inventory]:
    """Each of the regions that has one -> its inventory of ``year``, or the only one it has."""
    chosen: dict[str, Inventory] = {}
    for inventory in inventories:
        if inventory.region not in regions:
            continue
        same = [other for other in inventories if other.region == inventory.region]
        if len(same) > 1 and [other.year for other in same].count(year or 0) != 1:
            raise DataError(
                f"several inventories of {region(inventory.region).name['en']}",
                file=inventory.source.file,
                found=", ".join(str(other.year) for other in same),
                expected=str(year) if year else "one year",
                remedy="choose one with `year=` or --year",
            )
        if len(same) == 1 or inventory.year == year:
            chosen[inventory.region] = inventory
    return chosen


def no_inventory(code: str, inventories: Sequence[Inventory]) -> DataError:
    """The error for a region of a table that no inventory is of."""
    wanted = region(code).name
    available = list(dict.fromkeys(region(each.region).name["en"] for each in inventories))
    return DataError(
        f"no emissions for {wanted['en']} ({wanted['zh-Hans']})",
        file=inventories[0].source.file if inventories else None,
        found=f"{len(available)} regions: {', '.join(available[:4])}"
        + (", ..." if len(available) > 4 else ""),
        expected=f"an inventory of {wanted['en']}",
        remedy="choose regions the inventory has with --region, or leave --emissions out",
    )


def no_concordance(file: str, sectors: int) -> DataError:
    """The error for a table whose sectors are of no list that an inventory can be split over."""
    return DataError(
        "no concordance from the inventory's sectors to this table's",
        file=file,
        found=f"{sectors} sectors of a list of their own",
        expected="one of the 42-sector lists",
        remedy="sum it up to 42 sectors (graphmap aggregate --concordance), or add a row labelled "
        "CO2 (Mt) to the table",
    )


def by_industry(inventory: Inventory, classification: str, output: pd.Series) -> Array:
    """Mt by sector of one region: rows that cover several sectors are split by gross output.

    Args:
        classification: the table's list of sectors.
        output: gross output of the region's sectors by code.

    Raises:
        DataError: the lists have no concordance, or a row has no sector in the table.
    """
    pairs = concordance(inventory.classification, classification)
    spread: Array = allocate(inventory.F, pairs, output).to_numpy(float)
    return spread * units.factor(inventory.unit, "Mt")


def household_fuel(inventory: Inventory, final_uses: pd.DataFrame) -> Array:
    """(k,) Mt of the households of one region, by the final use of the table they stand in.

    What no final use of the table can hold is left out.
    """
    category, regions = final_uses["category"], final_uses["region"]
    mine = regions.isin([inventory.region, ""])
    fuel = np.zeros(len(final_uses))
    for row, amount in inventory.households.items():
        for name in (HOUSEHOLDS[str(row)], "households", "consumption", "final_use"):
            found = np.flatnonzero(mine & (category == name))
            if len(found):
                fuel[found[0]] += amount
                break
    return fuel * units.factor(inventory.unit, "Mt")
