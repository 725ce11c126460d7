"""The CSV files: open in a spreadsheet, inert, with figures and units that can be trusted."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from made import studied, table_of

import graphmap as gm
from graphmap.network import layout
from graphmap.render.tables import inert, key_relations_csv, key_sectors_csv

HOSTILE = ["=cmd()", "+1", "@x", "-2", "\tx", "\rx", "\n=x", "<script>alert(1)</script>", '"=1,2"']
START = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.fixture
def hostile(monkeypatch):
    """A study whose names, codes, ids and region are all meant to harm."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    n = len(HOSTILE)
    table = table_of(np.ones((n, n)), np.full(n, 99.0), co2=np.arange(n) * 1.0, names=HOSTILE)
    index = table.index.assign(region="=region()", code=HOSTILE, group="@group").set_axis(HOSTILE)
    return gm.study(replace(table, index=index))


@pytest.fixture(scope="module")
def guangdong():
    return studied("CN-GD")


@pytest.mark.parametrize("make", [key_sectors_csv, key_relations_csv])
def test_spreadsheets_are_told_the_encoding(guangdong, make) -> None:
    text = make(guangdong)
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert text.count("\ufeff") == 1
    lines = text.splitlines(keepends=True)
    assert all(line.endswith("\r\n") for line in lines)
    assert "电力" in text
    assert "電力" in text


@pytest.mark.parametrize("make", [key_sectors_csv, key_relations_csv])
def test_hostile_names_are_inert_text(hostile, make) -> None:
    text = make(hostile)
    for row in rows_of(text):
        for column, cell in row.items():
            assert not column.startswith(START)
            assert is_number(cell) or not cell.startswith(START), (column, cell)
    for name in HOSTILE:
        assert inert(name) in {cell for row in rows_of(text) for cell in row.values()}


def test_names_that_look_like_numbers_are_still_text(hostile) -> None:
    found = {row["name_en"] for row in rows_of(key_sectors_csv(hostile))}
    assert {"'-2", "'+1", "<script>alert(1)</script>"} <= found


@pytest.mark.parametrize("text", HOSTILE[:7])
def test_formulas_get_an_apostrophe(text) -> None:
    assert inert(text) == "'" + text


@pytest.mark.parametrize("text", ["Food", "农林牧渔", "a=b", "", "<script>", "1"])
def test_plain_text_stays_as_it_is(text) -> None:
    assert inert(text) == text


def test_every_sector_stands_in_order_with_its_figures(guangdong) -> None:
    rows = rows_of(key_sectors_csv(guangdong))
    key = guangdong.key_sectors
    assert [row["node"] for row in rows] == list(key.index)
    units = {
        "gross_output": "10k_yuan",
        "direct_co2": "mt",
        "footprint": "mt",
        "transmission": "mt",
        "direct_intensity": "t_per_10k_yuan",
        "total_intensity": "t_per_10k_yuan",
        "supply_strength": "mt",
        "use_strength": "mt",
    }
    for measure, unit in units.items():
        found = [float(row[f"{measure}_{unit}"]) for row in rows]
        np.testing.assert_allclose(found, key[measure], rtol=1e-9, atol=1e-12)
    for measure in ("upstreamness", "pagerank", "betweenness", "priority", "community"):
        found = [float(row[measure]) for row in rows]
        np.testing.assert_allclose(found, key[measure], rtol=1e-9)
    assert [row["code"] for row in rows] == list(key["code"])
    assert [row["high_carbon"] for row in rows] == [str(v) for v in key["high_carbon"]]


def test_no_figure_with_a_dimension_stands_without_its_unit(guangdong) -> None:
    stages = {"upstreamness", "downstreamness", "backward_linkage", "forward_linkage"}
    plain = stages | {"pagerank", "betweenness", "community", "priority"}
    units = ("_mt", "_10k_yuan", "_t_per_10k_yuan")
    for column in rows_of(key_sectors_csv(guangdong))[0]:
        measured = is_number(rows_of(key_sectors_csv(guangdong))[0][column]) and column != "code"
        if measured and column not in plain and not column.startswith("share_"):
            assert column.endswith(units), column


def test_negative_figures_stay_numbers(guangdong) -> None:
    study = replace(guangdong, key_sectors=guangdong.key_sectors.assign(footprint=-1.5))
    assert {row["footprint_mt"] for row in rows_of(key_sectors_csv(study))} == {"-1.5"}


def test_strengths_are_in_the_unit_of_the_map(monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    Z, x = np.array([[0.0, 2.0], [1.0, 0.0]]), [9.0, 9.0]
    table = table_of(Z, x, co2=[1.0, 1.0], unit="million_usd")
    money, carbon = gm.study(table, weight="money"), gm.study(table)
    row = rows_of(key_sectors_csv(money))[0]
    assert {"gross_output_10k_usd", "supply_strength_10k_usd"} <= row.keys()
    assert "direct_intensity_t_per_10k_usd" in row
    assert "supply_strength_mt" in rows_of(key_sectors_csv(carbon))[0]
    assert "money_10k_usd" in rows_of(key_relations_csv(money))[0]
    assert "embodied_co2_mt" in rows_of(key_relations_csv(carbon))[0]


def test_relations_name_both_ends_in_three_languages(guangdong) -> None:
    rows = rows_of(key_relations_csv(guangdong))
    relations, sectors = guangdong.relations, guangdong.sectors
    assert len(rows) == len(relations)
    for row, (_, relation) in zip(rows, relations.iterrows(), strict=True):
        for end in ("sector", "partner"):
            assert row[end] == relation[end]
            for tag in ("en", "zh_hans", "zh_hant"):
                assert row[f"{end}_name_{tag}"] == sectors.loc[relation[end], f"name_{tag}"]
        assert float(row["embodied_co2_mt"]) == pytest.approx(relation["value"], rel=1e-9)
        assert float(row["share"]) == pytest.approx(relation["share"], rel=1e-9)
        assert row["direction"] in ("supplier", "user")


def test_no_cell_reads_nan_or_none(guangdong, monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    without = gm.study(table_of(np.ones((4, 4)), np.full(4, 9.0)))
    for study in (guangdong, without):
        for make in (key_sectors_csv, key_relations_csv):
            cells = {cell for row in rows_of(make(study)) for cell in row.values()}
            assert not cells & {"nan", "NaN", "None", "<NA>", "inf"}


def test_a_folder_of_ones_own_files_is_inert_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    (tmp_path / "nodes.csv").write_text("id,name,gross_output_10k_yuan\n=a(),@b,100\n+c,-d,100\n")
    (tmp_path / "edges.csv").write_text("supplier,user,flow_10k_yuan\n=a(),+c,20\n+c,=a(),5\n")
    study = gm.study(gm.read(tmp_path))
    (first, second) = sorted(row["node"] for row in rows_of(key_sectors_csv(study)))
    assert (first, second) == ("'+c", "'=a()")
    assert {row["partner"] for row in rows_of(key_relations_csv(study))} == {"'+c", "'=a()"}
