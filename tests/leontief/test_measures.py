"""The table of measures: figures by hand, by pymrio, and on real tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made import economies, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.leontief import sector_measures

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"


def sums_hold(measures):
    return measures["footprint"].sum() == pytest.approx(measures["direct_co2"].sum(), rel=1e-9)


def test_a_table_of_two_sectors_by_hand() -> None:
    """Power sells half of its output to steel; steel sells all of its own to final users."""
    table = table_of(
        np.array([[0.0, 50.0], [0.0, 0.0]]), [100.0, 200.0], co2=[3.0, 1.0], unit="100m_yuan"
    )
    found = sector_measures(table)
    assert found["gross_output"].tolist() == [1e6, 2e6]
    assert found["direct_co2"].tolist() == [3.0, 1.0]
    # Mt over 10 thousand yuan, times a million tonnes a megatonne
    np.testing.assert_allclose(found["direct_intensity"], [3.0, 0.5])
    np.testing.assert_allclose(found["total_intensity"], [3.0, 0.5 + 3.0 * 0.25])
    np.testing.assert_allclose(found["footprint"], [1.5, 2.5])
    np.testing.assert_allclose(found["transmission"], [0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(found["upstreamness"], [1.5, 1.0])


def test_without_emissions_there_are_no_carbon_columns() -> None:
    found = sector_measures(table_of(np.eye(2), [5.0, 5.0]))
    stages = ["upstreamness", "downstreamness", "backward_linkage", "forward_linkage"]
    assert list(found.columns) == ["gross_output", *stages]


@pytest.mark.parametrize(
    ("unit", "size"), [("yuan", 1e4), ("10k_yuan", 1), ("million_yuan", 1e-2), ("100m_yuan", 1e-4)]
)
def test_the_unit_of_the_table_does_not_matter(unit, size) -> None:
    Z, x = np.array([[5.0, 50.0], [8.0, 0.0]]), np.array([100.0, 200.0])
    pd.testing.assert_frame_equal(
        sector_measures(table_of(Z * size, x * size, co2=[3.0, 1.0], unit=unit)),
        sector_measures(table_of(Z, x, co2=[3.0, 1.0])),
    )


@given(economies())
@settings(max_examples=40)
def test_sparse_and_dense_tables_have_the_same_measures(economy) -> None:
    Z, x, _, co2 = economy
    dense = sector_measures(table_of(Z, x, co2=co2))
    assert np.isfinite(dense.to_numpy()).all()
    pd.testing.assert_frame_equal(
        dense, sector_measures(table_of(sparse.csr_array(Z), x, co2=co2)), rtol=1e-9, atol=1e-9
    )


def test_a_sector_of_zero_output_has_defined_figures() -> None:
    Z = np.array([[0.0, 0.0, 2.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
    found = sector_measures(table_of(Z, [10.0, 0.0, 10.0], co2=[1.0, 0.0, 2.0]))
    assert found.loc["n1", ["upstreamness", "downstreamness"]].tolist() == [1.0, 1.0]
    carbon = ["gross_output", *found.columns[found.columns.get_loc("direct_co2") :]]
    assert found.loc["n1", carbon].tolist() == [0.0] * 6
    assert np.isfinite(found.to_numpy()).all()


def test_imports_are_taken_out_of_a_competitive_table_first() -> None:
    Z, x = np.array([[0.0, 60.0], [20.0, 0.0]]), np.array([100.0, 100.0])
    table = table_of(Z, x, co2=[1.0, 1.0], imports_inside=[100.0, 0.0])
    found = sector_measures(table)
    # half of what is used of the first product is domestic
    domestic = table_of(np.array([[0.0, 30.0], [20.0, 0.0]]), x, co2=[1.0, 1.0])
    pd.testing.assert_frame_equal(found, sector_measures(domestic))
    assert sums_hold(found)


def pymrio_measures(table, F):
    """Total intensity per unit of the table's money, and footprints by product."""
    pymrio = pytest.importorskip("pymrio")
    labels = pd.MultiIndex.from_arrays(
        [table.index["region"], table.index["code"]], names=["region", "sector"]
    )
    Z = table.Z.toarray() if sparse.issparse(table.Z) else table.Z
    y = pd.DataFrame(
        {(region, "final"): table.final_demand * (i == 0) for i, region in enumerate(table.regions)}
    )
    y.index, y.columns = labels, y.columns.set_names(["region", "category"])
    system = pymrio.IOSystem(Z=pd.DataFrame(Z, index=labels, columns=labels), Y=y)
    stressor = pd.Index(["co2"], name="stressor")
    system.co2 = pymrio.Extension("co2", F=pd.DataFrame([F], index=stressor, columns=labels))
    system.calc_all()
    return system.co2.M.loc["co2"].to_numpy(), system.co2.D_cba.loc["co2"]


