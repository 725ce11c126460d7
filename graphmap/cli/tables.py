"""``graphmap check`` and ``graphmap regions``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from graphmap import readers
from graphmap.accounts import check
from graphmap.classification import find_region
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
from graphmap.i18n import LANGUAGES, language, words
from graphmap.terminal import refuse_output, report


def check_(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a table adds up. Exits with 1 if it has errors.

    Example: graphmap check china_2017_42.csv
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    findings = check(table)
    rows = [
        {
            "severity": finding.severity,
            "kind": finding.kind,
            "region": finding.region,
            "node": finding.sector,
            "value": finding.value,
            "text": finding.text[tag],
        }
        for finding in findings
    ]
    shown = [[words(f"page.severity.{f.severity}")[tag], f.text[tag]] for f in findings]
    heads = [words("cli.severity")[tag], words("cli.finding")[tag]]
    report(rows, heads, shown, as_json, out)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def regions(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Names in one language only.")] = None,
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the regions of a table; with --emissions, whether the inventory has them.

    Example: graphmap regions MRIO2017.xlsx --emissions Emission_Inventories_2017.xlsx
    """
    tags = [language(lang)] if lang else list(LANGUAGES)
    refuse_output(out, source, emissions)
    table = read_table(source, None, region, year, source_kind, sheet, None)
    covered = {
        inventory.region
        for inventory in (
            readers.read_emissions(emissions, year=year or table.year) if emissions else []
        )
    }
    rows: list[dict[str, Any]] = []
    for code in table.regions:
        names = find_region(code)
        sectors = int((table.index["region"] == code).sum())
        row = {"code": code, **{tag: names.name[tag] if names else code for tag in tags}}
        rows.append({**row, "sectors": sectors})
        if emissions:
            rows[-1]["emissions"] = code in covered
    columns = list(rows[0])
    report(rows, columns, [[str(value) for value in row.values()] for row in rows], as_json, out)
