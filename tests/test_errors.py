"""Messages that say where, what was found, what was expected and what to do."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from graphmap.errors import DataError, GraphmapError, cell_name, nearest


def test_a_message_names_everything_that_is_known() -> None:
    error = DataError(
        "text in a number cell",
        file=Path("gd.xlsx"),
        sheet="Table_2017",
        cell="BB7",
        found="n.a.",
        expected="a number",
        remedy="mend the cell",
    )
    assert str(error) == (
        "gd.xlsx, sheet 'Table_2017', cell BB7: text in a number cell; found 'n.a.'; "
        "expected a number. Mend the cell"
    )


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({}, "no table"),
        ({"file": "a.csv"}, "a.csv: no table"),
        ({"sheet": "S"}, "sheet 'S': no table"),
        ({"found": 0}, "no table; found 0"),
        ({"found": ""}, "no table; found ''"),
        ({"expected": 2017}, "no table; expected 2017"),
        ({"remedy": "try --sheet"}, "no table. Try --sheet"),
        ({"cell": "row 7"}, "row 7: no table"),
    ],
)
def test_what_is_not_known_is_left_out(known, message) -> None:
    assert str(DataError("no table", **known)) == message


def test_every_error_of_ours_ends_with_exit_code_2() -> None:
    assert issubclass(DataError, GraphmapError)
    assert GraphmapError.exit_code == DataError("x").exit_code == 2


def test_an_error_survives_another_process() -> None:
    error = DataError("no table", file="a.csv", found=3)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(("cell", "name"), [("B7", "cell B7"), ("row 7", "row 7"), ("列", "列")])
def test_a_cell_is_called_a_cell(cell, name) -> None:
    assert cell_name(cell) == name


@pytest.mark.parametrize(
    ("word", "best"),
    [
        ("Guangdon", "Guangdong"),
        ("GUANGDONG", "Guangdong"),
        ("guang xi", "Guangxi"),
        ("広东", "广东"),
    ],
)
def test_the_nearest_name_comes_first(word, best) -> None:
    assert nearest(word, ["Beijing", "Guangxi", "Guangdong", "广东"])[0] == best


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest("zzzz", ["Beijing", "Guangxi"]) == []
    assert nearest("Beijing", []) == []
    assert len(nearest("aab", ["aaa", "aac", "aad", "aae"], count=2)) == 2
