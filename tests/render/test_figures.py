"""Figures as files: the same each time, with their texts, in three formats, all or none."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from made import table_of
from matplotlib.text import Text
from PIL import Image

import graphmap as gm
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES
from graphmap.network import layout
from graphmap.render import figures
from graphmap.render.figures.style import finish, sheet, styled

HOSTILE = ['=HYPERLINK("x")', "<script>&amp;", "a$b$c_{d}", "مرحبا", "line\nbreak\x01", "@" * 200]


@pytest.fixture(scope="module")
def shown(sample_study):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "STEPS_PER_NODE", 2)
        return gm.panel(sample_study)


def texts(fig) -> list[str]:
    return [text.get_text() for text in fig.findobj(Text) if text.get_text().strip()]


def test_the_kinds_that_one_province_and_year_allow(shown) -> None:
    found = figures.kinds_of(shown)
    assert [kind for kind in figures.KINDS if kind in found] == found
    assert {"map", "chain", "key-sectors", "table"} <= set(found)
    assert "trends" not in found


@pytest.mark.parametrize("kind", ["map", "chain"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_figure_has_title_source_and_only_texts_of_its_language(shown, kind, tag) -> None:
    found = texts(figures.figure(shown, kind, tag))
    study = shown.latest
    assert any(study.place[tag] in text for text in found)
    assert any(study.publishers[0][tag] in text for text in found)
    chinese = [text for text in found if re.search(r"[\u4e00-\u9fff]", text)]
    assert (chinese == []) == (tag == "en")


def test_without_a_frame_there_is_neither_title_nor_source(shown) -> None:
    found = texts(figures.figure(shown, "map", "en", framed=False))
    assert shown.latest.title["en"] not in found
    assert not any(text.startswith("Source") for text in found)
    assert any("80 %" in text for text in found)  # what the flows cover stays


@pytest.mark.parametrize("form", figures.FORMATS)
def test_the_same_panel_gives_the_same_bytes(shown, form) -> None:
    one = figures.picture(shown, "map", "zh-Hans", format=form, dpi=60)
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30, "lines.dashed_pattern": [9, 9]}):
        other = figures.picture(shown, "map", "zh-Hans", format=form, dpi=60)
    assert one == other


CHILD = """
import hashlib, pickle, sys
from graphmap.render.figures import picture
shown = pickle.load(sys.stdin.buffer)
for form in ("png", "svg", "pdf"):
    print(hashlib.sha256(picture(shown, "map", "en", format=form, dpi=60)).hexdigest())
"""


def test_another_process_gives_the_same_bytes(shown) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=pickle.dumps(shown),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    here = [
        hashlib.sha256(figures.picture(shown, "map", "en", format=form, dpi=60)).hexdigest()
        for form in figures.FORMATS
    ]
    assert child.stdout.decode().split() == here


def test_drawing_changes_no_setting_of_the_reader(shown) -> None:
    before = dict(mpl.rcParams)
    figures.figure(shown, "map", "en")
    assert dict(mpl.rcParams) == before


def test_a_png_says_what_it_shows_and_has_its_size(shown) -> None:
    found = Image.open(io.BytesIO(figures.picture(shown, "map", "en", size=(8, 5), dpi=100)))
    assert found.size == (800, 500)
    assert "Guangdong 2017" in found.text["Title"]
    assert found.text["Description"] == figures.described(shown, "map")["en"]


def test_an_svg_is_one_file_of_outlines_without_a_date(shown) -> None:
    content = figures.picture(shown, "map", "zh-Hans", format="svg")
    root = ElementTree.fromstring(content)
    tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    assert "path" in tags
    assert not tags & {"text", "image", "script", "date"}
    links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_pdf_has_its_texts_as_texts_and_no_date(shown, tmp_path, tag) -> None:
    content = figures.picture(shown, "map", tag, format="pdf")
    assert b"CreationDate" not in content
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext on this machine; apt-get install poppler-utils")
    path = tmp_path / "map.pdf"
    path.write_bytes(content)
    text = subprocess.run([program, path, "-"], capture_output=True, check=True).stdout.decode()
    for i in range(shown.latest.n):
        for line in shown.latest.labels[i][tag].split("\n"):
            assert line in text


def test_files_are_named_by_kind_and_language(shown, tmp_path) -> None:
    done = []
    written = figures.write_figures(
        shown,
        tmp_path / "new",
        kinds=["map", "chain"],
        formats=["png", "svg"],
        languages=["en", "zh"],
        dpi=40,
        progress=done.append,
    )
    assert [path.name for path in written][:4] == [
        "map.en.png",
        "map.en.svg",
        "map.zh-Hans.png",
        "map.zh-Hans.svg",
    ]
    assert len(written) == 8
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(
        path.name for path in written
    )
    assert done == [1, 2, 3, 4]


def test_where_one_figure_fails_none_is_written(shown, tmp_path) -> None:
    for wrong, message in (("trends", "do not allow"), ("pie", "unknown figure.*map, key-sectors")):
        with pytest.raises(DataError, match=message):
            figures.write_figures(shown, tmp_path / "new", kinds=["map", wrong], formats=["svg"])
    with pytest.raises(DataError, match=r"unknown format.*png, svg, pdf"):
        figures.write_figures(shown, tmp_path / "new", formats=["gif"])
    assert not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def hostile():
    n = len(HOSTILE)
    Z = np.random.default_rng(1).random((n, n))
    made = table_of(Z, np.full(n, 12.0), co2=np.arange(n), names=HOSTILE)
    return gm.panel(gm.study(made, keep="60%"))


@pytest.mark.parametrize("kind", ["map", "chain"])
def test_hostile_names_are_drawn_as_they_are(hostile, kind) -> None:
    for form in figures.FORMATS:
        content = figures.picture(hostile, kind, "en", format=form, dpi=50)
        assert len(content) > 1000
    found = " ".join(texts(figures.figure(hostile, kind, "en")))
    for part in ('=HYPERLINK("x")', "<script>&amp;", "a$b$c_{d}", "مرحبا"):
        assert part in found
    assert "\x01" not in found


def test_a_character_that_no_font_has_is_one_message(shown) -> None:
    with styled("en"):
        fig, _ = sheet(shown, "en", (6, 4), shown.latest.title)
        fig.text(0.5, 0.5, "x\U0010fffd")
        with pytest.raises(DataError, match="no installed font"):
            finish(fig, "en")


@pytest.mark.parametrize("co2", [None, [1.0, 0.0]], ids=["money", "carbon"])
@pytest.mark.parametrize("kind", ["map", "chain"])
def test_one_flow_between_two_sectors(kind, co2) -> None:
    Z = np.array([[0.0, 0.2], [0.0, 0.0]])
    made = gm.panel(gm.study(table_of(Z, [1.0, 1.0], co2=co2, names=["One", "Two"])))
    assert {"One", "Two"} <= set(texts(figures.figure(made, kind, "en")))
    assert all(figures.described(made, kind).values())
