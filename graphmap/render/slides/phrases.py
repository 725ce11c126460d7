"""What several slides say: headings with units, definitions, rules and sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from graphmap.classification import region
from graphmap.i18n import LANGUAGES, listed, number, with_unit, words
from graphmap.render.figures.numbers import in_unit, readable, unit_of
from graphmap.render.palette import ROLE
from graphmap.render.payload import MEASURES, cited
from graphmap.render.slides.parts import Deck, Run, block, text_box
from graphmap.render.slides.template import Box
from graphmap.render.slides.text import cleaned, height, lines
from graphmap.statements import Statement

DIGITS = {"money": 1, "mass": 2, "intensity": 3, "index": 3, "share": 1}
"""Decimals in tables, as on the page."""

TEXT_SIZES = (16, 15, 14, 13, 12, 11, 10, 9)
"""Sizes of sentences beside a picture, in points."""

INDENT, PAD, GAP = 0.18, 0.05, 0.14
"""Inches from a statement's rule to its text, above and below the text, and between statements."""


def heading(deck: Deck, measure: str) -> str:
    """A measure with its unit."""
    name, kind = words(f"measure.{measure}")[deck.lang], MEASURES[measure]
    if kind == "index":
        return name
    return with_unit(name, unit_of(kind, deck.study.currency)[deck.lang], deck.lang)


def decimals(deck: Deck, measure: str, values: pd.Series) -> int:
    """Decimals of a column: those of the page, more where all its figures are small."""
    kind = MEASURES[measure]
    largest = in_unit(float(values.abs().max()), kind, deck.lang)
    return DIGITS[kind] if not 0 < largest < 1 else max(DIGITS[kind], readable(largest))


def in_table(deck: Deck, measure: str, value: float, digits: int) -> str:
    """A figure of a measure in the unit of its heading."""
    return number(in_unit(value, MEASURES[measure], deck.lang), deck.lang, digits)


def definitions(deck: Deck, measures: Iterable[str]) -> list[str]:
    """What each measure is."""
    return [
        _pair(deck, heading(deck, each), words(f"measure.{each}.help")[deck.lang])
        for each in dict.fromkeys(measures)
    ]


def rules(deck: Deck, *keys: str) -> list[str]:
    """How roles and positions are told; all of them if none is named."""
    found = deck.study.thresholds
    return [
        found[key][deck.lang]
        if key == "position"
        else _pair(deck, words(f"role.{key}")[deck.lang], found[key][deck.lang])
        for key in keys or found
        if key in found
    ]


def sources(deck: Deck) -> list[str]:
    """The sources in full: publisher, citation, file and sheet."""
    cites = [cited(source) for source in deck.study.sources]
    return [words("page.source", sources=each)[deck.lang] for each in cites if each[deck.lang]]


def codes(deck: Deck) -> str:
    """What the short names of regions before those of sectors mean; nothing of one region."""
    found = [region(code) for code in deck.study.regions]
    told = [
        {tag: with_unit(each.short[tag], each.name[tag], tag) for tag in LANGUAGES}
        for each in found
        if each.short[deck.lang] != each.name[deck.lang]
    ]
    return words("slides.codes", codes=listed(told))[deck.lang] if told[1:] else ""


def quoted(told: Sequence[Statement]) -> list[str]:
    """The measures that statements quote."""
    names = {words(f"measure.{m}")["en"]: m for m in MEASURES}
    found = (names.get(figure.name["en"]) for each in told for figure in each.figures)
    return list(dict.fromkeys(measure for measure in found if measure))


def told_beside(deck: Deck, slide: Any, box: Box, told: Sequence[Statement]) -> None:
    """Statements below each other, each with a rule in the colour of its role.

    They are of the largest type at which all fit; where none does, the last stand in the notes.
    """
    said = [(ROLE.get(each.role, ROLE["other"]), cleaned(each.text[deck.lang])) for each in told]
    more = (ROLE["other"], words("slides.in_notes")[deck.lang])
    room = box.width - INDENT

    def highs(size: float, shown: Sequence[tuple[str, str]]) -> list[float]:
        counts = [lines(text, size, room, deck.lang) for _, text in shown]
        return [height(count, size) + 2 * PAD for count in counts]

    def fits(size: float, shown: Sequence[tuple[str, str]]) -> bool:
        return sum(highs(size, shown)) + GAP * (len(shown) - 1) <= box.height

    size = next((each for each in TEXT_SIZES if fits(each, said)), TEXT_SIZES[-1])
    shown, kept = said, len(said)
    while kept and not fits(size, shown):
        kept -= 1
        shown = [*said[:kept], more]
    top = box.top
    for (colour, text), high in zip(shown, highs(size, shown), strict=True):
        block(deck, slide, Box(box.left, top, 0.05, high), colour)
        place = Box(box.left + INDENT, top + PAD, room, high - PAD)
        text_box(deck, slide, place, [[Run(text)]], size)
        top += high + GAP


def _pair(deck: Deck, name: str, text: str) -> str:
    return name + (": " if deck.lang == "en" else "：") + text
