"""Bars of key sectors, and output against intensity: true lengths, no text on another."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made import studied, table_of
from matplotlib.patches import Circle
from measured import bars, drawn, faults, words_on

import graphmap as gm
from graphmap.i18n import LANGUAGES, number, words
from graphmap.network import layout
from graphmap.readers.flow_list import read_flow_lists
from graphmap.render.figures import columns as figure_columns
from graphmap.render.figures.bars import key_sectors, key_sectors_described
from graphmap.render.figures.scatter import output_intensity, output_intensity_described
from graphmap.render.palette import ROLE

FLOWS = np.array([[0.0, 40.0, 10.0], [5.0, 0.0, 60.0], [2.0, 3.0, 9.0]])
OUTPUT = np.array([100.0, 200.0, 300.0])
HOSTILE = ['=HYPERLINK("x")', "<script>&amp;\n$x_1$", "שלום " + "very long name " * 12 + "\x07"]


@pytest.fixture
def quick(monkeypatch):
    """The layout hardly annealed: these tests are not about it."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


@pytest.fixture(scope="module")
def guangdong():
    return gm.panel(studied("CN-GD"))


def small(**more):
    return gm.panel(gm.study(table_of(FLOWS, OUTPUT, **more)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("draw", [key_sectors, output_intensity])
def test_no_text_covers_another(guangdong, draw, lang) -> None:
    for size in ((9, 6), (6, 4.2)):
        assert faults(drawn(draw, guangdong, lang, size)) == []


def test_bars_are_as_long_as_their_values(guangdong) -> None:
    fig = drawn(key_sectors, guangdong, "en", (9, 6))
    key = guangdong.latest.key_sectors.head(12)
    lengths = [p.get_width() for p in bars(fig)]
    assert len(lengths) == 12 * 4  # a chip and three bars each
    shown = np.array(lengths).reshape(12, 4)[:, 1:]
    values = key[["direct_co2", "footprint", "transmission"]].to_numpy()
    # one scale for all columns, since all are in Mt
    np.testing.assert_allclose(shown / shown[0, 0], values / values[0, 0], rtol=1e-9)


def test_bars_have_the_colour_of_the_role(guangdong) -> None:
    fig = drawn(key_sectors, guangdong, "en", (9, 6))
    for role in set(guangdong.latest.key_sectors["role"].head(12)):
        count = int((guangdong.latest.key_sectors["role"].head(12) == role).sum())
        assert len(bars(fig, ROLE[role])) == 4 * count


def test_every_value_stands_at_its_bar(guangdong) -> None:
    shown = words_on(drawn(key_sectors, guangdong, "en", (9, 6)))
    key = guangdong.latest.key_sectors.head(12)
    for measure in ("direct_co2", "footprint", "transmission"):
        for value in key[measure]:
            assert number(value, "en", 1) in shown


def test_without_emissions_bars_show_money(quick) -> None:
    found = small()
    shown = words_on(drawn(key_sectors, found, "en", (9, 6)))
    for measure in ("gross_output", "supply_strength", "use_strength"):
        assert words(f"measure.{measure}")["en"] in shown
    assert sum(text.startswith("CNY bn") for text in shown) == 3
    assert "CNY bn · one scale for all columns in CNY bn" in shown
    assert "gross output" in key_sectors_described(found)["en"]


def test_what_is_not_known_is_a_dash(quick, data) -> None:
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    (gd,) = read_flow_lists(*files, regions=["GD"], years=["2017 new"])
    found = gm.panel(gm.study(gd))
    fig = drawn(key_sectors, found, "zh-Hans", (9, 6))
    unknown = found.latest.key_sectors.head(12)["direct_co2"].isna().sum()
    assert unknown > 0
    assert words_on(fig).count("–") >= unknown
    emitted = found.latest.sectors["direct_co2"]
    text = key_sectors_described(found)["en"]  # or the largest known would pass for the largest
    assert (
        f"Direct emissions, gross output known of {emitted.notna().sum()} of {len(emitted)} sectors"
        in text
    )
    assert faults(fig) == []
    fig = drawn(output_intensity, found, "zh-Hans", (9, 6))
    assert faults(fig) == []
    absent = found.latest.sectors["direct_intensity"].isna().sum()
    assert any(str(absent) in text for text in words_on(fig))


def test_negative_values_reach_left_of_nothing() -> None:
    column = figure_columns.column("footprint", "mass", np.array([4.0, -1.0, np.nan]), "CNY", "en")
    assert column.texts == ("4.00", "-1.00", "–")
    assert (column.low, column.span) == (-1.0, 5.0)
    zeros, scales, ends = figure_columns._places([column], 100, 300, 8, "en")
    assert zeros[0] - 1.0 * scales[0] == pytest.approx(100)
    assert zeros[0] + 4.0 * scales[0] < ends[0] <= 300 + 1e-6


def test_hostile_names_are_text(quick) -> None:
    found = small(names=HOSTILE, co2=[9.0, 3.0, 0.0])
    for draw in (key_sectors, output_intensity):
        for lang in LANGUAGES:
            fig = drawn(draw, found, lang, (9, 6))
            assert faults(fig) == []
            shown = words_on(fig)
            assert '=HYPERLINK("x")' in shown
            assert "<script>&amp; $x_1$" in shown
            assert not any("\x07" in text or "\n" in text for text in shown)
            assert any(text.endswith("…") for text in shown)


@pytest.mark.parametrize("co2", [[0.0, 0.0, 0.0], [5.0, 0.0, 0.0]])
def test_hardly_any_emissions(quick, co2) -> None:
    found = small(co2=co2)
    for lang in LANGUAGES:
        assert key_sectors_described(found)[lang]
        assert faults(drawn(key_sectors, found, lang, (9, 6))) == []
        if "direct_intensity" in found.latest.sectors:
            assert faults(drawn(output_intensity, found, lang, (9, 6))) == []
            assert output_intensity_described(found)[lang]


def test_dots_stand_where_their_figures_are(guangdong) -> None:
    """On a logarithmic scale, differences of place are ratios; areas are direct emissions."""
    fig = drawn(output_intensity, guangdong, "en", (9, 6.2))
    sectors = guangdong.latest.sectors
    emitting = sectors[sectors["direct_intensity"] > 0]
    circles = [p for p in fig.axes[0].patches if isinstance(p, Circle) and p.get_zorder() == 4]
    assert len(circles) == (sectors["gross_output"] > 0).sum()
    largest = max(circles, key=lambda c: c.get_radius())
    power = emitting.loc[emitting["direct_co2"].idxmax()]
    other = emitting.loc[emitting["direct_co2"].nlargest(2).index[1]]
    second = sorted(circles, key=lambda c: -c.get_radius())[1]
    assert (second.get_radius() / largest.get_radius()) ** 2 == pytest.approx(
        other["direct_co2"] / power["direct_co2"]
    )
    xs = sorted(c.center[0] for c in circles)
    outputs = np.sort(sectors["gross_output"][sectors["gross_output"] > 0])
    scale = (xs[-1] - xs[0]) / math.log10(outputs[-1] / outputs[0])
    np.testing.assert_allclose(np.diff(xs), scale * np.diff(np.log10(outputs)), atol=1e-6)
    assert largest.center[1] == min(c.center[1] for c in circles)  # the paper's y goes down


def test_every_key_sector_is_named(guangdong) -> None:
    study = guangdong.latest
    for lang in LANGUAGES:
        shown = words_on(drawn(output_intensity, guangdong, lang, (9, 6.2)))
        key = [i for i, role in enumerate(study.sectors["role"]) if role != "other"]
        assert {study.network.labels[i][lang] for i in key} <= set(shown)


def test_lines_of_equal_emissions_pass_through_their_dots(quick) -> None:
    """A sector of exactly 1 Mt lies on the line of 1 Mt."""
    found = small(co2=[9.0, 1.0, 0.3])
    fig = drawn(output_intensity, found, "en", (9, 6.2))
    axes = fig.axes[0]
    lines = [line for line in axes.lines if line.get_linestyle() == "--"]
    circle = sorted(
        (p for p in axes.patches if isinstance(p, Circle) and p.get_zorder() == 4),
        key=lambda c: -c.get_radius(),
    )[1]
    away = []
    for line in lines:
        (x0, x1), (y0, y1) = line.get_data()
        away.append(abs(y0 + (circle.center[0] - x0) * (y1 - y0) / (x1 - x0) - circle.center[1]))
    assert min(away) < 1e-6


def test_texts_follow_the_data(guangdong) -> None:
    zhejiang = gm.panel(studied("CN-ZJ"))
    for told in (key_sectors_described, output_intensity_described):
        for lang in LANGUAGES:
            assert told(guangdong)[lang] != told(zhejiang)[lang]
    study = guangdong.latest
    i = int(study.sectors["footprint"].to_numpy().argmax())
    text = key_sectors_described(guangdong)["en"]
    assert f"{study.network.labels[i]['en']}, {study.sectors['footprint'].iloc[i]:.1f} Mt" in text


@pytest.mark.parametrize("code", ["CN-SX", "CN-XZ", "CN-HI"])
def test_provinces_of_the_large_table(quick, china, code) -> None:
    found = gm.panel(gm.study(china.select([code])))
    for lang in ("en", "zh-Hant"):
        assert faults(drawn(key_sectors, found, lang, (9, 6))) == []
        if "direct_intensity" in found.latest.sectors:
            assert faults(drawn(output_intensity, found, lang, (9, 6.2))) == []


@pytest.fixture(scope="module")
def china(data):
    return gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
