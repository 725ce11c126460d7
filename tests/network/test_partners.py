"""The table of the published maps, against the list it is made from and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies, table_of

import graphmap as gm
from graphmap import sample
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import key_relations, key_sectors, network, position, roles
from graphmap.network.partners import CLASSES, SIDES, partner_list, partner_table

KINDS = list(dict.fromkeys(CLASSES.values()))


def both(table):
    return network(table, "money"), network(table, "embodied_co2")


def agrees(nets, role, count):
    """Each cell of the table from the full matrix."""
    table = partner_table(*nets, count=count, role=role)
    for net in nets:
        W = net.weights.toarray()
        np.fill_diagonal(W, 0)
        for sector in table.index:
            at = net.nodes.index.get_loc(sector)
            for side, line in (("users", W[at]), ("suppliers", W[:, at])):
                best = sorted(np.flatnonzero(line), key=lambda j, line=line: -line[j])[:count]
                for kind in KINDS:
                    expected = [
                        net.nodes.index[j] for j in best if CLASSES[role["role"].iloc[j]] == kind
                    ]
                    assert list(table.loc[sector, f"{net.weight}_{side}_{kind}"]) == expected
    return table


@pytest.mark.parametrize("count", [1, 5, 100])
def test_partners_are_the_largest_by_each_weight_and_stand_in_their_class(count) -> None:
    nets = both(sample.table())
    role = roles(nets[0].nodes)
    table = agrees(nets, role, count)
    high = nets[0].nodes.loc[role["high_carbon"], "direct_co2"].sort_values(ascending=False)
    assert list(table.index) == list(high.index)


@given(economies())
@settings(max_examples=25)
def test_the_table_of_any_economy(economy) -> None:
    Z, x, _, co2 = economy
    net = network(table_of(Z, x, co2=co2), "money")
    agrees([net], roles(net.nodes), 3)


def test_the_list_is_the_relations_by_each_weight() -> None:
    nets = both(sample.table().select(["CN-GD"]))
    found = partner_list(*nets, count=4)
    for net in nets:
        part = found[found["weight"] == net.weight].reset_index(drop=True)
        expected = key_relations(net, count=4)
        assert part[expected.columns].equals(expected)
        assert (part["unit"] == net.unit).all()
    assert found["partner_class"].tolist() == [CLASSES[role] for role in found["partner_role"]]


def test_real_guangdong_power_stands_upstream(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    nets = both(table)
    key = key_sectors(nets[1])
    found = agrees(nets, key.loc[nets[0].nodes.index], 5)
    assert {"CN-GD.24", "CN-GD.29", "CN-GD.13", "CN-GD.14"} <= set(found.index)
    assert found.loc["CN-GD.24", "position"] == "upstream"
    assert "CN-GD.27" in found.loc["CN-GD.13", "money_users_high_output_or_transmission"]
    where = position(nets[0].nodes["upstreamness"])
    assert found["position"].equals(where.loc[found.index])


def test_a_position_the_nodes_carry_is_taken_and_none_is_made_up() -> None:
    net = network(sample.table().select(["CN-GD"]))
    own = gm.FlowNetwork(net.nodes.assign(position="here"), net.weights, net.weight, net.unit)
    assert (partner_table(own)["position"] == "here").all()
    bare = net.nodes.drop(columns=["upstreamness"])
    assert "position" not in partner_table(gm.FlowNetwork(bare, net.weights, net.weight, net.unit))


@pytest.mark.parametrize(
    "Z",
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
def test_degenerate_tables_have_a_row_a_high_carbon_sector(Z) -> None:
    Z = np.array(Z)
    nets = both(table_of(Z, np.full(len(Z), 9.0), co2=np.ones(len(Z))))
    found = agrees(nets, roles(nets[0].nodes), 5)
    assert len(found) == len(Z)
    assert not found.isna().any(axis=None)


def test_without_emissions_the_high_output_sectors_stand_in_the_table() -> None:
    net = network(table_of(np.ones((3, 3)), [9.0, 8.0, 7.0]))
    assert list(partner_table(net).index) == ["n0", "n1", "n2"]


def test_classes_and_sides_have_names() -> None:
    keys = [f"relations.class.{kind}" for kind in KINDS]
    keys += [f"relations.column.{side}" for side in SIDES.values()]
    keys += [f"relations.direction.{way}" for way in SIDES]
    columns = ("weight", "unit", "partner_class", "position")
    keys += [f"relations.column.{column}" for column in columns]
    for key in keys:
        assert set(vocabulary()[key]) == set(LANGUAGES)
