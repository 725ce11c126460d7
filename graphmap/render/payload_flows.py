"""The flows of a study as the page is given them, and what shares of them are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from graphmap.network import largest
from graphmap.study import MOST_DRAWN, Study

MOST_SHARE = 0.20
"""The page carries the largest flows up to this share of the cells, and at most ``MOST_DRAWN``."""

BETWEEN_REGIONS = 6
"""Flows that every ordered pair of regions has on the page at least, if there are so many."""


def most_flows(study: Study) -> int:
    """How many flows of each weight the reader can choose to see."""
    if not study.chosen_by_size:
        return study.backbone.edges
    share = round(MOST_SHARE * study.n**2)
    return min(max(share, study.backbone.edges), MOST_DRAWN)


def flows(study: Study) -> list[list[Any]]:
    """The flows that may be drawn: supplier and user by number, then each of their weights.

    The largest of every weight between different sectors (the backbone alone where a rule other
    than size has chosen it), and the largest between every two regions.
    """
    n, most = study.n, most_flows(study)
    chosen: set[int] = set()
    drawn = [largest(net, most) for net in study.networks.values()]
    for part in drawn if study.chosen_by_size else [study.backbone]:
        kept = part.network.weights.tocoo()
        chosen.update((kept.row.astype(np.int64) * n + kept.col).tolist())
    chosen.update(_between_pairs(study))
    rows, columns = np.divmod(np.array(sorted(chosen), dtype=np.int64), n)
    values = [np.asarray(net.weights[rows, columns]).ravel() for net in study.networks.values()]
    return [
        [i, j, *(short(v[k]) for v in values)]
        for k, (i, j) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
    ]


def _between_pairs(study: Study) -> list[int]:
    """The largest flows between every two regions, as supplier times n plus user."""
    if len(study.regions) < 2 or not study.chosen_by_size:
        return []
    kept = study.network.without_loops().weights.tocoo()
    place = pd.Categorical(study.sectors["region"]).codes.astype(np.int64)
    pair = place[kept.row] * len(study.regions) + place[kept.col]
    between = np.flatnonzero(place[kept.row] != place[kept.col])
    order = between[np.lexsort((-kept.data[between], pair[between]))]
    starts = np.searchsorted(pair[order], pair[order])
    best = order[np.arange(len(order)) - starts < BETWEEN_REGIONS]
    found: list[int] = (kept.row[best].astype(np.int64) * study.n + kept.col[best]).tolist()
    return found


def loops_of(study: Study, at: Sequence[int]) -> list[list[Any]]:
    """Flows within a sector: its place, then each weight."""
    values = [net.weights.diagonal() for net in study.networks.values()]
    return [
        [at[i], *(short(v[i]) for v in values)] for i in range(study.n) if any(v[i] for v in values)
    ]


def between_regions(study: Study) -> dict[str, list[list[float | None]]] | None:
    """For several regions: what each supplies to each, by weight, its own sectors included."""
    if len(study.regions) < 2:
        return None
    place = pd.Categorical(study.sectors["region"], categories=study.regions).codes
    which = np.eye(len(study.regions))[place]
    return {
        weight: [
            [short(cell) for cell in row] for row in which.T @ (net.without_loops().weights @ which)
        ]
        for weight, net in study.networks.items()
    }


def weight_of(study: Study, weight: str) -> dict[str, Any]:
    """What shares are of: all flows between sectors, or None where these are not known; within."""
    whole = study.whole[weight]
    within = float(study.networks[weight].weights.diagonal().sum())
    return {
        "whole": None if whole is None else short(whole),
        "within": short(within) if study.complete else None,
    }


def short(value: float) -> float | None:
    """Nine significant figures: all a table holds, and half the bytes."""
    return None if pd.isna(value) else float(f"{value:.9g}")
