"""Tables of every kind, concordances made by hand, and whether totals are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from scipy import sparse
from small_tables import input_gap, small_table, supply_gap

from graphmap.classification.concordance import Concordance

seeds = st.integers(0, 2**32 - 1)


def with_import_rows(table, seed=0):
    """The table with imported products by user beside it."""
    random = np.random.default_rng(seed)
    return replace(
        table,
        Z_imports=random.random((table.n, table.n)),
        Y_imports=random.random(table.Y.shape),
    )


tables = st.builds(
    lambda table, seed, apart: with_import_rows(table, seed) if apart else table,
    st.builds(
        small_table,
        seeds,
        st.integers(1, 4),
        st.integers(2, 5),
        competitive=st.booleans(),
        with_exports=st.booleans(),
        is_sparse=st.booleans(),
    ),
    seeds,
    st.booleans(),
)


def own(pairs: dict[str, dict[str, float]], source: str = "", target: str = "") -> Concordance:
    """A concordance from nested dicts: source -> target -> weight."""
    rows = [(s, t, weight) for s, of in pairs.items() for t, weight in of.items()]
    return Concordance(source, target, pd.DataFrame(rows, columns=["source", "target", "weight"]))


def assert_totals_kept(found, table) -> None:
    assert sparse.issparse(found.Z) == sparse.issparse(table.Z)
    assert supply_gap(found) < 1e-12
    assert input_gap(found) < 1e-12
    for name in ("Z", "Y", "V", "imports", "x", "imports_inside", "Z_imports", "Y_imports"):
        a, b = getattr(found, name), getattr(table, name)
        assert (a is None) == (b is None)
        assert a is None or a.sum() == pytest.approx(b.sum(), rel=1e-12), name
    for key, extension in table.extensions.items():
        assert found.extensions[key].F.sum() == pytest.approx(extension.F.sum(), rel=1e-12)
        assert found.extensions[key].F_Y.sum() == pytest.approx(extension.F_Y.sum(), rel=1e-12)
    assert found.index.index.is_unique
    assert list(found.index.columns) == list(table.index.columns)
