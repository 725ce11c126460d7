"""What most measures of a network start from: flows that can be flows, as shares of the largest."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from graphmap.arrays import Array
from graphmap.errors import DataError


def refuse_impossible(flows: Array, what: str) -> None:
    """Refuse flows below zero, infinite or missing; ``what`` cannot be done with them.

    Raises:
        DataError: there is one, named by its figure.
    """
    possible = (flows >= 0) & np.isfinite(flows)
    if not possible.all():
        raise DataError(
            what,
            found=f"a flow of {flows[~possible][0]}",
            expected="finite flows of at least zero",
            remedy="leave such flows out",
        )


def relative(weights: sparse.csr_array, *, loops: bool = True) -> sparse.csr_array:
    """(n, n) the flows over the largest of them, so that their unit does not matter.

    Args:
        weights: rows supply, columns use.
        loops: whether flows within a sector count; without them the largest is one between two.

    Raises:
        DataError: a flow is negative or not a number.

    Example:
        >>> relative(sparse.csr_array([[9.0, 4.0], [2.0, 0.0]]), loops=False).toarray().tolist()
        [[0.0, 1.0], [0.5, 0.0]]
    """
    flows = weights.tocoo()
    refuse_impossible(flows.data, "cannot measure the centre of a network")
    kept = flows.data > 0 if loops else (flows.data > 0) & (flows.row != flows.col)
    data, row, col = flows.data[kept], flows.row[kept], flows.col[kept]
    share = data / data.max(initial=0.0)
    seen = share >= np.finfo(float).tiny  # 2e-308: less has no inverse
    found = sparse.coo_array((share[seen], (row[seen], col[seen])), shape=weights.shape)
    return sparse.csr_array(found)
