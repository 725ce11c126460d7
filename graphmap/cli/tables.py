"""``graphmap regions``."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import typer

from graphmap import readers
from graphmap.classification import region as region_of
from graphmap.cli.options import (
    EmissionsOption,
    JsonOption,
    KindOption,
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
from graphmap.i18n import LANGUAGES, language, words
from graphmap.terminal import print_table


def regions(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Names in one language only.")] = None,
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the regions of a table; with --emissions, whether the inventory has them.

    Example: graphmap regions MRIO2017.xlsx --emissions Emission_Inventories_2017.xlsx
    """
    tags = [language(lang)] if lang else list(LANGUAGES)
    refuse_output(out, source, emissions)
    table = read_table(source, None, region, year, source_kind, sheet, unit)
    covered = {
        inventory.region
        for inventory in (
            readers.read_emissions(emissions, year=year or table.year) if emissions else []
        )
    }
    rows: list[dict[str, Any]] = []
    for code in table.regions:
        names = region_of(code).name
        sectors = int((table.index["region"] == code).sum())
        row = {"code": code, **{tag: names[tag] for tag in tags}}
        rows.append({**row, "sectors": sectors})
        if emissions:
            rows[-1]["emissions"] = code in covered
    tag = tags[0]
    heads = [
        words("cli.code")[tag],
        *(words("cli.region")[each] for each in tags),
        *(words(f"cli.{column}")[tag] for column in rows[0] if column not in ("code", *tags)),
    ]
    lines = [[_cell(value, tag) for value in row.values()] for row in rows]
    hand_over(pd.DataFrame(rows), as_json, out, lambda: print_table(heads, lines))


def _cell(value: object, tag: str) -> str:
    return words(f"cli.{'yes' if value else 'no'}")[tag] if isinstance(value, bool) else str(value)
