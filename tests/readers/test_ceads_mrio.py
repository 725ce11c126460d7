"""Workbooks in the CEADs layout: every number to the cell, in every layout."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from workbooks import FIRST_COLUMN, FIRST_ROW, ceads_grid, ceads_like, cell, refusal, save

from graphmap.accounts import IOTable, check
from graphmap.classification import sector_list
from graphmap.readers import read

TWO_PROVINCES = ceads_like()
GUANGDONG = ceads_like(
    replace(
        TWO_PROVINCES.select(["CN-GD"]),
        Y=np.abs(TWO_PROVINCES.select(["CN-GD"]).Y[:, [0, 2, 3, 5]]),
        final_uses=TWO_PROVINCES.select(["CN-GD"])
        .final_uses.iloc[[0, 2, 3, 5]]
        .reset_index(drop=True)
        .assign(category=["households", "government", "capital_formation", "exports"]),
    )
)
OPTIONS = ("language", "with_total_use", "region_in_every_row", "extra_rows")
LAYOUTS = [
    dict(zip(OPTIONS, chosen, strict=True))
    for chosen in itertools.product(["zh_hans", "en"], [True, False], [True, False], [0, 3])
]


@pytest.fixture(scope="session")
def mrio(data: Path) -> IOTable:
    """The 31 x 42 table, read once."""
    return read(data / "constructed/MRIO2017_31x42_ceads_layout.xlsx")


def assert_same(found: IOTable, wanted: IOTable) -> None:
    assert found.index.index.tolist() == wanted.index.index.tolist()
    assert found.final_uses.to_dict("list") == wanted.final_uses.to_dict("list")
    assert found.primary_inputs == wanted.primary_inputs
    for part in ("Z", "Y", "V", "imports", "x"):
        assert (getattr(found, part) == getattr(wanted, part)).all(), part
    assert (found.co2 is None) == (wanted.co2 is None)
    if found.co2 is not None and wanted.co2 is not None:
        assert found.co2.tolist() == wanted.co2.tolist()
    assert found.imports_inside is None
    assert found.missing == ()


# --- round trips of built workbooks


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: "-".join(map(str, layout.values())))
def test_every_number_is_read_to_the_cell(tmp_path: Path, layout: dict[str, Any]) -> None:
    file = save(tmp_path / "t.xlsx", Note=[["about"]], Table=ceads_grid(TWO_PROVINCES, **layout))
    found = read(file)
    assert_same(found, TWO_PROVINCES)
    assert (found.year, found.unit, found.classification) == (2017, "10k_yuan", "cn42_2017")
    assert (found.source.file, found.source.sheet) == ("t.xlsx", "Table")


@pytest.mark.parametrize("language", ["zh_hans", "en"])
def test_a_table_of_one_province_is_read_to_the_cell(tmp_path: Path, language: str) -> None:
    file = save(tmp_path / "t.xlsx", T=ceads_grid(GUANGDONG, language=language))
    assert_same(read(file), GUANGDONG)


def test_codes_may_be_numbers(tmp_path: Path) -> None:
    grid = ceads_grid(TWO_PROVINCES, numeric_codes=True)
    assert_same(read(save(tmp_path / "t.xlsx", T=grid)), TWO_PROVINCES)


def test_a_table_without_a_co2_row_has_no_emissions(tmp_path: Path) -> None:
    found = read(save(tmp_path / "t.xlsx", T=ceads_grid(TWO_PROVINCES, with_co2=False)))
    assert_same(found, replace(TWO_PROVINCES, extensions={}))


def test_rows_and_columns_are_joined_by_code_not_by_position(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG, region_in_every_row=True)
    body = slice(FIRST_ROW, FIRST_ROW + 42)
    grid[body] = grid[body][::-1]
    assert grid[FIRST_ROW][2] == "42"
    found = read(save(tmp_path / "t.xlsx", T=grid))
    assert found.index["code"].tolist() == [f"{n:02d}" for n in range(42, 0, -1)]
    backwards = GUANGDONG.Z[::-1, ::-1]
    assert (backwards == found.Z).all()
    assert found.co2 is not None and GUANGDONG.co2 is not None
    assert found.co2.tolist() == GUANGDONG.co2[::-1].tolist()


def test_rows_supply_and_columns_use(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    grid[FIRST_ROW + 23][FIRST_COLUMN + 26] = 123456.5  # power to construction
    assert read(save(tmp_path / "t.xlsx", T=grid)).Z[23, 26] == 123456.5


@pytest.mark.parametrize(
    ("label", "factor"),
    [
        ("CO2排放（百万吨）", 1.0),
        ("CO2 (Mt)", 1.0),
        ("CO2 (kt)", 1e-3),
        ("CO2 emissions (t)", 1e-6),
        ("二氧化碳排放（万吨）", 1e-2),
    ],
)
def test_the_co2_row_is_read_in_the_unit_of_its_label(
    tmp_path: Path, label: str, factor: float
) -> None:
    grid = ceads_grid(GUANGDONG)
    grid[-1][1] = label
    found = read(save(tmp_path / "t.xlsx", T=grid))
    assert found.co2 is not None and GUANGDONG.co2 is not None
    np.testing.assert_allclose(found.co2, GUANGDONG.co2 * factor, rtol=1e-14)


def test_a_co2_row_without_a_unit_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    grid[-1][1] = "CO2"
    assert "the CO2 row names no unit" in refusal(read, save(tmp_path / "t.xlsx", T=grid))


def test_codes_shifted_until_the_last_is_lost_are_refused(tmp_path: Path) -> None:
    """The names alone would still make a table, and nothing would compare them."""
    grid = ceads_grid(GUANGDONG)
    codes = next(row for row in grid if "GO" in row)
    first = codes.index("01")
    codes[first + 1 :] = codes[first:-1]
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "codes" in message and "shifted" in message


def test_names_are_read_where_the_totals_are_called_otherwise(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    for row in grid:
        for j, label in enumerate(row):
            if label in ("中间投入合计", "增加值合计", "总投入"):
                row[j] = "小计"
    found = read(save(tmp_path / "t.xlsx", T=grid))
    assert list(found.index["name_zh_hans"]) == list(GUANGDONG.index["name_zh_hans"])
    assert found.co2 is not None


def test_an_unknown_unit_of_the_co2_row_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    grid[-1][1] = "CO2 (stones)"
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "unknown unit of the CO2 row" in message
    assert "stones" in message
    assert "百万吨" in message
    assert cell(len(grid) - 1, 1) in message


PLACES = {
    "flow": (FIRST_ROW + 2, FIRST_COLUMN + 5),
    "final use": (FIRST_ROW + 2, FIRST_COLUMN + 42 + 1),
    "gross output": (FIRST_ROW + 2, FIRST_COLUMN + 42 + 9),
    "value added": (FIRST_ROW + 42 + 2, FIRST_COLUMN + 5),
    "imports": (FIRST_ROW + 42, FIRST_COLUMN + 5),
    "CO2": (FIRST_ROW + 42 + 9, FIRST_COLUMN + 5),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_empty_cell_is_read_as_zero_and_named(tmp_path: Path, place: str) -> None:
    row, column = PLACES[place]
    grid = ceads_grid(GUANGDONG)
    assert isinstance(grid[row][column], float)
    grid[row][column] = ""
    found = read(save(tmp_path / "t.xlsx", T=grid))
    assert [f"cell {name}" for name in found.missing] == [cell(row, column)]
    assert "missing" in {finding.kind for finding in check(found)}


@pytest.mark.parametrize("place", PLACES)
def test_a_text_in_a_number_cell_is_refused_with_its_cell(tmp_path: Path, place: str) -> None:
    row, column = PLACES[place]
    grid = ceads_grid(GUANGDONG)
    grid[row][column] = "n.a."
    message = refusal(read, save(tmp_path / "t.xlsx", Tafel=grid))
    assert message.startswith(f"{tmp_path / 't.xlsx'}, sheet 'Tafel', {cell(row, column)}: text")
    assert "'n.a.'" in message
    assert "expected a number" in message


# --- year, sheet, unit


@pytest.mark.parametrize(
    ("title", "sheet", "name", "year"),
    [
        (2017, "T", "t.xlsx", 2017),
        ("2018年投入产出表", "Table_2017", "t.xlsx", 2018),
        ("table", "Table_2020", "t.xlsx", 2020),
        ("table", "T", "gd2017.xlsx", 2017),
        ("table", "T", "t.xlsx", None),
    ],
)
def test_the_year_is_that_of_the_title_the_sheet_or_the_file(
    tmp_path: Path, title: object, sheet: str, name: str, year: int | None
) -> None:
    file = save(tmp_path / name, **{sheet: ceads_grid(GUANGDONG, title=title)})
    assert read(file).year == year


def test_the_year_is_not_that_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "project 2012"
    folder.mkdir()
    file = save(folder / "t.xlsx", T=ceads_grid(GUANGDONG, title="table"))
    assert read(file).year is None


def test_a_year_asked_for_chooses_the_sheet(tmp_path: Path) -> None:
    grids = {f"T{year}": ceads_grid(GUANGDONG, title=year) for year in (2017, 2018)}
    file = save(tmp_path / "t.xlsx", **grids)
    assert read(file, year=2018).source.sheet == "T2018"
    assert "another year; found 'T2017, T2018'" in refusal(read, file)
    assert read(file, sheet="T2018").year == 2018
    message = refusal(read, file, year=2019)
    assert "no table of that year" in message
    assert "found 2019" in message
    assert "2017, 2018" in message


def test_an_unknown_sheet_is_refused_with_those_there_are(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", Note=[["about"]], T=ceads_grid(GUANGDONG))
    message = refusal(read, file, sheet="Tabelle")
    assert "no such sheet; found 'Tabelle'; expected one of Note, T" in message


def test_a_sheet_that_holds_no_table_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", Note=[["about"]], T=ceads_grid(GUANGDONG))
    message = refusal(read, file, sheet="Note")
    assert "sheet 'Note'" in message
    assert "no input-output table" in message


def test_the_unit_may_be_given(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", T=ceads_grid(GUANGDONG))
    assert read(file, unit="百万元").unit == "million_yuan"
    assert "unknown money unit" in refusal(read, file, unit="pounds")


@pytest.mark.parametrize("place", ["sheet", "footnote"])
def test_the_unit_may_stand_in_the_name_of_the_sheet_or_below(tmp_path: Path, place: str) -> None:
    grid = ceads_grid(GUANGDONG)
    if place == "footnote":
        grid += [[], ["注：单位：百万元"]]
    file = save(tmp_path / "t.xlsx", **{"T" if place == "footnote" else "2017 百万元": grid})
    found = read(file)
    assert found.unit == "million_yuan"
    assert not any("no unit" in note["en"] for note in found.source.notes)


def test_a_unit_that_is_assumed_is_told(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", T=ceads_grid(GUANGDONG))
    notes = [note["en"] for note in read(file).source.notes]
    assert any("no unit of money; 10 thousand yuan is assumed" in note for note in notes), notes
    assert not any("assumed" in note["en"] for note in read(file, unit="万元").source.notes)


# --- labels that disagree


def swapped(grid: list[list[Any]], rows: bool, columns: bool) -> None:
    if rows:
        a, b = grid[FIRST_ROW + 23], grid[FIRST_ROW + 28]
        a[1], b[1] = b[1], a[1]
    if columns:
        names = grid[2]
        a, b = FIRST_COLUMN + 23, FIRST_COLUMN + 28
        names[a], names[b] = names[b], names[a]


@pytest.mark.parametrize("language", ["zh_hans", "en"])
@pytest.mark.parametrize(
    ("rows", "columns", "place"),
    [
        (True, False, cell(FIRST_ROW + 23, 1)),
        (False, True, cell(2, FIRST_COLUMN + 23)),
        (True, True, cell(FIRST_ROW + 23, 1)),
    ],
)
def test_swapped_names_are_refused(
    tmp_path: Path, language: str, rows: bool, columns: bool, place: str
) -> None:
    grid = ceads_grid(GUANGDONG, language=language)
    swapped(grid, rows, columns)
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    transport = sector_list("cn42_2017").sectors[f"name_{language}"]["29"]
    assert place in message
    assert transport in message
    assert "code 29" in message
    assert "code 24" in message


@pytest.mark.parametrize("axis", ["rows", "columns"])
def test_a_code_column_shifted_by_one_is_refused(tmp_path: Path, axis: str) -> None:
    grid = ceads_grid(GUANGDONG)
    codes = [f"{n:02d}" for n in (*range(2, 43), 1)]
    if axis == "rows":
        for row, code in zip(grid[FIRST_ROW:], codes, strict=False):
            row[2] = code
    else:
        grid[3][FIRST_COLUMN : FIRST_COLUMN + 42] = codes
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "农林牧渔产品和服务" in message
    assert "code 01" in message
    assert "code 02" in message
    assert "42 of 42" in message


def test_a_2012_list_in_a_2017_table_is_refused(tmp_path: Path) -> None:
    old = sector_list("cn42_2012").sectors["name_zh_hans"].tolist()
    grid = ceads_grid(GUANGDONG)
    for row, name in zip(grid[FIRST_ROW:], old, strict=False):
        row[1] = name
    grid[2][FIRST_COLUMN : FIRST_COLUMN + 42] = old
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "其他制造产品和废品废料" in message
    assert "2012/2015" in message
    grid[0][0] = 2012
    found = read(save(tmp_path / "old.xlsx", T=grid))
    assert found.classification == "cn42_2012"
    assert found.index["name_zh_hans"].iloc[24].startswith("电力")


def test_names_of_2012_with_codes_of_2017_are_refused(tmp_path: Path) -> None:
    """The electricity row is called as in 2012 but for its neighbours' codes of 2017."""
    old = sector_list("cn42_2012").sectors["name_zh_hans"]
    new = sector_list("cn42_2017")
    codes = [new.code(name) or code for code, name in old.items()]
    grid = ceads_grid(GUANGDONG)
    for row, name, code in zip(grid[FIRST_ROW:], old, codes, strict=False):
        row[1], row[2] = name, code
    grid[2][FIRST_COLUMN : FIRST_COLUMN + 42] = old.tolist()
    grid[3][FIRST_COLUMN : FIRST_COLUMN + 42] = codes
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "disagree" in message
    assert "expected code 24" in message
    assert "修理" in message


