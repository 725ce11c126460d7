"""How far a table is from adding up."""

from __future__ import annotations

import numpy as np

from graphmap.accounts.table import IOTable
from graphmap.arrays import Array


def gaps(table: IOTable) -> tuple[Array, Array]:
    """(n,) output less its uses and (n,) output less what it is paid for: zero at best."""
    inside = 0.0 if table.imports_inside is None else table.imports_inside
    used = table.intermediate_sales + table.Y.sum(axis=1) - inside
    paid = table.intermediate_inputs + table.imports + table.V.sum(axis=0)
    return table.x - used, table.x - paid


def sizes(table: IOTable) -> Array:
    """(n,) what a gap is relative to: gross output, of a small sector 1e-4 of what is usual."""
    known = np.isfinite(table.x)  # one figure that is none must not spoil the others
    output = np.where(known, np.abs(table.x), 0.0)
    return np.maximum(output, max(output.sum() / max(known.sum(), 1) * 1e-4, 1e-12))


def misfit(table: IOTable) -> float:
    """The largest gap of a sector in either identity, relative to its gross output."""
    gap = float((np.abs(gaps(table)) / sizes(table)).max(initial=0))
    return np.inf if np.isnan(gap) else gap
