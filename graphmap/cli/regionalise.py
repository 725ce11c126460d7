"""``graphmap regionalise``: a region's table from the national one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.markup import escape

from graphmap import readers
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.location_quotients import METHODS
from graphmap.accounts.records import Records
from graphmap.accounts.regionalise import Regionalised, regionalised
from graphmap.classification import find_region
from graphmap.classification import region as named
from graphmap.cli.options import JsonOption, LangOption, UnitOption
from graphmap.cli.refused import refuse_output
from graphmap.errors import DataError
from graphmap.i18n import COLUMNS, figure, language, words
from graphmap.readers.detect import open_source
from graphmap.readers.flow_rows import edition
from graphmap.readers.stored import write_table
from graphmap.render.tables import json_of
from graphmap.terminal import messages, print_table

SHARES = ("share_of_value", "error_scaled", "error_quotients", "error_held_out")


def regionalise(
    national: Annotated[
        str,
        typer.Argument(
            metavar="NATIONAL", help="The national table: a workbook, a CSV or Parquet file."
        ),
    ],
    totals: Annotated[
        Path,
        typer.Option(
            "--totals",
            help="CSV file, a row a sector: province, year, sector, gross_output_<unit>, and what "
            "is known of value_added, imports (inputs that the sector takes from abroad), exports, "
            "final_consumption, intermediate_sales, intermediate_inputs.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The .parquet file to write.")],
    region: Annotated[
        str | None, typer.Option("--region", help="The region, by any name or code.")
    ] = None,
    year: Annotated[
        str | None,
        typer.Option("--year", help="Year or edition of the totals and flows, if not NATIONAL's."),
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option(
            "--known",
            help="CSV file of known flows: province, year, supplier, user, flow_<unit>.",
        ),
    ] = None,
    method: Annotated[str, typer.Option("--method", help=", ".join(METHODS) + ".")] = "flq",
    delta: Annotated[float, typer.Option("--delta", help="Flegg's parameter, 0 up to 1.")] = 0.3,
    between: Annotated[
        bool,
        typer.Option(
            "--between-sectors",
            help="Sales and inputs leave out what a sector sells to itself (found out from the "
            "known flows where they prove it).",
        ),
    ] = False,
    unit: UnitOption = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Estimate a region's table from the national one, its totals and known flows.

    Example: graphmap regionalise china_2017_42.csv --totals totals.csv --region Guangdong --out
    gd.parquet
    """
    tag = language(lang)
    refuse_output(out, national, totals, known, formats=[".parquet"])
    with messages().status(f"Reading {escape(national)}"):
        table = readers.read(national, unit=unit)
        records = open_source(totals)
        if not isinstance(records, Records):
            raise DataError(
                "not totals of sectors",
                file=str(totals),
                expected="the columns province, year, sector and gross_output_<unit>",
            )
        label = edition(year) if year is not None else str(table.year or "")
        records = _chosen(records, region, label)
        place = str(records.data["region"].iloc[0])
        column = "edition" if "edition" in records.data else "year"
        label = str(records.data[column].iloc[0])
        flows: FlowList | None = None
        if known is not None:
            flows = readers.read_flows(known, region=place, year=label)
    own = False if between else None
    found = regionalised(table, records, method=method, delta=delta, known=flows, own=own)
    write_table(found.table, out)
    if as_json:
        notes = [note[tag] for note in found.notes]
        quality = json.loads(json_of(found.quality.reset_index()))
        everything = {"files": [str(out)], "quality": quality, "notes": notes}
        typer.echo(json.dumps(everything, ensure_ascii=False, indent=2))
        return
    _show(found, tag)
    typer.echo(str(out))


def _chosen(records: Records, region: str | None, label: str) -> Records:
    """The totals of one region and edition; which is not asked where there is only one."""
    data = records.data
    edition_or_year = "edition" if "edition" in data else "year"
    for column, wanted in (("region", region), (edition_or_year, label or None)):
        if column not in data:
            continue
        spelt = {str(value): _key(column, str(value)) for value in data[column].unique()}
        if wanted is None or (column == edition_or_year and len(spelt) == 1):
            continue
        fitting = data[column].astype(str).map(spelt) == _key(column, wanted)
        if not fitting.any():
            shown = [named(value).name["en"] if column == "region" else value for value in spelt]
            raise DataError(
                f"no totals of that {'region' if column == 'region' else 'year'}",
                file=records.source.file,
                found=wanted,
                expected="one of " + ", ".join(shown[:5]) + (", ..." if len(shown) > 5 else ""),
            )
        data = data[fitting]
    return replace(records, data=data.reset_index(drop=True))


def _key(column: str, text: str) -> str:
    if column != "region":
        return edition(text)
    found = find_region(text)
    return found.code if found else text


def _show(found: Regionalised, tag: str) -> None:
    """The quality by supplier, the largest error in all first, and what was assumed."""
    quality = found.quality
    if len(quality):
        heads = ["sector", *quality.columns]
        names = found.table.index[f"short_{COLUMNS[tag]}"]
        rows = []
        for node, row in quality.iterrows():
            label = words("regionalise.all")[tag] if node == "all" else str(names[node])
            rows.append([label, *(_cell(column, row[column], tag) for column in quality.columns)])
        print_table([words(f"regionalise.{head}")[tag] for head in heads], rows)
    for note in found.notes:
        messages().print(escape(note[tag]))


def _cell(column: str, value: float, tag: str) -> str:
    if pd.isna(value):
        return "–"
    if column == "known_flows":
        return f"{value:.0f}"
    return figure(100 * value, 1, "%")[tag] if column in SHARES else figure(value, 2)[tag]
