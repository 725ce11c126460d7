"""One Parquet file that holds an ``IOTable`` whole, and reads back equal to the bit.

The rows are cells in long form, one row group or more a part of the table:

==========  ========================================================================================
``part``    ``Z``, ``Y``, ``V``, ``imports``, ``x``, ``imports_inside``, ``Z_imports``,
            ``Y_imports``, ``F:co2``, ``F_Y:co2``
``row``     place in the part, from 0: a supplier in ``Z`` and ``Y``, a primary input in ``V``
``column``  place in the part, from 0: a user in ``Z`` and ``V``; 0 in what is a list
``value``   the figure, in the unit of the table or of the extension
==========  ========================================================================================

A dense part has all its cells, a sparse one those it stores. The labels, units and sources stand
in the file's metadata as JSON (``graphmap.content``), with its SHA-256 beside it; the pages of
figures have checksums. Figures are 64-bit floating-point numbers. The same table gives the same
bytes with the same release of pyarrow.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.readers.stored_parts import SCHEMA, cells_of, content_of, groups_of, table_from

VERSION = 1
"""Counts up when the stored form changes; a file of a newer version is refused."""

MARK, CONTENT, DIGEST = b"graphmap.table", b"graphmap.content", b"graphmap.sha256"
ENCODINGS = {"row": "DELTA_BINARY_PACKED", "column": "DELTA_BINARY_PACKED"}
ENCODINGS |= {"value": "BYTE_STREAM_SPLIT"}  # bytes of one rank together compress better
BROKEN = (pa.ArrowException, OSError, LookupError, TypeError, ValueError, AttributeError)


def write_table(table: IOTable, path: str | Path) -> Path:
    """Write a table with everything it holds into one Parquet file, whole or not at all.

    Args:
        table: n region-sectors; ``Z`` dense or sparse, which is kept.
        path: the file, ending in ``.parquet``.

    Returns:
        The path.

    Raises:
        DataError: another ending, or the place cannot be written.

    Example:
        >>> import tempfile
        >>> from graphmap import sample
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     again = read_path(write_table(sample.table(), folder + "/sample.parquet"))
        >>> bool((again.Z == sample.table().Z).all()), again.unit, again.source.publisher
        (True, '100m_yuan', 'sample')
    """
    path = Path(path)
    if path.suffix.lower() != ".parquet":
        raise DataError("unknown format", file=path, expected="a name ending in .parquet")
    content = json.dumps(content_of(table), ensure_ascii=False).encode()
    metadata = {MARK: str(VERSION).encode(), CONTENT: content}
    metadata[DIGEST] = hashlib.sha256(content).hexdigest().encode()
    real = Path(os.path.realpath(path))  # a link stays a link, and what it points at is written
    temporary = ""
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=real.parent, suffix=".part")
        with (
            os.fdopen(handle, "wb") as file,
            pq.ParquetWriter(
                file,
                SCHEMA,
                compression="zstd",
                use_dictionary=["part"],
                column_encoding=ENCODINGS,
                write_page_checksum=True,
                store_schema=False,
            ) as writer,
        ):
            writer.add_key_value_metadata(metadata)
            for cells in cells_of(table):
                writer.write_table(cells)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(real)
    except OSError as error:
        raise DataError(
            "cannot be written",
            file=path,
            found=error.strerror or str(error),
            remedy="choose another place",
        ) from error
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
    return path


def recognises_path(path: str | Path) -> bool:
    """Whether the file is a stored table, or a Parquet file too broken to tell."""
    try:
        with Path(path).open("rb") as file:
            if file.read(4) != b"PAR1":
                return False
        return MARK in (pq.read_metadata(path).metadata or {})
    except pa.ArrowException:
        return True  # cut short: ``read_path`` says so
    except OSError:
        return False


def read_path(path: str | Path, *, year: int | None = None, unit: str | None = None) -> IOTable:
    """The table that ``write_table`` wrote.

    Args:
        year, unit: what the table is expected to be of; it says both itself.

    Raises:
        DataError: cut short or damaged, no stored table, of a newer version, or of another year
            or unit.
    """
    path = Path(path)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            content = _checked(path, file.metadata.metadata or {})
            table = table_from(content, groups_of(file))
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError("no such file", file=path) from error
    except BROKEN as error:
        raise DataError(
            "the stored table is damaged or cut short",
            file=path,
            found=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
            remedy="make it again, or copy it again from where it came",
        ) from error
    if year is not None and year != table.year:
        raise DataError("no table of that year", file=path, found=table.year, expected=year)
    if unit is not None and unit != table.unit:
        raise DataError(
            "a stored table says its unit itself",
            file=path,
            found=table.unit,
            expected=unit,
            remedy=f"`graphmap repair SOURCE --apply unit:{unit}` corrects a wrong one",
        )
    return table


def _checked(path: Path, metadata: dict[bytes, bytes]) -> Any:
    """The content of the metadata, after a look at version and digest."""
    if MARK not in metadata:
        raise DataError(
            "this Parquet file is no table that graphmap stored",
            file=path,
            expected=f"the metadata key {MARK.decode()}",
        )
    version = int(metadata[MARK])
    if version > VERSION:
        raise DataError(
            "stored by a newer graphmap",
            file=path,
            found=f"version {version}",
            expected=f"version {VERSION} or older",
            remedy="`pip install --upgrade graphmap`",
        )
    if hashlib.sha256(metadata[CONTENT]).hexdigest().encode() != metadata[DIGEST]:
        raise ValueError("the labels do not have the checksum beside them")
    return json.loads(metadata[CONTENT])
