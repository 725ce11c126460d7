"""``graphmap convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from graphmap.accounts import IOTable
from graphmap.accounts.lookup import find_sectors
from graphmap.accounts.magnitudes import magnitude_findings
from graphmap.accounts.prices import deflated, in_unit
from graphmap.cli.options import (
    EmissionsOption,
    KindOption,
    RegionOption,
    SheetOption,
    SourceArgument,
    UnitOption,
    YearOption,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.errors import DataError
from graphmap.i18n import words
from graphmap.readers.columns import columns_of, figures_by_code, only_sheet
from graphmap.readers.sheet import read_sheets
from graphmap.readers.stored import write_table
from graphmap.terminal import messages


def convert(
    source: SourceArgument,
    out: Annotated[Path, typer.Option("--out", help="The .parquet file to write.")],
    to: Annotated[
        str | None, typer.Option("--to", help="Another money unit, such as million_usd.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate",
            help="Exchange rate: how much of the table's currency one unit of the other costs "
            "(6.7518 from yuan to dollars).",
        ),
    ] = None,
    deflators: Annotated[
        Path | None,
        typer.Option(
            "--deflators",
            help="CSV with the columns code, index (1 in --base, not 100) and, to have the codes "
            "checked, sector (its name).",
        ),
    ] = None,
    base: Annotated[int | None, typer.Option("--base", help="The year of the prices.")] = None,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", help="Where the parts of a matrix stand; graphmap inspect proposes it."
        ),
    ] = None,
) -> None:
    """Keep a table as one Parquet file, in other units or at the prices of another year.

    Every command reads that file; a matrix of any layout becomes one with --mapping. Rates and
    price indices are the user's own; what was done is recorded in the table's source.

    Example: graphmap convert MRIO2017.xlsx --to million_usd --rate 6.7518 --out table.parquet
    """
    refuse_output(out, source, emissions, deflators, mapping, formats=[".parquet"])
    if (deflators is None) != (base is None):
        raise DataError("--deflators and --base belong together")
    table = read_table(source, emissions, region, year, source_kind, sheet, unit, mapping)
    if deflators is not None and base is not None:
        table = deflated(table, _indices(deflators, table), base=base, given_in=deflators.name)
    if to is not None or rate is not None:
        table = in_unit(table, to or table.unit, rate)
    if rate is not None:  # a rate the wrong way round goes unnoticed otherwise
        for finding in magnitude_findings(table):
            if finding.kind in ("unit", "output_size"):
                severity = words(f"page.severity.{finding.severity}")["en"]
                messages().print(f"{severity}: {finding.text['en']}", markup=False)
    typer.echo(str(write_table(table, out)))


def _indices(path: Path, table: IOTable) -> pd.Series:
    """Price index by sector code; where names stand beside the codes, both mean one sector."""
    sheet = only_sheet(read_sheets(path))
    found, columns = figures_by_code(sheet, "index"), columns_of(sheet)
    for row, own in enumerate(found.index if "sector" in columns else (), start=1):
        name = sheet.text(row, columns["sector"])
        # one code names different sectors in the lists of 2012 and of 2017
        try:
            meant = table.index["code"].iloc[find_sectors(table, name)].unique()
        except DataError as error:
            raise sheet.error("no such sector in the table", row, found=name) from error
        if own not in meant:
            what = f"the code of another sector than {name!r}"
            expected = ", ".join(meant)
            raise sheet.error(what, row, columns["code"], found=own, expected=expected)
    return found
