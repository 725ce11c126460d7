"""``graphmap balance``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from graphmap.accounts.balance import Convergence, balanced
from graphmap.cli.options import JsonOption, LangOption, OutOption
from graphmap.cli.refused import refuse_output
from graphmap.cli.results import hand_over
from graphmap.errors import DataError, nearest
from graphmap.i18n import language, words
from graphmap.readers.columns import only_sheet
from graphmap.readers.sheet import read_sheets
from graphmap.terminal import print_table

NAMED = 5
"""So many names of lines without a sum in a message."""


def balance(
    matrix: Annotated[
        Path,
        typer.Argument(
            metavar="MATRIX", help="CSV file: names in the first row and column, figures within."
        ),
    ],
    rows: Annotated[Path, typer.Option("--rows", help="CSV file: name of the row, its sum.")],
    columns: Annotated[
        Path, typer.Option("--columns", help="CSV file: name of the column, its sum.")
    ],
    known: Annotated[
        Path | None,
        typer.Option("--known", help="CSV file of cells to be held: row, column, value."),
    ] = None,
    sums: Annotated[
        Path | None,
        typer.Option("--sums", help="CSV file of sums of cells: sum, row, column, total."),
    ] = None,
    lang: LangOption = "en",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Balance a matrix to the sums of its rows and columns (RAS; GRAS if cells are negative).

    Sums are joined to the lines by name. Sums that contradict each other are named.

    Example: graphmap balance flows.csv --rows sales.csv --columns inputs.csv --out balanced.csv
    """
    tag = language(lang)
    refuse_output(out, matrix, rows, columns, known, sums)
    texts = _read(matrix)
    prior = _numbers(matrix, texts).rename_axis(texts.columns[0] or "row")
    told: list[Convergence] = []
    found = balanced(
        prior.to_numpy(),
        _sums(rows, prior.index, "row"),
        _sums(columns, prior.columns, "column"),
        known=() if known is None else _read(known),
        constraints=() if sums is None else _read(sums),
        row_names=list(prior.index),
        column_names=list(prior.columns),
        report=told.append,
    )
    moved = float(np.abs(found - prior.to_numpy()).sum() / (np.abs(prior.to_numpy()).sum() or 1.0))
    result = pd.DataFrame(found, prior.index, prior.columns).reset_index()
    how = told[0]
    lines = [
        [words("balance.rounds")[tag], f"{how.rounds:,}"],
        [words("balance.deviation")[tag], f"{how.deviation:.3g}"],
        [words("balance.share")[tag], f"{how.share:.1e}"],
        [words("balance.where")[tag], how.where],
        [words("balance.moved")[tag], f"{moved:.2%}"],
    ]
    everything = {
        "rounds": how.rounds,
        "deviation": how.deviation,
        "share": how.share,
        "where": how.where,
        "moved": moved,
        "matrix": result,
    }
    hand_over(result, as_json, out, lambda: print_table(["", ""], lines), everything)


def _read(file: Path) -> pd.DataFrame:
    """The rows of a file as texts; the first row are the names of the columns."""
    sheet = only_sheet(read_sheets(file))
    height, width = sheet.shape
    rows = sheet.written or [[sheet.text(i, j) for j in range(width)] for i in range(height)]
    cells = [[*map(str.strip, row), *[""] * (width - len(row))] for row in rows]
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            if "," in cell and not np.isnan(sheet.numbers[i, j]):  # a decimal comma
                row[j] = repr(float(sheet.numbers[i, j]))
    return pd.DataFrame(cells[1:], columns=cells[0])


def _sums(file: Path, lines: pd.Index, kind: str) -> np.ndarray:
    """The sums in the order of the lines they are named for."""
    given = _read(file)
    if given.shape[1] != 2:
        raise DataError(
            "needs two columns", file=file, found=f"{given.shape[1]}", expected=f"{kind}, sum"
        )
    given = _numbers(file, given)
    missing, unknown = lines.difference(given.index), given.index.difference(lines)
    if len(missing):
        raise DataError(
            f"there is no sum of {len(missing)} {kind}{'s' if len(missing) > 1 else ''}",
            file=file,
            found=f"nothing for {', '.join(missing[:NAMED])}",
        )
    if len(unknown):
        raise DataError(
            f"the matrix has no {kind} of this name",
            file=file,
            found=unknown[0],
            remedy=f"nearest: {', '.join(nearest(unknown[0], lines)) or 'none'}",
        )
    found: np.ndarray = given.loc[lines].to_numpy()[:, 0]
    return found


def _numbers(file: Path, texts: pd.DataFrame) -> pd.DataFrame:
    """The figures by the names in the first column, each there once; commas group thousands."""
    names, texts = texts.columns, texts.iloc[:, 1:].set_axis(texts.iloc[:, 0])
    for kind, labels in (("row", texts.index), ("column", names)):
        if labels.has_duplicates:
            twice = labels[labels.duplicated()][0]
            raise DataError(f"a {kind} is there twice", file=file, found=str(twice))
    found = texts.apply(lambda column: pd.to_numeric(column.str.replace(",", ""), errors="coerce"))
    bad = np.argwhere(~np.isfinite(found.to_numpy(float)))
    if len(bad):
        i, j = bad[0]
        raise DataError(
            "a figure is missing or no number",
            file=file,
            cell=f"row {texts.index[i]}, column {texts.columns[j]}",
            found=texts.iloc[i, j],
        )
    return found.astype(float)
