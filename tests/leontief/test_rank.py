"""The table of all measures: by explicit inverses, by pymrio, on real tables; what it refuses."""

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
from graphmap.errors import DataError
from graphmap.i18n import vocabulary
from graphmap.leontief import rank as module
from graphmap.leontief.rank import catalogue, rank

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
NBS = ["china_2012_139", "china_2015_42", "china_2017_42", "china_2017_149", "china_2018_42"]
LABELS = ["region", "code", "group", "name_en", "name_zh_hans", "name_zh_hant"]


def naive(table):
    """Every measure from explicit inverses, for the sectors that produce."""
    here = table.x > 0
    Z = (table.Z.toarray() if sparse.issparse(table.Z) else np.asarray(table.Z))[np.ix_(here, here)]
    Z, x, e = Z * table.to_10k, table.x[here] * table.to_10k, table.co2[here]
    n, y = len(x), x - Z.sum(axis=1)
    A, B = Z / x, Z / x[:, None]
    L, G = np.linalg.inv(np.eye(n) - A), np.linalg.inv(np.eye(n) - B)
    f = e / x
    m, g, diagonal = f @ L, G @ f, np.diag(L)
    v = table.V.sum(axis=0)[here] * table.to_10k / x
    return pd.DataFrame(
        {
            "gross_output": x,
            "direct_co2": e,
            "direct_intensity": 1e6 * f,
            "total_intensity": 1e6 * m,
            "footprint": m * y,
            "transmission": (m - f) * (x - y),
            "extraction": m * x / diagonal,
            "extraction_backward": (m - f) * x / diagonal,
            "extraction_forward": (L @ e - e) / diagonal,
            "extraction_output": L.sum(axis=0) * x / diagonal,
            "net_transfer": m * y - e,
            "upstreamness": G.sum(axis=1),
            "downstreamness": L.sum(axis=0),
            "backward_linkage": n * L.sum(axis=0) / L.sum(),
            "forward_linkage": n * G.sum(axis=1) / G.sum(),
            "forward_linkage_leontief": n * L.sum(axis=1) / L.sum(),
            "output_multiplier": L.sum(axis=0),
            "value_added_multiplier": v @ L,
            "downstream_intensity": 1e6 * g,
            "co2_backward_linkage": m / m.mean() if m.any() else m,
            "co2_forward_linkage": g / g.mean() if g.any() else g,
        },
        index=table.index.index[here],
    )


def is_naive(table):
    found, expected = rank(table), naive(table.domestic())
    scale = expected.abs().max()
    scale["net_transfer"] = scale["footprint"]
    for column in expected:
        np.testing.assert_allclose(
            found.loc[expected.index, column],
            expected[column],
            rtol=1e-8,
            atol=1e-11 * scale[column],
            err_msg=column,
        )
    parts = found[[c for c in found if c.startswith("footprint_")]]
    np.testing.assert_allclose(parts.sum(axis=1), found["footprint"], rtol=1e-8, atol=1e-9)
    return found


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])
@given(economies())
@settings(max_examples=40)
def test_every_measure_is_what_the_inverse_gives(form, economy) -> None:
    Z, x, _, co2 = economy
    co2[x > 0] += 0.1
    is_naive(table_of(form(Z), x, co2=co2))


def test_the_columns_are_those_of_the_catalogue() -> None:
    table = sample.table()
    found = rank(table)
    assert list(found.columns)[:6] == LABELS
    measures = list(found.columns)[6:]
    assert measures == [measure for measure in catalogue() if measure in measures]
    undivided = {"footprint_consumption", "footprint_final_use"}
    assert set(catalogue()) - set(measures) <= undivided | {"footprint_capital"}


def test_every_measure_is_described_in_three_languages() -> None:
    for measure, row in catalogue().items():
        assert row["formula"]
        assert set(row) == {"unit", "formula", "source"}
        for key in (f"measure.{measure}", f"measure.{measure}.help"):
            assert all(vocabulary()[key].values()), key


