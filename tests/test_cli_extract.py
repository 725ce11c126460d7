"""``graphmap extract``: what is printed, what is handed over, and what is refused."""

from __future__ import annotations

import csv
import json

import pytest
import test_cli
from typer.testing import CliRunner

from graphmap.cli import app
from graphmap.errors import GraphmapError

GUANGDONG = ["extract", "sample", "--region", "广东"]


def graphmap(*words):
    """What the command line prints, run in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(run, *parts):
    """One message of our own, and nothing printed before it."""
    assert isinstance(run.exception, GraphmapError), run.output
    assert run.stdout == ""
    for part in parts:
        assert part in str(run.exception)


def test_help_gives_an_example():
    run = graphmap("extract", "--help")
    assert run.exit_code == 0
    assert "Example: graphmap extract" in run.stdout


def test_the_losses_are_printed_in_the_language_asked_for():
    run = graphmap(*GUANGDONG, "--sector", "建筑", "--lang", "zh-Hans")
    assert run.exit_code == 0, run.stderr
    title, *_ = run.stdout.splitlines()
    assert title == "假设抽取建筑：经济体的损失"
    for word in ("完全抽取", "后向抽取", "Ghosh 供给侧模型", "净转移", "电力热力", "亿元"):
        assert word in run.stdout
    assert "Construction" in graphmap(*GUANGDONG, "--sector", "建筑").stdout


def test_a_group_is_extracted_together_and_not_all_of_it_is_named():
    run = graphmap(*GUANGDONG, "--sector", "materials", "--sector", "24")
    title, *_ = run.stdout.splitlines()
    assert title.endswith("and 2 more: what the economy would lose")
    assert "Guangdong" not in title
    both = graphmap("extract", "sample", "--sector", "24").stdout
    assert "Guangdong · Electricity & heat" in both


def test_json_has_everything_and_adds_up():
    found = json.loads(graphmap(*GUANGDONG, "--sector", "27", "--sector", "24", "--json").stdout)
    assert found["extracted"] == ["CN-GD.24", "CN-GD.27"]
    losses = {each["extraction"]: each for each in found["losses"]}
    assert list(losses) == ["complete", "backward", "forward"]
    rows = found["sectors"]
    assert len(rows) == 42
    assert [row["node"] for row in rows if row["extracted"]] == found["extracted"]
    for kind in ("co2_lost_mt", "output_lost_10k_yuan"):
        total = losses["complete"][kind.replace("_lost", "").replace("output", "gross_output")]
        assert sum(row[kind] for row in rows) == pytest.approx(total, rel=1e-9)
    transfer = found["transfer"]
    for kind, column in (("backward", "emitted_for_group"), ("forward", "group_emits_for")):
        assert sum(row[f"{column}_mt"] for row in rows) == pytest.approx(transfer[f"net_{kind}_mt"])
    assert transfer["net_transfer_mt"] == pytest.approx(
        transfer["footprint_mt"] - transfer["direct_mt"]
    )


def test_a_file_holds_every_sector(tmp_path):
    out = tmp_path / "x.csv"
    run = graphmap(*GUANGDONG, "--sector", "Construction", "--out", out)
    assert run.stdout.startswith("Without Construction")
    assert run.stdout.endswith(f"\n{out}\n")
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 42
    assert rows[26]["extracted"] == "True"
    assert float(rows[23]["co2_lost_mt"]) > 10


def test_json_beside_a_file_names_the_file(tmp_path):
    out = tmp_path / "x.JSON"
    run = graphmap(*GUANGDONG, "--sector", "27", "--out", out, "--json")
    assert json.loads(run.stdout) == {"files": [str(out)]}
    printed = graphmap(*GUANGDONG, "--sector", "27", "--json").stdout
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(printed)


def test_a_table_without_emissions_loses_gross_output(data):
    run = graphmap("extract", data / "nbs" / "china_2018_153.csv", "--sector", "056")
    assert run.exit_code == 0, run.stderr
    assert "Gross output lost" in run.stdout
    assert "CO₂" not in run.stdout


def test_what_cannot_be_extracted_is_refused(tmp_path):
    refused(graphmap(*GUANGDONG, "--sector", "Constrution"), "one like Construction")
    refused(graphmap(*GUANGDONG, "--sector", " "), "no such sector")
    everything = [word for code in range(1, 43) for word in ("--sector", f"{code:02d}")]
    refused(graphmap(*GUANGDONG, *everything), "nothing would be left", "all 42 sectors")
    refused(graphmap(*GUANGDONG, "--sector", "27", "--out", tmp_path / "x.doc"), "unknown format")
    refused(graphmap(*GUANGDONG, "--sector", "27", "--imports", "some"), "treatment of imports")
    run = graphmap(*GUANGDONG)
    assert run.exit_code == 2
    assert "--sector" in run.stderr


def test_a_user_sees_one_message_and_no_traceback():
    test_cli.refused(test_cli.graphmap(*GUANGDONG, "--sector", "Constrution"), "Construction")
