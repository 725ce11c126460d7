"""``graphmap study``: a file that says what a panel or an atlas shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.errors import DataError
from graphmap.i18n import words
from graphmap.render.files import write_all
from graphmap.study import place_of
from graphmap.study_file import new_study_file, read_study_file
from graphmap.study_plan import edition_of, read_sources
from graphmap.terminal import messages, print_table

app = typer.Typer(
    help="Write and check study files: which tables, regions and years to show.",
    no_args_is_help=True,
)


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The study file to write, .toml.")],
) -> None:
    """Write a commented study file to begin with; it runs as it is, on the bundled sample.

    Example: graphmap study new study.toml
    """
    if file.suffix.lower() != ".toml":
        raise DataError("not the name of a study file", found=str(file), expected="a name in .toml")
    if file.exists():
        raise DataError("there is such a file already", file=file, remedy="choose another name")
    write_all({file: new_study_file()})
    typer.echo(str(file))


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A study file.")],
) -> None:
    """Say what a study file would make, and whether every source, region and year is there.

    Example: graphmap study check examples/guangdong-zhejiang.toml
    """
    plan = read_study_file(file)
    with messages().status("Reading the sources"):
        found = read_sources(plan)
    tag = plan.lang
    heads = [words(f"cli.{head}")[tag] for head in ("region", "year", "sectors", "source")]
    print_table(
        heads,
        [
            [place_of(each)[tag], edition_of(each) or "–", str(each.n), each.source.file]
            for each in found
        ],
    )
    typer.echo(words("cli.studies", count=len(found))[tag])
