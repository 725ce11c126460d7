"""What the project calls its arrays."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Matrix: TypeAlias = Any
"""ndarray or scipy.sparse.csr_array."""
