"""Structural decomposition: which factors the change of emissions between two tables comes from.

``e = f' L u Y``: direct intensity ``f``, technology ``L``, demand structure ``u = y / Y`` and
demand level ``Y``, which is demand per head times population where that is given. The effect of a
factor is what emissions change by as it goes from its value before to its value after. By then the
others may have changed or not, so effects are averaged over orders of the factors; they add up to
the change without a residual, sector by sector.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from math import factorial

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap import units
from graphmap.accounts import IOTable, prepared
from graphmap.accounts.comparison import refuse_unlike, row_prices, same_prices
from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, words
from graphmap.leontief.footprints import direct_intensity
from graphmap.leontief.system import LeontiefSystem

Solve = Callable[[Array], Array]
Corner = tuple[bool, ...]
"""For each factor, whether it has its value after."""

METHODS = ("full", "polar")

MOST_PEOPLE = 1e12
"""Beyond it a population is a slip of the keyboard."""


def attributed(value: Callable[[Corner], Array], factors: int, method: str = "full") -> Array:
    """(factors, ...) what each factor adds on the way from none changed to all changed.

    Args:
        value: the variable for every choice of factors that have changed.
        factors: how many there are.
        method: ``full``, the average over all orders in which the factors can change (found from
            the ``2^factors`` values, as the Shapley value), or ``polar``, the average over the
            given order and its reverse.

    Raises:
        DataError: the method is neither of the two.

    Source:
        Dietzenbacher & Los 1998, Economic Systems Research 10; Sun 1998, Energy Economics 20;
        Shapley 1953; Ang 2004, Energy Policy 32, on the last two being one.

    Example:
        >>> sides = [(2.0, 3.0), (5.0, 9.0)]  # the area of a rectangle that grows both ways
        >>> area = lambda after: np.array(sides[0][after[0]] * sides[1][after[1]])
        >>> attributed(area, 2).tolist()
        [7.0, 10.0]
    """
    if method not in METHODS:
        raise DataError("unknown method", found=method, expected=" or ".join(METHODS))
    corners = [tuple(corner) for corner in product((False, True), repeat=factors)]
    values = {corner: value(corner) for corner in corners}
    effects: list[Array] = []
    for factor in range(factors):
        effect = np.zeros_like(values[corners[0]])
        for corner in corners:
            if not corner[factor]:
                changed = (*corner[:factor], True, *corner[factor + 1 :])
                gain = values[changed] - values[corner]
                effect = effect + _weight(corner, factor, method) * gain
        effects.append(effect)
    return np.array(effects)


def _weight(corner: Corner, factor: int, method: str) -> float:
    """Share of the orders averaged in which just the factors of ``corner`` change first."""
    n, earlier = len(corner), sum(corner)
    if method == "full":
        return factorial(earlier) * factorial(n - 1 - earlier) / factorial(n)
    before, after = corner[:factor], corner[factor + 1 :]
    forwards = all(before) and not any(after)
    backwards = all(after) and not any(before)
    return (forwards + backwards) / 2


def emission_effects(
    f: tuple[Array, Array],
    solve: tuple[Solve, Solve],
    y: tuple[Array, Array],
    *,
    population: tuple[float, float] | None = None,
    method: str = "full",
) -> Array:
    """(4 or 5, n) what each factor does to each sector's emissions; two solves for each year.

    Args:
        f: direct intensity before and after.
        solve: ``L d`` for an (n, 2) ``d``, before and after.
        y: final use of domestic output.
        population: before and after; demand level is then split into demand per head (the fourth
            effect) and population (the fifth).
        method: ``full`` or ``polar``, see ``attributed``.

    Raises:
        DataError: final use adds up to nothing, so it has no structure, or population is not
            one.

    Source:
        Dietzenbacher & Los 1998, Economic Systems Research 10.

    Example:
        >>> f, y, no_inputs = np.array([2.0]), np.array([3.0]), lambda demand: demand
        >>> emission_effects((f, 2 * f), (no_inputs, no_inputs), (y, y)).ravel().tolist()
        [6.0, 0.0, 0.0, 0.0]
    """
    level = [float(each.sum()) for each in y]
    for demand in level:
        if not 0 < demand < np.inf:
            raise DataError("final use has no structure", found=demand, expected="a sum above zero")
    heads = population or (1.0, 1.0)
    for people in heads:
        if not 0 < people <= MOST_PEOPLE:
            raise DataError("no population", found=people, expected="people, above zero")
    structure = np.column_stack([y[0] / level[0], y[1] / level[1]])
    output = [solve[year](structure) for year in (0, 1)]
    per_head = [demand / people for demand, people in zip(level, heads, strict=True)]

    def emissions(after: Corner) -> Array:
        people = heads[after[4]] if population else heads[0]
        demand = per_head[after[3]] * people
        return f[after[0]] * output[after[1]][:, int(after[2])] * demand

    return attributed(emissions, 5 if population else 4, method)


@dataclass(frozen=True, eq=False)
class _Account:
    """What a table says of one year, its sectors in an order that both years share."""

    Z: Matrix
    x: Array
    f: Array
    y: Array
    co2: Array
    names: list[str]
    file: str

    def solve(self, demand: Array) -> Array:
        system = LeontiefSystem(self.Z, self.x, names=self.names, solves=3, file=self.file)
        return system.solve(demand)  # the factors do not outlive the call


def decomposition(
    before: IOTable,
    after: IOTable,
    *,
    method: str = "full",
    population: tuple[float, float] | None = None,
    deflator: float | pd.Series | None = None,
    imports: str = "out",
) -> pd.DataFrame:
    """What the change of each sector's direct CO2 between two tables comes from, by node id.

    A sector that produces in one of the years only has no intensity and no recipe of inputs in the
    other. It is given those it has, so that its coming or going is an effect of what is bought.

    Args:
        before, after: tables of the same sectors (joined by node id) with emissions.
        method: ``full`` (average over all orders) or ``polar`` (average of the two polar forms).
        population: before and after; splits demand level into demand per head and population.
        deflator: prices of the later table over those of the earlier one (1.05: dearer by 5 %),
            one for all or a Series by node id or code. Rows are deflated, and value added is what
            is left (double deflation).
        imports: ``out`` takes imports out of the cells of competitive tables, ``inside`` does not.

    Returns:
        DataFrame in the order of ``before``, in Mt: ``co2_before``, ``co2_after``, ``change``, and
        the effects that add up to it: ``intensity``, ``technology``, ``demand_structure``, then
        ``demand_level`` or ``demand_per_head`` and ``population``. ``attrs["notes"]`` says in three
        languages what a reader has to know, above all if current prices are compared.

    Raises:
        DataError: sectors, currencies or prices do not allow the comparison; a table has an error
            or no emissions; a sector has no deflator.

    Source:
        Dietzenbacher & Los 1998, Economic Systems Research 10; Miller & Blair 2009, ch. 13.

    Example:
        >>> from dataclasses import replace
        >>> from graphmap import sample
        >>> table = sample.table().select(["CN-GD"])
        >>> co2 = replace(table.extensions["co2"], F=0.9 * table.extensions["co2"].F)
        >>> found = decomposition(table, replace(table, extensions={"co2": co2}))
        >>> found[["change", "intensity", "technology"]].sum().round(1).tolist()
        [-51.8, -51.8, 0.0]
    """
    refuse_unlike(before, after)
    if deflator is not None and same_prices(before, after):
        raise DataError("a deflator for two tables in the same prices", found=before.prices)
    ids = before.index.index
    old = _account(before, ids, None, imports)
    new = _account(after, ids, None if deflator is None else row_prices(after, deflator), imports)
    old, new = _completed(old, new), _completed(new, old)
    effects = emission_effects(
        (old.f, new.f), (old.solve, new.solve), (old.y, new.y), population=population, method=method
    )
    level = ["demand_per_head", "population"] if population else ["demand_level"]
    factors = ["intensity", "technology", "demand_structure", *level]
    found = pd.DataFrame(
        {"co2_before": old.co2, "co2_after": new.co2, "change": new.co2 - old.co2}, index=ids
    )
    found[factors] = effects.T
    notes = _notes(before, after, deflator is not None)
    found.attrs.update(method=method, unit="Mt", factors=factors, notes=notes)
    return found


def total_effects(found: pd.DataFrame) -> pd.DataFrame:
    """The effects of all sectors together, by factor: ``effect`` in Mt and ``share`` of the change.

    Where the total does not change there is no share: NaN.

    Example:
        >>> from graphmap import sample
        >>> total_effects(decomposition(sample.table(), sample.table())).index.tolist()
        ['intensity', 'technology', 'demand_structure', 'demand_level']
    """
    effect = found[found.attrs["factors"]].sum()
    change = found["change"].sum()
    return pd.DataFrame({"effect": effect, "share": effect / change if change else np.nan})


def _account(table: IOTable, ids: pd.Index, prices: Array | None, imports: str) -> _Account:
    """The year of ``table``: rows divided by ``prices``, sectors in the order of ``ids``."""
    table, _ = prepared(table, imports)
    Z, x, y, co2 = table.Z, table.x, table.final_demand, table.co2
    if co2 is None or not co2.any():
        raise DataError(
            "no emissions to decompose",
            file=table.source.file,
            remedy="add an emission inventory to both tables",
        )
    if prices is not None:
        x, y = x / prices, y / prices
        Z = (
            sparse.csr_array(sparse.diags_array(1 / prices) @ Z)
            if sparse.issparse(Z)
            else (Z / prices[:, None])
        )
    order = table.index.index.get_indexer(ids)
    if (order != np.arange(table.n)).any():
        Z, x, y, co2 = Z[order][:, order], x[order], y[order], co2[order]
    f = direct_intensity(co2, x * table.to_10k)
    names = [f"{node} {name}" for node, name in table.index["name_en"][ids].items()]
    return _Account(Z, x, f, y * table.to_10k, co2, names, table.source.file)


def _completed(year: _Account, other: _Account) -> _Account:
    """``year`` with the intensity and inputs of ``other`` where only the other produces.

    The emissions of ``year`` stay what they are: nothing is produced with either.
    """
    missing = (year.x == 0) & (other.x > 0)
    if not missing.any():
        return year
    if sparse.issparse(year.Z) or sparse.issparse(other.Z):
        own = sparse.csr_array(year.Z) @ sparse.diags_array(1.0 * ~missing)
        Z: Matrix = own + sparse.csr_array(other.Z) @ sparse.diags_array(1.0 * missing)
    else:
        Z = np.where(missing, other.Z, year.Z)
    x, f = np.where(missing, other.x, year.x), np.where(missing, other.f, year.f)
    return replace(year, Z=Z, x=x, f=f)


def year_of(table: IOTable, which: str) -> Names:
    """The year of a table in words; ``which`` table it is where the year is not known."""
    if table.year is None:
        return words(f"decomposition.{which}")
    return words("decomposition.year", year=table.year)


def _notes(before: IOTable, after: IOTable, deflated: bool) -> list[Names]:
    """What a reader of the comparison has to know."""
    years = {"before": year_of(before, "before"), "after": year_of(after, "after")}
    notes = []
    if before.year is not None and after.year is not None and before.year > after.year:
        notes.append(words("decomposition.order", **years))
    if deflated:
        notes.append(words("decomposition.deflated", **years))
    elif not same_prices(before, after):
        notes.append(words("decomposition.current_prices", **years))
    if (before.imports_inside is None) != (after.imports_inside is None):
        notes.append(words("decomposition.imports_apart"))
    burnt = [
        float(co2.F_Y.sum()) * units.factor(co2.unit, "Mt")
        for co2 in (before.extensions["co2"], after.extensions["co2"])
    ]
    if any(burnt):
        first, second = (figure(each, 1, "Mt") for each in burnt)
        notes.append(words("decomposition.households", before=first, after=second))
    return notes
