"""Who emits and for whom: identities, the inverse, and pymrio on the same tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from accounts.small_tables import dense, small_table
from hypothesis import given, settings
from hypothesis import strategies as st
from made import table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.accounts import Extension
from graphmap.errors import DataError
from graphmap.leontief.consumption import CATEGORIES, OUTSIDE, consumption_accounts
from graphmap.leontief.imports import imports_of

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"

tables = st.builds(
    small_table,
    st.integers(0, 2**32 - 1),
    st.integers(1, 4),
    st.integers(1, 5),
    competitive=st.booleans(),
    with_exports=st.booleans(),
    is_sparse=st.booleans(),
)


def assumptions(table):
    """The assumptions on imports that a table of ``small_tables`` can be read under."""
    return ["excluded", 1.5, "domestic"] if table.imports_inside is not None else ["excluded", 1.5]


def intensities(table):
    """Direct intensity and the inverse of a table whose imports stand apart, Mt per 10 thousand."""
    x = table.x * table.to_10k
    A = dense(table) * table.to_10k / x
    return table.co2 / x, np.linalg.inv(np.eye(table.n) - A)


def own_total(accounts, emitted):
    return accounts.products.xs(emitted, axis=1, level="emitted").to_numpy().sum()


# --- identities


@given(tables, st.data())
@settings(deadline=None, max_examples=40)
def test_accounts_add_up(table, draw) -> None:
    found = consumption_accounts(table, draw.draw(st.sampled_from(assumptions(table))))
    regions, trade = found.regions, found.trade
    codes, size = table.regions, table.co2.sum()
    close = {"rtol": 1e-9, "atol": 1e-9 * size}
    inside = trade.loc[codes]
    np.testing.assert_allclose(inside.sum(axis=1), regions["production"], **close)
    np.testing.assert_allclose(
        regions["production"] - regions["exported"] + regions["imported"],
        regions["consumption"],
        **close,
    )
    balance = regions["production"] - regions["consumption"]
    assert regions["balance"].notna().all() == found.complete
    if found.complete:
        np.testing.assert_allclose(regions["balance"], balance, **close)
    np.testing.assert_allclose(trade[codes].sum(), regions["consumption"], **close)
    # between the regions of the table, what one exports another imports
    abroad = trade.loc[codes, OUTSIDE].sum() - trade.loc[OUTSIDE, codes].sum()
    assert balance.sum() == pytest.approx(abroad, abs=1e-9 * size)


def test_exports_are_used_outside_whichever_region_they_leave_from() -> None:
    table = sample.table()
    exports = table.final_uses["category"] == "exports"
    named = table.final_uses.assign(region=table.final_uses["region"].mask(exports, "CN-GD"))
    found, expected = map(consumption_accounts, (replace(table, final_uses=named), table))
    pd.testing.assert_frame_equal(found.regions, expected.regions)
    pd.testing.assert_frame_equal(found.categories, expected.categories)


@given(tables, st.data())
@settings(deadline=None, max_examples=40)
def test_footprints_add_up_to_all_emissions_however_they_are_split(table, draw) -> None:
    found = consumption_accounts(table, draw.draw(st.sampled_from(assumptions(table))))
    total, close = table.co2.sum(), {"rtol": 1e-9, "atol": 1e-9 * table.co2.sum()}
    assert own_total(found, "inside") == pytest.approx(total, rel=1e-9)
    assert found.categories["inside"].sum() == pytest.approx(total, rel=1e-9)
    assert found.categories["outside"].sum() == pytest.approx(
        own_total(found, "outside"), abs=1e-9 * total
    )
    by_use = found.categories.groupby(level="region")[["inside", "outside"]].sum()
    for place in by_use.index:
        column = found.trade[place]
        np.testing.assert_allclose(by_use.at[place, "inside"], column[:-1].sum(), **close)
        np.testing.assert_allclose(by_use.at[place, "outside"], column[OUTSIDE], **close)
    by_category = found.products.T.groupby(level=["category", "emitted"]).sum().T.sum().unstack()
    summed = found.categories.groupby(level="category")[["inside", "outside"]].sum()
    np.testing.assert_allclose(by_category.loc[summed.index], summed, **close)


@given(tables)
@settings(deadline=None, max_examples=30)
def test_trade_is_intensity_by_inverse_by_final_use(table) -> None:
    found, table = consumption_accounts(table).trade, table.domestic()
    f, L = intensities(table)
    exported = (table.final_uses["category"] == "exports").to_numpy()
    for emitter in table.regions:
        here = (table.index["region"] == emitter).to_numpy()
        for user in [*table.regions, OUTSIDE]:
            columns = (
                (table.final_uses["region"] == user).to_numpy() if user != OUTSIDE else exported
            )
            y = table.Y[:, columns].sum(axis=1) * table.to_10k
            assert found.at[emitter, user] == pytest.approx((f * here) @ L @ y, rel=1e-8, abs=1e-9)
    assert not found.loc[OUTSIDE].any()


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.booleans())
@settings(deadline=None, max_examples=12)
def test_sparse_and_dense_tables_have_the_same_accounts(seed, regions, competitive) -> None:
    table = small_table(seed, regions, 3, competitive=competitive)
    other = replace(table, Z=sparse.csr_array(table.Z))
    for assumption in assumptions(table):
        one, two = (consumption_accounts(each, assumption) for each in (table, other))
        for part in ("regions", "trade", "categories", "products"):
            pd.testing.assert_frame_equal(
                getattr(one, part), getattr(two, part), rtol=1e-9, atol=1e-9
            )


@pytest.mark.parametrize(
    ("unit", "size"), [("yuan", 1e4), ("million_yuan", 1e-2), ("100m_yuan", 1e-4)]
)
@pytest.mark.parametrize("assumption", ["domestic", 1.5])
def test_the_unit_of_the_table_does_not_matter(unit, size, assumption) -> None:
    table = small_table(3, 2, 3, competitive=True)
    parts = {
        part: getattr(table, part) * size
        for part in ("Z", "Y", "V", "imports", "imports_inside", "x")
    }
    one = consumption_accounts(table, assumption)
    other = consumption_accounts(replace(table, unit=unit, **parts), assumption)
    pd.testing.assert_frame_equal(one.regions, other.regions)
    pd.testing.assert_frame_equal(one.products, other.products)


# --- by hand


def test_two_regions_by_hand() -> None:
    """Steel is made in one province and built with in the other, for its own use and abroad."""
    table = table_of(
        np.array([[0.0, 50.0], [0.0, 0.0]]), [100.0, 200.0], co2=[3.0, 1.0], regions=["A", "B"]
    )
    uses = [
        ("A", "urban_households"),
        ("A", "rural_households"),
        ("B", "inventories"),
        ("", "exports"),
    ]
    table = replace(
        table,
        Y=np.array([[30.0, 10.0, 0.0, 10.0], [20.0, 0.0, 140.0, 40.0]]),
        final_uses=pd.DataFrame(uses, columns=["region", "category"]),
        extensions={"co2": replace(table.extensions["co2"], F_Y=np.array([0.5, 0.25, 0.0, 0.0]))},
    )
    found = consumption_accounts(table)
    # a unit of steel carries 0.03, one of building 0.0075 of steel's and 0.005 of its own
    expected = [[1.2 + 0.15, 1.05, 0.3 + 0.3], [0.1, 0.7, 0.2], [0, 0, 0]]
    np.testing.assert_allclose(found.trade, expected)
    assert found.trade.columns.tolist() == found.trade.index.tolist() == ["A", "B", OUTSIDE]
    np.testing.assert_allclose(found.regions.loc["A"], [3, 1.45, 1.65, 0.1, 1.55, 0.75])
    np.testing.assert_allclose(found.regions.loc["B"], [1, 1.75, 0.3, 1.05, -0.75, 0])
    kept = found.categories.query("category != 'discrepancy'")["footprint"]
    assert kept.index.tolist() == [("A", "households"), ("B", "capital"), (OUTSIDE, "exports")]
    np.testing.assert_allclose(kept, [1.45, 1.75, 0.8])
    np.testing.assert_allclose(found.products["households", "inside"], [1.2, 0.25])


def test_categories_are_listed_in_one_order_with_the_discrepancy_last() -> None:
    found = consumption_accounts(sample.table()).products
    order = ["households", "government", "capital", "exports", "discrepancy"]
    assert found.columns.unique("category").tolist() == order


def test_what_uses_do_not_explain_is_a_category_and_not_lost() -> None:
    table = small_table(5, 2, 3)
    Y = table.Y.copy()
    Y[1, 0] -= 1e-5 * table.x[1]  # as rounded tables differ
    found = consumption_accounts(replace(table, Y=Y))
    clean = consumption_accounts(table)
    assert own_total(found, "inside") == pytest.approx(table.co2.sum(), rel=1e-12)
    lost = clean.products.loc["CN-GD.29"] - found.products.loc["CN-GD.29"]
    assert lost["households", "inside"] == pytest.approx(-lost["discrepancy", "inside"], rel=1e-6)
    # it counts as used where it is made
    pd.testing.assert_frame_equal(found.regions, clean.regions)


def test_a_large_discrepancy_is_told() -> None:
    table = small_table(1, 1, 3)
    assert not any("discrepancy" in note["en"] for note in consumption_accounts(table).notes)
    uses = table.final_uses.replace({"inventories": "error"})
    notes = consumption_accounts(replace(table, final_uses=uses)).notes
    assert any("statistical discrepancy" in note["en"] for note in notes)


def test_household_fuel_stays_apart() -> None:
    table = small_table(2, 2, 3)
    fuel = table.extensions["co2"].F_Y
    place = table.final_uses["region"].to_numpy()
    with_fuel = consumption_accounts(table)
    for code in table.regions:
        assert with_fuel.regions.at[code, "household_fuel"] == fuel[place == code].sum()
    without = replace(table.extensions["co2"], F_Y=np.zeros(len(fuel)))
    without = consumption_accounts(replace(table, extensions={"co2": without}))
    assert not without.regions["household_fuel"].any()
    rest = with_fuel.regions.drop(columns="household_fuel")
    pd.testing.assert_frame_equal(rest, without.regions.drop(columns="household_fuel"))
    assert "belong to no region" in with_fuel.notes[-1]["en"]  # the made-up fuel of exports


def test_fuel_of_households_without_a_region_is_the_one_regions() -> None:
    table = small_table(2, 1, 3, with_exports=False)
    nowhere = replace(table, final_uses=table.final_uses.assign(region=""))
    fuel = consumption_accounts(nowhere).regions["household_fuel"]
    assert fuel.tolist() == [pytest.approx(table.extensions["co2"].F_Y.sum())]
    pd.testing.assert_frame_equal(
        consumption_accounts(nowhere).regions, consumption_accounts(table).regions
    )


def test_final_use_of_unknown_place_counts_at_home_and_is_told() -> None:
    table = table_of(
        np.array([[0.0, 5.0], [8.0, 0.0]]), [50.0, 60.0], co2=[1, 2], regions=["A", "B"]
    )
    found = consumption_accounts(table)
    f, L = intensities(table)
    y = table.final_demand
    np.testing.assert_allclose(found.trade.iloc[:2, :2], (f[:, None] * L) * y, rtol=1e-12)
    assert any("assigns to no region" in note["en"] for note in found.notes)
    assert not any(
        "assigns to no" in note["en"] for note in consumption_accounts(sample.table()).notes
    )


def test_households_of_unknown_place_among_several_regions_are_told() -> None:
    table = small_table(2, 2, 3)
    nowhere = replace(table, final_uses=table.final_uses.assign(region=""))
    found = consumption_accounts(nowhere)
    assert any("assigns to no region" in note["en"] for note in found.notes)
    assert not any("assigns to no region" in n["en"] for n in consumption_accounts(table).notes)
    fuel = table.extensions["co2"].F_Y
    assert any(f"{fuel.sum():.2f} Mt" in note["en"] for note in found.notes)


def test_a_table_without_emissions_is_refused() -> None:
    with pytest.raises(DataError, match=r"need emissions.*--emissions"):
        consumption_accounts(table_of(np.eye(2), [5.0, 5.0]))


def test_a_table_with_an_error_is_refused() -> None:
    table = small_table()
    with pytest.raises(DataError, match=r"gross output differs.*graphmap check"):
        consumption_accounts(replace(table, x=2 * table.x))


# --- pymrio


def in_pymrio(Z, Y, F):
    pymrio = pytest.importorskip("pymrio")
    system = pymrio.IOSystem(Z=Z, Y=Y)
    stressor = pd.Index(["co2"], name="stressor")
    system.co2 = pymrio.Extension("co2", F=pd.DataFrame([F], index=stressor, columns=Z.columns))
    return system.calc_all().co2


def test_pymrio_says_the_same_of_its_own_test_system() -> None:
    """By region all four coincide; its sums by region add the households' own emissions."""
    pymrio = pytest.importorskip("pymrio")
    theirs = pymrio.load_test().calc_all()
    account, regions = theirs.emissions, theirs.Z.index.get_level_values("region")
    table = table_of(
        theirs.Z.to_numpy(),
        theirs.x["indout"].to_numpy(),
        co2=account.F.sum().to_numpy(),
        regions=list(regions),
    )
    codes, users = list(dict.fromkeys(regions)), theirs.Y.columns.get_level_values("region")
    table = replace(
        table,
        Y=theirs.Y.to_numpy(),
        final_uses=pd.DataFrame({"region": users, "category": "final_use"}),
        extensions={
            "co2": replace(
                table.extensions["co2"], F_Y=account.F_Y.sum().reindex(theirs.Y.columns).to_numpy()
            )
        },
    )
    found = consumption_accounts(table)

    def by(level, of):
        return of.sum().groupby(level=level, sort=False).sum()

    def same(ours, theirs):
        np.testing.assert_allclose(ours, theirs, rtol=1e-8)

    ours = found.regions
    assert ours.index.tolist() == codes
    same(ours["production"], by("region", account.D_pba)[codes])
    same(ours["consumption"], by("region", account.D_cba)[codes])
    same(ours["imported"], by("region", account.D_imp)[codes])
    same(ours["exported"], by("region", account.D_exp)[codes])
    same(ours["production"] + ours["household_fuel"], account.D_pba_reg.sum()[codes])
    same(ours["consumption"] + ours["household_fuel"], account.D_cba_reg.sum()[codes])
    sector = theirs.Z.index.get_level_values("sector")
    products = found.products.sum(axis=1).groupby(np.asarray(sector)).sum()
    same(products, by("sector", account.D_cba)[products.index])


