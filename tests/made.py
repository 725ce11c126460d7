"""Small tables and networks that tests make by hand or by chance."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy import sparse

from graphmap import Study, panel, sample, study
from graphmap.accounts import Extension, IOTable, Source
from graphmap.network import FlowNetwork

TAGS = ("en", "zh_hans", "zh_hant")


@cache
def placed(found: Study):
    """The chain layout of the study's page."""
    return panel(found).layouts["chain"]


def table_of(Z, x, *, co2=None, regions=None, names=None, unit="10k_yuan", imports_inside=None):
    """A table of sectors ``n0``, ``n1``, ... whose final use and value added are what is left."""
    n = len(x)
    names = names or [f"s{i}" for i in range(n)]
    labels = {f"{kind}_{tag}": names for kind in ("name", "short") for tag in TAGS}
    index = pd.DataFrame(
        {
            "region": regions or ["CN-GD"] * n,
            "code": [f"{i:02d}" for i in range(n)],
            "group": "materials",
            **labels,
            "pinyin": "",
        },
        index=pd.Index([f"n{i}" for i in range(n)], name="node"),
    )
    x = np.asarray(x, float)
    inside = np.zeros(n) if imports_inside is None else np.asarray(imports_inside, float)
    sales, inputs = (np.asarray(Z.sum(axis=axis)).ravel() for axis in (1, 0))
    source = Source("", "made.csv")
    co2 = (
        {"co2": Extension(np.asarray(co2, float), np.zeros(1), "Mt", "CO2", source)}
        if (co2 is not None)
        else {}
    )
    return IOTable(
        Z=Z,
        Y=(x - sales + inside)[:, None],
        V=(x - inputs)[None, :],
        imports=np.zeros(n),
        x=x,
        index=index,
        final_uses=pd.DataFrame({"region": [""], "category": ["final_use"]}),
        primary_inputs=("value_added",),
        unit=unit,
        source=source,
        extensions=co2,
        imports_inside=None if imports_inside is None else inside,
    )


@cache
def studied(*regions: str) -> Study:
    """The study of these provinces of the sample, computed once a run."""
    return study(sample.table().select(list(regions)))


def net_of(W, ids=None, **columns):
    """A money network with these flows, rows supplying."""
    ids = ids or [f"n{i}" for i in range(len(W))]
    nodes = pd.DataFrame(columns, index=pd.Index(ids, name="node"))
    return FlowNetwork(nodes, sparse.csr_array(np.asarray(W, float)), "money", "10k_yuan")


def productive(seed, n, density, dead):
    """Flows, output, final use and emissions; ``dead`` sectors neither produce nor use."""
    random = np.random.default_rng(seed)
    A = random.random((n, n)) * (random.random((n, n)) < density)
    A *= random.uniform(0.05, 0.9, n) / np.maximum(A.sum(axis=0), 1e-9)
    y = random.lognormal(size=n)
    A[:dead], A[:, :dead], y[:dead] = 0, 0, 0
    x = np.linalg.inv(np.eye(n) - A) @ y
    return A * x, x, y, random.random(n) * (x > 0)


@st.composite
def economies(draw, most=12):
    """Random productive economies; some with sectors of zero output."""
    n = draw(st.integers(1, most))
    return productive(
        draw(st.integers(0, 2**32 - 1)),
        n,
        draw(st.sampled_from([0.1, 0.4, 1.0])),
        draw(st.integers(0, min(2, n - 1))),
    )


@st.composite
def flows(draw, most=9):
    """Random (n, n) flows with ties and zeros; at least one flow between two sectors."""
    n = draw(st.integers(2, most))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    W = random.integers(0, draw(st.sampled_from([2, 5, 10**6])), (n, n)).astype(float)
    W[0, 1] += 1
    return W
