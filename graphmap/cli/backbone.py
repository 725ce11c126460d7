"""``graphmap backbone``."""

from __future__ import annotations

from typing import Annotated

import typer

from graphmap.accounts import prepared
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
    WeightOption,
    YearOption,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over
from graphmap.i18n import language, number, with_unit, words
from graphmap.leontief import sector_measures
from graphmap.network import backbones_compared, network
from graphmap.study import no_flows, place_of
from graphmap.terminal import messages, output, print_table, print_warnings

SHARES = ("share_of_", "share_connected", "reciprocity")


def backbone(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    weight: WeightOption = None,
    edges: Annotated[
        int | None,
        typer.Option("--edges", min=1, help="How many flows each keeps; as 5% of the cells."),
    ] = None,
    imports: ImportsOption = "out",
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare what several methods keep of a network at the same number of flows.

    Largest flows, main partners, disparity filter, noise-corrected, high-salience skeleton, and
    the largest flows held together: sectors touched, shares of the flow and of the embodied CO2.
    The same rules draw a map: graphmap map --keep.

    Example: graphmap backbone MRIO2017.xlsx --region 广东 --weight money --edges 88
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    table, checks = prepared(table, imports)
    with messages().status("Comparing backbones"):
        measures = sector_measures(table)
        net = network(table, weight, measures=measures)
        if not net.without_loops().weights.nnz:
            money = network(table, "money", measures=measures)
            raise no_flows(table.source.file, net.weight, money)
        other = "money" if net.weight == "embodied_co2" else "embodied_co2"
        beside = network(table, other, measures=measures) if table.has_emissions else None
        found = backbones_compared(net, edges, beside)
    print_warnings(checks, tag)
    subject = words("backbone.subject", place=place_of(table), weight=words(f"study.{net.weight}"))

    def show() -> None:
        title = words("backbone.title", subject=subject, edges=int(found["edges"].max()))
        output().print(title[tag], style="bold", markup=False, soft_wrap=True)
        heads = [words("backbone.method")[tag]]
        for column in found:
            name = words(f"backbone.{column}")[tag]
            heads.append(with_unit(name, "%", tag) if column.startswith(SHARES) else name)
        lines = [
            [
                words(f"backbone.{method}")[tag],
                *(
                    number(100 * value, tag, 1) if column.startswith(SHARES) else f"{value:.0f}"
                    for column, value in found.loc[method].items()
                ),
            ]
            for method in found.index
        ]
        print_table(heads, lines)

    hand_over(found.reset_index(), as_json, out, show)
