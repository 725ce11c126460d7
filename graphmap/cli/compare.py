"""``graphmap compare``."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from graphmap import units
from graphmap.cli.options import (
    EmissionsOfBoth,
    ImportsOption,
    JsonOption,
    KeepOption,
    KindOption,
    LangOption,
    OutOption,
    SheetOfBoth,
    TopOption,
    UnitOfBoth,
    WeightOption,
    YearOfBoth,
    each,
    read_both,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over
from graphmap.i18n import COLUMNS, Names, language, money, number, signed, words
from graphmap.network import TOP, comparison
from graphmap.network.compare import CHANGES, Comparison
from graphmap.study import Study, study
from graphmap.terminal import messages, output, print_table, print_warnings, sector_name

SEEN = 5e-5
"""Change of share that does not round to nothing, at two decimals of a percentage point."""

LINES = 10
"""Flows printed; a file has them all."""


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="The first source.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The second; may be the same file.")],
    emissions: EmissionsOfBoth = None,
    region: Annotated[
        list[str] | None, typer.Option("--region", help="The region of both, or one each.")
    ] = None,
    year: YearOfBoth = None,
    weight: WeightOption = None,
    keep: KeepOption = "5%",
    top: TopOption = TOP,
    imports: ImportsOption = "out",
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOfBoth = None,
    unit: UnitOfBoth = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the networks of two years or two provinces.

    Which sectors entered and left the key sectors, which flows changed most, how alike structure
    and communities are. A file has a row a flow; JSON has everything.

    Example: graphmap compare MRIO2017.xlsx MRIO2017.xlsx --region 广东 --region 浙江
    """
    tag = language(lang)
    refuse_output(out, before, after, *(emissions or []))
    places = [[named] if named else None for named in each(region, "--region")]
    tables = read_both(
        (before, after), emissions, (places[0], places[1]), year, source_kind, sheet, unit
    )
    with messages().status("Computing the networks"):
        studies = [
            study(table, weight=weight, keep=keep, top=top, imports=imports, lang=lang)
            for table in tables
        ]
    found = comparison(*(one.network for one in studies), top=top, rule=keep)
    for one in studies:
        print_warnings(one.checks, tag)
    years = [table.year for table in tables]
    if studies[0].weight == "money" and years[0] != years[1]:
        note = words("compare.current_prices", before=years[0], after=years[1])
        messages().print(note[tag], markup=False)
    if found.by == "code":
        messages().print(words("compare.by_code")[tag], markup=False)
    unit_of_flow = studies[0].network.unit.lower()
    rows = _with_names(found.flows, studies[0], found).rename(
        columns={when: f"{when}_{unit_of_flow}" for when in ("before", "after", "change")}
    )
    everything = {
        "before": studies[0].title[tag],
        "after": studies[1].title[tag],
        "similarity": found.similarity,
        "sectors": _with_names(
            found.sectors.rename_axis("sector").reset_index(), studies[0], found
        ),
        "flows": rows,
        "communities": found.communities,
    }
    hand_over(rows, as_json, out, lambda: _print(found, studies, tag), everything)


def _nodes(first: Study, found: Comparison) -> pd.DataFrame:
    nodes = first.network.nodes
    return nodes.set_index("code", drop=False) if found.by == "code" else nodes


def _with_names(rows: pd.DataFrame, first: Study, found: Comparison) -> pd.DataFrame:
    """The rows with the names of the sectors in three languages beside their ids."""
    nodes = _nodes(first, found)
    rows = rows.copy()
    for column in [c for c in ("sector", "supplier", "user") if c in rows]:
        at = rows.columns.get_loc(column) + 1
        for suffix in reversed(COLUMNS.values()):
            names = nodes[f"name_{suffix}"].reindex(rows[column]).to_numpy()
            rows.insert(at, f"{column}_name_{suffix}", names)
    return rows


def _print(found: Comparison, studies: list[Study], tag: str) -> None:
    title = words("compare.title", before=studies[0].title, after=studies[1].title)[tag]
    output().print(title, style="bold", markup=False, soft_wrap=True)
    heads = [words("compare.measure")[tag], words("compare.value")[tag]]
    print_table(
        heads,
        [[words(f"compare.{key}")[tag], number(v, tag, 2)] for key, v in found.similarity.items()],
    )
    nodes = _nodes(studies[0], found)
    several = nodes["region"].nunique() > 1 and found.by == "node"

    def name(node: str) -> str:
        return sector_name(nodes.loc[node], tag, several=several, column="short")

    output().print()
    labels = _labels(found, studies)
    heads = [
        words("compare.sector")[tag],
        *(words("compare.rank", label=label)[tag] for label in labels),
        *(words("compare.role", label=label)[tag] for label in labels),
        words("compare.key")[tag],
    ]
    became = {change: words(f"compare.{change}") for change in CHANGES}
    if found.by == "code":
        became["stayed"] = words("compare.both")
        became["left"], became["entered"] = (words("compare.only", label=each) for each in labels)
    key = found.sectors[found.sectors["key"] != "outside"].sort_values("rank_after")
    lines = [
        [
            name(str(node)),
            str(row["rank_before"]),
            str(row["rank_after"]),
            words(f"role.{row['role_before']}")[tag],
            words(f"role.{row['role_after']}")[tag],
            became[row["key"]][tag],
        ]
        for node, row in key.iterrows()
    ]
    print_table(heads, lines)
    output().print()
    changed = found.flows[found.flows["change_of_share"].abs() > SEEN].head(LINES)
    if changed.empty:
        output().print(words("compare.same")[tag], markup=False)
        return
    net = studies[0].network
    amounts = [
        label if net.weight == "money" else words("compare.amount", label=label, unit=net.unit)
        for label in labels
    ]
    heads = [
        words("compare.flow")[tag],
        *(amount[tag] for amount in amounts),
        words("compare.change_of_share")[tag],
    ]

    def value(amount: float) -> str:
        if net.weight != "money":
            return number(amount, tag, 2)
        return money(amount, tag, units.currency(net.unit))

    lines = [
        [
            f"{name(row.supplier)} → {name(row.user)}",
            value(row.before),
            value(row.after),
            signed(100 * row.change_of_share, tag, 2),
        ]
        for row in changed.itertuples()
    ]
    print_table(heads, lines)


def _labels(found: Comparison, studies: list[Study]) -> list[Names]:
    """What the two are called in headings: places, years, or the first and the second."""
    if found.by == "code":
        return [one.place for one in studies]
    years = [one.table.year for one in studies]
    if None not in years and years[0] != years[1]:
        return [words("compare.year", year=year) for year in years]
    return [words("compare.first"), words("compare.second")]
