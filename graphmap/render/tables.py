"""The tables beside a page as CSV that a spreadsheet opens as it is meant."""

from __future__ import annotations

import json
from typing import cast

import pandas as pd

from graphmap.i18n import COLUMNS
from graphmap.leontief.rank import catalogue
from graphmap.study import Study

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula.

    Example:
        >>> inert("=cmd()"), inert("Food")
        ("'=cmd()", 'Food')
    """
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def key_sectors_csv(study: Study) -> str:
    """Every sector, the most important first; units in the column names."""
    table = study.key_sectors.drop(
        columns=["pinyin", *(c for c in study.key_sectors if "short_" in c)]
    )
    return _csv(table.rename_axis("node").reset_index(), study)


def key_relations_csv(study: Study) -> str:
    """The largest users and suppliers of each high-carbon sector, with names in three languages."""
    table = study.relations.copy()
    for end in ("partner", "sector"):
        names = study.sectors.loc[table[end], [f"name_{tag}" for tag in COLUMNS.values()]]
        for column in reversed(names.columns):
            at = cast(int, table.columns.get_loc(end)) + 1
            table.insert(at, f"{end}_{column}", names[column].to_numpy())
    unit = study.network.unit.lower()
    return _csv(table.rename(columns={"value": f"{study.weight}_{unit}"}), study)


def with_units(table: pd.DataFrame, money: str, **others: str) -> pd.DataFrame:
    """The table with the unit at the end of each column's name, so that no figure stands without.

    Args:
        money: unit of the money columns, ``10k_yuan`` or ``10k_usd``.
        others: units of columns that are not in the catalogue of measures.
    """
    units = {measure: row["unit"] for measure, row in catalogue().items() if row["unit"]} | others
    return table.rename(
        columns={c: f"{c}_{units[c].format(money=money)}" for c in table if c in units}
    )


def csv_of(table: pd.DataFrame) -> str:
    """The table as CSV for spreadsheets: no text is taken for a formula, Chinese is announced.

    Numbers have every digit: readers are to find the figures of the source again.
    """
    table = table.copy()
    for column in table.select_dtypes(include=["object", "string"]):
        table[column] = table[column].map(lambda cell: inert(str(cell)), na_action="ignore")
    # the byte order mark tells spreadsheets that Chinese follows
    text: str = table.to_csv(index=False, lineterminator="\r\n")
    return "\ufeff" + text


def _csv(table: pd.DataFrame, study: Study) -> str:
    unit = study.network.unit.lower()
    money = study.networks["money"].unit
    return csv_of(with_units(table, money, supply_strength=unit, use_strength=unit))


FORMATS = (".csv", ".json", ".parquet")


def table_as(suffix: str, table: pd.DataFrame) -> str | bytes:
    """The table in one of ``FORMATS``."""
    if suffix == ".parquet":
        return bytes(table.to_parquet(index=False))
    return csv_of(table) if suffix == ".csv" else json_of(table)


def json_of(table: pd.DataFrame) -> str:
    """The rows of the table as JSON; what is missing is null."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return json.dumps(rows, ensure_ascii=False, indent=2)
