"""Backbones against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import flows, net_of
from scipy import sparse
from scipy.sparse import csgraph

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, words
from graphmap.network import FlowNetwork, edge_scores, keep, share_of_cells, share_of_flow
from graphmap.network.backbone import backbones_compared, largest
from graphmap.network.edge_rules import RULES, certainty, leading
from graphmap.network.edge_scores import disparity, noise_corrected, salience

SHARES = st.floats(0.001, 1.0)


def between(W):
    return W[~np.eye(len(W), dtype=bool)]


@given(flows(), SHARES)
@settings(max_examples=80)
def test_share_of_cells_keeps_exactly_the_largest_flows(W, share) -> None:
    found = share_of_cells(net_of(W), share)
    largest = np.sort(between(W)[between(W) > 0])[::-1]
    wanted = min(max(1, round(share * W.size)), len(largest))
    assert found.edges == found.network.weights.nnz == wanted
    np.testing.assert_array_equal(np.sort(found.network.weights.data)[::-1], largest[:wanted])
    kept = found.network.weights.toarray()
    assert ((kept == 0) | (kept == W)).all()
    assert not kept.diagonal().any()
    assert found.share_of_cells == wanted / W.size
    assert found.share_of_flow == pytest.approx(largest[:wanted].sum() / largest.sum())


@given(flows(most=4), SHARES)
@settings(max_examples=60)
def test_share_of_flow_is_the_smallest_set_that_covers_the_share(W, share) -> None:
    found = share_of_flow(net_of(W), share)
    values = between(W)[between(W) > 0]
    smallest = next(
        size
        for size in range(1, len(values) + 1)
        if any(
            sum(chosen) >= share * values.sum() * (1 - 1e-12)
            for chosen in itertools.combinations(values, size)
        )
    )
    assert found.edges == found.network.weights.nnz == smallest
    assert found.share_of_flow >= share - 1e-12


@given(flows(), SHARES, SHARES)
@settings(max_examples=40)
def test_a_larger_share_keeps_every_flow_of_a_smaller_one(W, one, other) -> None:
    for rule in (share_of_cells, share_of_flow):
        small, large = (rule(net_of(W), s).network.weights.toarray() for s in sorted([one, other]))
        assert ((small == 0) | (small == large)).all()


def test_the_published_maps_keep_88_of_1764_cells() -> None:
    found = share_of_cells(gm.network(sample.table().select(["CN-GD"])))
    assert found.edges == 88
    assert found.share_of_cells == 88 / 1764


@pytest.mark.parametrize("kind", ["money", "direct_co2", "embodied_co2"])
def test_guangdong_keeps_its_88_largest_flows(data, kind) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    net = gm.network(table, weight=kind)
    W = net.weights.toarray()
    largest = np.sort(between(W))[::-1][:88]
    found = keep(net, "5%")
    np.testing.assert_array_equal(np.sort(found.network.weights.data)[::-1], largest)
    assert found.share_of_flow == pytest.approx(largest.sum() / between(W).sum())
    covering = keep(net, "flow:80%")
    assert (
        covering.share_of_flow
        >= 0.8
        > (covering.share_of_flow - covering.network.weights.data.min() / between(W).sum())
    )


@pytest.mark.parametrize(
    ("rule", "edges"),
    [("50%", 4), (" 50 % ", 4), ("12.5%", 1), ("flow:50%", 2), ("flow : 50.0 %", 2), ("100%", 5)],
)
def test_rules_as_they_are_typed(rule, edges) -> None:
    W = [[9, 4, 3], [0, 9, 2], [1, 1, 0]]
    # 9 cells, flows between sectors 4, 3, 2, 1, 1
    assert keep(net_of(W), rule).edges == edges


NO_RULES = ["", "5", "0.05", "%", "-5%", "flow:", "flows:5%", "5%%", "1e1%", "top:3%", "noise:5%"]
NO_RULES += [
    "edges:5%",
    "above:5%",
    "noise",
    "top",
    "5%+",
    "5%+connect",
    "+connected",
    "top:3,disparity",
]


@pytest.mark.parametrize("rule", NO_RULES)
def test_a_rule_that_is_none_is_refused_with_all_that_are(rule) -> None:
    forms = ["5%", "flow:80%", "above:1000", "edges:88", "top:3", "disparity:5%", "noise:1.64"]
    forms = ".*".join(f"'{form}'" for form in [*forms, "salience:50%", "+connected"])
    with pytest.raises(DataError, match="cannot read what to keep.*" + forms.replace("+", r"\+")):
        keep(net_of([[0, 1], [1, 0]]), rule)


@pytest.mark.parametrize("rule", ["top:0", "edges:0", "top:1.5", "edges:2.5"])
def test_a_count_that_is_none_is_refused(rule) -> None:
    with pytest.raises(DataError, match=f"a number to keep in '{rule.split(':')[0]}:'"):
        keep(net_of([[0, 1], [1, 0]]), rule)


BEYOND = ["disparity:0%", "disparity:2", "salience:0", "salience:101%", "flow:1.01"]


@pytest.mark.parametrize("rule", ["0%", "100.1%", "flow:0%", "flow:101%", *BEYOND])
def test_a_share_beyond_0_to_100_is_refused(rule) -> None:
    with pytest.raises(DataError, match="more than 0 and at most 100 %"):
        keep(net_of([[0, 1], [1, 0]]), rule)


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan"), float("inf")])
@pytest.mark.parametrize("rule", [share_of_cells, share_of_flow])
def test_a_share_that_is_none_is_refused(rule, share) -> None:
    with pytest.raises(DataError, match="at most 100 %"):
        rule(net_of([[0, 1], [1, 0]]), share)


@pytest.mark.parametrize("W", [[[0.0]], [[7.0]], [[1.0, 0.0], [0.0, 1.0]]])
@pytest.mark.parametrize("rule", ["5%", "100%", "flow:80%"])
def test_where_nothing_flows_nothing_is_kept(W, rule) -> None:
    found = keep(net_of(W), rule)
    assert (found.edges, found.share_of_cells, found.share_of_flow) == (0, 0.0, 0.0)


def test_equal_flows_are_kept_in_the_order_of_the_table() -> None:
    found = share_of_cells(net_of(np.ones((4, 4))), 0.25).network.edges()
    assert found[["supplier", "user"]].to_numpy().tolist() == [
        ["n0", "n1"],
        ["n0", "n2"],
        ["n0", "n3"],
        ["n1", "n0"],
    ]


TYPED = ["20%", "flow:80%", "above:2", "edges:3", "top:1", "disparity:30%", "noise:0.5"]
TYPED += ["salience:30%", "5%+connected", "top:2+connected", "disparity:30%+connected"]


# three suppliers of 19, but for rounding where the unit is another
EQUAL_STRENGTHS = np.zeros((8, 8))
EQUAL_STRENGTHS[0, [1, 2, 3, 6, 7]] = [3, 3, 4, 4, 5]
EQUAL_STRENGTHS[1, [0, 2, 4, 5, 7]] = [1, 4, 6, 4, 4]
EQUAL_STRENGTHS[6, [0, 1, 3, 4, 5]] = [3, 7, 3, 1, 5]


def kept(W, rule):
    """Which flows a rule keeps, as a full matrix of truth values."""
    found = keep(net_of(W), rule)
    flows = found.network.weights
    pattern = np.zeros(flows.shape, dtype=bool)
    cells = flows.tocoo()
    pattern[cells.row, cells.col] = True
    assert found.edges == flows.nnz == pattern.sum()
    assert found.nodes == (pattern.any(axis=0) | pattern.any(axis=1)).sum()
    between = np.asarray(W, float) * ~np.eye(len(W), dtype=bool)
    assert (between[pattern] > 0).all()
    assert found.share_of_flow == pytest.approx(between[pattern].sum() / (between.sum() or 1))
    return pattern


def test_there_is_an_example_of_every_rule() -> None:
    assert {rule.partition(":")[0] for rule in TYPED if ":" in rule} | {""} == set(RULES)


@given(flows(), st.integers(1, 4))
@settings(max_examples=60)
def test_top_keeps_the_first_partners_of_every_sector(W, count) -> None:
    expected = np.zeros(W.shape, dtype=bool)
    flows = W * ~np.eye(len(W), dtype=bool)
    for i in range(len(W)):
        by_size = np.argsort(-flows, axis=1, kind="stable")[i, :count]
        expected[i, by_size] = True
        expected[np.argsort(-flows, axis=0, kind="stable")[:count, i], i] = True
    np.testing.assert_array_equal(kept(W, f"top:{count}"), expected & (flows > 0))


@given(flows(), st.integers(0, 10))
@settings(max_examples=40)
def test_above_keeps_what_is_above(W, least) -> None:
    expected = (least < W) & ~np.eye(len(W), dtype=bool)
    np.testing.assert_array_equal(kept(W, f"above:{least}"), expected)


@given(flows(), st.sampled_from([1, 5, 20, 50, 99]))
@settings(max_examples=60)
def test_filters_keep_what_passes_their_score(W, percent) -> None:
    weights = sparse.csr_array(W)
    cells, between = weights.tocoo(), W * ~np.eye(len(W), dtype=bool) > 0
    score, deviation = noise_corrected(weights)
    for rule, passes in (
        (f"disparity:{percent}%", np.exp(disparity(weights)) < percent / 100 * (1 - 1e-9)),
        (f"disparity:{percent / 100}", np.exp(disparity(weights)) < percent / 100 * (1 - 1e-9)),
        (f"noise:{percent / 20}", score > percent / 20 * deviation),
        (f"salience:{percent}%", salience(weights) > percent / 100 - 1e-9),
    ):
        expected = np.zeros(W.shape, dtype=bool)
        expected[cells.row, cells.col] = passes
        np.testing.assert_array_equal(kept(W, rule), expected & between)


@given(flows(), st.sampled_from(TYPED), st.sampled_from([1e6, 1e-6]))
@example(EQUAL_STRENGTHS, "5%+connected", 1e-6)
@settings(max_examples=150)
def test_the_unit_plays_no_part(W, rule, unit) -> None:
    other = f"above:{2 * unit:.6f}" if rule == "above:2" else rule
    np.testing.assert_array_equal(kept(W * unit, other), kept(W, rule))


@given(flows(), st.sampled_from([rule for rule in TYPED if not rule.endswith("connected")]))
@settings(max_examples=100)
def test_connected_adds_what_holds_the_pieces_together(W, rule) -> None:
    alone, held = kept(W, rule), kept(W, f"{rule} + Connected")
    assert held[alone].all()
    pieces, whole = (
        csgraph.connected_components(pattern, directed=False)[0]
        for pattern in (held, W * ~np.eye(len(W), dtype=bool) > 0)
    )
    assert pieces == whole
    assert (held & ~alone).sum() < len(W)


@given(flows(), st.integers(1, 30))
@settings(max_examples=60)
def test_every_method_keeps_the_number_of_flows_asked_for(W, edges) -> None:
    there = (W * ~np.eye(len(W), dtype=bool) > 0).sum()
    found = backbones_compared(net_of(W), edges)
    assert found["edges"].tolist() == [min(edges, there)] * 6
    assert found["share_of_flow"].idxmax() == "largest"
    assert found.loc["largest", "share_of_largest"] == 1
    assert found["share_connected"].le(1).all()
    assert not found.isna().any(axis=None)


def test_methods_are_compared_by_what_they_keep() -> None:
    # n0 and n1 trade most; n2 and n3 depend on them; n4 buys from n3 alone
    W = np.array(
        [
            [50, 90, 20, 0, 0],
            [80, 0, 10, 0, 0],
            [1, 2, 0, 30, 0],
            [0, 60, 0, 0, 5],
            [0, 0, 0, 0, 0],
        ]
    )
    carbon = net_of(np.where(W, 1.0, 0.0) + np.diag([9.0] * 5))
    other = FlowNetwork(carbon.nodes, carbon.weights, "embodied_co2", "Mt")
    found = backbones_compared(net_of(W), 4, other)
    assert found.loc["largest"].to_dict() == {
        "edges": 4,
        "nodes": 4,
        "share_of_flow": pytest.approx(260 / 298),
        "share_of_embodied_co2": pytest.approx(4 / 9),
        "share_of_largest": 1,
        "share_connected": 0.8,
        "reciprocity": 0.5,
    }
    # the tree n0 -> n1 -> ... of the root n0: 90, 30, 20, 5
    assert found.loc["connected"].to_dict() == {
        "edges": 4,
        "nodes": 5,
        "share_of_flow": pytest.approx(145 / 298),
        "share_of_embodied_co2": pytest.approx(4 / 9),
        "share_of_largest": 0.5,
        "share_connected": 1,
        "reciprocity": 0,
    }


def test_at_88_flows_guangdong_is_compared_with_its_carbon(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    net, carbon = (gm.network(table, weight=kind) for kind in ("money", "embodied_co2"))
    found = backbones_compared(net, other=carbon)
    assert found["edges"].tolist() == [88] * 6
    flows = keep(net, "5%").network.weights.tocoo()
    co2 = carbon.weights.toarray()
    assert found.loc["largest", "share_of_embodied_co2"] == pytest.approx(
        co2[flows.row, flows.col].sum() / between(co2).sum()
    )
    assert found.loc["connected", ["nodes", "share_connected"]].tolist() == [42, 1]
    # the filter's own rule, at the level of its 88th flow
    level = np.exp(np.sort(disparity(net.weights))[87]) * (1 + 1e-9)
    filtered = keep(net, f"disparity:{level:.15f}")
    assert filtered.share_of_flow == pytest.approx(found.loc["disparity", "share_of_flow"])


def test_what_cannot_be_compared_is_refused() -> None:
    net = net_of([[0, 1], [1, 0]])
    with pytest.raises(DataError, match="a number of edges to keep"):
        backbones_compared(net, 0)
    with pytest.raises(DataError, match="the other network has other nodes"):
        backbones_compared(net, other=net_of([[0, 1], [1, 0]], ids=["a", "b"]))


DEGENERATE = {
    "no node": np.zeros((0, 0)),
    "one node": np.zeros((1, 1)),
    "one loop": np.ones((1, 1)),
    "no edge": np.zeros((3, 3)),
    "pieces": np.kron(np.eye(2), [[0, 1], [2, 0]]),
    "all equal": np.ones((4, 4)),
    "a zero row": np.array([[0, 0, 0], [1, 0, 2], [3, 4, 0]]),
    "only loops": np.eye(3),
    "negative": np.array([[0, -1], [2, 0]]),
}


@pytest.mark.parametrize("W", DEGENERATE.values(), ids=DEGENERATE)
@pytest.mark.parametrize("rule", TYPED)
def test_degenerate_networks_have_backbones(W, rule) -> None:
    kept(np.maximum(W, 0), rule)
    found = keep(net_of(W), rule)
    if not (W * ~np.eye(len(W), dtype=bool) > 0).any():
        assert (found.edges, found.nodes, found.share_of_flow) == (0, 0, 0.0)


@pytest.mark.parametrize("W", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_networks_are_compared(W) -> None:
    found = backbones_compared(net_of(W), other=net_of(W))
    assert np.isfinite(found.to_numpy(float)).all()
    assert found["share_connected"].le(1).all()


def test_cells_stored_twice_or_out_of_order_are_one_flow() -> None:
    nodes = pd.DataFrame(index=pd.Index(["a", "b"]))
    weights = sparse.csr_array((np.array([3.0, 1.0, 2.0]), [1, 0, 1], [0, 3, 3]), (2, 2))
    found = keep(FlowNetwork(nodes, weights, "money", "10k_yuan"), "flow:100%")
    assert (found.edges, found.network.weights.toarray().tolist()) == (1, [[0, 5], [0, 0]])
    assert weights.nnz == 3  # what was handed in is as it was


def test_all_of_the_flow_is_all_of_it_however_small() -> None:
    assert keep(net_of([[0, 1e15, 1e-3], [0, 0, 0], [1, 0, 0]]), "flow:100%").edges == 3


@given(flows(), st.sampled_from(TYPED))
@settings(max_examples=60)
def test_rows_read_one_by_one_give_the_same_backbone(W, rule) -> None:
    whole = kept(W, rule)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge_scores, "CELLS", 1)
        np.testing.assert_array_equal(kept(W, rule), whole)


def test_methods_and_columns_have_names_in_every_language() -> None:
    net = net_of([[0, 1], [1, 0]])
    for weight in ("money", "direct_co2", "embodied_co2"):
        other = FlowNetwork(net.nodes, net.weights, weight, "Mt")
        found = backbones_compared(net, other=other)
        for key in [found.index.name, *found.index, *found.columns]:
            assert all(words(f"backbone.{key}")[tag] for tag in LANGUAGES)
        assert all(words(f"backbone.{method}.help") for method in found.index)


@given(flows(), st.integers(1, 20))
@settings(max_examples=30)
def test_of_equal_scores_the_larger_flow_comes_first(W, count) -> None:
    weights = sparse.csr_array(W)
    by_weight = leading(weights, count)
    np.testing.assert_array_equal(leading(weights, count, np.zeros(weights.nnz)), by_weight)


def test_a_score_without_deviation_is_certain() -> None:
    # half of what one supplies and half of what the other receives, and a third of everything
    W = sparse.csr_array([[0, 2, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 2, 0.0]])
    assert np.isinf(certainty(W)).tolist() == [True, False, False, True]
    assert (certainty(W) > 0).tolist() == [True, False, False, True]


def test_a_number_of_flows_beyond_all_keeps_all() -> None:
    assert largest(net_of([[0, 1], [2, 0]]), 99).edges == 2
