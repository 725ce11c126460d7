from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from watching import overlaps, still

import graphmap as gm
from graphmap.i18n import LANGUAGES, vocabulary
from graphmap.network import share_of_cells
from graphmap.panel import panel
from graphmap.render.page import SCRIPTS, page, text
from graphmap.render.payload import payload
from graphmap.render.payload_flows import flows
from graphmap.study import MOST_DRAWN

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_LEFT_ALONE = re.compile(
    r"graphmap\S*|PNG|SVG|CSV|Esc|Enter|Mt|CO₂|CEADs|Leiden|PageRank|RAS|demo|EN|GDP|m_[ij]|f_[ij]|Z_ij|y_[ij]|x_[ij]"
    r"|\b[A-Zfijmtxy]\b|\(I"
)
HOSTILE = "<script>alert(1)</script>"


def visible_text(browser_page) -> str:
    """Every word on the page, hidden tabs and spoken labels included."""
    return browser_page.evaluate(
        """() => {
          const attributes = ['aria-label', 'title', 'placeholder', 'aria-valuetext'];
          // the three languages go by their own names
          const spoken = [...document.querySelectorAll('body *')]
            .filter(each => !each.matches('.languages button'))
            .flatMap(each => attributes.map(name => each.getAttribute(name) ?? ''));
          const written = [...document.querySelectorAll('body *')]
            .filter(each => !['SCRIPT', 'STYLE', 'NOSCRIPT', 'CODE'].includes(each.tagName))
            .filter(each => !each.closest('.languages'))
            .flatMap(each => [...each.childNodes].filter(n => n.nodeType === 3).map(n => n.data));
          return [document.title, ...spoken, ...written].join('\\n');
        }"""
    )


def choose_language(browser_page, tag: str) -> None:
    browser_page.click(f'button[data-lang="{tag}"]')
    still(browser_page)


def test_it_is_one_file_within_its_size(sample_page):
    html = sample_page.read_text(encoding="utf-8")
    assert sample_page.stat().st_size <= 1.3e6
    assert not re.findall(r'(?:src|href)\s*=\s*["\']?(?:https?:)?//', html)


def test_no_label_covers_another(open_page, sample_page):
    for width, height in ((1280, 800), (1440, 900), (1920, 1080)):
        shown = open_page(sample_page, width, height)
        for tag in LANGUAGES:
            choose_language(shown, tag)
            boxes = shown.evaluate("graphmap.labelBoxes()")
            assert len(boxes) == 42
            assert overlaps(boxes) == [], (width, tag)


def test_labels_stay_inside_the_map(open_page, sample_page):
    shown = open_page(sample_page, 1280, 800)
    frame = shown.evaluate(
        "(() => { const r = document.getElementById('map')"
        ".getBoundingClientRect(); return [r.width, r.height]; })()"
    )
    for box in shown.evaluate("graphmap.labelBoxes()"):
        assert box["left"] >= 0 and box["top"] >= 0
        assert box["right"] <= frame[0] and box["bottom"] <= frame[1]


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("electricity", "CN-GD.24"),
        ("电力", "CN-GD.24"),
        ("電力", "CN-GD.24"),
        ("dianli", "CN-GD.24"),
        ("Construction", "CN-GD.27"),
        ("建筑", "CN-GD.27"),
        ("建築", "CN-GD.27"),
    ],
)
def test_search_finds_a_sector_in_each_language(open_page, sample_page, query, node):
    shown = open_page(sample_page)
    shown.fill("#search", query)
    assert shown.get_attribute("#suggestions li >> nth=0", "data-id") == node
    shown.press("#search", "Enter")
    assert shown.evaluate("graphmap.state.chosen") == node


