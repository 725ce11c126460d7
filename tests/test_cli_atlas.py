"""``graphmap atlas``, as the program is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from graphmap.cli.atlas import atlas
from graphmap.errors import DataError

EXAMPLE = Path(__file__).parents[1] / "examples" / "guangdong-zhejiang.toml"
app = typer.Typer()
app.command()(atlas)


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_example_makes_an_atlas(tmp_path) -> None:
    out = tmp_path / "site"
    found = run(EXAMPLE, "--out", out)
    assert found.exit_code == 0, found.exception
    assert found.stdout.splitlines()[-1] == str(out / "index.html")
    assert "2 region(s) on 2 page(s)" in found.stdout
    assert (out / "regions" / "CN-GD.html").is_file()
    manifest = json.loads((out / "atlas.json").read_text(encoding="utf-8"))
    assert manifest["title"]["zh-Hant"] == "廣東與浙江"


def test_json_is_the_list_of_files(tmp_path) -> None:
    found = run(EXAMPLE, "--out", tmp_path / "site", "--json")
    files = [Path(each) for each in json.loads(found.stdout)["files"]]
    there = [each for each in (tmp_path / "site").rglob("*") if each.is_file()]
    assert sorted(files) == sorted(there)


def test_a_folder_of_something_else_is_refused_before_anything_is_read(tmp_path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    study = tmp_path / "study.toml"
    study.write_text('[[source]]\nfile = "sample"\nregions = ["Nowhere"]\n', encoding="utf-8")
    found = run(study, "--out", tmp_path)
    assert isinstance(found.exception, DataError)
    assert "something else than an atlas" in str(found.exception)  # and nothing of Nowhere
    assert {each.name for each in tmp_path.iterdir()} == {"mine.txt", "study.toml"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('tilte = "x"\n[[source]]\nfile = "sample"\n', "unknown key tilte"),
        ('[[source]]\nfile = "missing.xlsx"\n', "missing.xlsx"),
        ('[[source]]\nfile = "sample"\nyears = [1999]\n', "1999"),
        ('[[source]]\nfile = "sample"\nregions = ["Atlantis"]\n', "Atlantis"),
    ],
)
def test_a_study_file_with_a_fault_says_so_and_nothing_is_written(tmp_path, written, said) -> None:
    study = tmp_path / "study.toml"
    study.write_text(written, encoding="utf-8")
    found = run(study, "--out", tmp_path / "site")
    assert isinstance(found.exception, DataError)
    assert said in str(found.exception)
    assert [each.name for each in tmp_path.iterdir()] == ["study.toml"]


def test_the_atlas_does_not_say_where_files_lie(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["graphmap", "atlas", str(EXAMPLE), "--out", "/a/b/site"])
    run(EXAMPLE, "--out", tmp_path / "site")
    manifest = json.loads((tmp_path / "site" / "atlas.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "graphmap atlas guangdong-zhejiang.toml --out site"
