"""The regions and the year that are asked for, by any name, from what a file holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphmap.accounts.emissions import Inventory
from graphmap.accounts.records import Records
from graphmap.accounts.table import IOTable
from graphmap.classification import find_group, find_region
from graphmap.classification.regions import unknown_region
from graphmap.errors import DataError


def regions_of(table: IOTable, region: str | Sequence[str] | None) -> IOTable:
    """The table of some of its regions or groups of them, by any name; all if there are none.

    Raises:
        DataError: a region is not in the table.
    """
    codes = codes_of(region or (), table.regions, "in the table")
    return table.select(codes) if codes else table


def inventories_of(
    found: list[Inventory], region: str | Sequence[str] | None, path: Path
) -> list[Inventory]:
    """The inventories of some regions or groups of them, all of the file if ``region`` is None."""
    if region is None:
        return found
    available = list(dict.fromkeys(inventory.region for inventory in found))
    codes = codes_of(region, available, f"in the inventory {path.name}")
    return [inventory for inventory in found if inventory.region in codes]


def records_of(found: Records, wanted: Sequence[str] | None, year: int | None) -> Records:
    """The rows of some regions or groups of them and of one year, all where they are None."""
    data = found.data
    if wanted is not None:
        available = list(dict.fromkeys(data["region"]))
        codes = codes_of(wanted, available, f"in {found.source.file}")
        data = data[data["region"].isin(codes)]
    if year is not None:
        data = data[data["year"] == year]
        if data.empty:
            raise DataError("no figures of that year", file=found.source.file, found=year)
    return replace(found, data=data.reset_index(drop=True))


def codes_of(region: str | Sequence[str], available: Sequence[str], where: str) -> list[str]:
    """The codes of regions by any name, and of the members that are there of groups of them.

    Args:
        region: names or codes of regions and groups.
        available: the codes that there are, a group that is one region among them.
        where: ends the message of what is not there (``in the table``).

    Raises:
        DataError: none of what one of them means is there.

    Example:
        >>> codes_of(["长三角", "Guangdong"], ["CN-GD", "CN-ZJ"], "in the table")
        ['CN-ZJ', 'CN-GD']
    """
    codes: list[str] = []
    for text in [region] if isinstance(region, str) else region:
        known, group = find_region(text), find_group(text)
        names = (text, known.code if known else text, group.id if group else text)
        one = next((name for name in names if name in available), None)
        members = group.members if group else ()
        found = [one] if one else [code for code in members if code in available]
        if not found:
            raise unknown_region(text, available, where)
        codes += found
    return list(dict.fromkeys(codes))
