"""``graphmap decompose``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from graphmap.accounts import IOTable, check
from graphmap.cli.options import (
    EmissionsOfBoth,
    ImportsOption,
    JsonOption,
    KindOption,
    LangOption,
    OutOption,
    RegionOption,
    SheetOfBoth,
    UnitOfBoth,
    YearOfBoth,
    read_both,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over, labelled
from graphmap.errors import DataError
from graphmap.i18n import language, number, signed, words
from graphmap.leontief.decomposition import decomposition, total_effects, year_of
from graphmap.readers.sheet import read_sheets
from graphmap.terminal import messages, output, print_table, print_warnings, sector_name

LINES = 10
"""Sectors printed; a file has them all."""


def decompose(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The earlier table.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The later table.")],
    emissions: EmissionsOfBoth = None,
    region: RegionOption = None,
    year: YearOfBoth = None,
    population: Annotated[
        list[float] | None,
        typer.Option("--population", help="Twice: before and after. Splits the level of demand."),
    ] = None,
    deflator: Annotated[
        str | None,
        typer.Option(
            "--deflator",
            help="Prices of AFTER over those of BEFORE: a number, or a CSV file with codes (or "
            "node ids) and prices.",
        ),
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            "--method", help="Average over all orders of the factors ('full') or the two 'polar'."
        ),
    ] = "full",
    imports: ImportsOption = "out",
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOfBoth = None,
    unit: UnitOfBoth = None,
    as_json: JsonOption = False,
) -> None:
    """Say what the change of emissions between two tables comes from.

    Intensity, technology, demand structure and demand level (or demand per head and population),
    for the whole and for each emitting sector; the parts add up to the change.

    Example: graphmap decompose china_2017_42.csv china_2018_42.csv --emissions China_CO2.xlsx
    """
    tag = language(lang)
    refuse_output(out, before, after, *(emissions or []), deflator)
    tables = read_both((before, after), emissions, (region, region), year, source_kind, sheet, unit)
    with messages().status("Solving"):
        found = decomposition(
            *tables,
            method=method,
            population=_people(population),
            deflator=_deflator(deflator),
            imports=imports,
        )
    for table in tables:
        print_warnings(check(table), tag)
    for note in found.attrs["notes"]:
        messages().print(note[tag], markup=False)
    effects = total_effects(found)
    totals = {
        "method": method,
        "before": {"year": tables[0].year, "co2_mt": found["co2_before"].sum()},
        "after": {"year": tables[1].year, "co2_mt": found["co2_after"].sum()},
        "change_mt": found["change"].sum(),
        "effects": [
            {"factor": factor, "mt": effect, "share": None if pd.isna(share) else share}
            for factor, effect, share in effects.itertuples()
        ],
        "notes": [note[tag] for note in found.attrs["notes"]],
    }
    rows = labelled(tables[0], found.add_suffix("_mt"))
    everything = {**totals, "sectors": rows}
    hand_over(rows, as_json, out, lambda: _print(tables, found, effects, tag), everything)


def _people(given: list[float] | None) -> tuple[float, float] | None:
    if not given:
        return None
    if len(given) != 2:
        raise DataError(
            "population of one table only" if len(given) == 1 else "--population too often",
            found=len(given),
            expected="--population twice: before and after",
        )
    return given[0], given[1]


def _deflator(given: str | None) -> float | pd.Series | None:
    """A number as it is typed, or a Series from a file of two columns; a heading may stand."""
    if given is None or _number(given) is not None:
        return _number(given or "")
    path = Path(given)
    if not path.is_file():
        raise DataError(
            "no such deflator", found=given, expected="a number such as 1.05, or a CSV file"
        )
    sheet = read_sheets(path)[0]
    prices: dict[str, float] = {}
    for i in range(sheet.shape[0] if sheet.shape[1] > 1 else 0):
        code, price, value = sheet.text(i, 0), sheet.text(i, 1), float(sheet.numbers[i, 1])
        if math.isnan(value):
            if code and (i > 0 or _number(price) is not None):
                raise DataError(
                    "no price beside a code",
                    file=path,
                    cell=f"row {i + 1}",
                    found=f"{code}, {price}",
                    expected="a code or node id, and a price such as 1.05",
                )
        elif prices.setdefault(code, value) != value:
            raise DataError("two prices of one sector", file=path, found=code)
    if not prices:
        raise DataError(
            "no prices", file=path, expected="a row a sector: its code or node id, and its price"
        )
    found = pd.Series(prices, dtype=float)
    found.attrs["file"] = str(path)
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _print(
    tables: tuple[IOTable, IOTable], found: pd.DataFrame, effects: pd.DataFrame, tag: str
) -> None:
    change = found["change"].sum()
    title = words(
        "decomposition.title",
        before=f"{number(found['co2_before'].sum(), tag, 1)} Mt",
        after=f"{number(found['co2_after'].sum(), tag, 1)} Mt",
        first=year_of(tables[0], "before"),
        second=year_of(tables[1], "after"),
        change=f"{signed(change, tag, 1)} Mt",
    )
    output().print(title[tag], style="bold", markup=False, soft_wrap=True)
    output().print(words(f"decomposition.{found.attrs['method']}")[tag])
    heads = [words(f"decomposition.{key}")[tag] for key in ("factor", "effect", "share")]
    lines = [
        [
            words(f"decomposition.{factor}")[tag],
            signed(effect, tag, 1),
            "–" if pd.isna(share) else signed(100 * share, tag, 1),
        ]
        for factor, effect, share in effects.itertuples()
    ]
    print_table(heads, lines)
    output().print()
    columns = ["change", *effects.index]
    heads = [words(f"decomposition.{key}")[tag] for key in ("sector", *columns)]
    largest = found["change"].abs().nlargest(LINES).index
    several = len(tables[0].regions) > 1
    lines = [
        [
            sector_name(tables[0].index.loc[node], tag, several=several, column="short"),
            *(signed(found.loc[node, column], tag, 1) for column in columns),
        ]
        for node in largest
    ]
    print_table(heads, lines)
