"""``graphmap paths``."""

from __future__ import annotations

import math
from typing import Annotated, Any

import pandas as pd
import typer
from rich.markup import escape
from rich.tree import Tree

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
from graphmap.i18n import COLUMNS, Names, language, listed, number, words
from graphmap.leontief.paths import COUNT, structural_paths
from graphmap.terminal import messages, output, print_warnings, sector_name

LINES = 100
"""Paths printed where no number is asked for; a file has them all."""

NAMED = 3
"""Products named in the line above the tree."""

BETWEEN = " > "
"""What stands between two sectors of a path in a file."""


def paths(
    source: SourceArgument,
    top: Annotated[
        int | None,
        typer.Option(
            "--top", min=1, help=f"How many paths; {COUNT} if nothing else says how many."
        ),
    ] = None,
    product: Annotated[
        list[str] | None,
        typer.Option(
            "--product",
            help="Only paths to this final product: a node id, code, name or group of industries; "
            "may be given several times.",
        ),
    ] = None,
    final_use: Annotated[
        str | None,
        typer.Option(
            "--final-use", help="Only for households, government, capital, exports, or as named."
        ),
    ] = None,
    threshold: Annotated[
        str | None,
        typer.Option("--threshold", help="Paths of so many Mt or more, or of a share: '0.01%'."),
    ] = None,
    coverage: Annotated[
        str | None,
        typer.Option("--coverage", help="The fewest paths that make up this share: '80%'."),
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
    """Find the largest structural paths: supply chains from an emitter to a final product.

    Exact, in Mt CO2, printed as a tree of suppliers; --out writes a row a path. Of --top,
    --threshold and --coverage the first that is met ends the list.

    Example: graphmap paths MRIO2017.xlsx --region 广东 --product 建筑 --top 20 --out paths.csv
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    with messages().status("Following supply chains"):
        found = structural_paths(
            table,
            product=product or None,
            final_use=final_use,
            count=top,
            threshold=threshold,
            coverage=coverage,
            imports=imports,
        )
    print_warnings(check(table), tag)
    title = _title(found, table, tag)
    rows = _rows(found, table)

    def show() -> None:
        output().print(title, markup=False, soft_wrap=True)
        _print(found, table, LINES if out else max(top or 0, LINES), tag)

    everything = {
        "total_mt": found.attrs["total"],
        "covered_mt": float(found["co2"].sum()),
        "products": found.attrs["products"],
        "final_uses": found.attrs["final_uses"],
        "paths": rows,
    }
    hand_over(_flat(rows), as_json, out, show, everything)


def _rows(found: pd.DataFrame, table: IOTable) -> pd.DataFrame:
    """The paths with the names of their sectors in three languages, units in the column names."""
    rows = found.rename(columns={"co2": "co2_mt"})
    several = len(table.regions) > 1
    used = table.index.loc[list(dict.fromkeys(node for path in found["path"] for node in path))]
    for tag, suffix in COLUMNS.items():
        names = {node: sector_name(row, tag, several=several) for node, row in used.iterrows()}
        for end in ("emitter", "product"):
            rows[f"{end}_name_{suffix}"] = [names[node] for node in rows[end]]
        rows[f"path_name_{suffix}"] = [[names[node] for node in path] for path in rows["path"]]
    return rows


def _flat(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with each path as one text."""
    paths_ = ["path", *(f"path_name_{suffix}" for suffix in COLUMNS.values())]
    return rows.assign(**{column: rows[column].map(BETWEEN.join) for column in paths_})


def _title(found: pd.DataFrame, table: IOTable, tag: str) -> str:
    """One line: how much of which footprint the paths cover."""
    total = _figure(found.attrs["total"], tag)
    subject = _subject(found, table)
    if found.empty:
        return words("paths.none", subject=subject, total=total)[tag]
    share = number(100 * found["share"].sum(), tag, 1)
    count = number(len(found), tag)
    return words("paths.covered", count=count, share=share, subject=subject, total=total)[tag]


def _subject(found: pd.DataFrame, table: IOTable) -> Names:
    """The final products and uses asked about."""
    products, uses = found.attrs["products"], found.attrs["final_uses"]
    named = listed([words(f"final_use.{use}") for use in uses or []])
    if products is None:
        return named if uses else words("paths.all")
    asked = table.index.loc[products]
    everywhere = table.index["code"].isin(asked["code"]).sum() == len(asked)
    several = len(table.regions) > 1 and not everywhere
    names = [
        {tag: sector_name(row, tag, several=several, column="short") for tag in COLUMNS}
        for _, row in asked.iterrows()
    ]
    names = [name for i, name in enumerate(names) if name not in names[:i]]
    subject = listed(names[:NAMED])
    if len(names) > NAMED:
        subject = words("paths.several", products=subject, count=len(names))
    return words("paths.part", product=subject, uses=named) if uses else subject


def _print(found: pd.DataFrame, table: IOTable, lines: int, tag: str) -> None:
    """The paths as a tree, prefixes merged: final products, their suppliers, theirs, and so on."""
    if found.empty:
        return
    console = output()
    console.print(f"[dim]{escape(words('paths.legend')[tag])}[/dim]", soft_wrap=True)
    shown = found.head(lines)
    figures = {
        path[::-1]: f"  [bold]{_figure(co2, tag)}[/bold] Mt  {number(100 * share, tag, 2)} %"
        for path, co2, share in zip(shown["path"], shown["co2"], shown["share"], strict=True)
    }
    several = len(table.regions) > 1
    root = Tree("", hide_root=True, guide_style="dim")
    branches: dict[tuple[str, ...], Tree] = {(): root}
    for path in figures:  # the largest first, so that branches stand in that order
        for stage in range(1, len(path) + 1):
            chain = path[:stage]
            if chain not in branches:
                row = table.index.loc[chain[-1]]
                name = escape(sector_name(row, tag, several=several, column="short"))
                label = name + figures.get(chain, "")
                branches[chain] = branches[chain[:-1]].add(label)
    console.print(root)
    if len(found) > lines:
        rest = words("paths.more", count=number(len(found) - lines, tag))[tag]
        messages().print(rest, markup=False)


def _figure(value: Any, tag: str) -> str:
    """Three significant figures, and never less than whole Mt."""
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    return number(value, tag, min(max(2 - magnitude, 0), 9))
