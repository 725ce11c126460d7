"""``graphmap repair``: named remedies for what ``check`` finds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import pandas as pd
import typer
from rich.markup import escape

from graphmap.accounts.examine import examine
from graphmap.accounts.finding import Finding
from graphmap.accounts.records import Records
from graphmap.accounts.relabel import relabelled_records
from graphmap.accounts.repairs import REMEDIES, repaired
from graphmap.accounts.table import IOTable
from graphmap.cli.check import opened
from graphmap.cli.options import (
    EmissionsOption,
    JsonOption,
    KindOption,
    LangOption,
    RegionOption,
    SheetOption,
    SourceArgument,
    UnitOption,
    YearOption,
)
from graphmap.cli.refused import refuse_output
from graphmap.errors import DataError
from graphmap.i18n import language, words
from graphmap.readers.csv_grid import rows_of
from graphmap.readers.sheet import shown
from graphmap.readers.stored import write_table
from graphmap.render.files import write_all
from graphmap.terminal import output, print_table

LABEL_BEFORE = "label_before"
"""The column a corrected list has more than its source: what the label of the row was."""

FINDINGS_SHOWN = 10


def repair(
    source: SourceArgument,
    apply: Annotated[
        list[str] | None,
        typer.Option(
            "--apply",
            metavar="NAME",
            help=f"A remedy, in order; may be given several times: {', '.join(REMEDIES)}.",
        ),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", metavar="KIND", help="A kind of finding to let stand; it becomes a note."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="The .parquet file to write; .csv, UTF-8, for totals of sectors."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")
    ] = False,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: LangOption = "en",
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Apply remedies by name and write what was done into the source's notes.

    Without --apply and --accept, list the remedies that the findings propose. The input is never
    written over.

    Example: graphmap repair MRIO2017.xlsx --apply unit:million_yuan --out repaired.parquet
    """
    tag = language(lang)
    refuse_output(out, source, emissions)
    changing = bool(apply or accept)
    if changing and out is None and not dry_run:
        raise DataError("nowhere to write", remedy="give --out table.parquet, or --dry-run")
    if out is not None and not changing:
        raise DataError("nothing to write", file=out, remedy="name a remedy with --apply")
    content = opened(source, emissions, region, year, source_kind, sheet, unit)
    if not isinstance(content, IOTable | Records):
        raise DataError(
            "only tables and totals of sectors can be repaired",
            file=source,
            remedy="`graphmap check SOURCE` says what was found",
        )
    wanted = ".parquet" if isinstance(content, IOTable) else ".csv"
    refuse_output(out, formats=[wanted])
    before = examine(content)
    if not changing:
        _hand_over(tag, as_json, {"before": before}, [], None)
        return
    written = None if dry_run else out
    if isinstance(content, Records):
        if accept:
            raise DataError("findings on a list of totals cannot be let stand", found=accept[0])
        relabelled, was = relabelled_records(content, apply or [], before)
        done = [
            words("repair.relabelled", old=old, new=relabelled.data["sector"][at])[tag]
            for at, old in was[was != ""].items()
        ]
        if written is not None:
            text = _corrected(Path(source), content, relabelled, was)
            write_all({written: text})
        after = examine(relabelled)
    else:
        table = repaired(content, apply or [], accept or [])
        done = [note[tag] for note in table.source.notes[len(content.source.notes) :]]
        after = examine(table)
        if written is not None:
            write_table(table, written)
    _hand_over(tag, as_json, {"before": before, "after": after}, done, written)


def _hand_over(
    tag: str,
    as_json: bool,
    findings: dict[str, list[Finding]],
    done: Sequence[str],
    written: Path | None,
) -> None:
    if as_json:
        result: dict[str, Any] = {
            when: [_plain(finding, tag) for finding in found] for when, found in findings.items()
        }
        if "after" in findings:
            result |= {"done": list(done), "files": [str(written)] if written else []}
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    _show(tag, "before", findings["before"])
    if "after" not in findings:
        names = dict.fromkeys(each.repair for each in findings["before"] if each.repair)
        typer.echo("\n" + words("repair.proposed" if names else "repair.none")[tag])
        for name in names:
            typer.echo(f"  --apply {quote(name)}")
        return
    typer.echo("\n" + words("repair.done")[tag])
    for sentence in done:
        typer.echo(f"  {sentence}")
    typer.echo("")
    _show(tag, "after", findings["after"])
    typer.echo(str(written) if written else words("repair.dry")[tag])


def _plain(finding: Finding, tag: str) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "kind": finding.kind,
        "region": finding.region,
        "node": finding.sector,
        "text": finding.text[tag],
        "remedy": finding.remedy[tag] if finding.remedy else "",
        "repair": finding.repair,
    }


def _show(tag: str, when: str, findings: Sequence[Finding]) -> None:
    """The worst findings, each with the remedy that it proposes."""
    output().print(f"[bold]{escape(words(f'repair.{when}')[tag])}[/bold]")
    heads = [words(key)[tag] for key in ("cli.severity", "cli.finding", "repair.name")]
    shown = [
        [words(f"page.severity.{each.severity}")[tag], each.text[tag], each.repair]
        for each in findings[:FINDINGS_SHOWN]
    ]
    print_table(heads, shown)
    if len(findings) > len(shown):
        typer.echo(words("repair.more", count=len(findings) - len(shown))[tag])


def _corrected(source: Path, records: Records, relabelled: Records, was: pd.Series) -> str:
    """The list as it is published, with the labels put right and those it had behind.

    In UTF-8, whatever the source is in, since any label can be written so; its separator stays,
    since figures may have decimal commas.

    Raises:
        DataError: the rows of the file are not those of the records.
    """
    rows, separator = rows_of(source)
    width = max(map(len, rows))
    heads, *lines = [[*row, *[""] * (width - len(row))] for row in rows]
    labels = list(records.data["sector"])
    at = next((i for i in range(width) if [shown(line[i]) for line in lines] == labels), None)
    if at is None:
        raise DataError(
            "the labels of the list are not in one column of the file",
            file=source,
            remedy="leave --region and --year out, and give the list as CSV",
        )
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([*heads, LABEL_BEFORE])
    for line, label, old in zip(lines, relabelled.data["sector"], was, strict=True):
        writer.writerow([*line[:at], label, *line[at + 1 :], old])
    return "\ufeff" + text.getvalue()  # tells spreadsheets that Chinese follows
