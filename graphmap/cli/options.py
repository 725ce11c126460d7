"""The options that commands share, and reading the table they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.markup import escape

from graphmap import readers
from graphmap.accounts import IOTable
from graphmap.errors import DataError
from graphmap.terminal import messages

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A workbook, a CSV file, a folder with nodes.csv and edges.csv, or 'sample'.",
    ),
]
RegionOption = Annotated[
    list[str] | None,
    typer.Option("--region", help="A region by any name or code; may be given several times."),
]
YearOption = Annotated[int | None, typer.Option("--year", help="Which year of the source.")]
EmissionsOption = Annotated[
    Path | None, typer.Option("--emissions", help="An emission inventory (CEADs workbook).")
]
LangOption = Annotated[str, typer.Option("--lang", help="en, zh-Hans or zh-Hant.")]
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
) -> IOTable:
    with messages().status(f"Reading {escape(source)}"):
        table = readers.read(source, region=regions, year=year, source=kind, sheet=sheet, unit=unit)
        if emissions is None:
            return table
        wanted = year or table.year
        if wanted is None:
            raise DataError(
                "the year of the table is not known", file=source, remedy="give it with --year"
            )
        return table.with_emissions(readers.read_emissions(emissions, year=wanted))


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
