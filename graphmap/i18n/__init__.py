"""Words and numbers in three languages: English, simplified and traditional Chinese.

Every text a reader sees is a ``Names``: one string a language. The words stand in the CSV files
beside this module (columns ``key,en,zh-Hans,zh-Hant``), and so can be corrected by people who do
not program.

Example:
    >>> words("role.high_carbon")["zh-Hans"]
    '高碳'
    >>> number(12345.678, "en"), money(572405800, "zh-Hans"), money(572405800, "en")
    ('12,346', '57,241 亿元', 'CNY 5,724 bn')
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel.numbers import format_decimal

from graphmap.errors import DataError

Names = dict[str, str]

READABLE = 1e15
"""Numbers from here on are shown as powers of ten."""

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
COLUMNS = {"en": "en", "zh-Hans": "zh_hans", "zh-Hant": "zh_hant"}
"""How a language is written in column names (``name_zh_hans``)."""

_LOCALES = {"en": "en", "zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_HK"}
_SPELLINGS = {
    "en": "en",
    "english": "en",
    "zh": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-cn": "zh-Hans",
    "简体": "zh-Hans",
    "简": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-mo": "zh-Hant",
    "繁體": "zh-Hant",
    "繁": "zh-Hant",
}


def language(text: str) -> str:
    """The language tag for what a user typed.

    Raises:
        DataError: it is none of the three languages.

    Example:
        >>> language("zh_CN"), language("EN")
        ('zh-Hans', 'en')
    """
    tag = _SPELLINGS.get(text.strip().casefold().replace("_", "-"))
    if tag is None:
        raise DataError("unknown language", found=text, expected=f"one of {', '.join(LANGUAGES)}")
    return tag


@cache
def vocabulary() -> dict[str, Names]:
    """Every word of the project by its key."""
    found: dict[str, Names] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".csv"):
            for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
                found[row["key"]] = {tag: row[tag] for tag in LANGUAGES}
    return found


def words(key: str, **values: Any) -> Names:
    """The text of ``key`` in each language, with ``{name}`` filled in.

    A value may itself be a ``Names``; each language then takes its own.
    """
    return {
        tag: pattern.format(
            **{
                name: value[tag] if isinstance(value, Mapping) else value
                for name, value in values.items()
            }
        )
        for tag, pattern in vocabulary()[key].items()
    }


def plain(text: str) -> Names:
    """The same text in every language (a file name, a code)."""
    return dict.fromkeys(LANGUAGES, text)


def listed(items: list[Names]) -> Names:
    """Names joined by a comma, or by 、 in Chinese.

    Example:
        >>> listed([plain("a"), plain("b")])["zh-Hant"]
        'a、b'
    """
    return {
        tag: (", " if tag == "en" else "、").join(item[tag] for item in items) for tag in LANGUAGES
    }


def number(value: float, tag: str, digits: int = 0) -> str:
    """``value`` rounded to ``digits`` decimals, with the thousands separator of the language.

    What is missing is a dash; what has more digits than anybody reads is a power of ten.

    Example:
        >>> number(1234.5, "en", 1), number(float("nan"), "en"), number(2e30, "zh-Hans")
        ('1,234.5', '–', '2e+30')
    """
    if math.isnan(value):
        return "–"
    if abs(value) >= READABLE:
        return f"{value:.3g}"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    rounded = round(value, digits) + 0.0  # so that nothing rounds to "-0"
    return str(format_decimal(rounded, format=pattern, locale=_LOCALES[tag]))


def signed(value: float, tag: str, digits: int = 0) -> str:
    """``number`` with a plus sign before what is more than nothing after rounding.

    Example:
        >>> signed(12.34, "en", 1), signed(-0.04, "en", 1)
        ('+12.3', '0.0')
    """
    return ("+" if round(value, digits) > 0 else "") + number(value, tag, digits)


def running(name: Names) -> Names:
    """A name inside a sentence: small first letter in English, unless more are capital.

    Example:
        >>> running(plain("Direct emissions"))["en"], running(plain("CO₂"))["en"]
        ('direct emissions', 'CO₂')
    """
    en = name["en"]
    return {**name, "en": en if en[1:2].isupper() else en[:1].lower() + en[1:]}


def with_unit(name: str, unit: str, tag: str) -> str:
    """A heading with its unit behind it, in the brackets of the language.

    Example:
        >>> with_unit("Footprint", "Mt", "en"), with_unit("碳足迹", "Mt", "zh-Hans")
        ('Footprint (Mt)', '碳足迹（Mt）')
    """
    return f"{name} ({unit})" if tag == "en" else f"{name}（{unit}）"


def figure(value: float, digits: int = 0, unit: str = "") -> Names:
    """A number with its unit in each language.

    Example:
        >>> figure(297.82, 1, "Mt")["en"]
        '297.8 Mt'
    """
    return {tag: f"{number(value, tag, digits)} {unit}".strip() for tag in LANGUAGES}


def money(value_10k: float, tag: str, currency: str = "CNY") -> str:
    """Money given in 10 thousand of the currency: billions in English, 亿 in Chinese.

    What is too small for these is in millions, or in 万.

    Example:
        >>> money(1234, "en"), money(1234, "zh-Hans"), money(5, "zh-Hant", "USD")
        ('CNY 12.3 m', '1,234 万元', '5.0 萬美元')
    """
    per, short = (1e5, "bn") if tag == "en" else (1e4, "亿" if tag == "zh-Hans" else "億")
    if 0 < abs(value_10k) < per:
        per, short = (1e2, "m") if tag == "en" else (1.0, "万" if tag == "zh-Hans" else "萬")
    shown = number(value_10k / per, tag, 0 if abs(value_10k / per) >= 100 else 1)
    if tag == "en":
        return f"{currency} {shown} {short}"
    return f"{shown} {short}{words(f'currency.{currency}')[tag]}"
