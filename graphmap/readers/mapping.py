"""A mapping file: where the parts of a table stand in a workbook or CSV file, in TOML.

Places are written as a spreadsheet shows them, in the file as it is: a letter is a column, a
number a row, ``D:AS`` and ``5:46`` are runs of them. ``graphmap inspect`` proposes such a file.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from graphmap import units
from graphmap.classification import find_region
from graphmap.errors import DataError, nearest
from graphmap.i18n import Names
from graphmap.readers.cell_names import column_letters, column_number
from graphmap.readers.sheet import shown

SUPPLIERS = ("rows", "columns")
"""Which lines of the file supply."""

LISTS = ("supplier_labels", "user_labels", "suppliers", "users", "gross_output", "imports", "co2")
TABLES = ("final_uses", "primary_inputs")
LARGEST_MAPPING = 1_000_000
"""Bytes; no mapping of a table comes near it."""


@dataclass(frozen=True)
class Mapping:
    """Where the parts of one table stand.

    Attributes:
        suppliers_are: ``rows`` or ``columns`` of the file.
        supplier_labels, user_labels: the lines that hold codes and names of suppliers and users.
        supplier_regions, user_regions: the line that holds their regions, or "".
        suppliers, users: the lines of sectors, totals among them left out.
        final_uses, primary_inputs: what each is -> its lines.
        gross_output, imports, co2: their lines; imports by product stand beside the users,
            imports by user stand below the suppliers.
        totals: lines that are sums of others, which nothing is read from.
        unknown: lines that hold figures of which it is not known what they are; a mapping with
            any is not read.
        sure: part -> from 0 to 1, how sure the proposal is of it.
        evidence: part -> why.
    """

    sheet: str = ""
    suppliers_are: str = "rows"
    unit: str = ""
    year: int = 0
    region: str = ""
    classification: str = ""
    supplier_labels: tuple[str, ...] = ()
    supplier_regions: str = ""
    user_labels: tuple[str, ...] = ()
    user_regions: str = ""
    suppliers: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    gross_output: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    co2: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    final_uses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    primary_inputs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict, compare=False)
    evidence: dict[str, Names] = field(default_factory=dict, compare=False)

    @property
    def flows(self) -> str:
        """The cells from the first flow between two sectors to the last, such as ``D5:AS46``."""
        at = positions(self.suppliers) + positions(self.users)
        ends = {kind: [p for each, p in at if each == kind] or [0] for kind in ("column", "row")}
        corners = [
            line_name("column", end(ends["column"])) + line_name("row", end(ends["row"]))
            for end in (min, max)
        ]
        return ":".join(corners)


def positions(spans: Sequence[str]) -> list[tuple[str, int]]:
    """The lines of ``spans``: ``column`` or ``row`` and its place counted from 0.

    Raises:
        ValueError: not the name of a row or column, or a run that ends before it begins.

    Example:
        >>> positions(["B:C", "7"])
        [('column', 1), ('column', 2), ('row', 6)]
    """
    found = []
    for span in spans:
        ends = [_position(end) for end in span.strip().split(":")]
        if len(ends) > 2 or ends[0][0] != ends[-1][0] or ends[0][1] > ends[-1][1]:
            raise ValueError(span)
        found += [(ends[0][0], at) for at in range(ends[0][1], ends[-1][1] + 1)]
    return found


def _position(text: str) -> tuple[str, int]:
    if re.fullmatch(r"[1-9]\d{0,6}", text):
        return "row", int(text) - 1
    if not re.fullmatch(r"[A-Za-z]{1,4}", text):
        raise ValueError(text)
    return "column", column_number(text.upper())


def line_name(kind: str, at: int) -> str:
    """A row or column, counted from 0, as a spreadsheet names it.

    Example:
        >>> line_name("column", 27), line_name("row", 6)
        ('AB', '7')
    """
    return str(at + 1) if kind == "row" else column_letters(at)


def spans(kind: str, lines: Sequence[int]) -> tuple[str, ...]:
    """Rows or columns, counted from 0, as runs.

    Example:
        >>> spans("row", [3, 4, 5, 9])
        ('4:6', '10')
    """
    runs: list[list[int]] = []
    for at in sorted(lines):
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return tuple(
        line_name(kind, run[0]) + (f":{line_name(kind, run[-1])}" if len(run) > 1 else "")
        for run in runs
    )


def read_mapping(path: str | Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        DataError: no such file, not TOML, or a key or value that a mapping does not have.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_MAPPING:
            raise DataError("too large for a mapping", file=path, expected="a small TOML file")
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError("cannot be read", file=path, found=str(error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("not a TOML file", file=path, found=str(error)) from error
    known = {each.name: each for each in fields(Mapping)}
    values: dict[str, Any] = {}
    for key, value in entries.items():
        if key not in known or key == "evidence":
            near = nearest(key, known, 1)
            expected = f"perhaps {near[0]!r}" if near else ", ".join(known)
            raise DataError("an unknown key", file=path, found=key, expected=expected)
        values[key] = _value(path, key, value)
    return _checked(path, Mapping(**values))


def _value(path: Path, key: str, value: Any) -> Any:
    if key == "sure":
        return value if isinstance(value, dict) else {}
    if key in TABLES:
        if isinstance(value, dict):
            return {str(name): _lines(path, key, each) for name, each in value.items()}
        raise DataError(f"{key!r} is no table", file=path, found=str(value), expected=f"[{key}]")
    if key in (*LISTS, "totals", "unknown"):
        return _lines(path, key, value)
    wanted = int if key == "year" else str
    if type(value) is not wanted:
        what = "a whole number" if key == "year" else "a text in quotes"
        raise DataError(f"{key!r} is no text or number", file=path, found=value, expected=what)
    if key in ("supplier_regions", "user_regions") and value:
        _lines(path, key, value)
    return value


def _lines(path: Path, key: str, value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    try:
        found = tuple(str(each) for each in listed)
        positions(found)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{key!r} names no rows or columns",
            file=path,
            found=str(value),
            expected='such as ["B", "D:AS"] for columns or ["5:46"] for rows',
        ) from error
    return found


def _checked(path: Path, mapping: Mapping) -> Mapping:
    """Refuse what no table could be read with, before the table is opened."""
    if mapping.suppliers_are not in SUPPLIERS:
        raise DataError(
            "'suppliers_are' is neither axis",
            file=path,
            found=mapping.suppliers_are,
            expected=" or ".join(SUPPLIERS),
        )
    if mapping.unknown:
        raise DataError(
            "the mapping leaves open what some lines are",
            file=path,
            found=", ".join(mapping.unknown),
            expected="each under final_uses, primary_inputs, imports, gross_output or totals",
        )
    for part in ("suppliers", "users", "supplier_labels", "user_labels", "gross_output"):
        if not getattr(mapping, part):
            raise DataError(f"the mapping does not say where {part!r} stand", file=path)
    if not mapping.unit:
        raise DataError(
            "the mapping names no unit",
            file=path,
            expected=f'unit = "10k_yuan" or another of {", ".join(units.MONEY_UNITS)}',
        )
    units.money_unit(mapping.unit)
    if mapping.region and find_region(mapping.region) is None:
        raise DataError("unknown region", file=path, found=mapping.region, expected="a province")
    if not mapping.region and not mapping.supplier_regions:
        raise DataError(
            "the mapping names no region", file=path, expected='such as region = "CN-GD"'
        )
    return mapping


def mapping_toml(mapping: Mapping, comments: dict[str, str] | None = None) -> str:
    """The mapping as TOML, with a comment beside each part; ``read_mapping`` reads it again.

    Example:
        >>> print(mapping_toml(Mapping(sheet="Table"), {"sheet": "the first"}).splitlines()[0])
        sheet = "Table"  # the first
    """
    lines, tables = [], []
    for each in fields(Mapping):
        value, remark = getattr(mapping, each.name), (comments or {}).get(each.name, "")
        remark = f"  # {shown(remark)}" if remark else ""
        if each.name in (*TABLES, "sure"):
            tables += ["", f"[{each.name}]{remark}"] if value else []
            tables += [f"{name} = {_toml(part)}" for name, part in value.items()]
        elif each.name != "evidence":
            lines.append(f"{each.name} = {_toml(value)}{remark}")
    return "\n".join([*lines, *tables]) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{value:.2f}" if isinstance(value, float) else repr(value)
