"""What a deck is built on: a clean 16:9 template made here, or a file of the user's own."""

from __future__ import annotations

import zipfile
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from graphmap.errors import DataError
from graphmap.render.slides.theme import dressed

EMU = 914_400
"""English metric units an inch."""

LARGEST, MOST_TIMES = 400_000_000, 200
"""A template unpacks to at most so many bytes, and to so many times its own size."""

LEAST_ROOM = (0.55, 0.4)
"""Of a slide's width and height, what a layout has to leave below its title."""

GAP = 0.08
"""Inches between the title or footers and the content."""

NUMBER_ROOM = 0.3
"""Inches at the bottom for source and number where a template has no room for them."""


class Box(NamedTuple):
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Inches from the left edge of the slide."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Inches from the upper edge of the slide."""
        return self.top + self.height


@dataclass(frozen=True, eq=False)
class Template:
    """A presentation without slides, and where its layouts leave room.

    Attributes:
        presentation: of python-pptx.
        opening: the layout of the title slide.
        content: the layout of all others.
        area: what is free below the title and above the footers of ``content``.
        strip: where source and number go if the layout has no places for them.
        ink: the fill of body text, as an element.
        own: whether it is ours.
    """

    presentation: Any
    opening: Any
    content: Any
    area: Box
    strip: Box
    ink: Any
    own: bool


def template_of(path: Path | str | None = None, lang: str = "en") -> Template:
    """The template to build on: ours, or the user's with its slides taken out.

    Args:
        path: a PowerPoint file (.pptx); ours where there is none.
        lang: the language, which decides on the fonts of ours.

    Raises:
        DataError: python-pptx is missing; the file is no presentation, is encrypted, unpacks to
            far more than it should, or has no layout with a title and room below it.

    Example:
        >>> found = template_of()
        >>> found.presentation.slide_width / EMU, len(found.presentation.slides)
        (13.333333333333334, 0)
    """
    try:
        from pptx import Presentation  # noqa: PLC0415
    except ImportError as error:
        raise DataError(
            "slides need python-pptx", remedy='run pip install "graphmap[slides]"'
        ) from error
    presentation = Presentation() if path is None else _opened(Path(path))
    if path is None:
        dressed(presentation, lang)
    _without_slides(presentation)
    return _measured(presentation, path)


