"""``graphmap rank`` and ``graphmap measures`` as a user runs them."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_cli import graphmap, refused

import graphmap as gm
from graphmap.cli.rank import _solved
from graphmap.leontief.methods import Report
from graphmap.leontief.rank import catalogue, rank

SECTORS = [f"{code:02d}" for code in range(1, 43)]


def test_the_table_is_printed_with_units() -> None:
    run = graphmap("rank", "sample", "--region", "Guangdong")
    assert run.returncode == 0
    assert "Direct emissions (Mt)" in run.stdout
    assert "Electricity & heat" in run.stdout.splitlines()[-42]
    assert len(run.stdout.splitlines()) >= 43
    assert run.stderr == ""


def test_how_a_large_table_was_solved_is_told_in_three_languages() -> None:
    report = asdict(Report("iterative", 3.2e-13, 18, 5.5e6))
    assert _solved(report, "en").startswith("Solved by iteration (GMRES): largest relative resid")
    assert "求解：GMRES 迭代" in _solved(report, "zh-Hans")
    assert "3e-13" in _solved(report, "zh-Hant")


def test_the_measure_sorted_by_comes_first() -> None:
    run = graphmap("rank", "sample", "--by", "value_added_multiplier", "--lang", "zh-Hans")
    heading = run.stdout.splitlines()[0]
    assert heading.split()[:2] == ["部门", "增加值乘数"]
    figures = [line.split()[-7] for line in run.stdout.splitlines()[1:10]]
    assert figures == sorted(figures, reverse=True)
    assert "另有 42 个部门" in run.stderr


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_every_measure_is_written_in_each_format(tmp_path, suffix) -> None:
    out = tmp_path / f"rank{suffix}"
    run = graphmap("rank", "sample", "--out", out)
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1] == str(out)
    read = {".csv": pd.read_csv, ".json": pd.read_json, ".parquet": pd.read_parquet}[suffix]
    found, expected = read(out), rank(gm.read("sample"))
    assert found["node"].tolist() == expected.index.tolist()
    for measure in ("extraction", "transmission", "footprint_households"):
        np.testing.assert_allclose(found[f"{measure}_mt"], expected[measure], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        found["total_intensity_t_per_10k_yuan"], expected["total_intensity"], rtol=1e-9
    )
    assert found["linkage_quadrant"].tolist() == expected["linkage_quadrant"].tolist()
    assert found["name_zh_hans"].iloc[0] == "电力、热力的生产和供应"
    assert len(found.columns) == len(expected.columns) + 1


def test_json_goes_to_standard_output_alone() -> None:
    rows = json.loads(graphmap("rank", "sample", "--json").stdout)
    assert len(rows) == 84
    assert rows[0]["node"] == "CN-GD.24"


def test_the_measures_are_described_in_three_languages() -> None:
    for lang, name in (("en", "Footprint"), ("zh-Hans", "碳足迹"), ("zh-Hant", "碳足跡")):
        rows = json.loads(graphmap("measures", "--lang", lang, "--json").stdout)
        assert [row["measure"] for row in rows] == list(catalogue())
        assert next(row for row in rows if row["measure"] == "footprint")["name"] == name
        assert all(row["meaning"] and row["formula"] for row in rows)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--by", "emisions"], ["no such measure", "emisions", "graphmap measures"]),
        (["--imports", "gone"], ["unknown treatment of imports", "gone"]),
        (["--out", "rank.xlsx"], ["rank.xlsx", "unknown format", ".parquet"]),
        (["--lang", "fr"], ["unknown language"]),
        (["--region", "Atlantis"], ["no such region", "Atlantis"]),
    ],
)
def test_bad_options_are_refused(tmp_path, words, parts) -> None:
    refused(graphmap("rank", "sample", *words, cwd=tmp_path), *parts)
    assert not list(tmp_path.iterdir())


class National:
    """A national table as the bureau publishes it, under the name of 2020, to be changed."""

    def __init__(self, data: Path) -> None:
        text = (data / "nbs" / "china_2018_42.csv").read_text(encoding="utf-8-sig")
        header, *rows = csv.reader(text.splitlines())
        self.cells = pd.DataFrame(rows, columns=header).set_index(["Code", "Origin"])

    def value(self, row: tuple[str, str], column: str) -> float:
        return float(self.cells.loc[row, column] or 0)

    def put(self, supplier: str, user: str, flow: float) -> None:
        """A domestic flow; final use of the product and the user's surplus take the difference."""
        more = flow - self.value((supplier, "Domestic"), user)
        domestic, total = (supplier, "Domestic"), [("TII", "TOT"), ("VA004", "TOT"), ("TVA", "TOT")]
        for row, column, sign in [
            (domestic, user, 1),
            (domestic, "TIU", 1),
            (domestic, "FU201", -1),
            (domestic, "TFU", -1),
            *((row, user, sign) for row, sign in zip(total, (1, -1, -1), strict=True)),
        ]:
            self.cells.loc[row, column] = repr(self.value(row, column) + sign * more)

    def write(self, folder: Path) -> Path:
        path = folder / "china_2020_42.csv"
        order = ["Code", "Description", "DescriptionInChinese", "Origin"]
        columns = [*order, *SECTORS, *self.cells.columns[-7:]]
        self.cells.reset_index()[columns].to_csv(path, index=False)
        return path


