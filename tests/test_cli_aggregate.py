"""``graphmap aggregate``, as the program is called."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from graphmap import sample
from graphmap.accounts import check
from graphmap.classification import sector_list
from graphmap.cli import app as program
from graphmap.cli.aggregate import aggregate
from graphmap.errors import DataError
from graphmap.readers import read
from graphmap.readers.stored import read_path

app = typer.Typer()
app.command()(aggregate)


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def own(folder, **targets):
    """A concordance of the 42 sectors: those named to their target, all others to ``rest``."""
    codes = sector_list("cn42_2017").sectors.index
    lines = [f"{code},{targets.get('c' + code, 'rest')}" for code in codes]
    file = folder / "own.csv"
    file.write_text("source,target\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_sectors_and_regions_in_one_go(tmp_path) -> None:
    out = tmp_path / "made.parquet"
    found = run(
        "sample", "--concordance", own(tmp_path, c24="电力"), "--group", "both=广东,CN-ZJ",
        "--out", out, "--json",
    )  # fmt: skip
    assert found.exit_code == 0, found.exception
    said = json.loads(found.stdout)
    assert said["files"] == [str(out)]
    assert (said["before"]["sectors"], said["after"]["sectors"]) == (84, 2)
    table, whole = read_path(out), sample.table()
    assert table.index.index.tolist() == ["both.rest", "both.电力"]
    power = (whole.index["code"] == "24").to_numpy()
    np.testing.assert_allclose(table.x[1], whole.x[power].sum(), rtol=1e-12)
    np.testing.assert_allclose(table.co2[1], whole.co2[power].sum(), rtol=1e-12)
    assert [finding.severity for finding in check(table)] == ["ok"]
    assert len(table.source.notes) == len(whole.source.notes) + 2


def test_a_bundled_list_and_sizes(tmp_path) -> None:
    out, sizes = tmp_path / "made.parquet", tmp_path / "sizes.csv"
    refused = run("sample", "--to", "cn42_2012", "--out", out)
    assert isinstance(refused.exception, DataError)
    assert "sizes" in str(refused.exception)
    assert not out.exists()
    codes = sector_list("cn42_2012").sectors.index
    sizes.write_text(
        "code,size\n" + "".join(f"{code},{3 if code == '22' else 1}\n" for code in codes)
    )
    found = run("sample", "--to", "cn42_2012", "--sizes", sizes, "--out", out, "--lang", "zh-Hans")
    assert found.exit_code == 0, found.exception
    assert found.stdout.splitlines()[-1] == str(out)
    assert "合并后" in found.stdout
    made = read_path(out)
    assert made.classification == "cn42_2012"
    # what was assumed of the sectors that were split stands in the table
    assert "sizes given" in made.source.notes[-1]["en"]


@pytest.mark.parametrize(
    ("between", "point", "encoding"), [(",", ".", "gb18030"), (";", ",", "utf-8")]
)
def test_sizes_are_read_however_a_spreadsheet_wrote_them(
    tmp_path, between, point, encoding
) -> None:
    sectors = sector_list("cn42_2012").sectors["name_zh_hans"]
    rows = [["名称", "code", "size"]]
    rows += [[name, code, "3.5" if code == "22" else "1.5"] for code, name in sectors.items()]
    made = []
    for how in ((between, point, encoding), (",", ".", "utf-8")):
        sizes, out = tmp_path / "sizes.csv", tmp_path / "made.parquet"
        lines = [how[0].join(cell.replace(".", how[1]) for cell in row) for row in rows]
        sizes.write_text("\n".join(lines), encoding=how[2])
        found = run("sample", "--to", "cn42_2012", "--sizes", sizes, "--out", out)
        assert found.exit_code == 0, found.exception
        made.append(read_path(out))
    np.testing.assert_array_equal(made[0].x, made[1].x)


def test_a_bundled_group_is_made_of_what_the_table_has(tmp_path) -> None:
    out = tmp_path / "made.parquet"
    found = run("sample", "--group", "长江三角洲", "--out", out)
    assert found.exit_code == 0, found.exception
    table = read_path(out)
    assert table.regions == ["CN-GD", "yangtze-river-delta"]
    added, without = table.source.notes[-2:]
    assert "Shanghai" in without["en"]
    assert "长三角（浙江）" in added["zh-Hans"] and "Yangtze River Delta (Zhejiang)" in added["en"]
    rows = json.loads(CliRunner().invoke(program, ["regions", str(out), "--json"]).stdout)
    assert [row["zh-Hans"] for row in rows] == ["广东", "长三角"]
    # the group is a region now, by all its names
    assert read(out, region="Yangtze River Delta").regions == ["yangtze-river-delta"]


def test_a_province_that_is_more_than_the_greater_bay_area_is_said_to_be(tmp_path) -> None:
    out = tmp_path / "made.parquet"
    assert run("sample", "--group", "大湾区", "--out", out).exit_code == 0
    notes = read_path(out).source.notes
    assert any("nine of its cities" in note["en"] and "九市" in note["zh-Hans"] for note in notes)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "nothing to aggregate"),
        (["--to", "cn42_2012", "--concordance", "x.csv"], "two ways"),
        (["--to", "no_such_list"], "no such list of sectors"),
        (["--group", "Atlantis"], "no such group"),
        (["--group", "north-east"], "no (such group|region of)"),
        (["--group", "a=CN-GD,Atlantis"], "no such region"),
        (["--group", "a=CN-GD", "--group", "a=CN-ZJ"], "two groups of one name"),
        (["--group", "广东=CN-ZJ"], "name of a region of the table"),
        (["--group", "a=,"], "a group without members"),
        (["--group", "a=CN-GD", "--sizes", "missing.csv"], "--sizes splits sectors"),
        (["--concordance", "missing.csv"], "missing.csv"),
        (["--to", "cn42_2012", "--sizes", "missing.csv"], r"^missing.csv: no such file$"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(tmp_path, words, message) -> None:
    found = run("sample", *words, "--out", tmp_path / "made.parquet")
    assert isinstance(found.exception, DataError)
    assert re.search(message, str(found.exception)), found.exception
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "code\n1\n", "code,size\n22,many\n", "code,size\n22,1\n22,2\n"]
)
def test_sizes_that_cannot_be_read_are_one_message(tmp_path, text) -> None:
    sizes = tmp_path / "sizes.csv"
    sizes.write_text(text)
    found = run("sample", "--to", "cn42_2012", "--sizes", sizes, "--out", tmp_path / "made.parquet")
    assert isinstance(found.exception, DataError)
    assert "sizes.csv" in str(found.exception)


def test_an_input_is_never_written_over(tmp_path) -> None:
    out = tmp_path / "made.parquet"
    found = run("sample", "--group", "a=CN-GD", "--out", tmp_path / "made.csv")
    assert "a name ending in .parquet" in str(found.exception)
    out.write_bytes(b"mine")
    found = run(out, "--group", "a=CN-GD", "--out", out)
    assert isinstance(found.exception, DataError)
    assert out.read_bytes() == b"mine"


def test_lists_and_groups_that_there_are_not_are_one_message(tmp_path) -> None:
    out = tmp_path / "made.parquet"
    found = run("sample", "--to", "nope", "--out", out)
    assert "no such list of sectors; found 'nope'; expected one of cn42_2012, " in str(
        found.exception
    )
    assert "without a name" in str(run("sample", "--group", "=广东", "--out", out).exception)
    assert not out.exists()


def test_a_detailed_national_table_needs_no_concordance_of_one_s_own(data, tmp_path) -> None:
    out = tmp_path / "made.parquet"
    run(data / "nbs" / "china_2018_153.csv", "--to", "cn42_2017", "--out", out)
    made = read_path(out)
    assert (made.n, made.classification) == (42, "cn42_2017")
    assert not [each for each in check(made) if each.severity in ("warning", "error")]
