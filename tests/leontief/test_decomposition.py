"""The change of emissions by factor: sums, symmetry, an independent loop, and China 2017-2018."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import productive, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError, DataWarning
from graphmap.leontief.decomposition import (
    METHODS,
    attributed,
    decomposition,
    emission_effects,
    total_effects,
)

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
FACTORS = ["intensity", "technology", "demand_structure", "demand_level"]
PEOPLE = (111.69e6, 115.21e6)
EACH_METHOD = pytest.mark.parametrize("method", METHODS)


def effects_of(found):
    return found[found.attrs["factors"]]


def adds_up(found):
    """Every sector's effects sum to its change, to 1e-10 of its emissions."""
    size = found[["co2_before", "co2_after"]].max(axis=1).to_numpy()
    gap = np.abs(effects_of(found).sum(axis=1) - found["change"])
    return (gap <= 1e-10 * size + 1e-13).all()


@st.composite
def pairs(draw):
    """Two economies of the same sectors, in which different ones may produce nothing."""
    n = draw(st.integers(1, 8))
    density = draw(st.sampled_from([0.2, 1.0]))
    tables = []
    for _ in range(2):
        Z, x, _, co2 = productive(
            draw(st.integers(0, 2**32 - 1)), n, density, draw(st.integers(0, min(2, n - 1)))
        )
        order = np.roll(np.arange(n), draw(st.integers(0, n - 1)))  # another one is dead
        tables.append(table_of(Z[order][:, order], x[order], co2=co2[order]))
    return tables


def test_two_sectors_by_hand() -> None:
    """Power alone emits; steel needs half as much of it after, and nothing else changes."""
    before = table_of(np.array([[0.0, 100.0], [0.0, 0.0]]), [100.0, 200.0], co2=[50.0, 0.0])
    after = table_of(np.array([[0.0, 50.0], [0.0, 0.0]]), [50.0, 200.0], co2=[25.0, 0.0])
    found = decomposition(before, after)
    assert found["change"].tolist() == [-25.0, 0.0]
    np.testing.assert_allclose(found["technology"], [-25.0, 0.0])
    np.testing.assert_allclose(found[["intensity", "demand_structure", "demand_level"]], 0)


def test_a_table_that_uses_more_than_it_makes_is_refused() -> None:
    """Final use below zero hides it from what is solved for: the loop makes up for it."""
    Z, x = np.zeros((3, 3)), np.array([100.0, 100.0, 300.0])
    before = table_of(Z.copy(), x, co2=np.ones(3))
    Z[0, 1], Z[1, 0] = 120.0, 100.0
    after = table_of(Z, x, co2=np.ones(3))
    assert after.final_demand.tolist() == [-20.0, 0.0, 300.0]
    with pytest.warns(DataWarning), pytest.raises(DataError, match="not productive"):
        decomposition(before, after)


def test_two_factors_share_what_they_do_together() -> None:
    """Twice the intensity and three times the demand: 1 becomes 6."""
    before = table_of(np.zeros((1, 1)), [10.0], co2=[1.0])
    after = table_of(np.zeros((1, 1)), [30.0], co2=[6.0])
    for method in METHODS:
        found = decomposition(before, after, method=method)
        np.testing.assert_allclose(found[FACTORS].to_numpy(), [[2.0, 0.0, 0.0, 3.0]], atol=1e-14)


@given(pairs(), st.sampled_from(METHODS), st.sampled_from([None, PEOPLE]))
@settings(max_examples=80)
def test_parts_sum_to_the_change_sector_by_sector(pair, method, population) -> None:
    found = decomposition(*pair, method=method, population=population)
    assert adds_up(found)
    np.testing.assert_allclose(found["co2_before"], pair[0].co2)
    np.testing.assert_allclose(found["co2_after"], pair[1].co2)
    totals = total_effects(found)
    change = pair[1].co2.sum() - pair[0].co2.sum()
    assert totals["effect"].sum() == pytest.approx(change, rel=1e-10, abs=1e-12)
    if abs(change) > 1e-6:
        assert totals["share"].sum() == pytest.approx(1, rel=1e-6)


