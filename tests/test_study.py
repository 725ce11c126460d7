"""A study: computed once, the same in every picture, and none at all on a broken table."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made import placed, studied, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.accounts.flow_list import FlowList
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, words
from graphmap.network import WEIGHTS, key_relations, key_sectors, layout, network
from graphmap.readers.flow_list import read_flows
from graphmap.study import LARGEST, SMALLEST, radii

FLOWS = np.array([[0.0, 40.0, 10.0], [5.0, 0.0, 60.0], [2.0, 3.0, 9.0]])
OUTPUT = np.array([100.0, 200.0, 300.0])


@pytest.fixture
def quick(monkeypatch):
    """The layout hardly annealed: these tests are not about it."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


@pytest.fixture(scope="module")
def guangdong():
    return studied("CN-GD")


def test_every_network_has_the_sectors_of_the_study(guangdong) -> None:
    assert tuple(guangdong.networks) == WEIGHTS
    for weight, net in guangdong.networks.items():
        assert net.weight == weight
        assert net.nodes is guangdong.sectors
    assert guangdong.network is guangdong.networks["embodied_co2"]
    assert guangdong.backbone.network.nodes is guangdong.sectors
    pd.testing.assert_index_equal(guangdong.sectors.index, guangdong.table.index.index)
    assert list(placed(guangdong).positions.index) == list(guangdong.sectors.index)


def test_the_parts_of_a_study_are_those_computed_alone(guangdong) -> None:
    net = network(guangdong.table)
    np.testing.assert_allclose(net.weights.toarray(), guangdong.network.weights.toarray())
    pd.testing.assert_frame_equal(key_relations(net), guangdong.relations)
    alone = key_sectors(net)
    pd.testing.assert_frame_equal(guangdong.key_sectors[alone.columns], alone)
    assert sorted(guangdong.key_sectors.index) == sorted(guangdong.sectors.index)
    pd.testing.assert_frame_equal(
        guangdong.key_sectors.loc[guangdong.sectors.index], guangdong.sectors
    )
    assert guangdong.sectors["position"].value_counts().tolist() == [14, 14, 14]
    assert not guangdong.sectors.isna().any(axis=None)


def test_sums_are_the_flows_to_and_from_all_others(guangdong) -> None:
    for net in guangdong.networks.values():
        W = net.weights.toarray()
        np.fill_diagonal(W, 0)
        np.testing.assert_allclose(net.supplied, W.sum(axis=1))
        np.testing.assert_allclose(net.received, W.sum(axis=0))


def test_a_study_asked_for_twice_is_the_same(quick) -> None:
    table = sample.table().select(["CN-ZJ"])
    one, other = gm.study(table, seed=3), gm.study(table, seed=3)
    pd.testing.assert_frame_equal(one.sectors, other.sectors)
    pd.testing.assert_frame_equal(placed(one).positions, placed(other).positions)
    pd.testing.assert_frame_equal(one.relations, other.relations)
    assert one.seed == 3


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_weight_asked_for_is_what_the_map_is_about(quick, weight) -> None:
    study = gm.study(sample.table().select(["CN-GD"]), weight=weight, keep="flow:60%")
    assert study.weight == study.network.weight == study.backbone.network.weight == weight
    assert study.backbone.share_of_flow >= 0.6
    flows = study.backbone.network.weights.tocoo()
    np.testing.assert_array_equal(study.network.weights.toarray()[flows.row, flows.col], flows.data)
    assert words(f"study.{weight}")["zh-Hans"] in study.title["zh-Hans"]
    total = study.sectors["supply_strength"].sum()
    assert total == pytest.approx(study.network.without_loops().weights.sum())


def test_titles_in_three_languages(guangdong) -> None:
    assert guangdong.title["en"] == "Guangdong 2017 · embodied carbon network"
    assert guangdong.title["zh-Hans"].startswith("广东 2017 · 隐含碳")
    assert guangdong.title["zh-Hant"].startswith("廣東 2017 · 隱含碳")
    assert guangdong.subtitle["en"].startswith("42 sectors")
    assert "graphmap 示例数据" in guangdong.subtitle["zh-Hans"]
    assert tuple(guangdong.notice) == LANGUAGES
    assert "Illustrative" in guangdong.notice["en"]


