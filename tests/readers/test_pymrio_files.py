"""Databases that pymrio reads: recognised by content, and read."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pymrio = pytest.importorskip("pymrio")

from systems import assert_same_table, extension_of, system_of  # noqa: E402

sys.path.append(str(Path(__file__).parents[1] / "accounts"))
from small_tables import input_gap, small_table, supply_gap  # noqa: E402

from graphmap.errors import DataError  # noqa: E402
from graphmap.readers.pymrio_bridge import from_pymrio, to_pymrio  # noqa: E402
from graphmap.readers.pymrio_files import read_path, recognises_path  # noqa: E402


def test_a_saved_folder_and_its_archive_are_recognised_and_read(tmp_path) -> None:
    folder = tmp_path / "我的 系统 2017"
    pymrio.load_test().save_all(folder)
    pymrio.core.fileio.archive(folder, tmp_path / "saved_2011.zip")
    expected = from_pymrio(pymrio.load_test())
    for place, year in ((folder, 2017), (tmp_path / "saved_2011.zip", 2011)):
        assert recognises_path(place)
        table = read_path(place)
        np.testing.assert_allclose(table.Z, expected.Z, rtol=1e-11)  # text with 12 digits
        assert (table.year, table.source.file) == (year, place.name)
        assert list(table.extensions) == list(expected.extensions)


def test_what_graphmap_saved_comes_back_by_its_path(tmp_path) -> None:
    table = small_table(7, 2, 4, competitive=True)
    to_pymrio(table).save_all(tmp_path / "made", table_format="parquet")
    assert_same_table(read_path(tmp_path / "made", year=2017), table)
    with pytest.raises(DataError, match=r"no table of that year.*2017.*2018"):
        read_path(tmp_path / "made", year=2018)


def test_a_pickle_is_not_opened(tmp_path) -> None:
    pymrio.load_test().save_all(tmp_path / "made", table_format="pkl")
    with pytest.raises(DataError, match="could run a program"):
        read_path(tmp_path / "made")


def test_exiobase_is_read_with_its_own_parser(tmp_path) -> None:
    system = system_of(
        satellite=extension_of("satellite", ["CO2 - combustion - air", "SOx"], ["kg", "kg"])
    )
    system.rename_regions({"DE": "DEU"}).save_all(tmp_path / "IOT_2015_ixi")
    table = read_path(tmp_path / "IOT_2015_ixi")
    assert (table.regions, table.year) == (["DE"], 2015)
    np.testing.assert_allclose(table.co2, [1e-9, 2e-9])


def oecd(folder, name="ICIO2021_2015.csv"):
    """A table of two countries and two industries in the layout of the OECD's."""
    rows = ["CHN_01T02", "CHN_D35", "DEU_01T02", "DEU_D35"]
    uses = ["CHN_HFCE", "CHN_GFCF", "DEU_HFCE", "DEU_GFCF"]
    random = np.random.default_rng(2)
    Z, Y = random.integers(1, 50, (4, 4)), random.integers(1, 50, (4, 4))
    x = Z.sum(axis=1) + Y.sum(axis=1)
    taxes = random.integers(1, 9, 8)
    frame = pd.DataFrame(np.hstack([Z, Y]), rows, [*rows, *uses])
    frame.loc["TLS"] = taxes
    frame.loc["VA"] = [*(x - Z.sum(axis=0) - taxes[:4]), *[0] * 4]
    frame.loc["OUT"] = frame.sum()
    frame["OUT"] = frame.sum(axis=1)
    frame.to_csv(folder / name)
    return frame


def test_an_oecd_table_is_recognised_by_its_columns_and_read(tmp_path) -> None:
    frame = oecd(tmp_path)
    for place in (tmp_path, tmp_path / "ICIO2021_2015.csv"):
        assert recognises_path(place)
        table = read_path(place)
        assert (table.year, table.unit, table.regions) == (2015, "million_usd", ["CHN", "DEU"])
        i, j = table.index.index.get_indexer(["CHN.D35", "DEU.01T02"])
        assert table.Z[i, j] == frame.loc["CHN_D35", "DEU_01T02"]
        assert table.x[j] == frame.loc["DEU_01T02", "OUT"]
        assert supply_gap(table) < 1e-12
        assert input_gap(table) < 1e-12
        uses = list(table.final_uses[["region", "category"]].itertuples(index=False, name=None))
        k = uses.index(("DEU", "fixed_capital"))
        assert table.Y[i, k] == frame.loc["CHN_D35", "DEU_GFCF"]
        paid = table.extensions["factor_inputs/inputtype=TLS"].F_Y
        assert paid[k] == frame.loc["TLS", "DEU_GFCF"]


def test_of_several_years_one_is_chosen(tmp_path) -> None:
    for name in ("ICIO2021_2015.csv", "ICIO2021_2018.csv"):
        oecd(tmp_path, name)
    assert read_path(tmp_path, year=2018).year == 2018
    with pytest.raises(DataError, match=r"several tables.*2015, 2018"):
        read_path(tmp_path)
    with pytest.raises(DataError, match="no table of that year"):
        read_path(tmp_path, year=1995)


