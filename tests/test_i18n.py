"""Words and numbers in three languages: complete, alike, and in the right characters."""

from __future__ import annotations

import ast
import csv
import re
import string
from functools import cache
from pathlib import Path

import opencc
import pytest

import graphmap
from graphmap.errors import DataError
from graphmap.i18n import (
    LANGUAGES,
    figure,
    language,
    listed,
    money,
    number,
    plain,
    vocabulary,
    words,
)
from graphmap.network import WEIGHTS
from graphmap.network.position import POSITIONS
from graphmap.network.roles import ROLES
from graphmap.readers.blocks import items
from graphmap.study import SIZES, UNPUBLISHED
from graphmap.units import MONEY_UNITS

PACKAGE = Path(graphmap.__file__).parent
VARIANTS = {"群": "羣", "說": "説", "裡": "裏", "台": "臺", "線": "綫", "峰": "峯"}
"""Characters that are right in traditional Chinese, with the variant opencc would write."""


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def calls():
    """Every call of ``words`` in the package: file and line, key or pattern, names given."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "words":
                given = {keyword.arg for keyword in node.keywords}
                at = f"{file.name}:{node.lineno}"
                match node.args[0]:
                    case ast.Constant(value=key):
                        yield at, re.escape(key), given
                    case ast.JoinedStr(values=parts):
                        pattern = "".join(
                            re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w.]+"
                            for part in parts
                        )
                        yield at, pattern, given


def test_calls_of_words_are_found() -> None:
    assert len(list(calls())) > 20


@pytest.mark.parametrize(("at", "pattern", "given"), list(calls()), ids=[c[0] for c in calls()])
def test_every_word_used_stands_in_the_vocabulary_with_what_it_needs(at, pattern, given) -> None:
    matching = [key for key in vocabulary() if re.fullmatch(pattern, key)]
    assert matching, f"{at}: no word {pattern}"
    if len(matching) == 1 and None not in given:
        needed = set().union(*(placeholders(t) for t in vocabulary()[matching[0]].values()))
        assert needed == given, f"{at}: {matching[0]}"


ANY = r"[\w.-]*"
"""What only is known when a program runs."""


def text_of(node: ast.AST) -> str:
    """A pattern of the text that an expression makes."""
    match node:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(map(text_of, parts))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return text_of(left) + text_of(right)
    return ANY


def patterns_of_keys():
    """Whatever the package says that could be the key of a word."""
    for file in PACKAGE.rglob("*.py"):
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        yield from map(text_of, nodes)
    for file in PACKAGE.rglob("templates/*.*"):
        for text in re.findall(r"""['"`](\w+\.[^'"`<>]*)['"`]""", file.read_text(encoding="utf-8")):
            parts = re.split(r"\$\{.*?\}|\{\{.*?\}\}", text)
            yield ANY.join(map(re.escape, parts))


def test_every_word_of_the_vocabulary_is_used() -> None:
    begun = {pattern for pattern in patterns_of_keys() if re.match(r"\w+\\\.", pattern)}
    used = re.compile(f"(?:{'|'.join(begun)})(?:\\.one)?")  # a page adds .one where there is one
    assert [key for key in vocabulary() if not used.fullmatch(key)] == []


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("templates/*.*")), ids=lambda file: file.name)
def test_every_word_used_by_the_page_stands_in_the_vocabulary(file) -> None:
    text = file.read_text(encoding="utf-8")
    used = re.findall(r"""\bword\(['"]([\w.]+)['"]""", text)
    used += re.findall(r"""data-word(?:-\w+)?=["']([\w.]+)["']""", text)
    assert [key for key in used if key not in vocabulary()] == []


@pytest.mark.parametrize(
    "key",
    [
        *(f"role.{role}" for role in (*ROLES, "other")),
        *(
            f"{family}.{weight}"
            for family in ("weight", "study", "page.help")
            for weight in WEIGHTS
        ),
        *(f"position.{name}" for name in POSITIONS),
        *(f"unit.{name}" for name in MONEY_UNITS),
        *(f"measure.{name}{end}" for name in SIZES for end in ("", ".help")),
        *(f"final_use.{name}" for name, row in items().iterrows() if row["kind"] == "final_use"),
        *(f"study.{publisher}" for publisher in UNPUBLISHED),
        *(f"page.severity.{name}" for name in ("ok", "note", "warning", "error")),
    ],
)
def test_families_of_words_are_complete(key) -> None:
    assert key in vocabulary()


def test_every_kind_of_finding_has_its_words() -> None:
    source = (PACKAGE / "accounts" / "checks.py").read_text(encoding="utf-8")
    kinds = re.findall(r'_at\(\s*table, i, "\w+", "(\w+)"', source)
    kinds += re.findall(r'_identity\(table, "(\w+)"', source)
    assert len(kinds) >= 6
    assert [kind for kind in kinds if f"check.{kind}" not in vocabulary()] == []


def test_no_word_stands_twice() -> None:
    keys = []
    for file in sorted((PACKAGE / "i18n").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            keys += [row["key"] for row in csv.DictReader(lines)]
    assert len(keys) == len(set(keys)) == len(vocabulary())


def test_every_word_is_there_in_three_languages() -> None:
    for key, names in vocabulary().items():
        assert tuple(names) == LANGUAGES, key
        assert all(isinstance(text, str) and text.strip() for text in names.values()), key


def test_the_languages_of_a_word_take_the_same_values() -> None:
    for key, names in vocabulary().items():
        assert len({frozenset(placeholders(text)) for text in names.values()}) == 1, key


@cache
def converter(name):
    return opencc.OpenCC(name)


def odd(text, conversion):
    """Characters that the conversion would write in another way, accepted variants aside."""
    changed = converter(conversion).convert(text)
    return [
        f"{old} for {new}"
        for old, new in zip(text, changed, strict=True)
        if old != new and VARIANTS.get(old) != new
    ]


def test_traditional_words_hold_no_simplified_characters() -> None:
    found = {key: odd(names["zh-Hant"], "s2t") for key, names in vocabulary().items()}
    assert {key: characters for key, characters in found.items() if characters} == {}


def test_simplified_words_hold_no_traditional_characters() -> None:
    found = {key: odd(names["zh-Hans"], "t2s") for key, names in vocabulary().items()}
    assert {key: characters for key, characters in found.items() if characters} == {}


def test_the_check_for_characters_can_fail() -> None:
    assert odd("电力", "s2t")
    assert odd("電力", "t2s")
    assert not odd("電力社群說明", "s2t")


def test_words_are_filled_in_each_in_its_language() -> None:
    found = words(
        "study.title", place={"en": "A", "zh-Hans": "甲", "zh-Hant": "乙"}, year="", weight="w"
    )
    assert found["en"].startswith("A")
    assert found["zh-Hans"].startswith("甲")
    assert found["zh-Hant"].startswith("乙")


def test_values_that_look_like_placeholders_stay_text() -> None:
    found = words("study.subtitle", count=1, sources="{__class__} {0}")
    assert all("{__class__} {0}" in text for text in found.values())


def test_an_unknown_word_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        words("no.such.word")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("English", "en"),
        ("zh", "zh-Hans"),
        ("zh_CN", "zh-Hans"),
        (" ZH-HANS ", "zh-Hans"),
        ("简体", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("繁體", "zh-Hant"),
    ],
)
def test_languages_as_people_write_them(text, tag) -> None:
    assert language(text) == tag


@pytest.mark.parametrize("text", ["", "fr", "klingon", "zh-"])
def test_another_language_is_refused(text) -> None:
    with pytest.raises(DataError, match=r"unknown language.*en, zh-Hans, zh-Hant"):
        language(text)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (1234.5678, 0, "1,235"),
        (1234.5678, 2, "1,234.57"),
        (-1234.5, 1, "-1,234.5"),
        (0.05, 3, "0.050"),
        (1e9, 0, "1,000,000,000"),
    ],
)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_numbers(value, digits, text, tag) -> None:
    assert number(value, tag, digits) == text


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_number_that_rounds_to_zero_has_no_sign(tag) -> None:
    assert number(-0.3, tag) == "0"
    assert number(-0.0004, tag, 2) == "0.00"


@pytest.mark.parametrize(
    ("value", "currency", "en", "hans", "hant"),
    [
        (572405800, "CNY", "CNY 5,724 bn", "57,241 亿元", "57,241 億元"),
        (12345, "CNY", "CNY 123 m", "1.2 亿元", "1.2 億元"),
        (1e6, "USD", "USD 10.0 bn", "100 亿美元", "100 億美元"),
        (1234, "CNY", "CNY 12.3 m", "1,234 万元", "1,234 萬元"),
        (-234, "USD", "USD -2.3 m", "-234 万美元", "-234 萬美元"),
        (0, "CNY", "CNY 0.0 bn", "0.0 亿元", "0.0 億元"),
    ],
)
def test_money_is_in_billions_or_in_yi(value, currency, en, hans, hant) -> None:
    """10 thousand yuan a unit: 1e5 of them are a billion, 1e4 an 亿."""
    assert [money(value, tag, currency) for tag in LANGUAGES] == [en, hans, hant]


def test_lists_and_figures() -> None:
    assert listed([plain("a"), plain("b"), plain("c")]) == {
        "en": "a, b, c",
        "zh-Hans": "a、b、c",
        "zh-Hant": "a、b、c",
    }
    assert listed([]) == plain("")
    assert figure(1234.5, 1, "Mt") == plain("1,234.5 Mt")
    assert figure(2) == plain("2")
