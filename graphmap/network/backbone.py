"""Which flows to show: the largest ones, chosen on the sparse matrix before any graph is built."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from graphmap.errors import DataError
from graphmap.network.flow import FlowNetwork


@dataclass(frozen=True)
class Backbone:
    """A part of a network and how much of it that is.

    Attributes:
        network: the flows kept.
        edges: how many.
        share_of_cells: kept flows over the n x n cells of the matrix.
        share_of_flow: their sum over the sum of all flows between different sectors.
    """

    network: FlowNetwork
    edges: int
    share_of_cells: float
    share_of_flow: float


def share_of_cells(net: FlowNetwork, share: float = 0.05) -> Backbone:
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
    return largest(net, max(1, round(share * len(net.nodes) ** 2)))


def share_of_flow(net: FlowNetwork, share: float = 0.8) -> Backbone:
    """The smallest set of flows between different sectors that covers ``share`` of their sum."""
    _between(share)
    flows = np.sort(net.without_loops().weights.data)[::-1]
    if not len(flows):
        return largest(net, 0)
    covered = np.cumsum(flows)
    # the sums round; a share that is met but for the last bit counts as met
    count = int(np.searchsorted(covered, share * covered[-1] * (1 - 1e-12))) + 1
    return largest(net, min(count, len(flows)))


def keep(net: FlowNetwork, rule: str) -> Backbone:
    """The backbone by a rule as it is typed: ``5%`` of the cells or ``flow:80%`` of the flow.

    Raises:
        DataError: neither of the two forms, or a share outside 0 to 100 %.
    """
    found = re.fullmatch(r"\s*(flow\s*:)?\s*(\d+(?:\.\d+)?)\s*%\s*", rule)
    if not found:
        raise DataError(
            "cannot read what to keep", found=rule, expected="'5%' of the cells or 'flow:80%'"
        )
    share = float(found.group(2)) / 100
    return share_of_flow(net, share) if found.group(1) else share_of_cells(net, share)


def _between(share: float) -> None:
    if not 0 < share <= 1:
        raise DataError("a share to keep", found=share, expected="more than 0 and at most 100 %")


def largest(net: FlowNetwork, count: int) -> Backbone:
    """The ``count`` largest flows between different sectors."""
    between = net.without_loops()
    flows = between.weights.tocoo()
    order = np.lexsort((flows.col, flows.row, -flows.data))[:count]
    kept = sparse.coo_array((flows.data[order], (flows.row[order], flows.col[order])), flows.shape)
    total = float(flows.data.sum())
    return Backbone(
        replace(net, weights=sparse.csr_array(kept)),
        len(order),
        len(order) / max(len(net.nodes) ** 2, 1),
        float(flows.data[order].sum()) / total if total else 0.0,
    )
