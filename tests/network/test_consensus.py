"""Consensus: at least as stable as single runs, and a consensus indeed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from made import net_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network.community import METHODS, communities
from graphmap.network.consensus import (
    alone,
    best,
    consensus,
    drawn_to,
    joined,
    resolution_profile,
    single_runs,
    support,
    together,
)
from graphmap.network.partitions import adjusted_rand, stability

TABLES = [
    *(f"constructed/{name}_2017_ceads_layout.xlsx" for name in ("Guangdong", "Zhejiang")),
    *(f"nbs/china_{name}.csv" for name in ("2012_139", "2015_42", "2017_42", "2017_149")),
    *(f"nbs/china_{name}.csv" for name in ("2018_42", "2018_153")),
]

pytestmark = pytest.mark.filterwarnings("ignore::graphmap.errors.DataWarning")


@pytest.mark.parametrize("name", TABLES, ids=lambda name: Path(name).stem)
def test_consensus_is_at_least_as_stable_as_single_runs(data, name) -> None:
    """Stability of a consensus: that of five made with other seeds."""
    net = gm.network(gm.read(data / name))
    for method in METHODS if "constructed" in name else ("leiden",):
        found = [consensus(net, method=method, seed=seed) for seed in range(5)]
        ours = stability([each.partition for each in found])
        single = np.mean([each.single_runs for each in found], axis=0)
        assert ours.adjusted_rand >= single[0] - 1e-12, method
        assert ours.mutual_information >= single[1] - 1e-12, method


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_gives_the_same_consensus_in_any_unit(method) -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    found = consensus(net, method=method, runs=12, seed=3)
    large = dataclasses.replace(net, weights=net.weights * 1e6)
    for other in (net, large):
        again = consensus(other, method=method, runs=12, seed=3)
        assert again.partition.equals(found.partition)
        assert again.support.equals(found.support)
        assert again.single_runs == found.single_runs
    assert found.support.between(0, 1).all()
    assert found.runs == 12


def test_planted_groups_are_the_consensus() -> None:
    random = np.random.default_rng(4)
    truth = random.integers(0, 4, 60)
    W = random.lognormal(size=(60, 60)) * np.where(truth[:, None] == truth, 1, 0.3)
    found = consensus(net_of(W), runs=20)
    assert found.support.min() > 0.5
    assert len(set(zip(found.partition, truth, strict=True))) == 4 == found.partition.nunique()


def test_where_runs_differ_the_consensus_is_nearer_to_them_than_they_are_to_one_another(
    data,
) -> None:
    net = gm.network(gm.read(data / "nbs/china_2012_139.csv"), "money")
    found = consensus(net)
    runs, quality = single_runs(net)
    assert found.single_runs.adjusted_rand < 0.9
    chosen = runs[:, best(quality)]
    alike = [adjusted_rand(found.partition, found.partition * 0 + run) for run in chosen.T]
    assert np.mean(alike) > found.single_runs.adjusted_rand


def test_the_parts_of_it_by_hand() -> None:
    runs = np.array([[0, 0, 0], [0, 0, 1], [1, 0, 1], [1, 2, 2]])
    np.testing.assert_allclose(together(runs)[0], [1, 2 / 3, 1 / 3, 0])
    np.testing.assert_allclose(alone(runs), [1 / 3, 0, 0, 2 / 3])
    pairs = np.array([0, 0, 1, 2])
    np.testing.assert_allclose(support(runs, pairs), [2 / 3, 2 / 3, 0, 2 / 3])
    # of 20 the best quarter, with all that are as good; never fewer than five
    assert best(np.arange(20.0)).sum() == 5
    assert best(np.minimum(np.arange(20.0), 10)).sum() == 10
    assert best(np.arange(7.0)).tolist() == [False, False, True, True, True, True, True]
    assert best(-np.arange(7.0)).tolist() == [True, True, True, True, True, False, False]
    assert best(np.zeros(3)).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "W",
    [
        np.zeros((1, 1)),
        np.zeros((3, 3)),
        np.diag([1.0, 2.0]),
        np.ones((5, 5)),
        np.kron(np.eye(2), np.ones((3, 3))),
        [[0, 5, 1], [0, 0, 0], [4, 1, 0]],
    ],
    ids=["one", "no edge", "only loops", "all equal", "disconnected", "zero row"],
)
def test_degenerate_networks_have_a_consensus(method, W) -> None:
    net = net_of(W)
    found = consensus(net, method=method, runs=6)
    assert found.partition.equals(communities(net, method=method))
    assert (found.support == 1).all()
    assert found.single_runs == (1.0, 1.0)
    assert found.rounds == 0
    profile = resolution_profile(net, (1.0,), method=method, runs=3)
    assert profile.notna().all(axis=None)


def test_the_profile_of_resolutions() -> None:
    net = gm.network(sample.table())
    found = resolution_profile(net, (0.5, 1.0, 2.0), runs=5)
    assert found["communities"].tolist() == [
        communities(net, resolution=resolution).nunique() for resolution in (0.5, 1.0, 2.0)
    ]
    assert found["communities"].is_monotonic_increasing
    assert found["adjusted_rand"].between(-1, 1).all()
    assert found.notna().all(axis=None)
    assert found["modularity"].idxmax() == 1
    assert resolution_profile(net, ()).empty


@pytest.mark.parametrize("asked", [{"runs": 1}, {"runs": 0}, {"method": "louvain"}, {"seed": -1}])
def test_what_cannot_be_asked_is_refused(asked) -> None:
    with pytest.raises(DataError):
        consensus(net_of([[0, 1], [1, 0]]), **asked)


def test_sectors_left_alone_join_the_one_they_are_drawn_to() -> None:
    found = np.array([0, 0, 1, 2, 3, 4])
    # 0 and 1 hold together, 2 is drawn to 1, 3 to 2, 4 and 5 to nobody but themselves
    assert joined(found, np.array([4, 0, 1, 2, 4, 5])).tolist() == [0, 0, 0, 0, 1, 2]


def test_a_sector_is_drawn_to_the_one_it_is_with_most_often() -> None:
    shares = np.array([[1, 0.5, 0.3], [0.5, 1, 0.2], [0.3, 0.2, 1]])
    assert drawn_to(shares, np.array([0.1, 0.6, 0.0])).tolist() == [1, 1, 0]
    assert drawn_to(np.ones((1, 1)), np.ones(1)).tolist() == [0]
