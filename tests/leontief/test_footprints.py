"""Closed forms against the sums over supply chains that they stand for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies
from scipy import sparse

from graphmap.errors import DataError
from graphmap.leontief.footprints import (
    direct_intensity,
    embodied_flows,
    final_use_by_region,
    footprint,
    footprint_by_use,
    imported_inputs_intensity,
    intensity_by_origin,
    total_intensity,
    transmission,
)
from graphmap.leontief.system import LeontiefSystem

A = np.array(
    [
        [0.00, 0.25, 0.00, 0.10],
        [0.00, 0.05, 0.20, 0.00],
        [0.15, 0.00, 0.00, 0.20],
        [0.00, 0.00, 0.10, 0.00],
    ]
)
Y = np.array([10.0, 3.0, 7.0, 40.0])
F = np.array([2.0, 0.5, 0.0, 0.1])
X = np.linalg.inv(np.eye(4) - A) @ Y
Z = A * X


def chains(start: int, value: float, path: tuple[int, ...]) -> Iterator[tuple[tuple, float]]:
    """Every supply chain that begins with ``path``, and the emissions of its first sector."""
    if value < 1e-13:
        return
    yield path, value * Y[start]
    for user in np.flatnonzero(A[start]):
        yield from chains(user, value * A[start, user], (*path, user))


@pytest.fixture(scope="module")
def enumerated():
    """Sums over all structural paths: by edge, by intermediary, by final product."""
    edge, through, final = np.zeros((4, 4)), np.zeros(4), np.zeros(4)
    for first in range(4):
        for path, emissions in chains(first, F[first], (first,)):
            final[path[-1]] += emissions
            for supplier, user in itertools.pairwise(path):
                edge[supplier, user] += emissions
            for middle in path[1:-1]:
                through[middle] += emissions
    return edge, through, final


@pytest.fixture(scope="module")
def m():
    return total_intensity(LeontiefSystem(Z, X), F)


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_embodied_flows_are_the_sum_over_paths_through_the_edge(enumerated, m, form) -> None:
    flows = embodied_flows(m, form(Z))
    assert sparse.issparse(flows) == (form is sparse.csr_array)
    flows = flows.toarray() if sparse.issparse(flows) else flows
    np.testing.assert_allclose(flows, enumerated[0], rtol=1e-6)


def test_transmission_is_the_sum_over_paths_with_the_sector_in_their_middle(enumerated, m) -> None:
    np.testing.assert_allclose(transmission(m, F, X, Y), enumerated[1], rtol=1e-6)


def test_footprints_are_the_sum_over_paths_that_end_in_the_product(enumerated, m) -> None:
    np.testing.assert_allclose(footprint(m, Y), enumerated[2], rtol=1e-6)


@given(economies())
@settings(max_examples=60)
def test_transmission_is_f_T_J_T_y(economy) -> None:
    Z, x, y, co2 = economy
    f = direct_intensity(co2, x)
    A = np.divide(Z, x, out=np.zeros_like(Z), where=x > 0)
    T = np.linalg.inv(np.eye(len(x)) - A) @ A
    naive = []
    for i in range(len(x)):
        J = np.zeros_like(A)
        J[i, i] = 1
        naive.append(f @ T @ J @ T @ y)
    found = transmission(total_intensity(LeontiefSystem(Z, x), f), f, x, y)
    np.testing.assert_allclose(found, naive, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
@given(economies(most=30))
@settings(max_examples=60)
def test_footprints_sum_to_direct_emissions(form, economy) -> None:
    Z, x, _, co2 = economy
    m = total_intensity(LeontiefSystem(form(Z), x), direct_intensity(co2, x))
    assert footprint(m, x - Z.sum(axis=1)).sum() == pytest.approx(co2.sum(), rel=1e-9, abs=1e-12)


@given(economies())
@settings(max_examples=40)
def test_total_intensity_is_never_below_direct_intensity(economy) -> None:
    Z, x, _, co2 = economy
    f = direct_intensity(co2, x)
    assert (total_intensity(LeontiefSystem(Z, x), f) >= f - 1e-12).all()


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_intensity_by_origin_is_the_inverse_masked_to_each_region(form) -> None:
    region, abroad = np.array([1, 0, 1, 2]), np.array([0.0, 0.3, 0.2, 0.0])
    L = np.linalg.inv(np.eye(4) - A)
    found = intensity_by_origin(LeontiefSystem(form(Z), X), F, region, abroad)
    expected = [(F * (region == r)) @ L for r in range(3)]
    np.testing.assert_allclose(found.T, [*expected, abroad @ L], rtol=1e-12, atol=1e-15)


def test_footprints_by_use_are_those_of_each_column() -> None:
    uses = np.column_stack([Y, 2 * Y[::-1]])
    expected = [[footprint(F, uses[:, k])[i] for k in range(2)] for i in range(4)]
    assert footprint_by_use(F, uses).tolist() == expected


def test_final_use_by_region_loses_nothing() -> None:
    uses = np.random.default_rng(0).random((4, 6))
    place, region = np.array([0, 2, -1, 1, 0, -1]), np.array([1, 0, 1, 1])
    found = final_use_by_region(uses, place, region, 2)
    np.testing.assert_allclose(found.sum(axis=1), uses.sum(axis=1))
    nowhere = uses[:, 2] + uses[:, 5]
    np.testing.assert_allclose(found[:, 0], uses[:, 0] + uses[:, 4] + nowhere * (region == 0))
    np.testing.assert_allclose(found[:, 2], uses[:, 1])


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_imported_inputs_carry_the_intensity_of_their_products(form) -> None:
    bought = np.random.default_rng(0).random((4, 4))
    x = np.array([2.0, 0.0, 5.0, 1.0])
    found = imported_inputs_intensity(form(bought), x, F)
    np.testing.assert_allclose(found, [F @ bought[:, j] / x[j] if x[j] else 0 for j in range(4)])


def test_direct_intensity_of_nothing_is_zero() -> None:
    found = direct_intensity(np.array([3.0, 0.0, 0.0]), np.array([6.0, 0.0, 5.0]))
    assert found.tolist() == [0.5, 0.0, 0.0]


def test_emissions_of_a_sector_without_output_are_not_lost_in_silence() -> None:
    with pytest.raises(DataError, match="without output"):
        direct_intensity(np.array([3.0, 3.0]), np.array([6.0, 0.0]))
