"""RAS: margins met, zeros kept, and the matrix nearest to the prior."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from graphmap.accounts import ras
from graphmap.errors import DataError

shapes = st.tuples(st.integers(1, 8), st.integers(1, 8))


@given(shapes, st.integers(0, 2**32 - 1), st.floats(0.3, 1.0))
@settings(max_examples=25)
def test_margins_are_met_and_zeros_kept(shape: tuple[int, int], seed: int, density: float) -> None:
    random = np.random.default_rng(seed)
    present = random.random(shape) < density
    prior = random.uniform(0.1, 10, shape) * present
    wanted = random.uniform(0.1, 10, shape) * present
    rows, columns = wanted.sum(axis=1), wanted.sum(axis=0)
    found = ras(prior, rows, columns)
    total = wanted.sum()
    np.testing.assert_allclose(found.sum(axis=1), rows, rtol=0, atol=1e-10 * total + 1e-300)
    np.testing.assert_allclose(found.sum(axis=0), columns, rtol=0, atol=1e-10 * total + 1e-300)
    assert ((found == 0) == (prior == 0)).all()
    assert (found >= 0).all()


@given(shapes, st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_the_result_is_biproportional_to_the_prior(shape: tuple[int, int], seed: int) -> None:
    """``r_i a_ij s_j``: the logarithm of the ratio is a row's figure plus a column's."""
    random = np.random.default_rng(seed)
    prior, wanted = random.uniform(0.1, 10, (2, *shape))
    ratio = np.log(ras(prior, wanted.sum(axis=1), wanted.sum(axis=0)) / prior)
    rest = ratio - ratio[:, :1] - ratio[:1] + ratio[0, 0]
    np.testing.assert_allclose(rest, 0, atol=1e-9)


def test_the_result_is_the_matrix_nearest_to_the_prior_in_relative_entropy() -> None:
    prior = np.array([[4.0, 1.0, 2.0], [1.0, 3.0, 0.5]])
    rows, columns = np.array([9.0, 6.0]), np.array([5.0, 7.0, 3.0])

    def divergence(cells: np.ndarray) -> float:
        return float((cells * np.log(cells / prior.ravel()) - cells).sum())

    margins = [
        *({"type": "eq", "fun": lambda c, i=i: c.reshape(2, 3)[i].sum() - rows[i]} for i in (0, 1)),
        *(
            {"type": "eq", "fun": lambda c, j=j: c.reshape(2, 3)[:, j].sum() - columns[j]}
            for j in (0, 1)  # the last follows from the others
        ),
    ]
    nearest = optimize.minimize(
        divergence,
        prior.ravel(),
        constraints=margins,
        bounds=[(1e-9, None)] * 6,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert nearest.success
    np.testing.assert_allclose(ras(prior, rows, columns).ravel(), nearest.x, rtol=1e-5)


def test_a_matrix_that_has_the_sums_already_stays() -> None:
    prior = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = ras(prior, prior.sum(axis=1), prior.sum(axis=0))
    np.testing.assert_allclose(found, prior, rtol=1e-14)


def test_the_prior_is_left_alone() -> None:
    prior = np.ones((2, 2))
    ras(prior, np.array([3.0, 1.0]), np.array([2.0, 2.0]))
    assert (prior == 1).all()


def test_a_row_that_should_sum_to_nothing_becomes_nothing() -> None:
    found = ras(np.ones((2, 2)), np.array([4.0, 0.0]), np.array([1.0, 3.0]))
    assert found.tolist() == [[1.0, 3.0], [0.0, 0.0]]


def test_totals_that_differ_are_refused_with_both() -> None:
    with pytest.raises(DataError, match="same total") as caught:
        ras(np.ones((2, 2)), np.array([3.0, 1.0]), np.array([2.0, 3.0]))
    assert "4 and 5" in str(caught.value)


@pytest.mark.parametrize(
    ("prior", "line"),
    [([[0.0, 0.0], [1.0, 1.0]], "row 0"), ([[1.0, 0.0], [1.0, 0.0]], "column 1")],
)
def test_a_positive_sum_over_zeros_is_refused(prior: list[list[float]], line: str) -> None:
    with pytest.raises(DataError, match=f"{line} holds only zeros"):
        ras(np.array(prior), np.array([2.0, 2.0]), np.array([2.0, 2.0]))


def test_zeros_that_leave_no_room_are_refused() -> None:
    prior = np.array([[1.0, 1.0], [1.0, 0.0]])
    named = "row 1 has cells only in column 0: at most 2 in all, but should sum to 3"
    for most_rounds in (50, 10_000):
        with pytest.raises(DataError, match=named):
            ras(prior, np.array([1.0, 3.0]), np.array([2.0, 2.0]), most_rounds=most_rounds)


def test_too_few_rounds_are_refused_with_what_is_furthest_off() -> None:
    prior = np.array([[1.0, 1e-3], [1e-3, 1.0]])
    with pytest.raises(DataError, match=r"in 3 rounds; found 'row [01] off its sum by 1\.46"):
        ras(prior, np.array([3.0, 1.0]), np.array([1.0, 3.0]), most_rounds=3)


@pytest.mark.parametrize("part", range(3))
def test_negative_figures_are_refused(part: int) -> None:
    parts = [np.ones((2, 2)), np.array([2.0, 2.0]), np.array([2.0, 2.0])]
    parts[part] = parts[part].copy()
    parts[part].flat[0] = -1.0
    with pytest.raises(DataError, match="not negative"):
        ras(*parts)
