"""What a region's sectors sell to final users, at home and elsewhere, once the rest is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.accounts.location_quotients import slq
from graphmap.accounts.regional_totals import RegionalTotals
from graphmap.accounts.table import EXPORTED, IOTable
from graphmap.arrays import Array
from graphmap.i18n import Names, words


@dataclass(frozen=True, eq=False)
class FinalUses:
    """``Y`` (n, k), its ``labels`` (region, category) and what was assumed."""

    Y: Array
    labels: pd.DataFrame
    notes: tuple[Names, ...]


def final_uses_of(nation: IOTable, facts: RegionalTotals, x: Array, Z: Array) -> FinalUses:
    """What is not sold to industries, ``x - Z 1``, divided by use; the last column is outflow.

    Exports and final use at home are those given, else the nation's in proportion (exports to
    output, final use to the size of the region and, where the region makes less, to SLQ). Neither
    is more than what there is; what both leave is outflow to other regions.

    Source:
        Miller & Blair 2009, ch. 8: supply-demand pool.
    """
    group = facts.group
    abroad = nation.final_uses["category"].isin(EXPORTED).to_numpy()
    kept = ~abroad & (nation.final_uses["category"] != "error").to_numpy()
    part = np.divide(x, nation.x, out=np.zeros(nation.n), where=nation.x > 0)
    size = x.sum() / nation.x.sum()
    nations = nation.Y[:, kept]
    usual_exports = np.maximum(nation.Y[:, abroad].sum(axis=1), 0) * part
    usual_home = np.maximum(nations.sum(axis=1), 0) * size * np.minimum(slq(x, nation.x), 1.0)
    of_group = pd.Series(x).groupby(group).sum().to_numpy()[group]
    own = np.divide(x, of_group, out=np.zeros(nation.n), where=of_group > 0)
    given = facts.figures
    exports = _known(given["exports"], group, own, usual_exports)
    final = given["final_consumption"].to_numpy(float)[group] * own
    exports_given = given["exports"].to_numpy(float)[group] * own
    inside = (
        bool((final + exports_given > x * 1.01).any()) and not (final < exports_given * 0.99).any()
    )
    home = np.where(np.isnan(final), usual_home, final - (exports if inside else 0.0))
    rest = np.maximum(x - Z.sum(axis=1), 0.0)
    exports = np.clip(exports, 0.0, rest)
    home = np.clip(home, 0.0, rest - exports)
    by_use = _shares(nations)
    Y = np.column_stack([home[:, None] * by_use, exports, rest - exports - home])
    labels = pd.DataFrame(
        {
            "region": [*(["home"] * int(kept.sum())), "", ""],
            "category": [*nation.final_uses["category"][kept], "exports", "outflow"],
        }
    )
    notes = [words("regionalise.note.rest")]
    if inside:
        notes.append(words("regionalise.note.exports_inside"))
    return FinalUses(Y, labels, tuple(notes))


def _known(figures: pd.Series, group: NDArray[np.intp], own: Array, usual: Array) -> Array:
    given = figures.to_numpy(float)[group] * own
    found: Array = np.where(np.isnan(given), usual, given)
    return found


def _shares(uses: Array) -> Array:
    """Each use's share of a row, of all rows where a row has none; rows sum to one."""
    uses = np.maximum(uses, 0.0)
    if not uses.any():
        uses = np.ones_like(uses)
    sums = uses.sum(axis=1, keepdims=True)
    found: Array = np.where(
        sums > 0, uses / np.where(sums > 0, sums, 1.0), uses.sum(0) / uses.sum()
    )
    return found
