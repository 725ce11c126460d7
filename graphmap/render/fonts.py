"""Fonts for three languages: which are there, how wide a text is, what they cannot write."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain

from matplotlib.font_manager import (
    FontEntry,
    FontPath,
    FontProperties,
    findSystemFonts,
    fontManager,
    get_font,
)
from matplotlib.textpath import text_to_path

from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES

_SIMPLIFIED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimHei",
)
_TRADITIONAL = (
    "Noto Sans CJK HK",
    "Noto Sans HK",
    "Source Han Sans HK",
    "Noto Sans CJK TC",
    "Noto Sans TC",
    "Source Han Sans TC",
    "Source Han Sans TW",
    "PingFang HK",
    "PingFang TC",
    "Microsoft JhengHei",
    "Heiti TC",
)
_PROPORTIONAL = ("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans", "Source Han Sans JP")
_LATIN = ("Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans")
_LAST = "DejaVu Sans"
"""Comes with matplotlib: Latin, Greek, Cyrillic, Arabic, arrows."""

FACES = {
    # the latin letters of the Chinese faces, so that one look goes through all languages; but of
    # the Japanese one, whose middle dot and bullet are not as wide as a Chinese character
    "en": (*_PROPORTIONAL, *_LATIN),
    "zh-Hans": _SIMPLIFIED,
    "zh-Hant": _TRADITIONAL,
}
"""Families for each language, the best first."""

SAMPLE = {"en": "A", "zh-Hans": "碳业务", "zh-Hant": "碳業務"}
"""What a family has to be able to write to be one of its language."""

REMEDY = "install fonts-noto-cjk (apt-get), or Noto Sans CJK from https://fonts.google.com/noto"


@cache
def _known() -> dict[str, FontEntry]:
    """Each installed family by its plainest face; files newer than matplotlib's list are added."""
    on_disk = {path for path in findSystemFonts() if path.endswith((".ttf", ".otf", ".ttc"))}
    for path in sorted(on_disk - {str(entry.fname) for entry in fontManager.ttflist}):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError, UnicodeDecodeError, KeyError, ValueError):
            continue  # a broken file among somebody's fonts is no reason to stop
    found: dict[str, FontEntry] = {}
    for entry in sorted(fontManager.ttflist, key=_plainness):
        if "Last Resort" not in entry.name:  # draws boxes, which is what nobody may see
            found.setdefault(entry.name, entry)
    return found


def _plainness(entry: FontEntry) -> tuple[bool, int, str]:
    weight = entry.weight if isinstance(entry.weight, int) else 400
    return entry.style != "normal", abs(weight - 400), str(entry.fname)


@cache
def characters(family: str) -> frozenset[str]:
    """The characters that an installed family can write; none where it is not installed."""
    if family not in _known():
        return frozenset()
    entry = _known()[family]
    try:
        return frozenset(map(chr, get_font(FontPath(entry.fname, entry.index)).get_charmap()))
    except (OSError, RuntimeError, ValueError):
        return frozenset()


def _first(tag: str) -> list[str]:
    able = (name for name in FACES[tag] if set(SAMPLE[tag]) <= characters(name))
    return [name for name, _ in zip(able, range(1), strict=False)]


@cache
def family(lang: str) -> list[str]:
    """Installed font families for a language, the first for what it can write.

    Those of the other languages and one that comes with matplotlib stand behind it, for names in
    other scripts.

    Raises:
        DataError: no installed font can write the language.

    Example:
        >>> family("en")[-1]
        'DejaVu Sans'
    """
    own = _first(lang)
    if not own:
        raise DataError(
            "no font for Chinese is installed",
            expected=f"one of {', '.join(FACES[lang])}",
            remedy=REMEDY,
        )
    others = [name for tag in LANGUAGES if tag != lang for name in _first(tag)]
    return list(dict.fromkeys([*own, *others, _LAST]))


def drawable(text: str) -> str:
    """``text`` without what cannot be drawn: control and formatting characters.

    Example:
        >>> drawable("a\\x07b\\u202ec\\nd")
        'abc\\nd'
    """
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn"))
    return "".join(kept)


