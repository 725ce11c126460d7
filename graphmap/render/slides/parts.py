"""What slides are made of: titles, text, pictures, notes, source and number, all native."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

from graphmap.i18n import Names
from graphmap.panel import Panel
from graphmap.render.palette import EDGE
from graphmap.render.slides.template import Box, Template, box_of
from graphmap.render.slides.text import cleaned, cut, fitting, height
from graphmap.studied import Study

SPELLING = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-HK"}
"""What the spelling checker of a reader takes each language for."""

TITLE_SIZES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.35, 0.3)
"""Of the template's own size of titles, those tried in turn."""

CAPTION = 0.25
"""Inches of the line below a table, chart or cards that says what they leave out."""

LONGEST_NAME = 3.4
"""Inches that a sector's name takes at 10 points, at most."""


class Run(NamedTuple):
    """A stretch of text that looks the same throughout.

    Attributes:
        text: what it says.
        bold: whether it is bold.
        colour: ``#rrggbb``; ``muted``; the template's body text if None.
        size: in points; that of the paragraph if None.
        low: whether it is an index, set below the line.
    """

    text: str
    bold: bool = False
    colour: str | None = None
    size: float | None = None
    low: bool = False


Paragraph = Sequence[Run]


@dataclass(frozen=True, eq=False)
class Deck:
    """What every slide is made from.

    Attributes:
        template: where slides are put.
        panel: what they are of; the latest year where they are of one.
        lang: the language.
        left_out: why slides that other data have are not there.
    """

    template: Template
    panel: Panel
    lang: str
    left_out: tuple[Names, ...] = ()

    @property
    def study(self) -> Study:
        """The study shown."""
        return self.panel.latest

    def label(self, i: int) -> str:
        """The short name of the i-th sector; a name that goes on and on ends with an ellipsis."""
        text = cleaned(self.study.network.labels[i][self.lang])
        return cut(text, 10, (LONGEST_NAME, 1.5 * height(1, 10)), self.lang)


def new_slide(deck: Deck, title: str, layout: Any | None = None, keep: Sequence[str] = ()) -> Any:
    """A slide with its title in the title placeholder, and no other but of the types to keep."""
    layout = layout or deck.template.content
    slide = deck.template.presentation.slides.add_slide(layout)
    holder = slide.shapes.title
    for shape in list(slide.placeholders):
        if shape._element is not holder._element and shape._element.ph.get("type") not in keep:
            shape._element.getparent().remove(shape._element)
    filled(deck, holder, [title], size_of(layout, TITLES, "titleStyle"), bold=True)
    return slide


def filled(deck: Deck, shape: Any, texts: Sequence[str], usual: float, bold: bool = False) -> None:
    """Put paragraphs into a placeholder, smaller than usual only where they would not fit."""
    box = box_of(shape)
    wide = max(box.width - 0.2, 0.1)
    high = max((box.height - 0.1) / len(texts), height(1, usual * TITLE_SIZES[-1]))
    sizes = [round(usual * share, 1) for share in TITLE_SIZES]
    found = [fitting(cleaned(text), (wide, high), sizes, deck.lang, bold) for text in texts]
    size = min(each or sizes[-1] for each in found)
    shown = [cut(cleaned(text), size, (wide, high), deck.lang, bold) for text in texts]
    # what is of the usual size follows the template when that is changed
    paragraphs = [[Run(text, size=size if size < usual else None)] for text in shown]
    runs(deck, shape.text_frame, paragraphs, plain=True)


TITLES = ("title", "ctrTitle")


def size_of(layout: Any, kinds: Sequence[str], style: str) -> float:
    """The size of a placeholder's text in points: its layout says so, or the master."""
    master = layout.slide_master
    found = [
        size
        for each in (*layout.placeholders, *master.placeholders)
        if each._element.ph.get("type") in kinds
        for size in each._element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
    ]
    found += master._element.xpath(f"p:txStyles/p:{style}/a:lvl1pPr/a:defRPr/@sz")
    return float(found[0]) / 100 if found else 28.0


