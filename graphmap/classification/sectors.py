"""Sector lists: which one a table uses is told by its names, never by its codes alone.

The two 42-sector lists of China look alike and differ in their codes from 22 on, so a table
whose names and codes disagree is refused rather than guessed at.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from graphmap.classification.lists import completed, folded, names_of, read_list, spellings
from graphmap.errors import DataError, GraphmapError
from graphmap.i18n import COLUMNS, Names

LISTS = tuple(read_list("sector_lists")["id"])
"""Every bundled list."""

YEARS = {
    row["id"]: tuple(map(int, filter(None, row["years"].split("|"))))
    for _, row in read_list("sector_lists").iterrows()
}
"""The years whose published tables use a list."""

LISTS_OF_42 = ("cn42_2012", "cn42_2017")
"""The two lists that look alike."""

NAME_COLUMNS = tuple(f"name_{suffix}" for suffix in COLUMNS.values())
SHORT_COLUMNS = tuple(f"short_{suffix}" for suffix in COLUMNS.values())


class LabelError(GraphmapError):
    """A label that does not belong where it stands.

    Attributes:
        position: which of the labels given (0-based).
        found, expected: the label and what the list has there.
    """

    def __init__(self, position: int, found: str, expected: str) -> None:
        self.position, self.found, self.expected = position, found, expected
        super().__init__(f"label {position}: found {found}; expected {expected}")


@dataclass(frozen=True)
class SectorList:
    """One classification: ``sectors`` has a row a sector, indexed by code."""

    id: str
    sectors: pd.DataFrame

    def code(self, name: str) -> str | None:
        """The code of the sector called ``name`` in any spelling, or None."""
        return _spellings(self.id).get(folded(name))

    def name(self, code: str) -> Names:
        """The names of the sector with ``code``."""
        return names_of(self.sectors.loc[code])

    def agrees(self, code: str | None, printed: str | None) -> bool:
        """Whether ``printed`` stands for the sector with ``code``: its code, or its place."""
        if code is None or not printed:
            return False
        place = int(self.sectors.index.get_loc(code)) + 1
        return printed == code or (printed.isdecimal() and int(printed) == place)

    @property
    def title(self) -> Names:
        """What the list itself is called."""
        return names_of(read_list("sector_lists").set_index("id").loc[self.id])


@cache
def sector_list(list_id: str) -> SectorList:
    """One of the bundled lists (``LISTS``): ``cn42_2017``, ``oecd_45``, ``exiobase_163`` ...

    A name that a list does not have in Chinese is the English one, so none is empty.

    Raises:
        DataError: there is no such list.

    Example:
        >>> sector_list("cn42_2017").name("24")["en"]
        'Production and supply of electric power and heat power'
        >>> sector_list("cn42_2012").code("电力、热力的生产和供应")
        '25'
    """
    if list_id not in YEARS:
        raise DataError(
            "no such list of sectors", found=list_id, expected=f"one of {', '.join(LISTS)}"
        )
    return SectorList(list_id, completed(read_list(list_id)).set_index("code"))


@cache
def _spellings(list_id: str) -> dict[str, str]:
    table = read_list(list_id)
    return spellings(table, *(c for c in (*NAME_COLUMNS, *SHORT_COLUMNS) if c in table))


@cache
def group_names() -> dict[str, Names]:
    """Industry group id -> its names."""
    return {row["id"]: names_of(row) for _, row in read_list("groups").iterrows()}


def recognise(
    names: Sequence[str],
    codes: Sequence[str | None],
    *,
    year: int | None = None,
    lists: Sequence[str] = LISTS_OF_42,
) -> SectorList | None:
    """The list that ``names`` belong to, or None if they are of no bundled list.

    Args:
        names: one name a sector, each once.
        codes: the code printed beside each name; None where there is none. The number in it
            counts (``S02``, ``002``, ``44002``); a numbering of the table's own says nothing.
        year: the year of the table, if known.
        lists: the lists that come into question.

    Raises:
        LabelError: a name is foreign to a list that has most of the others, a code beside a
            name is another sector's, or the list is not the one used in ``year``.

    Example:
        >>> recognise(["煤炭采选产品", "建筑"], ["02", "27"]).id
        'cn42_2017'
        >>> recognise(["煤炭采选产品", "建筑"], ["02", "28"]).id
        'cn42_2012'
        >>> recognise(["煤炭采选产品", "建筑"], ["S02", "S28"]).id
        'cn42_2012'
    """
    codes = _numbers(codes)
    known = {list_id: [sector_list(list_id).code(name) for name in names] for list_id in lists}
    complete = [list_id for list_id in lists if None not in known[list_id]]
    if not complete:
        _refuse_foreign_name(names, known)
        return None

    def agreement(list_id: str) -> tuple[int, bool]:
        agreeing = sum(a == b for a, b in zip(known[list_id], codes, strict=True))
        return agreeing, year in YEARS[list_id]

    best = max(complete, key=agreement)
    _refuse_wrong_codes(names, codes, known[best], sector_list(best))
    if year is not None:
        _refuse_wrong_year(names, known[best], sector_list(best), year, lists)
    return sector_list(best)


def recognise_any(
    names: Sequence[str],
    codes: Sequence[str | None] | None = None,
    *,
    year: int | None = None,
    lists: Sequence[str] = LISTS,
) -> tuple[SectorList | None, float]:
    """The bundled list that most of ``names`` belong to, and the share of them that do.

    Of lists that have as many of the names, the one whose codes stand beside them is taken,
    then the one that is used up most. None where no list has more than half of the names.

    Args:
        names: one name a sector; repetitions (a sector in every region) count once.
        codes: the code printed beside each name, if any. A code that is the place of a sector
            in its list (``01`` to ``45`` for the OECD's) counts as its code.
        year: the year of the table, if known.
        lists: the lists that come into question.

    Raises:
        LabelError: the names are of a list of 42 sectors and are not as ``recognise`` wants
            them, or codes of another list stand beside names they do not belong to.

    Example:
        >>> found, share = recognise_any(["Mining of copper ores and concentrates", "Pulp"])
        >>> found.id, share
        ('exiobase_163', 1.0)
    """
    code_of: dict[str, str | None] = {}
    for name, code in zip(names, codes or [None] * len(names), strict=True):
        if name:
            code_of.setdefault(name, code)
    once, printed = list(code_of), list(code_of.values())
    if not once:
        return None, 0.0
    known = {list_id: [sector_list(list_id).code(name) for name in once] for list_id in lists}

    def fit(list_id: str) -> tuple[int, int, bool, float]:
        chosen = sector_list(list_id)
        matched = [code for code in known[list_id] if code is not None]
        agreeing = sum(map(chosen.agrees, known[list_id], printed))
        used_up = len(set(matched)) / len(chosen.sectors)
        return len(matched), agreeing, year in YEARS[list_id], used_up

    best = max(lists, key=fit)
    share = fit(best)[0] / len(once)
    if share <= 0.5:
        return None, share
    if best in LISTS_OF_42:
        return recognise(once, printed, year=year), share
    _refuse_moved_codes(once, printed, known[best], sector_list(best))
    return sector_list(best), share


def _numbers(codes: Sequence[str | None]) -> Sequence[str | None]:
    """Codes of two digits, where more stands before those of every sector (``S02``, ``44002``)."""
    longer = all(code is None or re.fullmatch(r"\w+\d\d", code) for code in codes)
    return [code and code[-2:] for code in codes] if longer else codes


def _refuse_moved_codes(
    names: Sequence[str],
    codes: Sequence[str | None],
    expected: list[str | None],
    chosen: SectorList,
) -> None:
    """Refuse codes some of which stand beside other names than theirs.

    A column that mostly disagrees is a table's own numbering and says nothing.
    """
    checked = [code if right else None for code, right in zip(codes, expected, strict=True)]
    given = [code in chosen.sectors.index for code in checked]
    agreeing = sum(
        code is not None and code == right for code, right in zip(checked, expected, strict=True)
    )
    if agreeing > sum(given) // 2:
        _refuse_wrong_codes(names, checked, expected, chosen)


def _refuse_foreign_name(names: Sequence[str], known: dict[str, list[str | None]]) -> None:
    """Most names are of one list: then the one that is not has been misspelt or moved."""
    list_id = max(known, key=lambda key: len(known[key]) - known[key].count(None))
    missing = [i for i, code in enumerate(known[list_id]) if code is None]
    if len(missing) > len(names) // 2:
        return
    table = sector_list(list_id).sectors
    free = table.drop(index=[code for code in known[list_id] if code is not None])
    choices = [name for column in ("name_zh_hans", "name_en") for name in free[column]]
    near = difflib.get_close_matches(names[missing[0]], choices, n=1, cutoff=0.3)
    raise LabelError(
        missing[0],
        repr(names[missing[0]]),
        f"a sector of the list of {_years(list_id)}" + (f", perhaps {near[0]!r}" if near else ""),
    )


def _refuse_wrong_codes(
    names: Sequence[str],
    codes: Sequence[str | None],
    expected: list[str | None],
    chosen: SectorList,
) -> None:
    given = [code for code in codes if code is not None]
    wrong = [i for i, code in enumerate(codes) if code is not None and code != expected[i]]
    once = list(dict.fromkeys(map(str, expected)))
    listed = sum(code in chosen.sectors.index for code in given)
    own = len(wrong) == len(given) and listed < len(given) / 2 and once == sorted(once)
    if wrong and not own:  # hardly any code of the list beside names in its order: a table's own
        first = wrong[0]
        holder = chosen.sectors["name_zh_hans"].get(codes[first], "no sector")
        raise LabelError(
            first,
            f"code {codes[first]} beside {names[first]!r}",
            f"code {expected[first]} there (in the list of {_years(chosen.id)}, "
            f"{codes[first]} is {holder!r}); {len(wrong)} of {len(codes)} labels disagree",
        )


def _refuse_wrong_year(
    names: Sequence[str],
    found: list[str | None],
    chosen: SectorList,
    year: int,
    lists: Sequence[str],
) -> None:
    other = next((key for key in lists if year in YEARS[key]), None)
    if other is None or other == chosen.id:
        return
    right = sector_list(other)
    for position, (name, code) in enumerate(zip(names, found, strict=True)):
        if right.code(name) != code and code is not None:
            expected = right.sectors["name_zh_hans"].get(code, "no sector")
            raise LabelError(
                position,
                f"{name!r} with code {code}, of the list of {_years(chosen.id)}",
                f"{expected!r} there, since tables of {year} use the list of {_years(other)}",
            )


def _years(list_id: str) -> str:
    return "/".join(map(str, YEARS[list_id])) or list_id
