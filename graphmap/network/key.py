"""Everything that is said of the key sectors and relationships of a table, by one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from graphmap.network.cycles import key_cycles, reciprocal_pairs
from graphmap.network.flow import FlowNetwork
from graphmap.network.leverage import leverage
from graphmap.network.partners import partner_list, partner_table
from graphmap.network.relations import key_transactions, same_nodes
from graphmap.network.roles import TOP, key_sectors, overlaps, with_centrality


@dataclass(frozen=True, eq=False)
class KeyStudy:
    """The key sectors of a table and the relationships between them.

    Attributes:
        sectors: ``key_sectors`` with what explains them, the most important first.
        overlaps: ``overlaps`` of the three highs.
        transactions: ``key_transactions`` between sectors; ``within``: those within sectors.
        partners: ``partner_table``; ``partner_list``: the same, a row a partner.
        pairs: ``reciprocal_pairs`` of the first network.
        cycles: ``key_cycles`` of 3 and 4 sectors of the first network.
        leverage: ``leverage`` of every sector over the high-carbon ones.
    """

    sectors: pd.DataFrame
    overlaps: pd.DataFrame
    transactions: pd.DataFrame
    within: pd.DataFrame
    partners: pd.DataFrame
    partner_list: pd.DataFrame
    pairs: pd.DataFrame
    cycles: pd.DataFrame
    leverage: pd.DataFrame


def key_study(
    *nets: FlowNetwork,
    top: int = TOP,
    share: float | None = None,
    weights: Mapping[str, float] | None = None,
    by: Mapping[str, str] | None = None,
    count: int = 10,
    partners: int = 5,
) -> KeyStudy:
    """Key sectors and relationships, all with the same roles.

    Args:
        nets: networks of the same nodes with different weights, embodied CO2 before money as a
            rule; transactions, pairs and cycles are ranked by the first.
        top, share, weights, by: as ``key_sectors``.
        count: how many transactions, pairs and cycles.
        partners: how many partners of a high-carbon sector on each side, by each weight.

    Raises:
        DataError: networks of different nodes or of the same weight, or a rule that means nothing.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> table = sample.table().select(["CN-GD"])
        >>> found = key_study(network(table), network(table, "money"))
        >>> found.sectors.index[0], found.partners.index[0], len(found.transactions)
        ('CN-GD.24', 'CN-GD.24', 10)
    """
    nodes = with_centrality(same_nodes(nets))  # once, not for every table
    nets = tuple(replace(net, nodes=nodes) for net in nets)
    sectors = key_sectors(nets[0], top=top, share=share, weights=weights, by=by, explain=True)
    return KeyStudy(
        sectors=sectors,
        overlaps=overlaps(sectors),
        transactions=key_transactions(*nets, count=count, role=sectors),
        within=key_transactions(*nets, count=count, within=True, role=sectors),
        partners=partner_table(*nets, count=partners, role=sectors),
        partner_list=partner_list(*nets, count=partners, role=sectors),
        pairs=reciprocal_pairs(nets[0], count=count, role=sectors),
        cycles=key_cycles(nets[0], count=count, role=sectors),
        leverage=leverage(*nets, count=partners, role=sectors),
    )
