"""Layouts by force, in groups, by two measures and region by region."""

from __future__ import annotations

import time

import igraph
import numpy as np
import pandas as pd
import pytest
from made import net_of, studied

import graphmap as gm
from graphmap.classification import region
from graphmap.network.axes import axes_layout
from graphmap.network.layout import Boxes, Layout, boxes
from graphmap.network.layouts import CLEAR, force_layout, grouped_layout, regions_layout
from graphmap.study import SIZES, radii

ROUNDING = 0.02

DEGENERATE = {
    "one": [[0.0]],
    "one loop": [[3.0]],
    "no edges": np.zeros((3, 3)),
    "only loops": np.diag([1.0, 2.0, 3.0]),
    "two": [[0.0, 1.0], [0.0, 0.0]],
    "all equal": np.ones((6, 6)),
    "zero row": [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]],
    "disconnected": np.kron(np.eye(4), [[0.0, 1.0], [1.0, 0.0]]),
    "far apart": [[0.0, 1e-9, 0.0], [0.0, 0.0, 1e12], [0.0, 0.0, 0.0]],
}


def covering(places, covered):
    """How many pairs of boxes cover one another."""
    x, y = places.to_numpy().T
    top, bottom = y - covered.above, y + covered.below
    across = covered.half[:, None] + covered.half - np.abs(x[:, None] - x)
    down = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    return int(np.triu((across > ROUNDING) & (down > ROUNDING), 1).sum())


def readable(found, covered):
    """Finite, on the canvas, and no box on another."""
    x, y = found.positions.to_numpy().T
    assert np.isfinite(found.positions.to_numpy()).all()
    assert (x - covered.half >= -ROUNDING).all()
    assert (x + covered.half <= found.width + ROUNDING).all()
    assert (y - covered.above >= -ROUNDING).all()
    assert (y + covered.below <= found.height + ROUNDING).all()
    assert covering(found.positions, covered) == 0


def room(study):
    largest = [radii(study.sectors[size]) for size in SIZES if size in study.sectors]
    return boxes([list(label.values()) for label in study.labels], np.max(largest, axis=0))


def chance(n, seed, density=0.1):
    random = np.random.default_rng(seed)
    covered = boxes([["Some sector", "部门"]] * n, random.uniform(6, 30, n))
    return net_of(random.random((n, n)) * (random.random((n, n)) < density)), covered


def tie_lengths(net, positions):
    """The mean distance of partners over that of all pairs."""
    flows, at = net.without_loops().weights.tocoo(), positions.to_numpy()
    far = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
    return np.average(far[flows.row, flows.col], weights=np.sqrt(flows.data)) / far.mean()


@pytest.fixture(scope="module")
def provinces(data):
    return gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")


@pytest.fixture(scope="module", params=["sample", "CN-HE", "CN-XZ"])
def study(request):
    if request.param != "sample":
        return gm.study(request.getfixturevalue("provinces").select([request.param]))
    return studied("CN-GD")


def test_no_label_covers_another_by_force_or_in_groups(study) -> None:
    net, covered = study.backbone.network, room(study)
    force = force_layout(net, covered)
    readable(force, covered)
    assert (force.width, force.height) == (1000.0, 620.0)
    for groups in ("group", "community"):
        found = grouped_layout(net, study.sectors[groups], covered)
        readable(found, covered)
        # drawn as wide as the others, its labels shrink by no more than this
        assert max(found.width / 1000, found.height / 620) < 1.35


