"""Files made to break a reader: a clear message or a right result, quickly and in little memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from workbooks import ceads_grid, ceads_like, refusal, save, save_csv

from graphmap import read_flows, read_study_file
from graphmap.errors import DataError
from graphmap.readers import csv_grid, error_cells, open_source, read
from graphmap.readers.sheet import read_sheets

TABLE = ceads_like()
LIMIT = 1_500_000_000
"""Bytes of memory a process may take for any of these."""


def said_in_little_memory(*paths: Path, seconds: float = 120) -> str:
    """The message about each file, from a process that may take no more than ``LIMIT``."""
    script = (
        "import sys; from pathlib import Path; from graphmap.errors import DataError\n"
        "from graphmap.readers.sheet import read_sheets\n"
        "for path in sys.argv[1:]:\n"
        "    try: print(read_sheets(Path(path))[0].shape)\n"
        "    except DataError as error: print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *map(str, paths)],
        capture_output=True,
        check=False,
        text=True,
        timeout=seconds,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT)),
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert ended.stderr == ""
    return ended.stdout


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path,
) -> None:
    book = save(tmp_path / "bomb.xlsx", T=[["a", 1.0]])
    with (
        zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb,
        bomb.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(error_cells.MOST_UNPACKED // 10_000_000 + 1):
            part.write(bytes(10_000_000))
    assert book.stat().st_size < 5_000_000
    message = said_in_little_memory(book)
    assert "too large to be a table" in message
    assert "500,000,000 bytes" in message


def test_a_csv_file_of_a_million_columns(tmp_path: Path) -> None:
    wide, long = tmp_path / "wide.csv", tmp_path / "long.csv"
    wide.write_text(",".join(["1"] * 1_000_000) + "\n")
    long.write_text(wide.read_text() + "1\n" * 100)
    of_wide, of_long = said_in_little_memory(wide, long).splitlines()
    assert of_wide == "(1, 1000000)"
    assert "101 x 1,000,000 cells" in of_long


def test_no_reader_unpacks_a_workbook_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    monkeypatch.setattr(error_cells, "MOST_UNPACKED", 1000)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_, **__: pytest.fail("opened"))
    assert "too large to be a table" in refusal(read, book)
    assert "too large to be a table" in refusal(open_source, book)


def test_no_reader_looks_at_a_million_columns(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["c"] * 60_000) + "\n" + ",".join(["1"] * 60_000) + "\n")
    assert "more columns than any table has" in refusal(read, path)
    assert "60,000" in refusal(open_source, path)


def test_a_file_larger_than_any_table_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_csv(tmp_path / "t.csv", ceads_grid(TABLE))
    monkeypatch.setattr(csv_grid, "MOST_BYTES", path.stat().st_size - 1)
    assert "too large" in refusal(read, path)
    monkeypatch.setattr(csv_grid, "MOST_BYTES", path.stat().st_size)
    assert read(path).n == TABLE.n


def european(value: object) -> object:
    return repr(value).replace(".", ",") if isinstance(value, float) else value


def grouped(value: object) -> object:
    if not isinstance(value, float):
        return value
    return f"{value:,.8f}".translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("decimals", [european, grouped], ids=["plain", "grouped"])
def test_semicolons_and_decimal_commas(tmp_path: Path, encoding: str, decimals) -> None:
    grid = [[decimals(cell) for cell in row] for row in ceads_grid(TABLE, title="2017年")]
    path = tmp_path / "表 一.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in grid), encoding=encoding)
    found = read(path)
    assert np.array_equal(found.Z, TABLE.Z)
    assert np.array_equal(found.Y, TABLE.Y)


def test_commas_and_points_in_one_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b;c\n1,5;2,5;3\n1.5;2;3\n")
    assert "decimal commas and decimal points" in refusal(read_sheets, path)


def test_commas_in_quoted_names_do_not_make_a_semicolon_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('name,x\n"a; b",1.5\n"c, d; e",2.5\n')
    (sheet,) = read_sheets(path)
    assert sheet.shape == (3, 2)
    assert sheet.numbers[:, 1].tolist()[1:] == [1.5, 2.5]


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,"b\n' + "1,2\n" * 400_000)
    assert "quotation mark" in refusal(read_sheets, path)


@pytest.mark.parametrize(
    "content", [b"a,b\x00\n1,2\n", b"\x00" * 1000, b"\xff\xfe\x00", b"\x80\xff"]
)
def test_bytes_that_are_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert "not a text file" in refusal(read_sheets, path)


def test_links_in_a_circle_and_links_to_nowhere(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.symlink_to(two)
    two.symlink_to(one)
    refusal(read, one)
    lost = tmp_path / "lost.xlsx"
    lost.symlink_to(tmp_path / "gone.xlsx")
    assert "link" in refusal(read, lost)
    for call in (read_sheets, read, open_source, read_flows, read_study_file):
        assert "cannot be read" in refusal(call, tmp_path / ("x" * 300 + ".csv"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_spaces_and_chinese_characters_in_a_path(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "我的 文件夹 (1)"
    folder.mkdir()
    path = folder / f"广东 投入产出表 2017{suffix}"
    grid = ceads_grid(TABLE)
    path = save(path, T=grid) if suffix == ".xlsx" else save_csv(path, grid)
    assert np.array_equal(read(path).Z, TABLE.Z)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "t.csv", ceads_grid(TABLE))
    path.chmod(0)
    assert "cannot be read" in refusal(read, path)


def test_formulas_never_computed_are_said_and_not_read_as_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    book = openpyxl.load_workbook(path)
    book["T"]["E6"] = "=D5*2"
    book.save(path)
    message = refusal(read, path)
    assert "cell E6" in message
    assert "formula without a stored value" in message
    assert "save it again" in message


def test_a_computed_formula_is_its_value(tmp_path: Path) -> None:
    path = save(tmp_path / "t.xlsx", T=[["a", 1.0], ["b", 3.0]])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b"<v>3</v>" in parts[sheet]
    parts[sheet] = parts[sheet].replace(b"<v>3</v>", b"<f>B1*3</f><v>3</v>")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    (found,) = read_sheets(path)
    assert found.numbers[1, 1] == 3.0
    assert found.texts == {(0, 0): "a", (1, 0): "b"}


def test_long_identifiers_keep_their_digits(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "t.csv", [["id", "x"], ["110000199001011234", "123456789012345"]])
    (sheet,) = read_sheets(path)
    assert sheet.text(1, 0) == "110000199001011234"
    assert sheet.numbers[1, 1] == 123456789012345


@pytest.mark.parametrize("cut", [100, 2000])
def test_a_workbook_cut_off(tmp_path: Path, cut: int) -> None:
    path = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    path.write_bytes(path.read_bytes()[:cut])
    assert "not a readable workbook" in refusal(read, path)


def test_a_cell_at_the_far_corner_of_a_sheet_is_refused(tmp_path: Path) -> None:
    """The fast reader would make room for all 17 billion cells and end the process."""
    file = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "GO")
        sheet.write(1_048_575, 16_383, 1)
    with pytest.raises(DataError, match="1,048,576 x 16,384 cells"):
        read_sheets(file)
