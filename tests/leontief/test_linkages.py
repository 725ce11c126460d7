"""Linkages and positions against the explicit inverses, and the influence vector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies
from scipy import sparse

from graphmap.errors import DataError
from graphmap.leontief.linkages import (
    downstream,
    downstreamness,
    influence,
    normalised,
    quadrant,
    upstreamness,
)
from graphmap.leontief.system import LeontiefSystem

FORMS = pytest.mark.parametrize("form", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])


def shares(Z, by):
    return np.divide(Z, by, out=np.zeros_like(Z), where=np.broadcast_to(by > 0, Z.shape))


@FORMS
@given(economies())
@settings(max_examples=60)
def test_upstreamness_is_the_ghosh_inverse_times_one(form, economy) -> None:
    Z, x, _, _ = economy
    ghosh = np.linalg.inv(np.eye(len(x)) - shares(Z, x[:, None])) @ np.ones(len(x))
    found = upstreamness(LeontiefSystem(form(Z), x))
    np.testing.assert_allclose(found, ghosh, rtol=1e-10)
    assert (found >= 1 - 1e-12).all()


@FORMS
@given(economies())
@settings(max_examples=40)
def test_downstreamness_is_the_column_sums_of_the_leontief_inverse(form, economy) -> None:
    Z, x, _, _ = economy
    sums = np.linalg.inv(np.eye(len(x)) - shares(Z, x)).sum(axis=0)
    found = downstreamness(LeontiefSystem(form(Z), x))
    np.testing.assert_allclose(found, sums, rtol=1e-10)
    assert (found >= 1 - 1e-12).all()


@given(economies())
@settings(max_examples=40)
def test_what_is_enabled_downstream_is_the_ghosh_inverse_times_the_coefficient(economy) -> None:
    Z, x, _, co2 = economy
    f = shares(co2, x)
    ghosh = np.linalg.inv(np.eye(len(x)) - shares(Z, x[:, None]))
    found = downstream(LeontiefSystem(Z, x).solve(co2), x)
    np.testing.assert_allclose(found[x > 0], (ghosh @ f)[x > 0], rtol=1e-9, atol=1e-12)


def test_a_chain_counts_its_stages() -> None:
    Z = np.diag([100.0, 150.0, 200.0], k=1)
    x = np.array([100.0, 150.0, 200.0, 300.0])
    system = LeontiefSystem(Z, x)
    np.testing.assert_allclose(upstreamness(system), [4, 3, 2, 1])
    np.testing.assert_allclose(downstreamness(system), [1, 1 + 2 / 3, 2.25, 2.5])


def test_a_sector_of_zero_output_stands_at_one() -> None:
    system = LeontiefSystem(np.array([[0.0, 0.0], [0.0, 5.0]]), np.array([0.0, 10.0]))
    assert upstreamness(system).tolist() == [1.0, 2.0]
    assert downstreamness(system).tolist() == [1.0, 2.0]


@given(economies())
@settings(max_examples=30)
def test_normalised_linkages_have_the_mean_one_over_sectors_that_produce(economy) -> None:
    Z, x, _, _ = economy
    found = normalised(downstreamness(LeontiefSystem(Z, x)), x)
    assert found[x > 0].mean() == pytest.approx(1.0)


def test_nothing_produced_has_no_linkage() -> None:
    assert normalised(np.ones(2), np.zeros(2)).tolist() == [0.0, 0.0]


def test_the_four_quadrants() -> None:
    backward, forward = np.array([1.2, 1.2, 0.8, 0.8]), np.array([1.1, 1.0, 1.1, 0.9])
    assert quadrant(backward, forward) == ["key", "backward", "forward", "weak"]


@FORMS
@given(economies())
@settings(max_examples=40)
def test_influence_is_the_formula_of_acemoglu(form, economy) -> None:
    Z, x, _, _ = economy
    produces = x > 0
    W = shares(Z, Z.sum(axis=0)).T[np.ix_(produces, produces)]
    n, a = produces.sum(), 0.4
    naive = a / n * np.linalg.inv(np.eye(n) - (1 - a) * W.T) @ np.ones(n)
    found = influence(LeontiefSystem(form(Z), x), a)
    np.testing.assert_allclose(found[produces], naive, rtol=1e-9)
    assert (found[~produces] == 0).all()
    assert found.sum() <= 1 + 1e-9
    if (Z.sum(axis=0)[produces] > 0).all():
        assert found.sum() == pytest.approx(1.0)


def test_the_labour_share_is_that_of_the_table_unless_given() -> None:
    system = LeontiefSystem(np.array([[0.0, 40.0], [20.0, 0.0]]), np.array([100.0, 100.0]))
    assert influence(system).tolist() == influence(system, 0.7).tolist()
    assert influence(system, 1.0).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, np.nan])
def test_a_labour_share_that_is_none_is_refused(share) -> None:
    system = LeontiefSystem(np.array([[0.0, 40.0], [20.0, 0.0]]), np.array([100.0, 100.0]))
    with pytest.raises(DataError, match="labour share"):
        influence(system, share)
