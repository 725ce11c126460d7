"""The bundled lists, and telling which of them a table uses."""

from __future__ import annotations

import opencc
import pandas as pd
import pytest

from graphmap.classification import LISTS, LabelError, group_names, recognise, sector_list
from graphmap.classification.lists import completed, folded
from graphmap.classification.sectors import NAME_COLUMNS, SHORT_COLUMNS

LISTS_OF_42 = ["cn42_2012", "cn42_2017"]
ALL_LISTS = list(LISTS)
LANGUAGES = ["name_zh_hans", "name_en", "name_zh_hant"]
SHARED = [f"{code:02d}" for code in range(1, 22)]
"""The codes that mean the same in both lists of 42."""

LONGEST = {"short_en": 20, "short_zh_hans": 6, "short_zh_hant": 6}
"""Letters of a label that fits a node."""


def labels(list_id: str, column: str = "name_zh_hans") -> tuple[list[str], list[str | None]]:
    sectors = sector_list(list_id).sectors
    return sectors[column].tolist(), sectors.index.tolist()


def refusal(*args: object, **kwargs: object) -> LabelError:
    with pytest.raises(LabelError) as caught:
        recognise(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("list_id", LISTS_OF_42)
def test_a_list_of_42_is_numbered_from_01_to_42(list_id: str) -> None:
    assert sector_list(list_id).sectors.index.tolist() == [f"{n:02d}" for n in range(1, 43)]


def test_the_inventory_list_has_45_industries_and_two_kinds_of_household() -> None:
    codes = sector_list("ceads_inventory").sectors.index.tolist()
    assert codes == [*(f"{n:02d}" for n in range(1, 46)), "U", "R"]


@pytest.mark.parametrize("list_id", ALL_LISTS)
def test_every_cell_but_the_aliases_is_filled(list_id: str) -> None:
    labelled = sector_list(list_id).sectors.drop(columns="aliases")
    assert not (labelled.map(str.strip) == "").any(axis=None)
    assert (labelled == labelled.map(str.strip)).all(axis=None)
    assert labelled["pinyin"].str.fullmatch(r"[a-z]+( [a-z]+)*").all()


@pytest.mark.parametrize("list_id", ALL_LISTS)
def test_names_are_unique_in_every_language(list_id: str) -> None:
    sectors = sector_list(list_id).sectors
    for column in (*NAME_COLUMNS, *(c for c in SHORT_COLUMNS if c in sectors)):
        assert sectors[column].is_unique, column


@pytest.mark.parametrize("list_id", ALL_LISTS)
def test_no_spelling_names_two_sectors(list_id: str) -> None:
    sectors = sector_list(list_id).sectors
    owner: dict[str, str] = {}
    for code, row in sectors.iterrows():
        columns = [*NAME_COLUMNS, *(SHORT_COLUMNS if list_id in LISTS_OF_42 else ())]
        for name in {folded(n) for n in (*row[columns], *row["aliases"].split("|")) if n}:
            assert owner.setdefault(name, str(code)) == code, name


@pytest.mark.parametrize("list_id", ALL_LISTS)
def test_every_sector_is_found_by_each_of_its_spellings(list_id: str) -> None:
    chosen = sector_list(list_id)
    for code, row in chosen.sectors.iterrows():
        for name in (*row[list(NAME_COLUMNS)], *row["aliases"].split("|")):
            assert not name or chosen.code(f"  {name.upper()} ") == code, name


@pytest.mark.parametrize("list_id", LISTS_OF_42)
@pytest.mark.parametrize("column", SHORT_COLUMNS)
def test_short_names_fit_a_node_label(list_id: str, column: str) -> None:
    longest = max(sector_list(list_id).sectors[column], key=len)
    assert len(longest) <= LONGEST[column], longest


@pytest.mark.parametrize("list_id", ALL_LISTS)
def test_traditional_names_hold_no_simplified_character(list_id: str) -> None:
    traditional = [opencc.OpenCC(standard).convert for standard in ("s2hk", "s2t")]
    for letter in set("".join(sector_list(list_id).sectors["name_zh_hant"])):
        assert letter in ["群", *(convert(letter) for convert in traditional)]  # Hong Kong's form


@pytest.mark.parametrize("list_id", ALL_LISTS)
def test_every_group_has_names(list_id: str) -> None:
    used = set(sector_list(list_id).sectors["group"])
    assert used <= set(group_names())


def test_a_list_without_chinese_names_falls_back_to_english() -> None:
    bare = pd.DataFrame(
        {"code": ["1"], "name_en": ["Pulp"], "name_zh_hans": "", "name_zh_hant": ""}
    )
    (pulp,) = completed(bare).to_dict("records")
    assert pulp["name_zh_hans"] == pulp["name_zh_hant"] == pulp["short_zh_hans"] == "Pulp"


def test_labels_cut_from_long_names_stay_apart() -> None:
    shorts = sector_list("exiobase_163").sectors["short_en"]
    assert shorts["i26.a.w"] == "Re-processing…into new glass"
    assert shorts["i17"] == "Textiles"
    assert shorts.is_unique


@pytest.mark.parametrize("list_id", LISTS_OF_42)
@pytest.mark.parametrize("column", LANGUAGES)
@pytest.mark.parametrize("coded", [True, False])
def test_the_two_lists_are_told_apart_by_their_names(
    list_id: str, column: str, coded: bool
) -> None:
    names, codes = labels(list_id, column)
    found = recognise(names, codes if coded else [None] * 42)
    assert found is not None
    assert found.id == list_id


@pytest.mark.parametrize("list_id", LISTS_OF_42)
def test_a_list_is_recognised_in_any_order(list_id: str) -> None:
    names, codes = labels(list_id)
    found = recognise(names[::-1], codes[::-1])
    assert found is not None
    assert found.id == list_id


@pytest.mark.parametrize(
    ("year", "list_id"),
    [
        (2012, "cn42_2012"),
        (2015, "cn42_2012"),
        (2017, "cn42_2017"),
        (2018, "cn42_2017"),
        (2020, "cn42_2017"),
    ],
)
def test_each_year_takes_its_list_and_refuses_the_other(year: int, list_id: str) -> None:
    found = recognise(*labels(list_id), year=year)
    assert found is not None
    assert found.id == list_id
    (other,) = set(LISTS_OF_42) - {list_id}
    assert str(year) in refusal(*labels(other), year=year).expected


def test_sectors_common_to_both_lists_are_those_of_the_year() -> None:
    names, codes = (part[:21] for part in labels("cn42_2017"))
    assert codes == SHARED
    for year, list_id in ((2012, "cn42_2012"), (2017, "cn42_2017")):
        found = recognise(names, codes, year=year)
        assert found is not None
        assert found.id == list_id


def test_names_of_no_bundled_list_are_recognised_as_none() -> None:
    assert recognise(["玻璃制品", "水泥", "Ships"], ["1", "2", "3"]) is None


@pytest.mark.parametrize("column", LANGUAGES)
def test_swapped_names_are_refused_with_the_sector_and_its_code(column: str) -> None:
    names, codes = labels("cn42_2017", column)
    power, transport = names[23], names[28]
    names[23], names[28] = transport, power
    error = refusal(names, codes)
    assert error.position == 23
    assert error.found == f"code 24 beside {transport!r}"
    assert error.expected.startswith("code 29 there")
    assert "2 of 42" in error.expected


def test_a_code_column_shifted_by_one_is_refused() -> None:
    names, codes = labels("cn42_2017")
    error = refusal(names, [*codes[1:], codes[0]])
    assert error.position == 0
    assert names[0] in error.found
    assert "code 02" in error.found
    assert error.expected.startswith("code 01 there")
    assert "42 of 42" in error.expected


def test_a_code_column_shifted_from_some_sector_on_is_refused_there() -> None:
    names, codes = labels("cn42_2017")
    shifted = [*codes[:29], *(f"{int(code) + 1:02d}" for code in codes[29:] if code)]
    error = refusal(names, shifted)
    assert error.position == 29
    assert "住宿和餐饮" in error.found
    assert error.expected.startswith("code 30 there")


def test_names_of_2012_with_codes_of_2017_are_refused() -> None:
    names, _ = labels("cn42_2012")
    names.remove("废品废料")
    new = sector_list("cn42_2017")
    by_new_list = [new.code(name) or "22" for name in names]
    error = refusal(names, by_new_list)
    assert "电力" not in error.found  # the first that disagrees is named, not the largest
    assert error.found.startswith("code 23 beside '金属制品、机械和设备修理服务'")
    assert error.expected.startswith("code 24 there (in the list of 2012/2015")


def test_a_2012_list_in_a_2017_table_is_refused_with_the_sector_expected_there() -> None:
    error = refusal(*labels("cn42_2012"), year=2017)
    assert "2012/2015" in error.found
    assert "2017/2018/2020" in error.expected
    assert "22" in error.found
    assert "其他制造产品和废品废料" in error.expected


def test_one_misspelt_name_is_refused_with_the_name_it_resembles() -> None:
    names, codes = labels("cn42_2017")
    names[23] = "电力、热力的生产和供给"
    error = refusal(names, codes)
    assert error.position == 23
    assert "电力、热力的生产和供应" in error.expected


def test_a_name_of_the_other_list_among_these_is_refused() -> None:
    names, codes = labels("cn42_2017")
    names[22] = "废品废料"
    assert refusal(names, codes).position in (21, 22)


@pytest.mark.parametrize("list_id", LISTS_OF_42)
def test_a_numbering_of_the_tables_own_is_let_stand_beside_names_in_their_order(
    list_id: str,
) -> None:
    names, codes = labels(list_id)
    for own in ([f"C{code}" for code in codes], [f"{code}0" for code in codes]):
        found = recognise(names, own)
        assert found is not None and found.id == list_id
    turned = [*names[1:], names[0]]
    assert "beside" in str(refusal(turned, [f"{code}0" for code in codes]))


@pytest.mark.parametrize("before", ["S", "0", "440"])
def test_codes_of_other_sectors_are_refused_in_longer_codes_too(before: str) -> None:
    names, _ = labels("cn42_2012")
    later = names[22:30]
    assert recognise(later, [f"{before}{code}" for code in range(23, 31)]) is not None
    assert "8 of 8" in str(refusal(later, [f"{before}{code}" for code in range(22, 30)]))


def test_few_codes_of_other_sectors_are_no_numbering_of_its_own() -> None:
    names, codes = labels("cn42_2017")
    few: list[str | None] = [code if n in (25, 26) else None for n, code in enumerate(codes)]
    assert "2 of 42" in str(refusal(names, [None, *few[:-1]]))
