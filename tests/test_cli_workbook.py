"""``graphmap workbook``, as the program is called."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from graphmap import studied
from graphmap.cli.workbook import workbook
from graphmap.errors import DataError
from graphmap.network import layout

pytest.importorskip("xlsxwriter")
app = typer.Typer()
app.command()(workbook)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The layout hardly annealed, and few draws: these tests are not about them."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    monkeypatch.setattr(studied, "DRAWS", 50)


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_last_line_is_the_file_and_it_is_in_the_language_asked_for(tmp_path) -> None:
    out = tmp_path / "new" / "numbers.xlsx"
    found = run("sample", "--region", "广东", "--lang", "zh-Hant", "--out", out)
    assert found.exit_code == 0, found.exception
    assert found.stdout.splitlines() == [str(out)]
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == "說明"
    texts = [str(cell.value) for row in book["說明"] for cell in row]
    assert any("廣東" in text for text in texts)
    others = [row[0].value for row in book["地區與年份"].iter_rows(min_row=2)]
    assert others == ["廣東", "浙江"]  # the whole source stands beside the region


def test_without_a_name_it_goes_by_the_place(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("sample", "--region", "CN-ZJ", "--json")
    (file,) = json.loads(found.stdout)["files"]
    assert Path(file) == Path("outputs/zhejiang-2017.xlsx")
    assert openpyxl.load_workbook(file).sheetnames[0] == "Readme"


def test_another_format_is_refused_before_anything_is_read(tmp_path) -> None:
    found = run("no-such-source.xlsx", "--out", tmp_path / "numbers.csv")
    assert isinstance(found.exception, DataError)
    assert "ending in .xlsx" in str(found.exception)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(tmp_path) -> None:
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "folder.xlsx").mkdir()
    for out in (tmp_path / "taken" / "numbers.xlsx", tmp_path / "folder.xlsx"):
        found = run("no-such-source.xlsx", "--out", out)
        assert isinstance(found.exception, DataError)
        assert "cannot be written" in str(found.exception)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder.xlsx", "taken"]


def test_no_input_is_written_over(tmp_path) -> None:
    table, emissions, study = (tmp_path / name for name in ("t.xlsx", "e.xlsx", "study.toml"))
    for file in (table, emissions):
        file.write_bytes(b"figures")
    study.write_text('[[source]]\nfile = "t.xlsx"\nemissions = "e.xlsx"\n')
    for words in ((table, "--out", table), (table, "--emissions", emissions, "--out", emissions)):
        assert "would overwrite" in str(run(*words).exception)
    for out in (table, tmp_path / "." / "e.xlsx"):
        assert "would overwrite" in str(run(study, "--out", out).exception)
    assert table.read_bytes() == emissions.read_bytes() == b"figures"


def test_the_language_of_a_study_file_holds_unless_another_is_asked_for(tmp_path) -> None:
    study, out = tmp_path / "study.toml", tmp_path / "numbers.xlsx"
    study.write_text('lang = "zh-Hans"\n[[source]]\nfile = "sample"\nregions = ["GD"]\n')
    for words, first in (((), "说明"), (("--lang", "zh-Hant"), "說明")):
        assert run(study, *words, "--out", out).exit_code == 0
        assert openpyxl.load_workbook(out).sheetnames[0] == first


def test_a_study_file_is_contradicted_by_no_option_not_even_by_what_is_usual(tmp_path) -> None:
    study = tmp_path / "study.toml"
    study.write_text('[[source]]\nfile = "sample"\n[thresholds]\nkeep = "20%"\n')
    found = run(study, "--region", "GD", "--keep", "5%", "--top", 5, "--source", "nbs")
    assert isinstance(found.exception, DataError)
    assert "found '--keep, --top, --source'" in str(found.exception)
