"""``graphmap fetch``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from graphmap.cli.options import JsonOption, LangOption
from graphmap.cli.results import say_files
from graphmap.errors import DataError
from graphmap.i18n import language, words
from graphmap.readers.fetch import ELSEWHERE, OPEN, fetch
from graphmap.terminal import messages, print_table


def fetch_(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The database; all are listed if left out."),
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option("--year", help="A year; may be given several times.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder to download into.")] = Path(
        "tables"
    ),
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Download an open database of tables, or say where to get one that asks for registration.

    The only command that uses the network. An interrupted download goes on where it stopped.

    Example: graphmap fetch exiobase3 --year 2017 --out tables
    """
    tag = language(lang)
    if name is None:
        _list(tag, as_json)
        return
    if name in OPEN and not year:
        first, last = OPEN[name].years[0], OPEN[name].years[-1]
        raise DataError("no year", expected=f"--year, from {first} to {last}")
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), console=messages(), transient=True) as bar:
        task = bar.add_task("")
        written = fetch(
            name,
            out,
            year or (),
            progress=lambda url, done, size: bar.update(
                task, description=url.rpartition("/")[2][:40], completed=done, total=size
            ),
        )
    say_files(written, as_json)


def _list(tag: str, as_json: bool) -> None:
    rows = [
        {
            "name": name,
            "years": f"{database.years[0]}-{database.years[-1]}",
            "how": words("fetch.command", name=name, year=database.years[-1])[tag],
        }
        for name, database in OPEN.items()
    ]
    rows += [
        {"name": name, "years": "", "how": words("fetch.register", url=url)[tag]}
        for name, url in ELSEWHERE.items()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    heads = [words(f"cli.{each}")[tag] for each in ("database", "years", "how_to_get")]
    print_table(heads, [list(row.values()) for row in rows])
