"""The largest suppliers and users of the sectors that matter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphmap.network.flow import FlowNetwork
from graphmap.network.roles import TOP, roles, with_centrality

COLUMNS = ["sector", "direction", "rank", "partner", "partner_role", "value", "share"]


def partners(
    net: FlowNetwork, node: int, direction: str, count: int = 5
) -> list[tuple[int, float]]:
    """The largest users (or suppliers) of one sector, other than itself: position and flow."""
    matrix = net.weights if direction == "user" else net.by_user
    line = slice(*matrix.indptr[node : node + 2])
    others, flows = matrix.indices[line], matrix.data[line]
    best = np.lexsort((others, -flows))[: count + 1]  # one more, since it may be the sector itself
    found = [(int(others[k]), float(flows[k])) for k in best if others[k] != node and flows[k] > 0]
    return found[:count]


def key_relations(net: FlowNetwork, *, top: int = TOP, count: int = 5) -> pd.DataFrame:
    """For each high-carbon sector its largest users and suppliers, classed by role.

    Where there are no emissions, the high-output sectors take their place.

    Args:
        net: a network whose nodes carry measures.
        top: how many sectors of each region count as high.
        count: how many partners on each side.

    Returns:
        DataFrame, a row a relation: ``sector``, ``direction`` (``user``: the partner buys from the
        sector; ``supplier``: it sells to the sector), ``rank``, ``partner``, ``partner_role``,
        ``value`` in the network's unit, ``share`` of all the sector's flows to (from) others.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = key_relations(network(sample.table().select(["CN-GD"])))
        >>> len(found), found.iloc[0]["direction"]
        (50, 'user')
    """
    role = roles(with_centrality(net), top=top)
    leading = "high_carbon" if role["high_carbon"].any() else "high_output"
    order = "direct_co2" if leading == "high_carbon" else "gross_output"
    chosen = net.nodes.loc[role[leading].to_numpy(bool)].sort_values(
        order, ascending=False, kind="stable"
    )
    totals = {"user": net.supplied, "supplier": net.received}
    rows = [
        (
            name,
            direction,
            rank,
            net.nodes.index[partner],
            role["role"].iloc[partner],
            value,
            value / totals[direction][place],
        )
        for name in chosen.index
        for place in [net.nodes.index.get_loc(name)]
        for direction in ("user", "supplier")
        for rank, (partner, value) in enumerate(partners(net, place, direction, count), start=1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
