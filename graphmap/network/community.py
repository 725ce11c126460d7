"""Which sectors deal most with one another."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.network.flow import FlowNetwork
from graphmap.network.infomap_communities import flow_modules
from graphmap.network.normalised_cut import SpectralClusters
from graphmap.network.partitions import Found, Members
from graphmap.network.scale import refuse_impossible

if TYPE_CHECKING:
    import igraph

METHODS = ("leiden", "cpm", "infomap", "spectral")
"""Leiden with modularity or the constant Potts model, Infomap, normalised cut."""

LARGEST_SEED = 2**31 - 1

Search: TypeAlias = Callable[[int], Found]
"""From a seed to communities; what does not depend on the seed is prepared once."""


def communities(
    net: FlowNetwork,
    *,
    method: str = "leiden",
    resolution: float = 1.0,
    seed: int = 1,
    count: int | None = None,
) -> pd.Series:
    """Groups of sectors that deal more with one another than with the rest of the economy.

    Args:
        method: ``leiden`` and ``cpm`` take the flows of both directions together: ``leiden`` looks
            for flows above what the sizes of the two sectors let expect (modularity), ``cpm`` for
            groups whose mean flow per pair of sectors is above that of the whole network (constant
            Potts model; strict, so that sectors without large flows stay on their own).
            ``infomap`` looks for groups in which what flows from suppliers to users stays long.
            ``spectral`` cuts where least flows relative to the size of the parts; of a network of
            embodied emissions these are its emission clusters.
        resolution: above 1 for more and smaller communities. It scales the expected flow of
            ``leiden``, the mean flow of ``cpm``, the inverse of Infomap's Markov time, and the
            number of clusters that ``spectral`` finds.
        seed: the same seed gives the same communities.
        count: how many communities, for ``spectral`` only; by the largest eigengap if left out.

    Returns:
        Series of int, indexed by node id, numbered from 0 by size of their flows (of equals, the
        one with the first sector first). Flows within a sector never count: they are not dealings
        between sectors. A sector that deals with no other is a community of its own; where all
        flows are equal, ``cpm`` leaves every sector on its own and the others see one community.

    Raises:
        DataError: an unknown method, a resolution not above 0, a seed outside 0 to 2^31 - 1, a
            count that is none or for another method, negative or infinite flows.

    Source:
        Traag, Waltman & van Eck 2019, Scientific Reports 9:5233 (Leiden); Traag, Van Dooren &
        Nesterov 2011, Physical Review E 84:016114 (CPM); Rosvall & Bergstrom 2008, PNAS 105
        (Infomap); Kagawa, Suh, Hubacek, Wiedmann, Nansai & Minx 2015, Global Environmental
        Change 35 (clusters of emissions by normalised cut).

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table())
        >>> communities(net).equals(communities(net))
        True
        >>> communities(net, method="spectral", count=2).nunique()
        2
    """
    check_options(method, resolution, count, seed)
    if method == "leiden":
        flows = relative(net.without_loops().weights)
        return labelled(net, modularity_communities(flows, resolution, seed))
    return labelled(net, search(net, method, resolution, count)(seed).members)


def check_options(method: str, resolution: float, count: int | None, seed: int) -> None:
    """Refuse what ``communities`` cannot be asked for."""
    if method not in METHODS:
        raise DataError(
            "unknown method for communities", found=method, expected=f"one of {', '.join(METHODS)}"
        )
    if not 0 < resolution < math.inf:
        raise DataError("resolution of communities", found=resolution, expected="a number above 0")
    if count is not None and (method != "spectral" or count < 1):
        raise DataError(
            "number of communities",
            found=f"{count} with method {method}",
            expected="at least 1, with method spectral",
            remedy="the other methods find the number; change it by the resolution",
        )
    if not 0 <= seed < LARGEST_SEED:
        raise DataError(
            "a seed", found=seed, expected=f"a whole number from 0 to {LARGEST_SEED - 1}"
        )


def search(
    net: FlowNetwork, method: str = "leiden", resolution: float = 1.0, count: int | None = None
) -> Search:
    """The search of a method on a network, for running it with many seeds."""
    flows = relative(net.without_loops().weights)
    if method == "infomap":
        return partial(flow_modules, flows, resolution)
    if method == "spectral":
        return SpectralClusters.of(flows, resolution, count).find
    both = sparse.triu(flows + flows.T, k=1, format="coo")
    objective = "modularity"
    if method == "cpm":
        objective = "CPM"
        pairs = math.comb(len(net.nodes), 2)
        resolution *= float(both.data.sum()) / pairs if pairs else 0.0
    return partial(leiden, undirected(both), both.data.tolist(), objective, resolution)


def undirected(both: sparse.coo_array) -> igraph.Graph:
    """The graph of the cells of an upper triangle."""
    import igraph  # noqa: PLC0415 (brings matplotlib: half a second)

    return igraph.Graph(n=both.shape[0], edges=np.column_stack([both.row, both.col]))


def leiden(
    graph: igraph.Graph, weights: list[float], objective: str, resolution: float, seed: int
) -> Found:
    """Leiden communities of an undirected graph by igraph's implementation.

    On the dense network of a million flows it is 20 times as fast as leidenalg's, and as good.
    """
    if not graph.vcount():
        return Found(np.zeros(0, dtype=np.int64), 0.0)
    import igraph  # noqa: PLC0415 (brings matplotlib: half a second)

    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = graph.community_leiden(
            objective_function=objective, weights=weights, resolution=resolution, n_iterations=-1
        )
    finally:
        igraph.set_random_number_generator(random)
    quality = found.quality if weights else 0.0  # igraph divides by the sum of weights
    return Found(np.array(found.membership, dtype=np.int64), quality)


def modularity_communities(flows: sparse.csr_array, resolution: float, seed: int) -> Members:
    """(n,) Leiden communities in any order, by leidenalg: those of ``communities`` by default.

    A seed leads elsewhere in igraph's implementation, and maps that are out keep their groups.
    """
    import leidenalg  # noqa: PLC0415 (brings igraph)

    both = sparse.triu(flows + flows.T, k=1, format="coo")
    if not both.shape[0]:
        return np.zeros(0, dtype=np.int64)
    partition = leidenalg.find_partition(
        undirected(both),
        leidenalg.RBConfigurationVertexPartition,
        weights=both.data.tolist(),
        resolution_parameter=resolution,
        n_iterations=-1,
        seed=seed,
    )
    return np.array(partition.membership, dtype=np.int64)


def relative(flows: sparse.csr_array) -> sparse.csr_array:
    """Flows over the largest one, to 40 bits.

    So that the unit of money changes nothing: neither how large flows are beside the tolerances of
    the algorithms, nor how the last bit is rounded, which decides between communities that are
    equally good.
    """
    refuse_impossible(flows.data, "flows that communities cannot be told from")
    largest = flows.data.max(initial=0.0)
    if not largest > 0:
        return flows
    mantissa, exponent = np.frexp(flows.data / largest)
    found = flows.copy()
    found.data = np.ldexp(np.round(np.ldexp(mantissa, 40)), exponent - 40)
    return found


def labelled(net: FlowNetwork, members: Members) -> pd.Series:
    """Groups by node id, numbered from 0 by size of their flows."""
    found = numbered(members, net.supplied + net.received)
    return pd.Series(found, index=net.nodes.index, name="community")


def numbered(members: Members, strength: Array) -> Members:
    """Groups numbered from 0 by the sum of ``strength``, of equals the first sector first."""
    _, first, member = np.unique(members, return_index=True, return_inverse=True)
    sums = np.bincount(member, weights=strength, minlength=len(first))
    # sums that are equal but for rounding are equal, whatever the unit
    size = np.round(sums / (sums.max(initial=0.0) or 1.0), 12)
    number = np.empty(len(first), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(len(first))
    return number[member]


def modularity(net: FlowNetwork, partition: pd.Series) -> float:
    """The share of flows inside communities beyond what the sizes of the sectors let expect.

    Newman's modularity of the flows of both directions together, without those within a sector: 0
    is no grouping, 0.3 and more a marked one. 0 for a network without flows.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table())
        >>> bool(0.3 < modularity(net, communities(net)) < 0.6)
        True
    """
    member = members_of(net, partition)
    flows = net.without_loops().weights.tocoo()
    total = float(flows.data.sum())
    if not total > 0:
        return 0.0
    inside = float(flows.data[member[flows.row] == member[flows.col]].sum())
    sizes = np.bincount(member, weights=net.supplied + net.received) / (2 * total)
    return inside / total - float((sizes**2).sum())


def members_of(net: FlowNetwork, partition: pd.Series) -> Members:
    """(n,) group of each node in the network's order, numbered from 0 in the order of the names.

    Raises:
        DataError: the partition leaves out a node.
    """
    found = partition[~partition.index.duplicated()].reindex(net.nodes.index)
    if found.isna().any():
        raise DataError(
            "a partition that leaves out sectors of the network",
            found=f"none for {', '.join(map(str, found.index[found.isna()][:3]))}",
            expected="a community for every node, indexed by node id",
        )
    members: Members = pd.factorize(found, sort=True)[0].astype(np.int64)
    return members
