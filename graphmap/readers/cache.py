"""Large workbooks are parsed once: their grids are kept as Parquet, named by their content.

A file that changes gets another name, so nothing is ever stale; a file is written under a
temporary name and then renamed, so a reader never meets half of one. What a run that was killed
has left half-written is cleared away by the next that stores something.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pyarrow as pa
import pyarrow.parquet as pq

from graphmap.errors import DataError

LAYOUT = 4
"""Counts up when the stored form changes."""

WORTH_CACHING = 1_000_000
"""Bytes; a smaller workbook is parsed as fast as it is looked up."""

ABANDONED = 600
"""Seconds after which a half-written file belongs to no run any more."""

OWN = re.compile(r"[0-9a-f]{64}-\d+(\.parquet|-\w+\.part)")
"""The names of the cache's files; nothing else in its folder is ever removed."""


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


def info() -> tuple[int, int]:
    """How many files the cache holds, and their bytes."""
    sizes = [size for file in _files() if (size := _size(file)) is not None]
    return len(sizes), sum(sizes)


def clear() -> tuple[int, int]:
    """Remove everything that is cached: how many files there were, and their bytes.

    A run that is reading or writing meanwhile is not harmed: it parses the workbook again. Files
    that are not the cache's own stay.

    Raises:
        DataError: a file cannot be removed.
    """
    count = removed = 0
    for file in _files():
        size = _size(file)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise DataError("cannot be removed", file=file, found=str(error.strerror)) from error
        if size is not None:
            count, removed = count + 1, removed + size
    return count, removed


def _files() -> list[Path]:
    """The cache's own files: those stored, and those left half-written."""
    try:
        return sorted(file for file in folder().iterdir() if OWN.fullmatch(file.name))
    except OSError:
        return []


def _size(file: Path) -> int | None:
    """Its bytes; None where another run has removed it."""
    try:
        return file.stat().st_size
    except OSError:
        return None


def _remove_orphans() -> None:
    """Remove what runs that were killed have left half-written.

    No run writes for as long as ``ABANDONED``, so that none loses what it is writing.
    """
    for file in _files():
        with suppress(OSError):
            if file.suffix == ".part" and time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()


def _store(stored: Path, grids: list[Any]) -> None:
    """One line a cell, sheet by sheet and row by row; the first line says which sheets follow.

    What the sheets are called stands among the texts, since only those have checksums.
    """
    shapes = [[name, *numbers.shape] for name, numbers, _ in grids]
    cells = [np.full(1, np.nan), *(numbers.ravel() for _, numbers, _ in grids)]
    starts = np.cumsum([part.size for part in cells])
    places, texts = [0], [json.dumps(shapes)]
    for start, (_, numbers, of_sheet) in zip(starts.tolist(), grids, strict=False):
        places += [start + row * numbers.shape[1] + column for row, column in of_sheet]
        texts += of_sheet.values()
    which = np.full(int(starts[-1]), -1, dtype=np.int32)
    which[places] = np.arange(len(texts))
    of_cells = pa.array(texts, pa.string()).take(pa.array(which, mask=which < 0))
    table = pa.table({"number": np.concatenate(cells), "text": of_cells.dictionary_encode()})
    stored.parent.mkdir(parents=True, exist_ok=True)
    _remove_orphans()
    handle, temporary = tempfile.mkstemp(
        dir=stored.parent, prefix=f"{stored.stem}-", suffix=".part"
    )
    os.close(handle)
    try:
        pq.write_table(
            table,
            temporary,
            compression="lz4",  # reads at the speed of memory, and shrinks what is empty
            use_dictionary=["text"],
            row_group_size=len(table),
            write_page_checksum=True,
        )
        Path(temporary).replace(stored)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _load(stored: Path) -> list[Any]:
    table = pq.read_table(stored, page_checksum_verification=True).combine_chunks()
    cells = table["number"].to_numpy()
    texts = table["text"].chunk(0)
    places = np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
    shown = texts.drop_null().to_pylist()
    grids, start = [], 1
    for name, rows, columns in json.loads(shown[0]):
        end = start + rows * columns
        first, last = np.searchsorted(places, [start, end]).tolist()
        row, column = np.divmod(places[first:last] - start, max(columns, 1))
        at = zip(row.tolist(), column.tolist(), strict=True)
        numbers = cells[start:end].reshape(rows, columns).copy()  # which may be written to
        grids.append((name, numbers, dict(zip(at, shown[first:last], strict=True))))
        start = end
    return grids