def agrees_with_pymrio(table):
    ours, table = sector_measures(table), table.domestic()
    multipliers, footprints = pymrio_measures(table, table.co2)
    np.testing.assert_allclose(
        ours["total_intensity"] / 1e6 * table.to_10k, multipliers, rtol=1e-8, atol=1e-18
    )
    by_product = ours["footprint"].groupby(table.index["code"].to_numpy()).sum()
    theirs = footprints.groupby(level="sector").sum().loc[by_product.index]
    np.testing.assert_allclose(by_product, theirs, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("regions", [["CN-GD"], ["CN-GD", "CN-ZJ"]])
def test_pymrio_says_the_same_of_the_sample(regions) -> None:
    agrees_with_pymrio(sample.table().select(regions))


def test_pymrio_says_the_same_of_its_own_test_table() -> None:
    pymrio = pytest.importorskip("pymrio")
    theirs = pymrio.load_test().calc_all()
    emissions = theirs.emissions.F.sum(axis=0)
    table = table_of(
        theirs.Z.to_numpy(),
        theirs.x["indout"].to_numpy(),
        co2=emissions.to_numpy(),
        regions=list(theirs.Z.index.get_level_values("region")),
    )
    ours = sector_measures(table)
    multipliers = theirs.emissions.M.sum(axis=0).to_numpy()
    np.testing.assert_allclose(ours["total_intensity"] / 1e6, multipliers, rtol=1e-8, atol=1e-18)
    by_sector = theirs.Z.index.get_level_values("sector")
    np.testing.assert_allclose(
        ours["footprint"].groupby(by_sector).sum(),
        theirs.emissions.D_cba.sum(axis=0).groupby(level="sector").sum(),
        rtol=1e-8,
    )


def test_pymrio_says_the_same_of_the_153_sectors_of_china(data) -> None:
    table = gm.read(data / "nbs" / "china_2018_153.csv")
    made_up = replace(sample.table().extensions["co2"], F=table.x**0.9, F_Y=np.zeros(1))
    table = replace(table, extensions={"co2": made_up})
    agrees_with_pymrio(table)
    assert sums_hold(sector_measures(table))


def test_china_2017_power_emits_most_and_construction_calls_for_most(data) -> None:
    table = gm.read(data / "nbs" / "china_2017_42.csv")
    table = table.with_emissions(gm.read_emissions(data / INVENTORY, year=2017))
    found = sector_measures(table)
    assert sums_hold(found)
    names = table.index["short_en"]
    assert names[found["direct_co2"].idxmax()] == "Electricity & heat"
    assert names[found["footprint"].idxmax()] == "Construction"


def test_guangdong_2017_has_the_published_emitters_and_its_footprints_add_up(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    found = sector_measures(table)
    assert sums_hold(found)
    largest = found["direct_co2"].nlargest(4)
    assert largest.round(2).tolist() == [297.82, 67.95, 58.21, 42.78]
    assert table.index["code"][largest.index].tolist() == ["24", "29", "13", "14"]


def test_footprints_of_all_31_provinces_add_up(data) -> None:
    table = gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
    found = sector_measures(table)
    assert len(found) == 1302
    assert np.isfinite(found.to_numpy()).all()
    assert sums_hold(found)
