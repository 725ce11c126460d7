"""Other units, currencies and prices keep both identities and say what was done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap import sample
from graphmap.accounts import IOTable, check
from graphmap.accounts.gaps import misfit
from graphmap.accounts.prices import deflated, in_unit
from graphmap.errors import DataError


def prices_of(table: IOTable, seed: int, spread: float = 0.05) -> pd.Series:
    codes = table.index["code"].unique()
    rng = np.random.default_rng(seed)
    return pd.Series(1 + spread * rng.uniform(-1, 1, len(codes)), index=codes)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_both_identities_hold_at_other_prices(seed: int) -> None:
    table = sample.table()
    index = prices_of(table, seed)
    found = deflated(table, index, base=2012)
    assert [each.severity for each in check(found)] == ["ok"]
    price = table.index["code"].map(index).to_numpy(float)
    assert np.allclose(found.x * price, table.x)
    assert np.allclose(found.Z * price[:, None], table.Z)
    assert "2012" in found.prices and "2012" in found.source.notes[-1]["zh-Hans"]


def test_one_price_index_for_all_scales_everything() -> None:
    table = sample.table()
    index = prices_of(table, 0, 0.0) * 1.25
    found = deflated(table, index, base=2010)
    for part in ("Z", "Y", "V", "imports", "x"):
        assert np.allclose(getattr(found, part) * 1.25, getattr(table, part)), part


def test_value_added_is_what_double_deflation_leaves() -> None:
    """Miller and Blair's arithmetic, by hand: 100 of output, 40 and 20 of inputs."""
    table = sample.table()
    index = prices_of(table, 3)
    found, price = deflated(table, index, base=2012), table.index["code"].map(index).to_numpy(float)
    j = 5
    by_hand = table.x[j] / price[j] - sum(table.Z[i, j] / price[i] for i in range(table.n))
    assert np.isclose(found.V[:, j].sum() + found.imports[j], by_hand)


def test_prices_that_leave_no_value_added_are_refused() -> None:
    table = sample.table()
    index = prices_of(table, 0, 0.0)
    index.iloc[23] = 0.1
    with pytest.raises(DataError, match="exceed its output at these prices"):
        deflated(table, index, base=2012)


@pytest.mark.parametrize("price", [0.9, 1.1])
def test_a_sector_that_pays_for_inputs_only_keeps_its_identity_or_is_refused(price: float) -> None:
    """Where nothing else is paid, nothing takes up what double deflation leaves."""
    table = sample.table()
    V, imports, Z, Y = (part.copy() for part in (table.V, table.imports, table.Z, table.Y))
    V[:, 0], imports[0] = 0, 0
    Z[0, 0] += table.x[0] - Z[:, 0].sum()
    Y[0, 0] += table.x[0] - Z[0].sum() - Y[0].sum()
    only = replace(table, V=V, imports=imports, Z=Z, Y=Y)
    index = prices_of(table, 0, 0.0) * 1.25
    assert misfit(deflated(only, index, base=2012)) < 1e-9
    index.iloc[0] *= price
    with pytest.raises(DataError, match=f"inputs of {table.index['name_en'].iloc[0]} "):
        deflated(only, index, base=2012)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_a_price_index_is_a_positive_number(bad: float) -> None:
    table = sample.table()
    index = prices_of(table, 0)
    index.iloc[4] = bad
    with pytest.raises(DataError, match="price index of 05"):
        deflated(table, index, base=2012)


@pytest.mark.parametrize("published", [105.0, 97.0, 0.01])
def test_an_index_that_is_100_in_the_base_year_is_refused(published: float) -> None:
    table = sample.table()
    index = prices_of(table, 0, 0.0)
    with pytest.raises(DataError, match=r"index of 01 is hardly one.*[Dd]ivide by 100"):
        deflated(table, index * published, base=2015)
    index.iloc[4] = published
    with pytest.raises(DataError, match="index of 05 is hardly one"):
        deflated(table, index, base=2015)


def test_constant_prices_are_not_deflated_again() -> None:
    table = sample.table()
    index = prices_of(table, 0)
    once = deflated(table, index, base=2015)
    with pytest.raises(
        DataError, match=r"constant prices already.*constant producer prices of 201"
    ):
        deflated(once, index, base=2015)


def test_every_sector_needs_one_index() -> None:
    table = sample.table()
    index = prices_of(table, 0)
    with pytest.raises(DataError, match="without a price index; found '07'"):
        deflated(table, index.drop("07"), base=2012)
    with pytest.raises(DataError, match="two price indices"):
        deflated(table, pd.concat([index, index.loc[["07"]]]), base=2012)


def test_another_currency_only_at_a_rate_that_is_recorded() -> None:
    table = sample.table()
    with pytest.raises(DataError, match="no exchange rate"):
        in_unit(table, "million_usd")
    with pytest.raises(DataError, match="within one currency"):
        in_unit(table, "million_yuan", rate=6.75)
    with pytest.raises(DataError, match="positive"):
        in_unit(table, "million_usd", rate=-1)
    found = in_unit(table, "million_usd", rate=6.7518)
    assert found.unit == "million_usd" and "6.7518" in found.source.notes[-1]["en"]
    # 100 million yuan are 100 / 6.7518 million dollars
    assert np.allclose(found.x, table.x * 100 / 6.7518)
    back = in_unit(found, "100m_yuan", rate=1 / 6.7518)
    assert np.allclose(back.Z, table.Z)


def test_another_unit_of_the_same_currency_needs_no_rate() -> None:
    table = sample.table()
    found = in_unit(table, "万元")
    assert found.unit == "10k_yuan" and np.allclose(found.Y, table.Y * 1e4)
    assert found.source.notes == table.source.notes
    assert [each.severity for each in check(found)] == ["ok"]
