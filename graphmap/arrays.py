"""What the project calls its arrays."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]

Matrix: TypeAlias = Any
"""ndarray or scipy.sparse.csr_array."""


def scaled_rows(matrix: Matrix, sizes: Array) -> Matrix:
    """The matrix with row i times ``sizes[i]``; sparse stays sparse.

    Example:
        >>> scaled_rows(np.ones((2, 2)), np.array([1.0, 3.0])).tolist()
        [[1.0, 1.0], [3.0, 3.0]]
    """
    if sparse.issparse(matrix):
        return sparse.csr_array(sparse.diags_array(sizes) @ matrix)
    return matrix * sizes[:, None]
