"""What a file is, told from its content; and one clear message for what it is not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from workbooks import ceads_grid, ceads_like, inventory_grid, refusal, save, save_csv

from graphmap.classification import find_region
from graphmap.readers import NAMES, read, read_emissions

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of two provinces."""
    path = tmp_path_factory.mktemp("book") / "two.xlsx"
    return save(path, Note=[["about"]], Table_2017=ceads_grid(ceads_like()))


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inventory of Guangdong."""
    path = tmp_path_factory.mktemp("inventory") / "e.xlsx"
    return save(path, Guangdong2017=inventory_grid())


# --- detection


def test_the_name_of_a_file_says_nothing_about_its_kind(book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "photo.png"
    copy.write_bytes(book.read_bytes())
    assert read(copy).n == 84


def test_each_source_may_be_forced(book: Path) -> None:
    assert {"ceads-mrio", "nbs", "oecd", "long", "edges", "stored", "sample"} <= set(NAMES)
    assert read(book, source="ceads-mrio").n == 84
    assert read("sample", source="sample").n == 84
    assert "the sample is no file" in refusal(read, book, source="sample")


def test_a_file_called_sample_wins_over_the_bundled_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read("sample").unit == "100m_yuan"
    save(tmp_path / "sample", T=ceads_grid(ceads_like()))
    assert read("sample").unit == "10k_yuan"


@pytest.mark.parametrize("name", ["Guangdong", "guangdong", "广东", "廣東省", "粤", "GD", "CN-GD"])
def test_a_region_goes_by_any_of_its_names(book: Path, name: str) -> None:
    assert find_region(name) is not None
    assert read(book, region=name).regions == ["CN-GD"]


def test_several_regions_may_be_asked_for_in_any_order(book: Path) -> None:
    assert read(book, region=["浙江", "Guangdong", "GD"]).regions == ["CN-GD", "CN-ZJ"]


# --- files that cannot be read


def test_no_such_file(tmp_path: Path) -> None:
    file = tmp_path / "nowhere.xlsx"
    assert refusal(read, file) == f"{file}: no such file"
    assert refusal(read_emissions, file) == f"{file}: no such file"


def test_a_folder(tmp_path: Path) -> None:
    assert f"{tmp_path}: a folder, not a file" in refusal(read, tmp_path)


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    assert f"{name}: the file is empty" in refusal(read, tmp_path / name)


@pytest.mark.parametrize("name", ["photo.xlsx", "photo.xls", "photo"])
def test_an_image_renamed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PNG)
    message = refusal(read, tmp_path / name)
    assert f"{name}: not a workbook or CSV file; found 'a PNG image'" in message


def test_an_image_renamed_to_csv(tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(PNG)
    assert "photo.csv: not a text file" in refusal(read, tmp_path / "photo.csv")


@pytest.mark.parametrize("raw", [b"hello, world", b"\x00\x01\x02\x03\x04", "你好，世界".encode()])
def test_bytes_of_no_known_kind(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "t.xlsx").write_bytes(raw)
    assert "t.xlsx: not a workbook or CSV file" in refusal(read, tmp_path / "t.xlsx")


@pytest.mark.parametrize("part", [0.05, 0.5, 0.99])
def test_a_truncated_workbook(book: Path, tmp_path: Path, part: float) -> None:
    raw = book.read_bytes()
    (tmp_path / "t.xlsx").write_bytes(raw[: int(len(raw) * part)])
    message = refusal(read, tmp_path / "t.xlsx")
    assert "t.xlsx: not a readable workbook" in message
    assert "save it again" in message


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as file:
        file.writestr("readme.txt", "hello")
    assert "t.xlsx: not a readable workbook" in refusal(read, tmp_path / "t.xlsx")


def test_a_workbook_whose_sheet_is_no_xml(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            new.writestr(name, raw[: len(raw) // 2] if "sheet2" in name else raw)
    message = refusal(read, tmp_path / "t.xlsx")
    assert "t.xlsx" in message


def test_a_csv_file_with_nul_bytes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"Code,01,GO\n01,1\x00,2\nTII,1,\n")
    message = refusal(read, tmp_path / "t.csv")
    assert "t.csv: not a text file; expected CSV in UTF-8" in message


def test_a_csv_file_in_utf_16(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("Code,01,GO\n01,1,2\n".encode("utf-16"))
    assert "one sheet (2 x 3 cells)" in refusal(read, tmp_path / "t.csv")


def test_a_file_that_may_not_be_read(book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "t.xlsx"
    copy.write_bytes(book.read_bytes())
    copy.chmod(0)
    try:
        copy.open("rb").close()
    except PermissionError:
        assert "t.xlsx: cannot be read" in refusal(read, copy)
    else:
        pytest.skip("this user may read everything")


# --- files without a table


@pytest.mark.parametrize("source", [None, "ceads-mrio", "nbs"])
def test_an_empty_sheet(tmp_path: Path, source: str | None) -> None:
    openpyxl.Workbook().save(tmp_path / "t.xlsx")
    message = refusal(read, tmp_path / "t.xlsx", source=source)
    assert "t.xlsx" in message
    assert "no input-output table" in message
    if source is None:
        assert "Sheet (empty)" in message


@pytest.mark.parametrize("text", ["\n", "\n\n\n", ",,,\n", "a,b\n1,2\n"])
def test_a_csv_file_without_a_table(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    message = refusal(read, tmp_path / "t.csv")
    assert "t.csv: no input-output table found" in message
    assert "GO (总产出)" in message


@pytest.mark.parametrize("source", [None, "ceads-mrio", "nbs"])
def test_an_inventory_given_as_a_table(inventory: Path, source: str | None) -> None:
    message = refusal(read, inventory, source=source)
    assert "e.xlsx" in message
    if source is None:
        assert "this is an emission inventory, not an input-output table" in message
        assert "--emissions" in message


def test_an_inventory_asked_for_a_sheet_or_a_year_it_has(inventory: Path) -> None:
    for options in ({"sheet": "Guangdong2017"}, {"year": 2017}, {"year": 1900}):
        for source in (None, "ceads-mrio"):
            assert "e.xlsx" in refusal(read, inventory, source=source, **options)


def test_a_table_given_as_emissions(book: Path, tmp_path: Path) -> None:
    assert "two.xlsx: not an emission inventory" in refusal(read_emissions, book)
    file = save_csv(tmp_path / "t.csv", ceads_grid(ceads_like()))
    assert "t.csv: not an emission inventory" in refusal(read_emissions, file)


def test_a_workbook_of_something_else(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", Sales=[["shop", "sum"], ["A", 1.0]], Plan=[["x"]])
    message = refusal(read, file)
    assert "Sales (2 x 2 cells), Plan (1 x 1 cells)" in message
    assert "--source" in message


# --- options that fit nothing


def test_an_unknown_source_name(book: Path) -> None:
    message = refusal(read, book, source="excel")
    assert "unknown source; found 'excel'; expected one of oecd, long, nbs, ceads-mrio" in message


@pytest.mark.parametrize(
    ("text", "near"),
    [("Guangdon", "Guangdong (广东)"), ("guangdnog", "Guangdong"), ("Zhejang", "Zhejiang (浙江)"),
     ("广西", "Guangdong (广东)"), ("Beijing", "("), ("浙", None)],
)  # fmt: skip
def test_a_region_that_is_not_there_brings_the_nearest(
    book: Path, text: str, near: str | None
) -> None:
    if near is None:  # a short name is a name
        assert read(book, region=text).regions == ["CN-ZJ"]
        return
    message = refusal(read, book, region=text)
    assert "no such region in the table" in message
    assert near in message


def test_a_region_asked_for_in_chinese_is_quoted_in_chinese(book: Path) -> None:
    """The message shows what the user typed, not our translation of it."""
    assert "广西" in refusal(read, book, region="广西")


@pytest.mark.parametrize("source", ["book", "sample"])
def test_a_year_that_is_not_there(book: Path, source: str) -> None:
    message = refusal(read, book if source == "book" else "sample", year=1999)
    assert "no table of that year" in message
    assert "found 1999" in message
    assert "2017" in message


def test_an_unknown_sheet(book: Path) -> None:
    message = refusal(read, book, sheet="table_2017")
    assert "two.xlsx: no such sheet" in message
    assert "Note, Table_2017" in message


def test_a_pair_is_asked_for_where_there_is_none(book: Path) -> None:
    assert "no pair of nodes.csv and edges.csv" in refusal(read, book, source="edges")
