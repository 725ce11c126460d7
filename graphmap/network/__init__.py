"""From a table to a network, what stands out in it, and whether that would hold."""

from graphmap.network.backbone import (
    Backbone,
    backbones_compared,
    keep,
    largest,
    share_of_cells,
    share_of_flow,
)
from graphmap.network.centrality import centrality
from graphmap.network.community import communities
from graphmap.network.compare import comparison
from graphmap.network.flow import WEIGHTS, FlowNetwork, network
from graphmap.network.key import key_study
from graphmap.network.position import cut_points, position
from graphmap.network.relations import key_relations
from graphmap.network.robustness import robustness
from graphmap.network.roles import TOP, key_sectors, roles

__all__ = [
    "TOP",
    "WEIGHTS",
    "Backbone",
    "FlowNetwork",
    "backbones_compared",
    "centrality",
    "communities",
    "comparison",
    "cut_points",
    "keep",
    "key_relations",
    "key_sectors",
    "key_study",
    "largest",
    "network",
    "position",
    "robustness",
    "roles",
    "share_of_cells",
    "share_of_flow",
]
