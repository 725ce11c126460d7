"""Cycles and pairs against networkx, which lists them all."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import flows, net_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import key_sectors, network
from graphmap.network.cycles import CYCLE_COLUMNS, count_cycles, key_cycles, reciprocal_pairs

LENGTHS = [(2,), (3,), (4,), (3, 4), (2, 3, 4), (4, 2)]


def measured(W):
    return net_of(W, region=["A"] * len(W), gross_output=1.0, direct_co2=1.0, transmission=1.0)


def all_cycles(net, lengths):
    """Every cycle as networkx finds it, in the order that the docstring states."""
    graph = nx.DiGraph()
    edges = net.without_loops().edges()
    place = {pair: k for k, pair in enumerate(zip(edges["supplier"], edges["user"], strict=True))}
    graph.add_edges_from(place)
    number = {node: k for k, node in enumerate(net.nodes.index)}
    found = []
    for cycle in nx.simple_cycles(graph, length_bound=max(lengths)):
        if len(cycle) in lengths:
            start = min(range(len(cycle)), key=lambda k, cycle=cycle: number[cycle[k]])
            turned = (*cycle[start:], *cycle[:start])
            steps = list(zip(turned, (*turned[1:], turned[0]), strict=True))
            last = max(place[step] for step in steps)
            order = (last, len(turned), [number[node] for node in turned])
            flows = [edges["weight"].iloc[place[step]] for step in steps]
            found.append((order, turned, flows))
    return sorted(found, key=lambda each: each[0])


@given(flows(most=7), st.sampled_from(LENGTHS), st.integers(1, 40))
@settings(max_examples=50)
def test_the_strongest_cycles_are_those_of_networkx(W, lengths, count) -> None:
    net = measured(W)
    found, expected = key_cycles(net, lengths=lengths, count=count), all_cycles(net, lengths)
    assert list(found.columns) == CYCLE_COLUMNS
    assert found["cycle"].tolist() == [turned for _, turned, _ in expected[:count]]
    assert [list(each) for each in found["flows"]] == [flows for _, _, flows in expected[:count]]
    strongest = sorted((min(flows) for _, _, flows in expected), reverse=True)[:count]
    assert found["bottleneck"].tolist() == strongest
    for row in found.itertuples():
        at = [net.nodes.index.get_loc(node) for node in (row.weakest_supplier, row.weakest_user)]
        assert W[tuple(at)] == row.bottleneck == min(row.flows)
        assert row.length == len(row.cycle) == len(row.roles)


@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.sampled_from([0.1, 0.4, 1.0]))
@settings(max_examples=60)
def test_cycles_are_counted_without_listing_them(seed, n, density) -> None:
    random = np.random.default_rng(seed)
    W = (random.random((n, n)) < density) & ~np.eye(n, dtype=bool)
    listed = [len(c) for c in nx.simple_cycles(nx.DiGraph(W.astype(int)), length_bound=4)]
    supplier, user = np.nonzero(W)
    for lengths in LENGTHS:
        expected = sum(length in lengths for length in listed)
        assert count_cycles(supplier, user, lengths) == expected


def test_a_thin_network_is_counted_like_a_dense_one() -> None:
    n = 60  # a ring of pairs and one square: few of the cells are filled
    W = np.zeros((n, n))
    for i in range(0, n, 2):
        W[i, i + 1] = W[i + 1, i] = W[i + 1, (i + 2) % n] = 1
    W[5, 0] = 1
    supplier, user = np.nonzero(W)
    graph = nx.DiGraph(W)
    for lengths in LENGTHS:
        expected = sum(len(c) in lengths for c in nx.simple_cycles(graph, length_bound=4))
        assert count_cycles(supplier, user, lengths) == expected


@given(flows())
@settings(max_examples=30)
def test_pairs_are_ordered_by_their_smaller_flow(W) -> None:
    found = reciprocal_pairs(measured(W), count=None)
    pairs = [(i, j) for i in range(len(W)) for j in range(i) if W[i, j] > 0 and W[j, i] > 0]
    expected = sorted(((j, i) for i, j in pairs), key=lambda p: (-min(W[p], W[p[::-1]]), *p))
    assert len(found) == len(expected)
    for row, (i, j) in zip(found.itertuples(), expected, strict=True):
        supplier, user = (j, i) if W[j, i] > W[i, j] else (i, j)
        assert (row.supplier, row.user) == (f"n{supplier}", f"n{user}")
        assert (row.larger, row.smaller) == (W[supplier, user], W[user, supplier])
        assert row.balance == row.smaller / row.larger
    cycles = key_cycles(measured(W), lengths=[2], count=10**6)
    assert cycles["bottleneck"].tolist() == found["smaller"].tolist()


@pytest.mark.parametrize("weight", ["money", "embodied_co2"])
def test_cycles_of_the_sample_are_those_of_networkx(weight) -> None:
    # networkx lists all cycles, so it is given the largest flows only
    whole = network(sample.table().select(["CN-GD"]), weight)
    net = dataclasses.replace(whole, weights=strongest(whole, 300))
    expected = all_cycles(net, (3, 4))
    assert len(expected) >= 10
    for part in (net, whole):  # smaller flows close no stronger cycle
        found = key_cycles(part, count=10)
        assert found["cycle"].tolist() == [turned for _, turned, _ in expected[:10]]


def strongest(net, count):
    flows = net.without_loops().weights.tocoo()
    flows.data[np.argsort(-flows.data)[count:]] = 0
    found = flows.tocsr()
    found.eliminate_zeros()
    return found


def test_real_guangdong_paper_services_trade_and_chemicals_go_round(data) -> None:
    net = network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    found = key_cycles(net)
    assert found["cycle"].iloc[0] == ("CN-GD.10", "CN-GD.34", "CN-GD.28", "CN-GD.12")
    role = key_sectors(net)["role"]
    assert found["roles"].iloc[0] == tuple(role.loc[list(found["cycle"].iloc[0])])
    assert reciprocal_pairs(net).loc[0, ["supplier", "user"]].tolist() == ["CN-GD.01", "CN-GD.06"]


def test_a_chain_that_one_weak_flow_closes() -> None:
    n = 40
    W = np.triu(np.random.default_rng(3).lognormal(size=(n, n)), 1)
    assert len(key_cycles(measured(W), lengths=[2, 3, 4])) == 0
    W[n - 1, 0] = 1e-9
    found = key_cycles(measured(W), lengths=[2, 3, 4], count=3)
    assert found["bottleneck"].tolist() == [1e-9] * 3
    assert found["cycle"].tolist() == [("n0", "n39"), ("n0", "n1", "n39"), ("n0", "n2", "n39")]
    assert (found["weakest_supplier"] == "n39").all()


def test_a_million_flows_are_quick_and_the_same_every_time() -> None:
    n = 1302
    W = np.random.default_rng(1).lognormal(sigma=3, size=(n, n))
    net = measured(W)
    found = key_cycles(net, lengths=[2, 3, 4])
    assert found.equals(key_cycles(net, lengths=[2, 3, 4]))
    # no stronger one was left out: the flows above the last bottleneck form no other cycle
    supplier, user = np.nonzero((found["bottleneck"].iloc[-1] < W) & ~np.eye(n, dtype=bool))
    assert count_cycles(supplier, user, [2, 3, 4]) < 10


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_the_unit_changes_only_figures_in_it(factor) -> None:
    net = network(sample.table().select(["CN-GD"]))
    other = dataclasses.replace(net, weights=net.weights * factor)
    one, two = key_cycles(net), key_cycles(other)
    same = ["cycle", "roles", "weakest_supplier", "weakest_user"]
    pd.testing.assert_frame_equal(one[same], two[same])
    np.testing.assert_allclose(one["bottleneck"] * factor, two["bottleneck"])
    one, two = reciprocal_pairs(net), reciprocal_pairs(other)
    two[["larger", "smaller"]] /= factor
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    ("W", "pairs", "cycles"),
    [
        ([[0.0]], 0, 0),
        ([[5.0]], 0, 0),
        (np.zeros((3, 3)), 0, 0),
        (np.diag([1.0, 2.0, 3.0]), 0, 0),
        (np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]), 2, 0),
        (np.ones((4, 4)), 6, 8 + 6),
        ([[0.0, 1.0], [0.0, 0.0]], 0, 0),
    ],
    ids=["one", "one loop", "no edges", "only loops", "disconnected", "equal", "zero row"],
)
def test_degenerate_networks_have_defined_cycles(W, pairs, cycles) -> None:
    net = measured(W)
    found = reciprocal_pairs(net), key_cycles(net, count=99)
    assert [len(each) for each in found] == [pairs, cycles]
    assert not any(each.isna().any(axis=None) for each in found)


@pytest.mark.parametrize("lengths", [(), (1,), (3, 5)])
def test_other_lengths_are_refused(lengths) -> None:
    with pytest.raises(DataError, match=r"lengths of cycles.*some of 2, 3, 4"):
        key_cycles(measured(np.ones((3, 3))), lengths=lengths)


def test_no_cycles_at_all_are_no_question() -> None:
    with pytest.raises(DataError, match="how many cycles; found 0"):
        key_cycles(measured(np.ones((3, 3))), count=0)


def test_every_column_has_a_name() -> None:
    for column in [*CYCLE_COLUMNS, *reciprocal_pairs(measured(np.ones((2, 2))))]:
        assert set(vocabulary()[f"relations.column.{column}"]) == set(LANGUAGES)
