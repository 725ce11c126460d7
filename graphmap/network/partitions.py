"""How alike two ways of grouping the same sectors are, and which group became which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.errors import DataError

Members = NDArray[np.int64]
"""(n,) the number of each sector's group, from 0."""


class Found(NamedTuple):
    """What one search for communities ended with.

    Attributes:
        members: (n,) group of each sector, in any order of numbers.
        quality: what the method maximises; only runs of the same method can be compared.
    """

    members: Members
    quality: float


class Agreement(NamedTuple):
    """How alike partitions are, pair by pair on average; 1 where they are the same.

    Attributes:
        adjusted_rand: mean adjusted Rand index; 0 is what chance gives.
        mutual_information: mean normalised mutual information, 0 to 1.
    """

    adjusted_rand: float
    mutual_information: float


def shared_counts(one: Members, other: Members) -> tuple[Members, Members, Members]:
    """The cells of the contingency table that are not empty: row, column, sectors in both."""
    width = int(other.max(initial=0)) + 1
    cells, counts = np.unique(one * width + other, return_counts=True)
    return cells // width, cells % width, counts


def rand_index(one: Members, other: Members) -> float:
    """``adjusted_rand`` of two arrays of group numbers."""

    def pairs(counts: Members) -> float:
        return float((counts * (counts - 1)).sum()) / 2

    both = pairs(shared_counts(one, other)[2])
    first, second = pairs(np.bincount(one)), pairs(np.bincount(other))
    every = len(one) * (len(one) - 1) / 2
    by_chance = first * second / every if every else 0.0
    most = (first + second) / 2
    # no room above chance: both put all sectors together, or both put each on its own
    return (both - by_chance) / (most - by_chance) if most != by_chance else 1.0


def information(one: Members, other: Members) -> float:
    """``normalised_mutual_information`` of two arrays of group numbers."""

    def entropy(counts: Members) -> float:
        share: Array = counts[counts > 0] / len(one)
        return float(-(share * np.log(share)).sum())

    sizes, cells = (np.bincount(one), np.bincount(other)), shared_counts(one, other)[2]
    if all(np.count_nonzero(size) == len(cells) for size in sizes):
        return 1.0  # the same groups, whatever the sums of logarithms round to
    first, second = map(entropy, sizes)
    shared = first + second - entropy(cells)
    return min(max(2 * shared / (first + second), 0.0), 1.0)


def mean_agreement(members: NDArray[np.int64]) -> Agreement:
    """The mean agreement of every two columns of (n, r) group numbers; 1 for a single column."""
    runs = members.shape[1]
    if runs < 2:
        return Agreement(1.0, 1.0)
    # runs of one method often end in the same partition, which need not be compared again
    kinds, times = np.unique(members.T, axis=0, return_counts=True)
    alike = np.full(2, float((times * (times - 1)).sum()) / 2)
    for i in range(len(kinds)):
        for j in range(i):
            both = rand_index(kinds[i], kinds[j]), information(kinds[i], kinds[j])
            alike += float(times[i] * times[j]) * np.array(both)
    rand, shared = alike / (runs * (runs - 1) / 2)
    return Agreement(float(rand), float(shared))


def adjusted_rand(one: pd.Series, other: pd.Series) -> float:
    """The adjusted Rand index of two partitions: 1 where they are the same, 0 as by chance.

    Of all pairs of sectors, how many are treated alike (together in both, or apart in both),
    corrected for chance: whether two years, places or methods see the same groups of industries.

    Args:
        one, other: group of each sector. Sectors are joined by the index (node ids, or codes for
            two provinces); only those in both are compared.

    Returns:
        At most 1, below 0 for less agreement than by chance; 1 if both put all sectors together or
        both put each on its own.

    Raises:
        DataError: no sector is in both, or a label stands twice.

    Source:
        Hubert & Arabie 1985, Journal of Classification 2.

    Example:
        >>> one = pd.Series([0, 0, 1, 1], index=["coal", "power", "farms", "food"])
        >>> adjusted_rand(one, 1 - one)
        1.0
    """
    return rand_index(*_joined(one, other)[1:])


