"""Our own template, and those of users: what is taken of them, and what is refused."""

from __future__ import annotations

import io
import zipfile
from itertools import combinations

import pytest
from lxml import etree
from made import studied
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

import graphmap as gm
from graphmap.errors import DataError
from graphmap.render.palette import INK, ROLE
from graphmap.render.slides import deck
from graphmap.render.slides.template import EMU, template_of

SECRET = "secret of an old slide"


@pytest.fixture(autouse=True)
def no_draws(monkeypatch):
    """Rank intervals take longer than the rest."""
    monkeypatch.setattr(gm.Study, "drawn", None)


@pytest.fixture
def shown(no_draws):
    return gm.panel(gm.study(gm.read("sample", region="CN-GD")), beside=[gm.read("sample")])


def saved(presentation, path):
    presentation.save(path)
    return path


@pytest.fixture
def corporate(tmp_path):
    """4:3, white on dark blue, a logo, slides with notes and a list of sections."""
    made = Presentation()
    master = made.slide_master
    common = master._element.cSld
    common.remove(common.find("{*}bg"))
    common.insert(
        0,
        parse_xml(
            f'<p:bg {nsdecls("p", "a")}><p:bgPr><a:solidFill><a:srgbClr val="102040"/>'
            "</a:solidFill><a:effectLst/></p:bgPr></p:bg>"
        ),
    )
    for colour in master._element.xpath("p:txStyles//a:schemeClr"):
        colour.set("val", "bg1")
    logo = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="logo"/><p:cNvSpPr/>'
        '<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="9144000" cy="1600200"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></p:spPr></p:sp>"
    )
    master.shapes._spTree.append(logo)
    for _ in range(3):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = SECRET
        slide.notes_slide.notes_text_frame.text = SECRET
    ids = "".join(f'<p14:sldId id="{each.get("id")}"/>' for each in made.slides._sldIdLst.sldId_lst)
    made.part._element.append(
        parse_xml(
            f'<p:extLst {nsdecls("p")}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
            '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
            f'<p14:section name="{SECRET}" id="{{6F2B9B3A-8C5E-4E1B-9D0B-0C6C4B2E7F11}}">'
            f"<p14:sldIdLst>{ids}</p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>"
        )
    )
    return saved(made, tmp_path / "corporate.pptx")


def boxes(slide):
    return [
        (s.name, s.left / EMU, s.top / EMU, (s.left + s.width) / EMU, (s.top + s.height) / EMU)
        for s in slide.shapes
    ]


def test_our_own_is_wide_with_our_colours_and_fonts() -> None:
    for tag, face in (("zh-Hans", "Microsoft YaHei"), ("zh-Hant", "Microsoft JhengHei")):
        found = template_of(lang=tag)
        made = found.presentation
        assert made.slide_width / made.slide_height == pytest.approx(16 / 9)
        themes = [
            rel.target_part.blob
            for rel in made.slide_master.part.rels.values()
            if rel.reltype.endswith("/theme")
        ]
        theme = etree.fromstring(themes[0])
        colours = {
            slot.tag.rpartition("}")[2]: slot[0].get("val")
            for slot in next(theme.iter("{*}clrScheme"))
        }
        assert colours["dk1"] == INK[1:].upper()
        assert colours["accent1"] == ROLE["high_carbon"][1:].upper()
        assert {e.get("typeface") for e in theme.iter("{*}ea")} == {face}
        assert found.area.bottom < 7.0
        assert found.area.width > 12
        assert len(made.slides) == 0


def test_a_users_size_layouts_and_background_are_kept(shown, corporate) -> None:
    made = Presentation(io.BytesIO(deck(shown, "zh-Hans", template=corporate)))
    assert made.slide_width / made.slide_height == pytest.approx(4 / 3)
    layouts = [slide.slide_layout.name for slide in made.slides]
    assert layouts[0] == "Title Slide"
    assert set(layouts[1:]) == {"Title Only"}
    found = template_of(corporate)
    assert found.area.top >= 1600200 / EMU  # below the logo
    wide, high = made.slide_width / EMU, made.slide_height / EMU
    for slide in list(made.slides)[1:]:
        placed = boxes(slide)
        for name, left, top, right, bottom in placed:
            assert left >= 0, name
            assert top >= 0, name
            assert right <= wide + 0.001, name
            assert bottom <= high + 0.001, name
        for (a, l1, t1, r1, b1), (b, l2, t2, r2, b2) in combinations(placed, 2):
            over = min(r1, r2) - max(l1, l2), min(b1, b2) - max(t1, t2)
            assert min(over) <= 0.005, (a, b)


