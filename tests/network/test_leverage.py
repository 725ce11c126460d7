"""Leverage over the high-carbon sectors, against the full matrix."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import flows, net_of

import graphmap as gm
from graphmap import sample
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import key_sectors, network, roles
from graphmap.network.leverage import leverage


def emitting(W, high):
    n = len(W)
    return net_of(
        W,
        region=["A"] * n,
        gross_output=[1.0] * n,
        direct_co2=np.array(high, float),
        transmission=[0.0] * n,
    )


def places(values):
    return [
        sorted(range(len(values)), key=lambda i: -values[i]).index(i) + 1
        for i in range(len(values))
    ]


@given(flows(), st.integers(0, 2**9 - 1), st.integers(1, 4))
@settings(max_examples=40)
def test_leverage_is_what_the_matrix_says(W, bits, count) -> None:
    n = len(W)
    high = [bool(bits >> i & 1) for i in range(n)]
    if not any(high):
        high[0] = True
    net = emitting(W, high)
    found = leverage(net, count=count, role=roles(net.nodes, top=n))
    V = W * (1 - np.eye(n))
    H = np.flatnonzero(high)
    assert found["high"].tolist() == high
    for matrix, names in (
        (V, "bought share_of_supply share_of_purchases high_suppliers large_user_of procurement"),
        (V.T, "sold share_of_inputs share_of_sales high_users large_supplier_of supply"),
    ):
        amount, of_all, of_own, many, large, place = names.split()
        dealt = matrix[H].sum(axis=0)
        np.testing.assert_array_equal(found[f"money_{amount}"], dealt)
        total, own = dealt.sum(), matrix.sum(axis=0)
        np.testing.assert_allclose(found[f"money_{of_all}"], dealt / (total or 1))
        np.testing.assert_allclose(found[f"money_{of_own}"], dealt / np.where(own > 0, own, 1))
        assert found[f"money_{many}"].tolist() == (matrix[H] > 0).sum(axis=0).tolist()
        leading = np.zeros(n, dtype=int)
        for i in H:
            best = sorted(np.flatnonzero(matrix[i]), key=lambda j, i=i: -matrix[i, j])[:count]
            leading[best] += 1
        assert found[f"money_{large}"].tolist() == leading.tolist()
        assert found[f"money_rank_{place}"].tolist() == places(dealt)
    assert not found.isna().any(axis=None)


def test_every_weight_has_columns_of_its_own() -> None:
    table = sample.table()
    nets = network(table), network(table, "money")
    found = leverage(*nets)
    for net in nets:
        alone = leverage(net)
        pd.testing.assert_frame_equal(found[alone.columns], alone)
        shares = [f"{net.weight}_share_of_{what}" for what in ("supply", "inputs")]
        np.testing.assert_allclose(found[shares].sum(), 1.0)
    assert len(found.columns) == 1 + 2 * 12


def test_real_guangdong_construction_is_the_first_to_buy_green(data) -> None:
    net = network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    found = leverage(net)
    assert found["embodied_co2_rank_procurement"].idxmin() == "CN-GD.27"
    assert not found.loc["CN-GD.27", "high"]
    # electricity supplies the other high-carbon sectors with most of their embodied CO2
    assert found["embodied_co2_rank_supply"].idxmin() == "CN-GD.24"
    assert found.loc["CN-GD.24", "high"]
    key = key_sectors(net, share=0.5)
    assert leverage(net, role=key)["high"].sum() == key["high_carbon"].sum() < 5


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_the_unit_changes_only_figures_in_it(factor) -> None:
    net = network(sample.table().select(["CN-GD"]))
    one, two = leverage(net), leverage(dataclasses.replace(net, weights=net.weights * factor))
    two[["embodied_co2_bought", "embodied_co2_sold"]] /= factor
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    "W",
    [
        [[0.0]],
        [[5.0]],
        np.zeros((3, 3)),
        np.diag([1.0, 2.0, 3.0]),
        np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]),
        np.ones((3, 3)),
        [[0.0, 1.0], [0.0, 0.0]],
    ],
    ids=["one", "one loop", "no edges", "only loops", "disconnected", "equal", "zero row"],
)
@pytest.mark.parametrize("emits", [0.0, 1.0])
def test_degenerate_networks_have_defined_leverage(W, emits) -> None:
    n = len(W)
    found = leverage(emitting(W, [emits] * n))
    assert list(found.index) == [f"n{i}" for i in range(n)]
    assert not found.isna().any(axis=None)
    assert found["high"].all(), "where nothing emits, those of high output"
    flowing = (np.asarray(W) * (1 - np.eye(n))).any()
    assert found["money_share_of_supply"].sum() == pytest.approx(float(flowing))
    assert sorted(found["money_rank_supply"]) == list(range(1, n + 1))


def test_every_column_has_a_name() -> None:
    found = leverage(network(sample.table().select(["CN-GD"]), "money"))
    for column in found:
        key = f"relations.column.{column.removeprefix('money_')}"
        assert set(vocabulary()[key]) == set(LANGUAGES)
