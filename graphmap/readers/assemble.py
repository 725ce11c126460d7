"""From named rows and columns to an ``IOTable``: joins by code or by name, never by position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from graphmap.accounts.emissions import Source
from graphmap.accounts.lookup import node_ids
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import LabelError, SectorList, recognise, recognise_any
from graphmap.errors import DataError
from graphmap.readers.blocks import UNREGIONAL, Axis, Line, read_axes, unknown
from graphmap.readers.co2_row import with_co2_row
from graphmap.readers.headers import dated
from graphmap.readers.labels import own_labels
from graphmap.readers.sheet import Sheet
from graphmap.readers.subtotals import leaves

LONGER_LISTS = ("nbs139_2012", "nbs149_2017", "nbs153_2018")
"""Lists that a table is taken to be of only where all its names and codes are."""


@dataclass
class Sectors:
    """The sectors of one axis: node key (region, code) -> its line."""

    by_key: dict[tuple[str, str], Line]
    list: SectorList | None


def assemble(
    sheet: Sheet,
    *,
    unit: str,
    source: Source,
    year: int | None,
    region: str | None = None,
    axes: tuple[Axis, Axis] | None = None,
) -> IOTable:
    """The table in ``sheet``.

    Args:
        unit: money unit of the cells.
        year: the year of the table, where it is known.
        region: code of the one region of a table that names none.
        axes: rows and columns, where a mapping names them; found by their labels if left out.

    Raises:
        DataError: labels, codes or numbers are not those of a table; the cell is named.
    """
    rows, columns = axes or read_axes(sheet)
    suppliers = _sectors(sheet, rows, rows.of("sector", "Domestic"), year, region)
    users = _sectors(sheet, columns, columns.of("sector"), year, region, codes_of=suppliers)
    _same_sectors(sheet, suppliers, users)
    at = [line.position for line in suppliers.by_key.values()]
    used = [users.by_key[key].position for key in suppliers.by_key]

    imported = _imported_rows(sheet, rows, suppliers, region)
    missing: list[str] = []
    Z = sheet.block(at, used, missing)
    uses = columns.of("final_use")
    if not uses:
        raise sheet.error("no column of final use", expected="TFU, or FU101 to EX")
    cells = sheet.block([*at, *imported], [line.position for line in uses], missing)
    uses, flows = leaves(uses, cells.T)
    Y, Y_imports = flows.T[: len(at)], flows.T[len(at) :]
    x = _gross_output(sheet, rows, columns, suppliers, used, missing)
    imports, imports_inside, Z_imports = _imports(sheet, rows, columns, imported, used, at, missing)
    inputs = rows.of("primary_input")
    if not inputs:
        raise sheet.error("no row of value added", expected="TVA or VA001 to VA004 below the table")
    inputs, V = leaves(inputs, sheet.block([line.position for line in inputs], used, missing))
    regions = ["" if use.item in UNREGIONAL else use.region or region or "" for use in uses]
    final_uses = pd.DataFrame({"region": regions, "category": [use.item for use in uses]})
    table = IOTable(
        Z=Z,
        Y=Y,
        V=V,
        imports=imports,
        x=x,
        index=_index(suppliers),
        final_uses=final_uses,
        primary_inputs=tuple(line.item for line in inputs),
        unit=unit,
        source=dated(source, sheet, year),
        year=year,
        classification=suppliers.list.id if suppliers.list else None,
        imports_inside=imports_inside,
        Z_imports=Z_imports,
        Y_imports=Y_imports if imported else None,
        missing=tuple(missing),
    )
    return with_co2_row(table, sheet, rows, used)


def _sectors(
    sheet: Sheet,
    axis: Axis,
    lines: list[Line],
    year: int | None,
    region: str | None,
    codes_of: Sectors | None = None,
) -> Sectors:
    """Recognise the list of an axis and key its lines by region and code."""
    if not lines:
        raise sheet.error(f"no sectors among the {axis.direction}")
    found = _recognise(sheet, axis, lines, year)
    by_key: dict[tuple[str, str], Line] = {}
    code_of = {
        name: key[1]
        for key, other in (codes_of.by_key.items() if codes_of else ())
        for name in other.names
        if name
    }
    for line in lines:
        code = None
        if found is not None:
            code = next((c for name in line.names if (c := found.code(name))), None)
        if codes_of is None and not any(line.names):
            raise _at(sheet, axis, line, "a sector without a name", line.code, "its name")
        code = code or _code(line.code)
        code = code or next((code_of[name] for name in line.names if name in code_of), None)
        key = (line.region or region or "", code or line.names[0])
        if not key[0]:
            remedy = "name it in the title, or in the name of the sheet or of the file"
            what, wanted = "no region for this sector", "a province's name"
            raise _at(sheet, axis, line, what, None, wanted, remedy=remedy)
        if key in by_key:
            raise _at(
                sheet,
                axis,
                line,
                "the same sector twice in one region",
                f"{key[1]} {' '.join(line.names)} in {key[0]} again",
                "each sector once in each region",
            )
        by_key[key] = line
    return Sectors(by_key, found)


def _recognise(sheet: Sheet, axis: Axis, lines: list[Line], year: int | None) -> SectorList | None:
    """The list that every line of names agrees on."""
    found: SectorList | None = None
    for n in range(len(axis.name_lines)):
        pairs: dict[tuple[str, str | None], Line] = {}
        for line in lines:
            pairs.setdefault((line.names[n], _code(line.code)), line)
        try:
            names, codes = zip(*pairs, strict=True)
            found = recognise(names, codes, year=year) or _longer_list(names, codes) or found
        except LabelError as error:
            line = list(pairs.values())[error.position]
            if axis.has_items(lines[0], line):
                raise unknown(sheet, axis, line.position, [line.names[n]]) from error
            raise _at(
                sheet,
                axis,
                line,
                "names and codes of the sectors disagree",
                error.found,
                error.expected,
                header=axis.name_lines[n],
            ) from error
    return found


def _longer_list(names: Sequence[str], codes: Sequence[str | None]) -> SectorList | None:
    """The bundled list of more than 42 sectors that has every name beside its own code."""
    found, _ = recognise_any(names, codes, lists=LONGER_LISTS)
    agrees = found is not None and [found.code(name) for name in names] == list(codes)
    return found if agrees else None


def _at(
    sheet: Sheet,
    axis: Axis,
    line: Line,
    what: str,
    found: str | None,
    expected: str,
    header: int | None = None,
    remedy: str | None = None,
) -> DataError:
    at = axis.place(line.position, axis.last_header if header is None else header)
    expected += f" (found {found})" if found else ""
    return sheet.error(what, *at, expected=expected, remedy=remedy)


def _code(text: str | None) -> str | None:
    """``1``, ``01`` and ``01.0`` are one code; longer lists keep their own width."""
    if text and re.fullmatch(r"\d{1,2}(\.0)?", text):
        return f"{int(float(text)):02d}"
    return text


def _same_sectors(sheet: Sheet, suppliers: Sectors, users: Sectors) -> None:
    if suppliers.by_key.keys() == users.by_key.keys():
        return
    region, code = next(iter(suppliers.by_key.keys() ^ users.by_key.keys()))
    missing_in = "columns" if (region, code) in suppliers.by_key else "rows"
    line = (suppliers.by_key | users.by_key)[region, code]
    raise sheet.error(
        "rows and columns are not the same sectors",
        found=f"{region} {code} {' '.join(line.names)} missing in the {missing_in}",
        expected="every sector once as a supplier (row) and once as a user (column)",
    )


def _gross_output(
    sheet: Sheet,
    rows: Axis,
    columns: Axis,
    suppliers: Sectors,
    used: Sequence[int],
    missing: list[str],
) -> Array:
    """Gross output from its column; from its row where a table has it only there."""
    axis = columns if columns.of("gross_output") else rows
    if not axis.of("gross_output"):
        raise sheet.error("no gross output", expected="a column GO (总产出)")
    output, *again = axis.of("gross_output")
    if again:
        raise _at(sheet, axis, again[0], "gross output twice", None, "one line of gross output")
    at = [line.position for line in suppliers.by_key.values()]
    if axis is columns:
        cells = [(p, output.position) for p in at]
        x: Array = sheet.block(at, [output.position], missing)[:, 0]
    else:
        cells = [(output.position, p) for p in used]
        x = sheet.block([output.position], used, missing)[0]
    for i in np.flatnonzero(x < 0):
        region, code = list(suppliers.by_key)[i]
        raise sheet.error(
            f"negative gross output of sector {code} in {region}",
            *cells[i],
            found=f"{x[i]:,.2f}",
            expected="zero or more",
        )
    return x


def _imported_rows(sheet: Sheet, rows: Axis, suppliers: Sectors, region: str | None) -> list[int]:
    """Where imported products stand in rows of their own, one for each supplier; or nothing."""
    block = rows.of("sector", "Imports") if rows.origin_line is not None else []
    if not block:
        return []
    by_key = {(line.region or region or "", _code(line.code)): line.position for line in block}
    wanted = [by_key[key] for key in suppliers.by_key if key in by_key]
    if len(wanted) != len(suppliers.by_key):
        raise sheet.error("the imports do not have a row for each sector", found=len(wanted))
    return wanted


def _imports(
    sheet: Sheet,
    rows: Axis,
    columns: Axis,
    imported: Sequence[int],
    used: Sequence[int],
    at: Sequence[int],
    missing: list[str],
) -> tuple[Array, Array | None, Array | None]:
    """Imports by user, imports inside the cells by product, imported products by user."""
    if imported:
        Z_imports = sheet.block(imported, used, missing)
        return Z_imports.sum(axis=0), None, Z_imports
    of_users = [line.position for line in rows.of("imports")]
    of_products = [line.position for line in columns.of("imports")]
    imports = sheet.block(of_users, used, missing).sum(axis=0) if of_users else np.zeros(len(at))
    if not of_products:
        return imports, None, None
    inside = sheet.block(at, of_products, missing)  # some write what is subtracted below zero
    return imports, (inside * np.where(inside.sum(axis=0) < 0, -1.0, 1.0)).sum(axis=1), None


def _index(sectors: Sectors) -> pd.DataFrame:
    """Labels of the region-sectors; the names of the list, or those of the file."""
    keys = list(sectors.by_key)
    if sectors.list is not None:
        labels = sectors.list.sectors.loc[[code for _, code in keys]].drop(columns="aliases")
    else:
        labels = pd.DataFrame([own_labels(line.names) for line in sectors.by_key.values()])
    labels = labels.reset_index(drop=True)
    labels.insert(0, "region", [region for region, _ in keys])
    labels.insert(1, "code", [code for _, code in keys])
    labels.index = node_ids(labels["region"], labels["code"])
    return labels


def source_of(sheet: Sheet, publisher: str, citation: str) -> Source:
    """The source record of a sheet."""
    return Source(publisher, Path(sheet.file).name, sheet.name, citation)
