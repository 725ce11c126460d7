"""Hypothetical extraction: what an economy would lose without a sector or a group of sectors.

Throughout: ``K`` positions of the group, ``f`` direct and ``m`` total intensity, ``x`` gross
output, ``y`` final use, ``e = f x`` direct emissions and ``q = L e``; with ``f`` all ones the same
formulas give gross output. Nothing is recomputed: the columns ``L_.K`` of the inverse tell all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from graphmap.accounts import IOTable, prepared
from graphmap.accounts.lookup import find_sectors
from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.leontief.footprints import direct_intensity
from graphmap.leontief.measures import system_of
from graphmap.leontief.system import LeontiefSystem

Positions = NDArray[np.intp]


class Losses(NamedTuple):
    """What is lost when sectors are extracted, in the unit of ``f`` times ``x``."""

    complete: float
    backward: float
    forward: float


class Transfer(NamedTuple):
    """Emissions of a group and those that its products call for, by where they come about."""

    internal: float
    mixed: float
    net_backward: float
    net_forward: float


class SectorEffects(NamedTuple):
    """(n,) each: the losses without each sector by itself."""

    complete: Array
    backward: Array
    forward: Array


def inverse_columns(system: LeontiefSystem, K: Positions) -> Array:
    """(n, k) the columns ``L_.K``: what one unit of final use of each product of ``K`` calls for.

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([100.0, 100.0]))
        >>> inverse_columns(system, np.array([1])).tolist()
        [[0.5], [1.0]]
    """
    units = np.zeros((system.n, len(K)))
    units[K, np.arange(len(K))] = 1.0
    return system.solve(units)


def extraction_losses(
    columns: Array, K: Positions, f: Array, m: Array, x: Array, q: Array
) -> Losses:
    """What the whole economy loses without ``K``, in three senses.

    - complete, ``m_K' L_KK^-1 x_K``: ``K`` buys, sells and serves final users no more;
    - backward, ``(m - f)_K' L_KK^-1 x_K``: ``K`` produces without domestic inputs;
    - forward, ``1' L_KK^-1 (q - e)_K``: ``K`` delivers to final users only (by Ghosh's model:
      what is not delivered is not produced with).

    Args:
        columns: (n, k) ``L_.K``.

    Source:
        Temurshoev 2010, Journal of Regional Science 50, and Temurshoev & Oosterhaven 2014, Spatial
        Economic Analysis 9 (complete); Miller & Blair 2009, ch. 12.2.6 (backward);
        Dietzenbacher & van der Linden 1997, Journal of Regional Science 37 (forward).

    Example:
        >>> K, f, x = np.array([1]), np.array([2.0, 1.0]), np.array([100.0, 100.0])
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), x)
        >>> m, q = system.solve_transposed(f), system.solve(f * x)
        >>> extraction_losses(inverse_columns(system, K), K, f, m, x, q)
        Losses(complete=200.0, backward=100.0, forward=0.0)
    """
    needed, sent_on = _solved(columns[K], np.column_stack([x[K], q[K] - f[K] * x[K]])).T
    return Losses(float(m[K] @ needed), float((m - f)[K] @ needed), float(sent_on.sum()))


def output_lost(columns: Array, K: Positions, x: Array) -> Array:
    """(n,) gross output that each sector loses when ``K`` is extracted completely.

    ``L_.K L_KK^-1 x_K``; all of its own for a sector of ``K``. Times ``f`` it sums to the complete
    loss of emissions.

    Example:
        >>> x = np.array([100.0, 100.0])
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), x)
        >>> output_lost(inverse_columns(system, np.array([1])), np.array([1]), x).tolist()
        [50.0, 100.0]
    """
    lost: Array = columns @ _solved(columns[K], x[K])
    return lost


def transfers(columns: Array, from_group: Array, K: Positions, f: Array, y: Array) -> Array:
    """(n, 2) emissions that pass between each sector outside ``K`` and ``K``; zero inside.

    First ``f_i (L_iK y_K)``, emitted by sector i for final use of the products of ``K``; then
    ``(f_K L_Kj) y_j``, emitted by ``K`` for final use of product j.

    Args:
        columns: (n, k) ``L_.K``.
        from_group: (n,) ``L' f`` with ``f`` zero outside ``K``.

    Source:
        Duarte, Sanchez-Choliz & Bielsa 2002, Ecological Economics 43.
    """
    found = np.column_stack([f * (columns @ y[K]), from_group * y])
    found[K] = 0.0
    return found


def transfer(
    columns: Array, from_group: Array, A_KK: Array, K: Positions, f: Array, y: Array
) -> Transfer:
    """The emissions of ``K`` and for its products, split by whether they cross its border.

    - internal ``f_K (I - A_KK)^-1 y_K``: emitted inside for its own products, never leaving it;
    - mixed ``f_K (L_KK - (I - A_KK)^-1) y_K``: the same, by way of other sectors;
    - net backward ``f_R L_RK y_K``: emitted by the others for the products of ``K``;
    - net forward ``f_K L_KR y_R``: emitted inside for the products of the others.

    Direct emissions are all but the third, the footprint is all but the fourth, so net backward
    less net forward is the footprint less the direct emissions.

    Args:
        columns: (n, k) ``L_.K``.
        from_group: (n,) ``L' f`` with ``f`` zero outside ``K``.
        A_KK: (k, k) technical coefficients inside the group.

    Source:
        Duarte, Sanchez-Choliz & Bielsa 2002, Ecological Economics 43.

    Example:
        >>> K, f, y = np.array([1]), np.array([2.0, 1.0]), np.array([50.0, 100.0])
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([100.0, 100.0]))
        >>> steel = system.solve_transposed(np.array([0.0, 1.0]))
        >>> transfer(inverse_columns(system, K), steel, np.zeros((1, 1)), K, f, y)
        Transfer(internal=100.0, mixed=0.0, net_backward=100.0, net_forward=0.0)
    """
    alone = float(f[K] @ _solved(np.eye(len(K)) - A_KK, y[K]))
    inside = float(f[K] @ columns[K] @ y[K])
    backward, forward = transfers(columns, from_group, K, f, y).sum(axis=0).tolist()
    return Transfer(alone, inside - alone, backward, forward)


def extraction_effects(
    f: Array, m: Array, q: Array, x: Array, e: Array, diagonal: Array
) -> SectorEffects:
    """The losses of the whole economy without each sector, extracted by itself.

    ``m_i x_i``, ``(m_i - f_i) x_i`` and ``q_i - e_i``, each over ``L_ii``.

    Args:
        diagonal: (n,) ``L_ii``, from ``LeontiefSystem.inverse_diagonal``.

    Source:
        As ``extraction_losses``, with one sector in the group.

    Example:
        >>> f, x = np.array([2.0, 1.0]), np.array([100.0, 100.0])
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), x)
        >>> m, q = system.solve_transposed(f), system.solve(f * x)
        >>> extraction_effects(f, m, q, x, f * x, np.ones(2)).complete.tolist()
        [200.0, 200.0]
    """
    return SectorEffects(m * x / diagonal, (m - f) * x / diagonal, (q - e) / diagonal)


@dataclass(frozen=True, eq=False)
class Extraction:
    """What the economy of a table would lose without some of its sectors.

    Attributes:
        sectors: node ids of those extracted.
        losses: rows ``complete``, ``backward``, ``forward``; columns ``gross_output`` (10 thousand)
            and ``co2`` (Mt) and each as a share of the whole economy's, ``*_share``.
        transfer: Mt: ``direct``, ``footprint``, ``internal``, ``mixed``, ``net_backward``,
            ``net_forward`` and ``net_transfer`` (net backward less net forward).
        by_sector: a row a region-sector (by node id): ``extracted``; ``output_lost`` (10 thousand)
            and ``co2_lost`` (Mt) by complete extraction; ``emitted_for_group`` and
            ``group_emits_for``, the transfers (Mt) of those outside the group.

    A table without emissions has no ``co2`` columns and no transfer.
    """

    sectors: tuple[str, ...]
    losses: pd.DataFrame
    transfer: dict[str, float]
    by_sector: pd.DataFrame


def extraction(table: IOTable, sectors: str | Sequence[str], imports: str = "out") -> Extraction:
    """The losses if ``sectors`` were extracted together, and what passes between them and others.

    Args:
        sectors: node ids, codes, names in any language or names of groups; a name that several
            regions have means all of them.
        imports: ``out`` takes imports out of the cells of a competitive table, ``inside`` does not.

    Raises:
        DataError: no such sector, nothing would be left, or a part of the economy has no Leontief
            inverse; the table has an error.

    Source:
        See ``extraction_losses`` and ``transfer``.

    Example:
        >>> from graphmap import sample
        >>> found = extraction(sample.table().select(["CN-GD"]), "Construction")
        >>> found.losses["co2"].idxmax(), round(found.transfer["net_backward"])
        ('complete', 74)
    """
    table, _ = prepared(table, imports)
    K = _group(table, [sectors] if isinstance(sectors, str) else sectors)
    inside = np.isin(np.arange(table.n), K)
    system = system_of(table, solves=len(K) + 5)
    x, y = table.x * table.to_10k, table.final_demand * table.to_10k
    f = direct_intensity(table.co2, x) if table.co2 is not None else np.zeros(table.n)
    ones = np.ones(table.n)
    columns = inverse_columns(system, K)
    stages, m, from_group = system.solve_transposed(np.column_stack([ones, f, f * inside])).T
    sold_on, q = system.solve(np.column_stack([x, f * x])).T
    losses = pd.DataFrame(
        {
            "gross_output": extraction_losses(columns, K, ones, stages, x, sold_on),
            "co2": extraction_losses(columns, K, f, m, x, q),
        },
        index=pd.Index(Losses._fields, name="extraction"),
    )
    by_sector = pd.DataFrame(
        {"extracted": inside, "output_lost": output_lost(columns, K, x)}, index=table.index.index
    )
    nodes = tuple(map(str, table.index.index[K]))
    losses.insert(1, "gross_output_share", losses["gross_output"] / x.sum())
    if not table.has_emissions:
        return Extraction(nodes, losses.drop(columns="co2"), {}, by_sector)
    losses["co2_share"] = losses["co2"] / (f @ x)
    by_sector["co2_lost"] = f * by_sector["output_lost"]
    ends = ["emitted_for_group", "group_emits_for"]
    by_sector[ends] = transfers(columns, from_group, K, f, y)
    parts = transfer(columns, from_group, _coefficients(system, K), K, f, y)
    totals = {
        "direct": float((f * x)[K].sum()),
        "footprint": float((m * y)[K].sum()),
        **parts._asdict(),
        "net_transfer": parts.net_backward - parts.net_forward,
    }
    return Extraction(nodes, losses, totals, by_sector)


def _solved(matrix: Array, right: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError as error:
        raise DataError("the extracted sectors or the others have no Leontief inverse") from error


def _group(table: IOTable, sectors: Sequence[str]) -> Positions:
    """The positions that ``sectors`` mean, each once, in the table's order."""
    if not sectors:
        raise DataError("no sector to extract", expected="a node id, a code or a name")
    K = np.unique(np.concatenate([find_sectors(table, text) for text in sectors]))
    if len(K) == table.n:
        raise DataError(
            "nothing would be left of the economy",
            found=f"all {table.n} sectors of the table",
            expected="fewer sectors to extract",
        )
    return K


def _coefficients(system: LeontiefSystem, K: Positions) -> Array:
    """(k, k) the technical coefficients inside the group."""
    block = system.Z[K][:, K]
    flows = block.toarray() if sparse.issparse(block) else block
    return np.asarray(flows * system.per_output[K])
