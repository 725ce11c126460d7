"""Native tables: rows are as high as they are drawn, in Latin and in Chinese."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from lxml import etree

from graphmap.render.slides.parts import Deck, Run, new_slide, text_box
from graphmap.render.slides.tables import PAD, Cell, _high, table, words_cell
from graphmap.render.slides.template import Box, template_of
from graphmap.render.slides.text import width

pytest.importorskip("pptx")

DRAWN = {"en": 1.2, "zh-Hans": 1.45, "zh-Hant": 1.45}
"""A line over its type size as LibreOffice draws it in a table: Arial's, and Noto Sans CJK's."""

NAMES = {
    "en": "Electricity & heat, Metal smelting, Transport & post, Refined oil & coke",
    "zh-Hans": "粤 化学产品、粤 建筑、粤 电子信息、浙 批发零售、浙 非金属制品",
    "zh-Hant": "粵 化學產品、粵 建築、粵 電子信息、浙 批發零售、浙 非金屬製品",
}


def deck_of(tag):
    return Deck(template_of(None, tag), None, tag)


@pytest.mark.parametrize("tag", DRAWN)
def test_a_row_is_estimated_no_lower_than_it_is_drawn(tag) -> None:
    deck = deck_of(tag)
    row = [Cell([Run(NAMES[tag])]), Cell([Run("1.0")])]
    for size in (8, 11, 13):
        wide = 0.6 * width(NAMES[tag], size, tag) + 2 * PAD[0]  # two lines
        drawn = 2 * DRAWN[tag] * size / 72 + 2 * PAD[1]
        assert 1.01 * drawn < _high(deck, row, [wide, 1.0], size) < 1.15 * drawn


def test_a_line_of_chinese_counts_in_any_language() -> None:
    deck = deck_of("en")
    latin, chinese = (_high(deck, [words_cell(text)], [5.0], 11) for text in ("Coal", "Coal 煤"))
    assert chinese > latin


@pytest.mark.parametrize("tag", DRAWN)
def test_a_full_table_stays_in_its_box_as_drawn(tag, tmp_path) -> None:
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice and poppler-utils are needed to look at slides")
    deck = deck_of(tag)
    slide = new_slide(deck, "Table")
    box = Box(0.5, 1.5, 12.3, 4.9)
    rows = [[words_cell(NAMES[tag]) for _ in range(6)] for _ in range(40)]
    shown = table(deck, slide, box, [[words_cell("x")] * 6], rows, "name", "text")
    assert shown < len(rows)  # it is as full as can be
    text_box(deck, slide, Box(0.5, box.bottom, 12, 0.25), [[Run("below")]], 8)
    deck.template.presentation.save(tmp_path / "deck.pptx")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "deck.pdf"), "-"], check=True, capture_output=True
    )
    words = list(etree.fromstring(found.stdout).iter("{*}word"))
    ends = [float(word.get("yMax")) for word in words if word.text != "below"]
    below = next(float(word.get("yMin")) for word in words if word.text == "below")
    assert len(ends) > 6 * shown
    assert max(ends) <= 72 * box.bottom
    assert max(ends) <= below + 1