def test_several_regions_are_named_and_many_are_counted(quick) -> None:
    table = table_of(np.ones((8, 8)), np.full(8, 20.0))
    codes = ["CN-GD", "CN-ZJ", "CN-BJ", "CN-SH"] * 2
    four = replace(table, index=table.index.assign(region=codes))
    assert gm.study(four).place == words("study.regions", count=4)
    three = replace(table, index=table.index.assign(region=[*codes[:3], *codes[:3], *codes[:2]]))
    assert gm.study(three).place["zh-Hant"] == "廣東、浙江、北京"
    label = gm.study(three).labels[1]
    assert label["en"].startswith("ZJ ")
    assert label["zh-Hans"].startswith("浙 ")


def test_thresholds_in_three_languages(guangdong) -> None:
    found = guangdong.thresholds
    assert list(found) == ["high_carbon", "high_transmission", "high_output", "position"]
    for names in found.values():
        assert tuple(names) == LANGUAGES
        assert all(text and not re.search(r"[{}]", text) for text in names.values())
    assert "5" in found["high_carbon"]["en"]
    assert words("measure.direct_co2")["zh-Hant"] in found["high_carbon"]["zh-Hant"]
    upper, lower = (float(text) for text in re.findall(r"\d+\.\d+", found["position"]["en"]))
    sectors = guangdong.sectors.groupby("position")["upstreamness"]
    assert upper == pytest.approx(sectors.min()["upstream"], abs=0.005)
    assert lower == pytest.approx(sectors.min()["midstream"], abs=0.005)


def test_the_number_that_counts_as_high_is_told(quick) -> None:
    study = gm.study(sample.table().select(["CN-GD"]), top=3)
    assert study.sectors["high_carbon"].sum() == 3
    assert "3" in study.thresholds["high_output"]["zh-Hans"]
    assert set(study.relations["sector"]) == set(study.sectors.index[study.sectors["high_carbon"]])


def test_communities_are_named_by_their_largest_sectors(guangdong) -> None:
    names = guangdong.community_names
    assert len(names) == guangdong.sectors["community"].nunique()
    power = guangdong.sectors.loc["CN-GD.24"]
    assert power["short_zh_hant"] in names[power["community"]]["zh-Hant"]


def test_the_largest_value_has_the_largest_dot_and_area_tells() -> None:
    found = radii(pd.Series([100.0, 25.0, 0.0, -3.0]))
    middle = (SMALLEST + LARGEST) / 2
    assert found.tolist() == [LARGEST, middle, SMALLEST, SMALLEST]
    assert radii(pd.Series([0.0, 0.0])).tolist() == [SMALLEST, SMALLEST]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.array([-100.0, 200.0, 300.0])}, "gross output is negative"),
        ({"x": np.array([0.0, 200.0, 300.0])}, "gross output is zero"),
        ({"co2": np.array([-1.0, 1.0, 1.0])}, "CO2 is negative"),
    ],
)
def test_a_fault_that_no_figure_survives_is_refused(change, message) -> None:
    table = table_of(FLOWS, change.get("x", OUTPUT), co2=change.get("co2", np.ones(3)))
    with pytest.raises(DataError, match=rf"made\.csv.*Guangdong.*s0.*{message}.*graphmap check"):
        gm.study(table)


def test_co2_without_output_is_refused() -> None:
    Z, x = np.array([[0.0, 0, 0], [0, 0, 5.0], [0, 1.0, 0]]), np.array([0.0, 10.0, 10.0])
    with pytest.raises(DataError, match=r"gross output is zero, but 1.00 Mt of CO2"):
        gm.study(table_of(Z, x, co2=[1.0, 1.0, 1.0]))


@pytest.mark.parametrize("co2", [None, np.ones(3)], ids=["money", "co2"])
def test_a_negative_flow_is_refused_or_survived(quick, co2) -> None:
    """``check`` only warns of one, so a study must not fall over it."""
    Z = FLOWS.copy()
    Z[0, 2] = -4.0
    try:
        study = gm.study(table_of(Z, OUTPUT, co2=co2))
    except DataError as error:
        assert "negative" in str(error)
    else:
        assert not study.sectors.isna().any(axis=None)


def test_a_loose_identity_does_not_end_a_study(quick) -> None:
    table = table_of(FLOWS, OUTPUT)
    study = gm.study(replace(table, V=table.V * 1.01))
    assert {finding.severity for finding in study.checks} & {"warning", "error"}


