"""``graphmap check`` as a user runs it, on any kind of file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_cli import graphmap, refused

from graphmap import sample
from graphmap.readers.stored import write_table

SEED = "seed_post/guangdong_2017_as_published.csv"


def test_a_clean_table_passes_with_0():
    run = graphmap("check", "sample")
    assert run.returncode == 0
    assert "Passed" in run.stdout


def test_the_article_is_told_with_the_remedy(data):
    run = graphmap("check", data / SEED, "--json")
    assert run.returncode == 1, run.stderr
    (finding,) = json.loads(run.stdout)
    assert finding["kind"] == "label_shift"
    assert finding["severity"] == "error"
    assert finding["source"].endswith(SEED)
    assert finding["repair"].startswith("shift-labels:")
    assert "original publication" in finding["remedy"]
    shown = graphmap("check", data / SEED, "--lang", "zh-Hant")
    assert "標籤錯位" in shown.stdout
    assert "處理辦法" in shown.stdout


def test_years_that_repeat_one_another_are_told_of_several_files(tmp_path):
    table = sample.table()
    for year, factor in ((2017, 1.0), (2018, 1.07)):
        scaled = replace(table, year=year, x=table.x * factor, V=table.V * factor)
        write_table(scaled, tmp_path / f"{year}.parquet")
    files = [tmp_path / "2017.parquet", tmp_path / "2018.parquet"]
    found = json.loads(graphmap("check", *files, "--json").stdout)
    repeats = [row for row in found if row["kind"] == "years_repeat"]
    assert [row["region"] for row in repeats] == table.regions
    assert {row["source"] for row in found} == {"", *map(str, files)}
    shown = graphmap("check", *files).stdout
    assert "2017.parquet" in shown
    assert "2017 and 2018 have the same figures" in shown
    alone = json.loads(graphmap("check", files[0], "--json").stdout)
    assert [row["severity"] for row in alone] == ["ok"]


def test_the_worst_of_several_files_decides_and_its_file_is_named(data):
    run = graphmap("check", "sample", data / SEED, "--json")
    assert run.returncode == 1
    rows = json.loads(run.stdout)
    assert [row["severity"] for row in rows] == ["error", "ok"]
    assert [row["source"] for row in rows] == [str(data / SEED), "sample"]


def test_a_wrong_unit_is_an_error_and_exits_with_1(data):
    path = data / "nbs/china_2017_42.csv"
    run = graphmap("check", path, "--unit", "million_yuan", "--json")
    assert run.returncode == 1
    first = json.loads(run.stdout)[0]
    assert (first["severity"], first["kind"]) == ("error", "unit")
    assert first["repair"] == "unit:10k_yuan"


@pytest.mark.parametrize(
    "path",
    ["footprint/nfa2019_country_totals_1990_2016.csv", "cities/GGMCF_top500cities.txt"],
)
def test_what_is_no_table_is_checked_too(data, path):
    run = graphmap("check", data / path, "--json")
    assert run.returncode == 0, run.stderr
    assert {row["severity"] for row in json.loads(run.stdout)} <= {"ok", "warning", "note"}


def test_of_many_findings_of_one_kind_the_largest_are_printed(tmp_path):
    table = sample.table()
    write_table(replace(table, Z=table.Z[::-1].copy()), tmp_path / "t.parquet")
    found = json.loads(graphmap("check", tmp_path / "t.parquet", "--json").stdout)
    of_kind = [f for f in found if (f["kind"], f["severity"]) == ("supply", "error")]
    worst = max(of_kind, key=lambda f: abs(f["value"]))["text"]
    printed = " ".join(graphmap("check", tmp_path / "t.parquet").stdout.split())
    assert len(of_kind) > 10
    assert f"and {len(of_kind) - 5} more of this kind" in printed
    assert worst[:30] in printed
    assert printed.count("gross output differs from intermediate plus") <= 10


def test_what_cannot_be_read_is_refused(tmp_path):
    path = tmp_path / "nothing.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    refused(graphmap("check", path), "nothing.csv")