def test_the_slider_changes_the_number_of_flows(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    assert shown.evaluate("graphmap.shownEdges()") == 88
    share = round(100 * sample_study.backbone.share_of_flow)
    assert re.search(rf"88 flows.*covers {share}\s%", shown.inner_text("#keep-text"))
    shown.fill("#keep", "10")
    assert shown.evaluate("graphmap.shownEdges()") == 176
    assert "176 flows" in shown.inner_text("#keep-text")


def test_choosing_a_sector_fills_the_panel_with_the_figures_of_the_table(open_page, sample_page):
    shown = open_page(sample_page)
    for node in ("CN-GD.20", "CN-GD.13"):
        shown.click(f'#key-sectors tr[data-id="{node}"]')
        tiles = shown.eval_on_selector_all(
            "#panel [data-measure]", "all => all.map(t => [t.dataset.measure, t.dataset.value])"
        )
        assert len(tiles) == 6
        for measure, value in tiles:
            row = f'#key-sectors tr[data-id="{node}"] td[data-measure="{measure}"]'
            assert shown.get_attribute(row, "data-value") == value
        assert len(shown.query_selector_all("#panel .bars >> nth=0 >> li")) == 5


def test_a_click_on_a_dot_chooses_it_and_a_click_beside_clears(open_page, sample_page):
    shown = open_page(sample_page)
    at = shown.evaluate("graphmap.place('CN-GD.27')")
    frame = shown.query_selector("#map").bounding_box()
    shown.mouse.click(frame["x"] + at["x"], frame["y"] + at["y"])
    shown.wait_for_function("graphmap.state.chosen === 'CN-GD.27'")
    assert "Construction" in shown.inner_text("#panel")
    shown.mouse.click(frame["x"] + 3, frame["y"] + 3)
    shown.wait_for_function("graphmap.state.chosen === null")


def test_the_figures_of_the_page_are_those_of_the_study(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    cells = shown.eval_on_selector_all(
        "#key-sectors td[data-measure]",
        "all => all.map(c => [c.closest('tr').dataset.id, c.dataset.measure, +c.dataset.value])",
    )
    assert len(cells) == 42 * 6
    for node, measure, value in cells:
        assert value == pytest.approx(sample_study.sectors.at[node, measure], rel=1e-8)


def test_the_table_sorts_by_every_column(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    for measure in ("gross_output", "footprint", "direct_intensity"):
        shown.click(f'#key-sectors th[data-column="{measure}"] button')
        ids = shown.eval_on_selector_all(
            "#key-sectors tbody tr", "all => all.map(r => r.dataset.id)"
        )
        values = sample_study.sectors.loc[ids, measure].to_numpy()
        assert (np.diff(values) <= 1e-8 * values.max()).all()  # the page has nine figures
        head = f'#key-sectors th[data-column="{measure}"]'
        assert shown.get_attribute(head, "aria-sort") == "descending"


@pytest.mark.parametrize("weight", ["money", "direct_co2", "embodied_co2"])
def test_the_weight_and_the_size_can_be_chosen(open_page, sample_page, sample_study, weight):
    shown = open_page(sample_page)
    shown.select_option("#weight", weight)
    shown.select_option("#size", "footprint")
    still(shown)
    assert shown.evaluate("graphmap.shownEdges()") == 88
    share = round(100 * share_of_cells(sample_study.networks[weight], 0.05).share_of_flow)
    assert re.search(rf"covers {share}\s%", shown.inner_text("#keep-text"))
    assert "Footprint" in shown.inner_text("#legend")


@pytest.mark.parametrize("colour", ["role", "intensity", "community", "group", "position"])
def test_every_colour_has_its_legend(open_page, sample_page, colour):
    shown = open_page(sample_page)
    shown.select_option("#colour", colour)
    still(shown)
    assert len(shown.query_selector_all("#legend .colours li")) >= (
        1 if colour == "intensity" else 3
    )


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_language_switch_translates_every_word(open_page, sample_page, tag):
    shown = open_page(sample_page)
    choose_language(shown, tag)
    assert shown.evaluate("document.documentElement.lang") == tag
    text = visible_text(shown)
    if tag == "en":
        assert not CHINESE.findall(text)
        return
    left = [line for line in text.splitlines() if re.search("[A-Za-z]{2}", _bare(line))]
    assert left == []
    other = "zh-Hant" if tag == "zh-Hans" else "zh-Hans"
    foreign = [n[other] for n in vocabulary().values() if n[other] != n[tag] and len(n[other]) > 3]
    shown_lines = {line.strip() for line in text.splitlines()}
    assert not shown_lines & set(foreign)


def _bare(line: str) -> str:
    return LATIN_LEFT_ALONE.sub("", line)


def test_every_control_has_a_name(open_page, sample_page):
    shown = open_page(sample_page)
    nameless = shown.evaluate(
        """() => [...document.querySelectorAll('button, select, input')].filter(c =>
          !(c.getAttribute('aria-label') || c.textContent.trim() || c.labels?.length))
          .map(c => c.outerHTML)"""
    )
    assert nameless == []


def test_nothing_overflows_a_narrow_screen(open_page, sample_page):
    shown = open_page(sample_page, 390, 800)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_hostile_name_is_shown_as_text(open_page, sample_study, tmp_path):
    table = sample_study.table
    index = table.index.copy()
    for column in [c for c in index if c.startswith(("name_", "short_"))]:
        index.iloc[23, index.columns.get_loc(column)] = HOSTILE
    path = tmp_path / "hostile.html"
    gm.write_page(gm.study(replace(table, index=index)), path)
    shown = open_page(path)
    dialogs = []
    shown.on("dialog", lambda dialog: dialogs.append(dialog.message))
    shown.click('#key-sectors tr[data-id="CN-GD.24"]')
    assert HOSTILE in shown.inner_text("#panel")
    shown.fill("#search", "<script>")
    assert HOSTILE in shown.inner_text("#suggestions")
    assert dialogs == []


def test_a_table_without_emissions_has_a_page_of_money(open_page, sample_study, tmp_path):
    bare = gm.study(replace(sample_study.table, extensions={}))
    path = tmp_path / "money.html"
    gm.write_page(bare, path)
    shown = open_page(path)
    assert shown.evaluate("graphmap.state.weight") == "money"
    for tag in LANGUAGES:
        choose_language(shown, tag)
    assert shown.evaluate("graphmap.shownEdges()") == 88
    choose_language(shown, "en")
    assert "CO₂" not in shown.inner_text("#panel")


def test_the_page_carries_the_largest_flows_of_each_weight(sample_study):
    carried = flows(sample_study)
    n = sample_study.n
    for k, net in enumerate(sample_study.networks.values()):
        largest = net.without_loops().edges()["weight"].head(round(0.2 * n * n))
        sent = sorted((flow[k + 2] for flow in carried), reverse=True)[: len(largest)]
        assert np.allclose(sent, largest, rtol=1e-8)
    assert len(carried) <= 3 * MOST_DRAWN


def test_partners_in_the_panel_are_those_of_the_whole_network(sample_study):
    net = sample_study.network
    [period] = payload(panel(sample_study))["periods"]
    sent = {sector["at"]: sector for sector in period["sectors"]}
    between = net.without_loops().weights.toarray()
    for i in range(sample_study.n):
        users = sent[i]["users"][sample_study.weight]
        best = np.sort(between[i])[::-1][:5]
        assert np.allclose([value for _, value, _ in users], best[best > 0], rtol=1e-8)
        for j, value, share in users:
            assert value == pytest.approx(between[i, j], rel=1e-8)
            assert share == pytest.approx(value / between[i].sum(), abs=1e-4)


@pytest.mark.parametrize("rule", ["disparity:5%", "top:2+connected", "edges:30"])
def test_what_is_drawn_at_first_is_the_backbone_by_whatever_rule(open_page, tmp_path, rule):
    study = gm.study(gm.read("sample", region="广东"), keep=rule)
    carried = flows(study)
    if rule != "edges:30":
        assert not study.chosen_by_size
        kept = study.backbone.network.weights.tocoo()
        assert {(i, j) for i, j, *_ in carried} == set(zip(kept.row, kept.col, strict=True))
    path = tmp_path / "map.html"
    gm.write_page(study, path)
    shown = open_page(path)
    assert shown.evaluate("graphmap.shownEdges()") == study.backbone.edges
    covered = re.search(r"covers ([\d.]+)\s*%", shown.inner_text("#keep-text"))
    assert float(covered.group(1)) == pytest.approx(100 * study.backbone.share_of_flow, abs=0.51)


def test_the_same_study_gives_the_same_page(sample_study):
    assert page(sample_study) == page(sample_study)


def test_real_guangdong_draws(open_page, data, tmp_path):
    path = tmp_path / "gd.html"
    book = data / "constructed" / "Guangdong_Zhejiang_2017_ceads_layout.xlsx"
    gm.write_page(gm.study(gm.read(book, region="广东"), lang="zh-Hans"), path)
    assert path.stat().st_size <= 1.3e6
    shown = open_page(path, 1280, 800)
    first = shown.get_attribute("#key-sectors tbody tr >> nth=0", "data-id")
    assert first == "CN-GD.24"
    value = shown.get_attribute(
        'tr[data-id="CN-GD.24"] td[data-measure="direct_co2"]', "data-value"
    )
    assert float(value) == pytest.approx(297.819, abs=1e-3)
    choose_language(shown, "en")
    assert not CHINESE.findall(visible_text(shown))


def test_no_two_scripts_declare_the_same_name() -> None:
    """They share one scope, where a second `const` of a name would stop the whole page."""
    declared = re.compile(
        r"^(?:async )?(?:const|let|function\*?) (?:\[([^\]]*)\]|\{([^}]*)\}|(\w+))", re.MULTILINE
    )
    names = [
        name
        for script in SCRIPTS
        for groups in declared.findall(text(script))
        for name in re.findall(r"\w+", " ".join(groups))
    ]
    assert len(names) > 300
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
