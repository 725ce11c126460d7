"""Who stands in the middle: every centrality of a network in one table, or each alone.

Measures of flows that go round (PageRank, hubs and authorities, eigenvector) keep what flows within
a sector, as the economy does; measures of relationships (strengths, shortest paths, clustering)
leave it out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from graphmap.arrays import Array
from graphmap.errors import DataError, nearest
from graphmap.network.clustering import clustering
from graphmap.network.flow import FlowNetwork
from graphmap.network.shortest_paths import betweenness, closeness, closeness_supply
from graphmap.network.spectral_centrality import (
    authority,
    eigenvector,
    hub,
    pagerank,
    pagerank_reversed,
)
from graphmap.network.strongest_paths import strongest_path_betweenness
from graphmap.network.walks import counting_betweenness, random_walk_centrality


def supply_strength(net: FlowNetwork) -> Array:
    """(n,) sum of the flows to other sectors, in the network's unit: what others depend on.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]))
        >>> net.nodes.index[supply_strength(net).argmax()]
        'CN-GD.24'
    """
    return net.supplied


def use_strength(net: FlowNetwork) -> Array:
    """(n,) sum of the flows from other sectors, in the network's unit: what a sector depends on.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]))
        >>> bool(np.isclose(use_strength(net).sum(), supply_strength(net).sum()))
        True
    """
    return net.received


def supply_strength_with_loops(net: FlowNetwork) -> Array:
    """(n,) sum of the flows to all users, the sector itself included: all intermediate sales.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table())
        >>> bool((supply_strength_with_loops(net) >= supply_strength(net)).all())
        True
    """
    return np.asarray(net.weights.sum(axis=1), dtype=float).ravel()


def use_strength_with_loops(net: FlowNetwork) -> Array:
    """(n,) sum of the flows from all suppliers, the sector itself included: all its inputs.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table())
        >>> bool((use_strength_with_loops(net) >= use_strength(net)).all())
        True
    """
    return np.asarray(net.weights.sum(axis=0), dtype=float).ravel()


MEASURES: dict[str, Callable[[FlowNetwork], Array]] = {
    "supply_strength": supply_strength,
    "use_strength": use_strength,
    "supply_strength_with_loops": supply_strength_with_loops,
    "use_strength_with_loops": use_strength_with_loops,
    "pagerank": pagerank,
    "pagerank_reversed": pagerank_reversed,
    "hub": hub,
    "authority": authority,
    "eigenvector": eigenvector,
    "betweenness": betweenness,
    "strongest_path_betweenness": strongest_path_betweenness,
    "random_walk": random_walk_centrality,
    "counting_betweenness": counting_betweenness,
    "closeness": closeness,
    "closeness_supply": closeness_supply,
    "clustering": clustering,
}
"""Every centrality by the name of its column; what each says stands with the function."""


def centrality(net: FlowNetwork, measures: Sequence[str] | None = None) -> pd.DataFrame:
    """Centralities of every node on the whole network, indexed by node id.

    Args:
        measures: names from ``MEASURES``; only these are computed. All if left out.

    Returns:
        DataFrame with a column a measure, in the order asked for. The strengths are in the
        network's unit, the others without one: they are the same whatever the unit of the flows.
        There is a figure for every node of any network; what each means, and what it is where
        nothing flows, stands with the function of its name.

    Raises:
        DataError: a measure that is not known, or a network with negative flows.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]))
        >>> centrality(net, ["supply_strength", "pagerank"])["supply_strength"].idxmax()
        'CN-GD.24'
    """
    names = list(MEASURES) if measures is None else list(measures)
    for name in names:
        if name not in MEASURES:
            raise DataError(
                "unknown centrality",
                found=name,
                expected=f"one of {', '.join(nearest(name, MEASURES) or MEASURES)}",
            )
    return pd.DataFrame({name: MEASURES[name](net) for name in names}, index=net.nodes.index)
