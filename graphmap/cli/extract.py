"""``graphmap extract``."""

from __future__ import annotations

from typing import Annotated

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
from graphmap.cli.results import hand_over, labelled
from graphmap.i18n import LANGUAGES, Names, language, listed, money, number, words
from graphmap.leontief.extraction import Extraction, extraction
from graphmap.terminal import messages, output, print_table, print_warnings, sector_name

NAMED = 3
"""Extracted sectors named in the title."""

LINES = 10
"""Sectors printed; a file has them all."""


def extract(
    source: SourceArgument,
    sector: Annotated[
        list[str],
        typer.Option(
            "--sector",
            help="A node id, a code, a name or a group of industries; several are extracted "
            "together.",
        ),
    ],
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
    """Say what the economy would lose without a sector, and what carbon passes through it.

    Emissions and gross output lost in three senses (complete, backward, forward), the transfer
    of emissions between the sector and the others, and who would lose most.

    Example: graphmap extract sample --region 广东 --sector 建筑
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    with messages().status("Solving"):
        found = extraction(table, sector, imports)
    print_warnings(check(table), tag)
    suffixes = {
        "co2": "co2_mt",
        "co2_lost": "co2_lost_mt",
        "emitted_for_group": "emitted_for_group_mt",
        "group_emits_for": "group_emits_for_mt",
        "gross_output": f"gross_output_{table.unit_10k}",
        "output_lost": f"output_lost_{table.unit_10k}",
    }
    totals = {
        "extracted": list(found.sectors),
        "losses": found.losses.rename(columns=suffixes).reset_index(),
        "transfer": {f"{kind}_mt": value for kind, value in found.transfer.items()},
    }
    rows = labelled(table, found.by_sector.rename(columns=suffixes))
    everything = {**totals, "sectors": rows}
    hand_over(rows, as_json, out, lambda: _print(table, found, tag), everything)


def _print(table: IOTable, found: Extraction, tag: str) -> None:
    title = words("extraction.title", sectors=_named(table, found.sectors))[tag]
    output().print(title, style="bold", markup=False, soft_wrap=True)
    currency = units.currency(table.unit)

    def cell(value: float, column: str) -> str:
        if column.endswith("_share"):
            return number(100 * value, tag, 1)
        return money(value, tag, currency) if "output" in column else number(value, tag, 2)

    columns = ["co2", "co2_share"] if found.transfer else []
    columns += ["gross_output", "gross_output_share"]
    heads = [words(f"extraction.{key}")[tag] for key in ("kind", *columns)]
    lines = [
        [words(f"extraction.{kind}")[tag], *(cell(row[c], c) for c in columns)]
        for kind, row in found.losses.iterrows()
    ]
    print_table(heads, lines)
    if found.transfer:
        output().print()
        heads = [words("extraction.transfer")[tag], words("extraction.mt")[tag]]
        lines = [
            [words(f"extraction.{kind}")[tag], number(value, tag, 2)]
            for kind, value in found.transfer.items()
        ]
        print_table(heads, lines)
    output().print()
    others = found.by_sector[~found.by_sector["extracted"]].drop(columns="extracted")
    columns = ["co2_lost", "emitted_for_group", "group_emits_for"] if found.transfer else []
    columns += ["output_lost"]
    heads = [words(f"extraction.{key}")[tag] for key in ("sector", *columns)]
    several = len(table.regions) > 1
    lines = [
        [
            sector_name(table.index.loc[node], tag, several=several, column="short"),
            *(cell(row[c], c) for c in columns),
        ]
        for node, row in others.nlargest(LINES, columns[0]).iterrows()
    ]
    print_table(heads, lines)


def _named(table: IOTable, nodes: tuple[str, ...]) -> Names:
    """The first of the extracted sectors by name, and how many more there are."""
    several = len(table.regions) > 1
    rows = [table.index.loc[node] for node in nodes[:NAMED]]
    named = listed(
        [
            {tag: sector_name(row, tag, several=several, column="short") for tag in LANGUAGES}
            for row in rows
        ]
    )
    more = len(nodes) - NAMED
    return words("extraction.more", sectors=named, count=more) if more > 0 else named
