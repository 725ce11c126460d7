"""What ``graphmap inspect`` says of a file that is read without a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from graphmap import units
from graphmap.accounts import IOTable
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.records import Records
from graphmap.errors import DataError
from graphmap.i18n import Names, figure, plain, words
from graphmap.readers.blocks import HEADER_ROWS
from graphmap.readers.detect import Content
from graphmap.readers.labels import unit_of
from graphmap.readers.mapping import Mapping
from graphmap.readers.places import Places, places_of
from graphmap.readers.sheet import Sheet

Proposal = tuple[Sheet, Mapping | None]
Line = tuple[str, Names, Names]
"""Part, what was found, and where or why."""

PLACED = ("flows", "suppliers", "users", "gross_output", "final_uses", "primary_inputs")
"""Parts that are shown by their place."""

SHOWN = 8
"""More regions than these, or lines of one kind, are only counted."""

NOTHING = plain("")


def lines_read(content: Content, proposals: Sequence[Proposal]) -> list[Line]:
    """What was read: of a table its parts and their places, of other content what it lists."""
    if isinstance(content, IOTable):
        return _of_table(content, proposals)
    return _of_records(content) if isinstance(content, Records) else _of_list(content)


def _of_table(table: IOTable, proposals: Sequence[Proposal]) -> list[Line]:
    of_sheet = [each for each in proposals if each[0].name == table.source.sheet]
    sheet, mapping = of_sheet[0] if of_sheet else (None, None)
    places = places_of(sheet, mapping, table) if sheet and mapping else {}
    names = {
        "final_uses": dict.fromkeys(table.final_uses["category"]),
        "primary_inputs": dict.fromkeys(table.primary_inputs),
    }
    lines = [
        (part, plain(_placed(places.get(part, {}), names.get(part, {}))), NOTHING)
        for part in PLACED
        if part in places or part in names
    ]
    several = mapping.imports if mapping else ()  # their sum is read: imports and inflows
    lines.append(("imports", *_imports(table, places, several)))
    for extension in table.extensions.values():
        at = ", ".join(mapping.co2) if mapping and extension.gas == "CO2" else ""
        total = figure(float(extension.F.sum()), 1, extension.unit)
        lines.append(("emissions", plain(f"{extension.gas} {at}".strip()), total))
    lines.append(("sectors", plain(f"{table.n:,}"), NOTHING))
    lines.append(("classification", plain(table.classification or "–"), _why_listed(table)))
    stated = _stated(table, mapping, [each for each, _ in proposals])
    return [*lines, *stated, _regions(table.regions)]


def _placed(places: dict[str, tuple[str, ...]], names: dict[str, None]) -> str:
    """Every name with its place, where that is known."""
    shown = {**names, **places}
    each = [f"{name} {_spans(places.get(name, ()))}".strip() for name in shown]
    return ", ".join(each) or "–"


def _spans(lines: Sequence[str]) -> str:
    """The lines; of those that stand once in each of many regions only the first and the last."""
    if len(lines) <= SHOWN:
        return ", ".join(lines)
    return f"{', '.join(lines[:2])} … {lines[-1]} ({len(lines)})"


def _imports(table: IOTable, places: Places, several: Sequence[str]) -> tuple[Names, Names]:
    at = ", ".join([*chain.from_iterable(places.get("imports", {}).values())] or several)
    if table.imports_inside is not None:
        kind = "inside"
    elif table.Z_imports is not None:
        kind = "apart"
    else:
        kind = "row" if table.imports.any() else "none"
    return plain(at or "–"), words(f"inspect.imports.{kind}")


def _why_listed(table: IOTable) -> Names:
    return words("inspect.own_names" if table.classification is None else "inspect.recognised")


def _stated(table: IOTable, mapping: Mapping | None, sheets: Sequence[Sheet]) -> list[Line]:
    """Unit and year: what the file says, or else what is usual of its source."""
    key = table.source.publisher
    why = words("inspect.usual", publisher=words(f"publisher.{key}")) if key and sheets else NOTHING
    for text in (t for each in sheets for (row, _), t in each.texts.items() if row < HEADER_ROWS):
        if _names_unit(text, table.unit):
            why = words("inspect.stands", text=plain(unit_of(text) or ""))
            break
    agreed = mapping is not None and table.year is not None and mapping.year == table.year
    why_year = mapping.evidence["year"] if mapping is not None and agreed else NOTHING
    return [
        ("unit", words(f"unit.{table.unit}"), why),
        ("year", plain(str(table.year or "–")), why_year),
    ]


def _names_unit(text: str, unit: str) -> bool:
    try:
        return units.money_unit(unit_of(text) or "") == unit
    except DataError:
        return False


def _regions(codes: Sequence[str]) -> Line:
    shown = ", ".join(codes) if len(codes) <= SHOWN else f"{len(codes):,}"
    return "region", plain(shown or "–"), NOTHING


def _years(years: Sequence[int | None]) -> Line:
    known = sorted({int(year) for year in years if year is not None})
    ends = dict.fromkeys([known[0], known[-1]]) if known else {}
    return "year", plain("–".join(map(str, ends)) or "–"), NOTHING


def _of_records(content: Records) -> list[Line]:
    data = content.data
    lines: list[Line] = [
        ("what", words(f"inspect.records.{content.kind}"), NOTHING),
        ("records", plain(f"{len(data):,}"), NOTHING),
    ]
    for name, unit in content.units.items():
        lines.append(("figures", plain(name), plain(unit)))
    if "classification" in data:
        lists = [str(each) for each in dict.fromkeys(data["classification"]) if each]
        lines.append(("classification", plain(", ".join(lists) or "–"), NOTHING))
    if "year" in data:
        lines.append(_years(data["year"].dropna().tolist()))
    if "region" in data:
        lines.append(_regions([str(each) for each in dict.fromkeys(data["region"]) if each]))
    return lines


def _of_list(content: Sequence[Any]) -> list[Line]:
    """Inventories or lists of flows."""
    lines: list[Line] = []
    measured = dict.fromkeys(each.unit for each in content)
    lists = [name for name in dict.fromkeys(each.classification for each in content) if name]
    if isinstance(content[0], Inventory):
        regions = list(dict.fromkeys(each.region for each in content))
        sectors = sorted({len(each.F) for each in content})
        lines.append(("inventories", plain(f"{len(content):,}"), NOTHING))
        unit = plain(", ".join(measured))
    else:
        regions = list(dict.fromkeys(str(r) for each in content for r in each.index["region"]))
        sectors = sorted({len(each.index) for each in content})
        flows = sum(each.flows.nnz for each in content)
        lines.append(("flow_lists", plain(f"{len(content):,}"), NOTHING))
        lines.append(("flows", plain(f"{flows:,}"), NOTHING))
        unit = (
            words(f"unit.{next(iter(measured))}")
            if len(measured) == 1
            else plain(", ".join(measured))
        )
    ends = dict.fromkeys([sectors[0], sectors[-1]])
    lines.append(("sectors", plain("–".join(map(str, ends))), NOTHING))
    lines.append(("classification", plain(", ".join(lists) or "–"), NOTHING))
    lines.append(("unit", unit, NOTHING))
    return [*lines, _years([each.year for each in content]), _regions(regions)]
