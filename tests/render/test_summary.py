"""The one-page summary: one page whatever the names are, with the figures of the study."""

from __future__ import annotations

import re
import sys
import zlib
from contextlib import suppress
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from made import studied, table_of

import graphmap as gm
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, number
from graphmap.render.summary import EVIDENCE, SECTORS, _fitted, summary, summary_pdf
from graphmap.statements import evidence, headline

pytest.importorskip("weasyprint")

HOSTILE = [
    '=HYPERLINK("http://x")',
    "<script>alert(1)</script>",
    "A & B\nand more",
    "endless " * 12,
    "w" * 60,
    "碳" * 40,
    "bell\x07 and \u202eright to left",
    "قطاع الطاقة",
]


@pytest.fixture(scope="module")
def panels():
    """Guangdong of the sample, hostile names, money only, one sector, and a list of flows."""
    random = np.random.default_rng(1)
    n = len(HOSTILE)
    flows = random.random((n, n))
    hostile = table_of(flows, [50.0] * n, names=HOSTILE, co2=random.random(n))
    money = table_of(flows, [50.0] * n)
    alone = table_of(np.array([[1.0, 1.0], [0, 1]]), [5.0, 5.0], co2=[1.0, 0])
    return {
        "sample": gm.panel(studied("CN-GD")),
        "two regions": gm.panel(studied("CN-GD", "CN-ZJ")),
        "hostile": gm.panel(gm.study(hostile, top=3)),
        "money": gm.panel(gm.study(money, top=3)),
        "alone": gm.panel(gm.study(alone, top=1)),
    }


def pages(pdf: bytes) -> int:
    """How many pages a PDF has, those described in compressed streams included."""
    described = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            described.append(zlib.decompressobj().decompress(stream))
    return sum(len(re.findall(rb"/Type ?/Page\b(?!s)", part)) for part in described)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<body>")[1]))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_it_is_one_page_in_each_language(panels, tag) -> None:
    html = summary(panels["sample"], tag)
    assert f'<html lang="{tag}">' in html
    assert pages(summary_pdf(html)) == 1


@pytest.mark.parametrize("name", ["two regions", "hostile", "money", "alone"])
def test_it_is_one_page_of_any_table(panels, name) -> None:
    html = summary(panels[name])
    assert pages(summary_pdf(html)) == 1
    assert re.findall(r"\bnan\b|\bNone\b|[{}]", text_of(html)) == []


def test_the_count_of_pages_can_fail(panels) -> None:
    html = summary(panels["alone"]).replace("</main>", "</main><p style='margin: 300mm'>more</p>")
    assert pages(summary_pdf(html)) == 2


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_a_browser_prints_one_page_where_nothing_is_cut(panels, browser, tmp_path, name) -> None:
    file = tmp_path / "summary.html"
    file.write_text(summary(panels[name]), encoding="utf-8", errors="replace")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
    page.emulate_media(media="print")
    over = page.evaluate(
        "[...document.querySelectorAll('main, section, .last, .finding, .evidence li, dd')].filter("
        "e => e.scrollHeight > e.clientHeight + 1).map(e => e.className + e.tagName)"
    )
    page.close()
    assert over == []


def test_its_figures_are_those_of_the_study(panels) -> None:
    study = panels["sample"].latest
    html = summary(panels["sample"], "en")
    rows = re.findall(r'<tr>\s*<th scope="row"><div><span.*?</tr>', html, re.DOTALL)
    assert len(rows) == SECTORS
    for row, (_, sector) in zip(rows, study.key_sectors.iterrows(), strict=False):
        cells = re.findall(r'<td class="figure"><div>(.*?)</div>', row)
        assert cells[:3] == [
            number(sector["gross_output"] / 1e5, "en", 1),
            number(sector["direct_co2"], "en", 2),
            number(sector["direct_intensity"], "en", 3),
        ]
    for co2 in study.paths["co2"].head(6):
        assert f"<b>{number(co2, 'en', 1)} Mt</b>" in html
    assert headline(panels["sample"]).text["en"] in text_of(html).replace("&amp;", "&")


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("name", ["sample", "two regions"])
def test_its_finding_stands_whole(panels, name, tag) -> None:
    said = re.search(r'class="finding"[^>]*>(.*?)</p>', summary(panels[name], tag), re.DOTALL)[1]
    assert unescape(said).replace("\xa0", " ") == headline(panels[name]).text[tag]


def test_a_long_finding_stands_whole(monkeypatch, panels) -> None:
    long = (
        "NX Electricity & heat, NX Metal smelting, HI Building materials – 3 of 84 sectors – emit "
        "82 % of the direct CO₂ of the industries of Inner Mongolia, Heilongjiang, Hainan; "
        "the final products of NX Construction, HI Food & tobacco, HI Vehicles & ships embody 36 % "
        "of the total, against 2 % emitted there."
    )
    said = replace(headline(panels["alone"]), text=dict.fromkeys(LANGUAGES, long))
    monkeypatch.setattr("graphmap.render.summary.headline", lambda panel: said)
    page = summary(panels["alone"], "en")
    assert long in unescape(page).replace("\xa0", " ")
    assert pages(summary_pdf(page)) == 1


def test_what_it_has_no_room_for_is_said_to_be_elsewhere(panels) -> None:
    count = len(evidence(panels["sample"]))
    assert count > EVIDENCE
    assert f"Of {count} statements of evidence the first {EVIDENCE}" in summary(
        panels["sample"], "en"
    )
    _, said = _fitted(["Emissions of 300 Mt, " + "supplied by others " * 5, "more " * 60], "en")
    assert said.endswith("others . More in the slides")
    _, every = _fitted(["Emissions of 300 Mt", "two"], "en")
    assert every == "Emissions of 300 Mt. two"


def test_it_holds_no_script_and_asks_no_other_host(panels) -> None:
    html = summary(panels["hostile"])
    assert "<script" not in html
    assert not re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!data:)\w", html)
    assert "default-src 'none'" in html


def test_the_same_panel_gives_the_same_bytes(panels) -> None:
    first, second = (summary(panels["alone"]) for _ in range(2))
    assert first == second
    one, other = (summary_pdf(first) for _ in range(2))
    assert one == other
    assert b"CreationDate" not in one and b"ModDate" not in one


def test_without_emissions_it_names_transactions(panels) -> None:
    text = text_of(summary(panels["money"], "en"))
    assert "Largest transactions between sectors (money)" in text
    assert "High-carbon" not in text
    assert "Mt" not in text


def test_axe_finds_nothing_serious(panels, browser, axe, tmp_path) -> None:
    file = tmp_path / "summary.html"
    file.write_text(summary(panels["sample"], "zh-Hant"), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert axe(page) == []
    page.close()


@pytest.mark.parametrize("error", [None, OSError("cannot load library 'libpango-1.0-0'")])
def test_without_weasyprint_or_pango_the_extra_is_named(monkeypatch, error) -> None:
    if error is None:
        monkeypatch.setitem(sys.modules, "weasyprint", None)
    else:

        class Broken:
            def __getattr__(self, name: str):
                raise error

        monkeypatch.setitem(sys.modules, "weasyprint", Broken())
    with pytest.raises(DataError, match=r'ip install "graphmap\[pdf\]"'):
        summary_pdf("<p>")


def test_nothing_outside_the_page_is_read(tmp_path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    html = f'<img src="{(tmp_path / "secret.svg").as_uri()}"><p>x'
    assert b"secret" not in summary_pdf(html)