# --- blocks that are not whole


def test_a_missing_sector_row_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(TWO_PROVINCES, region_in_every_row=True)
    del grid[FIRST_ROW + 42 + 23]
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "not the same sectors" in message
    assert "CN-ZJ 24" in message
    assert "missing in the rows" in message


def test_a_missing_sector_column_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(TWO_PROVINCES, region_in_every_row=True)
    for row in grid:
        del row[FIRST_COLUMN + 23 : FIRST_COLUMN + 24]
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "CN-GD 24" in message
    assert "missing in the columns" in message


def test_a_sector_row_twice_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    grid.insert(FIRST_ROW + 24, list(grid[FIRST_ROW + 23]))
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "the same sector twice" in message
    assert cell(FIRST_ROW + 24, 2) in message
    assert "24 电力、热力的生产和供应 in CN-GD" in message


def test_a_province_block_twice_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(TWO_PROVINCES)
    assert grid[FIRST_ROW + 42][0] == "浙江"
    grid[FIRST_ROW + 42][0] = "广东"
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "the same sector twice in one region" in message
    assert "CN-GD" in message
    assert cell(FIRST_ROW + 42, 2) in message


def test_an_unknown_province_is_refused_with_its_cell(tmp_path: Path) -> None:
    grid = ceads_grid(TWO_PROVINCES)
    grid[FIRST_ROW + 42][0] = "Zhejang"
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert cell(FIRST_ROW + 42, 0) in message
    assert "Zhejang" in message


