"""Money and mass as pint quantities at the edges; plain arrays with a unit name inside.

A table keeps one money unit by name. The names below are the ones Chinese and OECD tables are
published in; anything pint can read with them (``million_yuan``) is understood too.

Example:
    >>> factor("100m_yuan", "10k_yuan")
    10000.0
    >>> money_unit("万元"), money_unit("million USD")
    ('10k_yuan', 'million_usd')
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pint

from graphmap.errors import DataError

MONEY_UNITS = {
    "yuan": "yuan",
    "10k_yuan": "1e4 * yuan",
    "million_yuan": "1e6 * yuan",
    "100m_yuan": "1e8 * yuan",
    "usd": "usd",
    "10k_usd": "1e4 * usd",
    "million_usd": "1e6 * usd",
    "eur": "eur",
    "10k_eur": "1e4 * eur",
    "million_eur": "1e6 * eur",
}

CURRENCIES = {"yuan": "CNY", "usd": "USD", "eur": "EUR"}
"""What a money unit ends in -> its currency."""

MASS_UNITS = {"Mt": "1e6 * metric_ton", "kt": "1e3 * metric_ton", "t": "metric_ton"}
"""Spelt out, since ``kt`` alone is a knot."""

MASS_SPELLINGS = {
    "百万吨": "Mt",
    "万吨": "1e4 * metric_ton",
    "吨": "t",
    "mt": "Mt",
    "kt": "kt",
    "t": "t",
}
"""Units of CO2 as they are written beside it."""

SPELLINGS = {
    "元": "yuan",
    "万元": "10k_yuan",
    "萬元": "10k_yuan",
    "10thousandyuan": "10k_yuan",
    "10000yuan": "10k_yuan",
    "tenthousandyuan": "10k_yuan",
    "百万元": "million_yuan",
    "百萬元": "million_yuan",
    "亿元": "100m_yuan",
    "億元": "100m_yuan",
    "100millionyuan": "100m_yuan",
    "美元": "usd",
    "usdollars": "usd",
    "万美元": "10k_usd",
    "萬美元": "10k_usd",
    "10thousandusdollars": "10k_usd",
    "百万美元": "million_usd",
    "百萬美元": "million_usd",
    "usdmillion": "million_usd",
    "euro": "eur",
    "欧元": "eur",
    "歐元": "eur",
    "百万欧元": "million_eur",
    "百萬歐元": "million_eur",
    "m.eur": "million_eur",
    "meur": "million_eur",
    "millionusdollars": "million_usd",
}


@cache
def registry() -> Any:
    """The pint registry with a dimension for each currency (no exchange rate)."""
    units: Any = pint.UnitRegistry()
    for name in CURRENCIES:
        units.define(f"{name} = [currency_{name}]")
    return units


def money_unit(text: str) -> str:
    """The name in ``MONEY_UNITS`` for a spelling found in a file or given by a user.

    Raises:
        DataError: the spelling is not a known money unit.
    """
    folded = text.strip().casefold().replace(" ", "").replace(",", "").replace("_", "")
    folded = folded.replace("rmb", "yuan").replace("cny", "yuan")
    for name in MONEY_UNITS:
        if folded == name.replace("_", ""):
            return name
    if folded in SPELLINGS:
        return SPELLINGS[folded]
    raise DataError("unknown money unit", found=text, expected=f"one of {', '.join(MONEY_UNITS)}")


def quantity(value: Any, unit: str) -> Any:
    """``value`` (number or array) as a pint quantity; ``unit`` is a money unit or a pint unit.

    Example:
        >>> f"{quantity(2.0, '100m_yuan').to('yuan').magnitude:.0f}"
        '200000000'
    """
    return value * registry()(MONEY_UNITS.get(unit) or MASS_UNITS.get(unit, unit))


@cache
def factor(unit: str, into: str) -> float:
    """How many ``into`` one ``unit`` is.

    Raises:
        DataError: the two are not of one kind (yuan and US dollar, money and mass).
    """
    if unit == into:
        return 1.0  # without pint, which takes longer to load than a table
    try:
        ratio = quantity(1.0, unit) / quantity(1.0, into)
        return float(ratio.to("dimensionless").magnitude)
    except (pint.DimensionalityError, pint.UndefinedUnitError) as error:
        raise DataError(f"cannot convert {unit} into {into}") from error


def currency(unit: str) -> str:
    """``CNY``, ``USD`` or ``EUR``: the currency of a money unit."""
    return CURRENCIES[unit.rpartition("_")[2]]


def ten_thousand(unit: str) -> str:
    """10 thousand (万) of the currency of a money unit, in which results are given.

    Example:
        >>> ten_thousand("million_usd"), ten_thousand("100m_yuan")
        ('10k_usd', '10k_yuan')
    """
    return f"10k_{unit.rpartition('_')[2]}"
