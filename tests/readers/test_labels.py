"""Units and years as titles, cells and names say them."""

from __future__ import annotations

import pytest

from graphmap import units
from graphmap.readers.labels import unit_of, year_of, years_in


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("２０１７年广东", 2017),
        ("二〇一七年广东省投入产出表", 2017),
        ("二零一二年", 2012),
        ("一九九七年投入产出表", 1997),
        ("二OO七年", 2007),
        ("编制于2020年的2017年投入产出表", 2017),
        ("2020年发布的2017年广东省投入产出表", 2017),
        ("2017年广东省投入产出表（2020年编制）", 2017),
        ("2017年投入產出表（按2012年價格）", 2017),
        ("Input-output table of Guangdong 2017, compiled in 2020", 2017),
        ("Published 2020: 2017 input-output table of China", 2017),
        ("MRIO_2017_v2020.xlsx", 2017),
    ],
)
def test_the_year_is_that_of_the_table(text: str, year: int) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(
    "text",
    [
        "Published 2020: input-output table (2017)",
        "Input-output table published in 2020, for 2017",
        "2017年投入产出表 2020年",
        "2012年不变价投入产出表，2017年",
        "2012-2017",
    ],
)
def test_of_several_years_none_is_taken_without_a_reason(text: str) -> None:
    assert len(years_in(text)) == 2
    assert year_of(text) is None
    assert year_of(text, "Table_2018") == 2018


@pytest.mark.parametrize("text", ["一二三四五", "12017", "42", "二十七", "2017.5.31 2017"])
def test_only_years_are_years(text: str) -> None:
    assert year_of(text) == (2017 if "2017." in text else None)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("百万元", "million_yuan"),
        (" Million yuan ", "million_yuan"),
        ("10,000 yuan", "10k_yuan"),
        ("10000 yuan at current prices", "10k_yuan"),
        ("In million yuan at current prices", "million_yuan"),
        ("All values are in 100 million yuan, in 2012 prices", "100m_yuan"),
        ("unit=million yuan", "million_yuan"),
        ("Unit: million yuan at current prices", "million_yuan"),
        ("单位：亿元，当年价格", "100m_yuan"),
        ("注：单位为百万元", "million_yuan"),
        ("（当年价格，万元）", "10k_yuan"),
    ],
)
def test_a_unit_is_found_however_it_is_said(text: str, unit: str) -> None:
    assert units.money_unit(unit_of(text) or "") == unit


@pytest.mark.parametrize(
    "text", ["EUR", "USD", "元宝山", "Million yuan sector", "in Guangdong", ""]
)
def test_what_may_be_a_region_or_a_name_is_no_unit(text: str) -> None:
    assert unit_of(text) is None