@pytest.fixture
def china(data) -> National:
    return National(data)


def test_inputs_above_output_are_warned_of_and_the_figures_stand(china, tmp_path) -> None:
    """A column of A above 1, as where a subsidised sector loses money: real, and productive."""
    output = china.value(("23", "Domestic"), "GO")
    china.put("13", "23", 1.2 * output)
    run = graphmap("rank", china.write(tmp_path), "--by", "output_multiplier", "--json")
    assert run.returncode == 0
    assert "23 Repair of metal products" in run.stderr
    assert "reach or exceed gross output" in run.stderr
    Z = china.cells.xs("Domestic", level="Origin").loc[SECTORS, SECTORS].astype(float).to_numpy()
    x = china.cells.xs("Domestic", level="Origin").loc[SECTORS, "GO"].astype(float).to_numpy()
    multipliers = np.linalg.inv(np.eye(42) - Z / x).sum(axis=0)
    found = {row["code"]: row["output_multiplier"] for row in json.loads(run.stdout)}
    np.testing.assert_allclose([found[code] for code in SECTORS], multipliers, rtol=1e-9)


def test_a_sector_without_output_is_told_and_left_empty(china, tmp_path) -> None:
    for code in SECTORS:
        china.put("05", code, 0)
        china.put(code, "05", 0)
    china.cells.loc[("05", "Domestic"), china.cells.columns[2:]] = "0"
    china.cells.loc[:, "05"] = "0"
    run = graphmap("rank", china.write(tmp_path), "--json")
    assert run.returncode == 0, run.stderr
    assert "1 sector(s) without output: CN.05" in run.stderr
    rows = {row["code"]: row for row in json.loads(run.stdout)}
    assert rows["05"]["gross_output_10k_yuan"] == 0
    assert rows["05"]["output_multiplier"] is None
    assert rows["05"]["linkage_quadrant"] is None
    others = [row["backward_linkage"] for code, row in rows.items() if code != "05"]
    assert np.mean(others) == pytest.approx(1)


def test_a_sector_without_output_that_others_use_is_refused(china, tmp_path) -> None:
    china.cells.loc[("05", "Domestic"), "GO"] = "0"
    refused(graphmap("rank", china.write(tmp_path)), "05", "gross output")


@pytest.mark.parametrize("bad", ["NaN", "nan", "#N/A", "inf", "1e999"])
def test_a_cell_that_is_no_number_is_refused_and_named(china, tmp_path, bad) -> None:
    china.cells.loc[("03", "Domestic"), "07"] = bad
    refused(graphmap("rank", china.write(tmp_path)), "china_2020_42.csv", "cell K4", "number")


def test_an_empty_cell_is_told(china, tmp_path) -> None:
    china.cells.loc[("03", "Domestic"), "07"] = ""
    run = graphmap("rank", china.write(tmp_path))
    assert run.returncode == 0
    assert "1 empty cell(s) read as zero: K4" in run.stderr