def _opened(path: Path) -> Any:
    from pptx import Presentation  # noqa: PLC0415

    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError("cannot be read", file=path, found=error.strerror) from error
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(
            "is encrypted, or of PowerPoint 97-2003",
            file=path,
            expected="a PowerPoint file (.pptx) without a password",
            remedy="save it as .pptx without a password",
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _no_presentation(path) from error
    if unpacked > LARGEST or unpacked > max(MOST_TIMES * len(content), 10_000_000):
        raise DataError(
            "unpacks to more than a template should",
            file=path,
            found=f"{unpacked / 1e6:,.0f} MB",
            expected=f"at most {LARGEST / 1e6:,.0f} MB",
        )
    try:
        return Presentation(BytesIO(content))
    except Exception as error:  # whatever is broken in a file, python-pptx raises what it meets
        raise _no_presentation(path) from error


def _no_presentation(path: Path) -> DataError:
    return DataError(
        "is no PowerPoint presentation",
        file=path,
        expected="a .pptx file",
        remedy="templates (.potx) and presentations with macros: save them as .pptx",
    )


def _without_slides(presentation: Any) -> None:
    """Take the slides out, and all that would still name them."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT  # noqa: PLC0415

    root = presentation.part._element
    for slide in list(presentation.slides._sldIdLst):
        presentation.part.drop_rel(slide.rId)
        presentation.slides._sldIdLst.remove(slide)
    for listed in root.xpath("p:custShowLst | p:extLst/p:ext[*[local-name()='sectionLst']]"):
        listed.getparent().remove(listed)
    package = presentation.part.package
    for key, relation in list(package._rels.items()):
        # they show and list the slides that were there
        if relation.reltype in (RT.EXTENDED_PROPERTIES, RT.THUMBNAIL):
            package._rels.pop(key)


def _measured(presentation: Any, path: Path | str | None) -> Template:
    layouts = [each for master in presentation.slide_masters for each in master.slide_layouts]
    titled = [layout for layout in layouts if _of_types(layout, "title", "ctrTitle")]
    rooms = {id(layout): _room(layout, presentation) for layout in titled}
    wide, high = presentation.slide_width / EMU, presentation.slide_height / EMU
    roomy = [
        layout
        for layout in titled
        if (area := rooms[id(layout)]).width >= LEAST_ROOM[0] * wide
        and area.height >= LEAST_ROOM[1] * high
    ]
    if not roomy:
        raise DataError(
            "has no layout with a title and room below it",
            file=path,
            found=", ".join(repr(layout.name) for layout in layouts) or "no layouts",
            expected="a layout such as 'Title Only'",
        )
    # 'Title Only', by what it has; then the one that asks for least else and leaves most room
    content = min(
        roomy,
        key=lambda layout: (
            len(_others(layout)),
            -rooms[id(layout)].width * rooms[id(layout)].height,
        ),
    )
    opening = next((each for each in titled if _of_types(each, "ctrTitle")), content)
    area = rooms[id(content)]
    strip = Box(area.left, area.bottom + GAP / 2, area.width, NUMBER_ROOM - GAP / 2)
    return Template(presentation, opening, content, area, strip, _ink(content), path is None)


def _type(shape: Any) -> str:
    return str(shape._element.ph.get("type") or "obj")


def _of_types(layout: Any, *types: str) -> list[Any]:
    return [shape for shape in layout.placeholders if _type(shape) in types]


def _others(layout: Any) -> list[Any]:
    """Placeholders that would stay empty."""
    footers = ("title", "ctrTitle", "dt", "ftr", "sldNum")
    return [shape for shape in layout.placeholders if _type(shape) not in footers]


def box_of(shape: Any) -> Box:
    """Where a shape stands; a placeholder may take its place from its layout or master."""
    return Box(*(float(side or 0) / EMU for side in _sides(shape)))


def _sides(shape: Any) -> tuple[Any, ...]:
    return shape.left, shape.top, shape.width, shape.height


def _room(layout: Any, presentation: Any) -> Box:
    """What is left below the title, above the footers and between the template's own pictures."""
    wide, high = presentation.slide_width / EMU, presentation.slide_height / EMU
    title = box_of(_of_types(layout, "title", "ctrTitle")[0])
    # a title beside a logo is narrower than what lies below it
    blocks = [box_of(each) for each in _others(layout) if _type(each) in ("obj", "body", "tbl")]
    blocks += [box_of(each) for each in layout.slide_master.placeholders if _type(each) == "body"]
    left = max(0.02 * wide, min([title.left, *(block.left for block in blocks)]))
    right = min(0.98 * wide, max([title.right, *(block.right for block in blocks)]))
    top, bottom = title.bottom, high
    for each in _of_types(layout, "dt", "ftr", "sldNum"):
        if (footer := box_of(each)).top > high / 2:
            bottom = min(bottom, footer.top)
    has_footers = len(_of_types(layout, "ftr")) and len(_of_types(layout, "sldNum"))
    drawn = [*layout.shapes, *layout.slide_master.shapes]
    for each in drawn:
        if (
            each.is_placeholder
            or None in _sides(each)
            or each.height > presentation.slide_height / 2
        ):
            continue  # what covers half the slide is its background
        box = box_of(each)
        if box.top > high * 0.75:
            bottom = min(bottom, box.top)
        elif box.bottom < high * 0.3 and box.right > left and box.left < right:
            top = max(top, box.bottom)
    bottom = min(bottom, high - 0.1) - (0 if has_footers else NUMBER_ROOM)
    return Box(left, top + GAP, right - left, bottom - top - 2 * GAP)


def _ink(layout: Any) -> Any:
    """The fill of body text: a dark master says there that its text is light."""
    found = layout.slide_master._element.xpath(
        "p:txStyles/p:bodyStyle/a:lvl1pPr/a:defRPr/a:solidFill"
    )
    if found:
        return deepcopy(found[0])
    from pptx.oxml import parse_xml  # noqa: PLC0415

    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return parse_xml(f'<a:solidFill xmlns:a="{space}"><a:schemeClr val="tx1"/></a:solidFill>')
