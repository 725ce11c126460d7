"""What communities are called, and what they keep to themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made import flows, net_of, studied

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import communities
from graphmap.network.community import METHODS
from graphmap.network.community_table import community_flows, community_names, community_table


def test_a_table_by_hand() -> None:
    W = [[9, 4, 1, 0], [2, 0, 0, 0], [0, 3, 0, 5], [0, 0, 0, 0]]
    net = net_of(W, gross_output=[10.0, 20.0, 30.0, 40.0], direct_co2=[1.0, np.nan, 3.0, 4.0])
    found = community_table(net, pd.Series([0, 0, 1, 1], index=net.nodes.index))
    assert found["sectors"].tolist() == [2, 2]
    assert found["gross_output"].tolist() == [30, 70]
    assert found["direct_co2"].tolist() == [1, 7]
    assert found["internal_flow"].tolist() == [6, 5]
    assert found["to_others"].tolist() == [1, 3]
    assert found["from_others"].tolist() == [3, 1]
    assert found["internal_share"].tolist() == pytest.approx([6 / 10, 5 / 9])
    assert found["partner"].tolist() == [1, 0]
    assert found["name_en"].tolist() == ["n1, n0", "n2, n3"]
    assert found["partner_name_zh_hans"].tolist() == ["n2、n3", "n1、n0"]


@given(flows())
@settings(max_examples=40)
def test_the_table_adds_up_to_the_network(W) -> None:
    net = net_of(W)
    for method in METHODS:
        found = community_table(net, communities(net, method=method))
        between = W.sum() - np.trace(W)
        assert found["to_others"].sum() == pytest.approx(found["from_others"].sum())
        assert (found["internal_flow"] + found["to_others"]).sum() == pytest.approx(between)
        assert found["internal_share"].between(0, 1).all()
        assert found.notna().all(axis=None)
        assert found["sectors"].sum() == len(W)


@pytest.mark.parametrize(
    "W",
    [
        np.zeros((1, 1)),
        np.zeros((3, 3)),
        np.diag([1.0, 2.0]),
        np.ones((4, 4)),
        np.kron(np.eye(2), np.ones((2, 2))),
        [[0, 5, 1], [0, 0, 0], [4, 1, 0]],
    ],
    ids=["one", "no edge", "only loops", "all equal", "disconnected", "zero row"],
)
def test_degenerate_networks_have_a_table(W) -> None:
    net = net_of(W)
    found = community_table(net, communities(net))
    assert found.notna().all(axis=None)
    dealing = (found["to_others"] + found["from_others"]) > 0
    assert (found.loc[~dealing, "partner"] == -1).all()
    assert (found.loc[~dealing, "partner_name_en"] == "").all()
    assert (found["name_en"] != "").all()
    for unit in (1e6, 1e-6):
        other = community_table(net_of(np.asarray(W) * unit), communities(net))
        np.testing.assert_allclose(other["internal_share"], found["internal_share"], atol=1e-12)


def test_names_are_those_the_page_shows() -> None:
    study = studied("CN-GD")
    found = community_names(study.networks[study.weight], study.sectors["community"])
    assert found == study.community_names
    assert all(set(name) == set(LANGUAGES) for name in found)


def test_the_place_stands_in_the_name_where_there_are_several() -> None:
    net = gm.network(sample.table())
    table = community_table(net, communities(net))
    assert table["name_en"].str.contains("GD |ZJ ").all()
    assert table["name_zh_hans"].str.contains("粤|浙|广东|浙江").all()
    assert table["sectors"].sum() == 84
    flows = community_flows(net, communities(net))
    np.testing.assert_allclose(flows.diagonal(), table["internal_flow"])


def test_a_partition_with_numbers_of_its_own_keeps_them() -> None:
    net = net_of([[0, 2, 0], [1, 0, 1], [0, 1, 0]])
    found = community_table(net, pd.Series([7, 7, 3], index=["n0", "n1", "n2"]))
    assert found.index.tolist() == [3, 7]
    assert found["partner"].tolist() == [7, 3]
    assert found["sectors"].tolist() == [1, 2]


def test_a_partition_that_leaves_out_a_sector_is_refused() -> None:
    net = net_of([[0, 2], [1, 0]])
    with pytest.raises(DataError, match="n1"):
        community_table(net, pd.Series([0], index=["n0"]))
    with pytest.raises(DataError, match="leaves out"):
        community_names(net, pd.Series([0, 1], index=["a", "b"]))


def test_every_column_and_method_has_a_name() -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    columns = community_table(net, communities(net)).columns
    known = vocabulary()
    for column in [c for c in columns if "name" not in c] + [f"method.{m}" for m in METHODS]:
        assert f"communities.{column}" in known
