"""Below and behind a slide: source line, number and the speaker's notes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from graphmap.render.slides.parts import Deck, Run, fill_of, runs, spelt, text_box
from graphmap.render.slides.template import Box, box_of
from graphmap.render.slides.text import cleaned, cut, height, lines

NUMBER_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"
"""What PowerPoint knows its fields by; any will do, the same always."""

SIZES = (10, 9, 8)


def notes(deck: Deck, slide: Any, paragraphs: Sequence[str]) -> None:
    """The speaker's notes: what the slide rests on and what its measures mean."""
    runs(
        deck,
        slide.notes_slide.notes_text_frame,
        [[Run(text)] for text in paragraphs if text],
        plain=True,
    )


def footed(deck: Deck, slide: Any, sources: Sequence[str]) -> None:
    """Source line and slide number: in the layout's own places, or at the bottom of the slide.

    Args:
        deck, slide: where.
        sources: wordings of the source line, the longest first; the first that fits is taken.
    """
    line = {"ftr": None, "sldNum": None}
    for shape in deck.template.content.placeholders:
        kind = shape._element.ph.get("type")
        if kind in line:
            line[kind] = shape
    strip = deck.template.strip
    if line["ftr"] is None:
        box = Box(strip.left, strip.top, strip.width - 0.9, strip.height)
        text, size = _source(deck, sources, box.width, SIZES)
        text_box(deck, slide, box, [[Run(text, colour="muted")]], size)
    else:
        shape = _copied(slide, line["ftr"])
        text, size = _source(deck, sources, box_of(line["ftr"]).width - 0.2, SIZES)
        runs(deck, shape.text_frame, [[Run(text)]], size, plain=True)
    if line["sldNum"] is None:
        box = Box(strip.right - 0.8, strip.top, 0.8, strip.height)
        shape = text_box(deck, slide, box, [[]], 10, align="r")
        _number(deck, slide, shape, 10)
    else:
        _number(deck, slide, _copied(slide, line["sldNum"]), None)


def _source(
    deck: Deck, wordings: Sequence[str], room: float, sizes: Sequence[float]
) -> tuple[str, float]:
    for text in wordings:
        for size in sizes:
            if lines(cleaned(text), size, room, deck.lang) == 1:
                return text, size
    return cut(cleaned(wordings[-1]), sizes[-1], (room, 1.5 * height(1, sizes[-1])), deck.lang), (
        sizes[-1]
    )


def _copied(slide: Any, holder: Any) -> Any:
    """A placeholder of the layout on the slide itself, where its text can be set."""
    element = deepcopy(holder._element)
    for place in element.spPr.xpath("a:xfrm"):
        element.spPr.remove(place)
    slide.shapes._spTree.append(element)
    ids = [int(each) for each in slide.shapes._spTree.xpath("//p:cNvPr/@id")]
    element.nvSpPr.cNvPr.set("id", str(max(ids) + 1))
    return slide.shapes[-1]


def _number(deck: Deck, slide: Any, shape: Any, size: float | None) -> None:
    """The slide's number as a field, which follows when slides are moved."""
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import nsdecls  # noqa: PLC0415

    line = shape.text_frame.paragraphs[0]._p
    for old in line.xpath("a:r | a:fld | a:br | a:endParaRPr"):
        line.remove(old)
    count = len(deck.template.presentation.slides)
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{NUMBER_FIELD}" type="slidenum"><a:rPr/>'
        f"<a:t>{count}</a:t></a:fld>"
    )
    line.append(field)
    properties = field[0]
    spelt(deck, properties)
    if size:
        properties.set("sz", str(int(size * 100)))
        properties.insert(0, fill_of(deck, "muted"))
