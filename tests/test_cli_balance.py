"""``graphmap balance``: a matrix and its sums in CSV files, joined by name."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from graphmap.accounts.balance import gras
from graphmap.cli.balance import balance
from graphmap.errors import DataError


@pytest.fixture
def files(tmp_path):
    """A matrix with a cell below zero, and its sums in another order than its lines."""
    texts = {
        "matrix": 'name,煤 coal,steel\n煤 coal,"1,000",2\nsteel,-3,4\n',
        "rows": "row,sum\nsteel,3\n煤 coal,1100\n",
        "columns": "column,sum\nsteel,5\n煤 coal,1098\n",
    }
    folder = tmp_path / "表 1"
    folder.mkdir()
    paths = {name: folder / f"{name}.csv" for name in texts}
    for name, text in texts.items():
        paths[name].write_text(text, encoding="utf-8")
    return paths


def test_sums_are_joined_by_name(files, tmp_path, capsys) -> None:
    out = tmp_path / "balanced.csv"
    balance(**files, out=out)
    found = pd.read_csv(out, index_col=0)
    prior = np.array([[1000.0, 2.0], [-3.0, 4.0]])
    expected = gras(prior, np.array([1100.0, 3.0]), np.array([1098.0, 5.0]))
    np.testing.assert_allclose(found.to_numpy(), expected, rtol=1e-12)
    assert list(found.index) == list(found.columns) == ["煤 coal", "steel"]
    printed = capsys.readouterr().out
    moved = np.abs(expected - prior).sum() / np.abs(prior).sum()
    assert f"{moved:.2%}" in printed
    assert "balanced.csv" in printed


def test_an_empty_corner_gets_a_name(files, tmp_path) -> None:
    files["matrix"].write_text(",煤 coal,steel\n煤 coal,1000,2\nsteel,-3,4\n", encoding="utf-8")
    balance(**files, out=tmp_path / "balanced.csv")
    head = (tmp_path / "balanced.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert head == "row,煤 coal,steel"


@pytest.mark.parametrize(
    ("encoding", "between", "point", "coal"),
    [
        ("gb18030", ",", ".", "煤炭采选"),
        ("utf-16", "\t", ".", "煤炭采选"),
        ("cp1252", ";", ",", "charbon brûlé"),
    ],
)
def test_files_are_read_however_a_spreadsheet_wrote_them(
    files, capsys, encoding, between, point, coal
) -> None:
    texts = {
        "matrix": "name,COAL,steel\nCOAL,1000.5,2\nsteel,-3,4\n",
        "rows": "row,sum\nsteel,3\nCOAL,1100\n",
        "columns": "column,sum\nsteel,5\nCOAL,1098\n",
        "known": "row,column,value\nsteel,COAL,-1.5\n",
    }
    files["known"] = files["rows"].with_name("known.csv")
    for name, text in texts.items():
        spelt = text.replace(",", between).replace(".", point).replace("COAL", coal)
        files[name].write_text(spelt, encoding=encoding)
    balance(**files, as_json=True)
    cells = pd.DataFrame(json.loads(capsys.readouterr().out)["matrix"]).set_index("name")
    assert list(cells.index) == list(cells.columns) == [coal, "steel"]
    assert cells.loc["steel", coal] == -1.5
    assert cells.sum(axis=1).tolist() == pytest.approx([1100, 3], abs=1e-6)
    assert cells[coal].sum() == pytest.approx(1098, abs=1e-6)


def test_json_holds_the_matrix_and_how_it_was_reached(files, capsys) -> None:
    balance(**files, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["share"] <= 1e-10
    assert found["rounds"] > 1
    cells = pd.DataFrame(found["matrix"]).set_index("name")
    assert cells.loc["煤 coal"].sum() == pytest.approx(1100, abs=1e-6)


def test_known_cells_and_sums_of_cells_are_kept(files, capsys) -> None:
    known, sums = (files["rows"].with_name(name) for name in ("known.csv", "sums.csv"))
    known.write_text("row,column,value\nsteel,煤 coal,-0.5\n", encoding="utf-8")
    sums.write_text("sum,row,column,total\na,steel,steel,3\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"row steel = 3\.5, sum a = 3 \(known cells"):
        balance(**files, known=known, sums=sums)
    known.write_text("row,column,value\nsteel,煤 coal,-1.5\n", encoding="utf-8")
    balance(**files, known=known, as_json=True)
    cells = pd.DataFrame(json.loads(capsys.readouterr().out)["matrix"]).set_index("name")
    assert cells.loc["steel", "煤 coal"] == -1.5


@pytest.mark.parametrize(
    ("which", "text", "message"),
    [
        ("rows", "row,sum\nsteel,3\n", "no sum of 1 row.*煤 coal"),
        ("rows", "row,sum\nsteel,3\n煤 coal,1100\nstel,1\n", "no row of this name.*steel"),
        ("rows", "row,sum\nsteel,3\nsteel,3\n", "there twice"),
        ("matrix", "name,steel,steel\n煤 coal,1,2\nsteel,1,1\n", "column is there twice"),
        ("columns", "column,sum\nsteel,five\n煤 coal,1098\n", "row steel.*no number.*five"),
        ("columns", "column\nsteel\n", "needs two columns"),
        ("columns", "", "the file is empty"),
        ("columns", "column,sum\n", "with a header and rows under it"),
        ("matrix", "name,煤 coal,steel\n煤 coal,1,\nsteel,1,1\n", "row 煤 coal, column steel"),
    ],
)
def test_files_that_do_not_fit_are_refused(files, which, text, message, tmp_path) -> None:
    files[which].write_text(text, encoding="utf-8")
    out = tmp_path / "out.csv"
    with pytest.raises(DataError, match=message):
        balance(**files, out=out)
    assert not out.exists()


def test_a_file_that_is_not_there_is_refused(files, tmp_path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: no such file$"):
        balance(**{**files, "rows": tmp_path / "none.csv"})
