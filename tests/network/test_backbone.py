"""Backbones against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import flows, net_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import keep, share_of_cells, share_of_flow

SHARES = st.floats(0.001, 1.0)


def between(W):
    return W[~np.eye(len(W), dtype=bool)]


@given(flows(), SHARES)
@settings(max_examples=80)
def test_share_of_cells_keeps_exactly_the_largest_flows(W, share) -> None:
    found = share_of_cells(net_of(W), share)
    largest = np.sort(between(W)[between(W) > 0])[::-1]
    wanted = min(max(1, round(share * W.size)), len(largest))
    assert found.edges == found.network.weights.nnz == wanted
    np.testing.assert_array_equal(np.sort(found.network.weights.data)[::-1], largest[:wanted])
    kept = found.network.weights.toarray()
    assert ((kept == 0) | (kept == W)).all()
    assert not kept.diagonal().any()
    assert found.share_of_cells == wanted / W.size
    assert found.share_of_flow == pytest.approx(largest[:wanted].sum() / largest.sum())


@given(flows(most=4), SHARES)
@settings(max_examples=60)
def test_share_of_flow_is_the_smallest_set_that_covers_the_share(W, share) -> None:
    found = share_of_flow(net_of(W), share)
    values = between(W)[between(W) > 0]
    smallest = next(
        size
        for size in range(1, len(values) + 1)
        if any(
            sum(chosen) >= share * values.sum() * (1 - 1e-12)
            for chosen in itertools.combinations(values, size)
        )
    )
    assert found.edges == found.network.weights.nnz == smallest
    assert found.share_of_flow >= share - 1e-12


@given(flows(), SHARES, SHARES)
@settings(max_examples=40)
def test_a_larger_share_keeps_every_flow_of_a_smaller_one(W, one, other) -> None:
    for rule in (share_of_cells, share_of_flow):
        small, large = (rule(net_of(W), s).network.weights.toarray() for s in sorted([one, other]))
        assert ((small == 0) | (small == large)).all()


def test_the_published_maps_keep_88_of_1764_cells() -> None:
    found = share_of_cells(gm.network(sample.table().select(["CN-GD"])))
    assert found.edges == 88
    assert found.share_of_cells == 88 / 1764


@pytest.mark.parametrize("kind", ["money", "direct_co2", "embodied_co2"])
def test_guangdong_keeps_its_88_largest_flows(data, kind) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    net = gm.network(table, weight=kind)
    W = net.weights.toarray()
    largest = np.sort(between(W))[::-1][:88]
    found = keep(net, "5%")
    np.testing.assert_array_equal(np.sort(found.network.weights.data)[::-1], largest)
    assert found.share_of_flow == pytest.approx(largest.sum() / between(W).sum())
    covering = keep(net, "flow:80%")
    assert (
        covering.share_of_flow
        >= 0.8
        > (covering.share_of_flow - covering.network.weights.data.min() / between(W).sum())
    )


@pytest.mark.parametrize(
    ("rule", "edges"),
    [("50%", 4), (" 50 % ", 4), ("12.5%", 1), ("flow:50%", 2), ("flow : 50.0 %", 2), ("100%", 5)],
)
def test_rules_as_they_are_typed(rule, edges) -> None:
    W = [[9, 4, 3], [0, 9, 2], [1, 1, 0]]
    # 9 cells, flows between sectors 4, 3, 2, 1, 1
    assert keep(net_of(W), rule).edges == edges


@pytest.mark.parametrize("rule", ["", "5", "0.05", "%", "-5%", "flow:", "flows:5%", "5%%", "1e1%"])
def test_a_rule_that_is_none_is_refused(rule) -> None:
    with pytest.raises(DataError, match=r"cannot read what to keep.*'5%'.*'flow:80%'"):
        keep(net_of([[0, 1], [1, 0]]), rule)


@pytest.mark.parametrize("rule", ["0%", "100.1%", "flow:0%", "flow:101%"])
def test_a_share_beyond_0_to_100_is_refused(rule) -> None:
    with pytest.raises(DataError, match="more than 0 and at most 100 %"):
        keep(net_of([[0, 1], [1, 0]]), rule)


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan"), float("inf")])
@pytest.mark.parametrize("rule", [share_of_cells, share_of_flow])
def test_a_share_that_is_none_is_refused(rule, share) -> None:
    with pytest.raises(DataError, match="at most 100 %"):
        rule(net_of([[0, 1], [1, 0]]), share)


@pytest.mark.parametrize("W", [[[0.0]], [[7.0]], [[1.0, 0.0], [0.0, 1.0]]])
@pytest.mark.parametrize("rule", ["5%", "100%", "flow:80%"])
def test_where_nothing_flows_nothing_is_kept(W, rule) -> None:
    found = keep(net_of(W), rule)
    assert (found.edges, found.share_of_cells, found.share_of_flow) == (0, 0.0, 0.0)


def test_equal_flows_are_kept_in_the_order_of_the_table() -> None:
    found = share_of_cells(net_of(np.ones((4, 4))), 0.25).network.edges()
    assert found[["supplier", "user"]].to_numpy().tolist() == [
        ["n0", "n1"],
        ["n0", "n2"],
        ["n0", "n3"],
        ["n1", "n0"],
    ]