@pytest.mark.parametrize(
    "Z", [[[0.0]], [[5.0]], np.zeros((3, 3)), np.diag([1.0, 2.0])], ids=lambda Z: str(len(Z))
)
@pytest.mark.parametrize("co2", [False, True])
def test_a_table_without_flows_between_sectors_is_refused(Z, co2) -> None:
    Z = np.array(Z)
    table = table_of(Z, np.full(len(Z), 9.0), co2=np.ones(len(Z)) if co2 else None)
    with pytest.raises(DataError, match=r"made\.csv.*no flows between sectors"):
        gm.study(table)


@pytest.mark.parametrize(
    "Z",
    [[[0.0, 1.0], [0.0, 0.0]], np.ones((4, 4)), [[0.0, 1, 2], [0.0, 0, 0], [3.0, 1, 0]]],
    ids=["two", "all equal", "zero row"],
)
@pytest.mark.parametrize("co2", [False, True])
def test_small_tables_have_a_study(quick, Z, co2) -> None:
    Z = np.array(Z)
    study = gm.study(table_of(Z, np.full(len(Z), 9.0), co2=np.ones(len(Z)) if co2 else None))
    assert not study.sectors.isna().any(axis=None)
    assert np.isfinite(placed(study).positions.to_numpy()).all()
    assert all(study.title.values())
    assert study.thresholds
    assert study.community_names


def test_where_nothing_is_emitted_the_map_is_of_money_or_the_message_says_so(quick) -> None:
    """As Tibet, whose CO2 row holds zeros: its sectors do deal with one another."""
    table = table_of(FLOWS, OUTPUT, co2=np.zeros(3))
    try:
        study = gm.study(table)
    except DataError as error:
        assert "--weight money" in str(error)
    else:
        assert study.weight == "money"


def test_without_emissions_there_is_only_money(quick) -> None:
    study = gm.study(table_of(FLOWS, OUTPUT))
    assert list(study.networks) == ["money"]
    assert study.weight == "money"
    assert list(study.thresholds) == ["high_transmission", "high_output", "position"]
    for weight in ("direct_co2", "embodied_co2"):
        with pytest.raises(DataError, match="needs emissions"):
            gm.study(table_of(FLOWS, OUTPUT), weight=weight)


def test_imports_are_taken_out_of_a_competitive_table_and_it_is_noted(quick) -> None:
    table = table_of(FLOWS, OUTPUT, imports_inside=[50.0, 0.0, 0.0])
    study = gm.study(table)
    assert words("note.imports_scaled") in study.table.source.notes
    W = study.network.weights.toarray()
    np.testing.assert_allclose(W[0], FLOWS[0] * (1 - 50 / 150))
    np.testing.assert_allclose(W[1:], FLOWS[1:])
    np.testing.assert_array_equal(table.Z, FLOWS)


def test_imports_left_inside_are_noted(quick) -> None:
    table = table_of(FLOWS, OUTPUT, imports_inside=[50.0, 0.0, 0.0])
    study = gm.study(table, imports="inside")
    assert study.table.source.notes == (words("note.imports_inside"),)
    np.testing.assert_array_equal(study.network.weights.toarray(), FLOWS)


def test_imports_that_stand_apart_need_no_note(quick) -> None:
    for imports in ("out", "inside"):
        assert gm.study(table_of(FLOWS, OUTPUT), imports=imports).table.source.notes == ()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"imports": "away"}, "'out' or 'inside'"),
        ({"weight": "gold"}, "unknown weight"),
        ({"keep": "lots"}, "cannot read what to keep"),
        ({"keep": "0%"}, "more than 0"),
        ({"lang": "fr"}, "unknown language"),
    ],
)
def test_unknown_options_are_refused(quick, option, message) -> None:
    with pytest.raises(DataError, match=message):
        gm.study(table_of(FLOWS, OUTPUT), **option)


def test_a_table_that_names_no_region_still_has_a_title(quick) -> None:
    table = table_of(FLOWS, OUTPUT)
    table = replace(table, index=table.index.assign(region=""))
    for text in gm.study(table).title.values():
        assert text == text.strip()
        assert not text.startswith("·")


def test_sources_are_named_once(guangdong) -> None:
    assert len(guangdong.sources) == len(guangdong.publishers) == 1
    assert "made.csv" in str(gm.study(table_of(FLOWS, OUTPUT)).publishers)


def test_the_language_asked_for_is_kept(quick) -> None:
    assert gm.study(table_of(FLOWS, OUTPUT), lang="zh_CN").lang == "zh-Hans"


