"""Where in the production chain a sector stands."""

from __future__ import annotations

import pandas as pd

POSITIONS = ("upstream", "midstream", "downstream")


def position(upstreamness: pd.Series) -> pd.Series:
    """Upstream, midstream or downstream: the thirds of the sectors by upstreamness.

    Ties keep the order of the table, so the thirds are as equal as the number of sectors allows.

    Example:
        >>> position(pd.Series({"power": 2.8, "steel": 2.2, "building": 1.0})).to_dict()
        {'power': 'upstream', 'steel': 'midstream', 'building': 'downstream'}
    """
    order = upstreamness.rank(ascending=False, method="first") - 1
    third = (order * len(POSITIONS) // max(len(order), 1)).astype(int)
    return third.map(dict(enumerate(POSITIONS))).rename("position")


def cut_points(upstreamness: pd.Series) -> tuple[float, float]:
    """The lowest upstreamness of the upstream and of the midstream third.

    Example:
        >>> cut_points(pd.Series([2.8, 2.2, 1.0]))
        (2.8, 2.2)
    """
    where = position(upstreamness)
    lowest = upstreamness.groupby(where).min()
    return tuple(float(lowest.get(name, upstreamness.min())) for name in POSITIONS[:2])  # type: ignore[return-value]
