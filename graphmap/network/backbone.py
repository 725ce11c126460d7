"""Which flows to show, chosen on the sparse matrix before any graph is built.

Flows within a sector and cells that are not above zero are never part of a backbone. Of flows that
a rule cannot tell apart the larger comes first, then the one that stands first in the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from graphmap.errors import DataError
from graphmap.network.arborescence import chosen_of, joined
from graphmap.network.edge_rules import (
    COUNTS,
    NUMBERS,
    RULES,
    Kept,
    certainty,
    count_of_cells,
    covering,
    leading,
)
from graphmap.network.edge_scores import disparity, partner_rank, rows, salience
from graphmap.network.flow import FlowNetwork

CELLS_KEPT = 0.05
"""Of the n x n cells: what the maps published for Guangdong and Zhejiang keep."""

FORMS = (
    "'5%' of the cells, 'flow:80%' of the flow, 'above:1000' in the network's unit, 'edges:88', "
    "'top:3' users and suppliers of every sector, 'disparity:5%', 'noise:1.64' or "
    "'salience:50%', each with '+connected' behind it or not"
)


@dataclass(frozen=True)
class Backbone:
    """A part of a network and how much of it that is.

    Attributes:
        network: the flows kept.
        edges: how many.
        share_of_cells: kept flows over the n x n cells of the matrix.
        share_of_flow: their sum over the sum of all flows between different sectors.
        nodes: how many sectors have a flow in it.
    """

    network: FlowNetwork
    edges: int
    share_of_cells: float
    share_of_flow: float
    nodes: int


def keep(net: FlowNetwork, rule: str) -> Backbone:
    """The backbone by a rule as it is typed.

    ============== =================================================================================
    ``5%``         the largest flows, as many as 5 % of the n x n cells
    ``flow:80%``   the fewest flows that make up 80 % of the flow between different sectors
    ``above:1000`` every flow above 1,000 in the network's unit
    ``edges:88``   the 88 largest flows
    ``top:3``      the 3 largest users and the 3 largest suppliers of every sector
    ``disparity:`` flows that one of their ends depends on, at the level ``5%`` (``p`` below it)
    ``noise:1.64`` flows above what the sizes of their ends let expect, by 1.64 standard deviations
    ``salience:``  flows on at least ``50%`` of the trees of shortest paths
    ``+connected`` behind any of them: with the maximum spanning arborescence, so that the picture
                   falls into no pieces that the whole network does not have
    ============== =================================================================================

    A share may also be typed as a number (``disparity:0.05``), but for the share of the cells.

    Raises:
        DataError: none of these forms, a share outside 0 to 100 %, or a count below 1.

    Source:
        See ``edge_scores.disparity``, ``noise_corrected`` and ``salience``, and
        ``arborescence.maximum_arborescence``.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> net = network(sample.table().select(["CN-GD"]))
        >>> keep(net, "top:1").edges, keep(net, "top:1 + connected").edges
        (81, 81)
    """
    found = re.fullmatch(
        r"\s*(?:([a-z]+)\s*:)?\s*(\d+(?:\.\d+)?)\s*(%)?\s*(\+\s*connected)?\s*", rule.lower()
    )
    kind = (found.group(1) or "") if found else ""
    percent = bool(found and found.group(3))
    if not found or kind not in RULES or (percent and kind in NUMBERS) or not (percent or kind):
        raise DataError("cannot read what to keep", found=rule, expected=FORMS)
    value, weights = float(found.group(2)), _weights(net)
    value = value / 100 if percent else value
    if kind not in NUMBERS:
        _between(value)
    elif kind in COUNTS and (value < 1 or value % 1):
        raise DataError(f"a number to keep in '{kind}:'", found=rule, expected="1, 2, 3, ...")
    kept = RULES[kind](weights, value)
    return _backbone(net, weights, joined(weights, kept) if found.group(4) else kept)


def share_of_cells(net: FlowNetwork, share: float = CELLS_KEPT) -> Backbone:
    """The largest flows between different sectors, as many as ``share`` of the n x n cells.

    The maps published for Guangdong and Zhejiang keep 5 %: 88 of 1,764 cells.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> backbone = share_of_cells(network(sample.table().select(["CN-GD"])))
        >>> backbone.edges
        88
    """
    _between(share)
    return largest(net, count_of_cells(len(net.nodes), share))


def share_of_flow(net: FlowNetwork, share: float = 0.8) -> Backbone:
    """The smallest set of flows between different sectors that covers ``share`` of their sum."""
    _between(share)
    weights = _weights(net)
    return _backbone(net, weights, covering(weights, share))


def largest(net: FlowNetwork, count: int) -> Backbone:
    """The ``count`` largest flows between different sectors."""
    weights = _weights(net)
    return _backbone(net, weights, leading(weights, count))


def backbones_compared(
    net: FlowNetwork, edges: int | None = None, other: FlowNetwork | None = None
) -> pd.DataFrame:
    """What each method keeps at the same number of edges: would another method say the same?

    Args:
        net: the network the backbones are taken from.
        edges: how many flows each keeps (fewer where there are no more); as many as 5 % of the
            cells if left out.
        other: a network of the same sectors, such as the embodied CO2 of a network of money.

    Returns:
        DataFrame indexed by ``method``: ``largest`` (shares of cells or flow and thresholds differ
        only in where they stop), ``top``, ``disparity``, ``noise``, ``salience``, each in the order
        of its score, and ``connected``: the maximum spanning arborescence, then the largest flows.
        Its columns:

        - ``edges``, and ``nodes``: how many sectors have a flow in it;
        - ``share_of_flow``: of the sum of all flows between different sectors;
        - ``share_of_embodied_co2`` (named after the weight of ``other``, and only there with it):
          the same of the other network's flows, over the same edges;
        - ``share_of_largest``: how many of the flows are among the largest as well;
        - ``share_connected``: sectors in the largest piece, over all sectors;
        - ``reciprocity``: flows whose reverse is kept as well, over all kept.

        Shares of nothing are 0.

    Raises:
        DataError: ``edges`` below 1, or the other network has other nodes.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> table = sample.table().select(["CN-GD"])
        >>> found = backbones_compared(network(table, "money"), 88, network(table))
        >>> found["share_of_flow"].idxmax(), float(found.loc["connected", "share_connected"])
        ('largest', 1.0)
    """
    if edges is not None and (edges < 1 or edges % 1):
        raise DataError("a number of edges to keep", found=edges, expected="1, 2, 3, ...")
    if other is not None and not other.nodes.index.equals(net.nodes.index):
        raise DataError("the other network has other nodes", expected="the same in the same order")
    weights, n = _weights(net), len(net.nodes)
    count = count_of_cells(n, CELLS_KEPT) if edges is None else int(edges)
    nothing = np.zeros(weights.nnz, dtype=bool)
    ranked: dict[str, Kept] = {
        "largest": leading(weights, count),
        "top": leading(weights, count, -partner_rank(weights)),
        "disparity": leading(weights, count, -disparity(weights)),
        "noise": leading(weights, count, certainty(weights)),
        "salience": leading(weights, count, salience(weights)),
        "connected": leading(weights, count, joined(weights, nothing).astype(float)),
    }
    lines = []
    for kept in ranked.values():
        part = _backbone(net, weights, kept)
        flows = part.network.weights
        pattern = sparse.csr_array((np.ones(flows.nnz), flows.indices, flows.indptr), flows.shape)
        pieces = csgraph.connected_components(flows, directed=False)[1] if n else []
        line = {"edges": part.edges, "nodes": part.nodes, "share_of_flow": part.share_of_flow}
        if other is not None:
            line[f"share_of_{other.weight}"] = _share_over(pattern, _weights(other))
        lines.append(
            {
                **line,
                "share_of_largest": float((kept & ranked["largest"]).sum()) / max(part.edges, 1),
                "share_connected": float(np.bincount(pieces, minlength=1).max()) / max(n, 1),
                "reciprocity": float(pattern.multiply(pattern.T).sum()) / max(part.edges, 1),
            }
        )
    return pd.DataFrame(lines, index=pd.Index(list(ranked), name="method"))


def _share_over(pattern: sparse.csr_array, weights: sparse.csr_array) -> float:
    """What the flows at the places of ``pattern`` are of all flows between different sectors."""
    total = sum(part.flow.sum() for part in rows(weights))
    there = sparse.csr_array(pattern.multiply(weights)).data
    return float(there[there > 0].sum() / total) if total else 0.0


def _backbone(net: FlowNetwork, weights: sparse.csr_array, kept: Kept) -> Backbone:
    flows = chosen_of(weights, kept)
    total = sum(part.flow.sum() for part in rows(weights))
    touched = np.diff(flows.indptr) > 0
    touched[flows.indices] = True
    return Backbone(
        replace(net, weights=flows),
        flows.nnz,
        flows.nnz / max(len(net.nodes) ** 2, 1),
        float(flows.data.sum() / total) if total else 0.0,
        int(touched.sum()),
    )


def _weights(net: FlowNetwork) -> sparse.csr_array:
    """The weights sorted and without duplicates, as everything below takes them."""
    if net.weights.has_canonical_format:
        return net.weights
    weights = net.weights.copy()
    weights.sum_duplicates()
    return weights


def _between(share: float) -> None:
    if not 0 < share <= 1:
        raise DataError("a share to keep", found=share, expected="more than 0 and at most 100 %")
