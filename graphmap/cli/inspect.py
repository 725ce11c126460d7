"""``graphmap inspect``."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from graphmap.accounts import IOTable
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.records import Records
from graphmap.cli.inspect_lines import Line, Proposal, lines_read
from graphmap.cli.options import READABLE, JsonOption, LangOption
from graphmap.cli.refused import refuse_output
from graphmap.errors import DataError
from graphmap.i18n import language, number, plain, words
from graphmap.readers.detect import Content, open_source
from graphmap.readers.mapping import Mapping, mapping_toml
from graphmap.readers.proposal import proposed
from graphmap.readers.sheet import Sheet, read_sheets
from graphmap.render.files import write_all
from graphmap.terminal import messages, print_table

PARTS = (
    "suppliers_are",
    "suppliers",
    "users",
    "flows",
    "classification",
    "gross_output",
    "final_uses",
    "primary_inputs",
    "imports",
    "co2",
    "totals",
    "unknown",
    "unit",
    "year",
    "region",
)
"""What is printed of a mapping, in this order."""

USUAL = 0.8
"""How sure what is usual of a source is, where the file itself does not say."""


def inspect_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=f"{READABLE}.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the mapping proposed, as .toml.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Only this sheet of the workbook.")
    ] = None,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Say what a file holds, where, and how sure that is; propose a mapping for --mapping.

    Example: graphmap inspect matrix.xlsx --out mapping.toml
    """
    tag = language(lang)
    refuse_output(out, file, formats=[".toml"])
    content, problem = _read(file, sheet)
    grids = [each for each in _grids(file, content) if sheet in (None, each.name)]
    if sheet is not None and not grids:
        raise DataError("no such sheet", file=file, found=sheet)
    table = content if isinstance(content, IOTable) else None
    proposals = [(grid, proposed(grid)) for grid in grids]
    lines = lines_read(content, proposals) if content is not None else []
    if content is not None:  # no proposal that is in doubt beside what is read without any
        proposals = [
            (grid, _filled(mapping, table) if mapping and _is_sure(mapping) else None)
            for grid, mapping in proposals
        ]
    found = [mapping for _, mapping in proposals if mapping is not None]
    best = max(found, key=lambda mapping: mapping.sure["flows"], default=None)
    if out is not None:
        _write(out, best, file, needed=content is None)
    if as_json:
        _print_json(file, content, problem, proposals, lines, out)
        return
    if content is not None:
        kind = words(f"inspect.kind.{_kind(content)}")
        typer.echo(words("inspect.as_known", what=kind)[tag])
    else:
        messages().print(problem, markup=False)
    if grids:
        heads = [words(f"inspect.{each}")[tag] for each in ("sheet", "cells", "kind")]
        print_table(heads, [_line(grid, mapping, content, tag) for grid, mapping in proposals])
    if lines:
        typer.echo("")
        heads = [words(f"inspect.{each}")[tag] for each in ("part", "where", "why")]
        parts = [[words(f"inspect.part.{part}"), what, why] for part, what, why in lines]
        print_table(heads, [[each[tag] for each in line] for line in parts])
    elif best is not None:
        typer.echo("")
        heads = [words(f"inspect.{each}")[tag] for each in ("part", "where", "sure", "why")]
        print_table(heads, _lines(best, tag))
    if out is not None:
        typer.echo(str(out))


def _write(out: Path, best: Mapping | None, file: Path, *, needed: bool) -> None:
    """The mapping as TOML.

    Raises:
        DataError: there is none to write.
    """
    if best is None and not needed:
        what = "no mapping is needed: the file is read without one"
        raise DataError(what, file=file, remedy="leave --out and --mapping out")
    if best is None:
        raise DataError("no table found, so that no mapping is proposed", file=file)
    remarks = {part: text["en"] for part, text in best.evidence.items()}
    write_all({out: mapping_toml(best, remarks)})


def _is_sure(mapping: Mapping) -> bool:
    """Whether the proposal is read, every account in it holds and nothing is left open."""
    return mapping.sure["flows"] == 1 and not mapping.unknown


