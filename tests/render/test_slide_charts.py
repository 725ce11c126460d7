"""Native charts: bars begin at zero, so that their lengths can be compared."""

from __future__ import annotations

import pytest

from graphmap.render.slides.charts import bar_chart
from graphmap.render.slides.parts import Deck, new_slide
from graphmap.render.slides.template import template_of

pytest.importorskip("pptx")


@pytest.mark.parametrize(
    ("values", "lowest", "highest"),
    [
        ([8965.0, 9184.0], 0, None),
        ([0.0, float("nan"), 3.0], 0, None),
        ([-8965.0, -9184.0], None, 0),
        ([-5.0, 9.0], None, None),  # of both signs: zero is between the ends whatever they are
        ([float("nan")], 0, None),
    ],
)
def test_bars_begin_at_zero(values, lowest, highest) -> None:
    deck = Deck(template_of(), None, "en")
    slide = new_slide(deck, "Chart")
    bars = [(str(place), value, "#000000") for place, value in enumerate(values)]
    bar_chart(deck, slide, deck.template.area, bars, "Output", 0, "name", "text")
    axis = slide.shapes[-1].chart.value_axis
    assert (axis.minimum_scale, axis.maximum_scale) == (lowest, highest)