@given(pairs(), st.sampled_from(METHODS))
@settings(max_examples=25)
def test_the_way_back_is_the_way_there_with_the_other_sign(pair, method) -> None:
    there = decomposition(*pair, method=method, population=PEOPLE)
    back = decomposition(*pair[::-1], method=method, population=PEOPLE[::-1])
    np.testing.assert_allclose(effects_of(there), -effects_of(back), rtol=1e-9, atol=1e-12)


def by_every_order(years, orders):
    """The average over ``orders`` of what each factor adds, with explicit inverses."""
    n = len(years[0])
    effects = np.zeros((n, len(years[0][0])))
    for order in orders:
        state = [0] * n

        def emissions(state=state):
            f, A, u, *levels = (years[state[i]][i] for i in range(n))
            return f * (np.linalg.inv(np.eye(len(f)) - A) @ u) * np.prod(levels)

        for factor in order:
            earlier = emissions()
            state[factor] = 1
            effects[factor] += emissions() - earlier
    return effects / len(orders)


def of_one_year(table, people=None):
    f = np.divide(table.co2, table.x, out=np.zeros(table.n), where=table.x > 0)
    A = np.divide(table.Z, table.x, out=np.zeros_like(table.Z), where=table.x > 0)
    y = table.x - table.Z.sum(axis=1)
    levels = [y.sum() / people, people] if people else [y.sum()]
    return [f, A, y / y.sum(), *levels]


@given(st.integers(0, 2**32 - 2), st.integers(2, 6), st.booleans())
@settings(max_examples=25)
def test_a_loop_over_all_orders_says_the_same(seed, n, with_people) -> None:
    pair = []
    for each in (seed, seed + 1):
        Z, x, _, co2 = productive(each, n, 0.6, 0)
        pair.append(table_of(Z, x, co2=co2))
    people = PEOPLE if with_people else None
    years = [of_one_year(table, people and people[i]) for i, table in enumerate(pair)]
    factors = range(len(years[0]))
    for method, orders in (
        ("full", list(permutations(factors))),
        ("polar", [tuple(factors), tuple(factors)[::-1]]),
    ):
        found = effects_of(decomposition(*pair, method=method, population=people))
        np.testing.assert_allclose(
            found.T, by_every_order(years, orders), rtol=1e-9, atol=1e-12, err_msg=method
        )


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
@settings(max_examples=25)
def test_the_full_average_does_not_depend_on_the_order_of_the_factors(seed, factors) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=(2,) * factors)
    order = random.permutation(factors)

    def turned(after):
        given = [False] * factors
        for place, factor in enumerate(order):
            given[factor] = after[place]
        return values[tuple(map(int, given))]

    direct = attributed(lambda after: values[tuple(map(int, after))], factors)
    np.testing.assert_allclose(attributed(turned, factors), direct[order], atol=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2), st.integers(3, 8))
@settings(max_examples=15)
def test_polar_and_full_agree_where_two_factors_change(seed, kept, n) -> None:
    """Demand level and one other factor change."""
    Z, x, y, _ = productive(seed, n, 0.5, 0)
    Z2, x2, y2, _ = productive(seed + 1, n, 0.5, 0)
    systems = [np.linalg.inv(np.eye(n) - flows / output) for flows, output in ((Z, x), (Z2, x2))]
    f = np.random.default_rng(seed).random((2, n))
    changed = [kept == factor for factor in range(3)]
    u = (y, y2 / y2.sum() * y.sum()) if changed[2] else (y, y)
    found = {
        method: emission_effects(
            (f[0], f[int(changed[0])]),
            (lambda d: systems[0] @ d, lambda d: systems[int(changed[1])] @ d),
            (u[0], 3 * u[1]),
            method=method,
        )
        for method in METHODS
    }
    np.testing.assert_allclose(found["polar"], found["full"], rtol=1e-9, atol=1e-12)
    still = [factor for factor in range(3) if factor != kept]
    np.testing.assert_allclose(found["full"][still], 0, atol=1e-12)
    assert np.abs(found["full"][[kept, 3]]).max(axis=1).min() > 1e-6


