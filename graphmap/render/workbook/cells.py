"""Cells of a workbook: exact numbers, harmless text, widths that fit, colours that can be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import category, east_asian_width

from graphmap.i18n import READABLE
from graphmap.network.roles import ROLES
from graphmap.render import palette

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

LONGEST = 32_000
"""UTF-16 units of text in a cell; Excel holds 32,767."""

NARROWEST, WIDEST, WIDEST_HEADING = 7, 84, 18
"""Characters of a column; headings and texts that are longer are wrapped."""

LEAST = {"mass": 2, "intensity": 3, "index": 2, "share": 1}
"""Decimals that figures of a kind have at least, so that columns are alike in all workbooks."""

LINE = 13.5
"""Points of a line of text."""

MOST_LINES = 28
"""Lines of a row; Excel holds 409 points."""

NOT_FIGURES = ("text", "role", "said", "link", "year")
"""Kinds of columns without figures to be rounded."""

SIGNIFICANT, MOST = 3, 9
"""Digits of a column's largest figure that are shown, if they take no more decimals than this."""


class Exact(float):
    """A number that is written with all its digits.

    xlsxwriter formats numbers with 16 significant digits, and one double in two needs 17 to come
    back as it was.
    """

    def __format__(self, spec: str) -> str:
        return repr(float(self))


@lru_cache(maxsize=100_000)
def printable(text: str) -> str:
    """``text`` on one line, without what XML and spreadsheets cannot hold, cut where too long.

    Example:
        >>> printable("Food\\x00 and\\ntobacco")
        'Food and tobacco'
    """
    if not text.isprintable():
        text = " ".join(text.split())
        text = "".join(
            c for c in text if category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff"
        )
    if len(text.encode("utf-16-le")) > 2 * LONGEST:
        cut = text.encode("utf-16-le")[: 2 * LONGEST]
        text = cut.decode("utf-16-le", errors="ignore") + "…"
    return text


def known(value: Any) -> bool:
    """Whether a figure is there: what is missing, or beyond all bounds, is an empty cell."""
    return value is not None and math.isfinite(value)


def number_format(kind: str, values: Iterable[Any], decimals: int = 0) -> str:
    """The pattern of a column's numbers: as many decimals as its largest figure asks for.

    Args:
        kind: the kind of column.
        values: its figures.
        decimals: those it has at least.
    """
    if kind in NOT_FIGURES:
        return "0" if kind == "year" else "General"
    sizes = [abs(v) for v in values if known(v)]
    largest = max(sizes, default=0.0) * (100 if kind == "share" else 1)
    if largest >= READABLE:
        return "0.00E+00"
    least = max(LEAST.get(kind, 0), decimals)
    if kind == "whole" or largest == 0 or (kind == "quoted" and largest == round(largest)):
        return _pattern(least) + ("%" if kind == "share" else "")
    wanted = SIGNIFICANT - 1 - math.floor(math.log10(largest))
    return _pattern(max(least, min(wanted, MOST))) + ("%" if kind == "share" else "")


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def width_of(heading: str, shown: Sequence[str]) -> float:
    """Characters that a column should be wide: its cells, and its heading over some lines."""
    cells = max((_wide(text[:WIDEST]) for text in set(shown)), default=0)
    words = max((_wide(word) for word in heading.split()), default=0)
    over_lines = max(min(_wide(heading), WIDEST_HEADING), min(words, WIDEST_HEADING))
    return min(max(cells + 2, over_lines + 3, NARROWEST), WIDEST)


def lines_of(text: str, width: float) -> int:
    """Over how many lines a text goes, at most as many as a row can be high."""
    wide = _wide(text[: MOST_LINES * WIDEST])
    return min(max(math.ceil(wide / max(width, 1)), 1), MOST_LINES)


@lru_cache(maxsize=100_000)
def _wide(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


Formats = Callable[..., "Format"]
"""Gives the format with some properties."""


def formats_of(book: Workbook) -> Formats:
    """The formats of a workbook by their properties, each made once."""
    made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def the(**properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in made:
            made[key] = book.add_format({"valign": "top", **properties})
        return made[key]

    return the


def heading_format(formats: Formats, *, right: bool) -> Format:
    """How the first row of a table looks."""
    return formats(
        bold=True,
        text_wrap=True,
        bg_color=palette.WASH,
        bottom=1,
        bottom_color=palette.MUTED,
        valign="bottom",
        align="right" if right else "left",
        indent=0 if right else 1,
    )


def chip(role: str) -> dict[str, Any]:
    """The role's own colour behind its name; sectors without one stay quiet."""
    if role not in ROLES:
        return {"font_color": palette.MUTED}
    return {"bg_color": palette.ROLE[role], "font_color": contrasting(palette.ROLE[role])}


def contrasting(colour: str) -> str:
    """Ink or paper, whichever can be read better on a colour."""
    return max((palette.INK, palette.PAPER), key=lambda other: _contrast(colour, other))


def light(colour: str) -> str:
    """A colour mixed with white, so that a number on it can be read."""
    return "#" + "".join(f"{round(0.45 * part + 0.55 * 255):02x}" for part in _parts(colour))


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
