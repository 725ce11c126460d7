"""A made-up table of many regions, of the shape that published ones have.

Every region has the same recipe, log-normal and varied cell by cell; four fifths of the inputs come
from the region itself, the rest from all regions by their size. The same seed gives the same table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts import Extension, IOTable, Source

TAGS = ("en", "zh_hans", "zh_hant")
AT_HOME = 0.8


def made_up(regions: int, sectors: int, density: float = 1.0, seed: int = 1) -> IOTable:
    """A table of ``regions`` x ``sectors`` with CO2; a csr_array if ``density`` is below 1.

    Cells of the own region are all kept, others at random until the density is reached.
    """
    random = np.random.default_rng(seed)
    n = regions * sectors
    recipe = random.lognormal(0, 2, (sectors, sectors))
    size = random.lognormal(0, 1, regions)
    x = random.lognormal(10, 1.5, n)
    place = np.repeat(np.arange(regions), sectors)
    kept = (density - 1 / regions) / (1 - 1 / regions) if regions > 1 else 1.0
    Z, parts = np.empty((n, n) if density == 1 else (0, 0)), []
    for r in range(regions):
        share = (1 - AT_HOME) * size[r] / size.sum() + AT_HOME * (place == r)
        block = np.tile(recipe, regions) * random.lognormal(0, 0.5, (sectors, n)) * share
        if density == 1:
            Z[r * sectors : (r + 1) * sectors] = block
        else:
            block[(random.random((sectors, n)) >= kept) & (place != r)] = 0
            parts.append(sparse.csr_array(block))
    if density < 1:
        Z = sparse.csr_array(sparse.vstack(parts))
    inputs = random.uniform(0.35, 0.75, n) * x / np.asarray(Z.sum(axis=0)).ravel()
    if density == 1:
        Z *= inputs
    else:
        Z = sparse.csr_array(Z @ sparse.diags_array(inputs))
    sales = np.asarray(Z.sum(axis=1)).ravel()
    x = np.maximum(x, sales * random.uniform(1.05, 2, n))
    return _labelled(Z, x, sales, random.lognormal(-2, 1.5, n) * x / 1e6, regions, sectors)


def _labelled(Z, x, sales, co2, regions: int, sectors: int) -> IOTable:
    codes = [f"{s:03d}" for s in range(sectors)] * regions
    places = np.repeat([f"R{r}" for r in range(regions)], sectors)
    names = {f"{kind}_{tag}": codes for kind in ("name", "short") for tag in TAGS}
    index = pd.DataFrame({"region": places, "code": codes, "group": "", **names, "pinyin": ""})
    index.index = pd.Index(index["region"] + "." + index["code"], name="node")
    source = Source("", "made up")
    return IOTable(
        Z=Z,
        Y=(x - sales)[:, None],
        V=(x - np.asarray(Z.sum(axis=0)).ravel())[None, :],
        imports=np.zeros(len(x)),
        x=x,
        index=index,
        final_uses=pd.DataFrame({"region": [""], "category": ["final_use"]}),
        primary_inputs=("value_added",),
        unit="10k_yuan",
        source=source,
        extensions={"co2": Extension(co2, np.zeros(1), "Mt", "CO2", source)},
    )
