"""Two networks beside each other: against themselves, by hand, real years and provinces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import flows, net_of, studied
from scipy import sparse

import graphmap as gm
from graphmap.errors import DataError
from graphmap.network.compare import CHANGES, comparison

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"


def labelled(W, priority=None, **more):
    """A network whose nodes carry what a comparison needs."""
    n = len(W)
    names = {f"name_{tag}": [f"s{i}" for i in range(n)] for tag in ("en", "zh_hans", "zh_hant")}
    columns = {
        "region": "R",
        "code": [f"{i:02d}" for i in range(n)],
        **names,
        "priority": np.arange(n, 0, -1) / n if priority is None else priority,
        "role": "other",
        "community": np.arange(n) % 2,
    }
    return net_of(W, **{**columns, **more})


@given(flows(), st.integers(-8, 8))
@settings(max_examples=40, deadline=None)
def test_a_network_is_like_itself_whatever_its_size(W, size) -> None:
    net = labelled(W)
    found = comparison(net, replace(net, weights=net.weights * 10.0**size))
    assert found.similarity == pytest.approx(dict.fromkeys(found.similarity, 1.0))
    np.testing.assert_allclose(found.flows["change_of_share"], 0, atol=1e-12)
    assert not found.sectors["key"].isin(["entered", "left"]).any()


@given(flows(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_sectors_makes_no_difference(W, seed) -> None:
    random = np.random.default_rng(seed)
    other = labelled(random.permutation(W.ravel()).reshape(W.shape) + np.roll(np.eye(len(W)), 1, 1))
    order = random.permutation(len(W))
    turned = replace(
        other,
        nodes=other.nodes.iloc[order],
        weights=sparse.csr_array(other.weights.toarray()[np.ix_(order, order)]),
    )
    one, two = (comparison(labelled(W), each) for each in (other, turned))
    assert one.similarity == pytest.approx(two.similarity)
    assert one.flows.equals(two.flows)
    back = comparison(other, labelled(W))
    assert back.similarity == pytest.approx(one.similarity)
    assert back.flows["change"].sum() == pytest.approx(-one.flows["change"].sum())
    assert one.flows["share_before"].sum() == pytest.approx(1)
    assert one.flows["share_after"].sum() == pytest.approx(1)


def test_what_entered_and_left_by_hand() -> None:
    """The flow from 0 to 1 moves to 2; sector 2 becomes a key sector in place of 0."""
    before = labelled([[0, 8, 0], [0, 0, 2], [0, 0, 0]], priority=[0.6, 0.3, 0.1])
    after = labelled([[0, 2, 6], [0, 0, 2], [0, 0, 0]], priority=[0.2, 0.35, 0.45])
    found = comparison(before, after, top=1)
    assert found.sectors["key"].to_dict() == {"n0": "left", "n2": "entered", "n1": "outside"}
    assert found.sectors["rank_after"].to_dict() == {"n0": 3, "n2": 1, "n1": 2}
    changes = found.flows.set_index(["supplier", "user"])["change_of_share"]
    assert changes.index.tolist() == [("n0", "n1"), ("n0", "n2"), ("n1", "n2")]
    np.testing.assert_allclose(changes, [-0.6, 0.6, 0])
    assert found.similarity["flow_overlap"] == pytest.approx(0.4)
    assert set(found.sectors["key"]) <= set(CHANGES)


def test_provinces_are_joined_by_code() -> None:
    found = comparison(studied("CN-GD").network, studied("CN-ZJ").network)
    assert found.by == "code"
    assert sorted(found.sectors.index) == [f"{i:02d}" for i in range(1, 43)]
    assert "24" in found.sectors.index[found.sectors["key"] == "stayed"]
    assert 0.5 < found.similarity["rank_correlation"] < 1
    both = comparison(studied("CN-GD", "CN-ZJ").network, studied("CN-GD", "CN-ZJ").network)
    assert both.by == "node"


def test_years_are_joined_by_node(data) -> None:
    inventories = [gm.read_emissions(data / INVENTORY, year=year) for year in (2017, 2018)]
    tables = [
        gm.read(data / "nbs" / f"china_{2017 + i}_42.csv").with_emissions(inventories[i])
        for i in (0, 1)
    ]
    found = comparison(*(gm.study(table).network for table in tables))
    assert found.by == "node"
    assert found.similarity["flow_overlap"] > 0.8
    assert found.similarity["rank_correlation"] > 0.9
    top = found.sectors.sort_values("rank_after").index[0]
    assert top == "CN.24"


def test_what_cannot_be_compared_is_refused(data) -> None:
    guangdong = studied("CN-GD")
    with pytest.raises(DataError, match="differ in weight"):
        comparison(guangdong.networks["money"], guangdong.network)
    with pytest.raises(DataError, match="not have the same sectors; found 'only in the second"):
        comparison(guangdong.network, studied("CN-GD", "CN-ZJ").network)
    with pytest.raises(DataError, match="no flows between sectors"):
        comparison(labelled(np.eye(3)), labelled(np.ones((3, 3))))
    of_2015 = gm.study(gm.read(data / "nbs" / "china_2015_42.csv"))
    of_2017 = gm.study(gm.read(data / "nbs" / "china_2017_42.csv"))
    with pytest.raises(DataError, match="codes that mean two things"):
        comparison(of_2015.network, of_2017.network)


def test_networks_without_any_difference_between_sectors() -> None:
    """All weights and priorities equal: correlations are defined, nothing is missing."""
    net = labelled(np.ones((3, 3)), priority=[1 / 3] * 3, community=0)
    found = comparison(net, net)
    assert found.similarity == pytest.approx(dict.fromkeys(found.similarity, 1.0))
    assert not found.sectors.isna().any(axis=None)
    assert not found.flows.isna().any(axis=None)
