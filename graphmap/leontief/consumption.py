"""Who emits and for whose use: footprints by product, region and final use, and trade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap import units
from graphmap.accounts import Finding, IOTable, prepared
from graphmap.accounts.table import EXPORTED
from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, words
from graphmap.leontief.footprints import (
    direct_intensity,
    final_use_by_region,
    footprint_by_use,
    intensity_by_origin,
)
from graphmap.leontief.imports import Assumption, imports_of
from graphmap.leontief.measures import system_of

OUTSIDE = "outside"
"""Where imports come from and exports go: anywhere but the regions of the table."""

CATEGORIES = {
    "rural_households": "households",
    "urban_households": "households",
    "fixed_capital": "capital",
    "inventories": "capital",
    "capital_formation": "capital",
    "outflow": "exports",
    "error": "discrepancy",
}
"""Final uses that are part of another; all others stay as they are."""

ORDER = ("households", "government", "consumption", "capital", "final_use", "exports")
"""How categories are listed; those not named here follow."""

MENTIONED = 0.01
"""Share of all footprints from which a discrepancy is mentioned."""

NOWHERE = -1
"""The place of a final use that names no region."""


@dataclass(frozen=True, eq=False)
class ConsumptionAccounts:
    """Emissions by who emits and for whose final use; all in Mt CO2.

    Households' own fuel is part of no footprint and of no region's production or consumption; it
    has a column of its own.

    Attributes:
        regions: a row a region. ``production``: direct emissions of its industries.
            ``consumption``: emissions anywhere for its final use, ``production - exported +
            imported``. ``exported``: its emissions for final use elsewhere, in another region of
            the table or outside. ``imported``: emissions elsewhere for its own final use, from
            outside the table as far as these are counted. ``balance``: exported less imported,
            missing (NaN) where they are not. ``household_fuel``: emitted by its households
            themselves, zero where the table does not say.
        trade: emissions in the region of the row for the final use of the region of the column.
            The row ``outside`` is what the assumption on imports gives, the column ``outside``
            is exports; where the two cross stand imports that leave again, in products or whole.
        categories: a row for each region of use and category of final use: emitted ``inside`` the
            regions of the table, ``outside`` of them, and their sum ``footprint``.
        products: a row a final product, by the region-sector that makes it; its columns are pairs
            of category and ``inside`` or ``outside``. Imported products stand with those made at
            home under the same code, all of them ``outside``.
        notes: what the figures rest on, one sentence each; the first states how imports count.
        complete: whether imports from outside are counted, or there are none.
        checks: what the accounting checks found in the table.
    """

    regions: pd.DataFrame
    trade: pd.DataFrame
    categories: pd.DataFrame
    products: pd.DataFrame
    notes: tuple[Names, ...]
    complete: bool
    checks: tuple[Finding, ...]


def consumption_accounts(table: IOTable, imported: Assumption = "excluded") -> ConsumptionAccounts:
    """Footprints by product, region and category of final use, and emissions embodied in trade.

    Each unit of final use carries all emissions along its supply chain to the region that uses it,
    over any number of borders in between. Categories are households (rural and urban),
    government, capital (fixed capital and inventories) and exports (abroad and to other
    provinces); final use that the table does not divide stays whole. What gross output and the
    uses recorded differ by is the category ``discrepancy``, so that footprints add up to all
    direct emissions. Final use that names no region, discrepancies among it, counts as used where
    the product is made.

    pymrio's accounts by region are the same: ``D_pba`` production, ``D_cba`` consumption,
    ``D_exp`` exported, ``D_imp`` imported. To the first two its sums by region (``D_pba_reg``,
    ``D_cba_reg``) add the households' own emissions; its ``D_cba`` has products by the region that
    uses them, ``products`` here by the region that makes them.

    Args:
        table: rows supply, columns use. Imports are taken out of the cells of a competitive table.
        imported: what is emitted for imports from outside the table. ``excluded``: not counted.
            ``domestic``: as if made with the table's own technology, imports of imports included;
            needs to know the imported products. A number, or a Series of numbers by sector code:
            t CO2 per 10 thousand yuan (or US dollars, as the table) of imports; where the table
            tells only who uses imports, one number covers imported inputs, and ``notes`` say so.

    Raises:
        DataError: the table has an error or no emissions, the assumption is not known, or it needs
            imports that the table does not tell.

    Source:
        Peters 2008, Ecological Economics 65; Miller & Blair 2009, ch. 10.

    Example:
        >>> from graphmap import sample
        >>> flows = consumption_accounts(sample.table()).regions.loc["CN-GD"]
        >>> bool(np.isclose(flows.production - flows.exported + flows.imported, flows.consumption))
        True
    """
    given, (table, checks) = table, prepared(table)
    co2 = table.co2
    if co2 is None or not co2.any():
        raise DataError(
            "accounts of emissions need emissions, and the table has none",
            file=table.source.file,
            remedy="give an inventory with --emissions",
        )
    number = {code: i for i, code in enumerate(table.regions)}
    region = table.index["region"].map(number).to_numpy()
    place = _places(table, number)
    f = direct_intensity(co2, table.x * table.to_10k)
    abroad = imports_of(given, table, f, imported)
    system = system_of(table, solves=len(number) + 1)
    m = intensity_by_origin(system, f, region, abroad.behind_inputs)

    rounding = table.final_demand - table.Y.sum(axis=1)
    Y = np.column_stack([table.Y, rounding]) * table.to_10k
    final_imports = np.column_stack([abroad.final, np.zeros(table.n)])
    bought = footprint_by_use(abroad.intensity, final_imports)
    inside = footprint_by_use(m[:, :-1].sum(axis=1), Y)
    outside = footprint_by_use(m[:, -1], Y) + bought
    fuel = _household_fuel(table, place, len(number))
    place = np.append(place, NOWHERE)
    category = [CATEGORIES.get(use, use) for use in [*table.final_uses["category"], "error"]]

    trade = m.T @ final_use_by_region(Y, place, region, len(number))
    trade[-1] += final_use_by_region(bought, place, region, len(number)).sum(axis=0)
    direct = np.bincount(region, weights=co2).astype(float)
    places = pd.Index([*number, OUTSIDE], name="region")
    products = _products(inside, outside, category, table.index.index)
    excluded = isinstance(imported, str) and imported == "excluded"
    complete = not (excluded and table.imports.any())
    regions = _regions(direct, trade, fuel, places[:-1])
    if not complete:
        regions["balance"] = np.nan
    return ConsumptionAccounts(
        regions=regions,
        trade=pd.DataFrame(trade, index=places, columns=places),
        categories=_categories(inside, outside, category, place, region, places),
        products=products,
        notes=(*abroad.notes, *_notes(table, fuel), *_on_discrepancy(products)),
        complete=complete,
        checks=checks,
    )


def _places(table: IOTable, number: dict[str, int]) -> NDArray[np.intp]:
    """(k,) the region each final use belongs to, the count of regions for outside of all.

    Exports are used outside, whichever region they leave from.
    """
    known = {"": NOWHERE} | number
    places = [
        len(number) if category in EXPORTED else known.get(code, len(number))
        for code, category in table.final_uses[["region", "category"]].to_numpy()
    ]
    return np.array(places, dtype=np.intp)


def _household_fuel(table: IOTable, place: NDArray[np.intp], count: int) -> Array:
    """(count + 1,) Mt emitted by households themselves; the last is of no region of the table."""
    extension = table.extensions["co2"]
    home = np.where((place == NOWHERE) & (count == 1), 0, place)
    fuel = np.zeros(count + 1)
    np.add.at(fuel, home, extension.F_Y * units.factor(extension.unit, "Mt"))
    return fuel


def _regions(direct: Array, trade: Array, fuel: Array, codes: pd.Index) -> pd.DataFrame:
    own = np.diag(trade)[:-1]
    consumption = trade[:, :-1].sum(axis=0)
    exported, imported = trade[:-1].sum(axis=1) - own, consumption - own
    return pd.DataFrame(
        {
            "production": direct,
            "consumption": consumption,
            "exported": exported,
            "imported": imported,
            "balance": exported - imported,
            "household_fuel": fuel[:-1],
        },
        index=codes,
    )


def _categories(
    inside: Array,
    outside: Array,
    category: list[str],
    place: NDArray[np.intp],
    region: NDArray[np.intp],
    places: pd.Index,
) -> pd.DataFrame:
    """Emissions by region of use and category: sums over products."""
    found = {}
    for name in _in_order(category):
        mine = np.flatnonzero(np.array(category) == name)
        ends = place[mine]
        sums = [
            final_use_by_region(part[:, mine], ends, region, len(places) - 1).sum(axis=0)
            for part in (inside, outside)
        ]
        for i, code in enumerate(places):
            if i in ends or (NOWHERE in ends and code != OUTSIDE):
                found[i, code, name] = [sums[0][i], sums[1][i], sums[0][i] + sums[1][i]]
    rows = sorted(found, key=lambda row: row[0])  # by place; categories keep their order
    return pd.DataFrame(
        [found[row] for row in rows],
        index=pd.MultiIndex.from_tuples([row[1:] for row in rows], names=["region", "category"]),
        columns=["inside", "outside", "footprint"],
    )


def _products(inside: Array, outside: Array, category: list[str], nodes: pd.Index) -> pd.DataFrame:
    """Emissions by product and category: sums over the regions of use."""
    columns = {}
    for name in _in_order(category):
        mine = np.array(category) == name
        columns[name, "inside"] = inside[:, mine].sum(axis=1)
        columns[name, "outside"] = outside[:, mine].sum(axis=1)
    found = pd.DataFrame(columns, index=nodes)
    return found.rename_axis(columns=["category", "emitted"])


def _in_order(category: list[str]) -> list[str]:
    return sorted(
        dict.fromkeys(category), key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)
    )


def _notes(table: IOTable, fuel: Array) -> list[Names]:
    """What the table leaves open, so that the accounts had to settle it."""
    uses = table.final_uses[np.abs(table.Y).sum(axis=0) > 0]
    category, exported = uses["category"], uses["category"].isin(EXPORTED)
    nowhere = (uses["region"] == "") & (category != "error") & ~exported
    whole = (category == "final_use").any() and not exported.any()
    notes = []
    if (len(fuel) > 2 and nowhere.any()) or whole:
        notes.append(words("accounts.note.undivided"))
    if fuel[-1]:
        notes.append(words("accounts.note.fuel", amount=figure(fuel[-1], 2, "Mt")))
    return notes


def _on_discrepancy(products: pd.DataFrame) -> list[Names]:
    """A discrepancy that changes the picture is told: consumption contains it."""
    found = products.T.groupby(level="category").sum().sum(axis=1)
    if abs(found["discrepancy"]) < MENTIONED * found.abs().sum():
        return []
    amount = figure(float(found["discrepancy"]), 1, "Mt")
    return [words("accounts.note.discrepancy", amount=amount)]
