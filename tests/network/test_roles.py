"""Roles, their precedence, and the order of the sectors that matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import economies, table_of

import graphmap as gm
from graphmap import sample
from graphmap.network import TOP, key_sectors, roles
from graphmap.network.roles import ROLES, priority, role_measures

MEASURE = {
    "high_carbon": "direct_co2",
    "high_transmission": "transmission",
    "high_output": "gross_output",
}


def nodes_of(n=9, regions=3, seed=0):
    random = np.random.default_rng(seed)
    columns = ("gross_output", "direct_co2", "transmission", "footprint")
    return pd.DataFrame(
        {"region": [f"r{i % regions}" for i in range(n)]}
        | {column: random.integers(0, 20, n).astype(float) for column in columns},
        index=[f"n{i}" for i in range(n)],
    )


@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 4), st.integers(1, 6))
@settings(max_examples=60)
def test_each_role_goes_to_the_highest_of_each_region(seed, n, regions, top) -> None:
    nodes = nodes_of(n, regions, seed)
    found = roles(nodes, top=top)
    for role, measure in MEASURE.items():
        for region, here in nodes.groupby("region"):
            high = found.loc[here.index, role]
            assert high.sum() == min(top, (here[measure] > 0).sum()), region
            if high.any() and not high.all():
                assert here[measure][high].min() >= here[measure][~high].max()
            assert (here[measure][high] > 0).all()


def test_the_first_role_that_applies_is_drawn() -> None:
    nodes = nodes_of(60, 2, 5)
    found = roles(nodes, top=4)
    assert ROLES == ("high_carbon", "high_transmission", "high_output")
    for node, row in found.iterrows():
        first = next((role for role in ROLES if row[role]), "other")
        assert row["role"] == first, node
    assert set(found["role"]) == {*ROLES, "other"}


def test_ties_go_to_the_first_of_the_table() -> None:
    nodes = nodes_of(4, 1).assign(direct_co2=1.0)
    assert roles(nodes, top=2)["high_carbon"].tolist() == [True, True, False, False]


def test_five_of_each_region_are_high_unless_asked_otherwise() -> None:
    found = roles(gm.network(sample.table()).nodes)
    by_region = found[list(ROLES)].groupby(sample.table().index["region"]).sum()
    assert TOP == 5
    assert (by_region == 5).all(axis=None)


def test_nothing_is_high_where_nothing_is() -> None:
    nodes = nodes_of(5, 1)
    for measure in MEASURE.values():
        nodes[measure] = 0.0
    assert (roles(nodes)["role"] == "other").all()


def test_transmission_gives_way_to_betweenness_without_emissions() -> None:
    nodes = pd.DataFrame({"region": "A", "gross_output": [3.0], "betweenness": [0.5]})
    assert role_measures(nodes) == {
        "high_transmission": "betweenness",
        "high_output": "gross_output",
    }


@given(st.integers(0, 10**6), st.integers(1, 20), st.integers(1, 4))
@settings(max_examples=40)
def test_the_parts_of_priority_sum_to_one(seed, n, regions) -> None:
    nodes = nodes_of(n, regions, seed)
    found = priority(nodes)
    parts = [f"share_{part}" for part in ("direct_co2", "transmission", "footprint")]
    assert list(found.columns) == [*parts, "priority"]
    for part in parts:
        total = nodes[part.removeprefix("share_")].sum()
        np.testing.assert_allclose(found[part].sum(), float(total > 0))
    np.testing.assert_allclose(found["priority"], found[parts].mean(axis=1))
    assert found["priority"].between(0, 1).all()


@pytest.mark.parametrize("regions", [["CN-GD"], ["CN-GD", "CN-ZJ"]])
def test_key_sectors_are_every_sector_in_order_of_priority(regions) -> None:
    net = gm.network(sample.table().select(regions))
    found = key_sectors(net)
    assert found["priority"].is_monotonic_decreasing
    assert sorted(found.index) == sorted(net.nodes.index)
    assert not found.isna().any(axis=None)
    shares = [column for column in found if column.startswith("share_")]
    np.testing.assert_allclose(found[shares].sum(), 1.0)
    np.testing.assert_allclose(found["priority"].sum(), 1.0)
    pd.testing.assert_frame_equal(found[net.nodes.columns], net.nodes.loc[found.index])


def test_power_is_the_first_key_sector_of_the_sample() -> None:
    found = key_sectors(gm.network(sample.table().select(["CN-GD"])))
    assert found.index[0] == "CN-GD.24"
    assert found["high_carbon"].iloc[0]


def test_without_emissions_output_and_betweenness_tell() -> None:
    Z = np.array([[0.0, 4.0, 0.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]])
    found = key_sectors(gm.network(table_of(Z, [10.0, 20.0, 30.0])), top=1)
    assert not found["high_carbon"].any()
    assert found["role"].to_dict() == {
        "n0": "other",
        "n1": "high_transmission",
        "n2": "high_output",
    }
    assert found["share_betweenness"].sum() == pytest.approx(1)
    assert found["share_gross_output"].sum() == pytest.approx(1)
    assert not found.isna().any(axis=None)


@given(economies())
@settings(max_examples=30)
def test_no_figure_is_missing_on_any_table(economy) -> None:
    Z, x, _, co2 = economy
    for emissions in (co2, co2 * 0, None):
        found = key_sectors(gm.network(table_of(Z, x, co2=emissions)))
        assert not found.isna().any(axis=None)
        assert np.isfinite(found.select_dtypes("number").to_numpy()).all()
