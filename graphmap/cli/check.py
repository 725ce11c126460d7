"""``graphmap check``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated

import pandas as pd
import typer

from graphmap.accounts import Finding, IOTable
from graphmap.accounts.examine import Content, across, examine
from graphmap.accounts.finding import SEVERITIES
from graphmap.cli.options import (
    READABLE,
    EmissionsOption,
    JsonOption,
    KindOption,
    LangOption,
    OutOption,
    RegionOption,
    SheetOption,
    UnitOption,
    YearOption,
    read_table,
)
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over
from graphmap.errors import DataError
from graphmap.i18n import figure, language, plain, words
from graphmap.leontief import sector_measures
from graphmap.readers.detect import open_source
from graphmap.terminal import messages, print_table

SHOWN = 5
"""Findings of one kind that are printed; the others are in the JSON and in the file."""


def check_(
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help=f"{READABLE}, or 'sample'; several are compared with one another too.",
        ),
    ],
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: LangOption = "en",
    out: OutOption = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether files add up and can be believed, and what to do if not.

    SOURCE may be a table, an emission inventory, a list of flows or of published totals; several
    may be years of the same place, of which one may repeat another. Exits with 1 if there is an
    error.

    Example: graphmap check china_2017_42.csv
    """
    tag = language(lang)
    refuse_output(out, *source, emissions)
    contents = [opened(each, emissions, region, year, source_kind, sheet, unit) for each in source]
    by_source = [
        (name, finding)
        for name, content in zip(source, contents, strict=True)
        for finding in _findings(content)
    ]
    by_source += [("", finding) for finding in across(contents)]
    by_source.sort(key=lambda pair: SEVERITIES.index(pair[1].severity))
    rows = [
        {
            "source": name,
            "severity": finding.severity,
            "kind": finding.kind,
            "region": finding.region,
            "node": finding.sector,
            "value": finding.value,
            "text": finding.text[tag],
            "remedy": finding.remedy[tag] if finding.remedy else "",
            "repair": finding.repair,
        }
        for name, finding in by_source
    ]
    hand_over(
        pd.DataFrame(rows), as_json, out, lambda: _print(by_source, tag, several=len(source) > 1)
    )
    if any(finding.severity == "error" for _, finding in by_source):
        raise typer.Exit(1)


def opened(
    source: str,
    emissions: Path | None,
    region: list[str] | None,
    year: int | None,
    kind: str | None,
    sheet: str | None,
    unit: str | None,
) -> Content:
    """Whatever the source holds; a table where emissions are given beside it."""
    if emissions is not None:
        return read_table(source, emissions, region, year, kind, sheet, unit)
    with messages().status("Reading and checking"):
        return open_source(source, region=region, year=year, source=kind, sheet=sheet, unit=unit)


def _findings(content: Content) -> list[Finding]:
    """What is found about one source, and what stops the computations though it adds up."""
    found = examine(content)
    if isinstance(content, IOTable) and all(each.severity != "error" for each in found):
        found = [*_unusable(content), *found]
    return found


def _print(by_source: Sequence[tuple[str, Finding]], tag: str, *, several: bool) -> None:
    """A line a finding; of many of one kind the largest, and how many there are besides."""
    of_kind: dict[tuple[str, str, str], list[Finding]] = {}
    for name, finding in by_source:
        of_kind.setdefault((name, finding.severity, finding.kind), []).append(finding)
    lines = []
    for (name, severity, _), every in of_kind.items():
        largest = sorted(every, key=lambda finding: -abs(finding.value))[:SHOWN]
        told = [(finding.text[tag], _remedy(finding, tag)) for finding in largest]
        if more := len(every) - len(largest):
            told.append((words("check.more", count=figure(more))[tag], ""))
        severe = words(f"page.severity.{severity}")[tag]
        lines += [(Path(name).name, severe, *line) for line in told]
    heads = [words(key)[tag] for key in ("trust.file", "cli.severity", "cli.finding")]
    shown = pd.DataFrame(lines, columns=[*heads, words("trust.remedy")[tag]])
    if not any(finding.remedy for _, finding in by_source):
        shown = shown.iloc[:, :-1]
    if not several:
        shown = shown.iloc[:, 1:]
    print_table(list(shown.columns), shown.to_numpy().tolist())


def _remedy(finding: Finding, tag: str) -> str:
    """What to do, and the name under which ``graphmap repair`` does it."""
    told = finding.remedy[tag] if finding.remedy else ""
    return f"{told} [graphmap repair --apply {quote(finding.repair)}]" if finding.repair else told


def _unusable(table: IOTable) -> list[Finding]:
    """What stops the computations though the accounts add up, such as a table without inverse."""
    try:
        sector_measures(table)
    except DataError as error:
        return [Finding("error", "unusable", plain(str(error)))]
    return []
