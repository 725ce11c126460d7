"""Studies of several years side by side: one id a sector, one place everywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made import studied, table_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import layout
from graphmap.network.layout import boxes
from graphmap.panel import panel, panels
from graphmap.readers.flow_list import read_flow_lists
from graphmap.study import SIZES, radii, study

FLOWS = np.array([[0.0, 40.0, 10.0], [5.0, 0.0, 60.0], [2.0, 3.0, 9.0]])
OUTPUT = np.array([100.0, 200.0, 300.0])


@pytest.fixture
def quick(monkeypatch):
    """The layout hardly annealed: these tests are not about it."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


def year(number, names, ids=None, **more):
    table = table_of(FLOWS, OUTPUT, names=names, **more)
    index = table.index.set_axis(ids or table.index.index)
    return study(replace(table, index=index, year=number))


def test_the_panel_of_one_study_stands_where_the_study_does() -> None:
    found = studied("CN-GD")
    alone = panel(found)
    assert alone.ids == (tuple(found.sectors.index),)
    room = np.max([radii(found.sectors[size]) for size in SIZES], axis=0)
    covered = boxes([list(label.values()) for label in found.labels], room)
    own = layout.chain_layout(found.backbone.network, found.chain, covered, seed=found.seed)
    chain = alone.layouts["chain"]
    np.testing.assert_array_equal(
        chain.positions.loc[list(alone.ids[0])].to_numpy(), own.positions.to_numpy()
    )
    assert (chain.width, chain.height) == (own.width, own.height)


def test_years_are_in_order_and_sectors_joined_by_name(quick) -> None:
    new = year(2017, ["Power", "Waste", "Steel"], ["a", "b", "c"])
    old = year(2012, ["Steel", "Power", "Repair"], ["a", "b", "d"])
    found = panel([new, old])
    assert [each.year for each in found.studies] == [2012, 2017]
    assert found.latest is new
    assert found.ids == (("c", "a", "d"), ("a", "b", "c"))
    assert sorted(found.layouts["chain"].positions.index) == ["a", "b", "c", "d"]


def test_an_older_sector_whose_id_is_taken_is_told_apart(quick) -> None:
    new = year(2017, ["Power", "Waste", "Steel"], ["a", "b", "c"])
    old = year(2012, ["Power", "Repair", "Steel"], ["a", "b", "c"])
    assert panel([old, new]).ids == (("a", "b@2012", "c"), ("a", "b", "c"))


def test_sectors_of_one_name_are_joined_by_id(quick) -> None:
    twins = [year(number, ["Same", "Same", "Other"]) for number in (2012, 2017)]
    assert panel(twins).ids == (("n0", "n1", "n2"), ("n0", "n1", "n2"))


def test_regions_stay_apart_in_a_study_of_several(quick) -> None:
    both = study(sample.table())
    (found,) = panels([both])
    assert len(set(found.ids[0])) == 84
    places = found.layouts["chain"].positions
    assert len(places.drop_duplicates()) == 84


def test_panels_of_single_regions_share_their_places() -> None:
    one, other = panels([studied("CN-GD"), studied("CN-ZJ")])
    here, there = (each.layouts["chain"] for each in (one, other))
    for code in ("01", "24", "42"):
        pd.testing.assert_series_equal(
            here.positions.loc[f"CN-GD.{code}"],
            there.positions.loc[f"CN-ZJ.{code}"],
            check_names=False,
        )
    labels = [list(label.values()) for label in studied("CN-GD").labels]
    largest = np.max(
        [
            radii(each.sectors[size])
            for each in (studied("CN-GD"), studied("CN-ZJ"))
            for size in SIZES
        ],
        axis=0,
    )
    covered = boxes(labels, largest)
    x, y = here.positions["x"].to_numpy(), here.positions["y"].to_numpy()
    beside = np.abs(x[:, None] - x) < (covered.half[:, None] + covered.half) - 0.02
    over = np.minimum(y + covered.below, (y + covered.below)[:, None]) - np.maximum(
        y - covered.above, (y - covered.above)[:, None]
    )
    np.fill_diagonal(over, 0)
    assert not (beside & (over > 0.02)).any()


