"""``graphmap rank`` and ``graphmap measures``."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import typer

from graphmap import units
from graphmap.accounts import IOTable, check
from graphmap.cli.options import (
    EmissionsOption,
    ImportsOption,
    JsonOption,
    KindOption,
    LangOption,
    OutOption,
    RegionOption,
    SheetOption,
    SourceArgument,
    UnitOption,
    YearOption,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over
from graphmap.i18n import language, money, number, with_unit, words
from graphmap.leontief.rank import catalogue, rank
from graphmap.render.tables import with_units
from graphmap.terminal import messages, print_table, print_warnings, sector_name

SHOWN = ("direct_co2", "footprint", "transmission", "extraction", "total_intensity", "upstreamness")
SHOWN_WITHOUT_CO2 = ("gross_output", "extraction_output", "upstreamness", "downstreamness")
LINES = 42
"""Sectors printed; a file has them all."""


def rank_(
    source: SourceArgument,
    by: Annotated[
        str | None, typer.Option("--by", help="The measure to sort by; see graphmap measures.")
    ] = None,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    imports: ImportsOption = "out",
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank the sectors: one row each, every measure of the engine, sorted by any of them.

    Example: graphmap rank MRIO2017.xlsx --region 广东 --by extraction --out rank.csv
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    with messages().status("Solving"):
        ranked = rank(table, by, imports=imports)
    print_warnings(check(table), tag)
    idle = table.index.index[table.x == 0]
    if len(idle):
        listed = ", ".join(map(str, idle[:5])) + (", ..." if len(idle) > 5 else "")
        messages().print(words("rank.idle", count=len(idle), sectors=listed)[tag], markup=False)
    if "extraction_output" not in ranked:
        messages().print(words("rank.no_extraction")[tag], markup=False)
    if ranked.attrs["solved"]["method"] != "dense":
        messages().print(_solved(ranked.attrs["solved"], tag), markup=False)
    file = with_units(ranked.rename_axis("node").reset_index(), table.unit_10k)
    hand_over(file, as_json, out, lambda: _print(ranked, table, tag))


def measures(
    lang: LangOption = "en",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the measures of graphmap rank: name, unit, formula, source and meaning.

    Example: graphmap measures --lang zh-Hans
    """
    tag = language(lang)
    refuse_output(out)
    rows = [
        {
            "measure": name,
            "name": words(f"measure.{name}")[tag],
            **row,
            "unit": _unit(row["unit"].format(money="10k_yuan"), tag),
            "meaning": words(f"measure.{name}.help")[tag],
        }
        for name, row in catalogue().items()
    ]
    heads = [words(f"rank.{column}")[tag] for column in rows[0]]
    lines = [list(row.values()) for row in rows]
    hand_over(pd.DataFrame(rows), as_json, out, lambda: print_table(heads, lines))


def _print(ranked: pd.DataFrame, table: IOTable, tag: str) -> None:
    """The first sectors: the measure sorted by, then the usual ones."""
    by, money_unit = ranked.attrs["by"], table.unit_10k
    usual = SHOWN if table.has_emissions else SHOWN_WITHOUT_CO2
    columns = list(dict.fromkeys([by, *(column for column in usual if column in ranked)]))
    unit_of = {c: catalogue()[c]["unit"].format(money=money_unit) for c in columns}
    heads = ["", words("rank.sector")[tag]]
    for column in columns:
        unit = "" if unit_of[column] == money_unit else _unit(unit_of[column], tag)
        name = words(f"measure.{column}")[tag]
        heads.append(with_unit(name, unit, tag) if unit else name)
    several = len(table.regions) > 1
    currency = units.currency(table.unit)
    lines = []
    for place, (node, row) in enumerate(ranked.head(LINES).iterrows(), 1):
        name = sector_name(table.index.loc[node], tag, several=several, column="short")
        cells = [_cell(row[c], unit_of[c] == money_unit, currency, tag) for c in columns]
        lines.append([str(place), name, *cells])
    print_table(heads, lines)
    if len(ranked) > LINES:
        rest = words("rank.more", count=len(ranked) - LINES)[tag]
        messages().print(rest, markup=False)


def _solved(report: dict[str, Any], tag: str) -> str:
    return words(
        "rank.solved",
        method=words(f"rank.solved.{report['method']}"),
        residual=f"{report['residual']:.0e}",
        memory=number(report["memory"] / 1e6, tag, 1),
    )[tag]


def _unit(unit: str, tag: str) -> str:
    if unit.startswith("t_per_"):
        return words("unit.intensity", money=words(f"unit.{unit[6:]}"))[tag]
    return "Mt" if unit == "mt" else words(f"unit.{unit}")[tag] if unit else ""


def _cell(value: Any, is_money: bool, currency: str, tag: str) -> str:
    if isinstance(value, str):
        return words(f"quadrant.{value}")[tag]
    return money(value, tag, currency) if is_money else number(value, tag, 2)
