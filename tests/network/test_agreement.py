"""Other weights and other methods."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from made import net_of
from scipy import stats

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import keep, key_sectors
from graphmap.network.agreement import method_agreement, weight_robustness


def nodes_of(direct, through, product, **more):
    return pd.DataFrame(
        {"direct_co2": direct, "transmission": through, "footprint": product, **more},
        index=[f"n{i}" for i in range(len(direct))],
        dtype=float,
    )


def test_weights_are_drawn_evenly_from_the_simplex() -> None:
    """The first leads if the first weight is above one half: a quarter of the simplex."""
    found = weight_robustness(nodes_of([1, 0], [0, 1], [0, 1]), draws=40_000, top=1)
    assert found["share_top"].tolist() == pytest.approx([0.25, 0.75], abs=0.01)
    assert found["rank"].tolist() == [2, 1]
    assert found[["rank_low", "rank_high"]].values.tolist() == [[1, 2], [1, 2]]
    # the first leads the third part of all draws where each part is another sector's
    even = weight_robustness(nodes_of([1, 0, 0], [0, 1, 0], [0, 0, 1]), draws=40_000, top=1)
    assert even["share_top"].tolist() == pytest.approx([1 / 3] * 3, abs=0.01)


def test_who_leads_in_every_part_leads_with_any_weights() -> None:
    nodes = nodes_of([5, 3, 1], [5, 3, 1], [5, 3, 1])
    found = weight_robustness(nodes, draws=200, top=2)
    assert found["rank_low"].tolist() == found["rank_high"].tolist() == [1, 2, 3]
    assert found["share_top"].tolist() == [1, 1, 0]
    pd.testing.assert_frame_equal(found, weight_robustness(nodes * 1e6, draws=200, top=2))
    assert found.attrs == {"draws": 200, "seed": 1, "top": 2}


def test_weights_of_the_sample() -> None:
    key = key_sectors(gm.network(sample.table()))
    found = weight_robustness(key, draws=500, seed=5)
    pd.testing.assert_frame_equal(found, weight_robustness(key, draws=500, seed=5))
    assert not found.equals(weight_robustness(key, draws=500, seed=6))
    assert found["share_top"].groupby(key["region"]).sum().tolist() == pytest.approx([5, 5])
    assert found.loc["CN-GD.24", "share_top"] == 1
    assert not found.isna().any().any()


def test_without_a_part_of_the_score_nothing_is_drawn() -> None:
    with pytest.raises(DataError, match="no such measure; found 'betweenness'"):
        weight_robustness(pd.DataFrame({"gross_output": [1.0, 2.0]}))
    with pytest.raises(DataError, match="a number of draws"):
        weight_robustness(nodes_of([1], [1], [1]), draws=0)
    silent = weight_robustness(nodes_of([0, 0], [0, 0], [0, 0]), draws=10)
    assert not silent["share_top"].any()


def test_agreement_counts_who_is_first_by_each_method() -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    found = method_agreement(net, rules=["5%", "flow:80%"], top=4)
    values = {name: net.nodes[name] for name in ("direct_co2", "footprint", "transmission")}
    values["gross_output"] = net.nodes["gross_output"]
    values["priority"] = key_sectors(net)["priority"].loc[net.nodes.index]
    for suffix, kept in (("", net), (" 5%", keep(net, "5%").network)):
        pagerank = nx.pagerank(kept.to_networkx(), alpha=0.85, tol=1e-12, max_iter=1000)
        values[f"pagerank{suffix}"] = pd.Series(pagerank)
    assert set(values) < set(found.ranks)
    assert {"betweenness", "betweenness 5%", "betweenness flow:80%"} < set(found.ranks)
    for name, value in values.items():
        leaders = value.nlargest(4).index
        assert found.ranks.loc[leaders, name].tolist() == [1, 2, 3, 4]
    first = found.ranks <= 4
    node = "CN-GD.24"
    assert found.sectors.loc[node, "times"] == first.loc[node].sum()
    assert (found.sectors["of"] == 11).all()
    by_table = first.loc[node, ["direct_co2", "footprint", "transmission"]].sum()
    by_table += first.loc[node, ["gross_output", "priority"]].sum()
    through = first.loc[node, [c for c in first if c.startswith("betw")]].mean()
    pagerank = first.loc[node, [c for c in first if c.startswith("page")]].mean()
    assert found.sectors.loc[node, "share"] == pytest.approx((by_table + through + pagerank) / 7)


@pytest.mark.parametrize("kind", ["kendall", "spearman"])
def test_correlations_are_scipys(kind) -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    found = method_agreement(net, rules=[], correlation=kind).correlation
    one, other = net.nodes["direct_co2"], net.nodes["transmission"]
    wanted = stats.kendalltau(one, other) if kind == "kendall" else stats.spearmanr(one, other)
    assert found.loc["direct_co2", "transmission"] == pytest.approx(wanted.statistic)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.diag(found), 1.0)


DEGENERATE = {
    "one node": [[4.0]],
    "no edge": np.zeros((3, 3)),
    "apart": [[0, 2, 0, 0], [1, 0, 0, 0], [0, 0, 0, 3], [0, 0, 1, 0]],
    "all alike": np.ones((4, 4)),
    "a zero row": [[0, 0, 0], [1, 0, 2], [3, 1, 0]],
    "loops only": np.diag([2.0, 1.0, 4.0]),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_degenerate_networks_have_figures_for_all(case) -> None:
    W = np.asarray(DEGENERATE[case], float)
    net = net_of(W, gross_output=W.sum(axis=1) + 1)
    found = method_agreement(net, top=2)
    for frame in (found.sectors, found.ranks, found.correlation):
        assert np.isfinite(frame.to_numpy(float)).all()
    np.testing.assert_array_equal(np.diag(found.correlation), 1.0)
    scaled = method_agreement(net_of(W * 1e6, gross_output=W.sum(axis=1) + 1), top=2)
    pd.testing.assert_frame_equal(found.ranks, scaled.ranks)
    if case == "all alike":
        assert found.ranks["gross_output"].tolist() == [1, 2, 3, 4]
        assert found.correlation.loc["gross_output", "pagerank"] == 0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"methods": ["pagerakn"]}, "unknown method; found 'pagerakn'; expected one of pagerank"),
        ({"methods": []}, "no method to compare"),
        ({"rules": ["5"]}, "cannot read what to keep|5"),
        ({"top": 0}, "a number of top"),
        ({"correlation": "pearson"}, "unknown correlation"),
    ],
)
def test_what_cannot_be_compared_is_refused(asked, message) -> None:
    net = gm.network(sample.table().select(["CN-GD"]))
    with pytest.raises(DataError, match=message):
        method_agreement(net, **asked)
