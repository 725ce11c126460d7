"""Carbon that goes round: pairs that supply each other, and cycles of a few sectors.

A cycle is as strong as its weakest flow, its bottleneck. The strongest are found exactly: flows
are let in from the largest down, and how many cycles there are among the first so many is a matter
of one matrix product, so that bisection leads to each flow that closes a cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from graphmap.arrays import Matrix
from graphmap.errors import DataError
from graphmap.network.flow import FlowNetwork
from graphmap.network.relations import flows_at
from graphmap.network.roles import roles_in

Places = NDArray[np.intp]

LENGTHS = (2, 3, 4)
"""How many sectors a cycle may have; longer ones say nothing that a reader could use."""

DENSE = 0.05
"""A part of the network with at least this share of its cells filled is multiplied as dense."""

CYCLE_COLUMNS = [
    "rank",
    "length",
    "cycle",
    "roles",
    "flows",
    "bottleneck",
    "weakest_supplier",
    "weakest_user",
]

FIRST = 64
"""How many of the largest flows are looked at first."""


def count_cycles(supplier: Places, user: Places, lengths: Sequence[int]) -> int:
    """How many simple directed cycles of these ``lengths`` (of ``LENGTHS``) the edges form.

    Closed walks of 4 steps are cycles but for those that come by one sector twice.

    Args:
        supplier, user: (m,) positions; every edge once, none from a sector to itself.

    Example:
        >>> count_cycles(np.array([0, 1, 1, 2]), np.array([1, 0, 2, 0]), [2, 3])
        2
    """
    n = int(max(supplier.max(initial=-1), user.max(initial=-1))) + 1
    supplies, uses = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    supplies[supplier], uses[user] = True, True
    turning = supplies & uses  # a cycle enters and leaves each of its sectors
    inside = turning[supplier] & turning[user]
    if not inside.any():
        return 0
    place, size = turning.cumsum() - 1, int(turning.sum())
    edges = place[supplier[inside]], place[user[inside]]
    # float32 is exact: no sector has 2^24 partners
    ones = np.ones(len(edges[0]), dtype=np.float32)
    B: Matrix = sparse.coo_array((ones, edges), (size, size))
    B = B.toarray() if len(ones) >= DENSE * size**2 else sparse.csr_array(B)
    mutual = np.asarray((B * B.T).sum(axis=1), dtype=float)
    count = mutual.sum() / 2 if 2 in lengths else 0.0
    if {3, 4} & set(lengths):
        two = B @ B
        closed = [_product_sum(two, B), _product_sum(two, two)]
        count += closed[0] / 3 if 3 in lengths else 0.0
        if 4 in lengths:
            count += (closed[1] - 2 * (mutual**2).sum() + mutual.sum()) / 4
    return round(count)


def _product_sum(one: Matrix, other: Matrix) -> float:
    """The sum of ``one_ij other_ji``, the trace of their product."""
    if sparse.issparse(one):
        return float(one.astype(float).multiply(other.T).sum())
    return float(np.vdot(one.astype(float), other.T.astype(float)))


def closed_by(supplier: Places, user: Places, lengths: Sequence[int]) -> list[tuple[int, ...]]:
    """The simple cycles of these lengths that the last of the edges closes.

    Returns:
        Each from its first sector in the order of the table; the shortest first, then by sectors.

    Example:
        >>> closed_by(np.array([0, 1, 1, 2]), np.array([1, 0, 2, 0]), [2, 3])
        [(0, 1, 2)]
    """
    first, last = int(user[-1]), int(supplier[-1])
    onwards = user[(supplier == first) & (user != last)]
    back = supplier[(user == last) & (supplier != first)]
    found: list[tuple[int, ...]] = []
    for length in sorted(set(lengths)):
        if length == 2:
            back_again = ((supplier == first) & (user == last)).sum()
            between = np.empty((back_again, 0), dtype=np.intp)
        elif length == 3:
            between = np.intersect1d(onwards, back)[:, None]
        else:
            inside = np.isin(supplier, onwards) & np.isin(user, back)
            between = np.column_stack([supplier[inside], user[inside]])
        ends = np.broadcast_to([last, first], (len(between), 2))
        cycles = np.hstack([ends, between])
        start = cycles.argmin(axis=1)[:, None]
        cycles = np.take_along_axis(cycles, (start + np.arange(length)) % length, axis=1)
        found += map(tuple, cycles[np.lexsort(cycles.T[::-1])].tolist())
    return found


def in_order(supplier: Places, user: Places, lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All simple cycles of these lengths, by the last of their edges, one after the other."""

    def between(low: int, high: int, below: int, upto: int) -> Iterator[tuple[int, ...]]:
        """Those closed by edges ``low`` to ``high``, with so many below and up to them."""
        if below == upto:
            return
        if high - low == 1:
            yield from closed_by(supplier[:high], user[:high], lengths)
            return
        middle = (low + high) // 2
        half = count_cycles(supplier[:middle], user[:middle], lengths)
        yield from between(low, middle, below, half)
        yield from between(middle, high, half, upto)

    low, below = 0, 0
    while low < len(supplier):
        high = min(max(2 * low, FIRST), len(supplier))
        upto = count_cycles(supplier[:high], user[:high], lengths)
        yield from between(low, high, below, upto)
        low, below = high, upto


