"""The solves against the explicit inverse, and tables that have none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies
from scipy import linalg, sparse

from graphmap.errors import DataError
from graphmap.leontief.system import LeontiefSystem

FORMS = pytest.mark.parametrize("form", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])


def inverse(Z, x):
    A = np.divide(Z, x, out=np.zeros_like(Z), where=x > 0)
    return np.linalg.inv(np.eye(len(x)) - A)


@FORMS
@given(economies())
@settings(max_examples=60)
def test_both_solves_equal_the_inverse(form, economy) -> None:
    Z, x, y, co2 = economy
    system, L = LeontiefSystem(form(Z), x), inverse(Z, x)
    for right in (y, co2, np.column_stack([y, co2])):
        np.testing.assert_allclose(system.solve(right), L @ right, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(
            system.solve_transposed(right), L.T @ right, rtol=1e-10, atol=1e-12
        )


@FORMS
@given(economies())
@settings(max_examples=30)
def test_final_use_calls_for_gross_output(form, economy) -> None:
    Z, x, y, _ = economy
    np.testing.assert_allclose(LeontiefSystem(form(Z), x).solve(y), x, rtol=1e-10, atol=1e-12)


@FORMS
def test_coefficients_are_per_output_of_the_user(form) -> None:
    system = LeontiefSystem(form(np.array([[0.0, 30.0], [10.0, 0.0]])), np.array([100.0, 50.0]))
    A = system.A.toarray() if sparse.issparse(system.A) else system.A
    np.testing.assert_allclose(A, [[0.0, 0.6], [0.1, 0.0]])
    assert sparse.issparse(system.A) == (form is sparse.csr_array)


@FORMS
def test_a_sector_of_zero_output_uses_nothing(form) -> None:
    Z, x = np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([4.0, 0.0])
    system = LeontiefSystem(form(Z), x)
    np.testing.assert_allclose(system.solve(np.array([3.0, 7.0])), [4.0, 7.0])
    np.testing.assert_allclose(system.solve_transposed(np.array([3.0, 7.0])), [4.0, 7.0])


@FORMS
@pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning")
@pytest.mark.parametrize("solve", ["solve", "solve_transposed"])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_table_without_an_inverse_is_refused(form, solve, n) -> None:
    Z = np.ones((n, n))
    system = LeontiefSystem(form(Z), np.full(n, float(n)))
    with pytest.raises(DataError, match=r"no Leontief inverse.*1\.000 of its output"):
        getattr(system, solve)(np.ones(n))


@FORMS
@pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning")
@pytest.mark.parametrize("solve", ["solve", "solve_transposed"])
@pytest.mark.parametrize("n", [3, 10, 40])
def test_a_closed_economy_is_refused_in_spite_of_rounding(form, solve, n) -> None:
    """All output is input: singular, though no pivot need come out as exactly zero."""
    Z = np.random.default_rng(n).random((n, n))
    with pytest.raises(DataError, match="no Leontief inverse"):
        getattr(LeontiefSystem(form(Z), Z.sum(axis=0)), solve)(np.ones(n))


@FORMS
def test_inputs_just_below_output_are_not_refused(form) -> None:
    Z = np.random.default_rng(5).random((5, 5))
    x = Z.sum(axis=0) * (1 + 1e-6)
    solved = LeontiefSystem(form(Z), x).solve_transposed(np.ones(5))
    np.testing.assert_allclose(solved, inverse(Z, x).T @ np.ones(5), rtol=1e-6)


def test_the_matrix_is_factorised_once(monkeypatch) -> None:
    calls, factor = [], linalg.lu_factor
    monkeypatch.setattr(linalg, "lu_factor", lambda *a, **k: calls.append(1) or factor(*a, **k))
    system = LeontiefSystem(np.array([[0.0, 20.0], [10.0, 0.0]]), np.array([100.0, 100.0]))
    for _ in range(3):
        system.solve(np.ones(2))
        system.solve_transposed(np.ones(2))
    assert len(calls) == 1


def test_the_table_is_left_as_it_was() -> None:
    Z, x = np.array([[0.0, 20.0], [10.0, 0.0]]), np.array([100.0, 100.0])
    before = Z.copy(), x.copy()
    LeontiefSystem(Z, x).solve(x)
    assert (before[0] == Z).all()
    assert (x == before[1]).all()
