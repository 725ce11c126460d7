"""``graphmap key``, ``communities``, ``backbone`` and ``compare`` as a user runs them."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from graphmap.cli import app
from graphmap.errors import GraphmapError

GUANGDONG = ["sample", "--region", "广东"]
QUICK = ["--draws", "60"]


def graphmap(*words):
    """What the command line prints, run in this process."""
    run = CliRunner().invoke(app, [str(word) for word in words])
    if run.exception is not None and not isinstance(run.exception, GraphmapError | SystemExit):
        raise run.exception
    return run


@pytest.fixture(scope="module")
def key():
    return json.loads(graphmap("key", *GUANGDONG, *QUICK, "--json").stdout)


@pytest.mark.parametrize("command", ["key", "communities", "backbone", "compare"])
def test_help_gives_an_example(command):
    assert f"Example: graphmap {command}" in graphmap(command, "--help").stdout


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["Electricity & heat", "High-carbon", "Would it hold?", "Green procurement"]),
        ("zh-Hans", ["电力热力", "自身高碳", "结论是否稳健", "绿色采购", "供应链金融"]),
        ("zh-Hant", ["電力熱力", "自身高碳", "結論是否穩健", "綠色採購", "供應鏈金融"]),
    ],
)
def test_the_key_sectors_are_told_with_reasons(lang, said):
    run = graphmap("key", *GUANGDONG, *QUICK, "--lang", lang)
    assert run.exit_code == 0, run.stderr
    for word in said:
        assert word in run.stdout
    assert "60" in run.stderr  # the draws, in the note
    if lang != "en":
        letters = run.stdout.replace("Mt", "").replace("CO", "")
        assert not any(c.isascii() and c.isalpha() for c in letters)


def test_the_constructed_guangdong_names_the_four_and_not_catering_or_gas(data):
    table = data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"
    found = json.loads(graphmap("key", table, *QUICK, "--json").stdout)
    high = {row["code"] for row in found["sectors"] if row["high_carbon"]}
    assert {"24", "29", "13", "14"} <= high
    assert not {"30", "25"} & high
    first = found["sectors"][0]
    assert (first["code"], first["share_top_direct_co2"]) == ("24", 1.0)


def test_json_has_every_table_and_says_how_it_was_drawn(key):
    how = key["robustness"]
    assert (how["draws"], how["seed"], how["flow_error"], how["top"]) == (60, 1, 0.1, 5)
    assert sum(key["weights"].values()) == pytest.approx(1)
    for row in key["sectors"]:
        parts = [row[f"share_{part}"] for part in key["weights"]]
        assert row["priority"] == pytest.approx(sum(parts) / 3)
        assert row["rank_low_priority"] <= row["rank_high_priority"]
        assert all(value is not None for value in row.values())
    assert {row["partner_class"] for row in key["partners"]} <= {
        "high_carbon", "high_output_or_transmission", "other"
    }  # fmt: skip
    assert sum(row["embodied_co2_share_of_supply"] for row in key["leverage"]) == pytest.approx(1)
    assert key["transactions"][0]["embodied_co2_mt"] >= key["transactions"][1]["embodied_co2_mt"]
    assert len(key["overlaps"]) == 7
    assert 0 < key["trophic_coherence"] < 1
    levels = {row["code"]: row["trophic_level"] for row in key["sectors"]}
    assert levels["24"] < levels["27"]  # power supplies, construction uses


def test_a_file_has_a_row_a_sector_with_units(tmp_path):
    out = tmp_path / "key.csv"
    run = graphmap("key", *GUANGDONG, *QUICK, "--out", out)
    assert run.stdout.splitlines()[-1] == str(out)
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 42
    assert {"supply_strength_mt", "gross_output_10k_yuan", "input_co2_mt", "pagerank"} < set(
        rows[0]
    )
    assert rows[0]["code"] == "24"


def test_weights_errors_and_seeds_are_those_given():
    words = [
        "--weights",
        "direct_co2=3,footprint=1",
        "--error",
        "30%",
        "--seed",
        "7",
        "--share",
        "80%",
    ]
    run = graphmap("key", *GUANGDONG, *QUICK, *words, "--json")
    found = json.loads(run.stdout)
    assert found["weights"] == {"direct_co2": 0.75, "footprint": 0.25}
    assert (found["robustness"]["flow_error"], found["robustness"]["seed"]) == (0.3, 7)
    assert found["robustness"]["emission_error"] == 0.3
    high = [row for row in found["sectors"] if row["high_carbon"]]
    total = sum(row["direct_co2_mt"] for row in found["sectors"])
    covered = sorted((row["direct_co2_mt"] for row in high), reverse=True)
    assert sum(covered[:-1]) < 0.8 * total <= sum(covered)
    assert "±30 %" in graphmap("key", *GUANGDONG, *QUICK, "--error", "0.3").stdout


def test_without_draws_it_says_that_nothing_is_known():
    run = graphmap("key", *GUANGDONG, "--draws", "0")
    assert "how robust the ranks are is not known" in run.stderr
    assert "% of draws" not in run.stdout


def test_a_table_without_emissions_has_key_sectors_too(data):
    run = graphmap("key", data / "nbs" / "china_2017_42.csv", "--draws", "20")
    assert run.exit_code == 0, run.stderr
    assert "Betweenness" in run.stdout
    assert "none of these" not in run.stdout
    assert "Mt" not in run.stdout


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--error", "much"], "cannot read --error"),
        (["--error", "2000%"], "a relative error"),
        (["--draws", "1000000000"], "at most 100,000"),
        (["--weights", "direct_co2"], "cannot read --weights"),
        (["--weights", "love=1"], "love"),
        (["--share", "0"], "share"),
        (["--weight", "water"], "unknown weight"),
        (["--out", "key.docx"], "unknown format"),
    ],
)
def test_bad_options_of_key_are_refused(words, part):
    run = graphmap("key", *GUANGDONG, *QUICK, *words)  # the last of two options counts
    assert isinstance(run.exception, GraphmapError)
    assert part in str(run.exception)
    assert run.stdout == ""


@pytest.mark.parametrize("method", ["leiden", "cpm", "infomap", "spectral"])
def test_communities_by_every_method(method):
    found = json.loads(graphmap("communities", "sample", "--method", method, "--json").stdout)
    assert found["method"] == method
    assert sum(each["sectors"] for each in found["communities"]) == 84 == len(found["sectors"])
    assert 0 <= found["adjusted_rand"] <= 1
    again = json.loads(graphmap("communities", "sample", "--method", method, "--json").stdout)
    assert again == found


def test_communities_are_told_with_their_agreement():
    run = graphmap("communities", *GUANGDONG, "--lang", "zh-Hans", "--profile")
    assert "由 50 次运行取共识" in run.stdout
    assert "模块度" in run.stdout
    lone = graphmap("communities", *GUANGDONG, "--single", "--json")
    assert json.loads(lone.stdout)["consensus"] is False


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--method", "louvain"], "louvain"),
        (["--resolution", "0"], "resolution"),
        (["--runs", "1"], "runs"),
    ],
)
def test_bad_options_of_communities_are_refused(words, part):
    run = graphmap("communities", "sample", *words)
    assert isinstance(run.exception, GraphmapError)
    assert part in str(run.exception)


def test_backbones_are_compared_at_the_same_number_of_flows():
    rows = json.loads(graphmap("backbone", *GUANGDONG, "--edges", "50", "--json").stdout)
    assert {row["edges"] for row in rows} == {50}
    assert [row["method"] for row in rows][:2] == ["largest", "top"]
    by_method = {row["method"]: row for row in rows}
    assert max(rows, key=lambda row: row["share_of_flow"])["method"] == "largest"
    assert by_method["connected"]["share_connected"] == 1
    text = graphmap("backbone", *GUANGDONG, "--weight", "money", "--lang", "zh-Hant").stdout
    assert "差異過濾法" in text
    assert "佔隱含二氧化碳流量比重" in text


def test_two_provinces_are_compared():
    run = graphmap("compare", "sample", "sample", "--region", "广东", "--region", "浙江")
    assert run.exit_code == 0, run.stderr
    assert "Guangdong 2017" in run.stdout
    assert "in both" in run.stdout
    assert "Rank, Zhejiang" in run.stdout
    assert "joined by their codes" in run.stderr
    found = json.loads(
        graphmap(
            "compare", "sample", "sample", "--region", "广东", "--region", "浙江", "--json"
        ).stdout
    )
    assert set(found) == {"before", "after", "similarity", "sectors", "flows", "communities"}
    assert found["flows"][0]["supplier_name_zh_hans"]
    assert sum(row["share_after"] for row in found["flows"]) == pytest.approx(1)


def test_years_are_compared_in_the_language_asked_for(data, tmp_path):
    tables = [data / "nbs" / f"china_{year}_42.csv" for year in (2017, 2018)]
    out = tmp_path / "flows.csv"
    run = graphmap("compare", *tables, "--lang", "zh-Hans", "--out", out)
    assert "占比变化最大的流量" in run.stdout
    assert "当年价格（2017 年、2018 年）" in run.stderr
    with out.open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) > 1000


def test_a_table_compared_with_itself_has_no_changes():
    run = graphmap("compare", *GUANGDONG[:1], "sample", "--region", "广东", "--lang", "zh-Hans")
    assert "各项流量占比均无变化" in run.stdout
    assert "仅" not in run.stdout


def folder(path, nodes, edges):
    path.mkdir()
    (path / "nodes.csv").write_text("id,name,gross_output_10k_yuan,co2_mt\n" + nodes, "utf-8")
    (path / "edges.csv").write_text("supplier,user,flow_10k_yuan\n" + edges, "utf-8")
    return path


def test_networks_without_flows_are_refused_alike(tmp_path):
    alone = folder(tmp_path / "alone", "a,A,90,1\nb,B,50,2\n", "a,a,10\n")
    paid = folder(tmp_path / "paid", "a,A,90,0\nb,B,50,2\n", "a,b,10\n")
    for command in ("key", "backbone", "map"):
        assert "no flows between sectors" in str(graphmap(command, alone).exception)
        message = str(graphmap(command, paid).exception)
        assert "no embodied_co2 flows between sectors" in message
        assert "Use --weight money" in message
    assert graphmap("backbone", paid, "--weight", "money").exit_code == 0


def test_a_rule_that_keeps_nothing_draws_nothing(tmp_path):
    out = tmp_path / "m.html"
    run = graphmap("map", *GUANGDONG, "--keep", "above:1000000", "--out", out)
    assert "nothing is left to draw" in str(run.exception)
    assert not out.exists()


def test_what_is_not_divided_is_not_told_as_agreement(tmp_path):
    run = graphmap("communities", *GUANGDONG, "--resolution", "0.2")
    assert "not divided" in run.stdout
    assert "adjusted Rand" not in run.stdout


def test_nothing_is_green_where_nothing_emits(data):
    run = graphmap("key", data / "nbs" / "china_2017_42.csv", "--draws", "20", "--lang", "zh-Hans")
    assert "绿色采购" not in run.stdout
    assert "主要采购部门" in run.stdout
    assert "使用者：高碳" not in run.stdout


def test_what_cannot_be_compared_is_refused():
    run = graphmap("compare", "sample", "sample", "--region", "广东", "--weight", "love")
    assert "unknown weight" in str(run.exception)
    run = graphmap("compare", *["sample"] * 2, *["--region", "广东"] * 3)
    assert "--region too often" in str(run.exception)
