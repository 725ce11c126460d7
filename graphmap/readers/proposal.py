"""A mapping proposed for a table nobody has described, and how sure it is of each part.

Lines equal to the sum of others are totals. What the other lines are follows from their names and,
where these say nothing, from the sums of a table; the proposal is then read, and is as sure as
the accounts of what was read hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graphmap import units
from graphmap.accounts.gaps import gaps, sizes
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification.sectors import YEARS
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, plain, words
from graphmap.readers.blocks import HEADER_ROWS, ROUNDING, Direction, items
from graphmap.readers.headers import is_of_coefficients, is_subtotal
from graphmap.readers.labels import region_named_in, unit_of, year_of
from graphmap.readers.mapping import Mapping, line_name, spans
from graphmap.readers.matrix import read_sheet
from graphmap.readers.sheet import Sheet, shown
from graphmap.readers.sides import Side, cells, items_named, keys_of, labels_of, sides_of

FROM_FILE_NAME = 0.7
"""How sure a year or a region is that only the name of the file gives."""


def proposed(sheet: Sheet) -> Mapping | None:
    """The mapping of the one table in ``sheet``, or None if it holds none of flows."""
    found = None if is_of_coefficients(sheet) else sides_of(sheet)
    if found is None:
        return None
    rows, columns = found
    readings = [
        _parts(sheet, rows, columns),
        _parts(
            sheet.transposed(),
            replace(columns, direction="rows"),
            replace(rows, direction="columns"),
        ),
    ]
    votes = [votes for votes, _ in readings]
    mapping = readings[int(votes[1] > votes[0])][1]
    mapping = _with_labels(sheet, mapping)
    sure, evidence = dict(mapping.sure), dict(mapping.evidence)
    sure["suppliers_are"] = max(votes) / sum(votes) if sum(votes) else 0.5
    evidence["suppliers_are"] = words("inspect.axes", fitting=max(votes), contrary=min(votes))
    mapping = replace(mapping, sure=sure, evidence=evidence)
    return _checked(sheet, mapping, found)


def _parts(sheet: Sheet, rows: Side, columns: Side) -> tuple[int, Mapping]:
    """How many lines stand where they belong if the rows supply, and the mapping that follows."""
    both_ways = ((rows, columns), (columns, rows))
    named = {side.direction: items_named(sheet, side, other) for side, other in both_ways}
    votes = sum(len(found) for found in named.values())
    Z = cells(sheet, rows, columns, rows.sectors)
    x, uses = _known_sums(sheet, rows, columns, named, Z)
    _by_sums(sheet, columns, rows, named["columns"], [Z.sum(axis=1)], x, uses)
    if "gross_output" in named["columns"].values():
        output = next(p for p, item in named["columns"].items() if item == "gross_output")
        x = cells(sheet, columns, rows, [output])[0]
    imported = [p for p, item in named["rows"].items() if items().at[item, "kind"] == "imports"]
    bought = Z.sum(axis=0) + cells(sheet, rows, columns, imported).sum(axis=0)
    _by_sums(sheet, rows, columns, named["rows"], [Z.sum(axis=0), bought], x, None)
    kind = {
        "rows": "column" if sheet.turned else "row",
        "columns": "row" if sheet.turned else "column",
    }

    def lines(of: str, *, by: str = "kind") -> tuple[str, ...]:
        return tuple(
            line_name(kind[way], p)
            for way in ("columns", "rows")
            for p, item in sorted(named[way].items())
            if (item if by == "item" else items().at[item, "kind"]) == of
        )

    output_lines = lines("gross_output") or lines("total_input", by="item")
    totals = [*spans(kind["rows"], rows.totals), *spans(kind["columns"], columns.totals)]
    totals += [line for line in lines("total") if line not in output_lines]
    unknown = [
        line_name(kind[side.direction], p)
        for side in (rows, columns)
        for p in side.others
        if p not in named[side.direction]
    ]

    def by_item(of: str) -> dict[str, tuple[str, ...]]:
        known = [item for item in items().index if items().at[item, "kind"] == of]
        found = {str(item): lines(item, by="item") for item in known}
        return {item: where for item, where in found.items() if where}

    return votes, Mapping(
        sheet=sheet.name or "",
        suppliers_are="columns" if sheet.turned else "rows",
        supplier_labels=spans(kind["columns"], rows.labels),
        supplier_regions=_line(kind["columns"], rows.region_line),
        user_labels=spans(kind["rows"], columns.labels),
        user_regions=_line(kind["rows"], columns.region_line),
        suppliers=spans(kind["rows"], rows.sectors),
        users=spans(kind["columns"], columns.sectors),
        gross_output=output_lines,
        imports=lines("imports"),
        co2=lines("co2"),
        totals=tuple(totals),
        unknown=tuple(unknown),
        final_uses=by_item("final_use"),
        primary_inputs=by_item("primary_input"),
    )


def _line(kind: str, at: int | None) -> str:
    return "" if at is None else line_name(kind, at)


def _known_sums(
    sheet: Sheet, rows: Side, columns: Side, named: dict[Direction, dict[int, str]], Z: Array
) -> tuple[Array | None, Array]:
    """Gross output as far as it is named, and what is used in all columns that are no totals."""

    def of(side: Side, other: Side, item: str) -> Array | None:
        at = [p for p, found in named[side.direction].items() if found == item]
        return cells(sheet, side, other, at)[0] if at else None

    x = of(columns, rows, "gross_output")
    x = of(rows, columns, "total_input") if x is None else x
    kinds = {p: items().at[item, "kind"] for p, item in named["columns"].items()}
    uses = [p for p in columns.others if kinds.get(p) == "final_use"]
    parts = [p for p in uses if not items().at[named["columns"][p], "parts"]]
    return x, Z.sum(axis=1) + cells(sheet, columns, rows, parts or uses).sum(axis=0)


def _by_sums(
    sheet: Sheet,
    side: Side,
    other: Side,
    named: dict[int, str],
    sums: list[Array],
    x: Array | None,
    uses: Array | None,
) -> None:
    """Name the lines that no label tells but that are sums of others."""
    total = "total_intermediate_use" if side.direction == "columns" else "total_intermediate_input"
    output = "gross_output" if side.direction == "columns" else "total_input"
    for position, labels in labels_of(sheet, side, other).items():
        if position in named:
            continue
        values = cells(sheet, side, other, [position])[0]
        if not values.any():
            continue
        is_sum = any(_same(values, each) for each in sums)
        if is_sum or (labels and is_subtotal(labels[0])):
            named[position] = total
        elif output not in named.values() and any(
            each is not None and _same(values, each) for each in (x, uses)
        ):
            named[position] = output
        elif x is not None and _same(values, x):
            named[position] = total  # gross output again


def _same(values: Array, others: Array) -> bool:
    scale = np.abs(others).max() * ROUNDING * ROUNDING
    return values.shape == others.shape and bool(
        np.allclose(values, others, rtol=ROUNDING, atol=scale)
    )


def _with_labels(sheet: Sheet, mapping: Mapping) -> Mapping:
    """Unit, year and region, from what stands above the table, the sheet's name and the file's."""
    heads = [t for (row, _), t in sorted(sheet.texts.items()) if row < HEADER_ROWS]
    sure: dict[str, float] = {}
    evidence: dict[str, Names] = {}
    unit = ""
    for text in heads:
        try:
            unit = units.money_unit(unit_of(text) or text)
        except DataError:
            continue
        sure["unit"], evidence["unit"] = 1.0, _stands(text)
        break
    first = [sheet.text(0, 0), *heads, sheet.name or ""]
    stem = Path(sheet.file).stem
    found: dict[str, int | str] = {}
    readers: dict[str, Callable[[str], int | str | None]] = {
        "year": year_of,
        "region": region_named_in,
    }
    for part, read in readers.items():
        for text, how_sure in [*((t, 1.0) for t in first), (stem, FROM_FILE_NAME)]:
            if (value := read(text)) is not None and part not in found:
                found[part], sure[part] = value, how_sure
                evidence[part] = _stands(text)
    if mapping.supplier_regions:
        found.pop("region", None)
        sure["region"] = 1.0
        evidence["region"] = words("inspect.regions", line=mapping.supplier_regions)
    for part in ("unit", "year", "region"):
        sure.setdefault(part, 0.0)
        evidence.setdefault(part, words("inspect.nowhere"))
    return replace(
        mapping,
        unit=unit,
        year=int(found.get("year", 0)),
        region=str(found.get("region", "")),
        sure=sure,
        evidence=evidence,
    )


def _stands(text: str) -> Names:
    return words("inspect.stands", text=plain(shown(text)[:60]))


def _checked(sheet: Sheet, mapping: Mapping, sides: tuple[Side, Side]) -> Mapping:
    """The proposal is read, to see which list its sectors are of and whether the accounts hold."""
    sure, evidence = dict(mapping.sure), dict(mapping.evidence)
    sure["classification"], evidence["classification"] = _listed(sheet, sides)
    try:
        complete = replace(
            mapping,
            unit=mapping.unit or "yuan",
            region=mapping.region or ("" if mapping.supplier_regions else "CN"),
        )
        table = read_sheet(sheet, complete)
        held = _held(table)
        sure["flows"] = float(held.mean()) * (0.5 if mapping.unknown else 1.0)
        evidence["flows"] = words(
            "inspect.held", held=int(held.sum()), sectors=table.n, unknown=len(mapping.unknown)
        )
        mapping = replace(mapping, classification=table.classification or "")
    except DataError as error:
        sure["flows"], evidence["flows"] = 0.0, plain(str(error))
    return replace(mapping, sure=sure, evidence=evidence)


def _listed(sheet: Sheet, sides: tuple[Side, Side]) -> tuple[float, Names]:
    """The share of the sectors' names that are on the bundled list that has most of them."""
    named = [
        [set().union(*map(keys_of, side.texts(sheet, p))) for p in side.sectors] for side in sides
    ]
    counts = {
        each: max(
            sum(any(isinstance(k, tuple) and k[0] == each for k in keys) for keys in names)
            / len(names)
            for names in named
        )
        for each in YEARS
    }
    best = max(counts, key=lambda each: counts[each])
    share = counts[best]
    return share, words("inspect.listed", share=figure(100 * share, 0, "%"), list=best)


def _held(table: IOTable) -> NDArray[np.bool_]:
    """Of which sectors both identities of an input-output table hold."""
    supply, inputs = gaps(table)
    size = sizes(table) * ROUNDING
    return (np.abs(supply) <= size) & (np.abs(inputs) <= size)
