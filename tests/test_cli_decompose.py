"""``graphmap decompose``: what is printed, what is handed over, and what is refused."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest
import test_cli
from typer.testing import CliRunner

from graphmap.cli import app
from graphmap.cli.decompose import _deflator
from graphmap.cli.options import each
from graphmap.errors import DataError, GraphmapError

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"


def graphmap(*words):
    """What the command line prints, run in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(run, *parts):
    """One message of our own, and nothing printed before it."""
    assert isinstance(run.exception, GraphmapError), run.output
    assert run.stdout == ""
    for part in parts:
        assert part in str(run.exception)


@pytest.fixture
def china(data):
    """The words that compare China in 2017 with China in 2018."""
    tables = [data / "nbs" / f"china_{year}_42.csv" for year in (2017, 2018)]
    return ["decompose", *tables, "--emissions", data / INVENTORY]


def test_help_gives_an_example():
    run = graphmap("decompose", "--help")
    assert run.exit_code == 0
    assert "Example: graphmap decompose" in run.stdout


def test_the_change_of_china_is_printed_by_factor_and_by_sector(china):
    run = graphmap(*china)
    assert run.exit_code == 0, run.stderr
    assert run.stdout.startswith("Direct CO₂: 8,965.1 Mt (2017), 9,184.4 Mt (2018); change +219.3")
    lines = {line.split("  ")[0]: line.split() for line in run.stdout.splitlines()}
    assert lines["Intensity"][1:] == ["-928.4", "-423.3"]
    assert lines["Demand level"][2:] == ["+1,031.4", "+470.2"]
    sectors = run.stdout.split("\n\n")[1].splitlines()
    assert len(sectors) == 11
    assert sectors[1].startswith("Electricity & heat")
    assert "Current prices (2017, 2018) are compared" in run.stderr
    assert "belong to no sector" in run.stderr


def test_the_method_and_the_language_are_those_asked_for(china):
    run = graphmap(*china, "--method", "polar", "--lang", "zh-Hant", "--deflator", "1.035")
    assert "兩極分解的平均" in run.stdout
    assert "最終使用規模" in run.stdout
    assert "電力熱力" in run.stdout
    assert "雙重平減法" in run.stderr
    assert "當年價格" not in run.stderr


def test_json_has_everything_and_adds_up(china):
    run = graphmap(*china, "--population", 1400.11e6, "--population", 1405.41e6, "--json")
    found = json.loads(run.stdout)
    effects = {each["factor"]: each["mt"] for each in found["effects"]}
    assert list(effects)[3:] == ["demand_per_head", "population"]
    assert sum(effects.values()) == pytest.approx(found["change_mt"], rel=1e-10)
    assert sum(each["share"] for each in found["effects"]) == pytest.approx(1)
    assert found["before"]["year"] == 2017
    assert found["after"]["co2_mt"] - found["before"]["co2_mt"] == pytest.approx(found["change_mt"])
    assert "Current prices" in found["notes"][0]
    assert len(found["sectors"]) == 42
    for factor, effect in effects.items():
        assert sum(row[f"{factor}_mt"] for row in found["sectors"]) == pytest.approx(effect)


def test_files_hold_every_sector(china, tmp_path):
    as_csv, as_json, as_parquet = (tmp_path / f"x.{end}" for end in ("csv", "json", "parquet"))
    for out in (as_csv, as_json, as_parquet):
        run = graphmap(*china, "--out", out)
        assert run.stdout.startswith("Direct CO₂: 8,965.1 Mt")
        assert run.stdout.endswith(f"\n{out}\n")
    with as_csv.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["node"] for row in rows] == [f"CN.{i:02d}" for i in range(1, 43)]
    assert rows[23]["name_zh_hans"] == "电力、热力的生产和供应"
    effects = ("intensity", "technology", "demand_structure", "demand_level")
    for row in rows:
        parts = sum(float(row[f"{factor}_mt"]) for factor in effects)
        assert parts == pytest.approx(float(row["change_mt"]), rel=1e-6, abs=1e-6)
    found = json.loads(as_json.read_text(encoding="utf-8"))
    assert found["sectors"][23]["change_mt"] == pytest.approx(float(rows[23]["change_mt"]))
    assert pd.read_parquet(as_parquet)["change_mt"].sum() == pytest.approx(found["change_mt"])


def test_a_table_that_is_compared_with_itself_has_no_shares(tmp_path):
    run = graphmap("decompose", "sample", "sample", "--region", "广东")
    assert run.exit_code == 0, run.stderr
    assert "change 0.0 Mt" in run.stdout
    assert "–" in run.stdout
    assert "Current prices" not in run.stderr
    found = json.loads(graphmap("decompose", "sample", "sample", "--json").stdout)
    assert found["effects"][0] == {"factor": "intensity", "mt": 0.0, "share": None}
    assert len(found["sectors"]) == 84


