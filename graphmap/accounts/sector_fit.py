"""Do the figures of each sector look like those of such a sector, and do they stand beside it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from scipy import sparse

from graphmap.accounts.finding import Finding, where
from graphmap.accounts.label_shift import (
    LEAST,
    RECIPE,
    Positions,
    Shift,
    band_fit,
    best_shift,
    recipe_cells,
    recipe_fit,
    shifted_runs,
)
from graphmap.accounts.relabel import run_named
from graphmap.accounts.sector_bands import LISTS, bands, inventory_bands, recipes
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import sector_list
from graphmap.classification.lists import names_of
from graphmap.i18n import Names, figure, listed, words

SHOWN = 4
"""How many sectors of a run a finding names."""

BELOW = 2.0
"""How many times less than the lowest of its band a sector has to emit to be reported: the lowest
real figure (126 tables and maps of provinces, 3 of China) is at the band's end. At 10, two of three
sectors whose CO2 is a thousandth of what it should be went unseen; at 2, one of four."""

Named = Callable[[int], Names]
"""Position in the list -> the sector's name."""


def sector_findings(
    classification: str,
    place: str,
    co2: Array,
    output: Array,
    value_added: Array | None = None,
    shares: Array | None = None,
    year: int | None = None,
) -> list[Finding]:
    """Outliers of direct CO2 and a probable label shift of one region.

    Args:
        classification: one of ``LISTS``; the arrays are in the order of its n sectors.
        place: code of the region, or empty.
        co2: (n,) direct CO2 in Mt, NaN where not known.
        output: (n,) gross output in 10 thousand yuan, NaN where not known.
        value_added: (n,) share of value added in gross output, NaN where not known.
        shares: (n, n) inputs as shares of a user's inputs, rows supply.
        year: of a record among records of several years.
    """
    band = bands(classification)
    names = sector_list(classification).sectors
    labels = shifted_runs(len(band))
    fits, known = [], np.zeros(len(band), bool)
    produced = np.where(output > 0, output, np.nan)
    emitting = np.where(co2 > 0, co2, np.nan) * 1e6 / produced
    if np.isfinite(emitting).any():
        fits.append(
            band_fit(
                np.log10(emitting),
                np.log10(band["co2_typical"].to_numpy(float)),
                band["co2_spread"].to_numpy(float),
                labels,
            )
        )
        known |= np.isfinite(emitting)
    if np.isfinite(produced).any():
        share = produced / np.nansum(produced)
        typical = np.log10(band["output_typical"].to_numpy(float))
        fits.append(
            band_fit(np.log10(share), typical, band["output_spread"].to_numpy(float), labels)
        )
    if value_added is not None:
        typical, spread = (
            band[f"value_added_{column}"].to_numpy(float) for column in ("typical", "spread")
        )
        fits.append(0.5 * band_fit(value_added, typical, spread, labels))
        known |= np.isfinite(value_added)
    if shares is not None:
        usual = recipes(classification)
        cells = _cells(classification)
        fits.append(RECIPE * recipe_fit(shares, cells, usual.users, usual.shares, labels))
        known |= shares.sum(axis=0) > 0

    def named(position: int) -> Names:
        return names_of(names.iloc[position], "short")

    least = LEAST["output" if shares is None else "recipe"]
    shift = best_shift(fits, labels, known, least) if fits else None
    if shift is not None:
        return [shift_finding(shift, named, place, co2, list(band.index), year)]
    return _outliers(classification, place, emitting, named, year) or _largest_shares(
        classification, place, co2, named, year
    )


@cache
def _cells(classification: str) -> Positions:
    usual = recipes(classification)
    return recipe_cells(usual.users, usual.suppliers, shifted_runs(len(bands(classification))))


def shift_finding(
    shift: Shift,
    named: Named,
    place: str,
    co2: Array,
    codes: Sequence[str] = (),
    year: int | None = None,
) -> Finding:
    """``X stands where Y belongs``, those with the most CO2 beside them first."""
    moved = sorted(shift.moved, key=lambda pair: -np.nan_to_num(co2[pair[0]]))
    pairs = [
        words("trust.stands_where", label=named(label), belongs=named(belongs))
        for label, belongs in moved[:SHOWN]
    ]
    beside = [
        words("trust.figure_of", sector=named(label), value=figure(co2[label], 2, "Mt"))
        for label, _ in moved[:SHOWN]
        if np.isfinite(co2[label])
    ]
    text = words(
        "trust.label_shift",
        where=where(place, year),
        count=len(moved),
        pairs=listed(pairs),
        evidence=listed(beside) if beside else words("trust.by_recipe"),
        gain=figure(shift.gain, 1),
    )
    return Finding(
        "error" if shift.certain else "warning",
        "label_shift",
        text,
        place,
        value=shift.gain,
        remedy=words("trust.label_shift.remedy"),
        repair=run_named(f"{place}@{year}" if year else place, codes, shift.moved) if codes else "",
    )