def test_a_study_leaves_its_table_as_it_was(quick) -> None:
    table = table_of(FLOWS.copy(), OUTPUT.copy(), co2=np.ones(3), imports_inside=[50.0, 0, 0])
    gm.study(table)
    np.testing.assert_array_equal(table.Z, FLOWS)
    np.testing.assert_array_equal(table.x, OUTPUT)
    assert table.source.notes == ()
    assert "role" not in table.index


def test_agriculture_supplies_food(guangdong) -> None:
    edges = guangdong.backbone.network.edges()
    (there,) = edges.query("supplier == 'CN-GD.01' and user == 'CN-GD.06'")["weight"]
    (back,) = edges.query("supplier == 'CN-GD.06' and user == 'CN-GD.01'")["weight"]
    assert there > back


def test_a_national_competitive_table_says_that_it_was_scaled(quick, data) -> None:
    table = gm.read(data / "nbs" / "china_2015_42.csv")
    assert table.imports_inside is not None
    study = gm.study(table)
    assert words("note.imports_scaled") in study.table.source.notes
    assert study.network.weights.sum() < table.Z.sum() * table.to_10k


def test_sectors_without_output_do_not_move_the_thirds_of_the_chain() -> None:
    """Two empty rows beside three sectors in a chain: the three keep their places."""
    Z = np.zeros((5, 5))
    Z[0, 1], Z[1, 2] = 50.0, 50.0
    full = gm.study(table_of(Z[:3, :3], [60.0, 90.0, 100.0], co2=[3.0, 1.0, 0.0]))
    some = gm.study(table_of(Z, [60.0, 90.0, 100.0, 0.0, 0.0], co2=[3.0, 1.0, 0.0, 0.0, 0.0]))
    assert full.sectors["position"].tolist() == ["upstream", "midstream", "downstream"]
    assert some.sectors["position"].tolist()[:3] == full.sectors["position"].tolist()
    assert some.thresholds["position"] == full.thresholds["position"]
    assert set(some.sectors["position"].iloc[3:]) == {"downstream"}


# --- a list of flows


@pytest.fixture(scope="module")
def listed(data):
    """Guangdong 2017 as an earlier public map drew it: its 88 largest flows."""
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    return gm.study(read_flows(*files, region="Guangdong", year=2017))


def made_list(flows, output=None, co2=None, share=None, largest=False):
    n = len(flows)
    table = table_of(np.asarray(flows, float), np.full(n, 100.0))
    totals = pd.DataFrame(
        {
            "gross_output": np.full(n, np.nan) if output is None else output,
            "direct_co2": np.full(n, np.nan) if co2 is None else co2,
        },
        index=table.index.index,
    )
    return FlowList(
        table.index,
        sparse.csr_array(np.asarray(flows, float)),
        totals,
        "10k_yuan",
        table.source,
        share,
        largest,
        2017,
    )


def test_of_a_list_there_is_only_what_it_can_tell(listed) -> None:
    assert list(listed.networks) == ["money", "direct_co2"]
    assert listed.weight == "money"
    unfounded = ["footprint", "transmission", "total_intensity", "upstreamness", "forward_linkage"]
    assert not set(unfounded) & set(listed.sectors)
    assert not listed.complete
    with pytest.raises(DataError, match=r"top88_flows\.csv.*no input-output table"):
        _ = listed.table
    with pytest.raises(DataError, match=r"no embodied_co2 network of a list of flows"):
        gm.study(listed.data, weight="embodied_co2")


def test_totals_that_are_not_known_stay_missing(listed) -> None:
    power = listed.sectors.loc["CN-GD.25"]
    missing = ["gross_output", "direct_co2", "direct_intensity", "priority", "share_direct_co2"]
    assert power[missing].isna().all()
    assert not power["high_carbon"]
    assert listed.key_sectors["priority"].isna().sum() == 3
    assert listed.key_sectors["priority"].isna().tolist()[-3:] == [True] * 3
    assert listed.sectors.drop(columns=[*missing]).notna().all(axis=None)
    notes = [note["en"] for note in listed.data.source.notes]
    assert any("3 suppliers: Electricity & heat" in note for note in notes)
    assert {finding.kind for finding in listed.checks} == {"no_gross_output", "no_direct_co2"}


