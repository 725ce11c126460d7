"""What is emitted for imports from outside a table, under a stated assumption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from graphmap.accounts import IOTable
from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError
from graphmap.i18n import Names, words
from graphmap.leontief.footprints import imported_inputs_intensity, total_intensity
from graphmap.leontief.measures import TONNES_PER_MT, system_of

Assumption: TypeAlias = str | float | pd.Series
"""``excluded``, ``domestic``, or t CO2 per 10 thousand of money: one number, or one a product."""


MOST_INTENSE = 1e9
"""t CO2 per 10 thousand of money; more is a slip of the keyboard, nothing that is traded."""


@dataclass(frozen=True, eq=False)
class Imports:
    """Imports from outside a table and their emissions, in Mt and 10 thousand of money.

    Attributes:
        intensity: (n,) emissions per unit of each imported product.
        behind_inputs: (n,) emissions behind the imported inputs to one unit of output.
        final: (n, k) imported products by final use; zero where the table does not tell.
        notes: the assumption and its limits, one sentence each.
    """

    intensity: Array
    behind_inputs: Array
    final: Array
    notes: tuple[Names, ...]


def imports_of(given: IOTable, table: IOTable, f: Array, assumption: Assumption) -> Imports:
    """Emissions of imports from outside the table.

    ``excluded`` counts none. ``domestic`` takes imported products to be made with the table's own
    technology, imports of imports included: ``(I - (A_d + A_m)')^-1 f`` a unit. A number or a
    Series by sector code is taken as it is.

    Args:
        given: the table as it was read.
        table: the same with imports out of its cells.
        f: (n,) direct intensity, Mt per 10 thousand.
        assumption: as in ``consumption_accounts``.

    Raises:
        DataError: the assumption is not known, or needs imports that the table does not tell.

    Source:
        Peters & Hertwich 2006, Journal of Industrial Ecology 10 (domestic technology); Su & Ang
        2013, Energy Policy 56 (competitive and non-competitive imports).

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> imports_of(table, table, np.ones(table.n), 1.2).notes[0]["en"]
        'Imports from outside the table count with 1.2 t CO₂ per 10 thousand yuan.'
    """
    if isinstance(assumption, str) and assumption == "excluded":
        none = np.zeros(table.n)
        return Imports(none, none, np.zeros_like(table.Y), (words("accounts.note.excluded"),))
    domestic = isinstance(assumption, str) and assumption == "domestic"
    if not domestic:
        by_product, note = _as_given(table, assumption)
    products = given.imported_products()
    if products is None:
        if not table.imports.any():
            raise _refusal(table, "the table lists no imports", "imports by product or by user")
        if domestic or isinstance(assumption, pd.Series):
            raise _refusal(
                table,
                "the table does not say which products are imported",
                "imported products in rows of their own, or imports inside the cells",
                found="imports by user only",
                remedy="leave them out with 'excluded' or give one number for all, "
                "in t CO2 per 10 thousand",
            )
        share = np.divide(table.imports, table.x, out=np.zeros(table.n), where=table.x > 0)
        notes = (note, words("accounts.note.inputs_only"))
        return Imports(by_product, by_product * share, np.zeros_like(table.Y), notes)
    by_user, final = products
    if domestic:
        _refuse_unmade(table, by_user, final)
        everything = system_of(replace(table, Z=table.Z + by_user), solves=1)
        by_product, note = total_intensity(everything, f), words("accounts.note.domestic")
    behind_inputs = imported_inputs_intensity(by_user, table.x, by_product)
    return Imports(by_product, behind_inputs, final * table.to_10k, (note,))


def _as_given(table: IOTable, assumption: Assumption) -> tuple[Array, Names]:
    """(n,) Mt per 10 thousand of each imported product, and the note that says so."""
    codes = table.index["code"]
    if isinstance(assumption, pd.Series):
        given, note = assumption, words("accounts.note.given_by_product")
    else:
        try:
            value = float(assumption)
        except (TypeError, ValueError) as error:
            raise _refusal(
                table,
                "unknown assumption on imports",
                "'excluded', 'domestic' or a number of t CO2 per 10 thousand",
                found=assumption,
            ) from error
        given = pd.Series(value, index=codes.unique())
        unit = words(f"unit.{table.unit_10k}")
        note = words("accounts.note.given", intensity=f"{value:g}", unit=unit)
    odd = [*given.index[given.index.duplicated()], *sorted({*given.index} ^ {*codes}, key=str)]
    if odd:
        raise _refusal(
            table,
            "the intensities of imports are not those of the table's sectors",
            "one for each code",
            found=str(odd[0]),
        )
    wrong = given[~given.between(0, MOST_INTENSE)]
    if len(wrong):
        raise _refusal(
            table,
            "not an intensity of imports",
            f"t CO2 per 10 thousand, zero or more and at most {MOST_INTENSE:,.0f}",
            found=f"{wrong.iloc[0]:g}",
        )
    return codes.map(given).to_numpy(float) / TONNES_PER_MT, note


def _refuse_unmade(table: IOTable, by_user: Matrix, final: Array) -> None:
    """What is imported but not made at home has no domestic technology to be made with."""
    imported = np.asarray(by_user.sum(axis=1)).ravel() + final.sum(axis=1)
    unmade = np.flatnonzero((table.x == 0) & (imported != 0))
    if len(unmade):
        raise _refusal(
            table,
            f"{table.index['name_en'].iloc[unmade[0]]} is imported but not made at home",
            "gross output above zero of every product that is imported",
            remedy="give one number or an intensity for each product instead of 'domestic'",
        )


def _refusal(table: IOTable, what: str, expected: str, **more: Any) -> DataError:
    return DataError(what, file=table.source.file, expected=expected, **more)
