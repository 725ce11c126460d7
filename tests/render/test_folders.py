"""Whole folders or none: what stood there is kept, what a killed run left is cleared."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from graphmap.errors import DataError
from graphmap.render import folders
from graphmap.render.folders import LOCK, refuse_folder, sha256, whole_folder

MAKING = """
import sys, time
from graphmap.render.folders import whole_folder
with whole_folder(sys.argv[1], "list.json", "a site") as folder:
    (folder / "half.html").write_text("half")
    print("written", flush=True)
    time.sleep(60)
"""


def made(out: Path, **files: str) -> Path:
    """A folder as ``whole_folder`` makes it, with these files and their hashes."""
    with whole_folder(out, "list.json", "a site") as folder:
        for name, content in files.items():
            (folder / name).write_text(content)
        listed = {name: {"sha256": sha256(folder / name)} for name in files}
        manifest = {"generator": "graphmap 1", "files": listed}
        (folder / "list.json").write_text(json.dumps(manifest))
    return out


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def started(out: Path) -> subprocess.Popen[str]:
    """Another process in the middle of making ``out``."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAKING, str(out)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "written\n"
    return process


def test_a_folder_appears_whole_and_alone(tmp_path) -> None:
    made(tmp_path / "site", a="1", b="2")
    assert names(tmp_path) == ["site"]
    assert names(tmp_path / "site") == ["a", "b", "list.json"]
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_what_goes_wrong_leaves_what_was_there(tmp_path, error) -> None:
    out = made(tmp_path / "site", a="old")
    with pytest.raises(error), whole_folder(out, "list.json", "a site") as folder:
        (folder / "a").write_text("new")
        raise error
    assert (out / "a").read_text() == "old"
    assert names(tmp_path) == ["site"]


def test_a_full_disk_is_one_message(tmp_path) -> None:
    with (
        pytest.raises(DataError, match="site: cannot be written; found 'No space left"),
        whole_folder(tmp_path / "site", "list.json", "a site"),
    ):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


def test_a_file_of_a_reader_is_not_lost(tmp_path) -> None:
    out = made(tmp_path / "site", a="1")
    (out / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"something else than a site; found 'notes\.txt'"):
        made(out, a="2")
    assert (out / "notes.txt").read_text() == "mine"


def test_a_file_that_a_reader_changed_is_not_lost(tmp_path) -> None:
    out = made(tmp_path / "site", a="1", b="1")
    (out / "a").write_text("my own words")
    with pytest.raises(DataError, match=r"changed since a site was written.*found 'a'"):
        refuse_folder(out, "list.json", "a site")
    assert (out / "a").read_text() == "my own words"
    (out / "a").write_text("1")
    refuse_folder(out, "list.json", "a site")


def test_a_file_that_a_reader_adds_meanwhile_is_not_lost(tmp_path) -> None:
    out = made(tmp_path / "site", a="1")
    with pytest.raises(DataError, match="something else"), whole_folder(out, "list.json", "a site"):
        (out / "notes.txt").write_text("mine")
    assert names(out) == ["a", "list.json", "notes.txt"]
    assert names(tmp_path) == ["site"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_nothing_that_looks_whole(tmp_path, how) -> None:
    process = started(tmp_path / "site")
    process.send_signal(how)
    process.wait(10)
    assert not (tmp_path / "site").exists()
    assert all(name.startswith(".") for name in names(tmp_path))
    assert len(names(tmp_path)) == (1 if how == signal.SIGKILL else 0)
    made(tmp_path / "site", a="1")
    assert names(tmp_path) == ["site"]  # what was left over is gone


def test_a_signal_that_a_library_swallows_still_ends_the_run(tmp_path) -> None:
    out = made(tmp_path / "site", a="old")
    before = signal.getsignal(signal.SIGINT)
    with (
        pytest.raises(KeyboardInterrupt),
        whole_folder(out, "list.json", "a site") as folder,
    ):
        (folder / "a").write_text("new")
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert (out / "a").read_text() == "old"
    assert names(tmp_path) == ["site"]
    assert signal.getsignal(signal.SIGINT) is before


def test_the_folder_one_is_in_is_not_replaced(tmp_path, monkeypatch) -> None:
    out = made(tmp_path / "site", a="1")
    (out / "inner").mkdir()
    for here in (out, out / "inner"):
        monkeypatch.chdir(here)
        with pytest.raises(DataError, match="the folder you are in"):
            refuse_folder(out, "list.json", "a site")
    monkeypatch.chdir(tmp_path)
    refuse_folder(out, "list.json", "a site")


def test_a_run_that_goes_on_is_left_alone(tmp_path) -> None:
    process = started(tmp_path / "site")
    try:
        made(tmp_path / "site", a="1")
        hidden = [name for name in names(tmp_path) if name.startswith(".")]
        assert len(hidden) == 1
        assert (tmp_path / hidden[0] / "new" / "half.html").exists()
    finally:
        process.kill()
        process.wait(10)


def test_what_only_looks_left_over_is_left_alone(tmp_path) -> None:
    strange = tmp_path / ".site-making-mine"
    strange.mkdir()
    (strange / "thesis.tex").write_text("mine")
    other = tmp_path / ".site-making-other"
    other.mkdir()
    (other / LOCK).write_text('{"generator": "graphmap", "making": "another"}')
    link = tmp_path / ".site-making-link"
    link.symlink_to(strange)
    made(tmp_path / "site", a="1")
    assert (strange / "thesis.tex").exists() and other.exists() and link.is_symlink()


def test_what_was_moved_aside_when_killed_comes_back(tmp_path) -> None:
    out = made(tmp_path / "site", a="the old one")
    left = tmp_path / ".site-making-killed"
    (left / "old").mkdir(parents=True)
    (left / LOCK).write_text(json.dumps({"generator": "graphmap", "making": "site"}))
    out.rename(left / "old" / "site")
    with pytest.raises(ValueError), whole_folder(out, "list.json", "a site"):
        raise ValueError
    assert (out / "a").read_text() == "the old one"
    assert names(tmp_path) == ["site"]


def test_what_cannot_be_put_back_is_not_deleted(tmp_path, monkeypatch) -> None:
    out = made(tmp_path / "site", a="the only one")
    real = Path.rename

    def broken(self: Path, target: Path) -> Path:
        if Path(target) == out:
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(DataError, match="Input/output error"):
        made(out, a="new")
    monkeypatch.undo()
    assert [each.read_text() for each in tmp_path.rglob("site/a")] == ["the only one"]
    made(tmp_path / "site", a="the only one")
    assert names(tmp_path) == ["site"]


def test_where_nothing_can_be_locked_nothing_is_cleared(tmp_path, monkeypatch) -> None:
    process = started(tmp_path / "site")
    process.kill()
    process.wait(10)
    monkeypatch.setattr(folders, "fcntl", None)
    made(tmp_path / "site", a="1")
    assert len(names(tmp_path)) == 2


def test_a_long_name_of_chinese_characters(tmp_path) -> None:
    out = tmp_path / ("碳" * 80)
    made(out, a="1")
    assert names(tmp_path) == [out.name]


def test_a_folder_may_be_a_link(tmp_path) -> None:
    made(tmp_path / "real", a="1")
    (tmp_path / "link").symlink_to("real")
    made(tmp_path / "link", a="2")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text() == "2"
