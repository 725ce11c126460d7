"""The heat map: every cell in its class and place, labels that can be read, or sums."""

from __future__ import annotations

import numpy as np
import pytest
from made import studied, table_of
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from measured import drawn, faults, words_on

import graphmap as gm
from graphmap.i18n import LANGUAGES
from graphmap.network import layout
from graphmap.network.community_table import community_flows
from graphmap.readers.flow_list import read_flow_lists
from graphmap.render.figures import table as figure_table
from graphmap.render.figures.table import table, table_described

SIZE = (10, 9)


@pytest.fixture(scope="module")
def guangdong():
    return gm.panel(studied("CN-GD"))


@pytest.fixture
def quick(monkeypatch):
    """The layout hardly annealed: these tests are not about it."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


def cells(fig):
    """Classes of the cells as drawn, NaN where there is none."""
    patches = [patch for patch in fig.axes[0].patches if isinstance(patch, PathPatch)]
    corners = np.vstack([patch.get_path().vertices[::5] for patch in patches])
    places = [np.unique(along.round(6), return_inverse=True)[1] for along in corners.T]
    shades = [to_rgba(shade) for shade in figure_table.SHADES]
    classes = [
        shades.index(colour) if (colour := patch.get_facecolor()) in shades else np.nan
        for patch in patches
        for _ in patch.get_path().vertices[::5]
    ]
    found = np.full((max(places[1]) + 1, max(places[0]) + 1), -1.0)
    found[places[1], places[0]] = classes
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_covers_another(guangdong, lang) -> None:
    assert faults(drawn(table, guangdong, lang, SIZE)) == []


def test_suppliers_are_rows_in_the_order_of_communities(guangdong) -> None:
    study = guangdong.latest
    found = figure_table._matrix(study, 9)
    assert (np.diff(found.groups) >= 0).all()
    names = [label["en"] for label in study.network.labels]
    at = [names.index(label["en"]) for label in found.labels]
    assert sorted(at) == list(range(42))
    np.testing.assert_array_equal(found.groups, study.sectors["community"].to_numpy()[at])
    flows = study.network.weights.toarray()
    power, steel = names.index("Electricity & heat"), names.index("Construction")
    row, column = at.index(power), at.index(steel)
    assert found.flows[row, column] == flows[power, steel] != flows[steel, power]


def test_cells_are_classed_by_tens(guangdong) -> None:
    found = figure_table._matrix(guangdong.latest, 9)
    shown = cells(drawn(table, guangdong, "en", SIZE))
    assert shown.shape == (42, 42)
    assert np.isnan(np.diag(shown)).all()
    between = ~np.eye(42, dtype=bool)
    np.testing.assert_array_equal(np.isnan(shown[between]), ~(found.flows[between] > 0))
    positive = between & (found.flows > 0)
    power = np.floor(np.log10(found.flows[positive]))
    expected = np.clip(power - power.max() + len(figure_table.SHADES) - 1, 0, None)
    np.testing.assert_array_equal(shown[positive], expected)


def test_labels_can_be_read(guangdong) -> None:
    fig = drawn(table, guangdong, "zh-Hans", SIZE)
    names = {label["zh-Hans"] for label in guangdong.latest.network.labels}
    sizes = [t.get_size() for t in fig.axes[0].texts if t.get_text() in names]
    assert len(sizes) >= 84
    assert min(sizes) >= 7


def test_communities_are_named(guangdong) -> None:
    shown = " ".join(words_on(drawn(table, guangdong, "en", SIZE)))
    for name in guangdong.latest.community_names:
        for sector in name["en"].split(", "):
            assert sector in shown


def test_regions_are_summed_where_there_are_too_many_sectors(quick, monkeypatch) -> None:
    flows = np.arange(36.0).reshape(6, 6)
    regions = ["CN-BJ", "CN-BJ", "CN-TJ", "CN-TJ", "CN-HE", "CN-HE"]
    found = gm.panel(gm.study(table_of(flows, np.full(6, 500.0), regions=regions)))
    monkeypatch.setattr(figure_table, "SMALLEST_TYPE", 1000.0)
    folded = figure_table._matrix(found.latest, 9)
    communities = found.latest.sectors["community"].nunique()
    assert folded.folded == ("region" if communities < 3 else "community")
    for lang in LANGUAGES:
        assert faults(drawn(table, found, lang, SIZE)) == []
    told = table_described(found)["en"]
    between = np.where(np.eye(len(folded.flows), dtype=bool), 0, folded.flows)
    i, j = np.unravel_index(between.argmax(), between.shape)
    ends = folded.labels[i]["en"], folded.labels[j]["en"]  # as drawn, not of two sectors
    assert "sectors together, 6 in all" in told
    assert "The largest flow is from {} to {},".format(*ends) in told


def test_flows_of_like_size_are_told_apart(quick) -> None:
    flows = np.array([[0.0, 15e5, 60e5], [240e5, 0.0, 30e5], [100e5, 50e5, 0.0]])
    found = gm.panel(gm.study(table_of(flows, np.full(3, 900e5))))
    fig = drawn(table, found, "en", SIZE)
    shown = [text for text in words_on(fig) if text[:1] in "<≥"]
    assert shown == ["< 20", "≥ 20", "≥ 50", "≥ 100", "≥ 200"]
    assert np.nanmax(cells(fig)) == len(figure_table.SHADES) - 1


def test_a_low_figure_shows_communities(guangdong) -> None:
    study = guangdong.latest
    found = figure_table._matrix(study, 4)
    assert found.folded == "community"
    np.testing.assert_allclose(
        found.flows, community_flows(study.network, study.sectors["community"])
    )
    assert faults(drawn(table, guangdong, "en", (7, 4))) == []


def test_flows_of_a_list_are_not_nothing(quick, data) -> None:
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    (gd,) = read_flow_lists(*files, regions=["GD"], years=["2017 new"])
    found = gm.panel(gm.study(gd))
    fig = drawn(table, found, "en", SIZE)
    assert faults(fig) == []
    shown = words_on(fig)
    assert "Not listed" in shown and "No flow" not in shown
    assert "flows listed" in table_described(found)["en"]


def test_a_single_flow_and_hostile_names(quick) -> None:
    flows = np.array([[0.0, 40.0], [0.0, 0.0]])
    names = ["<b>$x$</b>\nnew line", "=1+1"]
    found = gm.panel(gm.study(table_of(flows, np.array([100.0, 100.0]), names=names)))
    fig = drawn(table, found, "zh-Hant", SIZE)
    assert faults(fig) == []
    assert {"<b>$x$</b> new line", "=1+1"} <= set(words_on(fig))
    assert np.isfinite(cells(fig)).sum() == 1


def test_the_largest_flow_is_told(guangdong) -> None:
    study = guangdong.latest
    flow = study.network.without_loops().edges().iloc[0]
    text = table_described(guangdong)["en"]
    i, j = study.sectors.index.get_indexer([flow["supplier"], flow["user"]])
    labels = study.network.labels
    assert f"from {labels[i]['en']} to {labels[j]['en']}, {flow['weight']:.1f} Mt" in text
    assert table_described(gm.panel(studied("CN-ZJ"))) != table_described(guangdong)