def test_a_table_that_names_no_region_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    grid[1] = [""] * len(grid[1])
    grid[FIRST_ROW][0] = ""
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "no region for this sector" in message


def test_a_negative_gross_output_is_refused_with_its_cell(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    row, column = PLACES["gross output"]
    grid[row][column] = -1234.5
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert cell(row, column) in message
    assert "negative gross output of sector 03 in CN-GD" in message
    assert "-1,234.50" in message


def test_a_table_without_value_added_is_refused(tmp_path: Path) -> None:
    grid = ceads_grid(GUANGDONG)
    kept = [row for row in grid if len(row) < 3 or not str(row[2]).startswith(("VA", "TVA"))]
    assert "no row of value added" in refusal(read, save(tmp_path / "t.xlsx", T=kept))


# --- the constructed files


@pytest.mark.parametrize(
    ("file", "sheet", "regions"),
    [
        ("Guangdong_2017_ceads_layout.xlsx", "Table_2017", ["CN-GD"]),
        ("Zhejiang_2017_ceads_layout.xlsx", "English_Version", ["CN-ZJ"]),
        ("Guangdong_Zhejiang_2017_ceads_layout.xlsx", "Table_2017", ["CN-ZJ", "CN-GD"]),
        (
            "Guangdong_Zhejiang_2017_ceads_layout.xlsx",
            "Table_2017_English Version",
            ["CN-ZJ", "CN-GD"],
        ),
    ],
)
def test_every_constructed_sheet_is_read_to_the_cell(
    data: Path, file: str, sheet: str, regions: list[str]
) -> None:
    path = data / "constructed" / file
    found = read(path, sheet=sheet)
    n = 42 * len(regions)
    assert (found.n, found.regions, found.year) == (n, regions, 2017)
    assert [finding.severity for finding in check(found)] == ["ok"]

    cells = list(openpyxl.load_workbook(path, read_only=True)[sheet].values)
    header = list(cells[3])
    rows = {row[2] or row[1]: row for row in cells[4 + n :]}
    by_code = {code: header.index(code) for code in ("EX", "ERR", "GO")}
    assert found.Z.tolist() == [list(row[3 : 3 + n]) for row in cells[4 : 4 + n]]
    assert found.x.tolist() == [row[by_code["GO"]] for row in cells[4 : 4 + n]]
    assert found.Y[:, -2].tolist() == [row[by_code["EX"]] for row in cells[4 : 4 + n]]
    assert found.Y[:, -1].tolist() == [row[by_code["ERR"]] for row in cells[4 : 4 + n]]
    assert found.imports.tolist() == list(rows["IM"][3 : 3 + n])
    for k, code in enumerate(("VA001", "VA002", "VA003", "VA004")):
        assert found.V[k].tolist() == list(rows[code][3 : 3 + n])
    co2 = next(row for label, row in rows.items() if str(label).startswith("CO2"))
    assert found.co2 is not None
    assert found.co2.tolist() == list(co2[3 : 3 + n])


@pytest.mark.parametrize("sheet", [None, "Table_2017", "Table_2017_English Version"])
@pytest.mark.parametrize("name", ["Guangdong", "广东", "廣東", "CN-GD"])
def test_guangdong_is_the_same_from_the_two_province_workbook_and_its_own(
    data: Path, sheet: str | None, name: str
) -> None:
    two = data / "constructed/Guangdong_Zhejiang_2017_ceads_layout.xlsx"
    own = read(data / "constructed/Guangdong_2017_ceads_layout.xlsx")
    found = read(two, region=name, sheet=sheet)
    assert found.index.equals(own.index)
    assert found.x.tolist() == own.x.tolist()
    assert found.co2 is not None and own.co2 is not None
    assert found.co2.tolist() == own.co2.tolist()
    assert [finding.severity for finding in check(found)] == ["ok"]


def test_the_largest_direct_emitters_of_guangdong_are_those_published(data: Path) -> None:
    table = read(data / "constructed/Guangdong_Zhejiang_2017_ceads_layout.xlsx", region="广东")
    assert table.n == 42
    assert table.co2 is not None
    largest = np.argsort(-table.co2)[:4]
    assert table.index["code"].iloc[largest].tolist() == ["24", "29", "13", "14"]
    assert [round(value, 2) for value in table.co2[largest]] == [297.82, 67.95, 58.21, 42.78]


def test_the_national_workbook_of_31_provinces_is_read_and_adds_up(mrio: IOTable) -> None:
    assert mrio.n == 1302
    assert len(mrio.regions) == 31
    assert mrio.Y.shape == (1302, 31 * 5 + 2)
    assert mrio.Z[0, 0] == 3569672.47  # Beijing, agriculture to itself
    assert mrio.index.index[[0, -1]].tolist() == ["CN-BJ.01", "CN-XJ.42"]
    assert (mrio.year, mrio.source.publisher) == (2017, "constructed")
    (tibet,) = check(mrio)  # it has no inventory, so its row holds zeros
    assert (tibet.severity, tibet.kind, tibet.region) == ("warning", "no_emissions", "CN-XZ")


def test_two_provinces_of_the_31_add_up_with_the_others_as_trade(mrio: IOTable) -> None:
    table = mrio.select(["CN-GD", "CN-ZJ"])
    assert (table.n, table.regions) == (84, ["CN-ZJ", "CN-GD"])
    assert [finding.severity for finding in check(table)] == ["ok"]
    assert set(table.final_uses["region"]) == {"CN-GD", "CN-ZJ", ""}


def test_constructed_tables_are_not_passed_off_as_ceads_data(data: Path) -> None:
    source = read(data / "constructed/Guangdong_2017_ceads_layout.xlsx").source
    assert source.publisher == "constructed"
    assert "Zheng" not in source.citation


# --- copies of a real workbook with one fault planted


def faulty_copy(data: Path, folder: Path, *changes: tuple[str, object]) -> Path:
    book = openpyxl.load_workbook(data / "constructed/Guangdong_2017_ceads_layout.xlsx")
    for name, value in changes:
        assert book["Table_2017"][name].value != value
        book["Table_2017"][name].value = value
    book.save(folder / "copy.xlsx")
    return folder / "copy.xlsx"


def test_a_copy_without_a_fault_is_read_as_the_original(data: Path, tmp_path: Path) -> None:
    own = read(data / "constructed/Guangdong_2017_ceads_layout.xlsx")
    assert_same(read(faulty_copy(data, tmp_path)), own)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ([("BC10", "-")], ["cell BC10", "text in a number cell"]),
        ([("F20", "abc")], ["cell F20", "'abc'"]),
        ([("BC7", -5.0)], ["cell BC7", "negative gross output of sector 03"]),
        ([("B28", "交通运输、仓储和邮政"), ("B33", "电力、热力的生产和供应")],
         ["cell B28", "code 24", "expected code 29"]),
        ([("C28", "25")], ["cell B28", "code 25", "expected code 24"]),
        ([("B8", "金属矿采选")], []),
        ([("B8", "Unobtainium")], ["cell B8", "Unobtainium"]),
        ([("A5", "Guangdon")], ["cell"]),
    ],
)  # fmt: skip
def test_one_fault_in_a_copy_of_a_real_workbook_is_named(
    data: Path, tmp_path: Path, changes: list[tuple[str, object]], parts: list[str]
) -> None:
    file = faulty_copy(data, tmp_path, *changes)
    if not parts:  # another known spelling is no fault
        assert read(file).n == 42
        return
    message = refusal(read, file)
    for part in (str(file), "Table_2017", *parts):
        assert part in message, message


