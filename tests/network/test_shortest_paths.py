"""Shortest paths: that taking detours out changes nothing, and networkx with exact distances."""

from __future__ import annotations

import dataclasses
import gc
import weakref
from fractions import Fraction

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import flows, net_of
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from test_centrality import DEGENERATE

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import shortest_paths as module
from graphmap.network.shortest_paths import (
    BLOCK,
    betweenness,
    closeness,
    closeness_supply,
    distances,
    edge_betweenness,
    shortest_paths,
    without_detours,
)


def exact_graph(W):
    """For networkx, with distances as fractions: what is equally long is so to the last bit."""
    graph, n = nx.DiGraph(), len(W)
    graph.add_nodes_from(f"n{i}" for i in range(n))
    largest = max((int(W[i, j]) for i in range(n) for j in range(n) if i != j), default=1)
    for i, j in zip(*np.nonzero(W), strict=True):
        if i != j:
            graph.add_edge(f"n{i}", f"n{j}", distance=Fraction(largest, int(W[i, j])))
    return graph


@given(flows() | flows(25))
@settings(max_examples=60)
def test_any_network_agrees_with_networkx_ties_and_all(W) -> None:
    net, graph = net_of(W), exact_graph(W)
    for found, expected in (
        (betweenness(net), nx.betweenness_centrality(graph, weight="distance")),
        (closeness(net), nx.closeness_centrality(graph, distance="distance")),
        (closeness_supply(net), nx.closeness_centrality(graph.reverse(), distance="distance")),
    ):
        np.testing.assert_allclose(found, [float(v) for v in expected.values()], atol=1e-9)
    edges = edge_betweenness(net)
    found = dict(
        zip(zip(edges["supplier"], edges["user"], strict=True), edges["value"], strict=True)
    )
    order = list(
        zip(
            -edges["value"].round(12),
            *map(net.nodes.index.get_indexer, (edges["supplier"], edges["user"])),
            strict=True,
        )
    )
    assert order == sorted(order)
    expected = nx.edge_betweenness_centrality(graph, weight="distance")
    assert {pair for pair, value in expected.items() if value > 0} == set(found)
    for pair, value in found.items():
        assert value == pytest.approx(expected[pair], abs=1e-9), pair


@given(flows(25), st.integers(0, 25))
@settings(max_examples=60)
def test_only_detours_are_taken_out(W, hubs) -> None:
    distance = distances(net_of(W).weights)
    few = without_detours(distance, hubs)
    kept, before = few.toarray(), distance.toarray()
    assert (kept[kept > 0] == before[kept > 0]).all()
    shortest = dijkstra(distance)
    needed = (before > 0) & (before <= shortest * (1 + 1e-12))
    assert (kept[needed] > 0).all()
    np.testing.assert_allclose(dijkstra(few), shortest)
    if hubs >= len(W):  # by way of every sector, nothing that is a detour is left
        assert not kept[before > shortest * (1 + 1e-6)].any()


def test_almost_every_flow_of_a_dense_network_is_a_detour() -> None:
    W = np.random.default_rng(1).lognormal(sigma=2, size=(400, 400))
    distance = distances(sparse.csr_array(W))
    assert without_detours(distance).nnz < 0.2 * distance.nnz
    assert shortest_paths(distance).distances.nnz < 0.1 * distance.nnz


def unabridged(net):
    """Betweenness by igraph on every flow."""
    every = distances(net.weights).tocoo()
    n = len(net.nodes)
    graph = igraph.Graph(n=n, edges=np.column_stack([every.row, every.col]), directed=True)
    length = every.data.tolist()
    value = np.array(graph.edge_betweenness(weights=length)) / (n * (n - 1))
    of_edges = dict(zip(zip(every.row, every.col, strict=True), value, strict=True))
    of_nodes = np.array(graph.betweenness(weights=length)) / ((n - 1) * (n - 2))
    return of_nodes, {pair: each for pair, each in of_edges.items() if each > 0}


def same_as_unabridged(net):
    of_nodes, of_edges = unabridged(net)
    np.testing.assert_allclose(betweenness(net), of_nodes, atol=1e-12)
    edges, place = edge_betweenness(net), net.nodes.index.get_indexer
    pairs = zip(place(edges["supplier"]), place(edges["user"]), strict=True)
    found = dict(zip(pairs, edges["value"], strict=True))
    assert found.keys() == of_edges.keys()
    np.testing.assert_allclose([found[pair] for pair in of_edges], list(of_edges.values()))


@pytest.mark.parametrize("ties", [False, True])
def test_large_networks_are_the_same_with_and_without_detours(ties) -> None:
    random = np.random.default_rng(2)
    n = BLOCK + 30  # two blocks of rows
    W = random.integers(1, 6, (n, n)) if ties else random.lognormal(sigma=2, size=(n, n))
    W = W * (random.random((n, n)) < (0.05 if ties else 1))
    W[7] = 0
    same_as_unabridged(net_of(W))


