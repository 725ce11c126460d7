"""The Sankey diagram: as wide as what flows, every path to the last column, no text on another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from made import studied, table_of
from matplotlib.patches import PathPatch
from measured import bars, drawn, faults, words_on

import graphmap as gm
from graphmap.i18n import LANGUAGES, words
from graphmap.network import layout
from graphmap.readers.flow_list import read_flow_lists
from graphmap.render.figures import sankey as figure_sankey
from graphmap.render.figures.sankey import sankey, sankey_described

SIZE = (10, 6.5)


@pytest.fixture(scope="module")
def guangdong():
    return gm.panel(studied("CN-GD"))


@pytest.fixture
def quick(monkeypatch):
    """The layout hardly annealed: these tests are not about it."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_covers_another(guangdong, lang) -> None:
    for size in (SIZE, (7, 4)):
        assert faults(drawn(sankey, guangdong, lang, size)) == []


def test_paths_end_in_the_last_column(guangdong) -> None:
    paths = guangdong.latest.paths.head(figure_sankey.COUNT)
    _, ways = figure_sankey._ways(guangdong.latest)
    nodes, _ = figure_sankey._diagram(ways)
    last = max(node.column for node in nodes)
    by_product = paths.groupby("product")["co2"].sum()
    assert {n.id: n.value for n in nodes if n.column == last} == pytest.approx(by_product.to_dict())
    by_emitter = paths.groupby("emitter")["co2"].sum()
    sources = {}
    for node in nodes:
        kept = sum(link.value for link in node.outward) - sum(link.value for link in node.inward)
        if node.column < last and kept > 1e-12:
            sources[node.id] = sources.get(node.id, 0.0) + kept
    assert sources == pytest.approx(by_emitter.to_dict())


def test_ribbons_are_as_wide_as_what_flows(guangdong) -> None:
    fig = drawn(sankey, guangdong, "en", SIZE)
    widths = []
    for patch in fig.axes[0].patches:
        if isinstance(patch, PathPatch):
            corners = patch.get_path().vertices
            widths.append(corners[7, 1] - corners[0, 1])
    _, ways = figure_sankey._ways(guangdong.latest)
    _, links = figure_sankey._diagram(ways)
    values = np.array([link.value for link in links])
    assert len(widths) == len(values)
    np.testing.assert_allclose(widths / max(widths), values / values.max(), rtol=1e-6)


def test_links_of_a_node_lie_beside_each_other(guangdong) -> None:
    _, ways = figure_sankey._ways(guangdong.latest)
    nodes, _ = figure_sankey._diagram(ways)
    scale = figure_sankey._arrange(figure_sankey._columns(nodes), 400)
    figure_sankey._attach(nodes, scale)
    for node in nodes:
        for side, place in ((node.outward, "leaves"), (node.inward, "enters")):
            ordered = sorted(side, key=lambda link: getattr(link, place))
            for before, after in pairwise(ordered):
                gap = getattr(after, place) - getattr(before, place)
                assert gap == pytest.approx((before.value + after.value) / 2 * scale)
            for link in side:
                half = link.value * scale / 2
                low, high = node.middle - node.height / 2, node.middle + node.height / 2
                assert low - 1e-6 <= getattr(link, place) - half
                assert getattr(link, place) + half <= high + 1e-6


def test_nodes_of_a_column_keep_apart(guangdong) -> None:
    _, ways = figure_sankey._ways(guangdong.latest)
    nodes, _ = figure_sankey._diagram(ways)
    columns = figure_sankey._columns(nodes)
    figure_sankey._arrange(columns, 400)
    for column in columns:
        ordered = sorted(column, key=lambda node: node.middle)
        for before, after in pairwise(ordered):
            assert after.middle - before.middle >= (before.slot + after.slot) / 2 - 1e-6
        assert ordered[0].middle - ordered[0].slot / 2 >= -1e-6
        assert ordered[-1].middle + ordered[-1].slot / 2 <= 400 + 1e-6


def test_the_sum_is_that_of_the_paths(guangdong) -> None:
    study = guangdong.latest
    paths = study.paths.head(figure_sankey.COUNT)
    text = sankey_described(guangdong)["en"]
    assert f"{paths['co2'].sum():.1f} Mt" in text
    assert f"{100 * paths['share'].sum():.0f} %" in text


def test_headings_say_how_far_from_final_use(guangdong) -> None:
    shown = words_on(drawn(sankey, guangdong, "zh-Hans", SIZE))
    assert words("page.sankey.final")["zh-Hans"] in shown
    assert words("page.sankey.stage", count=1)["zh-Hans"] in shown


def test_without_emissions_the_largest_flows(quick) -> None:
    flows = np.array([[0.0, 40.0, 10.0], [5.0, 0.0, 60.0], [2.0, 3.0, 9.0]])
    names = ["<i>$a_1$\n", "=SUM(A1)", "x" * 200]
    found = gm.panel(gm.study(table_of(flows, np.array([100.0, 200.0, 300.0]), names=names)))
    of_paths, ways = figure_sankey._ways(found.latest)
    assert not of_paths
    assert [value for value, _ in ways] == [60, 40, 10, 5, 3, 2]
    for lang in LANGUAGES:
        fig = drawn(sankey, found, lang, SIZE)
        assert faults(fig) == []
        assert words("page.sankey.suppliers")[lang] in words_on(fig)
        assert bars(fig)


def test_a_list_of_flows_says_what_share_of_its_source(quick, data) -> None:
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    (gd,) = read_flow_lists(*files, regions=["GD"], years=["2017 new"])
    found = gm.panel(gm.study(gd))
    for lang in LANGUAGES:
        assert faults(drawn(sankey, found, lang, SIZE)) == []
    assert "Mt" not in sankey_described(found)["en"]


def test_a_low_figure_has_fewer_paths_and_says_so(guangdong) -> None:
    text = " ".join(words_on(drawn(sankey, guangdong, "en", (8, 3))))
    assert str(figure_sankey.COUNT) not in text.split("largest structural paths")[0].split()


def test_provinces_differ(guangdong) -> None:
    zhejiang = gm.panel(studied("CN-ZJ"))
    for lang in LANGUAGES:
        assert sankey_described(zhejiang)[lang] != sankey_described(guangdong)[lang]


@pytest.mark.parametrize("code", ["CN-SX", "CN-XZ"])
def test_provinces_of_the_large_table(quick, data, code) -> None:
    table = gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
    found = gm.panel(gm.study(table.select([code])))
    for lang in ("en", "zh-Hant"):
        assert faults(drawn(sankey, found, lang, SIZE)) == []
