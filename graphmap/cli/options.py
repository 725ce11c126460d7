"""The options that commands share, and reading the table they name."""

from __future__ import annotations

import inspect
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape

from graphmap import readers
from graphmap.accounts import IOTable
from graphmap.accounts.emissions import Inventory
from graphmap.cli.refused import refuse_inputs, refuse_others
from graphmap.errors import DataError
from graphmap.i18n import language
from graphmap.network import TOP
from graphmap.panel import Panel, panel
from graphmap.readers.selection import codes_of
from graphmap.render.exchange import PAIRS, files_of
from graphmap.study import place_of, study
from graphmap.study_file import read_study_file
from graphmap.study_plan import Plan, read_beside, studies
from graphmap.terminal import messages

READABLE = (
    "A workbook, a CSV, Parquet or DuckDB file, a folder (nodes.csv and edges.csv, or pymrio's)"
)
"""What commands take as a table."""

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help=f"{READABLE}, or 'sample'.",
    ),
]
RegionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--region",
        help="A region, or a group such as yangtze-river-delta; several times for several.",
    ),
]
YearOption = Annotated[int | None, typer.Option("--year", help="Which year of the source.")]
SourceOrStudy = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help=f"{READABLE}, 'sample', or a study file (.toml) with --region.",
    ),
]
EmissionsOption = Annotated[
    Path | None, typer.Option("--emissions", help="An emission inventory (CEADs workbook).")
]
LangOption = Annotated[str, typer.Option("--lang", help="en, zh-Hans or zh-Hant.")]
LangOfPanel = Annotated[
    str | None,
    typer.Option(
        "--lang", help="en, zh-Hans or zh-Hant; that of the study file, else en, if left out."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write everything as .csv, .json or .parquet.")
]
ImportsOption = Annotated[
    str,
    typer.Option("--imports", help="'out' of the cells of a competitive table, or 'inside'."),
]
WeightOption = Annotated[
    str | None, typer.Option("--weight", help="money, direct_co2 or embodied_co2.")
]
KeepOption = Annotated[
    str,
    typer.Option(
        "--keep",
        help="'5%' of the cells, 'flow:80%' of the flow, 'edges:88', 'above:1000', 'top:3' "
        "partners, 'disparity:5%', 'noise:1.64', 'salience:50%'; any of them '+connected'.",
    ),
]
TopOption = Annotated[
    int, typer.Option("--top", min=1, help="How many sectors of each region count as high.")
]
KindOption = Annotated[
    str | None,
    typer.Option("--source", help=f"Do not guess what SOURCE is: {', '.join(readers.NAMES)}."),
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", help="Which sheet, where a workbook holds several tables.")
]
UnitOption = Annotated[
    str | None,
    typer.Option("--unit", help="Money unit of the cells, if not the source's usual one."),
]


SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="The same seed gives the same result.")
]
EmissionsOfBoth = Annotated[
    list[Path] | None,
    typer.Option("--emissions", help="The emission inventory of both tables, or one each."),
]
YearOfBoth = Annotated[
    list[int] | None, typer.Option("--year", help="The year of each source, if it has several.")
]
SheetOfBoth = Annotated[
    list[str] | None, typer.Option("--sheet", help="The sheet of both tables, or one each.")
]
UnitOfBoth = Annotated[
    list[str] | None, typer.Option("--unit", help="Money unit of both tables, or one each.")
]
T = TypeVar("T")


def a_share(text: str, option: str) -> float:
    """``10%`` or ``0.1`` as a number.

    Raises:
        DataError: neither, or below zero.
    """
    found = re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)\s*([%％]?)\s*", text)
    if not found:
        raise DataError(f"cannot read {option}", found=text, expected="a share such as 10% or 0.1")
    return float(found.group(1)) / (100 if found.group(2) else 1)


def each(given: Sequence[T] | None, option: str) -> tuple[T | None, T | None]:
    """What an option says of either of two tables: once for both, twice for one each."""
    if not given:
        return None, None
    if len(given) > 2:
        raise DataError(f"{option} too often", found=len(given), expected="once, or once a table")
    return given[0], given[-1]


def read_table(
    source: str,
    emissions: Path | None,
    regions: list[str] | None,
    year: int | None,
    kind: str | None,
    sheet: str | None,
    unit: str | None,
    mapping: Path | None = None,
) -> IOTable:
    """The table of the regions asked for, with its emissions."""
    with messages().status(f"Reading {escape(source)}"):
        table = readers.read(
            source, region=regions, year=year, source=kind, sheet=sheet, unit=unit, mapping=mapping
        )
        return table if emissions is None else _with(emissions, table, year)


