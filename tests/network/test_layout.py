"""The chain layout: order, room for every label, and lines that do not run through them."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from made import net_of, placed, studied

import graphmap as gm
from graphmap.i18n import LANGUAGES
from graphmap.network import keep, layout
from graphmap.network.crossings import BEND
from graphmap.network.layout import FONT, LINE, boxes, chain_layout, text_width, wrapped
from graphmap.study import SIZES, radii

ROUNDING = 0.01


def drawn(study, size, tag):
    """Left, right, top and bottom of each dot with its label below, around the dot's centre."""
    found = []
    for radius, label in zip(radii(study.sectors[size]), study.labels, strict=True):
        lines = label[tag].split("\n")
        half = max(radius, *(text_width(line, FONT) / 2 for line in lines))
        found.append((-half, half, -radius, radius + 2 + len(lines) * FONT * LINE))
    return np.array(found)


def overlapping(places, around):
    """Pairs of positions whose boxes cover one another."""
    box = np.column_stack([places["x"], places["x"], places["y"], places["y"]]) + around * (
        1,
        1,
        1,
        1,
    )
    return [
        (i, j)
        for i, j in itertools.combinations(range(len(box)), 2)
        if box[i, 0] < box[j, 1] - ROUNDING
        and box[j, 0] < box[i, 1] - ROUNDING
        and box[i, 2] < box[j, 3] - ROUNDING
        and box[j, 2] < box[i, 3] - ROUNDING
    ]


def no_label_is_covered(study):
    for size in (size for size in SIZES if size in study.sectors):
        for tag in LANGUAGES:
            around = drawn(study, size, tag)
            assert overlapping(placed(study).positions, around) == [], (size, tag)


def through_boxes(backbone, x, y, covered):
    """Sum over edges of the square root of the flow, times the boxes of others it runs through."""
    flows = backbone.without_loops().weights.tocoo()
    t = np.linspace(0.05, 0.95, 37)
    total = 0.0
    for i, j, flow in zip(flows.row, flows.col, flows.data, strict=True):
        along = 3 * BEND * t * (1 - t) ** 2 + 3 * (1 - BEND) * t**2 * (1 - t) + t**3
        rise = 3 * t**2 * (1 - t) + t**3
        at, height = x[i] + (x[j] - x[i]) * along, y[i] + (y[j] - y[i]) * rise
        for k in set(range(len(x))) - {i, j}:
            inside = (np.abs(at - x[k]) < covered.half[k]) & (
                (height > y[k] - covered.above[k]) & (height < y[k] + covered.below[k])
            )
            total += np.sqrt(flow) * inside.any()
    return total


def room(study):
    labels = [list(label.values()) for label in study.labels]
    largest = [radii(study.sectors[size]) for size in SIZES if size in study.sectors]
    return boxes(labels, np.max(largest, axis=0))


@pytest.mark.parametrize("regions", [("CN-GD",), ("CN-GD", "CN-ZJ")], ids=["one", "two"])
def test_no_label_of_the_sample_covers_another_in_any_language(regions) -> None:
    no_label_is_covered(studied(*regions))


