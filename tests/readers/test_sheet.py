"""Cells as they stand in a workbook or a CSV file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from openpyxl.utils import get_column_letter
from workbooks import save

from graphmap.errors import DataError
from graphmap.readers.sheet import Sheet, read_sheets


def grid(numbers: list[list[float]], **texts: str) -> Sheet:
    places = {tuple(map(int, name[1:].split("_"))): text for name, text in texts.items()}
    return Sheet("t.xlsx", "T", np.array(numbers), places)  # type: ignore[arg-type]


def test_cells_are_named_as_a_spreadsheet_names_them() -> None:
    sheet = grid([[0.0]])
    for column in (*range(60), 700, 701, 702, 703, 1464, 16383):
        assert sheet.cell(9, column) == f"{get_column_letter(column + 1)}10"


def test_numbers_and_texts_keep_their_places(tmp_path: Path) -> None:
    rows = [[], ["", "a", 1], [2.5, "", "01"], [None, True, " b "]]
    (sheet,) = read_sheets(save(tmp_path / "t.xlsx", T=rows))
    assert sheet.shape == (4, 3)
    assert sheet.numbers[1, 2] == 1
    assert sheet.numbers[2, 0] == 2.5
    assert np.isnan(sheet.numbers[2, 2])
    assert sheet.text(1, 1) == "a"
    assert sheet.text(2, 2) == "01"
    assert sheet.text(3, 2) == "b"
    assert sheet.text(0, 0) == ""
    assert np.isnan(sheet.numbers[3, 1])


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (2017.0, "2017"), (440106.0, "440106"), (12345678.0, "12345678"), (0.5, "0.5")],
)
def test_a_whole_number_is_shown_without_its_decimal_point(value: float, text: str) -> None:
    assert grid([[value]]).text(0, 0) == text


def test_a_block_is_taken_by_rows_and_columns() -> None:
    sheet = grid([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert sheet.block([2, 0], [1, 2]).tolist() == [[8, 9], [2, 3]]


def test_empty_cells_of_a_block_are_zero_and_named() -> None:
    sheet = grid([[1, np.nan], [np.nan, 4]])
    missing: list[str] = []
    assert sheet.block([0, 1], [0, 1], missing).tolist() == [[1, 0], [0, 4]]
    assert missing == ["B1", "A2"]


def test_texts_and_infinite_numbers_of_a_block_are_refused() -> None:
    with pytest.raises(DataError, match="cell B1: text in a number cell; found 'x'"):
        grid([[1, np.nan]], c0_1="x").block([0], [0, 1])
    with pytest.raises(DataError, match="cell B1: an infinite number"):
        grid([[1, -np.inf]]).block([0], [0, 1])
    with pytest.raises(DataError, match=r"cell A1: a number beyond any account; found 1e\+308"):
        grid([[1e308, 1]]).block([0], [0])
    assert grid([[1, np.inf]]).block([0], [0]).tolist() == [[1]]


def test_a_text_of_blanks_is_an_empty_cell() -> None:
    missing: list[str] = []
    assert grid([[np.nan]], c0_0="  ").block([0], [0], missing).tolist() == [[0]]
    assert missing == ["A1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_csv_file_keeps_codes_and_numbers(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["代码", "名称", "值"], ["01", '"纺织, 服装"', "1e3"], ["0", "1_000", "0.5"], ["10"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    (sheet,) = read_sheets(tmp_path / "t.csv")
    assert sheet.name is None
    assert sheet.shape == (4, 3)
    assert [sheet.text(0, j) for j in range(3)] == rows[0]
    assert (sheet.text(1, 0), np.isnan(sheet.numbers[1, 0])) == ("01", True)
    assert sheet.text(1, 1) == "纺织, 服装"
    assert sheet.numbers[1, 2] == 1000
    assert sheet.numbers[2, 0] == 0
    assert sheet.text(2, 1) == "1_000"
    assert sheet.numbers[3, 0] == 10
    assert np.isnan(sheet.numbers[3, 1:]).all()


def test_not_a_number_in_a_csv_file_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("nan,NaN,1\n", encoding="utf-8")
    (sheet,) = read_sheets(tmp_path / "t.csv")
    with pytest.raises(DataError, match="cell A1: text in a number cell; found 'nan'"):
        sheet.block([0], [0])


def test_a_label_of_a_csv_file_stays_as_it_is_written_and_a_figure_is_a_figure(
    tmp_path: Path,
) -> None:
    cells = ["1.1", "1.10", "01.10", "1.0", "1e5", "+7", "12", "inf"]
    (tmp_path / "t.csv").write_text(",".join(cells) + "\n\n" + "x,2.50\n")
    (sheet,) = read_sheets(tmp_path / "t.csv")
    assert [sheet.text(0, j) for j in range(len(cells))] == cells
    assert sheet.block([0], range(7)).tolist() == [[1.1, 1.1, 1.1, 1.0, 1e5, 7.0, 12.0]]
    turned = sheet.transposed()
    assert [turned.text(j, 0) for j in range(len(cells))] == cells
    assert (turned.text(1, 2), turned.text(2, 2), turned.text(0, 1)) == ("2.50", "", "")


def test_a_label_with_a_decimal_comma_stays_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1,10;2,5\n1.200;1.234,5\n")
    (sheet,) = read_sheets(tmp_path / "t.csv")
    assert [sheet.text(row, 0) for row in (1, 2)] == ["1,10", "1.200"]
    assert sheet.block([1, 2], [0, 1]).tolist() == [[1.1, 2.5], [1200.0, 1234.5]]
