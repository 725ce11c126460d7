"""GRAS and sums of cells: equal to an independent solver, signs kept, known cells held."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from graphmap.accounts.balance import balanced, gras, ras
from graphmap.errors import DataError

seeds = st.integers(0, 2**32 - 1)
shapes = st.tuples(st.integers(1, 7), st.integers(1, 7))


def random_prior(random, shape, negative: float = 0.2) -> np.ndarray:
    present = random.random(shape) < 0.8
    return (
        random.lognormal(0, 1, shape) * present * np.where(random.random(shape) < negative, -1, 1)
    )


def feasible(random, prior) -> np.ndarray:
    """A matrix with the signs of the prior, whose sums can thus be met."""
    return prior * random.lognormal(0, 0.7, prior.shape)


def solved(prior, conditions, totals) -> np.ndarray:
    """The same problem by scipy's trust-region method on its dual, condition by condition.

    conditions: (k, r * c) of 0 and 1. Nothing of ours is in it.
    """
    a = prior.ravel()
    conditions = conditions[:, a != 0]
    size, sign = np.abs(a[a != 0]), np.sign(a[a != 0])

    def sizes(dual):
        return size * np.exp(sign * (conditions.T @ dual))

    def value(dual):
        return sizes(dual).sum() - totals @ dual

    def slope(dual):
        return conditions @ (sign * sizes(dual)) - totals

    def curve(dual):
        return (conditions * sizes(dual)) @ conditions.T

    start = optimize.minimize(
        value,
        np.zeros(len(totals)),
        jac=slope,
        hess=curve,
        method="trust-exact",
        options={"gtol": 1e-6, "maxiter": 500},
    )
    dual = start.x
    for _ in range(5):  # full steps of least squares polish what the value cannot resolve
        dual = dual - np.linalg.lstsq(curve(dual), slope(dual), rcond=1e-12)[0]
    assert np.abs(slope(dual)).max() < 1e-10 * max(1, np.abs(totals).max())
    found = np.zeros(a.size)
    found[a != 0] = sign * sizes(dual)
    return found.reshape(prior.shape)


def of_lines(shape) -> np.ndarray:
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    masks = [np.isin(places, line).ravel() for line in (*places, *places.T)]
    return np.array(masks, dtype=float)


@given(shapes, seeds, st.booleans())
@settings(max_examples=25, deadline=None)
def test_gras_equals_an_independent_solver(shape, seed, as_sparse) -> None:
    random = np.random.default_rng(seed)
    prior = random_prior(random, shape)
    wanted = feasible(random, prior)
    sums = wanted.sum(axis=1), wanted.sum(axis=0)
    found = gras(sparse.csr_array(prior) if as_sparse else prior, *sums, tolerance=1e-12)
    assert sparse.issparse(found) == as_sparse
    found = found.toarray() if as_sparse else found
    expected = solved(prior, of_lines(shape), np.concatenate(sums))
    np.testing.assert_allclose(
        found, expected, rtol=1e-8, atol=1e-8 * np.abs(wanted).max(initial=0)
    )
    assert (np.sign(found) == np.sign(prior)).all()


@given(shapes, seeds)
@settings(max_examples=25, deadline=None)
def test_ras_equals_an_independent_solver(shape, seed) -> None:
    random = np.random.default_rng(seed)
    prior = random_prior(random, shape, negative=0)
    wanted = feasible(random, prior)
    sums = wanted.sum(axis=1), wanted.sum(axis=0)
    found = ras(prior, *sums, tolerance=1e-12)
    expected = solved(prior, of_lines(shape), np.concatenate(sums))
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8 * wanted.max(initial=0))
    of_sparse = ras(sparse.csr_array(prior), *sums, tolerance=1e-12)
    np.testing.assert_allclose(of_sparse.toarray(), found, rtol=1e-10, atol=1e-300)


@given(shapes, seeds, st.integers(1, 4), st.booleans())
@settings(max_examples=20, deadline=None)
def test_sums_of_cells_equal_an_independent_solver(shape, seed, count, as_sparse) -> None:
    random = np.random.default_rng(seed)
    prior = random_prior(random, shape)
    wanted = feasible(random, prior)
    groups, masks = [], [of_lines(shape)]
    for _ in range(count):  # groups may overlap, be empty, or be a whole line
        rows = np.flatnonzero(random.random(shape[0]) < 0.5)
        columns = np.flatnonzero(random.random(shape[1]) < 0.5)
        mask = np.zeros(shape)
        mask[np.ix_(rows, columns)] = 1
        groups.append((rows, columns, wanted[np.ix_(rows, columns)].sum()))
        masks.append(mask.reshape(1, -1))
    sums = wanted.sum(axis=1), wanted.sum(axis=0)
    found = balanced(
        sparse.csr_array(prior) if as_sparse else prior, *sums, constraints=groups, tolerance=1e-12
    )
    found = found.toarray() if as_sparse else found
    totals = np.concatenate([*sums, [total for *_, total in groups]])
    expected = solved(prior, np.vstack(masks), totals)
    np.testing.assert_allclose(
        found, expected, rtol=1e-8, atol=1e-8 * np.abs(wanted).max(initial=0)
    )


@given(shapes, seeds, st.booleans())
@settings(max_examples=20, deadline=None)
def test_known_cells_are_held_and_the_rest_is_balanced(shape, seed, as_sparse) -> None:
    random = np.random.default_rng(seed)
    prior = random_prior(random, shape)
    wanted = feasible(random, prior)
    is_known = random.random(shape) < 0.3
    wanted[is_known] = random.normal(size=is_known.sum())  # also where the prior has nothing
    known = [(int(i), int(j), wanted[i, j]) for i, j in np.argwhere(is_known)]
    sums = wanted.sum(axis=1), wanted.sum(axis=0)
    whole = ([*range(shape[0])], [0], sums[1][0])  # the first column again, as a sum of cells
    found = balanced(
        sparse.csr_array(prior) if as_sparse else prior,
        *sums,
        known=known,
        constraints=[whole],
        tolerance=1e-12,
    )
    found = found.toarray() if as_sparse else found
    assert (found[is_known] == wanted[is_known]).all()
    rest = np.where(is_known, 0, prior)
    left = np.where(is_known, 0, wanted)
    expected = solved(rest, of_lines(shape), np.concatenate([left.sum(axis=1), left.sum(axis=0)]))
    np.testing.assert_allclose(
        found[~is_known], expected[~is_known], rtol=1e-7, atol=1e-8 * np.abs(wanted).max(initial=0)
    )


def test_gras_leaves_a_matrix_alone_that_has_the_sums() -> None:
    """What distinguishes the objective of Lenzen et al. from that of Junius and Oosterhaven."""
    prior = np.array([[7.0, -3.0, 5.0], [-2.0, 9.0, 8.0]])
    np.testing.assert_allclose(gras(prior, prior.sum(axis=1), prior.sum(axis=0)), prior, rtol=1e-12)


def test_a_row_of_negative_cells_only_is_scaled() -> None:
    prior = np.array([[-1.0, -2.0], [4.0, 5.0]])
    found = gras(prior, np.array([-6.0, 10.0]), np.array([2.0, 2.0]))
    np.testing.assert_allclose(found.sum(axis=1), [-6, 10], atol=1e-8)
    np.testing.assert_allclose(found.sum(axis=0), [2, 2], atol=1e-8)
    assert (np.sign(found) == np.sign(prior)).all()


def test_negative_cells_that_sum_to_nothing_become_nothing() -> None:
    prior = np.array([[-1.0, 0.0], [4.0, 5.0]])
    found = gras(prior, np.array([0.0, 10.0]), np.array([3.0, 7.0]))
    np.testing.assert_allclose(found, [[0, 0], [3, 7]], atol=1e-9)


def test_sums_that_press_a_cell_to_zero_are_met() -> None:
    """Rounds in turn come nearer by 1 / k only: after 10,000 they would be off by 1e-4."""
    prior = np.array([[1.0, 1.0], [1.0, 0.0]])
    told: list = []
    found = ras(prior, np.array([2.0, 1.0]), np.array([1.0, 2.0]), report=told.append)
    np.testing.assert_allclose(found, [[0, 2], [1, 0]], atol=1e-9)
    assert told[0].rounds < 300


def test_parts_hardly_connected_converge() -> None:
    prior = np.array([[1.0, 1e-9], [1e-9, 1.0]])
    told: list = []
    found = ras(prior, np.array([3.0, 1.0]), np.array([1.0, 3.0]), report=told.append)
    np.testing.assert_allclose(found.sum(axis=1), [3, 1], atol=1e-9)
    assert found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0]) == pytest.approx(1e18, rel=1e-4)
    assert told[0].rounds < 300


def test_convergence_is_reported() -> None:
    told: list = []
    prior = np.array([[4.0, 1.0], [1.0, 3.0], [2.0, 1.0]])
    found = ras(prior, np.array([6.0, 3.0, 1.0]), np.array([4.0, 6.0]), report=told.append)
    (how,) = told
    off = np.abs(found.sum(axis=1) - [6, 3, 1])
    assert how.deviation == pytest.approx(off.max(), abs=1e-14)
    assert how.where == f"row {off.argmax()}"
    assert how.share == pytest.approx(how.deviation / 10)
    assert 1 <= how.rounds < 30


def test_lines_may_be_given_by_name_and_sums_as_a_table() -> None:
    names = ["coal", "steel", "cars"]
    prior, by_name = np.ones((3, 3)), {"row_names": names, "column_names": names}
    sums = np.array([6.0, 3.0, 3.0]), np.array([4.0, 4.0, 4.0])
    cells = pd.DataFrame(
        {
            "sum": ["made", "made"],
            "row": ["coal", "steel"],
            "column": ["cars", "steel"],
            "total": [1.5, 1.5],
        }
    )
    known = pd.DataFrame({"row": ["coal"], "column": ["coal"], "value": [3.0]})
    found = balanced(prior, *sums, constraints=cells, known=known, **by_name)
    assert found[0, 2] + found[1, 1] == pytest.approx(1.5, abs=1e-8)
    assert found[0, 0] == 3
    again = balanced(
        prior,
        *sums,
        constraints=cells.replace({"coal": 0, "steel": 1, "cars": 2}),
        known=[(0, 0, 3.0)],
    )
    np.testing.assert_allclose(found, again, rtol=1e-12)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"known": [("caol", "coal", 1.0)]}, "no row of this name.*coal"),
        ({"known": [(0, 2, 1.0)]}, "no column"),
        ({"known": [(0, 0, 1.0), ("coal", 0, 2.0)]}, "given twice"),
        ({"known": [(0, 0, float("nan"))]}, "no number"),
        ({"known": pd.DataFrame({"row": [0]})}, "no column 'column'"),
        ({"known": [(0.7, 0, 1.0)]}, "no row of this name or position; found '0.7'"),
        ({"known": [(0, None, 1.0)]}, "no column of this name or position; found 'None'"),
        (
            {"known": pd.DataFrame({"row": [np.nan], "column": [0], "value": [1.0]})},
            "no row of this name or position; found 'nan'",
        ),
        *(
            (
                {
                    "constraints": pd.DataFrame(
                        {"sum": ["a", name], "row": [0, 1], "column": [0, 0], "total": [1, 1]}
                    )
                },
                "a sum without a name; found 'row 1, column 0'",
            )
            for name in (None, np.nan, " ")
        ),
        ({"constraints": [([0], [0, 0], 1.0)]}, "a cell twice"),
        (
            {
                "constraints": pd.DataFrame(
                    {"sum": ["a", "a"], "row": [0, 1], "column": [0, 0], "total": [1, 2]}
                )
            },
            "more than one total",
        ),
    ],
)
def test_constraints_that_cannot_be_read_are_refused(given, message) -> None:
    sums = np.array([2.0, 2.0])
    with pytest.raises(DataError, match=message):
        balanced(np.ones((2, 2)), sums, sums, row_names=["coal", "steel"], **given)


def test_missing_figures_and_other_shapes_are_refused() -> None:
    sums = np.array([2.0, 2.0])
    with pytest.raises(DataError, match="missing or infinite"):
        gras(np.array([[1.0, np.nan], [1.0, 1.0]]), sums, sums)
    with pytest.raises(DataError, match="missing or infinite"):
        ras(np.ones((2, 2)), np.array([np.nan, 2.0]), sums)
    with pytest.raises(DataError, match="do not fit"):
        gras(np.ones((2, 3)), sums, sums)
