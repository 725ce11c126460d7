"""``graphmap inspect``: what a file holds, where, and a mapping that reads it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent / "readers"))
from workbooks import ceads_grid, ceads_like, refusal, save

from graphmap.cli.inspect import inspect_
from graphmap.readers import read
from graphmap.readers.mapping import positions
from graphmap.readers.matrix import read_path
from graphmap.readers.places import places_of
from graphmap.readers.proposal import proposed
from graphmap.readers.sheet import Sheet, read_sheets

TABLE = ceads_like()
app = typer.Typer()
app.command()(inspect_)


def test_the_mapping_written_reads_the_table(tmp_path: Path) -> None:
    book = save(tmp_path / "表.xlsx", T=ceads_grid(TABLE, title="2017 单位：亿元"))
    out = tmp_path / "m.toml"
    ended = CliRunner().invoke(app, [str(book), "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    assert "D5:CI88" in ended.stdout
    assert ended.stdout.strip().endswith("m.toml")
    assert np.array_equal(read_path(book, out).Z, TABLE.Z)


def test_a_script_gets_the_same_as_json(tmp_path: Path) -> None:
    book = save(tmp_path / "t.xlsx", Notes=[["about"]], T=ceads_grid(TABLE))
    ended = CliRunner().invoke(app, [str(book), "--json"])
    found = json.loads(ended.stdout)
    assert found["kind"] == "table"
    notes, table = found["sheets"]
    assert notes["mapping"] is None
    assert (table["flows"], table["mapping"]["sure"]["flows"]) == ("D5:CI88", 1.0)
    assert table["mapping"]["final_uses"]["exports"] == ["CU"]


def test_an_output_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    book = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    assert ".toml" in refusal(inspect_, book, out=tmp_path / "m.csv")
    assert "no mapping is proposed" in refusal(
        inspect_, save(tmp_path / "n.xlsx", N=[["about"]]), out=tmp_path / "m.toml"
    )
    assert not (tmp_path / "m.toml").exists()


# --- what is read without a mapping


def found_in(path: Path) -> dict[str, str]:
    ended = CliRunner().invoke(app, [str(path), "--json"])
    assert ended.exit_code == 0, ended.output
    read_as = json.loads(ended.stdout)["read"]
    return {part: each["found"] for part, each in read_as.items() if part != "kind"}


def rectangle(sheet: Sheet, span: str) -> np.ndarray[Any, Any]:
    """The cells of ``D5:AS46``, found by counting columns up, apart from the package's own way."""
    names = [sheet.cell(0, j)[:-1] for j in range(sheet.shape[1])]
    ends = [re.fullmatch(r"([A-Z]+)(\d+)", corner) for corner in span.split(":")]
    (left, top), (right, bottom) = [(names.index(e[1]), int(e[2]) - 1) for e in ends if e]
    return np.nan_to_num(sheet.numbers[top : bottom + 1, left : right + 1])


@pytest.mark.parametrize(
    ("name", "imports", "kind"),
    [
        ("oecd/OECD21ed_CHN_2018.csv", "BD", "competitive"),
        ("nbs/china_2018_42.csv", "44:85", "rows of their own"),
        ("nbs/china_2015_42.csv", "BE", "competitive"),
        ("constructed/Guangdong_2017_ceads_layout.xlsx", "47", "a row of their own"),
    ],
)
def test_the_places_named_hold_what_is_read(data: Path, name: str, imports: str, kind: str) -> None:
    table = read(data / name)
    sheet = next(s for s in read_sheets(data / name) if s.name == table.source.sheet)
    ended = CliRunner().invoke(app, [str(data / name), "--json"])
    read_as = json.loads(ended.stdout)["read"]
    assert np.array_equal(rectangle(sheet, read_as["flows"]["found"]), table.Z)
    assert read_as["imports"]["found"] == imports
    assert kind in read_as["imports"]["why"]
    assert read_as["sectors"]["found"] == str(table.n)
    assert read_as["region"]["found"] == table.regions[0]
    assert read_as["year"]["found"] == str(table.year)


