"""Whether two tables can be compared: the same sectors, one currency, and prices of one year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification.lists import folded
from graphmap.classification.pairs import some
from graphmap.errors import DataError
from graphmap.i18n import COLUMNS

LISTED = 3
"""How many sectors a message names."""

PLAUSIBLE = 0.1, 10.0
"""Deflators outside are taken for an index (103.2) or a rate of change (3.2 %) given by mistake."""


def refuse_unlike(before: IOTable, after: IOTable) -> None:
    """Refuse two tables of different sectors or currencies; their order and unit may differ.

    Raises:
        DataError: node ids that only one table has, a node id that means two sectors, or yuan
            beside US dollars.

    Example:
        >>> from graphmap import sample
        >>> refuse_unlike(sample.table(), sample.table())
    """
    unlike = unlike_sectors(before.index, after.index)
    if unlike:
        raise DataError(
            "the two tables do not have the same sectors",
            found="; ".join(unlike),
            remedy="compare tables of one sector list and of the same regions",
        )
    currencies = [units.currency(table.unit) for table in (before, after)]
    if currencies[0] != currencies[1]:
        raise DataError(
            "the two tables are in different currencies",
            file=after.source.file,
            found=currencies[1],
            expected=currencies[0],
        )


def same_prices(before: IOTable, after: IOTable) -> bool:
    """Whether both are in the prices of one year: so named, or current prices of the same year."""
    if before.prices != after.prices:
        return False
    current = "current" in before.prices.casefold()
    return not current or (before.year is not None and before.year == after.year)


def row_prices(table: IOTable, deflator: float | pd.Series) -> Array:
    """(n,) the price that each row of ``table`` is to be divided by.

    Args:
        deflator: one price for all rows, or a Series by node id or by code; messages name the
            file in its ``attrs["file"]``.

    Raises:
        DataError: a sector has no price above zero, or several, or one that cannot be meant.

    Example:
        >>> from graphmap import sample
        >>> row_prices(sample.table(), 1.05)[:2].tolist()
        [1.05, 1.05]
    """
    file, unknown = None, list[str]()
    if isinstance(deflator, pd.Series):
        file = deflator.attrs.get("file")
        known = {*table.index.index, *table.index["code"]}
        unknown = [str(code) for code in deflator.index if code not in known]
        if not deflator.index.is_unique:
            twice = deflator.index[deflator.index.duplicated()]
            raise DataError(
                "a deflator with two prices of one sector",
                file=file,
                found=some(list(map(str, twice)), LISTED),
            )
        by_code = deflator.reindex(table.index["code"]).to_numpy(dtype=float)
        by_node = deflator.reindex(table.index.index).to_numpy(dtype=float)
        prices: Array = np.where(np.isnan(by_node), by_code, by_node)
    else:
        prices = np.full(table.n, float(deflator))
    wrong = ~((prices > 0) & (prices < np.inf))
    if wrong.any():
        raise DataError(
            "a deflator without a price above zero for every sector",
            file=file,
            found=f"none for {wrong.sum()} sectors: {some(_called(table.index[wrong]), LISTED)}"
            + (
                f"; prices of {some(unknown, LISTED)}, which the table does not have"
                if unknown
                else ""
            ),
            expected="prices after over prices before, such as 1.05",
        )
    odd = (prices < PLAUSIBLE[0]) | (prices > PLAUSIBLE[1])
    if odd.any():
        i = int(np.flatnonzero(odd)[0])
        raise DataError(
            "a deflator that is hardly one",
            file=file,
            found=f"{prices[i]:g} for {_called(table.index[odd])[0]}",
            expected="prices after over prices before: 1.032, not 103.2 or 3.2",
        )
    return prices


def unlike_sectors(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """What differs between two lists of sectors: ids of one only, ids that mean two things."""
    found = []
    for when, mine, other in (("first", before, after), ("second", after, before)):
        own = mine[~mine.index.isin(other.index)]
        if len(own):
            found.append(f"only in the {when} table: {some(_called(own), LISTED)}")
    both = before.index.intersection(after.index, sort=False)
    old, new = before.loc[both], after.loc[both]
    alike = np.zeros(len(both), dtype=bool)
    for column in (f"name_{tag}" for tag in COLUMNS.values()):
        alike |= (old[column].map(folded) == new[column].map(folded)).to_numpy()
    if not alike.all():
        pairs = zip(_called(old[~alike]), new["name_en"][~alike], strict=True)
        unlike = [f"{mine!r} in the first and {theirs!r} in the second" for mine, theirs in pairs]
        found.append(f"{len(unlike)} codes that mean two things: {some(unlike, LISTED)}")
    return found


def _called(sectors: pd.DataFrame) -> list[str]:
    return [f"{node} {name}" for node, name in sectors["name_en"].items()]
