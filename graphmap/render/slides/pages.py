"""The slides of text and pictures: title, finding, map, what to do first, method and sources."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from graphmap import statements as said
from graphmap.first_steps import Step
from graphmap.first_steps import first_steps as steps_of
from graphmap.i18n import listed, running, words
from graphmap.network.robustness import note
from graphmap.quoted import name_of_node
from graphmap.render.figures import described as described_figure
from graphmap.render.figures import picture as drawn
from graphmap.render.palette import ROLE
from graphmap.render.payload import cited
from graphmap.render.slides.foot import notes
from graphmap.render.slides.parts import (
    CAPTION,
    Deck,
    Run,
    block,
    captioned,
    filled,
    new_slide,
    outlined,
    picture,
    runs,
    size_of,
    text_box,
)
from graphmap.render.slides.phrases import codes, definitions, quoted, rules, sources, told_beside
from graphmap.render.slides.template import Box
from graphmap.render.slides.text import POINTS, cleaned, cut, height, lines

DPI = 220
"""Dots an inch of pictures: sharp on a large screen, and a deck that can be sent by mail."""

BESIDE_TEXT, ALONE = 0.9, 0.6
"""Size at which a map of one region is drawn over that at which it is shown: the smaller, the
larger its type. Of several regions there are too many labels for that."""

CARD_SIZES = (20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9)
COLUMN_SIZES = (16, 15, 14, 13, 12, 11, 10, 9)
SPACE, INSET, RULE = 7.0, 0.2, 0.08
"""Points between paragraphs; inches between a card's frame and its text, and of its rule."""


def opening(deck: Deck) -> None:
    """Place, year and what flows; what the figures are of, and whether they may be cited."""
    study, layout = deck.study, deck.template.opening
    slide = new_slide(deck, study.title[deck.lang], layout, keep=("subTitle",))
    told = [study.subtitle[deck.lang], *([study.notice[deck.lang]] if study.notice else [])]
    holder = next((each for each in slide.placeholders if each != slide.shapes.title), None)
    if holder is not None and holder._element.ph.get("type") == "subTitle":
        filled(deck, holder, told, size_of(layout, ("subTitle",), "bodyStyle"))
    else:
        text_box(deck, slide, deck.template.area, [[Run(cleaned(line))] for line in told], 16)
    notes(deck, slide, [*sources(deck), study.command])


def finding(deck: Deck) -> None:
    """The finding in one sentence; the map, and beside it the evidence."""
    area, told = deck.template.area, said.evidence(deck.panel)
    headline = said.headline(deck.panel)
    slide = new_slide(deck, headline.text[deck.lang])
    wide = area.width * 0.64
    _map(deck, slide, Box(area.left, area.top, wide, area.height), BESIDE_TEXT)
    left = area.left + wide + 0.3
    told_beside(deck, slide, Box(left, area.top + 0.1, area.right - left, area.height - 0.1), told)
    texts = [each.text[deck.lang] for each in (headline, *told)]
    notes(deck, slide, [*texts, *definitions(deck, quoted([headline, *told])), *sources(deck)])


def network(deck: Deck) -> None:
    """The map as large as the slide allows."""
    study = deck.study
    year = f" {study.year}" if study.year else ""
    title = words(
        "slides.map", place=study.place, year=year, finding=running(said.picture(study).text)
    )
    slide = new_slide(deck, title[deck.lang])
    _map(deck, slide, deck.template.area, ALONE)
    reading = [words(f"page.read.{key}") for key in ("dots", "place", "flows")]
    reading.append(words(f"page.help.{study.weight}"))
    notes(deck, slide, [*(each[deck.lang] for each in reading), *rules(deck), *sources(deck)])


def first_steps(deck: Deck) -> None:
    """A card a lever: whose it is, and the figures that support it; below what they do not say."""
    lang, area = deck.lang, deck.template.area
    steps = steps_of(deck.panel)
    holders = listed(
        [
            words(
                "slides.lever_of",
                lever=running(words(f"lever.{step.lever}.title")),
                sector=running(name_of_node(deck.study, step.nodes[0])),
            )
            for step in steps
        ]
    )
    title = words("slides.first_steps", place=deck.study.place, holders=holders)
    slide = new_slide(deck, title[lang])
    limits = words("slides.limits")[lang]
    captioned(deck, slide, limits)
    gap = 0.25
    wide = (area.width - gap * (len(steps) - 1)) / len(steps)
    inside = wide - 2 * INSET
    cards = [_card(deck, step, inside) for step in steps]
    room = area.height - RULE - CAPTION

    def highest(size: float) -> float:
        return max(_card_height(deck, card, inside, size) for card in cards)

    size = next((each for each in CARD_SIZES if highest(each) <= room), CARD_SIZES[-1])
    cards = [_shortened(deck, card, inside, size, room) for card in cards]
    high = highest(size)
    for place, (step, card) in enumerate(zip(steps, cards, strict=True)):
        left = area.left + place * (wide + gap)
        colour = ROLE[step.role]
        block(deck, slide, Box(left, area.top, wide, RULE), colour)
        _framed(deck, slide, Box(left, area.top + RULE, wide, high), card, size)
    told = [each for step in steps for each in step.statements]
    texts = [each.text[lang] for each in told]
    texts += [limits, *definitions(deck, quoted(told))]
    notes(deck, slide, [*texts, *rules(deck), *sources(deck)])


Card = tuple[str, str, list[str]]


