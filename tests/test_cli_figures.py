"""``graphmap figures``."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from graphmap.cli.figures import figures, inches
from graphmap.errors import DataError
from graphmap.network import layout

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(figures)


def run(*words: str):
    return CliRunner().invoke(app, list(words))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


def test_figures_are_written_and_named(tmp_path) -> None:
    out = tmp_path / "figures"
    common = ["sample", "--region", "Guangdong", "--out", str(out), "--dpi", "40"]
    found = run(*common, "--kind", "map", "--format", ".SVG", "--format", "png")
    assert found.exit_code == 0, found.output
    assert found.stdout.split() == [str(out / "map.en.svg"), str(out / "map.en.png")]
    assert all((out / name).stat().st_size > 1000 for name in ("map.en.svg", "map.en.png"))
    again = run(*common, "--kind", "chain", "--language", "繁體", "--format", "pdf", "--json")
    assert json.loads(again.stdout) == {"files": [str(out / "chain.zh-Hant.pdf")]}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kind", "pie"], "unknown figure; found 'pie'; expected one of map, key-sectors"),
        (["--format", "gif"], "unknown format; found 'gif'; expected one of png, svg, pdf"),
        (["--language", "fr"], "unknown language"),
        (["--size", "big"], "cannot read --size"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_read(tmp_path, words, message) -> None:
    found = run("no-such-table.xlsx", *words, "--out", str(tmp_path / "new"))
    assert isinstance(found.exception, DataError)
    assert message in str(found.exception)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["10", "0x0", "10x", "-5x5", "1000x5", "10 by 5", "nanx5"])
def test_sizes_that_cannot_be_drawn(text) -> None:
    with pytest.raises(DataError, match=r"10x6\.2"):
        inches(text)


@pytest.mark.parametrize("text", ["10x6.2", " 10 × 6.2 ", "10X6.2"])
def test_sizes_as_they_are_typed(text) -> None:
    assert inches(text) == (10.0, 6.2)