@pytest.mark.parametrize("by", [m for m in catalogue() if not m.startswith("footprint_")])
def test_any_measure_can_be_sorted_by(by) -> None:
    found = rank(sample.table(), by=by)
    assert found.attrs["by"] == by
    if by == "linkage_quadrant":
        order = ["key", "backward", "forward", "weak"]
        assert found[by].map(order.index).is_monotonic_increasing
    else:
        assert found[by].is_monotonic_decreasing


def test_direct_emissions_come_first_unless_told_otherwise() -> None:
    table = sample.table()
    assert rank(table).attrs["by"] == "direct_co2"
    plain = rank(replace(table, extensions={}))
    assert plain.attrs["by"] == "gross_output"
    assert not [c for c in plain if c.startswith(("co2_", "footprint", "direct_", "total_"))]
    assert {"extraction_output", "influence", "linkage_quadrant"} <= set(plain.columns)


@pytest.mark.parametrize("by", ["direct-co2", "Direct_CO2", " direct_co2 "])
def test_a_measure_may_be_spelt_in_several_ways(by) -> None:
    assert rank(sample.table(), by=by).attrs["by"] == "direct_co2"


def test_a_measure_that_is_not_there_is_refused() -> None:
    table = sample.table()
    with pytest.raises(DataError, match=r"no such measure; found 'footprnt'.*footprint"):
        rank(table, by="footprnt")
    with pytest.raises(DataError, match="extraction needs emissions"):
        rank(replace(table, extensions={}), by="extraction")
    with pytest.raises(DataError, match="the table has no footprint_final_use"):
        rank(table, by="footprint_final_use")


def test_ties_stay_in_the_order_of_the_table() -> None:
    table = table_of(np.zeros((3, 3)), [5.0, 7.0, 5.0], co2=[1.0, 1.0, 1.0])
    assert rank(table).index.tolist() == ["n0", "n1", "n2"]


