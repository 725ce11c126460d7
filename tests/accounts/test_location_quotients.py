"""Location quotients against examples worked by hand, and what has to hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.accounts.location_quotients import (
    METHODS,
    aflq,
    cilq,
    flq,
    size,
    slq,
    trading_coefficients,
)
from graphmap.errors import DataError

# shares of the region 0.2 0.3 0.5, of the nation 0.1 0.3 0.6; the region is a tenth of the nation
REGION, NATION = np.array([20.0, 30.0, 50.0]), np.array([100.0, 300.0, 600.0])
FACTOR = 0.5514  # log2(1.1) = 0.13750; 0.13750 ** 0.3 = exp(-0.3 * 1.98413)

outputs = st.lists(st.floats(1, 1e6), min_size=3, max_size=6).map(np.array)


def test_simple_quotients_by_hand() -> None:
    assert slq(REGION, NATION) == pytest.approx([2, 1, 5 / 6])


def test_cross_industry_quotients_by_hand() -> None:
    by_hand = [[2, 2, 2.4], [0.5, 1, 1.2], [5 / 12, 5 / 6, 5 / 6]]
    assert cilq(REGION, NATION) == pytest.approx(np.array(by_hand))


def test_flegg_by_hand() -> None:
    assert size(REGION, NATION, 0.3) == pytest.approx(FACTOR, abs=5e-5)
    found = flq(REGION, NATION, 0.3)
    assert found[0] == pytest.approx([2 * FACTOR, 2 * FACTOR, 2.4 * FACTOR], abs=2e-4)
    assert found[2] == pytest.approx([0.2298, 0.4595, 0.4595], abs=1e-4)


def test_the_augmented_quotient_raises_users_that_are_specialised() -> None:
    found = aflq(REGION, NATION, 0.3)
    # SLQ of the first user is 2: log2(3) = 1.58496; the others are not above 1
    assert found[0, 0] == pytest.approx(1.58496, abs=1e-5)
    assert found[2, 0] == pytest.approx(0.2298 * 1.58496, abs=2e-4)
    assert found[2, 1:] == pytest.approx(flq(REGION, NATION, 0.3)[2, 1:])


def test_a_region_that_is_the_nation_buys_nothing_elsewhere() -> None:
    for method in METHODS:
        assert trading_coefficients(method, NATION, NATION, 0.3) == pytest.approx(np.ones((3, 3)))


def test_a_product_that_is_not_made_is_bought_elsewhere() -> None:
    region = np.array([0.0, 5.0, 5.0])
    for method in METHODS[1:]:
        found = trading_coefficients(method, region, NATION, 0.3)
        assert found[0] == pytest.approx([0, 0, 0])
        assert np.isfinite(found).all()


@given(outputs, st.floats(0, 0.9), st.floats(0.01, 100))
def test_the_unit_does_not_matter_and_delta_only_lowers(nation, delta, unit) -> None:
    region = nation[::-1] / 7
    for method in METHODS:
        found = trading_coefficients(method, region, nation, delta)
        again = trading_coefficients(method, region * unit, nation * unit, delta)
        assert found == pytest.approx(again)
        if method != "aflq":
            assert found.max() <= 1
    lower = trading_coefficients("flq", region, nation, delta)
    assert (lower <= trading_coefficients("flq", region, nation, 0.0) + 1e-12).all()
    assert trading_coefficients("flq", region, nation, 0.0) == pytest.approx(
        trading_coefficients("cilq", region, nation, 0.0)
    )


def test_what_is_no_method_is_refused() -> None:
    with pytest.raises(DataError, match="slq, cilq"):
        trading_coefficients("lq", REGION, NATION, 0.3)
    with pytest.raises(DataError, match="delta"):
        trading_coefficients("flq", REGION, NATION, 1.5)
