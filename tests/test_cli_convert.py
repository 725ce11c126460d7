"""``graphmap convert`` and ``graphmap fetch`` as their users type them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from graphmap import sample
from graphmap.classification import sector_list
from graphmap.cli import app
from graphmap.errors import DataError
from graphmap.readers.stored import read_path


def run(*typed: str | Path) -> str:
    result = CliRunner().invoke(app, [str(each) for each in typed], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_a_table_in_dollars_at_the_prices_of_another_year(tmp_path: Path) -> None:
    table = sample.table()
    codes = table.index["code"].unique()
    lines = ["code,index", *(f"{code},1.25" for code in codes)]
    (tmp_path / "deflators.csv").write_text("\n".join(lines))
    out = tmp_path / "table.parquet"
    printed = run(
        "convert", "sample", "--to", "million_usd", "--rate", "6.7518",
        "--deflators", tmp_path / "deflators.csv", "--base", "2012", "--out", out,
    )  # fmt: skip
    assert printed.strip() == str(out)
    found = read_path(out)
    assert np.allclose(found.x, table.x * 100 / 6.7518 / 1.25)
    assert "2012" in found.prices and len(found.source.notes) == len(table.source.notes) + 2


def test_price_indices_of_the_other_list_of_42_sectors_are_told_by_their_names(tmp_path) -> None:
    out, file = tmp_path / "table.parquet", tmp_path / "deflators.csv"
    given = ("convert", "sample", "--deflators", file, "--base", "2012", "--out", out)

    def write(year: int) -> None:
        names = sector_list(f"cn42_{year}").sectors["name_zh_hans"].rename("sector")
        names.to_frame().assign(index=1.1).to_csv(file, index_label="code")

    write(2012)
    with pytest.raises(DataError, match=r"deflators\.csv.*sector"):
        run(*given)
    assert not out.exists()
    write(2017)
    run(*given)
    assert np.allclose(read_path(out).x, sample.table().x / 1.1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--to", "million_usd"], "no exchange rate"),
        (["--to", "florins"], "unknown money unit"),
        (["--base", "2012"], "belong together"),
    ],
)
def test_what_is_not_given_is_not_guessed(typed: list[str], said: str, tmp_path: Path) -> None:
    out = tmp_path / "table.parquet"
    with pytest.raises(DataError, match=said):
        run("convert", "sample", *typed, "--out", out)
    assert not out.exists()


@pytest.mark.parametrize(("rate", "told"), [("6.7518", False), ("0.148", True)])
def test_a_rate_the_wrong_way_round_is_told(rate: str, told: bool, tmp_path: Path) -> None:
    typed = ["convert", "sample", "--to", "million_usd", "--rate", rate]
    result = CliRunner().invoke(app, [*typed, "--out", str(tmp_path / "table.parquet")])
    assert result.exit_code == 0
    assert ("gross output" in result.stderr) == told


def test_the_databases_and_where_the_others_are() -> None:
    rows = {row["name"]: row["how"] for row in json.loads(run("fetch", "--json"))}
    assert "graphmap fetch exiobase3 --year" in rows["exiobase3"]
    assert "https://www.ceads.net" in rows["ceads"]
    assert "註冊" in run("fetch", "--lang", "zh-Hant")


def test_a_fetch_without_a_year_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1995 to"):
        run("fetch", "oecd", "--out", tmp_path)
