"""What a command refuses before anything is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import typer

from graphmap.errors import DataError
from graphmap.readers import edges
from graphmap.render.tables import FORMATS

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


def refuse_output(
    out: Path | None, *inputs: str | Path | None, formats: Sequence[str] = FORMATS
) -> None:
    """A result is written in a format that is known, where it can be, and over no input.

    Raises:
        DataError: ``out`` is of none of the formats, no file can be written there, or one of the
            inputs, or of the files in a folder given as one, would be written over.
    """
    if out is not None:
        named(*formats)(out)
        refuse_inputs([out], (Path(each) for each in inputs if each is not None))


def refuse_inputs(written: Iterable[Path], inputs: Iterable[Path]) -> None:
    """No table, inventory, study file or template is written over."""
    read = {os.path.realpath(file) for each in inputs for file in _files(each)}
    for file in written:
        if os.path.realpath(file) in read:
            raise DataError(
                "would overwrite its own input", file=file, remedy="choose another --out"
            )


def _files(source: Path) -> Iterable[Path]:
    return edges.pair_of(source) or (source.iterdir() if source.is_dir() else [source])


def named(*formats: str) -> Callable[[Path | None], Path | None]:
    """What looks at an ``--out`` of these formats before anything is read.

    Raises:
        DataError: the name is of none of the formats, or no file can be written there.
    """

    def looked_at(out: Path | None) -> Path | None:
        if out is not None and out.suffix.lower() not in formats:
            known = " or ".join(filter(None, (", ".join(formats[:-1]), formats[-1])))
            raise DataError("unknown format", file=out, expected=f"a name ending in {known}")
        return out and a_file(out)

    return looked_at


def a_file(out: Path) -> Path:
    """``--out`` where a file can be written, for those who want to know before anything is read.

    Raises:
        DataError: it is a folder, or lies in no folder that can be written.
    """
    above = next(each for each in Path(os.path.realpath(out)).parents if each.exists())
    if out.is_dir() or not above.is_dir() or not os.access(above, os.W_OK):
        raise DataError(
            "cannot be written",
            file=out,
            found="a folder" if out.is_dir() else f"no folder that can be written at {above}",
            remedy="choose another place with --out",
        )
    return out
