"""What stands in a workbook: the tables of a panel as named columns of plain values."""

from __future__ import annotations

import numpy as np

from graphmap.accounts import IOTable
from graphmap.classification import group_names, region
from graphmap.i18n import COLUMNS, listed, plain, running, vocabulary, with_unit, words
from graphmap.network.community_table import SUMMED, community_flows, community_table
from graphmap.network.partners import CLASSES, SIDES
from graphmap.network.relations import DIRECTIONS, flows_at
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.render.workbook.columns import (
    Column,
    Sheet,
    figures_of,
    flow_columns,
    head,
    measure_column,
    named,
    positions,
    unit_of,
    weighed,
    weights_of,
)
from graphmap.render.workbook.context import checks, measures, regions, sources, years
from graphmap.study import Study

MATRIX = 200
"""Sectors up to which the table is a matrix, as in a yearbook; above, a row a flow."""

MOST_ROWS = 50_000
"""Flows of the table in rows, the largest: Excel holds twenty times as many, nobody waits so long,
and ``graphmap export`` has them all."""


def sheets(panel: Panel, tag: str) -> list[Sheet]:
    """Every table of the panel but those in words, in the language ``tag``; some may have no rows.

    Money is in 10 thousand of the currency, emissions in Mt, intensity in t per 10 thousand.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.panel import panel
        >>> from graphmap.study import study
        >>> found = sheets(panel(study(sample.table().select(["CN-GD"]))), "en")
        >>> [(sheet.key, sheet.rows) for sheet in found][:3]
        [('sectors', 42), ('flows', 88), ('table', 44)]
    """
    study = panel.latest
    return [
        _sectors(study, tag),
        _flows(study, tag),
        _table(study, tag),
        _relations(study, tag),
        _partners(study, tag),
        _paths(study, tag),
        _communities(study, tag),
        regions(panel, tag),
        years(panel, tag),
        _levers(study, tag),
        checks(panel, tag),
        sources(panel, tag),
        measures(study, tag),
    ]


def _sectors(study: Study, tag: str) -> Sheet:
    rows = study.key_sectors
    at = study.sectors.index.get_indexer(rows.index)
    groups = group_names()
    columns = [
        Column(words("page.column.id")[tag], [str(node) for node in rows.index]),
        Column(words("page.column.name")[tag], named(study, tag, short=True)[at]),
        Column(head("order", tag), range(1, study.n + 1), "whole"),
        Column(words("roles.column.role")[tag], rows["role"].tolist(), "role"),
        Column(words("page.column.position")[tag], positions(rows["position"], tag)),
        *(measure_column(study, m, rows[m], tag) for m in figures_of(study)),
    ]
    held = study.rank_intervals
    if held is not None:
        for end in ("rank_low", "rank_high"):
            columns.append(Column(head(end, tag), held.loc[rows.index, end].tolist(), "whole"))
    every = [
        listed([words(f"role.{r}") for r in ROLES if row[r]])[tag] for _, row in rows.iterrows()
    ]
    names = [study.community_names[number][tag] for number in rows["community"]]
    grouped = [groups.get(group, plain(group))[tag] for group in rows["group"]]
    columns += [
        Column(head("roles", tag), every),
        Column(words("page.colour.community")[tag], rows["community"].tolist(), "whole"),
        Column(words("communities.name")[tag], names),
        Column(words("page.colour.group")[tag], grouped),
        Column(words("page.column.region")[tag], [region(c).name[tag] for c in rows["region"]]),
        *(Column(head(f"name_{s}", tag), rows[f"name_{s}"].tolist()) for s in COLUMNS.values()),
    ]
    return Sheet("sectors", columns)


def _flows(study: Study, tag: str) -> Sheet:
    """The flows drawn, the largest first, and what part of all each is."""
    drawn = study.backbone.network.weights.tocoo()
    order = np.lexsort((drawn.col, drawn.row, -drawn.data))
    suppliers, users = drawn.row[order], drawn.col[order]
    columns = flow_columns(study, suppliers, users, tag)
    for weight in weights_of(study):
        whole = study.whole[weight]
        if whole:
            shares = flows_at(study.networks[weight], suppliers, users) / whole
            name = words("workbook.share_of", measure=running(words(f"weight.{weight}")))
            columns.append(Column(name[tag], shares.tolist(), "share"))
            if weight == study.weight:
                name = words("relations.column.cumulative_share")
                columns.append(Column(name[tag], shares.cumsum().tolist(), "share"))
    return Sheet("flows", columns)


