"""``graphmap key``."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import typer

from graphmap.cli.key_tables import print_relations, print_robustness, print_sectors
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
    TopOption,
    UnitOption,
    WeightOption,
    YearOption,
    a_share,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over, labelled
from graphmap.errors import DataError
from graphmap.i18n import language, listed, plain, words
from graphmap.network import TOP
from graphmap.network.agreement import RULES, method_agreement, weight_robustness
from graphmap.network.centrality import centrality
from graphmap.network.key import KeyStudy, key_study
from graphmap.network.robustness import Robustness, note, robustness
from graphmap.network.trophic import coherence, trophic_levels
from graphmap.render.tables import with_units
from graphmap.study import Study, study
from graphmap.terminal import counted, messages, output, print_warnings

LINES = 10
"""Sectors printed; a file has them all."""

MANY = 500
"""Sectors from which centralities are computed only on request, and a tenth of the draws made."""

DRAWS = 1000


def key(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    weight: WeightOption = None,
    top: TopOption = TOP,
    share: Annotated[
        str | None,
        typer.Option(
            "--share", help="In place of --top: the fewest sectors that make up this share: '80%'."
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights", help="Of the parts of the priority, 'direct_co2=2,transmission=1'."
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            "--draws", min=0, help=f"Of the Monte Carlo, {DRAWS} if left out; 0 for none."
        ),
    ] = None,
    error: Annotated[
        str, typer.Option("--error", help="Relative standard deviation of flows and emissions.")
    ] = "10%",
    emission_error: Annotated[
        str | None, typer.Option("--emission-error", help="Of emissions, if it is another.")
    ] = None,
    by_size: Annotated[
        bool, typer.Option("--error-by-size", help="Larger errors in smaller cells.")
    ] = False,
    centralities: Annotated[
        bool, typer.Option("--centralities", help=f"Also above {MANY} sectors.")
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
    """Name the key sectors and relationships, why they are, and whether it would hold.

    Roles, the parts of the priority, what remains of the ranks if the data are off, the weights
    others or the method another; main users and suppliers by role; leverage; cycles. A file has a
    row a sector, JSON has every table.

    Example: graphmap key MRIO2017.xlsx --region 广东 --error 20% --out key.csv
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    flow_error = a_share(error, "--error")
    others = flow_error if emission_error is None else a_share(emission_error, "--emission-error")
    chosen = None if weights is None else _weights(weights)
    part = None if share is None else a_share(share, "--share")
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    with messages().status("Computing the network"):
        found = study(table, weight=weight, top=top, imports=imports, lang=lang, seed=seed)
        other = "money" if found.weight != "money" else "embodied_co2"
        nets = [found.networks[w] for w in (found.weight, other) if w in found.networks]
        result = key_study(*nets, top=top, share=part, weights=chosen)
    count = (DRAWS if found.table.n <= MANY else DRAWS // 10) if draws is None else draws
    drawn = None
    if count:
        with counted("Drawing", count) as advance:
            drawn = robustness(
                found.table,
                draws=count,
                flow_error=flow_error,
                emission_error=others,
                error_by_size=by_size,
                weights=chosen,
                top=top,
                seed=seed,
                progress=advance,
            )
    sectors = _held(result.sectors, drawn, top, seed)
    sectors["trophic_level"] = trophic_levels(found.network)
    print_warnings(found.checks, tag)
    if centralities or found.table.n <= MANY:
        with messages().status("Asking other methods"):
            agreement = method_agreement(found.network, top=top)
            ranks = centrality(found.network)
        sectors = sectors.join(ranks[[c for c in ranks if c not in sectors]])
        sectors["share_of_methods"] = agreement.sectors["share"]
        methods = dict.fromkeys(way.split(" ")[0] for way in agreement.ranks)
        asked = words(
            "key.methods_are",
            methods=listed([words(f"measure.{method}") for method in methods]),
            rules=listed([plain(rule) for rule in RULES]),
        )
    else:
        asked = words("key.too_large", count=MANY)
    last = words("key.nothing_drawn") if drawn is None else note(drawn)
    rule = words("key.position", rule=found.thresholds["position"])
    for text in (rule, asked, last):
        messages().print(text[tag], markup=False)
    flow_unit = found.network.unit.lower()
    strengths = dict.fromkeys((s for s in sectors if "_strength" in s), flow_unit)
    rows = with_units(
        labelled(found.table, sectors.drop(columns=_labels(sectors))),
        found.table.unit_10k,
        input_co2="mt",
        **strengths,
    )
    everything: dict[str, Any] = {
        "title": found.title[tag],
        "weights": result.sectors.attrs["weights"],
        "position": found.thresholds["position"][tag],
        "trophic_coherence": coherence(found.network),
        "robustness": None if drawn is None else _how(drawn),
        "sectors": rows,
        **_tables(result, {net.weight: net.unit.lower() for net in nets}, found.network.unit),
    }
    hand_over(rows, as_json, out, lambda: _print(found, result, sectors, drawn, tag), everything)


def _weights(text: str) -> dict[str, float]:
    """``direct_co2=2,transmission=1`` as numbers by measure."""
    found = {}
    for part in text.split(","):
        measure, _, value = part.partition("=")
        try:
            found[measure.strip()] = float(value)
        except ValueError as error:
            raise DataError(
                "cannot read --weights", found=part, expected="as 'direct_co2=2,transmission=1'"
            ) from error
    return found


def _held(sectors: pd.DataFrame, drawn: Robustness | None, top: int, seed: int) -> pd.DataFrame:
    """The sectors with what remains of their ranks; in the order they had."""
    weighted = weight_robustness(sectors, seed=seed, top=top)
    found = sectors.assign(
        share_of_weights=weighted["share_top"],
        rank_low_of_weights=weighted["rank_low"],
        rank_high_of_weights=weighted["rank_high"],
    )
    if drawn is None:
        return found
    for measure in drawn.intervals.index.unique("measure"):
        of_measure = drawn.intervals.xs(measure, level="measure")
        for column in ("rank_low", "rank_high", "share_top"):
            found[f"{column}_{measure}"] = of_measure[column]
    return found


def _labels(sectors: pd.DataFrame) -> list[str]:
    """The columns that ``labelled`` puts before the figures, or that no reader needs."""
    return [
        column
        for column in sectors
        if column in ("region", "code", "pinyin") or column.startswith(("name_", "short_"))
    ]


def _how(drawn: Robustness) -> dict[str, Any]:
    kept = ("draws", "left_out", "flow_error", "emission_error", "error_by_size", "top", "seed")
    return {field: getattr(drawn, field) for field in kept}


def _tables(result: KeyStudy, units: dict[str, str], unit: str) -> dict[str, pd.DataFrame]:
    """Every table of relationships, each figure with its unit in the name or beside it."""
    money = {weight: f"{weight}_{unit}" for weight, unit in units.items()}
    traded = {
        f"{weight}_{what}": f"{weight}_{what}_{unit}"
        for weight, unit in units.items()
        for what in ("bought", "sold")
    }
    return {
        "overlaps": result.overlaps,
        "transactions": result.transactions.rename(columns=money),
        "within": result.within.rename(columns=money),
        "partners": result.partner_list,
        "pairs": result.pairs.assign(unit=unit),
        "cycles": result.cycles.assign(unit=unit),
        "leverage": result.leverage.rename_axis("node").reset_index().rename(columns=traded),
    }


def _print(
    found: Study, result: KeyStudy, sectors: pd.DataFrame, drawn: Robustness | None, tag: str
) -> None:
    output().print(found.title[tag], style="bold", markup=False, soft_wrap=True)
    print_sectors(found, sectors.head(LINES), result.sectors.attrs["weights"], tag)
    if len(sectors) > LINES:
        messages().print(words("key.more", count=len(sectors) - LINES)[tag], markup=False)
    print_robustness(found, sectors.head(LINES), result.partners.index, drawn, tag)
    print_relations(found, result, tag)
