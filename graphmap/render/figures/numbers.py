"""The numbers written in figures: in the reader's unit, with as many digits as the page shows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from graphmap.i18n import LANGUAGES, Names, figure, listed, number, plain, running, words
from graphmap.studied import Study

MONEY_UNITS = {"en": 1e5, "zh-Hans": 1e4, "zh-Hant": 1e4}
"""How many times 10 thousand the unit is in which money is shown: billions, or 亿."""


def readable(value: float) -> int:
    """Decimals that show about four figures, as on the page: 5,724 - 297.8 - 5.20 - 0.013.

    Example:
        >>> [readable(v) for v in (5724.0, 297.8, 5.2, 0.013)]
        [0, 1, 2, 3]
    """
    size = abs(value)
    if not math.isfinite(size) or size >= 1000 or size == 0:
        return 0
    if size >= 10:
        return 1
    return 2 if size >= 0.1 else min(6, 1 - math.floor(math.log10(size)))


def in_unit(value: float, kind: str, lang: str) -> float:
    """A figure as computed in the unit in which it is shown; ``kind`` as in ``payload.MEASURES``.

    Example:
        >>> in_unit(5.7e7, "money", "en"), in_unit(0.25, "share", "en")
        (570.0, 25.0)
    """
    if kind == "money":
        return value / MONEY_UNITS[lang]
    return value * 100 if kind == "share" else value


def unit_of(kind: str, currency: str) -> Names:
    """The unit in which figures of a kind are shown.

    Example:
        >>> unit_of("money", "CNY")["zh-Hans"]
        '亿元'
    """
    return words(f"page.unit.{_key(kind, currency)}")


def quantity(value: float, kind: str, currency: str, digits: int | None = None) -> Names:
    """A figure with its unit in each language; a dash where it is not known.

    Example:
        >>> quantity(5.7e7, "money", "CNY")["en"], quantity(297.82, "mass", "CNY")["en"]
        ('CNY 570.0 bn', '297.8 Mt')
    """
    if pd.isna(value):
        return dict.fromkeys(LANGUAGES, "–")
    pattern = words(f"page.figure.{_key(kind, currency)}", n="{n}")
    shown = {tag: in_unit(value, kind, tag) for tag in pattern}
    return {
        tag: text.replace(
            "{n}", number(shown[tag], tag, readable(shown[tag]) if digits is None else digits)
        )
        for tag, text in pattern.items()
    }


def flow_kind(study: Study) -> str:
    """What kind of figure the flows of a study are."""
    return "money" if study.weight == "money" else "mass"


def percent(share: float) -> Names:
    """A share of one in per cent; one decimal where it is less than one per cent.

    Example:
        >>> percent(0.583)["en"], percent(0.004)["en"]
        ('58 %', '0.4 %')
    """
    return quantity(share, "share", "", 1 if 0 < share < 0.01 else 0)


def _key(kind: str, currency: str) -> str:
    return f"{kind}.{currency}" if kind in ("money", "intensity") else kind


def tick_text(value: float, lang: str, step: float) -> str:
    """A round number of an axis with as many decimals as its steps need.

    Example:
        >>> tick_text(0.01, "en", 0.01), tick_text(5000.0, "en", 2500.0), tick_text(0.5, "en", 0.25)
        ('0.01', '5,000', '0.50')
    """
    digits = next((d for d in range(12) if math.isclose(round(step, d), step)), 12)
    return number(value, lang, digits)


def log_ticks(low: float, high: float) -> list[tuple[float, float]]:
    """Places (powers of ten) and values of round numbers between two powers of ten.

    1, 2 and 5 times a power, or the powers alone where these crowd.

    Example:
        >>> [round(value, 9) for _, value in log_ticks(-0.5, 1.1)]
        [0.5, 1.0, 2.0, 5.0, 10.0]
    """
    steps = (1,) if high - low > 3 else (1, 2, 5)
    powers = range(math.floor(low), math.floor(high) + 1)
    found = [(p + math.log10(s), s * 10.0**p) for p in powers for s in steps]
    return [(place, value) for place, value in found if low <= place <= high]


def heading(study: Study, what: Names) -> Names:
    """What a figure is called: place, year and what it shows."""
    year = f" {study.year}" if study.year else ""
    return words("figure.title", place=study.place, year=year, what=what)


def partly_known(study: Study, measures: Sequence[str]) -> Names:
    """Of how many sectors measures are known; nothing where of all, or no reader could take the
    largest known for the largest."""
    counts = study.sectors[list(measures)].notna().sum()
    told = [
        words(
            "figure.partly_known",
            measure=listed([running(words(f"measure.{m}")) for m in of.index]),
            count=figure(int(count)),
            all=figure(study.n),
        )
        for count, of in counts[counts < study.n].groupby(counts, sort=False)
    ]
    return sentence(told)


def sentence(parts: Sequence[Names]) -> Names:
    """Findings as one sentence; nothing where there are none.

    Example:
        >>> sentence([plain("one"), plain("two")])["en"], sentence([plain("甲")])["zh-Hans"]
        ('One; two.', '甲。')
    """
    if not parts:
        return plain("")
    joint, stop = words("figure.joint"), words("figure.stop")
    texts = {tag: joint[tag].join(part[tag] for part in parts) for tag in LANGUAGES}
    return {tag: text[:1].upper() + text[1:] + stop[tag] for tag, text in texts.items()}


def sentences(*texts: Names) -> Names:
    """Sentences one after the other, without a space in Chinese."""
    return {
        tag: (" " if tag == "en" else "").join(t[tag] for t in texts if t[tag]) for tag in LANGUAGES
    }
