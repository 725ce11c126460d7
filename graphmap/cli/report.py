"""``graphmap report``."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from graphmap.cli.options import JsonOption
from graphmap.cli.results import say_files
from graphmap.i18n import words
from graphmap.panel import panels
from graphmap.render.manifest import inputs_of
from graphmap.render.report import INDEX, MANIFEST, refuse_report, write_report
from graphmap.study_file import read_study_file, studies
from graphmap.study_plan import read_beside
from graphmap.terminal import counted, messages

WORKERS = 4
"""Processes, at most: more of them would wait for their own beginning."""

SHOWN = 3
"""Names of files that a line about what was not made begins with."""


def report(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="A study file (TOML); see graphmap study new.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder to write into; outputs/<name of the study>."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report: page, figures, slides, workbook, network files and a one-page summary.

    Example: graphmap report examples/guangdong-zhejiang.toml --out outputs/two-provinces
    """
    plan = read_study_file(study)
    folder = Path(os.path.realpath(out or Path("outputs") / study.stem))
    refuse_report(folder)
    # without folders, and without --out: neither changes a byte of the report
    command = shlex.join(["graphmap", "report", study.name])
    inputs = inputs_of(plan)  # before they are read: what is changed meanwhile is noticed
    with messages().status("Reading the sources"):
        data, beside = read_beside(plan)
    with counted("Computing the networks", len(data)) as progress:
        found = studies(plan, data, progress=progress, command=command)
    with messages().status("Placing the sectors"):
        shown = panels(found, beside=beside)
    tag = plan.lang
    with Progress(console=messages(), transient=True) as bar:
        task = bar.add_task("")
        written = write_report(
            shown,
            folder,
            plan=plan,
            inputs=inputs,
            command=command,
            workers=min(os.cpu_count() or 1, WORKERS),
            progress=lambda what, done, count: bar.update(
                task, description=what[tag], completed=done, total=count
            ),
        )
    skipped = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["skipped"]
    if as_json:
        say_files(written, as_json, skipped=skipped)
        return
    for each in skipped:
        names = ", ".join(each["files"][:SHOWN]) + (", ..." if len(each["files"]) > SHOWN else "")
        typer.echo(words("cli.report.skipped", files=names, why=each["why"])[tag])
    count = sum(len(each["files"]) for each in skipped)
    line = words("cli.report", panels=len(shown), files=len(written), skipped=count)[tag]
    typer.echo(line)
    typer.echo(str(folder / INDEX))