def test_text_is_in_the_templates_colour(shown, corporate) -> None:
    made = Presentation(io.BytesIO(deck(shown, "en", template=corporate)))
    slide = made.slides[1]
    runs = [
        run
        for shape in slide.shapes
        if shape.has_text_frame and not shape.is_placeholder
        for run in shape._element.iter("{*}r")
    ]
    assert runs
    assert {run.find("{*}rPr/{*}solidFill/{*}schemeClr").get("val") for run in runs} == {"bg1"}


def test_nothing_of_old_slides_is_left(shown, corporate) -> None:
    content = deck(shown, "en", template=corporate)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        assert not [name for name in names if SECRET.encode() in packed.read(name)]
        slides = [name for name in names if name.startswith("ppt/slides/slide")]
        notes = [name for name in names if name.startswith("ppt/notesSlides/notesSlide")]
        root = packed.read("ppt/presentation.xml")
    assert len(slides) == len(notes) == len(Presentation(io.BytesIO(content)).slides)
    assert b"sectionLst" not in root


def test_layouts_are_found_by_what_they_have(shown, tmp_path) -> None:
    made = Presentation()
    for layout, name in zip(list(made.slide_layouts), "ABCDEFGHIJK", strict=True):
        layout.name = name
    for layout in list(made.slide_layouts):
        if layout.name not in "BEK":  # content, comparison, vertical title
            made.slide_layouts.remove(layout)
    found = template_of(saved(made, tmp_path / "renamed.pptx"))
    assert found.content.name == "B"
    slides = Presentation(io.BytesIO(deck(shown, "en", template=tmp_path / "renamed.pptx"))).slides
    for slide in slides:  # no empty placeholder is left
        kinds = {shape._element.ph.get("type") for shape in slide.placeholders}
        assert kinds <= {"title", "ftr", "sldNum", "subTitle"}


def test_a_template_without_footers_gets_source_and_number(shown, tmp_path) -> None:
    made = Presentation()
    for holder in made.slide_layouts:
        for shape in list(holder.placeholders):
            if shape._element.ph.get("type") in ("dt", "ftr", "sldNum"):
                shape._element.getparent().remove(shape._element)
    path = saved(made, tmp_path / "bare.pptx")
    slides = list(Presentation(io.BytesIO(deck(shown, "en", template=path))).slides)
    for slide in slides[1:]:
        assert len(slide._element.xpath(".//a:fld[@type='slidenum']")) == 1
        for (a, l1, t1, r1, b1), (b, l2, t2, r2, b2) in combinations(boxes(slide), 2):
            assert min(min(r1, r2) - max(l1, l2), min(b1, b2) - max(t1, t2)) <= 0.005, (a, b)


def test_what_cannot_be_a_template_is_refused_in_one_message(tmp_path) -> None:
    text = tmp_path / "text.pptx"
    text.write_text("no zip")
    other = tmp_path / "other.pptx"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("[Content_Types].xml", "<a/>")
    locked = tmp_path / "locked.pptx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    bomb = tmp_path / "bomb.pptx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("ppt/presentation.xml", b"0" * 50_000_000)
    potx = tmp_path / "house.potx"
    made = io.BytesIO()
    Presentation().save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(potx, "w") as new:
        for name in old.namelist():
            main = b"presentationml.presentation.main"
            new.writestr(name, old.read(name).replace(main, b"presentationml.template.main"))
    cut = tmp_path / "cut.pptx"
    cut.write_bytes(made.getvalue()[:-2000])
    for path, what in (
        (text, "no PowerPoint presentation"),
        (other, "no PowerPoint presentation"),
        (locked, "encrypted"),
        (bomb, "unpacks to"),
        (potx, "save them as .pptx|Save them as .pptx|[Tt]emplates"),
        (cut, "no PowerPoint presentation"),
        (tmp_path / "absent.pptx", "cannot be read"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(DataError, match=what) as told:
            template_of(path)
        assert path.name in str(told.value)


def test_a_template_without_titles_or_room_is_refused(tmp_path) -> None:
    bare = Presentation()
    for layout in list(bare.slide_layouts):
        if layout.name != "Blank":
            bare.slide_layouts.remove(layout)
    with pytest.raises(DataError, match="no layout with a title"):
        template_of(saved(bare, tmp_path / "blank.pptx"))
    low = Presentation()
    for holder in (low.slide_master, *low.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.ph.get("type") in ("title", "ctrTitle"):
                shape.left, shape.top, shape.width, shape.height = map(Inches, (0.5, 4, 9, 2))
    with pytest.raises(DataError, match="room below it"):
        template_of(saved(low, tmp_path / "low.pptx"))


def test_without_python_pptx_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pptx", None)
    with pytest.raises(DataError, match=r"graphmap\[slides\]"):
        deck(gm.panel(studied("CN-GD")), "en")
