"""A region's table from the national one and what is known of the region.

1. National input coefficients, imports taken out, are scaled to the region's output and value
   added, and reduced by location quotients to what the region is likely to supply itself.
2. Known flows are held, and the rest is fitted to the sales and inputs that are known, so that
   no sector sells more than it makes or buys more than it pays for.
3. What is left over is final use, exports and outflow, or imports and inflow: both accounting
   identities hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.accounts.emissions import Source
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.location_quotients import slq, trading_coefficients
from graphmap.accounts.lookup import node_ids
from graphmap.accounts.magnitudes import provinces
from graphmap.accounts.records import Records
from graphmap.accounts.regional_fit import Margins, fitted
from graphmap.accounts.regional_quality import quality_of
from graphmap.accounts.regional_refused import (
    refuse_beyond_output,
    refuse_contradiction,
    refuse_no_output,
)
from graphmap.accounts.regional_totals import RegionalTotals, regional_totals
from graphmap.accounts.regional_uses import final_uses_of
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import find_region, region
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, plain, words


@dataclass(frozen=True, eq=False)
class Regionalised:
    """A region's table as estimated.

    Attributes:
        table: one region, the sectors, final uses and unit of the national table; both identities
            hold.
        quality: how far off known flows are, by supplier and in all; see ``quality_of``. Empty
            where no flows are known.
        notes: what was assumed, the same as in ``table.source.notes``.
    """

    table: IOTable
    quality: pd.DataFrame
    notes: tuple[Names, ...]


@dataclass(frozen=True, eq=False)
class Margined:
    """What the region's flows start from: (n, n) flows and what they have to keep."""

    x: Array
    value_added: Array
    scaled: Array
    prior: Array
    margins: Margins
    estimated: NDArray[np.bool_]


def regionalised(
    national: IOTable,
    totals: Records,
    *,
    method: str = "flq",
    delta: float = 0.3,
    known: FlowList | None = None,
    own: bool | None = None,
    own_by_slq: bool = True,
) -> Regionalised:
    """The table of a region, from the national one and what is known of the region.

    Args:
        national: one region; imports inside its cells are taken out.
        totals: ``sector_totals`` of one region and year: ``gross_output`` and, where known,
            ``value_added``, ``imports``, ``exports``, ``final_consumption``,
            ``intermediate_sales``, ``intermediate_inputs`` (the last two: flows within the
            region). ``imports`` are by user, the inputs a sector takes from abroad, not what is
            imported of its product. Of sectors left out, output is estimated by the region's
            share of the others.
        method: ``none`` (national coefficients unchanged), ``slq``, ``cilq``, ``flq``, ``aflq``.
        delta: of FLQ and AFLQ.
        known: flows within the region that are known; they are held.
        own: whether sales and inputs count what a sector sells to itself; None: they do, unless a
            known flow exceeds the sales or inputs it would be part of.
        own_by_slq: what a sector sells to itself is reduced by SLQ whatever the method, since
            Flegg's size factor is about buying from others; False: by the method's own diagonal.

    Returns:
        Regionalised: table, quality against the known flows, notes.

    Raises:
        DataError: the national table has several regions, the totals do not fit it, or what is
            known contradicts itself.

    Source:
        Miller & Blair 2009, ch. 8; Flegg & Tohmo 2013, Regional Studies 47:703.

    Example:
        >>> from graphmap import sample
        >>> nation = sample.table().select(["CN-GD"])
        >>> rows = nation.index[["code", "name_en"]].rename(columns={"name_en": "sector"})
        >>> rows = rows.assign(region="Zhejiang", year="2017", classification="cn42_2017")
        >>> rows["gross_output"] = nation.x / 4
        >>> given = Records("sector_totals", rows, {"gross_output": nation.unit}, nation.source)
        >>> table = regionalised(nation, given).table
        >>> table.regions, round(float(table.x.sum() / nation.x.sum()), 4)
        (['CN-ZJ'], 0.25)
    """
    if len(national.regions) != 1:
        raise DataError(
            "the national table has several regions",
            file=national.source.file,
            found=", ".join(national.regions[:5]),
            expected="one, or a table aggregated over its regions",
        )
    nation = national.domestic()
    facts = regional_totals(nation, totals, known)
    own = _counts_own(facts) if own is None else own
    start = _start(nation, facts, method, delta, own, own_by_slq, totals.source.file)
    Z, left = fitted(start.prior, start.margins)
    refuse_contradiction(start.margins, left, nation, totals.source.file)
    start = _grown(start, Z)
    uses = final_uses_of(nation, facts, start.x, Z)
    files = [national.source.file, totals.source.file]
    files += [known.source.file] if known is not None and known.source.file not in files else []
    code, year = _place(totals)
    notes = (*_notes(nation, facts, start, method, delta, own_by_slq), *uses.notes)
    if None not in (year, nation.year) and year != nation.year:
        notes += (words("regionalise.note.year", nation=nation.year, region=year),)
    if nation.regions[0] in provinces():
        notes += (words("regionalise.note.province", region=region(nation.regions[0]).name),)
    index = nation.index.assign(region=code)
    index.index = node_ids(index["region"], index["code"])
    V = nation.V * _ratio(start.value_added, nation.V.sum(axis=0))
    V[-1] += start.value_added - V.sum(axis=0)  # where the nation's is zero
    table = replace(
        nation,
        Z=Z,
        Y=uses.Y,
        V=V,
        imports=start.x - Z.sum(axis=0) - V.sum(axis=0),
        x=start.x,
        index=index,
        final_uses=uses.labels.assign(region=np.where(uses.labels["region"] == "", "", code)),
        source=Source("regionalised", " + ".join(files), None, national.source.citation, notes),
        year=year or national.year,
        extensions={},
        Z_imports=None,
        Y_imports=None,
        missing=(),
    )
    quality = quality_of(facts, table.index, start.scaled, start.prior, start.margins, Z)
    return Regionalised(table, quality, notes)


