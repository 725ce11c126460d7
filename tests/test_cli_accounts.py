"""``graphmap accounts`` as a user runs it."""

from __future__ import annotations

import csv
import json

import pytest
from test_cli import graphmap, refused

from graphmap import sample
from graphmap.leontief.consumption import consumption_accounts

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"


def rows_of(*words):
    run = graphmap("accounts", *words, "--json")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_row_a_region_and_the_footprint_by_final_use():
    run = graphmap("accounts", "sample")
    assert run.returncode == 0
    assert [run.stdout.count(name) for name in ("Guangdong", "Zhejiang", "Households")] == [1, 1, 1]
    assert "517.78" in run.stdout  # what Guangdong's industries emit
    assert "Emissions behind imports from outside the table are not counted." in run.stderr
    assert "Emitted outside" not in run.stdout
    assert "own fuel" not in run.stdout  # the sample has none
    assert "Discrepancy" not in run.stdout  # nor anything that rounds to more than zero


def test_json_by_region_holds_what_the_function_gives():
    rows = rows_of("sample", "--imported", "1.5")
    expected = consumption_accounts(sample.table(), 1.5).regions
    assert [row["region"] for row in rows] == expected.index.tolist()
    for measure in expected:
        assert [row[f"{measure}_mt"] for row in rows] == pytest.approx(expected[measure].tolist())


def test_what_is_not_counted_is_not_told_as_a_fact():
    """Guangdong imports from the rest of the world and of the table: excluded is not zero."""
    run = graphmap("accounts", "sample", "--region", "广东")
    assert "imports not counted" in run.stdout
    assert "Imported" not in run.stdout
    assert "Balance" not in run.stdout
    assert "without --region" in run.stderr
    (row,) = rows_of("sample", "--region", "广东")
    assert row["imported_mt"] is None
    assert row["balance_mt"] is None
    assert row["imports_from_outside"] == "excluded"
    both = rows_of("sample")
    assert [row["imported_mt"] > 0 for row in both] == [True, True]
    assert [row["balance_mt"] for row in both] == [None, None]
    counted = rows_of("sample", "--imported", "1.5")
    assert all(isinstance(row["balance_mt"], float) for row in counted)
    assert "--imported domestic" not in graphmap("accounts", "sample", "--imported", "1").stderr


def test_rows_by_category_add_up_to_all_emissions():
    rows = rows_of("sample", "--by", "category")
    assert sum(row["footprint_mt"] for row in rows) == pytest.approx(sample.table().co2.sum())
    assert "outside_mt" not in rows[0]
    assert {row["region"] for row in rows} == {"CN-GD", "CN-ZJ", "outside"}


def test_rows_by_pair_are_what_one_emits_for_another():
    rows = rows_of("sample", "--by", "pair")
    assert [(row["emitted_in"], row["used_in"]) for row in rows] == [
        (emitter, user) for emitter in ("CN-GD", "CN-ZJ") for user in ("CN-GD", "CN-ZJ", "outside")
    ]
    assert sum(row["co2_mt"] for row in rows) == pytest.approx(sample.table().co2.sum())
    counted = rows_of("sample", "--by", "pair", "--imported", "1")
    assert [row["emitted_in"] for row in counted[-3:]] == ["outside"] * 3


def test_a_file_by_product_has_every_sector_the_largest_first(tmp_path):
    out = tmp_path / "products.csv"
    run = graphmap("accounts", "sample", "--by", "product", "--imported", "1", "--out", out)
    assert run.stdout.splitlines()[-1] == str(out)
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 84
    totals = [float(row["footprint_mt"]) for row in rows]
    assert totals == sorted(totals, reverse=True)
    for row in rows:
        parts = [float(v) for k, v in row.items() if k.endswith(("_inside_mt", "_outside_mt"))]
        assert len(parts) == 10
        assert float(row["footprint_mt"]) == pytest.approx(sum(parts), abs=1e-6)
    assert {"name_en", "name_zh_hans", "name_zh_hant", "node", "code"} < set(rows[0])


def test_a_long_table_says_that_there_is_more():
    run = graphmap("accounts", "sample", "--by", "product")
    assert "and 42 more rows" in run.stderr
    assert "Guangdong · Construction" in run.stdout


@pytest.mark.parametrize("by", ["region", "category", "product", "pair"])
def test_everything_printed_is_in_the_language_asked_for(by):
    run = graphmap("accounts", "sample", "--by", by, "--lang", "zh-Hant", "--imported", "1")
    assert run.returncode == 0
    assert "廣東" in run.stdout
    letters = {c for c in run.stdout.replace("Mt", "") if c.isascii() and c.isalpha()}
    assert letters == set()
    assert "表外進口按每萬元排放 1 噸二氧化碳計算。" in run.stderr


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--by", "love"], ["love", "region, category, product, pair"]),
        (["--imported", "love"], ["love", "'excluded', 'domestic' or a number"]),
        (["--imported", "domestic"], ["does not say which products", "'excluded'"]),
        (["--imported=-1"], ["-1", "zero or more"]),
        (["--imported", "1e307"], ["1e+307", "zero or more"]),
        (["--lang", "fr"], ["fr", "zh-Hans"]),
        (["--out", "x.docx"], ["x.docx", ".csv"]),
    ],
)
def test_bad_options_are_refused_in_one_message(tmp_path, words, parts):
    refused(graphmap("accounts", "sample", *words, cwd=tmp_path), *parts)
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_emissions_is_refused(data):
    run = graphmap("accounts", data / "nbs" / "china_2017_42.csv")
    refused(run, "need emissions", "--emissions")


def test_china_2017_with_domestic_technology(data):
    run = graphmap(
        "accounts",
        data / "nbs" / "china_2017_42.csv",
        "--emissions",
        data / INVENTORY,
        "--imported",
        "domestic",
    )
    assert run.returncode == 0
    assert "own fuel" in run.stdout
    assert "443.10" in run.stdout  # households of the national inventory, urban and rural
    assert "Emitted outside" in run.stdout
    assert "domestic technology" in run.stderr
