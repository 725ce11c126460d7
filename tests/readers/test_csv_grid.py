"""Encodings of CSV files: told by how bytes beyond ASCII stand together."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbooks import refusal

from graphmap.readers.csv_grid import header_of, read_csv

SIMPLIFIED = "地区,年份,总产出（万元）\n广东,2017,1.5\n浙江,2017,2\n"
TRADITIONAL = "地區,廣東省,總產出\n電力、熱力的生產和供應,1,2\n農林牧漁產品和服務業,3,4\n"
MIXED = "sector,部门,CO2排放（Mt）\nelectricity 电力,A股,1\nMt二氧化碳,x值,2\n"
NAMES = "Côte d'Ivoire,Réunion,São Tomé and Príncipe,Curaçao,Åland,Türkiye,Café,€"


def texts_of(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    return list(read_csv(path)[1].values())


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, MIXED], ids=["hans", "hant", "mixed"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_is_read_in_every_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    plain = texts_of(tmp_path / "plain.csv", text.encode())
    assert plain[0] in text
    assert texts_of(tmp_path / "t.csv", text.encode(encoding)) == plain


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("cell", NAMES.split(","))
def test_an_accent_is_no_chinese(tmp_path: Path, cell: str, encoding: str) -> None:
    """Each alone, since a few accents cannot be decoded as GB18030 and would decide for all."""
    content = f"country,value\nAustria,3\n{cell},2.5\n".encode(encoding)
    assert texts_of(tmp_path / "t.csv", content) == ["country", "value", "Austria", cell]


def test_a_row_of_accents_is_read(tmp_path: Path) -> None:
    found = texts_of(tmp_path / "t.csv", f"{NAMES}\n1,2,3\n".encode("cp1252"))
    assert found == NAMES.split(",")


def test_what_is_cut_in_a_character_is_refused(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-8"):
        content = "广东,浙江,北京".encode(encoding)[:-1] + b"\xff,1\n"
        (tmp_path / "t.csv").write_bytes(content)
        assert "not a text file" in refusal(read_csv, tmp_path / "t.csv")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\x01\xff\x02a\xe9\x03b")
    assert "not a text file" in refusal(read_csv, tmp_path / "t.csv")


def test_the_published_file_names_its_countries(data: Path) -> None:
    texts = read_csv(data / "footprint/global_ecological_footprint_2023.csv")[1].values()
    assert {"Côte d'Ivoire", "Réunion"} <= set(texts)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_header_is_told_from_the_beginning(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    rows = [["Year", '"co2, Mt"', "省份 "], ["2017", "1", "广东"]] * 20_000
    text = "\n".join(separator.join(row) for row in rows)
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    found = header_of(tmp_path / "t.csv")
    assert {"year", "co2, mt"} <= found and len(found) == 3


def test_what_is_no_csv_file_has_no_header(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    assert header_of(tmp_path / "empty.csv") == header_of(tmp_path) == set()