def _place(totals: Records) -> tuple[str, int | None]:
    text = str(totals.data["region"].iloc[0])
    found = find_region(text)
    year = str(totals.data["year"].iloc[0])[:4] if "year" in totals.data else ""
    return (found.code if found else text), (int(year) if year.isdigit() else None)


def _counts_own(facts: RegionalTotals) -> bool:
    """A part cannot exceed the whole: a larger flow within a sector is not counted in its sales."""
    held = np.nan_to_num(facts.flows)
    known = np.column_stack([held.sum(axis=1), held.sum(axis=0)])
    sums = facts.figures[["intermediate_sales", "intermediate_inputs"]].to_numpy(float)
    return not bool(((known > sums * 1.001) & (np.diag(held) > 0)[:, None]).any())


def _start(
    nation: IOTable,
    facts: RegionalTotals,
    method: str,
    delta: float,
    own: bool,
    own_by_slq: bool,
    file: str,
) -> Margined:
    figures, group = facts.figures, facts.group
    of_nation = pd.Series(nation.x).groupby(group).sum().to_numpy()
    output = figures["gross_output"].to_numpy(float)
    estimated = np.isnan(output)
    refuse_no_output(nation, facts, of_nation, file)
    share = output[~estimated].sum() / of_nation[~estimated].sum()
    held = np.nan_to_num(facts.flows)
    at_least = np.maximum(held.sum(axis=1), held.sum(axis=0))
    paid = nation.V.sum(axis=0)
    given = figures["value_added"].to_numpy(float)
    by_value_added = given * _ratio(of_nation, pd.Series(paid).groupby(group).sum().to_numpy())
    usual = np.where(given > 0, by_value_added, share * of_nation)
    output = np.where(estimated, np.maximum(usual, at_least), output)
    x = nation.x * _ratio(output, of_nation)[group]
    usual = x * _ratio(paid, nation.x)
    usual = np.where(usual > 0, usual, np.where(given[group] > 0, x, usual))
    by_group = pd.Series(usual).groupby(group).sum().to_numpy()
    value_added = np.where(np.isnan(given[group]), usual, usual * _ratio(given, by_group)[group])
    imports = np.nan_to_num(figures["imports"].to_numpy(float))[group] * _ratio(x, output[group])
    exports = np.nan_to_num(figures["exports"].to_numpy(float))[group] * _ratio(x, output[group])
    beyond = np.flatnonzero(value_added > x * (1 + 1e-6))
    if len(beyond):
        i = int(beyond[0])
        raise DataError(
            f"value added of {nation.index['name_en'].iloc[i]} exceeds its gross output",
            file=file,
            found=f"{value_added[i]:,.0f} of {x[i]:,.0f} {nation.unit}",
        )
    refuse_beyond_output(nation, facts, file)
    # what a yuan of output takes in all, from anywhere, is the region's where value added is known
    inputs = _ratio(x - value_added, nation.x - paid)
    flows = nation.Z if isinstance(nation.Z, np.ndarray) else nation.Z.toarray()
    scaled = np.maximum(flows, 0.0) * _ratio(x, nation.x)
    quotients = trading_coefficients(method, x, nation.x, delta)
    if own_by_slq and method != "none":
        np.fill_diagonal(quotients, np.minimum(slq(x, nation.x), 1.0))
    prior = np.maximum(flows, 0.0) * np.maximum(inputs, 0.0) * quotients
    margins = Margins(
        group,
        facts.flows,
        figures["intermediate_sales"].to_numpy(float),
        figures["intermediate_inputs"].to_numpy(float),
        np.where(estimated[group], np.inf, np.maximum(x - exports, 0.0)),
        np.where(estimated[group], np.inf, np.maximum(x - value_added - imports, 0.0)),
        own,
    )
    return Margined(x, value_added, scaled, prior, margins, estimated)


