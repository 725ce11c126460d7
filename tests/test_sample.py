"""The bundled sample: balanced, rounded, plausible, and said to be illustrative."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

import graphmap as gm
from graphmap import sample
from graphmap.classification import sector_list


def part(name):
    with files("graphmap.sample").joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"code": str, "user_code": str, "supplier_code": str})


@pytest.fixture(scope="module")
def table():
    return sample.table()


@pytest.mark.parametrize("regions", [["CN-GD"], ["CN-ZJ"], ["CN-GD", "CN-ZJ"]])
def test_both_identities_hold(table, regions) -> None:
    here = table.select(regions)
    np.testing.assert_allclose(here.Z.sum(axis=1) + here.Y.sum(axis=1), here.x, rtol=1e-8)
    paid = here.Z.sum(axis=0) + here.imports + here.V.sum(axis=0)
    np.testing.assert_allclose(paid, here.x, rtol=1e-8)
    assert [finding.severity for finding in gm.check(here)] == ["ok"]


def test_no_figure_is_negative(table) -> None:
    for block in (table.Z, table.Y, table.V, table.imports, table.x, table.co2):
        assert (block >= 0).all()
        assert np.isfinite(block).all()
    assert (table.x > 0).all()


def test_two_provinces_of_42_sectors(table) -> None:
    assert table.regions == ["CN-GD", "CN-ZJ"]
    assert (table.n, table.year, table.unit) == (84, 2017, "100m_yuan")
    assert list(table.index.index[:2]) == ["CN-GD.01", "CN-GD.02"]
    for _, here in table.index.groupby("region"):
        assert list(here["code"]) == list(sector_list("cn42_2017").sectors.index)


def test_output_and_co2_are_rounded_to_two_figures() -> None:
    sectors = part("sectors")
    for column in ("gross_output_100m_yuan", "co2_mt"):
        for value in sectors[column]:
            assert float(f"{value:.2g}") == value, column


def test_output_and_co2_of_the_table_are_those_of_the_file(table) -> None:
    sectors = part("sectors")
    np.testing.assert_array_equal(table.x, sectors["gross_output_100m_yuan"])
    np.testing.assert_array_equal(table.co2, sectors["co2_mt"])
    assert list(table.index["code"]) == list(sectors["code"])


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("sectors", [("code", "sector")]),
        ("shares", [("code", "sector")]),
        ("recipe", [("user_code", "user"), ("supplier_code", "supplier")]),
    ],
)
def test_names_and_codes_of_the_files_agree_with_the_list(name, pairs) -> None:
    known = sector_list("cn42_2017")
    for code, label in pairs:
        for _, row in part(name).drop_duplicates([code, label]).iterrows():
            assert known.code(row[label]) == row[code]


def test_a_recipe_never_adds_up_to_more_than_all_inputs() -> None:
    recipe = part("recipe")
    assert (recipe["share"] > 0).all()
    assert not recipe.duplicated(["user_code", "supplier_code"]).any()
    assert (recipe.groupby("user_code")["share"].sum() <= 100).all()


def test_trade_shares_add_up() -> None:
    trade = part("trade")
    keys = ["user_region", "supplier_code"]
    assert (trade.fillna({"supplier_code": ""}).groupby(keys)["share"].sum() == 100).all()


def test_agriculture_supplies_food(table) -> None:
    """Rows supply and columns use: a cell is from agriculture's row in food's column."""
    at = [table.index.index.get_loc(node) for node in ("CN-GD.01", "CN-GD.06")]
    assert table.index["short_en"].iloc[at[0]] == "Agriculture"
    assert "food" in table.index["name_en"].iloc[at[1]]
    assert table.Z[at[0], at[1]] > 2 * table.Z[at[1], at[0]]
    largest = table.Z[at[0]].copy()
    largest[at[0]] = 0
    assert largest.argmax() == at[1]


@pytest.mark.parametrize("region", ["CN-GD", "CN-ZJ"])
def test_the_usual_facts_of_a_province(table, region) -> None:
    here = table.select([region])
    measures = gm.key_sectors(gm.network(here))
    assert measures["direct_co2"].idxmax() == f"{region}.24"
    assert measures["footprint"].idxmax() == f"{region}.27"
    power = here.Z[:, next(i for i, code in enumerate(here.index["code"]) if code == "24")]
    assert here.index["code"].iloc[np.argsort(-power)[:3]].isin(["02", "11", "24", "25"]).any()


def test_most_trade_stays_within_a_province(table) -> None:
    here = (table.index["region"] == "CN-GD").to_numpy()
    within = table.Z[here][:, here].sum() + table.Z[~here][:, ~here].sum()
    assert 0.85 < within / table.Z.sum() < 0.99


def test_the_sample_says_that_it_is_illustrative(table) -> None:
    study_note = table.source.notes[0]
    assert "Illustrative" in study_note["en"]
    assert "示例" in study_note["zh-Hans"]
    assert table.source.publisher == "sample"


def test_the_sample_is_the_same_every_time(table) -> None:
    again = sample.table()
    assert again is not table
    np.testing.assert_array_equal(again.Z, table.Z)


def test_reading_a_study_leaves_the_sample_as_it_was(table) -> None:
    before = [block.copy() for block in (table.Z, table.Y, table.x, table.co2)]
    gm.key_relations(gm.network(gm.read("sample")))
    for old, new in zip(before, (table.Z, table.Y, table.x, table.co2), strict=True):
        np.testing.assert_array_equal(old, new)
