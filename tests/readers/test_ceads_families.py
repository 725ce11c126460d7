"""The workbook families of the CEADs releases, built small: whatever the layout, one table."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from workbooks import (
    FINAL_USES,
    FIRST_COLUMN,
    FIRST_ROW,
    NAMES,
    PRIMARY_INPUTS,
    Grid,
    ceads_grid,
    refusal,
    save,
    save_csv,
    small_mrio,
)

from graphmap.accounts import IOTable
from graphmap.arrays import Array
from graphmap.classification import regions, sector_list
from graphmap.readers import read

PROVINCES = [r.code for r in regions().values() if r.code not in ("CN", "CN-HK", "CN-MO", "CN-TW")]
WITHOUT_TIBET = [code for code in PROVINCES if code != "CN-XZ"]
CODES = ["02", "24", "27"]
FEW = small_mrio(["CN-BJ", "CN-GD", "CN-ZJ"], CODES)
FULL = [f"{n:02d}" for n in range(1, 43)]
N = FEW.n


def assert_same(found: IOTable, wanted: IOTable = FEW) -> None:
    """Equal to the bit, labels and figures."""
    assert found.index.index.tolist() == wanted.index.index.tolist()
    assert found.index["name_en"].tolist() == wanted.index["name_en"].tolist()
    assert found.final_uses.to_dict("list") == wanted.final_uses.to_dict("list")
    assert found.primary_inputs == wanted.primary_inputs
    for part in ("Z", "Y", "V", "imports", "x"):
        assert np.array_equal(getattr(found, part), getattr(wanted, part)), part
    assert (found.imports_inside, found.missing) == (None, ())


def rows_left_out(grid: Grid, *codes: str) -> Grid:
    return [row for row in grid if len(row) < 3 or row[2] not in codes]


def columns_left_out(grid: Grid, *codes: str) -> Grid:
    dropped = {j for j, code in enumerate(grid[3]) if code in codes}
    return [[cell for j, cell in enumerate(row) if j not in dropped] for row in grid]


# --- regions, sheets


def test_there_are_31_provinces() -> None:
    assert (len(PROVINCES), len(WITHOUT_TIBET)) == (31, 30)


@pytest.mark.parametrize("codes", [PROVINCES, WITHOUT_TIBET], ids=len)
@pytest.mark.parametrize("language", ["zh_hans", "en"])
def test_30_and_31_provinces_are_read(tmp_path: Path, codes: list[str], language: str) -> None:
    table = small_mrio(codes, CODES)
    found = read(save(tmp_path / "t.xlsx", T=ceads_grid(table, language=language)))
    assert_same(found, table)
    assert found.regions == codes


def test_a_workbook_of_many_sheets_gives_its_table(tmp_path: Path) -> None:
    sectors = sector_list("cn42_2017").sectors
    lists: dict[str, Grid] = {
        "Sector": [["No.", "行业", "Sector"]]
        + [[i + 1, *row] for i, row in enumerate(sectors[["name_zh_hans", "name_en"]].values)],
        "Province": [["Order", "省份", "Province"]]
        + [[i + 1, r.name["zh-Hans"], r.name["en"]] for i, r in enumerate(regions().values())],
        "说明": [["Multi-regional table of 2017"], ["Unit: 10,000 yuan"]],
    }
    tables: dict[str, Grid] = {
        "Table_2017": ceads_grid(FEW, language="zh_hans"),
        "Table_2017_English": ceads_grid(FEW, language="en", with_total_use=False),
    }
    for order in itertools.permutations([lists, tables]):
        file = save(tmp_path / "t.xlsx", **(order[0] | order[1]))
        for sheet in (None, *tables):
            found = read(file, sheet=sheet)
            assert_same(found)
            assert (found.unit, found.year) == ("10k_yuan", 2017)
            assert found.source.publisher == "ceads"


# --- totals, codes, names

TOTALS = ("TII", "TVA", "TI")


@pytest.mark.parametrize(
    "dropped", [drop for k in range(4) for drop in itertools.combinations(TOTALS, k)], ids="-".join
)
@pytest.mark.parametrize("total_use", [True, False])
@pytest.mark.parametrize("language", ["zh_hans", "en"])
def test_totals_may_be_left_out(
    tmp_path: Path, dropped: tuple[str, ...], total_use: bool, language: str
) -> None:
    grid = ceads_grid(FEW, with_total_use=total_use, language=language)
    assert_same(read(save(tmp_path / "t.xlsx", T=rows_left_out(grid, *dropped))))


def test_the_total_of_final_use_and_the_error_may_be_left_out(tmp_path: Path) -> None:
    grid = columns_left_out(ceads_grid(FEW), "TFU")
    assert_same(read(save(tmp_path / "t.xlsx", T=grid)))
    found = read(save(tmp_path / "t.xlsx", T=columns_left_out(grid, "ERR")))
    assert np.array_equal(found.Y, FEW.Y[:, :-1])


def no_codes(grid: Grid) -> Grid:
    """No line of codes on either axis."""
    grid[3] = [""] * len(grid[3])
    return [[*row[:2], "", *row[3:]] for row in grid]


def codes_of_sectors_only(grid: Grid) -> Grid:
    """Totals have names, sectors have codes as well."""
    grid[3] = [code if code in CODES else "" for code in grid[3]]
    return [[*row[:2], row[2] if row[2] in CODES else "", *row[3:]] if row[2:] else row
            for row in grid]  # fmt: skip


def codes_instead_of_names(grid: Grid) -> Grid:
    """Value added and totals are called by their codes, in the column of names."""
    return [
        [row[0], row[2], "", *row[3:]] if len(row) > 2 and str(row[2]).isupper() else row
        for row in grid
    ]


def names_beside_codes_of_both_languages(grid: Grid) -> Grid:
    """A column and a row of English names beside the Chinese."""
    english = ceads_grid(FEW, language="en")
    wide = [[*row[:2], other[1] if len(other) > 1 else "", *row[2:]]
            for row, other in zip(grid, english, strict=True)]  # fmt: skip
    return [*wide[:3], [*english[2][:2], "", *english[2][2:]], *wide[3:]]


def grouped(grid: Grid) -> Grid:
    """What a group of columns is called stands above them, gross output in a merged cell."""
    output, first_use = grid[3].index("GO"), grid[3].index("FU101")
    line = [""] * len(grid[3])
    line[FIRST_COLUMN], line[first_use], line[output] = "中间使用", "最终使用", "总产出"
    grid[2][output] = grid[3][output] = ""
    return [grid[0], line, *grid[1:]]


def totals_across(grid: Grid) -> Grid:
    """Labels below the table begin in the column of provinces, in merged cells."""
    return [
        [row[1], "", "", *row[3:]] if len(row) > 2 and str(row[2]).isupper() else row
        for row in grid
    ]


def items_in_the_line_of_provinces(grid: Grid) -> Grid:
    """Above what belongs to no province stands what it is."""
    for code in ("EX", "TFU", "ERR", "GO"):
        j = grid[3].index(code)
        grid[1][j] = grid[2][j]
    return grid


def spaced(grid: Grid) -> Grid:
    """An empty row and an empty column between the blocks."""
    at = FIRST_COLUMN + N
    wide = [[*row[:at], "", *row[at:]] if len(row) > at else row for row in grid]
    return [*wide[: FIRST_ROW + N], [""], *wide[FIRST_ROW + N :]]


def footnotes(grid: Grid) -> Grid:
    notes: Grid = [["注：本表按当年价格计算。"], ["", "Source: provincial statistics"]]
    sources: Grid = [["资料来源", 2017], ["", "", "注：数据来源国家统计局"]]
    return [*grid, [""], *notes, *sources]


LAYOUTS: list[Callable[[Grid], Grid]] = [
    no_codes,
    codes_of_sectors_only,
    codes_instead_of_names,
    names_beside_codes_of_both_languages,
    grouped,
    totals_across,
    items_in_the_line_of_provinces,
    spaced,
    footnotes,
    lambda grid: totals_across(grouped(grid)),
    lambda grid: footnotes(spaced(codes_instead_of_names(grid))),
]


@pytest.mark.parametrize("every_row", [True, False], ids=["every row", "start of block"])
@pytest.mark.parametrize("change", LAYOUTS, ids=lambda change: change.__name__)
def test_every_layout_gives_the_same_table(
    tmp_path: Path, change: Callable[[Grid], Grid], every_row: bool
) -> None:
    grid = change(ceads_grid(FEW, region_in_every_row=every_row))
    assert_same(read(save(tmp_path / "t.xlsx", T=grid)))
    assert_same(read(save_csv(tmp_path / "t_2017.csv", grid, "gb18030")))


def test_a_row_of_figures_below_the_table_is_no_note(tmp_path: Path) -> None:
    grid = ceads_grid(FEW)
    figures = [1.0] * (len(grid[-1]) - FIRST_COLUMN)
    message = refusal(read, save(tmp_path / "t.xlsx", T=[*grid, [""], ["", "注", "", *figures]]))
    assert "found '注'" in message


def test_merged_cells_are_read(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", T=ceads_grid(FEW))
    book = openpyxl.load_workbook(file)
    sheet, k = book["T"], len(CODES)
    for i in range(3):
        sheet.merge_cells(
            start_row=FIRST_ROW + 1 + i * k, end_row=FIRST_ROW + (i + 1) * k,
            start_column=1, end_column=1,
        )  # fmt: skip
        sheet.merge_cells(
            start_column=FIRST_COLUMN + 1 + i * k, end_column=FIRST_COLUMN + (i + 1) * k,
            start_row=2, end_row=2,
        )  # fmt: skip
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=FIRST_COLUMN + N)
    book.save(file)
    assert_same(read(file))


# --- year, unit, province


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("2017年多区域投入产出表（单位：万元）", "10k_yuan"),
        ("2017年多区域投入产出表（当年生产者价格，万元）", "10k_yuan"),
        ("2017年多區域投入產出表 單位：億元", "100m_yuan"),
        ("Multi-regional table, 2017. Unit: 10,000 yuan", "10k_yuan"),
        ("MRIO 2017 (current prices, million yuan)", "million_yuan"),
        ("MRIO 2017", "10k_yuan"),
    ],
)
@pytest.mark.parametrize("column", [0, 4])
@pytest.mark.parametrize("above", [0, 1])
def test_year_and_unit_are_read_from_the_title_wherever_it_stands(
    tmp_path: Path, title: str, unit: str, column: int, above: int
) -> None:
    grid = [*[[""]] * above, [*[""] * column, title], *ceads_grid(FEW)[1:]]
    found = read(save(tmp_path / "t.xlsx", T=grid))
    assert_same(found)
    assert (found.year, found.unit) == (2017, unit)


# --- tables of one province


def provincial(subtotals: bool = True) -> tuple[Grid, dict[str, Array]]:
    """A competitive table with trade between provinces, in the layout of statistical offices."""
    table = small_mrio(["CN-GD"], FULL)
    random = np.random.default_rng(1)
    uses = table.Y[:, :5]
    outflow, imports, inflow = random.uniform(1, 9, (3, table.n)).round(2)
    exports = table.Y[:, -2]
    final = uses.sum(axis=1) + exports + outflow
    output = (table.Z.sum(axis=1) + final - imports - inflow).round(2)
    columns = [
        ("农村居民消费", uses[:, 0]),
        ("城镇居民消费", uses[:, 1]),
        *([("小计", uses[:, :2].sum(axis=1))] if subtotals else []),
        ("政府消费", uses[:, 2]),
        *([("合计", uses[:, :3].sum(axis=1))] if subtotals else []),
        ("固定资本形成总额", uses[:, 3]),
        ("存货变动", uses[:, 4]),
        ("出口", exports),
        ("国内省外流出", outflow),
        ("最终使用合计", final),
        ("进口", imports),
        ("国内省外流入", inflow),
        ("总产出", output),
    ]
    names = table.index["name_zh_hans"].tolist()
    groups = ["", "", "中间使用", *[""] * 41, *["最终使用"], *[""] * (len(columns) - 1)]
    grid: Grid = [["2017年广东省投入产出表"], ["单位：万元"], groups]
    grid += [["", "", *names, *(name for name, _ in columns)]]
    grid += [["", "", *FULL]]
    for i, name in enumerate(names):
        figures = [*table.Z[i], *(float(values[i]) for _, values in columns)]
        grid.append([name, FULL[i], *map(float, figures)])
    added = output - table.Z.sum(axis=0)
    for code in PRIMARY_INPUTS:
        grid.append([NAMES[code][0], "", *map(float, added / 4)])
    grid.append(["总投入", "", *map(float, output)])
    wanted = table.Z, np.column_stack([uses, exports, outflow]), imports + inflow, output
    return grid, dict(zip(("Z", "Y", "imports_inside", "x"), wanted, strict=True))


@pytest.mark.parametrize("subtotals", [True, False])
def test_a_provincial_table_keeps_trade_between_provinces(tmp_path: Path, subtotals: bool) -> None:
    grid, wanted = provincial(subtotals=subtotals)
    found = read(save(tmp_path / "t.xlsx", 表=grid))
    assert (found.regions, found.year, found.unit) == (["CN-GD"], 2017, "10k_yuan")
    for part, values in wanted.items():
        assert getattr(found, part) == pytest.approx(values, rel=1e-14), part
    assert found.final_uses["category"].tolist()[-2:] == ["exports", "outflow"]
    sales = found.Z.sum(axis=1) + found.Y.sum(axis=1)
    assert found.imports_inside is not None
    assert sales - found.imports_inside == pytest.approx(found.x)
    assert found.V.sum(axis=0) + found.Z.sum(axis=0) == pytest.approx(found.x)


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [
        ("2017年广东省投入产出表", "T", "t"),
        ("表", "广东2017", "t"),
        ("t", "T", "Guangdong_2017"),
        ("中国2017年投入产出表", "T", "Guangdong"),
    ],
)
def test_the_province_is_that_of_the_title_the_sheet_or_the_file(
    tmp_path: Path, title: str, sheet: str, file: str
) -> None:
    grid = [["", "", title], *provincial()[0][1:]]
    found = read(save(tmp_path / f"{file}.xlsx", **{sheet: grid}))
    assert (found.regions, found.year) == (["CN-GD"], 2017)


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [("2017年全国投入产出表", "T", "t"), ("2017", "全国", "t"), ("t", "T", "全国2017")],
)
def test_a_national_table_is_of_china_where_it_says_so(
    tmp_path: Path, title: str, sheet: str, file: str
) -> None:
    grid, wanted = provincial()
    found = read(save(tmp_path / f"{file}.xlsx", **{sheet: [["", "", title], *grid[1:]]}))
    assert (found.regions, found.year) == (["CN"], 2017)
    for part, values in wanted.items():
        assert getattr(found, part) == pytest.approx(values, rel=1e-14), part


def test_a_column_nobody_knows_is_named(tmp_path: Path) -> None:
    grid, _ = provincial()
    grid[3][grid[3].index("国内省外流出")] = "神秘的列"
    assert "神秘的列" in refusal(read, save(tmp_path / "t.xlsx", T=grid))


# --- both lists of 42 sectors

YEARS = {2012: "cn42_2012", 2015: "cn42_2012"} | dict.fromkeys((2017, 2018, 2020), "cn42_2017")


@pytest.mark.parametrize("with_codes", [True, False])
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("list_id", ["cn42_2012", "cn42_2017"])
@pytest.mark.parametrize("language", ["zh_hans", "en"])
def test_the_list_has_to_be_that_of_the_year(
    tmp_path: Path, year: int, list_id: str, language: str, with_codes: bool
) -> None:
    table = small_mrio(["CN-GD"], FULL, list_id)
    grid = ceads_grid(table, title=f"{year}年", language=language)
    file = save(tmp_path / "t.xlsx", T=grid if with_codes else no_codes(grid))
    if YEARS[year] == list_id:
        found = read(file)
        assert_same(found, table)
        assert (found.year, found.classification) == (year, list_id)
    else:
        message = refusal(read, file)
        assert f"tables of {year} use the list of" in message
        assert "sheet 'T', cell " in message


def test_a_line_of_codes_is_compared_even_where_totals_have_none(tmp_path: Path) -> None:
    table = small_mrio(["CN-GD"], FULL)
    grid = ceads_grid(table)
    grid[3] = [code if code in FULL else "" for code in grid[3]]
    assert_same(read(save(tmp_path / "t.xlsx", T=grid)), table)
    grid[3][FIRST_COLUMN : FIRST_COLUMN + 42] = [*FULL[1:], FULL[0]]
    assert "names and codes" in refusal(read, save(tmp_path / "t.xlsx", T=grid))


def test_every_spelling_of_final_use_is_one_thing(tmp_path: Path) -> None:
    english = ["Rural Households", "Urban Households", "Government Expenditure", "GFCF",
               "Inventory Changes"]  # fmt: skip
    grid = no_codes(ceads_grid(FEW, language="en"))
    renamed = {NAMES[code][1]: name for code, name in zip(FINAL_USES, english, strict=True)}
    grid[2] = [renamed.get(name, name) for name in grid[2]]
    assert_same(read(save(tmp_path / "t.xlsx", T=grid)))
