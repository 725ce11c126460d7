"""The tables beside a page as CSV that a spreadsheet opens as it is meant."""

from __future__ import annotations

from typing import cast

import pandas as pd

from graphmap.i18n import COLUMNS
from graphmap.study import Study

UNITS = {
    "direct_co2": "mt",
    "footprint": "mt",
    "transmission": "mt",
    "direct_intensity": "t_per_{money}",
    "total_intensity": "t_per_{money}",
    "gross_output": "{money}",
}
"""Suffix of a column's name, so that no figure stands without its unit."""

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


def _csv(table: pd.DataFrame, study: Study) -> str:
    money = study.networks["money"].unit
    strengths = dict.fromkeys(("supply_strength", "use_strength"), study.network.unit.lower())
    units = {**UNITS, **strengths}
    table = table.rename(
        columns={c: f"{c}_{units[c].format(money=money)}" for c in table if c in units}
    )
    for column in table.select_dtypes(include=["object", "string"]):
        table[column] = table[column].map(lambda cell: inert(str(cell)))
    # the byte order mark tells spreadsheets that Chinese follows
    text: str = table.to_csv(index=False, float_format="%.10g", lineterminator="\r\n")
    return "\ufeff" + text
