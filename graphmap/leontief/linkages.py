"""How far a sector stands from final use and from primary inputs."""

from __future__ import annotations

import numpy as np

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.leontief.system import LeontiefSystem


def upstreamness(system: LeontiefSystem) -> Array:
    """(n,) mean number of stages between a sector's output and final use, at least 1.

    ``(I - B)^-1 1`` with ``B = x^-1 Z``, found as ``L x / x`` from the factors at hand. A sector
    of zero output has 1.

    Raises:
        DataError: the table is not productive: its sectors use more than they make.

    Source:
        Antras, Chor, Fally & Hillberry 2012, American Economic Review 102.

    Example:
        >>> chain = LeontiefSystem(np.array([[0.0, 100.0], [0.0, 0.0]]), np.array([100.0, 200.0]))
        >>> upstreamness(chain).tolist()
        [2.0, 1.0]
    """
    reached = system.solve(system.x)
    if (reached < 0).any():
        raise DataError(
            "the table is not productive",
            found=f"sector {int(reached.argmin()) + 1} of the table has a negative upstreamness",
            expected="intermediate inputs below gross output",
        )
    return np.divide(reached, system.x, out=np.ones_like(reached), where=system.x > 0)
