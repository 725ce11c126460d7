"""A region beside other regions and years: what is compared, and what is said where none can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made import table_of

import graphmap as gm
from graphmap import sample
from graphmap.accounts.prices import deflated
from graphmap.beside import compared
from graphmap.i18n import LANGUAGES
from graphmap.render.slides.data import bars_of

FLOWS = np.array([[0.0, 40.0, 10.0], [5.0, 0.0, 60.0], [2.0, 3.0, 9.0]])
OUTPUT = np.array([100.0, 200.0, 300.0])


def of_year(year, co2=(9.0, 2.0, 1.0)):
    return replace(table_of(FLOWS, OUTPUT, co2=co2), year=year)


def with_total(panel, region, **figures):
    """The panel with another figure in the total of a region."""
    rows = panel.totals.set_index("region")
    for name, value in figures.items():
        rows.loc[region, name] = value
    return replace(panel, totals=rows.reset_index()[panel.totals.columns])


@pytest.fixture(scope="module")
def guangdong():
    table = sample.table()
    return gm.panel(gm.study(table.select(["CN-GD"])), beside=[table])


def test_text_and_charts_are_about_the_same_measure_and_regions() -> None:
    """A region that emits nothing is compared by output, and stands in the chart."""
    regions = ["CN-XZ", "CN-XZ", "CN-GD", "CN-ZJ"]
    Z = np.array([[0.0, 2.0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 3], [0, 0, 2, 1]])
    table = table_of(Z, [20.0, 20.0, 50.0, 60.0], co2=[0.0, 0.0, 5.0, 6.0], regions=regions)
    panel = gm.panel(gm.study(table.select(["CN-XZ"])), beside=[table])
    (said,) = compared(panel)
    assert said.key == "among_regions.gross_output"
    (chart,) = bars_of(panel)
    assert chart.measure == "gross_output"
    assert said.figures[1].value == len(chart.rows) == chart.known == 3
    assert [own for _, _, own in chart.rows] == [False, False, True]


def test_a_total_that_lacks_sectors_is_said_to_and_nothing_is_drawn(guangdong) -> None:
    lacking = with_total(guangdong, "CN-GD", unknown_in_direct_co2=0.27)
    others = lacking.totals[lacking.totals["region"] == "CN-ZJ"]
    more = [others.assign(region=code) for code in ("CN-JS", "CN-SD")]
    lacking = replace(lacking, totals=pd.concat([lacking.totals, *more], ignore_index=True))
    (said,) = compared(lacking)
    assert said.key == "lacking.sectors"
    assert said.figures[0].value == 0.27
    for tag in LANGUAGES:
        assert guangdong.latest.place[tag] in said.text[tag]
        assert "27 %" in said.text[tag]
    assert bars_of(lacking) == []
    few = with_total(guangdong, "CN-GD", sectors_with_direct_co2=3)
    assert [each.key for each in compared(few)] == ["lacking"]
    assert bars_of(few) == []


def test_alone_is_said_of_what_stands_alone() -> None:
    panel = gm.panel(gm.study(sample.table().select(["CN-GD"])))
    assert [each.key for each in compared(panel)] == ["alone"]


def test_a_rank_by_intensity_counts_the_regions_that_have_one(guangdong) -> None:
    others = guangdong.totals.tail(1)
    more = others.assign(region="CN-JS", direct_intensity=np.nan)
    panel = replace(guangdong, totals=pd.concat([guangdong.totals, more], ignore_index=True))
    among, intensity = compared(panel)
    assert next(q.value for q in among.figures if q.name["en"] == "Regions compared") == 3
    assert [chart.known for chart in bars_of(panel)] == [3, 2]
    assert intensity.key == "intensity.below"
    assert next(q.value for q in intensity.figures if q.name["en"] == "Regions compared") == 2


def keys_of_years(*tables) -> list[str]:
    return [each.key for each in compared(gm.panel([gm.study(table) for table in tables]))]


def test_money_of_two_years_is_said_to_be_at_current_prices() -> None:
    before, after = of_year(2012), of_year(2017, co2=(10.0, 2.0, 1.0))
    assert keys_of_years(before, after) == ["rose", "rose.current_prices"]
    keys = keys_of_years(*(replace(each, extensions={}) for each in (before, after)))
    assert keys == ["fell.current_prices"]


def test_at_the_prices_of_one_year_nothing_is_said_of_prices() -> None:
    index = pd.Series(0.9, index=["00", "01", "02"])
    before, after = of_year(2012), of_year(2017, co2=(10.0, 2.0, 1.0))
    assert keys_of_years(deflated(before, index, base=2017), after) == ["rose", "rose"]
    both = [deflated(each, index, base=2015) for each in (before, after)]
    assert keys_of_years(*both) == ["rose", "rose"]
    apart = deflated(before, index, base=2015)
    assert keys_of_years(apart, after) == ["rose", "rose.current_prices"]