def test_a_sector_without_output_has_no_figures_that_are_none() -> None:
    """Its intensities and position are missing rather than zero, and it changes no mean."""
    Z = np.array([[0.0, 0.0, 2.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
    found = is_naive(table_of(Z, [10.0, 0.0, 10.0], co2=[1.0, 0.0, 2.0]))
    idle = found.loc["n1"].drop(LABELS)
    assert found.index[-1] == "n1"
    zero = ["gross_output", "direct_co2", "footprint", "transmission", "net_transfer"]
    assert (idle[zero] == 0).all()
    parts = idle.index[idle.index.str.startswith("footprint_")]
    assert (idle[parts] == 0).all()
    assert idle.drop([*zero, *parts]).isna().all()


def test_inputs_at_or_above_output_are_warned_of_and_figures_stand() -> None:
    """A column of A above 1 in an economy that is productive all the same."""
    Z, x = np.array([[10.0, 60.0], [5.0, 50.0]]), [200.0, 100.0]
    with pytest.warns(gm.errors.DataWarning, match=r"n1 s1 are 1\.100 of its output"):
        is_naive(table_of(Z, x, co2=[1.0, 2.0]))


@pytest.mark.filterwarnings("ignore::graphmap.errors.DataWarning")
def test_an_economy_that_is_not_productive_is_refused() -> None:
    table = table_of(np.array([[50.0, 90.0], [90.0, 50.0]]), [100.0, 100.0], co2=[1.0, 1.0])
    with pytest.raises(DataError, match=r"not productive.*n0 s0 are 1\.400 of its output"):
        rank(table)


def test_a_table_with_an_error_is_refused() -> None:
    table = table_of(np.array([[0.0, 5.0], [5.0, 0.0]]), [10.0, 0.0], co2=[1.0, 0.0])
    with pytest.raises(DataError, match="gross output is zero"):
        rank(table)
    Z = np.array([[0.0, np.nan], [5.0, 0.0]])
    with pytest.raises(DataError):
        rank(table_of(Z, [10.0, 10.0], co2=[1.0, 0.0]))


def test_imports_are_taken_out_unless_they_should_stay() -> None:
    Z, x = np.array([[0.0, 60.0], [20.0, 0.0]]), np.array([100.0, 100.0])
    table = table_of(Z, x, co2=[1.0, 1.0], imports_inside=[100.0, 0.0])
    inside, without = rank(table, imports="inside"), rank(table)
    assert inside.loc["n1", "downstreamness"] > without.loc["n1", "downstreamness"]
    with pytest.raises(DataError, match="unknown treatment of imports"):
        rank(table, imports="away")


def test_a_large_table_has_extraction_effects_on_request(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_EXTRACTED", 10)
    table = sample.table()
    assert not [c for c in rank(table) if c.startswith("extraction")]
    assert rank(table, by="footprint").attrs["by"] == "footprint"
    assert "extraction_backward" in rank(table, by="extraction")


def test_how_it_was_solved_is_told() -> None:
    solved = rank(sample.table()).attrs["solved"]
    assert solved["method"] == "dense"
    assert 0 < solved["residual"] < 1e-11


@pytest.mark.parametrize("name", NBS)
def test_national_tables_agree_with_the_inverse(data, name) -> None:
    table = gm.read(data / "nbs" / f"{name}.csv")
    made_up = replace(
        sample.table().extensions["co2"], F=table.x**0.9, F_Y=np.zeros(len(table.final_uses))
    )
    is_naive(replace(table, extensions={"co2": made_up}))


def test_provinces_agree_with_the_inverse(data) -> None:
    found = is_naive(gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"))
    assert found["footprint"].sum() == pytest.approx(found["direct_co2"].sum(), rel=1e-9)
    single = is_naive(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    assert single["extraction"].idxmax() == "CN-GD.24"


def test_the_nation_with_its_inventory(data) -> None:
    table = gm.read(data / "nbs" / "china_2017_42.csv")
    table = table.with_emissions(gm.read_emissions(data / INVENTORY, year=2017))
    found = is_naive(table)
    assert found["influence"].sum() == pytest.approx(1.0)
    assert found["net_transfer"].sum() == pytest.approx(0.0, abs=1e-6)


def test_multipliers_and_accounts_are_those_of_pymrio(data) -> None:
    """An IOSystem of china_2018_153, with pymrio's own names for what is compared."""
    pymrio = pytest.importorskip("pymrio")
    table = gm.read(data / "nbs" / "china_2018_153.csv").domestic()
    co2 = replace(
        sample.table().extensions["co2"], F=table.x**0.9, F_Y=np.zeros(len(table.final_uses))
    )
    table = replace(table, extensions={"co2": co2})
    labels = pd.MultiIndex.from_product([["CN"], table.index["code"]], names=["region", "sector"])
    y = pd.DataFrame(table.final_demand, index=labels)
    y.columns = pd.MultiIndex.from_tuples([("CN", "final")], names=["region", "category"])
    system = pymrio.IOSystem(Z=pd.DataFrame(table.Z, index=labels, columns=labels), Y=y)
    system.co2 = pymrio.Extension(
        "co2",
        F=pd.DataFrame(
            [table.co2, table.V.sum(axis=0)], index=["co2", "value added"], columns=labels
        ),
    )
    system.calc_all()
    found = rank(table).loc[table.index.index]
    ghosh = pymrio.calc_G(pymrio.calc_B(system.Z, system.x)).sum(axis=1)
    for ours, theirs in {
        "total_intensity": 1e6 * system.co2.M.loc["co2"] / table.to_10k,
        "value_added_multiplier": system.co2.M.loc["value added"],
        "output_multiplier": system.L.sum(axis=0),
        "footprint": system.co2.D_cba.loc["co2"],
        "direct_co2": system.co2.D_pba.loc["co2"],
        "upstreamness": ghosh,
        "forward_linkage": ghosh / ghosh.mean(),
    }.items():
        np.testing.assert_allclose(found[ours], theirs, rtol=1e-8, err_msg=ours)
