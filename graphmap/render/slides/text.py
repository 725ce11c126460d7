"""How much room text takes, so that nothing on a slide overflows: measured, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from graphmap.errors import DataError
from graphmap.render.fonts import drawable, text_extent

LINE = 1.3
"""A line's height over its font size, that of the tallest faces that may be shown."""

SLACK = 1.1
"""A reader's fonts are wider than those measured here, by so much."""

POINTS = 72.0
"""Points an inch."""

# what XML cannot hold, and lone surrogates
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile(r"\s+")
_UNITS = re.compile(r"(?<=\d) (?=%|Mt|bn|t/)")
_PIECES = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]|"
    r"[^ \u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+| +"
)


def cleaned(text: str) -> str:
    """``text`` on one line, without what no XML file can hold; a figure stays with its unit.

    Example:
        >>> cleaned("Iron\\nand\\x07 steel"), cleaned("58 %")
        ('Iron and steel', '58\\xa0%')
    """
    return _UNITS.sub("\u00a0", _BREAKS.sub(" ", _ILLEGAL.sub("", text)).strip())


@cache
def _advance(character: str, lang: str, bold: bool) -> float:
    """Width of a character over the font size; by character, since a deck measures many texts."""
    if unicodedata.combining(character) or not drawable(character):
        return 0.0
    try:
        return text_extent(character, 100, lang, bold)[0] / 100
    except DataError:  # no font here has it; a reader's may
        return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.6


def width(text: str, size: float, lang: str, bold: bool = False) -> float:
    """Inches that a line of text of this size in points takes."""
    return sum(_advance(c, lang, bold) for c in text) * size * SLACK / POINTS


def lines(text: str, size: float, room: float, lang: str, bold: bool = False) -> int:
    """How many lines the text makes in a room of so many inches.

    Latin words are kept whole as far as they fit, Chinese breaks after any character.

    Example:
        >>> lines("one", 10, 5, "en"), lines("one two three", 10, 0.5, "en")
        (1, 3)
    """
    count, used = 1, 0.0
    for piece in _PIECES.findall(text):
        wide = width(piece, size, lang, bold)
        if used + wide <= room:
            used += wide
        elif piece.isspace():
            used = room
        else:
            over = 0 if used == 0.0 else 1
            count += over + int(wide / room)
            used = wide % room
    return count


def height(count: float, size: float) -> float:
    """Inches that so many lines of text take."""
    return count * size * LINE / POINTS


def fitting(
    text: str,
    room: tuple[float, float],
    sizes: Sequence[float],
    lang: str,
    bold: bool = False,
) -> float | None:
    """The first of the sizes at which the text fits a room of width and height; None if none."""
    for size in sizes:
        if height(lines(text, size, room[0], lang, bold), size) <= room[1]:
            return size
    return None


def cut(text: str, size: float, room: tuple[float, float], lang: str, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis that says so.

    Example:
        >>> cut("Electricity", 10, (5, 1), "en")
        'Electricity'
    """
    if fitting(text, room, [size], lang, bold):
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fitting(text[:middle].rstrip() + "…", room, [size], lang, bold):
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
