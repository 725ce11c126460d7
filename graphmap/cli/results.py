"""Handing over a result: in words, as JSON, in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from graphmap.accounts import IOTable
from graphmap.i18n import COLUMNS
from graphmap.render.files import write_all
from graphmap.render.tables import json_of, table_as

LABELS = ["region", "code", *(f"name_{suffix}" for suffix in COLUMNS.values())]


def labelled(table: IOTable, by_sector: pd.DataFrame) -> pd.DataFrame:
    """Figures by node id, in their order, with the labels of the sectors before them."""
    labels = table.index.loc[by_sector.index, LABELS]
    return labels.join(by_sector).rename_axis("node").reset_index()


def hand_over(
    rows: pd.DataFrame,
    as_json: bool,
    out: Path | None,
    show: Callable[[], None],
    everything: dict[str, Any] | None = None,
) -> None:
    """Write ``rows`` to a file if there is one, then ``show`` the result, or JSON in its place.

    What is printed last in words is the name of the file. JSON, printed or in a file, holds
    ``everything``, a table in it as a list of rows; ``rows`` alone if there is nothing else.
    JSON printed beside a file names the file only.
    """
    everything = everything or {}
    if out is not None:
        suffix, whole = out.suffix.lower(), everything and _json(everything)
        write_all({out: whole if whole and suffix == ".json" else table_as(suffix, rows)})
        everything = {"files": [str(out)]}
    if as_json:
        typer.echo(_json(everything) if everything else json_of(rows))
        return
    show()
    if out is not None:
        typer.echo(str(out))


def say_files(written: Iterable[str | Path], as_json: bool, **more: object) -> None:
    """Name the files that were written, a line each; as JSON, with what else there is to say."""
    files = [str(path) for path in written]
    typer.echo(_json({"files": files, **more}) if as_json else "\n".join(files))


def _json(everything: dict[str, Any]) -> str:
    lists = {
        key: json.loads(json_of(value)) if isinstance(value, pd.DataFrame) else value
        for key, value in everything.items()
    }
    return json.dumps(lists, ensure_ascii=False, indent=2)