def runs(
    deck: Deck,
    frame: Any,
    paragraphs: Sequence[Paragraph],
    size: float | None = None,
    *,
    plain: bool = False,
    align: str | None = None,
    space: float = 0.0,
) -> None:
    """Write paragraphs into a text frame, each run with its language.

    Args:
        deck: what the slide is of.
        frame: the text frame; what it has is replaced.
        paragraphs: each a list of runs.
        size: of the type, in points.
        plain: leave colour and weight to the placeholder.
        align: ``l``, ``r`` or ``ctr``.
        space: points between paragraphs.
    """
    from pptx.util import Pt  # noqa: PLC0415

    frame.clear()
    for place, paragraph in enumerate(paragraphs):
        line = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if align:
            line._p.get_or_add_pPr().set("algn", align)
        if space and place:
            line.space_before = Pt(space)
        for each in paragraph:
            run = line.add_run()
            run.text = cleaned_run(each.text)
            properties = run._r.get_or_add_rPr()
            spelt(deck, properties)
            if each.low:
                properties.set("baseline", "-25000")
            points = each.size or size
            if points:
                run.font.size = Pt(points)
            if not plain:
                run.font.bold = each.bold
                properties.insert(0, fill_of(deck, each.colour))


def cleaned_run(text: str) -> str:
    """A run's text: cleaned, but for the blanks at its ends that part it from the next."""
    inner = cleaned(text)
    return (" " if text[:1] == " " else "") + inner + (" " if inner and text[-1:] == " " else "")


def spelt(deck: Deck, properties: Any) -> None:
    properties.set("lang", SPELLING[deck.lang])
    properties.set("altLang", "en-GB" if deck.lang != "en" else "zh-CN")


def fill_of(deck: Deck, colour: str | None) -> Any:
    """A colour as an element: the template's own for text, or one of the palette's."""
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    if colour is None or (colour == "muted" and not deck.template.own):
        found = deepcopy(deck.template.ink)
        for each in found if colour == "muted" else ():
            if (
                each.find(qn("a:alpha")) is None
            ):  # on any background, what steps back lets it through
                each.append(parse_xml(f'<a:alpha {nsdecls("a")} val="75000"/>'))
        return found
    if colour == "muted":
        return parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="tx2"/></a:solidFill>')
    value = colour[1:].upper()
    return parse_xml(f'<a:solidFill {nsdecls("a")}><a:srgbClr val="{value}"/></a:solidFill>')


def placed(box: Box) -> tuple[Any, Any, Any, Any]:
    """A box in the units of the file."""
    from pptx.util import Inches  # noqa: PLC0415

    left, top, wide, high = (Inches(side) for side in box)
    return left, top, wide, high


def text_box(
    deck: Deck,
    slide: Any,
    box: Box,
    paragraphs: Sequence[Paragraph],
    size: float,
    *,
    align: str | None = None,
    space: float = 0.0,
) -> Any:
    """Text at a place of its own, without margins, so that it begins where its box begins."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE  # noqa: PLC0415

    shape = slide.shapes.add_textbox(*placed(box))
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    runs(deck, frame, paragraphs, size, align=align, space=space)
    return shape


def captioned(deck: Deck, slide: Any, text: str) -> None:
    """A muted line at the bottom of the slide's area."""
    area = deck.template.area
    box = Box(area.left, area.bottom - CAPTION, area.width, CAPTION)
    size = fitting(text, box[2:], (12, 11, 10, 9, 8), deck.lang) or 8
    text_box(deck, slide, box, [[Run(cut(text, size, box[2:], deck.lang), colour="muted")]], size)


def block(deck: Deck, slide: Any, box: Box, colour: str) -> Any:
    """A filled rectangle that says nothing by itself; readers of screens pass over it."""
    from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415
    from pptx.oxml import parse_xml  # noqa: PLC0415

    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *placed(box))
    for style in shape._element.xpath("p:style"):  # shadows of the theme
        shape._element.remove(style)
    shape.line.fill.background()
    shape._element.spPr.insert(2, fill_of(deck, colour))
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    shape._element.nvSpPr.cNvPr.append(
        parse_xml(
            f'<a:extLst xmlns:a="{space}"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/'
            'decorative" val="1"/></a:ext></a:extLst>'
        )
    )
    return shape


def outlined(deck: Deck, shape: Any) -> None:
    """A thin line around a shape."""
    from pptx.util import Pt  # noqa: PLC0415

    shape.line.width = Pt(0.75)
    shape.line._get_or_add_ln().insert(0, fill_of(deck, EDGE))


def described(shape: Any, name: str, text: str) -> None:
    """Name a shape and give it alternative text."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", cleaned(name))
    properties.set("descr", cleaned(text))


def picture(slide: Any, box: Box, content: bytes, name: str, text: str) -> Any:
    """A picture with alternative text, as wide as its box and of its own proportions."""
    from pptx.util import Inches  # noqa: PLC0415

    shape = slide.shapes.add_picture(BytesIO(content), *placed(box)[:3])
    if shape.height > Inches(box.height):
        shape.width = int(shape.width * Inches(box.height) / shape.height)
        shape.height = Inches(box.height)
    described(shape, name, text)
    return shape
