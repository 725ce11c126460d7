"""Published totals that are no table of flows, told by the names of their columns.

* ``sector_totals``: a CSV file with ``sector`` and ``gross_output_<unit>``, a row a sector;
  ``region`` (or ``province``) and ``year`` may stand in columns or in the file's name. Every
  other column ``<name>_<unit>`` is kept.
* ``city_emissions``: a workbook with a sheet of city, year and emission. A sheet of cities by years
  beside it has to agree.
* ``city_footprints`` and ``footprint_accounts``: the columns in ``record_columns.csv``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from graphmap.accounts.records import Records
from graphmap.classification import find_region
from graphmap.classification.lists import folded
from graphmap.readers import record_sectors
from graphmap.readers.assemble import source_of
from graphmap.readers.labels import year_of
from graphmap.readers.sheet import Sheet

REQUIRED = {
    "city_footprints": [{"cityascii", "country", "footprintmtco2"}],
    "footprint_accounts": [
        {"country", "totalecologicalfootprintconsumption", "totalbiocapacity"},
        {"country", "efconspercap", "biocappercap"},
    ],
}
"""Layout -> the names that it is told by, any of the sets."""

CITATIONS = {
    "city_emissions": "Shan et al. 2022, Science Bulletin 67:1910",
    "city_footprints": "Moran et al. 2018, Environmental Research Letters 13:064041",
    "footprint_accounts": "Global Footprint Network",
}

VECTOR = {"city", "year", "emission"}

MASS = {
    "milliontones": "Mt",
    "milliontonnes": "Mt",
    "milliontons": "Mt",
    "mt": "Mt",
    "百万吨": "Mt",
}
"""How a note of the workbook spells its unit."""

AGREE = 1e-6
"""Relative difference of a figure printed twice that rounding explains."""


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Whether the file holds totals of a known kind."""
    return _kind(sheets) is not None


def read(sheets: Sequence[Sheet]) -> Records:
    """The totals in the file; figures that are not there are NaN.

    Raises:
        DataError: a cell holds no figure, a sector is not of the others' list, or the same
            figure stands twice and differs.
    """
    kind = _kind(sheets)
    if kind is None:
        raise sheets[0].error("no list of published totals")
    if kind == "sector_totals":
        return record_sectors.read(sheets[0])
    if kind == "city_emissions":
        return _city_emissions(sheets)
    return _by_columns(sheets[0], kind)


