"""Every file of the shared data passes or is told what is odd; the seed table is caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from graphmap.accounts.emissions import Inventory, Source
from graphmap.accounts.examine import across, examine
from graphmap.accounts.records import Records
from graphmap.classification import sector_list
from graphmap.readers.detect import open_source

SEED = "seed_post/guangdong_2017_as_published.csv"


def kinds(content, least=("error", "warning")):
    return {each.kind for each in examine(content) if each.severity in least}


def right_labels(records: Records) -> Records:
    """From gas to catering, each figure beside the label before its own: what CEADs gives."""
    data = records.data.copy()
    codes = data["code"].tolist()
    data["code"] = [f"{int(c) - 1:02d}" if "25" <= c <= "30" else c for c in codes]
    return replace(records, data=data)


def test_the_table_of_the_article_is_a_probable_label_shift(data):
    (found,) = [e for e in examine(open_source(data / SEED)) if e.severity == "error"]
    assert found.kind == "label_shift"
    assert "“Gas supply” stands where “Electricity & heat” belongs" in found.text["en"]
    assert "“Hotels & catering” stands where “Transport & post” belongs" in found.text["en"]
    assert "283.44 Mt" in found.text["zh-Hans"]
    assert "67.95 Mt" in found.text["zh-Hant"]
    assert found.repair == "shift-labels:CN-GD:24:30:-1"


def test_with_its_labels_put_right_it_passes(data):
    assert kinds(right_labels(open_source(data / SEED))) == set()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nbs/china_2015_42.csv", set()),
        ("nbs/china_2017_42.csv", set()),
        ("nbs/china_2018_42.csv", set()),
        ("nbs/china_2012_139.csv", set()),
        ("nbs/china_2017_149.csv", set()),
        ("nbs/china_2018_153.csv", set()),
        ("oecd/OECD21ed_CHN_1995.csv", {"supply", "inputs"}),  # by 0.3 million US dollars
        ("oecd/OECD21ed_CHN_2018.csv", set()),
        ("ceads/inventory/Emission_Inventories_for_30_Provinces_2012.xlsx", set()),
        ("ceads/inventory/Emission_Inventories_for_30_Provinces_2017.xlsx", set()),
        (
            "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx",
            {"co2_share", "year_spike"},  # other minerals: 3.4 Mt, 0.03 in 2017, 5.0
        ),
        (
            "ceads/The_Emission_Inventories_for_290_Chinese_Cities_from_1997_to_2019.xlsx",
            {"years_jump"},
        ),
        ("footprint/global_ecological_footprint_2023.csv", set()),
        ("footprint/nfa2019_country_totals_1990_2016.csv", set()),
        ("cities/GGMCF_top500cities.txt", {"footprint_differs"}),  # Gold Coast, by 0.07 Mt
        ("visceads/sector_totals.csv", {"negative"}),  # final consumption in Guangxi
    ],
)
def test_real_files_raise_no_false_alarm(data, path, expected):
    found = examine(open_source(data / path))
    assert {each.kind for each in found if each.severity == "warning"} == expected
    assert all(each.severity != "error" for each in found)
    assert all(each.remedy for each in found if each.severity == "warning")


def accounts(**columns) -> Records:
    rows = {"region": ["A", "B", "C"], "country": ["A", "B", "C"], "year": [2016] * 3}
    figures = {"footprint": [2.0, 3.0, 4.0], "biocapacity": [1.0, 1.0, 9.0]}
    figures |= {"reserve": [-1.0, -2.0, 5.0], "earths": [1.25, 1.875, 2.5]}
    figures |= {"population": [1e6, 2e6, 3e6], "footprint_total": [2e6, 6e6, 12e6]}
    data = pd.DataFrame({**rows, **figures, **columns})
    return Records("footprint_accounts", data, dict.fromkeys(figures, "1"), Source("", "a.csv"))


def test_footprint_accounts_that_add_up_pass():
    assert [each.severity for each in examine(accounts())] == ["ok"]


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("reserve", [-1.0, 2.0, 5.0], "reserve_differs"),
        ("footprint_total", [2e6, 6e6, 12e3], "footprint_total_differs"),
        ("earths", [1.25, 1.875, 25.0], "earths_differs"),
        ("population", [1e6, -2e6, 3e6], "negative"),
        ("country", ["A", "B", "B"], None),
    ],
)
def test_a_record_that_contradicts_itself_is_named(column, values, kind):
    records = accounts(**{column: values})
    if kind is None:
        records.data["region"] = values
        kind = "record_twice"
    assert kind in kinds(records)


def test_inventories_that_repeat_a_year_are_told(data):
    path = data / "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
    both = open_source(path)[-2:]
    copy = replace(both[0], year=both[1].year, F=both[0].F * 1.05)
    assert "years_repeat" in kinds([both[0], copy])
    assert "years_repeat" not in kinds(both)


def test_inventories_of_several_files_are_compared(data):
    path = data / "ceads/inventory/Emission_Inventories_for_30_Provinces_2017.xlsx"
    (inventory,) = open_source(path, region="Guangdong")
    later = replace(inventory, year=2018, F=inventory.F * 1.05)
    assert [each.kind for each in across([[inventory], [later]])] == ["years_repeat"]
    assert across([[inventory, later]]) == []  # one file: examine says so


@pytest.mark.parametrize("factor", [1000, 1 / 1000])
def test_one_figure_in_another_unit_is_told_by_the_years_next_to_it(data, factor):
    """A thousandth of a small sector is in no total and in no share."""
    path = data / "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
    inventories = [each for each in open_source(path) if each.year < 2003]
    at = 3
    sectors = [code for code, emitted in inventories[at].F.items() if emitted > 0]
    assert len(sectors) >= 40
    for code in sectors:
        wrong = inventories[at].F.copy()
        wrong[code] *= factor
        found = examine([*inventories[:at], replace(inventories[at], F=wrong), *inventories[4:]])
        (spike,) = [each for each in found if each.kind == "year_spike"]
        assert (spike.region, spike.sector) == ("CN", code)
        assert spike.value == pytest.approx(wrong[code])
    assert "year_spike" not in kinds(inventories)


def test_years_that_are_not_next_to_one_another_make_no_spike(data):
    path = data / "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
    one, _, two, _, three = open_source(path)[:5]
    assert "year_spike" not in kinds([one, replace(two, F=two.F / 1000), three])


def test_what_other_figures_give_is_not_called_a_sum_of_parts(data):
    (found,) = [
        each
        for each in examine(open_source(data / "cities/GGMCF_top500cities.txt"))
        if each.kind == "footprint_differs"
    ]
    assert "other figures of the record give 7.729" in found.text["en"]
    assert "分项" not in found.text["zh-Hans"]


def test_a_sector_of_a_list_is_named_in_the_language_of_the_sentence(data):
    found = examine(open_source(data / "visceads/sector_totals.csv"))
    (negative,) = [each for each in found if each.kind == "negative"]
    assert negative.text["en"].startswith("Guangxi 2017 ")
    assert "(-764,116 10 thousand yuan)" in negative.text["en"]
    assert negative.text["zh-Hans"].startswith("广西 2017 非金属矿物制品")
    assert "（-764,116 万元）" in negative.text["zh-Hans"]
    assert "萬元" in negative.text["zh-Hant"]


def test_columns_are_named_in_words():
    (found,) = [e for e in examine(accounts(reserve=[-1.0, 2.0, 5.0])) if e.severity != "ok"]
    assert "ecological reserve" in found.text["en"]
    assert "生态盈余或赤字" in found.text["zh-Hans"]


def test_electricity_beside_gas_in_an_inventory_is_a_label_shift(data):
    path = data / "ceads/inventory/Emission_Inventories_for_30_Provinces_2017.xlsx"
    (inventory,) = open_source(path, region="Guangdong")
    F = inventory.F.copy()
    F.iloc[38:] = np.roll(F.iloc[38:], 1)
    assert "label_shift" in kinds([replace(inventory, F=F)])


def test_what_is_accepted_becomes_a_note(data):
    records = open_source(data / SEED)
    accepted = replace(records, source=replace(records.source, accepted=("label_shift",)))
    assert kinds(accepted) == set()
    assert kinds(accepted, ["note"]) == {"label_shift"}


def test_what_the_reader_notes_of_an_inventory_is_told():
    note = {"en": "labels may have been exchanged", "zh-Hans": "注", "zh-Hant": "註"}
    codes = sector_list("ceads_inventory").sectors.index[:-2]
    inventory = Inventory(
        F=pd.Series(1.0, codes),
        households=pd.Series({"Urban": 1.0, "Rural": 1.0}),
        region="CN-GD",
        year=2017,
        unit="Mt",
        classification="ceads_inventory",
        source=Source("", "e.xlsx", "Guangdong2017", "", notes=(note,)),
    )
    told = [each for each in examine([inventory]) if each.kind == "source_note"]
    assert [(each.severity, each.text, each.region) for each in told] == [("note", note, "CN-GD")]
