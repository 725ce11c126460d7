"""Walks against the formulas of the paper, one inverse a target, and against walkers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import flows, net_of
from scipy import sparse
from scipy.sparse import csgraph

import graphmap as gm
from graphmap.errors import DataError
from graphmap.network.walks import (
    counting_betweenness,
    passages,
    random_walk_centrality,
    transitions,
)

DEGENERATE = {
    "one": [[0.0]],
    "one loop": [[3.0]],
    "no edges": np.zeros((3, 3)),
    "only loops": np.diag([1.0, 2.0, 3.0]),
    "disconnected": [[0, 1, 0, 0], [2, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]],
    "all equal": np.ones((4, 4)),
    "zero row": [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]],
    "zero column": [[0.0, 1.0, 2.0], [0.0, 3.0, 1.0], [0.0, 1.0, 0.0]],
}


def of_the_paper(W):
    """Bloechl et al. 2011, word for word: M_-t is M without the target's row and column."""
    n = len(W)
    M = W / W.sum(axis=1, keepdims=True)
    H, counted = np.zeros((n, n)), np.zeros(n)
    for t in range(n):
        others = [i for i in range(n) if i != t]
        inverse = np.linalg.inv(np.eye(n - 1) - M[np.ix_(others, others)])
        H[others, t] = inverse @ np.ones(n - 1)
        for s in others:
            used = inverse[others.index(s)][:, None] * M[np.ix_(others, others)]  # N^st_ij
            visits = (used.sum(axis=1) + used.sum(axis=0)) / 2
            visits[others.index(s)] += 1
            counted[others] += visits
            counted[t] += 1
    return n / H.sum(axis=0), counted / (n * (n - 1))


def where_walks_arrive(W):
    """The same for any network: the walks that never arrive are taken out, target by target.

    Conditional on arrival a walk from i goes to j with m_ij h_j / h_i, h the chance to arrive.
    """
    n = len(W)
    M = W / np.maximum(W.sum(axis=1, keepdims=True), 1e-300)
    M[np.count_nonzero(W - np.diag(np.diag(W)), axis=1) == 0] = 0
    steps_to = csgraph.shortest_path(sparse.csr_array(M), unweighted=True)
    arrived, steps, counted = np.zeros(n), np.zeros(n), np.zeros(n)
    for t in range(n):
        lead = [i for i in range(n) if i != t and np.isfinite(steps_to[i, t])]
        if not lead:
            continue
        inverse = np.linalg.inv(np.eye(len(lead)) - M[np.ix_(lead, lead)])
        h = inverse @ M[lead, t]
        chain = M[np.ix_(lead, lead)] * h / h[:, None]
        inverse = np.linalg.inv(np.eye(len(lead)) - chain)
        for at, s in enumerate(lead):
            arrived[t] += h[at]
            steps[t] += h[at] * inverse[at].sum()
            used = inverse[at][:, None] * chain
            visits = (used.sum(axis=1) + used.sum(axis=0)) / 2
            visits[lead.index(s)] += 1
            counted[lead] += h[at] * visits
            counted[t] += h[at]
    mean = np.divide(steps, arrived, out=np.ones(n), where=arrived > 0)
    share = arrived / max(n - 1, 1)
    return share / mean * n / max(n - 1, 1), counted / max(n * (n - 1), 1)


def connected(W):
    return csgraph.connected_components(sparse.csr_array(W), connection="strong")[0] == 1


@given(flows())
@settings(max_examples=60)
def test_both_follow_the_formulas_of_the_paper(W) -> None:
    assume(connected(W))
    centrality, counted = of_the_paper(W)
    np.testing.assert_allclose(random_walk_centrality(net_of(W)), centrality, rtol=1e-8)
    np.testing.assert_allclose(counting_betweenness(net_of(W)), counted, rtol=1e-8)


@given(st.integers(0, 2**32 - 1), st.integers(2, 10), st.sampled_from([0.1, 0.2, 0.35]))
@settings(max_examples=80)
def test_walks_that_never_arrive_are_left_out(seed, n, density) -> None:
    random = np.random.default_rng(seed)
    W = random.random((n, n)) * (random.random((n, n)) < density)
    centrality, counted = where_walks_arrive(W)
    found = random_walk_centrality(net_of(W))
    np.testing.assert_allclose(found, centrality, atol=1e-10)
    assert ((found == 0) == (centrality == 0)).all()
    np.testing.assert_allclose(counting_betweenness(net_of(W)), counted, atol=1e-10)


def test_a_cycle_of_two_by_hand() -> None:
    # a keeps half of what it supplies: it takes two steps on average to b, b takes one to a.
    # a to b: one step within a and the start make two visits. Every end of a walk makes one.
    net = net_of([[1.0, 1.0], [5.0, 0.0]])
    assert random_walk_centrality(net).tolist() == pytest.approx([2 / 1, 2 / 2])
    assert counting_betweenness(net).tolist() == pytest.approx([(2 + 1) / 2, (1 + 1) / 2])


