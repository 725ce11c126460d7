"""Communities that do not depend on the seed, and how much those of single runs do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.network.community import (
    LARGEST_SEED,
    check_options,
    communities,
    labelled,
    leiden,
    modularity,
    search,
    undirected,
)
from graphmap.network.flow import FlowNetwork
from graphmap.network.partitions import Agreement, Members, mean_agreement

RUNS = 50
RUNS_LARGE = 10
LARGE = 500
"""Runs of a method where no number is asked for: ``RUNS_LARGE`` above ``LARGE`` sectors."""

TOGETHER = 0.5
"""Two sectors belong together that do so in more than this share of the runs."""

FEWEST = 5
"""Runs that take part at least."""

ROUNDS = 20
"""Rounds until all runs agree; two or three are usual."""

RESOLUTIONS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


@dataclass(frozen=True, eq=False)
class Consensus:
    """Communities on which many runs agree.

    Attributes:
        partition: community of each sector, as ``communities`` numbers them.
        support: share of the single runs in which a sector is with the others of its community (or
            alone, if it is on its own), 0 to 1: sectors with low support stand between two.
        single_runs: mean agreement of every two of the single runs.
        runs, rounds: how many runs there were of the method, and rounds until all agreed.
    """

    partition: pd.Series
    support: pd.Series
    single_runs: Agreement
    runs: int
    rounds: int


def consensus(
    net: FlowNetwork,
    *,
    method: str = "leiden",
    resolution: float = 1.0,
    runs: int | None = None,
    seed: int = 1,
    count: int | None = None,
) -> Consensus:
    """The communities that many runs of a method with different seeds agree on.

    Where groups of industries overlap, single runs of a method differ; what is said of an economy
    should not hang on the seed. Of the runs, those as good as the best quarter take part: the
    others are failed searches rather than other opinions. Pairs of sectors that are together in at
    most half of these are taken apart, the share of runs is the tie between the others, and the
    sectors are grouped by these ties, again with many seeds, until all runs agree. The ties are
    grouped by Leiden with the constant Potts model at one half, whatever the method: this is the
    grouping on which pairs agree with most of the runs, and neither a resolution nor a number of
    clusters has a meaning there.

    Args:
        method, resolution, count: as for ``communities``. Runs of ``leiden`` are by igraph, which
            takes other decisions from a seed than ``communities`` does.
        runs: how many, at least 2; 50, or 10 above 500 sectors, if left out.
        seed: the same seed gives the same consensus.

    Returns:
        Consensus. A sector that no group holds in half of the runs joins the sector it is with
        most often, if it is so more often than on its own. Networks without flows have every
        sector on its own, with full support.

    Raises:
        DataError: as ``communities``, or fewer than 2 runs.

    Source:
        Lancichinetti & Fortunato 2012, Scientific Reports 2:336.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = consensus(network(sample.table()), runs=20)
        >>> bool(found.support.mean() > 0.9)
        True
    """
    runs = (RUNS_LARGE if len(net.nodes) > LARGE else RUNS) if runs is None else runs
    single, quality = single_runs(
        net, method=method, resolution=resolution, runs=runs, seed=seed, count=count
    )
    members = single[:, best(quality)]
    with_most = drawn_to(together(members), alone(members))
    rounds = 0
    while rounds < ROUNDS and (members != members[:, :1]).any():
        members = _grouped(together(members), _seeds(seed, runs))
        rounds += 1
    found = joined(members[:, 0], with_most)
    return Consensus(
        labelled(net, found),
        pd.Series(support(single, found), index=net.nodes.index, name="support"),
        mean_agreement(single),
        runs,
        rounds,
    )


def single_runs(
    net: FlowNetwork,
    *,
    method: str = "leiden",
    resolution: float = 1.0,
    runs: int = RUNS,
    seed: int = 1,
    count: int | None = None,
) -> tuple[Members, Array]:
    """(n, runs) groups by a method with as many seeds, and (runs,) their quality.

    Groups are numbered by the place of their first sector, so that equal partitions are equal.

    Raises:
        DataError: as ``communities``, or fewer than 2 runs.
    """
    check_options(method, resolution, count, seed)
    if runs < 2:
        raise DataError("runs of a consensus", found=runs, expected="at least 2")
    find = search(net, method, resolution, count)
    found = [find(each) for each in _seeds(seed, runs)]
    members = np.column_stack([each.members for each in found])
    return _numbered_by_place(members), np.array([each.quality for each in found])


def resolution_profile(
    net: FlowNetwork,
    resolutions: Sequence[float] = RESOLUTIONS,
    *,
    method: str = "leiden",
    runs: int = 10,
    seed: int = 1,
) -> pd.DataFrame:
    """How many communities there are by resolution, how marked they are and how stable.

    A number of communities that stays the same over a range of resolutions, with a stability near
    1, is the economy's; where stability falls, the groups are the method's.

    Returns:
        DataFrame, a row a resolution: ``resolution``, ``communities`` (with ``seed``),
        ``modularity`` (of the usual kind, at resolution 1, for every method), ``adjusted_rand`` and
        ``mutual_information`` (mean over every two of ``runs`` runs with different seeds).

    Raises:
        DataError: as ``communities``, or fewer than 2 runs.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = resolution_profile(network(sample.table()), (0.5, 2.0))
        >>> found["communities"].is_monotonic_increasing
        True
    """
    rows = []
    for resolution in resolutions:
        found = communities(net, method=method, resolution=resolution, seed=seed)
        single, _ = single_runs(net, method=method, resolution=resolution, runs=runs, seed=seed)
        rows.append(
            {
                "resolution": float(resolution),
                "communities": int(found.nunique()),
                "modularity": modularity(net, found),
                **mean_agreement(single)._asdict(),
            }
        )
    columns = ["resolution", "communities", "modularity", *Agreement._fields]
    return pd.DataFrame(rows, columns=columns)


def best(quality: Array) -> NDArray[np.bool_]:
    """(runs,) which runs are as good as the best quarter, or as the ``FEWEST`` best."""
    # the last digits of equally good runs depend on the order of sums
    rounded = np.round(quality / (np.abs(quality).max() or 1.0), 9)
    worst = np.sort(rounded)[::-1][: max(len(rounded) // 4, FEWEST)][-1]
    found: NDArray[np.bool_] = rounded >= worst
    return found


def together(members: Members) -> Array:
    """(n, n) share of the columns of (n, r) group numbers in which two sectors are together.

    Example:
        >>> together(np.array([[0, 0], [0, 1], [1, 1]])).tolist()
        [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    n, runs = members.shape
    times: Array = np.zeros((n, n))
    for column in members.T:
        times += column[:, None] == column
    times /= max(runs, 1)
    return times


def support(members: Members, found: Members) -> Array:
    """(n,) share of the columns in which a sector is with the others of its group in ``found``.

    Averaged over the others; where there are none, the share in which it is alone.
    """
    same = found[:, None] == found
    np.fill_diagonal(same, False)
    others = same.sum(axis=1)
    with_others = (together(members) * same).sum(axis=1) / np.maximum(others, 1)
    found_by: Array = np.where(others > 0, with_others, alone(members))
    return found_by


def alone(members: Members) -> Array:
    """(n,) share of the columns of (n, r) group numbers in which a sector is on its own."""
    found: Array = np.zeros(members.shape[0])
    for column in members.T:
        found += np.bincount(column)[column] == 1
    share: Array = found / max(members.shape[1], 1)
    return share


def drawn_to(shares: Array, on_its_own: Array) -> Members:
    """(n,) the sector each is with most often, or itself if it is alone more often than that."""
    n = len(shares)
    others = np.round(shares - 2 * np.eye(n), 12)
    if n < 2:
        return np.arange(n)
    most = np.argmax(others, axis=1)
    return np.where(others.max(axis=1) > on_its_own, most, np.arange(n))


def _grouped(shares: Array, seeds: list[int]) -> Members:
    """(n, r) groups by the ties above ``TOGETHER``, one column a seed."""
    ties = sparse.coo_array(np.triu(np.where(shares > TOGETHER, shares, 0.0), k=1))
    graph, weights = undirected(ties), ties.data.tolist()
    runs = [leiden(graph, weights, "CPM", TOGETHER, each).members for each in seeds]
    return _numbered_by_place(np.column_stack(runs))


def joined(found: Members, with_most: Members) -> Members:
    """Groups in which sectors left on their own go with the sector they are drawn to."""
    n = len(found)
    if not n:
        return found
    first = np.unique(found, return_index=True)[1][found]
    left = np.bincount(found)[found] == 1
    to = np.where(left, with_most, first)
    ties = sparse.coo_array((np.ones(n), (np.arange(n), to)), (n, n))
    found = csgraph.connected_components(ties, directed=False)[1]
    return found.astype(np.int64)


def _numbered_by_place(members: Members) -> Members:
    """(n, r) groups, in each column numbered by the place of their first sector."""
    found = [pd.factorize(column)[0] for column in members.T]
    return np.column_stack(found).astype(np.int64)


def _seeds(seed: int, runs: int) -> list[int]:
    drawn = np.random.default_rng(seed).integers(0, LARGEST_SEED, runs)
    return [int(each) for each in drawn]
