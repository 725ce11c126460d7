"""What ``graphmap key`` prints: the sectors, whether it would hold, the relationships."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from graphmap import units
from graphmap.i18n import LANGUAGES, listed, money, number, plain, running, with_unit, words
from graphmap.network.character import character
from graphmap.network.key import KeyStudy
from graphmap.network.partners import CLASSES, SIDES
from graphmap.network.robustness import Robustness, statement
from graphmap.study import Study
from graphmap.terminal import output, print_table, sector_name

LINES = 5
"""Transactions, levers, pairs and cycles printed; JSON has more."""

SECTORS = 10
"""High-carbon sectors whose partners are printed, the largest emitters first."""

NAMED = 3
"""Partners of a sector named in one cell."""


Column = tuple[str, Callable[[pd.Series], str]]
"""A heading, and what fills the cells under it from a row."""


def print_sectors(
    found: Study, sectors: pd.DataFrame, weights: Mapping[str, float], tag: str
) -> None:
    """The key sectors with roles, character, position, and the parts of the priority."""

    def part_of(part: str) -> Callable[[pd.Series], str]:
        share, rank = f"share_{part}", f"rank_{part}"
        return lambda row: f"{number(100 * row[share], tag, 1)} ({row[rank]})"

    columns: list[Column] = [
        (words("roles.column.role")[tag], lambda row: words(f"role.{row['role']}")[tag]),
        *(
            [(words("roles.column.character")[tag], lambda row: character(row)[tag])]
            if found.table.has_emissions
            else []
        ),
        (
            words("relations.column.position")[tag],
            lambda row: words(f"position.{row['position']}")[tag],
        ),
    ]
    for part in weights:
        columns.append(
            (words("key.share_of", measure=words(f"measure.{part}"))[tag], part_of(part))
        )
    columns.append((words("key.priority")[tag], lambda row: number(100 * row["priority"], tag, 1)))
    _print_columns(found, sectors, columns, tag)
    if len({round(weight, 12) for weight in weights.values()}) > 1:
        named = [
            {
                each: f"{words(f'measure.{part}')[each]} {number(100 * weight, each)} %"
                for each in LANGUAGES
            }
            for part, weight in weights.items()
        ]
        output().print(words("key.weighed", weights=listed(named))[tag], markup=False)


def print_robustness(
    found: Study,
    sectors: pd.DataFrame,
    high: Iterable[str],
    drawn: Robustness | None,
    tag: str,
) -> None:
    """What remains of the ranks under other data, weights and methods; a sentence a high sector."""

    def percent(column: str) -> Callable[[pd.Series], str]:
        return lambda row: number(100 * row[column], tag, 0)

    _title(words("key.would_it_hold")[tag])
    columns: list[Column] = []
    if "share_top_priority" in sectors:
        columns = [
            (words("key.in_top", top=found.top)[tag], percent("share_top_priority")),
            (words("key.ranks")[tag], _interval),
        ]
    columns.append((words("key.any_weights", top=found.top)[tag], percent("share_of_weights")))
    if "share_of_methods" in sectors:
        columns.append((words("key.methods", top=found.top)[tag], percent("share_of_methods")))
    _print_columns(found, sectors, columns, tag)
    if drawn is None:
        return
    measure = drawn.roles.get("high_carbon", "gross_output")
    alone = words("key.by_measure", measure=running(words(f"measure.{measure}")))
    output().print(f"\n{alone[tag]}", markup=False)
    for node in list(high)[:SECTORS]:
        said = statement(drawn, str(node), measure)
        text = words("key.statement", sector=_named(found, [node], tag), statement=said)
        output().print(text[tag], markup=False, soft_wrap=True)


def _print_columns(found: Study, sectors: pd.DataFrame, columns: list[Column], tag: str) -> None:
    lines = [
        [_named(found, [str(node)], tag), *(cell(row) for _, cell in columns)]
        for node, row in sectors.iterrows()
    ]
    print_table([words("rank.sector")[tag], *(head for head, _ in columns)], lines)


def _interval(row: pd.Series) -> str:
    low, high = int(row["rank_low_priority"]), int(row["rank_high_priority"])
    return f"{low}" if low == high else f"{low}–{high}"


def print_relations(found: Study, result: KeyStudy, tag: str) -> None:
    """The partners of the high-carbon sectors by role, transactions, levers, pairs and cycles."""
    if result.transactions.empty:
        output().print(words("relations.none")[tag], markup=False)
        return
    kind = words("role.high_carbon" if found.table.has_emissions else "role.high_output")
    carried = words(f"study.{found.weight}")
    _title(words("relations.partners", role=running(kind))[tag])
    _partners(found, result.partners, tag)
    _title(words("relations.transactions", weight=carried)[tag])
    _transactions(found, result.transactions.head(LINES), tag)
    green = "" if found.table.has_emissions else ".output"
    for title, rank, share in (
        (f"relations.procurement{green}", "rank_procurement", "share_of_supply"),
        (f"relations.supply{green}", "rank_supply", "share_of_inputs"),
    ):
        _title(words(title)[tag])
        _levers(found, result.leverage, rank, share, tag)
    if len(result.pairs):
        _title(words("relations.pairs")[tag])
        _flows(
            found,
            [(" ⇄ ", (row.supplier, row.user), row.smaller) for row in result.pairs.itertuples()],
            ("key.pair", "relations.column.smaller"),
            tag,
        )
    if len(result.cycles):
        _title(words("relations.cycles")[tag])
        _flows(
            found,
            [
                (" → ", (*row.cycle, row.cycle[0]), row.bottleneck)
                for row in result.cycles.itertuples()
            ],
            ("relations.column.cycle", "relations.column.bottleneck"),
            tag,
        )


def _title(text: str) -> None:
    output().print(f"\n{text}", style="bold", markup=False)


def _named(found: Study, nodes: Iterable[str], tag: str, between: str | None = None) -> str:
    several = len(found.table.regions) > 1
    rows = [found.sectors.loc[node] for node in nodes]
    names = [sector_name(row, tag, several=several, column="short") for row in rows]
    if between is not None:
        return between.join(names)
    return listed([plain(name) for name in names])[tag]


def _amount(found: Study, value: float, weight: str, tag: str) -> str:
    if weight == "money":
        return money(value, tag, units.currency(found.table.unit))
    return number(value, tag, 2)


def _partners(found: Study, partners: pd.DataFrame, tag: str) -> None:
    """The table of the published maps: sector, position, whom it sells to and buys from."""
    classes = [
        each
        for each in dict.fromkeys(CLASSES.values())
        if found.table.has_emissions or each != "high_carbon"
    ]
    heads = [words("relations.column.sector")[tag], words("relations.column.position")[tag]]
    columns = []
    for side in SIDES.values():
        for each in classes:
            columns.append(f"{found.weight}_{side}_{each}")
            kind = words(f"relations.class.{each}")
            heads.append(words(f"relations.column.{side}", kind=kind)[tag])
    lines = [
        [
            _named(found, [str(node)], tag),
            words(f"position.{row['position']}")[tag],
            *(_named(found, row[column][:NAMED], tag) or "–" for column in columns),
        ]
        for node, row in partners.head(SECTORS).iterrows()
    ]
    print_table(heads, lines)


def _transactions(found: Study, transactions: pd.DataFrame, tag: str) -> None:
    weights = [weight for weight in found.networks if weight in transactions]
    weights.sort(key=lambda weight: weight != found.weight)
    heads = [words("key.transaction")[tag]]
    for weight in weights:
        name = words("key.money" if weight == "money" else f"weight.{weight}")[tag]
        heads.append(name if weight == "money" else with_unit(name, "Mt", tag))
    lines = [
        [
            _named(found, (row["supplier"], row["user"]), tag, " → "),
            *(_amount(found, row[weight], weight, tag) for weight in weights),
        ]
        for _, row in transactions.iterrows()
    ]
    print_table(heads, lines)


def _levers(found: Study, leverage: pd.DataFrame, rank: str, share: str, tag: str) -> None:
    """The first sectors by how much of the high-carbon sectors' trade they hold."""
    weight = found.weight
    first = leverage.nsmallest(LINES, f"{weight}_{rank}")
    count = "large_user_of" if rank == "rank_procurement" else "large_supplier_of"
    heads = [
        words("relations.column.sector")[tag],
        with_unit(words(f"relations.column.{share}")[tag], "%", tag),
        words(f"relations.column.{count}")[tag],
    ]
    lines = [
        [
            _named(found, [str(node)], tag),
            number(100 * row[f"{weight}_{share}"], tag, 1),
            str(int(row[f"{weight}_{count}"])),
        ]
        for node, row in first.iterrows()
    ]
    print_table(heads, lines)


def _flows(
    found: Study,
    rows: list[tuple[str, tuple[str, ...], float]],
    columns: tuple[str, str],
    tag: str,
) -> None:
    """Sectors in a chain and the flow that decides."""
    chain, flow = (words(column)[tag] for column in columns)
    heads = [chain, flow if found.weight == "money" else with_unit(flow, "Mt", tag)]
    lines = [
        [_named(found, nodes, tag, between), _amount(found, value, found.weight, tag)]
        for between, nodes, value in rows[:LINES]
    ]
    print_table(heads, lines)
