"""Communities in which a flow, once inside, stays long: Infomap."""

from __future__ import annotations

import infomap
import numpy as np
from scipy import sparse

from graphmap.network.partitions import Found


def flow_modules(flows: sparse.csr_array, resolution: float, seed: int) -> Found:
    """Modules of the directed flow by the two-level map equation; quality is minus the bits a step.

    A walker follows flows from suppliers to users, by their size; modules are such that the walk
    is described in fewest bits. Now and then the walker starts anew (probability 0.15, at a
    supplier by what it supplies, not counted as a step), so that dead ends and parts of the
    economy that do not deal with one another are no obstacle.

    Args:
        flows: (n, n) non-negative, without flows within a sector: they would keep the walker where
            it is and, in coarse lists of industries, leave every sector on its own.
        resolution: inverse of the Markov time; above 1 the walk is described more often than once
            a step, and smaller modules pay.
        seed: the same seed gives the same modules on the same system; the random numbers of the
            C++ library differ between Linux, macOS and Windows.

    Source:
        Rosvall & Bergstrom 2008, PNAS 105; Kheirkhahzadeh, Lancichinetti & Rosvall 2016, Physical
        Review E 93:032309 (Markov time).

    Example:
        >>> two_chains = sparse.csr_array(np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]))
        >>> flow_modules(two_chains, 1.0, seed=1).members.tolist()
        [0, 0, 1, 1]
    """
    n = flows.shape[0]
    links = flows.tocoo()
    found = np.arange(n, dtype=np.int64)
    dealing = np.union1d(links.row, links.col)
    if not len(dealing):
        return Found(found, 0.0)
    walk = infomap.Network()
    walk.add_links(np.column_stack([links.row, links.col, links.data]))
    result = infomap.run(
        walk,
        two_level=True,
        directed=True,
        num_trials=1,
        markov_time=1 / resolution,
        seed=seed + 1,  # Infomap counts seeds from 1
    )
    modules = result.modules()
    # modules count from 1, sectors that deal with nobody get numbers beyond them
    found += len(dealing)
    found[dealing] = [modules[int(node)] - 1 for node in dealing]
    return Found(found, -float(result.codelength))
