"""Every province of the real 31 x 42 layout: no label of its map covers another."""

from __future__ import annotations

import pytest
from watching import overlaps, still

import graphmap as gm
from graphmap.classification import regions
from graphmap.i18n import LANGUAGES

PROVINCES = [code for code, each in regions().items() if each.kind not in ("country", "sar")]


@pytest.fixture(scope="module")
def china(data):
    """The constructed table of 31 provinces."""
    return gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")


@pytest.fixture
def no_draws(monkeypatch):
    """Rank intervals take longer than the rest and say nothing of labels."""
    monkeypatch.setattr(gm.Study, "drawn", None)


@pytest.mark.parametrize("province", [code for code in PROVINCES if code != "CN-TW"])
def test_no_label_covers_another_at_default_zoom(
    open_page, china, no_draws, tmp_path, province
) -> None:
    path = tmp_path / "map.html"
    gm.write_page(gm.study(china.select([province])), path)
    shown = open_page(path, 1280, 800)
    for tag in LANGUAGES:
        shown.click(f'button[data-lang="{tag}"]')
        still(shown)
        boxes = shown.evaluate("graphmap.labelBoxes()")
        assert len(boxes) == 42
        assert overlaps(boxes) == [], tag
