"""Upstreamness against the Ghosh inverse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from made import economies
from scipy import sparse

from graphmap.leontief.linkages import upstreamness
from graphmap.leontief.system import LeontiefSystem


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array], ids=["dense", "sparse"])
@given(economies())
@settings(max_examples=60)
def test_upstreamness_is_the_ghosh_inverse_times_one(form, economy) -> None:
    Z, x, _, _ = economy
    B = np.divide(Z, x[:, None], out=np.zeros_like(Z), where=x[:, None] > 0)
    ghosh = np.linalg.inv(np.eye(len(x)) - B) @ np.ones(len(x))
    found = upstreamness(LeontiefSystem(form(Z), x))
    np.testing.assert_allclose(found, ghosh, rtol=1e-10)
    assert (found >= 1 - 1e-12).all()


def test_a_chain_counts_its_stages() -> None:
    Z = np.diag([100.0, 150.0, 200.0], k=1)
    x = np.array([100.0, 150.0, 200.0, 300.0])
    np.testing.assert_allclose(upstreamness(LeontiefSystem(Z, x)), [4, 3, 2, 1])


def test_a_sector_of_zero_output_stands_at_one() -> None:
    Z, x = np.array([[0.0, 0.0], [0.0, 5.0]]), np.array([0.0, 10.0])
    assert upstreamness(LeontiefSystem(Z, x)).tolist() == [1.0, 2.0]
