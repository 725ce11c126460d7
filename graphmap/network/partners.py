"""The table of the published maps: each high-carbon sector and with whom it deals, by class."""

from __future__ import annotations

import pandas as pd

from graphmap.network.flow import FlowNetwork
from graphmap.network.position import position
from graphmap.network.relations import DIRECTIONS, key_relations, led_by, same_nodes
from graphmap.network.roles import roles_in

CLASSES = {
    "high_carbon": "high_carbon",
    "high_transmission": "high_output_or_transmission",
    "high_output": "high_output_or_transmission",
    "other": "other",
}
"""Role of a partner -> its class in the table."""

SIDES = {"user": "users", "supplier": "suppliers"}


def partner_list(
    *nets: FlowNetwork, count: int = 5, role: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The largest users and suppliers of each high-carbon sector by every weight, a row a partner.

    Args:
        nets: networks of the same nodes with different weights, money and embodied CO2 as a rule.
        count: how many partners on each side, by each weight.
        role: what ``roles`` or ``key_sectors`` returned; the usual ones if left out.

    Returns:
        DataFrame: ``weight`` and ``unit``, the columns of ``key_relations``, and ``partner_class``,
        one of the values of ``CLASSES``. Sectors that nothing emits in give way to those of high
        output, as there.

    Raises:
        DataError: networks of different nodes or of the same weight.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> table = sample.table().select(["CN-GD"])
        >>> found = partner_list(network(table, "money"), network(table, "embodied_co2"))
        >>> found.groupby("weight").size().to_dict()
        {'embodied_co2': 50, 'money': 50}
    """
    role = roles_in(same_nodes(nets), role)
    parts = []
    for net in nets:
        found = key_relations(net, count=count, role=role)
        found.insert(0, "weight", net.weight)
        found.insert(1, "unit", net.unit)
        parts.append(found.assign(partner_class=found["partner_role"].map(CLASSES)))
    return pd.concat(parts, ignore_index=True)


def partner_table(
    *nets: FlowNetwork, count: int = 5, role: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row a high-carbon sector: where it stands and with whom it deals, classed by role.

    It says at a glance whether a sector's carbon goes to, and comes from, other high-carbon sectors
    (which have to move together) or sectors that can choose whom they buy from.

    Args:
        nets, count, role: as ``partner_list``.

    Returns:
        DataFrame indexed by the node ids of the high-carbon sectors (high-output ones where nothing
        emits), the largest first. ``position`` (upstream, midstream or downstream among all
        sectors; only where the nodes have positions or upstreamness), then for each weight and each
        class of partner ``<weight>_users_<class>`` and ``<weight>_suppliers_<class>``: tuples of
        node ids, the largest partner first.

    Raises:
        DataError: networks of different nodes or of the same weight.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> table = sample.table().select(["CN-GD"])
        >>> found = partner_table(network(table, "money"), count=2)
        >>> found.loc["CN-GD.24", "money_suppliers_other"]
        ('CN-GD.32', 'CN-GD.19')
    """
    net = same_nodes(nets)
    role = roles_in(net, role)
    listed = partner_list(*nets, count=count, role=role)
    sectors = net.nodes.index[led_by(net, role)]
    table = pd.DataFrame(index=sectors)
    if "position" in net.nodes:
        table["position"] = net.nodes.loc[sectors, "position"]
    elif "upstreamness" in net.nodes:
        table["position"] = position(net.nodes["upstreamness"]).loc[sectors]
    keys = ["weight", "direction", "partner_class", "sector"]
    found = listed.groupby(keys, sort=False)["partner"].agg(tuple).to_dict()
    for weight in (net.weight for net in nets):
        for direction in DIRECTIONS:
            for each in dict.fromkeys(CLASSES.values()):
                cells = [found.get((weight, direction, each, sector), ()) for sector in sectors]
                column = f"{weight}_{SIDES[direction]}_{each}"
                table[column] = pd.Series(cells, index=sectors, dtype=object)
    return table
