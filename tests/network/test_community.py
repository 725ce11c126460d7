"""Communities: found again where they are planted, and the same every time."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from made import flows, net_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import communities
from graphmap.network.community import METHODS, modularity, relative

DEGENERATE = {
    "one": [[0.0]],
    "one loop": [[3.0]],
    "no edges": np.zeros((3, 3)),
    "only loops": np.diag([1.0, 2.0, 3.0]),
    "two": [[0.0, 1.0], [0.0, 0.0]],
    "two pairs": [[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0]],
    "all equal": np.ones((6, 6)),
    "zero row": [[0, 5, 1], [0, 0, 0], [4, 1, 0]],
    "one apart": [[0, 5, 0], [1, 0, 0], [0, 0, 2]],
}


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


def test_real_tables_are_grouped_as_before_there_were_several_methods(data) -> None:
    """Sizes of the communities of 2017, found before flows were made relative."""
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    found = communities(gm.network(table, "money"))
    assert found.value_counts().sort_index().tolist() == [13, 15, 8, 6]


@pytest.mark.parametrize("method", ["leiden", "infomap"])
def test_both_find_300_nodes_planted_in_six_groups(method) -> None:
    truth, W = planted(300, 6)
    assert rand_index(communities(net_of(W), method=method), truth) > 0.95


def test_spectral_clusters_and_cpm_find_them_too() -> None:
    truth, W = planted(300, 6)
    assert rand_index(communities(net_of(W), method="spectral"), truth) > 0.95
    # between the flows inside (2 lognormals of mean e^0.5) and those between groups
    assert rand_index(communities(net_of(W), method="cpm", resolution=1.5), truth) > 0.95


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("W", DEGENERATE.values(), ids=list(DEGENERATE))
def test_degenerate_networks_have_communities_by_every_method(method, W) -> None:
    W = np.asarray(W, float)
    found = communities(net_of(W), method=method)
    between = W * ~np.eye(len(W), dtype=bool)
    idle = (between.sum(axis=0) + between.sum(axis=1)) == 0
    assert sorted(found.unique()) == list(range(found.nunique()))
    sizes = found.map(found.value_counts())
    assert (sizes[idle] == 1).all()
    if (W == 1).all() and len(W) > 1:
        assert found.nunique() == (len(W) if method == "cpm" else 1)
    if not between.any():
        assert found.tolist() == list(range(len(W)))


def test_parts_that_do_not_deal_are_apart_by_every_method() -> None:
    W = np.kron(np.eye(2), np.ones((4, 4))) * np.array([1, 1, 1, 1, 3, 3, 3, 3])
    for method in METHODS:
        assert communities(net_of(W), method=method).tolist() == [1, 1, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("method", METHODS)
@given(W=flows())
@settings(max_examples=25)
def test_the_unit_and_flows_within_sectors_change_nothing(method, W) -> None:
    net = net_of(W)
    found = communities(net, method=method)
    assert found.isna().sum() == 0
    for unit in (1e6, 1e-6):
        other = dataclasses.replace(net, weights=net.weights * unit)
        assert communities(other, method=method).equals(found)
    loud = net_of(W + np.diag(np.full(len(W), 1e9)))
    assert communities(loud, method=method).equals(found)


def test_a_seed_gives_the_same_in_another_process_and_after_other_random_numbers() -> None:
    code = (
        "import graphmap as gm; from graphmap import sample;"
        "from graphmap.network.community import METHODS, communities;"
        "net = gm.network(sample.table());"
        "print([communities(net, method=m, resolution=1.1, seed=7).tolist() for m in METHODS])"
    )
    net = gm.network(sample.table())
    random.seed(123)
    here = [communities(net, method=m, resolution=1.1, seed=7).tolist() for m in METHODS]
    assert here == [communities(net, method=m, resolution=1.1, seed=7).tolist() for m in METHODS]
    after = random.random()
    random.seed(123)
    assert random.random() == after  # nobody else's random numbers were used
    there = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert there.strip() == str(here)


@pytest.mark.parametrize("method", METHODS)
def test_a_higher_resolution_gives_more_communities_by_every_method(method) -> None:
    net = gm.network(sample.table())
    counts = [
        communities(net, method=method, resolution=resolution).nunique()
        for resolution in (0.6, 1.0, 1.7)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_infomap_follows_the_direction_of_flows() -> None:
    random_flows = np.random.default_rng(5)
    W = random_flows.lognormal(size=(40, 40)) * (random_flows.random((40, 40)) < 0.08)
    directed = communities(net_of(W), method="infomap")
    assert not directed.equals(communities(net_of(W + W.T), method="infomap"))
    assert communities(net_of(W)).equals(communities(net_of(W + W.T)))


def test_infomap_keeps_rings_together() -> None:
    W = np.zeros((12, 12))
    for start in range(0, 12, 3):
        ring = np.arange(start, start + 3)
        W[ring, np.roll(ring, -1)] = 10
        W[start, (start + 3) % 12] = 1
    assert rand_index(communities(net_of(W), method="infomap"), np.arange(12) // 3) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_as_many_clusters_as_asked_for(count) -> None:
    _, W = planted(60, 3)
    assert communities(net_of(W), method="spectral", count=count).nunique() == count


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "louvain"},
        {"resolution": 0.0},
        {"resolution": float("nan")},
        {"resolution": float("inf")},
        {"seed": -1},
        {"seed": 2**31},
        {"count": 3},
        {"method": "spectral", "count": 0},
    ],
)
def test_what_cannot_be_asked_is_refused(asked) -> None:
    with pytest.raises(DataError):
        communities(net_of([[0, 1], [1, 0]]), **asked)


@pytest.mark.parametrize("bad", [-1.0, float("inf"), float("nan")])
def test_flows_that_are_none_are_refused(bad) -> None:
    for method in METHODS:
        with pytest.raises(DataError, match="finite flows"):
            communities(net_of([[0, bad], [1, 0]]), method=method)


@given(flows())
@settings(max_examples=40)
def test_modularity_equals_networkx(W) -> None:
    net = net_of(W)
    found = communities(net)
    both = W + W.T
    np.fill_diagonal(both, 0)
    graph = nx.from_numpy_array(both)
    groups = [set(np.flatnonzero(found == number)) for number in found.unique()]
    expected = nx.community.modularity(graph, groups, weight="weight")
    assert modularity(net, found) == pytest.approx(expected, abs=1e-12)


def test_relative_flows_do_not_depend_on_how_the_unit_is_rounded() -> None:
    net = net_of(np.random.default_rng(1).lognormal(0, 3, (30, 30)))
    one = relative(net.weights).data
    np.testing.assert_allclose(one, net.weights.data / net.weights.data.max(), rtol=1e-11)
    other = relative(net.weights * 1e-6).data
    assert (one == other).mean() > 0.99


def test_random_numbers_of_igraph_are_left_as_they_were() -> None:
    def drawn():
        random.seed(5)
        return igraph.Graph.Erdos_Renyi(20, p=0.3).get_edgelist()

    before = drawn()
    communities(gm.network(sample.table()), method="cpm")
    assert drawn() == before
