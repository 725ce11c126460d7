"""Pairs of drawn edges that cross: counted right, and fewer in the chain than by chance."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from made import net_of, placed, studied

import graphmap as gm
from graphmap.network.crossings import BEND, Crossings, along, crossings, drawn_edges, rise


def places(x, y):
    return pd.DataFrame({"x": np.asarray(x, float), "y": np.asarray(y, float)})


def flows(n, *edges):
    W = np.zeros((n, n))
    for supplier, user, *flow in edges:
        W[supplier, user] = flow[0] if flow else 1.0
    return net_of(W)


def by_polylines(positions, net, samples=400):
    """The same count from short straight pieces of each curve, compared one by one."""
    t = np.linspace(0.005, 0.995, samples)
    supplier, user, _ = drawn_edges(net)
    x, y = positions["x"].to_numpy(), positions["y"].to_numpy()
    # the curve by its control points, as the page draws it
    bend = BEND * (x[user] - x[supplier])[:, None]
    ends = [x[supplier][:, None], x[user][:, None], y[supplier][:, None], y[user][:, None]]
    weights = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3]

    def bezier(*points):
        return sum(point * weight for point, weight in zip(points, weights, strict=True))

    at = bezier(ends[0], ends[0] + bend, ends[1] - bend, ends[1])
    height = bezier(ends[2], ends[2], ends[3], ends[3])

    def side(ax, ay, bx, by, px, py):
        return np.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax))

    total = 0
    for e, f in itertools.combinations(range(len(supplier)), 2):
        if {supplier[e], user[e]} == {supplier[f], user[f]}:
            continue
        a = [at[e, :-1, None], height[e, :-1, None], at[e, 1:, None], height[e, 1:, None]]
        b = [at[f, :-1], height[f, :-1], at[f, 1:], height[f, 1:]]
        apart = side(*a, b[0], b[1]) * side(*a, b[2], b[3]) < 0
        apart &= side(*b, a[0], a[1]) * side(*b, a[2], a[3]) < 0
        total += bool(apart.any())
    return total


def test_the_curve_is_the_bezier_curve_that_the_page_draws() -> None:
    t = np.linspace(0, 1, 11)
    np.testing.assert_allclose(
        along(t), 3 * t * (1 - t) ** 2 * BEND + 3 * t**2 * (1 - t) * (1 - BEND) + t**3
    )
    np.testing.assert_allclose([along(t)[[0, -1]], rise(t)[[0, -1]]], [[0, 1], [0, 1]])
    assert (np.diff(along(t)) > 0).all()


@pytest.mark.parametrize(
    ("x", "y", "edges", "expected"),
    [
        ([0, 0, 9, 9], [0, 5, 0, 5], [(0, 3), (1, 2)], 1),
        ([0, 0, 9, 9], [0, 5, 0, 5], [(0, 2), (1, 3)], 0),
        ([0, 0, 9, 9], [0, 5, 0, 5], [(3, 0), (1, 2)], 1),
        ([0, 5, 9], [0, 5, 0], [(0, 1), (0, 2)], 0),
        ([0, 5, 9], [0, 5, 9], [(0, 1), (1, 2), (0, 2)], 1),
        ([0, 9], [0, 5], [(0, 1), (1, 0)], 0),
        ([0, 4, 5, 9], [0, 5, 5, 0], [(0, 1), (2, 3)], 0),
        ([0, 0, 9], [0, 5, 3], [(0, 1), (0, 2)], 0),
        ([0, 1], [0, 0], [(0, 0), (1, 1)], 0),
    ],
    ids=["cross", "side by side", "one backwards", "from one", "under", "there and back", "apart",
         "straight up", "only loops"],
)  # fmt: skip
def test_pairs_told_by_hand(x, y, edges, expected) -> None:
    assert crossings(places(x, y), flows(len(x), *edges)) == expected


@pytest.mark.parametrize("seed", range(4))
def test_as_many_as_short_straight_pieces_cross(seed) -> None:
    """Small differences are curves that touch at a sector, where neither way is exact."""
    random = np.random.default_rng(seed)
    n = 14
    W = random.random((n, n)) * (random.random((n, n)) < 0.15)
    at = places(random.uniform(0, 1000, n), random.uniform(0, 620, n))
    expected = by_polylines(at, net_of(W))
    assert expected > 20
    assert crossings(at, net_of(W)) == pytest.approx(expected, rel=0.06)


def test_a_weighted_crossing_counts_the_square_roots_of_its_flows() -> None:
    net = flows(6, (0, 3, 16.0), (1, 2, 4.0), (4, 5, 1.0))
    at = places([0, 0, 9, 9, 20, 30], [0, 5, 0, 5, 0, 0])
    assert crossings(at, net, weighted=True) == pytest.approx(0.5)


def test_while_heights_are_sought_the_same_crossings_cost_something() -> None:
    at, net = places([0, 0.1, 9, 9.1], [0, 5, 0, 5]), flows(4, (0, 3), (1, 2))
    supplier, user, pull = drawn_edges(net)
    watched = Crossings(supplier, user, pull, at["x"].to_numpy())
    assert watched.of(np.array([0]), at["y"].to_numpy()) == pytest.approx(1.2)
    assert watched.of(np.array([0]), np.array([0.0, 5.0, 5.0, 0.0])) == 0
    unwatched = Crossings(*(np.zeros(1001, int),) * 2, np.zeros(1001), np.zeros(1))
    assert unwatched.of(np.array([0]), np.zeros(1)) == 0


def fewer_than_naive(study):
    """The share of the crossings that the chain layout leaves of those of naive heights."""
    net, positions = study.backbone.network, placed(study).positions
    even = np.linspace(positions["y"].min(), positions["y"].max(), study.n)
    random = np.random.default_rng(0)
    by_table = crossings(positions.assign(y=even), net)
    by_chance = np.mean(
        [crossings(positions.assign(y=random.permutation(even)), net) for _ in range(10)]
    )
    found = crossings(positions, net)
    return found / by_table, found / by_chance


def test_the_chain_of_the_sample_has_far_fewer_crossings_than_naive_heights() -> None:
    table, chance = fewer_than_naive(studied("CN-GD"))
    assert table < 0.8
    assert chance < 0.6


def test_the_chains_of_real_provinces_have_far_fewer_crossings_than_naive_heights(data) -> None:
    provinces = gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
    regions = ["CN-GD", "CN-HE", "CN-SH", "CN-XJ", "CN-XZ"]
    found = np.array([fewer_than_naive(gm.study(provinces.select([r]))) for r in regions])
    assert (found < 0.85).all(), found
    assert (found.mean(axis=0) < [0.72, 0.58]).all(), found
