"""Where sectors stand in every picture of several studies, whatever the region, year or weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.classification import region
from graphmap.network import FlowNetwork
from graphmap.network.axes import Axes, axes_layout
from graphmap.network.layout import Boxes, Layout, boxes, chain_layout
from graphmap.network.layouts import Cells, force_layout, grouped_layout, regions_layout
from graphmap.studied import SIZES, Study, radii

Key = tuple[str, str]
"""What a sector goes by in every study: its region, or none where regions share places; its name.
"""


@dataclass(frozen=True)
class Pooled:
    """Several studies as one, a row a key.

    Attributes:
        network: the flows drawn, each study's as shares of its own.
        chain: the mean place along the chain, the most upstream highest.
        group: the industry group.
        covered: boxes as large as in the study that needs most room.
    """

    network: FlowNetwork
    chain: pd.Series
    group: pd.Series
    covered: Boxes


def pooled(studies: Sequence[Study], keys: Sequence[Sequence[Key]]) -> Pooled:
    """The studies as one; sectors of one key are one.

    Args:
        studies: at least one.
        keys: for each study, what each of its sectors goes by, in its order.
    """
    order = list(dict.fromkeys(key for each in keys for key in each))
    index = pd.MultiIndex.from_tuples(order, names=["region", "name"])
    n = len(order)
    ranks = pd.DataFrame(np.nan, index=range(n), columns=range(len(studies)))
    radius = np.zeros(n)
    labels: list[dict[str, None]] = [{} for _ in order]
    group = np.full(n, "", dtype=object)
    pull = sparse.csr_array((n, n))
    for k, (study, named) in enumerate(zip(studies, keys, strict=True)):
        where = index.get_indexer(pd.MultiIndex.from_tuples(named))
        # ranks, since upstreamness and trophic levels have no common scale
        rank = pd.Series(study.chain.rank(pct=True).to_numpy())
        ranks[k] = rank.groupby(where).mean()
        for size in SIZES:
            if size in study.sectors:
                np.maximum.at(radius, where, radii(study.sectors[size]))
        for i, label in zip(where, study.labels, strict=True):
            labels[i] |= dict.fromkeys(label.values())
        group[where] = study.sectors["group"].to_numpy()
        drawn = study.backbone.network.weights.tocoo()
        share = drawn.data / (drawn.data.sum() or 1.0)
        cells = sparse.coo_array((share, (where[drawn.row], where[drawn.col])), shape=(n, n))
        pull = pull + sparse.csr_array(cells)
    return Pooled(
        FlowNetwork(pd.DataFrame(index=index), sparse.csr_array(pull), "money", "1"),
        ranks.mean(axis=1).set_axis(index),
        pd.Series(group, index=index),
        boxes([list(each) for each in labels], radius),
    )


def shared_layouts(of_all: Pooled, seed: int) -> dict[str, Layout]:
    """The layouts that need nothing of one region or year alone.

    Returns:
        ``chain`` by the place along the chain, ``force`` by the flows alone, ``group`` by industry
        group; positions by key.
    """
    return {
        "chain": chain_layout(of_all.network, of_all.chain, of_all.covered, seed=seed),
        "force": force_layout(of_all.network, of_all.covered, seed=seed),
        "group": grouped_layout(of_all.network, of_all.group, of_all.covered),
    }


def community_layout(of_all: Pooled, latest: Study, keys: Sequence[Key]) -> Layout:
    """The communities of the latest study side by side; older sectors alone are one more."""
    found = _of_latest(of_all, latest.sectors["community"], keys)
    return grouped_layout(of_all.network, found, of_all.covered)


def axes_of(of_all: Pooled, latest: Study, keys: Sequence[Key]) -> Axes | None:
    """Gross output against direct intensity in the latest study; None without emissions."""
    if "direct_intensity" not in latest.sectors:
        return None
    output, intensity = (
        _of_latest(of_all, latest.sectors[measure], keys)
        for measure in ("gross_output", "direct_intensity")
    )
    return axes_layout(output, intensity, of_all.covered)


def cells_of(
    of_all: Pooled, studies: Sequence[Study], keys: Sequence[Sequence[Key]]
) -> Cells | None:
    """Each region in a cell of its own on the tile map; None where there is one region."""
    if len(studies[-1].regions) < 2:
        return None
    alike = pooled(studies, [[("", name) for _, name in each] for each in keys])
    within = chain_layout(alike.network, alike.chain, alike.covered, seed=studies[-1].seed)
    by_name = within.positions.droplevel("region")
    index = of_all.chain.index
    nodes = pd.DataFrame(
        {"region": index.get_level_values("region"), "code": index.get_level_values("name")}, index
    )
    tiles = {code: region(code).tile for code in studies[-1].regions}
    return regions_layout(
        nodes, {c: tile for c, tile in tiles.items() if tile}, replace(within, positions=by_name)
    )


def _of_latest(of_all: Pooled, values: pd.Series, keys: Sequence[Key]) -> pd.Series:
    """What the latest study knows, by key; missing for sectors that it does not have."""
    return pd.Series(values.to_numpy(), pd.MultiIndex.from_tuples(keys)).reindex(of_all.chain.index)
