"""The networks of a list of flows, and what stands out in them: only what can be told from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.flow_list import FlowList
from graphmap.leontief.footprints import embodied_flows
from graphmap.leontief.measures import TONNES_PER_MT
from graphmap.network.flow import FlowNetwork
from graphmap.network.roles import PARTS_WITHOUT_CO2, key_sectors
from graphmap.network.trophic import trophic_levels


def listed_networks(flows: FlowList) -> dict[str, FlowNetwork]:
    """The network of money and, where it is known of any, that of direct CO2.

    Returns:
        Weight -> FlowNetwork in 10 thousand yuan (or US dollars) or in Mt. The nodes carry
        ``gross_output``, ``direct_co2`` and ``direct_intensity``, missing where the source does not
        say, and ``trophic_level``. A flow whose supplier's direct intensity is not known is no flow
        of the network of CO2.

    Example:
        >>> index = pd.DataFrame({"region": "CN-GD"}, index=["power", "steel"])
        >>> totals = pd.DataFrame(
        ...     {"gross_output": [9.0, np.nan], "direct_co2": [3.0, np.nan]}, index=index.index
        ... )
        >>> from graphmap.accounts import Source
        >>> listed = FlowList(index, sparse.csr_array([[0.0, 6.0], [1.0, 0.0]]), totals,
        ...                   "10k_yuan", Source("", "flows.csv"))
        >>> listed_networks(listed)["direct_co2"].weights.toarray().tolist()
        [[0.0, 2.0], [0.0, 0.0]]
    """
    money = sparse.csr_array(flows.flows * flows.to_10k)
    nodes = flows.index.assign(gross_output=flows.gross_output)
    if flows.has_emissions:
        nodes["direct_co2"] = flows.co2
        nodes["direct_intensity"] = flows.direct_intensity * TONNES_PER_MT
    unplaced = FlowNetwork(nodes, money, "money", flows.unit_10k)
    net = replace(unplaced, nodes=nodes.join(trophic_levels(unplaced)))
    if not flows.has_emissions:
        return {"money": net}
    carried = embodied_flows(np.nan_to_num(flows.direct_intensity), money)
    carried.eliminate_zeros()
    return {
        "money": net,
        "direct_co2": replace(net, weights=carried, weight="direct_co2", unit="Mt"),
    }


def listed_key_sectors(net: FlowNetwork, *, top: int) -> pd.DataFrame:
    """``key_sectors`` of a list of flows: a sector whose figures are not known has no priority.

    What the priority is made of: direct CO2; without any, gross output and betweenness; without
    gross output, betweenness alone. Shares are of what is known.
    """
    parts: Mapping[str, float] | None = None
    if "direct_co2" not in net.nodes:
        known = net.nodes["gross_output"].notna().any()
        parts = dict.fromkeys(PARTS_WITHOUT_CO2 if known else PARTS_WITHOUT_CO2[1:], 1.0)
    key = key_sectors(net, top=top, weights=parts)
    for part in key.attrs["weights"]:
        unknown = key[part].isna()
        key.loc[unknown, [f"share_{part}", "priority"]] = np.nan
    return key.sort_values("priority", ascending=False, kind="stable", na_position="last")
