"""Imports under an assumption: identities, what tables do not tell, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from accounts.small_tables import dense, small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from made import table_of

from graphmap.errors import DataError
from graphmap.leontief.consumption import CATEGORIES, OUTSIDE, consumption_accounts
from graphmap.leontief.imports import imports_of


def intensities(table):
    """Direct intensity and the inverse of a table, Mt per 10 thousand."""
    x = table.x * table.to_10k
    A = dense(table) * table.to_10k / x
    return table.co2 / x, np.linalg.inv(np.eye(table.n) - A)


def outside(accounts):
    return accounts.products.xs(OUTSIDE, axis=1, level="emitted").to_numpy().sum()


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.booleans())
@settings(deadline=None, max_examples=25)
def test_domestic_technology_is_the_footprint_with_imports_left_in(
    seed, regions, is_sparse
) -> None:
    """Imported products made as at home: as if the table had never told them apart."""
    table = small_table(seed, regions, 3, competitive=True, is_sparse=is_sparse)
    found = consumption_accounts(table, "domestic").products
    f, L = intensities(table)
    m = f @ L
    use = [CATEGORIES.get(name, name) for name in table.final_uses["category"]]
    for category in set(use):
        Y = table.Y[:, np.array(use) == category].sum(axis=1) * table.to_10k
        np.testing.assert_allclose(found[category].sum(axis=1), m * Y, rtol=1e-8)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
@settings(deadline=None, max_examples=25)
def test_domestic_technology_satisfies_its_definition(seed, regions) -> None:
    table = small_table(seed, regions, 3, competitive=True)
    apart = table.domestic()
    f, _ = intensities(apart)
    found = imports_of(table, apart, f, "domestic")
    A_d, A_m = apart.Z / apart.x, (table.Z - apart.Z) / apart.x
    m = found.intensity
    np.testing.assert_allclose(m, f + A_d.T @ m + A_m.T @ m, rtol=1e-10)
    np.testing.assert_allclose(found.behind_inputs, A_m.T @ m, rtol=1e-8, atol=1e-15)


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(deadline=None, max_examples=25)
def test_domestic_technology_as_given_intensities_gives_the_same(seed, is_sparse) -> None:
    table = small_table(seed, 1, 4, competitive=True, is_sparse=is_sparse)
    apart = table.domestic()
    m = imports_of(table, apart, intensities(apart)[0], "domestic").intensity
    given_ = pd.Series(m * 1e6, index=table.index["code"].to_numpy())[::-1]
    one, other = (consumption_accounts(table, how) for how in ("domestic", given_))
    for part in ("regions", "trade", "categories", "products"):
        pd.testing.assert_frame_equal(getattr(one, part), getattr(other, part), rtol=1e-9)


def without_imports(seed):
    table = small_table(seed, 2, 3)
    x, nothing = table.x, np.zeros(table.n)
    V = (x - dense(table).sum(axis=0))[None, :]
    return replace(table, V=V, imports=nothing)


@pytest.mark.parametrize("assumption", ["domestic", 7.0])
def test_without_imports_every_assumption_is_excluded(assumption) -> None:
    table = without_imports(4)
    nothing = np.zeros(table.n)
    inside = replace(table, imports_inside=nothing)
    apart = replace(table, Z_imports=np.zeros((table.n, table.n)), Y_imports=np.zeros_like(table.Y))
    excluded = consumption_accounts(table)
    for each in (inside, apart):
        found = consumption_accounts(each, assumption)
        for part in ("regions", "trade", "categories", "products"):
            pd.testing.assert_frame_equal(getattr(found, part), getattr(excluded, part))


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=12)
def test_imports_in_rows_of_their_own_count_as_those_taken_out_of_cells(seed) -> None:
    table = small_table(seed, 1, 4, competitive=True)
    Z_imports, Y_imports = table.imported_products()
    apart = replace(table.domestic(), Z_imports=Z_imports, Y_imports=Y_imports)
    for assumption in ("domestic", 1.5):
        one, other = (consumption_accounts(each, assumption) for each in (table, apart))
        pd.testing.assert_frame_equal(one.products, other.products)
        pd.testing.assert_frame_equal(one.regions, other.regions)


def test_one_number_counts_all_imports_by_value() -> None:
    """With 2 t a unit of import, what is imported in all carries 2 t a unit."""
    table = small_table(6, 2, 3, competitive=True)
    found = consumption_accounts(table, 2.0)
    assert outside(found) == pytest.approx(2e-6 * table.imports_inside.sum(), rel=1e-9)
    assert found.notes[0]["zh-Hans"] == "表外进口按每万元排放 2 吨二氧化碳计算。"
    as_text = consumption_accounts(table, "2")
    pd.testing.assert_frame_equal(as_text.regions, found.regions)


def test_of_imports_by_user_only_the_inputs_count_and_the_notes_say_so() -> None:
    table = small_table(6, 2, 3)
    found = consumption_accounts(table, 2.0)
    assert outside(found) == pytest.approx(2e-6 * table.imports.sum(), rel=1e-9)
    assert any("imported products in final use are not" in note["en"] for note in found.notes)
    cut = small_table(6, 2, 3, competitive=True).select(["CN-GD"])
    assert any("only which industries" in note["en"] for note in consumption_accounts(cut, 2).notes)


def test_competitive_imports_beside_imports_by_user_are_not_taken_for_all() -> None:
    table = small_table(6, 1, 3, competitive=True)
    table = replace(table, imports=np.full(3, 7.0), V=table.V - 7)
    with pytest.raises(DataError, match="does not say which products"):
        consumption_accounts(table, "domestic")


CUT = small_table(1, 2, 3)
COMPETITIVE = small_table(1, 1, 3, competitive=True)
BY_CODE = pd.Series({"24": 1.0, "29": 2.0, "27": 3.0})


@pytest.mark.parametrize(
    ("table", "assumption", "message"),
    [
        (CUT, "love", r"unknown assumption.*'love'.*'excluded', 'domestic' or a number"),
        (CUT, None, "unknown assumption"),
        (CUT, "domestic", r"does not say which products.*by user only.*'excluded'"),
        (CUT, BY_CODE, "does not say which products"),
        (CUT, -1, "not an intensity.*'-1'.*zero or more"),
        (CUT, float("nan"), "not an intensity.*nan"),
        (CUT, "inf", "not an intensity.*inf"),
        (COMPETITIVE, BY_CODE[:2], "not those of the table's sectors.*'27'"),
        (COMPETITIVE, pd.concat([BY_CODE, BY_CODE[:1]]), "not those of.*'24'"),
        (COMPETITIVE, pd.concat([BY_CODE, pd.Series({3: 1.0})]), "not those of.*'3'"),
        (COMPETITIVE, BY_CODE.replace(2.0, np.nan), "not an intensity"),
        (without_imports(1), "domestic", "lists no imports"),
        (without_imports(1), 1.0, "lists no imports"),
    ],
)
def test_an_assumption_that_cannot_be_met_is_refused(table, assumption, message) -> None:
    with pytest.raises(DataError, match=message):
        consumption_accounts(table, assumption)


def test_a_product_that_is_only_imported_has_no_domestic_technology() -> None:
    table = table_of(np.array([[0.0, 0.0], [0.0, 5.0]]), [0.0, 50.0], co2=[0, 2])
    Z_imports = np.array([[0.0, 10.0], [0.0, 0.0]])
    table = replace(
        table,
        imports=Z_imports.sum(axis=0),
        V=table.V - Z_imports.sum(axis=0),
        Z_imports=Z_imports,
        Y_imports=np.zeros((2, 1)),
    )
    with pytest.raises(DataError, match="s0 is imported but not made at home"):
        consumption_accounts(table, "domestic")
    found = consumption_accounts(table, pd.Series({"00": 1e6, "01": 0.0}))
    assert found.trade.loc[OUTSIDE].sum() == pytest.approx(10)
