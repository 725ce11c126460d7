"""``graphmap atlas``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphmap.cli.options import JsonOption, command_typed
from graphmap.cli.results import say_files
from graphmap.i18n import words
from graphmap.panel import panels
from graphmap.render.atlas import refuse_folder, write_atlas
from graphmap.study_file import read_sources, read_study_file, studies
from graphmap.terminal import counted, messages


def atlas(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="A study file (TOML); see graphmap study new.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder to write the atlas into.")] = Path(
        "outputs/atlas"
    ),
    as_json: JsonOption = False,
) -> None:
    """Write an atlas of many regions and years: a static site that also opens from disk.

    Example: graphmap atlas examples/guangdong-zhejiang.toml --out site/
    """
    plan = read_study_file(study)
    refuse_folder(out)
    command = command_typed()
    with messages().status("Reading the sources"):
        data = read_sources(plan)
    with counted("Computing the networks", len(data)) as progress:
        found = studies(plan, data, progress=progress, command=command)
    with messages().status("Placing the sectors"):
        shown = panels(found)
    with counted("Writing the atlas", len(shown)) as progress:
        written = write_atlas(
            shown,
            out,
            title=plan.title,
            command=command,
            languages=plan.languages,
            progress=progress,
        )
    if as_json:
        say_files(written, as_json)
        return
    tag = plan.lang
    regions = {code for panel in shown for code in panel.latest.regions}
    line = words("cli.atlas", regions=len(regions), pages=len(shown), files=len(written))[tag]
    typer.echo(line)
    typer.echo(str(out / "index.html"))
