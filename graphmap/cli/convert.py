"""``graphmap convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

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
from graphmap.cli.refused import a_file, refuse_inputs
from graphmap.errors import DataError
from graphmap.readers.columns import column_of, columns_of, only_sheet
from graphmap.readers.sheet import read_sheets
from graphmap.readers.stored import write_table


def convert(
    source: SourceArgument,
    out: Annotated[Path, typer.Option("--out", help="The table as one Parquet file.")],
    to: Annotated[
        str | None, typer.Option("--to", help="Another money unit, such as million_usd.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option("--rate", help="Exchange rate: yuan for one dollar (or the reverse)."),
    ] = None,
    deflators: Annotated[
        Path | None,
        typer.Option("--deflators", help="CSV with the columns code and index (1 in --base)."),
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
    refuse_inputs(
        a_file(out), [each for each in (Path(source), emissions, deflators, mapping) if each]
    )
    if not out.suffix.lower() == ".parquet":
        raise DataError("unknown format", file=out, expected="a name ending in .parquet")
    if (deflators is None) != (base is None):
        raise DataError("--deflators and --base belong together")
    table = read_table(source, emissions, region, year, source_kind, sheet, unit, mapping)
    if deflators is not None and base is not None:
        table = deflated(table, _indices(deflators), base=base, given_in=deflators.name)
    if to is not None or rate is not None:
        table = in_unit(table, to or table.unit, rate)
    typer.echo(str(write_table(table, out)))


def _indices(path: Path) -> pd.Series:
    """Price index by sector code."""
    sheet = only_sheet(read_sheets(path))
    columns = columns_of(sheet)
    code, index = (columns[column_of(sheet, columns, name)] for name in ("code", "index"))
    rows = list(range(1, sheet.shape[0]))
    missing: list[str] = []
    values = sheet.block(rows, [index], missing)[:, 0]
    if missing:
        raise sheet.error(f"an empty cell, {missing[0]}", expected="a price index")
    return pd.Series(values, index=[sheet.text(row, code) for row in rows])
