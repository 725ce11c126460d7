"""Groups of provinces under all their names."""

from __future__ import annotations

import pytest

from graphmap.classification import (
    find_group,
    find_region,
    region_groups,
    regions,
    regions_of_group,
)
from graphmap.classification.lists import folded, read_list
from graphmap.errors import DataError

SEVEN = ["north", "northeast", "east", "central", "south", "southwest", "northwest"]


def test_the_seven_regions_are_the_mainland_each_province_once() -> None:
    members = [code for name in SEVEN for code in regions_of_group(name)]
    mainland = {c for c, r in regions().items() if r.group not in ("", "hkmt")}
    assert len(members) == len(set(members)) == 31
    assert set(members) == mainland
    for name in SEVEN:
        assert {regions()[code].group for code in regions_of_group(name)} == {name}


@pytest.mark.parametrize(("text", "members"), [
    ("长三角", "SH JS ZJ AH"),
    ("Yangtze River Delta", "SH JS ZJ AH"),
    ("yangtze-river-delta", "SH JS ZJ AH"),
    ("長江三角洲", "SH JS ZJ AH"),
    ("粤港澳大湾区", "GD HK MO"),
    ("Greater Bay Area", "GD HK MO"),
    ("京津冀", "BJ TJ HE"),
    ("Jing-Jin-Ji", "BJ TJ HE"),
    ("华东地区", "SH JS ZJ AH FJ JX SD"),
    ("東北", "LN JL HL"),
])  # fmt: skip
def test_groups_are_found_by_their_names(text: str, members: str) -> None:
    assert regions_of_group(text) == tuple(f"CN-{code}" for code in members.split())


def test_every_name_is_of_one_group_and_of_no_region() -> None:
    owner: dict[str, str] = {}
    for _, row in read_list("region_groups").iterrows():
        names = (row["id"], row["name_en"], row["name_zh_hans"], row["name_zh_hant"])
        for name in {folded(text) for text in (*names, *row["aliases"].split("|"))}:
            assert owner.setdefault(name, row["id"]) == row["id"], name
            assert find_region(name) is None, name
    assert all(all(group.name.values()) for group in region_groups().values())


def test_members_are_regions() -> None:
    for group in region_groups().values():
        assert set(group.members) <= regions().keys()


def test_what_is_no_group_is_refused_with_those_there_are() -> None:
    assert find_group("CN-GD") is None
    assert find_group("") is None
    with pytest.raises(DataError, match="beijing-tianjin-hebei, yangtze-river-delta"):
        regions_of_group("Atlantis")
