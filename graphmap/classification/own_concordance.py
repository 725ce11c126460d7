"""A concordance that somebody wrote: a CSV file with the columns source, target and weight."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd

from graphmap.classification.concordance import Concordance
from graphmap.classification.lists import folded
from graphmap.classification.pairs import alone, faults
from graphmap.classification.sectors import LISTS, sector_list
from graphmap.errors import DataError

LARGEST = 20_000_000
"""Bytes; the finest lists there are have some thousand sectors, and pairs take 30 bytes each."""

COLUMNS = {
    "source": ("source", "from", "来源", "來源", "源"),
    "target": ("target", "to", "目标", "目標"),
    "weight": ("weight", "share", "权重", "權重"),
}
"""What the columns may be called."""


def read_concordance(path: str | Path, *, source: str = "", target: str = "") -> Concordance:
    """The concordance in a CSV file with the columns ``source``, ``target`` and perhaps ``weight``.

    Weights are shares of the source, which sum to 1; without any, a source with several targets
    is split by size. Other columns are passed over. Comma, semicolon or tab; UTF-8 or GB 18030.

    Args:
        path: the file.
        source, target: the lists its codes belong to, where these are bundled: then sectors may
            be given by code or by name, and what the list does not have is refused.

    Raises:
        DataError: the file cannot be read as such, or a row is wrong, which is named.

    Example:
        >>> from tempfile import mkdtemp
        >>> file = Path(mkdtemp(), "own.csv")
        >>> _ = file.write_text("source,target\\n24,energy\\nConstruction,building\\n")
        >>> read_concordance(file, source="cn42_2017").pairs["source"].tolist()
        ['24', '27']
    """
    path = Path(path)
    lines, delimiter = _lines(path)
    header = [folded(cell) for cell in lines[0][1]] if lines else []
    at = {
        column: next((header.index(name) for name in names if name in header), None)
        for column, names in COLUMNS.items()
    }
    if at["source"] is None or at["target"] is None:
        raise DataError(
            "not a concordance",
            file=path,
            found=", ".join(lines[0][1])[:80] if lines else "an empty file",
            expected="a first row source,target or source,target,weight",
        )
    if len(lines) == 1:
        raise DataError("a concordance without a row", file=path, expected="one row a pair")
    columns: dict[str, list[str]] = {"source": [], "target": []}
    weights: list[float] = []
    for number, cells in lines[1:]:
        for column, list_id in (("source", source), ("target", target)):
            columns[column].append(_code(path, number, _cell(cells, at[column]), list_id, column))
        weights.append(_weight(path, number, _cell(cells, at["weight"]), delimiter))
    pairs = pd.DataFrame({**columns, "weight": weights})
    given = pairs["weight"].copy()
    pairs.loc[alone(pairs) & given.isna(), "weight"] = 1.0
    for what, rows in faults(pairs):
        first = pairs.iloc[rows[0]]
        share = given.iloc[rows[0]]
        raise DataError(
            what,
            file=path,
            cell=f"row {lines[1 + rows[0]][0]}",
            found=f"{first['source']} -> {first['target']}"
            + ("" if np.isnan(share) else f" with {share:g}")
            + (f", and {len(rows) - 1} more rows" if len(rows) > 1 else ""),
            expected="each pair once; the weights of a source sum to 1, or are all left out",
        )
    return Concordance(source, target, pairs)


def _lines(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """Rows that are not empty with their numbers in the file, and what separates cells."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise DataError(
                "too large for a concordance",
                file=path,
                found=f"{size / 1e6:.0f} MB",
                expected=f"at most {LARGEST / 1e6:.0f} MB",
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"cannot be read: {reason}", file=path) from error
    text = _text(path, content)
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise DataError(f"not a CSV file: {error}", file=path) from error
    return [(number, cells) for number, cells in rows if any(cells)], delimiter


def _text(path: Path, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DataError(
        "not a text file",
        file=path,
        expected="CSV in UTF-8",
        remedy="save the sheet as 'CSV UTF-8' first",
    )


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _code(path: Path, number: int, text: str, list_id: str, column: str) -> str:
    """The code that a cell means; spreadsheets take the zero from 01."""
    if not text or list_id not in LISTS:
        return text
    chosen = sector_list(list_id)
    for code in (text, text.zfill(len(chosen.sectors.index[0]))):
        if code in chosen.sectors.index:
            return code
    found = chosen.code(text)
    if found is None:
        raise DataError(
            f"no such {column} in the list {list_id}",
            file=path,
            cell=f"row {number}",
            found=text[:80],
            expected="a code such as "
            + " or ".join(chosen.sectors.index[[0, -1]])
            + ", or the sector's name",
        )
    return found


def _weight(path: Path, number: int, text: str, delimiter: str) -> float:
    if not text:
        return float("nan")
    try:
        weight = float(text.replace(",", ".") if delimiter != "," else text)
    except ValueError:
        weight = float("nan")
    if not math.isfinite(weight):
        raise DataError(
            "a weight that is no number",
            file=path,
            cell=f"row {number}",
            found=text[:40],
            expected="a share such as 0.25, or nothing",
        )
    return weight
