"""Final uses and primary inputs without the subtotals among them."""

from __future__ import annotations

import numpy as np

from graphmap.arrays import Array
from graphmap.readers.blocks import ROUNDING, Line
from graphmap.readers.labels import items


def leaves(lines: list[Line], values: Array) -> tuple[list[Line], Array]:
    """The lines without the subtotals among them; what a subtotal has beyond its parts is kept.

    Args:
        lines: m final uses or primary inputs.
        values: (m, n) their figures.

    Returns:
        The lines kept and their figures, in the order given.
    """
    kept: dict[int, Array] = {}
    parts = [set(items().at[line.item, "parts"].split("|")) - {""} for line in lines]
    for i in sorted(range(len(lines)), key=lambda i: len(parts[i])):
        inside = [
            figures
            for k, figures in kept.items()
            if lines[k].item in parts[i] and lines[i].region in ("", lines[k].region)
        ]
        rest = values[i] - np.sum(inside, axis=0) if inside else values[i]
        if not inside or np.abs(rest).sum() > ROUNDING * np.abs(values[i]).sum():
            kept[i] = rest
    order = sorted(kept)
    return [lines[i] for i in order], np.array([kept[i] for i in order])
