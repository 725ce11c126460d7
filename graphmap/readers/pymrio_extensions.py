"""Extensions of pymrio's systems, row by row, and as a table's primary inputs and imports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.emissions import Extension, Source
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError
from graphmap.readers.pymrio_labels import co2_of, key_of, labels_of, levels_of, parts_of

FACTORS = ("factor_inputs", "VA", "factor_input")
"""What the parsers of pymrio call the primary inputs; the first is what is written."""

IMPORTED, PRODUCTS, OWN = "imports", "imported_products", "gas"
"""Names of a row, of an extension, and of the level of extensions that are a table's own."""


@dataclass
class Rows:
    """What the extensions of a system hold, sorted into the parts of a table."""

    V: list[Array] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    imports: Array | None = None
    extensions: dict[str, Extension] = field(default_factory=dict)
    products: tuple[Array, Array] | None = None


def aligned(frame: pd.DataFrame, rows: pd.Index | None, columns: pd.Index | None, what: str) -> Any:
    """The frame with its rows and columns in this order.

    Raises:
        DataError: it has other rows or columns, or one twice.
    """
    for axis, name, wanted in (("index", "rows", rows), ("columns", "columns", columns)):
        if wanted is None or (given := getattr(frame, axis)).equals(wanted):
            continue
        foreign = given.symmetric_difference(wanted)
        if len(foreign) or given.has_duplicates:
            raise DataError(
                f"{name} of {what} that are not those of the system",
                found=str(foreign[0]) if len(foreign) else "one twice",
                expected="the same labels in all parts",
            )
        frame = frame.reindex(**{axis: wanted})
    return frame


def read_rows(
    system: Any, rows: pd.MultiIndex, columns: pd.MultiIndex, output: Array, unit: str
) -> Rows:
    """Everything the extensions of ``system`` hold.

    Args:
        rows, columns: region-sectors, and final uses.
        output: gross output, for extensions that have coefficients only.
        unit: the system's money unit, as it spells it.
    """
    found = Rows()
    names = list(system.get_extensions(data=False, instance_names=True))
    factors = next((name for name in FACTORS if name in names), None)
    for name in names:
        extension = getattr(system, name)
        F, F_Y = _flows(extension, name, rows, columns, output)
        if name == PRODUCTS:
            products, of_uses = aligned(F, rows, None, name), aligned(F_Y, rows, None, name)
            found.products = products.to_numpy(float), of_uses.to_numpy(float)
            continue
        lines = F.index.union(F_Y.index, sort=False) if F_Y is not None else F.index
        values = F.to_numpy(float) if lines.equals(F.index) else _padded(F, lines)
        final = np.zeros((len(lines), len(columns))) if F_Y is None else _padded(F_Y, lines)
        source = Source("", str(system.meta.name or "pymrio"), str(extension.name or name))
        for i, (line, of_row) in enumerate(zip(lines, _units(extension, lines), strict=True)):
            levels, labels = levels_of(lines), labels_of(line)
            name_of = FACTORS[0] if name == factors else name
            row = Extension(values[i], final[i], of_row, ", ".join(labels), source)
            if name == factors and of_row in (unit, ""):
                if labels[0] == IMPORTED and not any(labels[1:]):
                    found.imports = row.F
                else:
                    found.V.append(row.F)
                    found.inputs.append(
                        labels[0] if levels == ("inputtype",) else key_of(levels, labels)
                    )
                if not row.F_Y.any():
                    continue
                row = Extension(np.zeros(len(rows)), row.F_Y, of_row or unit, row.gas, source)
            own = levels == (OWN,) and len(lines) == 1
            key = name if own else key_of(levels, labels, name_of)
            while key in found.extensions:  # a label twice in one extension
                key = _next(key)
            found.extensions[key] = row
    return found


