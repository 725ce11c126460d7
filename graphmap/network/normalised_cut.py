"""Clusters by normalised cut: where least flows between the parts for the size of the parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from graphmap.arrays import Array
from graphmap.network.partitions import Found, Members

MOST = 50
"""Clusters that the eigengap may choose."""

STARTS = 10
"""Sectors from which the discretisation is begun; the smallest cut is taken."""

NO_GAP = 1e-9
"""Eigenvalues nearer than this are equal."""

ROUNDS = 100
"""A discretisation settles after a handful of rounds."""


@dataclass(frozen=True)
class SpectralClusters:
    """What is the same for every seed: the flows of both directions and their eigenvectors.

    Attributes:
        n: sectors in all.
        dealing: (d,) positions of those that deal with others.
        both: (d, d) symmetric flows between them.
        vectors: (d, k) leading eigenvectors of ``D^-1/2 W D^-1/2``, each row of length 1.
    """

    n: int
    dealing: Members
    both: Array
    vectors: Array

    @classmethod
    def of(
        cls, flows: sparse.csr_array, resolution: float = 1.0, count: int | None = None
    ) -> SpectralClusters:
        """Prepared from (n, n) non-negative flows without those within a sector.

        Args:
            count: how many clusters; ``resolution`` times the number at the largest eigengap if
                left out, and never more than there are sectors that deal with others.

        Source:
            Shi & Malik 2000, IEEE Transactions on Pattern Analysis and Machine Intelligence 22;
            Kagawa et al. 2015, Global Environmental Change 35.
        """
        both = (flows + flows.T).toarray()
        strength = both.sum(axis=1)
        dealing = np.flatnonzero(strength > 0)
        both, strength = both[np.ix_(dealing, dealing)], strength[dealing]
        d = len(dealing)
        if not d:
            return cls(flows.shape[0], dealing, both, np.zeros((0, 1)))
        scaled = both / np.sqrt(strength[:, None] * strength)
        values, vectors = linalg.eigh(scaled)
        values, vectors = values[::-1], vectors[:, ::-1]
        k = count or max(round(resolution * eigengap(values)), 1)
        chosen = vectors[:, : min(k, d)]
        length = np.linalg.norm(chosen, axis=1, keepdims=True)
        return cls(flows.shape[0], dealing, both, chosen / np.where(length > 0, length, 1))

    def find(self, seed: int) -> Found:
        """Clusters; sectors that deal with nobody are on their own. Quality is minus the cut."""
        found = np.arange(self.n, dtype=np.int64) + self.vectors.shape[1]
        d = len(self.dealing)
        if not d:
            return Found(found, 0.0)
        starts = np.random.default_rng(seed).permutation(d)[:STARTS]
        tried = [discretised(self.vectors, int(start)) for start in starts]
        # fewer clusters always cut less, so as many as were asked for come first
        best = min(tried, key=lambda m: (-len(np.unique(m)), round(cut(self.both, m), 12)))
        found[self.dealing] = best
        return Found(found, -cut(self.both, best))


def eigengap(values: Array) -> int:
    """How many clusters stand out: where the n eigenvalues, largest first, drop most.

    At least 2, as the drop after the first only says that the network hangs together, and at most
    half of the sectors or ``MOST``; negative eigenvalues count as 0, being of sectors that avoid
    one another. 1 where no drop stands out, as with equal flows.

    Source:
        von Luxburg 2007, Statistics and Computing 17.

    Example:
        >>> eigengap(np.array([1.0, 0.9, 0.85, 0.2, 0.1, -0.5]))
        3
    """
    level = np.maximum(values, 0.0)
    drops = (level[:-1] - level[1:])[1 : min(max(len(values) // 2, 2), MOST)]
    if not len(drops) or drops.max() < NO_GAP:
        return 1
    return 2 + int(np.argmax(drops > drops.max() - NO_GAP))


def discretised(vectors: Array, start: int) -> Members:
    """(d,) clusters nearest to (d, k) eigenvectors, up to a rotation that is found along the way.

    The signs of the eigenvectors, and which of a rotated set were found, make no difference.

    Args:
        start: the sector the first cluster is begun with; each other one is begun with the sector
            that is farthest from those before it.

    Source:
        Yu & Shi 2003, Multiclass spectral clustering, ICCV.
    """
    d, k = vectors.shape
    rotation = np.zeros((k, k))
    near = np.zeros(d)
    for column in range(k):
        rotation[:, column] = vectors[start]
        near += np.abs(vectors @ rotation[:, column])
        start = int(np.argmin(np.round(near, 12)))
    before = 0.0
    member = np.zeros(d, dtype=np.int64)
    for _ in range(ROUNDS):
        member = np.argmax(np.round(vectors @ rotation, 12), axis=1).astype(np.int64)
        left, size, right = np.linalg.svd(np.eye(k)[member].T @ vectors)
        if abs(size.sum() - before) <= 1e-12 * d:
            break
        before = size.sum()
        rotation = (left @ right).T
    return member


def cut(both: Array, member: Members) -> float:
    """Normalised cut: for each cluster, the share of its flows that leave it, summed.

    Example:
        >>> cut(np.array([[0.0, 3.0, 1.0], [3.0, 0.0, 0.0], [1.0, 0.0, 0.0]]), np.array([0, 0, 1]))
        1.1428571428571428
    """
    groups = np.eye(int(member.max()) + 1)[member]
    flows = groups.T @ both @ groups
    size = flows.sum(axis=1)
    inside = np.diag(flows)[size > 0] / size[size > 0]
    return float((1 - inside).sum())
