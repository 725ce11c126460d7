"""Controls, legend and panel, used as a person would; how the page prints, embeds and looks."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from itertools import product

import pytest
from watching import still, until

import graphmap as gm
from graphmap.panel import panel
from graphmap.render.page import page

CHINESE = re.compile(r"[\u4e00-\u9fff]")
STATE = "graphmap.state"


@pytest.fixture(scope="session")
def years_page(sample_study, tmp_path_factory):
    """Three years of Guangdong: the first lacks a sector, the second has no emissions."""
    table = sample_study.table
    grown = [
        replace(
            table,
            year=year,
            extensions={} if year == 2015 else table.extensions,
            **{part: getattr(table, part) * factor for part in ("Z", "Y", "V", "imports", "x")},
        )
        for year, factor in ((2012, 0.5), (2015, 0.8), (2017, 1.0))
    ]
    path = tmp_path_factory.mktemp("years") / "years.html"
    path.write_text(page(panel([gm.study(each) for each in grown])), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def regions_page(tmp_path_factory):
    """Both provinces of the sample."""
    path = tmp_path_factory.mktemp("regions") / "regions.html"
    path.write_text(page(panel(gm.study(gm.read("sample"), lang="en"))), encoding="utf-8")
    return path


def state(shown, key):
    return shown.evaluate(f"{STATE}.{key}")


def options(shown, select):
    return shown.eval_on_selector_all(f"{select} option", "all => all.map(o => o.value)")


# ---------------------------------------------------------------- search


def test_a_slash_goes_to_the_search_and_arrows_choose(open_page, sample_page):
    shown = open_page(sample_page)
    shown.keyboard.press("/")
    shown.keyboard.type("jinshu")  # metal, in pinyin
    listed = shown.eval_on_selector_all("#suggestions li", "all => all.map(o => o.dataset.id)")
    assert len(listed) > 2
    shown.keyboard.press("ArrowDown")
    active = shown.get_attribute("#search", "aria-activedescendant")
    assert shown.get_attribute(f"#{active}", "data-id") == listed[1]
    shown.keyboard.press("Enter")
    assert state(shown, "chosen") == listed[1]
    assert shown.get_attribute("#search", "aria-expanded") == "false"


def test_a_search_without_result_says_so_and_escape_clears_it(open_page, sample_page):
    shown = open_page(sample_page)
    shown.fill("#search", "zzzz")
    assert shown.inner_text("#suggestions") == "No matching sector"
    shown.press("#search", "Enter")
    assert state(shown, "chosen") is None
    shown.press("#search", "Escape")
    assert shown.input_value("#search") == ""
    assert not shown.is_visible("#suggestions")


def test_regions_are_found_where_there_are_several(open_page, regions_page, sample_page):
    shown = open_page(regions_page)
    shown.fill("#search", "浙")
    assert shown.get_attribute("#suggestions li >> nth=0", "data-region") == "CN-ZJ"
    alone = open_page(sample_page)
    alone.fill("#search", "广东")
    assert alone.query_selector("#suggestions [data-region]") is None


# ---------------------------------------------------------------- choices, flows, filters


@pytest.mark.parametrize("name", ["weight", "size", "colour", "layout"])
def test_every_choice_sets_the_state_and_follows_it(open_page, sample_page, name):
    shown = open_page(sample_page)
    values = options(shown, f"#{name}")
    assert len(values) > 1
    for value in values:
        shown.select_option(f"#{name}", value)
        assert state(shown, name) == value
    shown.evaluate(f"graphmap.update({{{name}: '{values[0]}'}})")
    assert shown.input_value(f"#{name}") == values[0]


def test_the_slider_says_what_is_covered_and_the_filters_are_told(open_page, sample_page):
    shown = open_page(sample_page)
    assert "88 flows" in shown.inner_text("#keep-text")
    shown.click("#filters > summary")
    assert shown.is_disabled("#clear-filters")
    shown.select_option("#only-role", "high_output")
    text = shown.inner_text("#keep-text")
    drawn = shown.evaluate("graphmap.shownEdges()")
    assert 0 < drawn < 88
    assert text.startswith(f"{drawn} of the 88 largest flows in the filter")
    assert shown.inner_text("#filter-count") == "1"
    shown.select_option("#only-community", "1")
    assert state(shown, "community") == 1
    shown.click("#clear-filters")
    assert (state(shown, "role"), state(shown, "community")) == (None, None)
    assert shown.evaluate("graphmap.shownEdges()") == 88


def test_loops_are_ticked_by_keyboard_and_explained(open_page, sample_page):
    shown = open_page(sample_page)
    assert "Flow within a sector" not in shown.inner_text("#legend")
    shown.focus("#loops")
    shown.keyboard.press("Space")
    assert state(shown, "loops") is True
    until(shown, "document.getElementById('legend').innerText.includes('within a sector')")


# ---------------------------------------------------------------- years


def test_the_year_is_chosen_and_told(open_page, years_page):
    shown = open_page(years_page)
    assert shown.inner_text("#year-text") == "2017"
    shown.fill("#year", "0")
    assert state(shown, "year") == 0
    assert shown.inner_text("#year-text") == "2012"
    assert "2012" in shown.inner_text("h1")
    shown.evaluate("graphmap.update({year: 2})")
    assert shown.input_value("#year") == "2"


def test_the_years_are_played_to_the_end_and_can_be_paused(open_page, years_page):
    shown = open_page(years_page)
    # watched inside the page: a busy machine may take longer to ask than a year is shown
    shown.evaluate(
        """() => {
          window.yearsSeen = [graphmap.state.year];
          const look = () => {
            const {year} = graphmap.state;
            if (year !== yearsSeen.at(-1)) yearsSeen.push(year);
            if (yearsSeen.length === 3 && !window.pausedOnce) {
              window.pausedOnce = true;
              document.getElementById('play').click();
            }
            setTimeout(look, 5);
          };
          look();
        }"""
    )
    shown.click("#play")  # from the last year: from the start again
    until(shown, "() => window.pausedOnce === true")
    shown.wait_for_timeout(900)
    assert shown.evaluate("yearsSeen") == [2, 0, 1]
    assert shown.get_attribute("#play", "aria-label") == "Play the years"
    shown.click("#play")
    until(shown, f"{STATE}.year === 2")
    shown.wait_for_timeout(900)
    assert shown.evaluate("yearsSeen") == [2, 0, 1, 2]
    assert shown.get_attribute("#play", "aria-label") == "Play the years"


def test_one_year_has_no_slider_and_no_trend(open_page, sample_page):
    shown = open_page(sample_page)
    assert not shown.is_visible("#year-choice")
    assert shown.query_selector(".trend") is None


def test_the_panel_shows_trends_and_leaves_out_what_a_year_lacks(open_page, years_page):
    shown = open_page(years_page)
    spoken = shown.get_attribute('[data-trend="gross_output"] svg', "aria-label")
    assert re.fullmatch(
        r"Gross output \(CNY bn\): 2012 285\.\d, 2015 456\.\d, 2017 570\.\d", spoken
    )
    spoken = shown.get_attribute('[data-trend="direct_co2"] svg', "aria-label")
    assert "2015 –" in spoken
    shown.fill("#year", "1")
    assert shown.inner_text("#keep-text") == "No figures of embodied CO₂ for 2015"
    for text in (shown.inner_text("body"), shown.inner_html("#panel")):
        assert "undefined" not in text and "NaN" not in text
    assert "No data" not in shown.inner_text("#legend .sizes-part")
    shown.evaluate("graphmap.update({size: 'direct_co2'})")  # hollow dots, not small ones
    until(shown, "document.querySelector('#legend .sizes-part').innerText.includes('No data')")
    assert shown.evaluate("scene().dots.some(({known}) => known)") is False
    tile = '#panel [data-measure="direct_co2"]'
    assert shown.get_attribute(tile, "data-value") == ""
    assert shown.inner_text(f"{tile} strong") == "–"


def test_a_sector_that_a_year_lacks_is_told_so(open_page, years_page):
    shown = open_page(years_page)
    shown.evaluate(
        "(() => { const gone = [...now.sectors.keys()].at(-1); now.sectors.delete(gone);"
        " graphmap.update({chosen: gone}); })()"
    )
    assert "This sector is not in the table of 2017." in shown.inner_text("#panel")
    assert "undefined" not in shown.inner_html("#panel")


# ---------------------------------------------------------------- regions


def test_a_pair_of_regions_shows_its_flows_and_how_much_they_are(open_page, regions_page):
    shown = open_page(regions_page)
    shown.click("#region-choices > summary")
    shown.select_option("#pair-supplier", "CN-GD")
    assert state(shown, "pair") is None
    shown.select_option("#pair-user", "CN-ZJ")
    assert state(shown, "pair") == ["CN-GD", "CN-ZJ"]
    text = shown.inner_text("#pair-text")
    found = re.fullmatch(r"GD to ZJ: (\d+) flows shown, ([\d.,]+) of ([\d.,]+)\sMt", text)
    assert found, text
    shown_mass, total = (float(found[k].replace(",", "")) for k in (2, 3))
    assert int(found[1]) > 0 and 0 < shown_mass <= total
    assert shown.is_disabled("#keep")
    shown.select_option("#pair-user", "")
    assert state(shown, "pair") is None
    assert shown.inner_text("#pair-text") == ""


def test_one_region_has_no_choice_of_regions(open_page, sample_page):
    assert not open_page(sample_page).is_visible("#region-choices")


# ---------------------------------------------------------------- legend and panel


def test_the_circles_of_the_legend_are_true_after_zooming(open_page, sample_page):
    shown = open_page(sample_page)
    radii = (
        "[...document.querySelectorAll('#legend .circles circle')].map(c => +c.getAttribute('r'))"
    )
    before = shown.evaluate(radii)
    smallest = min(before)
    scale = shown.evaluate("mapScale()")
    shown.click("#zoom-in")
    until(shown, f"Math.min(...{radii}) > {smallest * 1.05}")
    grown = min(shown.evaluate(radii)) / smallest
    assert grown == pytest.approx(shown.evaluate("mapScale()") / scale, rel=1e-3)
    for _ in range(6):
        shown.click("#zoom-in")
    still(shown)
    assert max(shown.evaluate(radii)) <= 40
    assert re.search(r"Drawn at 1/\d+ of their size", shown.inner_text("#legend"))


def test_the_circles_of_the_legend_are_true_after_a_change_of_year(open_page, years_page):
    shown = open_page(years_page)
    still(shown)
    shown.evaluate("graphmap.update({year: 0})")
    still(shown)
    radii = shown.evaluate(
        "[...document.querySelectorAll('#legend .circles circle')].map(c => +c.getAttribute('r'))"
    )
    largest = shown.evaluate(
        "Math.max(...scene().dots.map(({radius}) => radius * mapScale()).filter(r => r <= 40))"
    )
    assert max(radii) == pytest.approx(largest, rel=1e-6)


def test_bars_have_amounts_and_shares_and_lead_to_the_partner(open_page, sample_page):
    shown = open_page(sample_page)
    first = shown.query_selector("#panel .bars li")
    assert re.search(r"[\d.]+\s*\d+\s%", first.inner_text())
    name = first.query_selector("button").inner_text()
    first.query_selector("button").click()
    assert shown.inner_text("#panel h2") == name
    assert shown.evaluate("document.activeElement.tagName") == "H2"
    assert re.search(r"#\d+ of 42", shown.inner_text("#panel .tiles"))


# ---------------------------------------------------------------- screens, paper, frames


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "zh-Hant"])
def test_a_phone_shows_the_map_first_and_nothing_beside_the_screen(open_page, sample_page, tag):
    shown = open_page(sample_page, 390, 844)
    shown.evaluate(f"graphmap.update({{lang: '{tag}'}})")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    top = {name: shown.query_selector(name).bounding_box()["y"] for name in ("#map", "#search")}
    assert top["#map"] < top["#search"]
    shown.click("#settings > summary")
    small = shown.eval_on_selector_all(
        ".masthead button, .footing button, .controls select, .controls summary, #search",
        "all => all.filter(e => e.offsetParent && e.offsetHeight < 36).map(e => e.outerHTML)",
    )
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_prints_on_one_page_and_returns_to_the_screen(open_page, sample_page, tmp_path, theme):
    shown = open_page(sample_page, 1280, 800)
    shown.evaluate(f"graphmap.update({{theme: '{theme}', tab: 'notes'}})")
    path = tmp_path / "page.pdf"
    shown.pdf(path=path, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes())) == 1
    until(shown, "!document.querySelector('.paper')")
    assert state(shown, "theme") == theme
    assert state(shown, "tab") == "notes"
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown.emulate_media(media="print")
    assert shown.evaluate("document.documentElement.dataset.theme") == "light"
    assert shown.query_selector(".paper").bounding_box()["width"] > 400
    assert len(shown.query_selector_all("#key-sectors tbody tr:visible")) == 10
    assert "Electricity" in shown.text_content(".paper")
    assert shown.is_visible("#legend") and shown.is_visible("#source")
    assert not shown.is_visible("#panel") and not shown.is_visible("#search")


def test_two_maps_stand_in_frames_of_another_page(browser, sample_page):
    address = f"{sample_page.name}?embed=1"
    outer = sample_page.with_name("outer.html")
    outer.write_text(
        "<!doctype html><title>Outer</title>"
        f'<iframe width="480" height="320" src="{address}"></iframe>'
        f'<iframe width="900" height="560" src="{address}#colour=position&lang=zh-Hans"></iframe>',
        encoding="utf-8",
    )
    shown = browser.new_page()
    complaints = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(outer.as_uri())
    for frame, (width, height) in zip(shown.frames[1:], ((480, 320), (900, 560)), strict=True):
        frame.wait_for_selector("#legend .colours li")
        assert frame.is_visible("#map") and frame.is_visible("#source")
        for hidden in ("h1", "#search", "#panel", ".tables", "#zoom-in"):
            assert not frame.is_visible(hidden)
        size = frame.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight,"
            " document.getElementById('map').offsetHeight]"
        )
        assert size[0] <= width and size[1] <= height + 1  # a part of a pixel
        assert size[2] >= height * 0.5
    assert "上游" in shown.frames[2].inner_text("#legend")
    shown.close()
    assert complaints == []


# ---------------------------------------------------------------- colour


def tokens(theme):
    text = files("graphmap.render").joinpath("templates/tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", text)
    found = {}
    for selector, body in blocks:
        if "lang" not in selector and ("dark" not in selector or theme == "dark"):
            found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", body))
    return found


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(theme):
    colours = tokens(theme)
    pairs = list(product(("ink", "muted"), ("paper", "map", "wash")))
    pairs += [
        ("ink", "chosen"),
        ("muted", "chosen"),
        ("ink", "tint-carbon"),
        ("ink", "tint-middle"),
    ]
    pairs += [("focus", "paper"), ("paper", "ink"), ("paper", "focus")]
    pairs += [(f"{kind}-ink", f"{kind}-paper") for kind in ("warn", "ok", "note", "bad")]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dots_stand_out_from_the_map(theme):
    colours = tokens(theme)
    for role in ("carbon", "transmission", "output", "other"):
        assert contrast(colours[f"role-{role}"], colours["map"]) >= 1.9, role


def test_shares_of_a_list_are_of_all_flows_of_its_source(open_page, data, tmp_path) -> None:
    files = (data / "visceads" / "top88_flows.csv", data / "visceads" / "sector_totals.csv")
    listed = gm.study(gm.read_flows(*files, region="Guangdong", year=2017))
    gm.write_page(listed, tmp_path / "list.html")
    shown = open_page(tmp_path / "list.html")
    between = listed.network.without_loops().weights.sum() / listed.whole["money"]
    told = shown.inner_text("#keep-text")
    assert "those within sectors included" in told and "between sectors" not in told
    assert re.search(rf"covers {round(100 * between)}\s%", told)
