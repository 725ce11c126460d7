"""``graphmap accounts``."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import pandas as pd
import typer

from graphmap.accounts import IOTable
from graphmap.classification import region as region_of
from graphmap.cli.options import (
    EmissionsOption,
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
from graphmap.cli.results import hand_over, labelled
from graphmap.errors import DataError
from graphmap.i18n import language, number, words
from graphmap.leontief.consumption import OUTSIDE, ConsumptionAccounts, consumption_accounts
from graphmap.terminal import messages, print_table, print_warnings, sector_name

LINES = 42
"""Rows printed; a file has them all."""

SHOWN = 0.005
"""Mt; a discrepancy below rounds to nothing and is not printed."""


def accounts(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    by: Annotated[
        str,
        typer.Option("--by", help="A row for each 'region', 'category', 'product' or 'pair'."),
    ] = "region",
    imported: Annotated[
        str,
        typer.Option(
            "--imported",
            help="Emissions of imports from outside the table: 'excluded', made with 'domestic' "
            "technology, or a number, t CO2 per 10 thousand of money.",
        ),
    ] = "excluded",
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who emits and for whom: production, consumption, trade and footprints, in Mt CO2.

    Rows by region: what it emits, what is emitted for its final use, and what is embodied in
    trade. By category: footprints of households, government, capital and exports. By product:
    footprints of final products. By pair: emissions in one region for final use in another. With
    --region the other regions become imports and exports; leave it out to see trade among them.

    Example: graphmap accounts MRIO2017.xlsx --by pair --out trade.csv
    """
    tag = language(lang)
    if by not in VIEWS:
        raise DataError("unknown rows", found=by, expected=f"--by {', '.join(VIEWS)}")
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    with messages().status("Computing the accounts"):
        found = consumption_accounts(table, imported)
    if imported == "excluded":
        found = _inside_only(found)
    rows, shown = VIEWS[by](found, table, tag)
    rows["imports_from_outside"] = imported

    def show() -> None:
        _print(shown, found, tag)
        if by == "region":
            _print(_totals(found, tag), found, tag)

    print_warnings(found.checks, tag)
    for note in found.notes:
        messages().print(note[tag], markup=False)
    if not found.complete:
        hint = "accounts.hint_region" if region else "accounts.hint"
        messages().print(words(hint)[tag], markup=False)
    hand_over(rows, as_json, out, show)


def _inside_only(found: ConsumptionAccounts) -> ConsumptionAccounts:
    """The accounts without columns and rows of zeros for what is not counted."""
    regions = found.regions.copy()
    if len(regions) == 1 and not found.complete:
        regions["imported"] = float("nan")
    return replace(
        found,
        regions=regions,
        trade=found.trade.drop(index=OUTSIDE),
        categories=found.categories[["footprint"]],
        products=found.products.drop(columns=OUTSIDE, level="emitted"),
    )


def _by_region(
    found: ConsumptionAccounts, table: IOTable, tag: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    shown = found.regions.reset_index()
    if not shown["household_fuel"].any():  # the emissions are those of industries only
        shown = shown.drop(columns="household_fuel")
    shown = shown.dropna(axis=1, how="all")
    shown["region"] = _places(shown["region"], tag)
    rows = found.regions.add_suffix("_mt").reset_index()
    rows.insert(1, "name", shown["region"])
    return rows, shown


def _by_category(
    found: ConsumptionAccounts, table: IOTable, tag: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    shown = found.categories.reset_index().rename(columns={"category": "final_use"})
    shown = shown[(shown["final_use"] != "discrepancy") | (shown["footprint"].abs() >= SHOWN)]
    shown["region"] = _places(shown["region"], tag)
    shown["final_use"] = _categories(shown["final_use"], tag)
    rows = found.categories.add_suffix("_mt").reset_index()
    rows.insert(1, "name", shown["region"])
    return rows, shown


def _by_pair(
    found: ConsumptionAccounts, table: IOTable, tag: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = found.trade.rename_axis(index="emitted_in", columns="used_in").stack().rename("co2_mt")
    shown = rows.rename("co2").reset_index()
    for end in ("emitted_in", "used_in"):
        shown[end] = _places(shown[end], tag)
    return rows.reset_index(), shown


def _by_product(
    found: ConsumptionAccounts, table: IOTable, tag: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    total = found.products.sum(axis=1)
    rows = found.products.set_axis([f"{use}_{where}_mt" for use, where in found.products], axis=1)
    rows = labelled(table, rows.assign(footprint_mt=total))
    shown = found.products.T.groupby(level="category", sort=False).sum().T.add_prefix("category.")
    several = len(table.regions) > 1
    names = [
        sector_name(row, tag, several=several, column="short") for _, row in table.index.iterrows()
    ]
    shown.insert(0, "product", names)
    shown = shown.assign(footprint=total).sort_values("footprint", ascending=False)
    return rows.sort_values("footprint_mt", ascending=False), shown


VIEWS = {
    "region": _by_region,
    "category": _by_category,
    "product": _by_product,
    "pair": _by_pair,
}


def _totals(found: ConsumptionAccounts, tag: str) -> pd.DataFrame:
    """Footprints by category over all regions; what rounds to nothing is left out."""
    order = found.products.columns.unique("category")
    totals = found.categories.groupby(level="category").sum().loc[order]
    totals["share"] = 100 * totals["footprint"] / totals["footprint"].sum()
    totals = totals[totals["footprint"].abs() >= SHOWN].reset_index(names="final_use")
    totals["final_use"] = _categories(totals["final_use"], tag)
    return totals


def _places(codes: pd.Series, tag: str) -> list[str]:
    known = {OUTSIDE: words("accounts.elsewhere")[tag], "": words("study.no_region")[tag]}
    return [known.get(code) or region_of(code).name[tag] for code in codes]


def _categories(names: pd.Series, tag: str) -> list[str]:
    return [words(f"accounts.category.{name}")[tag] for name in names]


def _print(shown: pd.DataFrame, found: ConsumptionAccounts, tag: str) -> None:
    """The rows under their headings; what is not counted says so there."""
    inside = {"consumption", "imported"} if not found.complete else set()
    heads = [
        words(f"accounts.{column}_inside" if column in inside else f"accounts.{column}")[tag]
        for column in shown
    ]
    lines = [
        [cell if isinstance(cell, str) else number(cell, tag, 2) for cell in line]
        for line in shown.head(LINES).itertuples(index=False)
    ]
    print_table(heads, lines)
    if len(shown) > LINES:
        rest = words("accounts.more", count=len(shown) - LINES)[tag]
        messages().print(rest, markup=False)
