"""Where in a sheet the parts of a table stand that some reader has read from it.

Readers find rows and columns in many ways and do not keep them. A line of the table is therefore
looked up by its figures: what is named here does hold what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.readers.mapping import Mapping, line_name, positions, spans
from graphmap.readers.sheet import Sheet

Places = dict[str, dict[str, tuple[str, ...]]]
"""Part -> what of it -> its rows or columns, as a spreadsheet names them."""


def places_of(sheet: Sheet, mapping: Mapping, table: IOTable) -> Places:
    """The lines of ``sheet`` that hold the parts of ``table``; empty where its flows do not stand.

    Args:
        mapping: the proposal for the sheet, of which only the users are taken.
    """
    users = [at for kind, at in positions(mapping.users) if kind == "column"]
    if len(users) != table.n or not isinstance(table.Z, np.ndarray):
        return {}
    cells = np.where(np.isfinite(sheet.numbers), sheet.numbers, 0.0) + 0.0  # no zeros below zero
    written = np.isfinite(sheet.numbers)
    in_rows = cells[:, users], written[:, users].any(axis=1)
    suppliers = _found(in_rows, table.Z)
    if None in suppliers:
        return {}
    at = [row for row in suppliers if row is not None]
    in_columns = cells[at].T, written[at].any(axis=0)
    corners = [line_name("column", end(users)) + line_name("row", end(at)) for end in (min, max)]
    found: Places = {
        "flows": {"": (":".join(corners),)},
        "suppliers": {"": spans("row", at)},
        "users": {"": spans("column", users)},
        "gross_output": {"": _named("column", _found(in_columns, table.x[None], users))},
        "final_uses": _each(
            "column", table.final_uses["category"].tolist(), _found(in_columns, table.Y.T, users)
        ),
        "primary_inputs": _each("row", table.primary_inputs, _found(in_rows, table.V, at)),
    }
    if not any(found["gross_output"].values()):
        found["gross_output"] = {"": _named("row", _found(in_rows, table.x[None], at))}
    if table.imports_inside is not None:
        sizes = np.abs(in_columns[0]), in_columns[1]  # some write imports below zero
        imports = _named("column", _found(sizes, table.imports_inside[None], users))
    elif table.Z_imports is not None:
        imports = _named("row", _found(in_rows, table.Z_imports, at))
    else:
        given = table.imports[None] if table.imports.any() else table.imports[None][:0]
        imports = _named("row", _found(in_rows, given, at))
    found["imports"] = {"": imports}
    return {
        part: known
        for part, of in found.items()
        if (known := {name: where for name, where in of.items() if where})
    }


def _found(side: tuple[Array, Any], wanted: Array, used: Sequence[int] = ()) -> list[int | None]:
    """Which line each of ``wanted`` is, none of them twice; None where none is.

    Args:
        side: the lines, and whether anything is written in them.
        used: lines that are something else, be their figures the same (all zero).
    """
    (lines, written), taken = side, set(used)
    at: dict[bytes, list[int]] = {}
    for i in np.flatnonzero(written).tolist():
        if i not in taken:
            at.setdefault(np.ascontiguousarray(lines[i]).tobytes(), []).append(i)
    keys = [np.ascontiguousarray(line + 0.0).tobytes() for line in wanted]
    return [at[key].pop(0) if at.get(key) else None for key in keys]


def _named(kind: str, lines: Sequence[int | None]) -> tuple[str, ...]:
    return spans(kind, [line for line in lines if line is not None])


def _each(
    kind: str, names: Sequence[str], lines: Sequence[int | None]
) -> dict[str, tuple[str, ...]]:
    """What each line is called -> its places, all those of one name together."""
    return {
        name: _named(kind, [at for other, at in zip(names, lines, strict=True) if other == name])
        for name in dict.fromkeys(names)
    }