def test_walkers_take_as_long_as_expected() -> None:
    W = np.array([[4.0, 1, 2, 0], [1, 0, 3, 0], [0, 2, 1, 5], [2, 0, 0, 1]])
    M = W / W.sum(axis=1, keepdims=True)
    random = np.random.default_rng(7)
    walkers = 4000
    taken, visits = np.zeros(4), np.zeros((4, 4))
    for target in range(4):
        at = np.repeat([s for s in range(4) if s != target], walkers)
        while len(at):
            taken[target] += len(at)
            np.add.at(visits[target], at, 1)
            at = (random.random(len(at))[:, None] > M[at].cumsum(axis=1)).sum(axis=1)
            at = at[at != target]
    found = random_walk_centrality(net_of(W))
    np.testing.assert_allclose(found, 4 * walkers / taken, rtol=0.05)
    np.testing.assert_allclose(
        passages(transitions(sparse.csr_array(W))).visits, visits / walkers, rtol=0.05
    )


def random_walks(net) -> pd.DataFrame:
    """Both measures, by node id."""
    measures = (random_walk_centrality, counting_betweenness)
    return pd.DataFrame({f.__name__: f(net) for f in measures}, index=net.nodes.index)


def test_a_chain_is_followed_to_its_end() -> None:
    # only b and c are ever reached: by one walk of two in one step; by both, in one and two
    found = random_walks(net_of([[0, 7, 0], [0, 0, 7], [0, 0, 0]]))
    expected = [0, 1 / 2 / 1 * 3 / 2, 1 / (3 / 2) * 3 / 2]
    assert found["random_walk_centrality"].tolist() == pytest.approx(expected)
    # a to b, a to c, b to c: half a step leaves a towards b on the way to c
    assert found["counting_betweenness"].tolist() == pytest.approx(
        [(1 + 1.5) / 6, (1 + 0.5 + 1) / 6, (1 + 1) / 6]
    )


def test_a_cycle_that_is_hardly_ever_left_is_as_exact_as_one_that_is_not() -> None:
    random = np.random.default_rng(3)
    W = np.zeros((7, 7))
    W[:6, :6] = random.random((6, 6))
    closed = random_walks(net_of(W[:6, :6]))
    W[2, 6] = 1e-10
    found = random_walks(net_of(W))
    # the seventh sector is one pair more for each, and reaches none
    ratio = (5 / 6) ** 2 * 7 / 6
    np.testing.assert_allclose(
        found["random_walk_centrality"][:6], closed["random_walk_centrality"] * ratio, rtol=1e-7
    )
    assert 0 < found["random_walk_centrality"].iloc[6] < 1e-8
    W[2, 6] = 1e-20  # what balancing leaves is no flow
    assert random_walks(net_of(W)).iloc[6].tolist() == [0, 0]


@pytest.mark.parametrize("W", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_networks_have_defined_walks(W) -> None:
    W = np.array(W, float)
    found = random_walks(net_of(W)).to_numpy()
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    centrality, counted = where_walks_arrive(W)
    np.testing.assert_allclose(found, np.column_stack([centrality, counted]), atol=1e-12)
    if not (W - np.diag(np.diag(W))).any():
        assert not found.any()


def test_where_all_flows_are_equal_all_are_equal() -> None:
    found = random_walks(net_of(np.ones((5, 5))))
    # one step in five comes to the target: five steps on average
    assert found["random_walk_centrality"].tolist() == pytest.approx([5 / 20] * 5)
    assert found["counting_betweenness"].nunique() == 1 or np.ptp(found.iloc[:, 1]) < 1e-12


@pytest.mark.parametrize("scale", [1e-6, 1e6, 1e-300, 1e300])
def test_walks_do_not_depend_on_the_unit(scale) -> None:
    W = np.random.default_rng(5).integers(0, 4, (8, 8)).astype(float)
    np.testing.assert_allclose(
        random_walks(net_of(W * scale)), random_walks(net_of(W)), rtol=1e-9, atol=1e-12
    )


def test_walks_are_the_same_for_money_and_carbon(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    money, carbon = (random_walks(gm.network(table, weight=w)) for w in ("money", "embodied_co2"))
    np.testing.assert_allclose(money, carbon, rtol=1e-8)
    assert not money.isna().any(axis=None)


def test_guangdong_follows_the_formulas_of_the_paper(data) -> None:
    net = gm.network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"), "money")
    W = net.weights.toarray()
    found = random_walks(net).to_numpy()
    np.testing.assert_allclose(found, np.column_stack(where_walks_arrive(W)), rtol=1e-8, atol=1e-12)
    part = csgraph.connected_components(sparse.csr_array(W), connection="strong")[1]
    core = np.flatnonzero(part == np.bincount(part).argmax())
    assert len(core) > 30
    core = W[np.ix_(core, core)]
    np.testing.assert_allclose(
        random_walks(net_of(core)), np.column_stack(of_the_paper(core)), rtol=1e-8
    )


def test_the_array_functions_are_the_columns() -> None:
    net = net_of([[1.0, 2, 0], [0, 1, 3], [4, 0, 1]])
    found = random_walks(net)
    assert random_walk_centrality(net).tolist() == found["random_walk_centrality"].tolist()
    assert counting_betweenness(net).tolist() == found["counting_betweenness"].tolist()


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
@pytest.mark.parametrize("measure", [random_walk_centrality, counting_betweenness, random_walks])
def test_flows_that_are_none_are_refused(measure, bad) -> None:
    with pytest.raises(DataError, match="a walk cannot follow"):
        measure(net_of([[0.0, bad], [1.0, 0.0]]))
