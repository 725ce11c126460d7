"""A sentence and the figures it quotes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from graphmap import units
from graphmap.i18n import LANGUAGES, Names, figure, listed, money, running, vocabulary, words
from graphmap.leontief.rank import catalogue
from graphmap.studied import Study

SMALLEST_SHARE = 0.1
"""Percent; of a smaller share it is only said that it is smaller."""


@dataclass(frozen=True)
class Quoted:
    """A figure in a sentence.

    Attributes:
        name: what it is, in words.
        value: as computed: Mt, 10 thousand of the currency, t per 10 thousand, or a share of 1.
        unit: ``Mt``, ``CNY`` or another currency (money, in 10 thousand), ``t/CNY`` (intensity per
            10 thousand), ``%`` (a share, shown times 100), or nothing (a number).
        digits: decimals shown.
    """

    name: Names
    value: float
    unit: str = ""
    digits: int = 0

    @property
    def text(self) -> Names:
        """As it is written in each language."""
        if self.unit in units.CURRENCIES.values():
            return {tag: money(self.value, tag, self.unit) for tag in LANGUAGES}
        if self.unit.startswith("t/"):
            unit = self.unit.removeprefix("t/")
            return words(f"page.figure.intensity.{unit}", n=figure(self.value, self.digits))
        shown = 100 * self.value if self.unit == "%" else self.value
        if self.unit == "%" and 0 < shown < SMALLEST_SHARE:
            return words("statement.less_than", share=figure(SMALLEST_SHARE, 1, "%"))
        return figure(shown, self.digits, self.unit)


@dataclass(frozen=True)
class Statement:
    """A sentence in three languages.

    Attributes:
        key: which rule made it: ``statement.<key>`` of the vocabulary.
        text: the sentence.
        figures: those it quotes, in their order.
        role: the role of the sectors it is about, for its colour; empty where it is about all.
    """

    key: str
    text: Names
    figures: tuple[Quoted, ...]
    role: str = ""


Pairs = tuple[tuple[Names, Quoted], ...]
"""Sectors, each with its figure."""


def said(key: str, role: str = "", /, **values: Names | Quoted | Pairs) -> Statement:
    """The sentence of a key, its figures in the order in which the English text has them."""
    text = {name: _written(value) for name, value in values.items()}
    pattern = vocabulary()[f"statement.{key}"]["en"]
    named = sorted((at, name) for name in values if (at := pattern.find(f"{{{name}}}")) >= 0)
    figures = tuple(figure for _, name in named for figure in _figures(values[name]))
    return Statement(key, words(f"statement.{key}", **text), figures, role)


def _written(value: Names | Quoted | Pairs) -> Names:
    if isinstance(value, Quoted):
        return value.text
    if isinstance(value, tuple):
        return listed(
            [words("statement.of_sector", sector=name, amount=each.text) for name, each in value]
        )
    return value


def _figures(value: Names | Quoted | Pairs) -> tuple[Quoted, ...]:
    if isinstance(value, Quoted):
        return (value,)
    return tuple(each for _, each in value) if isinstance(value, tuple) else ()


def number_of(what: str, value: float, digits: int = 0) -> Quoted:
    """A number without a unit; ``what`` is a key below ``statement.figure``."""
    return Quoted(words(f"statement.figure.{what}"), float(value), "", digits)


def share_of(what: str, value: float, digits: int = 0) -> Quoted:
    """A share of 1; ``what`` is a measure, whose total it is of, or a key below that."""
    if what in catalogue():
        named = words("statement.figure.share", measure=running(words(f"measure.{what}")))
    else:
        named = words(f"statement.figure.{what}")
    return Quoted(named, float(value), "%", _decimals(100 * value, digits))


def amount_of(study: Study, measure: str, value: float) -> Quoted:
    """A value of a measure: money, emissions or an intensity."""
    named = words(f"measure.{measure}")
    if measure.endswith("intensity"):
        return Quoted(named, float(value), f"t/{study.currency}", _decimals(value, 2))
    if measure == "gross_output":
        return Quoted(named, float(value), study.currency)
    return Quoted(named, float(value), "Mt", _decimals(value, 1))


def flow_of(study: Study, weight: str, value: float) -> Quoted:
    """A flow, or a sum of flows, of one weight."""
    named = words(f"weight.{weight}")
    if weight == "money":
        return Quoted(named, float(value), study.currency)
    return Quoted(named, float(value), "Mt", _decimals(value, 1))


def _decimals(shown: float, digits: int) -> int:
    """As many as usual, or two significant figures of what these would round away."""
    size = abs(shown)
    return min(9, 1 - math.floor(math.log10(size))) if 0 < size < 10**-digits else digits


def pairs_of(study: Study, quoted: Mapping[str, Quoted]) -> Pairs:
    """Sectors by node id, each with its figure, as they stand after a colon."""
    return tuple((name_of_node(study, node), each) for node, each in quoted.items())


def rank_in(values: pd.Series, value: float) -> Quoted:
    """The place of a value among others, the largest first."""
    return number_of("rank", 1 + int((values > value).sum()))


def names_of_nodes(study: Study, nodes: Sequence[str]) -> Names:
    """Short names of sectors, as they stand inside a sentence."""
    places = study.sectors.index.get_indexer(pd.Index(list(nodes)))
    return listed([running(study.network.labels[i]) for i in places])


def name_of_node(study: Study, node: str) -> Names:
    """The short name of a sector, as it stands at the beginning of a sentence."""
    names: Names = study.network.labels[study.sectors.index.get_loc(node)]
    return names