@pytest.fixture(scope="module")
def provinces(data):
    return gm.read(data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx")


def study_of(provinces, region):
    """Its study; Tibet has no emissions, so its map is of money."""
    return gm.study(provinces.select([region]))


@pytest.mark.parametrize("region", ["CN-XZ", "CN-ZJ"])
def test_no_label_of_a_province_covers_another(provinces, region) -> None:
    no_label_is_covered(study_of(provinces, region))


def test_no_label_of_any_of_31_provinces_covers_another(provinces, monkeypatch) -> None:
    """Hardly annealed, so that the pass that parts the boxes has all the work to do."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    assert len(provinces.regions) == 31
    for region in provinces.regions:
        study = study_of(provinces, region)
        no_label_is_covered(study)
        assert np.isfinite(placed(study).positions.to_numpy()).all()


def test_suppliers_stand_left_in_the_order_of_upstreamness() -> None:
    study = studied("CN-GD")
    x = placed(study).positions["x"]
    by_chain = study.sectors["upstreamness"].sort_values(ascending=False, kind="stable").index
    assert x.loc[by_chain].is_monotonic_increasing
    assert x.is_unique
    assert list(placed(study).positions.index) == list(study.sectors.index)
    assert x["CN-GD.24"] < x["CN-GD.27"]


def test_the_map_of_42_sectors_fits_its_canvas() -> None:
    study = studied("CN-GD")
    places, covered = placed(study).positions, room(study)
    assert (placed(study).width, placed(study).height) == (1000.0, 620.0)
    assert (places["x"] - covered.half).min() >= -ROUNDING
    assert (places["x"] + covered.half).max() <= placed(study).width + ROUNDING
    assert (places["y"] - covered.above).min() >= -ROUNDING
    assert (places["y"] + covered.below).max() <= placed(study).height + ROUNDING


def test_fewer_heavy_edges_run_through_labels_than_at_the_start() -> None:
    study = studied("CN-GD")
    covered, places = room(study), placed(study).positions
    x = places["x"].to_numpy()
    chart = layout._Chart(study.backbone.network, x, covered, placed(study).height)
    started = through_boxes(study.backbone.network, x, chart.start(), covered)
    found = through_boxes(study.backbone.network, x, places["y"].to_numpy(), covered)
    assert found < 0.8 * started


def test_strong_partners_stand_nearer_in_height_than_by_chance() -> None:
    study = studied("CN-GD")
    flows = study.backbone.network.weights.tocoo()
    y = placed(study).positions["y"].to_numpy()
    random = np.random.default_rng(0)

    def climb(heights):
        return (np.sqrt(flows.data) * np.abs(heights[flows.row] - heights[flows.col])).sum()

    assert climb(y) < np.mean([climb(random.permutation(y)) for _ in range(200)])


def test_heights_begin_near_those_of_partners() -> None:
    study = studied("CN-GD")
    net, covered = study.backbone.network, room(study)
    chart = layout._Chart(net, placed(study).positions["x"].to_numpy(), covered, 620.0)
    flows = net.weights.tocoo()
    started = chart.start()
    assert started.min() == pytest.approx(chart.low)
    assert started.max() == pytest.approx(chart.high)

    def climb(heights):
        return (np.sqrt(flows.data) * np.abs(heights[flows.row] - heights[flows.col])).sum()

    random = np.random.default_rng(0)
    assert climb(started) < 0.9 * min(climb(random.permutation(started)) for _ in range(50))


def test_the_same_seed_gives_the_same_places(monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 20)
    study = studied("CN-GD")

    def places(seed):
        return chain_layout(
            study.backbone.network,
            study.sectors["upstreamness"],
            room(study),
            seed=seed,
        ).positions

    pd.testing.assert_frame_equal(places(7), places(7))
    assert not places(7).equals(places(8))


@pytest.mark.parametrize(
    "W",
    [
        [[0.0]],
        [[3.0]],
        np.zeros((3, 3)),
        np.diag([1.0, 2.0, 3.0]),
        [[0.0, 1.0], [0.0, 0.0]],
        np.ones((6, 6)),
        [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [3.0, 1.0, 0.0]],
        np.kron(np.eye(4), [[0.0, 1.0], [1.0, 0.0]]),
        [[0.0, 1e-9, 0.0], [0.0, 0.0, 1e12], [0.0, 0.0, 0.0]],
    ],
    ids=[
        "one",
        "one loop",
        "no edges",
        "only loops",
        "two",
        "all equal",
        "zero row",
        "disconnected",
        "far apart",
    ],
)
def test_degenerate_networks_have_places_apart(W) -> None:
    n = len(W)
    upstreamness = pd.Series(1.0, index=[f"n{i}" for i in range(n)])
    covered = boxes([["a label"]] * n, np.full(n, 30.0))
    found = chain_layout(keep(net_of(W), "100%").network, upstreamness, covered)
    assert np.isfinite(found.positions.to_numpy()).all()
    around = np.column_stack([-covered.half, covered.half, -covered.above, covered.below])
    assert overlapping(found.positions, around) == []


def test_too_many_boxes_make_the_canvas_higher_and_still_do_not_overlap() -> None:
    n = 40
    random = np.random.default_rng(0)
    covered = boxes([["a very long label\nover\nfour\nlines"]] * n, np.full(n, 30.0))
    upstreamness = pd.Series(random.random(n), index=[f"n{i}" for i in range(n)])
    W = random.random((n, n)) * (random.random((n, n)) < 0.05)
    found = chain_layout(net_of(W), upstreamness, covered)
    assert found.height > 1.2 * found.width
    around = np.column_stack([-covered.half, covered.half, -covered.above, covered.below])
    assert overlapping(found.positions, around) == []
    assert (found.positions["y"] + covered.below).max() <= found.height + ROUNDING


def test_places_of_a_large_network_are_apart_too() -> None:
    n = 400
    random = np.random.default_rng(1)
    covered = boxes([["Some sector", "部门"]] * n, random.uniform(6, 30, n))
    upstreamness = pd.Series(random.random(n), index=[f"n{i}" for i in range(n)])
    W = random.random((n, n)) * (random.random((n, n)) < 0.02)
    found = chain_layout(net_of(W), upstreamness, covered)
    around = np.column_stack([-covered.half, covered.half, -covered.above, covered.below])
    assert overlapping(found.positions, around) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [("Electricity & heat", 2), ("Chemicals", 1), ("Electromechanical", 1), ("电力、热力", 1)],
)
def test_long_labels_take_two_lines_and_lose_nothing(text, lines) -> None:
    found = wrapped(text)
    assert found.count("\n") == lines - 1
    assert found.replace("\n", " ") == text


def test_boxes_hold_the_label_of_every_language() -> None:
    covered = boxes([["Electricity\n& heat", "电力热力", "電力熱力"]], np.array([10.0]))
    assert covered.half[0] >= text_width("Electricity") / 2
    assert covered.above[0] >= 10
    assert covered.below[0] >= 10 + 2 * FONT * LINE
