"""Clusters by normalised cut, against trying every partition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from graphmap.network.normalised_cut import SpectralClusters, cut, discretised, eigengap


def halves(n):
    for bits in range(1, 2 ** (n - 1)):
        yield np.array([(bits >> i) & 1 for i in range(n)])


def by_definition(W, member):
    return sum(
        W[member == group][:, member != group].sum() / W[member == group].sum()
        for group in np.unique(member)
        if W[member == group].sum()
    )


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_a_marked_cut_in_two_is_the_best_of_all(seed) -> None:
    random = np.random.default_rng(seed)
    truth = np.array([0] * 4 + [1] * 5)
    W = random.uniform(0.5, 1, (9, 9)) * np.where(truth[:, None] == truth, 1, 0.1)
    np.fill_diagonal(W, 0)
    found = SpectralClusters.of(sparse.csr_array(W), count=2).find(1)
    both = W + W.T
    best = min(by_definition(both, member) for member in halves(9))
    assert cut(both, found.members) == pytest.approx(by_definition(both, found.members))
    assert -found.quality == pytest.approx(best)


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_the_eigengap_tells_how_many_groups_there_are(groups) -> None:
    random = np.random.default_rng(groups)
    truth = np.arange(60) % groups
    W = random.uniform(0.5, 1, (60, 60)) * np.where(truth[:, None] == truth, 1, 0.1)
    found = SpectralClusters.of(sparse.csr_array(W)).find(1).members
    assert len(set(zip(truth, found, strict=True))) == len(set(found)) == groups


def test_the_eigengap_of_levels() -> None:
    assert eigengap(np.array([1.0])) == 1
    assert eigengap(np.array([1.0, -1.0])) == 1
    assert eigengap(np.array([1.0, -0.2, -0.2, -0.2, -0.2])) == 1
    assert eigengap(np.array([1.0, 1.0, 0.1, 0.0, -0.9, -0.9])) == 2
    # the drop behind the positive values counts, that among negative ones does not
    assert eigengap(np.array([1.0, 0.9, 0.8, 0.1, -0.1, -0.9])) == 3


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_signs_and_rotations_of_the_eigenvectors_make_no_difference(seed) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(20, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    turned, _ = np.linalg.qr(random.normal(size=(3, 3)))
    for rotation in (np.diag([1.0, -1.0, -1.0]), turned):
        for start in (0, 7):
            one, other = discretised(vectors, start), discretised(vectors @ rotation, start)
            assert one.tolist() == other.tolist()


def test_the_parts_are_measured_by_their_flows() -> None:
    """A small group of small flows is as good a part as a large one of large flows."""
    random = np.random.default_rng(3)
    truth = np.array([0] * 6 + [1] * 6)
    W = random.uniform(0.5, 1, (12, 12)) * np.where(truth[:, None] == truth, 1, 0.01)
    W *= np.where(truth == 0, 100.0, 1.0)[:, None] * np.where(truth == 0, 100.0, 1.0)
    found = SpectralClusters.of(sparse.csr_array(W), count=2).find(1).members
    assert len(set(zip(truth, found, strict=True))) == 2
