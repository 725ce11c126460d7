"""Thirds of the chain, and levels beside them."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import net_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import cut_points, position
from graphmap.network.position import POSITIONS, positions
from graphmap.network.trophic import trophic_levels

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


@pytest.mark.parametrize("weight", ["money", "embodied_co2"])
def test_positions_are_those_of_the_nodes_with_their_levels(weight) -> None:
    net = gm.network(sample.table(), weight)
    found = positions(net)
    assert found.index.equals(net.nodes.index)
    pd.testing.assert_series_equal(found["position"], position(net.nodes["upstreamness"]))
    pd.testing.assert_series_equal(found["trophic_level"], trophic_levels(net))
    assert not found.isna().any(axis=None)
    level = found.groupby("position")["trophic_level"].mean()
    assert level["upstream"] < level["midstream"] < level["downstream"]


def test_a_network_without_upstreamness_has_levels_but_no_positions() -> None:
    with pytest.raises(DataError, match=r"no upstreamness.*trophic_levels"):
        positions(net_of([[0.0, 1.0], [0.0, 0.0]]))


@pytest.mark.parametrize("W", [[[0.0]], [[2.0]], [[1.0, 0.0], [0.0, 1.0]]])
def test_where_nothing_flows_positions_follow_the_table(W) -> None:
    found = positions(net_of(W, upstreamness=[1.0] * len(W)))
    assert found["position"].tolist() == list(POSITIONS[: len(W)])
    assert not found["trophic_level"].any()
