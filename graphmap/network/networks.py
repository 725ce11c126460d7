"""The networks of a table or of a list of flows, and what can be said of each."""

from __future__ import annotations

import pandas as pd

from graphmap.accounts import Finding, IOTable, prepared
from graphmap.accounts.flow_list import FlowList, findings, noted
from graphmap.errors import DataError
from graphmap.leontief.measures import sector_measures
from graphmap.network.flow import WEIGHTS, FlowNetwork, network
from graphmap.network.listed_flows import listed_networks


def networks_of(
    data: IOTable | FlowList, *, imports: str = "out", weight: str | None = None
) -> tuple[IOTable | FlowList, tuple[Finding, ...], dict[str, FlowNetwork]]:
    """What figures are computed from, what the checks say, and the network of each weight.

    Args:
        data: a table, or a list of flows.
        imports: as ``accounts.prepared``.
        weight: one that is needed.

    Raises:
        DataError: as ``accounts.prepared``, or there is no network of the weight.

    Example:
        >>> from graphmap import sample
        >>> list(networks_of(sample.table())[2])
        ['money', 'direct_co2', 'embodied_co2']
    """
    if isinstance(data, FlowList):
        networks = listed_networks(data)
        if weight and weight not in networks:
            raise DataError(
                f"no {weight} network of a list of flows",
                file=data.source.file,
                found=weight,
                expected=" or ".join(networks),
                remedy=None if data.has_emissions else "give totals with gross output and CO2",
            )
        return noted(data), findings(data), networks
    domestic, checks = prepared(data, imports)
    measures = sector_measures(domestic)
    weights = [w for w in WEIGHTS if w == "money" or domestic.has_emissions]
    networks = {w: network(domestic, w, measures=measures) for w in weights}
    if weight and weight not in networks:
        network(domestic, weight, measures=measures)  # says why not
    return domestic, checks, networks


def in_the_chain(money: FlowNetwork) -> pd.Series:
    """What tells the position of the sectors that have one, the most upstream highest.

    The upstreamness of those that produce. Of a list of flows the trophic level, from 0 downwards,
    of those that deal with others.

    Example:
        >>> from graphmap import sample
        >>> money = networks_of(sample.table())[2]["money"]
        >>> bool(in_the_chain(money)["CN-GD.24"] > in_the_chain(money)["CN-GD.27"])
        True
    """
    nodes = money.nodes
    if "upstreamness" in nodes:
        return nodes.loc[nodes["gross_output"] > 0, "upstreamness"]
    return -nodes.loc[money.supplied + money.received > 0, "trophic_level"]


def whole_flow(
    data: IOTable | FlowList, networks: dict[str, FlowNetwork]
) -> dict[str, float | None]:
    """By weight, what shares of flow are of, in the network's unit; None where it is not known.

    All flows between different sectors. Of a list of flows all money of its source, that within
    sectors too, since the source's own share counts it.

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> found = whole_flow(table, networks_of(table)[2])
        >>> found["money"] > found["embodied_co2"] > found["direct_co2"]
        True
    """
    if isinstance(data, IOTable):
        return {weight: float(net.supplied.sum()) for weight, net in networks.items()}
    known = data.share_of_all
    money = float(networks["money"].weights.sum()) / known if known else None
    return {weight: money if weight == "money" else None for weight in networks}
