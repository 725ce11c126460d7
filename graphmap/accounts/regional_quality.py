"""How far off estimated flows are, told by flows that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.accounts.regional_fit import Margins, fitted, summing
from graphmap.accounts.regional_totals import RegionalTotals
from graphmap.arrays import Array

LEAST = 4
"""Flows that have to be known for half of them to say something of the other."""


def quality_of(
    facts: RegionalTotals,
    index: pd.DataFrame,
    scaled: Array,
    prior: Array,
    margins: Margins,
    flows: Array,
) -> pd.DataFrame:
    """Errors against the known flows, by supplier, and in all (node ``all``).

    Args:
        scaled: (n, n) national coefficients scaled to the region's output.
        prior: (n, n) reduced by location quotients, before balancing.
        flows: (n, n) the result, which holds the known flows and so cannot be judged by them.

    Returns:
        One row a supplier with known flows, ``all`` first: ``known_flows`` (how many),
        ``share_of_value`` (of the supplier's sales in the result that is known), weighted absolute
        percentage errors ``error_scaled``, ``error_quotients`` and ``error_held_out``, and
        ``correlation`` (of what was held out), errors as shares. Held out: flows are ranked by
        size, those of odd rank are estimated from those of even rank, and the other way round.
    """
    known = ~np.isnan(facts.flows)
    columns = ["known_flows", "share_of_value", "error_scaled", "error_quotients"]
    columns += ["error_held_out", "correlation"]
    if not known.any():
        return pd.DataFrame(columns=columns, index=pd.Index([], name="node"))
    count = len(facts.flows)
    members = summing(facts.group, count)
    estimates = {"error_scaled": scaled, "error_quotients": prior}
    found = {name: members @ each @ members.T for name, each in estimates.items()}
    found["error_held_out"] = _held_out(facts.flows, prior, margins, members)
    sales = (members @ flows).sum(axis=1)
    first = [str(index.index[int(np.argmax(facts.group == g))]) for g in range(count)]
    rows = {"all": _row(known, facts.flows, found, float(sales.sum()))}
    for g in np.flatnonzero(known.any(axis=1)).tolist():
        here = known & (np.arange(count) == g)[:, None]
        rows[first[g]] = _row(here, facts.flows, found, float(sales[g]))
    return pd.DataFrame(rows, index=columns).T.rename_axis("node")


def _held_out(known: Array, prior: Array, margins: Margins, members: Array) -> Array:
    """(g, g) every known flow as estimated from the half of the others that it is not in."""
    at = np.argwhere(~np.isnan(known))
    result = np.full(known.shape, np.nan)
    if len(at) < LEAST:
        return result
    ranked = at[np.argsort(-known[tuple(at.T)], kind="stable")]
    for half in (0, 1):
        held = known.copy()
        hidden = tuple(ranked[half::2].T)
        held[hidden] = np.nan
        flows, _ = fitted(prior, replace(margins, held=held))
        result[hidden] = (members @ flows @ members.T)[hidden]
    return result


def _row(
    here: NDArray[np.bool_], known: Array, found: dict[str, Array], sales: float
) -> list[float]:
    true = known[here]
    total = true.sum()
    errors = [float(np.abs(each[here] - true).sum() / total) for each in found.values()]
    held_out = found["error_held_out"][here]
    varied = len(true) > 2 and np.isfinite(held_out).all() and held_out.std() > 0 < true.std()
    correlation = float(np.corrcoef(true, held_out)[0, 1]) if varied else np.nan
    share = float(total / sales) if sales else np.nan
    return [float(len(true)), share, *errors, correlation]
