"""Strongest chains against the enumeration of all chains."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import economies, net_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network.strongest_paths import (
    coefficients,
    strongest_path_betweenness,
    strongest_paths,
)

MODELS = ["pull", "push"]


def all_chains(n, supplier, user):
    between = [i for i in range(n) if i not in (supplier, user)]
    for length in range(n - 1):
        for middle in itertools.permutations(between, length):
            yield (supplier, *middle, user)


def by_enumeration(Z, x, w, alpha, model):
    """Xiao, Yan & Zhang 2022, word for word; the share of the sum over all pairs."""
    n = len(x)
    passed, total = np.zeros(n), 0.0
    for s, t in itertools.permutations(range(n), 2):
        best, strongest = 0.0, ()
        for chain in all_chains(n, s, t):
            strength = 1.0
            for i, j in itertools.pairwise(chain):
                per = x[j] if model == "pull" else x[i]
                strength *= Z[i, j] / per if per > 0 else 0.0
            if strength > best:
                best, strongest = strength, chain
        if not best:
            continue
        weight = (
            (x[t] * best) ** alpha * w[s] ** (1 - alpha)
            if model == "pull"
            else (x[s] * best) ** alpha * w[t] ** (1 - alpha)
        )
        total += weight
        passed[list(strongest[1:-1])] += weight
    return passed / total if total else passed


@given(economies(most=6), st.sampled_from([0.0, 0.3, 1.0]), st.sampled_from(MODELS))
@settings(max_examples=60)
def test_betweenness_is_what_all_chains_say(economy, alpha, model) -> None:
    Z, x, _, co2 = economy
    assume((co2 > 0).any())
    net = net_of(Z, gross_output=x, direct_co2=co2)
    found = strongest_path_betweenness(net, alpha=alpha, model=model)
    np.testing.assert_allclose(found, by_enumeration(Z, x, co2, alpha, model), atol=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_without_gross_output_coefficients_are_of_total_flows(model) -> None:
    Z = np.random.default_rng(2).lognormal(sigma=2, size=(6, 6))
    x = Z.sum(axis=0 if model == "pull" else 1)
    found = strongest_path_betweenness(net_of(Z), model=model)
    np.testing.assert_allclose(found, by_enumeration(Z, x, np.ones(6), 1.0, model), atol=1e-12)
    assert found.any()


def test_flows_of_carbon_are_not_taken_of_output_in_money() -> None:
    table = sample.table().select(["CN-GD"])
    carbon = gm.network(table, "embodied_co2")
    bare = net_of(carbon.weights.toarray(), list(carbon.nodes.index))
    np.testing.assert_allclose(
        strongest_path_betweenness(carbon, alpha=1), strongest_path_betweenness(bare), atol=1e-12
    )


@given(st.integers(0, 2**32 - 1), st.integers(2, 12))
@settings(max_examples=40)
def test_no_chain_is_stronger(seed, n) -> None:
    random = np.random.default_rng(seed)
    shares = random.random((n, n)) * (random.random((n, n)) < 0.5)
    np.fill_diagonal(shares, 0)
    found = strongest_paths(shares)
    for middle in range(n):
        around = found.strength[:, [middle]] * found.strength[[middle], :]
        np.fill_diagonal(around, 0)
        assert (found.strength >= around * (1 - 1e-7)).all()
    assert (found.strength >= shares * (1 - 1e-7)).all()
    for s, t in itertools.product(range(n), repeat=2):
        product, at = 1.0, t
        while found.previous[s, at] >= 0:
            product *= shares[found.previous[s, at], at]
            at = found.previous[s, at]
        assert found.strength[s, t] == pytest.approx(product if at == s and s != t else 0)


def test_a_chain_by_hand() -> None:
    # power to steel to cars: half of a half is more than the tenth that goes directly
    Z = [[0.0, 5, 1], [0, 0, 5], [0, 0, 0]]
    net = net_of(Z, ["power", "steel", "cars"], gross_output=[10.0, 10.0, 10.0])
    chains = {"power>steel": 5.0, "steel>cars": 5.0, "power>steel>cars": 2.5}
    assert strongest_path_betweenness(net).tolist() == pytest.approx(
        [0, 2.5 / sum(chains.values()), 0]
    )
    # only power emits: chains from steel count for nothing
    emits = pd.Series({"cars": 0.0, "steel": 0.0, "power": 8.0})
    found = strongest_path_betweenness(net, emits, alpha=0.5)
    assert found[1] == pytest.approx(2.5**0.5 / (5**0.5 + 2.5**0.5))
    pushed = strongest_path_betweenness(net, emits, alpha=0.5, model="push")
    assert pushed.tolist() == [0, 0, 0]


def test_the_words_of_the_paper_are_the_models() -> None:
    net = gm.network(sample.table().select(["CN-GD"]), "money")
    for word, model in (("consumption", "pull"), ("distribution", "push")):
        one, other = (strongest_path_betweenness(net, model=m) for m in (word, model))
        np.testing.assert_array_equal(one, other)
    pull, push = (strongest_path_betweenness(net, model=m) for m in MODELS)
    assert np.abs(pull - push).max() > 1e-3


def test_node_weights_are_joined_by_id_and_direct_co2_is_the_usual_one() -> None:
    net = gm.network(sample.table().select(["CN-GD"]), "money")
    found = strongest_path_betweenness(net)
    shuffled = net.nodes["direct_co2"].sample(frac=1, random_state=1)
    np.testing.assert_allclose(strongest_path_betweenness(net, shuffled), found)
    output = strongest_path_betweenness(net, net.nodes["gross_output"])
    assert np.abs(output - found).max() > 1e-3


def test_of_equal_chains_the_shortest_is_taken_then_the_first_of_the_table() -> None:
    half = np.zeros((4, 4))
    half[0, 1] = half[0, 2] = half[1, 3] = half[2, 3] = 0.5
    assert strongest_paths(half).previous[0, 3] == 1
    half[0, 3] = 0.25
    assert strongest_paths(half).previous[0, 3] == 0
    # 0.1 x 0.3 and 0.3 x 0.1 round differently as logarithms
    tied = np.zeros((4, 4))
    tied[0, 1], tied[1, 3], tied[0, 2], tied[2, 3] = 0.3, 0.1, 0.1, 0.3
    assert strongest_paths(tied).previous[0, 3] == 1
    tied[[1, 2]] = tied[[2, 1]]
    tied[:, [1, 2]] = tied[:, [2, 1]]
    assert strongest_paths(tied).previous[0, 3] == 1


def test_coefficients_of_one_make_no_circles() -> None:
    ring = np.roll(np.eye(5), 1, axis=1)
    found = strongest_paths(np.maximum(ring, ring.T))
    assert (found.strength + np.eye(5) == 1).all()
    # one way round, a chain of 2, 3, 4 steps passes 1, 2, 3 sectors: 30 passages of 20 chains
    assert strongest_path_betweenness(net_of(ring)).tolist() == pytest.approx([6 / 20] * 5)


def test_a_coefficient_above_one_counts_as_one() -> None:
    shares = coefficients(np.array([[0.0, 8.0], [2.0, 0.0]]), np.array([4.0, 4.0]))
    assert shares.tolist() == [[0.0, 1.0], [0.5, 0.0]]
    net = net_of([[0.0, 8, 0], [0, 0, 3], [2, 0, 0]], gross_output=[4.0, 4.0, 4.0])
    assert np.isfinite(strongest_path_betweenness(net)).all()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("W", "any_between"),
    [
        ([[0.0]], False),
        ([[3.0]], False),
        (np.zeros((3, 3)), False),
        (np.diag([1.0, 2.0, 3.0]), False),
        ([[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0]], False),
        (np.ones((4, 4)), False),
        ([[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]], None),
        ([[0.0, 1.0, 0.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]], True),
    ],
    ids=["one", "loop", "no edges", "only loops", "apart", "all equal", "zero row", "chain"],
)
def test_degenerate_networks_have_defined_betweenness(W, any_between, model) -> None:
    W = np.array(W, float)
    for columns in (
        {},
        {"direct_co2": np.zeros(len(W))},
        {"direct_co2": np.arange(1.0, len(W) + 1), "gross_output": np.zeros(len(W))},
    ):
        found = strongest_path_betweenness(net_of(W, **columns), model=model)
        assert ((found >= 0) & (found <= 1)).all()
        if any_between is not None:
            assert found.any() == (any_between and "gross_output" not in columns)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize("model", MODELS)
def test_betweenness_does_not_depend_on_the_unit(scale, model) -> None:
    W = np.random.default_rng(4).lognormal(sigma=2, size=(9, 9))
    x = W.sum(axis=0) + W.sum(axis=1)
    one = net_of(W, gross_output=x, direct_co2=np.arange(9.0))
    other = net_of(W * scale, gross_output=x * scale, direct_co2=np.arange(9.0) / scale)
    np.testing.assert_allclose(
        strongest_path_betweenness(one, model=model),
        strongest_path_betweenness(other, model=model),
        atol=1e-12,
    )


def test_real_guangdong_has_betweenness(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    for weight in ("money", "direct_co2", "embodied_co2"):
        found = strongest_path_betweenness(gm.network(table, weight=weight))
        assert (found >= 0).all()
        assert 0 < found.max() < 1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"model": "sideways"}, "unknown model.*pull, consumption"),
        ({"alpha": 1.5}, "alpha out of range"),
        ({"alpha": float("nan")}, "alpha out of range"),
        ({"node_weights": pd.Series({"n0": 1.0})}, "one for each node id"),
        ({"node_weights": pd.Series({"n0": 1.0, "n1": -1.0})}, "none below zero"),
        ({"node_weights": pd.Series({"n0": 0.0, "n1": 0.0})}, "only zeros"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, message) -> None:
    with pytest.raises(DataError, match=message):
        strongest_path_betweenness(net_of([[0.0, 1.0], [1.0, 0.0]]), **asked)


@pytest.mark.parametrize("bad", [-1.0, np.nan])
def test_flows_that_are_none_are_refused(bad) -> None:
    with pytest.raises(DataError, match="chains cannot follow"):
        strongest_path_betweenness(net_of([[0.0, bad], [1.0, 0.0]]))
