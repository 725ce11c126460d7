"""The bundled sample: an illustrative economy of Guangdong and Zhejiang, 42 sectors each.

Nothing here is a published table. Gross output and CO2 (``sectors.csv``) are magnitudes of 2017,
published ones or estimates where none is published, rounded to two significant figures. The rest
is written by hand in round numbers: how output and inputs divide (``shares.csv``), what each sector
mainly buys from the two provinces (``recipe.csv``), and from which of the two (``trade.csv``). The
flows follow from these by RAS.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd

from graphmap.accounts.balance import ras
from graphmap.accounts.emissions import Extension, Source
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import sector_list
from graphmap.i18n import words

YEAR = 2017
LIST = "cn42_2017"
FINAL_USES = {
    "households": "households",
    "government": "government",
    "capital": "capital_formation",
    "exports": "exports",
}


def table() -> IOTable:
    """The balanced table of both provinces, with CO2; money in 100 million yuan.

    Example:
        >>> sample = table()
        >>> sample.n, round(float(sample.co2.sum()))
        (84, 884)
    """
    sectors, shares = _read("sectors"), _read("shares").set_index("code")
    output = sectors["gross_output_100m_yuan"].to_numpy(float)
    share = shares.loc[sectors["code"]].drop(columns="sector").astype(float) / 100
    inputs = output * (1 - share["value_added"].to_numpy())
    imports = inputs * share["imports"].to_numpy()
    bought = inputs - imports
    sold = output * share["intermediate_sales"].to_numpy()
    sold = sold * bought.sum() / sold.sum()
    Z = ras(_recipe(sectors, sold) * bought, sold, bought)
    names = list(FINAL_USES)
    final = share[names].to_numpy() * (output - Z.sum(axis=1))[:, None]
    Y, final_uses = _by_region(final, sectors["region"], list(FINAL_USES.values()))
    index = sector_list(LIST).sectors.loc[sectors["code"]].drop(columns="aliases").reset_index()
    index.insert(0, "region", sectors["region"])
    index.index = pd.Index(sectors["region"] + "." + sectors["code"], name="node")
    source = Source("sample", "graphmap/sample", None, "", (words("note.sample"),))
    co2 = sectors["co2_mt"].to_numpy(float)
    return IOTable(
        Z=Z,
        Y=Y,
        V=(output - Z.sum(axis=0) - imports)[None, :],
        imports=imports,
        x=output,
        index=index,
        final_uses=final_uses,
        primary_inputs=("value_added",),
        unit="100m_yuan",
        source=source,
        year=YEAR,
        classification=LIST,
        extensions={"co2": Extension(co2, np.zeros(len(final_uses)), "Mt", "CO2", source)},
    )


def _read(name: str) -> pd.DataFrame:
    codes = dict.fromkeys(["code", "user_code", "supplier_code"], str)
    with files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=codes)


def _recipe(sectors: pd.DataFrame, sold: Array) -> Array:
    """(n, n) shares of each user's inputs by supplier; every column sums to one.

    What a recipe leaves open is spread over all sectors in proportion to their sales.
    """
    codes = list(dict.fromkeys(sectors["code"]))
    regions = list(dict.fromkeys(sectors["region"]))
    national = (
        _read("recipe")
        .pivot(index="supplier_code", columns="user_code", values="share")
        .reindex(index=codes, columns=codes, fill_value=0)
        .fillna(0)
        .to_numpy(float)
        / 100
    )
    weight = pd.Series(sold).groupby(sectors["code"]).sum().loc[codes].to_numpy()
    national += np.outer(weight / weight.sum(), 1 - national.sum(axis=0))
    trade = _read("trade")
    usual = trade[trade["supplier_code"].isna()]
    special = trade[trade["supplier_code"].notna()].set_index(
        ["user_region", "supplier_region", "supplier_code"]
    )["share"]
    blocks = []
    for supplier in regions:
        row = []
        for user in regions:
            pair = (usual["user_region"] == user) & (usual["supplier_region"] == supplier)
            share = pd.Series(usual.loc[pair, "share"].item(), index=codes, dtype=float)
            for code in codes:
                share[code] = special.get((user, supplier, code), share[code])
            row.append(national * share.to_numpy()[:, None] / 100)
        blocks.append(row)
    return np.block(blocks)


def _by_region(
    final: Array, region: pd.Series, categories: list[str]
) -> tuple[Array, pd.DataFrame]:
    """Final use of a province's products falls to the province itself; exports to nobody."""
    columns, labels = [], []
    for code in dict.fromkeys(region):
        for k, category in enumerate(categories):
            if category != "exports":
                columns.append(np.where(region == code, final[:, k], 0.0))
                labels.append((code, category))
    columns.append(final[:, categories.index("exports")])
    labels.append(("", "exports"))
    return np.column_stack(columns), pd.DataFrame(labels, columns=["region", "category"])
