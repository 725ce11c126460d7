"""Lines over the years and bars of regions: gaps stay gaps, incomplete totals are not ranked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made import studied, table_of
from matplotlib.colors import to_hex
from measured import bars, drawn, faults, texts_of, words_on

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, words
from graphmap.network import layout
from graphmap.readers.flow_list import read_flow_lists
from graphmap.render.figures import kinds_of
from graphmap.render.figures.regions import beside, regions, regions_described
from graphmap.render.figures.trends import LINES, series, trends, trends_described
from graphmap.render.palette import INK, ROLE

FLOWS = np.array([[0.0, 40.0, 10.0], [5.0, 0.0, 60.0], [2.0, 3.0, 9.0]])
OUTPUT = np.array([100.0, 200.0, 300.0])


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The layout hardly annealed: these tests are not about it."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


def year(number, names=("Power", "Steel", "Food"), co2=None, output=OUTPUT):
    table = table_of(FLOWS, output, names=list(names), co2=co2)
    return gm.study(replace(table, year=number))


def coloured(fig):
    """Lines drawn in a role's colour: their data."""
    return [
        line.get_data()
        for line in fig.axes[0].lines
        if line.get_linewidth() == 2.0 and to_hex(line.get_color()) in ROLE.values()
    ]


@pytest.fixture(scope="module")
def lists(data):
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    return read_flow_lists(*files, years=[2012, 2015, "2017 new"])


def of_guangdong(lists):
    own = [gm.study(each) for each in lists if list(each.regions) == ["CN-GD"]]
    return gm.panel(own, beside=lists)


def test_lines_are_as_high_as_their_values() -> None:
    found = gm.panel(
        [
            year(2012, co2=[9.0, 3.0, 1.0]),
            year(2015, co2=[12.0, 3.0, 2.0]),
            year(2017, co2=[6.0, 3, 4]),
        ]
    )
    measure, known = series(found)
    assert (measure, list(known.columns)) == ("direct_co2", [2012, 2015, 2017])
    fig = drawn(trends, found, "en", (9, 5.5))
    assert faults(fig) == []
    lines = coloured(fig)
    assert len(lines) == 3
    (x, power) = next(line for line in lines if min(line[1]) == min(min(y) for _, y in lines))
    assert (x[1] - x[0]) / (x[2] - x[1]) == pytest.approx(3 / 2)  # years as far apart as they are
    heights = np.array(power)  # downwards, in points
    assert (heights[0] - heights[1]) / (heights[2] - heights[1]) == pytest.approx(3 / 6)


def test_years_are_whole_numbers() -> None:
    shown = words_on(drawn(trends, gm.panel([year(2012), year(2013)]), "en", (9, 5.5)))
    assert {"2012", "2013"} <= set(shown)
    assert not any("." in text and text.startswith("201") for text in shown)


def test_money_where_there_are_no_emissions() -> None:
    found = gm.panel([year(2012), year(2017, output=OUTPUT * 2)])
    assert series(found)[0] == "gross_output"
    assert "Gross output of Food changed most" in trends_described(found)["en"]


def test_a_missing_year_is_a_gap(lists) -> None:
    found = of_guangdong(lists)
    _, known = series(found)
    assert known.isna().any(axis=None)
    for lang in LANGUAGES:
        fig = drawn(trends, found, lang, (9, 5.5))
        assert faults(fig) == []
    lines = coloured(fig)
    assert len(lines) == min(LINES, len(known))
    missing = sum(np.isnan(np.asarray(y, float)).sum() for _, y in lines)
    own = known[known.index.isin(found.ids[-1])].max(axis=1).nlargest(LINES).index
    assert missing == known.loc[own].isna().sum().sum() > 0
    # a line that ends early says when
    assert any(text.endswith("· 2015") for text in words_on(fig))


def test_a_single_year_has_no_trend() -> None:
    for call in (trends_described, lambda shown: drawn(trends, shown, "en", (9, 5.5))):
        with pytest.raises(DataError, match="two years or more"):
            call(gm.panel(year(2017)))


def test_twelve_years_leave_room_for_their_names() -> None:
    found = gm.panel([year(2000 + k, co2=[9.0 + k, 3.0, 1.0]) for k in range(12)])
    fig = drawn(trends, found, "en", (4.2, 3))
    assert faults(fig) == []
    assert "2011" in words_on(fig)


def test_hostile_and_equal_names_over_the_years() -> None:
    names = ["=1+1\n", "<b>$\\frac{1}{2}$", "w" * 300]
    found = gm.panel([year(2012, names, [0.0, 0.0, 0.0]), year(2017, names, [0.0, 0.0, 0.0])])
    for lang in LANGUAGES:
        assert faults(drawn(trends, found, lang, (9, 5.5))) == []
        assert trends_described(found)[lang]


def test_the_panels_own_region_is_dark() -> None:
    table = sample.table()
    found = gm.panel(studied("CN-GD"), beside=[table])
    fig = drawn(regions, found, "en", (9, 7))
    assert faults(fig) == []
    dark = bars(fig, INK)
    assert len(dark) == 3  # the chip and two bars
    measures, known = beside(found)
    assert measures == ["direct_intensity", "direct_co2"]
    values = known.set_index("region").loc["CN-GD", measures].astype(float)
    others = bars(fig, ROLE["other"])
    other = known.set_index("region").loc["CN-ZJ", measures].astype(float)
    for k in (0, 1):
        ratio = dark[k + 1].get_width() / others[k + 1].get_width()
        assert ratio == pytest.approx(values.iloc[k] / other.iloc[k])


