"""Centralities against networkx."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pytest
from made import net_of

import graphmap as gm
from graphmap import sample
from graphmap.network import centrality


def agrees_with_networkx(net):
    found, graph = centrality(net), net.to_networkx()
    assert list(found.index) == list(net.nodes.index)
    # networkx stops at n x tol, so the tolerance has to be far below the one asked for
    pagerank = nx.pagerank(graph, alpha=0.85, weight="weight", tol=1e-12, max_iter=1000)
    np.testing.assert_allclose(found["pagerank"], list(pagerank.values()), atol=1e-6)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    for _, _, edge in graph.edges(data=True):
        edge["distance"] = 1 / edge["weight"]
    betweenness = nx.betweenness_centrality(graph, weight="distance", normalized=True)
    np.testing.assert_allclose(found["betweenness"], list(betweenness.values()), atol=1e-6)
    supplied = dict(graph.out_degree(weight="weight"))
    used = dict(graph.in_degree(weight="weight"))
    np.testing.assert_allclose(found["supply_strength"], list(supplied.values()))
    np.testing.assert_allclose(found["use_strength"], list(used.values()))


@pytest.mark.parametrize("weight", ["money", "direct_co2", "embodied_co2"])
@pytest.mark.parametrize("regions", [["CN-GD"], ["CN-GD", "CN-ZJ"]])
def test_the_sample_agrees_with_networkx(weight, regions) -> None:
    agrees_with_networkx(gm.network(sample.table().select(regions), weight=weight))


def test_real_guangdong_agrees_with_networkx(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    agrees_with_networkx(gm.network(table))


def test_a_network_with_dead_ends_agrees_with_networkx() -> None:
    agrees_with_networkx(net_of([[0, 3, 1, 0], [0, 2, 4, 0], [0, 0, 0, 5], [0, 0, 0, 0]]))


def test_strengths_leave_out_what_flows_within_a_sector() -> None:
    found = centrality(net_of([[100, 1], [2, 50]]))
    assert found["supply_strength"].tolist() == [1, 2]
    assert found["use_strength"].tolist() == [2, 1]


def test_the_user_at_the_end_of_the_chain_ranks_highest() -> None:
    found = centrality(net_of([[0, 5, 0], [0, 0, 5], [0, 0, 0]]))
    assert found["pagerank"].is_monotonic_increasing
    assert found["betweenness"].tolist() == [0, 0.5, 0]


@pytest.mark.parametrize(
    "W",
    [
        [[0.0]],
        [[3.0]],
        np.zeros((3, 3)),
        np.diag([1.0, 2.0, 3.0]),
        [[0.0, 1.0], [0.0, 0.0]],
        np.ones((4, 4)),
        [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]],
    ],
    ids=["one", "one loop", "no edges", "only loops", "two", "all equal", "zero row"],
)
def test_degenerate_networks_have_defined_centralities(W) -> None:
    found = centrality(net_of(W))
    assert np.isfinite(found.to_numpy()).all()
    assert found["pagerank"].sum() == pytest.approx(1)
    assert found["betweenness"].between(0, 1).all()


def test_betweenness_does_not_depend_on_the_unit_of_money() -> None:
    net = gm.network(sample.table().select(["CN-GD"]), "money")
    for unit in (1e-4, 1e4):
        other = dataclasses.replace(net, weights=net.weights * unit)
        np.testing.assert_allclose(
            centrality(other)["betweenness"], centrality(net)["betweenness"], atol=1e-12
        )