def _with(emissions: Path, table: IOTable, year: int | None) -> IOTable:
    return table.with_emissions(_inventories(emissions, table, year))


def _inventories(emissions: Path, table: IOTable, year: int | None) -> list[Inventory]:
    """What all regions of the file emit in the year of the table."""
    wanted = year or table.year
    if wanted is None:
        raise DataError(
            "the year of the table is not known",
            file=table.source.file,
            remedy="give it with --year",
        )
    return readers.read_emissions(emissions, year=wanted)


def of_a_panel(command: Callable[..., None]) -> Callable[..., None]:
    """A command that is given a ``panel`` takes SOURCE and the options of ``map`` in its place.

    What contradicts a study file, and an ``--out`` that is an input, is refused before anything is
    read.
    """
    shared = list(inspect.signature(read_panel, eval_str=True).parameters.values())
    own = [
        each
        for name, each in inspect.signature(command, eval_str=True).parameters.items()
        if name != "panel"
    ]
    context = inspect.Parameter(
        "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )

    def run(context: typer.Context, **given: Any) -> None:
        out = given.get("out")
        inputs = [Path(given["source"])]
        inputs += [each for key, each in given.items() if isinstance(each, Path) and key != "out"]
        options = {each.name: given.pop(each.name) for each in shared}
        if _is_study(options["source"]):
            refuse_others(context, options)
            for each in read_study_file(options["source"]).sources:
                inputs += filter(None, (each.file, each.totals, each.emissions))
        if out is not None:
            refuse_inputs(files_of(out) if out.suffix.lower() in PAIRS else [out], inputs)
        command(panel=read_panel(**options), **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature([context, *shared, *own])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (context, *shared, *own)}
    return run


def read_panel(
    source: SourceOrStudy,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    weight: WeightOption = None,
    keep: KeepOption = "5%",
    top: TopOption = TOP,
    imports: ImportsOption = "out",
    lang: LangOfPanel = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
) -> Panel:
    """The panel of a table, or of the region of a study file, totals of other regions beside it."""
    tag = lang and language(lang)
    if _is_study(source):
        plan = read_study_file(source)
        return _planned(replace(plan, lang=tag or plan.lang), region)
    with messages().status(f"Reading {escape(source)}"):
        whole = readers.read(source, year=year, source=source_kind, sheet=sheet, unit=unit)
        table = readers.regions_of(whole, region)
        beside = whole
        if emissions is not None:
            inventories = _inventories(emissions, whole, year)
            table = table.with_emissions(inventories)
            known = {each.region for each in inventories}
            beside = whole.select([code for code in whole.regions if code in known])
            beside = beside.with_emissions(inventories)
    with messages().status("Computing the network"):
        found = study(
            table,
            weight=weight,
            keep=keep,
            top=top,
            imports=imports,
            lang=tag or "en",
            command=command_typed(),
        )
        return panel(found, beside=[beside])


def _is_study(source: str) -> bool:
    return source.lower().endswith(".toml")


def _planned(plan: Plan, region: list[str] | None) -> Panel:
    """The one panel that a study file makes, or that of the region."""
    with messages().status("Reading the sources"):
        data, beside = read_beside(plan)
    there = list(dict.fromkeys(code for each in data for code in each.regions))
    wanted = set(codes_of(region or (), there, "in the study"))
    chosen = [each for each in data if not wanted or wanted & set(each.regions)]
    places = {tuple(each.regions): place_of(each)["en"] for each in chosen}
    if len(places) != 1:
        raise DataError(
            "which of the regions",
            file=plan.file,
            found=", ".join(region or ["no --region"]),
            expected="one of " + ", ".join(sorted({place_of(each)["en"] for each in data})),
            remedy="choose one with --region; graphmap report makes them all",
        )
    with messages().status("Computing the network"):
        found = studies(plan, chosen, command=command_typed())
        return panel(found, beside=beside)


def command_typed() -> str:
    """What was typed, without the folders: a result may be published."""
    typed = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    return shlex.join(["graphmap", *typed])


def read_both(
    sources: tuple[str, str],
    emissions: list[Path] | None,
    regions: tuple[list[str] | None, list[str] | None],
    year: list[int] | None,
    kind: str | None,
    sheet: list[str] | None,
    unit: list[str] | None,
) -> tuple[IOTable, IOTable]:
    """Two tables, each with what the options say of it."""
    inventories, years = each(emissions, "--emissions"), each(year, "--year")
    sheets, units = each(sheet, "--sheet"), each(unit, "--unit")
    one, other = (
        read_table(sources[i], inventories[i], regions[i], years[i], kind, sheets[i], units[i])
        for i in (0, 1)
    )
    return one, other
