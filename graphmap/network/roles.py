"""The three highs, and the sectors that matter for decarbonisation."""

from __future__ import annotations

import pandas as pd

from graphmap.errors import DataError
from graphmap.network.centrality import centrality
from graphmap.network.flow import FlowNetwork

TOP = 5
"""How many sectors of each region count as high."""

ROLES = ("high_carbon", "high_transmission", "high_output")
"""In order of precedence: a sector that is high in several ways is drawn as the first."""


def role_measures(nodes: pd.DataFrame) -> dict[str, str]:
    """Role -> the measure it is told by, for the measures there are.

    High-carbon by direct CO2, high-transmission by transmission (by betweenness where there are no
    emissions), high-output by gross output.
    """
    wanted = {
        "high_carbon": "direct_co2",
        "high_transmission": "transmission" if "transmission" in nodes else "betweenness",
        "high_output": "gross_output",
    }
    return {role: measure for role, measure in wanted.items() if measure in nodes}


def with_centrality(net: FlowNetwork) -> pd.DataFrame:
    """The nodes of a network, with centralities where a role can only be told by them.

    Raises:
        DataError: the nodes carry no gross output, so nothing can be ranked.
    """
    if "gross_output" not in net.nodes:
        raise DataError(
            "the nodes of the network carry no measures",
            found=", ".join(map(str, net.nodes.columns)) or "no columns",
            expected="gross_output, and region and direct_co2 where there are any",
        )
    nodes = net.nodes if "region" in net.nodes else net.nodes.assign(region="")
    return nodes if "high_transmission" in role_measures(nodes) else nodes.join(centrality(net))


def roles(nodes: pd.DataFrame, *, top: int = TOP) -> pd.DataFrame:
    """Which sectors are high in carbon, transmission or output.

    A sector is high in a measure if it is among the ``top`` of its region and above zero.

    Returns:
        DataFrame indexed by node id: a boolean column for each of ``ROLES`` and ``role``, the first
        that applies or ``other``.

    Example:
        >>> nodes = pd.DataFrame(
        ...     {"region": "A", "gross_output": [9.0, 1.0], "direct_co2": [0.0, 3.0]},
        ...     index=["electronics", "power"],
        ... )
        >>> roles(nodes, top=1)["role"].tolist()
        ['high_output', 'high_carbon']
    """
    found = pd.DataFrame(False, index=nodes.index, columns=list(ROLES))
    for role, measure in role_measures(nodes).items():
        values = nodes[measure]
        rank = values.groupby(nodes["region"]).rank(ascending=False, method="first")
        found[role] = (rank <= top) & (values > 0)
    first = found.idxmax(axis=1).where(found.any(axis=1), "other")
    return found.assign(role=first)


def priority(nodes: pd.DataFrame) -> pd.DataFrame:
    """How much of the carbon a sector can act on, with its parts visible.

    The mean of three shares of the whole network: of direct CO2 (what it can cut itself), of
    transmission (what passes through its purchases and sales) and of footprint (what its final
    product calls for). Without emissions: of gross output and of betweenness.

    Returns:
        DataFrame indexed by node id: ``priority`` and its parts ``share_<measure>``, all 0 to 1.
    """
    parts = ["direct_co2", "transmission", "footprint"]
    if "direct_co2" not in nodes:
        parts = ["gross_output", "betweenness"]
    shares = pd.DataFrame(index=nodes.index)
    for part in parts:
        total = nodes[part].sum()
        shares[f"share_{part}"] = nodes[part] / total if total else 0.0
    return shares.assign(priority=shares.mean(axis=1))


def key_sectors(net: FlowNetwork, *, top: int = TOP) -> pd.DataFrame:
    """Every sector with its measures, roles and priority, the most important first.

    Args:
        net: a network whose nodes carry measures, as ``network`` makes them. Centralities take
            part where they have been joined to the nodes.
        top: how many sectors of each region count as high.

    Returns:
        DataFrame indexed by node id, sorted by ``priority``: the labels and measures of the nodes,
        the columns of ``roles`` and of ``priority``.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> key = key_sectors(network(sample.table().select(["CN-GD"])))
        >>> key.index[0], key["role"].iloc[0]
        ('CN-GD.24', 'high_carbon')
    """
    nodes = with_centrality(net)
    key = nodes.join(roles(nodes, top=top)).join(priority(nodes))
    return key.sort_values("priority", ascending=False, kind="stable")
