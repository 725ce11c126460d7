"""Whether the partners of a sector deal with one another as well."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from graphmap.arrays import Array
from graphmap.network.flow import FlowNetwork
from graphmap.network.scale import relative

DENSE = 0.05
"""From this share of filled cells on, a dense product is faster than a sparse one."""

BLOCK = 1024
"""Rows multiplied at once, so that no product of n x n is held."""


def directed_clustering(weights: sparse.csr_array) -> Array:
    """(n,) the clustering coefficient of a weighted directed network, 0 to 1.

    Args:
        weights: (n, n), at least zero; the diagonal is left out.

    Source:
        Fagiolo 2007, Physical Review E 76:026107.

    Example:
        >>> circle = sparse.csr_array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
        >>> directed_clustering(circle).tolist()
        [0.5, 0.5, 0.5]
    """
    one_way, n = relative(weights, loops=False), weights.shape[0]
    linked = one_way.sign()
    one_way.data = np.cbrt(one_way.data)
    both = sparse.csr_array(one_way + one_way.T)
    # the intensity of all triangles at i is the diagonal of the third power of ``both``
    triangles = np.zeros(n)
    factor = both.toarray() if both.nnz > DENSE * n * n else both
    for start in range(0, n, BLOCK):
        rows = slice(start, start + BLOCK)
        if isinstance(factor, np.ndarray):
            triangles[rows] = np.einsum("ij,ij->i", factor[rows] @ factor, factor[rows])
        else:
            steps = sparse.csr_array(factor[rows] @ factor)
            triangles[rows] = np.asarray(steps.multiply(factor[rows]).sum(axis=1)).ravel()
    partners = np.asarray(linked.sum(axis=0) + linked.sum(axis=1)).ravel()
    mutual = np.asarray(linked.multiply(linked.T).sum(axis=1)).ravel()
    most = 2 * (partners * (partners - 1) - 2 * mutual)
    found: Array = np.divide(triangles, most, out=np.zeros(n), where=most > 0)
    return found


def clustering(net: FlowNetwork) -> Array:
    """(n,) how strongly the partners of a sector deal with one another, 0 to 1.

    High where suppliers and users of a sector are tied to one another too, so that a shock comes
    back from several sides; low for a sector that alone connects its partners. The mean geometric
    mean of the three flows of each possible triangle, of the largest flow between two sectors;
    flows within a sector are left out. With fewer than two partners, 0.

    Source:
        Fagiolo 2007, Physical Review E 76:026107; Onnela, Saramaki, Kertesz & Kaski 2005, Physical
        Review E 71:065103.

    Example:
        >>> import networkx as nx
        >>> ties = [("ore", "steel", 8.0), ("steel", "cars", 8.0), ("ore", "cars", 1.0)]
        >>> circle = nx.DiGraph()
        >>> circle.add_weighted_edges_from(ties)
        >>> clustering(FlowNetwork.from_networkx(circle)).tolist()
        [0.25, 0.25, 0.25]
    """
    return directed_clustering(net.weights)
