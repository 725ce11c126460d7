"""Groups of provinces that people study together, under all their names.

Members are whole provinces: of the Greater Bay Area's nine Guangdong cities, tables have only
the province. The seven regions are the division of the mainland used in statistics of grids and
weather; every province is in one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from graphmap.classification.lists import folded, names_of, read_list, spellings
from graphmap.errors import DataError
from graphmap.i18n import COLUMNS, Names


@dataclass(frozen=True)
class RegionGroup:
    """Provinces that go together: ``members`` are the codes of regions."""

    id: str
    name: Names
    members: tuple[str, ...]


@cache
def region_groups() -> dict[str, RegionGroup]:
    """Every group by its id (``yangtze-river-delta``)."""
    return {
        row["id"]: RegionGroup(row["id"], names_of(row), tuple(row["members"].split("|")))
        for _, row in read_list("region_groups").iterrows()
    }


@cache
def _spellings() -> dict[str, str]:
    names = (f"name_{suffix}" for suffix in COLUMNS.values())
    return spellings(read_list("region_groups"), "id", *names)


def find_group(text: str) -> RegionGroup | None:
    """The group that ``text`` names, in any language or spelling, or None.

    Example:
        >>> find_group("长江三角洲").members
        ('CN-SH', 'CN-JS', 'CN-ZJ', 'CN-AH')
        >>> find_group("Guangdong") is None
        True
    """
    found = _spellings().get(folded(text))
    return region_groups()[found] if found else None


def regions_of_group(text: str) -> tuple[str, ...]:
    """The codes of the provinces in the group that ``text`` names.

    Raises:
        DataError: there is no such group.

    Example:
        >>> regions_of_group("greater-bay-area")
        ('CN-GD', 'CN-HK', 'CN-MO')
    """
    found = find_group(text)
    if found is None:
        raise DataError(
            "no such group of regions",
            found=text,
            expected=f"one of {', '.join(region_groups())}, or its Chinese name",
        )
    return found.members
