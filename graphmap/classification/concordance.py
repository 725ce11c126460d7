"""From one list of sectors to another, keeping every total."""

from __future__ import annotations

import pandas as pd

from graphmap.classification.lists import read_list
from graphmap.errors import DataError


def concordance(source: str, target: str) -> pd.DataFrame:
    """Which sectors of ``target`` each row of ``source`` belongs to.

    Returns:
        DataFrame with the columns ``source`` and ``target`` (codes), one row a pair.

    Raises:
        DataError: there is no concordance between the two lists.

    Example:
        >>> pairs = concordance("ceads_inventory", "cn42_2017")
        >>> pairs.loc[pairs["source"] == "44", "target"].tolist()
        ['28', '30']
    """
    try:
        table = read_list(f"{source}_to_{target}")
    except FileNotFoundError as error:
        raise DataError(
            f"no concordance from the list {source!r} to {target!r}",
        ) from error
    return table.rename(columns={"inventory_code": "source", "sector_code": "target"})[
        ["source", "target"]
    ]


def allocate(values: pd.Series, pairs: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Spread ``values`` (by source code) over target codes in proportion to ``weights``.

    Args:
        values: one figure a source sector, e.g. Mt CO2.
        pairs: a concordance.
        weights: one weight a target sector, e.g. gross output; its index is the result's. A
            source whose targets all weigh nothing is spread evenly over them.

    Returns:
        Series over ``weights.index`` with the same total as ``values``.

    Raises:
        DataError: a source sector has no target in the table, so its figure would be lost.

    Example:
        >>> pairs = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"]})
        >>> allocate(pd.Series({"a": 8.0}), pairs, pd.Series({"1": 3.0, "2": 1.0})).tolist()
        [6.0, 2.0]
    """
    pairs = pairs[pairs["target"].isin(weights.index)]
    lost = [code for code in values.index if values[code] and code not in set(pairs["source"])]
    if lost:
        raise DataError(
            f"sector {lost[0]} of the inventory has no sector in the table",
            found=f"{values[lost[0]]:g}",
            expected="a table with every sector that the inventory reports on",
        )
    share = pairs["target"].map(weights).astype(float)
    total = share.groupby(pairs["source"]).transform("sum")
    count = pairs.groupby("source")["target"].transform("count")
    share = (share / total).where(total > 0, 1.0 / count)
    spread = pairs["source"].map(values).fillna(0.0).astype(float) * share
    result = spread.groupby(pairs["target"]).sum()
    return result.reindex(weights.index, fill_value=0.0).rename(values.name)
