"""The solves against the explicit inverse, by every method, and tables that have none."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies, productive
from scipy import linalg, sparse

from graphmap.errors import DataError, DataWarning
from graphmap.leontief import iteration, methods
from graphmap.leontief import system as module
from graphmap.leontief.methods import METHODS, choose
from graphmap.leontief.system import LeontiefSystem

FORMS = pytest.mark.parametrize("form", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])
METHOD = pytest.mark.parametrize("method", METHODS)
SOLVE = pytest.mark.parametrize("solve", ["solve", "solve_transposed"])

pytestmark = [
    pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning"),
    pytest.mark.filterwarnings("ignore::graphmap.errors.DataWarning"),
]


def inverse(Z, x):
    A = np.divide(Z, x, out=np.zeros_like(Z), where=x > 0)
    return np.linalg.inv(np.eye(len(x)) - A)


@FORMS
@METHOD
@given(economies())
@settings(max_examples=40)
def test_both_solves_equal_the_inverse(form, method, economy) -> None:
    Z, x, y, co2 = economy
    system, L = LeontiefSystem(form(Z), x, method=method), inverse(Z, x)
    for right in (y, co2, np.column_stack([y, co2])):
        np.testing.assert_allclose(system.solve(right), L @ right, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(
            system.solve_transposed(right), L.T @ right, rtol=1e-10, atol=1e-12
        )


@FORMS
@METHOD
@given(economies())
@settings(max_examples=20)
def test_the_inverse_by_columns_and_its_diagonal(form, method, economy) -> None:
    Z, x, _, _ = economy
    system, L = LeontiefSystem(form(Z), x, method=method), inverse(Z, x)
    np.testing.assert_allclose(system.solve(np.eye(len(x))), L, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(system.inverse_diagonal(), np.diag(L), rtol=1e-10)
    np.testing.assert_allclose(system.solve_transposed(np.eye(len(x))), L.T, rtol=1e-10, atol=1e-10)


@METHOD
def test_the_diagonal_of_a_table_too_large_for_an_inverse(method, monkeypatch) -> None:
    Z, x, _, _ = productive(3, 300, 0.1, 0)
    monkeypatch.setattr(module, "LARGEST_FACTORS", 1)
    found = LeontiefSystem(sparse.csr_array(Z), x, method=method).inverse_diagonal()
    np.testing.assert_allclose(found, np.diag(inverse(Z, x)), rtol=1e-9)


@FORMS
@METHOD
@given(economies())
@settings(max_examples=20)
def test_final_use_calls_for_gross_output(form, method, economy) -> None:
    Z, x, y, _ = economy
    solved = LeontiefSystem(form(Z), x, method=method).solve(y)
    np.testing.assert_allclose(solved, x, rtol=1e-10, atol=1e-12)


@FORMS
def test_coefficients_are_per_output_of_the_user(form) -> None:
    system = LeontiefSystem(form(np.array([[0.0, 30.0], [10.0, 0.0]])), np.array([100.0, 50.0]))
    A = system.A.toarray() if sparse.issparse(system.A) else system.A
    np.testing.assert_allclose(A, [[0.0, 0.6], [0.1, 0.0]])
    assert sparse.issparse(system.A) == (form is sparse.csr_array)
    np.testing.assert_allclose(system.inputs_per_output, [0.1, 0.6])


@FORMS
@METHOD
def test_a_sector_of_zero_output_uses_nothing(form, method) -> None:
    Z, x = np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([4.0, 0.0])
    system = LeontiefSystem(form(Z), x, method=method)
    np.testing.assert_allclose(system.solve(np.array([3.0, 7.0])), [4.0, 7.0])
    np.testing.assert_allclose(system.solve_transposed(np.array([3.0, 7.0])), [4.0, 7.0])


@FORMS
@METHOD
@SOLVE
@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_table_without_an_inverse_is_refused(form, method, solve, n) -> None:
    Z = np.ones((n, n))
    system = LeontiefSystem(form(Z), np.full(n, float(n)), method=method)
    with pytest.raises(DataError, match=r"1\.000 of its output"):
        getattr(system, solve)(np.ones(n))


@FORMS
@METHOD
@SOLVE
@pytest.mark.parametrize("n", [3, 10, 40])
def test_a_closed_economy_is_refused_in_spite_of_rounding(form, method, solve, n) -> None:
    """All output is input: singular, though no pivot need come out as exactly zero."""
    Z = np.random.default_rng(n).random((n, n))
    with pytest.raises(DataError, match=r"no Leontief inverse|does not settle|not productive"):
        getattr(LeontiefSystem(form(Z), Z.sum(axis=0), method=method), solve)(np.ones(n))


@FORMS
@METHOD
@SOLVE
@pytest.mark.parametrize("n", [3, 10, 40])
def test_a_table_that_uses_more_than_it_makes_is_refused(form, method, solve, n) -> None:
    """``(I - A)`` has an inverse, but requirements below zero: no wrong number comes out."""
    Z = np.random.default_rng(n).random((n, n))
    system = LeontiefSystem(form(Z), Z.sum(axis=0) / 1.3, method=method)
    with pytest.raises(DataError, match=r"not productive.*1\.300 of its output"):
        getattr(system, solve)(np.ones(n))


@FORMS
@METHOD
def test_a_table_that_uses_more_than_it_makes_is_refused_whatever_is_asked(form, method) -> None:
    """Demand below zero, or of one sector only, does not hide it; nor does the inverse."""
    Z = np.random.default_rng(3).random((9, 9))
    for right in (np.eye(9)[:, :2], -np.ones(9), np.array([1.0, -1.0] * 4 + [0.0])):
        for solve in ("solve", "solve_transposed"):
            system = LeontiefSystem(form(Z), Z.sum(axis=0) / 1.3, method=method, file="t.csv")
            with pytest.raises(DataError, match=r"t\.csv: the table is not productive"):
                getattr(system, solve)(right)
    with pytest.raises(DataError, match="not productive"):
        LeontiefSystem(form(Z), Z.sum(axis=0) / 1.3, method=method).inverse_diagonal()


@FORMS
@METHOD
def test_inputs_beyond_output_are_told_and_the_figures_stand(form, method) -> None:
    """One sector buys more than it makes, the economy as a whole does not."""
    Z, x = np.array([[10.0, 60.0], [5.0, 50.0]]), np.array([200.0, 100.0])
    with pytest.warns(DataWarning, match=r"inputs of CN\.02 Steel are 1\.100 of its output"):
        system = LeontiefSystem(form(Z), x, names=["CN.01 Power", "CN.02 Steel"], method=method)
    np.testing.assert_allclose(system.solve(np.eye(2)), inverse(Z, x), rtol=1e-10)


def test_several_sectors_beyond_output_are_one_warning() -> None:
    with pytest.warns(DataWarning, match=r"sector 1 of the table.*\(and 2 more sectors\)") as told:
        LeontiefSystem(np.eye(3), np.ones(3))
    assert len(told) == 1


@FORMS
@METHOD
def test_inputs_just_below_output_are_not_refused(form, method) -> None:
    Z = np.random.default_rng(5).random((5, 5))
    x = Z.sum(axis=0) * (1 + 1e-6)
    solved = LeontiefSystem(form(Z), x, method=method).solve_transposed(np.ones(5))
    np.testing.assert_allclose(solved, inverse(Z, x).T @ np.ones(5), rtol=1e-5)


@FORMS
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_cells_that_are_no_numbers_are_named(form, bad) -> None:
    Z = np.array([[1.0, 2.0], [bad, 4.0]])
    with pytest.raises(DataError, match=r"flow from Steel to Power is (nan|inf|-inf)"):
        LeontiefSystem(form(Z), np.full(2, 9.0), names=["Power", "Steel"])
    with pytest.raises(DataError, match="gross output of sector 2"):
        LeontiefSystem(form(np.eye(2)), np.array([9.0, bad]))
    with pytest.raises(DataError, match="right-hand side"):
        LeontiefSystem(form(np.eye(2)), np.full(2, 9.0)).solve(np.array([1.0, bad]))


@METHOD
def test_small_sectors_are_solved_as_precisely_as_large_ones(method) -> None:
    """Output that spans twelve orders of magnitude, as in a table of all provinces."""
    A, random = productive(8, 60, 1.0, 0), np.random.default_rng(8)
    x = 10 ** random.uniform(-3, 9, 60)
    Z = A[0] / A[1] * x
    system = LeontiefSystem(Z, x, method=method)
    reached = inverse(Z, x) @ x
    np.testing.assert_allclose(system.solve(x), reached, rtol=1e-9)
    assert system.report.residual < 1e-11


@FORMS
@METHOD
def test_the_far_end_of_a_long_chain_is_solved_as_precisely_as_the_near_one(form, method) -> None:
    """Each stage takes a thousandth of the one before: the sixth needs 1e-18 of the first."""
    n = 7
    Z, x = np.diag(np.full(n - 1, 1e-3), -1), np.ones(n)
    system = LeontiefSystem(form(Z), x, method=method)
    expected = 1e-3 ** np.arange(n)
    np.testing.assert_allclose(system.solve(np.eye(n)[0]), expected, rtol=1e-10)
    np.testing.assert_allclose(system.solve_transposed(np.eye(n)[-1]), expected[::-1], rtol=1e-10)


def test_whole_numbers_are_solved_as_numbers() -> None:
    system = LeontiefSystem(np.array([[0, 50], [0, 0]]), np.array([100, 100]))
    assert system.solve(np.array([50, 100])).tolist() == [100.0, 100.0]
    assert system.inverse_diagonal().tolist() == [1.0, 1.0]


@FORMS
def test_flows_output_and_right_hand_sides_have_to_fit(form) -> None:
    for Z, n in ((np.ones((2, 3)), 2), (np.ones((2, 2)), 3), (np.ones((0, 0)), 0)):
        with pytest.raises(DataError, match="flows that do not fit gross output"):
            LeontiefSystem(form(Z), np.full(n, 9.0))
    system = LeontiefSystem(form(np.ones((2, 2))), np.full(2, 9.0))
    for right in (np.ones(3), np.ones((1, 2)), np.float64(1)):
        with pytest.raises(DataError, match=r"expected \(2,\) or \(2, r\)"):
            system.solve(right)
    assert system.solve(np.ones((2, 0))).shape == (2, 0)


def test_the_report_says_what_was_done() -> None:
    Z, x, y, _ = productive(1, 50, 1.0, 0)
    for method in METHODS:
        system = LeontiefSystem(Z, x, method=method)
        system.solve(np.column_stack([y, y, y]))
        report = system.report
        assert report.method == method
        assert 0 < report.residual < 1e-11
        assert (report.iterations > 0) == (method == "iterative")
        assert report.memory > 0


def test_the_residual_is_that_of_the_solution() -> None:
    Z, x, y, _ = productive(2, 50, 1.0, 0)
    system = LeontiefSystem(Z, x, method="iterative")
    solved = system.solve(y)
    A = Z / x
    left = np.abs(y - solved + A @ solved) / solved
    assert left.max() <= 1e-11
    assert system.report.residual == pytest.approx(left.max(), rel=0.5)


def test_all_right_hand_sides_share_the_passes_over_the_flows() -> None:
    Z, x, y, co2 = productive(2, 50, 1.0, 0)
    one, many = (LeontiefSystem(Z, x, method="iterative") for _ in range(2))
    one.solve(y)
    many.solve(np.column_stack([y, co2, x, np.ones(50)]))
    assert many.report.iterations < 2 * one.report.iterations


def test_more_right_hand_sides_than_memory_wait_for_their_turn(monkeypatch) -> None:
    Z, x, _, _ = productive(4, 30, 1.0, 0)
    monkeypatch.setattr(iteration, "BASIS", 8 * 30 * iteration.STEPS * 7)
    system = LeontiefSystem(Z, x, method="iterative")
    np.testing.assert_allclose(system.solve(np.eye(30)), inverse(Z, x), rtol=1e-9, atol=1e-10)


def test_factors_help_where_the_iteration_does_not_settle(monkeypatch) -> None:
    Z, x, y, _ = productive(5, 200, 1.0, 0)
    monkeypatch.setattr(iteration, "ROUNDS", 0)
    monkeypatch.setattr(methods, "FEW", 10)
    system = LeontiefSystem(Z, x, solves=1)
    assert system.method == "iterative"
    np.testing.assert_allclose(system.solve(y), x, rtol=1e-10)
    assert system.report.method == "dense"
    with pytest.raises(DataError, match="does not settle"):
        LeontiefSystem(Z, x, method="iterative").solve(y)


@pytest.mark.parametrize(
    ("n", "cells", "solves", "method"),
    [
        (1302, 1302**2, 4, "dense"),
        (4200, 4200**2, 4, "iterative"),
        (4200, 4200**2, 4200, "dense"),
        (13146, 13146**2, 4, "iterative"),
        (13146, int(0.02 * 13146**2), 4, "iterative"),
        (200_000, 3_000_000, 200_000, "iterative"),
        (200_000, 600_000, 1000, "iterative"),
        (200_000, 150_000, 4, "sparse"),
    ],
)
def test_the_method_follows_size_density_and_solves(n, cells, solves, method) -> None:
    assert choose(n, cells, solves) == method


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(DataError, match="unknown method; found 'magic'"):
        LeontiefSystem(np.eye(2), np.full(2, 9.0), method="magic")


@METHOD
def test_the_matrix_is_factorised_once(method, monkeypatch) -> None:
    calls = []
    for where, name in ((linalg, "lu_factor"), (module, "splu")):
        factor = getattr(where, name)
        counted = lambda *a, factor=factor, **k: calls.append(1) or factor(*a, **k)  # noqa: E731
        monkeypatch.setattr(where, name, counted)
    system = LeontiefSystem(
        np.array([[0.0, 20.0], [10.0, 0.0]]), np.array([100.0, 100.0]), method=method
    )
    for _ in range(3):
        system.solve(np.ones(2))
        system.solve_transposed(np.ones(2))
    assert len(calls) == (method != "iterative")


@FORMS
@METHOD
def test_the_table_is_left_as_it_was(form, method) -> None:
    Z, x = np.array([[0.0, 20.0], [10.0, 0.0]]), np.array([100.0, 100.0])
    flows = form(Z.copy())
    system = LeontiefSystem(flows, x.copy(), method=method)
    system.solve(x)
    system.inverse_diagonal()
    assert ((flows.toarray() if sparse.issparse(flows) else flows) == Z).all()


def test_a_large_table_is_solved_without_a_copy_of_it() -> None:
    """At 3,000 sectors the flows take 72 MB; the solution takes a hundredth of that."""
    Z = np.random.default_rng(6).random((3000, 3000))
    x = Z.sum(axis=0) * 1.5
    tracemalloc.start()
    system = LeontiefSystem(Z, x)
    solved = system.solve(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert system.report.method == "iterative"
    assert np.isfinite(solved).all()
    assert peak < Z.nbytes / 10