def _grown(start: Margined, Z: Array) -> Margined:
    """The same, with outputs that were estimated raised to what the flows need."""
    paid = 1 - _ratio(start.value_added, start.x)
    needed = np.maximum(Z.sum(axis=1), _ratio(Z.sum(axis=0), paid))
    x = np.where(start.estimated[start.margins.group], np.maximum(start.x, needed), start.x)
    return replace(start, x=x, value_added=start.value_added * _ratio(x, start.x))


def _ratio(above: Array, below: Array) -> Array:
    found: Array = np.divide(above, below, out=np.zeros(len(above)), where=below != 0)
    return found


def _notes(
    nation: IOTable,
    facts: RegionalTotals,
    start: Margined,
    method: str,
    delta: float,
    own_by_slq: bool,
) -> tuple[Names, ...]:
    """What was assumed, a sentence each."""
    said = [words("regionalise.note.estimate", method=words(f"regionalise.method.{method}"))]
    if method in ("flq", "aflq"):
        said.append(words("regionalise.note.delta", delta=plain(f"{delta:g}")))
        if own_by_slq:
            said.append(words("regionalise.note.own"))
    if start.estimated.any():
        part = start.x[start.estimated[facts.group]].sum() / start.x.sum()
        said.append(
            words(
                "regionalise.note.output",
                count=int(start.estimated[facts.group].sum()),
                share=figure(100 * part, 1, "%"),
            )
        )
    if (np.bincount(facts.group) > 1).any():
        said.append(words("regionalise.note.split"))
    held = int((~np.isnan(facts.flows)).sum())
    if held:
        said.append(words("regionalise.note.held", count=held))
    if not start.margins.own:
        said.append(words("regionalise.note.between"))
    elif facts.figures[["intermediate_sales", "intermediate_inputs"]].notna().any(axis=None):
        said.append(words("regionalise.note.counted"))
    if nation.source.notes:
        said.extend(nation.source.notes)
    return tuple(said)
