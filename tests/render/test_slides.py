"""The deck: native, complete, deterministic, and nothing overflows."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from itertools import combinations

import numpy as np
import openpyxl
import pandas as pd
import pytest
from lxml import etree
from made import table_of
from pptx import Presentation
from pptx.oxml.ns import qn

import graphmap as gm
from graphmap.classification.regions import regions
from graphmap.errors import DataError
from graphmap.i18n import words
from graphmap.render.slides import PAGES, deck, write_slides
from graphmap.render.slides.charts import bar_chart
from graphmap.render.slides.data import _regions, bars_of
from graphmap.render.slides.pages import _typeset
from graphmap.render.slides.parts import Deck, new_slide
from graphmap.render.slides.template import template_of
from graphmap.statements import headline

EMU = 914_400
HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script> & co",
    "Line\nbreak\x07 bell",
    "مرحبا بالعالم",
    "Very long name " * 12,
    "Supercalifragilisticexpialidocious" * 3,
    "罕见部门名称" * 9,
    "+1",
    "@SUM(A1)",
]


@pytest.fixture(scope="module")
def source(request):
    """The constructed table of two provinces; the bundled sample where there is none."""
    try:
        folder = request.getfixturevalue("data") / "constructed"
    except pytest.skip.Exception:
        return gm.read("sample")
    return gm.read(folder / "Guangdong_Zhejiang_2017_ceads_layout.xlsx")


@pytest.fixture(scope="module", autouse=True)
def small_pictures():
    """Nothing here looks at the pixels of a map."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphmap.render.slides.pages.DPI", 40)
        yield


@pytest.fixture(scope="module")
def panels(source):
    """Guangdong and Zhejiang, each beside the other."""
    return {
        code: gm.panel(gm.study(source.select([code])), beside=[source])
        for code in ("CN-GD", "CN-ZJ")
    }


@pytest.fixture(scope="module")
def decks(panels):
    """Both provinces in English and Chinese."""
    return {(code, tag): deck(panels[code], tag) for code in panels for tag in ("en", "zh-Hans")}


@pytest.fixture
def no_draws(monkeypatch):
    """Rank intervals take longer than the rest."""
    monkeypatch.setattr(gm.Study, "drawn", None)


def opened(content):
    return Presentation(io.BytesIO(content))


@cache
def hostile_panel():
    random = np.random.default_rng(1)
    n = len(HOSTILE)
    Z = random.random((n, n)) * 5
    x = 3 * (Z.sum(0) + Z.sum(1) + 10)
    return gm.panel(gm.study(table_of(Z, x, co2=random.random(n) * 5, names=HOSTILE)))


