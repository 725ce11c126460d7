"""From a table, or a list of flows, to a ``Study``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphmap.accounts import IOTable
from graphmap.accounts.flow_list import FlowList
from graphmap.errors import DataError
from graphmap.i18n import language
from graphmap.network import (
    TOP,
    FlowNetwork,
    centrality,
    communities,
    key_relations,
    key_sectors,
    largest,
    position,
)
from graphmap.network import (
    keep as keep_flows,
)
from graphmap.network.listed_flows import listed_key_sectors
from graphmap.network.networks import in_the_chain, networks_of, whole_flow
from graphmap.network.position import POSITIONS
from graphmap.studied import LARGEST, SIZES, SMALLEST, UNPUBLISHED, Study, place_of, radii

__all__ = [
    "LARGEST",
    "MOST_DRAWN",
    "SIZES",
    "SMALLEST",
    "UNPUBLISHED",
    "Study",
    "no_flows",
    "place_of",
    "radii",
    "study",
]

CENTRALITIES = ("supply_strength", "use_strength", "pagerank", "betweenness")
"""Those a map shows; ``centrality`` has more."""

MOST_DRAWN = 6000
"""Flows beyond this number are not drawn: no reader could tell them apart."""

CELLS, LISTED = "5%", "flow:100%"
"""Which flows are drawn of a table, and of a list of flows, where nothing else is asked for."""


def no_flows(file: str, weight: str, money: FlowNetwork) -> DataError:
    """The error for a network without flows between sectors; there may be some of money."""
    traded = weight != "money" and money.without_loops().weights.nnz
    return DataError(
        f"no {weight} flows between sectors" if traded else "no flows between sectors",
        file=file,
        expected="a table whose sectors deal with one another",
        remedy="use --weight money" if traded else None,
    )


def study(
    data: IOTable | FlowList,
    *,
    weight: str | None = None,
    keep: str | None = None,
    lang: str = "en",
    top: int = TOP,
    imports: str = "out",
    seed: int = 1,
    command: str = "",
) -> Study:
    """Compute everything that a page, a deck or a workbook shows of a table.

    Args:
        data: a table, rows supply and columns use; or a list of flows.
        weight: what the map is about; embodied CO2, or money where there are no emissions or only
            a list of flows.
        keep: which flows to draw: ``5%`` of the cells, as if left out, or ``flow:80%`` of the
            flow. Of a list of flows all if left out.
        lang: the language shown first.
        top: how many sectors of each region count as high.
        imports: ``out`` takes imports out of the cells of a competitive table, ``inside`` leaves
            them in.
        seed: for the communities and the layout; the same seed gives the same study.
        command: how the study was asked for, to be printed on the page.

    Raises:
        DataError: an option is not known, the table has a fault that no figure survives, or it
            has no flows.

    Example:
        >>> from graphmap import sample
        >>> found = study(sample.table().select(["CN-GD"]))
        >>> found.title["en"], found.backbone.edges
        ('Guangdong 2017 · embodied carbon network', 88)
    """
    complete = isinstance(data, IOTable)
    data, checks, networks = networks_of(data, imports=imports, weight=weight)
    chosen = weight or (list(networks)[-1] if complete else "money")
    net = networks[chosen]
    if not net.without_loops().weights.nnz:
        raise no_flows(data.source.file, chosen, networks["money"])
    nodes = net.nodes.join(centrality(net, CENTRALITIES))
    nodes["community"] = communities(net, seed=seed)
    # thirds of the sectors in the chain; what is not in it is as far downstream as can be
    thirds = position(in_the_chain(networks["money"]))
    nodes["position"] = thirds.reindex(nodes.index, fill_value=POSITIONS[-1])
    ranked = key_sectors if complete else listed_key_sectors
    key = ranked(replace(net, nodes=nodes), top=top)
    sectors = key.loc[nodes.index]
    networks = {w: replace(each, nodes=sectors) for w, each in networks.items()}
    relations = key_relations(networks[chosen], top=top)
    backbone = keep_flows(networks[chosen], keep or (CELLS if complete else LISTED))
    if backbone.edges > MOST_DRAWN:
        cut = largest(backbone.network, MOST_DRAWN)
        backbone = replace(cut, share_of_flow=cut.share_of_flow * backbone.share_of_flow)
    whole = whole_flow(data, networks)
    if not complete:  # shares are of all flows of the source, or not known
        drawn = float(backbone.network.weights.sum())
        backbone = replace(backbone, share_of_flow=drawn / (whole[chosen] or np.nan))
        relations = relations.assign(share=np.nan)
    return Study(
        data=data,
        networks=networks,
        weight=chosen,
        sectors=sectors,
        key_sectors=key,
        relations=relations,
        backbone=backbone,
        whole=whole,
        checks=checks,
        lang=language(lang),
        top=top,
        keep=keep or (CELLS if complete else LISTED),
        seed=seed,
        command=command,
    )
