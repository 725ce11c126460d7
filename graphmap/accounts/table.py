"""``IOTable``: an input-output table with its labels, units and source.

Rows supply, columns use. Two identities hold, region-sector by region-sector::

    x = Z 1 + Y 1 - imports_inside        what is supplied is used
    x = Z' 1 + imports + V' 1             what is produced is paid for
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap import units
from graphmap.accounts.emissions import (
    Extension,
    Inventory,
    Source,
    by_industry,
    household_fuel,
    merged_source,
    no_concordance,
    no_inventory,
    of_year,
)
from graphmap.arrays import Array, Matrix, scaled_rows
from graphmap.classification.lists import names_of
from graphmap.classification.regions import unknown_region
from graphmap.errors import DataError
from graphmap.i18n import Names, words

EXPORTED = ("exports", "outflow")
"""Final uses outside the regions of a table: abroad, in other provinces."""


PARTS = ("Z", "Y", "V", "imports", "x", "imports_inside", "Z_imports", "Y_imports")
"""The arrays of a table that are in its money unit."""


@dataclass(frozen=True, eq=False)
class IOTable:
    """An input-output table of n region-sectors. Methods return new tables.

    Attributes:
        Z: (n, n) intermediate flows, rows supply and columns use; ndarray or csr_array.
        Y: (n, k) final use of what the rows supply, exports included.
        V: (m, n) primary inputs.
        imports: (n,) imported intermediate inputs by user, where they stand in rows of their own.
        x: (n,) gross output.
        index: DataFrame with a row a region-sector (its index is the node id ``CN-GD.24``) and the
            columns region, code, group, name_* and short_* in three languages, pinyin.
        final_uses: DataFrame with a row a column of ``Y``: region, category.
        primary_inputs: m names.
        imports_inside: (n,) imports by product still contained in the rows of ``Z`` and ``Y``
            (a competitive table), or None.
        Z_imports, Y_imports: (n, n) and (n, k) imported products by user and by final use, where
            the source gives them in rows of their own, or None; see ``imported_products``.
        unit: money unit, a name in ``units.MONEY_UNITS``.
        missing: cells that were empty and read as zero.
    """

    Z: Matrix
    Y: Array
    V: Array
    imports: Array
    x: Array
    index: pd.DataFrame
    final_uses: pd.DataFrame
    primary_inputs: tuple[str, ...]
    unit: str
    source: Source
    year: int | None = None
    prices: str = "current producer prices"
    classification: str | None = None
    extensions: dict[str, Extension] = field(default_factory=dict)
    imports_inside: Array | None = None
    Z_imports: Array | None = None
    Y_imports: Array | None = None
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n, k, m = len(self.index), len(self.final_uses), len(self.primary_inputs)
        fitting = {"Z": (n, n), "Y": (n, k), "V": (m, n), "imports": (n,), "x": (n,)}
        known = {"Z_imports": (n, n), "Y_imports": (n, k), "imports_inside": (n,)}
        fitting |= {name: s for name, s in known.items() if getattr(self, name) is not None}
        shapes = {name: getattr(self, name).shape for name in fitting}
        if shapes != fitting:
            raise DataError(
                "the parts of the table do not fit together",
                found=", ".join(f"{name} of shape {shape}" for name, shape in shapes.items()),
                expected=f"{n} sectors, {k} final uses, {m} primary inputs",
            )

    @property
    def n(self) -> int:
        """Number of region-sectors."""
        return len(self.x)

    @property
    def regions(self) -> list[str]:
        """Codes of the regions, in the table's order."""
        return list(dict.fromkeys(self.index["region"]))

    @property
    def parts(self) -> dict[str, Matrix]:
        """The arrays in money by their names, those that are there."""
        return {name: part for name in PARTS if (part := getattr(self, name)) is not None}

    @property
    def intermediate_sales(self) -> Array:
        """(n,) row sums of ``Z``."""
        return np.asarray(self.Z.sum(axis=1)).ravel()

    @property
    def intermediate_inputs(self) -> Array:
        """(n,) column sums of ``Z``."""
        return np.asarray(self.Z.sum(axis=0)).ravel()

    @property
    def final_demand(self) -> Array:
        """(n,) final use of domestic output, ``y = x - Z 1``."""
        return self.x - self.intermediate_sales

    @property
    def co2(self) -> Array | None:
        """(n,) direct CO2 by industry in Mt, or None where the table has no emissions."""
        extension = self.extensions.get("co2")
        return extension.F * units.factor(extension.unit, "Mt") if extension else None

    @property
    def has_emissions(self) -> bool:
        """Whether any industry of the table is known to emit."""
        return self.co2 is not None and bool(self.co2.any())

    @property
    def unit_10k(self) -> str:
        """``10k_yuan``, ``10k_usd``: 10 thousand of the currency (万元), for results."""
        return units.ten_thousand(self.unit)

    @property
    def to_10k(self) -> float:
        """Factor from the table's unit to ``unit_10k``."""
        return units.factor(self.unit, self.unit_10k)

    def select(self, regions: Sequence[str]) -> IOTable:
        """The table of some regions; all others become imports and exports of these.

        What the others supply to industries here is imports, what they use of products made here
        (as inputs or as final use) is exports, so both identities still hold. Imports inside the
        cells of a competitive table are taken out first. Which products are imported is not kept:
        what came from the other regions is now imported too.

        Raises:
            DataError: a region is not in the table.
        """
        for code in regions:
            if code not in self.regions:
                raise unknown_region(code, self.regions, "in the table")
        if set(regions) == set(self.regions):
            return self
        if self.imports_inside is not None:
            return self.domestic().select(regions)
        here = self.index["region"].isin(regions).to_numpy()
        uses_here = self.final_uses["region"].isin([*regions, ""]).to_numpy()
        Y = self.Y[here][:, uses_here].copy()
        final_uses = self.final_uses[uses_here].reset_index(drop=True)
        outflow = np.asarray(self.Z[here][:, ~here].sum(axis=1)).ravel()
        outflow = outflow + self.Y[here][:, ~uses_here].sum(axis=1)
        exports = np.flatnonzero(final_uses["category"] == "exports")
        if len(exports):
            Y[:, exports[0]] += outflow
        else:
            Y = np.column_stack([Y, outflow])
            final_uses.loc[len(final_uses)] = {"region": "", "category": "exports"}
        added = len(final_uses) - int(uses_here.sum())
        inflow = np.asarray(self.Z[~here][:, here].sum(axis=0)).ravel()
        return replace(
            self,
            Z=self.Z[here][:, here],
            Y=Y,
            V=self.V[:, here],
            imports=self.imports[here] + inflow,
            x=self.x[here],
            index=self.index[here],
            final_uses=final_uses,
            extensions={
                name: replace(e, F=e.F[here], F_Y=np.pad(e.F_Y[uses_here], (0, added)))
                for name, e in self.extensions.items()
            },
            Z_imports=None,
            Y_imports=None,
        )

    def domestic(self) -> IOTable:
        """The table with imports taken out of the cells.

        In a competitive table every cell holds domestic and imported supply together. Each row is
        scaled by the domestic share of what is used at home, ``1 - IM / (x + IM - EX)``; exports
        stay as they are, since they are taken to be of domestic make. A table whose imports stand
        apart is returned unchanged.

        Raises:
            DataError: a sector imports more than is used of its product.
        """
        if self.imports_inside is None:
            return self
        share, exports = self._domestic_share(self.imports_inside)
        Z = scaled_rows(self.Z, share)
        Y = np.where(exports, self.Y, self.Y * share[:, None])
        imported = self.intermediate_inputs - np.asarray(Z.sum(axis=0)).ravel()
        source = replace(self.source, notes=(*self.source.notes, words("note.imports_scaled")))
        return replace(
            self, Z=Z, Y=Y, imports=self.imports + imported, imports_inside=None, source=source
        )

    def imported_products(self) -> tuple[Matrix, Array] | None:
        """Imported products by user, (n, n), and by final use, (n, k); None where not known.

        Either the rows the source has for them, or what ``domestic`` takes out of the cells of a
        competitive table. Computed when asked: the first is as large as ``Z``.

        Raises:
            DataError: a sector imports more than is used of its product.
        """
        if self.imports_inside is None:
            if self.Z_imports is None or self.Y_imports is None:
                return None
            return self.Z_imports, self.Y_imports
        if self.imports.any():
            return None  # of these only the users are known
        share, exports = self._domestic_share(self.imports_inside)
        final = np.where(exports, 0.0, self.Y * (1 - share)[:, None])
        return scaled_rows(self.Z, 1 - share), final

    def _domestic_share(self, inside: Array) -> tuple[Array, NDArray[np.bool_]]:
        """(n,) share of what is used at home that is made there; (k,) which uses are exports."""
        exports = self.final_uses["category"].isin(EXPORTED).to_numpy()
        used_at_home = self.x + inside - self.Y[:, exports].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(used_at_home != 0, 1 - inside / used_at_home, 1.0)
        nothing_used = (used_at_home == 0) & (inside > 0)
        wrong = np.flatnonzero((share < -1e-9) | (share > 1 + 1e-9) | nothing_used)
        if len(wrong):
            i = wrong[0]
            raise DataError(
                f"imports of {self.index['name_en'].iloc[i]} exceed what is used of it",
                file=self.source.file,
                sheet=self.source.sheet,
                found=f"imports {inside[i]:,.0f}, used at home {used_at_home[i]:,.0f}",
                expected="imports between zero and the use at home",
            )
        return share.clip(0, 1), exports

    def with_emissions(self, inventories: Sequence[Inventory]) -> IOTable:
        """The table with the CO2 of ``inventories``: for each of its regions the one of its year.

        Rows that cover several sectors of the table are split by gross output; the total of every
        row is kept. Fuel of households that no final use of the table can hold is left out, and
        the source says so.

        Raises:
            DataError: a region of the table has no inventory, or several and none of the table's
                year, or the lists have no concordance.
        """
        by_region = of_year(inventories, self.regions, self.year)
        if self.classification is None:
            raise no_concordance(self.source.file, self.n // len(self.regions))
        for code in self.regions:
            if code not in by_region:
                raise no_inventory(code, inventories)
        F, F_Y = np.zeros(self.n), np.zeros(len(self.final_uses))
        for code in self.regions:
            here = (self.index["region"] == code).to_numpy()
            output = pd.Series(self.x[here], index=self.index["code"][here])
            F[here] = by_industry(by_region[code], self.classification, output)
            F_Y += household_fuel(by_region[code], self.final_uses)
        chosen = [by_region[code] for code in self.regions]
        extension = Extension(F, F_Y, "Mt", "CO2", merged_source(chosen, self.year, F_Y))
        return replace(self, extensions={**self.extensions, "co2": extension})

    def noted(self, *sentences: Names) -> IOTable:
        """The table with these sentences more in the notes of its source."""
        return replace(self, source=replace(self.source, notes=(*self.source.notes, *sentences)))

    def names(self, position: int, column: str = "name") -> Names:
        """The three languages of ``name`` or ``short`` of one region-sector."""
        return names_of(self.index.iloc[position], column)
