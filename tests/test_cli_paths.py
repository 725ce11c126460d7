"""``graphmap paths``: the tree that is printed, what is written, and what is refused."""

from __future__ import annotations

import csv
import json

import pytest
from test_cli import graphmap as in_a_process
from test_cli import refused
from typer.testing import CliRunner

from graphmap import sample
from graphmap.cli import app
from graphmap.errors import DataError
from graphmap.leontief.paths import structural_paths

GUANGDONG = ["paths", "sample", "--region", "广东"]


def graphmap(*words):
    """Run the command line without the time it takes to start."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def table():
    return sample.table().select(["CN-GD"])


def test_help_gives_an_example():
    run = graphmap("paths", "--help")
    assert run.exit_code == 0
    assert "Example: graphmap paths" in run.stdout


def test_a_tree_is_printed_whose_branches_share_their_beginnings(table):
    run = graphmap(*GUANGDONG, "--product", "27", "--top", 6)
    assert run.exit_code == 0, run.stderr
    title, legend, *tree = run.stdout.splitlines()
    found = structural_paths(table, product="27", count=6)
    share, total = 100 * found["share"].sum(), found.attrs["total"]
    assert title == (
        f"The 6 largest path(s) cover {share:.1f} % of the footprint of Construction, "
        f"{total:.1f} Mt CO₂"
    )
    assert legend.startswith("From final products")
    # one root, and every sector under its user once, with the value of its path where it is listed
    figures = {
        path[::-1]: f"{co2:#.3g}" for path, co2 in zip(found["path"], found["co2"], strict=True)
    }
    chains = {path[:stage] for path in figures for stage in range(1, len(path) + 1)}
    assert len(tree) == len(chains)
    assert tree[0].startswith("Construction")
    for line in tree:
        assert line.count(" Mt") == line.count(" %") <= 1
    printed = sorted(line.split(" Mt")[0].split()[-1] for line in tree if " Mt" in line)
    assert printed == sorted(figures.values())
    assert run.stderr == ""


def test_names_are_in_the_language_asked_for_with_their_regions():
    run = graphmap("paths", "sample", "--top", 3, "--final-use", "资本形成", "--lang", "zh-Hant")
    title, legend, *tree = run.stdout.splitlines()
    assert title.startswith("最大的 3 條路徑涵蓋資本形成碳足跡（")
    assert "供給部門" in legend
    assert any(line.startswith("廣東 · ") for line in tree)


def test_a_file_has_every_column_and_names_in_three_languages(tmp_path, table):
    out = tmp_path / "paths.csv"
    run = graphmap(*GUANGDONG, "--coverage", "60%", "--out", out)
    title, *_, last = run.stdout.splitlines()
    assert last == str(out)
    assert "of the footprint of all final use" in title
    text = out.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    found = structural_paths(table, coverage=0.6)
    assert [row["path"] for row in rows] == [" > ".join(path) for path in found["path"]]
    assert [float(row["co2_mt"]) for row in rows] == pytest.approx(found["co2"].tolist())
    assert float(rows[-2]["cumulative_share"]) < 0.6 <= float(rows[-1]["cumulative_share"])
    first = rows[0]
    assert first["path_name_en"].split(" > ")[0] == first["emitter_name_en"]
    assert first["path_name_zh_hans"].split(" > ")[-1] == first["product_name_zh_hans"]
    assert first["emitter_name_zh_hant"] == table.index.loc[first["emitter"], "name_zh_hant"]


def test_json_has_the_total_and_lists(tmp_path, table):
    found = structural_paths(table, threshold="1%")
    out = tmp_path / "paths.json"
    printed = graphmap(*GUANGDONG, "--threshold", "1%", "--json").stdout
    assert graphmap(*GUANGDONG, "--threshold", "1%", "--out", out).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == json.loads(printed)
    result = json.loads(printed)
    assert result["total_mt"] == pytest.approx(found.attrs["total"])
    assert result["covered_mt"] == pytest.approx(found["co2"].sum())
    assert [tuple(row["path"]) for row in result["paths"]] == found["path"].tolist()
    assert len(result["paths"][1]["path_name_en"]) == result["paths"][1]["stages"] + 1


def test_a_long_list_is_cut_when_it_is_printed():
    run = graphmap(*GUANGDONG, "--threshold", "0.05%")
    assert run.stdout.count(" Mt  ") == 100
    assert "smaller paths; --out writes them all" in run.stderr


def test_no_path_that_large_is_an_answer(tmp_path):
    run = graphmap(*GUANGDONG, "--threshold", "1e6")
    assert run.exit_code == 0
    assert run.stdout.startswith("No path is as large as asked for; the footprint of all final use")
    out = tmp_path / "none.csv"
    assert graphmap(*GUANGDONG, "--threshold", "1e6", "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").splitlines()[0].startswith("rank,co2_mt,share")


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--product", "Constructoin"], ["no such sector", "Construction"]),
        (["--final-use", "capitel"], ["no such final use", "capital"]),
        (["--coverage", "120%"], ["'120%'"]),
        (["--out", "paths.txt"], ["unknown format", ".csv"]),
    ],
)
def test_bad_input_is_refused(options, parts):
    run = graphmap(*GUANGDONG, *options)
    assert isinstance(run.exception, DataError)
    assert run.stdout == ""
    for part in parts:
        assert part in str(run.exception)


def test_a_table_without_emissions_is_refused_with_one_message(data):
    run = in_a_process("paths", data / "nbs" / "china_2018_42.csv")
    refused(run, "need emissions", "--emissions")
