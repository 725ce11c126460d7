"""Drawn tables add up, are right on average, and are the same whoever draws them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import economies, table_of
from scipy import optimize, sparse

import graphmap as gm
from graphmap import sample
from graphmap.accounts import check, prepared
from graphmap.errors import DataError
from graphmap.leontief import sector_measures
from graphmap.network import draws
from graphmap.network.circulation import balance, circulation, curvature
from graphmap.network.draw_measures import measures_of, ranks_within
from graphmap.network.draws import cells_of, draw, drawn_table, relative_errors

SEEDS = st.integers(0, 2**32 - 1)


def gaps(table):
    """Largest deviation from either identity, relative to gross output."""
    used = table.Z.sum(axis=1) + table.Y.sum(axis=1)
    paid = table.Z.sum(axis=0) + table.V.sum(axis=0) + table.imports
    size = np.where(table.x > 0, table.x, 1)
    return max((np.abs(used - table.x) / size).max(), (np.abs(paid - table.x) / size).max())


@given(economies(), SEEDS, st.sampled_from([0.05, 0.3, 1.0]), st.booleans())
@settings(max_examples=60)
def test_a_drawn_table_adds_up_and_keeps_signs_and_zeros(economy, seed, error, by_size) -> None:
    Z, x, _, co2 = economy
    table = table_of(Z, x, co2=co2)
    found = drawn_table(table, flow_error=error, error_by_size=by_size, seed=seed)
    assert gaps(found) < 1e-9
    np.testing.assert_array_equal(np.sign(found.Z), np.sign(Z))
    np.testing.assert_array_equal(found.x > 0, x > 0)
    np.testing.assert_array_equal(found.co2 > 0, co2 > 0)
    assert (found.Z != Z).any() or not Z.any()


@given(economies(), SEEDS)
@settings(max_examples=30)
def test_measures_of_draws_are_those_of_the_drawn_tables(economy, seed) -> None:
    Z, x, _, co2 = economy
    table = table_of(Z, x, co2=co2 + (x > 0))
    names = list(sector_measures(table))
    found, usable = measures_of(draw(cells_of(table, 0.2, 0.1), seed, 3, 2), names, {})
    for place, number in enumerate((3, 4)):
        own = sector_measures(drawn_table(table, number, flow_error=0.2, seed=seed))
        assert usable[place]
        for name in names:
            np.testing.assert_allclose(found[name][place], own[name], rtol=1e-7, atol=1e-9)


def test_negative_cells_stay_negative_and_are_balanced() -> None:
    Z = np.array([[20.0, 30.0, 0.0], [10.0, -4.0, 25.0], [0.0, -3.0, 5.0]])
    table = table_of(Z, [100.0, 90.0, 20.0], co2=[1.0, 2.0, 0.0])
    stock = np.array([5.0, -20.0, 1.0])
    table = replace(
        table,
        Y=np.column_stack([table.Y[:, 0] - stock, stock]),
        V=np.vstack([table.V[0] + 50, np.full(3, -50.0)]),
        final_uses=table.final_uses.iloc[[0, 0]].reset_index(drop=True),
        primary_inputs=("value_added", "subsidies"),
    )
    for number in range(20):
        found = drawn_table(table, number, flow_error=0.2)
        assert gaps(found) < 1e-9
        for name in ("Z", "Y", "V"):
            published, drawn = getattr(table, name), getattr(found, name)
            np.testing.assert_array_equal(np.sign(drawn), np.sign(published))


@given(economies(most=6), SEEDS)
@settings(max_examples=25)
def test_balancing_changes_relative_entropy_least(economy, seed) -> None:
    Z, x, y, _ = economy
    random = np.random.default_rng(seed)
    bought = x - Z.sum(axis=0)
    within = (Z * random.lognormal(0, 0.5, Z.shape))[None]
    supplied, used = (v * random.lognormal(0, 0.5, len(x)) for v in (y, bought))
    within, supplied, used = circulation(used[None, None], supplied[None, :, None], within)
    steps = np.linalg.inv(curvature(Z[None], y[None], bought[None])[0])
    u, balanced = balance(within, supplied, used, steps)
    assert balanced.all()

    def changed(v):
        grown = within[0] * np.exp(v[:, None] - v)
        return grown.sum() + supplied[0] @ np.exp(v) + used[0] @ np.exp(-v)

    best = optimize.minimize(changed, np.zeros(len(x)), method="BFGS", options={"gtol": 1e-9})
    assert changed(u[0]) <= best.fun * (1 + 1e-12)


def test_errors_have_mean_one_and_the_standard_deviation_asked_for() -> None:
    table = table_of(np.array([[1.0, 2.0], [3.0, 4.0]]), [10.0, 12.0], co2=[5.0, 0.1])
    for error in (0.1, 0.8):
        drawn = draw(cells_of(table, 0.0, error), 7, 0, 20_000).co2 / table.co2
        assert drawn.mean(axis=0) == pytest.approx(np.ones(2), abs=5 * error / 141)
        assert drawn.std(axis=0) == pytest.approx(np.full(2, error), rel=0.1)
        logs = np.log(drawn)
        skew = ((logs - logs.mean(axis=0)) ** 3).mean(axis=0) / logs.std(axis=0) ** 3
        assert np.abs(skew).max() < 0.1  # log-normal: the logarithms are symmetric
        assert abs(np.corrcoef(logs.T)[0, 1]) < 0.04


def test_cells_are_right_on_average_after_balancing_too() -> None:
    table = sample.table().select(["CN-GD"])
    Z = draw(cells_of(table, 0.1, 0.1), 1, 0, 500).Z / table.to_10k
    large = np.quantile(table.Z, 0.5) < table.Z
    assert (Z.mean(axis=0) / table.Z)[large].mean() == pytest.approx(1, abs=0.002)
    spread = (Z.std(axis=0) / table.Z)[large]
    assert np.quantile(spread, [0.05, 0.95]) == pytest.approx([0.1, 0.1], abs=0.03)


def test_a_draw_is_the_same_alone_and_among_others() -> None:
    table = sample.table().select(["CN-GD"])
    cells = cells_of(table, 0.1, 0.1)
    many, one = draw(cells, 5, 0, 9), draw(cells, 5, 7, 1)
    np.testing.assert_allclose(many.Z[7], one.Z[0], rtol=1e-11)
    np.testing.assert_array_equal(many.co2[7], one.co2[0])
    # emissions do not depend on whether flows are drawn
    np.testing.assert_array_equal(draw(cells_of(table, 0.0, 0.1), 5, 0, 9).co2, many.co2)
    assert (many.Z[6] != many.Z[7]).any()
    other = draw(cells, 6, 7, 1).co2
    assert (other != one.co2)[one.co2 > 0].all()


def test_errors_by_size_follow_the_rule() -> None:
    cells = np.array([101.0, -60.0, 30.0, 10.0, 0.0, 1e-6])
    # 201 in all; the half is reached within the 101, the largest cell
    expected = [0.2, *(0.2 * (size / 101) ** -0.3 for size in (60, 30, 10)), 0.0, 1.0]
    np.testing.assert_allclose(relative_errors(cells, 0.2, True), expected)
    np.testing.assert_allclose(relative_errors(cells * 1e6, 0.2, True), expected)
    assert relative_errors(cells, 0.2).tolist() == [0.2, 0.2, 0.2, 0.2, 0.0, 0.2]
    assert not relative_errors(np.zeros(3), 0.2, True).any()
    assert not relative_errors(cells, 0.0, True).any()
    assert relative_errors(cells, 3.0, True).max() == 3.0  # the cap does not make errors smaller


def test_what_a_table_does_not_add_up_by_is_kept() -> None:
    table = sample.table().select(["CN-GD"])
    off = replace(table, Y=table.Y * (1 + 1e-5))
    found = drawn_table(off, flow_error=0.0, emission_error=0.0)
    np.testing.assert_allclose(found.x, off.x)
    np.testing.assert_allclose(found.Y, off.Y)
    assert 0 < gaps(drawn_table(off)) < 1e-4


@pytest.mark.parametrize("name", ["Guangdong", "Zhejiang"])
def test_a_drawn_provincial_table_has_no_error(data, name) -> None:
    table, _ = prepared(gm.read(data / "constructed" / f"{name}_2017_ceads_layout.xlsx"))
    for by_size in (False, True):
        found = drawn_table(table, 2, flow_error=0.3, error_by_size=by_size)
        assert gaps(found) < 2 * gaps(table)  # the published figures are rounded
        assert not [f for f in check(found) if f.severity == "error"]


def test_a_sparse_table_draws_as_the_dense_one_does() -> None:
    table = sample.table().select(["CN-GD"])
    thin = replace(table, Z=sparse.csr_array(table.Z))
    found = drawn_table(thin, 1)
    assert sparse.issparse(found.Z)
    np.testing.assert_allclose(found.Z.toarray(), drawn_table(table, 1).Z)


def test_tables_too_large_to_draw_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(draws, "MOST_SECTORS", 41)
    with pytest.raises(DataError, match=r"too many sectors.*found 42.*at most 41.*Choose regions"):
        cells_of(sample.table().select(["CN-GD"]), 0.1, 0.1)


def test_ranks_are_within_the_region_and_ties_by_position() -> None:
    values = np.array([[3.0, 1.0, 3.0, 2.0], [0.0, 0.0, 0.0, 0.0]])
    assert ranks_within(values, np.array([0, 0, 1, 1])).tolist() == [[1, 2, 1, 2], [1, 2, 1, 2]]
    # equal but for rounding is equal
    near = np.array([[1.0, 1.0 + 1e-15, 1.0 + 2e-15]])
    assert ranks_within(near, np.zeros(3, int)).tolist() == [[1, 2, 3]]
    assert ranks_within(-values[:1], np.zeros(4, int)).tolist() == [[3, 1, 4, 2]]
