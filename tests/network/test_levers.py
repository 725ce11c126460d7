"""What to do first: sentences and the figures behind them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from made import studied, table_of

import graphmap as gm
from graphmap.classification.lists import names_of
from graphmap.i18n import LANGUAGES
from graphmap.network import key_sectors, network
from graphmap.network.levers import NOTABLE, levers


def sentences(study, node):
    return levers(study.networks["embodied_co2"], study.sectors, node)


def test_power_reduces_its_own_and_its_users_buy_green() -> None:
    study = studied("CN-GD")
    found = [text["en"] for text in sentences(study, "CN-GD.24")]
    total = study.sectors["direct_co2"].sum()
    assert found[0].startswith("Own reduction: it emits 300.0 Mt directly")
    assert f"{300 / total:.0%}".replace("%", " %") in found[0]
    assert found[1].startswith("Green procurement: ")
    users = study.relations.query("sector == 'CN-GD.24' and direction == 'user'").head(3)
    short = study.sectors.loc[users["partner"], "short_en"]
    assert ", ".join(short) in found[1]
    assert f"{users['value'].sum():.1f} Mt" in found[1]


def test_construction_turns_to_its_suppliers() -> None:
    study = studied("CN-GD")
    assert not study.sectors.loc["CN-GD.27", "high_carbon"]
    found = [text["en"] for text in sentences(study, "CN-GD.27")]
    assert not any(text.startswith("Green procurement") for text in found)
    (chain,) = (text for text in found if text.startswith("Supply chain"))
    W = study.network.without_loops().weights.toarray()[:, study.sectors.index.get_loc("CN-GD.27")]
    best = np.argsort(-W)[:3]
    assert ", ".join(study.sectors["short_en"].iloc[best]) in chain
    assert f"{W[best].sum():.1f} Mt" in chain


def test_every_sentence_is_filled_in_in_every_language() -> None:
    study = studied("CN-GD")
    for node in study.sectors.index:
        for text in sentences(study, node):
            assert set(text) == set(LANGUAGES)
            assert all(value and not re.search(r"[{}]|\bnan\b", value) for value in text.values())


def test_a_lever_is_named_only_where_it_is_notable() -> None:
    study = studied("CN-GD")
    total = study.sectors["direct_co2"].sum()
    for node, row in study.sectors.iterrows():
        named = any(t["en"].startswith("Own reduction") for t in sentences(study, node))
        assert named == (row["direct_co2"] >= NOTABLE * total), node


def test_the_share_is_of_the_sectors_own_region() -> None:
    both, alone = studied("CN-GD", "CN-ZJ"), studied("CN-GD")
    assert sentences(both, "CN-GD.24")[0] == sentences(alone, "CN-GD.24")[0]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_partners_in_two_provinces_can_be_told_apart(tag) -> None:
    """A sentence must not name "Construction, Construction" when one is in each province."""
    study = studied("CN-GD", "CN-ZJ")
    short = {names_of(row, "short")[tag] for _, row in study.sectors.iterrows()}
    for node in study.sectors.index:
        for text in sentences(study, node):
            named = re.split(r", |、|: |：| together|合计|合計", text[tag])
            partners = [part for part in named if any(name in part for name in short)]
            assert len(partners) == len(set(partners)), text[tag]


def test_a_region_without_emissions_has_no_levers() -> None:
    Z = np.array([[0.0, 4.0], [1.0, 0.0]])
    regions = ["CN-GD", "CN-XZ"]
    net = network(table_of(Z, [10.0, 10.0], co2=[5.0, 0.0], regions=regions), "embodied_co2")
    key = key_sectors(net)
    assert levers(net, key, "n0")
    assert levers(net, key, "n1") == []


def test_levers_of_real_guangdong_are_about_its_largest_emitters(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    net = network(table)
    key = key_sectors(net)
    assert "297.8 Mt" in levers(net, key, "CN-GD.24")[0]["en"]
    assert "297.8 Mt" in levers(net, key, "CN-GD.24")[0]["zh-Hant"]
