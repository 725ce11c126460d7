"""Large workbooks are parsed once: their grids are kept as Parquet, named by their content.

A file that changes gets another name, so nothing is ever stale; a file is written under a
temporary name and then renamed, so a reader never meets half of one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pyarrow as pa
import pyarrow.parquet as pq

LAYOUT = 3
"""Counts up when the stored form changes."""

WORTH_CACHING = 1_000_000
"""Bytes; a smaller workbook is parsed as fast as it is looked up."""


def folder() -> Path:
    """Where parsed workbooks are kept: ``$GRAPHMAP_CACHE`` or the user's cache folder."""
    return Path(os.environ.get("GRAPHMAP_CACHE") or platformdirs.user_cache_dir("graphmap"))


def cached_sheets(path: Path, parse: Callable[[Path], list[Any]]) -> list[Any]:
    """``parse(path)``, from the cache where the same bytes have been parsed before."""
    if path.stat().st_size < WORTH_CACHING:
        return parse(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    stored = folder() / f"{digest}-{LAYOUT}.parquet"
    try:
        return _load(stored)
    except (OSError, pa.ArrowException, LookupError, TypeError, ValueError):
        grids = parse(path)
    with suppress(OSError):  # a cache that cannot be written only costs time
        _store(stored, grids)
    return grids


def _store(stored: Path, grids: list[Any]) -> None:
    parts, shapes = [], {}
    for number, (name, numbers, texts) in enumerate(grids):
        shapes[f"sheet {number}"] = f"{numbers.shape[0]} {numbers.shape[1]} {name}"
        rows, columns = np.nonzero(~np.isnan(numbers))
        places = np.array(list(texts), dtype=np.int32).reshape(-1, 2)
        parts.append(
            pa.table(
                {
                    "sheet": np.full(len(rows) + len(texts), number, dtype=np.int32),
                    "row": np.concatenate([rows.astype(np.int32), places[:, 0]]),
                    "column": np.concatenate([columns.astype(np.int32), places[:, 1]]),
                    "number": np.concatenate([numbers[rows, columns], np.zeros(len(texts))]),
                    "text": pa.array([None] * len(rows) + list(texts.values()), pa.string()),
                }
            )
        )
    table = pa.concat_tables(parts).replace_schema_metadata(shapes)
    stored.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=stored.parent, suffix=".part")
    os.close(handle)
    try:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)
        Path(temporary).replace(stored)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _load(stored: Path) -> list[Any]:
    table = pq.read_table(stored, page_checksum_verification=True)
    grids = []
    sheet = table["sheet"].to_numpy()
    for number in range(len(table.schema.metadata)):
        rows, columns, name = table.schema.metadata[f"sheet {number}".encode()].split(b" ", 2)
        lines = table.slice(*_span(sheet, number))
        is_text = ~lines["text"].is_null().to_numpy()
        row, column = lines["row"].to_numpy(), lines["column"].to_numpy()
        numbers = np.full((int(rows), int(columns)), np.nan)
        numbers[row[~is_text], column[~is_text]] = lines["number"].to_numpy()[~is_text]
        texts = lines["text"].filter(pa.array(is_text)).to_pylist()
        places = zip(row[is_text].tolist(), column[is_text].tolist(), strict=True)
        grids.append((name.decode(), numbers, dict(zip(places, texts, strict=True))))
    return grids


def _span(sheet: np.ndarray[Any, Any], number: int) -> tuple[int, int]:
    """Offset and length of one sheet's lines, which stand together."""
    start, end = np.searchsorted(sheet, [number, number + 1])
    return int(start), int(end - start)