def _outliers(
    classification: str, place: str, intensity: Array, named: Named, year: int | None
) -> list[Finding]:
    band = bands(classification)
    low, high = band["co2_low"].to_numpy(float), band["co2_high"].to_numpy(float)
    typical = band["co2_typical"].to_numpy(float)
    out = np.flatnonzero((intensity > high) | (intensity < low / BELOW))
    return [
        _about(
            "co2_intensity",
            place,
            band.index[i],
            intensity[i],
            words(
                "trust.co2_intensity",
                where=where(place, year),
                sector=named(i),
                value=figure(intensity[i], 4 if intensity[i] < 1 else 1),
                low=f"{low[i]:g}",
                high=f"{high[i]:g}",
                typical=f"{typical[i]:g}",
                factor=figure(intensity[i] / typical[i], 0 if intensity[i] > typical[i] else 5),
            ),
        )
        for i in out.tolist()
    ]


def _largest_shares(
    classification: str, place: str, co2: Array, named: Named, year: int | None
) -> list[Finding]:
    """Sectors that hold more of a region's CO2 than such sectors do, where all of it is known.

    A figure may lie inside a wide band and yet outweigh power and metals. Electricity has no
    upper limit: where it emits nothing (Tibet), the shares of the others say little.
    """
    high = bands(classification)["co2_share_high"].to_numpy(float)
    if not np.isfinite(co2).all() or not (co2[np.isnan(high)] > 0).all():
        return []
    share = co2 / co2.sum()
    return [
        _about(
            "co2_share",
            place,
            bands(classification).index[i],
            share[i],
            words(
                "trust.inventory_share",
                where=where(place, year),
                sector=named(i),
                value=figure(100 * share[i], 2, "%"),
                high=figure(100 * high[i], 2, "%"),
            ),
        )
        for i in np.flatnonzero(share > high).tolist()
    ]


def _about(kind: str, place: str, code: str, value: float, text: Names) -> Finding:
    """A finding on the CO2 of one sector."""
    remedy = words("trust.co2_intensity.remedy")
    return Finding("warning", kind, text, place, code, float(value), remedy)


def table_sectors(table: IOTable) -> list[Finding]:
    """The findings on sectors of each region of a table of one of ``LISTS``."""
    if table.classification not in LISTS or not complete(table):
        return []
    codes = list(bands(table.classification).index)
    found: list[Finding] = []
    by_supplier = summed_suppliers(table, codes)
    for place in table.regions:
        here = np.flatnonzero((table.index["region"] == place).to_numpy())
        order = here[np.argsort([codes.index(code) for code in table.index["code"].iloc[here]])]
        x = table.x[order] * table.to_10k
        co2 = np.full(len(codes), np.nan)
        if table.co2 is not None and table.unit_10k == "10k_yuan":
            co2 = table.co2[order]
        bought = by_supplier[:, order]
        inputs = bought.sum(axis=0)
        shares = np.divide(bought, inputs, out=np.zeros_like(bought), where=inputs > 0)
        paid = table.V[:, order].sum(axis=0)
        value_added = np.divide(paid, table.x[order], out=np.full(len(x), np.nan), where=x > 0)
        found += sector_findings(table.classification, place, co2, x, value_added, shares)
    return found


def complete(table: IOTable) -> bool:
    """Whether every region has every sector of the table's list."""
    if table.classification is None:
        return False
    codes = set(sector_list(table.classification).sectors.index)
    by_region = table.index.groupby("region")["code"].agg(set)
    return bool((by_region == codes).all())


def summed_suppliers(table: IOTable, codes: list[str]) -> Array:
    """(sectors, n) inputs by the supplier's sector, imported products included where known."""
    position = [codes.index(code) for code in table.index["code"]]
    ones = np.ones(table.n)
    gather = sparse.csr_array((ones, (position, np.arange(table.n))), (len(codes), table.n))
    bought = gather @ table.Z
    if table.Z_imports is not None:
        bought = bought + gather @ table.Z_imports
    return bought.toarray() if sparse.issparse(bought) else np.asarray(bought)


def inventory_shift(
    F: Array, codes: list[str], place: str, named: Named, year: int | None = None
) -> Finding | None:
    """A probable label shift in an inventory, told from each sector's share of all its CO2."""
    band = inventory_bands().reindex(codes)
    total = F.sum()
    if total <= 0:
        return None
    share = np.where(F > 0, F / total, np.nan)
    labels = shifted_runs(len(codes))
    typical = np.log10(band["share_typical"].to_numpy(float))
    fit = band_fit(np.log10(share), typical, band["share_spread"].to_numpy(float), labels)
    shift = best_shift([fit], labels, np.isfinite(share), LEAST["share"])
    return shift_finding(shift, named, place, F, (), year) if shift else None
