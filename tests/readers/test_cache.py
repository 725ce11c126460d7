"""A large workbook is parsed once; a damaged cache only costs time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from workbooks import ceads_grid, ceads_like, save

from graphmap.readers import cache, sheet
from graphmap.readers.sheet import Sheet, read_sheets

Fill = Callable[[], list[Sheet]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache into which even small workbooks go."""
    monkeypatch.setenv("GRAPHMAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "WORTH_CACHING", 0)
    return tmp_path / "cache"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    note = [["", "about"], [], ["", "", -0.5], [True, "第一行\n第二行"]]
    empty: list[list[Any]] = []
    return save(
        tmp_path / "t.xlsx", **{"A note": note, "Empty": empty, "表 1": ceads_grid(ceads_like())}
    )


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


def test_two_processes_may_read_at_once(folder: Path, book: Path) -> None:
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
    (stored,) = folder.iterdir()
    assert stored.suffix == ".parquet"


def test_the_national_workbook_is_parsed_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data / "constructed/MRIO2017_31x42_ceads_layout.xlsx"
    first = read_sheets(path)
    monkeypatch.setattr(sheet, "_read_workbook", never)
    assert_same(read_sheets(path), first)