def test_of_two_tables_of_one_province_and_year_none_is_taken_unasked(tmp_path: Path) -> None:
    other = replace(GUANGDONG, **{p: getattr(GUANGDONG, p) * 2 for p in ("Z", "Y", "V", "x")})
    sheets = {"竞争型": ceads_grid(GUANGDONG), "非竞争型": ceads_grid(other)}
    file = save(tmp_path / "2017.xlsx", **sheets)
    message = refusal(read, file)
    assert "竞争型, 非竞争型" in message and "--sheet" in message
    assert read(file, sheet="非竞争型").x.tolist() == other.x.tolist()


def test_a_draft_beside_the_table_is_not_passed_over(tmp_path: Path) -> None:
    draft = ceads_grid(GUANGDONG)
    draft[FIRST_ROW][FIRST_COLUMN] = "?"
    file = save(tmp_path / "2017.xlsx", T=ceads_grid(GUANGDONG), Draft=draft)
    assert "T, Draft" in refusal(read, file)
    assert_same(read(file, sheet="T"), GUANGDONG)


def test_the_same_table_in_two_languages_is_one(tmp_path: Path) -> None:
    sheets = {tag: ceads_grid(GUANGDONG, language=tag) for tag in ("zh_hans", "en")}
    assert_same(read(save(tmp_path / "2017.xlsx", **sheets)), GUANGDONG)
