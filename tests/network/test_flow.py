"""Networks: what an edge weighs, which way it points, and the ways in and out."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made import economies, flows, net_of, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import WEIGHTS, FlowNetwork, network


@pytest.fixture(scope="module")
def guangdong():
    return sample.table().select(["CN-GD"])


@given(economies())
@settings(max_examples=20)
def test_the_three_weights_follow_their_formulas(economy) -> None:
    Z, x, _, co2 = economy
    f = np.divide(co2, x, out=np.zeros_like(x), where=x > 0)
    A = np.divide(Z, x, out=np.zeros_like(Z), where=x > 0)
    m = f @ np.linalg.inv(np.eye(len(x)) - A)
    expected = {"money": Z, "direct_co2": f[:, None] * Z, "embodied_co2": m[:, None] * Z}
    for form in (np.asarray, sparse.csr_array):
        table = table_of(form(Z), x, co2=co2)
        for weight in WEIGHTS:
            net = network(table, weight)
            assert net.unit == ("10k_yuan" if weight == "money" else "Mt")
            np.testing.assert_allclose(net.weights.toarray(), expected[weight], rtol=1e-9)
            assert (net.weights.data != 0).all()


def test_money_is_in_10_thousand_of_the_currency() -> None:
    Z, x = np.array([[0.0, 2.0], [1.0, 0.0]]), np.array([9.0, 9.0])
    yuan = network(table_of(Z, x, unit="100m_yuan"), "money")
    assert (yuan.unit, yuan.weights[0, 1]) == ("10k_yuan", 20_000.0)
    dollars = network(table_of(Z, x, unit="million_usd"), "money")
    assert (dollars.unit, dollars.weights[0, 1]) == ("10k_usd", 200.0)


def test_imports_are_not_flows_between_sectors_here() -> None:
    table = table_of(
        np.array([[0.0, 60.0], [20.0, 0.0]]), [100.0, 100.0], imports_inside=[100.0, 0.0]
    )
    np.testing.assert_allclose(network(table).weights.toarray(), [[0, 30], [20, 0]])


def test_the_usual_weight_is_embodied_co2_or_money_without_emissions() -> None:
    Z, x = np.array([[0.0, 2.0], [1.0, 0.0]]), [9.0, 9.0]
    assert network(table_of(Z, x, co2=[1, 1])).weight == "embodied_co2"
    assert network(table_of(Z, x)).weight == "money"


@pytest.mark.parametrize("weight", ["co2", "Money", ""])
def test_an_unknown_weight_is_refused(guangdong, weight) -> None:
    if weight:
        with pytest.raises(DataError, match=r"unknown weight.*money, direct_co2, embodied_co2"):
            network(guangdong, weight)
    else:
        assert network(guangdong, weight).weight == "embodied_co2"


@pytest.mark.parametrize("weight", ["direct_co2", "embodied_co2"])
def test_co2_without_emissions_is_refused_with_a_remedy(weight) -> None:
    with pytest.raises(DataError, match=r"made\.csv.*--emissions"):
        network(table_of(np.eye(2), [5.0, 5.0]), weight)


def test_agriculture_supplies_food_and_not_the_other_way_round(guangdong) -> None:
    for weight in WEIGHTS:
        net = network(guangdong, weight)
        edges = net.edges().set_index(["supplier", "user"])["weight"]
        assert edges["CN-GD.01", "CN-GD.06"] > edges["CN-GD.06", "CN-GD.01"]
        place = guangdong.index.index.get_loc
        at = place("CN-GD.01"), place("CN-GD.06")
        assert net.weights[at] == edges["CN-GD.01", "CN-GD.06"]
        graph = net.to_networkx()
        assert graph["CN-GD.01"]["CN-GD.06"]["weight"] == edges["CN-GD.01", "CN-GD.06"]
        food = net.to_igraph().es.find(_source=at[0], _target=at[1])
        assert food["weight"] == edges["CN-GD.01", "CN-GD.06"]
    assert guangdong.index.loc["CN-GD.01", "short_en"] == "Agriculture"
    assert "food" in guangdong.index.loc["CN-GD.06", "name_en"]


def test_edges_are_listed_largest_first_and_ties_by_place() -> None:
    net = net_of([[0, 1, 7], [7, 2, 0], [1, 0, 0]], ids=["a", "b", "c"])
    assert net.edges().to_numpy().tolist() == [
        ["a", "c", 7.0],
        ["b", "a", 7.0],
        ["b", "b", 2.0],
        ["a", "b", 1.0],
        ["c", "a", 1.0],
    ]


def test_without_loops_leaves_only_flows_between_sectors() -> None:
    net = net_of([[5, 1], [2, 3]])
    between = net.without_loops()
    assert between.weights.toarray().tolist() == [[0, 1], [2, 0]]
    assert net.weights.toarray().tolist() == [[5, 1], [2, 3]]


@given(flows())
@settings(max_examples=40)
def test_networkx_there_and_back_is_the_same_network(W) -> None:
    net = net_of(W, region=[f"r{i % 2}" for i in range(len(W))], output=np.arange(len(W)) / 7)
    back = FlowNetwork.from_networkx(net.to_networkx())
    assert (back.weight, back.unit) == (net.weight, net.unit)
    np.testing.assert_array_equal(back.weights.toarray(), W)
    pd.testing.assert_frame_equal(back.nodes, net.nodes, check_names=False)


def test_the_sample_survives_networkx_and_igraph(guangdong) -> None:
    net = network(guangdong)
    graph, other = net.to_networkx(), net.to_igraph()
    assert list(graph) == other.vs["name"] == list(net.nodes.index)
    assert graph.nodes["CN-GD.24"]["short_en"] == "Electricity & heat"
    assert graph.graph == {"weight": "embodied_co2", "unit": "Mt"}
    back = FlowNetwork.from_networkx(graph)
    pd.testing.assert_frame_equal(back.nodes, net.nodes, check_names=False)
    pd.testing.assert_frame_equal(back.edges(), net.edges())
    found = np.zeros(net.weights.shape)
    for edge in other.es:
        found[edge.tuple] = edge["weight"]
    np.testing.assert_array_equal(found, net.weights.toarray())


def test_a_graph_of_ones_own_becomes_a_network() -> None:
    graph = nx.DiGraph()
    graph.add_edge(2, 1, weight=3)
    graph.add_edge(1, 3)
    net = FlowNetwork.from_networkx(graph, "direct_co2", "Mt")
    assert list(net.nodes.index) == ["2", "1", "3"]
    assert net.edges().to_numpy().tolist() == [["2", "1", 3.0], ["1", "3", 1.0]]
    assert (net.weight, net.unit) == ("direct_co2", "Mt")


def test_weights_that_do_not_fit_the_nodes_are_refused() -> None:
    with pytest.raises(DataError, match="do not fit the nodes"):
        FlowNetwork(pd.DataFrame(index=["a"]), sparse.csr_array((2, 2)), "money", "10k_yuan")


@pytest.mark.parametrize("W", [[[0.0]], [[4.0]], [[0.0, 0.0], [0.0, 0.0]]])
def test_a_network_without_edges_has_its_nodes(W) -> None:
    net = net_of(W)
    assert len(net.to_networkx()) == net.to_igraph().vcount() == len(W)
    assert len(net.without_loops().edges()) == 0


def test_the_network_leaves_its_table_as_it_was(guangdong) -> None:
    Z = guangdong.Z.copy()
    gm.network(guangdong)
    assert (guangdong.Z == Z).all()