@EACH_METHOD
@pytest.mark.parametrize("factor", [*FACTORS, "population", "demand_per_head"])
def test_one_factor_that_changes_has_the_whole_change(factor, method) -> None:
    Z, x, y, co2 = productive(7, 6, 0.7, 0)
    Z2, x2, y2, _ = productive(8, 6, 0.7, 0)
    L, f, population = np.linalg.inv(np.eye(6) - Z / x), co2 / x, None
    before = table_of(Z, x, co2=co2)
    if factor == "intensity":
        f = f * np.linspace(0.5, 2, 6)
    elif factor == "technology":
        L = np.linalg.inv(np.eye(6) - Z2 / x2)
    elif factor == "demand_structure":
        y = y2 / y2.sum() * y.sum()
    else:
        y = 1.3 * y
        population = {"population": (2.0, 2.6), "demand_per_head": (2.0, 2.0)}.get(factor)
    x_after = L @ y
    A = np.eye(6) - np.linalg.inv(L)
    after = table_of(np.maximum(A * x_after, 0), x_after, co2=f * x_after)
    found = decomposition(before, after, method=method, population=population)
    assert found["change"].abs().max() > 0.01
    np.testing.assert_allclose(found[factor], found["change"], rtol=1e-9, atol=1e-12)
    others = effects_of(found).drop(columns=factor)
    np.testing.assert_allclose(others, 0, atol=1e-12)


@given(pairs(), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_sectors_are_joined_by_node_and_not_by_place(pair, random) -> None:
    before, after = pair
    order = list(range(after.n))
    random.shuffle(order)
    moved = table_of(after.Z[order][:, order], after.x[order], co2=after.co2[order])
    moved = replace(moved, index=after.index.iloc[order])
    expected = decomposition(before, after)
    pd.testing.assert_frame_equal(decomposition(before, moved), expected, rtol=1e-9, atol=1e-11)


@given(pairs())
@settings(max_examples=15)
def test_sparse_and_dense_tables_have_the_same_effects(pair) -> None:
    dense = decomposition(*pair)
    thin = [replace(table, Z=sparse.csr_array(table.Z)) for table in pair]
    pd.testing.assert_frame_equal(decomposition(*thin), dense, rtol=1e-9, atol=1e-11)
    pd.testing.assert_frame_equal(decomposition(pair[0], thin[1]), dense, rtol=1e-9, atol=1e-11)


@EACH_METHOD
def test_a_sector_that_comes_or_goes_has_no_effect_of_intensity(method) -> None:
    """Sector n1 is not there before; n0 and n2 keep their intensity and their recipe."""
    A = np.array([[0.1, 0.3, 0.1], [0.0, 0.2, 0.0], [0.2, 0.1, 0.0]])
    f = np.array([1.0, 5.0, 2.0])
    pair = []
    for y in ([4.0, 0.0, 6.0], [4.0, 5.0, 6.0]):
        x = np.linalg.inv(np.eye(3) - A) @ y
        pair.append(table_of(A * x, x, co2=f * x))
    assert pair[0].x[1] == 0
    for tables in (pair, pair[::-1]):
        found = decomposition(*tables, method=method)
        assert adds_up(found)
        np.testing.assert_allclose(found[["intensity", "technology"]], 0, atol=1e-12)
        assert abs(found["demand_structure"]["n1"]) > 1


def test_money_units_are_converted() -> None:
    Z, x = np.array([[0.0, 60.0], [20.0, 5.0]]), np.array([100.0, 120.0])
    before = table_of(Z, x, co2=[1.0, 2.0])
    expected = decomposition(before, table_of(1.1 * Z, 1.2 * x, co2=[1.5, 1.0]))
    after = table_of(1.1e-4 * Z, 1.2e-4 * x, co2=[1.5, 1.0], unit="100m_yuan")
    pd.testing.assert_frame_equal(decomposition(before, after), expected)


def test_imports_are_taken_out_unless_asked_otherwise() -> None:
    Z, x = np.array([[0.0, 60.0], [20.0, 0.0]]), np.array([100.0, 100.0])
    before = table_of(Z, x, co2=[1.0, 1.0])
    after = table_of(Z, x, co2=[1.0, 1.0], imports_inside=[100.0, 0.0])
    assert decomposition(before, after)["technology"].abs().max() > 0.1
    same = decomposition(before, after, imports="inside")
    np.testing.assert_allclose(effects_of(same), 0, atol=1e-12)


def dearer(table, prices, year):
    """The same economy at other prices: rows and output times ``prices``."""
    p = np.asarray(prices)
    made = table_of(table.Z * p[:, None], table.x * p, co2=table.co2)
    return replace(made, year=year)


@pytest.mark.parametrize("kind", ["scalar", "node", "code"])
@EACH_METHOD
def test_a_deflator_takes_out_what_is_only_price(kind, method) -> None:
    Z, x, _, co2 = productive(3, 5, 0.8, 0)
    before = replace(table_of(Z, x, co2=co2), year=2017)
    prices = np.full(5, 1.05) if kind == "scalar" else np.linspace(0.9, 1.3, 5)
    after = dearer(before, prices, 2018)
    labels = before.index.index if kind == "node" else before.index["code"]
    deflator = 1.05 if kind == "scalar" else pd.Series(prices, index=labels).iloc[::-1]
    in_current_prices = decomposition(before, after, method=method)
    assert in_current_prices["intensity"].abs().max() > 1e-3
    found = decomposition(before, after, method=method, deflator=deflator)
    np.testing.assert_allclose(effects_of(found), 0, atol=1e-11)
    assert "double deflation" in found.attrs["notes"][0]["en"]


@given(pairs(), st.integers(0, 2**32 - 1))
@settings(max_examples=15)
@pytest.mark.filterwarnings("ignore::graphmap.errors.DataWarning")  # value added is what is left
def test_deflated_parts_sum_to_the_change(pair, seed) -> None:
    prices = np.random.default_rng(seed).uniform(0.5, 2, pair[0].n)
    deflator = pd.Series(prices, index=pair[0].index.index)
    found = decomposition(*pair, deflator=deflator)
    assert adds_up(found)
    np.testing.assert_allclose(found["co2_after"], pair[1].co2)


def notes(before, after, **options):
    return " ".join(note["en"] for note in decomposition(before, after, **options).attrs["notes"])


def test_a_comparison_in_current_prices_says_so() -> None:
    made = table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0])
    of_2017, of_2018 = replace(made, year=2017), replace(made, year=2018)
    said = decomposition(of_2017, of_2018).attrs["notes"][0]
    assert "Current prices (2017, 2018)" in said["en"]
    assert "当年价格（2017 年、2018 年）" in said["zh-Hans"]
    assert "當年價格" in said["zh-Hant"]
    assert "Current prices (the first table, the second table)" in notes(made, made)
    assert notes(of_2017, of_2017) == ""
    constant = [replace(table, prices="prices of 2015") for table in (of_2017, of_2018)]
    assert notes(*constant) == ""
    assert "Current prices" in notes(of_2017, constant[1])


