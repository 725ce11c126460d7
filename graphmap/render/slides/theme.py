"""Our own template, made from python-pptx's: 16:9, the palette as theme colours, theme fonts."""

from __future__ import annotations

from typing import Any

from graphmap.render.palette import CATEGORIES, INK, MUTED, PAPER, ROLE, WASH

FONTS = {
    "en": ("Arial", "Microsoft YaHei"),
    "zh-Hans": ("Arial", "Microsoft YaHei"),
    "zh-Hant": ("Arial", "Microsoft JhengHei"),
}
"""Faces that every office has: for latin letters, and for Chinese."""

COLOURS = {
    "dk1": INK,
    "lt1": PAPER,
    "dk2": MUTED,
    "lt2": WASH,
    "accent1": ROLE["high_carbon"],
    "accent2": ROLE["high_transmission"],
    "accent3": ROLE["high_output"],
    "accent4": ROLE["other"],
    "accent5": CATEGORIES[0],
    "accent6": CATEGORIES[2],
    "hlink": ROLE["high_transmission"],
    "folHlink": MUTED,
}

PLACES = {
    "title": (0.5, 0.25, 12.33, 1.12),
    "body": (0.5, 1.4, 12.33, 5.4),
    "dt": (10.0, 6.98, 1.6, 0.32),
    "ftr": (0.5, 6.98, 9.4, 0.32),
    "sldNum": (11.7, 6.98, 1.13, 0.32),
    "ctrTitle": (0.9, 1.9, 11.5, 1.7),
    "subTitle": (0.9, 3.95, 11.5, 1.5),
}
"""Left, top, width and height of each placeholder, in inches."""

SIZES = {"titleStyle": 24, "bodyStyle": 18}
"""Type sizes of the master in points."""

KEPT = ("title", "obj", "titleOnly", "blank")
"""Layouts that somebody who goes on with the deck needs."""

SMALL_PRINT = {"dt": "r", "ftr": "l", "sldNum": "r"}
"""Placeholders at the bottom, and to which side they are set."""

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def dressed(presentation: Any, lang: str) -> None:
    """Give python-pptx's own presentation our size, places, colours and fonts."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT  # noqa: PLC0415
    from pptx.util import Inches  # noqa: PLC0415

    presentation.slide_width, presentation.slide_height = Inches(40 / 3), Inches(7.5)
    for key, relation in list(presentation.part.rels.items()):
        if relation.reltype == RT.PRINTER_SETTINGS:
            presentation.part.rels.pop(key)
    master = presentation.slide_master
    for layout in list(presentation.slide_layouts):
        if layout._element.get("type") not in KEPT:
            presentation.slide_layouts.remove(layout)
    for holder in (master, *presentation.slide_layouts):
        for shape in holder.placeholders:
            _place(shape, inherits=holder is not master)
    _type(master)
    for layout in presentation.slide_layouts:
        if layout._element.get("type") == "title":
            _opening(layout)
    _theme(master.part, lang)


def _place(shape: Any, inherits: bool) -> None:
    from pptx.util import Inches  # noqa: PLC0415

    kind = shape._element.ph.get("type") or "body"
    if inherits and kind not in ("ctrTitle", "subTitle"):
        for own in shape._element.spPr.xpath("a:xfrm"):
            shape._element.spPr.remove(own)
        return
    shape.left, shape.top, shape.width, shape.height = map(Inches, PLACES[kind])


def _type(master: Any) -> None:
    """Titles bold and to the left, text without bullets, small print muted."""
    from pptx.oxml.ns import qn  # noqa: PLC0415

    for style, size in SIZES.items():
        for level in master._element.xpath(f"p:txStyles/p:{style}/a:lvl1pPr"):
            level.set("algn", "l")
            level.find(qn("a:defRPr")).set("sz", str(size * 100))
            if style == "titleStyle":
                level.find(qn("a:defRPr")).set("b", "1")
    for shape in master.placeholders:
        kind = shape._element.ph.get("type")
        body = shape._element.txBody.bodyPr
        for side in ("lIns", "rIns"):  # text begins where pictures and tables begin
            body.set(side, "0")
        if kind == "title":
            body.set("anchor", "t")
        for level in shape._element.xpath(".//a:lstStyle/a:lvl1pPr"):
            if kind in SMALL_PRINT:
                level.set("algn", SMALL_PRINT[kind])
                level.find(qn("a:defRPr")).set("sz", "1000")
                for colour in level.iter(qn("a:schemeClr")):
                    colour.set("val", "tx2")
                    for tint in list(colour):
                        colour.remove(tint)


def _opening(layout: Any) -> None:
    """The title slide: a large title over a band in the colours of the roles."""
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import qn  # noqa: PLC0415
    from pptx.util import Inches  # noqa: PLC0415

    for shape in layout.placeholders:
        kind = shape._element.ph.get("type")
        if kind in ("ctrTitle", "subTitle"):
            size, anchor = ("3600", "b") if kind == "ctrTitle" else ("1800", "t")
            shape._element.txBody.bodyPr.set("anchor", anchor)
            style = shape._element.txBody.find(qn("a:lstStyle"))
            for level in list(style):
                style.remove(level)
            colour = "tx1" if kind == "ctrTitle" else "tx2"
            style.append(
                parse_xml(
                    f'<a:lvl1pPr xmlns:a="{DRAWING}" marL="0" indent="0" algn="l"><a:buNone/>'
                    f'<a:defRPr sz="{size}"><a:solidFill><a:schemeClr val="{colour}"/>'
                    "</a:solidFill></a:defRPr></a:lvl1pPr>"
                )
            )
    for place, accent in enumerate(("accent1", "accent2", "accent3", "accent4")):
        left, top, width, height = map(Inches, (0.9 + 0.75 * place, 3.72, 0.7, 0.08))
        layout.shapes._spTree.append(
            parse_xml(
                '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
                f'xmlns:a="{DRAWING}"><p:nvSpPr><p:cNvPr id="{50 + place}" name="Band {place}"/>'
                '<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>'
                f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
                '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
                f'<a:schemeClr val="{accent}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
                "</p:sp>"
            )
        )


def _theme(master: Any, lang: str) -> None:
    """Colours and fonts of the theme, so that what is added to the deck by hand looks alike."""
    from lxml import etree  # noqa: PLC0415
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT  # noqa: PLC0415
    from pptx.oxml.ns import qn  # noqa: PLC0415

    part = master.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", "graphmap")
    for name, colour in COLOURS.items():
        slot = next(theme.iter(qn(f"a:{name}")))
        for old in list(slot):
            slot.remove(old)
        etree.SubElement(slot, qn("a:srgbClr")).set("val", colour[1:].upper())
    for fonts in (*theme.iter(qn("a:majorFont")), *theme.iter(qn("a:minorFont"))):
        for script, face in zip(("a:latin", "a:ea"), FONTS[lang], strict=True):
            fonts.find(qn(script)).set("typeface", face)
        for other in fonts.findall(qn("a:font")):
            if other.get("script") in ("Hans", "Hant"):
                tag = "zh-" + other.get("script")
                other.set("typeface", FONTS[tag][1])
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
