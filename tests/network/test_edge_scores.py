"""Scores of flows against netbone, networkx and the papers' formulas written out."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import flows
from scipy import sparse

import graphmap as gm
from graphmap.errors import DataError
from graphmap.network import edge_scores
from graphmap.network.edge_scores import (
    alike,
    disparity,
    flows_between,
    noise_corrected,
    partner_rank,
    salience,
    strengths,
)

SMALL = [
    [50, 120, 30, 0, 75, 4, 0, 18, 9],
    [0, 0, 64, 11, 0, 0, 27, 0, 3],
    [15, 8, 90, 210, 0, 36, 0, 5, 0],
    [0, 0, 0, 0, 140, 2, 19, 0, 7],
    [22, 0, 6, 0, 31, 88, 0, 45, 0],
    [0, 17, 0, 1, 0, 0, 52, 13, 6],
    [0, 0, 0, 0, 0, 0, 0, 33, 0],
    [3, 0, 41, 0, 12, 0, 0, 0, 160],
    [0, 0, 0, 0, 0, 24, 0, 0, 0],
]

# Supplier, user, p, score, standard deviation, number of trees: netbone 0.2.3 (networkx 2.8.8,
# numpy 1.26.4), in an environment of its own. netbone means undirected networks: its disparity and
# noise_corrected read ``graph.degree``, which for a DiGraph adds both directions up. So each sector
# was given to it twice, as a supplier and as a user:
#     W = np.array(SMALL, float); np.fill_diagonal(W, 0)
#     g = nx.Graph()
#     for i, j in np.argwhere(W): g.add_edge(f"s{i}", f"u{j}", weight=W[i, j])
#     disparity(g).graph["s0"]["u1"].get("p_value", 1.0)       # the smaller of both sides
#     noise_corrected(g, approximation=False).graph["s0"]["u1"]    # ["score"], ["nc_sdev"]
# high_salience_skeleton follows the direction of a DiGraph, and was given one:
#     d = nx.DiGraph([(i, j, {"weight": W[i, j]}) for i, j in np.argwhere(W)])
#     9 * high_salience_skeleton(d).graph[0][1]["salience"]
NETBONE = """
0 1 0.02972651605 0.6216877293 0.004148460375 6
0 2 0.4878784084 0.0485529021 0.06002725336 0
0 4 0.1766823015 0.2623602138 0.01943241815 1
0 5 0.9000821579 -0.7628331247 0.2139793616 0
0 7 0.5028813468 -0.1002035739 0.09564408665 0
0 8 0.8191506074 -0.597463487 0.1595186376 0
1 2 0.05953655113 0.7029166541 0.0003488961951 2
1 3 0.7174896879 -0.230208993 0.1391365996 0
1 6 0.4099358601 0.5535016923 0.0253232709 1
1 8 0.9167113703 -0.6600435842 0.2743872089 0
2 0 0.390625 0.289465154 0.05900093903 0
2 1 0.888227664 -0.578529143 0.1709699313 0
2 3 0.00292184076 0.6414373629 0.007737471928 8
2 5 0.3447030657 0.06160209936 0.05169531769 0
2 7 0.8357696312 -0.6498177785 0.2119473384 0
3 4 0.00462962963 0.6591591592 0.005824939787 7
3 5 0.9490551898 -0.8140513252 0.2795280263 0
3 6 0.6498334027 0.2095635892 0.06903363653 0
3 8 0.8570242202 -0.540062435 0.1861578012 0
4 0 0.2025 0.6383241604 0.01576801316 8
4 2 0.8776956936 -0.4809668265 0.2044004339 0
4 5 0.03373594336 0.649510185 0.001159598951 7
4 7 0.1342075529 0.5295293756 0.01492278735 5
5 1 0.4283215832 0.2718706802 0.06870362313 2
5 3 0.9558080018 -0.8742174161 0.3407773333 0
5 6 0.02987080108 0.7754203466 0.001506932608 7
5 7 0.531733892 0.2589833479 0.08499873005 0
5 8 0.756401433 -0.3484296302 0.2028367475 0
6 7 0.2548711451 0.8416666667 0.004794384247 3
7 0 0.855625 -0.3694721826 0.2906835062 0
7 2 0.3567324874 0.2818844168 0.03354829489 6
7 4 0.8424211248 -0.5099778271 0.1394715583 0
7 8 0.0003334825557 0.6830080914 0.007135692717 8
8 5 0.507797462 0.7918918919 0.003785446986 1
"""

UNITS = st.sampled_from([1e6, 1e-6, 1 / 3, 1e-30])


def csr(W):
    return sparse.csr_array(np.asarray(W, float))


def of_flows(weights, scores):
    """The scores by supplier and user, those of cells that are no flows left out."""
    cells = weights.tocoo()
    there = flows_between(weights)
    return {
        (int(i), int(j)): score
        for i, j, score in zip(cells.row[there], cells.col[there], scores[there], strict=True)
    }


def test_scores_are_those_of_netbone() -> None:
    weights = csr(SMALL)
    p = of_flows(weights, np.exp(disparity(weights)))
    total = sum(of_flows(weights, weights.data).values())  # netbone takes weights as counts
    score, deviation = (of_flows(weights, part) for part in noise_corrected(weights, total))
    trees = of_flows(weights, salience(weights))
    expected = [line.split() for line in NETBONE.split("\n") if line]
    assert {(int(i), int(j)) for i, j, *_ in expected} == set(p)
    for i, j, *figures in expected:
        edge = int(i), int(j)
        found = [p[edge], score[edge], deviation[edge], 9 * trees[edge]]
        np.testing.assert_allclose(found, np.array(figures, float), rtol=1e-9, atol=1e-12)


def written_out(W, N):
    """p, score and standard deviation of each flow, a flow at a time, as the papers have them."""
    W = np.array(W, float)
    np.fill_diagonal(W, 0)
    n = W * (N / W.sum())  # in observations
    for i, j in np.argwhere(W > 0).tolist():
        sides = []
        for line, partner in ((W[i], j), (W[:, j], i)):
            k = np.count_nonzero(line)
            sides.append((1 - line[partner] / line.sum()) ** (k - 1) if k > 1 else 1.0)
        ni, nj, w = n[i].sum(), n[:, j].sum(), n[i, j]
        mean = ni * nj / N**2
        variance = ni * nj * (N - ni) * (N - nj) / (N**4 * (N - 1))
        alpha = mean**2 / variance * (1 - mean) - mean
        beta = mean / variance * (1 - mean**2) - (1 - mean)
        posterior = (alpha + w) / (alpha + beta + N)
        kappa = N / (ni * nj)
        change = 1 / (ni * nj) - N * (ni + nj) / (ni * nj) ** 2
        slope = 2 * (kappa + w * change) / (kappa * w + 1) ** 2
        yield (
            (i, j),
            min(sides),
            (kappa * w - 1) / (kappa * w + 1),
            math.sqrt(N * posterior * (1 - posterior)) * abs(slope),
        )


@pytest.mark.parametrize("kind", ["money", "embodied_co2"])
def test_scores_of_guangdong_are_the_papers_formulas(data, kind) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    weights = gm.network(table, weight=kind).weights
    flow = int(flows_between(weights).sum())
    p = of_flows(weights, np.exp(disparity(weights)))
    score, deviation = (of_flows(weights, part) for part in noise_corrected(weights))
    lines = list(written_out(weights.toarray(), flow))
    assert len(lines) == len(p) == flow > 1000
    for edge, *figures in lines:
        found = [p[edge], score[edge], deviation[edge]]
        np.testing.assert_allclose(found, figures, rtol=1e-8, atol=1e-12)


@given(flows())
@settings(max_examples=60)
def test_salience_counts_the_trees_of_networkx(W) -> None:
    W = W * np.random.default_rng(1).uniform(1, 2, W.shape)  # shortest paths are then the only ones
    np.fill_diagonal(W, 0)
    graph = nx.from_numpy_array(W, create_using=nx.DiGraph)
    for _, _, edge in graph.edges(data=True):
        edge["length"] = 1 / edge["weight"]
    count = dict.fromkeys(graph.edges, 0)
    for root in graph:
        paths = nx.single_source_dijkstra_path(graph, root, weight="length")
        for edge in {e for path in paths.values() for e in nx.utils.pairwise(path)}:
            count[edge] += 1
    found = of_flows(csr(W), salience(csr(W)))
    assert {edge: round(share * len(W)) for edge, share in found.items()} == count


def test_of_routes_of_equal_length_the_first_last_supplier_is_taken() -> None:
    # from n0 to n3 through n1 or n2, both of length 2
    W = [[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]]
    found = of_flows(csr(W), 4 * salience(csr(W)))
    assert found == {(0, 1): 1, (0, 2): 1, (1, 3): 2, (2, 3): 1}


def test_a_step_too_short_to_be_seen_in_a_sum_is_on_the_tree_all_the_same() -> None:
    W = [[0, 1e-20, 0], [0, 0, 1], [0, 0, 0]]
    assert of_flows(csr(W), 3 * salience(csr(W))) == {(0, 1): 1, (1, 2): 2}
    # from n2 both others are equally far, and yet not each behind the other
    W = [[0, 1, 0], [1, 0, 0], [1e-20, 0, 0]]
    assert of_flows(csr(W), 3 * salience(csr(W))) == {(0, 1): 2, (1, 0): 1, (2, 0): 1}


@given(flows(), UNITS)
@settings(max_examples=80)
def test_scores_do_not_depend_on_the_unit(W, unit) -> None:
    for scores in (disparity, lambda weights: np.stack(noise_corrected(weights))):
        np.testing.assert_allclose(scores(csr(W * unit)), scores(csr(W)), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(salience(csr(W * unit)), salience(csr(W)))
    np.testing.assert_array_equal(partner_rank(csr(W * unit)), partner_rank(csr(W)))


@given(flows())
@settings(max_examples=60)
def test_the_place_among_partners_is_the_better_of_two(W) -> None:
    np.fill_diagonal(W, 0)
    for (i, j), place in of_flows(csr(W), partner_rank(csr(W))).items():
        before = [
            sum((line > line[k]) | ((line == line[k]) & (np.arange(len(line)) < k)))
            for line, k in ((W[i], j), (W[:, j], i))
        ]
        assert place == min(before) + 1


@given(flows())
@settings(max_examples=40)
def test_rows_read_one_by_one_give_the_same_scores(W) -> None:
    whole = [disparity(csr(W)), *noise_corrected(csr(W)), partner_rank(csr(W)), salience(csr(W))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge_scores, "CELLS", 1)
        parts = [
            disparity(csr(W)),
            *noise_corrected(csr(W)),
            partner_rank(csr(W)),
            salience(csr(W)),
        ]
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)


@given(flows())
@settings(max_examples=40)
def test_what_a_sector_supplies_to_itself_plays_no_part(W) -> None:
    without = W * ~np.eye(len(W), dtype=bool)
    for scores in (disparity, lambda w: noise_corrected(w)[0], lambda w: noise_corrected(w)[1]):
        with_loops, plain = (of_flows(csr(M), scores(csr(M))) for M in (W, without))
        assert with_loops == plain
    of = strengths(csr(W))
    np.testing.assert_allclose(of.supplied, without.sum(axis=1))
    np.testing.assert_allclose(of.received, without.sum(axis=0))
    np.testing.assert_array_equal(of.users, (without > 0).sum(axis=1))
    np.testing.assert_array_equal(of.suppliers, (without > 0).sum(axis=0))


def test_a_flow_below_the_smallest_p_still_has_its_place() -> None:
    W = np.zeros((1300, 1300))
    W[0, 1:], W[0, 1], W[0, 2] = 1e-3, 500.0, 400.0
    W[1:4, 4:] = 1.0
    p = of_flows(csr(W), disparity(csr(W)))
    assert -math.inf < p[0, 1] < p[0, 2] < -700


@pytest.mark.parametrize(
    "W",
    [
        [[0.0]],
        [[5.0]],
        np.zeros((3, 3)),
        np.eye(3),
        [[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]],
        np.ones((4, 4)),
        [[0, 0, 0], [1, 0, 2], [3, 4, 0]],
        [[0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 7], [0, 0]],
    ],
    ids=["one", "one with a loop", "none", "loops", "pieces", "equal", "zero row", "star", "pair"],
)
def test_degenerate_networks_have_finite_scores(W) -> None:
    weights = csr(W)
    score, deviation = noise_corrected(weights)
    for scores in (np.exp(disparity(weights)), score, deviation, salience(weights)):
        assert len(scores) == weights.nnz
        assert np.isfinite(scores).all()
    assert (disparity(weights) <= 0).all()
    assert (deviation >= 0).all()


def test_who_has_a_single_partner_is_no_surprise_and_a_star_is_all_size() -> None:
    pair, star = csr([[0, 7], [0, 0]]), csr([[0, 1, 2, 3], *np.zeros((3, 4))])
    assert np.exp(disparity(pair)).tolist() == [1.0]
    assert noise_corrected(pair)[0].tolist() == [0.0]
    assert noise_corrected(star)[0].tolist() == [0.0, 0.0, 0.0]
    for seed in range(20):
        W = np.zeros((30, 30))
        W[3] = np.random.default_rng(seed).lognormal(0, 5, 30)
        assert not of_flows(csr(W), noise_corrected(csr(W))[0])[3, 0]
        assert not noise_corrected(csr(W.T))[0][[0, 1, 2, *range(4, 30)]].any()


@pytest.mark.parametrize("observations", [1, 0, -5, float("nan")])
def test_one_observation_says_nothing(observations) -> None:
    with pytest.raises(DataError, match="too few observations"):
        noise_corrected(csr(SMALL), observations)


def test_scores_equal_but_for_rounding_are_alike() -> None:
    near = alike(np.array([0.1 + 0.2, 0.3, -0.3, -(0.1 + 0.2), 0.0, -np.inf, 0.3 + 1e-11]))
    assert near[0] == near[1] == -near[2] == -near[3] != near[6]
    assert near[4:6].tolist() == [0.0, -np.inf]
    np.testing.assert_allclose(near[:4], [0.3, 0.3, -0.3, -0.3], rtol=1e-12)
