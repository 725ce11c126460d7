"""Which sectors deal most with one another."""

from __future__ import annotations

import igraph
import leidenalg
import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.network.flow import FlowNetwork


def communities(net: FlowNetwork, *, resolution: float = 1.0, seed: int = 1) -> pd.Series:
    """Leiden communities of the undirected sum of flows, numbered from 0 by size of their flows.

    Args:
        resolution: above 1 for more and smaller communities.
        seed: the same seed gives the same communities.

    Returns:
        Series of int, indexed by node id.

    Source:
        Traag, Waltman & van Eck 2019, Scientific Reports 9:5233.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table())
        >>> communities(net).equals(communities(net))
        True
    """
    flows = net.without_loops().weights
    both = sparse.triu(flows + flows.T, k=1, format="coo")
    graph = igraph.Graph(n=len(net.nodes), edges=np.column_stack([both.row, both.col]))
    partition = leidenalg.find_partition(
        graph,
        leidenalg.RBConfigurationVertexPartition,
        weights=both.data.tolist(),
        resolution_parameter=resolution,
        n_iterations=-1,
        seed=seed,
    )
    member = np.array(partition.membership, dtype=int)
    strength = net.supplied + net.received
    size = np.bincount(member, weights=strength)
    number = np.empty(len(size), dtype=int)
    number[np.lexsort((np.arange(len(size)), -size))] = np.arange(len(size))
    return pd.Series(number[member], index=net.nodes.index, name="community")
