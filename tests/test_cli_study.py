"""``graphmap study new`` and ``graphmap study check``, as the program is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphmap.cli.study import app
from graphmap.errors import DataError
from graphmap.study_file import new_study_file

EXAMPLE = Path(__file__).parents[1] / "examples" / "guangdong-zhejiang.toml"


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_new_writes_a_file_that_check_accepts(tmp_path) -> None:
    file = tmp_path / "study.toml"
    assert run("new", file).stdout.strip() == str(file)
    assert file.read_text(encoding="utf-8") == new_study_file()
    assert run("check", file).exit_code == 0


def test_new_overwrites_nothing(tmp_path) -> None:
    file = tmp_path / "study.toml"
    file.write_text("mine")
    assert "there is such a file already" in str(run("new", file).exception)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["study", "study.txt", "study.toml.bak"])
def test_new_wants_the_name_of_a_study_file(tmp_path, name) -> None:
    found = run("new", tmp_path / name).exception
    assert isinstance(found, DataError)
    assert list(tmp_path.iterdir()) == []


def test_check_lists_what_would_be_made() -> None:
    found = run("check", EXAMPLE)
    assert found.exit_code == 0
    assert "Guangdong" in found.stdout
    assert "Zhejiang" in found.stdout
    assert found.stdout.count("2017") == 2
    assert "Studies: 2" in found.stdout


def test_check_speaks_the_language_of_the_file(tmp_path) -> None:
    file = tmp_path / "study.toml"
    file.write_text('lang = "zh-Hans"\n[[source]]\nfile = "sample"\n', encoding="utf-8")
    found = run("check", file).stdout
    assert "广东" in found
    assert "2 项研究" in found


def test_check_refuses_two_studies_of_one_region_and_year(tmp_path) -> None:
    file = tmp_path / "study.toml"
    file.write_text('[[source]]\nfile = "sample"\n' * 2)
    found = run("check", file).exception
    assert isinstance(found, DataError)
    assert "two studies of one region and year" in str(found)
    assert "CN-GD 2017" in str(found)


def test_check_names_the_key_that_is_wrong(tmp_path) -> None:
    file = tmp_path / "study.toml"
    file.write_text('titel = "x"\n[[source]]\nfile = "sample"\n')
    assert "unknown key titel; expected perhaps title" in str(run("check", file).exception)
