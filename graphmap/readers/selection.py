"""The regions and the year that are asked for, by any name, from what a file holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphmap.accounts.emissions import Inventory
from graphmap.accounts.records import Records
from graphmap.accounts.table import IOTable, unknown_region
from graphmap.classification import find_group, find_region
from graphmap.errors import DataError


def regions_of(table: IOTable, region: str | Sequence[str] | None) -> IOTable:
    """The table of some of its regions or groups of them, by any name; all if there are none.

    Raises:
        DataError: a region is not in the table.
    """
    wanted = [region] if isinstance(region, str) else list(region or ())
    codes = [code for text in wanted for code in _members(text, table.regions)]
    return table.select(list(dict.fromkeys(codes))) if codes else table


def inventories_of(
    found: list[Inventory], region: str | Sequence[str] | None, path: Path
) -> list[Inventory]:
    """The inventories of some regions, all of the file if ``region`` is None."""
    if region is None:
        return found
    wanted = [region] if isinstance(region, str) else list(region)
    available = list(dict.fromkeys(inventory.region for inventory in found))
    codes = [_code(text, available, f"in the inventory {path.name}") for text in wanted]
    return [inventory for inventory in found if inventory.region in codes]


def records_of(found: Records, wanted: list[str] | None, year: int | None) -> Records:
    """The rows of some regions and one year, all where they are None."""
    data = found.data
    if wanted is not None:
        available = list(dict.fromkeys(data["region"]))
        codes = [_code(text, available, f"in {found.source.file}") for text in wanted]
        data = data[data["region"].isin(codes)]
    if year is not None:
        data = data[data["year"] == year]
        if data.empty:
            raise DataError("no figures of that year", file=found.source.file, found=year)
    return replace(found, data=data.reset_index(drop=True))


def _members(text: str, available: Sequence[str]) -> list[str]:
    """The code of a region, or of a group that is one; or those of its members that are there."""
    group = None if text in available else find_group(text)
    if group and group.id in available:
        return [group.id]
    found = [code for code in group.members if code in available] if group else []
    return found or [_code(text, available, "in the table")]


def _code(text: str, available: Sequence[str], where: str) -> str:
    known = find_region(text)
    code = known.code if known else text
    if code not in available:
        raise unknown_region(text, available, where)
    return code
