"""Trophic levels and coherence: the properties the paper states, and least squares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import flows, net_of
from scipy import sparse
from scipy.sparse import csgraph

import graphmap as gm
from graphmap.errors import DataError
from graphmap.network import trophic
from graphmap.network.trophic import coherence, incoherence, trophic_levels


def by_least_squares(W):
    """One row a flow: h_user - h_supplier = 1, weighted by the root of the flow."""
    n = len(W)
    rows, wanted = [], []
    for supplier, user in zip(*np.nonzero(W), strict=True):
        if supplier != user:
            row = np.zeros(n)
            row[user], row[supplier] = 1, -1
            rows.append(row * W[supplier, user] ** 0.5)
            wanted.append(W[supplier, user] ** 0.5)
    if not rows:
        return np.zeros(n), 0.0
    matrix, wanted = np.array(rows), np.array(wanted)
    h = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    missed = np.sum((matrix @ h - wanted) ** 2) / np.sum(wanted**2)
    part = csgraph.connected_components(sparse.csr_array(W), directed=False)[1]
    for p in np.unique(part):
        h[part == p] -= h[part == p].min()
    return h, missed


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.sampled_from([0.05, 0.2, 0.6, 1.0]))
@settings(max_examples=100)
def test_levels_are_the_least_squares_of_one_step_up(seed, n, density) -> None:
    random = np.random.default_rng(seed)
    W = random.lognormal(sigma=1.5, size=(n, n)) * (random.random((n, n)) < density)
    net = net_of(W)
    height, missed = by_least_squares(W)
    np.testing.assert_allclose(trophic_levels(net), height, atol=1e-8)
    assert incoherence(net) == pytest.approx(missed, abs=1e-9)


@given(flows())
@settings(max_examples=60)
def test_levels_and_incoherence_keep_their_bounds(W) -> None:
    net = net_of(W)
    found = trophic_levels(net)
    assert found.min() == 0
    assert 0 <= incoherence(net) <= 1
    assert coherence(net) == 1 - incoherence(net)
    # the mean rise is what is coherent: at the least squares 1 - F0 = sum w (h_j - h_i) / sum w
    between = net.without_loops().weights.tocoo()
    rise = found.to_numpy()[between.col] - found.to_numpy()[between.row]
    assert coherence(net) == pytest.approx(between.data @ rise / between.data.sum(), abs=1e-8)


@given(flows())
@settings(max_examples=40)
def test_turned_round_the_levels_are_turned_round(W) -> None:
    assume(csgraph.connected_components(sparse.csr_array(W), directed=False)[0] == 1)
    there, back = trophic_levels(net_of(W)), trophic_levels(net_of(W.T))
    np.testing.assert_allclose(there.max() - there, back, atol=1e-8)
    assert incoherence(net_of(W)) == pytest.approx(incoherence(net_of(W.T)), abs=1e-9)


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=20))
def test_a_chain_is_perfectly_coherent(sizes) -> None:
    net = net_of(np.diag(sizes, k=1))
    np.testing.assert_allclose(trophic_levels(net), np.arange(len(sizes) + 1), atol=1e-6)
    assert incoherence(net) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n", [2, 3, 8])
def test_a_cycle_has_no_direction(n) -> None:
    net = net_of(np.roll(np.eye(n), 1, axis=1) * 5)
    np.testing.assert_allclose(trophic_levels(net), 0, atol=1e-12)
    assert incoherence(net) == pytest.approx(1)


@given(flows())
@settings(max_examples=30)
def test_what_comes_back_as_it_goes_has_no_direction(W) -> None:
    assert incoherence(net_of(W + W.T)) == pytest.approx(1)


def test_a_short_cut_by_hand() -> None:
    # a to b to c and a to c, all 1: rises of 2/3, 2/3 and 4/3 miss 1 by 1/3 each
    net = net_of([[0, 1, 1], [0, 0, 1], [0, 0, 0]])
    np.testing.assert_allclose(trophic_levels(net), [0, 2 / 3, 4 / 3])
    assert incoherence(net) == pytest.approx(1 / 9)


def test_flows_within_a_sector_are_left_out() -> None:
    W = np.random.default_rng(1).random((6, 6))
    quiet, loud = net_of(W - np.diag(np.diag(W))), net_of(W + 1e6 * np.eye(6))
    np.testing.assert_array_equal(trophic_levels(quiet), trophic_levels(loud))
    assert incoherence(quiet) == incoherence(loud)


@pytest.mark.parametrize(
    ("W", "levels", "missed"),
    [
        ([[0.0]], [0], 0),
        ([[3.0]], [0], 0),
        (np.zeros((3, 3)), [0] * 3, 0),
        (np.diag([1.0, 2.0, 3.0]), [0] * 3, 0),
        ([[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0]], [0, 1, 0, 1], 0),
        (np.ones((4, 4)), [0] * 4, 1),
        ([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [0, 1, 0], 0),
    ],
    ids=["one", "loop", "no edges", "only loops", "two parts", "all equal", "zero row"],
)
def test_degenerate_networks_have_defined_levels(W, levels, missed) -> None:
    net = net_of(W)
    np.testing.assert_allclose(trophic_levels(net), levels, atol=1e-12)
    assert incoherence(net) == pytest.approx(missed)


@pytest.mark.parametrize("scale", [1e-6, 1e6, 1e-300, 1e300])
def test_levels_do_not_depend_on_the_unit(scale) -> None:
    W = np.random.default_rng(6).lognormal(sigma=2, size=(9, 9))
    np.testing.assert_allclose(
        trophic_levels(net_of(W * scale)), trophic_levels(net_of(W)), atol=1e-9
    )
    assert incoherence(net_of(W * scale)) == pytest.approx(incoherence(net_of(W)))


def test_gradients_give_the_levels_of_the_factorisation(monkeypatch) -> None:
    W = np.random.default_rng(8).lognormal(sigma=3, size=(60, 60))
    W[20:, :20] = W[:20, 20:] = 0
    dense = trophic_levels(net_of(W))
    monkeypatch.setattr(trophic, "DENSE", 0)
    np.testing.assert_allclose(trophic_levels(net_of(W)), dense, atol=1e-7)


def test_levels_of_a_real_table_fall_where_upstreamness_rises(data) -> None:
    net = gm.network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"), "money")
    found = trophic_levels(net)
    assert found.index.equals(net.nodes.index)
    assert found.corr(net.nodes["upstreamness"], method="spearman") < -0.7
    height, missed = by_least_squares(net.weights.toarray())
    np.testing.assert_allclose(found, height, atol=1e-7)
    assert incoherence(net) == pytest.approx(missed)


@pytest.mark.parametrize("measure", [trophic_levels, incoherence, coherence])
def test_flows_below_zero_are_refused(measure) -> None:
    with pytest.raises(DataError, match="no levels"):
        measure(net_of([[0.0, -1.0], [1.0, 0.0]]))
