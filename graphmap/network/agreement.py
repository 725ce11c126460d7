"""Would another method say the same? Other weights of the score, other measures, backbones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from graphmap.errors import DataError, nearest
from graphmap.network.backbone import keep
from graphmap.network.centrality import MEASURES, centrality
from graphmap.network.draw_measures import interval, ranks_within
from graphmap.network.flow import FlowNetwork
from graphmap.network.robustness import in_range
from graphmap.network.roles import TOP, priority, with_centrality

BY_TABLE = ("direct_co2", "footprint", "transmission", "extraction", "gross_output", "priority")
"""Methods that rank by the whole table; the network may leave flows out, but they do not."""

BY_FLOWS = ("betweenness", "pagerank")
"""Methods that rank by the flows that are kept; any other centrality can be asked for."""

RULES = ("5%", "flow:80%")
CORRELATIONS = ("kendall", "spearman")


@dataclass(frozen=True, eq=False)
class MethodAgreement:
    """What several methods say of the same sectors.

    Attributes:
        sectors: indexed by node id: ``times``, how often the sector is among the first of its
            region, ``of`` how many rankings, and ``share``, by which share of the methods: each
            counts alike, on however many backbones it was measured.
        ranks: nodes x methods, rank within the region; what is measured on a backbone is named
            with its rule, as ``pagerank 5%``.
        correlation: methods x methods, from -1 to 1.
    """

    sectors: pd.DataFrame
    ranks: pd.DataFrame
    correlation: pd.DataFrame


def weight_robustness(
    nodes: pd.DataFrame, *, draws: int = 1000, seed: int = 1, top: int = TOP
) -> pd.DataFrame:
    """Ranks by priority whatever its parts are held to weigh: the score with weights by chance.

    Every set of weights that sums to one is as likely as any other; the table is not run again.

    Args:
        nodes: measures, as ``key_sectors`` returns them or the nodes of a network have them.

    Returns:
        DataFrame indexed by node id: ``priority`` and ``rank`` within the region with the usual
        weights, ``rank_median``, ``rank_low``, ``rank_high`` (5 % and 95 %) and ``share_top``, the
        share of the draws among the ``top`` of the region. ``attrs`` hold draws, seed and top.

    Raises:
        DataError: the nodes lack a part of the score; draws or top below one.

    Example:
        >>> nodes = pd.DataFrame({"direct_co2": [3, 1], "transmission": 1, "footprint": [2, 1]})
        >>> weight_robustness(nodes, top=1)["share_top"].tolist()
        [1.0, 0.0]
    """
    in_range(draws, top)
    score = priority(nodes)
    shares = score[[f"share_{part}" for part in score.attrs["weights"]]].to_numpy(float)
    drawn = np.random.default_rng(seed).dirichlet(np.ones(shares.shape[1]), draws) @ shares.T
    found = interval(score["priority"].to_numpy(float), drawn, _region(nodes), top)
    found = found.drop(columns=["value_low", "value_high"]).rename(columns={"value": "priority"})
    found.insert(0, "priority", found.pop("priority"))
    found.index = nodes.index
    found.attrs.update(draws=draws, seed=seed, top=top)
    return found


def method_agreement(
    net: FlowNetwork,
    *,
    rules: Sequence[str] = RULES,
    methods: Sequence[str] | None = None,
    top: int = TOP,
    correlation: str = "kendall",
) -> MethodAgreement:
    """By how many methods a sector is among the first, and how alike the methods rank them all.

    Args:
        net: a network whose nodes carry measures.
        rules: backbones, as ``keep`` reads them; centralities are taken on the whole network and
            on each backbone.
        methods: names of centralities or columns of the nodes; if left out, ``BY_FLOWS`` and what
            there is of ``BY_TABLE``.
        top: how many of each region are the first; only what is above zero can be.
        correlation: ``kendall`` (tau-b) or ``spearman``, of the values. A method that tells no
            sector from another has 0 with all others.

    Raises:
        DataError: a method, rule or correlation there is not, or top below one.

    Source:
        Kendall 1945, Biometrika 33 (ties).

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = method_agreement(network(sample.table().select(["CN-GD"])), rules=["5%"])
        >>> found.sectors.loc["CN-GD.24"].round(3).tolist()
        [5.0, 9.0, 0.643]
        >>> int(found.ranks.loc["CN-GD.24", "direct_co2"])
        1
    """
    in_range(1, top)
    if correlation not in CORRELATIONS:
        raise DataError(
            "unknown correlation", found=correlation, expected=" or ".join(CORRELATIONS)
        )
    nodes = with_centrality(net)
    nodes = nodes.assign(priority=priority(nodes)["priority"])
    if methods is None:
        methods = [name for name in BY_TABLE if name in nodes] + list(BY_FLOWS)
    networks = {"": net} | {f" {rule}": keep(net, rule).network for rule in rules}
    values = {name: nodes[name] for name in _of_table(methods, nodes)}
    by_flows = [name for name in methods if name in MEASURES]
    for suffix, kept in networks.items():
        found = centrality(kept, by_flows)
        values |= {f"{name}{suffix}": found[name] for name in by_flows}
    ways = pd.DataFrame(values).fillna(0.0).astype(float)
    ranks = ranks_within(ways.to_numpy().T, _region(nodes)).T
    first = (ranks <= top) & (ways > 0)
    methodwise = first.T.groupby([way.split(" ")[0] for way in ways]).mean()
    alike = ways.corr(method=correlation).fillna(0.0)
    filled = alike.to_numpy(copy=True)
    np.fill_diagonal(filled, 1.0)
    return MethodAgreement(
        pd.DataFrame(
            {"times": first.sum(axis=1), "of": ways.shape[1], "share": methodwise.mean()},
            index=ways.index,
        ),
        pd.DataFrame(ranks, index=ways.index, columns=ways.columns),
        pd.DataFrame(filled, index=alike.index, columns=alike.columns),
    )


def _of_table(methods: Sequence[str], nodes: pd.DataFrame) -> list[str]:
    """The methods that are columns of the nodes."""
    numeric = set(nodes.select_dtypes("number"))
    if not methods:
        raise DataError("no method to compare", expected="one or more of " + ", ".join(BY_TABLE))
    for name in methods:
        if name not in numeric | set(MEASURES):
            known = [*(m for m in BY_TABLE if m in numeric), *MEASURES]
            raise DataError(
                "unknown method",
                found=name,
                expected="one of " + ", ".join(nearest(name, known) or known),
            )
    return [name for name in methods if name not in MEASURES]


def _region(nodes: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    if "region" not in nodes:
        return np.zeros(len(nodes), dtype=np.intp)
    return np.asarray(pd.factorize(nodes["region"])[0], dtype=np.intp)
