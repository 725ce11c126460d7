"""Any table whose parts a mapping names: either axis may supply, totals may stand in between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphmap import units
from graphmap.accounts.table import IOTable
from graphmap.classification import find_region
from graphmap.errors import DataError
from graphmap.readers.assemble import assemble, source_of
from graphmap.readers.blocks import (
    REGIONAL,
    UNREGIONAL,
    Axis,
    Direction,
    Line,
    items,
    place,
    region_at,
)
from graphmap.readers.mapping import Mapping, positions, read_mapping
from graphmap.readers.sheet import Sheet, read_sheets

CODE = re.compile(r"[A-Za-z]{0,4}\d[\dA-Za-z_.-]{0,9}")
"""What a code of a sector looks like, in a line where all are codes."""


def read_path(
    path: str | Path,
    mapping: Mapping | str | Path,
    *,
    year: int | None = None,
    unit: str | None = None,
) -> IOTable:
    """The table that stands where ``mapping`` says.

    Args:
        path: a workbook or CSV file.
        mapping: the mapping, or the TOML file that holds it.
        year, unit: in the place of those of the mapping.

    Raises:
        DataError: the file has no such sheet or line, or labels or numbers are not those of a
            table.
    """
    mapping = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    sheet = sheet_of(read_sheets(Path(path)), mapping.sheet)
    mapping = replace(mapping, year=year or mapping.year, unit=unit or mapping.unit)
    table = read_sheet(sheet, mapping)
    if mapping.classification and table.classification != mapping.classification:
        raise sheet.error(
            "the sectors are not those of the classification in the mapping",
            found=table.classification or "names of no bundled list",
            expected=mapping.classification,
            remedy='give classification = "" to keep the names of the file',
        )
    return table


def read_sheet(sheet: Sheet, mapping: Mapping) -> IOTable:
    """The table in ``sheet``, as ``mapping`` says.

    Raises:
        DataError: as ``read_path``.
    """
    if mapping.suppliers_are == "columns":
        sheet = sheet.transposed()
    region = find_region(mapping.region) if mapping.region else None
    return assemble(
        sheet,
        unit=units.money_unit(mapping.unit),
        source=source_of(sheet, "", ""),
        year=mapping.year or None,
        region=region.code if region else None,
        axes=axes_of(sheet, mapping),
    )


def sheet_of(sheets: Sequence[Sheet], name: str) -> Sheet:
    """The sheet of that name; the only one where none is named.

    Raises:
        DataError: there is no such sheet, or none is named and there are several.
    """
    found = [sheet for sheet in sheets if name in (sheet.name, "") or sheet.name is None]
    if len(found) != 1:
        raise DataError(
            "no such sheet" if not found else "the mapping does not say which sheet",
            file=sheets[0].file,
            found=name or f"{len(sheets)} sheets",
            expected="one of " + ", ".join(str(sheet.name) for sheet in sheets),
        )
    return found[0]


def axes_of(sheet: Sheet, mapping: Mapping) -> tuple[Axis, Axis]:
    """Rows and columns of ``sheet``, in which rows supply by now, as the mapping names them."""
    suppliers, users = mapping.suppliers, mapping.users
    rows = _axis(sheet, "rows", mapping.supplier_labels, mapping.supplier_regions, suppliers)
    columns = _axis(sheet, "columns", mapping.user_labels, mapping.user_regions, users)
    for axis, sectors in ((rows, suppliers), (columns, users)):
        _add(sheet, axis, sectors, "sector", "sector")
    for item, lines in mapping.final_uses.items():
        _add(sheet, columns, lines, _known(sheet, item, "final_use"), "final_use")
    for item, lines in mapping.primary_inputs.items():
        _add(sheet, rows, lines, _known(sheet, item, "primary_input"), "primary_input")
    for axis in (rows, columns):
        mine = [each for each in mapping.imports if _direction(sheet, each) == axis.direction]
        _add(sheet, axis, mine, "imports", "imports")
    for axis in (rows, columns):
        mine = [each for each in mapping.gross_output if _direction(sheet, each) == axis.direction]
        _add(sheet, axis, mine, "gross_output", "gross_output")
    _add(sheet, rows, mapping.co2, "co2", "co2")
    for axis in (rows, columns):
        axis.lines.sort(key=lambda line: line.position)
        _carry_regions(sheet, axis)
    return rows, columns


def _direction(sheet: Sheet, span: str) -> Direction:
    """Whether a line of the file is a row or a column of the sheet whose rows supply."""
    (kind, _), *_ = positions([span])
    return "rows" if (kind == "row") != sheet.turned else "columns"


def _axis(
    sheet: Sheet,
    direction: Direction,
    labels: Sequence[str],
    regions: str,
    sectors: Sequence[str],
) -> Axis:
    """The axis with its lines of labels: the one that holds codes, and those that hold names."""
    across: Direction = "columns" if direction == "rows" else "rows"
    headers = [_inside(sheet, at, across, span) for span in labels for _, at in positions([span])]
    at = [_inside(sheet, at, direction, span) for span in sectors for _, at in positions([span])]
    coded = [
        h for h in headers if all(CODE.fullmatch(sheet.text(*place(direction, p, h))) for p in at)
    ]
    named = [header for header in headers if header not in coded[:1]]
    placed = positions([regions]) if regions else []
    if len(placed) > 1:
        what = "the mapping names several lines of regions"
        raise sheet.error(what, found=regions, expected="one line")
    region_line = _inside(sheet, placed[0][1], across, regions) if placed else None
    return Axis(direction, coded[0] if coded else None, named or coded, region_line)


def _add(sheet: Sheet, axis: Axis, spans: Sequence[str], item: str, kind: str) -> None:
    for span in spans:
        for _, at in positions([span]):
            _inside(sheet, at, axis.direction, span)
            names = [sheet.text(*axis.place(at, header)) for header in axis.name_lines]
            coded = axis.code_line is not None and sheet.text(*axis.place(at, axis.code_line))
            axis.lines.append(Line(at, item, kind, coded or None, names))


def _inside(sheet: Sheet, at: int, direction: Direction, span: str) -> int:
    """The position, which has to be of that axis and inside the sheet."""
    size = sheet.shape[0 if direction == "rows" else 1]
    if _direction(sheet, span) != direction or at >= size:
        lines = "rows" if (direction == "rows") != sheet.turned else "columns"
        raise sheet.error(
            "the mapping names a line that is not there",
            found=span,
            expected=f"one of {size} {lines}",
        )
    return at


def _known(sheet: Sheet, item: str, kind: str) -> str:
    known = items().index[items()["kind"] == kind]
    if item not in known:
        raise sheet.error(
            f"unknown {kind.replace('_', ' ')} in the mapping",
            found=item,
            expected="one of " + ", ".join(known),
        )
    return item


def _carry_regions(sheet: Sheet, axis: Axis) -> None:
    """Each line the region that stands beside it, or beside the last line that has one."""
    if axis.region_line is None:
        return
    region = ""
    for line in axis.lines:
        region = region_at(sheet, axis, line.position) or region
        line.region = region if line.kind in REGIONAL and line.item not in UNREGIONAL else ""
