"""Centralities against networkx, and on networks where little flows."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made import flows, net_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import centrality
from graphmap.network import spectral_centrality as spectral
from graphmap.network.centrality import MEASURES
from graphmap.network.clustering import BLOCK, directed_clustering

STRENGTHS = [name for name in MEASURES if "strength_with" in name or name.endswith("_strength")]
SPECTRAL = ["pagerank", "pagerank_reversed", "hub", "authority", "eigenvector"]
DEGENERATE = {
    "one": [[0.0]],
    "one loop": [[3.0]],
    "no edge": np.zeros((3, 3)),
    "only loops": np.diag([1.0, 2.0, 3.0]),
    "two": [[0.0, 1.0], [0.0, 0.0]],
    "all equal": np.ones((4, 4)),
    "zero row": [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]],
    "disconnected": np.kron(np.eye(2), [[1.0, 5.0], [2.0, 0.0]]),
}


def graphs_of(net):
    """For networkx: as it is, and without loops with distances of the largest flow."""
    graph = net.to_networkx()
    largest = max((flow for *_, flow in graph.edges(data="weight")), default=1.0)
    for _, _, edge in graph.edges(data=True):
        edge["weight"] *= 100 / largest  # networkx settles sooner where flows are large
    between = graph.copy()
    between.remove_edges_from(list(nx.selfloop_edges(graph)))
    largest = max((flow for *_, flow in between.edges(data="weight")), default=1.0)
    for _, _, edge in between.edges(data=True):
        edge["distance"] = largest / edge["weight"]
    return graph, between


def networkxs(net, some=None):
    """Every measure that networkx has, on a network that holds together."""
    graph, between = graphs_of(net)
    # networkx stops at n x tol, so the tolerance has to be far below the one asked for
    walk = {"alpha": 0.85, "weight": "weight", "tol": 1e-12, "max_iter": 1000}
    hubs, authorities = nx.hits(graph, max_iter=1000, tol=1e-12)
    return {
        "pagerank": nx.pagerank(graph, **walk),
        "pagerank_reversed": nx.pagerank(graph.reverse(), **walk),
        "hub": hubs,
        "authority": authorities,
        "eigenvector": nx.eigenvector_centrality(graph, 10000, 1e-12, weight="weight"),
        "betweenness": nx.betweenness_centrality(between, weight="distance"),
        "closeness": nx.closeness_centrality(between, distance="distance"),
        "closeness_supply": nx.closeness_centrality(between.reverse(), distance="distance"),
        "clustering": nx.clustering(between, some, weight="weight"),
    }


def agrees_with_networkx(net):
    some = list(net.nodes.index[::28])  # networkx takes a second a sector
    peers = networkxs(net, some)
    found = centrality(net, [*peers, *STRENGTHS])
    assert list(found.index) == list(net.nodes.index)
    for name, values in peers.items():
        assert len(values) == (len(some) if name == "clustering" else len(found))
        assert max(values.values()) > 0, name
        here = found.loc[list(values), name]
        np.testing.assert_allclose(here, list(values.values()), atol=1e-6, rtol=1e-6, err_msg=name)
    graph = net.to_networkx()
    between = graph.copy()
    between.remove_edges_from(list(nx.selfloop_edges(graph)))
    for of, loops in ((between, ""), (graph, "_with_loops")):
        supplied, used = (dict(d(weight="weight")) for d in (of.out_degree, of.in_degree))
        np.testing.assert_allclose(found[f"supply_strength{loops}"], list(supplied.values()))
        np.testing.assert_allclose(found[f"use_strength{loops}"], list(used.values()))


@pytest.mark.parametrize(
    ("regions", "weight"), [(["CN-GD"], "money"), (["CN-GD", "CN-ZJ"], "embodied_co2")]
)
def test_the_sample_agrees_with_networkx(regions, weight) -> None:
    agrees_with_networkx(gm.network(sample.table().select(regions), weight=weight))


@pytest.mark.parametrize("weight", ["money", "direct_co2", "embodied_co2"])
def test_real_guangdong_agrees_with_networkx(data, weight) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    agrees_with_networkx(gm.network(table, weight))


@given(flows())
@settings(max_examples=60)
def test_networks_by_chance_agree_with_networkx(W) -> None:
    """Not the shortest paths: their ties need exact figures, see test_shortest_paths.py."""
    net = net_of(W)
    graph, between = graphs_of(net)
    found = centrality(net, [*SPECTRAL, "clustering"])
    pagerank = {"alpha": 0.85, "weight": "weight", "tol": 1e-12, "max_iter": 1000}
    expected = {
        "pagerank": nx.pagerank(graph, **pagerank),
        "pagerank_reversed": nx.pagerank(graph.reverse(), **pagerank),
        "clustering": nx.clustering(between, weight="weight"),
    }
    if nx.is_strongly_connected(graph):
        leading = nx.eigenvector_centrality(graph, 10**6, 1e-12, weight="weight")
        expected["eigenvector"] = leading
    for name, values in expected.items():
        np.testing.assert_allclose(
            found[name], pd.Series(values)[found.index], atol=1e-6, err_msg=name
        )
    W = W / W.max()
    h, a = found["hub"].to_numpy(), found["authority"].to_numpy()
    largest = np.linalg.svd(W, compute_uv=False)[0]
    np.testing.assert_allclose(W @ (W.T @ h), largest**2 * h, atol=1e-6)
    np.testing.assert_allclose(W.T @ h, (W.T @ h).sum() * a, atol=1e-6)
    np.testing.assert_allclose([h.sum(), a.sum()], 1.0)


def test_one_call_has_every_measure_or_those_asked_for(monkeypatch) -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    whole = centrality(net)
    assert list(whole) == list(MEASURES)
    assert {"random_walk", "counting_betweenness", "strongest_path_betweenness"} <= set(whole)
    for name in set(MEASURES) - {"hub"}:
        monkeypatch.setitem(MEASURES, name, None)
    pd.testing.assert_frame_equal(centrality(net, ["hub"]), whole[["hub"]])


def test_an_unknown_measure_is_named_with_those_like_it() -> None:
    with pytest.raises(DataError, match=r"unknown centrality; found 'page_rank'.*pagerank"):
        centrality(net_of([[0, 1], [1, 0]]), ["page_rank"])


@pytest.mark.parametrize("name", [n for n in MEASURES if n not in STRENGTHS])
@pytest.mark.parametrize("flow", [-1.0, np.nan, np.inf])
def test_negative_and_missing_flows_are_refused(name, flow) -> None:
    with pytest.raises(DataError, match="flow"):
        centrality(net_of([[0.0, flow], [1.0, 0.0]]), [name])


def test_strengths_leave_out_what_flows_within_a_sector_unless_asked() -> None:
    found = centrality(net_of([[100, 1], [2, 50]]), STRENGTHS)
    assert found["supply_strength"].tolist() == [1, 2]
    assert found["use_strength"].tolist() == [2, 1]
    assert found["supply_strength_with_loops"].tolist() == [101, 52]
    assert found["use_strength_with_loops"].tolist() == [102, 51]


def test_directions_are_those_of_the_economy() -> None:
    chain = centrality(net_of([[0, 5, 0], [0, 0, 5], [0, 0, 0]]))
    assert chain["pagerank"].is_monotonic_increasing
    assert chain["pagerank_reversed"].is_monotonic_decreasing
    assert chain["betweenness"].tolist() == [0, 0.5, 0]
    np.testing.assert_allclose(chain["closeness"], [0, 1 / 2, 2 / 3])
    np.testing.assert_allclose(chain["closeness_supply"], [2 / 3, 1 / 2, 0])
    star = centrality(net_of([[0, 3, 1], [0, 0, 0], [0, 0, 0]]))
    assert star["hub"].round(9).tolist() == [1, 0, 0]
    assert star["authority"].round(9).tolist() == [0, 0.75, 0.25]


@pytest.mark.parametrize("W", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_networks_have_defined_centralities(W) -> None:
    found = centrality(net_of(W))
    assert np.isfinite(found.to_numpy()).all()
    assert (found >= 0).all(axis=None)
    for name in ("pagerank", "pagerank_reversed", "hub", "authority"):
        assert found[name].sum() == pytest.approx(1), name
    assert np.linalg.norm(found["eigenvector"]) == pytest.approx(1)
    for name in ("betweenness", "closeness", "closeness_supply", "clustering"):
        assert found[name].between(0, 1).all(), name


@pytest.mark.parametrize("W", [np.zeros((3, 3)), np.ones((3, 3))], ids=["no edge", "all equal"])
def test_where_all_sectors_are_alike_so_are_their_centralities(W) -> None:
    found = centrality(net_of(W))
    assert (found.max() - found.min() < 1e-9).all()
    np.testing.assert_allclose(found[["pagerank", "hub", "authority"]], 1 / 3)
    np.testing.assert_allclose(found["eigenvector"], 1 / np.sqrt(3))


@pytest.mark.parametrize(
    ("W", "expected"),
    [
        ([[0, 1, 1], [1, 0, 0], [1, 0, 0]], [2**0.5, 1, 1]),
        ([[0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], [1, 1, 1, 1]),
        ([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], [1, 1, 1, 1]),
        ([[0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], [1, 1, 0, 0]),
        ([[0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], [0, 0, 1, 1]),
        ([[0, 3, 0], [0, 0, 1], [0, 0, 0]], [0, 0, 1]),
        ([[0, 5, 5], [0, 0, 2], [0, 2, 0]], [0, 1, 1]),
        ([[1.0, 0], [0, 1 - 1e-5]], [1, 0]),
    ],
    ids=["in turns", "dead end", "twins", "larger", "one after the other", "chain", "fed", "close"],
)
def test_eigenvector_where_sectors_do_not_all_lead_to_one_another(W, expected) -> None:
    found = centrality(net_of(W), ["eigenvector"])["eigenvector"]
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=1e-6)


def test_hubs_of_two_blocks_that_are_nearly_alike_are_those_of_the_larger() -> None:
    """Too close for iterations, so powers are squared."""
    W = np.zeros((4, 4))
    W[0, 1], W[2, 3] = 1.0, 1 - 1e-6
    found = centrality(net_of(W), ["hub", "authority"]).to_numpy()
    np.testing.assert_allclose(found, [[1, 0], [0, 1], [0, 0], [0, 0]], atol=1e-6)


def test_squared_powers_tend_to_where_iterations_do(monkeypatch) -> None:
    net = gm.network(sample.table(), "money")
    names = ["hub", "authority", "eigenvector"]
    iterated = centrality(net, names)
    monkeypatch.setattr(spectral, "STEPS", 0)
    np.testing.assert_allclose(centrality(net, names), iterated, atol=1e-9)


def test_clustering_of_sparse_and_of_large_networks() -> None:
    random = np.random.default_rng(3)
    n = BLOCK + 80  # two blocks of rows
    W = sparse.random_array((n, n), density=0.01, rng=random).tocsr()
    found = directed_clustering(W)
    S = np.cbrt((W - sparse.diags_array(W.diagonal())).toarray())
    S /= S.max()
    S, linked = S + S.T, (S > 0).astype(float)
    degree, mutual = linked.sum(axis=0) + linked.sum(axis=1), np.diag(linked @ linked)
    expected = np.diag(S @ S @ S) / (2 * (degree * (degree - 1) - 2 * mutual))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    many = np.random.default_rng(4).lognormal(size=(n, n))
    dense = directed_clustering(sparse.csr_array(many))
    S = np.cbrt(many / (many - np.diag(np.diag(many))).max())
    np.fill_diagonal(S, 0)
    S += S.T
    expected = np.einsum("ij,ji->i", S @ S, S) / (4 * (n - 1) * (2 * n - 3) - 4 * (n - 1))
    np.testing.assert_allclose(dense, expected, atol=1e-12)


@pytest.mark.parametrize("unit", [1e-6, 1e6, 1e-300])
def test_nothing_but_strengths_depends_on_the_unit_of_money(unit) -> None:
    net = gm.network(sample.table().select(["CN-GD"]), "money")
    nodes = net.nodes.assign(gross_output=net.nodes["gross_output"] * unit)
    other = dataclasses.replace(net, nodes=nodes, weights=net.weights * unit)
    here, there = centrality(net), centrality(other)
    np.testing.assert_allclose(there[STRENGTHS], here[STRENGTHS] * unit)
    rest = [name for name in MEASURES if name not in STRENGTHS]
    np.testing.assert_allclose(there[rest], here[rest], rtol=1e-9, atol=1e-12)


def test_the_same_network_has_the_same_figures_to_the_last_bit() -> None:
    net = gm.network(sample.table(), "money")
    again = dataclasses.replace(net)
    pd.testing.assert_frame_equal(centrality(net), centrality(again), check_exact=True)


def test_every_measure_has_words() -> None:
    for name in MEASURES:
        for key in (f"measure.{name}", f"measure.{name}.help"):
            assert gm.i18n.words(key)
