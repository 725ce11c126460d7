"""Communities: found again where they are planted, and the same every time."""

from __future__ import annotations

import igraph
import numpy as np
import pytest
from made import net_of

import graphmap as gm
from graphmap import sample
from graphmap.network import communities


def rand_index(one, other):
    return igraph.compare_communities(list(one), list(other), method="adjusted_rand")


def planted(n, groups, seed=0, apart=0.15):
    random = np.random.default_rng(seed)
    truth = random.integers(0, groups, n)
    within = truth[:, None] == truth
    return truth, random.lognormal(size=(n, n)) * np.where(within, 1, apart)


@pytest.mark.parametrize(("n", "groups"), [(60, 3), (150, 5), (300, 6)])
def test_planted_groups_are_found_again(n, groups) -> None:
    truth, W = planted(n, groups)
    assert rand_index(communities(net_of(W)), truth) > 0.95


def test_direction_does_not_matter() -> None:
    truth, W = planted(80, 4)
    assert rand_index(communities(net_of(np.triu(W))), truth) > 0.95
    assert rand_index(communities(net_of(W)), communities(net_of(W.T))) == pytest.approx(1)


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_the_same_seed_gives_the_same_communities(seed) -> None:
    net = gm.network(sample.table())
    assert communities(net, seed=seed).equals(communities(net, seed=seed))


def test_communities_are_numbered_by_the_size_of_their_flows() -> None:
    net = gm.network(sample.table())
    found = communities(net)
    flows = net.without_loops().weights
    strength = np.asarray(flows.sum(axis=0)).ravel() + np.asarray(flows.sum(axis=1)).ravel()
    sizes = [strength[found == number].sum() for number in range(found.max() + 1)]
    assert len(sizes) > 1
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) > 0
    assert list(found.index) == list(net.nodes.index)


def test_a_higher_resolution_gives_more_communities() -> None:
    net = gm.network(sample.table())
    assert communities(net, resolution=3).nunique() > communities(net, resolution=0.5).nunique()


def test_flows_within_a_sector_do_not_matter() -> None:
    _, W = planted(40, 3)
    loud = W + np.diag(np.full(40, 1e6))
    assert communities(net_of(W)).equals(communities(net_of(loud)))


@pytest.mark.parametrize(
    ("W", "members"),
    [
        ([[0.0]], [0]),
        ([[3.0]], [0]),
        (np.zeros((3, 3)), [0, 1, 2]),
        (np.diag([1.0, 2.0, 3.0]), [0, 1, 2]),
        ([[0.0, 1.0], [0.0, 0.0]], [0, 0]),
        ([[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0]], [1, 1, 0, 0]),
    ],
    ids=["one", "one loop", "no edges", "only loops", "two", "two pairs"],
)
def test_degenerate_networks_have_defined_communities(W, members) -> None:
    assert communities(net_of(W)).tolist() == members