def key_cycles(
    net: FlowNetwork,
    *,
    lengths: Sequence[int] = (3, 4),
    count: int = 10,
    role: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The directed cycles whose weakest flow is largest.

    Along them carbon (or money) goes round, so that a change in one of their sectors comes back to
    it; the weakest flow says how much can go all the way.

    Args:
        net: a network whose nodes carry measures.
        lengths: how many sectors a cycle has, of ``LENGTHS``; 2 are pairs that supply each other.
        count: how many cycles.
        role: what ``roles`` or ``key_sectors`` returned; the usual ones if left out.

    Returns:
        DataFrame, a row a cycle: ``rank``; ``length``; ``cycle``, a tuple of node ids from supplier
        to user, from the first in the order of the table; ``roles`` of these; ``flows``, from each
        to the next and from the last to the first, in the network's unit; ``bottleneck``, the
        smallest of them; ``weakest_supplier`` and ``weakest_user``, its ends. Exact: no cycle left
        out has a larger bottleneck. Equal ones come in the order of the flow that closes them in
        ``net.edges()``, then the shorter first, then by sectors. No rows where nothing goes round.

    Raises:
        DataError: another length, or a count below one.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = key_cycles(network(sample.table().select(["CN-GD"])), lengths=[2, 3], count=3)
        >>> found["length"].tolist(), found["bottleneck"].is_monotonic_decreasing
        ([2, 2, 2], True)
    """
    if not lengths or not set(lengths) <= set(LENGTHS):
        raise DataError(
            "lengths of cycles",
            found=list(lengths),
            expected=f"some of {', '.join(map(str, LENGTHS))}",
        )
    if count < 1:
        raise DataError("how many cycles", found=count, expected="1 or more")
    role = roles_in(net, role)
    flows = net.without_loops().weights.tocoo()
    kept = flows.data > 0
    supplier, user, value = flows.row[kept], flows.col[kept], flows.data[kept]
    order = np.lexsort((user, supplier, -value))
    found = in_order(supplier[order], user[order], lengths)
    rows = [_row(net, role, rank, cycle) for rank, cycle in enumerate(islice(found, count), 1)]
    return pd.DataFrame(rows, columns=CYCLE_COLUMNS)


def _row(net: FlowNetwork, role: pd.DataFrame, rank: int, cycle: tuple[int, ...]) -> list[object]:
    ids = [net.nodes.index[at] for at in cycle]
    steps = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
    flows = [float(net.weights[step]) for step in steps]
    weakest = int(np.argmin(flows))
    return [
        rank,
        len(cycle),
        tuple(ids),
        tuple(role["role"].iloc[at] for at in cycle),
        tuple(flows),
        flows[weakest],
        ids[weakest],
        ids[(weakest + 1) % len(ids)],
    ]


def reciprocal_pairs(
    net: FlowNetwork, *, count: int | None = 10, role: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Pairs of sectors that supply each other, by the smaller of their two flows.

    Both are each other's customer and supplier, so neither can decarbonise alone; the balance says
    how even the exchange is.

    Args:
        net: a network whose nodes carry measures.
        count: how many pairs; all if None.
        role: what ``roles`` or ``key_sectors`` returned; the usual ones if left out.

    Returns:
        DataFrame, a row a pair: ``rank``; ``supplier`` and ``user`` of the larger flow and their
        ``supplier_role`` and ``user_role``; ``larger`` and ``smaller`` flow in the network's unit;
        ``balance``, smaller over larger. Equal ones in the order of the table.

    Example:
        >>> from graphmap import sample
        >>> from graphmap.network.flow import network
        >>> found = reciprocal_pairs(network(sample.table().select(["CN-GD"])), count=3)
        >>> found["smaller"].is_monotonic_decreasing
        True
    """
    role = roles_in(net, role)
    W = net.without_loops().weights
    both = sparse.triu(W.minimum(sparse.csr_array(W.T)), k=1, format="coo")
    kept = both.data > 0
    order = np.lexsort((both.col[kept], both.row[kept], -both.data[kept]))[:count]
    one, other = both.row[kept][order], both.col[kept][order]
    there, back = flows_at(net, one, other), flows_at(net, other, one)
    turned = back > there
    supplier, user = np.where(turned, other, one), np.where(turned, one, other)
    ids, kinds = net.nodes.index, role["role"].to_numpy()
    larger, smaller = np.maximum(there, back), np.minimum(there, back)
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(one) + 1),
            "supplier": ids[supplier],
            "supplier_role": kinds[supplier],
            "user": ids[user],
            "user_role": kinds[user],
            "larger": larger,
            "smaller": smaller,
            "balance": smaller / larger,
        }
    )