@pytest.mark.parametrize("W", DEGENERATE.values(), ids=DEGENERATE.keys())
def test_degenerate_networks_have_places_apart(W) -> None:
    n = len(W)
    covered = boxes([["a label"]] * n, np.full(n, 30.0))
    net = net_of(W)
    readable(force_layout(net, covered), covered)
    for groups in (
        ["a"] * n,
        [f"g{i}" for i in range(n)],
        [None, "b"] * (n // 2) + ["b"] * (n % 2),
    ):
        found = grouped_layout(net, pd.Series(groups, index=net.nodes.index, dtype=object), covered)
        readable(found, covered)


def test_partners_stand_nearer_by_force_than_by_chance(study) -> None:
    net = study.backbone.network
    found = force_layout(net, room(study)).positions
    random = np.random.default_rng(0)
    by_chance = [tie_lengths(net, found.sample(frac=1, random_state=random)) for _ in range(50)]
    assert tie_lengths(net, found) < min(by_chance)


def test_sectors_without_flows_stand_in_rows_below_all_others(study) -> None:
    net, covered = study.backbone.network, room(study)
    flows = net.without_loops().weights
    idle = (flows.sum(axis=0) == 0) & (flows.sum(axis=1) == 0)
    assert idle.sum() > 3
    y = force_layout(net, covered).positions["y"].to_numpy()
    assert len(set(y[idle])) == np.ceil(2 * covered.half[idle].sum() / 1000)
    assert (y[idle] - covered.above[idle]).min() >= (y + covered.below)[~idle].max() - ROUNDING


def test_the_same_seed_gives_the_same_places_and_leaves_chance_alone() -> None:
    net, covered = chance(30, 3)
    found = force_layout(net, covered, seed=7)
    pd.testing.assert_frame_equal(found.positions, force_layout(net, covered, seed=7).positions)
    assert not found.positions.equals(force_layout(net, covered, seed=8).positions)
    groups = pd.Series(np.arange(30) % 4, index=net.nodes.index)
    pd.testing.assert_frame_equal(
        grouped_layout(net, groups, covered).positions,
        grouped_layout(net, groups, covered).positions,
    )
    assert len({igraph.Graph.Erdos_Renyi(20, 0.5).ecount() for _ in range(8)}) > 1


def test_groups_stand_clear_of_one_another(study) -> None:
    net, covered, groups = study.backbone.network, room(study), study.sectors["group"]
    at = grouped_layout(net, groups, covered).positions
    box = pd.DataFrame(
        {
            "left": at["x"] - covered.half,
            "right": at["x"] + covered.half,
            "top": at["y"] - covered.above,
            "bottom": at["y"] + covered.below,
        }
    )
    low = box.groupby(groups)[["left", "top"]].min().to_numpy()
    high = box.groupby(groups)[["right", "bottom"]].max().to_numpy()
    gap = np.maximum(low[:, None] - high, low - high[:, None]).max(axis=2)
    np.fill_diagonal(gap, np.inf)
    assert gap.min() >= 2 * CLEAR - ROUNDING


def test_the_strongest_of_a_group_stands_in_its_middle_and_tied_groups_side_by_side() -> None:
    n = 36
    W = np.zeros((n, n))
    W[0, 1:12] = 9.0
    W[12, 13:24] = W[24, 25:] = 5.0
    pairs = [(0, 12), (12, 24), (24, 0)]
    for far in range(3):
        tied = W.copy()
        for i, (supplier, user) in enumerate(pairs):
            tied[supplier, user] = 0.0 if i == far else 8.0
        net = net_of(tied)
        groups = pd.Series(np.repeat(["a", "b", "c"], 12), index=net.nodes.index)
        covered = boxes([["a label"]] * n, np.full(n, 9.0))
        at = grouped_layout(net, groups, covered).positions
        middle = at.groupby(groups).mean()
        apart_by = at.sub(middle.loc[groups].set_axis(at.index)).pow(2).sum(axis=1)
        assert apart_by.groupby(groups).idxmin().tolist() == ["n0", "n12", "n24"]
        distance = [np.hypot(*(middle.iloc[i // 12] - middle.iloc[j // 12])) for i, j in pairs]
        assert int(np.argmax(distance)) == far


def test_axes_keep_true_places_with_larger_values_right_and_up() -> None:
    ids = list("abcd")
    output = pd.Series([1.0, 10.0, 100.0, 1000.0], ids)
    intensity = pd.Series([0.2, 20.0, 2.0, 200.0], ids)
    covered = boxes([["label"]] * 4, np.full(4, 20.0))
    found = axes_layout(output, intensity, covered)
    at = found.layout.positions
    np.testing.assert_allclose(np.diff(at["x"]), np.diff(at["x"])[0], atol=ROUNDING)
    assert at["y"].sort_values().index.tolist() == ["d", "b", "c", "a"]
    ticks = dict(found.x_ticks)
    assert list(ticks) == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    assert [ticks[v] for v in output] == pytest.approx(at["x"].tolist())
    heights = dict(found.y_ticks)
    assert heights[2.0] == pytest.approx(at["y"]["c"])
    readable(found.layout, covered)


def test_a_wide_range_has_ticks_at_powers_of_ten_and_a_narrow_one_at_least_two() -> None:
    wide, narrow = pd.Series([1e-3, 1.0, 1e5]), pd.Series([3.0, 3.0, 3.0])
    found = axes_layout(wide, narrow, boxes([["a"]] * 3, np.full(3, 9.0)))
    assert [value for value, _ in found.x_ticks] == [10.0**k for k in range(-3, 6)]
    assert len(found.y_ticks) >= 2
    assert found.layout.positions["y"].nunique() == 1


def test_sectors_without_a_value_stand_beside_the_axes() -> None:
    output = pd.Series([1.0, 100.0, 0.0, np.nan, 10.0, -1.0, np.nan])
    intensity = pd.Series([1.0, 5.0, 2.0, 3.0, 0.0, 0.0, np.nan])
    covered = boxes([["label"]] * 7, np.full(7, 20.0))
    found = axes_layout(output, intensity, covered)
    at = found.layout.positions
    on_scale = at.iloc[[0, 1]]
    assert (at["x"][[2, 3]] + covered.half[0] <= on_scale["x"].min() - covered.half[0] + 0.1).all()
    assert on_scale["y"].max() > at["y"][2] > at["y"][3] > on_scale["y"].min()
    assert at["y"][4] > on_scale["y"].max() + covered.above[0]
    assert on_scale["x"].min() < at["x"][4] < on_scale["x"].max()
    assert at["y"][5] == at["y"][6] > at["y"][4]
    readable(found.layout, covered)


def test_axes_without_any_value_have_no_ticks() -> None:
    nothing = pd.Series([0.0, np.nan])
    covered = boxes([["a"]] * 2, np.full(2, 9.0))
    found = axes_layout(nothing, nothing, covered)
    assert (found.x_ticks, found.y_ticks) == ([], [])
    readable(found.layout, covered)


def regional(regions, codes=("01", "02")):
    nodes = pd.DataFrame([(r, c) for r in regions for c in codes], columns=["region", "code"])
    return nodes.set_axis(nodes["region"] + "." + nodes["code"])


WITHIN = Layout(pd.DataFrame({"x": [20.0, 80.0], "y": [30.0, 50.0]}, index=["01", "02"]), 100, 80)


def test_sectors_stand_at_the_same_place_within_every_region() -> None:
    codes = [f"CN-{r}" for r in ("HL", "XJ", "HI", "GD", "BJ")]
    nodes = regional(codes)
    found = regions_layout(nodes, {code: region(code).tile for code in codes}, WITHIN)
    corner = found.boxes.loc[nodes["region"], ["x", "y"]].to_numpy()
    inside = found.layout.positions.to_numpy() - corner
    np.testing.assert_allclose(inside, WITHIN.positions.loc[nodes["code"]].to_numpy())
    box = found.boxes
    assert box["x"]["CN-XJ"] == box["x"].min()
    assert box["x"]["CN-HL"] == box["x"].max()
    assert box["y"]["CN-HL"] == box["y"].min()
    assert box["y"]["CN-HI"] == box["y"].max()
    assert box["y"].nunique() == 5  # rows without a region are left out
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    assert right.max() < found.layout.width
    assert bottom.max() < found.layout.height


@pytest.mark.parametrize(
    ("regions", "tiles", "expected"),
    [
        (["A"], {}, {"A": (0, 0)}),
        (["A", "B", "C"], {"A": (1, 9), "B": (4, 6)}, {"B": (0, 0), "A": (0, 1), "C": (0, 2)}),
        (list("ABCDE"), {}, {"A": (0, 0), "C": (2, 0), "D": (0, 1), "E": (1, 1)}),
        (
            list("ABCDE"),
            {"A": (1, 1), "B": (1, 1), "C": (5, 4), "D": (5, 1)},
            {"A": (0, 0), "D": (1, 0), "C": (1, 1), "B": (0, 2), "E": (1, 2)},
        ),
    ],
    ids=["one", "three", "unknown", "taken and unknown"],
)
def test_cells_stand_on_a_grid_without_empty_rows(regions, tiles, expected) -> None:
    box = regions_layout(regional(regions), tiles, WITHIN).boxes
    for code, (column, row) in expected.items():
        assert sorted(set(box["x"])).index(box["x"][code]) == column
        assert sorted(set(box["y"])).index(box["y"][code]) == row
    assert not box[["x", "y"]].duplicated().any()


def test_all_31_provinces_have_cells_and_labels_apart(provinces) -> None:
    nodes = provinces.index[["region", "code"]]
    covered = boxes([["a label"]] * 42, np.full(42, 9.0))
    grid = [[110.0 * (i % 9) + 60, 110.0 * (i // 9) + 20] for i in range(42)]
    codes = nodes["code"].unique()
    within = Layout(pd.DataFrame(grid, index=codes, columns=["x", "y"]), 1010, 600)
    tiles = {code: region(code).tile for code in provinces.regions}
    assert None not in tiles.values()
    found = regions_layout(nodes, tiles, within)
    every = Boxes(*(np.tile(a, 31) for a in (covered.half, covered.above, covered.below)))
    readable(found.layout, every)
    assert list(found.layout.positions.index) == list(nodes.index)


def test_1302_sectors_with_6000_flows_have_places_apart_in_little_time() -> None:
    n = 1302
    net, covered = chance(n, 5, 6000 / n**2)
    groups = pd.Series(np.arange(n) % 9, index=net.nodes.index)
    started = time.process_time()
    readable(force_layout(net, covered), covered)
    readable(grouped_layout(net, groups, covered), covered)
    assert time.process_time() - started < 20
