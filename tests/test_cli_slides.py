"""``graphmap slides``."""

from __future__ import annotations

import json

import pytest
from pptx import Presentation
from typer.testing import CliRunner

import graphmap as gm
from graphmap.cli import app
from graphmap.errors import DataError

pytestmark = pytest.mark.skipif(
    "slides" not in {command.name for command in app.registered_commands},
    reason="the command is not registered",
)


@pytest.fixture(autouse=True)
def no_draws(monkeypatch):
    """Rank intervals and sharp pictures take longer than the rest."""
    monkeypatch.setattr(gm.Study, "drawn", None)
    monkeypatch.setattr("graphmap.render.slides.pages.DPI", 40)


def run(*words):
    return CliRunner().invoke(app, ["slides", *map(str, words)])


def test_writes_a_deck_and_says_where(tmp_path) -> None:
    out = tmp_path / "deck.pptx"
    done = run("sample", "--region", "广东", "--lang", "zh-Hans", "--out", out)
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(out)
    slides = Presentation(out).slides
    assert len(slides) == 9
    assert "广东" in slides[0].shapes.title.text_frame.text


def test_json_and_a_users_template(tmp_path) -> None:
    template, out = tmp_path / "house.pptx", tmp_path / "浙江.pptx"
    Presentation().save(template)
    done = run("sample", "--region", "CN-ZJ", "--out", out, "--template", template, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"files": [str(out)]}
    assert "浙江" in done.stdout  # as it is called, not escaped
    assert Presentation(out).slide_width == Presentation(template).slide_width


def test_what_is_wrong_is_one_message_and_no_file(tmp_path) -> None:
    out, bad = tmp_path / "deck.pptx", tmp_path / "bad.pptx"
    bad.write_text("no zip")
    # the template is looked at before the source, which may take minutes
    done = run("no such source", "--region", "CN-GD", "--out", out, "--template", bad)
    assert isinstance(done.exception, DataError)
    assert "no PowerPoint presentation" in str(done.exception)
    assert not out.exists()


def test_help_ends_with_an_example() -> None:
    text = run("--help").output
    assert "--template" in text
    assert "Example" in text
