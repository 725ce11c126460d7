"""What the rows and columns of a table are called."""

from __future__ import annotations

import numpy as np
import opencc
import pytest
from workbooks import NAMES

from graphmap.i18n import vocabulary
from graphmap.readers.blocks import Line, item_of, items
from graphmap.readers.labels import own_labels, region_named_in, unit_of, year_of
from graphmap.readers.subtotals import leaves

ITEMS = {
    "TIU": "total_intermediate_use",
    "FU101": "rural_households",
    "FU102": "urban_households",
    "FU103": "government",
    "FU201": "fixed_capital",
    "FU202": "inventories",
    "EX": "exports",
    "TFU": "final_use",
    "ERR": "error",
    "GO": "gross_output",
    "IM": "imports",
    "TII": "total_intermediate_input",
    "VA001": "compensation",
    "VA002": "production_taxes",
    "VA003": "depreciation",
    "VA004": "operating_surplus",
    "TVA": "value_added",
    "TI": "total_input",
    "CO2": "co2",
}


@pytest.mark.parametrize("code", ITEMS)
def test_an_item_is_known_by_code_and_by_both_names(code: str) -> None:
    for label in (code, *NAMES[code], f" {NAMES[code][1].upper()} "):
        assert item_of(label) == ITEMS[code], label


@pytest.mark.parametrize(
    ("label", "item"),
    [
        ("总产出（万元）", "gross_output"),
        ("Gross output (10 thousand yuan)", "gross_output"),
        ("CO2 (Mt)", "co2"),
        ("Others (error)", "error"),
        ("01", None),
        ("", None),
        ("电力、热力的生产和供应", None),
        ("(Mt)", None),
    ],
)
def test_a_unit_in_brackets_is_passed_over(label: str, item: str | None) -> None:
    assert item_of(label) == item


@pytest.mark.parametrize("standard", ["s2hk", "s2t"])
def test_every_spelling_is_known_in_traditional_characters_too(standard: str) -> None:
    traditional = opencc.OpenCC(standard).convert
    spelt = {text: item for item, row in items().iterrows() for text in row["spellings"].split("|")}
    assert {text for text, item in spelt.items() if item_of(traditional(text)) != item} == set()


def test_every_part_of_a_subtotal_is_an_item_and_every_final_use_has_a_name() -> None:
    table = items()
    for parts in table["parts"]:
        assert {part for part in parts.split("|") if part} <= set(table.index)
    for item in table.index[table["kind"] == "final_use"]:
        assert f"final_use.{item}" in vocabulary()


def lines(*names: str) -> list[Line]:
    return [Line(i, name, "final_use", None, []) for i, name in enumerate(names)]


@pytest.mark.parametrize(
    ("present", "kept"),
    [
        (["FU101", "FU102", "THC", "FU103", "TC"], ["FU101", "FU102", "FU103"]),
        (["THC", "FU103", "TC", "GCF", "EX", "TFU"], ["THC", "FU103", "GCF", "EX"]),
        (["TC", "FU201", "FU202", "EX", "TFU"], ["TC", "FU201", "FU202", "EX"]),
        (["VA001", "VA002", "TVA"], ["VA001", "VA002"]),
        (["TVA"], ["TVA"]),
        (["TFU"], ["TFU"]),
    ],
)
def test_subtotals_are_left_out_beside_their_parts(present: list[str], kept: list[str]) -> None:
    named = [str(item_of(code)) for code in present]
    values = np.zeros((len(named), 3))
    for i, code in enumerate(present):
        if code in kept:
            values[i] = i + 1.0
    for i, item in enumerate(named):
        parts = items().at[item, "parts"].split("|")
        if present[i] not in kept:
            values[i] = sum(
                values[k] for k in range(len(named)) if present[k] in kept and named[k] in parts
            )
    found, figures = leaves(lines(*named), values)
    assert [line.item for line in found] == [item_of(code) for code in kept]
    np.testing.assert_array_equal(
        figures, [v for v, code in zip(values, present, strict=True) if code in kept]
    )


def test_what_a_subtotal_has_beyond_its_parts_is_kept() -> None:
    found, figures = leaves(lines("exports", "final_use"), np.array([[10.0, 0.0], [60.0, 5.0]]))
    assert [line.item for line in found] == ["exports", "final_use"]
    assert figures.tolist() == [[10.0, 0.0], [50.0, 5.0]]


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (["2017"], 2017),
        (["Table_2017", "x2018.xlsx"], 2017),
        (["", "Table", "gd_2018_v2.xlsx"], 2018),
        (["2012年广东省投入产出表"], 2012),
        (["china_2012_139.csv"], 2012),
        (["10002017"], None),
        (["20175"], None),
        (["1949", "2050", "42", ""], None),
        ([], None),
    ],
)
def test_the_year_is_the_first_that_is_named(texts: list[str], year: int | None) -> None:
    assert year_of(*texts) == year


def test_labels_of_an_unknown_sector_come_from_the_file() -> None:
    both = own_labels(["玻璃制品", "Glass"])
    assert (both["name_en"], both["name_zh_hans"], both["name_zh_hant"]) == (
        "Glass",
        "玻璃制品",
        "玻璃製品",
    )
    english = own_labels(["Glass"])
    assert english["name_zh_hans"] == english["name_zh_hant"] == "Glass"
    long = own_labels(["Manufacture of other transport equipment and ships"])
    assert len(long["short_en"]) <= 28
    assert long["short_en"].endswith("…")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("2017年广东省投入产出表 单位：亿元", "亿元"),
        ("单位 万元", "万元"),
        ("总产出（百万元）", "百万元"),
        ("Unit: 10 thousand yuan. Not CEADs data.", "10 thousand yuan"),
        ("(million USD)", "million USD"),
        ("CO2 (Mt)", None),
        ("United", None),
    ],
)
def test_the_unit_of_money_is_read_from_a_title(text: str, unit: str | None) -> None:
    assert unit_of(text) == unit


def test_an_item_is_known_by_its_own_name() -> None:
    assert [item for item in items().index if item_of(item) != item] == []


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["2015年全国投入产出表"], "CN"),
        (["2015年中国投入产出表（42部门）"], "CN"),
        (["中国2015年42部门投入产出表"], "CN"),
        (["China input-output table 2015"], "CN"),
        (["Input-output table of China (42 sectors)"], "CN"),
        (["", "全国"], "CN"),
        (["china_2015_42_ch"], "CN"),
        (["China 2017", "Guangdong_2017"], "CN-GD"),
        (["China 2017", "广东、浙江"], None),
        (["China Emission Accounts and Datasets"], None),
        (["Source: National Bureau of Statistics of China, 2018"], None),
        (["2012年中国地区投入产出表"], None),
        (["中国31省区市区域间投入产出表"], None),
        (["Indochina 2015"], None),
    ],
)
def test_a_title_is_of_china_where_china_is_its_subject(texts: list[str], code: str | None) -> None:
    assert region_named_in(*texts) == code
