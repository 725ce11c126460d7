"""Provinces under all their names."""

from __future__ import annotations

from pathlib import Path

import opencc
import pytest
import python_calamine as calamine

from graphmap.classification import find_region, region, regions
from graphmap.classification.lists import folded, read_list


def test_there_are_34_provincial_units_and_china() -> None:
    kinds = [found.kind for found in regions().values()]
    assert len(kinds) == 35
    assert kinds.count("municipality") == 4
    assert kinds.count("autonomous_region") == 5
    assert kinds.count("sar") == 2
    assert kinds.count("country") == 1
    assert {"CN", "CN-XZ", "CN-HK", "CN-MO", "CN-TW"} <= regions().keys()


def test_names_are_complete_and_unique_in_every_language() -> None:
    for tag in ("en", "zh-Hans", "zh-Hant"):
        for names in (
            [found.name[tag] for found in regions().values()],
            [found.short[tag] for found in regions().values()],
        ):
            assert all(names)
            assert len(set(names)) == len(names)


def test_short_names_fit_a_node_label() -> None:
    for found in regions().values():
        assert len(found.short["en"]) == 2
        assert len(found.short["zh-Hans"]) == len(found.short["zh-Hant"]) == 1


def test_traditional_names_hold_no_simplified_character() -> None:
    traditional = [opencc.OpenCC(standard).convert for standard in ("s2hk", "s2t")]
    for letter in set("".join(found.name["zh-Hant"] for found in regions().values())):
        assert letter in [convert(letter) for convert in traditional]


def test_no_spelling_names_two_provinces() -> None:
    owner: dict[str, str] = {}
    for _, row in read_list("regions").iterrows():
        names = (row["code"], row["name_en"], row["name_zh_hans"], row["name_zh_hant"])
        for name in {folded(n) for n in (*names, *row["aliases"].split("|")) if n}:
            assert owner.setdefault(name, row["code"]) == row["code"], name


def test_every_group_has_names() -> None:
    for found in regions().values():
        assert found.kind == "country" or found.group


def test_every_province_is_found_by_each_of_its_names() -> None:
    for code, found in regions().items():
        for name in (code, *found.name.values()):
            assert find_region(name) == found, name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Shannxi", "CN-SN"),
        ("Shaanxi2015", "CN-SN"),
        ("Shanxi", "CN-SX"),
        ("陕西", "CN-SN"),
        ("山西省", "CN-SX"),
        ("内蒙", "CN-NM"),
        ("內蒙古", "CN-NM"),
        ("InnerMongolia2017", "CN-NM"),
        ("inner mongolia", "CN-NM"),
        ("Neimenggu", "CN-NM"),
        ("粤", "CN-GD"),
        ("廣東省", "CN-GD"),
        (" guangdong ", "CN-GD"),
        ("GD", "CN-GD"),
        ("cn-gd", "CN-GD"),
        ("广西壮族自治区", "CN-GX"),
        ("Xizang", "CN-XZ"),
        ("臺灣", "CN-TW"),
        ("Macau", "CN-MO"),
        ("全国", "CN"),
        ("2017", None),
        ("", None),
        ("Atlantis", None),
        ("Guangdong Zhejiang", None),
    ],
)
def test_spellings_found_in_the_wild(text: str, code: str | None) -> None:
    found = find_region(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("year", [2012, 2015, 2017])
def test_every_sheet_of_the_provincial_inventories_is_a_province_of_its_own(
    data: Path, year: int
) -> None:
    file = data / f"ceads/inventory/Emission_Inventories_for_30_Provinces_{year}.xlsx"
    names = calamine.CalamineWorkbook.from_path(str(file)).sheet_names
    found = [region for name in names if (region := find_region(name))]
    assert len(found) == len({place.code for place in found}) == len(names) - 1 == 30
    assert all(place.kind not in ("country", "sar") for place in found)
    assert "CN-XZ" not in {place.code for place in found}
    for name, place in zip((n for n in names if n != "NOTE"), found, strict=True):
        assert name == place.name["en"].replace(" ", "") + str(year)


def test_a_region_that_is_not_on_the_list_goes_by_its_code() -> None:
    assert region("Delta").name["zh-Hans"] == "Delta"
