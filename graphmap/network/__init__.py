"""From a table to a network, and what stands out in it."""

from graphmap.network.backbone import Backbone, keep, largest, share_of_cells, share_of_flow
from graphmap.network.centrality import centrality
from graphmap.network.community import communities
from graphmap.network.flow import WEIGHTS, FlowNetwork, network
from graphmap.network.position import cut_points, position
from graphmap.network.relations import key_relations
from graphmap.network.roles import TOP, key_sectors, roles

__all__ = [
    "TOP",
    "WEIGHTS",
    "Backbone",
    "FlowNetwork",
    "centrality",
    "communities",
    "cut_points",
    "keep",
    "key_relations",
    "key_sectors",
    "largest",
    "network",
    "position",
    "roles",
    "share_of_cells",
    "share_of_flow",
]
