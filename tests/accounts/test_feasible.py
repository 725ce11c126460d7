"""Sums that cannot be met: found if and only if there are any, and the ones named do contradict."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from graphmap.accounts.balance import balanced, gras, ras
from graphmap.accounts.balance_problem import problem_of
from graphmap.accounts.cell_sums import cell_sums, known_cells
from graphmap.accounts.feasible import contradiction
from graphmap.errors import DataError

seeds = st.integers(0, 2**32 - 1)
shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))


def posed(prior, rows, columns, constraints=()):
    names = [str(i) for i in range(len(rows))], [str(j) for j in range(len(columns))]
    groups = cell_sums(constraints, *names)
    problem = problem_of(prior, rows, columns, known_cells((), *names), groups)
    return problem, (*names, [each.name for each in groups])


def subsets(count):
    return chain.from_iterable(combinations(range(count), k) for k in range(count + 1))


def deficits(prior, rows, columns):
    """Every set of rows and columns that others cannot relieve, with what its rows have too much.

    Hall's condition by brute force: cells above zero of the rows and below zero of the columns all
    stand within the set, so its rows can sum to no more than its columns.
    """
    for chosen in subsets(len(rows)):
        for taken in subsets(len(columns)):
            in_rows = np.isin(np.arange(len(rows)), chosen)
            in_columns = np.isin(np.arange(len(columns)), taken)
            leaves = (prior[in_rows][:, ~in_columns] > 0).any()
            enters = (prior[~in_rows][:, in_columns] < 0).any()
            if not leaves and not enters:
                yield chosen, taken, rows[in_rows].sum() - columns[in_columns].sum()


def random_problem(seed, shape, negative):
    random = np.random.default_rng(seed)
    prior = np.where(random.random(shape) < 0.55, random.uniform(0.5, 2, shape), 0.0)
    prior *= np.where(random.random(shape) < negative, -1, 1)
    other = np.where(random.random(shape) < 0.55, random.integers(1, 20, shape), 0)
    if negative:
        other = other * np.where(random.random(shape) < 0.4, -1, 1)
    cells = other if random.random() < 0.5 else prior.round(1) * 2
    return prior, cells.sum(axis=1).astype(float), cells.sum(axis=0).astype(float)


@given(shapes, seeds, st.sampled_from([0.0, 0.4]))
@settings(max_examples=80, deadline=None)
def test_a_contradiction_is_found_if_and_only_if_there_is_one(shape, seed, negative) -> None:
    prior, rows, columns = random_problem(seed, shape, negative)
    found = contradiction(*posed(prior, rows, columns))
    every = list(deficits(prior, rows, columns))
    worst = max(excess for *_, excess in every)
    assert (found is not None) == (worst > 1e-6)
    if found is not None:
        others = (
            tuple(i for i in range(shape[0]) if i not in found.rows),
            tuple(j for j in range(shape[1]) if j not in found.columns),
        )
        named = [e for i, j, e in every if (i, j) in ((found.rows, found.columns), others)]
        assert max(named) > 1e-6, "the lines named do not contradict each other"
        assert all(f" {i}" in found.text for i in (*found.rows, *found.columns))
        assert len(found.rows) + len(found.columns) <= sum(shape) / 2


@given(shapes, seeds, st.sampled_from([0.0, 0.4]))
@settings(max_examples=40, deadline=None)
def test_balancing_ends_if_and_only_if_nothing_contradicts(shape, seed, negative) -> None:
    """Also where sums press cells to zero, which integers as here often do."""
    prior, rows, columns = random_problem(seed, shape, negative)
    possible = max(excess for *_, excess in deficits(prior, rows, columns)) <= 1e-6
    if possible:
        found = (gras if negative else ras)(prior, rows, columns)
        total = max(np.abs(rows).sum(), np.abs(columns).sum(), 1e-9)
        np.testing.assert_allclose(found.sum(axis=1), rows, atol=2e-10 * total)
        np.testing.assert_allclose(found.sum(axis=0), columns, atol=2e-10 * total)
        assert (found * prior >= 0).all()
    else:
        with pytest.raises(DataError, match=r"contradict each other|should sum to"):
            (gras if negative else ras)(prior, rows, columns)


def can_hold(prior, masks, totals) -> bool:
    """Whether cells of these signs can have these sums, by the interior-point method."""
    bounds = [(0, None) if a > 0 else (None, 0) if a < 0 else (0, 0) for a in prior.ravel()]
    free = [b for b, a in zip(bounds, prior.ravel(), strict=True) if a]
    masks = masks[:, prior.ravel() != 0]
    if not free:
        return bool(np.allclose(totals, 0))
    run = optimize.linprog(
        np.zeros(len(free)), A_eq=masks, b_eq=totals, bounds=free, method="highs-ipm"
    )
    return run.status == 0


@given(shapes, seeds, st.sampled_from([0.0, 0.4]), st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_sums_of_cells_that_contradict_are_named_and_none_too_many(
    shape, seed, negative, count
) -> None:
    prior, rows, columns = random_problem(seed, shape, negative)
    random = np.random.default_rng(seed + 1)
    places = np.arange(prior.size).reshape(shape)
    groups, masks = [], [np.isin(places, line).ravel() for line in (*places, *places.T)]
    for _ in range(count):
        some = np.flatnonzero(random.random(shape[0]) < 0.6)
        others = np.flatnonzero(random.random(shape[1]) < 0.6)
        groups.append((some, others, float(random.integers(0, 20))))
        masks.append(np.isin(places, places[np.ix_(some, others)]).ravel())
    masks = np.array(masks, dtype=float)
    totals = np.array([*rows, *columns, *(total for *_, total in groups)])
    found = contradiction(*posed(prior, rows, columns, groups))
    assert (found is None) == can_hold(prior, masks, totals)
    if found is not None:
        r, c = shape
        lines = [
            *found.rows,
            *(j + r for j in found.columns),
            *(g + r + c for g in found.groups),
        ]
        assert not can_hold(prior, masks[lines], totals[lines])
        for line in lines if found.groups else ():
            rest = [other for other in lines if other != line]
            assert can_hold(prior, masks[rest], totals[rest])
        with pytest.raises(DataError, match=r"contradict each other|should sum to"):
            balanced(prior, rows, columns, constraints=groups)
    else:
        cells = balanced(prior, rows, columns, constraints=groups).ravel()
        total = max(np.abs(rows).sum(), np.abs(columns).sum(), 1e-9)
        np.testing.assert_allclose(masks @ cells, totals, atol=2e-10 * total)
        assert (cells * prior.ravel() >= 0).all()


def test_the_message_names_the_lines_as_the_user_does() -> None:
    prior = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]])
    names = {"row_names": ["coal", "oil", "steel", "cars"], "column_names": list("ABCD")}
    with pytest.raises(DataError) as caught:
        ras(prior, np.array([6.0, 8, 1, 5]), np.array([4.0, 6, 5, 5]), **names)
    assert (
        "rows coal, oil have cells only in columns A, B: at most 10 in all, but should sum to 14"
        in str(caught.value)
    )


def test_the_side_with_fewer_names_is_told() -> None:
    prior = np.ones((5, 5))
    prior[1:, 0] = 0  # column 0 buys of row 0 only
    with pytest.raises(DataError, match=r"column 0 has cells only in row 0: at most 2 .* to 3"):
        ras(prior, np.array([2.0, 2, 2, 2, 2]), np.array([3.0, 1, 2, 2, 2]))


def test_cells_below_zero_are_spoken_of() -> None:
    prior = np.array([[2.0, -1.0, 0.0], [0.0, 3.0, 1.0]])
    with pytest.raises(DataError) as caught:
        gras(prior, np.array([5.0, 3.0]), np.array([3.0, 4.0, 1.0]))
    assert (
        "row 0 has cells above zero only in column 0, and this has cells below zero only there: "
        "at most 3 in all, but should sum to 5" in str(caught.value)
    )


def test_sums_of_cells_are_named() -> None:
    sums = pd.DataFrame({"sum": "exports", "row": [0, 0], "column": [0, 1], "total": [5.0, 5.0]})
    with pytest.raises(DataError, match=r"row 0 = 4, sum exports = 5"):
        balanced(np.ones((2, 2)), np.array([4.0, 4.0]), np.array([4.0, 4.0]), constraints=sums)


def test_known_cells_beyond_their_sum_are_refused() -> None:
    with pytest.raises(DataError, match="row 0 has no cell below zero but should sum to -1"):
        balanced(np.ones((2, 2)), np.array([2.0, 2.0]), np.array([3.0, 1.0]), known=[(0, 0, 3.0)])


def test_everything_known_is_returned_as_it_is_despite_rounding() -> None:
    cells = np.array([[0.1, 0.2], [0.3, 0.7]])
    known = [(i, j, cells[i, j]) for i in (0, 1) for j in (0, 1)]
    sums = np.array([0.3, 1.0]), np.array([0.4, 0.9])
    assert (balanced(np.ones((2, 2)), *sums, known=known) == cells).all()