def test_tables_that_cannot_be_compared_are_refused(china, data, tmp_path):
    of_2015 = data / "nbs" / "china_2015_42.csv"
    refused(graphmap("decompose", of_2015, *china[2:]), "codes that mean two things", "CN.22")
    refused(graphmap(*china[:3]), "no emissions", "inventory")
    refused(graphmap("decompose", "sample", china[1], *china[3:]), "Guangdong")
    refused(graphmap(*china, "--population", "5"), "population of one table only")
    refused(graphmap(*china, "--method", "lmdi"), "'lmdi'", "full or polar")
    refused(graphmap(*china, "--deflator", "cheap"), "no such deflator", "'cheap'")
    refused(graphmap(*china, "--year", "1", "--year", "2", "--year", "3"), "--year too often")
    refused(graphmap("decompose", *["sample"] * 2, "--deflator", "1.1"), "in the same prices")
    refused(graphmap(*china, "--out", china[1]), "overwrite its own input")
    refused(graphmap(*china, "--out", china[4]), "unknown format")
    refused(graphmap(*china, "--out", tmp_path / "x.xlsx"), "unknown format")
    assert list(tmp_path.iterdir()) == []


def test_an_option_given_once_is_for_both_tables():
    assert each(None, "--year") == each([], "--year") == (None, None)
    assert each([2017], "--year") == (2017, 2017)
    assert each([2017, 2018], "--year") == (2017, 2018)


def test_deflators_by_number_and_from_a_file(tmp_path):
    assert _deflator(None) is None
    assert _deflator("1.05") == 1.05
    path = tmp_path / "prices.csv"
    path.write_text("code,price\n01,1.02\n\n24,0.98\n", encoding="utf-8-sig")
    assert _deflator(str(path)).to_dict() == {"01": 1.02, "24": 0.98}
    path.write_text("01,1.02\n02,\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"prices\.csv, row 2: no price beside a code"):
        _deflator(str(path))
    path.write_text("01,1.02\n01,1.03\n", encoding="utf-8")
    with pytest.raises(DataError, match="two prices of one sector; found '01'"):
        _deflator(str(path))
    path.write_text("code;price\n01;1,02\n02;0,9\n", encoding="utf-8")
    assert _deflator(str(path)).to_dict() == {"01": 1.02, "02": 0.9}
    path.write_bytes("代码;价格\n甲;1,02\n".encode("gb18030"))
    assert _deflator(str(path)).to_dict() == {"甲": 1.02}
    for bad in ("01,nan\n02,1.1\n", "code,price\n01,nan\n"):
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(DataError, match="no price beside a code; found '01, nan'"):
            _deflator(str(path))
    path.write_text("code,price\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"prices\.csv: no prices"):
        _deflator(str(path))


def test_a_file_of_deflators_has_to_cover_every_sector(china, tmp_path):
    path = tmp_path / "prices.csv"
    prices = {f"{i:02d}": 1 + i / 1000 for i in range(1, 43)}
    path.write_text("".join(f"{code},{price}\n" for code, price in prices.items()))
    found = json.loads(graphmap(*china, "--deflator", path, "--json").stdout)
    parts = sum(each["mt"] for each in found["effects"])
    assert parts == pytest.approx(found["change_mt"], rel=1e-10)
    path.write_text("01,1.02\n")
    refused(graphmap(*china, "--deflator", path), str(path), "none for 41 sectors: CN.02 Mining")
    path.write_text("".join(f"{int(code)},{price}\n" for code, price in prices.items()))
    few = "prices of 1, 2, 3 and 6 more, which the table does not have"
    refused(graphmap(*china, "--deflator", path), str(path), few)


def test_a_deflator_that_cannot_be_meant_is_refused(china, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("".join(f"{i:02d},{100 + i}\n" for i in range(1, 43)))
    refused(graphmap(*china, "--deflator", path), str(path), "101 for CN.01", "1.032, not 103.2")
    refused(graphmap(*china, "--deflator", "0.032"), "hardly one", "0.032")
    before = path.read_bytes()
    refused(graphmap(*china, "--deflator", path, "--out", path), "overwrite its own input")
    assert path.read_bytes() == before


def test_a_comparison_against_time_says_so(china):
    backwards = [china[0], china[2], china[1], *china[3:]]
    assert "The first table (2018) is later than the second (2017)" in graphmap(*backwards).stderr
    assert "is later than" not in graphmap(*china).stderr


def test_a_user_sees_one_message_and_no_traceback():
    run = test_cli.graphmap("decompose", "sample", "sample", "--deflator", "1.1")
    test_cli.refused(run, "in the same prices")
