"""Extraction by formula beside extraction by recomputation, and what passes between sectors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import economies, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.leontief import LeontiefSystem
from graphmap.leontief.extraction import (
    extraction,
    extraction_effects,
    extraction_losses,
    inverse_columns,
    output_lost,
)

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"


def coefficients(Z, x):
    return np.divide(Z, x, out=np.zeros_like(Z), where=x > 0)


def recomputed(Z, x, K):
    """(3, n) output lost in the complete, backward and forward sense: zeroed and solved again."""
    n, A = len(x), coefficients(Z, x)
    B = np.divide(Z, x[:, None], out=np.zeros_like(Z), where=x[:, None] > 0)
    y, v = x - Z.sum(axis=1), x - Z.sum(axis=0)
    gone, bought_less, sold_less, y_gone = A.copy(), A.copy(), B.copy(), y.copy()
    gone[K], gone[:, K], y_gone[K] = 0, 0, 0
    bought_less[:, K] = 0
    sold_less[K] = 0
    return x - np.array(
        [
            np.linalg.solve(np.eye(n) - gone, y_gone),
            np.linalg.solve(np.eye(n) - bought_less, y),
            np.linalg.solve(np.eye(n) - sold_less.T, v),
        ]
    )


@st.composite
def groups(draw):
    """An economy and some, never all, of its sectors; some may produce nothing."""
    Z, x, y, co2 = draw(economies().filter(lambda economy: len(economy[1]) > 1))
    n = len(x)
    K = draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n - 1, unique=True))
    return Z, x, y, co2, np.sort(K)


@given(groups())
@settings(max_examples=150)
def test_extraction_by_formula_equals_extraction_by_recomputation(case) -> None:
    Z, x, _, co2, K = case
    f = np.divide(co2, x, out=np.zeros_like(x), where=x > 0)
    expected = recomputed(Z, x, K)
    system = LeontiefSystem(Z, x)
    columns = inverse_columns(system, K)
    for per_output in (f, np.ones(len(x))):
        m, q = system.solve_transposed(per_output), system.solve(per_output * x)
        found = extraction_losses(columns, K, per_output, m, x, q)
        np.testing.assert_allclose(found, expected @ per_output, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(output_lost(columns, K, x), expected[0], rtol=1e-9, atol=1e-11)


@given(groups())
@settings(max_examples=40)
def test_a_table_says_the_same_as_the_arrays(case) -> None:
    Z, x, _, co2, K = case
    table = table_of(Z, x, co2=co2)
    found = extraction(table, [f"n{i}" for i in K])
    assert found.sectors == tuple(f"n{i}" for i in K)
    f, expected = coefficients(co2[None, :], x)[0], recomputed(Z, x, K)
    np.testing.assert_allclose(
        found.losses["gross_output"], expected.sum(axis=1), rtol=1e-9, atol=1e-11
    )
    shares = expected.sum(axis=1) / x.sum()
    np.testing.assert_allclose(found.losses["gross_output_share"], shares, rtol=1e-9, atol=1e-11)
    by_sector = found.by_sector
    assert (np.flatnonzero(by_sector["extracted"]) == K).all()
    np.testing.assert_allclose(by_sector["output_lost"], expected[0], rtol=1e-9, atol=1e-11)
    if not co2.any():
        return
    np.testing.assert_allclose(found.losses["co2"], expected @ f, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(
        found.losses["co2_share"], expected @ f / co2.sum(), rtol=1e-9, atol=1e-11
    )
    np.testing.assert_allclose(by_sector["co2_lost"], expected[0] * f, rtol=1e-9, atol=1e-11)


@given(groups())
@settings(max_examples=40)
def test_transfers_are_the_blocks_of_the_inverse(case) -> None:
    Z, x, y, co2, K = case
    if not co2.any():
        return
    f, A = coefficients(co2[None, :], x)[0], coefficients(Z, x)
    R = np.setdiff1d(np.arange(len(x)), K)
    emitted = f[:, None] * np.linalg.inv(np.eye(len(x)) - A) * y  # by i for product j
    alone = (f[K] @ np.linalg.inv(np.eye(len(K)) - A[np.ix_(K, K)])) @ y[K]
    found = extraction(table_of(Z, x, co2=co2), [f"n{i}" for i in K])
    expected = {
        "direct": co2[K].sum(),
        "footprint": emitted[:, K].sum(),
        "internal": alone,
        "mixed": emitted[np.ix_(K, K)].sum() - alone,
        "net_backward": emitted[np.ix_(R, K)].sum(),
        "net_forward": emitted[np.ix_(K, R)].sum(),
        "net_transfer": emitted[np.ix_(R, K)].sum() - emitted[np.ix_(K, R)].sum(),
    }
    assert found.transfer == pytest.approx(expected, rel=1e-9, abs=1e-11)
    assert expected["net_transfer"] == pytest.approx(
        found.transfer["footprint"] - found.transfer["direct"], rel=1e-9, abs=1e-11
    )
    ours = found.by_sector[["emitted_for_group", "group_emits_for"]]
    theirs = np.column_stack([emitted[:, K].sum(axis=1), emitted[K].sum(axis=0)])
    theirs[K] = 0
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)


@given(economies())
@settings(max_examples=40)
def test_every_sector_by_itself_from_the_diagonal(economy) -> None:
    Z, x, y, e = economy
    n, f = len(x), coefficients(e[None, :], x)[0]
    L = np.linalg.inv(np.eye(n) - coefficients(Z, x))
    found = extraction_effects(f, f @ L, L @ e, x, e, np.diag(L))
    for i in range(n):
        expected = recomputed(Z, x, [i]) @ f
        ours = [found.complete[i], found.backward[i], found.forward[i]]
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-11)
    if n > 1 and e.any():  # the last of them, by the other road
        alone = extraction(table_of(Z, x, co2=e), f"n{i}")
        np.testing.assert_allclose(alone.losses["co2"], ours, rtol=1e-9, atol=1e-11)
        net = (f @ L[:, i] * y[i]) - f[i] * L[i] @ y
        assert alone.transfer["net_transfer"] == pytest.approx(net, rel=1e-9, abs=1e-11)


@given(groups())
@settings(max_examples=20)
def test_sparse_and_dense_tables_lose_the_same(case) -> None:
    Z, x, _, co2, K = case
    named = [f"n{i}" for i in K]
    dense = extraction(table_of(Z, x, co2=co2), named)
    thin = extraction(table_of(sparse.csr_array(Z), x, co2=co2), named)
    pd.testing.assert_frame_equal(thin.losses, dense.losses, rtol=1e-9, atol=1e-11)
    pd.testing.assert_frame_equal(thin.by_sector, dense.by_sector, rtol=1e-9, atol=1e-11)
    assert thin.transfer == pytest.approx(dense.transfer, rel=1e-9, abs=1e-11)


def test_two_sectors_by_hand() -> None:
    """Power sells half of its output to steel; steel sells all of its own to final users."""
    table = table_of(
        np.array([[0.0, 50.0], [0.0, 0.0]]), [100.0, 200.0], co2=[3.0, 1.0], unit="100m_yuan"
    )
    steel, power = extraction(table, "n1"), extraction(table, "n0")
    # without steel half of power's output goes, and so does what it emits for it
    assert steel.losses["gross_output"].tolist() == [2.5e6, 0.5e6, 0.0]
    np.testing.assert_allclose(steel.losses["co2"], [2.5, 1.5, 0.0])
    np.testing.assert_allclose(steel.losses["co2_share"], [2.5 / 4, 1.5 / 4, 0.0])
    assert steel.by_sector["output_lost"].tolist() == [0.5e6, 2e6]
    assert steel.by_sector["emitted_for_group"].tolist() == [1.5, 0.0]
    # steel makes a quarter more of its output with power than without: 50 of 200
    assert power.losses["gross_output"].tolist() == [1e6, 0.0, 0.5e6]
    np.testing.assert_allclose(power.losses["co2"], [3.0, 0.0, 0.25])
    assert power.by_sector["group_emits_for"].tolist() == [0.0, 1.5]
    assert power.transfer == pytest.approx(
        {
            "direct": 3.0,
            "footprint": 1.5,
            "internal": 1.5,
            "mixed": 0.0,
            "net_backward": 0.0,
            "net_forward": 1.5,
            "net_transfer": -1.5,
        }
    )


def test_sectors_are_found_by_any_name_in_every_region() -> None:
    table = sample.table()
    expected = extraction(table, ["CN-GD.27", "CN-ZJ.27"])
    assert expected.sectors == ("CN-GD.27", "CN-ZJ.27")
    for name in ("27", "Construction", "建筑", "建築"):
        found = extraction(table, name)
        assert found.sectors == expected.sectors
        pd.testing.assert_frame_equal(found.losses, expected.losses)
    twice = extraction(table, ["Construction", "CN-GD.27"])
    assert twice.sectors == expected.sectors
    with pytest.raises(DataError, match=r"no such sector.*one like Construction"):
        extraction(table, "construct")


def test_a_group_loses_no_more_than_its_sectors_one_by_one() -> None:
    table = sample.table().select(["CN-GD"])
    group = extraction(table, "materials")
    each = [extraction(table, node).losses["co2"]["complete"] for node in group.sectors]
    assert len(each) == 4
    assert max(each) < group.losses["co2"]["complete"] < sum(each)


def test_imports_are_taken_out_unless_asked_otherwise() -> None:
    Z, x = np.array([[0.0, 60.0], [20.0, 0.0]]), np.array([100.0, 100.0])
    table = table_of(Z, x, co2=[1.0, 1.0], imports_inside=[100.0, 0.0])
    domestic = table_of(np.array([[0.0, 30.0], [20.0, 0.0]]), x, co2=[1.0, 1.0])
    without = table_of(Z, x, co2=[1.0, 1.0])
    pd.testing.assert_frame_equal(extraction(table, "n1").losses, extraction(domestic, "n1").losses)
    pd.testing.assert_frame_equal(
        extraction(table, "n1", imports="inside").losses, extraction(without, "n1").losses
    )


def test_without_emissions_gross_output_is_lost_all_the_same() -> None:
    found = extraction(table_of(np.array([[0.0, 50.0], [0.0, 0.0]]), [100.0, 200.0]), "n1")
    assert list(found.losses.columns) == ["gross_output", "gross_output_share"]
    assert found.losses["gross_output"].tolist() == [250.0, 50.0, 0.0]
    assert list(found.by_sector.columns) == ["extracted", "output_lost"]
    assert found.transfer == {}


def test_what_cannot_be_extracted_is_refused() -> None:
    table = table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0])
    with pytest.raises(DataError, match=r"nothing would be left.*all 2 sectors"):
        extraction(table, ["n0", "n1"])
    with pytest.raises(DataError, match="no sector to extract"):
        extraction(table, [])
    with pytest.raises(DataError, match="gross output differs"):
        extraction(replace(table, x=np.array([5.0, 9.0])), "n0")


def agrees_with_recomputation(table, names):
    found, table = extraction(table, names), table.domestic()
    K = np.flatnonzero(found.by_sector["extracted"])
    Z = table.Z.toarray() if sparse.issparse(table.Z) else table.Z
    f = np.divide(table.co2, table.x, out=np.zeros(table.n), where=table.x > 0)
    expected = recomputed(Z, table.x, K)
    np.testing.assert_allclose(found.losses["co2"], expected @ f, rtol=1e-8)
    np.testing.assert_allclose(
        found.losses["gross_output"], expected.sum(axis=1) * table.to_10k, rtol=1e-8
    )
    return found


@pytest.mark.parametrize("names", [["电力、热力的生产和供应"], ["建筑"], ["materials", "24"]])
def test_china_and_guangdong_by_recomputation(data, names) -> None:
    china = gm.read(data / "nbs" / "china_2017_42.csv")
    china = china.with_emissions(gm.read_emissions(data / INVENTORY, year=2017))
    agrees_with_recomputation(china, names)
    agrees_with_recomputation(
        gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"), names
    )


def test_china_calls_for_most_through_construction(data) -> None:
    china = gm.read(data / "nbs" / "china_2017_42.csv")
    china = china.with_emissions(gm.read_emissions(data / INVENTORY, year=2017))
    building, power = extraction(china, "27"), extraction(china, "24")
    assert building.transfer["net_transfer"] > 2000 > -2000 > power.transfer["net_transfer"]
    assert power.losses["co2"]["complete"] > power.transfer["direct"] > 3000