def texts(slide):
    """Every text of a slide: frames, cells, charts."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            plot = shape.chart.plots[0]
            yield from map(str, plot.categories)
            yield shape.chart.chart_title.text_frame.text


def boxes(slide):
    for shape in slide.shapes:
        yield (
            shape.name,
            shape.left / EMU,
            shape.top / EMU,
            (shape.left + shape.width) / EMU,
            (shape.top + shape.height) / EMU,
        )


def assert_apart(presentation):
    """Shapes lie inside the slide and beside each other."""
    wide, high = presentation.slide_width / EMU, presentation.slide_height / EMU
    for number, slide in enumerate(presentation.slides, start=1):
        found = list(boxes(slide))
        for name, left, top, right, bottom in found:
            assert left >= -0.001, (number, name)
            assert top >= -0.001, (number, name)
            assert right <= wide + 0.001, (number, name)
            assert bottom <= high + 0.001, (number, name)
        for (a, l1, t1, r1, b1), (b, l2, t2, r2, b2) in combinations(found, 2):
            over = min(r1, r2) - max(l1, l2), min(b1, b2) - max(t1, t2)
            assert min(over) <= 0.005, (number, a, b, over)


def test_reopens_with_every_slide_in_order(decks, panels) -> None:
    for (code, tag), content in decks.items():
        slides = list(opened(content).slides)
        assert len(slides) == len(PAGES)
        titles = [slide.shapes.title.text_frame.text.replace("\xa0", " ") for slide in slides]
        assert all(titles)
        assert len(set(titles)) == len(titles)
        assert titles[0] == panels[code].latest.title[tag]
        assert titles[1] == headline(panels[code]).text[tag]


def test_provinces_are_told_apart(decks) -> None:
    for tag in ("en", "zh-Hans"):
        both = [opened(decks[code, tag]) for code in ("CN-GD", "CN-ZJ")]
        for number in (0, 1, 3, 4, 5, 7):
            one, other = (" ".join(texts(each.slides[number])) for each in both)
            assert one != other, number
        charts = [
            next(s.chart for s in each.slides[5].shapes if s.has_chart).plots[0].series[0].values
            for each in both
        ]
        assert charts[0] != charts[1]


def test_shapes_lie_inside_and_apart(decks) -> None:
    for content in decks.values():
        assert_apart(opened(content))


def test_tables_and_charts_are_native_and_described(decks) -> None:
    for content in decks.values():
        slides = list(opened(content).slides)
        assert any(s.has_table for s in slides[3].shapes)
        assert any(s.has_table for s in slides[4].shapes)
        assert any(s.has_chart for s in slides[5].shapes)
        assert any(s.has_chart for s in slides[6].shapes)
        for slide in slides:
            for shape in slide.shapes:
                if shape.shape_type in (13, 19, 3):  # picture, table, chart
                    about = shape._element.xpath(".//p:cNvPr")[0].get("descr")
                    assert about, shape.name
                    assert len(about) > 15


def test_slide_numbers_are_fields_and_notes_have_sources(decks) -> None:
    for (_, tag), content in decks.items():
        for number, slide in enumerate(opened(content).slides, start=1):
            fields = slide._element.xpath(".//a:fld[@type='slidenum']")
            assert len(fields) == (number > 1)
            if fields:
                assert fields[0].find(qn("a:t")).text == str(number)
            notes = slide.notes_slide.notes_text_frame.text
            if number < len(PAGES):
                assert words("page.source", sources="")[tag].strip() in notes
    notes = opened(decks["CN-GD", "en"]).slides[3].notes_slide.notes_text_frame.text
    for measure in ("gross_output", "direct_co2", "footprint", "transmission", "priority"):
        assert words(f"measure.{measure}.help")["en"] in notes


def test_every_run_says_its_language(decks) -> None:
    spelled = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-HK"}
    for (_, tag), content in decks.items():
        for slide in opened(content).slides:
            for root in (slide._element, slide.notes_slide._element):
                runs = [r for r in root.iter(qn("a:r")) if r.getparent().getparent().tag]
                assert runs
                for run in runs:
                    assert run.find(qn("a:rPr")).get("lang") == spelled[tag]
                    assert run.find(qn("a:rPr")).get("altLang")


def test_same_panel_same_bytes(panels, decks) -> None:
    again = deck(panels["CN-GD"], "en")
    one, other = (hashlib.sha256(each).hexdigest() for each in (again, decks["CN-GD", "en"]))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(again)) as packed:
        assert {entry.date_time[:3] for entry in packed.infolist()} == {(1980, 1, 1)}
        assert packed.namelist()[0] == "[Content_Types].xml"
        charts = [name for name in packed.namelist() if name.endswith(".xlsx")]
        assert len(charts) == 3
        for name in charts:
            book = openpyxl.load_workbook(io.BytesIO(packed.read(name)))
            assert book.properties.created.year == 2000


def test_charts_can_be_edited(decks, panels) -> None:
    slide = opened(decks["CN-GD", "en"]).slides[5]
    chart = next(s.chart for s in slide.shapes if s.has_chart)
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    rows = list(book.active.iter_rows(values_only=True))
    values = [row[1] for row in rows[1:]]
    assert values == pytest.approx(list(chart.plots[0].series[0].values))
    expected = panels["CN-GD"].latest.paths_between["co2"].head(len(values))
    assert values == pytest.approx(list(expected), rel=1e-12)
    assert [row[0] for row in rows[1:]] == list(chart.plots[0].categories)


def numbers_of(text):
    for found in re.findall(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])", text):
        plain = found.replace(",", "")
        if plain.strip("."):
            yield float(plain), len(plain.partition(".")[2])


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_every_number_is_the_workbooks(panels, decks, tag) -> None:
    workbook = pytest.importorskip("graphmap.render.workbook").workbook
    for code in panels:
        book = openpyxl.load_workbook(io.BytesIO(workbook(panels[code], tag)), read_only=True)
        cells = np.unique(
            [
                abs(float(value))
                for sheet in book.worksheets
                for row in sheet.iter_rows(values_only=True)
                for value in row
                if isinstance(value, int | float) and not isinstance(value, bool)
            ]
        )
        # as computed; shares in per cent; money in billions and in 亿
        known = np.unique(np.concatenate([cells, cells * 100, cells / 1e4, cells / 1e5]))
        missing, seen = [], 0
        for number, slide in enumerate(list(opened(decks[code, tag]).slides)[1:-1], start=2):
            for text in texts(slide):
                if text.startswith(words("page.source", sources="")[tag][:3]):
                    continue  # the source line: years, and the number of a slide
                for value, digits in numbers_of(text):
                    seen += 1
                    near = known[np.searchsorted(known, value - 0.51 * 10**-digits) :]
                    if not len(near) or near[0] > value + 0.51 * 10**-digits:
                        missing.append((number, value, text))
        assert seen > 100
        assert missing == []


def test_hostile_names_are_text(no_draws) -> None:
    content = deck(hostile_panel(), "en")
    presentation = opened(content)
    assert_apart(presentation)
    said = [text for slide in presentation.slides for text in texts(slide)]
    assert any("<script>alert(1)</script> & co" in text for text in said)
    assert any("Line break bell" in text for text in said)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(packed.read(name))
                assert b"hlinkClick" not in packed.read(name)
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(packed.read(name))) as book:
                    sheet = book.read("xl/worksheets/sheet1.xml")
                    assert b"<f>" not in sheet
                    assert b"hyperlink" not in sheet


def test_a_label_of_a_chart_is_no_formula(no_draws) -> None:
    made = Deck(template_of(), hostile_panel(), "en")
    slide = new_slide(made, "Chart")
    bars = [(name, float(i), "#000000") for i, name in enumerate(HOSTILE)]
    bars.append(("unknown", float("nan"), "#000000"))
    bar_chart(made, slide, made.template.area, bars, "=1+1", 1, "name", "text")
    blob = slide.shapes[-1].chart.part.chart_workbook.xlsx_part.blob
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(blob)).active for cell in row]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert cells[1].value == "=1+1"
    assert cells[2].value == HOSTILE[0]
    assert cells[-1].value is None


def test_money_alone_leaves_out_what_it_cannot_say(no_draws) -> None:
    random = np.random.default_rng(2)
    Z = random.random((9, 9)) * 5
    shown = gm.panel(gm.study(table_of(Z, 3 * (Z.sum(0) + Z.sum(1) + 10))))
    tag = "zh-Hant"
    presentation = opened(deck(shown, tag))
    assert_apart(presentation)
    assert len(presentation.slides) == len(PAGES) - 3
    notes = presentation.slides[-1].notes_slide.notes_text_frame.text
    for key in ("paths", "comparison", "first_steps"):
        assert words(f"slides.none.{key}")[tag] in notes
    table = next(s.table for s in presentation.slides[3].shapes if s.has_table)
    assert words("measure.direct_co2")[tag] not in table.cell(0, 2).text


def test_list_of_flows(data) -> None:
    folder = data / "visceads"
    found = gm.read_flows(
        folder / "top88_flows.csv", folder / "sector_totals.csv", region="Guangdong", year=2017
    )
    presentation = opened(deck(gm.panel(gm.study(found)), "zh-Hans"))
    assert_apart(presentation)
    titles = " ".join(slide.shapes.title.text_frame.text for slide in presentation.slides)
    assert "路径" not in titles
    assert "所列" in titles
    table = next(s.table for s in presentation.slides[3].shapes if s.has_table)
    heads = [cell.text for cell in table.rows[0].cells]
    assert not any(words("measure.footprint")["zh-Hans"] in head for head in heads)
    assert not any(words("slides.share")["zh-Hans"] in head for head in heads)


def test_comparison_of_years_and_of_regions(no_draws) -> None:
    table = gm.read("sample", region="CN-GD")
    totals = pd.DataFrame(
        {
            "region": ["CN-GD"] * 3 + ["CN-ZJ"],
            "year": [2012, 2015, 2017, 2017],
            "direct_co2": [400.0, 450.0, 515.0, 366.0],
            "direct_intensity": [0.4, 0.3, 0.2, 0.26],
            "gross_output": [1.0, 2.0, 3.0, 2.0],
        }
    )
    shown = gm.panel(gm.study(table))
    alone = [chart for chart in bars_of(shown) if chart.of]
    assert alone == []
    totals["year"] = totals["year"].astype("Int64")
    for column in ("sectors", "sectors_with_direct_co2", "sectors_with_gross_output"):
        totals[column] = 42
    for column in ("unknown_in_direct_co2", "unknown_in_gross_output"):
        totals[column] = 0.0
    object.__setattr__(shown, "totals", totals)
    beside_others, years = bars_of(shown)
    assert [(name["en"], value, own) for name, value, own in beside_others.rows] == [
        ("1  Guangdong", 515.0, True),
        ("2  Zhejiang", 366.0, False),
    ]
    assert [(name["en"], value, own) for name, value, own in years.rows] == [
        ("2012", 400.0, False),
        ("2015", 450.0, False),
        ("2017", 515.0, True),
    ]
    # a year whose most important sectors are unknown is not drawn beside others
    totals.loc[2, "unknown_in_direct_co2"] = 0.5
    assert [chart.of for chart in bars_of(shown)] == []


def test_of_many_regions_the_ends_and_the_neighbours_are_shown() -> None:
    codes = list(regions())[:30]
    totals = pd.DataFrame({"region": codes, "direct_co2": np.arange(30.0)[::-1]})
    found = _regions(totals, "direct_co2", [codes[17]])
    ranks = [int(name["en"].split()[0]) for name, _, _ in found]
    assert ranks == [1, 2, 3, 4, *range(15, 21), 27, 28, 29, 30]
    assert [own for _, _, own in found].index(True) == ranks.index(18)
    assert [value for _, value, _ in found] == [30.0 - rank for rank in ranks]
    few = _regions(totals.head(5), "direct_co2", codes[:5])
    assert len(few) == 5
    assert not any(own for _, _, own in few)


def test_formulas_have_their_indices_set_low() -> None:
    runs = _typeset("embodies m_i Z_ij of top_flows.csv, (m_i − f_i)")
    assert [run.text for run in runs if run.low] == ["i", "ij", "i", "i"]
    assert "".join(run.text for run in runs) == "embodies mi Zij of top_flows.csv, (mi − fi)"


def test_several_regions_in_one_study(no_draws) -> None:
    presentation = opened(deck(gm.panel(gm.study(gm.read("sample"))), "zh-Hant"))
    assert_apart(presentation)
    slides = presentation.slides
    assert any("隱含碳" in text for slide in slides for text in texts(slide))
    for run in (run for slide in slides for run in slide._element.iter(qn("a:r"))):
        assert run.find(qn("a:rPr")).get("lang") == "zh-HK"


def test_written_whole_or_not_at_all(tmp_path, panels) -> None:
    shown = panels["CN-GD"]
    written = write_slides(shown, tmp_path / "a" / "gd.pptx", lang="en")
    assert [file.name for file in written.parent.iterdir()] == ["gd.pptx"]
    with pytest.raises(DataError, match=r"\.pptx"):
        write_slides(shown, tmp_path / "gd.ppt")
    with pytest.raises(DataError, match="overwrite the template"):
        write_slides(shown, written, template=written)
    with pytest.raises(DataError, match="unknown language"):
        write_slides(shown, tmp_path / "b.pptx", lang="fr")
    assert not (tmp_path / "b.pptx").exists()


@pytest.fixture(scope="module")
def pdfs(decks, tmp_path_factory):
    """Every deck as LibreOffice shows it."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice and poppler-utils are needed to look at slides")
    folder = tmp_path_factory.mktemp("pdf")
    for (code, tag), content in decks.items():
        (folder / f"{code}.{tag}.pptx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = sorted(map(str, folder.glob("*.pptx")))
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    found = sorted(folder.glob("*.pdf"))
    assert len(found) == len(decks)
    return found


def test_no_text_leaves_the_slide_or_covers_another(pdfs) -> None:
    for file in pdfs:
        command = ["pdftotext", "-bbox-layout", str(file), "-"]
        root = etree.fromstring(subprocess.run(command, check=True, capture_output=True).stdout)
        pages = list(root.iter("{*}page"))
        assert len(pages) == len(PAGES)
        for number, page in enumerate(pages, start=1):
            wide, high = float(page.get("width")), float(page.get("height"))
            spots = []
            for word in page.iter("{*}word"):
                box = [float(word.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")]
                assert box[0] >= 0, (file.name, number, word.text)
                assert box[1] >= 0, (file.name, number, word.text)
                assert box[2] <= wide, (file.name, number, word.text)
                assert box[3] <= high, (file.name, number, word.text)
                spots.append((word.text, box))
            for (a, one), (b, other) in combinations(spots, 2):
                across_by = min(one[2], other[2]) - max(one[0], other[0])
                down_by = min(one[3], other[3]) - max(one[1], other[1])
                least = min(one[3] - one[1], other[3] - other[1])
                # line boxes of neighbouring lines touch; ink that overlaps goes further
                assert across_by <= 1 or down_by <= 0.4 * least, (file.name, number, a, b)


def test_chinese_is_set_in_a_chinese_face(pdfs) -> None:
    for file in pdfs:
        listed = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True, text=True)
        chinese = re.search(r"CJK|YaHei|Hei|Song|Han", listed.stdout)
        assert bool(chinese) or ".en." in file.name, listed.stdout


def test_several_regions_say_what_their_short_names_and_ranks_mean(monkeypatch, no_draws) -> None:
    study = gm.study(gm.read("sample"))
    ranks = pd.DataFrame(1, index=study.sectors.index, columns=["low", "high"])
    monkeypatch.setattr(gm.Study, "rank_intervals", ranks)
    slides = opened(deck(gm.panel(study), "en")).slides
    for number, slide in enumerate(slides, start=1):
        said = any("Regions: GD (Guangdong), ZJ (Zhejiang)." in text for text in texts(slide))
        assert said == (number > 1), number
    head = next(s.table for s in slides[3].shapes if s.has_table).rows[0].cells
    assert head[len(head) - 1].text.startswith("Rank within its region")
    one = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
    said = [text for slide in opened(deck(one, "en")).slides for text in texts(slide)]
    assert not any("Regions:" in text or "within its region" in text for text in said)
    assert any(text.startswith("Rank, 90") for text in said)


def test_a_lever_stands_before_who_holds_it(decks) -> None:
    title = opened(decks["CN-GD", "zh-Hans"]).slides[7].shapes.title.text_frame.text
    assert re.search(r"：自身减排（\w.*?）、绿色采购（\w.*?）、供应链金融（\w.*?）$", title)


def test_one_flow_and_one_partner_are_singular(no_draws) -> None:
    table = table_of(np.array([[1.0, 2.0], [0.0, 1.0]]), [9.0, 9.0], co2=[3.0, 1.0])
    slides = opened(deck(gm.panel(gm.study(table, top=1)), "en")).slides
    assert "the one flow drawn carries" in slides[2].shapes.title.text_frame.text
    assert any("The largest user and the largest supplier" in text for text in texts(slides[4]))
