"""Small random tables of several regions that add up, built by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts import Extension, IOTable, Source
from graphmap.classification import sector_list

REGIONS = ("CN-GD", "CN-ZJ", "CN-HB", "CN-XZ")
CODES = ("24", "29", "27", "06", "13")
CATEGORIES = ("households", "government", "inventories")
SOURCE = Source("", "by hand")


def small_table(
    seed: int = 0,
    regions: int = 2,
    sectors: int = 3,
    *,
    competitive: bool = False,
    with_exports: bool = True,
    is_sparse: bool = False,
) -> IOTable:
    """A random table: every product is used, every input paid for, sales below output.

    Every region has the final uses households, government and inventories; exports and, in a
    competitive table, the imports inside the cells belong to none.
    """
    random = np.random.default_rng(seed)
    places, codes = REGIONS[:regions], CODES[:sectors]
    n = regions * sectors
    Z = random.uniform(1, 100, (n, n)) * (random.random((n, n)) < 0.8)
    labels = [(place, category) for place in places for category in CATEGORIES]
    if with_exports:
        labels.append(("", "exports"))
    Y = random.uniform(10, 1000, (n, len(labels))) * n
    uses = Z.sum(axis=1) + Y.sum(axis=1)
    at_home = uses - (Y[:, -1] if with_exports else 0)
    inside = at_home * random.uniform(0, 0.5, n) if competitive else np.zeros(n)
    x = uses - inside
    imports = np.zeros(n) if competitive else random.uniform(0, 50, n)
    index = pd.DataFrame(
        {
            "region": np.repeat(places, sectors),
            **sector_list("cn42_2017")
            .sectors.loc[list(codes) * regions]
            .drop(columns="aliases")
            .reset_index()
            .to_dict("list"),
        }
    )
    index.index = pd.Index(index["region"] + "." + index["code"], name="node")
    fuel = random.uniform(0, 9, len(labels))
    co2 = Extension(random.uniform(0, 300, n), fuel, "Mt", "CO2", SOURCE)
    return IOTable(
        Z=sparse.csr_array(Z) if is_sparse else Z,
        Y=Y,
        V=(x - Z.sum(axis=0) - imports)[None, :],
        imports=imports,
        x=x,
        index=index,
        final_uses=pd.DataFrame(labels, columns=["region", "category"]),
        primary_inputs=("value_added",),
        unit="10k_yuan",
        source=SOURCE,
        year=2017,
        classification="cn42_2017",
        extensions={"co2": co2},
        imports_inside=inside if competitive else None,
    )


def dense(table: IOTable) -> np.ndarray:
    """``Z`` as an ndarray."""
    return table.Z.toarray() if sparse.issparse(table.Z) else np.asarray(table.Z)


def supply_gap(table: IOTable) -> float:
    """Largest deviation from ``x = Z 1 + Y 1 - imports_inside``, relative to the output."""
    inside = 0.0 if table.imports_inside is None else table.imports_inside
    gap = table.x - dense(table).sum(axis=1) - table.Y.sum(axis=1) + inside
    return float((np.abs(gap) / table.x).max())


def input_gap(table: IOTable) -> float:
    """Largest deviation from ``x = Z' 1 + imports + V' 1``, relative to the output."""
    gap = table.x - dense(table).sum(axis=0) - table.imports - table.V.sum(axis=0)
    return float((np.abs(gap) / table.x).max())
