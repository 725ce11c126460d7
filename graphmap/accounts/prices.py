"""Other prices and other currencies, only with figures that the user gives; both are recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.comparison import PLAUSIBLE
from graphmap.accounts.finding import ROUNDING
from graphmap.accounts.gaps import sizes
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array, scaled_rows
from graphmap.errors import DataError
from graphmap.i18n import plain, words


def in_unit(table: IOTable, unit: str, rate: float | None = None) -> IOTable:
    """The table in another money unit; into another currency only at a given exchange rate.

    Args:
        unit: a name in ``units.MONEY_UNITS`` or another spelling of one.
        rate: units of the table's currency for one of the other (6.7518 yuan for one US dollar).

    Raises:
        DataError: another currency and no rate, the same currency and a rate, or a rate that is
            not a positive number.

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> dollars = in_unit(table, "million_usd", rate=6.7518)
        >>> bool(np.isclose(dollars.x.sum() * 6.7518, table.x.sum() * 100))
        True
    """
    wanted = units.money_unit(unit)
    old, new = units.currency(table.unit), units.currency(wanted)
    if (rate is not None) != (old != new):
        raise DataError(
            "no exchange rate" if rate is None else "an exchange rate within one currency",
            file=table.source.file,
            found=f"{table.unit} into {wanted}",
            remedy=f"say how many {old} one {new} is" if rate is None else "leave the rate out",
        )
    if rate is None:
        return _scaled(table, wanted, units.factor(table.unit, wanted))
    if not (np.isfinite(rate) and rate > 0):
        raise DataError("an exchange rate is a positive number", found=rate)
    here, there = units.ten_thousand(table.unit), units.ten_thousand(wanted)
    size = units.factor(table.unit, here) / rate * units.factor(there, wanted)
    note = words("note.converted", old=plain(old), new=plain(new), rate=plain(f"{rate:g}"))
    return _scaled(table, wanted, size).noted(note)


def deflated(
    table: IOTable, index: pd.Series, *, base: int, given_in: str = "the user's figures"
) -> IOTable:
    """The table at the prices of another year: rows by the price index of their product.

    Double deflation: what is supplied is divided by the price index of the product, wherever it is
    used; value added and imports by user are what is left, in proportion, so both identities hold
    on. A table whose imports are inside its cells keeps them there.

    Args:
        index: price index by sector code, 1 in ``base``; 1.08 where prices have risen by 8 %.
        base: the year whose prices these are.
        given_in: where the indices stand, for the source record.

    Raises:
        DataError: the table is at constant prices already, a sector has no index, or one that is
            not a positive number or hardly counts from 1, or its inputs at the other prices exceed
            its output, or fall short of it where it pays for nothing else.

    Source:
        Miller & Blair 2009, section 4.6 (double deflation).

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> index = pd.Series(2.0, index=table.index["code"].unique())
        >>> bool(np.allclose(deflated(table, index, base=2010).x, table.x / 2))
        True
    """
    if "constant" in table.prices.casefold():
        raise DataError(
            "the table is at constant prices already",
            file=table.source.file,
            found=table.prices,
            expected="current prices",
            remedy=f"deflate the table at current prices, by indices that are 1 in {base}",
        )
    price = _prices(table, index)
    Z, x = scaled_rows(table.Z, 1 / price), table.x / price
    left = x - np.asarray(Z.sum(axis=0)).ravel()
    paid = table.imports + table.V.sum(axis=0)
    # what is left is paid in the old proportions, so it has to be of the sign of what was paid
    more = np.maximum(np.abs(left), np.abs(paid)) > ROUNDING * sizes(table) / price
    wrong = np.flatnonzero((left * paid <= 0) & more)
    if len(wrong):
        i = wrong[0]
        beyond = "exceed" if left[i] <= 0 else "fall short of"
        raise DataError(
            f"inputs of {table.index['name_en'].iloc[i]} {beyond} its output at these prices",
            file=table.source.file,
            found=f"{x[i] - left[i]:,.0f} of {x[i]:,.0f}, and imports and value added of "
            f"{paid[i]:,.0f} before to make up the rest",
            remedy="look at its price index and those of its suppliers",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(paid != 0, left / paid, 0.0)
    inside = table.imports_inside
    found = replace(
        table,
        Z=Z,
        Y=table.Y / price[:, None],
        V=table.V * share,
        imports=table.imports * share,
        x=x,
        imports_inside=None if inside is None else inside / price,
        Z_imports=None,  # imported products have price indices of their own
        Y_imports=None,
        prices=f"constant producer prices of {base}",
    )
    return found.noted(words("note.deflated", base=plain(str(base)), file=plain(given_in)))


def _prices(table: IOTable, index: pd.Series) -> Array:
    codes = table.index["code"]
    missing = [code for code in codes.unique() if code not in index.index]
    if missing or not index.index.is_unique:
        twice = index.index[index.index.duplicated()]
        raise DataError(
            "a sector without a price index" if missing else "two price indices of one sector",
            found=", ".join(map(str, (missing or twice)[:5])),
            expected="one index for each code of the table",
        )
    price: Array = codes.map(index).to_numpy(float)
    wrong = np.flatnonzero(~(np.isfinite(price) & (price > 0)))
    if len(wrong):
        raise DataError(
            f"the price index of {codes.iloc[wrong[0]]} is no positive number",
            found=price[wrong[0]],
        )
    odd = np.flatnonzero((price < PLAUSIBLE[0]) | (price > PLAUSIBLE[1]))
    if len(odd):
        # the Bureau publishes indices that are 100 in the base year, or in the year before
        raise DataError(
            f"the price index of {codes.iloc[odd[0]]} is hardly one",
            found=f"{price[odd[0]]:g}",
            expected="1 in the base year: 1.05 where prices have risen by 5 %",
            remedy="divide by 100 indices that are 100 in the base year",
        )
    return price


def _scaled(table: IOTable, unit: str, size: float) -> IOTable:
    parts: dict[str, Any] = {name: part * size for name, part in table.parts.items()}
    return replace(table, unit=unit, **parts)
