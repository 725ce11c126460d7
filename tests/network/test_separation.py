"""Boxes apart: moved little, put at the nearest free place, set in rows."""

from __future__ import annotations

import numpy as np

from graphmap.network.layout import Boxes
from graphmap.network.separation import Space, apart, nearest_free, rows


def test_boxes_move_apart_little_and_only_where_they_have_to() -> None:
    covered = Boxes(np.full(5, 10.0), np.full(5, 5.0), np.full(5, 15.0))
    wanted = np.array([[0.0, 0.0], [8.0, 0.0], [100.0, 0.0], [100.0, 20.0], [300.0, 5.0]])
    found = apart(wanted, covered, np.arange(5.0))
    np.testing.assert_allclose(found[2:], wanted[2:])
    np.testing.assert_allclose(found[1] - found[0], [20, 0], atol=1e-5)
    np.testing.assert_allclose(found[:2].mean(axis=0), wanted[:2].mean(axis=0), atol=1e-5)


def test_boxes_all_wanted_at_one_place_fill_the_space_and_go_below_it() -> None:
    covered = Boxes(np.full(30, 10.0), np.full(30, 5.0), np.full(30, 5.0))
    found = apart(np.zeros((30, 2)), covered, np.ones(30), Space(0.0, 60.0, 0.0, 50.0))
    away = np.abs(found[:, None] - found)[np.triu_indices(30, 1)]
    assert ((away[:, 0] >= 20 - 1e-6) | (away[:, 1] >= 10 - 1e-6)).all()
    assert (found[:, 0] >= 10).all()
    assert (found[:, 0] <= 50).all()
    assert (found[:, 1] >= 5).all()
    assert found[:, 1].max() > 45


def test_the_nearest_free_place_is_the_nearest() -> None:
    random = np.random.default_rng(2)
    taken, size = random.uniform(0, 100, (25, 2)), random.uniform(5, 12, (25, 2))
    target = np.array([50.0, 50.0])
    found = nearest_free(target, taken, size, np.zeros(2), np.full(2, np.inf))
    steps = np.arange(0, 100, 0.25)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    free = ~(np.abs(grid[:, None] - taken) < size).all(axis=2).any(axis=1)
    assert (np.abs(found - taken) >= size - 1e-9).any(axis=1).all()
    assert np.hypot(*(found - target)) <= np.hypot(*(grid[free] - target).T).min() + 1e-9


def test_rows_break_where_the_width_ends() -> None:
    covered = Boxes(np.array([20.0, 30.0, 40.0]), np.full(3, 5.0), np.array([10.0, 10.0, 20.0]))
    places, deep = rows(covered, 105.0)
    assert places[:, 1].tolist() == [5.0, 5.0, 30.0]
    assert deep == 50.0
    assert places[2, 0] == 52.5


def test_a_box_wider_than_the_canvas_finds_a_place() -> None:
    taken, room = np.array([[50.0, 50.0]]), np.array([[400.0, 20.0]])
    target = np.array([50.0, 50.0])
    # no centre lies inside: the lowest place is beyond the highest
    low, high = np.array([300.0, 10.0]), np.array([-200.0, np.inf])
    found = nearest_free(target, taken, room, low, high)
    assert found.tolist() == [50.0, 70.0] or found.tolist() == [50.0, 30.0]