@cache
def _columns() -> pd.DataFrame:
    with files(__package__).joinpath("record_columns.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return table.assign(header=table["header"].map(folded))


def _header(sheet: Sheet) -> list[str]:
    return [sheet.text(0, j) for j in range(sheet.shape[1])] if sheet.shape[0] > 1 else []


def _kind(sheets: Sequence[Sheet]) -> str | None:
    if any(set(map(folded, _header(sheet))) >= VECTOR for sheet in sheets):
        return "city_emissions"
    if len(sheets) > 1:
        return None
    names = _header(sheets[0])
    if record_sectors.has_totals(names):
        return "sector_totals"
    spelt = set(map(folded, names))
    return next((k for k, sets in REQUIRED.items() if any(each <= spelt for each in sets)), None)


# --- a column a figure


def _by_columns(sheet: Sheet, kind: str) -> Records:
    """One row a record, its columns named and given units by ``record_columns.csv``."""
    known = _columns()[_columns()["layout"] == kind]
    labels: dict[str, list[str]] = {}
    figures: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    seen: dict[str, int] = {}
    for j, name in enumerate(map(folded, _header(sheet))):
        named = known[known["header"] == name]
        nth = seen.get(name, 0)  # built-up land is there twice: as footprint and as capacity
        seen[name] = nth + 1
        if named.empty:
            continue
        if nth and nth >= len(named):
            raise sheet.error("two columns of one name", 0, j, found=sheet.text(0, j))
        column, unit = named["column"].iloc[nth], named["unit"].iloc[nth]
        if not unit:
            labels[column] = [sheet.text(i, j) for i in range(1, sheet.shape[0])]
            continue
        figures[column], deviation = _figures(sheet, j)
        units[column] = unit
        if np.isfinite(deviation).any():
            figures[f"{column}_deviation"], units[f"{column}_deviation"] = deviation, unit
    country = labels["country"]
    codes = {text: known.code if (known := find_region(text)) else text for text in set(country)}
    places = {"region": [codes[text] for text in country], "year": _years(sheet, labels)}
    data = pd.DataFrame({**places, **labels, **figures} | places)
    return Records(kind, data, units, source_of(sheet, kind, CITATIONS[kind]))


def _years(sheet: Sheet, labels: dict[str, list[str]]) -> list[int | None]:
    if "year" not in labels:
        return [year_of(Path(sheet.file).name)] * (sheet.shape[0] - 1)
    found = [year_of(text) for text in labels["year"]]
    if None in found:
        row = found.index(None) + 1
        raise sheet.error("no year", row, found=labels["year"][row - 1], expected="such as 2016")
    return found


def _figures(sheet: Sheet, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Figures of a column and what follows ± in their cells; NaN where nothing stands."""
    values, deviations = sheet.numbers[1:, column].copy(), np.full(sheet.shape[0] - 1, np.nan)
    for row in np.flatnonzero(np.isnan(values)).tolist():
        text = html.unescape(sheet.text(row + 1, column)).replace("$", "").replace(",", "").strip()
        if not text:
            continue
        found = re.fullmatch(r"(-?[\d.]+(?:e[+-]?\d+)?)(?:\s*±\s*([\d.]+))?", text, re.IGNORECASE)
        try:
            if found is None:
                raise ValueError
            values[row] = float(found.group(1))
            deviations[row] = float(found.group(2) or "nan")
        except ValueError:
            raise sheet.error(
                "text in a number cell",
                row + 1,
                column,
                found=sheet.text(row + 1, column),
                expected="a number, or nothing",
            ) from None
    return values, deviations


# --- cities


def _city_emissions(sheets: Sequence[Sheet]) -> Records:
    sheet = next(s for s in sheets if set(map(folded, _header(s))) >= VECTOR)
    place = {folded(name): j for j, name in enumerate(_header(sheet))}
    rows = range(1, sheet.shape[0])
    cities = [sheet.text(row, place["city"]) for row in rows]
    years = [year_of(sheet.text(row, place["year"])) for row in rows]
    for row, (city, year) in enumerate(zip(cities, years, strict=True), start=1):
        if not city or year is None:
            raise sheet.error("no city or year", row, expected="both in every row")
    co2, _ = _figures(sheet, place["emission"])
    data = pd.DataFrame({"region": list(map(_province, cities)), "year": years, "city": cities})
    twice = np.flatnonzero(data.duplicated(["city", "year"]))
    if len(twice):
        at = int(twice[0])
        raise sheet.error("the same city and year twice", at + 1, found=f"{cities[at]} {years[at]}")
    data["co2"] = co2
    for other in sheets:
        if other is not sheet and folded(other.text(0, 0) if all(other.shape) else "") == "city":
            _same_figures(data, other)
    source = source_of(sheet, "city_emissions", CITATIONS["city_emissions"])
    return Records("city_emissions", data, {"co2": _mass_unit(sheets)}, source)


def _province(city: str) -> str:
    """The code of the province that a city's name begins with, or the name itself.

    Example:
        >>> _province("黑龙江大庆"), _province("北京"), _province("Atlantis")
        ('CN-HL', 'CN-BJ', 'Atlantis')
    """
    starts = (find_region(city[:length]) for length in (3, 2))
    return next((found.code for found in starts if found), city)


def _same_figures(data: pd.DataFrame, matrix: Sheet) -> None:
    """The sheet of cities by years holds the figures of the other sheet, and no others."""
    listed = data.set_index(["city", "year"])["co2"].dropna()
    for row in range(1, matrix.shape[0]):
        for column in range(1, matrix.shape[1]):
            year = year_of(matrix.text(0, column))
            here = matrix.numbers[row, column]
            there = listed.get((matrix.text(row, 0), year), np.nan)
            same = np.isnan(here) == np.isnan(there)
            if not same or abs(here - there) > AGREE * abs(there):
                raise matrix.error(
                    f"the two sheets differ for {matrix.text(row, 0)} in {year}",
                    row,
                    column,
                    found="nothing" if np.isnan(here) else f"{here:g}",
                    expected="nothing" if np.isnan(there) else f"{there:g}, as in the other sheet",
                )


def _mass_unit(sheets: Sequence[Sheet]) -> str:
    """The unit that a note of the workbook names."""
    for sheet in sheets:
        for (row, column), text in sheet.texts.items():
            if folded(text).startswith(("unit", "单位")):
                for line in sheet.texts.get((row, column + 1), "").splitlines():
                    if folded(line) in MASS:
                        return MASS[folded(line)]
    raise sheets[0].error(
        "emissions of cities without a unit",
        expected="a note such as Unit | million tonnes",
    )