def normalised_mutual_information(one: pd.Series, other: pd.Series) -> float:
    """How much one partition says about the other: 1 everything, 0 nothing.

    Mutual information over the arithmetic mean of the two entropies: how far the group of a sector
    in one year, place or method tells its group in another.

    Args:
        one, other: group of each sector, joined by the index as in ``adjusted_rand``.

    Returns:
        0 to 1; 1 if both put all sectors together, 0 if only one of them does.

    Raises:
        DataError: no sector is in both, or a label stands twice.

    Source:
        Danon, Diaz-Guilera, Duch & Arenas 2005, Journal of Statistical Mechanics P09008.

    Example:
        >>> one = pd.Series([0, 0, 1, 1], index=["coal", "power", "farms", "food"])
        >>> normalised_mutual_information(one, pd.Series([0, 1, 0, 1], index=one.index))
        0.0
    """
    return information(*_joined(one, other)[1:])


def stability(partitions: Sequence[pd.Series]) -> Agreement:
    """The mean agreement of every two of several partitions; 1 for a single one.

    How far the groups depend on the seed, the year or the method they were found with.

    Raises:
        DataError: there is none, or two of them have no sector in common.

    Example:
        >>> one = pd.Series([0, 0, 1, 1], index=["coal", "power", "farms", "food"])
        >>> stability([one, one, one]).adjusted_rand
        1.0
    """
    if not len(partitions):
        raise DataError("no partitions to compare", expected="at least one")
    pairs = [(one, other) for i, one in enumerate(partitions) for other in partitions[:i]]
    if not pairs:
        return Agreement(1.0, 1.0)
    joined = [_joined(*pair)[1:] for pair in pairs]
    return Agreement(
        float(np.mean([rand_index(*pair) for pair in joined])),
        float(np.mean([information(*pair) for pair in joined])),
    )


def overlap(one: pd.Series, other: pd.Series) -> pd.DataFrame:
    """Which community became which: each of ``one`` beside that of ``other`` it shares most with.

    Several may have become the same one (a merger); sectors that went elsewhere are listed.

    Args:
        one, other: community of each sector, joined by the index as in ``adjusted_rand``.

    Returns:
        DataFrame indexed by ``community``, a row each community of ``one``:

        - ``became``: the community of ``other`` with which it shares most sectors (of equals, that
          with the higher Jaccard index, then the first);
        - ``sectors``, ``sectors_after``: how many sectors the two have;
        - ``shared``, ``jaccard``: sectors in both, and their share of those in either;
        - ``moved``, ``moved_sectors``: how many of its sectors went elsewhere, and their labels.

    Raises:
        DataError: no sector is in both, or a label stands twice.

    Example:
        >>> before = pd.Series([0, 0, 0, 1], index=["coal", "power", "steel", "food"])
        >>> after = pd.Series([1, 1, 0, 0], index=before.index)
        >>> overlap(before, after)[["became", "shared", "moved_sectors"]].values.tolist()
        [[1, 2, 'steel'], [0, 1, '']]
    """
    labels, first, second = _joined(one, other)
    names = [np.sort(part.loc[labels].unique()) for part in (one, other)]
    row, column, shared = shared_counts(first, second)
    sizes, sizes_after = np.bincount(first), np.bincount(second)
    jaccard = shared / (sizes[row] + sizes_after[column] - shared)
    order = np.lexsort((column, -jaccard, -shared, row))
    best = order[np.unique(row[order], return_index=True)[1]]
    elsewhere = second != column[best][first]
    return pd.DataFrame(
        {
            "became": names[1][column[best]],
            "sectors": sizes,
            "sectors_after": sizes_after[column[best]],
            "shared": shared[best],
            "jaccard": jaccard[best],
            "moved": sizes - shared[best],
            "moved_sectors": [
                ", ".join(map(str, labels[elsewhere & (first == group)]))
                for group in range(len(sizes))
            ],
        },
        index=pd.Index(names[0], name="community"),
    )


def _joined(one: pd.Series, other: pd.Series) -> tuple[pd.Index, Members, Members]:
    """The labels both have, in the order of ``one``, and the groups numbered from 0."""
    one, other = one.dropna(), other.dropna()
    for part in (one, other):
        if part.index.has_duplicates:
            raise DataError(
                "a sector stands twice in a partition",
                found=str(part.index[part.index.duplicated()][0]),
                expected="each label once",
                remedy="join networks of several regions by node id, not by code",
            )
    labels = one.index[one.index.isin(other.index)]
    if labels.empty:
        raise DataError(
            "the two partitions have no sector in common",
            found=" and ".join(_first(part) for part in (one, other)),
            expected="the same labels in both",
            remedy="index both by node id, or by code to compare places",
        )
    first, second = (
        pd.factorize(part.loc[labels], sort=True)[0].astype(np.int64) for part in (one, other)
    )
    return labels, first, second


def _first(part: pd.Series) -> str:
    return f"{part.index[0]}, ..." if len(part) else "no sectors"
