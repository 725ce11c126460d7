"""What to do first about a sector, each sentence tied to the figures that support it."""

from __future__ import annotations

import pandas as pd

from graphmap.i18n import Names, figure, listed, words
from graphmap.network.flow import FlowNetwork
from graphmap.network.relations import partners

NOTABLE = 0.01
"""A lever is named where it concerns at least this share of the region's direct emissions."""

NAMED = 3
"""How many partners a sentence names."""


def levers(net: FlowNetwork, sectors: pd.DataFrame, node: str) -> list[Names]:
    """Sentences on a sector: its own reduction, its users' procurement, its suppliers.

    - *Own reduction* where its direct CO2 is notable: the share of the region's.
    - *Green procurement* where its largest users take over a notable amount of embodied CO2 from
      a high-carbon sector.
    - *Supply chain* where a notable amount of embodied CO2 comes in from its largest suppliers.

    Args:
        net: the network of embodied CO2.
        sectors: ``key_sectors`` of the network.
        node: id of the sector.
    """
    row = sectors.loc[node]
    place = net.nodes.index.get_loc(node)
    assert isinstance(place, int)
    region_total = float(sectors["direct_co2"][sectors["region"] == row["region"]].sum())
    found = []
    if region_total and row["direct_co2"] >= NOTABLE * region_total:
        share = figure(100 * row["direct_co2"] / region_total, 0, "%")
        amount = figure(row["direct_co2"], 1, "Mt")
        found.append(words("lever.own_reduction", share=share, amount=amount))
    for direction, key, holds in (
        ("user", "lever.green_procurement", bool(row["high_carbon"])),
        ("supplier", "lever.supply_chain", True),
    ):
        best = partners(net, place, direction, NAMED)
        amount_mt = sum(value for _, value in best)
        if holds and region_total and amount_mt >= NOTABLE * region_total:
            names = listed([net.labels[i] for i, _ in best])
            found.append(words(key, partners=names, amount=figure(amount_mt, 1, "Mt")))
    return found
