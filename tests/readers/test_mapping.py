"""Mapping files: what is written is read again, and what cannot be meant is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from workbooks import ceads_grid, ceads_like, proposal_of, refusal, save

from graphmap.readers.mapping import (
    Mapping,
    line_name,
    mapping_toml,
    positions,
    read_mapping,
    spans,
)
from graphmap.readers.sheet import read_sheets

GOOD = """
unit = "万元"
region = "广东"
supplier_labels = "B"
user_labels = 3
suppliers = ["5:46"]
users = ["D:AS"]
gross_output = ["AZ"]
[final_uses]
households = ["AU"]
"""


@given(st.sets(st.integers(0, 20_000), max_size=40), st.sampled_from(["row", "column"]))
def test_runs_name_the_lines_they_were_made_of(lines, kind) -> None:
    assert positions(spans(kind, lines)) == [(kind, at) for at in sorted(lines)]


@given(st.integers(0, 18_000))
def test_columns_are_named_as_a_spreadsheet_names_them(column) -> None:
    assert line_name("column", column) == get_column_letter(column + 1)


@given(st.text(max_size=30))
def test_any_name_of_a_sheet_survives_the_file(tmp_path_factory, name) -> None:
    path = tmp_path_factory.mktemp("m") / "m.toml"
    path.write_bytes(mapping_toml(Mapping(sheet=name)).encode("utf-8", "replace"))
    with pytest.raises(Exception, match="does not say where"):
        read_mapping(path)


def test_a_proposal_written_and_read_is_the_same(tmp_path: Path) -> None:
    book = save(tmp_path / "t.xlsx", T=ceads_grid(ceads_like(), title="2017 单位：亿元"))
    proposal = proposal_of(book)
    (tmp_path / "m.toml").write_text(
        mapping_toml(proposal, {"unit": "why = because"}), encoding="utf-8-sig"
    )
    again = read_mapping(tmp_path / "m.toml")
    for each in fields(Mapping):
        if each.compare:
            assert getattr(again, each.name) == getattr(proposal, each.name), each.name


def test_one_line_may_stand_without_brackets(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(GOOD, "utf-8")
    found = read_mapping(tmp_path / "m.toml")
    assert (found.supplier_labels, found.user_labels) == (("B",), ("3",))
    assert found.final_uses == {"households": ("AU",)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"5:46"', '"46:5"', "suppliers"),
        ('"5:46"', '"5:B"', "suppliers"),
        ('"5:46"', '"5 to 46"', "suppliers"),
        ('["5:46"]', "{a = 1}", "suppliers"),
        ("unit", "units", "'unit'"),
        ('"万元"', '"bushels"', "bushels"),
        ('"万元"', "7", "unit"),
        ('"广东"', '"Atlantis"', "Atlantis"),
        ("[final_uses]\nhouseholds = ", "final_uses = ", "final_uses"),
        ('gross_output = ["AZ"]', "", "gross_output"),
        ('unit = "万元"', "", "unit"),
        ('unit = "万元"', 'unit = "万元"\nyear = "2017"', "year"),
        ('unit = "万元"', 'unit = "万元"\nunknown = ["AV"]', "AV"),
        ('unit = "万元"', 'unit = "万元"\nsuppliers_are = "both"', "both"),
        ('region = "广东"', "", "region"),
        ("[final_uses]", "[final_uses", "TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    (tmp_path / "m.toml").write_text(GOOD.replace(old, new), "utf-8")
    assert said in refusal(read_mapping, tmp_path / "m.toml")


def test_files_that_hold_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe\x00")
    refusal(read_mapping, tmp_path / "m.toml")
    refusal(read_mapping, tmp_path / "none.toml")
    refusal(read_mapping, tmp_path)


def test_a_transposed_sheet_names_its_cells_as_the_file_does(tmp_path: Path) -> None:
    (sheet,) = read_sheets(save(tmp_path / "t.xlsx", T=[["a", 1.0], ["b", 2.0]]))
    turned = sheet.transposed()
    assert turned.text(0, 1) == "b"
    assert turned.cell(0, 1) == "A2"
    assert turned.transposed().cell(0, 1) == "B1"


def test_a_comment_stays_in_its_line(tmp_path: Path) -> None:
    """Titles have line breaks, and other characters that no comment may hold."""
    title = "2017年广东省\n投入产出表\r\x0b单位：亿元"
    book = save(tmp_path / "t.xlsx", T=ceads_grid(ceads_like(), title=title.replace("\x0b", "")))
    proposal = proposal_of(book)
    assert "\n" not in "".join(proposal.evidence["unit"].values())
    remarks = {"unit": title, "year": proposal.evidence["year"]["en"]}
    (tmp_path / "m.toml").write_text(mapping_toml(proposal, remarks), "utf-8", newline="")
    again = read_mapping(tmp_path / "m.toml")
    assert (again.unit, again.year) == ("100m_yuan", 2017)
