"""Text that does not fit: what is left of it says nothing that the whole does not say."""

from __future__ import annotations

import pytest

from graphmap.render.slides.text import cleaned, cut, width


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("the final products of construction embody 48 % of the total", "48 %"),
        ("Electricity & heat 1,482.3 Mt of the whole", "1,482.3 Mt"),
        ("its gross output of CNY 5,724 bn is the largest", "CNY 5,724 bn"),
        ("direct intensity of 0.26 t/CNY 10k is the lowest", "0.26 t/CNY 10k"),
        ("总产出为 57,241 亿元，居首", "57,241 亿元"),
        ("直接排放強度為 0.26 t/萬元，居首", "0.26 t/萬元"),
    ],
)
def test_a_figure_is_whole_or_not_there(text, whole) -> None:
    text, whole = cleaned(text), cleaned(whole)
    assert whole in text
    before = text[: text.index(whole)]
    for end in range(6, len(text)):
        room = (width(text[:end] + "…", 10, "en") + 0.001, 0.2)
        shown = cut(text, 10, room, "en").removesuffix("…")
        assert text.startswith(shown)
        assert len(shown) <= len(before) or whole in shown, shown
