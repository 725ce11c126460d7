"""The three highs, and the sectors that matter for decarbonisation."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd

from graphmap.errors import DataError
from graphmap.network.centrality import MEASURES, centrality
from graphmap.network.character import CHARACTERS, FIGURES, characters
from graphmap.network.flow import FlowNetwork
from graphmap.network.highest import TOP, figures, highest

__all__ = [
    "PARTS",
    "PARTS_WITHOUT_CO2",
    "ROLES",
    "TOP",
    "key_sectors",
    "leading",
    "overlaps",
    "priority",
    "role_measures",
    "roles",
    "roles_in",
    "with_centrality",
]

ROLES = ("high_carbon", "high_transmission", "high_output")
"""In order of precedence: a sector that is high in several ways is drawn as the first."""

PARTS = ("direct_co2", "transmission", "footprint")
PARTS_WITHOUT_CO2 = ("gross_output", "betweenness")
"""What priority is made of where nothing else is asked for."""


def role_measures(nodes: pd.DataFrame, by: Mapping[str, str] | None = None) -> dict[str, str]:
    """Role -> the measure it is told by, for the measures there are.

    High-carbon by direct CO2, high-transmission by transmission (by betweenness where there are no
    emissions), high-output by gross output; ``by`` names other columns of the nodes.

    Raises:
        DataError: ``by`` names a role or a column there is not.
    """
    by = by or {}
    for role, column in by.items():
        if role not in ROLES:
            raise DataError("unknown role", found=role, expected=f"one of {', '.join(ROLES)}")
        figures(nodes, column)
    wanted = {
        "high_carbon": "direct_co2",
        "high_transmission": "transmission" if "transmission" in nodes else "betweenness",
        "high_output": "gross_output",
        **by,
    }
    return {role: measure for role, measure in wanted.items() if measure in nodes}


def with_centrality(net: FlowNetwork, by: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The nodes of a network, with centralities where a role can only be told by them.

    Raises:
        DataError: the nodes carry no gross output, so nothing can be ranked.
    """
    if "gross_output" not in net.nodes:
        raise DataError(
            "the nodes of the network carry no measures",
            found=", ".join(map(str, net.nodes.columns)) or "no columns",
            expected="gross_output, and region and direct_co2 where there are any",
        )
    nodes = net.nodes if "region" in net.nodes else net.nodes.assign(region="")
    usual = "transmission" if "transmission" in nodes else "betweenness"
    needed = [each for each in (usual, *(by or {}).values()) if each not in nodes]
    found = centrality(net, [each for each in MEASURES if each in needed])
    return nodes.join(found) if len(found.columns) else nodes


