"""Who stands in the middle: strengths, PageRank, weighted betweenness."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphmap.network.flow import FlowNetwork


def centrality(net: FlowNetwork) -> pd.DataFrame:
    """Centralities of every node on the whole network, indexed by node id.

    Returns:
        DataFrame with the columns

        - ``supply_strength``: sum of flows to other sectors, in the network's unit;
        - ``use_strength``: sum of flows from other sectors;
        - ``pagerank``: share of a walker who follows flows from suppliers to users (damping 0.85,
          self-flows kept); high where large flows end;
        - ``betweenness``: share of the shortest paths between other sectors that pass through,
          with 1 / flow as distance; high where trade between others is mediated.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> ranks = centrality(network(sample.table().select(["CN-GD"])))
        >>> ranks["supply_strength"].idxmax()
        'CN-GD.24'
    """
    between = net.without_loops()
    n = len(net.nodes)
    pairs = max((n - 1) * (n - 2), 1)
    whole, graph = net.to_igraph(), between.to_igraph()
    flows = between.weights.tocoo().data
    # scaled to the largest flow, because igraph compares distances to a fixed tolerance
    distance = flows.max(initial=0.0) / flows
    through = graph.betweenness(weights=distance.tolist()) if len(distance) else [0.0] * n
    return pd.DataFrame(
        {
            "supply_strength": net.supplied,
            "use_strength": net.received,
            "pagerank": whole.pagerank(weights="weight") if whole.ecount() else [1 / n] * n,
            "betweenness": np.array(through) / pairs,
        },
        index=net.nodes.index,
    )
