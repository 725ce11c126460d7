"""Which axis supplies, and whether imports are counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphmap.accounts.finding import GROSS, Finding, where
from graphmap.accounts.gaps import gaps
from graphmap.accounts.sector_bands import LISTS, bands, recipes
from graphmap.accounts.sector_fit import complete, summed_suppliers
from graphmap.accounts.table import IOTable
from graphmap.i18n import figure, words

MOST = 0.8
"""Share of the sectors that have to agree on a reason."""

FEWEST = 5
"""Sectors of which a table may have its identities hold by chance."""

USUAL_RECIPE = 0.35
"""Part of the usual recipes that the sectors of a table meet at least; the tables of China
meet 0.98, those of its provinces 0.68 to 0.87."""


def direction_findings(table: IOTable) -> list[Finding]:
    """Supplier and user exchanged, by the identities or by the recipes; imports counted twice."""
    swapped = _swapped(table)
    return [*swapped, *([] if swapped else _recipes(table)), *_imports_twice(table)]


def _holding(table: IOTable) -> int:
    supply, inputs = gaps(table)
    allowed = GROSS * np.abs(table.x)
    return int(((np.abs(supply) <= allowed) & (np.abs(inputs) <= allowed)).sum())


def _swapped(table: IOTable) -> list[Finding]:
    now = _holding(table)
    if table.n < FEWEST or now >= (1 - MOST) * table.n:
        return []
    then = _holding(replace(table, Z=table.Z.T, extensions={}))
    if then < MOST * table.n:
        return []
    text = words("trust.swapped_axes", count=then, sectors=table.n, now=now)
    remedy = words("trust.swapped_axes.remedy")
    return [Finding("error", "swapped_axes", text, "", "", float(then), remedy, "swap-axes")]


def _recipes(table: IOTable) -> list[Finding]:
    """The same told from what sectors buy, for tables whose totals were exchanged too."""
    if table.classification not in LISTS or not complete(table):
        return []
    now, then = _recipe_met(table), _recipe_met(replace(table, Z=table.Z.T, Z_imports=None))
    if then > 1.2 * now:
        text = words(
            "trust.swapped_recipe",
            where=where(""),
            now=figure(100 * now, 0, "%"),
            then=figure(100 * then, 0, "%"),
        )
        remedy = words("trust.swapped_axes.remedy")
        return [Finding("warning", "swapped_axes", text, value=then, remedy=remedy)]
    if now < USUAL_RECIPE:
        shown = figure(100 * now, 0, "%")
        lowest = figure(100 * USUAL_RECIPE, 0, "%")
        text = words("trust.recipe", where=where(""), now=shown, lowest=lowest)
        remedy = words("trust.recipe.remedy")
        return [Finding("warning", "recipe", text, value=now, remedy=remedy)]
    return []


def _recipe_met(table: IOTable) -> float:
    """What part of the usual recipes the inputs of all regions together meet."""
    assert table.classification is not None
    codes = list(bands(table.classification).index)
    by_supplier = summed_suppliers(table, codes)
    user = np.array([codes.index(code) for code in table.index["code"]])
    bought = np.zeros((len(codes), len(codes)))
    np.add.at(bought.T, user, by_supplier.T)
    inputs = bought.sum(axis=0)
    shares = np.divide(bought, inputs, out=np.zeros_like(bought), where=inputs > 0)
    usual = recipes(table.classification)
    met = np.minimum(shares[usual.suppliers, usual.users], usual.shares)
    return float(met.sum() / usual.shares.sum())


def _imports_twice(table: IOTable) -> list[Finding]:
    if table.imports_inside is not None and table.imports.any():
        value = figure(float(table.imports.sum()))
        text = words("trust.imports_both", value=value, unit=words(f"unit.{table.unit}"))
        remedy = words("trust.imports_twice.remedy")
        return [Finding("note", "imports_both", text, value=table.imports.sum(), remedy=remedy)]
    supply, inputs = gaps(table)
    candidates = [(inputs, table.imports)]
    if table.imports_inside is not None:
        candidates.append((supply, -table.imports_inside))
    if table.Z_imports is not None and table.Y_imports is not None:
        products = np.asarray(table.Z_imports.sum(axis=1)).ravel() + table.Y_imports.sum(axis=1)
        candidates.append((supply, products))
    for gap, imports in candidates:
        counted = np.abs(imports) > GROSS * np.abs(table.x)
        off = counted & (np.abs(gap + imports) <= 0.01 * np.abs(imports))
        if counted.sum() >= FEWEST and off.sum() >= MOST * counted.sum():
            text = words(
                "trust.imports_twice",
                count=int(off.sum()),
                sectors=int(counted.sum()),
                value=figure(float(np.abs(imports[off]).sum())),
                unit=words(f"unit.{table.unit}"),
            )
            remedy = words("trust.imports_twice.remedy")
            return [
                Finding(
                    "error", "imports_twice", text, "", "", float(off.sum()), remedy, "imports-out"
                )
            ]
    return []
