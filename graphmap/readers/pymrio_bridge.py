"""Tables from pymrio's systems, and as such systems.

What corresponds to what:

=========================  ========================================================================
pymrio                     graphmap
=========================  ========================================================================
``Z``, ``Y``, ``x``        the same; without ``Z`` it is computed from ``A``
regions, sectors           ``index``: region, and the label behind it in the node id
``factor_inputs`` (``VA``) ``V``: the rows in the system's money unit; its row ``imports`` is
                           ``imports``; other rows, and what final users pay, are extensions
a row of an extension      one ``Extension``, ``<extension>/<level>=<label>/...`` its key
rows that are CO2          summed as extension ``co2`` as well
final use of region `ALL`  final use of no region
column `imports_inside`    minus the imports inside the cells of a competitive table
`imported_products`        ``Z_imports`` and ``Y_imports``, an extension with a row a product
``meta.metadata``          what pymrio has no place for (names, source, prices)
=========================  ========================================================================

Population has no place in a table: a note says that it was left out. What pymrio computes
(multipliers, accounts) is computed again instead of read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.emissions import Source
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.i18n import Names, plain, words
from graphmap.readers.labels import year_of
from graphmap.readers.pymrio_extensions import (
    FACTORS,
    IMPORTED,
    PRODUCTS,
    Rows,
    aligned,
    read_rows,
    write_rows,
)
from graphmap.readers.pymrio_labels import category_of, co2_of, money_of, sector_labels
from graphmap.readers.pymrio_record import RECORD, recalled, record_of, system_rows

NOWHERE, INSIDE = "ALL", "imports_inside"
"""A region for final uses that belong to none, and a final use: minus the imports inside cells."""


def from_pymrio(
    system: Any,
    *,
    year: int | None = None,
    unit: str | None = None,
    co2: Sequence[str] | None = None,
) -> IOTable:
    """The table that a ``pymrio.IOSystem`` holds.

    Args:
        system: with ``Z`` (or ``A``) and ``Y``; any parser of pymrio gives one.
        year: the year, where the system's record does not say it.
        unit: money unit, where the system's own is not known; figures are taken to be in it.
        co2: keys of the extensions whose sum is CO2, where their names do not say so.

    Raises:
        DataError: the system lacks flows or final demand, its parts do not fit together, or its
            money is of a unit that is not known.

    Example:
        >>> import pymrio
        >>> table = from_pymrio(pymrio.load_test())
        >>> table.n, table.unit, table.primary_inputs
        (48, 'million_usd', ('Value Added',))
    """
    meta = system.meta.metadata if system.meta is not None else {}
    if system.Y is None or system.Y.columns.nlevels != 2:
        raise DataError(
            "final demand without regions and categories",
            found="none" if system.Y is None else list(system.Y.columns.names),
            expected="Y with the columns region and category",
            remedy="give the system its Y: coefficients alone do not say how large flows are",
        )
    Z, x, rows = _flows(system)
    Y = aligned(system.Y, rows, None, "Y")
    final = Y.to_numpy(float)
    if x is None:
        x = np.hstack([Z, final]).sum(axis=1)
    given_unit = _one_unit(system)
    found = read_rows(system, rows, Y.columns, x, given_unit)
    name, scale = money_of(unit or given_unit)
    citation = str(meta.get("description") or "")
    source = Source("", str(meta.get("name") or "pymrio"), None, citation)
    notes: list[Names] = [words("note.pymrio", name=source.file)]

    imports = np.zeros(len(rows)) if found.imports is None else found.imports
    V, inputs = np.array(found.V), tuple(found.inputs)
    if not inputs:
        V = (x - Z.sum(axis=0) - imports)[None, :]
        inputs = ("value_added" if imports.any() else "value_added_and_imports",)
        notes.append(words("note.pymrio_residual"))
    if "co2" not in found.extensions:
        total, note = co2_of(found.extensions, co2)
        found.extensions |= {"co2": total} if total else {}
        notes += [note] if note else []
    if system.population is not None:
        notes.append(words("note.pymrio_population"))
    if scale != 1:
        into = words(f"unit.{name}")
        notes.append(words("note.pymrio_scaled", found=plain(given_unit), unit=into))
        Z, V, imports, x, final = (part * scale for part in (Z, V, imports, x, final))
    index, classification = sector_labels(rows)
    whole = IOTable(
        Z=Z,
        Y=final,
        V=V,
        imports=imports,
        x=x,
        index=index,
        final_uses=_final_uses(Y.columns, rows),
        primary_inputs=inputs,
        unit=name,
        source=replace(source, notes=tuple(notes)),
        year=year or meta.get(RECORD, {}).get("year") or _year(meta),
        classification=classification,
        extensions=found.extensions,
    )
    table = _imports_apart(whole, found, np.asarray(Y.columns.get_level_values(1)), scale)
    return recalled(table, meta.get(RECORD), rows)


def to_pymrio(table: IOTable) -> Any:
    """The table as a ``pymrio.IOSystem`` that ``from_pymrio`` gives back to the bit.

    Sectors are called by the part of the node id behind the region, and by their name where that
    is a number. ``Z`` becomes dense.

    Raises:
        DataError: pymrio is not installed, or a region or final use has a name that the system
            needs itself.

    Example:
        >>> from graphmap import sample
        >>> system = to_pymrio(sample.table())
        >>> system.get_regions().tolist(), len(system.get_sectors())
        (['CN-GD', 'CN-ZJ'], 42)
    """
    pymrio = imported()
    reserved = [
        *({NOWHERE} & {*table.regions, *table.final_uses["region"]}),
        *({INSIDE} & set(table.final_uses["category"])),
        *({IMPORTED} & set(table.primary_inputs)),
        *({PRODUCTS, *FACTORS} & set(table.extensions)),
    ]
    if reserved:
        raise DataError("a name that the system needs itself", found=", ".join(reserved))
    rows = system_rows(table)
    labels = table.final_uses["category"].tolist()
    if not isinstance(table.final_uses.index, pd.RangeIndex):
        labels = [str(label) for label in table.final_uses.index]
    known = set(table.regions)
    regions = [r if r in known else r or NOWHERE for r in table.final_uses["region"]]
    uses, Y = list(zip(regions, labels, strict=True)), table.Y
    if table.imports_inside is not None:
        uses, Y = [*uses, (NOWHERE, INSIDE)], np.column_stack([Y, -table.imports_inside])
    columns = pd.MultiIndex.from_tuples(uses, names=["region", "category"])
    Z = table.Z.toarray() if sparse.issparse(table.Z) else np.array(table.Z)
    system = pymrio.IOSystem(
        Z=pd.DataFrame(Z, index=rows, columns=rows),
        Y=pd.DataFrame(Y, index=rows, columns=columns),
        x=pd.DataFrame({"indout": table.x}, index=rows),
        unit=pd.DataFrame({"unit": table.unit}, index=rows),
        name=table.source.file,
        description=table.source.citation,
    )
    for name, (F, F_Y, of_rows) in write_rows(table, rows, columns).items():
        if not name.isidentifier() or hasattr(system, name):
            raise DataError("pymrio cannot call an extension so", found=name)
        unit = pd.DataFrame({"unit": of_rows}, index=F.index)
        setattr(system, name, pymrio.Extension(name, F=F, F_Y=F_Y, unit=unit))
    system.meta.metadata[RECORD] = record_of(table, rows)
    return system


def imported() -> Any:
    """The pymrio module.

    Raises:
        DataError: it is not installed.
    """
    try:
        import pymrio  # noqa: PLC0415 (heavy and optional)
    except ImportError as error:
        raise DataError(
            "pymrio systems need pymrio", remedy='pip install "graphmap[mrio]"'
        ) from error
    return pymrio


def _flows(system: Any) -> tuple[Array, Array | None, pd.MultiIndex]:
    """Z, x where it is known, and the region-sectors."""
    core = system.Z if system.Z is not None else system.A
    if core is None:
        raise DataError("a pymrio system without flows", expected="Z, or A and x or Y")
    rows = core.index
    if rows.nlevels != 2 or rows.has_duplicates:
        raise DataError(
            "the rows of Z are not region and sector",
            found=list(rows.names) if rows.nlevels != 2 else rows[rows.duplicated()][0],
            expected="two levels, each pair once",
        )
    cells = aligned(core, None, rows, "Z").to_numpy(float)
    x = None
    if system.x is not None:
        x = aligned(system.x, rows, None, "x").iloc[:, 0].to_numpy(float)
    if system.Z is not None:
        return cells, x, rows
    if x is None:
        y = aligned(system.Y, rows, None, "Y").to_numpy(float).sum(axis=1)
        x = np.linalg.solve(np.eye(len(rows)) - cells, y)
    return cells * x, x, rows


def _one_unit(system: Any) -> str:
    """The money unit of all sectors, as the system spells it."""
    found = [] if system.unit is None else system.unit.iloc[:, 0].dropna().unique().tolist()
    if len(found) > 1:
        raise DataError(
            "sectors in different units",
            found=", ".join(map(str, found[:5])),
            expected="one money unit",
            remedy="hybrid tables cannot be read",
        )
    return str(found[0]) if found else ""


def _year(meta: dict[str, Any]) -> int | None:
    """The year that a system's record names: one of its own, or in its description."""
    return year_of(*(str(meta.get(key) or "") for key in ("year", "description", "name")))


