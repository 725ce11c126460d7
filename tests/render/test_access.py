"""Whether everybody can use the page: axe-core finds nothing serious or critical."""

from __future__ import annotations

import pytest

TABS = ("key-sectors", "key-relations", "sankey", "scatter", "notes")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_has_no_serious_violation(open_page, axe, sample_page, theme, width) -> None:
    shown = open_page(sample_page, width, 844)
    shown.evaluate(f"graphmap.update({{theme: '{theme}'}})")
    for tab in TABS:
        shown.click(f"#tab-{tab}")
        assert axe(shown) == [], tab


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant"])
def test_in_chinese_with_a_choice_and_open_suggestions(open_page, axe, sample_page, tag) -> None:
    shown = open_page(sample_page, 1280, 800)
    shown.click(f'button[data-lang="{tag}"]')
    shown.click('#key-sectors tr[data-id="CN-GD.24"]')
    shown.click('.focus button[data-steps="2"]')
    shown.fill("#search", "电")
    assert axe(shown) == []


def test_embedded(open_page, axe, sample_page, tmp_path) -> None:
    shown = open_page(sample_page, 800, 500)
    shown.goto(sample_page.resolve().as_uri() + "?embed=1")
    shown.wait_for_selector("html[data-drawn]", state="attached")
    assert axe(shown) == []
