"""In itself, through its suppliers, passed on: told by the stated rules and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made import economies, table_of

import graphmap as gm
from graphmap import sample
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import key_sectors, network
from graphmap.network.character import CHARACTERS, FIGURES, character, characters
from graphmap.network.highest import highest


@given(economies())
@settings(max_examples=40)
def test_the_co2_of_inputs_is_what_arrives_with_them(economy) -> None:
    """``(m - f) x`` is what the network of embodied CO2 brings in, self-flows among it."""
    Z, x, _, co2 = economy
    table = table_of(Z, x, co2=co2)
    if not table.has_emissions:
        return
    net = network(table, "embodied_co2")
    found = characters(net.nodes)
    arriving = np.asarray(net.weights.sum(axis=0)).ravel()
    np.testing.assert_allclose(found["input_co2"], arriving, rtol=1e-6, atol=1e-9 * co2.sum())
    expected = np.divide(co2, co2 + arriving, out=np.zeros(len(x)), where=co2 + arriving > 0)
    np.testing.assert_allclose(found["own_share"], expected, atol=1e-6)
    assert not found.isna().any(axis=None)


@pytest.mark.parametrize("rule", [{}, {"top": 2}, {"share": 0.7}])
def test_the_rules_are_those_stated(rule) -> None:
    nodes = network(sample.table()).nodes
    found = characters(nodes, **rule)

    def high(values):
        return highest(values, nodes["region"], **rule)

    inputs = nodes["total_intensity"] * nodes["gross_output"] / 1e6 - nodes["direct_co2"]
    through = high(inputs) & (inputs > nodes["direct_co2"])
    assert found["carbon_in_itself"].equals(high(nodes["direct_co2"]))
    assert found["carbon_passed_on"].equals(high(nodes["transmission"]))
    assert found["carbon_through_suppliers"].equals(through)
    assert found[list(CHARACTERS)].any().all()


def test_real_guangdong_power_burns_and_construction_buys(data) -> None:
    net = network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    found = key_sectors(net, explain=True)
    power, building, chemicals = (found.loc[f"CN-GD.{code}"] for code in ("24", "27", "12"))
    assert character(power)["en"] == "high-carbon in itself, passes carbon on"
    assert character(building)["en"] == "high-carbon through its suppliers"
    assert character(chemicals)["zh-Hans"] == "供应链高碳、碳传导"
    assert power["own_share"] > 0.5 > building["own_share"]
    assert character(found.loc["CN-GD.25"])["en"] == "none of these"


def test_in_itself_is_the_high_carbon_role() -> None:
    for share in (None, 0.8):
        found = key_sectors(network(sample.table()), share=share, explain=True)
        assert found["carbon_in_itself"].equals(found["high_carbon"].rename("carbon_in_itself"))


def test_a_sector_can_be_all_three() -> None:
    nodes = pd.DataFrame(
        {
            "region": "A",
            "gross_output": [1e6, 1e6],
            "direct_co2": [2.0, 1.0],
            "total_intensity": [5.0, 1.0],
            "transmission": [1.0, 0.0],
        }
    )
    found = characters(nodes, top=1)
    assert found.loc[0, list(CHARACTERS)].all()
    assert not found.loc[1, list(CHARACTERS)].any()
    assert found[list(FIGURES)].to_numpy().tolist() == [[3.0, 0.4], [0.0, 1.0]]


def test_without_what_is_needed_nothing_is_said() -> None:
    bare = pd.DataFrame({"region": "A", "gross_output": [1.0]})
    assert list(characters(bare).columns) == list(CHARACTERS)
    assert not characters(bare).any(axis=None)
    emitting = characters(bare.assign(direct_co2=1.0))
    assert emitting.loc[0].tolist() == [True, False, False]


@pytest.mark.parametrize("factor", [1e6, 1e-6])
def test_the_unit_of_mass_changes_nothing(factor) -> None:
    nodes = network(sample.table()).nodes
    other = nodes.copy()
    other[["direct_co2", "total_intensity", "transmission"]] *= factor
    one, two = characters(nodes), characters(other)
    assert one[list(CHARACTERS)].equals(two[list(CHARACTERS)])
    np.testing.assert_allclose(one["own_share"], two["own_share"], atol=1e-9)


def test_every_character_has_a_name() -> None:
    for each in CHARACTERS:
        assert set(vocabulary()[f"roles.character.{each}"]) == set(LANGUAGES)
