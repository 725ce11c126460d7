"""``Plan``: which tables, regions and years a panel or an atlas shows, and the studies of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graphmap import readers
from graphmap.accounts import IOTable
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.flow_list import FlowList
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names
from graphmap.network import TOP
from graphmap.readers.flow_list import read_flow_lists
from graphmap.readers.selection import codes_of
from graphmap.study import Study, study

Data = IOTable | FlowList
"""What a study is of."""


@dataclass(frozen=True)
class PlannedSource:
    """One source: a table, or a list of flows with totals of its sectors.

    Attributes:
        file: the table, or the flows; ``sample`` is the bundled table.
        totals: of the sectors of a list of flows.
        listed: whether ``file`` is a list of flows.
        regions, years: those wanted; all of the source if None.
        together: one study of all these regions instead of one each.
        citation: how the source is to be cited, printed before the names of its files.
    """

    file: Path
    listed: bool = False
    totals: Path | None = None
    emissions: Path | None = None
    kind: str | None = None
    sheet: str | None = None
    unit: str | None = None
    regions: tuple[str, ...] | None = None
    years: tuple[int | str, ...] | None = None
    together: bool = False
    citation: str = ""


@dataclass(frozen=True)
class Plan:
    """What a study file asks for; ``file`` is its name, for messages.

    ``title`` is None where there is none; ``keep`` and ``weight`` where the data decide.
    """

    file: Path
    sources: tuple[PlannedSource, ...]
    title: Names | None = None
    lang: str = "en"
    languages: tuple[str, ...] = LANGUAGES
    weight: str | None = None
    keep: str | None = None
    top: int = TOP
    imports: str = "out"
    seed: int = 1


def read_sources(plan: Plan) -> list[Data]:
    """What the studies are of, one a study, each source read once and nothing computed yet.

    Raises:
        DataError: a source is of no known kind, or lacks a region or a year, or one region and year
            is in two studies.
    """
    return read_beside(plan)[0]


def read_beside(plan: Plan) -> tuple[list[Data], list[Data]]:
    """As ``read_sources``; and all regions of the sources, to set totals beside the studies'.

    Raises:
        DataError: as ``read_sources``.

    Example:
        >>> plan = Plan(Path("s.toml"), (PlannedSource(Path("sample"), regions=("浙江",)),))
        >>> found, beside = read_beside(plan)
        >>> [each.regions for each in found], [each.regions for each in beside]
        ([['CN-ZJ']], [['CN-GD', 'CN-ZJ']])
    """
    found: list[Data] = []
    beside: list[Data] = []
    for number, source in enumerate(plan.sources, start=1):
        try:
            chosen, whole = _read(source)
        except DataError as error:
            raise DataError(f"source {number}: {error}", file=plan.file) from error
        found += [_cited(each, source.citation) for each in chosen]
        beside += whole
    _refuse_twice(plan, found)
    return found, beside


def edition_of(data: Data) -> str:
    """The year of a study as its source calls it; empty where it is not known."""
    return data.edition if isinstance(data, FlowList) else str(data.year or "")


def studies(
    plan: Plan,
    data: Sequence[Data] | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    command: str = "",
) -> list[Study]:
    """The studies that a plan asks for, in the order of its sources.

    Args:
        plan: as ``read_study_file`` returned it.
        data: what ``read_sources`` returned, if it is at hand.
        progress: called with 1 after each study.
        command: how they were asked for.

    Raises:
        DataError: as ``read_sources`` and ``study``.

    Example:
        >>> plan = Plan(Path("s.toml"), (PlannedSource(Path("sample"), regions=("浙江",)),))
        >>> [found.title["en"] for found in studies(plan)]
        ['Zhejiang 2017 · embodied carbon network']
    """
    found = []
    for each in read_sources(plan) if data is None else data:
        found.append(
            study(
                each,
                weight=plan.weight,
                keep=plan.keep,
                lang=plan.lang,
                top=plan.top,
                imports=plan.imports,
                seed=plan.seed,
                command=command,
            )
        )
        if progress:
            progress(1)
    return found


def _read(source: PlannedSource) -> tuple[list[Data], list[Data]]:
    """The data of a source, one a study, and those of all its regions in the same years."""
    if source.listed:
        lists = read_flow_lists(
            source.file, source.totals, regions=source.regions, years=source.years
        )
        if source.regions is None:
            return [*lists], [*lists]
        years = {each.edition for each in lists}
        whole = read_flow_lists(source.file, source.totals)
        return [*lists], [each for each in whole if each.edition in years]
    inventories = readers.read_emissions(source.emissions) if source.emissions else None
    found: list[Data] = []
    beside: list[Data] = []
    for year in source.years or (None,):
        table = _table(source, year)
        found += [
            _with_emissions(table.select(codes), inventories) for codes in _groups(table, source)
        ]
        known = {each.region for each in inventories or () if each.year == table.year}
        if inventories is None or known.issuperset(table.regions):
            beside.append(_with_emissions(table, inventories))
        elif known & set(table.regions):
            codes = [code for code in table.regions if code in known]
            beside.append(_with_emissions(table.select(codes), inventories))
    return found, beside


def _cited(data: Data, citation: str) -> Data:
    return replace(data, source=replace(data.source, citation=citation)) if citation else data


def _refuse_twice(plan: Plan, found: Sequence[Data]) -> None:
    seen: dict[tuple[str, int | None], Data] = {}
    for each in found:
        for code in each.regions:
            other = seen.setdefault((code, each.year), each)
            if other is not each:
                raise DataError(
                    "two studies of one region and year",
                    file=plan.file,
                    found=" and ".join(f"{code} {edition_of(one)}" for one in (other, each)),
                    remedy="choose with regions and years",
                )


def _table(source: PlannedSource, year: int | str | None) -> IOTable:
    if isinstance(year, str) and not year.isdecimal():
        raise DataError("not the year of a table", found=year, expected="a number such as 2017")
    wanted = None if year is None else int(year)
    table = readers.read(
        source.file, year=wanted, source=source.kind, sheet=source.sheet, unit=source.unit
    )
    if wanted not in (None, table.year):
        raise DataError(
            "no table of that year", file=source.file, found=wanted, expected=str(table.year)
        )
    return table


def _groups(table: IOTable, source: PlannedSource) -> list[list[str]]:
    """The regions of each study."""
    codes = table.regions
    if source.regions is not None:
        codes = codes_of(source.regions, codes, f"in {source.file.name}")
    return [codes] if source.together else [[code] for code in codes]


def _with_emissions(table: IOTable, inventories: Sequence[Inventory] | None) -> IOTable:
    return table if inventories is None else table.with_emissions(inventories)
