"""Comparing partitions: against counting of pairs, and scikit-learn's figures."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.errors import DataError
from graphmap.network.partitions import (
    adjusted_rand,
    mean_agreement,
    normalised_mutual_information,
    overlap,
    stability,
)

# adjusted_rand_score and normalized_mutual_info_score of scikit-learn 1.9.1, in a venv of its own
EXPECTED = [
    ([0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, 2], 0.4444444444444444, 0.7396673768007592),
    ([0, 0, 0, 1, 1, 1, 2, 2, 2, 3], [0, 1, 2] * 3 + [3], -0.25, 0.2474307752566467),
    ([0] * 6, list(range(6)), 0.0, 0.0),
    ([0, 0, 1, 1], [0, 1, 0, 1], -0.5, 0.0),
    (
        [i % 5 for i in range(40)],
        [i * i % 7 for i in range(40)],
        -0.07835857352222765,
        0.014725013149977945,
    ),
]


def pair_of_partitions():
    groups = st.integers(0, 4)
    return st.lists(st.tuples(groups, groups), min_size=1, max_size=14)


def by_counting(a, b):
    """The adjusted Rand index from its definition, pair by pair."""
    pairs = list(itertools.combinations(range(len(a)), 2))
    one = np.array([a[i] == a[j] for i, j in pairs], float)
    other = np.array([b[i] == b[j] for i, j in pairs], float)
    chance = one.sum() * other.sum() / max(len(pairs), 1)
    room = (one.sum() + other.sum()) / 2 - chance
    return ((one * other).sum() - chance) / room if room else 1.0


def information_by_counting(a, b):
    def entropy(items):
        shares = [list(items).count(item) / len(a) for item in set(items)]
        return -sum(share * math.log(share) for share in shares)

    both = entropy(a) + entropy(b)
    pairs = list(zip(a, b, strict=True))
    return 2 * (both - entropy(pairs)) / both if both else 1.0


@pytest.mark.parametrize(("a", "b", "rand", "shared"), EXPECTED)
def test_the_figures_of_scikit_learn(a, b, rand, shared) -> None:
    one, other = pd.Series(a), pd.Series(b)
    assert adjusted_rand(one, other) == pytest.approx(rand, abs=1e-12)
    assert normalised_mutual_information(one, other) == pytest.approx(shared, abs=1e-12)


@given(pair_of_partitions())
@settings(max_examples=150)
def test_both_equal_their_definition(pairs) -> None:
    a, b = zip(*pairs, strict=True)
    one, other = pd.Series(a), pd.Series(b)
    assert adjusted_rand(one, other) == pytest.approx(by_counting(a, b), abs=1e-12)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand(other, one), abs=1e-12)
    shared = normalised_mutual_information(one, other)
    assert shared == pytest.approx(information_by_counting(a, b), abs=1e-9)
    assert 0 <= shared <= 1
    renamed = one.map({0: "p", 1: "c", 2: "x", 3: "a", 4: "q"})
    assert adjusted_rand(one, renamed) == normalised_mutual_information(one, renamed) == 1


def test_equal_partitions_agree_to_the_last_bit() -> None:
    one = pd.Series([0, 0, 0, 1, 1, 1, 2, 3])
    assert normalised_mutual_information(one, one.map(dict(enumerate("pcxa")))) == 1


@given(st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), min_size=2, max_size=6))
@settings(max_examples=40)
def test_mean_agreement_is_the_mean_over_every_two(runs) -> None:
    found = mean_agreement(np.array(runs).T)
    pairs = list(itertools.combinations([pd.Series(run) for run in runs], 2))
    assert found.adjusted_rand == pytest.approx(np.mean([adjusted_rand(*pair) for pair in pairs]))
    assert found.mutual_information == pytest.approx(
        np.mean([normalised_mutual_information(*pair) for pair in pairs])
    )
    assert stability([pd.Series(run) for run in runs]) == pytest.approx(found)
    assert stability([pd.Series(runs[0])]) == (1.0, 1.0)


def test_sectors_are_joined_by_label_and_not_by_place() -> None:
    one = pd.Series([0, 0, 1, 1, 2], index=list("abcde"))
    other = pd.Series([5, 7, 7, 9, 5], index=list("bdcxa"))
    assert adjusted_rand(one, other) == 1
    found = overlap(one, other)
    assert found["became"].to_dict() == {0: 5, 1: 7}


def test_what_cannot_be_joined_is_refused() -> None:
    one = pd.Series([0, 1], index=["a", "b"])
    with pytest.raises(DataError, match="no sector in common"):
        adjusted_rand(one, pd.Series([0, 1], index=["c", "d"]))
    with pytest.raises(DataError, match="stands twice"):
        overlap(one, pd.Series([0, 1], index=["a", "a"]))
    with pytest.raises(DataError, match="no sector in common"):
        normalised_mutual_information(one, pd.Series([], dtype=int))
    with pytest.raises(DataError, match="no partitions"):
        stability([])


def test_which_community_became_which() -> None:
    before = pd.Series([0, 0, 0, 0, 1, 1, 2, 2], index=list("abcdefgh"))
    after = pd.Series([3, 3, 3, 1, 1, 1, 3, 0], index=list("abcdefgh"))
    found = overlap(before, after)
    assert found["became"].tolist() == [3, 1, 0]  # of 3 and 0 the higher Jaccard index is with 0
    assert found["sectors"].tolist() == [4, 2, 2]
    assert found["sectors_after"].tolist() == [4, 3, 1]
    assert found["shared"].tolist() == [3, 2, 1]
    assert found["jaccard"].tolist() == pytest.approx([3 / 5, 2 / 3, 1 / 2])
    assert found["moved"].tolist() == [1, 0, 1]
    assert found["moved_sectors"].tolist() == ["d", "", "g"]


@given(pair_of_partitions())
@settings(max_examples=60)
def test_every_row_of_an_overlap_is_the_largest_of_its_community(pairs) -> None:
    a, b = (pd.Series(values) for values in zip(*pairs, strict=True))
    counts = pd.crosstab(a, b)
    found = overlap(a, b)
    assert found.index.tolist() == counts.index.tolist()
    assert found["shared"].tolist() == counts.max(axis=1).tolist()
    assert [counts.loc[one, other] for one, other in found["became"].items()] == (
        found["shared"].tolist()
    )
    assert (found["moved"] + found["shared"]).tolist() == counts.sum(axis=1).tolist()
