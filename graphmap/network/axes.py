"""The layout by two measures, on logarithmic axes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.network.layout import Boxes, Layout, canvas, laid_out
from graphmap.network.separation import part, rows

NARROWEST = 0.8
"""An axis shows at least this many decades, so that two ticks of 1-2-5 always stand on it."""

FEW_DECADES = 3.0
"""Up to here an axis has ticks at 1, 2 and 5, beyond it at the powers of ten."""


@dataclass(frozen=True)
class Axes:
    """A layout by two measures, and (value, coordinate) of the ticks of both axes."""

    layout: Layout
    x_ticks: list[tuple[float, float]]
    y_ticks: list[tuple[float, float]]


def axes_layout(horizontal: pd.Series, vertical: pd.Series, covered: Boxes) -> Axes:
    """Two measures against one another, both axes logarithmic; larger is right and up.

    Nothing is moved, so boxes may cover one another. A sector whose horizontal value is missing,
    zero or below stands on the strip left of the scale, one whose vertical value is on the strip
    below it, and those without both in rows at the bottom.

    Returns:
        Axes; ticks at 1-2-5 or at powers of ten, none where no sector has both values.

    Example:
        >>> from graphmap.network.layout import boxes
        >>> output = pd.Series([10.0, 1000.0], index=["a", "b"])
        >>> found = axes_layout(output, output, boxes([["a"], ["b"]], np.full(2, 9.0)))
        >>> [value for value, _ in found.x_ticks]
        [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]
        >>> bool(found.layout.positions.at["b", "y"] < found.layout.positions.at["a", "y"])
        True
    """
    values = np.column_stack([horizontal, vertical]).astype(float)
    on = np.isfinite(values) & (values > 0)
    width, height = canvas(len(values))
    half, above, below = (
        float(each.max(initial=0.0)) for each in (covered.half, covered.above, covered.below)
    )
    neither = np.flatnonzero(~on.any(axis=1))
    lines, deep = rows(part(covered, neither), width)
    floor = max(height - deep, height / 2)
    strip_left, strip_below = (on[:, 1] & ~on[:, 0]).any(), (on[:, 0] & ~on[:, 1]).any()
    right = width - half
    bottom = floor - below - (above + below if strip_below else 0.0)
    left = half * (3 if strip_left else 1)
    x, x_ticks = _scaled(values[:, 0], on[:, 0], left, right)
    y, y_ticks = _scaled(values[:, 1], on[:, 1], bottom, above)
    places = np.column_stack([np.where(on[:, 0], x, half), np.where(on[:, 1], y, floor - below)])
    places[neither] = lines + np.array([0.0, floor])
    layout = laid_out(places, horizontal.index, width, max(height, floor + deep))
    return Axes(layout, x_ticks, y_ticks)


def _scaled(
    values: Array, on: NDArray[np.bool_], start: float, end: float
) -> tuple[Array, list[tuple[float, float]]]:
    """Coordinates on a logarithmic axis, and its ticks."""
    if not on.any():
        return np.full(len(values), (start + end) / 2), []
    logs = np.log10(np.where(on, values, 1.0))
    low, high = float(logs[on].min()), float(logs[on].max())
    if high - low < NARROWEST:
        low, high = (low + high - NARROWEST) / 2, (low + high + NARROWEST) / 2

    def at(log: Array | float) -> Array:
        found: Array = np.asarray(start + (end - start) * (np.asarray(log) - low) / (high - low))
        return found

    steps = (1, 2, 5) if high - low <= FEW_DECADES else (1,)
    marks = [
        float(f"{step}e{power}")
        for power in range(math.floor(low), math.ceil(high) + 1)
        for step in steps
    ]
    shown = [mark for mark in marks if low - 1e-9 <= math.log10(mark) <= high + 1e-9]
    return at(logs), [(mark, round(float(at(math.log10(mark))), 2)) for mark in shown]