def test_regions_are_in_order_of_intensity_and_incomplete_ones_last(lists) -> None:
    found = of_guangdong(lists)
    measures, known = beside(found)
    assert 2 < known["whole"].sum() < len(known)
    assert known["whole"].tolist() == sorted(known["whole"], reverse=True)
    whole = known.loc[known["whole"], measures[0]]
    assert whole.is_monotonic_decreasing
    for lang in LANGUAGES:
        fig = drawn(regions, found, lang, (9, 7))
        assert faults(fig) == []
        assert words("figure.regions.incomplete")[lang] in words_on(fig)
    pale = [p for p in bars(fig) if p.get_alpha() and p.get_alpha() < 1]
    assert len(pale) == 3 * (~known["whole"]).sum()


@pytest.fixture(scope="module")
def among_31(data):
    table = gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "STEPS_PER_NODE", 2)
        return gm.panel(gm.study(table.select(["CN-GD"])), beside=[table])


def test_the_line_of_all_together_goes_through_no_number(among_31) -> None:
    found = among_31
    fig = drawn(regions, found, "en", (9, 7))
    axes = fig.axes[0]
    (line,) = [each for each in axes.lines if each.is_dashed()]
    _, known = beside(found)
    whole = known[known["whole"]]
    mean = 1e6 * whole["direct_co2"].sum() / whole["gross_output"].sum()
    assert f"dashed: {len(whole)} regions together, {mean:.2f}" in " ".join(words_on(fig))
    x = axes.transData.transform((line.get_xdata()[0], 0))[0]
    low, high = sorted(axes.transData.transform([(0, y) for y in line.get_ydata()])[:, 1])
    through = [t for t, box in texts_of(fig) if box.x0 < x < box.x1 and low < box.y0 < high]
    assert through == []


def test_nothing_known_is_no_zero(among_31) -> None:
    found = among_31
    _, known = beside(found)
    lacking = known[~known["whole"]]
    assert len(lacking) and (lacking["direct_co2"] == 0).all()
    assert words_on(drawn(regions, found, "en", (9, 7))).count("–") == 2 * len(lacking)


def test_where_all_regions_are_the_panels_own_none_is_dark() -> None:
    found = gm.panel(gm.study(sample.table()))
    assert bars(drawn(regions, found, "en", (9, 5)), INK) == []


def test_the_registry_offers_what_can_be_drawn() -> None:
    without = year(2012)
    with_co2 = year(2017, co2=[1.0, 2.0, 3.0])
    assert "trends" in kinds_of(gm.panel([without, with_co2]))  # gross output
    assert "trends" not in kinds_of(gm.panel(with_co2))
    lost = replace(without, sectors=without.sectors.drop(columns="gross_output"))
    unlike = gm.panel([without, with_co2])
    unlike = replace(unlike, studies=(lost, *unlike.studies[1:]))
    assert "trends" not in kinds_of(unlike)


def test_the_rank_is_told() -> None:
    table = sample.table()
    last = gm.panel(studied("CN-GD"), beside=[table])
    first = gm.panel(studied("CN-ZJ"), beside=[table])
    assert "Guangdong is number 2 of 2 regions" in regions_described(last)["en"]
    assert regions_described(first)["en"].startswith(
        "By direct intensity, Zhejiang is the highest of 2 regions"
    )


def test_more_regions_than_there_is_room_for(among_31) -> None:
    found = among_31
    for lang in LANGUAGES:
        full = drawn(regions, found, lang, (9, 7))
        assert faults(full) == []
        assert len(bars(full)) == 31 * 3
        low = drawn(regions, found, lang, (7, 3))
        assert faults(low) == []
        assert bars(low, INK)
    shown = len(bars(drawn(regions, found, "en", (7, 3)))) // 3
    told = words("figure.regions.more", count=31 - shown)["en"]
    assert any(told in text for text in words_on(drawn(regions, found, "en", (7, 3))))


def test_regions_of_other_years_are_not_compared() -> None:
    older = replace(sample.table().select(["CN-ZJ"]), year=2012)
    with pytest.raises(DataError, match="no other region"):
        beside(gm.panel(studied("CN-GD"), beside=[older]))
    nothing = replace(gm.panel(studied("CN-GD")), totals=pd.DataFrame())
    with pytest.raises(DataError, match="no other region"):
        regions_described(nothing)


def test_without_emissions_regions_are_compared_by_output() -> None:
    flows = np.zeros((4, 4))
    flows[0, 1], flows[2, 3] = 10.0, 20.0
    places = ["CN-GD", "CN-GD", "CN-ZJ", "CN-ZJ"]
    table = replace(table_of(flows, np.array([50.0, 60.0, 70.0, 80.0]), regions=places), year=2017)
    found = gm.panel(gm.study(table.select(["CN-GD"])), beside=[table])
    measures, known = beside(found)
    assert measures == ["gross_output"]
    assert known["region"].tolist() == ["CN-ZJ", "CN-GD"]
    fig = drawn(regions, found, "zh-Hans", (9, 7))
    assert faults(fig) == []
    assert words("measure.gross_output")["zh-Hans"] in words_on(fig)
