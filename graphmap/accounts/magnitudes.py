"""Orders of magnitude: is the output of a table that of such a place in such a year?

``magnitudes.csv``: gross domestic product of China by year and of its provinces in 2017, and the
gross output of the national tables; National Bureau of Statistics, rounded. Yuan by US dollar and
by euro: yearly means, rounded.
A province of another year is taken to have kept its share.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.finding import Finding, where
from graphmap.accounts.sector_bands import bundled
from graphmap.accounts.sector_fit import complete
from graphmap.accounts.table import IOTable
from graphmap.i18n import Names, figure, plain, words

OUTPUT = {"CN": (2.2, 3.7), "province": (1.5, 3.9)}
"""Gross output by gross domestic product: the tables of China have 2.5 to 3.0, those of its
provinces (2017) 2.0 to 3.3."""

FAR = 5.0
"""How far beyond these output is when no economy explains it, only another unit."""

OF_SEVERAL = 2.0
"""How far beyond these output is in one region of several before it is reported: what a region
produces by product may have changed since 2017, and the table as a whole is of the right size."""

CO2 = (0.1, 15.0)
"""t of CO2 by 10 thousand yuan of gross domestic product: the provincial inventories of 2012 and
2017 have 0.25 to 6.1."""

SAME_TOTAL = 0.002
"""Relative deviation within which a total is the published one."""

LIST_YEARS = {"cn42_2012": (2012, 2016), "cn42_2017": (2017, 2022)}
"""Years of the tables published in each list of 42 sectors."""

SECTORS = 20
"""A table of fewer sectors need not cover an economy."""


@cache
def _national() -> pd.DataFrame:
    known = bundled("magnitudes")
    return known[known["region"] == "CN"].set_index("year").drop(columns="region")


@cache
def _shares() -> dict[str, float]:
    """Region -> its share in China's gross domestic product; one for China."""
    known = bundled("magnitudes")
    of_2017 = known[known["year"] == 2017].set_index("region")["gdp_100m_yuan"]
    return {str(code): float(of_2017[code] / of_2017["CN"]) for code in of_2017.index}


def provinces() -> list[str]:
    """Codes of the 31 provinces that China's tables are made for."""
    return [code for code in _shares() if code != "CN"]


def gdp(region: str, year: int) -> float | None:
    """Gross domestic product in 100 million yuan, about; None where nothing is known.

    Example:
        >>> round(gdp("CN", 2017)), round(gdp("CN-GD", 2012), -3)
        (832000, 58000.0)
    """
    return _of_year("gdp_100m_yuan", year, _shares().get(region))


def _of_year(column: str, year: int, share: float | None = 1.0) -> float | None:
    known = _national()[column].dropna()
    years = known.index.to_numpy(int)
    if share is None or not years[0] - 2 <= year <= years[-1] + 3:
        return None
    return share * float(np.exp(np.interp(year, years, np.log(known.to_numpy(float)))))


def magnitude_findings(table: IOTable) -> list[Finding]:
    """Whether output and CO2 are of the size of the regions and year, and the year right.

    A table that names no year is held against the year, of those of its list, that suits it best.
    """
    found = _list_year(table)
    if not complete(table) and table.n < SECTORS * len(table.regions):
        return found
    year, span = (table.year, str(table.year)) if table.year is not None else _likeliest(table)
    known = {} if year is None else _gdps(table, year)
    if year is None or not known:
        return found
    total, place = sum(known.values()), table.regions[0] if len(known) == 1 else ""
    sized = _output(table, year, span, total, place) or _outputs(table, year, span, known)
    emitted = _co2(table, total, place)
    if not emitted and len(known) > 1:
        emitted = [each for code in known for each in _co2(table, known[code], code)]
    if table.year is None:
        # over the years of one list no two units are plausible; over all years they may be
        unsure = [] if table.classification in LIST_YEARS else [_year_unknown(span)]
        return [*unsure, *sized, *emitted]
    return [*found, *sized, *_year_total(table, table.year), *emitted]


def _gdps(table: IOTable, year: int) -> dict[str, float]:
    """Region -> gross domestic product; nothing if that of a region is not known."""
    expected = {code: gdp(code, year) for code in table.regions}
    known = {code: each for code, each in expected.items() if each is not None}
    return known if len(known) == len(expected) else {}


def _likeliest(table: IOTable) -> tuple[int | None, str]:
    """The year whose output is nearest that of a table in yuan, and the years it was sought in."""
    if units.currency(table.unit) != "CNY":
        return None, ""
    known = _national().index.to_numpy(int)
    first, last = LIST_YEARS.get(table.classification or "", (known[0], known[-1]))
    output, middle = float(table.x.sum()) * _in_yuan(last, table.unit), np.prod(OUTPUT["CN"]) ** 0.5
    if not 0 < output < np.inf:
        return None, ""
    totals = {year: sum(_gdps(table, year).values()) for year in range(first, last + 1)}
    return min(
        (year for year, total in totals.items() if total),
        key=lambda year: abs(np.log(output / totals[year] / middle)),
        default=None,
    ), f"{first}–{last}"


