"""Workbooks of provincial bureaus: stacked and merged headings, trade between provinces, signs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner
from workbooks import PRIMARY_INPUTS, Grid, proposal_of, refusal, save, small_mrio

from graphmap.accounts import IOTable, check
from graphmap.arrays import Array
from graphmap.cli import app
from graphmap.readers import read
from graphmap.readers.matrix import read_path
from graphmap.readers.proposal import proposed
from graphmap.readers.sheet import read_sheets

FULL = [f"{n:02d}" for n in range(1, 43)]
HEADS, CODES, FIRST = slice(2, 6), 6, 7
"""Rows of the four levels of headings, of the codes, and the first of the figures."""

TRADE = ("出口", "国内省外流出", "进口", "国内省外流入", "其他")
USES = ["rural_households", "urban_households", "government", "fixed_capital", "inventories",
        "exports", "outflow", "error"]  # fmt: skip


def bureau(
    *, sign: float = 1.0, trade: tuple[str, ...] = TRADE, codes: bool = True, place: str = "广东省"
) -> tuple[Grid, dict[str, Array]]:
    """A sheet as the bureaus print it, merged cells with their text in the first; and its figures.

    Args:
        sign: of imports and inflows, -1 where they are written below zero.
    """
    table = small_mrio(["CN-GD"], FULL)
    random = np.random.default_rng(7)
    exports, outflow, imports, inflow = random.uniform(1, 9, (4, table.n)).round(2)
    error, Z, uses = random.normal(0, 0.3, table.n).round(2), table.Z, table.Y[:, :5]
    homes, consumed, invested = (uses[:, a:b].sum(axis=1) for a, b in ((0, 2), (0, 3), (3, 5)))
    final = consumed + invested + exports + outflow
    x = (Z.sum(axis=1) + final - imports - inflow + error).round(2)
    names = table.index["name_zh_hans"].tolist()
    columns: list[tuple[str, str, str, str, str, Array]] = [
        ("中间使用" if j == 0 else "", names[j].replace("和", "\n和"), "", "", FULL[j], Z[:, j])
        for j in range(table.n)
    ]
    columns += [
        ("", "中间使用合计", "", "", "TIU", Z.sum(axis=1)),
        ("最终使用", "最终消费支出", "居民消费支出", "农村居民", "FU101", uses[:, 0]),
        ("", "", "", "城镇居民", "FU102", uses[:, 1]),
        ("", "", "", "小 计", "THC", homes),
        ("", "", "政府消费支出", "", "FU103", uses[:, 2]),
        ("", "", "合  计", "", "TC", consumed),
        ("", "资本形成总额", "固定资本\n形成总额", "", "FU201", uses[:, 3]),
        ("", "", "存货变动", "", "FU202", uses[:, 4]),
        ("", "", "合计", "", "GCF", invested),
        ("", trade[0], "", "", "EX", exports),
        ("", trade[1], "", "", "OF", outflow),
        ("", "最终使用合计", "", "", "TFU", final),
        (trade[2], "", "", "", "IM", sign * imports),
        (trade[3], "", "", "", "IF", sign * inflow),
        (trade[4], "", "", "", "ERR", error),
        ("总 产 出", "", "", "", "GO", x),
    ]
    grid: Grid = [[f"2017年{place}42部门投入产出表"], [*[""] * 30, "单位：万元"]]
    for level in range(5):
        corner = "投入＼产出" if level == 0 else ""
        grid.append([corner, "", "", *(str(column[level]) for column in columns)])
    for i, name in enumerate(names):
        side = "中\n间\n投\n入" if i == 0 else ""
        grid.append([side, name, FULL[i], *(float(column[5][i]) for column in columns)])
    V = np.outer([0.5, 0.125, 0.125, 0.25], x - Z.sum(axis=0))
    below = {"中间投入合计": Z.sum(axis=0)}
    below |= dict(zip(["劳动者报酬", "生产税净额", "固定资产折旧", "营业盈余"], V, strict=True))
    below |= {"增加值合计": V.sum(axis=0), "总投入": x}
    labels = ["TII", *PRIMARY_INPUTS, "TVA", "TI"]
    for (name, figures), code in zip(below.items(), labels, strict=True):
        side = "增\n加\n值" if code == "VA001" else ""
        grid.append([side, name, code, *map(float, figures), float(figures.sum())])
    grid += [[""], ["注：本表按当年生产者价格计算，合计与分项之和可能略有差异。"]]
    if not codes:
        grid[CODES] = []
        grid = [[*row[:2], "", *row[3:]] if len(row) > 2 else row for row in grid]
    Y = np.column_stack([uses, exports, outflow, error])
    return grid, {"Z": Z, "Y": Y, "V": V, "x": x, "imports_inside": imports + inflow}


def assert_right(found: IOTable, wanted: dict[str, Array]) -> None:
    """Every cell is what it should be, and both identities hold."""
    assert found.final_uses["category"].tolist() == USES
    assert (found.regions, found.year, found.unit) == (["CN-GD"], 2017, "10k_yuan")
    for part, figures in wanted.items():
        assert getattr(found, part) == pytest.approx(figures), part
    kinds = {finding.kind for finding in check(found)}
    assert not kinds & {"supply", "inputs", "negative_output", "negative_flow", "missing"}, kinds


def totals_first(grid: Grid) -> Grid:
    """Total input above the suppliers, as in the yearbooks."""
    totals = [row for row in grid if len(row) > 2 and row[1] in ("总投入", "中间投入合计")]
    rest = [row for row in grid if row not in totals]
    return [*rest[:FIRST], *reversed(totals), *rest[FIRST:]]


def names_at_the_bottom(grid: Grid) -> Grid:
    """Sectors are named in the innermost line of headings."""
    grid[5][3:46], grid[3][3:46] = grid[3][3:46], grid[5][3:46]
    return grid


def text_in_every_cell(grid: Grid) -> Grid:
    """Cells that were merged and have been filled."""
    first_use, imports = 46, len(grid[2]) - 4
    grid[2][3:46] = ["中间使用"] * 43
    grid[2][first_use:imports] = ["最终使用"] * (imports - first_use)
    grid[3][first_use : first_use + 5] = ["最终消费支出"] * 5
    grid[4][first_use : first_use + 3] = ["居民消费支出"] * 3
    for row in grid[FIRST : FIRST + 42]:
        row[0] = "中间投入"
    return grid


def trade_in_groups(grid: Grid) -> Grid:
    """流出 over exports and outflows, 流入 over imports and inflows."""
    for level, name, group in ((3, "出口", "流出"), (2, "进口", "流入")):
        at = grid[level].index(name)
        grid[level + 1][at : at + 2] = grid[level][at : at + 2]
        grid[level][at : at + 2] = [group, ""]
    return grid


def empty_columns_before(grid: Grid) -> Grid:
    return [["", "", *row] for row in grid]


LAYOUTS: list[Callable[[Grid], Grid]] = [
    lambda grid: grid, totals_first, names_at_the_bottom, text_in_every_cell, trade_in_groups,
    empty_columns_before,
]  # fmt: skip


@pytest.mark.parametrize("codes", [True, False], ids=["codes", "no codes"])
@pytest.mark.parametrize("sign", [1.0, -1.0], ids=["imports above zero", "below"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_stacked_headings_are_read_to_the_cell(
    tmp_path: Path, layout: Callable[[Grid], Grid], sign: float, codes: bool
) -> None:
    grid, wanted = bureau(sign=sign, codes=codes)
    file = save(tmp_path / "t.xlsx", 流量表=layout(grid))
    assert_right(read(file), wanted)
    mapping = proposal_of(file)
    assert (mapping.unknown, mapping.sure["flows"]) == ((), 1.0)
    assert_right(read_path(file, mapping), wanted)


@pytest.mark.parametrize(
    "trade",
    [
        ("出口", "调出", "进口", "调入", "误差"),
        ("出 口", "省外调出", "进 口", "省外调入", "其 他"),
        ("出口（国外）", "国内市外流出", "进口（国外）", "国内市外流入", "其它"),
        ("出口", "本市调出", "进口", "外省市调入", "平衡项"),
        ("出口", "調往外省", "進口", "外省調入", "誤差與遺漏"),
    ],
)
def test_trade_between_provinces_has_many_names(tmp_path: Path, trade: tuple[str, ...]) -> None:
    grid, wanted = bureau(trade=trade, codes=False)
    assert_right(read(save(tmp_path / "t.xlsx", T=grid)), wanted)


@pytest.mark.parametrize(("level", "name"), [(3, "国内省外流出"), (2, "其他"), (5, "农村居民")])
@pytest.mark.parametrize("codes", [True, False])
def test_a_column_of_unknown_meaning_is_never_left_out(
    tmp_path: Path, level: int, name: str, codes: bool
) -> None:
    grid, wanted = bureau(codes=codes)
    at = grid[level].index(name)
    grid[level][at] = "神秘的列"
    if codes:
        grid[CODES][at] = "NOF"
    file = save(tmp_path / "t.xlsx", T=grid)
    message = refusal(read, file)
    assert "unknown column; found '" in message and "神秘的列" in message, message
    assert "graphmap inspect FILE --out mapping.toml" in message
    mapping = proposal_of(file)
    assert len(mapping.unknown) == 1
    item = {"国内省外流出": "outflow", "其他": "error", "农村居民": "rural_households"}[name]
    named = {**mapping.final_uses, item: mapping.unknown}
    assert_right(read_path(file, replace(mapping, unknown=(), final_uses=named)), wanted)


def test_code_and_name_have_to_agree_below_a_group(tmp_path: Path) -> None:
    grid, _ = bureau()
    at = grid[CODES].index("FU101")
    grid[CODES][at : at + 2] = ["FU102", "FU101"]
    assert "code and name disagree" in refusal(read, save(tmp_path / "t.xlsx", T=grid))


def test_sectors_of_no_list_under_such_headings_are_read_by_a_mapping(tmp_path: Path) -> None:
    grid, wanted = bureau()
    for i in range(42):
        grid[FIRST + i][1] = grid[3][3 + i] = f"本省部门{i}"
    file = save(tmp_path / "t.xlsx", T=grid)
    assert "graphmap inspect FILE --out mapping.toml" in refusal(read, file)
    mapping = proposal_of(file)
    assert (mapping.unknown, mapping.sure["flows"]) == ((), 1.0)
    found = read_path(file, mapping)
    assert found.index["name_zh_hans"].tolist()[:2] == ["本省部门0", "本省部门1"]
    assert_right(found, wanted)


def coefficients(grid: Grid, x: Array) -> Grid:
    """The direct input coefficients under the same headings."""
    return [["2017年广东省直接消耗系数表"], [""]] + [
        [cell / x[j - 3] if isinstance(cell, float) else cell for j, cell in enumerate(row[:45])]
        for row in grid[2:]
    ]


def test_coefficients_are_not_taken_for_flows(tmp_path: Path) -> None:
    grid, wanted = bureau()
    sheets = {"说明": [["编制说明"]], "直接消耗系数表": coefficients(grid, wanted["x"])}
    both = save(tmp_path / "t.xlsx", **sheets, 基本流量表=grid)
    assert_right(read(both), wanted)
    message = refusal(read, both, sheet="直接消耗系数表")
    assert "a table of coefficients, not of flows" in message
    alone = save(tmp_path / "a.xlsx", **sheets)
    assert "a table of coefficients, not of flows" in refusal(read, alone)
    assert [proposed(sheet) for sheet in read_sheets(alone)] == [None, None]


def test_of_a_sheet_a_province_none_is_taken_unasked(tmp_path: Path) -> None:
    grid, wanted = bureau()
    file = save(tmp_path / "t.xlsx", 浙江=bureau(place="浙江省")[0], 广东=grid)
    assert "浙江, 广东" in refusal(read, file)
    assert_right(read(file, sheet="广东"), wanted)


def test_inspect_names_both_columns_of_imports(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", T=bureau()[0])
    shown = json.loads(CliRunner().invoke(app, ["inspect", str(file), "--json"]).stdout)
    assert shown["read"]["imports"]["found"] == "BF, BG"


def test_a_hidden_draft_is_not_read_before_what_is_shown(tmp_path: Path) -> None:
    grid, wanted = bureau()
    draft = [[2 * cell if isinstance(cell, float) else cell for cell in row] for row in grid]
    file = save(tmp_path / "t.xlsx", 草稿=draft, 流量表=grid)
    book = openpyxl.load_workbook(file)
    book["草稿"].sheet_state = "hidden"
    book.active = 1
    book.save(file)
    assert_right(read(file), wanted)
    assert read(file, sheet="草稿").x == pytest.approx(2 * wanted["x"])


@pytest.mark.parametrize(
    ("text", "said"),
    [("1,234.50", "a number kept as text"), ("—", "leave it empty"), ("n/a", "expected a number")],
)
def test_a_text_in_place_of_a_number_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    grid, _ = bureau()
    grid[FIRST][4] = text
    message = refusal(read, save(tmp_path / "t.xlsx", T=grid))
    assert "cell E8" in message and said in message
