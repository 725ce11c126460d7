"""Telling which of all the bundled lists a table uses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from graphmap.classification import LISTS, LabelError, recognise_any, sector_list
from graphmap.classification.sectors import YEARS

SIZES = {
    "cn42_2012": 42,
    "cn42_2017": 42,
    "ceads_inventory": 47,
    "nbs139_2012": 139,
    "nbs149_2017": 149,
    "nbs153_2018": 153,
    "gbt4754_2017": 97,
    "isic4_sections": 21,
    "isic4_divisions": 88,
    "oecd_45": 45,
    "exiobase_163": 163,
    "exiobase_200": 200,
}


def test_lists_have_as_many_sectors_as_they_are_known_for() -> None:
    assert {name: len(sector_list(name).sectors) for name in LISTS} == SIZES
    assert all(all(sector_list(name).title.values()) for name in LISTS)


@pytest.mark.parametrize("list_id", LISTS)
@pytest.mark.parametrize("column", ["name_en", "name_zh_hans", "name_zh_hant"])
def test_a_list_is_recognised_by_its_names_alone(list_id: str, column: str) -> None:
    found, share = recognise_any(sector_list(list_id).sectors[column].tolist())
    assert found is not None
    assert (found.id, share) == (list_id, 1.0)


@pytest.mark.parametrize("list_id", LISTS)
def test_half_a_list_in_several_regions_is_recognised(list_id: str) -> None:
    names = sector_list(list_id).sectors["name_en"].tolist()[: SIZES[list_id] // 2]
    found, share = recognise_any(names * 3, year=(*YEARS[list_id], None)[0])
    assert found is not None
    assert share == 1.0
    if not list_id.startswith(("cn42", "nbs")):  # these begin alike
        assert found.id == list_id


@pytest.mark.parametrize(("kind", "aliases"), [
    ("oecd_45", ["D01T02", "D03", "D05T06", "D97T98"]),
    ("oecd_45", ["01T02", "03", "05T06", "97T98", "10T12"]),
    ("exiobase_163", ["A_PARI", "A_WHEA", "A_OCER"]),
    ("exiobase_200", ["C_PARI", "C_WHEA", "C_OCER"]),
])  # fmt: skip
def test_codes_that_stand_in_the_place_of_names_are_recognised(
    kind: str, aliases: list[str]
) -> None:
    found, share = recognise_any(aliases)
    assert found is not None
    assert found.id == kind
    assert share >= 0.8


def test_most_names_are_enough_and_half_are_not() -> None:
    names = sector_list("oecd_45").sectors["name_en"].tolist()
    found, share = recognise_any([*names[:5], *"abcd"])
    assert found is not None
    assert found.id == "oecd_45"
    assert share == pytest.approx(5 / 9)
    assert recognise_any([*names[:4], *"abcd"]) == (None, 0.5)
    assert recognise_any(["x", "y"]) == (None, 0.0)
    assert recognise_any(["", ""]) == (None, 0.0)


def test_the_refusals_of_the_lists_of_42_are_kept() -> None:
    sectors = sector_list("cn42_2012").sectors
    names, codes = sectors["name_zh_hans"].tolist(), list(sectors.index)
    with pytest.raises(LabelError, match="2012/2015"):
        recognise_any(names, codes, year=2017)
    with pytest.raises(LabelError, match="found code 26 beside '电力"):
        recognise_any(names, [*codes[:24], *codes[25:], codes[24]])
    names[24] = "电力、热力的生产和供给"
    with pytest.raises(LabelError, match="电力、热力的生产和供应"):
        recognise_any(names, codes)


def test_codes_that_move_on_from_some_sector_are_refused_in_any_list() -> None:
    sectors = sector_list("nbs149_2017").sectors
    names, codes = sectors["name_zh_hans"].tolist(), list(sectors.index)
    assert recognise_any(names, codes)[1] == 1.0
    with pytest.raises(LabelError) as caught:
        recognise_any(names, [*codes[:119], *codes[120:], codes[119]])
    assert caught.value.position == 119
    assert "餐饮" in caught.value.found


def test_a_tables_own_numbers_say_nothing() -> None:
    sectors = sector_list("gbt4754_2017").sectors.iloc[40:]
    numbers = [f"{i:02d}" for i in range(1, len(sectors) + 1)]
    found, _ = recognise_any(sectors["name_zh_hans"].tolist(), numbers)
    assert found is not None
    assert found.id == "gbt4754_2017"


@pytest.mark.parametrize(("file", "kind", "share"), [
    ("nbs/china_2012_139.csv", "nbs139_2012", 1.0),
    ("nbs/china_2017_149.csv", "nbs149_2017", 147 / 149),  # two English names are of others
    ("nbs/china_2018_153.csv", "nbs153_2018", 1.0),
    ("nbs/china_2015_42.csv", "cn42_2012", 1.0),
    ("nbs/china_2018_42.csv", "cn42_2017", 1.0),
    ("oecd/OECD21ed_CHN_2018.csv", "oecd_45", 1.0),
])  # fmt: skip
def test_published_tables_are_recognised(data: Path, file: str, kind: str, share: float) -> None:
    table = pd.read_csv(data / file, dtype=str)
    rows = table[table["Code"].str.fullmatch(r"\d+")]
    found, matched = recognise_any(rows["Description"].tolist(), rows["Code"].tolist())
    assert found is not None
    assert found.id == kind
    assert matched == pytest.approx(share)