def _filled(mapping: Mapping, table: IOTable | None) -> Mapping:
    """The mapping with what the file does not print but the table that is read from it has."""
    if table is None:
        return mapping
    key = table.source.publisher
    usual = words("inspect.usual", publisher=words(f"publisher.{key}") if key else plain(""))
    sure, evidence = dict(mapping.sure), dict(mapping.evidence)
    for part in ("unit", "year", "region"):
        if not sure[part]:
            sure[part], evidence[part] = USUAL, usual
    one = table.regions[0] if len(table.regions) == 1 else ""
    return replace(
        mapping,
        unit=mapping.unit or table.unit,
        year=mapping.year or table.year or 0,
        region=mapping.region or ("" if mapping.supplier_regions else one),
        sure=sure,
        evidence=evidence,
    )


def _read(file: Path, sheet: str | None) -> tuple[Content | None, str]:
    """What the file, or the table in that sheet, is read as without a mapping; or why it is not."""
    problem = ""
    for chosen in dict.fromkeys((sheet, None)):  # only tables are read by the sheet
        try:
            content = open_source(file, sheet=chosen)
        except DataError as error:
            problem = problem or str(error)
        else:
            elsewhere = chosen != sheet and isinstance(content, IOTable)
            return (None, problem) if elsewhere else (content, "")
    return None, problem


def _grids(file: Path, content: Content | None) -> list[Sheet]:
    """The sheets of the file; none where it is read but is no workbook (Parquet, DuckDB).

    Raises:
        DataError: nothing reads the file.
    """
    try:
        return read_sheets(file)
    except DataError:
        if content is None:
            raise
        return []


def _kind(content: Content) -> str:
    if isinstance(content, IOTable):
        return "table"
    if isinstance(content, Records):
        return "records"
    return "inventories" if isinstance(content[0], Inventory) else "flow_list"


def _print_json(
    file: Path,
    content: Content | None,
    problem: str,
    proposals: list[Proposal],
    lines: list[Line],
    out: Path | None,
) -> None:
    kind = None if content is None else _kind(content)
    read = {part: {"found": what["en"], "why": why["en"]} for part, what, why in lines}
    everything = {
        "file": str(file),
        "kind": kind,
        "read": {"kind": kind, **read} if kind else None,
        "problem": problem,
        "sheets": [_facts(grid, mapping) for grid, mapping in proposals],
    }
    written = {"files": [str(out)]} if out is not None else {}
    typer.echo(json.dumps({**everything, **written}, ensure_ascii=False, indent=2))


def _facts(grid: Sheet, mapping: Mapping | None) -> dict[str, Any]:
    shape = {"sheet": grid.name, "rows": grid.shape[0], "columns": grid.shape[1]}
    if mapping is None:
        return {**shape, "mapping": None}
    facts = {key: value for key, value in asdict(mapping).items() if key != "evidence"}
    why = {part: text["en"] for part, text in mapping.evidence.items()}
    return {**shape, "flows": mapping.flows, "mapping": facts, "evidence": why}


def _line(grid: Sheet, mapping: Mapping | None, content: Content | None, tag: str) -> list[str]:
    kind = "none" if mapping is None else "table"
    if content is not None and grid.name in _sheets(content):
        kind = _kind(content)
    shown = words(f"inspect.kind.{kind}")[tag]
    return [grid.name or "", f"{grid.shape[0]:,} × {grid.shape[1]:,}", shown]


def _sheets(content: Content) -> set[str | None]:
    """The names of the sheets that were read."""
    if _kind(content) == "flow_list":
        return {None}  # ``source.sheet`` is an edition, the file is CSV
    every = content if isinstance(content, list) else [content]
    return {each.source.sheet for each in every}


def _lines(mapping: Mapping, tag: str) -> list[list[str]]:
    lines = []
    for part in PARTS:
        value = mapping.flows if part == "flows" else getattr(mapping, part)
        if isinstance(value, dict):
            value = tuple(f"{name} {', '.join(lines)}" for name, lines in value.items())
        shown = ", ".join(value) if isinstance(value, tuple) else str(value or "–")
        sure = mapping.sure.get(part)
        if value or sure is not None:
            why = mapping.evidence[part][tag] if part in mapping.evidence else ""
            how_sure = "" if sure is None else number(100 * sure, tag, 0) + " %"
            lines.append([words(f"inspect.part.{part}")[tag], shown, how_sure, why])
    return lines