def test_panels_keep_the_order_of_the_studies(quick) -> None:
    zj, gd = studied("CN-ZJ"), studied("CN-GD")
    assert [each.latest.regions for each in panels([zj, gd])] == [["CN-ZJ"], ["CN-GD"]]
    assert panels([]) == []


def test_studies_that_make_no_panel_are_refused(quick) -> None:
    with pytest.raises(DataError, match="studies of the same regions"):
        panel([studied("CN-GD"), studied("CN-ZJ")])
    with pytest.raises(DataError, match="not the studies of one panel"):
        panel([])
    with pytest.raises(DataError, match=r"two studies of Guangdong in one year.*2017 and 2017"):
        panel([studied("CN-GD"), studied("CN-GD")])


def test_editions_of_one_year_are_named(quick, data) -> None:
    folder = data / "visceads"
    both = read_flow_lists(folder / "top88_flows.csv", regions=["GD"], years=[2017, "2017 new"])
    with pytest.raises(DataError, match="2017 and 2017 new"):
        panel([study(each) for each in both])


def test_the_two_lists_of_42_are_joined_where_they_agree(quick, data) -> None:
    """Electricity is 25 in the older list and 24 in the newer one."""
    folder = data / "visceads"
    files = folder / "top88_flows.csv", folder / "sector_totals.csv"
    lists = read_flow_lists(*files, regions=["GD", "BJ"], years=[2012, "2017 new"])
    for found in panels([gm.study(each) for each in lists]):
        place = found.latest.regions[0]
        older, newer = found.studies
        power = older.sectors.index.get_loc(f"{place}.25")
        assert found.ids[0][power] == f"{place}.24"
        for ids, each in zip(found.ids, found.studies, strict=True):
            assert len(set(ids)) == each.n
            assert set(ids) <= set(found.layouts["chain"].positions.index)
        shared = set(found.ids[0]) & set(found.ids[1])
        name = dict(zip(found.ids[1], newer.sectors["name_en"], strict=True))
        for node, was in zip(found.ids[0], older.sectors["name_en"], strict=True):
            assert node not in shared or name[node] == was


def test_a_panel_has_the_layouts_its_data_allow(quick) -> None:
    usual = {"chain", "force", "group", "community"}
    found = panel(studied("CN-GD"))
    assert set(found.layouts) == usual | {"axes"}
    assert found.cells is None
    assert set(panel(year(2017, ["Power", "Waste", "Steel"])).layouts) == usual
    for each in found.layouts.values():
        assert sorted(each.positions.index) == sorted(found.ids[0])
        assert np.isfinite(each.positions.to_numpy()).all()


def test_axes_show_the_latest_year(quick) -> None:
    co2 = [9.0, 3.0, 1.0]
    new = year(2017, ["Power", "Waste", "Steel"], co2=co2)
    old = year(2012, ["Power", "Waste", "Steel"], co2=co2[::-1])
    found = panel([old, new])
    y = found.layouts["axes"].positions["y"]
    assert y["n0"] < y["n1"] < y["n2"]  # more intense is higher up
    values = [value for value, _ in found.axes.y_ticks]
    assert values == sorted(values)


def test_regions_stand_in_cells_at_the_same_places(quick) -> None:
    found = panel(study(sample.table()))
    places, cells = found.layouts["regions"].positions, found.cells.boxes
    inside = {
        place: places.loc[[f"{place}.{code}" for code in ("01", "24", "42")]].to_numpy()
        - cells.loc[place, ["x", "y"]].to_numpy(float)
        for place in ("CN-GD", "CN-ZJ")
    }
    np.testing.assert_allclose(inside["CN-GD"], inside["CN-ZJ"], atol=0.02)
    for place, where in inside.items():
        assert (where > 0).all()
        assert (where < cells.loc[place, ["width", "height"]].to_numpy(float)).all()


def test_communities_stand_apart_as_the_latest_study_has_them() -> None:
    found = panel(studied("CN-GD"))
    places = found.layouts["community"].positions
    member = studied("CN-GD").sectors["community"]
    centres = places.groupby(member).transform("mean")
    nearer = [
        ((places.loc[node] - centre) ** 2).sum()
        for node in places.index
        for centre in [centres.loc[node]]
    ]
    spread = ((places - places.mean()) ** 2).sum(axis=1)
    assert np.mean(nearer) < 0.5 * spread.mean()
