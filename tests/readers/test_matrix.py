"""Any matrix: the mapping proposed reads the table to the bit, whatever the layout."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from workbooks import NAMES, Grid, ceads_grid, ceads_like, proposal_of, refusal, save, save_csv

from graphmap.accounts import IOTable
from graphmap.readers import read
from graphmap.readers.mapping import mapping_toml, read_mapping
from graphmap.readers.matrix import read_path
from graphmap.readers.proposal import proposed
from graphmap.readers.sheet import read_sheets

TABLE = ceads_like()


def turned(grid: Grid) -> Grid:
    return [list(line) for line in itertools.zip_longest(*grid, fillvalue="")]


def without_code_lines(grid: Grid) -> Grid:
    return [row[:2] + row[3:] for row in (grid[:3] + grid[4:])]


def with_totals_between(grid: Grid, first: int, last: int) -> Grid:
    """A total of the sectors ``first`` to ``last`` behind them, as a row and as a column."""
    total = ["", "第二产业合计", "S2", *np.sum([r[3:] for r in grid[first + 4 : last + 4]], axis=0)]
    grid = [*grid[: last + 4], total, *grid[last + 4 :]]
    out = []
    for i, row in enumerate(grid):
        figures = [cell for cell in row[first + 3 : last + 3] if isinstance(cell, float)]
        label = {2: "第二产业合计", 3: "S2"}.get(i, sum(figures) if figures else "")
        out.append([*row[: last + 3], label, *row[last + 3 :]] if len(row) > 3 else row)
    return out


def renamed(grid: Grid, **names: str) -> Grid:
    words = {word: new for code, new in names.items() for word in NAMES[code]}
    return [[words.get(cell, cell) if isinstance(cell, str) else cell for cell in r] for r in grid]


def bare(grid: Grid) -> Grid:
    return grid


LAYOUTS = {
    "as published": bare,
    "transposed": turned,
    "no codes": without_code_lines,
    "no codes, transposed": lambda grid: turned(without_code_lines(grid)),
    "totals between": lambda grid: with_totals_between(grid, 1, 6),
    "totals between, transposed": lambda grid: turned(with_totals_between(grid, 1, 6)),
    "title above and a column before": lambda grid: [
        ["某地区投入产出表"],
        ["注：", "按当年生产者价格计算"],
        *(["", *row] for row in grid),
    ],
    "totals called otherwise": lambda grid: renamed(
        without_code_lines(grid),
        TIU="Uses, all sectors",
        TII="Inputs, all sectors",
        TI="All inputs",
    ),
}


def assert_same(found: IOTable, wanted: IOTable) -> None:
    assert found.index.index.tolist() == wanted.index.index.tolist()
    assert found.final_uses.to_dict("list") == wanted.final_uses.to_dict("list")
    assert found.primary_inputs == wanted.primary_inputs
    for part in ("Z", "Y", "V", "imports", "x", "co2"):
        assert (getattr(found, part) == getattr(wanted, part)).all(), part
    assert found.missing == ()


@pytest.mark.parametrize("language", ["zh_hans", "en"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_mapping_proposed_reads_the_table_to_the_bit(
    tmp_path: Path, layout: str, language: str
) -> None:
    grid = LAYOUTS[layout](ceads_grid(TABLE, language=language))
    book = save(tmp_path / "表 t.xlsx", T=grid, Notes=[["单位：亿元"]])
    proposal = proposal_of(book)
    assert proposal.sheet == "T"
    assert proposal.unknown == ()
    assert proposal.sure["flows"] == 1.0
    assert proposal.sure["suppliers_are"] > 0.9
    assert proposal.suppliers_are == ("columns" if "transposed" in layout else "rows")
    (tmp_path / "m.toml").write_text(mapping_toml(replace(proposal, unit="100m_yuan")), "utf-8")
    mapping = read_mapping(tmp_path / "m.toml")
    assert_same(read_path(book, mapping), TABLE)


def test_a_csv_matrix_is_read_by_its_mapping_file_through_read(tmp_path: Path) -> None:
    grid = LAYOUTS["totals between, transposed"](ceads_grid(TABLE, title="2017 单位：亿元"))
    path = save_csv(tmp_path / "m.csv", grid)
    proposal = proposal_of(path)
    assert (proposal.unit, proposal.year, proposal.sheet) == ("100m_yuan", 2017, "")
    (tmp_path / "m.toml").write_text(mapping_toml(proposal), "utf-8")
    found = read(path, mapping=tmp_path / "m.toml")
    assert_same(found, TABLE)
    assert found.year == 2017


def test_own_names_without_codes_are_kept(tmp_path: Path) -> None:
    """Three sectors of no list: 100 = 10 + 20 + 30 + 40 for each, by hand."""
    rows = [
        ["Unit: million yuan"],
        ["Guangdong 2019", "Glass", "Steel", "Tea", "Household consumption", "Gross output"],
        ["Glass", 10.5, 20, 30, 39.5, 100],
        ["Steel", 1, 2, 3, 44, 50],
        ["Tea", 4, 5, 6, 5, 20],
        ["Value added", 84.5, 23, -19, "", ""],
    ]
    proposal = proposal_of(save_csv(tmp_path / "own.csv", rows))
    assert (proposal.region, proposal.unit, proposal.year) == ("CN-GD", "million_yuan", 2019)
    table = read_path(tmp_path / "own.csv", proposal)
    assert table.Z.tolist() == [[10.5, 20, 30], [1, 2, 3], [4, 5, 6]]
    assert table.index["name_en"].tolist() == ["Glass", "Steel", "Tea"]
    assert table.x.tolist() == [100, 50, 20]
    assert table.V.tolist() == [[84.5, 23, -19]]


def test_lines_nobody_can_tell_are_left_open_and_the_mapping_refused(tmp_path: Path) -> None:
    grid = renamed(without_code_lines(ceads_grid(TABLE)), FU103="未知项")
    path = save(tmp_path / "t.xlsx", T=grid)
    proposal = proposal_of(path)
    assert len(proposal.unknown) == 2
    assert proposal.sure["flows"] <= 0.5
    (tmp_path / "m.toml").write_text(mapping_toml(replace(proposal, unit="yuan")), "utf-8")
    assert "leaves open" in refusal(read_mapping, tmp_path / "m.toml")


def test_a_list_is_no_table(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "l.csv", [["city", "co2"], ["a", 1], ["b", 2], ["c", 3]])
    assert proposed(read_sheets(path)[0]) is None


def test_the_wrong_classification_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    mapping = replace(proposal_of(path), unit="yuan", classification="cn42_2012")
    assert "cn42_2012" in refusal(read_path, path, mapping)


def test_a_line_outside_the_sheet_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    mapping = replace(proposal_of(path), unit="yuan")
    assert "'9000'" in refusal(read_path, path, replace(mapping, co2=("9000",)))
    assert "'C'" in refusal(read_path, path, replace(mapping, co2=("C",)))


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("part", ["supplier_regions", "user_regions"])
@pytest.mark.parametrize(
    ("there", "said"),
    [("outside", "not there"), ("along", "not there"), ("several", "several lines")],
)
def test_a_line_of_regions_that_cannot_be_meant_is_refused(
    tmp_path: Path, part: str, there: str, said: str, transposed: bool
) -> None:
    grid = ceads_grid(TABLE)
    path = save(tmp_path / "t.xlsx", T=turned(grid) if transposed else grid)
    column = (part == "supplier_regions") != transposed
    named = {
        "outside": "ZZ" if column else "9000",
        "along": "2" if column else "B",
        "several": "A:B" if column else "1:2",
    }[there]
    mapping = replace(proposal_of(path), unit="yuan", **{part: named})
    message = refusal(read_path, path, mapping)
    assert said in message and repr(named) in message
