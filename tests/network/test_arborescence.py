"""Maximum spanning arborescences against networkx, and what they join."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import flows
from scipy import sparse
from scipy.sparse import csgraph

import graphmap as gm
from graphmap.network.arborescence import joined, maximum_arborescence, roots_of
from graphmap.network.edge_scores import flows_between


def csr(W):
    return sparse.csr_array(np.asarray(W, float))


def between(W):
    return np.asarray(W, float) * ~np.eye(len(W), dtype=bool)


@st.composite
def sparse_flows(draw, most=12):
    """Networks of every density, with ties or without, many of them in pieces."""
    n = draw(st.integers(1, most))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    W = random.integers(1, draw(st.sampled_from([2, 4, 10**6])), (n, n)).astype(float)
    if draw(st.booleans()):
        W = np.ceil(random.lognormal(8, 3, (n, n)))  # whole, so that sums are exact
    return W * (random.random((n, n)) < draw(st.sampled_from([0.0, 0.1, 0.2, 0.4, 1.0])))


def total(W, supplier):
    users = np.flatnonzero(supplier >= 0)
    return W[supplier[users], users].sum()


@given(sparse_flows())
@settings(max_examples=300)
def test_none_that_networkx_finds_is_larger(W) -> None:
    W, n = between(W), len(W)
    roots = roots_of(csr(W))
    found = maximum_arborescence(csr(W))
    assert np.flatnonzero(found < 0).tolist() == roots.tolist()
    # networkx's spanning arborescence does not always span (it raises then), its branching does
    # where every flow is raised by more than all of them
    raised = W.sum() + 1
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(
        (i, j, W[i, j] + raised) for i, j in np.argwhere(W).tolist() if j not in roots
    )
    expected = nx.maximum_branching(graph)
    assert expected.number_of_edges() == n - len(roots)
    assert total(W, found) == sum(W[i, j] for i, j in expected.edges)
    for node in range(n):  # every sector leads back to a root, over flows that are there
        seen = []
        while found[node] >= 0:
            assert node not in seen
            assert W[found[node], node] > 0
            seen.append(node)
            node = found[node]  # noqa: PLW2901


@given(sparse_flows())
@settings(max_examples=150)
def test_no_forest_has_fewer_roots_and_none_of_these_are_smaller_suppliers(W) -> None:
    W = between(W)
    roots = roots_of(csr(W)).tolist()
    graph = nx.from_numpy_array(W > 0, create_using=nx.DiGraph)
    whole = nx.condensation(graph)
    sources = [whole.nodes[c]["members"] for c in whole if not whole.in_degree(c)]
    assert len(roots) == len(sources)
    for members in sources:
        best = max(sorted(members), key=lambda i: W[i].sum())
        root = next(root for root in roots if root in members)
        assert W[root].sum() == pytest.approx(W[best].sum())


@given(sparse_flows(), st.floats(0, 1), st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_what_is_joined_falls_into_the_pieces_of_the_whole_network(W, share, seed) -> None:
    weights = csr(W)
    kept = flows_between(weights) & (np.random.default_rng(seed).random(weights.nnz) < share)
    found = joined(weights, kept)
    assert not (kept & ~found).any()
    assert not (found & ~flows_between(weights)).any()
    graph = weights.copy()
    graph.data = found.astype(float)
    graph.eliminate_zeros()
    pieces, piece = csgraph.connected_components(graph, directed=False)
    expected, whole = csgraph.connected_components(csr(between(W)), directed=False)
    assert pieces == expected
    np.testing.assert_array_equal(piece, whole)
    tree = len(W) - len(roots_of(weights))
    assert (found & ~kept).sum() <= tree + len(roots_of(weights)) - pieces


def test_two_suppliers_of_one_user_are_joined_by_the_larger_flow_there_is() -> None:
    # n2 has one supplier in a forest; the other tree hangs on by its largest flow
    weights = csr([[0, 0, 5, 0], [0, 0, 3, 4], [0, 0, 0, 6], [0, 0, 0, 0]])
    assert maximum_arborescence(weights).tolist() == [-1, -1, 0, 2]
    found = joined(weights, np.zeros(weights.nnz, dtype=bool))
    assert sorted(weights.data[found]) == [4, 5, 6]


@example(np.array([[0, 0, 0, 0], [4, 0, 4, 0], [0, 3, 0, 1], [4, 2, 3, 0.0]]), 1e-6)
@given(flows(most=12), st.sampled_from([1e6, 1e-6, 1 / 3]))
@settings(max_examples=100)
def test_the_unit_plays_no_part_even_among_ties(W, unit) -> None:
    np.testing.assert_array_equal(maximum_arborescence(csr(W * unit)), maximum_arborescence(csr(W)))


def test_small_flows_are_compared_though_others_are_a_trillion_times_larger() -> None:
    W = [[0, 1e15, 2e-3, 0], [1e14, 0, 3e-3, 0], [0, 0, 0, 1], [0, 0, 2, 0]]
    assert maximum_arborescence(csr(W)).tolist() == [-1, 0, 1, 2]


@pytest.mark.parametrize(
    ("W", "expected"),
    [
        ([[0.0]], [-1]),
        ([[5.0]], [-1]),
        (np.zeros((3, 3)), [-1, -1, -1]),
        (np.eye(2), [-1, -1]),
        (np.ones((3, 3)), [-1, 0, 0]),
        ([[0, 0, 0], [2, 0, 0], [0, 3, 0]], [1, 2, -1]),
        ([[0, -1], [0, 0]], [-1, -1]),
    ],
)
def test_degenerate_networks(W, expected) -> None:
    assert maximum_arborescence(csr(W)).tolist() == expected
    assert (maximum_arborescence(csr(W)) < 0).sum() == len(roots_of(csr(W)))


@pytest.mark.parametrize("kind", ["money", "embodied_co2"])
def test_guangdong_has_one_tree_and_it_is_networkxs(data, kind) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    net = gm.network(table, weight=kind)
    W = between(net.weights.toarray())
    found = maximum_arborescence(net.weights)
    (root,) = np.flatnonzero(found < 0)
    assert root == np.argmax(W.sum(axis=1))
    W[:, root] = 0
    graph = nx.from_numpy_array(W, create_using=nx.DiGraph)
    expected = nx.maximum_spanning_arborescence(graph)
    assert sorted(expected.edges) == sorted((int(i), j) for j, i in enumerate(found) if i >= 0)
