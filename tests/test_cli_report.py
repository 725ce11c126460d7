"""``graphmap report``, as the program is called, and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from graphmap.cli.report import report
from graphmap.errors import DataError
from graphmap.render.folders import sha256

STUDY = 'languages = ["en"]\n[[source]]\nfile = "sample"\nregions = ["Zhejiang"]\n'
PROGRAM = """
import signal, sys, typer
from graphmap.cli.report import report
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
typer.run(report)
"""
app = typer.Typer()
app.command()(report)


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def study(tmp_path) -> Path:
    path = tmp_path / "zhejiang.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def started(study: Path, out: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(study), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def making(folder: Path) -> list[Path]:
    """The files of a report that is being made beside its place."""
    return [each for each in folder.glob(".out-making-*/new/**/*") if each.is_file()]


def test_two_runs_of_two_processes_give_the_same_hashes(study, tmp_path) -> None:
    both = [
        started(study, tmp_path / name, PYTHONHASHSEED=seed)
        for name, seed in (("one", "1"), ("other", "2"))
    ]
    for process in both:
        said, complaints = process.communicate(timeout=300)
        assert process.returncode == 0, complaints
    assert said.splitlines()[-1] == str(tmp_path / "other" / "index.html")
    assert "Not made: figures/trends: This figure needs several years" in said
    hashes = [
        {each.relative_to(out): sha256(each) for each in out.rglob("*") if each.is_file()}
        for out in (tmp_path / "one", tmp_path / "other")
    ]
    assert hashes[0] == hashes[1] and len(hashes[0]) > 20
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    # the region that the study leaves out is set beside the one it is of
    assert "figures/regions.en.png" in manifest["files"]
    assert manifest["command"] == "graphmap report zhejiang.toml"
    assert str(tmp_path) not in json.dumps(manifest)


@pytest.mark.parametrize(
    ("how", "files"), [(signal.SIGKILL, 1), (signal.SIGTERM, 6), (signal.SIGINT, 12)]
)
def test_a_report_that_is_ended_leaves_nothing_that_looks_whole(
    study, tmp_path, how, files
) -> None:
    process = started(study, tmp_path / "out")
    until = time.monotonic() + 120
    while len(making(tmp_path)) < files and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(how)
    process.communicate(timeout=120)
    seen = [each.name for each in tmp_path.iterdir() if each != study]
    assert process.returncode == {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}[how]
    assert all(name.startswith(".out-making-") for name in seen)
    assert how == signal.SIGKILL or seen == []


def test_a_folder_of_something_else_is_refused_before_anything_is_read(tmp_path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    study = tmp_path / "study.toml"
    study.write_text('[[source]]\nfile = "sample"\nregions = ["Nowhere"]\n', encoding="utf-8")
    found = run(study, "--out", tmp_path)
    assert isinstance(found.exception, DataError)
    assert "something else than a report" in str(found.exception)


def test_json_has_the_files_and_what_was_skipped(study, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    monkeypatch.setattr("graphmap.cli.report.WORKERS", 1)  # others would not know of that
    found = run(study, "--out", tmp_path / "out", "--json")
    assert found.exit_code == 0, found.exception
    said = json.loads(found.stdout)
    files = [each for each in (tmp_path / "out").rglob("*") if each.is_file()]
    assert sorted(map(Path, said["files"])) == sorted(files)
    skipped = {name: each["why"]["en"] for each in said["skipped"] for name in each["files"]}
    assert 'ip install "graphmap[slides]"' in skipped["slides.en.pptx"]
