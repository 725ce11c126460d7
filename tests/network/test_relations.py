"""Key relations against brute force."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made import economies, flows, net_of, studied, table_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import FlowNetwork, key_relations, key_sectors, network, roles
from graphmap.network.relations import COLUMNS, key_transactions, partners


def brute(net, role, leading, order, count):
    """Every row of the table of relations, from the full matrix."""
    W = net.weights.toarray()
    np.fill_diagonal(W, 0)
    ids = list(net.nodes.index)
    chosen = [i for i in range(len(ids)) if role[leading].iloc[i]]
    chosen.sort(key=lambda i: -net.nodes[order].iloc[i])
    for i in chosen:
        for direction, line in (("user", W[i]), ("supplier", W[:, i])):
            best = sorted((j for j in range(len(ids)) if line[j] > 0), key=lambda j: -line[j])
            for rank, j in enumerate(best[:count], start=1):
                yield (
                    ids[i],
                    direction,
                    rank,
                    ids[j],
                    role["role"].iloc[j],
                    pytest.approx(line[j]),
                    pytest.approx(line[j] / line.sum()),
                )


@pytest.mark.parametrize("weight", ["money", "direct_co2", "embodied_co2"])
@pytest.mark.parametrize(("top", "count"), [(5, 5), (2, 3), (1, 100)])
def test_relations_are_the_largest_partners_of_the_high_carbon_sectors(weight, top, count) -> None:
    net = network(sample.table(), weight)
    found = key_relations(net, top=top, count=count)
    role = roles(net.nodes, top=top)
    assert list(found.columns) == COLUMNS
    rows = list(found.itertuples(index=False, name=None))
    assert rows == list(brute(net, role, "high_carbon", "direct_co2", count))


@given(economies())
@settings(max_examples=30)
def test_relations_of_any_table(economy) -> None:
    Z, x, _, co2 = economy
    net = network(table_of(Z, x, co2=co2), "money")
    found = key_relations(net)
    leading = "high_carbon" if co2.any() else "high_output"
    order = "direct_co2" if co2.any() else "gross_output"
    rows = list(found.itertuples(index=False, name=None))
    assert rows == list(brute(net, roles(net.nodes), leading, order, 5))


def test_real_guangdong_power_goes_to_its_largest_users(data) -> None:
    net = network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    found = key_relations(net)
    rows = list(found.itertuples(index=False, name=None))
    assert rows == list(brute(net, roles(net.nodes), "high_carbon", "direct_co2", 5))
    assert found["sector"].iloc[0] == "CN-GD.24"


def test_agriculture_is_a_supplier_of_food_and_food_its_user() -> None:
    net = network(sample.table().select(["CN-GD"]), "money")
    place = net.nodes.index.get_loc
    users = [i for i, _ in partners(net, place("CN-GD.01"), "user")]
    suppliers = [i for i, _ in partners(net, place("CN-GD.06"), "supplier")]
    assert users[0] == place("CN-GD.06")
    assert suppliers[0] == place("CN-GD.01")


def test_a_sector_is_no_partner_of_itself() -> None:
    found = key_relations(network(sample.table()), count=84)
    assert (found["sector"] != found["partner"]).all()
    totals = found.groupby(["sector", "direction"])["share"].sum()
    np.testing.assert_allclose(totals, 1.0)


@pytest.mark.parametrize("co2", [None, [0.0, 0.0, 0.0]], ids=["none", "all zero"])
def test_without_emissions_the_high_output_sectors_lead(co2) -> None:
    Z = np.array([[0.0, 4.0, 1.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]])
    net = network(table_of(Z, [10.0, 20.0, 30.0], co2=co2), "money")
    found = key_relations(net, top=2)
    assert found[["sector", "direction", "partner", "value"]].to_numpy().tolist() == [
        ["n2", "supplier", "n1", 4.0],
        ["n2", "supplier", "n0", 1.0],
        ["n1", "user", "n2", 4.0],
        ["n1", "supplier", "n0", 4.0],
    ]


@pytest.mark.parametrize("co2", [None, [3.0, 1.0, 2.0]], ids=["without", "with"])
def test_a_partner_has_the_role_that_the_key_sectors_give_it(co2) -> None:
    Z = np.array([[0.0, 4.0, 1.0], [0.0, 0.0, 4.0], [2.0, 0.0, 0.0]])
    net = network(table_of(Z, [10.0, 20.0, 30.0], co2=co2), "money")
    found, role = key_relations(net), key_sectors(net)["role"]
    assert found["partner_role"].tolist() == role.loc[found["partner"]].tolist()


def test_a_study_has_the_relations_of_its_own_network() -> None:
    study = studied("CN-GD")
    expected = key_relations(network(study.table))
    assert study.relations.equals(expected)


@pytest.mark.parametrize(
    "Z", [[[0.0]], [[5.0]], np.zeros((3, 3)), np.diag([1.0, 2.0])], ids=lambda Z: str(len(Z))
)
def test_where_nothing_flows_there_are_no_relations(Z) -> None:
    Z = np.array(Z)
    for co2 in (None, np.ones(len(Z))):
        found = key_relations(network(table_of(Z, np.full(len(Z), 9.0), co2=co2), "money"))
        assert len(found) == 0
        assert list(found.columns) == COLUMNS


def measured(W):
    """A network whose first sector is high-carbon, the second high-output."""
    n = len(W)
    co2 = [float(i == 0) for i in range(n)]
    output = [float(i == 1) for i in range(n)]
    return net_of(W, region=["A"] * n, gross_output=output, direct_co2=co2, transmission=[0.0] * n)


@given(flows(most=6))
@settings(max_examples=25)
def test_key_transactions_are_the_largest_flows_with_the_others_beside_them(W) -> None:
    net = measured(W)
    carbon = dataclasses.replace(net, weights=net.weights * 0.5, weight="embodied_co2", unit="Mt")
    money = dataclasses.replace(net, weights=net.weights.T.tocsr())  # another order of size
    for within in (False, True):
        found = key_transactions(carbon, money, count=None, within=within)
        cells = [
            (-W[i, j], i, j)
            for i in range(len(W))
            for j in range(len(W))
            if W[i, j] > 0 and (i == j) == within
        ]
        expected = [(f"n{i}", f"n{j}", -w / 2, W[j, i]) for w, i, j in sorted(cells)]
        columns = ["supplier", "user", "embodied_co2", "money"]
        assert list(found[columns].itertuples(index=False, name=None)) == expected
        assert found["rank"].tolist() == list(range(1, len(expected) + 1))
        diagonal = np.eye(len(W), dtype=bool)
        total = W[diagonal == within].sum()
        if expected:
            np.testing.assert_allclose(
                found["share_embodied_co2"], found["embodied_co2"] * 2 / total
            )
            np.testing.assert_allclose(found["share_money"], found["money"] / total)
            assert found["cumulative_share"].iloc[-1] == pytest.approx(1)
        assert not found.isna().any(axis=None)
        first = key_transactions(carbon, money, count=2, within=within)
        pd.testing.assert_frame_equal(first, found.head(2))


def test_both_ends_of_a_transaction_have_their_roles() -> None:
    found = key_transactions(measured([[0, 3, 0], [0, 0, 2], [1, 0, 0]]))
    ends = found[["supplier_role", "user_role"]].to_numpy().tolist()
    assert ends == [
        ["high_carbon", "high_output"],
        ["high_output", "other"],
        ["other", "high_carbon"],
    ]


def test_another_rule_for_the_roles_reaches_the_relations() -> None:
    net = network(sample.table().select(["CN-GD"]))
    key = key_sectors(net, share=0.5)
    assert set(key_relations(net, role=key)["sector"]) == set(key.index[key["high_carbon"]])
    found = key_transactions(net, role=key)
    assert found["user_role"].tolist() == key["role"].loc[found["user"]].tolist()
    pd.testing.assert_frame_equal(key_relations(net, role=key_sectors(net)), key_relations(net))


def test_real_guangdong_carbon_goes_into_construction(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    carbon, money = network(table), network(table, "money")
    found = key_transactions(carbon, money)
    assert found.loc[0, ["supplier", "user"]].tolist() == ["CN-GD.13", "CN-GD.27"]
    at = [carbon.nodes.index.get_loc(each) for each in ("CN-GD.13", "CN-GD.27")]
    assert found.loc[0, "money"] == money.weights[tuple(at)]
    intensity = found["embodied_co2"] / found["money"] * 1e6
    expected = carbon.nodes["total_intensity"].loc[found["supplier"]]
    np.testing.assert_allclose(intensity, expected)


def test_networks_that_cannot_be_read_side_by_side_are_refused() -> None:
    net = measured([[0, 1], [1, 0]])
    other = dataclasses.replace(measured([[0, 1, 0], [1, 0, 0], [0, 0, 0]]), weight="embodied_co2")
    with pytest.raises(DataError, match="different nodes; found '2 in money, 3 in embodied_co2'"):
        key_transactions(net, other)
    with pytest.raises(DataError, match="the same weight; found 'money, money'"):
        key_transactions(net, net)
    with pytest.raises(DataError, match="no network"):
        key_transactions()
    with pytest.raises(DataError, match="not those of this network; found 'no role for n1'"):
        key_transactions(net, role=key_sectors(net).loc[["n0"]])


@pytest.mark.parametrize(
    "W",
    [
        [[0.0]],
        [[5.0]],
        np.zeros((3, 3)),
        np.diag([1.0, 2.0, 3.0]),
        np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]),
        np.ones((3, 3)),
        [[0.0, 1.0], [0.0, 0.0]],
    ],
    ids=["one", "one loop", "no edges", "only loops", "disconnected", "equal", "zero row"],
)
def test_degenerate_networks_have_defined_transactions(W) -> None:
    W = np.asarray(W)
    for within in (False, True):
        found = key_transactions(measured(W), within=within)
        assert len(found) == ((W > 0) & (np.eye(len(W), dtype=bool) == within)).sum()
        assert not found.isna().any(axis=None)
        assert found["share_money"].sum() == pytest.approx(float(len(found) > 0))


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_the_unit_changes_only_figures_in_it(factor) -> None:
    net = network(sample.table().select(["CN-GD"]))
    other = dataclasses.replace(net, weights=net.weights * factor)
    one, two = key_transactions(net), key_transactions(other)
    two["embodied_co2"] /= factor
    pd.testing.assert_frame_equal(one, two)


@pytest.fixture(scope="module")
def published(data):
    """The 88 largest flows of Guangdong 2017 on an earlier public map, in million yuan."""
    rows = pd.read_csv(data / "visceads" / "top88_flows.csv")
    rows = rows[(rows["province"] == "Guangdong") & (rows["year"] == "2017")]
    totals = pd.read_csv(data / "visceads" / "sector_totals.csv", dtype={"year": str})
    totals = totals[(totals["province"] == "Guangdong") & (totals["year"] == "2017")]
    graph = nx.DiGraph(weight="money", unit="million_yuan")
    for row in totals.itertuples():
        output, co2 = row.gross_output_10k_yuan, row.co2_mt
        graph.add_node(row.sector, region="CN-GD", gross_output=output, direct_co2=co2)
    graph.add_weighted_edges_from(
        zip(rows["supplier"], rows["user"], rows["flow_million_yuan"], strict=True)
    )
    # three sectors have flows but no totals; what is not known of them is left out
    return rows, FlowNetwork.from_networkx(graph)


AGRICULTURE, FOOD = "Agriculture, forestry, husbandry & fishery", "Food & tobacco processing"


def test_the_published_guangdong_network_has_88_flows_and_the_share_it_states(published) -> None:
    rows, net = published
    assert net.weights.nnz == 88
    totals = rows["flow_million_yuan"] / rows["share_of_all_flows"]
    total = totals.iloc[0]
    np.testing.assert_allclose(totals, total)
    share = net.weights.sum() / total
    assert share == pytest.approx(rows["share_of_all_flows"].sum(), rel=1e-12)
    assert share == pytest.approx(0.7094, abs=5e-5)


def test_in_the_published_guangdong_network_agriculture_supplies_food(published) -> None:
    _, net = published
    place = net.nodes.index.get_loc
    at = place(AGRICULTURE), place(FOOD)
    assert round(net.weights[at]) == 174_685
    assert round(net.weights[at[::-1]]) == 70_625  # what food sells back, as feed
    found = key_transactions(net, count=None)
    row = found[(found["supplier"] == AGRICULTURE) & (found["user"] == FOOD)].iloc[0]
    assert round(row["money"]) == 174_685
    assert len(found) + len(key_transactions(net, count=None, within=True)) == 88
    assert partners(net, at[0], "user", 1)[0][0] == at[1]
    assert partners(net, at[1], "supplier", 1)[0][0] == at[0]
    # betweenness stands in for transmission, and totals are missing for some sectors
    assert key_relations(net).loc[0, "sector"] == "Transport, storage & postal services"


def test_every_column_of_the_relations_has_a_name() -> None:
    for key in [*COLUMNS, "cumulative_share", "supplier_role", "user_role"]:
        assert set(vocabulary()[f"relations.column.{key}"]) == set(LANGUAGES)