def _flows(
    extension: Any, name: str, rows: pd.MultiIndex, columns: pd.MultiIndex, output: Array
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """F and F_Y of an extension; from coefficients where it has no flows."""
    F, F_Y = extension.F, getattr(extension, "F_Y", None)
    if F is None and getattr(extension, "S", None) is not None:
        F = aligned(extension.S, None, rows, name) * output
    if F is None or (F_Y is None and getattr(extension, "S_Y", None) is not None):
        raise DataError(
            f"extension {name} without flows",
            expected="F, and F_Y where final use has figures",
            remedy="system.calc_all() computes them",
        )
    F = aligned(F, None, rows, name)
    return F, None if F_Y is None else aligned(F_Y, None, columns, name)


def _padded(frame: pd.DataFrame, lines: pd.Index) -> Array:
    """(len(lines), ...) the rows of ``frame``, zero where it has none."""
    if frame.index.equals(lines):
        return np.asarray(frame.to_numpy(float))
    return np.asarray(frame.reindex(lines, fill_value=0.0).to_numpy(float))


def _units(extension: Any, lines: pd.Index) -> list[str]:
    if extension.unit is None:
        return [""] * len(lines)
    of_line = extension.unit.iloc[:, 0]
    if not of_line.index.equals(lines):
        of_line = of_line[~of_line.index.duplicated()].reindex(lines)
    return ["" if pd.isna(text) else str(text) for text in of_line]


def _next(key: str) -> str:
    stem, mark, number = key.rpartition("/#")
    return f"{stem}/#{int(number) + 1}" if mark else f"{key}/#2"


Written = dict[str, tuple[pd.DataFrame, pd.DataFrame | None, list[str]]]


def write_rows(table: IOTable, rows: pd.MultiIndex, columns: pd.MultiIndex) -> Written:
    """Extension -> F, F_Y (None where it is zero) and the units of its rows.

    ``columns`` may have one more than the table has final uses (imports inside the cells).
    """
    Line = tuple[tuple[str, ...], tuple[str, ...], Array, Array, str]
    none = np.zeros(len(table.final_uses))
    lines: dict[str, list[Line]] = {FACTORS[0]: []}
    for label, of_input in zip(table.primary_inputs, table.V, strict=True):
        name, levels, labels = parts_of(label)
        if name or not levels:
            levels, labels = ("inputtype",), (label,)
        lines[FACTORS[0]].append((levels, labels, of_input, none, table.unit))
    if table.imports.any():
        first = (lines[FACTORS[0]] or [(("inputtype",), ("",), none, none, "")])[0][0]
        imports = (IMPORTED, *[""] * (len(first) - 1))
        lines[FACTORS[0]].append((first, imports, table.imports, none, table.unit))
    others = {key: extension for key, extension in table.extensions.items() if key != "co2"}
    for key, extension in table.extensions.items():
        if key == "co2" and _is_sum(extension, co2_of(others)[0]):
            continue
        name, levels, labels = parts_of(key)
        if not levels:
            levels, labels = (OWN,), (extension.gas,)
        block = lines.setdefault(name, [])
        same = [i for i, line in enumerate(block) if line[1] == labels]
        if name == FACTORS[0] and same and not extension.F.any():
            block[same[0]] = (*block[same[0]][:3], extension.F_Y, table.unit)
        else:
            block.append((levels, labels, extension.F, extension.F_Y, extension.unit))
    written: Written = {}
    for name, block in lines.items():
        if not block:
            continue
        levels, width = block[0][0], len(block[0][0])
        texts = [(*line[1], *[""] * (width - len(line[1]))) for line in block]
        index = (
            pd.Index([text[0] for text in texts], name=levels[0])
            if width == 1
            else pd.MultiIndex.from_tuples(texts, names=levels)
        )
        final = np.array([_widened(line[3], len(columns)) for line in block])
        written[name] = (
            pd.DataFrame(np.array([line[2] for line in block]), index=index, columns=rows),
            pd.DataFrame(final, index=index, columns=columns) if final.any() else None,
            [line[4] for line in block],
        )
    if table.Z_imports is not None and table.Y_imports is not None:
        F_Y = np.array([_widened(row, len(columns)) for row in table.Y_imports])
        F: Matrix = table.Z_imports
        written[PRODUCTS] = (
            pd.DataFrame(F.toarray() if sparse.issparse(F) else F, index=rows, columns=rows),
            pd.DataFrame(F_Y, index=rows, columns=columns),
            [table.unit] * len(rows),
        )
    return written


def _is_sum(given: Extension, summed: Extension | None) -> bool:
    """Whether CO2 is what its rows add up to, so that it need not be written again."""
    return (
        summed is not None
        and given.unit == summed.unit
        and np.allclose(given.F, summed.F, rtol=1e-12, atol=0)
        and np.allclose(given.F_Y, summed.F_Y, rtol=1e-12, atol=0)
    )


def _widened(values: Array, count: int) -> Array:
    return np.pad(values, (0, count - len(values)))