def china_2018(data):
    table = gm.read(data / "nbs" / "china_2018_153.csv")
    extension = Extension(table.x**0.9, np.zeros(len(table.final_uses)), "Mt", "CO2", table.source)
    return replace(table, extensions={"co2": extension})


def test_pymrio_says_the_same_of_the_153_sectors_of_china(data) -> None:
    """Each use as a region of its own, so that its ``D_cba`` is by product and use."""
    table = china_2018(data)
    found, apart = consumption_accounts(table), table.domestic()
    labels = pd.MultiIndex.from_arrays(
        [apart.index["region"], apart.index["code"]], names=["region", "sector"]
    )
    uses = [CATEGORIES.get(name, name) for name in apart.final_uses["category"]]
    Y = pd.DataFrame(apart.Y, index=labels).T.groupby(uses).sum().T
    Y["discrepancy"] = apart.final_demand - apart.Y.sum(axis=1)
    Y.columns = pd.MultiIndex.from_product([Y.columns, ["y"]], names=["region", "category"])
    Z = pd.DataFrame(apart.Z, index=labels, columns=labels)
    account = in_pymrio(Z, Y, apart.co2)
    for use in Y.columns.unique("region"):
        np.testing.assert_allclose(
            found.products[use, "inside"], account.D_cba.loc["co2", use], rtol=1e-8, atol=1e-6
        )
    np.testing.assert_allclose(
        found.regions["exported"], account.D_cba.loc["co2", "exports"].sum(), rtol=1e-8
    )
    # and with domestic technology, the multipliers of the table with its imports in the cells
    f = apart.co2 / apart.x
    ours = imports_of(table, apart, f, "domestic").intensity
    Z = pd.DataFrame(table.Z, index=labels, columns=labels)
    whole = table.final_demand
    Y = pd.DataFrame(whole[:, None], index=labels, columns=Y.columns[:1])
    theirs = in_pymrio(Z, Y, apart.co2).M.loc["co2"]
    np.testing.assert_allclose(ours, theirs, rtol=1e-8)


