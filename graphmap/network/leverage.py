"""Who can move the high-carbon sectors: those that buy from them and those that supply them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork
from graphmap.network.relations import led_by, partners, same_nodes
from graphmap.network.roles import roles_in

Counts = NDArray[np.intp]


def leverage(*nets: FlowNetwork, count: int = 5, role: pd.DataFrame | None = None) -> pd.DataFrame:
    """How much of the trade of the high-carbon sectors each sector holds, as user and as supplier.

    A sector that buys much of what high-carbon sectors supply can ask them for cleaner products
    (green procurement); one that supplies much of their inputs is where finance and cleaner inputs
    reach them (supply-chain finance). What flows within a sector is left out throughout.

    Args:
        nets: networks of the same nodes with different weights, embodied CO2 and money as a rule.
        count: among how many of the largest users (suppliers) of a high-carbon sector one has to be
            to count as a large one.
        role: what ``roles`` or ``key_sectors`` returned; the usual ones if left out. Where nothing
            emits, the high-output sectors take the place of the high-carbon ones.

    Returns:
        DataFrame indexed by node id, in the order of the network, with ``high`` (whether it is one
        of the high-carbon sectors itself) and for each weight, after ``<weight>_``,

        - ``bought``: what it buys from high-carbon sectors other than itself, in the unit of the
          network;
        - ``share_of_supply``: that, over all that the high-carbon sectors supply to others; sums
          to 1 over all sectors;
        - ``share_of_purchases``: that, over all it buys from others;
        - ``high_suppliers``: from how many of the high-carbon sectors it buys;
        - ``large_user_of``: of how many it is one of the ``count`` largest users;
        - ``rank_procurement``: its place by ``bought``, from 1;
        - ``sold``: what it sells to high-carbon sectors other than itself;
        - ``share_of_inputs``: that, over all that the high-carbon sectors buy from others; sums
          to 1;
        - ``share_of_sales``: that, over all it sells to others;
        - ``high_users``, ``large_supplier_of``, ``rank_supply``: as above.

        Shares of nothing are 0; equal ones rank in the order of the table.

    Raises:
        DataError: networks of different nodes or of the same weight.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = leverage(network(sample.table().select(["CN-GD"])))
        >>> found["embodied_co2_rank_procurement"].idxmin()
        'CN-GD.27'
    """
    first = same_nodes(nets)
    role = roles_in(first, role)
    high = np.zeros(len(first.nodes), dtype=bool)
    high[led_by(first, role)] = True
    found = pd.DataFrame({"high": high}, index=first.nodes.index)
    for net in nets:
        columns = _as_user(net, high, count) | _as_supplier(net, high, count)
        for name, values in columns.items():
            found[f"{net.weight}_{name}"] = values
    return found


def _as_user(net: FlowNetwork, high: NDArray[np.bool_], count: int) -> dict[str, Counts | Array]:
    sold = net.without_loops().weights[np.flatnonzero(high)]
    bought = np.asarray(sold.sum(axis=0)).ravel()
    return {
        "bought": bought,
        "share_of_supply": _share(bought, bought.sum()),
        "share_of_purchases": _share(bought, net.received),
        "high_suppliers": np.bincount(sold.indices, minlength=len(high)),
        "large_user_of": _large(net, high, "user", count),
        "rank_procurement": _places(bought),
    }


def _as_supplier(
    net: FlowNetwork, high: NDArray[np.bool_], count: int
) -> dict[str, Counts | Array]:
    inputs = net.without_loops().by_user[:, np.flatnonzero(high)]
    sold = np.asarray(inputs.sum(axis=1)).ravel()
    return {
        "sold": sold,
        "share_of_inputs": _share(sold, sold.sum()),
        "share_of_sales": _share(sold, net.supplied),
        "high_users": np.bincount(inputs.indices, minlength=len(high)),
        "large_supplier_of": _large(net, high, "supplier", count),
        "rank_supply": _places(sold),
    }


def _large(net: FlowNetwork, high: NDArray[np.bool_], direction: str, count: int) -> Counts:
    best = [i for at in np.flatnonzero(high) for i, _ in partners(net, int(at), direction, count)]
    return np.bincount(np.array(best, dtype=int), minlength=len(high))


def _places(values: Array) -> Counts:
    place = np.empty(len(values), dtype=int)
    place[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return place


def _share(part: Array, whole: Array | float) -> Array:
    whole = np.broadcast_to(np.asarray(whole, dtype=float), part.shape)
    share: Array = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    # the sums behind the two round apart
    return np.minimum(share, 1.0)
