"""The network figure: no label covers another, arrows end at their users, the legend is true."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Circle
from matplotlib.text import Text
from measured import faults, words_on

import graphmap as gm
from graphmap.i18n import LANGUAGES
from graphmap.network import layout
from graphmap.network.roles import ROLES
from graphmap.panel import panels
from graphmap.readers.flow_list import read_flow_lists
from graphmap.render import figures
from graphmap.render.figures.curves import KINDS, RIM_GAP, flow_shapes, point, until
from graphmap.render.figures.legend import nice
from graphmap.render.figures.scene import FEW_REGIONS, THINNEST, WIDEST, scene


@pytest.fixture(scope="module", autouse=True)
def quick():
    """The layout hardly annealed: the harder for labels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "STEPS_PER_NODE", 2)
        yield


@pytest.fixture(scope="module")
def shown(sample_study):
    return gm.panel(sample_study)


def labelled(fig) -> set[str]:
    return {text.get_gid() for text in fig.findobj(Text) if (text.get_gid() or "").startswith("la")}


def test_every_province_of_the_national_table_has_all_its_labels_apart(data) -> None:
    """Each province in one language in turn, and the first three in all of them."""
    china = gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
    found = panels([gm.study(china.select([r])) for r in china.regions])
    assert len(found) == 31
    for k, (each, tag) in enumerate(zip(found, cycle(LANGUAGES), strict=False)):
        for lang in LANGUAGES if k < 3 else [tag]:
            fig = figures.figure(each, "map", lang)
            sizes = [t.get_size() for t in fig.axes[0].texts if t.get_gid()]
            assert min(sizes) >= 6, each.latest.regions
            assert faults(fig) == [], (each.latest.regions, lang)
            assert len(labelled(fig)) == 42, (each.latest.regions, lang)


def test_the_check_for_overlap_can_fail(shown) -> None:
    fig = figures.figure(shown, "map", "en")
    here, there = (
        next(text for text in fig.findobj(Text) if text.get_text() == name)
        for name in ("Construction", "Electronics")
    )
    here.set_position(there.get_position())
    assert set(faults(fig)[0]) == {"Construction", "Electronics"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [(7, 4.2), (8.6, 5)])
def test_no_rule_of_the_legend_is_cut_on_a_slide(shown, lang, size) -> None:
    fig = figures.figure(shown, "map", lang, size, framed=False)
    assert faults(fig) == []
    written = words_on(fig)
    thresholds = shown.latest.thresholds
    assert {thresholds[role][lang] for role in ROLES} <= set(written)
    assert not any(text.endswith("…") for text in written)


@pytest.mark.parametrize("size", [(5, 4), (8, 4), (16, 9), (5, 9)])
def test_labels_stay_apart_in_other_sizes(shown, size) -> None:
    fig = figures.figure(shown, "map", "en", size)
    assert faults(fig) == []
    missing = 42 - len(labelled(fig))
    said = [t.get_text() for t in fig.findobj(Text) if "dots are labelled" in t.get_text()]
    assert bool(said) == (missing > 0)


def test_the_map_has_the_places_roles_and_flows_of_the_page(shown) -> None:
    drawn, study = scene(shown), shown.latest
    places = shown.layouts["chain"].positions.loc[list(shown.ids[-1]), ["x", "y"]].to_numpy()
    assert (drawn.place == places).all()
    kept = study.backbone.network.without_loops().weights
    assert len(drawn.flow) == kept.nnz
    assert drawn.flow.tolist() == sorted(drawn.flow, reverse=True)  # the largest lowest
    for i, j, value in zip(drawn.supplier, drawn.user, drawn.flow, strict=True):
        assert kept[i, j] == value
    assert drawn.width.max() == pytest.approx(WIDEST)
    assert drawn.width.min() > THINNEST
    assert (drawn.strong == (study.sectors["role"] != "other")).all()
    back = places[drawn.user, 0] < places[drawn.supplier, 0]
    assert ((drawn.kind == "back") == back).all()


coordinates = st.floats(0, 500)


@given(
    ends=st.tuples(coordinates, coordinates, coordinates, coordinates),
    radius=st.floats(2, 20),
    width=st.floats(0.5, 9),
    kind=st.sampled_from(KINDS),
)
def test_an_arrow_ends_at_the_rim_of_its_user(ends, radius, width, kind) -> None:
    start, end = np.array([ends[:2]]), np.array([ends[2:]])
    if np.hypot(*(end - start)[0]) < 3 * radius + 20:
        return
    found = flow_shapes(start, end, *map(np.array, ([radius], [width], [kind])), 0.0)
    tip = found.heads[0, 0]
    assert np.hypot(*(tip - end[0])) == pytest.approx(radius + RIM_GAP, abs=0.01)
    assert found.curves[0, 0] == pytest.approx(start[0])
    base = found.heads[0, 1:].mean(axis=0)
    assert found.curves[0, 3] == pytest.approx(base, abs=0.01)


