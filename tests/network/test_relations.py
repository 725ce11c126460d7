"""Key relations against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies, studied, table_of

import graphmap as gm
from graphmap import sample
from graphmap.network import key_relations, key_sectors, network, roles
from graphmap.network.relations import COLUMNS, partners


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