def _year_unknown(span: str) -> Finding:
    text, remedy = words("trust.year_unknown", years=span), words("trust.year.remedy")
    return Finding("warning", "year_unknown", text, remedy=remedy)


def _list_year(table: IOTable) -> list[Finding]:
    first, last = LIST_YEARS.get(table.classification or "", (0, 9999))
    if table.year is None or first <= table.year <= last:
        return []
    text = words("trust.year_list", year=table.year, list=first, used=f"{first}-{last}")
    remedy = words("trust.year.remedy")
    return [Finding("warning", "year_list", text, value=float(table.year), remedy=remedy)]


def _in_yuan(year: int, unit: str) -> float:
    """100 million yuan in one ``unit``; NaN where no rate of the year is known."""
    currency = units.currency(unit).lower()
    if currency == "cny":
        return units.factor(unit, "100m_yuan")
    rate = _of_year(f"yuan_per_{currency}", year) or np.nan
    return units.factor(unit, currency) * rate / 1e8


def _output(table: IOTable, year: int, span: str, total: float, place: str) -> list[Finding]:
    output = float(table.x.sum())
    ratio = output * _in_yuan(year, table.unit) / total
    low, high = OUTPUT["CN" if place == "CN" else "province"]
    if not ratio > 0 or low <= ratio <= high:
        return []
    middle = (low * high) ** 0.5
    away = abs(np.log(ratio / middle))
    others = [unit for unit in units.MONEY_UNITS if unit != table.unit]
    better = min(
        (unit for unit in others if np.isfinite(_in_yuan(year, unit))),
        key=lambda unit: abs(np.log(output * _in_yuan(year, unit) / total / middle)),
    )
    fitted = output * _in_yuan(year, better) / total
    if away > np.log(FAR) and low <= fitted <= high:
        text = words(
            "trust.unit",
            where=where(place),
            value=figure(output),
            unit=words(f"unit.{table.unit}"),
            factor=_times(ratio / fitted),
            year=span,
            gdp=figure(total),
            better=words(f"unit.{better}"),
        )
        remedy = words("trust.unit.remedy", unit=better)
        return [Finding("error", "unit", text, place, "", ratio / fitted, remedy, f"unit:{better}")]
    return [_output_size(ratio, span, total, place)]


def _output_size(ratio: float, span: str, total: float, place: str) -> Finding:
    low, high = OUTPUT["CN" if place == "CN" else "province"]
    text = words(
        "trust.output_size",
        where=where(place),
        ratio=_times(ratio),
        year=span,
        gdp=figure(total),
        low=low,
        high=high,
    )
    remedy = words("trust.output_size.remedy")
    return Finding("warning", "output_size", text, place, value=ratio, remedy=remedy)


def _outputs(table: IOTable, year: int, span: str, known: dict[str, float]) -> list[Finding]:
    """The regions of a table whose output as a whole is of the right size, each for itself."""
    found = []
    for place, total in known.items():
        output = float(table.x[(table.index["region"] == place).to_numpy()].sum())
        ratio = output * _in_yuan(year, table.unit) / total
        low, high = OUTPUT["CN" if place == "CN" else "province"]
        if len(known) > 1 and not low / OF_SEVERAL <= ratio <= high * OF_SEVERAL and ratio > 0:
            found.append(_output_size(ratio, span, total, place))
    return found


def _year_total(table: IOTable, year: int) -> list[Finding]:
    """The total of a national table that is published for another year."""
    if set(table.regions) != {"CN"} and len(table.regions) != 31:
        return []
    known = _national()["gross_output_100m_yuan"].dropna()
    output = float(table.x.sum()) * _in_yuan(year, table.unit)
    same = known.index[np.abs(known / output - 1) <= SAME_TOTAL].tolist()
    if not same or year in same:
        return []
    text = words(
        "trust.year_total",
        value=figure(output),
        other=same[0],
        year=year,
        published=figure(known[year]) if year in known.index else plain("–"),
    )
    remedy = words("trust.year.remedy")
    return [Finding("warning", "year_total", text, value=float(same[0]), remedy=remedy)]


def _co2(table: IOTable, total: float, place: str) -> list[Finding]:
    if table.co2 is None or not table.has_emissions:
        return []
    here = (table.index["region"] == place).to_numpy() | (place == "")
    emitted = float(table.co2[here].sum())
    ratio = emitted * 1e6 / (total * 1e4)
    if CO2[0] <= ratio <= CO2[1] or not 0 < ratio < np.inf:
        return []
    off = ratio / (CO2[1] if ratio > CO2[1] else CO2[0])
    text = words(
        "trust.co2_size",
        where=where(place),
        value=figure(emitted, 1),
        ratio=figure(ratio, 3 if ratio < 1 else 0),
        low=CO2[0],
        high=figure(CO2[1]),
        factor=_times(10 ** round(np.log10(off) + 0.5 * np.sign(np.log10(off)))),
    )
    remedy = words("trust.co2_size.remedy")
    return [Finding("warning", "co2_size", text, place, value=ratio, remedy=remedy)]


def _times(factor: float) -> Names:
    """A factor with as many digits as anybody reads."""
    return figure(factor, 0 if factor >= 20 else 2 if factor >= 0.1 else 6)
