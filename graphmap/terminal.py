"""What the command line prints: results to stdout, messages to stderr."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from graphmap.accounts import Finding
from graphmap.classification import region
from graphmap.classification.lists import names_of
from graphmap.i18n import money, number, with_unit, words
from graphmap.study import Study

KEY_SECTORS_SHOWN = 5
WARNINGS_SHOWN = 5

FIGURE = re.compile(r"(CNY |USD |EUR )?[-+–\d.,]+(e[+-]\d+)?( \S+)?")
"""A cell that belongs to the right of its column."""


def messages() -> Console:
    """Where messages and progress go: stderr."""
    return Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)


def output() -> Console:
    """Where results go: stdout, unwrapped when it is not a terminal."""
    console = Console(highlight=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, emoji=False, width=160)


@contextmanager
def counted(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for something that is done ``total`` times; call it with how many are."""
    with Progress(console=messages(), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


def slug(found: Study) -> str:
    """A file name for the study, of letters, digits and hyphens only."""
    named = f"{found.place['en']} {found.year or ''}".lower()
    return re.sub(r"[^\w]+", "-", named).strip("-_")[:80] or "map"


def summary(found: Study, written: list[Path]) -> dict[str, Any]:
    """What a script wants to know of a map."""
    several = len(found.regions) > 1
    figures = ["gross_output", "direct_co2", "footprint", "transmission", "priority"]
    columns = ["role", *(f for f in figures if f in found.key_sectors)]
    return {
        "title": found.title[found.lang],
        "files": [str(path) for path in written],
        "sectors": found.n,
        "weight": found.weight,
        "edges": found.backbone.edges,
        "share_of_flow": None
        if math.isnan(found.backbone.share_of_flow)
        else found.backbone.share_of_flow,
        "units": {"gross_output": found.networks["money"].unit, "co2": "Mt"},
        "key_sectors": [
            {
                "node": node,
                "name": sector_name(row, found.lang, several=several),
                **{c: row[c] for c in columns},
            }
            for node, row in found.key_sectors.head(KEY_SECTORS_SHOWN).iterrows()
        ],
        "checks": [{"severity": f.severity, "text": f.text[found.lang]} for f in found.checks],
    }


def sector_name(row: pd.Series, tag: str, *, several: bool, column: str = "name") -> str:
    """A sector's ``name`` or ``short`` name, behind that of its region where there are several."""
    name = names_of(row, column)[tag]
    return f"{region(row['region']).name[tag]} · {name}" if several else name


def print_summary(found: Study, written: list[Path]) -> None:
    """The title, how much is drawn, the first key sectors, warnings and the files written."""
    tag, console = found.lang, output()
    console.print(f"[bold]{escape(found.title[tag])}[/bold]")
    share = number(100 * found.backbone.share_of_flow, tag, 0)
    line = words("cli.flows", edges=found.backbone.edges, share=share)[tag]
    console.print(escape(line))
    has_co2 = "direct_co2" in found.sectors
    several = len(found.regions) > 1
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    shown = ["gross_output", *(["direct_co2", "footprint", "transmission"] if has_co2 else [])]
    for measure in shown:
        name = words(f"measure.{measure}")[tag]
        head = name if measure == "gross_output" else with_unit(name, "Mt", tag)
        table.add_column(head, justify="right")
    table.add_column(words("page.column.roles")[tag])
    for _, row in found.key_sectors.head(KEY_SECTORS_SHOWN).iterrows():
        output_value = money(row["gross_output"], tag, found.currency)
        figures = [number(row[m], tag, 1) for m in shown[1:]]
        table.add_row(
            escape(sector_name(row, tag, several=several)),
            output_value,
            *figures,
            words(f"role.{row['role']}")[tag],
        )
    console.print(table)
    print_warnings(found.checks, tag)
    for path in written:
        console.print(str(path), markup=False)


def print_warnings(findings: Sequence[Finding], tag: str) -> None:
    """The first warnings of a check, as messages."""
    warnings = [finding for finding in findings if finding.severity == "warning"]
    severity = words("page.severity.warning")[tag]
    for finding in warnings[:WARNINGS_SHOWN]:
        messages().print(f"{severity}: {finding.text[tag]}", markup=False)
    if len(warnings) > WARNINGS_SHOWN:
        rest = words("cli.more_warnings", count=len(warnings) - WARNINGS_SHOWN)
        messages().print(rest[tag], markup=False)


def print_table(heads: list[str], lines: list[list[str]]) -> None:
    """A table on stdout; columns of figures stand to the right."""
    table = Table(box=None, pad_edge=False)
    for i, head in enumerate(heads):
        figures = all(FIGURE.fullmatch(line[i]) for line in lines)
        table.add_column(head, overflow="fold", justify="right" if figures else "left")
    for line in lines:
        table.add_row(*map(escape, line))
    output().print(table)
