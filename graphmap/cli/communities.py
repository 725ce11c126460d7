"""``graphmap communities``."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import typer

from graphmap import units
from graphmap.accounts import IOTable, prepared
from graphmap.cli.options import (
    EmissionsOption,
    ImportsOption,
    JsonOption,
    KindOption,
    LangOption,
    OutOption,
    RegionOption,
    SeedOption,
    SheetOption,
    SourceArgument,
    UnitOption,
    WeightOption,
    YearOption,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over, labelled
from graphmap.i18n import COLUMNS, language, listed, money, number, with_unit, words
from graphmap.network import communities, network
from graphmap.network.community import METHODS
from graphmap.network.community_table import community_table
from graphmap.network.consensus import Consensus, consensus, resolution_profile
from graphmap.terminal import messages, output, print_table, print_warnings, sector_name

TORN = 0.7
"""Support below which a sector is said to stand between communities."""


def communities_(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    weight: WeightOption = None,
    method: Annotated[str, typer.Option("--method", help=f"{', '.join(METHODS)}.")] = "leiden",
    resolution: Annotated[
        float, typer.Option("--resolution", help="Above 1 for more and smaller communities.")
    ] = 1.0,
    clusters: Annotated[
        int | None, typer.Option("--clusters", help="How many, for --method spectral.")
    ] = None,
    runs: Annotated[
        int | None, typer.Option("--runs", help="Of the method with other seeds; 50 or 10.")
    ] = None,
    single: Annotated[
        bool, typer.Option("--single", help="The run of --seed, as on the map, not the consensus.")
    ] = False,
    profile: Annotated[
        bool, typer.Option("--profile", help="How many communities there are by resolution.")
    ] = False,
    seed: SeedOption = 1,
    imports: ImportsOption = "out",
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which sectors deal most with one another, and how sure that is.

    The communities on which many runs with different seeds agree, named by their largest sectors;
    how alike single runs are, and which sectors stand between two. A file has a row a sector.

    Example: graphmap communities MRIO2017.xlsx --region 广东 --method infomap
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    table, checks = prepared(table, imports)
    options: dict[str, Any] = {
        "method": method,
        "resolution": resolution,
        "count": clusters,
        "seed": seed,
    }
    with messages().status("Looking for communities"):
        net = network(table, weight)
        agreed = consensus(net, runs=runs, **options)
        found = communities(net, **options) if single else agreed.partition
        summary = community_table(net, found)
        by_resolution = resolution_profile(net, method=method, seed=seed) if profile else None
    print_warnings(checks, tag)
    by_sector = pd.DataFrame({"community": found, "support": agreed.support})
    for suffix in COLUMNS.values():
        by_sector[f"community_name_{suffix}"] = summary[f"name_{suffix}"].loc[found].to_numpy()
    rows = labelled(table, by_sector)
    everything = {
        "method": method,
        "resolution": resolution,
        "seed": seed,
        "runs": agreed.runs,
        "consensus": not single,
        **agreed.single_runs._asdict(),
        "communities": summary.reset_index(),
        "sectors": rows,
        **({"profile": by_resolution} if by_resolution is not None else {}),
    }

    def show() -> None:
        title = words(
            "communities.title",
            count=len(summary),
            sectors=table.n,
            method=words(f"communities.method.{method}"),
            resolution=f"{resolution:g}",
            seed=seed,
        )
        output().print(title[tag], style="bold", markup=False, soft_wrap=True)
        _print_communities(summary, table, tag)
        if len(summary) > 1:
            _print_agreement(agreed, table, tag)
        elif table.n > 1:
            output().print(words("communities.undivided")[tag], markup=False, soft_wrap=True)
        if by_resolution is not None:
            _print_profile(by_resolution, tag)

    hand_over(rows, as_json, out, show, everything)


def _print_communities(summary: pd.DataFrame, table: IOTable, tag: str) -> None:
    suffix, currency = COLUMNS[tag], units.currency(table.unit)
    heads = [words(f"communities.{key}")[tag] for key in ("name", "sectors", "gross_output")]
    has_co2 = "direct_co2" in summary
    heads += [with_unit(words("communities.direct_co2")[tag], "Mt", tag)] if has_co2 else []
    heads += [
        with_unit(words("communities.internal_share")[tag], "%", tag),
        words("communities.partner")[tag],
    ]
    lines = [
        [
            row[f"name_{suffix}"],
            str(row["sectors"]),
            money(row["gross_output"], tag, currency),
            *([number(row["direct_co2"], tag, 1)] if has_co2 else []),
            number(100 * row["internal_share"], tag, 0),
            row[f"partner_name_{suffix}"] or "–",
        ]
        for _, row in summary.iterrows()
    ]
    print_table(heads, lines)


def _print_agreement(agreed: Consensus, table: IOTable, tag: str) -> None:
    """How alike the single runs are, and the sectors that they do not agree about."""
    text = words(
        "communities.consensus",
        runs=agreed.runs,
        rand=number(agreed.single_runs.adjusted_rand, tag, 2),
        information=number(agreed.single_runs.mutual_information, tag, 2),
    )
    output().print(text[tag], markup=False, soft_wrap=True)
    torn = agreed.support.index[agreed.support < TORN]
    if len(torn):
        several = len(table.regions) > 1
        rows = [table.index.loc[node] for node in torn]
        named = [
            {each: sector_name(row, each, several=several, column="short") for each in COLUMNS}
            for row in rows
        ]
        share = f"{number(100 * TORN, tag)} %"
        between = words("communities.between", share=share, sectors=listed(named))
        output().print(between[tag], markup=False, soft_wrap=True)


def _print_profile(profile: pd.DataFrame, tag: str) -> None:
    output().print()
    keys = ["resolution", "count", "modularity", "adjusted_rand", "mutual_information"]
    heads = [words(f"communities.{key}")[tag] for key in keys]
    lines = [
        [
            f"{row.resolution:g}",
            str(row.communities),
            *(
                number(value, tag, 2)
                for value in (row.modularity, row.adjusted_rand, row.mutual_information)
            ),
        ]
        for row in profile.itertuples()
    ]
    print_table(heads, lines)
