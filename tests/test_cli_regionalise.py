"""``graphmap regionalise`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

import graphmap as gm
from graphmap import units
from graphmap.cli.regionalise import regionalise
from graphmap.errors import DataError
from graphmap.readers.stored import read_path, write_table


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample's Guangdong taken as the nation, and totals of Zhejiang."""
    folder = tmp_path_factory.mktemp("regionalise")
    gd, zj = gm.read("sample", region="Guangdong"), gm.read("sample", region="Zhejiang")
    totals = pd.DataFrame(
        {
            "province": "Zhejiang",
            "year": 2017,
            "sector": zj.index["name_en"],
            "gross_output_100m_yuan": zj.x * in_100m(zj),
        }
    )
    totals.to_csv(folder / "totals.csv", index=False)
    i, j = (part[:40] for part in np.unravel_index(np.argsort(-zj.Z, axis=None), zj.Z.shape))
    names = zj.index["name_en"].to_numpy()
    flows = zj.Z[i, j] * in_100m(zj)
    known = {"province": "Zhejiang", "year": 2017, "supplier": names[i], "user": names[j]}
    pd.DataFrame({**known, "flow_100m_yuan": flows}).to_csv(folder / "known.csv", index=False)
    write_table(gd, folder / "nation.parquet")
    return {name: folder / name for name in ("totals.csv", "known.csv", "nation.parquet")}


def in_100m(table: gm.IOTable) -> float:
    return units.factor(table.unit, "100m_yuan")


def run(*words: object) -> Result:
    app = typer.Typer()
    app.command()(regionalise)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_table_is_written_and_its_quality_printed(files, tmp_path: Path) -> None:
    out = tmp_path / "浙江 2017.parquet"
    given = (
        files["nation.parquet"],
        "--totals",
        files["totals.csv"],
        "--known",
        files["known.csv"],
    )
    found = run(*given, "--region", "浙江", "--out", out)
    assert found.exception is None, found.output
    table = read_path(out)
    assert table.regions == ["CN-ZJ"]
    true = gm.read("sample", region="Zhejiang")
    assert table.x == pytest.approx(true.x)
    largest = np.unravel_index(true.Z.argmax(), true.Z.shape)
    assert table.Z[largest] == pytest.approx(true.Z[largest])
    assert "all known flows" in found.output
    assert "estimate" in found.output
    assert table.source.notes[0]["en"].startswith("This table is an estimate")
    assert {f.severity for f in gm.check(table)} <= {"ok", "note", "warning"}
    study = gm.study(table)
    assert study.notice is not None and "Estimated" in study.notice["en"]
    assert "由全国表推算" in study.subtitle["zh-Hans"]


def test_json_has_the_quality_and_the_notes(files, tmp_path: Path) -> None:
    out = tmp_path / "zj.parquet"
    given = (
        files["nation.parquet"],
        "--totals",
        files["totals.csv"],
        "--known",
        files["known.csv"],
    )
    found = run(*given, "--out", out, "--json", "--lang", "zh-Hans", "--method", "slq")
    assert found.exception is None, found.output
    said = json.loads(found.stdout)
    assert said["files"] == [str(out)]
    assert said["quality"][0]["node"] == "all"
    assert said["quality"][0]["known_flows"] == 40
    assert 0 < said["quality"][0]["error_held_out"] < 1
    assert "估算" in said["notes"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--region", "Narnia"), "found 'Narnia'; expected one of Zhejiang"),
        (("--method", "magic"), "unknown method"),
        (("--delta", "7"), "delta out of range"),
        (("--lang", "fr"), "unknown language"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(files, tmp_path, options, message) -> None:
    out = tmp_path / "zj.parquet"
    given = (files["nation.parquet"], "--totals", files["totals.csv"], "--out", out)
    found = run(*given, *options)
    assert isinstance(found.exception, DataError)
    assert message in str(found.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_no_file_of_totals(files, tmp_path: Path) -> None:
    nation = files["nation.parquet"]
    found = run(nation, "--totals", files["known.csv"], "--out", tmp_path / "a.parquet")
    assert isinstance(found.exception, DataError)
    assert "not totals of sectors" in str(found.exception)
    found = run(nation, "--totals", files["totals.csv"], "--out", tmp_path / "a.csv")
    assert "a name ending in .parquet" in str(found.exception)


def test_guangdong_from_the_published_files(data, tmp_path: Path) -> None:
    out = tmp_path / "gd.parquet"
    found = run(
        data / "nbs" / "china_2017_42.csv", "--totals", data / "visceads" / "sector_totals.csv",
        "--known", data / "visceads" / "top88_flows.csv", "--region", "Guangdong",
        "--year", "2017", "--out", out, "--json",
    )  # fmt: skip
    assert found.exception is None, found.output
    said = json.loads(found.stdout)["quality"][0]
    assert said["error_held_out"] < said["error_quotients"] < said["error_scaled"]
    table = read_path(out)
    assert (table.n, table.year, table.classification) == (42, 2017, "cn42_2017")