def test_other_breaks_between_two_tables_are_said() -> None:
    made = replace(table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0]), year=2017)
    competitive = table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0], imports_inside=[0.0, 1.0])
    assert "in proportion" in notes(made, replace(competitive, year=2017))
    fuel = replace(made.extensions["co2"], F_Y=np.array([2500.0]), F=np.ones(2) * 1e3, unit="kt")
    assert "(0.0 Mt, then 2.5 Mt)" in notes(made, replace(made, extensions={"co2": fuel}))


def test_what_cannot_be_compared_is_refused() -> None:
    made = table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0], names=["Coal", "Steel"])

    def refused(after=made, before=made, **options):
        with pytest.raises(DataError) as error:
            decomposition(before, after, **options)
        return str(error.value)

    assert "no emissions" in refused(table_of(np.eye(2), [5.0, 6.0], names=["Coal", "Steel"]))
    none = table_of(np.eye(2), [5.0, 6.0], co2=[0.0, 0.0], names=["Coal", "Steel"])
    assert "no emissions" in refused(before=none)
    three = table_of(
        np.eye(3), [5.0, 6.0, 7.0], co2=[1.0, 1.0, 1.0], names=["Coal", "Steel", "Gas"]
    )
    assert "only in the second table: n2 Gas" in refused(three)
    assert "only in the first table: n2 Gas" in refused(before=three)
    swapped = table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0], names=["Steel", "Coal"])
    assert "'n0 Coal' in the first and 'Steel' in the second" in refused(swapped)
    dollars = table_of(
        np.eye(2), [5.0, 6.0], co2=[1.0, 1.0], names=["Coal", "Steel"], unit="million_usd"
    )
    assert "found 'USD'; expected CNY" in refused(dollars)
    assert "expected full or polar" in refused(method="LMDI")
    assert "no population" in refused(population=(0.0, 2.0))
    assert "no population" in refused(population=(1.0, float("nan")))
    assert "unknown treatment" in refused(imports="gone")
    constant = replace(made, prices="prices of 2015")
    assert "in the same prices" in refused(constant, before=constant, deflator=1.1)
    assert "none for 1 sectors: n1 Steel" in refused(deflator=pd.Series({"n0": 1.1}))
    assert "none for 1 sectors: n0 Coal" in refused(deflator=pd.Series({"n0": 0, "n1": 1.1}))
    assert "none for 2 sectors" in refused(deflator=-1.0)
    assert "two prices" in refused(deflator=pd.Series([1, 2, 3], index=["n0", "n1", "n1"]))
    nothing = table_of(np.array([[5.0]]), [5.0], co2=[1.0])
    assert "final use has no structure" in refused(nothing, before=nothing)


