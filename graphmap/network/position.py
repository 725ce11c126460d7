"""Where in the production chain a sector stands."""

from __future__ import annotations

import pandas as pd

from graphmap.errors import DataError
from graphmap.network.flow import FlowNetwork
from graphmap.network.trophic import trophic_levels

POSITIONS = ("upstream", "midstream", "downstream")


def position(upstreamness: pd.Series) -> pd.Series:
    """Upstream, midstream or downstream: the thirds of the sectors by upstreamness.

    Ties keep the order of the table, so the thirds are as equal as the number of sectors allows.

    Example:
        >>> position(pd.Series({"power": 2.8, "steel": 2.2, "building": 1.0})).to_dict()
        {'power': 'upstream', 'steel': 'midstream', 'building': 'downstream'}
    """
    order = upstreamness.rank(ascending=False, method="first") - 1
    third = (order * len(POSITIONS) // max(len(order), 1)).astype(int)
    return third.map(dict(enumerate(POSITIONS))).rename("position")


def cut_points(upstreamness: pd.Series) -> tuple[float, float]:
    """The lowest upstreamness of the upstream and of the midstream third.

    Example:
        >>> cut_points(pd.Series([2.8, 2.2, 1.0]))
        (2.8, 2.2)
    """
    where = position(upstreamness)
    lowest = upstreamness.groupby(where).min()
    return tuple(float(lowest.get(name, upstreamness.min())) for name in POSITIONS[:2])  # type: ignore[return-value]


def positions(net: FlowNetwork) -> pd.DataFrame:
    """Where each sector stands in the production chain, by both measures.

    Upstreamness counts the stages from a sector's output to final use, so it falls towards the
    consumer; the trophic level is read off the flows between sectors alone, and rises.

    Returns:
        DataFrame indexed by node id, in the order of the network: ``upstreamness`` (at least 1),
        ``position`` (one of ``POSITIONS``), ``trophic_level`` (at least 0).

    Raises:
        DataError: the nodes carry no upstreamness, or flows are below zero.

    Source:
        Antras, Chor, Fally & Hillberry 2012, American Economic Review 102; MacKay, Johnson &
        Sansom 2020, Royal Society Open Science 7, 201138.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> where = positions(network(sample.table().select(["CN-GD"]), "money"))
        >>> where.loc["CN-GD.24", "position"], where.loc["CN-GD.27", "position"]
        ('upstream', 'downstream')
    """
    if "upstreamness" not in net.nodes:
        raise DataError(
            "the nodes of the network carry no upstreamness",
            found=", ".join(map(str, net.nodes.columns)) or "no columns",
            expected="upstreamness",
            remedy="make the network from a table, or use trophic_levels",
        )
    upstreamness = net.nodes["upstreamness"]
    return pd.DataFrame(
        {
            "upstreamness": upstreamness,
            "position": position(upstreamness),
            "trophic_level": trophic_levels(net),
        }
    )
