"""Totals of regions and years beside one another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made import table_of

import graphmap as gm
from graphmap import sample
from graphmap.study_plan import Plan, PlannedSource, read_beside, studies
from graphmap.totals import comparable, totals


def test_totals_are_the_sums_of_the_table() -> None:
    table = sample.table()
    found = totals([table]).set_index("region")
    for code in table.regions:
        here = (table.index["region"] == code).to_numpy()
        assert found.at[code, "gross_output"] == pytest.approx(table.x[here].sum() * table.to_10k)
        assert found.at[code, "direct_co2"] == pytest.approx(table.co2[here].sum())
        emitter = table.index["name_zh_hans"][here].iloc[table.co2[here].argmax()]
        assert found.at[code, "largest_emitter_zh_hans"] == emitter
    both = found["direct_co2"].sum() / found["gross_output"].sum() * 1e6
    assert found["direct_intensity"].min() < both < found["direct_intensity"].max()


def test_what_nothing_is_known_of_has_no_column() -> None:
    made = table_of(np.array([[1.0, 2.0], [3.0, 4.0]]), [10.0, 10.0])
    assert "direct_co2" not in totals([made])


def test_a_region_and_year_in_two_sources_is_taken_once() -> None:
    table = sample.table()
    found = totals([table.select(["CN-GD"]), table])
    assert found["region"].tolist() == ["CN-GD", "CN-ZJ"]
    whole = totals([table])
    assert found["direct_co2"].tolist() == whole["direct_co2"].tolist()


def test_a_total_without_its_largest_emitter_is_not_comparable(data) -> None:
    """Guangdong 2017 has no figure for electricity in this source."""
    folder = data / "visceads"
    lists = [
        gm.read_flows(
            folder / "top88_flows.csv", folder / "sector_totals.csv", region="广东", year=year
        )
        for year in (2012, 2015, 2017)
    ]
    found = totals(lists).set_index("year")
    assert comparable(found, "direct_co2").to_dict() == {2012: True, 2015: True, 2017: False}


def test_a_region_that_emits_nothing_beside_others_is_not_comparable() -> None:
    made = table_of(np.eye(2), [10.0, 10.0], co2=[0.0, 5.0], regions=["CN-XZ", "CN-GD"])
    found = totals([made]).set_index("region")
    assert comparable(found, "direct_co2").to_dict() == {"CN-XZ": False, "CN-GD": True}


def test_a_panel_knows_the_regions_beside_it() -> None:
    table = sample.table()
    one = gm.study(table.select(["CN-GD"]))
    assert gm.panel(one).totals["region"].tolist() == ["CN-GD"]
    assert gm.panel(one, beside=[table]).totals["region"].tolist() == ["CN-GD", "CN-ZJ"]
    both = gm.panels([gm.study(table.select([code])) for code in table.regions])
    assert [each.totals["region"].tolist() for each in both] == 2 * [["CN-GD", "CN-ZJ"]]


@pytest.mark.parametrize("regions", [None, ["CN-GD"], ["CN-GD", "CN-ZJ"]])
def test_a_table_studied_and_beside_itself_is_counted_once(regions) -> None:
    """With no region chosen, or all of them, the study's table is the very one beside it."""
    table = sample.table()
    chosen = table if regions is None else table.select(regions)
    found = gm.panel(gm.study(chosen), beside=[table]).totals
    assert found["sectors"].tolist() == [42, 42]
    assert found["gross_output"].sum() == pytest.approx(table.x.sum() * table.to_10k)
    assert found["direct_co2"].sum() == pytest.approx(table.co2.sum())
    assert totals([table, table])["direct_co2"].tolist() == found["direct_co2"].tolist()


@pytest.mark.parametrize("regions", [None, ("CN-ZJ",), ("CN-GD", "CN-ZJ")])
def test_a_study_file_counts_its_source_once(regions) -> None:
    plan = Plan(Path("s.toml"), (PlannedSource(Path("sample"), regions=regions),))
    found, beside = read_beside(plan)
    table = sample.table()
    for panel in gm.panels(studies(plan, found), beside=beside):
        assert panel.totals["sectors"].tolist() == [42, 42]
        assert panel.totals["direct_co2"].sum() == pytest.approx(table.co2.sum())