def test_the_first_part_of_a_curve_is_the_curve() -> None:
    curve = np.array([[[0, 0], [50, 0], [50, 100], [100, 100.0]]])
    half = until(curve, np.array([0.5]))
    for t in (0.0, 0.3, 1.0):
        assert point(half, np.array([t])) == pytest.approx(point(curve, np.array([t / 2])))


def test_flows_back_arch_over_but_not_out_of_the_picture() -> None:
    start, end = np.array([[400.0, 20.0]]), np.array([[100.0, 20.0]])
    args = np.array([10.0]), np.array([2.0]), np.array(["back"])
    found = flow_shapes(start, end, *args, 0.0)
    heights = [point(found.curves, np.array([t]))[0, 1] for t in np.linspace(0, 1, 50)]
    assert min(heights) < 15
    assert min(heights) >= 0


@given(st.floats(1e-6, 1e12))
def test_round_numbers_of_the_legend(value) -> None:
    found = nice(value)
    assert 0.399 * value < found <= value * (1 + 1e-12)


@pytest.fixture(scope="module")
def both():
    return gm.panel(gm.study(gm.read("sample")))


def test_few_regions_stand_sector_by_sector_in_frames(both) -> None:
    drawn = scene(both)
    assert not drawn.folded
    assert len(drawn.frames) == 2 <= FEW_REGIONS
    assert len(drawn.labels) == 84
    regions = both.latest.sectors["region"].to_numpy()
    between = regions[drawn.supplier] != regions[drawn.user]
    assert ((drawn.kind == "arc") == between).all()
    for (x, y), region in zip(drawn.place, regions, strict=True):
        left, top, width, height, _ = drawn.frames[both.latest.regions.index(region)]
        assert left <= x <= left + width
        assert top <= y <= top + height
    fig = figures.figure(both, "map", "zh-Hans")
    assert faults(fig) == []
    assert len(labelled(fig)) == 84


def test_many_regions_are_one_dot_each(both, monkeypatch) -> None:
    monkeypatch.setattr("graphmap.render.figures.scene.FEW_REGIONS", 1)
    drawn, study = scene(both), both.latest
    assert drawn.folded
    totals = study.sectors.groupby("region")["gross_output"].sum()[study.regions]
    assert drawn.value == pytest.approx(totals.to_numpy())
    assert all(sum(share for _, share in parts) == pytest.approx(1) for parts in drawn.slices)
    region = (study.sectors["region"] == study.regions[0]).to_numpy()
    flows = study.network.weights.toarray()
    expected = {flows[np.ix_(region, ~region)].sum(), flows[np.ix_(~region, region)].sum()}
    assert sorted(drawn.flow) == pytest.approx(sorted(expected))
    fig = figures.figure(both, "map", "en")
    assert faults(fig) == []
    assert "2 regions" in figures.described(both, "map")["en"]
    assert "cover 100 %" in figures.described(both, "map")["en"]


@pytest.fixture(scope="module")
def listed(data):
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    lists = read_flow_lists(*files, regions=["GD"], years=[2012, 2015, 2017])
    return gm.panel([gm.study(each) for each in lists])


@pytest.mark.parametrize("kind", ["map", "chain"])
def test_a_list_of_flows_says_what_is_not_known(listed, kind) -> None:
    fig = figures.figure(listed, kind, "en")
    assert faults(fig) == []
    found = " ".join(text.get_text() for text in fig.findobj(Text))
    assert ("No data" if kind == "map" else "Not drawn, for want of output or data: 3") in found
    assert np.isnan(scene(listed).value).sum() == 3


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_text_of_the_chain_covers_another(shown, tag) -> None:
    assert faults(figures.figure(shown, "chain", tag)) == []


def test_the_chain_says_whose_emissions_they_are(shown) -> None:
    sectors = shown.latest.sectors
    parts = sectors.groupby("position")["direct_co2"].sum() / sectors["direct_co2"].sum()
    text = figures.described(shown, "chain")["en"]
    for name, share in parts.items():
        assert f"{name.capitalize()}: 14 sectors, {100 * share:.0f} % of direct" in text


def test_dots_of_the_chain_stay_inside_the_figure(shown) -> None:
    fig = figures.figure(shown, "chain", "en")
    axes = fig.axes[0]
    for dot in axes.findobj(Circle):
        x, y = dot.center
        assert x - dot.radius >= 0
        assert x + dot.radius <= axes.get_xlim()[1]
        assert y - dot.radius >= 0