def eora(folder):
    """Two countries, two sectors and the rest of the world in the layout of Eora26."""
    random = np.random.default_rng(4)
    places = [("China", "CHN"), ("Germany", "DEU")]
    sectors = [(n, c, "Industries", s) for n, c in places for s in ("Farming", "Power")]
    sectors.append(("ROW", "ROW", "TOTAL", "TOTAL"))
    uses = [(n, c, "Final Demand", "Household final consumption P.3h") for n, c in places]
    uses.append(("ROW", "ROW", "Final Demand", "Household final consumption P.3h"))
    values = [("Primary Inputs", "Net taxes"), ("Primary Inputs", "Wages")]
    stressors = [("CO2 emissions (Gg)", "Total from X"), ("Land (ha)", "all")]
    cells = {
        "T": random.integers(1, 90, (5, 5)),
        "FD": random.integers(1, 90, (5, 3)),
        "VA": random.integers(1, 90, (2, 5)),
        "Q": random.integers(1, 90, (2, 5)),
        "QY": random.integers(1, 90, (2, 3)),
    }
    for name, block in cells.items():
        frame = pd.DataFrame(block)
        frame.to_csv(folder / f"Eora26_2015_bp_{name}.txt", sep="\t", header=False, index=False)
    labels = {"T": sectors, "FD": uses, "VA": values, "Q": stressors}
    for name, rows in labels.items():
        frame = pd.DataFrame([[*row, ""] for row in rows])
        frame.to_csv(folder / f"labels_{name}.txt", sep="\t", header=False, index=False)
    return cells


def test_eora_is_recognised_by_its_files_and_read(tmp_path) -> None:
    cells = eora(tmp_path)
    assert recognises_path(tmp_path)
    table = read_path(tmp_path)
    assert (table.year, table.unit, table.regions) == (2015, "million_usd", ["CHN", "DEU"])
    np.testing.assert_allclose(table.Z, cells["T"][:4, :4] / 1000, rtol=1e-15)
    np.testing.assert_allclose(table.V, cells["VA"][:, :4] / 1000, rtol=1e-15)
    np.testing.assert_allclose(table.co2, cells["Q"][0, :4] / 1000, rtol=1e-15)
    assert table.final_uses["category"].tolist() == ["households"] * 2


def test_anything_else_is_not_pymrio_s(tmp_path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "file_parameters.json").write_text("[1")
    (tmp_path / "a.csv").write_text("Code,HFCE\n1,2\n")
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    for place in (tmp_path, *tmp_path.iterdir(), tmp_path / "none"):
        assert not recognises_path(place), place


def test_a_broken_system_is_one_message(tmp_path) -> None:
    pymrio.load_test().save_all(tmp_path / "made")
    (tmp_path / "made" / "Z.txt").write_text("region\tx\n1\t2\n")
    with pytest.raises(DataError, match="made: rows of Y"):
        read_path(tmp_path / "made")


def wiod(folder):
    """Two countries and two industries in the layout of the WIOD workbooks of 2013."""
    random = np.random.default_rng(6)
    lines = [
        (c, s, n, k)
        for c in ("USA", "CHN")
        for s, n, k in [("AtB", "Farms", "c1"), ("P", "Homes", "c35")]
    ]
    uses = [
        (c, None, n, k)
        for c in ("USA", "CHN")
        for n, k in [("Households", "c37"), ("Capital", "c41")]
    ]
    Z, Y = random.integers(1, 90, (4, 4)), random.integers(1, 90, (4, 4))
    x = Z.sum(axis=1) + Y.sum(axis=1)
    rows = [
        ["WIOT at current prices in 2009"],
        [],
        ["(industry-by-industry)"],
        ["(millions of US$)"],
    ]
    body = [row + [None] * (9 + 4 - len(row)) for row in rows]
    header = [*lines, *uses, (None, None, "Total", "c99")]
    body[2][4:] = [None if u[1] is None else u[1] for u in header]
    body[3][4:] = [u[2] for u in header]
    body.append([None] * 4 + [u[0] for u in header])
    body.append([None] * 4 + [u[3] for u in header])
    for (c, s, n, k), z, y, total in zip(lines, Z.tolist(), Y.tolist(), x.tolist(), strict=True):
        body.append([s, n, c, k, *z, *y, total])
    inputs = Z.sum(axis=0).tolist()
    body.append([None, "Total intermediate consumption", "TOT", "r60", *inputs, *[0] * 5])
    body.append(
        [None, "Value added at basic prices", "TOT", "r64", *(x - inputs).tolist(), *[0] * 5]
    )
    body.append([None, "Output at basic prices", "TOT", "r69", *x.tolist(), *[0] * 5])
    file = folder / "wiot09_row_apr12.xlsx"
    pd.DataFrame(body).to_excel(file, header=False, index=False)
    return file, Z, Y, x


def test_wiod_is_recognised_by_its_codes_and_read(tmp_path) -> None:
    file, Z, Y, x = wiod(tmp_path)
    for place in (tmp_path, file):
        table = read_path(place)
        assert (table.year, table.unit, table.regions) == (2009, "million_usd", ["USA", "CHN"])
        assert table.index.index.tolist() == ["USA.AtB", "USA.P", "CHN.AtB", "CHN.P"]
        assert np.array_equal(table.Z, Z)
        assert np.array_equal(table.Y, Y)
        assert np.array_equal(table.x, x)
        assert table.primary_inputs == ("Value added at basic prices",)
        assert input_gap(table) == 0
        assert table.final_uses["category"].tolist() == ["households", "fixed_capital"] * 2