def test_figures_of_a_list_are_those_of_the_source(data, listed) -> None:
    """Read here without the reader: flows in million yuan, totals in 10 thousand."""
    folder = data / "visceads"
    flows = pd.read_csv(folder / "top88_flows.csv").query(
        "province == 'Guangdong' and year == '2017'"
    )
    between = flows[flows["supplier"] != flows["user"]]
    drawn = listed.backbone.network.weights
    assert listed.backbone.edges == len(between)
    assert drawn.sum() == pytest.approx(between["flow_million_yuan"].sum() * 100)
    assert listed.backbone.share_of_flow == pytest.approx(between["share_of_all_flows"].sum())
    total = flows["flow_million_yuan"].sum() / flows["share_of_all_flows"].sum()
    assert listed.whole["money"] == pytest.approx(total * 100)
    assert listed.sectors.loc["CN-GD.30", "direct_co2"] == pytest.approx(67.95)
    carbon = listed.networks["direct_co2"].weights.tocsr()
    coal = listed.sectors.index.get_loc("CN-GD.13")
    building = listed.sectors.index.get_loc("CN-GD.28")
    money = between.set_index(["supplier", "user"])["flow_million_yuan"]
    expected = money["Non-metallic mineral manuf.", "Construction"] * 100 * 58.22 / 57359980
    assert carbon[coal, building] == pytest.approx(expected)


def test_a_list_says_how_much_of_the_flows_it_is(listed) -> None:
    assert listed.notice == {
        "en": "Only the 88 largest flows of the source, 70.9 % of all, are known",
        "zh-Hans": "仅知原始资料中最大的 88 条流量，占其全部流量的 70.9 %",
        "zh-Hant": "僅知原始資料中最大的 88 條流量，佔其全部流量的 70.9 %",
    }
    assert listed.relations["share"].isna().all()
    assert listed.whole["direct_co2"] is None


def test_positions_in_a_list_follow_the_trophic_level(listed) -> None:
    levels = listed.sectors.groupby("position")["trophic_level"]
    assert levels.max()["upstream"] <= levels.min()["midstream"]
    assert levels.max()["midstream"] <= levels.min()["downstream"]
    upper, lower = re.findall(r"\d+\.\d+", listed.thresholds["position"]["en"])
    assert float(upper) == pytest.approx(levels.max()["upstream"], abs=0.005)
    assert float(lower) == pytest.approx(levels.max()["midstream"], abs=0.005)
    x = placed(listed).positions["x"]
    assert x[listed.sectors["trophic_level"].idxmin()] == x.min()


def test_of_an_unknown_whole_no_share_is_claimed(quick) -> None:
    found = gm.study(made_list(FLOWS))
    assert np.isnan(found.backbone.share_of_flow)
    assert found.whole == {"money": None}
    assert "only 7 flows of the source are known" in found.data.source.notes[0]["en"]
    assert found.backbone.edges == 6  # all between different sectors
    half = gm.study(made_list(FLOWS, share=0.5))
    between = FLOWS.sum() - np.trace(FLOWS)
    assert half.backbone.share_of_flow == pytest.approx(between / (FLOWS.sum() / 0.5))


def test_a_list_without_totals_is_ranked_by_betweenness(quick) -> None:
    chain = np.array([[0.0, 9.0, 0.0], [0.0, 0.0, 8.0], [0.0, 0.0, 0.0]])
    found = gm.study(made_list(chain))
    assert "direct_co2" not in found.sectors
    assert found.key_sectors.index[0] == "n1"
    assert found.sectors["gross_output"].isna().all()
    assert found.sectors["position"].tolist() == ["upstream", "midstream", "downstream"]
    assert radii(found.sectors["gross_output"]).tolist() == [SMALLEST] * 3


def test_flows_of_a_supplier_without_totals_carry_no_known_co2(quick) -> None:
    found = gm.study(made_list(FLOWS, [100.0, np.nan, 50.0], [2.0, 3.0, 0.0]), weight="direct_co2")
    carbon = found.network.weights.toarray()
    np.testing.assert_allclose(carbon[0], FLOWS[0] * 2 / 100)
    assert not carbon[1:].any()
    assert np.isnan(found.backbone.share_of_flow)


def test_a_list_of_flows_within_sectors_only_is_refused() -> None:
    with pytest.raises(DataError, match=r"made\.csv.*no flows between sectors"):
        gm.study(made_list(np.diag([1.0, 2.0])))