# --- real tables


def test_trade_of_31_provinces_is_that_of_the_inverse(data) -> None:
    table = gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")
    found = consumption_accounts(table, 1.2)
    f, L = intensities(table)
    member = pd.get_dummies(table.index["region"]).astype(float)[table.regions].to_numpy()
    emitted = (member * f[:, None]).T @ L
    used = np.column_stack(
        [
            table.Y[:, (table.final_uses["region"] == code).to_numpy()].sum(axis=1)
            for code in table.regions
        ]
    )
    exported = table.Y[:, (table.final_uses["category"] == "exports").to_numpy()].sum(axis=1)
    rest = table.final_demand - used.sum(axis=1) - exported
    expected = emitted @ (used + member * rest[:, None]) * table.to_10k
    inside = found.trade.loc[table.regions]
    np.testing.assert_allclose(inside[table.regions], expected, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(
        inside[OUTSIDE], emitted @ exported * table.to_10k, rtol=1e-8, atol=1e-10
    )
    assert own_total(found, "inside") == pytest.approx(table.co2.sum(), rel=1e-12)
    assert found.regions["production"].idxmax() == "CN-SD"


@pytest.mark.parametrize(
    ("file", "year"),
    [
        ("china_2012_139", 2012),
        ("china_2015_42", 2015),
        ("china_2017_42", 2017),
        ("china_2018_42", 2018),
    ],
)
def test_footprints_of_the_national_tables_add_up(data, file, year) -> None:
    table = gm.read(data / "nbs" / f"{file}.csv")
    if table.n == 42:  # inventories go with these lists only
        table = table.with_emissions(gm.read_emissions(data / INVENTORY, year=year))
    else:
        extension = Extension(
            table.x**0.9, np.zeros(len(table.final_uses)), "Mt", "CO2", table.source
        )
        table = replace(table, extensions={"co2": extension})
    total = table.co2.sum()
    excluded, domestic = (consumption_accounts(table, how) for how in ("excluded", "domestic"))
    assert own_total(excluded, "inside") == pytest.approx(total, rel=1e-9)
    assert own_total(excluded, "outside") == 0
    np.testing.assert_allclose(
        domestic.categories["inside"], excluded.categories["inside"], rtol=1e-12, atol=1e-9
    )
    imported = domestic.regions["imported"].iloc[0]
    assert 0.1 * total < imported < 0.4 * total  # China's imports are about a sixth of its output
    if table.imports_inside is not None:
        m = imports_of(
            table,
            table.domestic(),
            table.co2 / (table.x * table.to_10k),
            "domestic",
        )
        assert own_total(domestic, "outside") == pytest.approx(
            (m.intensity * table.imports_inside).sum() * table.to_10k, rel=1e-6
        )
