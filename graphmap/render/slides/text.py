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

CHINESE_LINE = 1.5
"""The same of Chinese in a cell of a table: LibreOffice sets it there at 1.45, as high as Noto Sans
CJK is (and Latin at 1.2); in a frame of text it sets both at 1.2."""

SLACK = 1.1
"""A reader's fonts are wider than those measured here, by so much."""

POINTS = 72.0
"""Points an inch."""

# what XML cannot hold, and lone surrogates
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile(r"\s+")
_UNITS = re.compile(r"(?<=\d) (?=%|Mt|bn|t/)")
_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{_WIDE}]")
_PIECES = re.compile(f"[{_WIDE}]|[^ {_WIDE}]+| +")
# a number with its unit: CNY 5,724 bn, 57,241 亿元, 0.26 t/万元, 58 %
_UNIT = r"%|(?:Mt|bn|m)\b|t/[A-Z]{3} 10k|(?:t/)?[亿億万萬]?[美欧歐]?元"
_FIGURE = re.compile(rf"(?:[A-Z]{{3}}\s)?[-−+]?\d(?:[\d.,]*\d)?(?:\s?(?:{_UNIT}))?")


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


def height_in_cell(text: str, count: float, size: float) -> float:
    """Inches that the text takes in a cell of a table, set in so many lines.

    Example:
        >>> height_in_cell("Coal", 2, 12) < height_in_cell("煤炭", 2, 12)
        True
    """
    return count * size * (CHINESE_LINE if _CHINESE.search(text) else LINE) / POINTS


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

    A figure is whole or not there: half of 482 would be another.

    Example:
        >>> cut("Electricity", 10, (5, 1), "en"), cut("Coal 482 Mt", 10, (0.62, 0.2), "en")
        ('Electricity', 'Coal…')
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
    inside = (each for each in _FIGURE.finditer(text) if each.start() < low < each.end())
    low = next((each.start() for each in inside if each.start()), low)
    return text[:low].rstrip() + "…"
