"""What stands below the map, used as a person would."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from watching import until

import graphmap as gm
from graphmap.i18n import LANGUAGES, vocabulary, with_unit
from graphmap.leontief.paths import structural_paths
from graphmap.panel import panel
from graphmap.render.page import page
from graphmap.studied import PATHS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"graphmap\S*|Mt|CO₂|CSV|SVG|PNG|Leiden|RAS|Z_ij|m_i|\(I|[a-z]_[a-z]+")
HOSTILE = '=HYPERLINK("http://x.y","<b>,1")'
BILLION = 1e5  # in 10 thousand yuan
TABS = ("key-sectors", "key-relations", "sankey", "scatter", "notes")
CENTRE = "CN-GD.27"


def word(key: str, tag: str = "en") -> str:
    return vocabulary()[key][tag]


def open_tab(shown, tab: str) -> None:
    shown.click(f"#tab-{tab}")
    assert shown.is_visible(f"#page-{tab}")


def downloaded(shown, button: str) -> tuple[str, bytes]:
    with shown.expect_download() as waiting:
        shown.click(button)
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def rows_of(sent: bytes) -> list[list[str]]:
    """The rows of a CSV file, which must be exactly what a careful writer makes of them."""
    text = sent.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    again = io.StringIO(newline="")
    csv.writer(again, lineterminator="\r\n").writerows(rows)
    assert again.getvalue() == text[1:]
    return rows


def copied(shown, button: str) -> str:
    shown.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.click(button)
    until(shown, f"document.querySelector('{button}').textContent === 'Copied'")
    assert shown.inner_text("#said") == "Copied"
    return shown.evaluate("navigator.clipboard.readText()")


def ids(shown) -> list[str]:
    return shown.eval_on_selector_all("#key-sectors tbody tr", "all => all.map(r => r.dataset.id)")


def boxes(shown, selector: str) -> list[dict[str, float]]:
    return shown.eval_on_selector_all(
        selector,
        "all => all.map(t => { const {left, right, top, bottom} = t.getBoundingClientRect();"
        " return {left, right, top, bottom, text: t.textContent}; })",
    )


def assert_apart(found: list[dict[str, float]]) -> None:
    assert found
    for a, b in combinations(found, 2):
        assert (
            a["right"] <= b["left"] + 0.5
            or b["right"] <= a["left"] + 0.5
            or a["bottom"] <= b["top"] + 2  # the box of a line of text is taller than its letters
            or b["bottom"] <= a["top"] + 2
        ), (a, b)


def assert_inside(found: list[dict[str, float]], frame: dict[str, float]) -> None:
    for box in found:
        assert box["left"] >= frame["left"] - 0.5 and box["right"] <= frame["right"] + 0.5, box
        assert box["top"] >= frame["top"] - 2 and box["bottom"] <= frame["bottom"] + 2, box


# ------------------------------------------------------------------------------------- tabs


def test_tabs_go_by_arrow_keys_and_stand_in_the_address(open_page, sample_page):
    shown = open_page(sample_page)
    shown.focus("#tab-key-sectors")
    for tab in (*TABS[1:], TABS[0]):
        shown.keyboard.press("ArrowRight")
        assert shown.evaluate("document.activeElement.id") == f"tab-{tab}"
        assert shown.is_visible(f"#page-{tab}")
        assert shown.locator("[role=tabpanel]:visible").count() == 1
    shown.keyboard.press("End")
    assert shown.get_attribute("#tab-notes", "aria-selected") == "true"
    until(shown, "location.hash.includes('tab=notes')")


# ------------------------------------------------------------------------------ key sectors


@pytest.mark.parametrize("query", ["electric", "电力", "電力", "dianli"])
def test_the_filter_finds_a_sector_in_each_language(open_page, sample_page, query):
    shown = open_page(sample_page)
    assert shown.inner_text("#sector-count") == "42 sectors"
    shown.fill("#filter-sectors", query)
    left = ids(shown)
    assert "CN-GD.24" in left and len(left) < 5
    assert shown.inner_text("#sector-count") == f"{len(left)} of 42 sectors"
    shown.fill("#filter-sectors", "no such sector")
    assert ids(shown) == [] and shown.inner_text("#sector-count") == "0 of 42 sectors"


def test_filters_of_the_map_apply_to_the_rows(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    shown.evaluate("graphmap.update({role: 'high_carbon'})")
    high = sample_study.key_sectors.index[sample_study.key_sectors["high_carbon"]]
    assert ids(shown) == list(high)
    shown.evaluate("graphmap.update({role: null, community: 1})")
    members = sample_study.sectors.index[sample_study.sectors["community"] == 1]
    assert sorted(ids(shown)) == sorted(members)


@pytest.mark.parametrize(("tag", "per"), [("en", BILLION), ("zh-Hans", 1e4), ("zh-Hant", 1e4)])
def test_the_csv_of_the_sectors_is_the_study(open_page, sample_page, sample_study, tag, per):
    shown = open_page(sample_page)
    shown.click(f'button[data-lang="{tag}"]')
    name, sent = downloaded(shown, "#csv-key-sectors")
    assert sample_study.title[tag] in name and name.endswith(".csv")
    head, *rows = rows_of(sent)
    key = sample_study.key_sectors
    money = word("page.unit.money.CNY", tag)
    assert with_unit(word("measure.gross_output", tag), money, tag) in head
    assert with_unit(word("measure.direct_co2", tag), "Mt", tag) in head
    assert [row[0] for row in rows] == list(key.index)
    assert [row[2] for row in rows] == list(key[f"name_{tag.lower().replace('-', '_')}"])
    for measure in ("gross_output", "direct_co2", "direct_intensity", "footprint", "transmission"):
        [at] = [
            i
            for i, text in enumerate(head)
            if re.split(r" ?[(（]", text)[0] == word(f"measure.{measure}", tag)
        ]
        unit = per if measure == "gross_output" else 1
        sent_values = [float(row[at]) for row in rows]
        assert np.allclose(sent_values, key[measure] / unit, rtol=1e-8, atol=0)


def test_rows_are_copied_as_they_stand(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    shown.click('#key-sectors th[data-column="footprint"] button')
    shown.evaluate("graphmap.update({role: 'high_output'})")
    head, *rows = [line.split("\t") for line in copied(shown, "#copy-key-sectors").split("\n")]
    at = head.index("Footprint (Mt)")
    chosen = sample_study.sectors[sample_study.sectors["high_output"]]
    expected = chosen["footprint"].sort_values(ascending=False)
    assert [row[0] for row in rows] == list(expected.index)
    assert np.allclose([float(row[at]) for row in rows], expected, rtol=1e-8)
    until(shown, "document.getElementById('copy-key-sectors').textContent === 'Copy'")


def test_a_page_that_is_refused_the_clipboard_copies_all_the_same(open_page, sample_page):
    shown = open_page(sample_page)
    shown.evaluate(
        """() => {
          navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
          document.addEventListener('copy', () => { window.taken = String(getSelection())
            || document.activeElement.value; });
        }"""
    )
    shown.click("#copy-key-sectors")
    until(shown, "window.taken?.includes('electric power')")
    assert shown.locator("textarea").count() == 0
    assert shown.evaluate("document.activeElement.id") == "copy-key-sectors"


def test_bars_are_in_proportion(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    bars = shown.eval_on_selector_all(
        '#key-sectors td[data-measure="footprint"]',
        "all => all.map(c => parseFloat(c.style.getPropertyValue('--bar')))",
    )
    expected = 100 * sample_study.key_sectors["footprint"] / sample_study.sectors["footprint"].max()
    assert np.allclose(bars, expected, atol=0.051)


def test_a_hostile_name_is_no_formula_and_no_markup(open_page, sample_study, tmp_path):
    index = sample_study.table.index.copy()
    for column in [c for c in index if c.startswith(("name_", "short_"))]:
        index.iloc[23, index.columns.get_loc(column)] = HOSTILE
    path = tmp_path / "hostile.html"
    gm.write_page(gm.study(replace(sample_study.table, index=index)), path)
    shown = open_page(path)
    _, sent = downloaded(shown, "#csv-key-sectors")
    names = [row[2] for row in rows_of(sent)]
    assert "'" + HOSTILE in names and HOSTILE not in names
    assert "'" + HOSTILE in copied(shown, "#copy-key-sectors")
    for tab in TABS[1:]:
        open_tab(shown, tab)
        assert shown.locator(f"#page-{tab} b").count() == 0
    open_tab(shown, "sankey")
    assert HOSTILE in shown.text_content("#sankey-frame")
    _, drawing = downloaded(shown, "#svg-sankey")
    assert HOSTILE in "".join(ElementTree.fromstring(drawing).itertext())
    open_tab(shown, "key-relations")
    for table in ("key-relations", "largest-flows"):
        _, sent = downloaded(shown, f"#csv-{table}")
        cells = [cell for row in rows_of(sent) for cell in row]
        assert "'" + HOSTILE in cells and not any(c.startswith("=") for c in cells)


def test_a_thousand_sectors_are_drawn_a_part_at_a_time(open_page, sample_study, tmp_path):
    data = page(sample_study)
    path = tmp_path / "many.html"
    path.write_text(data, encoding="utf-8")
    shown = open_page(path)
    # the same sectors eight times over: what is measured is the drawing of rows
    spent = shown.evaluate(
        """() => {
          const twin = (sector, i) => ({...sector, id: `${sector.id}/${i}`});
          now.inOrder = Array.from({length: 31}, (_, i) => now.inOrder.map(s => twin(s, i))).flat();
          now.order = new Map(now.inOrder.map((sector, i) => [sector.id, i + 1]));
          graphmap.update({sort: {column: 'footprint', descending: true}});
          const start = performance.now();
          graphmap.update({sort: {column: 'footprint', descending: false}});
          return performance.now() - start;
        }"""
    )
    assert len(ids(shown)) == 200 and spent < 150  # 50 ms on a machine that does nothing else
    assert shown.inner_text("#sector-count") == "1,302 sectors"
    assert shown.inner_text("#more-sectors") == "Show all 1,302 rows"
    shown.click("#more-sectors")
    assert len(ids(shown)) == 1302 and shown.is_hidden("#more-sectors")


def test_rank_intervals_have_a_column_where_there_are_any(open_page, sample_page):
    shown = open_page(sample_page)
    low, high = shown.evaluate("now.sectors.get('CN-GD.27').robust = [2, 7]")
    shown.evaluate("now.sectors.get('CN-GD.24').robust = [1, 1]; graphmap.update({lang: 'en'})")
    assert shown.inner_text('tr[data-id="CN-GD.27"] td.robust') == f"{low}–{high}"
    assert shown.inner_text('tr[data-id="CN-GD.24"] td.robust') == "1"
    shown.evaluate("now.sectors.forEach(s => { delete s.robust; }); graphmap.update({lang: 'en'})")
    assert shown.locator('th[data-column="robust"]').count() == 0


def test_several_regions_have_a_column(open_page, tmp_path):
    path = tmp_path / "two.html"
    gm.write_page(gm.study(gm.read("sample")), path)
    shown = open_page(path, 1280)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 1280
    shown.fill("#filter-sectors", "建筑")
    regions = shown.eval_on_selector_all(
        "#key-sectors tbody td:nth-child(2)", "all => all.map(c => c.textContent)"
    )
    assert sorted(regions) == ["Guangdong", "Zhejiang"]
    open_tab(shown, "sankey")
    assert "GD Electricity & heat" in shown.text_content("#sankey")
    spoken = shown.locator("#sankey .node").evaluate_all("all => all.map(n => n.ariaLabel)")
    assert any(text.startswith("Guangdong · Production") for text in spoken)


# ------------------------------------------------------------------------- key relationships


def test_the_largest_flows_are_those_of_the_network(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    open_tab(shown, "key-relations")
    for weight in ("embodied_co2", "money"):
        shown.evaluate("weight => graphmap.update({weight})", weight)
        head, *rows = rows_of(downloaded(shown, "#csv-largest-flows")[1])
        net = sample_study.networks[weight].without_loops()
        flows = net.edges().head(15)
        names = sample_study.sectors["name_en"]
        assert [row[1] for row in rows] == list(names.loc[flows["supplier"]])
        assert [row[2] for row in rows] == list(names.loc[flows["user"]])
        values = flows["weight"].to_numpy() / (BILLION if weight == "money" else 1)
        assert np.allclose([float(row[3]) for row in rows], values, rtol=1e-8)
        share = 100 * flows["weight"].to_numpy() / net.weights.sum()
        assert np.allclose([float(row[4]) for row in rows], share, rtol=1e-7)
        assert np.allclose([float(row[5]) for row in rows], share.cumsum(), rtol=1e-7)
        assert ("Mt" in head[3]) == (weight != "money")
        assert shown.locator("#largest-flows tbody tr").count() == 15


def test_relations_are_downloaded_whole(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    open_tab(shown, "key-relations")
    _, *rows = rows_of(downloaded(shown, "#csv-key-relations")[1])
    relations = sample_study.relations
    assert len(rows) == len(relations)
    assert math.isclose(sum(float(row[5]) for row in rows), relations["value"].sum(), rel_tol=1e-8)
    assert len(copied(shown, "#copy-key-relations").split("\n")) == 1 + len(relations)
    shown.click("#key-relations tbody th button >> nth=1")
    assert shown.evaluate("graphmap.state.chosen") is not None


def test_of_what_is_not_known_there_are_no_shares(open_page, sample_page):
    shown = open_page(sample_page)
    shown.evaluate(
        """() => {
          for (const weight of Object.values(now.weights)) weight.whole = weight.within = null;
          const partners = now.partners;
          now.partners = (...asked) => partners(...asked).map(one => ({...one, share: null}));
          now.relations = now.relations.map(one => ({...one, share: null}));
        }"""
    )
    for tab in ("key-relations", "sankey", "notes"):
        open_tab(shown, tab)
        shares = "" if tab == "notes" else r"|\d\s%|– %"  # notes speak of 90 % of draws
        assert not re.search("null|NaN" + shares, shown.inner_text(f"#page-{tab}"))
    open_tab(shown, "key-relations")
    assert {len(row) for row in rows_of(downloaded(shown, "#csv-largest-flows")[1])} == {4}
    assert "in brackets" not in shown.inner_text("#key-relations")
    open_tab(shown, "sankey")
    shown.click('button[data-sankey="sector"]')
    assert "that the source lists" in shown.inner_text("#sankey-text")
    assert "All others" not in shown.text_content("#sankey")


def test_shares_of_a_list_say_that_they_are_of_all_its_flows(open_page, sample_page):
    shown = open_page(sample_page)
    shown.evaluate("for (const weight of Object.values(now.weights)) weight.within = null")
    open_tab(shown, "key-relations")
    assert "those within sectors included" in shown.inner_text("#largest-flows")
    assert "between" not in shown.inner_text("#largest-flows")
    open_tab(shown, "sankey")
    assert "those within sectors included" in shown.inner_text("#sankey-text")


# ----------------------------------------------------------------------------------- Sankey


def sankey(shown):
    nodes = shown.eval_on_selector_all(
        "#sankey .node", "all => all.map(n => [n.dataset.mark, +n.dataset.value])"
    )
    links = shown.eval_on_selector_all(
        "#sankey .link", "all => all.map(l => [l.dataset.from, l.dataset.to, +l.dataset.value])"
    )
    return dict(nodes), links


@pytest.mark.parametrize("kind", ["flows", "sector", "paths"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_sankey_diagram_adds_up_and_is_legible(open_page, sample_page, kind, width):
    shown = open_page(sample_page, width, 800)
    open_tab(shown, "sankey")
    shown.click(f'button[data-sankey="{kind}"]')
    nodes, links = sankey(shown)
    for key, value in nodes.items():
        inward = sum(v for _, user, v in links if user == key)
        outward = sum(v for supplier, _, v in links if supplier == key)
        assert value == pytest.approx(max(inward, outward))
    for tag in LANGUAGES:
        shown.evaluate("lang => graphmap.update({lang})", tag)
        labels = boxes(shown, "#sankey .node text")
        assert len(labels) == len(nodes)
        assert_apart(labels)
        assert_inside(labels, boxes(shown, "#sankey")[0])
    spoken = shown.locator("#sankey-table tbody tr").count()
    assert spoken == len(links) > 5


def test_the_flows_of_the_sankey_are_those_of_the_network(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    open_tab(shown, "sankey")
    _, links = sankey(shown)
    flows = sample_study.network.without_loops().edges().head(20)
    expected = dict(
        zip(zip(flows["supplier"], flows["user"], strict=True), flows["weight"], strict=True)
    )
    found = {(a.split("/")[1], b.split("/")[1]): v for a, b, v in links}
    assert found == pytest.approx(expected, rel=1e-8)


def test_the_sankey_of_a_sector_holds_all_it_supplies_and_uses(
    open_page, sample_page, sample_study
):
    shown = open_page(sample_page)
    shown.click(f'#key-sectors tr[data-id="{CENTRE}"]')
    open_tab(shown, "sankey")
    shown.click('button[data-sankey="sector"]')
    _, links = sankey(shown)
    net = sample_study.network.without_loops()
    at = list(sample_study.sectors.index).index(CENTRE)
    into = sum(v for _, user, v in links if user == f"2/{CENTRE}")
    out = sum(v for supplier, _, v in links if supplier == f"2/{CENTRE}")
    assert into == pytest.approx(net.weights[:, [at]].sum(), rel=1e-3)  # shares are rounded
    assert out == pytest.approx(net.weights[[at], :].sum(), rel=1e-3)
    flows = net.weights.toarray()
    place = {node: i for i, node in enumerate(sample_study.sectors.index)}
    for supplier, user, value in links:
        if "*" not in supplier + user:
            pair = place[supplier.split("/")[1]], place[user.split("/")[1]]
            assert value == pytest.approx(flows[pair], rel=1e-8)


def test_paths_are_the_largest_structural_paths(open_page, sample_page, sample_study):
    found = structural_paths(sample_study.table, count=500)
    longer = found[found["stages"] > 0].head(PATHS)
    shown = open_page(sample_page)
    sent = shown.evaluate("now.paths.map(p => [p.stages.join(' '), p.value])")
    assert [text for text, _ in sent] == [" ".join(path) for path in longer["path"]]
    assert np.allclose([value for _, value in sent], longer["co2"], rtol=1e-8)
    open_tab(shown, "sankey")
    shown.click('button[data-sankey="paths"]')
    _, links = sankey(shown)
    last = max(int(user.split("/")[0]) for _, user, _ in links)
    final = sum(v for _, user, v in links if user.startswith(f"{last}/"))
    assert final == pytest.approx(longer["co2"].sum(), rel=1e-6)


def test_a_link_says_its_amount_and_a_node_chooses(open_page, sample_page):
    shown = open_page(sample_page)
    open_tab(shown, "sankey")
    shown.focus("#sankey [data-mark][tabindex='0']")
    assert re.search(r"→ .+: [\d.,]+.Mt", shown.inner_text("#sankey-frame .tip"))
    first = shown.evaluate("document.activeElement.dataset.mark")
    shown.keyboard.press("ArrowRight")
    assert shown.evaluate("document.activeElement.dataset.mark") != first
    assert shown.locator("#sankey [data-mark][tabindex='0']").count() == 1
    shown.click('#sankey .node[data-id="CN-GD.27"] rect')
    assert shown.evaluate("graphmap.state.chosen") == "CN-GD.27"
    shown.focus('#sankey .node[data-id="CN-GD.12"]')
    shown.keyboard.press("Enter")
    assert shown.evaluate("graphmap.state.chosen") == "CN-GD.12"
    shown.hover("#sankey .link >> nth=0", force=True)
    assert shown.is_visible("#sankey-frame .tip")


# ---------------------------------------------------------------------------------- scatter


def test_dots_stand_where_output_and_intensity_put_them(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    open_tab(shown, "scatter")
    dots = shown.eval_on_selector_all(
        "#scatter circle",
        "all => all.map(c => [c.dataset.id, +c.getAttribute('cx'),"
        " +c.getAttribute('cy'), +c.getAttribute('r')])",
    )
    sectors = sample_study.sectors.loc[[dot[0] for dot in dots]]
    assert len(dots) == 42
    x, y, r = np.array([dot[1:] for dot in dots]).T
    emits = (sectors["direct_intensity"] > 0).to_numpy()
    for place, measure, direction in ((x, "gross_output", 1), (y, "direct_intensity", -1)):
        logs = np.log10(sectors[measure].to_numpy()[emits])
        slope, start = np.polyfit(logs, place[emits], 1)
        assert slope * direction > 0
        assert np.allclose(place[emits], start + slope * logs, atol=0.02)
    assert (~emits).sum() == 1 and (y[~emits] > y[emits].max()).all()  # on the strip at the foot
    large = r > 5
    area = r[large] ** 2 / sectors["direct_co2"].to_numpy()[large]
    assert np.allclose(area, area[0], rtol=0.01)
    assert "No direct emissions" in shown.text_content("#scatter")
    assert shown.eval_on_selector_all(
        "#scatter .iso-label", "all => all.map(t => t.textContent)"
    ) == ["100\u00a0Mt", "10\u00a0Mt", "1\u00a0Mt"]


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_labels_of_the_scatter_do_not_meet(open_page, sample_page, width):
    shown = open_page(sample_page, width, 900)
    open_tab(shown, "scatter")
    for tag in LANGUAGES:
        shown.evaluate("lang => graphmap.update({lang})", tag)
        labels = boxes(shown, "#scatter .dot-label")
        assert len(labels) > 12
        assert_apart(labels)
        assert_inside(labels, boxes(shown, "#scatter")[0])


def test_the_scatter_is_used_by_mouse_and_by_keyboard(open_page, sample_page):
    shown = open_page(sample_page)
    open_tab(shown, "scatter")
    shown.click('#scatter circle[data-id="CN-GD.13"]')
    assert shown.evaluate("graphmap.state.chosen") == "CN-GD.13"
    assert shown.evaluate("document.activeElement.dataset.mark") == "CN-GD.13"
    shown.keyboard.press("ArrowDown")
    tip = shown.inner_text("#scatter-frame .tip")
    assert "Gross output CNY" in tip and "t/CNY" in tip and "Mt" in tip
    other = shown.evaluate("document.activeElement.dataset.mark")
    shown.keyboard.press("Enter")
    assert shown.evaluate("graphmap.state.chosen") == other != "CN-GD.13"


def test_without_emissions_the_scatter_shows_the_chain(open_page, sample_study, tmp_path):
    path = tmp_path / "money.html"
    gm.write_page(gm.study(replace(sample_study.table, extensions={})), path)
    shown = open_page(path)
    open_tab(shown, "scatter")
    assert "Upstreamness" in shown.text_content("#scatter")
    assert shown.locator("#scatter circle").count() == 42
    open_tab(shown, "sankey")
    assert shown.is_hidden('button[data-sankey="paths"]')
    assert "CO₂" not in shown.inner_text("#page-sankey")
    shown.evaluate("graphmap.update({sankey: 'paths'})")  # an address of another page
    assert shown.get_attribute('button[data-sankey="flows"]', "aria-pressed") == "true"


# --------------------------------------------------------------------------- notes and files


def test_the_page_can_be_cited(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    open_tab(shown, "notes")
    text = copied(shown, "#copy-citation")
    assert text == shown.inner_text("#citation")
    assert sample_study.title["en"] in text and "graphmap 0" in text
    within = sample_study.network.weights.diagonal().sum()
    assert f"{within:,.1f}\u00a0Mt of embodied CO₂" in shown.text_content("#notes")
    assert "graphmap demo" in shown.inner_text("#notes code")


@pytest.mark.parametrize("tab", ["sankey", "scatter"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawings_are_files_of_their_own(open_page, sample_page, sample_study, tab, theme):
    shown = open_page(sample_page)
    open_tab(shown, tab)
    shown.evaluate("theme => graphmap.update({theme})", theme)
    name, sent = downloaded(shown, f"#svg-{tab}")
    assert name.endswith(".svg")
    drawing = ElementTree.fromstring(sent)
    text = "".join(drawing.itertext())
    assert sample_study.title["en"] in text and "Source:" in text
    for label in shown.eval_on_selector_all(f"#{tab} text", "all => all.map(t => t.textContent)"):
        assert label in text
    assert b"var(--" not in sent and b"tabindex" not in sent and b"data-" not in sent


def test_the_map_is_saved_printed_and_linked(open_page, sample_page, sample_study):
    shown = open_page(sample_page)
    name, sent = downloaded(shown, "#save-png")
    assert name == f"{sample_study.title['en']}.png" and sent.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(sent[16:20], "big") > 1000
    name, sent = downloaded(shown, "#save-svg")
    assert name == f"{sample_study.title['en']}.svg"
    assert "Construction" in "".join(ElementTree.fromstring(sent).itertext())
    open_tab(shown, "scatter")
    address = copied(shown, "#copy-link")
    assert address.startswith("file:") and address.endswith("#tab=scatter")
    shown.evaluate("window.print = () => { window.printed = true; }")
    shown.click("#print")
    assert shown.evaluate("window.printed")


def test_everything_follows_the_year(open_page, sample_study, tmp_path):
    table = sample_study.table
    before = gm.study(
        replace(
            table,
            year=2015,
            extensions={k: replace(e, F=2 * e.F) for k, e in table.extensions.items()},
        )
    )
    path = tmp_path / "years.html"
    path.write_text(page(panel([before, sample_study])), encoding="utf-8")
    shown = open_page(path)
    cell = 'tr[data-id="CN-GD.24"] td[data-measure="direct_co2"]'
    late = float(shown.get_attribute(cell, "data-value"))
    shown.evaluate("graphmap.update({year: 0})")
    assert float(shown.get_attribute(cell, "data-value")) == pytest.approx(2 * late)
    assert "2015" in downloaded(shown, "#csv-key-sectors")[0]
    open_tab(shown, "sankey")
    early = sankey(shown)[1][0][2]
    shown.evaluate("graphmap.update({year: 1})")
    assert sankey(shown)[1][0][2] == pytest.approx(early / 2)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_tab_has_a_word_of_another_language(open_page, sample_page, tag):
    shown = open_page(sample_page)
    shown.evaluate("lang => graphmap.update({lang})", tag)
    for tab in TABS:
        open_tab(shown, tab)
        for kind in ("flows", "sector", "paths") if tab == "sankey" else ("flows",):
            shown.evaluate("sankey => graphmap.update({sankey})", kind)
            text = shown.evaluate(
                """tab => {
                  const all = [...document.querySelectorAll(`#page-${tab} *, #tab-${tab}`)];
                  const names = ['aria-label', 'title', 'placeholder', 'data-tip'];
                  return all.filter(e => e.tagName !== 'CODE').flatMap(e => [
                    ...names.map(name => e.getAttribute(name) ?? ''),
                    ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data),
                  ]).join('\\n');
                }""",
                tab,
            )
            assert "{" not in text and "page." not in text and "undefined" not in text
            if tag == "en":
                assert not CHINESE.findall(text)
            else:
                lines = [LATIN.sub("", line) for line in text.splitlines()]
                assert [line for line in lines if re.search("[A-Za-z]{2}", line)] == []
