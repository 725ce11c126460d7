"""Places of labels: none on another, none off the paper, each near what it names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.i18n import LANGUAGES
from graphmap.render.figures.labels import Box, Dot, beside, cut, leader, spread
from graphmap.render.figures.numbers import percent, quantity, readable, sentence, tick_text
from graphmap.render.fonts import text_extent

FRAME = Box(0, 0, 400, 300)
PLACES = st.floats(5, 295, allow_nan=False)
DOTS = st.lists(
    st.builds(Dot, PLACES, PLACES, st.floats(1, 20), st.floats(10, 80), st.just(9.0)), max_size=14
)


@given(DOTS, st.integers(0, 14))
def test_labels_meet_nothing(dots, sure) -> None:
    taken = [Box(100, 100, 140, 120)]
    found = beside(dots, FRAME, taken, sure=sure)
    labels = [box for box in found if box]
    for k, label in enumerate(labels):
        assert label.within(FRAME)
        assert not any(label.meets(other) for other in [*labels[:k], *taken])
    for dot, label in zip(dots[sure:], found[sure:], strict=True):
        if label:  # those not looked after cover no dot, and stand beside their own
            assert not any(label.meets(other.box) for other in dots if other is not dot)
            assert leader(dot, label) is None


def test_the_first_are_looked_after() -> None:
    crowd = [Dot(200 + k, 150, 6, 60, 9) for k in range(10)]
    assert all(beside(crowd, FRAME, sure=10))
    assert not all(beside(crowd, FRAME))


def test_no_place_at_all() -> None:
    assert beside([Dot(5, 5, 3, 900, 9)], FRAME, sure=1) == [None]
    assert beside([Dot(5, 5, 3)], FRAME, sure=1) == [None]


@given(
    st.lists(st.tuples(st.floats(-50, 350), st.floats(1, 30)), min_size=1, max_size=12),
)
def test_intervals_are_spread_in_order(given_) -> None:
    wanted, sizes = [w for w, _ in given_], [s for _, s in given_]
    places = spread(wanted, sizes, 0, 300)
    scale = min(1.0, 300 / sum(sizes))
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    ends = [(places[i] - sizes[i] * scale / 2, places[i] + sizes[i] * scale / 2) for i in order]
    assert ends[0][0] >= -1e-6
    assert ends[-1][1] <= 300 + 1e-6
    assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(ends))


def test_what_is_apart_stays_where_it_is() -> None:
    assert spread([50.0, 20.0, 100.0], [10.0, 10.0, 10.0], 0, 200) == [50.0, 20.0, 100.0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cut_text_fits(lang) -> None:
    for room in (20, 50, 90):
        text = cut("Manufacture of 通信设备、计算机 equipment", room, 9, lang)
        assert text.endswith("…")
        assert text_extent(text, 9, lang)[0] <= room + 0.2


def test_numbers_have_the_units_of_the_page() -> None:
    assert quantity(5.7e7, "money", "USD")["zh-Hans"] == "5,700 亿美元"
    assert quantity(float("nan"), "mass", "CNY")["en"] == "–"
    assert quantity(0.0, "mass", "CNY")["en"] == "0 Mt"
    assert quantity(-5.25, "mass", "CNY")["en"] == "-5.25 Mt"
    assert percent(0.0)["en"] == "0 %"
    assert [readable(v) for v in (0.0, 1e20, 99.94, 0.1, 1e-9, float("inf"))] == [0, 0, 1, 2, 6, 0]
    assert tick_text(2.5, "en", 2.5) == "2.5"
    assert tick_text(0.0, "en", 50.0) == "0"
    assert sentence([]) == {"en": "", "zh-Hans": "", "zh-Hant": ""}
