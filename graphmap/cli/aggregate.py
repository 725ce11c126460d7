"""``graphmap aggregate``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from graphmap.accounts import IOTable
from graphmap.accounts.aggregate import aggregated, regions_grouped
from graphmap.classification import (
    concordance,
    find_group,
    find_region,
    read_concordance,
    region,
    region_groups,
)
from graphmap.cli.options import (
    EmissionsOption,
    JsonOption,
    KindOption,
    LangOption,
    RegionOption,
    SheetOption,
    SourceArgument,
    UnitOption,
    YearOption,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import say_files
from graphmap.errors import DataError
from graphmap.i18n import Names, language, listed, number, with_unit, words
from graphmap.readers.columns import figures_by_code, only_sheet
from graphmap.readers.sheet import read_sheets
from graphmap.readers.stored import write_table
from graphmap.terminal import messages, print_table


def aggregate(
    source: SourceArgument,
    out: Annotated[Path, typer.Option("--out", help="The .parquet file to write.")],
    to: Annotated[
        str | None,
        typer.Option("--to", help="A bundled list of sectors: cn42_2017, isic4_sections, ..."),
    ] = None,
    own: Annotated[
        Path | None,
        typer.Option("--concordance", help="Your own: a CSV file with source,target[,weight]."),
    ] = None,
    sizes: Annotated[
        Path | None,
        typer.Option(
            "--sizes",
            help="A CSV file with code,size: how sectors without weights are split.",
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            help="A group of regions to make one: yangtze-river-delta, or NAME=广东,浙江. May be "
            "given several times.",
        ),
    ] = None,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: LangOption = "en",
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a table of fewer sectors or regions, with every total kept.

    Example: graphmap aggregate MRIO2017.xlsx --group yangtze-river-delta --out delta.parquet
    """
    tag = language(lang)
    if (to is None) == (own is None) and (to is not None or not group):
        raise DataError(
            "two ways to aggregate sectors" if to else "nothing to aggregate",
            expected="one of --to and --concordance, or --group",
        )
    if sizes is not None and to is None and own is None:
        raise DataError(
            "--sizes splits sectors", expected="one of --to and --concordance, or no --sizes"
        )
    refuse_output(out, source, emissions, own, sizes, formats=[".parquet"])
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    with messages().status(words("cli.aggregate.status")[tag]):
        made = _in_sectors(table, to, own, sizes)
        made = _in_groups(made, group or [])
        write_table(made, out)
    before, after = _totals(table), _totals(made)
    if as_json:
        say_files([out], as_json, unit=table.unit, before=before, after=after)
        return
    _show(table, before, after, tag)
    for note in made.source.notes[len(table.source.notes) :]:
        messages().print(note[tag], markup=False)
    typer.echo(str(out))


def _in_sectors(table: IOTable, to: str | None, own: Path | None, sizes: Path | None) -> IOTable:
    known = table.classification or ""
    if own is not None:
        return aggregated(table, read_concordance(own, source=known), _sizes(sizes))
    if to is None:
        return table
    if not known:
        raise DataError(
            "the sectors of this table are of no bundled list",
            file=table.source.file,
            remedy="give your own concordance with --concordance",
        )
    if to == known:
        return table
    return aggregated(table, concordance(known, to), _sizes(sizes))


def _in_groups(table: IOTable, texts: list[str]) -> IOTable:
    """Regions summed, group by group."""
    groups: dict[str, list[str]] = {}
    notes: list[Names] = []
    for text in texts:
        name, codes, said = (_own_group if "=" in text else _bundled_group)(table, text)
        if name in groups:  # its regions would stay outside
            raise DataError(
                "two groups of one name", found=text, remedy="name all its regions at once"
            )
        groups[name] = codes
        notes += said
    return regions_grouped(table, groups).noted(*notes) if groups else table


def _own_group(table: IOTable, text: str) -> tuple[str, list[str], list[Names]]:
    """Name and regions of ``NAME=CODE,CODE``."""
    name, _, members = (part.strip() for part in text.partition("="))
    spelt = [part.strip() for part in re.split("[,，、]", members) if part.strip()]
    codes = [found.code if (found := find_region(part)) else part for part in spelt]
    if not name or not codes:
        raise DataError(
            f"a group without {'members' if name else 'a name'}",
            found=text,
            expected="NAME=CODE,CODE",
        )
    named = find_region(name)
    if named is not None and named.code in table.regions:
        raise DataError(
            "a group has the name of a region of the table",
            found=text,
            expected=f"a name other than {named.name['en']} ({named.name['zh-Hans']})",
        )
    return name, codes, []


def _bundled_group(table: IOTable, text: str) -> tuple[str, list[str], list[Names]]:
    """The id of a bundled group, its regions in the table, and what is to be said."""
    group = find_group(text)
    if group is None:
        raise DataError(
            "no such group of regions",
            found=text,
            expected=f"one of {', '.join(region_groups())}, or NAME=CODE,CODE",
        )
    here = [code for code in group.members if code in table.regions]
    absent = [code for code in group.members if code not in table.regions]
    if not here:
        raise DataError(
            f"no region of {group.name['en']} is in the table",
            file=table.source.file,
            found=", ".join(table.regions[:5]),
            expected=f"one of {', '.join(group.members)}",
        )
    notes = []
    if absent:
        names = listed([region(code).name for code in absent])
        notes.append(words("note.group_without", regions=names, group=group.name))
    if group.id == "greater-bay-area" and "CN-GD" in here:
        notes.append(words("note.group_whole.greater-bay-area"))
    return group.id, here, notes


def _sizes(file: Path | None) -> pd.Series | None:
    """Sizes by code, from a CSV file with the columns ``code`` and ``size``."""
    return None if file is None else figures_by_code(only_sheet(read_sheets(file)), "size")


def _totals(table: IOTable) -> dict[str, float | int | None]:
    """What has to be the same before and after, and what has changed."""
    return {
        "regions": len(table.regions),
        "sectors": table.n,
        "gross_output": float(table.x.sum()),
        "co2_mt": float(table.co2.sum()) if table.co2 is not None else None,
    }


def _show(
    table: IOTable,
    before: dict[str, float | int | None],
    after: dict[str, float | int | None],
    tag: str,
) -> None:
    output = words("cli.aggregate.output")[tag]
    heads = {
        "regions": words("cli.aggregate.regions")[tag],
        "sectors": words("cli.aggregate.sectors")[tag],
        "gross_output": with_unit(output, words(f"unit.{table.unit}")[tag], tag),
        "co2_mt": words("cli.aggregate.co2")[tag],
    }
    rows = []
    for key, head in heads.items():
        was, now = before[key], after[key]
        if was is not None and now is not None:
            digits = 2 if key == "co2_mt" else 0
            rows.append([head, number(was, tag, digits), number(now, tag, digits)])
    columns = [words(f"cli.aggregate.{key}")[tag] for key in ("measure", "before", "after")]
    print_table(columns, rows)
