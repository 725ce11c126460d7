"""What communities are called, and what each of them is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphmap.arrays import Array
from graphmap.i18n import COLUMNS, Names, listed, plain
from graphmap.network.community import members_of
from graphmap.network.flow import FlowNetwork

NAMED = 2
"""Sectors that a community is called by."""

SUMMED = ("gross_output", "direct_co2")
"""Measures of the nodes that are summed, where there are any."""

NOBODY = -1
"""The partner of a community that deals with no other."""


def community_names(net: FlowNetwork, partition: pd.Series) -> list[Names]:
    """What to call each community: its sectors with the largest flows to and from all others.

    Args:
        partition: community of each node, indexed by node id.

    Returns:
        A name in three languages for each community, in the order of their numbers. With several
        regions the place stands before the sector; nodes without names are called by their id.

    Raises:
        DataError: the partition leaves out a node.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network import communities, network
        >>> net = network(sample.table().select(["CN-GD"]))
        >>> len(community_names(net, communities(net))) == communities(net).nunique()
        True
    """
    members = members_of(net, partition)
    named = {"region", *(f"short_{suffix}" for suffix in COLUMNS.values())} <= set(net.nodes)
    labels = net.labels if named else [plain(str(node)) for node in net.nodes.index]
    order = np.argsort(-(net.supplied + net.received), kind="stable")
    found: list[list[Names]] = [[] for _ in range(int(members.max(initial=-1)) + 1)]
    for place in order:
        if len(found[members[place]]) < NAMED:
            found[members[place]].append(labels[place])
    return [listed(names) for names in found]


def community_flows(net: FlowNetwork, partition: pd.Series) -> Array:
    """(c, c) flows between different sectors by community; rows supply, columns use.

    The diagonal is what stays inside: the economy seen as a handful of groups of industries.
    """
    members = members_of(net, partition)
    flows = net.without_loops().weights.tocoo()
    count = int(members.max(initial=-1)) + 1
    cells = np.bincount(
        members[flows.row] * count + members[flows.col],
        weights=flows.data,
        minlength=count * count,
    )
    found: Array = cells.reshape(count, count).astype(float)
    return found


def community_table(net: FlowNetwork, partition: pd.Series) -> pd.DataFrame:
    """Each community in a row: its name, its size, and how much it keeps to itself.

    Args:
        net: its flows are counted, those within a sector left out.
        partition: community of each node, indexed by node id.

    Returns:
        DataFrame indexed by ``community``, in the order of their numbers:

        - ``name_en``, ``name_zh_hans``, ``name_zh_hant``: of its largest sectors;
        - ``sectors``: how many;
        - ``gross_output`` (10 thousand yuan or US dollars) and ``direct_co2`` (Mt), where the nodes
          carry them; a sector without the figure counts as 0;
        - ``internal_flow``, ``from_others``, ``to_others``: flows between its sectors, bought from
          and supplied to those of other communities, in the network's unit;
        - ``internal_share``: of all flows that begin or end in it, those that do both; 0 without
          flows;
        - ``partner``: the community it deals with most, both ways together (of equals the first),
          or -1 if with none, and ``partner_name_*``, empty if there is none.

    Raises:
        DataError: the partition leaves out a node.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network import communities, network
        >>> net = network(sample.table().select(["CN-GD"]))
        >>> table = community_table(net, communities(net))
        >>> int(table["sectors"].sum()), bool(table["internal_share"].between(0, 1).all())
        (42, True)
    """
    members = members_of(net, partition)
    flows = community_flows(net, partition)
    count = len(flows)
    internal = flows.diagonal()
    across = flows - np.diag(internal)
    to_others, from_others = across.sum(axis=1), across.sum(axis=0)
    touching = internal + to_others + from_others
    both_ways = across + across.T
    partner = [int(row.argmax()) if row.any() else NOBODY for row in both_ways]
    names = community_names(net, partition)
    columns: dict[str, object] = {
        f"name_{suffix}": [name[tag] for name in names] for tag, suffix in COLUMNS.items()
    }
    columns["sectors"] = np.bincount(members, minlength=count)
    for measure in SUMMED:
        if measure in net.nodes:
            values = net.nodes[measure].fillna(0.0).to_numpy(float)
            columns[measure] = np.bincount(members, weights=values, minlength=count)
    columns |= {
        "internal_flow": internal,
        "from_others": from_others,
        "to_others": to_others,
        "internal_share": np.divide(internal, touching, out=np.zeros(count), where=touching > 0),
    }
    numbers = np.unique(partition.loc[net.nodes.index])
    columns["partner"] = [numbers[other] if other != NOBODY else NOBODY for other in partner]
    for tag, suffix in COLUMNS.items():
        columns[f"partner_name_{suffix}"] = [
            names[other][tag] if other != NOBODY else "" for other in partner
        ]
    return pd.DataFrame(columns, index=pd.Index(numbers, name="community"))
