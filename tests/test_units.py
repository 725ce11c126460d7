"""Money and mass: the names they go by and the factors between them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, words
from graphmap.units import MONEY_UNITS, SPELLINGS, currency, factor, money_unit, quantity

YUAN = {"yuan": 1.0, "10k_yuan": 1e4, "million_yuan": 1e6, "100m_yuan": 1e8}
USD = {"usd": 1.0, "10k_usd": 1e4, "million_usd": 1e6}
EUR = {"eur": 1.0, "10k_eur": 1e4, "million_eur": 1e6}


@pytest.mark.parametrize("family", [YUAN, USD, EUR], ids=["yuan", "usd", "eur"])
def test_factors_between_all_units_of_a_currency(family) -> None:
    for (one, size), (other, other_size) in itertools.product(family.items(), repeat=2):
        assert factor(one, other) == pytest.approx(size / other_size, rel=1e-12)


def test_every_money_unit_is_tested() -> None:
    assert {*YUAN, *USD, *EUR} == set(MONEY_UNITS)


@pytest.mark.parametrize(
    ("unit", "into", "ratio"),
    [("Mt", "t", 1e6), ("kt", "Mt", 1e-3), ("1e4 * t", "Mt", 1e-2), ("Mt", "kg", 1e9)],
)
def test_mass(unit, into, ratio) -> None:
    assert factor(unit, into) == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "into"),
    [("yuan", "usd"), ("Mt", "10k_yuan"), ("100m_yuan", "t"), ("bushels of x", "yuan")],
)
def test_what_cannot_be_converted_is_refused(unit, into) -> None:
    with pytest.raises(DataError, match="cannot convert"):
        factor(unit, into)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("万元", "10k_yuan"),
        ("萬元", "10k_yuan"),
        ("10 thousand yuan", "10k_yuan"),
        ("10,000 yuan", "10k_yuan"),
        (" 10K_Yuan ", "10k_yuan"),
        ("百万元", "million_yuan"),
        ("Million RMB", "million_yuan"),
        ("亿元", "100m_yuan"),
        ("億元", "100m_yuan"),
        ("100 million yuan", "100m_yuan"),
        ("million USD", "million_usd"),
        ("元", "yuan"),
        ("CNY", "yuan"),
    ],
)
def test_spellings_found_in_files(text, name) -> None:
    assert money_unit(text) == name


def test_every_name_and_spelling_leads_to_a_unit() -> None:
    assert all(money_unit(name) == name for name in MONEY_UNITS)
    assert all(money_unit(text) == name for text, name in SPELLINGS.items())


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("name", YUAN)
def test_a_unit_as_the_project_itself_writes_it_is_understood(name, tag) -> None:
    assert money_unit(words(f"unit.{name}")[tag]) == name


@pytest.mark.parametrize("text", ["", "florin", "10 yuan", "t", "万"])
def test_an_unknown_unit_is_refused_with_the_known_ones(text) -> None:
    with pytest.raises(DataError, match=r"unknown money unit.*10k_yuan.*million_usd"):
        money_unit(text)


def test_quantities_carry_their_unit() -> None:
    found = quantity(np.array([1.0, 2.0]), "100m_yuan").to("yuan")
    assert found.magnitude.tolist() == [1e8, 2e8]
    assert (2 * quantity(1.0, "Mt") / quantity(4.0, "10k_yuan")).to("t/yuan").magnitude == 50


def test_currencies() -> None:
    assert {currency(unit) for unit in YUAN} == {"CNY"}
    assert {currency(unit) for unit in USD} == {"USD"}
    assert {currency(unit) for unit in EUR} == {"EUR"}