def families_for(texts: Iterable[str], lang: str) -> list[str]:
    """The fewest installed families that write all of some texts, the language's own first.

    The fewer there are, the sooner a text is set: each is looked up and loaded for every text.

    Raises:
        DataError: no installed font has one of the characters.

    Example:
        >>> families_for(["Coal"], "en") == family("en")[:1]
        True
    """
    missing = set("".join(texts)) - {"\n", " "}
    usual = family(lang)
    if lang == "en" and any(unicodedata.east_asian_width(c) == "W" for c in missing):
        usual = [*usual[1:], usual[0]]  # Chinese in an English figure looks Chinese
    found = []
    for name in chain(usual, sorted(_known())):
        if missing & characters(name):
            found.append(name)
            missing -= characters(name)
        if not missing:
            break
    if missing:
        shown = sorted(missing)[:8]
        raise DataError(
            "no installed font can write some characters of the names",
            found=", ".join(f"{c} (U+{ord(c):04X})" for c in shown),
            remedy=REMEDY,
        )
    return found or usual[:1]


@lru_cache(maxsize=20_000)
def _advance(line: str, lang: str, bold: bool) -> float:
    """Width of a line as a multiple of its size: outlines scale without rounding."""
    chosen = FontProperties(
        family=families_for([line], lang), size=1.0, weight="bold" if bold else "normal"
    )
    width: float = text_to_path.get_text_width_height_descent(line, chosen, False)[0]
    return width


@cache
def line_height(lang: str) -> float:
    """Height of a line as its font asks for it, as a multiple of the size."""
    chosen = FontProperties(family=family(lang)[:1])
    font = get_font(fontManager.findfont(chosen))
    return (font.ascender - font.descender) / font.units_per_EM


def text_extent(text: str, size_pt: float, lang: str, bold: bool = False) -> tuple[float, float]:
    """Width and height of a text in points, measured with the font that would draw it.

    Args:
        text: lines are separated by a newline.
        size_pt: size of the type.
        lang: the language, which decides on the font.
        bold: whether it is bold.

    Example:
        >>> narrow, height = text_extent("Coal", 10, "en")
        >>> narrow < text_extent("Coal and power", 10, "en")[0], 10 < height < 20
        (True, True)
    """
    lines = drawable(text).split("\n")
    width = size_pt * max(_advance(line, lang, bold) for line in lines)
    return width, len(lines) * size_pt * line_height(lang)


NOT_FIRST = "，。；：、！？）》」』”’%,.;:!?)]"
"""What no line begins with."""


def _pieces(text: str) -> list[str]:
    """Where a line may be broken: after a space, and between Chinese characters."""
    found: list[str] = []
    for character in text:
        east = unicodedata.east_asian_width(character) in "WF"
        joins = found and (character in NOT_FIRST or character == " ")
        word = found and not east and found[-1][-1:] not in ("", " ")
        word = word and unicodedata.east_asian_width(found[-1][-1]) not in "WF"
        if joins or word:
            found[-1] += character
        else:
            found.append(character)
    return found


def broken(text: str, width_pt: float, size_pt: float, lang: str, bold: bool = False) -> list[str]:
    """``text`` in lines that are at most ``width_pt`` wide; a word that is wider is cut.

    Example:
        >>> broken("Coal and power", 30, 10, "en")
        ['Coal', 'and', 'power']
    """

    def fits(line: str) -> bool:
        return size_pt * _advance(line.rstrip(), lang, bold) <= width_pt

    def fitting(pieces: Sequence[str]) -> int:
        """How many of the first pieces fit on one line."""
        counts = range(1, len(pieces) + 1)
        return bisect_left(counts, True, key=lambda k: not fits("".join(pieces[:k])))

    lines: list[str] = []
    for paragraph in drawable(text).split("\n"):
        pieces = _pieces(paragraph) or [""]
        while pieces:
            count = fitting(pieces)
            if count:
                lines.append("".join(pieces[:count]).rstrip())
                del pieces[:count]
                continue
            word = pieces[0]  # too long for a line, of which one character at least stands on it
            end = max(1, fitting(word))
            lines.append(word[:end])
            pieces[:1] = [word[end:]] if word[end:] else []
    return lines