def test_a_table_with_an_error_is_refused() -> None:
    made = table_of(np.eye(2), [5.0, 6.0], co2=[1.0, 1.0])
    with pytest.raises(DataError, match="gross output differs"):
        decomposition(made, replace(made, x=np.array([5.0, 9.0])))


def china(data, year):
    table = gm.read(data / "nbs" / f"china_{year}_42.csv")
    return table.with_emissions(gm.read_emissions(data / INVENTORY, year=year))


@EACH_METHOD
@pytest.mark.parametrize("people", [None, (1400.11e6, 1405.41e6)])
def test_china_from_2017_to_2018(data, method, people) -> None:
    pair = china(data, 2017), china(data, 2018)
    found = decomposition(*pair, method=method, population=people)
    assert adds_up(found)
    assert found["change"].sum() == pytest.approx(219.33, abs=0.01)
    years = [of_one_year(table, people and people[i]) for i, table in enumerate(pair)]
    factors = tuple(range(len(years[0])))
    orders = list(permutations(factors)) if method == "full" else [factors, factors[::-1]]
    np.testing.assert_allclose(
        effects_of(found).T, by_every_order(years, orders), rtol=1e-8, atol=1e-9
    )
    totals = total_effects(found)["effect"]
    assert totals["intensity"] < -500 < 500 < totals.iloc[3]
    assert any("Current prices (2017, 2018)" in note["en"] for note in found.attrs["notes"])


def test_the_two_lists_of_42_sectors_are_not_compared(data) -> None:
    with pytest.raises(DataError, match=r"codes that mean two things.*CN\.22.*sector list"):
        decomposition(china(data, 2015), china(data, 2017))


def test_guangdong_beside_a_larger_guangdong(data) -> None:
    """All flows by 1.1 and emissions by 0.99: a tenth more demand, a tenth less intensity."""
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    co2 = table.extensions["co2"]
    parts = {name: 1.1 * getattr(table, name) for name in ("Z", "Y", "V", "imports", "x")}
    if table.imports_inside is not None:
        parts["imports_inside"] = 1.1 * table.imports_inside
    larger = replace(table, **parts, year=2018, extensions={"co2": replace(co2, F=0.99 * co2.F)})
    found = decomposition(table, larger)
    np.testing.assert_allclose(found["intensity"], -0.1 * 1.05 * found["co2_before"], rtol=1e-9)
    np.testing.assert_allclose(found["demand_level"], 0.1 * 0.95 * found["co2_before"], rtol=1e-9)
    np.testing.assert_allclose(found[["technology", "demand_structure"]], 0, atol=1e-9)


def test_the_sample_of_two_provinces_adds_up() -> None:
    table = sample.table()
    co2 = table.extensions["co2"]
    random = np.random.default_rng(0)
    other = replace(
        table, extensions={"co2": replace(co2, F=co2.F * random.uniform(0.5, 1.5, table.n))}
    )
    found = decomposition(table, other)
    assert adds_up(found)
    np.testing.assert_allclose(found["intensity"], found["change"], rtol=1e-9, atol=1e-12)
