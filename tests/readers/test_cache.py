"""A large workbook is parsed once; a damaged cache only costs time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner
from workbooks import ceads_grid, ceads_like, save

from graphmap.cli import cache as cache_command
from graphmap.readers import cache, sheet
from graphmap.readers.sheet import Sheet, read_sheets

Fill = Callable[[], list[Sheet]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache into which even small workbooks go."""
    monkeypatch.setenv("GRAPHMAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "WORTH_CACHING", 0)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of three sheets, which no test changes."""
    note: list[list[Any]] = [["", "about"], [], ["", "", -0.5], [True, "第一行\n第二行"]]
    empty: list[list[Any]] = []
    file = tmp_path_factory.mktemp("book") / "t.xlsx"
    return save(file, **{"A note": note, "Empty": empty, "表 1": ceads_grid(ceads_like())})


@pytest.fixture
def book(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(saved, tmp_path))


def never(path: Path) -> list[Any]:
    raise AssertionError(f"{path} was parsed again")


def assert_same(one: list[Sheet], other: list[Sheet]) -> None:
    assert [sheet.name for sheet in one] == [sheet.name for sheet in other]
    for a, b in zip(one, other, strict=True):
        assert a.shape == b.shape
        assert np.array_equal(a.numbers, b.numbers, equal_nan=True)
        assert a.texts == b.texts


def test_the_second_reading_comes_from_the_cache(
    folder: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_sheets(book)
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(sheet, "_read_workbook", never)
    assert_same(read_sheets(book), first)


def test_a_copy_under_another_name_comes_from_the_cache(
    folder: Path, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_sheets(book)
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(book.read_bytes())
    monkeypatch.setattr(sheet, "_read_workbook", never)
    again = read_sheets(copy)
    assert_same(again, first)
    assert again[0].file == str(copy)


def test_a_changed_workbook_is_parsed_anew(folder: Path, book: Path) -> None:
    read_sheets(book)
    grid = ceads_grid(ceads_like())
    grid[4][3] = 42.0
    save(book, T=grid)
    assert read_sheets(book)[0].numbers[4, 3] == 42.0
    assert len(list(folder.iterdir())) == 2


def test_a_small_workbook_is_not_cached(
    folder: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "WORTH_CACHING", book.stat().st_size + 1)
    read_sheets(book)
    assert not folder.exists()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("not a parquet file"),
    "truncated": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "footer only": lambda file: file.write_bytes(b"PAR1" + file.read_bytes()[-2000:]),
    "another table": lambda file: pq.write_table(pa.table({"a": [1, 2]}), file),
    "zeros inside": lambda file: file.write_bytes(
        (raw := file.read_bytes())[:200] + bytes(len(raw) // 2) + raw[200 + len(raw) // 2 :]
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_file_is_rebuilt(folder: Path, book: Path, damage: str) -> None:
    first = read_sheets(book)
    (stored,) = folder.iterdir()
    whole = stored.read_bytes()
    DAMAGES[damage](stored)
    assert stored.read_bytes() != whole
    assert_same(read_sheets(book), first)
    assert [file.name for file in folder.iterdir()] == [stored.name]
    assert_same(read_sheets(book), first)
    assert stored.read_bytes() == whole


def test_a_flipped_byte_is_never_read_as_another_figure(folder: Path, book: Path) -> None:
    first = read_sheets(book)
    (stored,) = folder.iterdir()
    whole = stored.read_bytes()
    for position in range(100, len(whole) - 100, len(whole) // 25):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        stored.write_bytes(damaged)
        assert_same(read_sheets(book), first)


def test_the_name_of_a_sheet_is_checked_as_its_figures_are(folder: Path, book: Path) -> None:
    first = read_sheets(book)
    (stored,) = folder.iterdir()
    whole = stored.read_bytes()
    at = whole.index(b"A note")
    stored.write_bytes(whole[:at] + b"B" + whole[at + 1 :])
    assert_same(read_sheets(book), first)


def test_a_cached_sheet_may_be_written_to_like_a_parsed_one(folder: Path, book: Path) -> None:
    for _ in range(2):
        assert all(each.numbers.flags.writeable for each in read_sheets(book))


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_an_interrupted_store_leaves_no_partial_file(
    folder: Path, book: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def write(table: object, where: str, **more: object) -> None:
        Path(where).write_bytes(b"PAR1 half")
        raise error

    monkeypatch.setattr(pq, "write_table", write)
    if isinstance(error, OSError):
        assert len(read_sheets(book)) == 3
    else:
        with pytest.raises(KeyboardInterrupt):
            read_sheets(book)
    assert list(folder.iterdir()) == []


def test_a_cache_that_cannot_be_written_only_costs_time(
    tmp_path: Path, book: Path, folder: Path
) -> None:
    folder.write_text("a file where the folder should be")
    assert len(read_sheets(book)) == 3


def read_by_two(folder: Path, book: Path) -> None:
    """Two processes that start together read the book, and find the same in it."""
    script = (
        "import sys; from pathlib import Path; from graphmap.readers import cache\n"
        "cache.WORTH_CACHING = 0\n"
        "from graphmap.readers import read\n"
        "for _ in range(3): print(repr(float(read(sys.argv[1]).Z.sum())))\n"
    )
    environment = {**os.environ, "GRAPHMAP_CACHE": str(folder)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(book)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = [process.communicate(timeout=60) for process in running]
    assert [errors for _, errors in ended] == ["", ""]
    lines = {line for printed, _ in ended for line in printed.splitlines()}
    assert len(lines) == 1


def test_the_national_workbook_is_parsed_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data / "constructed/MRIO2017_31x42_ceads_layout.xlsx"
    first = read_sheets(path)
    monkeypatch.setattr(sheet, "_read_workbook", never)
    assert_same(read_sheets(path), first)


# --- two runs at once, one of them killed

WRITER = """
import sys, time
from pathlib import Path
import pyarrow.parquet as pq
from graphmap.readers import cache
cache.WORTH_CACHING = 0
write = pq.write_table
def slowly(table, where, **more):
    Path(where).write_bytes(b"PAR1 half of it")
    print("writing", flush=True)
    time.sleep(60)
pq.write_table = slowly
from graphmap.readers.sheet import read_sheets
read_sheets(Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def killed(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves that is killed when it has written half of its file."""
    folder = tmp_path_factory.mktemp("killed")
    running = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(saved)],
        env={**os.environ, "GRAPHMAP_CACHE": str(folder)},
        stdout=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"writing\n"
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    running.stdout.close()
    (left,) = folder.iterdir()
    assert left.suffix == ".part"
    return left


@pytest.fixture
def left(killed: Path, folder: Path) -> Path:
    """The same in the cache of this test, just written."""
    folder.mkdir()
    return Path(shutil.copy(killed, folder))


def test_a_run_killed_half_way_leaves_a_good_cache(
    left: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_sheets(book)
    assert left.exists()  # another run might still be writing it
    monkeypatch.setattr(sheet, "_read_workbook", never)
    assert_same(read_sheets(book), first)


def test_what_a_killed_run_left_is_cleared_away_later(folder: Path, left: Path, book: Path) -> None:
    long_ago = left.stat().st_mtime - cache.ABANDONED - 1
    os.utime(left, (long_ago, long_ago))
    read_sheets(book)
    (stored,) = folder.iterdir()
    assert stored.suffix == ".parquet"


def test_two_processes_may_read_at_once_beside_what_a_killed_one_left(
    folder: Path, left: Path, book: Path
) -> None:
    read_by_two(folder, book)
    (stored,) = set(folder.iterdir()) - {left}
    assert stored.suffix == ".parquet"


@pytest.mark.usefixtures("left")
def test_clearing_removes_the_cache_and_nothing_else(folder: Path, book: Path) -> None:
    read_sheets(book)
    mine = folder / "notes.parquet"
    mine.write_text("a user's own file")
    size = sum(file.stat().st_size for file in folder.iterdir()) - mine.stat().st_size
    assert cache.info() == (2, size)
    assert cache.clear() == (2, size)
    assert list(folder.iterdir()) == [mine]
    assert cache.clear() == cache.info() == (0, 0)


def test_a_cache_that_is_not_there_is_empty(folder: Path) -> None:
    assert cache.clear() == cache.info() == (0, 0)
    assert not folder.exists()


def test_the_command_says_what_it_removed(folder: Path, book: Path) -> None:
    read_sheets(book)
    files, size = cache.info()
    run = CliRunner()
    told = json.loads(run.invoke(cache_command.app, ["info", "--json"]).stdout)
    assert told == {"folder": str(folder), "files": files, "bytes": size}
    said = run.invoke(cache_command.app, ["clear", "--lang", "zh-Hans"])
    assert said.exit_code == 0
    assert f"已清除 {files} 个文件" in said.stdout.replace("\n", "")
    assert cache.info() == (0, 0)