def _card(deck: Deck, step: Step, inside: float) -> Card:
    """Lever, sectors and sentences of a card, what is to be done first."""
    lever = words(f"lever.{step.lever}.title")[deck.lang]
    names = cut(
        cleaned(step.sectors[deck.lang]), CARD_SIZES[-1] + 3, (inside, 1.0), deck.lang, True
    )
    told = [words(f"lever.{step.lever}.how"), *(each.text for each in step.statements)]
    return lever, names, [cleaned(each[deck.lang]) for each in told]


def _card_height(deck: Deck, card: Card, inside: float, size: float) -> float:
    lever, names, told = card
    high = height(lines(lever, size, inside, deck.lang), size)
    high += height(lines(names, size + 3, inside, deck.lang, bold=True), size + 3)
    high += sum(height(lines(text, size, inside, deck.lang), size) for text in told)
    return high + SPACE / POINTS * (len(told) + 1) + 2 * INSET


def _shortened(deck: Deck, card: Card, inside: float, size: float, room: float) -> Card:
    """The card without the sentences that do not fit; they stand in the notes, and it says so."""
    lever, names, told = card
    more, kept = words("slides.in_notes")[deck.lang], len(told)
    while kept and _card_height(deck, card, inside, size) > room:
        kept -= 1
        card = (lever, names, [*told[:kept], more])
    return card


def _framed(deck: Deck, slide: Any, box: Box, card: Card, size: float) -> None:
    """The card's text in the card's own frame, so that both move together."""
    from pptx.util import Inches  # noqa: PLC0415

    shape = text_box(deck, slide, box, [[]], size)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(INSET)
    lever, names, told = card
    paragraphs = [[Run(lever, colour="muted")], [Run(names, bold=True, size=size + 3)]]
    runs(deck, frame, [*paragraphs, *([Run(text)] for text in told)], size, space=SPACE)
    outlined(deck, shape)
    shape.name = lever


def method(deck: Deck) -> None:
    """How the figures came about, and from what."""
    study, lang, area = deck.study, deck.lang, deck.template.area
    slide = new_slide(deck, words("slides.method")[lang])
    how = [words("page.method.flows" if study.complete else "page.method.listed_flows")]
    if "embodied_co2" in study.networks:
        how.insert(0, words("page.method.carbon"))
    left = [words("page.method")[lang], *(each[lang] for each in how), *rules(deck)]
    left += filter(None, [codes(deck)])
    right = [words("page.sources")[lang], *(cited(each)[lang] for each in study.sources)]
    right += [study.notice[lang]] if study.notice else []
    noted = dict.fromkeys(note[lang] for source in study.sources for note in source.notes)
    right += [*noted, *([note(study.drawn)[lang]] if study.drawn else [])]
    right.append(words("slides.made", generator=f"graphmap {version('graphmap')}")[lang])
    wide = (area.width - 0.5) / 2
    columns = [[cleaned(text) for text in texts] for texts in (left, right)]
    size = min(_column_size(deck, texts, wide, area.height) for texts in columns)
    for texts, start in zip(columns, (area.left, area.left + wide + 0.5), strict=True):
        _column(deck, slide, Box(start, area.top, wide, area.height), texts, size)
    measures = [m for m in ("total_intensity", "footprint", "transmission") if m in study.sectors]
    reasons = [reason[lang] for reason in deck.left_out]
    told = [*reasons, *left[1:], *right[1:], *definitions(deck, measures)]
    notes(deck, slide, [*told, words("page.units.mass")[lang], study.command])


def _column_size(deck: Deck, texts: list[str], wide: float, high: float) -> float:
    """The largest type at which a column fits, or the smallest there is."""
    fits = (s for s in COLUMN_SIZES if _column_height(deck, texts, wide, s) <= high)
    return next(fits, COLUMN_SIZES[-1])


def _column(deck: Deck, slide: Any, box: Box, texts: list[str], size: float) -> None:
    """A heading and paragraphs; those that do not fit stand in the notes, and it says so."""
    more, kept = words("slides.in_notes")[deck.lang], len(texts)
    shown = texts
    while kept > 1 and _column_height(deck, shown, box.width, size) > box.height:
        kept -= 1
        shown = [*texts[:kept], more]
    head, *rest = shown
    paragraphs = [[Run(head, bold=True, size=size + 2)], *map(_typeset, rest)]
    text_box(deck, slide, box, paragraphs, size, space=SPACE)


def _typeset(text: str) -> list[Run]:
    """A paragraph whose ``x_i`` have their index set low."""
    parts = re.split(r"(?<=\b[A-Za-z])_([a-z]+)\b", text)
    return [Run(part, low=place % 2 == 1) for place, part in enumerate(parts) if part]


def _column_height(deck: Deck, column: list[str], room: float, size: float) -> float:
    head, *texts = column
    high = height(lines(head, size + 2, room, deck.lang, bold=True), size + 2)
    high += sum(height(lines(text, size, room, deck.lang), size) for text in texts)
    return high + len(texts) * SPACE / POINTS


def _map(deck: Deck, slide: Any, box: Box, drawn_at: float) -> None:
    drawn_at = drawn_at if len(deck.study.regions) == 1 else 1.0
    size, dpi = (box.width * drawn_at, box.height * drawn_at), round(DPI / drawn_at)
    content = drawn(deck.panel, "map", deck.lang, size=size, dpi=dpi, framed=False)
    about = described_figure(deck.panel, "map")[deck.lang]
    picture(slide, box, content, deck.study.title[deck.lang], about)
