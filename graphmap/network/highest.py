"""Which sectors are high in a measure: the first few of each region, or those that make up most."""

from __future__ import annotations

import pandas as pd

from graphmap.errors import DataError, nearest

TOP = 5
"""How many sectors of each region count as high."""


def figures(nodes: pd.DataFrame, column: str) -> pd.Series:
    """A measure of the nodes; what is missing counts as zero.

    Raises:
        DataError: there is no such column of numbers.
    """
    numeric = [c for c in nodes.select_dtypes("number") if isinstance(c, str)]
    if column not in numeric:
        raise DataError(
            "the nodes carry no such measure",
            found=column,
            expected="one like " + ", ".join(nearest(column, numeric) or numeric[:4]),
        )
    return nodes[column].fillna(0.0)


def highest(
    values: pd.Series, region: pd.Series, *, top: int = TOP, share: float | None = None
) -> pd.Series:
    """Which sectors are high in a measure within their region; only what is above zero can be.

    Args:
        values: the measure, indexed by node id.
        region: the region of each node.
        top: how many of each region; equal ones in the order of the table.
        share: the Pareto rule in its place: the fewest largest sectors of each region that
            together make up this share of the region's total.

    Returns:
        Series of bool, indexed as ``values``.

    Raises:
        DataError: ``top`` below one, or a share outside 0 to 100 %.

    Example:
        >>> values = pd.Series({"power": 6.0, "steel": 3.0, "paper": 1.0})
        >>> highest(values, pd.Series("A", values.index), top=1).tolist()
        [True, False, False]
        >>> highest(values, pd.Series("A", values.index), top=1, share=0.8).tolist()
        [True, True, False]
    """
    values = values.fillna(0.0).clip(lower=0.0)
    if share is None:
        if top < 1:
            raise DataError("how many sectors count as high", found=top, expected="1 or more")
        rank = values.groupby(region, dropna=False).rank(ascending=False, method="first")
        return (rank <= top) & (values > 0)
    if not 0 < share <= 1:
        raise DataError("a share that counts as high", found=share, expected="above 0, at most 1")
    falling = values.sort_values(ascending=False, kind="stable")
    by_region = falling.groupby(region.loc[falling.index], dropna=False)
    before, total = by_region.cumsum() - falling, by_region.transform("sum")
    # the sums round; a share that is met but for the last bits counts as met
    return ((before < share * total * (1 - 1e-12)) & (falling > 0)).loc[values.index]
