"""Thirds of the chain."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap.network import cut_points, position
from graphmap.network.position import POSITIONS

VALUES = st.lists(st.floats(1, 5) | st.sampled_from([1.0, 2.0]), min_size=1, max_size=50)


@given(VALUES)
def test_thirds_are_as_equal_as_can_be_and_in_order(values) -> None:
    upstreamness = pd.Series(values)
    found = position(upstreamness)
    sizes = [int((found == name).sum()) for name in POSITIONS]
    assert sum(sizes) == len(values)
    assert max(sizes) - min(sizes) <= 1
    ranges = [upstreamness[found == name] for name in POSITIONS]
    for higher, lower in itertools.pairwise(ranges):
        if len(higher) and len(lower):
            assert higher.min() >= lower.max()


@given(VALUES.filter(lambda values: len(set(values)) == len(values) >= 3))
def test_the_cut_points_tell_the_thirds_apart(values) -> None:
    upstreamness = pd.Series(values)
    high, low = cut_points(upstreamness)
    found = position(upstreamness)
    assert ((upstreamness >= high) == (found == "upstream")).all()
    assert ((upstreamness < low) == (found == "downstream")).all()


def test_42_sectors_are_14_of_each() -> None:
    assert position(pd.Series(range(42))).value_counts().tolist() == [14, 14, 14]


def test_ties_keep_the_order_of_the_table() -> None:
    assert position(pd.Series([1.0] * 3)).tolist() == list(POSITIONS)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_sectors_have_positions_and_cut_points(n) -> None:
    upstreamness = pd.Series([2.0, 1.0][:n])
    assert position(upstreamness).tolist() == list(POSITIONS[:n])
    assert all(1 <= cut <= 2 for cut in cut_points(upstreamness))