@pytest.mark.parametrize("weight", ["money", "direct_co2", "embodied_co2"])
def test_two_real_provinces_are_the_same_with_and_without_detours(data, weight) -> None:
    table = gm.read(data / "constructed" / "Guangdong_Zhejiang_2017_ceads_layout.xlsx")
    net = gm.network(table, weight)
    same_as_unabridged(net)
    largest = distances(net.weights)
    graph = nx.from_scipy_sparse_array(largest, create_using=nx.DiGraph)
    for found, of in ((closeness(net), graph), (closeness_supply(net), graph.reverse())):
        expected = nx.closeness_centrality(of, distance="weight")
        np.testing.assert_allclose(found, list(expected.values()), rtol=1e-9)


def test_real_guangdong_edges_agree_with_networkx(data) -> None:
    net = gm.network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    graph = nx.from_scipy_sparse_array(distances(net.weights), create_using=nx.DiGraph)
    graph = nx.relabel_nodes(graph, dict(enumerate(net.nodes.index)))
    expected = nx.edge_betweenness_centrality(graph, weight="weight")
    edges = edge_betweenness(net)
    assert edges["value"].is_monotonic_decreasing
    for row in edges.itertuples():
        assert row.value == pytest.approx(expected.pop((row.supplier, row.user)), abs=1e-9)
    assert not any(expected.values())


def test_the_steps_of_all_paths_are_shared_out_among_the_flows() -> None:
    """Each pair uses as many flows as its path has, one more than the sectors in between."""
    net = gm.network(sample.table().select(["CN-GD"]))
    n = len(net.nodes)
    used = edge_betweenness(net)["value"].sum() * n * (n - 1)
    assert used == pytest.approx(n * (n - 1) + betweenness(net).sum() * (n - 1) * (n - 2))


def test_equal_flows_come_in_the_order_of_the_table() -> None:
    edges = edge_betweenness(net_of(np.ones((3, 3))))
    pairs = list(zip(edges["supplier"], edges["user"], strict=True))
    assert pairs == sorted(pairs)
    assert len(pairs) == 6


def test_a_flow_only_just_longer_than_a_detour_is_not_listed() -> None:
    edges = edge_betweenness(net_of([[0, 1 / (2 + 1e-9), 1], [0, 0, 0], [0, 1, 0]]))
    assert edges["supplier"].tolist() == ["n0", "n2"]
    edges = edge_betweenness(net_of([[0, 1 / 2, 1], [0, 0, 0], [0, 1, 0]]))
    assert edges["supplier"].tolist() == ["n0", "n2", "n0"]
    np.testing.assert_allclose(edges["value"], [1.5 / 6, 1.5 / 6, 0.5 / 6])


@pytest.mark.parametrize("W", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_networks_have_defined_flows(W) -> None:
    net = net_of(W)
    edges = edge_betweenness(net)
    assert list(edges) == ["supplier", "user", "value"]
    assert edges["value"].between(0, 1).all()
    assert len(edges) == net.without_loops().weights.nnz
    for measure in (betweenness, closeness, closeness_supply):
        assert ((measure(net) >= 0) & (measure(net) <= 1)).all()


def test_one_flow_as_large_as_any_to_each_is_as_close_as_can_be() -> None:
    assert closeness(net_of([[0, 1, 1], [2, 0, 0], [2, 0, 0]])).tolist() == [1.0, 0.4, 0.4]


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_the_flows_does_not_matter(unit) -> None:
    net = gm.network(sample.table().select(["CN-GD"]), "money")
    other = dataclasses.replace(net, weights=net.weights * unit)
    for measure in (betweenness, closeness, closeness_supply):
        np.testing.assert_allclose(measure(other), measure(net), rtol=1e-9)
    here, there = edge_betweenness(net), edge_betweenness(other)
    assert here[["supplier", "user"]].equals(there[["supplier", "user"]])
    np.testing.assert_allclose(there["value"], here["value"], rtol=1e-9)


@pytest.mark.parametrize("flow", [-1.0, np.nan, np.inf])
def test_flows_that_have_no_distance_are_refused(flow) -> None:
    with pytest.raises(DataError, match="flow"):
        distances(sparse.csr_array([[0.0, flow], [1.0, 0.0]]))


def test_paths_are_searched_for_once_and_forgotten_with_the_network(monkeypatch) -> None:
    searched = []
    search = module.shortest_paths
    monkeypatch.setattr(module, "shortest_paths", lambda d: searched.append(1) or search(d))
    net = net_of([[0, 1], [1, 0]])
    for measure in (betweenness, closeness, closeness_supply, edge_betweenness):
        measure(net)
    assert searched == [1]
    gone = weakref.ref(module.paths_of(net))
    del net
    gc.collect()
    assert gone() is None