def _final_uses(columns: pd.MultiIndex, rows: pd.MultiIndex) -> pd.DataFrame:
    """Region and category of each final use; the index keeps labels that say more."""
    regions = columns.get_level_values(0).astype(str)
    labels = columns.get_level_values(1).astype(str).tolist()
    known = set(rows.get_level_values(0))
    places = ["" if r == NOWHERE and NOWHERE not in known else r for r in regions]
    found = pd.DataFrame({"region": places, "category": [category_of(label) for label in labels]})
    if found["category"].tolist() != labels:
        found.index = pd.Index(labels, name="use")
    return found


def _imports_apart(table: IOTable, found: Rows, labels: Array, scale: float) -> IOTable:
    """The table with imports inside cells, and imported products, out of its final uses."""
    if found.products is not None:
        products, bought = (part * scale for part in found.products)
        table = replace(table, Z_imports=products, Y_imports=bought)
    apart = labels == INSIDE
    if not apart.any():
        return table
    of_uses = table.Y_imports
    final_uses = table.final_uses[~apart]
    if final_uses["category"].tolist() == labels[~apart].tolist():
        final_uses = final_uses.reset_index(drop=True)
    return replace(
        table,
        Y=table.Y[:, ~apart],
        imports_inside=-table.Y[:, apart].sum(axis=1),
        final_uses=final_uses,
        Y_imports=None if of_uses is None else of_uses[:, ~apart],
        extensions={
            name: replace(extension, F_Y=extension.F_Y[~apart])
            for name, extension in table.extensions.items()
        },
    )
