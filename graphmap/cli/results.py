"""Handing over a result that is more than one table: all of it as JSON, its rows as a file."""

from __future__ import annotations

import json
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
    """Figures by node id with the labels of the sectors before them, as a file has them."""
    return table.index[LABELS].join(by_sector).rename_axis("node").reset_index()


def hand_over(
    everything: dict[str, Any], rows: pd.DataFrame, as_json: bool, out: Path | None
) -> bool:
    """Whether the result went into a file or out as JSON, so that nothing is left to print.

    JSON holds ``everything``, a table in it as a list of rows; CSV and Parquet files ``rows``.
    """
    if out is None and not as_json:
        return False
    if out is None:
        typer.echo(_json(everything))
    else:
        in_json = out.suffix == ".json"
        write_all({out: _json(everything) if in_json else table_as(out.suffix, rows)})
        typer.echo(str(out))
    return True


def _json(everything: dict[str, Any]) -> str:
    lists = {
        key: json.loads(json_of(value)) if isinstance(value, pd.DataFrame) else value
        for key, value in everything.items()
    }
    return json.dumps(lists, ensure_ascii=False, indent=2)
