"""Tables of the OECD: both identities, the country, and files that are not quite one."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workbooks import refusal

from graphmap.accounts import check
from graphmap.readers import read
from graphmap.readers.oecd import country

YEARS = (1995, 2005, 2010, 2015, 2018)

USES = ["HFCE", "GFCF", "INVNT", "CONS_NONRES", "EXPO", "IMPO"]
ROWS = [
    ["Code", "Description", "A1", "B2", *USES],
    ["A1", "Wool, raw", 10, 30, 20, 5, -1, 1, 10, -15],
    ["B2", "Cloth", 5, 20, 80, 0, 2, 3, 20, -10],
    ["TXS_INT_FNL", "Taxes less subsidies", -2, 3, 7, 1, 0, 0, 0, 0],
    ["TTL_INT_FNL", "Total", 13, 53, 107, 6, 1, 4, 30, -25],
    ["VALU", "Value added", 47, 67, 0, 0, 0, 0, 0, 0],
    ["OUTPUT", "Output", 60, 120, 0, 0, 0, 0, 0, 0],
]


def saved(folder: Path, rows: list[list[object]], name: str = "OECD21ed_DEU_2015.csv") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    return file


def changed(row: int, column: int, value: object) -> list[list[object]]:
    rows = [list(line) for line in ROWS]
    rows[row][column] = value
    return rows


@pytest.mark.parametrize("year", YEARS)
def test_both_identities_hold_to_the_printed_decimal(data: Path, year: int) -> None:
    """Cells are printed to 0.1 million; 54 of them add up to at most 2.7, here to 0.7."""
    table = read(data / "oecd" / f"OECD21ed_CHN_{year}.csv")
    assert table.imports_inside is not None
    supplied = table.intermediate_sales + table.Y.sum(axis=1) - table.imports_inside
    paid = table.intermediate_inputs + table.V.sum(axis=0)
    assert np.abs(supplied - table.x).max() < 0.8
    assert np.abs(paid - table.x).max() < 0.8
    assert (table.imports_inside >= 0).all()


@pytest.mark.parametrize("year", YEARS)
def test_the_cells_are_those_of_the_file(data: Path, year: int) -> None:
    """Read a second time by pandas, joined by the codes printed in the file."""
    file = data / "oecd" / f"OECD21ed_CHN_{year}.csv"
    table = read(file)
    printed = pd.read_csv(file, dtype={"Code": str}).set_index("Code")
    codes = [f"{i:02d}" for i in range(1, 46)]
    assert np.array_equal(table.Z, printed.loc[codes, codes].to_numpy(float))
    assert np.array_equal(table.x, printed.loc["OUTPUT", codes].to_numpy(float))
    assert np.array_equal(table.imports_inside, -printed.loc[codes, "IMPO"].to_numpy(float))
    assert table.regions == ["CN"]
    assert table.classification == "oecd_45"
    assert table.index["name_en"].tolist() == printed.loc[codes, "Description"].tolist()


@pytest.mark.parametrize("year", YEARS)
def test_they_pass_the_checks_and_can_be_made_domestic(data: Path, year: int) -> None:
    """In 1995 three figures of two small industries are rounded by more than 0.01 %."""
    table = read(data / "oecd" / f"OECD21ed_CHN_{year}.csv")
    identities = [f for f in check(table) if f.kind in ("supply", "inputs")]
    assert [finding.severity for finding in identities] == ["warning"] * (3 if year == 1995 else 0)
    home = table.domestic()
    assert home.imports_inside is None
    sold = home.intermediate_sales + home.Y.sum(axis=1)
    assert np.abs(sold - home.x).max() < 0.8


def test_another_country_comes_through_as_its_code(tmp_path: Path) -> None:
    table = read(saved(tmp_path, ROWS))
    assert (table.regions, table.year, table.unit) == (["DEU"], 2015, "million_usd")
    assert table.index.index.tolist() == ["DEU.A1", "DEU.B2"]
    assert table.x.tolist() == [60, 120]
    assert table.final_uses["category"].tolist() == [
        "households", "fixed_capital", "inventories", "nonresidents", "exports",
    ]  # fmt: skip
    assert table.primary_inputs == ("taxes_on_products", "value_added")
    assert [f.severity for f in check(table)] == ["ok"]
    assert "(8 million US dollars)" in table.source.notes[0]["en"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("OECD21ed_CHN_2018", "CN"), ("FRA2015ttl", "FRA"), ("TTL_JPN_2000", "JPN"), ("x", "")],
)
def test_the_country_stands_in_the_name(name: str, code: str) -> None:
    assert country(name) == code


def test_rows_and_columns_are_joined_by_code(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[2], ROWS[1], *ROWS[3:]]
    table = read(saved(tmp_path, rows))
    assert table.index["code"].tolist() == ["B2", "A1"]
    assert np.asarray(table.Z).tolist() == [[20, 5], [30, 10]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (changed(1, 2, "n/a"), "text in a number cell; found 'n/a'"),
        (changed(1, 0, "C3"), "rows and columns are not the same industries; found 'A1, C3'"),
        (changed(0, 5, "NEW"), "rows and columns are not the same industries; found 'NEW'"),
        (changed(2, 0, "A1"), "the same code twice; found 'A1'"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, rows: list[list[object]], message: str
) -> None:
    assert message in refusal(read, saved(tmp_path, rows))


def test_an_empty_cell_is_reported(tmp_path: Path) -> None:
    table = read(saved(tmp_path, changed(1, 3, "")))
    assert table.missing == ("D2",)


def test_another_year_is_refused(tmp_path: Path) -> None:
    assert "no table of that year; found 2018" in refusal(read, saved(tmp_path, ROWS), year=2018)