def roles(
    nodes: pd.DataFrame,
    *,
    top: int = TOP,
    share: float | None = None,
    by: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Which sectors are high in carbon, transmission or output.

    A sector is high in a measure if it is among the ``top`` of its region and above zero; with
    ``share``, if it is one of the fewest that together make up this share of the region's total.

    Args:
        nodes: region and measures, as the nodes of a network have them.
        top, share: the rule, see ``highest``.
        by: role -> column of the nodes that tells it (``{"high_transmission": "pagerank"}``).

    Returns:
        DataFrame indexed by node id: a boolean column for each of ``ROLES`` and ``role``, the first
        that applies or ``other``.

    Example:
        >>> nodes = pd.DataFrame(
        ...     {"region": "A", "gross_output": [9.0, 1.0], "direct_co2": [0.0, 3.0]},
        ...     index=["electronics", "power"],
        ... )
        >>> roles(nodes, top=1)["role"].tolist()
        ['high_output', 'high_carbon']
    """
    found = pd.DataFrame(False, index=nodes.index, columns=list(ROLES))
    for role, measure in role_measures(nodes, by).items():
        found[role] = highest(figures(nodes, measure), nodes["region"], top=top, share=share)
    first = found.idxmax(axis=1).where(found.any(axis=1), "other")
    return found.assign(role=first)


def roles_in(net: FlowNetwork, role: pd.DataFrame | None, *, top: int = TOP) -> pd.DataFrame:
    """The roles of the nodes of a network in its order: those given, or the usual ones.

    Args:
        role: what ``roles`` or ``key_sectors`` returned for the same nodes, in any order.

    Raises:
        DataError: roles of other nodes.
    """
    if role is None:
        return roles(with_centrality(net), top=top)
    missing = net.nodes.index.difference(role.index)
    if len(missing):
        raise DataError(
            "the roles are not those of this network",
            found=f"no role for {missing[0]}",
            expected="a row for every node",
        )
    return role.loc[net.nodes.index, [*ROLES, "role"]]


def leading(role: pd.DataFrame) -> str:
    """The role that relations are about: high-carbon, or high-output where nothing emits."""
    return "high_carbon" if role["high_carbon"].any() else "high_output"


def overlaps(role: pd.DataFrame) -> pd.DataFrame:
    """Which sectors are high in several ways at once: the seven fields of the Venn diagram.

    Args:
        role: what ``roles`` or ``key_sectors`` returned.

    Returns:
        DataFrame, a row a field, those that are high in most ways first: a boolean column for each
        of ``ROLES`` (high in exactly these ways), ``count`` and ``sectors``, a tuple of node ids in
        the order of ``role``. Sectors high in no way are in none.

    Example:
        >>> nodes = pd.DataFrame(
        ...     {"region": "A", "gross_output": [9.0, 1.0], "direct_co2": [0.0, 3.0]},
        ...     index=["electronics", "power"],
        ... )
        >>> overlaps(roles(nodes, top=1)).query("count > 0")["sectors"].tolist()
        [('power',), ('electronics',)]
    """
    fields = sorted(product((True, False), repeat=len(ROLES)), key=lambda field: -sum(field))[:-1]
    high = role[list(ROLES)].to_numpy(bool)
    members = [tuple(role.index[(high == field).all(axis=1)]) for field in fields]
    found = pd.DataFrame(fields, columns=list(ROLES))
    return found.assign(count=[len(each) for each in members], sectors=members)


def priority(nodes: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """How much of the carbon a sector can act on, with its parts visible.

    The weighted mean of shares of the whole network: as a rule of direct CO2 (what a sector can cut
    itself), of transmission (what passes through its purchases and sales) and of footprint (what
    its final product calls for), alike. Without emissions: of gross output and of betweenness.

    Args:
        nodes: measures, as the nodes of a network have them.
        weights: measure -> weight, for other parts or weights; they need not sum to one.

    Returns:
        DataFrame indexed by node id: its parts ``share_<measure>`` and their weighted mean
        ``priority``, all 0 to 1 where no measure is negative, then the place in each part
        ``rank_<measure>``, from 1, equal ones in the order of the table. ``attrs["weights"]`` are
        the weights, summing to one: priority is the sum of each weight times its share.

    Raises:
        DataError: a weight of a measure there is not, below zero, or none above zero.

    Example:
        >>> nodes = pd.DataFrame(
        ...     {"direct_co2": [3.0, 1.0], "footprint": [1.0, 1.0]}, index=["power", "building"]
        ... )
        >>> found = priority(nodes, {"direct_co2": 2, "footprint": 2})
        >>> found["priority"].tolist(), found.attrs["weights"]
        ([0.625, 0.375], {'direct_co2': 0.5, 'footprint': 0.5})
    """
    if weights is None:
        parts = [part for part in PARTS if part in nodes]  # a network made by hand has fewer
        weights = dict.fromkeys(parts if "direct_co2" in nodes else PARTS_WITHOUT_CO2, 1.0)
    weight = np.array(list(weights.values()), dtype=float)
    if not ((weight >= 0) & np.isfinite(weight)).all() or not weight.sum() > 0:
        raise DataError(
            "weights of the priority score",
            found=", ".join(f"{part} {value:g}" for part, value in weights.items()) or "none",
            expected="none below zero, and one at least above",
        )
    shares, ranks = pd.DataFrame(index=nodes.index), pd.DataFrame(index=nodes.index)
    for part in weights:
        values = figures(nodes, part)
        total = values.sum()
        shares[f"share_{part}"] = values / total if total > 0 else 0.0
        ranks[f"rank_{part}"] = values.rank(ascending=False, method="first").astype(int)
    score = (shares * weight).sum(axis=1) / weight.sum()
    found = shares.assign(priority=score).join(ranks)
    found.attrs["weights"] = dict(zip(weights, (weight / weight.sum()).tolist(), strict=True))
    return found


def key_sectors(
    net: FlowNetwork,
    *,
    top: int = TOP,
    share: float | None = None,
    weights: Mapping[str, float] | None = None,
    by: Mapping[str, str] | None = None,
    explain: bool = False,
) -> pd.DataFrame:
    """Every sector with its measures, roles and priority, the most important first.

    Args:
        net: a network whose nodes carry measures, as ``network`` makes them. Centralities take
            part where they have been joined to the nodes.
        top: how many sectors of each region count as high.
        share: in its place, the share of a region's total that the high sectors make up.
        weights: measure -> weight in the score, see ``priority``.
        by: role -> measure that tells it, see ``roles``.
        explain: add the sector's place in each part of the score and the character of its carbon.

    Returns:
        DataFrame indexed by node id, sorted by ``priority``: the labels and measures of the nodes,
        the columns of ``roles``, ``priority`` and the shares it is the mean of; with ``explain``
        the columns ``rank_*`` of ``priority`` and those of ``characters``. ``attrs["weights"]`` as
        ``priority``.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> key = key_sectors(network(sample.table().select(["CN-GD"])))
        >>> key.index[0], key["role"].iloc[0]
        ('CN-GD.24', 'high_carbon')
    """
    nodes = with_centrality(net, {**(by or {}), **{part: part for part in weights or {}}})
    role, score = roles(nodes, top=top, share=share, by=by), priority(nodes, weights)
    kind = characters(nodes, top=top, share=share)
    # nodes of a network that has been through here before carry older ones
    labels = nodes.drop(columns=[*role, *score, *CHARACTERS, *FIGURES], errors="ignore")
    ranks = [column for column in score if column.startswith("rank_")]
    key = labels.join(role).join(score if explain else score.drop(columns=ranks))
    key = key.join(kind) if explain else key
    key = key.sort_values("priority", ascending=False, kind="stable")
    key.attrs["weights"] = score.attrs["weights"]
    return key
