"""The transactions that matter, and the largest suppliers and users of the sectors that matter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.network.flow import FlowNetwork
from graphmap.network.roles import TOP, leading, roles_in

COLUMNS = ["sector", "direction", "rank", "partner", "partner_role", "value", "share"]

DIRECTIONS = ("user", "supplier")
"""What the partner of a sector is to it."""


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


def led_by(net: FlowNetwork, role: pd.DataFrame) -> NDArray[np.intp]:
    """Positions of the sectors that relations are about, the largest first.

    The high-carbon ones by direct CO2; where nothing emits, the high-output ones by gross output.

    Args:
        role: ``roles`` of the nodes, in the order of the network.
    """
    chosen = np.flatnonzero(role[leading(role)].to_numpy(bool))
    order = "direct_co2" if leading(role) == "high_carbon" else "gross_output"
    if order not in net.nodes:
        return chosen
    size = net.nodes[order].fillna(0.0).to_numpy(float)[chosen]
    largest_first: NDArray[np.intp] = chosen[np.argsort(-size, kind="stable")]
    return largest_first


def key_relations(
    net: FlowNetwork, *, top: int = TOP, count: int = 5, role: pd.DataFrame | None = None
) -> pd.DataFrame:
    """For each high-carbon sector its largest users and suppliers, classed by role.

    Where there are no emissions, the high-output sectors take their place.

    Args:
        net: a network whose nodes carry measures.
        top: how many sectors of each region count as high.
        count: how many partners on each side.
        role: what ``roles`` or ``key_sectors`` returned, where another rule than ``top`` is meant.

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
    role = roles_in(net, role, top=top)
    totals = {"user": net.supplied, "supplier": net.received}
    ids, kinds = net.nodes.index, role["role"].to_numpy()
    rows = [
        (ids[at], way, rank, ids[partner], kinds[partner], value, value / totals[way][at])
        for at in led_by(net, role)
        for way in DIRECTIONS
        for rank, (partner, value) in enumerate(partners(net, at, way, count), start=1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def key_transactions(
    *nets: FlowNetwork,
    count: int | None = 20,
    within: bool = False,
    role: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The transactions that carry most of the first network's flow, the others' beside it.

    Given embodied CO2 and money, these are the contracts through which most carbon changes hands,
    and what is paid for them.

    Args:
        nets: networks of the same nodes with different weights; the first ranks.
        count: how many; all if None.
        within: the flows within sectors instead of those between them. They are kept apart because
            what a sector sells to itself is not a relationship.
        role: what ``roles`` or ``key_sectors`` returned; the usual ones if left out.

    Returns:
        DataFrame, a row a transaction, the largest first and equal ones in the order of the table:
        ``rank``, ``supplier``, ``supplier_role``, ``user``, ``user_role``, and for each network
        ``<weight>`` in its unit and ``share_<weight>`` of all its flows between different sectors
        (within sectors, of all flows within). ``cumulative_share`` adds up the first network's;
        it is a share of flows, not of emissions, which flows at successive stages carry again.

    Raises:
        DataError: networks of different nodes or of the same weight.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> table = sample.table().select(["CN-GD"])
        >>> found = key_transactions(network(table, "embodied_co2"), network(table, "money"))
        >>> found.loc[0, ["supplier", "user"]].tolist()
        ['CN-GD.13', 'CN-GD.27']
    """
    net = same_nodes(nets)
    role = roles_in(net, role)
    ids, kinds = net.nodes.index, role["role"].to_numpy()
    supplier, user, _ = _flows(net, within, count)
    found = pd.DataFrame(
        {
            "rank": np.arange(1, len(supplier) + 1),
            "supplier": ids[supplier],
            "supplier_role": kinds[supplier],
            "user": ids[user],
            "user_role": kinds[user],
        }
    )
    for each in nets:
        flows = flows_at(each, supplier, user)
        total = float(_flows(each, within, None)[2].sum())
        found[each.weight] = flows
        found[f"share_{each.weight}"] = flows / total if total > 0 else 0.0
    found["cumulative_share"] = found[f"share_{net.weight}"].cumsum()
    return found


def _flows(
    net: FlowNetwork, within: bool, count: int | None
) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Supplier, user and flow of what flows within or between sectors, the largest first."""
    flows = net.weights.tocoo()
    kept = ((flows.row == flows.col) == within) & (flows.data > 0)
    supplier, user, value = flows.row[kept], flows.col[kept], flows.data[kept]
    order = np.lexsort((user, supplier, -value))[:count]
    return supplier[order], user[order], value[order]


def flows_at(net: FlowNetwork, supplier: NDArray[np.intp], user: NDArray[np.intp]) -> Array:
    """(m,) the flows from these suppliers to these users, by position."""
    found = net.weights[supplier, user]
    # none at all come back as a sparse array
    return np.asarray(found.toarray() if sparse.issparse(found) else found, dtype=float).ravel()


def same_nodes(nets: Sequence[FlowNetwork]) -> FlowNetwork:
    """The first of several networks, when they can be read side by side.

    Raises:
        DataError: there is none, their nodes differ, or two have the same weight.
    """
    if not nets:
        raise DataError("no network", expected="at least one, as network(table) makes it")
    weights = [net.weight for net in nets]
    if len(set(weights)) < len(weights):
        raise DataError("networks of the same weight", found=", ".join(weights))
    if any(not net.nodes.index.equals(nets[0].nodes.index) for net in nets):
        raise DataError(
            "networks of different nodes",
            found=", ".join(f"{len(net.nodes)} in {net.weight}" for net in nets),
            expected="networks of one table with different weights",
        )
    return nets[0]