def _table(study: Study, tag: str) -> Sheet:
    """The whole table: a matrix that yearbook readers know, or its largest flows in rows."""
    if not study.complete:  # all that is known stands among the flows
        return Sheet("table", [])
    if study.n > MATRIX:
        money = study.networks["money"].weights.tocoo()
        order = np.lexsort((money.col, money.row, -money.data))[:MOST_ROWS]
        return Sheet("table", flow_columns(study, money.row[order], money.col[order], tag))
    return Sheet("table", _matrix(study.table, study, tag))


def _matrix(table: IOTable, study: Study, tag: str) -> list[Column]:
    """A row a supplier, then the primary inputs; a column a user, then the final uses."""
    dense = table.Z if isinstance(table.Z, np.ndarray) else table.Z.toarray()
    ids, names = study.sectors.index.astype(str), named(study, tag)
    short = named(study, tag, short=True)
    inputs = ["imports", *table.primary_inputs]
    below = np.vstack([table.imports, table.V]) * table.to_10k
    cells = np.vstack([dense * table.to_10k, below])
    nothing = [np.nan] * len(inputs)
    unit = words(f"unit.{table.unit_10k}")[tag]
    columns = [
        Column(words("page.column.id")[tag], [*ids, *inputs]),
        Column(
            with_unit(words("workbook.supplier_user")[tag], unit, tag),
            [*names, *(_input(name, tag) for name in inputs)],
        ),
    ]
    for i in range(table.n):
        columns.append(Column(f"{ids[i]} {short[i]}", cells[:, i].tolist(), "money"))
    for k, (_, use) in enumerate(table.final_uses.iterrows()):
        several = len(study.regions) > 1 and use["region"]
        place = f"{region(use['region']).name[tag]} · " if several else ""
        key = f"final_use.{use['category']}"
        name = words(key)[tag] if key in vocabulary() else str(use["category"])
        values = [*(table.Y[:, k] * table.to_10k).tolist(), *nothing]
        columns.append(Column(place + name, values, "money"))
    output = [*(table.x * table.to_10k).tolist(), *nothing]
    return [*columns, Column(words("measure.gross_output")[tag], output, "money")]


def _input(name: str, tag: str) -> str:
    key = f"workbook.input.{name}"
    return words(key)[tag] if key in vocabulary() else name


def _relations(study: Study, tag: str) -> Sheet:
    """The largest users and suppliers of each leading sector, a row a relation."""
    rows, sectors = study.relations, study.sectors
    name = dict(zip(sectors.index, named(study, tag), strict=True))
    net = study.network
    columns = [
        Column(head("sector_id", tag), rows["sector"].astype(str).tolist()),
        Column(words("relations.column.sector")[tag], rows["sector"].map(name).tolist()),
        Column(
            words("relations.column.direction")[tag],
            [words(f"relations.direction.{each}")[tag] for each in rows["direction"]],
        ),
        Column(words("relations.column.rank")[tag], rows["rank"].tolist(), "whole"),
        Column(head("partner_id", tag), rows["partner"].astype(str).tolist()),
        Column(words("relations.column.partner")[tag], rows["partner"].map(name).tolist()),
        Column(words("relations.column.partner_role")[tag], rows["partner_role"].tolist(), "role"),
        weighed(study.weight, net.unit, rows["value"], tag),
        Column(words("page.column.share")[tag], rows["share"].tolist(), "share"),
    ]
    return Sheet("relations", columns)


def _partners(study: Study, tag: str) -> Sheet:
    """The published form: a row a leading sector, its partners by class, the largest first."""
    rows, sectors = study.partners, study.sectors
    at = sectors.index.get_indexer(rows.index)
    columns = [
        Column(words("page.column.id")[tag], [str(node) for node in rows.index]),
        Column(words("relations.column.sector")[tag], named(study, tag)[at].tolist()),
        Column(words("roles.column.role")[tag], sectors["role"].iloc[at].tolist(), "role"),
    ]
    if "position" in rows:
        columns.append(
            Column(words("relations.column.position")[tag], positions(rows["position"], tag))
        )
    for weight in weights_of(study):
        for direction in DIRECTIONS:
            for each in dict.fromkeys(CLASSES.values()):
                kind = words(f"relations.class.{each}")
                side = words(f"relations.column.{SIDES[direction]}", kind=kind)
                what = words("workbook.of_weight", weight=words(f"weight.{weight}"), what=side)
                cells = rows[f"{weight}_{SIDES[direction]}_{each}"]
                columns.append(Column(what[tag], [_in_words(study, ids, tag) for ids in cells]))
    return Sheet("partners", columns)


