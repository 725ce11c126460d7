"""Two networks beside each other: years of one place, or places in one year."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.comparison import unlike_sectors
from graphmap.errors import DataError
from graphmap.network.backbone import keep
from graphmap.network.flow import FlowNetwork
from graphmap.network.partitions import adjusted_rand, normalised_mutual_information, overlap

CHANGES = ("entered", "left", "stayed", "outside")
"""What becomes of a sector's place among the key sectors."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What differs between two networks of the same sectors.

    Attributes:
        sectors: a row a sector, those that moved most first: ``rank_before``, ``rank_after``,
            ``priority_before``, ``priority_after``, ``role_before``, ``role_after`` and ``key``,
            one of ``CHANGES``.
        flows: a row a flow between two sectors, the largest change of its share first:
            ``supplier``, ``user``, ``before`` and ``after`` in the networks' unit,
            ``share_before``, ``share_after`` of all flows between sectors, ``change`` of the value
            and ``change_of_share``.
        communities: which community became which, as ``partitions.overlap``.
        similarity: figures between 0 and 1 (correlations: -1 and 1), 1 where nothing differs:
            ``flow_overlap``, ``backbone_overlap``, ``rank_correlation``,
            ``strength_correlation``, ``adjusted_rand``, ``mutual_information``.
        by: ``node`` where the sectors were joined by node id, ``code`` where two places were.
    """

    sectors: pd.DataFrame
    flows: pd.DataFrame
    communities: pd.DataFrame
    similarity: dict[str, float]
    by: str


def comparison(
    before: FlowNetwork, after: FlowNetwork, *, top: int = 5, rule: str = "5%"
) -> Comparison:
    """What entered and left the key sectors, which flows changed, how alike the structure is.

    Networks of different size are compared by shares: every flow as a share of all flows between
    sectors.

    Args:
        before, after: networks of one weight whose nodes are ``key_sectors`` with a ``community``,
            as a Study has them. Joined by node id, or by code where each is of one region.
        top: how many sectors of the highest priority are key.
        rule: which flows make the backbones that are compared.

    Returns:
        Comparison; its figures of similarity are

        - ``flow_overlap``: the sum over flows of the smaller of the two shares;
        - ``backbone_overlap``: flows that both backbones keep, of those that either does (Jaccard);
        - ``rank_correlation``: Spearman's, of priority;
        - ``strength_correlation``: Spearman's, of supplies and purchases;
        - ``adjusted_rand``, ``mutual_information``: of the communities.

    Raises:
        DataError: the networks are not of the same sectors, weight or currency, or one is empty.

    Example:
        >>> from graphmap import sample, study
        >>> provinces = [study(sample.table().select([code])) for code in ("CN-GD", "CN-ZJ")]
        >>> found = comparison(*(each.network for each in provinces))
        >>> found.by, bool(0.5 < found.similarity["flow_overlap"] < 1)
        ('code', True)
    """
    by, old, new = _joined(before, after)
    shares = []
    for net in (old, new):
        total = net.without_loops().weights.sum()
        if not total > 0:
            raise DataError(
                "no flows between sectors to compare",
                found=", ".join(dict.fromkeys(net.nodes["region"])) or None,
                expected="a network whose sectors deal with one another",
            )
        shares.append(sparse.csr_array(net.without_loops().weights / total))
    smaller = shares[0].minimum(shares[1])
    kept = [keep(net, rule).network.weights != 0 for net in (old, new)]
    both, either = kept[0].multiply(kept[1]).nnz, (kept[0] + kept[1]).nnz
    parts = [net.nodes["community"] for net in (old, new)]
    strengths = [np.concatenate([net.supplied, net.received]) for net in (old, new)]
    priorities = [net.nodes["priority"].to_numpy() for net in (old, new)]
    similarity = {
        "flow_overlap": float(smaller.sum()),
        "backbone_overlap": both / either if either else 1.0,
        "rank_correlation": _spearman(*priorities),
        "strength_correlation": _spearman(*strengths),
        "adjusted_rand": adjusted_rand(*parts),
        "mutual_information": normalised_mutual_information(*parts),
    }
    sectors, flows = _sectors(old, new, top), _flows(old, new, shares)
    return Comparison(sectors, flows, overlap(*parts), similarity, by)


def _joined(before: FlowNetwork, after: FlowNetwork) -> tuple[str, FlowNetwork, FlowNetwork]:
    """How the sectors are joined, and both networks under one index and in one order."""
    for what in ("weight", "unit"):
        kinds = [getattr(net, what) for net in (before, after)]
        if kinds[0] != kinds[1]:
            raise DataError(f"two networks that differ in {what}", found=" and ".join(kinds))
    places = [list(dict.fromkeys(net.nodes["region"])) for net in (before, after)]
    by = "node"
    if places[0] != places[1] and len(places[0]) == len(places[1]) == 1:
        by = "code"
        before, after = (
            replace(net, nodes=net.nodes.assign(node=net.nodes.index).set_index("code", drop=False))
            for net in (before, after)
        )
    unlike = unlike_sectors(before.nodes, after.nodes)
    if unlike:
        raise DataError(
            "the two networks do not have the same sectors",
            found="; ".join(unlike),
            remedy="compare tables of one sector list, of the same regions or of one region each",
        )
    order = after.nodes.index.get_indexer(before.nodes.index)
    weights = sparse.csr_array(after.weights[order][:, order])
    return by, before, replace(after, nodes=after.nodes.iloc[order], weights=weights)


def _sectors(old: FlowNetwork, new: FlowNetwork, top: int) -> pd.DataFrame:
    found = pd.DataFrame(index=old.nodes.index)
    for when, net in (("before", old), ("after", new)):
        found[f"rank_{when}"] = net.nodes["priority"].rank(ascending=False, method="first")
        found[f"rank_{when}"] = found[f"rank_{when}"].astype(int)
        found[f"priority_{when}"] = net.nodes["priority"]
        found[f"role_{when}"] = net.nodes["role"]
    first, then = found["rank_before"] <= top, found["rank_after"] <= top
    found["key"] = np.select([then & ~first, first & ~then, first & then], CHANGES[:3], "outside")
    best = found[["rank_before", "rank_after"]].min(axis=1)
    moved = (found["priority_after"] - found["priority_before"]).abs()
    order = np.lexsort((best, -moved))
    return found.iloc[order]


def _flows(old: FlowNetwork, new: FlowNetwork, shares: list[sparse.csr_array]) -> pd.DataFrame:
    """Every flow that either network has, the largest change of its share first."""
    either = sparse.coo_array(shares[0] + shares[1])
    supplier, user = either.coords
    values = [np.asarray(net.weights[supplier, user]).ravel() for net in (old, new)]
    parts = [np.asarray(share[supplier, user]).ravel() for share in shares]
    change = parts[1] - parts[0]
    order = np.lexsort((user, supplier, -np.abs(change)))
    ids = old.nodes.index
    found = pd.DataFrame(
        {
            "supplier": ids[supplier],
            "user": ids[user],
            "before": values[0],
            "after": values[1],
            "change": values[1] - values[0],
            "share_before": parts[0],
            "share_after": parts[1],
            "change_of_share": change,
        }
    )
    return found.iloc[order].reset_index(drop=True)


def _spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation; 1 where both are constant, 0 where one is. Rounding breaks no tie."""
    one, other = (
        np.round(each / (np.abs(each).max(initial=0.0) or 1), 12) for each in (one, other)
    )
    constant = [len(np.unique(each)) < 2 for each in (one, other)]
    if any(constant):
        return float(all(constant))
    ranks = [pd.Series(each).rank() for each in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])
