"""All files or none."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from made import studied

import graphmap as gm
from graphmap.errors import DataError
from graphmap.render.files import write_all


def contents(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_every_file_is_written_as_it_was_given(tmp_path) -> None:
    files = {tmp_path / "a.html": "一\r\n二\n", tmp_path / "deep" / "er" / "b.csv": "\ufeffx"}
    write_all(files)
    for path, text in files.items():
        assert path.read_bytes() == text.encode()
    assert contents(tmp_path) == ["a.html", "deep/er/b.csv"]


def test_a_file_may_be_read_by_others(tmp_path) -> None:
    write_all({tmp_path / "a": "x"})
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


def test_nothing_to_write_is_no_error(tmp_path) -> None:
    write_all({})
    assert contents(tmp_path) == []


def test_an_old_file_is_replaced(tmp_path) -> None:
    path = tmp_path / "a"
    path.write_text("a longer old text")
    write_all({path: "new"})
    assert path.read_text() == "new"


def unwritable(tmp_path, how):
    """A target that cannot be written, whoever runs the tests."""
    if how == "a file stands where its folder should be":
        (tmp_path / "file").write_text("kept")
        return tmp_path / "file" / "b.csv"
    if how == "a folder of that name":
        (tmp_path / "b.csv").mkdir()
        return tmp_path / "b.csv"
    return tmp_path / ("b" * 300)


HOW = ["a file stands where its folder should be", "a folder of that name", "a name too long"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("last", [True, False], ids=["last", "first"])
def test_one_that_cannot_be_written_stops_them_all(tmp_path, how, last) -> None:
    bad = unwritable(tmp_path, how)
    (tmp_path / "old").write_text("old")
    before = contents(tmp_path)
    good = {tmp_path / "a.html": "a", tmp_path / "old": "new"}
    with pytest.raises(DataError, match=r"cannot be written.*--out") as caught:
        write_all({**good, bad: "b"} if last else {bad: "b", **good})
    assert bad.name in str(caught.value)
    assert contents(tmp_path) == before
    assert (tmp_path / "old").read_text() == "old"


def test_a_folder_without_permission_stops_them_all(tmp_path, monkeypatch) -> None:
    (tmp_path / "closed").mkdir()
    make = tempfile.mkstemp

    def refusing(*args, dir, **more):
        if Path(dir).name == "closed":
            raise PermissionError(13, "Permission denied")
        return make(*args, dir=dir, **more)

    monkeypatch.setattr(tempfile, "mkstemp", refusing)
    with pytest.raises(DataError, match=r"closed.*cannot be written.*Permission denied"):
        write_all({tmp_path / "a": "a", tmp_path / "closed" / "b": "b"})
    assert contents(tmp_path) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, OSError])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_an_interruption_leaves_nothing(tmp_path, monkeypatch, error, at) -> None:
    opened, calls = os.fdopen, []

    def interrupted(handle, *args, **more):
        file = opened(handle, *args, **more)
        calls.append(handle)
        if len(calls) == at:
            write = file.write

            class Interrupted:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    file.close()

                def write(self, text):
                    write(text[: len(text) // 2])
                    raise error

            return Interrupted()
        return file

    monkeypatch.setattr(os, "fdopen", interrupted)
    with pytest.raises(DataError if error is OSError else error):
        write_all({tmp_path / name: "text" * 1000 for name in "abc"})
    assert contents(tmp_path) == []


def test_a_character_that_cannot_be_encoded_is_replaced(tmp_path) -> None:
    write_all({tmp_path / "a": "fine", tmp_path / "b": "x\udcff"})
    assert (tmp_path / "b").read_text(encoding="utf-8") == "x?"


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_all({tmp_path / "link": "new"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


@pytest.mark.parametrize("taken", ["map.html", "map.key-sectors.csv", "map.key-relations.csv"])
def test_a_page_and_its_tables_are_written_together_or_not_at_all(tmp_path, taken) -> None:
    (tmp_path / taken).mkdir()
    with pytest.raises(DataError, match=f"{taken}.*cannot be written"):
        gm.write_page(studied("CN-GD"), tmp_path / "map.html")
    assert contents(tmp_path) == []


def test_a_page_stands_beside_its_tables(tmp_path) -> None:
    written = gm.write_page(studied("CN-GD"), tmp_path / "out" / "map.html")
    assert [path.name for path in written] == [
        "map.html",
        "map.key-sectors.csv",
        "map.key-relations.csv",
    ]
    assert contents(tmp_path) == sorted(f"out/{path.name}" for path in written)
