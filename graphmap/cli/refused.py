"""What a command refuses before anything is read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import typer

from graphmap.errors import DataError
from graphmap.readers import edges
from graphmap.render.exchange import PAIRS, files_of

OF_A_STUDY = ("source", "region", "lang")
"""What is said beside a study file; the file says the rest itself."""


def refuse_others(context: typer.Context, options: Iterable[str]) -> None:
    """A study file is not contradicted, be it with what is the rule without one."""
    by_name = {each.name: each.opts[0] for each in context.command.params}
    sources = {name: context.get_parameter_source(name) for name in options}
    typed = [name for name, found in sources.items() if found and found.name != "DEFAULT"]
    said = [by_name[name] for name in typed if name not in OF_A_STUDY]
    if said:
        raise DataError(
            "a study file says everything but --region and --lang itself",
            file=context.params["source"],
            found=", ".join(said),
            remedy="write it into the file, or leave it out",
        )


def refuse_inputs(out: Path, inputs: Iterable[Path]) -> None:
    """No table, inventory, study file or template is written over."""
    read = {file.resolve() for each in inputs for file in edges.pair_of(each) or (each,)}
    written = files_of(out) if out.suffix.lower() in PAIRS else [out]
    if read & {file.resolve() for file in written}:
        raise DataError(
            "would overwrite what it is made from",
            file=out,
            remedy="choose another name with --out",
        )


def a_file(out: Path) -> Path:
    """``--out`` where a file can be written, for those who want to know before anything is read.

    Raises:
        DataError: it is a folder, or lies in no folder that can be written.
    """
    above = next(each for each in out.resolve().parents if each.exists())
    if out.is_dir() or not above.is_dir() or not os.access(above, os.W_OK):
        raise DataError(
            "cannot be written",
            file=out,
            found="a folder" if out.is_dir() else f"no folder that can be written at {above}",
            remedy="choose another place with --out",
        )
    return out
