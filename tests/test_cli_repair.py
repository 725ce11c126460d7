"""``graphmap repair``: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from graphmap import sample
from graphmap.classification import sector_list
from graphmap.cli.repair import repair
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES
from graphmap.readers.detect import open_source
from graphmap.readers.stored import read_path, write_table

app = typer.Typer()
app.command()(repair)


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(*words):
    result = run(*words)
    assert isinstance(result.exception, DataError), result.output
    return str(result.exception)


@pytest.fixture
def swapped(tmp_path):
    """The sample with suppliers and users exchanged, stored."""
    table = replace(sample.table(), Z=np.ascontiguousarray(sample.table().Z.T))
    return write_table(table, tmp_path / "swapped.parquet")


def test_a_repaired_table_is_written_with_what_was_done(swapped, tmp_path) -> None:
    before = swapped.read_bytes()
    out = tmp_path / "right.parquet"
    result = run(swapped, "--apply", "swap-axes", "--out", out)
    assert result.exit_code == 0, result.output
    assert "Findings before" in result.output
    assert "Repaired (swap-axes): suppliers and users" in result.output
    assert result.output.index("Findings after") > result.output.index("Repaired")
    assert result.output.splitlines()[-1] == str(out)
    again = read_path(out)
    assert again.Z.tobytes() == sample.table().Z.tobytes()
    assert set(again.source.notes[-1]) == set(LANGUAGES)
    assert swapped.read_bytes() == before


def test_json_has_findings_before_and_after(swapped, tmp_path) -> None:
    out = tmp_path / "right.parquet"
    found = json.loads(run(swapped, "--apply", "swap-axes", "--out", out, "--json").output)
    assert {each["severity"] for each in found["before"]} >= {"error"}
    assert "error" not in {each["severity"] for each in found["after"]}
    assert found["files"] == [str(out)]
    (done,) = found["done"]
    assert done.startswith("Repaired (swap-axes)")


@pytest.mark.parametrize(("lang", "word"), [("zh-Hans", "已修正"), ("zh-Hant", "檢查結果")])
def test_in_chinese(swapped, lang, word) -> None:
    assert word in run(swapped, "--apply", "swap-axes", "--dry-run", "--lang", lang).output


def test_a_dry_run_writes_nothing(swapped, tmp_path) -> None:
    for more in ((), ("--out", tmp_path / "right.parquet")):
        result = run(swapped, "--apply", "swap-axes", "--dry-run", *more)
        assert result.exit_code == 0
        assert "Nothing was written" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["swapped.parquet"]


def test_without_apply_the_proposals_are_listed(tmp_path) -> None:
    table = sample.table()
    codes = np.r_[0:23, 24:42, 23, 42:84]  # from electricity on, every figure one label too early
    wrong = replace(
        table,
        Z=table.Z[codes][:, codes],
        Y=table.Y[codes],
        x=table.x[codes],
        V=table.V[:, codes],
        imports=table.imports[codes],
        extensions={"co2": replace(table.extensions["co2"], F=table.extensions["co2"].F[codes])},
    )
    path = write_table(wrong, tmp_path / "wrong.parquet")
    found = json.loads(run(path, "--json").output)["before"]
    (name,) = {each["repair"] for each in found if each["kind"] == "label_shift"}
    result = run(path)
    assert result.exit_code == 0
    assert f"  --apply {name}" in result.output
    out = tmp_path / "right.parquet"
    run(path, "--apply", "shift-labels", "--out", out)
    assert read_path(out).x.tobytes() == table.x.tobytes()


def test_nothing_is_proposed_for_a_sound_table() -> None:
    assert "No finding proposes a remedy" in run("sample").output


def test_findings_let_stand(tmp_path) -> None:
    path = write_table(replace(sample.table(), missing=("B7",)), tmp_path / "t.parquet")
    out = tmp_path / "accepted.parquet"
    found = json.loads(run(path, "--accept", "missing", "--out", out, "--json").output)
    severities = [
        {each["severity"] for each in found[when] if each["kind"] == "missing"}
        for when in ("before", "after")
    ]
    assert severities == [{"warning"}, {"note"}]
    assert read_path(out).source.accepted == ("missing",)


def test_what_is_refused_before_anything_is_written(swapped, tmp_path) -> None:
    before = sorted(tmp_path.iterdir())
    assert "would overwrite its own input" in refused(
        swapped, "--apply", "swap-axes", "--out", swapped
    )
    assert "nothing to write" in refused(swapped, "--out", tmp_path / "t.parquet")
    assert "nowhere to write" in refused(swapped, "--apply", "swap-axes")
    assert "a name ending in .parquet" in refused(
        swapped, "--apply", "swap-axes", "--out", tmp_path / "t.csv"
    )
    assert "no such remedy" in refused(swapped, "--apply", "mend", "--out", tmp_path / "t.parquet")
    assert "finds nothing to do" in refused(
        "sample", "--apply", "swap-axes", "--out", tmp_path / "t.parquet"
    )
    assert sorted(tmp_path.iterdir()) == before


def test_an_inventory_is_no_table(data) -> None:
    folder = data / "ceads" / "inventory"
    path = folder / "Emission_Inventories_for_30_Provinces_2017.xlsx"
    assert "only tables and totals of sectors" in refused(path, "--apply", "swap-axes", "--dry-run")


def test_the_list_of_the_first_article_gets_its_labels_back(data, tmp_path) -> None:
    """67.95 Mt belong to transport and 283.44 Mt to electricity, as CEADs has them."""
    path = data / "seed_post" / "guangdong_2017_as_published.csv"
    out = tmp_path / "corrected.csv"
    result = run(path, "--apply", "shift-labels", "--out", out)
    assert result.exit_code == 0, (result.output, result.exception)
    with path.open(encoding="utf-8-sig", newline="") as file:
        published = list(csv.DictReader(file))
    with out.open(encoding="utf-8-sig", newline="") as file:
        corrected = list(csv.DictReader(file))
    assert list(corrected[0]) == [*published[0], "label_before"]
    label = "sector_label_as_published"
    by_co2 = {row["co2_mt"]: row for row in corrected}
    assert by_co2["67.950"][label] == "运输仓储邮政"
    assert by_co2["67.950"]["label_before"] == "住宿餐饮"
    assert "电力" in by_co2["283.440"][label]
    assert by_co2["58.220"][label] == "制非金属"
    assert by_co2["58.220"]["label_before"] == ""
    for old, new in zip(published, corrected, strict=True):
        assert {k: v for k, v in old.items() if k != label} == {
            k: v for k, v in new.items() if k not in (label, "label_before")
        }
        assert old[label] == (new["label_before"] or new[label])
    again = open_source(out)
    assert again.data.set_index("co2")["code"].loc[[283.44, 67.95]].tolist() == ["24", "29"]
    kinds = {each["kind"] for each in json.loads(run(out, "--json").output)["before"]}
    assert "label_shift" not in kinds


@pytest.mark.parametrize(
    ("between", "point", "encoding"),
    [(",", ".", "gb18030"), (";", ",", "utf-8"), ("\t", ".", "utf-16")],
)
def test_totals_are_repaired_however_a_spreadsheet_wrote_them(
    tmp_path, between, point, encoding
) -> None:
    names = sector_list("cn42_2017").sectors["name_zh_hans"]
    rows = [["省份说明", "province", "year", "sector", "gross_output_100m_yuan", "co2_mt"]]
    rows += [
        ["", "广东", "2017", name, f"{i + 0.5}".replace(".", point), *["1"][: i % 2]]
        for i, name in enumerate(names)  # every other row ends before its last cell
    ]
    path, out = tmp_path / "totals.csv", tmp_path / "right.csv"
    path.write_text("\n".join(map(between.join, rows)), encoding=encoding)
    result = run(path, "--apply", "shift-labels:24:26:-1", "--out", out)
    assert result.exit_code == 0, (result.output, result.exception)
    before, after = open_source(path).data, open_source(out).data
    codes = [*before["code"][:23], "26", "24", "25", *before["code"][26:]]
    assert after["code"].tolist() == codes
    for figure in ("gross_output", "co2"):
        np.testing.assert_array_equal(after[figure], before[figure])
    corrected = out.read_text(encoding="utf-8-sig").splitlines()
    assert corrected[0] == between.join([*rows[0], "label_before"])
    assert corrected[24].split(between)[-1] == names["24"]
    assert {line.count(between) for line in corrected} == {6}


def test_totals_of_one_region_of_a_file_are_not_written_as_the_file(tmp_path) -> None:
    path = tmp_path / "totals.csv"
    path.write_text(
        "province,year,sector,gross_output_100m_yuan,co2_mt\n"
        "广东,2017,煤炭采选产品,5\n浙江,2017,煤炭采选产品,5,1\n广东,2017,建筑,5,1\n",
        encoding="utf-8",
    )
    words = (path, "--region", "广东", "--apply", "shift-labels:01:02:-1")
    message = refused(*words, "--out", tmp_path / "right.csv")
    assert "leave --region and --year out" in message.casefold()
    assert list(tmp_path.iterdir()) == [path]


def test_lists_of_totals_are_written_as_csv_only(data, tmp_path) -> None:
    path = data / "seed_post" / "guangdong_2017_as_published.csv"
    assert "a name ending in .csv" in refused(
        path, "--apply", "shift-labels", "--out", tmp_path / "t.parquet"
    )
    assert "cannot be let stand" in refused(path, "--accept", "label_shift", "--dry-run")