def test_no_proposal_in_doubt_stands_beside_a_file_that_is_read(data: Path) -> None:
    for name in ("oecd/OECD21ed_CHN_2018.csv", "nbs/china_2018_42.csv"):
        ended = CliRunner().invoke(app, [str(data / name)])
        assert "0 %" not in ended.stdout
        assert "unknown" not in ended.stdout
        found = json.loads(CliRunner().invoke(app, [str(data / name), "--json"]).stdout)
        assert [each["mapping"] for each in found["sheets"]] == [None]


def test_a_mapping_that_is_not_needed_is_not_written(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.toml"
    said = refusal(inspect_, data / "oecd/OECD21ed_CHN_2018.csv", out=out)
    assert "no mapping is needed" in said
    said = refusal(inspect_, data / "visceads/sector_totals.csv", out=out)
    assert "no mapping is needed" in said
    assert not out.exists()


def test_other_content_is_said_by_what_it_lists(data: Path) -> None:
    totals = found_in(data / "visceads/sector_totals.csv")
    assert (totals["what"], totals["records"]) == ("Totals of sectors", "2,273")
    assert totals["year"] == "2012–2017"
    flows = found_in(data / "visceads/top88_flows.csv")
    assert (flows["flow_lists"], flows["flows"]) == ("96", "8,448")
    inventories = found_in(data / "ceads/inventory/Emission_Inventories_for_30_Provinces_2017.xlsx")
    assert (inventories["inventories"], inventories["year"]) == ("30", "2017")


def test_of_two_tables_the_sheet_asked_for_is_read(tmp_path: Path) -> None:
    one, other = ceads_grid(TABLE, title="2017"), ceads_grid(TABLE, title="2018")
    book = save(tmp_path / "t.xlsx", First=one, Second=other, Notes=[["about"]])
    for sheet, year in (("First", "2017"), ("Second", "2018")):
        ended = CliRunner().invoke(app, [str(book), "--sheet", sheet, "--json"])
        found = json.loads(ended.stdout)
        assert found["read"]["year"]["found"] == year
        assert [each["sheet"] for each in found["sheets"]] == [sheet]
    found = json.loads(CliRunner().invoke(app, [str(book), "--sheet", "Notes", "--json"]).stdout)
    assert found["kind"] is None


def test_a_sheet_of_what_is_no_table_is_shown_with_all_that_is_read(data: Path) -> None:
    book = data / "ceads/inventory/Emission_Inventories_for_30_Provinces_2017.xlsx"
    sheet = read_sheets(book)[-1].name
    ended = CliRunner().invoke(app, [str(book), "--sheet", str(sheet), "--json"])
    assert json.loads(ended.stdout)["kind"] == "inventories"


def test_what_is_no_sheet_is_inspected_too(tmp_path: Path) -> None:
    flows = pd.DataFrame(
        {"supplier": ["A", "A", "B"], "user": ["A", "GO", "GO"], "value_yuan": [1.0, 5.0, 2.0]}
    )
    flows.to_parquet(tmp_path / "t.parquet")
    assert found_in(tmp_path / "t.parquet")["unit"] == "yuan"


def test_a_place_is_named_only_where_the_figures_stand(tmp_path: Path) -> None:
    book = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE))
    (sheet,) = read_sheets(book)
    mapping, table = proposed(sheet), read(book)
    assert mapping is not None
    assert places_of(sheet, mapping, table)["flows"] == {"": ("D5:CI88",)}
    Z = table.Z.copy()
    Z[3, 4] += 1
    assert places_of(sheet, mapping, replace(table, Z=Z)) == {}
    Y = table.Y.copy()
    Y[3, 0] += 1
    moved = places_of(sheet, mapping, replace(table, Y=Y))["final_uses"]
    first = table.final_uses["category"][0]
    whole = places_of(sheet, mapping, table)["final_uses"]
    assert len(positions(moved.get(first, ()))) == len(positions(whole[first])) - 1
