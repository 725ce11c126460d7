"""Flows as shares of the largest one: what most measures of a network start from."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from graphmap.errors import DataError


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
    possible = (flows.data >= 0) & np.isfinite(flows.data)
    if not possible.all():
        raise DataError(
            "cannot measure the centre of a network",
            found=f"a flow of {flows.data[~possible][0]}",
            expected="flows of at least zero",
            remedy="leave such flows out",
        )
    kept = flows.data > 0 if loops else (flows.data > 0) & (flows.row != flows.col)
    data, row, col = flows.data[kept], flows.row[kept], flows.col[kept]
    share = data / data.max(initial=0.0)
    seen = share >= np.finfo(float).tiny  # 2e-308: less has no inverse
    found = sparse.coo_array((share[seen], (row[seen], col[seen])), shape=weights.shape)
    return sparse.csr_array(found)
