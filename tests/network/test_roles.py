"""Roles, their precedence, and the order of the sectors that matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import economies, net_of, table_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import TOP, centrality, key_sectors, roles
from graphmap.network.highest import highest
from graphmap.network.roles import ROLES, overlaps, priority, role_measures

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
    ranks = [part.replace("share_", "rank_") for part in parts]
    assert list(found.columns) == [*parts, "priority", *ranks]
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


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 3), st.floats(0.01, 1.0))
@settings(max_examples=60)
def test_pareto_is_the_fewest_largest_that_make_up_the_share(seed, n, regions, share) -> None:
    nodes = nodes_of(n, regions, seed)
    found = highest(nodes["direct_co2"], nodes["region"], share=share)
    for _, here in nodes["direct_co2"].groupby(nodes["region"]):
        high = found.loc[here.index]
        largest = sorted(here, reverse=True)
        fewest = next(k for k in range(n + 1) if sum(largest[:k]) >= share * sum(here) - 1e-9)
        assert high.sum() == fewest
        assert sorted(here[high], reverse=True) == largest[:fewest]
        assert (here[high] > 0).all()
        # among equal ones the first of the table
        for value in here[high]:
            equal = high[here == value]
            assert equal.is_monotonic_decreasing


def test_a_share_that_is_just_met_needs_no_further_sector() -> None:
    values = pd.Series([0.1] * 12)  # the sums round: nine of them are a little less than 0.75
    found = highest(values, pd.Series("A", values.index), share=0.75)
    assert found.tolist() == [True] * 9 + [False] * 3


def test_the_pareto_rule_takes_the_place_of_top() -> None:
    nodes = gm.network(sample.table().select(["CN-GD"])).nodes
    found = roles(nodes, top=1, share=0.8)
    for role, measure in MEASURE.items():
        values = nodes[measure].sort_values(ascending=False)
        fewest = int((values.cumsum() < 0.8 * values.sum()).sum()) + 1
        assert set(found.index[found[role]]) == set(values.index[:fewest])


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_a_share_that_is_none_is_refused(share) -> None:
    with pytest.raises(DataError, match="above 0, at most 1"):
        roles(nodes_of(), share=share)


@pytest.mark.parametrize("top", [0, -1])
def test_none_at_the_top_is_refused(top) -> None:
    with pytest.raises(DataError, match="1 or more"):
        roles(nodes_of(), top=top)


def test_a_role_may_be_told_by_another_measure() -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    found = key_sectors(net, by={"high_transmission": "pagerank"}, top=3)
    highest_three = set(centrality(net)["pagerank"].nlargest(3).index)
    assert set(found.index[found["high_transmission"]]) == highest_three
    usual = key_sectors(net, top=3)
    assert found["high_carbon"].equals(usual["high_carbon"])


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ({"high_hopes": "pagerank"}, "unknown role.*high_carbon, high_transmission, high_output"),
        ({"high_output": "gros_output"}, "no such measure.*gros_output.*gross_output"),
        ({"high_output": "region"}, "no such measure.*region"),
    ],
)
def test_a_role_by_no_measure_is_refused(by, message) -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    with pytest.raises(DataError, match=message):
        key_sectors(net, by=by)


@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 5))
@settings(max_examples=40)
def test_overlaps_part_the_high_sectors_into_seven_fields(seed, n, top) -> None:
    role = roles(nodes_of(n, 1, seed), top=top)
    found = overlaps(role)
    assert len(found) == 7
    assert len(found.drop_duplicates(list(ROLES))) == 7
    for row in found.itertuples(index=False):
        assert row.count == len(row.sectors)
        for sector in row.sectors:
            assert tuple(role.loc[sector, list(ROLES)]) == row[: len(ROLES)]
    for each in ROLES:
        held = [sector for sectors in found["sectors"][found[each]] for sector in sectors]
        assert sorted(held) == sorted(role.index[role[each]])


@given(st.integers(0, 10**6), st.integers(1, 20))
@settings(max_examples=40)
def test_priority_is_the_sum_of_weights_times_shares(seed, n) -> None:
    nodes = nodes_of(n, 2, seed)
    found = priority(nodes, {"footprint": 1, "gross_output": 3})
    weights = found.attrs["weights"]
    assert weights == {"footprint": 0.25, "gross_output": 0.75}
    by_hand = sum(weight * found[f"share_{part}"] for part, weight in weights.items())
    np.testing.assert_allclose(found["priority"], by_hand)
    for part in weights:
        order = found[f"rank_{part}"]
        assert sorted(order) == list(range(1, n + 1))
        assert nodes[part].loc[order.sort_values().index].is_monotonic_decreasing


def test_equal_weights_are_the_usual_score() -> None:
    nodes = gm.network(sample.table()).nodes
    same = dict.fromkeys(("direct_co2", "transmission", "footprint"), 7)
    pd.testing.assert_frame_equal(priority(nodes, same), priority(nodes))
    assert priority(nodes).attrs["weights"] == pytest.approx(dict.fromkeys(same, 1 / 3))


@pytest.mark.parametrize(
    "weights",
    [{}, {"direct_co2": -1.0}, {"direct_co2": 0.0}, {"direct_co2": float("nan")}],
)
def test_weights_that_are_none_are_refused(weights) -> None:
    with pytest.raises(DataError, match="weights of the priority score"):
        priority(nodes_of(), weights)


def test_a_network_made_by_hand_is_scored_by_what_its_nodes_carry() -> None:
    nodes = nodes_of(4, 1).drop(columns=["transmission", "footprint"])
    net = net_of(np.ones((4, 4)), ids=list(nodes.index), **nodes)
    found = key_sectors(net)
    assert found["priority"].equals(found["share_direct_co2"].rename("priority"))


def test_a_weight_of_no_measure_is_refused_with_one_like_it() -> None:
    with pytest.raises(DataError, match=r"no such measure.*footprnt.*footprint"):
        key_sectors(gm.network(sample.table()), weights={"footprnt": 1})


def test_explained_key_sectors_say_why_and_are_otherwise_the_same() -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    usual, found = key_sectors(net), key_sectors(net, explain=True)
    pd.testing.assert_frame_equal(found[usual.columns], usual)
    assert sorted(found["rank_direct_co2"]) == list(range(1, 43))
    assert not found.isna().any(axis=None)


def test_key_sectors_of_a_network_that_has_them_already() -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    once = key_sectors(net, explain=True)
    nodes = once.loc[net.nodes.index]
    again = key_sectors(gm.FlowNetwork(nodes, net.weights, net.weight, net.unit), explain=True)
    pd.testing.assert_frame_equal(once, again)


def test_real_guangdong_holds_the_high_carbon_sectors_of_the_published_map(data) -> None:
    net = gm.network(gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx"))
    for found in (key_sectors(net), key_sectors(net, share=0.85)):
        high = set(found.index[found["high_carbon"]])
        # electricity and heat, transport, non-metallic minerals, metal smelting
        assert {"CN-GD.24", "CN-GD.29", "CN-GD.13", "CN-GD.14"} <= high
        assert not {"CN-GD.30", "CN-GD.25"} & high, "catering, gas"
    names = found["name_en"]
    assert "lectric" in names["CN-GD.24"]
    assert "ransport" in names["CN-GD.29"]
    assert "on-metallic mineral" in names["CN-GD.13"]
    assert "melting" in names["CN-GD.14"]
    assert "ater" in names["CN-GD.30"]
    assert "as" in names["CN-GD.25"]


@pytest.mark.parametrize("factor", [1e6, 1e-6])
@pytest.mark.parametrize("share", [None, 0.8])
def test_the_unit_changes_nothing(factor, share) -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    nodes = net.nodes.copy()
    for column in ("gross_output", "direct_co2", "transmission", "footprint"):
        nodes[column] *= factor
    other = gm.FlowNetwork(nodes, net.weights * factor, net.weight, net.unit)
    one, two = key_sectors(net, share=share), key_sectors(other, share=share)
    assert list(one.index) == list(two.index)
    assert one["role"].equals(two["role"])
    np.testing.assert_allclose(one["priority"], two["priority"])


@pytest.mark.parametrize(
    ("Z", "x"),
    [
        ([[0.0]], [9.0]),
        ([[5.0]], [9.0]),
        (np.zeros((3, 3)), [9.0] * 3),
        (np.diag([1.0, 2.0, 3.0]), [9.0] * 3),
        (np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]), [9.0] * 4),
        (np.ones((4, 4)), [9.0] * 4),
        ([[0.0, 1.0], [0.0, 0.0]], [9.0, 0.0]),
    ],
    ids=["one", "one loop", "no edges", "only loops", "disconnected", "equal", "zero row"],
)
@pytest.mark.parametrize("emits", [True, False])
@pytest.mark.parametrize("share", [None, 0.8])
def test_degenerate_tables_have_defined_key_sectors(Z, x, emits, share) -> None:
    if x[-1] == 0:
        Z = np.array([[0.0, 0.0], [0.0, 0.0]])
    co2 = [float(bool(each)) for each in x] if emits else None
    found = key_sectors(gm.network(table_of(np.array(Z), x, co2=co2)), share=share, explain=True)
    assert len(found) == len(x)
    assert not found.isna().any(axis=None)
    assert found["priority"].between(0, 1).all()
    if share is None:
        assert found["high_carbon"].tolist() == [emits and bool(v) for v in found["gross_output"]]
