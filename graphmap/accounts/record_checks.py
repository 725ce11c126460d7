"""Published totals that contradict themselves: sums, products, signs, records that stand twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.finding import Finding
from graphmap.accounts.records import Records
from graphmap.accounts.sector_bands import LISTS, bands
from graphmap.accounts.sector_fit import sector_findings
from graphmap.accounts.series import series_findings
from graphmap.classification import region, sector_list
from graphmap.classification.lists import names_of
from graphmap.i18n import Names, figure, listed, plain, vocabulary, words

PRINTED = 0.051
"""Half a step of figures printed to one decimal, as those of the footprint accounts are."""

SIGNED = ("reserve", "reserve_share")
"""Columns whose figures may be negative."""


def record_findings(records: Records) -> list[Finding]:
    """What contradicts itself in a list of published totals, the worst record of each kind."""
    data = records.data
    found = [*_signs(records), *_twice(data), *_missing(records)]
    if records.kind == "footprint_accounts":
        found += _footprints(data)
    if records.kind == "city_footprints":
        per_person, people = data["footprint_per_person"], data["population"] / 1e6
        rounding = PRINTED * people + PRINTED
        found += _differing(data, "footprint", per_person * people, rounding)
    if records.kind == "city_emissions":
        found += series_findings(
            {
                str(city): rows.set_index("year")["co2"].sort_index()
                for city, rows in data.groupby("city", sort=False)
            }
        )
    if records.kind == "sector_totals":
        found += _sectors(records)
    return found


def _footprints(data: pd.DataFrame) -> list[Finding]:
    found = []
    for total in ("footprint", "biocapacity"):
        parts = [
            name
            for name in data.columns
            if name.startswith(f"{total}_") and name not in (f"{total}_total",)
        ]
        if parts:
            rounding = pd.Series(PRINTED * (len(parts) + 1), data.index)
            found += _differing(data, total, data[parts].sum(axis=1, skipna=False), rounding)
        if f"{total}_total" in data:
            product = data[total] * data["population"]
            found += _differing(data, f"{total}_total", product, product.abs() * 0.01)
    rounding = pd.Series(2 * PRINTED, data.index)
    found += _differing(data, "reserve", data["biocapacity"] - data["footprint"], rounding)
    if "earths" in data:
        per_earth = (data["footprint"] / data["earths"]).groupby(data["year"]).transform("median")
        expected = data["footprint"] / per_earth
        found += _differing(data, "earths", expected, PRINTED / per_earth + 0.02 * expected)
    return found


def _sectors(records: Records) -> list[Finding]:
    """CO2 and output of the sectors of each region and edition against their bands."""
    data = records.data
    found = []
    printed = (records.units.get("intensity"), records.units.get("co2"))
    if printed == ("kg/10k_yuan", "Mt") and "gross_output" in data:
        output = data["gross_output"] * units.factor(records.units["gross_output"], "10k_yuan")
        expected = data["co2"] * 1e9 / output
        found += _differing(data, "intensity", expected, 0.01 * expected + 0.01)
    if "value_added" in data and records.units["value_added"] == records.units["gross_output"]:
        above = data["value_added"].clip(upper=data["gross_output"])
        found += _differing(data, "value_added", above, 0.001 * data["gross_output"])
    money = records.units.get("gross_output", "")
    if "co2" not in data or money not in units.MONEY_UNITS or units.currency(money) != "CNY":
        return found
    keys = ["region", "edition"] if "edition" in data else ["region", "year"]
    groups = data.groupby(keys, sort=False, dropna=False)
    several = len(groups) > 1
    for _, rows in groups:
        list_id = str(rows["classification"].iloc[0])
        if list_id not in LISTS:
            continue
        by_code = rows.drop_duplicates("code").set_index("code").reindex(bands(list_id).index)
        output = by_code["gross_output"].to_numpy(float) * units.factor(money, "10k_yuan")
        co2 = by_code["co2"].to_numpy(float) * units.factor(records.units["co2"], "Mt")
        year = rows["year"].iloc[0] if several else None
        place = str(rows["region"].iloc[0])
        known = None if year is None or pd.isna(year) else int(year)
        told = sector_findings(list_id, place, co2, output, year=known)
        if "edition" in data:  # two editions of a year are records of their own
            own = f"@{rows['edition'].iloc[0]}:"
            told = [replace(e, repair=e.repair.replace(f"@{known}:", own, 1)) for e in told]
        found += told
    return found


def _signs(records: Records) -> list[Finding]:
    found = []
    for column in records.units:
        values = records.data[column].to_numpy(float)
        if column in SIGNED or not (values < 0).any():
            continue
        i = int(np.nanargmin(values))
        place = _place(records.data, i)
        unit = f"unit.{records.units[column]}"
        value = _shown(values[i])
        if unit in vocabulary():
            value = {tag: f"{shown} {words(unit)[tag]}" for tag, shown in value.items()}
        text = words("trust.record_negative", place=place, column=_column(column), value=value)
        remedy = words("trust.sign.remedy")
        found.append(Finding("warning", "negative", text, value=values[i], remedy=remedy))
    return found


def _twice(data: pd.DataFrame) -> list[Finding]:
    """The same place, year and sector in two records."""
    labels = [
        name
        for name in ("region", "country", "city", "cluster", "year", "edition", "sector")
        if name in data
    ]
    again = np.flatnonzero(data.duplicated(labels).to_numpy())
    remedy = words("trust.record_twice.remedy")
    return [
        Finding(
            "warning",
            "record_twice",
            words("trust.record_twice", place=_place(data, i)),
            remedy=remedy,
        )
        for i in again[:5].tolist()
    ]


def _missing(records: Records) -> list[Finding]:
    """One note on all columns in which figures are missing, the emptiest first."""
    counts = records.data[[*records.units]].isna().sum().sort_values(ascending=False)
    counts = counts[(counts > 0) & ~counts.index.str.endswith("_deviation")]
    if counts.empty:
        return []
    shown = [words("trust.figure_of", sector=_column(str(c)), value=n) for c, n in counts.items()]
    text = words("trust.record_missing", rows=len(records.data), columns=listed(shown))
    remedy, total = words("trust.record_missing.remedy"), float(counts.sum())
    return [Finding("note", "missing", text, value=total, remedy=remedy)]


def _differing(
    data: pd.DataFrame, column: str, expected: pd.Series, rounding: pd.Series
) -> list[Finding]:
    """The record whose figure is farthest from what others say it is, and how many are off."""
    gap = ((data[column] - expected).abs() / rounding.clip(lower=1e-12)).to_numpy(float)
    off = np.flatnonzero(gap > 1)
    if not len(off):
        return []
    worst = int(off[np.argmax(gap[off])])
    text = words(
        "trust.record_sum",
        place=_place(data, worst),
        total=_column(column),
        value=_shown(data[column].iloc[worst]),
        parts=_shown(expected.iloc[worst]),
    )
    if len(off) > 1:
        more = words("trust.record_sums", count=len(off), rows=len(data))
        text = {
            tag: f"{one} ({more[tag]})" if tag == "en" else f"{one}（{more[tag]}）"
            for tag, one in text.items()
        }
    remedy = words("trust.record_sum.remedy")
    return [Finding("warning", f"{column}_differs", text, value=float(len(off)), remedy=remedy)]


def _column(name: str) -> Names:
    """What a column holds, in words; the name of one that only this file has."""
    key = f"trust.column.{name}"
    return words(key) if key in vocabulary() else plain(name.replace("_", " "))


def _shown(value: float) -> Names:
    return figure(value, 0 if abs(value) >= 1e4 else 3)


def _place(data: pd.DataFrame, row: int) -> Names:
    """What a record is of: place, year, sector."""
    record = data.iloc[row]
    labels: Sequence[str] = [name for name in ("city", "country") if name in data][:1]
    name = plain(str(record[labels[0]])) if labels else region(str(record["region"])).name
    if "year" in data and record["year"]:
        name = {tag: f"{text} {record['year']}" for tag, text in name.items()}
    if "sector" not in data or not record["sector"]:
        return name
    sector = plain(str(record["sector"]))
    if str(record.get("classification")) in LISTS:
        known = sector_list(str(record["classification"])).sectors
        sector = names_of(known.loc[record["code"]]) if record["code"] in known.index else sector
    return {tag: f"{text} {sector[tag]}" for tag, text in name.items()}