def _in_words(study: Study, ids: tuple[str, ...], tag: str, between: str = "") -> str:
    """The sectors as the map labels them, the first first."""
    at = study.sectors.index.get_indexer(list(ids))
    names = [study.network.labels[i] for i in at]
    return between.join(name[tag] for name in names) if between else listed(names)[tag]


def _paths(study: Study, tag: str) -> Sheet:
    """The largest structural paths, emitter first, final product last."""
    rows, name = study.paths, dict(zip(study.sectors.index, named(study, tag), strict=True))
    if rows.empty:
        return Sheet("paths", [])
    columns = [
        Column(words("relations.column.rank")[tag], range(1, len(rows) + 1), "whole"),
        Column(head("path", tag), [_in_words(study, ids, tag, " → ") for ids in rows["path"]]),
        Column(with_unit("CO₂", "Mt", tag), rows["co2"].tolist(), "mass", "high_carbon"),
        Column(head("share_of_footprint", tag), rows["share"].tolist(), "share"),
        Column(head("stages", tag), rows["stages"].tolist(), "whole"),
        Column(head("emitter_id", tag), [str(ids[0]) for ids in rows["path"]]),
        Column(head("emitter", tag), [name[ids[0]] for ids in rows["path"]]),
        Column(head("product_id", tag), [str(ids[-1]) for ids in rows["path"]]),
        Column(words("page.sankey.final")[tag], [name[ids[-1]] for ids in rows["path"]]),
        Column(head("path_ids", tag), [" → ".join(map(str, ids)) for ids in rows["path"]]),
    ]
    return Sheet("paths", columns)


def _communities(study: Study, tag: str) -> Sheet:
    """Each community: what it is, who is in it, and what flows to each of the others."""
    partition = study.sectors["community"]
    rows = community_table(study.network, partition)
    flows, unit = community_flows(study.network, partition), study.network.unit
    members = [
        _in_words(study, tuple(partition.index[partition == number]), tag) for number in rows.index
    ]
    columns = [
        Column(words("page.colour.community")[tag], rows.index.tolist(), "whole"),
        Column(words("communities.name")[tag], rows[f"name_{COLUMNS[tag]}"].tolist()),
        Column(words("communities.sectors")[tag], rows["sectors"].tolist(), "whole"),
    ]
    columns += [measure_column(study, m, rows[m], tag) for m in SUMMED if m in rows]
    for what in ("internal_flow", "from_others", "to_others"):
        columns.append(weighed(study.weight, unit, rows[what], tag, f"communities.{what}"))
    columns.append(
        Column(words("communities.internal_share")[tag], rows["internal_share"].tolist(), "share")
    )
    for k, number in enumerate(rows.index):
        to = words("workbook.to_community", number=number)
        kind, named_unit = unit_of(unit, tag)
        columns.append(Column(with_unit(to[tag], named_unit, tag), flows[:, k].tolist(), kind))
    columns.append(Column(head("members", tag), members))
    return Sheet("communities", columns)


def _levers(study: Study, tag: str) -> Sheet:
    """Who can move the leading sectors by what it buys and sells, the largest buyer first."""
    rows = study.leverage.sort_values(f"{study.weight}_rank_procurement", kind="stable")
    at = study.sectors.index.get_indexer(rows.index)
    columns = [
        Column(words("page.column.id")[tag], [str(node) for node in rows.index]),
        Column(words("page.column.name")[tag], named(study, tag)[at].tolist()),
        Column(words("roles.column.role")[tag], study.sectors["role"].iloc[at].tolist(), "role"),
    ]
    for weight in weights_of(study):
        net = study.networks[weight]
        for column in (c for c in rows if c.startswith(f"{weight}_")):
            what, values = f"relations.column.{column[len(weight) + 1 :]}", rows[column]
            if what.endswith(("bought", "sold")):
                columns.append(weighed(weight, net.unit, values, tag, what))
                continue
            name = words("workbook.of_weight", weight=words(f"weight.{weight}"), what=words(what))
            kind = "share" if "share" in column else "whole"
            columns.append(Column(name[tag], values.tolist(), kind))
    return Sheet("levers", columns)
