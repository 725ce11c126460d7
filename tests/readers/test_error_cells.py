"""Error cells of a workbook: a formula that failed is not a zero."""

from __future__ import annotations

import pytest
from openpyxl import Workbook, load_workbook

import graphmap as gm
from graphmap.errors import DataError
from graphmap.readers.error_cells import error_cells


def test_error_cells_are_found_by_sheet_and_place(tmp_path) -> None:
    book = Workbook()
    book.active.title = "first"
    book.active["A1"] = "fine"
    second = book.create_sheet("第二 & more")
    for cell, shown in {"AB3": "#N/A", "C7": "#REF!"}.items():
        second[cell] = shown
        second[cell].data_type = "e"
    book.save(tmp_path / "book.xlsx")
    found = error_cells(tmp_path / "book.xlsx")
    assert found == {"第二 & more": {(2, 27): "#N/A", (6, 2): "#REF!"}}


def test_a_file_of_another_kind_has_none(tmp_path) -> None:
    (tmp_path / "table.csv").write_text("#N/A")
    assert error_cells(tmp_path / "table.csv") == {}


@pytest.mark.parametrize("shown", ["#N/A", "NaN", "#DIV/0!"])
def test_a_table_with_an_error_cell_is_refused_and_the_cell_named(data, tmp_path, shown) -> None:
    book = load_workbook(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    book["Table_2017"]["L12"] = shown
    book["Table_2017"]["L12"].data_type = "s" if shown == "NaN" else "e"
    book.save(tmp_path / "table.xlsx")
    with pytest.raises(DataError, match=rf"Table_2017', cell L12: text in a number.*{shown}"):
        gm.read(tmp_path / "table.xlsx")
