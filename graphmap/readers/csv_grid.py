"""A CSV file as a grid of numbers and texts, in the ways spreadsheet programs write one."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from pathlib import Path

import numpy as np

from graphmap.arrays import Array
from graphmap.errors import DataError

MOST_BYTES = 500_000_000
"""A larger file is refused before it is read."""

SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
"""What such files are called."""

MOST_CELLS = 50_000_000
"""A grid of more cells is refused before it fills the memory; 1,302 sectors need 2 million."""

LONGEST = 1_000_000
"""Characters of a cell; a longer one is a quotation mark that is never closed."""

SAFE_DIGITS = 15
"""More of them are an identifier: a number would lose its last digits."""

SAMPLED = 50
"""Lines from which the separator is told."""

MOST_HEADER = 100_000
"""Bytes of a file that are looked at for its header."""

WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins."""

DECIMAL_COMMA = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d*),\d+(e[-+]?\d+)?", re.IGNORECASE)
DECIMAL_POINT = re.compile(r"[-+]?\d*\.(\d{1,2}|\d{4,})(e[-+]?\d+)?", re.IGNORECASE)
GROUPED = re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?")

ENCODINGS = "CSV in UTF-8, UTF-16, GB18030 or Windows-1252"

HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FOREIGN = re.compile(r"[^\x00-\x7f]+")
IN_A_WORD = re.compile(
    r"(?<=[A-Za-z])[^\x00-\x7f](?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f](?=[A-Za-z])"
)


def read_csv(path: Path) -> tuple[Array, dict[tuple[int, int], str], list[list[str]]]:
    """The numbers of a CSV file (NaN where there is none), its texts by row and column, its rows.

    The rows are the cells as they are written: ``1.1`` and ``1.10`` are one number, but two codes.
    Decimal commas are understood where the comma does not separate.

    Raises:
        DataError: too large, no text, or a cell that no table has.
    """
    rows, separator = rows_of(path)
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise too_large(path, f"{len(rows):,} x {width:,} cells", f"{MOST_CELLS:,} cells")
    comma = separator != "," and _has_decimal_commas(path, rows)
    numbers = np.full((len(rows), width), np.nan)
    texts: dict[tuple[int, int], str] = {}
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            value = _number(_with_point(cell) if comma else cell)
            if value is not None:
                numbers[i, j] = value
            elif cell.strip():
                texts[i, j] = cell
    return numbers, texts, rows


def rows_of(path: Path) -> tuple[list[list[str]], str]:
    """The cells of a CSV file as they are written, and their separator: tab, semicolon or comma.

    Raises:
        DataError: too large, no text, or a quotation mark that is never closed.
    """
    if path.stat().st_size > MOST_BYTES:
        raise too_large(path, f"{path.stat().st_size:,} bytes", f"{MOST_BYTES:,} bytes")
    text = _decoded(path)
    separator = _separator(text)
    csv.field_size_limit(LONGEST)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DataError(
            "not a CSV file that can be read",
            file=path,
            found=str(error),
            expected="cells of a table",
            remedy="look for a quotation mark that is not closed",
        ) from error
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows, separator


def header_of(path: Path) -> set[str]:
    """The names of the columns of a CSV file, folded; nothing where it cannot be read.

    Only its beginning is read, so that any file can be asked.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_HEADER)
    except OSError:
        return set()
    text = raw.decode("utf-16" if raw.startswith(WIDE) else "utf-8-sig", errors="replace")
    csv.field_size_limit(LONGEST)
    lines = csv.reader(text.splitlines()[:1], delimiter=_separator(text))
    return {name.strip().casefold() for name in next(lines, [])}


def too_large(path: Path, found: str, most: str, sheet: str | None = None) -> DataError:
    """The error for what would fill the memory."""
    return DataError(
        "too large to be a table", file=path, sheet=sheet, found=found, expected=f"at most {most}"
    )


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError("cannot be read", file=path, found=str(error.strerror)) from error
    for encoding in ("utf-16",) if raw.startswith(WIDE) else ("utf-8-sig", "gb18030", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _is_accented_latin(text):
            continue
        if encoding == "cp1252" and not _stand_alone(raw):
            break
        if "\x00" not in text:
            return text
        break
    raise DataError("not a text file", file=path, expected=ENCODINGS)


def _is_accented_latin(text: str) -> bool:
    """Whether what reads as Chinese is an accent and the letter after it: ``C魌e d'Ivoire``.

    Chinese characters come in runs; one alone inside a word of Latin letters is two bytes of
    Windows-1252, the second of them plain ASCII.
    """
    runs = sum(1 for _ in FOREIGN.finditer(text))
    alone = sum(1 for _ in IN_A_WORD.finditer(text))
    return 2 * alone > runs


def _stand_alone(raw: bytes) -> bool:
    """Whether most bytes beyond ASCII have none beside them, as in no encoding of Chinese."""
    lengths = [len(found.group()) for found in HIGH_BYTES.finditer(raw)]
    return 2 * lengths.count(1) > len(lengths) and not CONTROL_BYTES.search(raw)


def _separator(text: str) -> str:
    """The separator that splits the first lines into most columns alike."""
    lines = list(islice((line for line in io.StringIO(text) if line.strip()), SAMPLED))

    def columns(separator: str) -> int:
        counts = [re.sub(r'"[^"]*"', "", line).count(separator) for line in lines]
        return sorted(counts)[len(counts) // 2] if counts else 0

    found = max(("\t", ";", ","), key=columns)
    if found == "," and columns(";"):
        # decimal commas are as many as cells: a semicolon then stands in every line alike
        split = [re.sub(r'"[^"]*"', "", line).count(";") for line in lines]
        numeric = sum(len(re.findall(r"(?<=;)[-+]?\d+,\d+(?=;|\s*$)", line)) for line in lines)
        return ";" if len(set(split)) == 1 or numeric else ","
    return found if columns(found) else _in_first(lines)


def _in_first(lines: list[str]) -> str:
    """For a file whose middle line has no separator at all, that of the line which has most."""
    return max(
        ("\t", ";", ","), key=lambda each: max((line.count(each) for line in lines), default=0)
    )


def _has_decimal_commas(path: Path, rows: list[list[str]]) -> bool:
    """Whether the numbers have decimal commas.

    Raises:
        DataError: some have commas and some have points, so that neither can be trusted.
    """
    comma = point = None
    for i, row in enumerate(rows):
        for cell in map(str.strip, row):
            if "," in cell and comma is None and DECIMAL_COMMA.fullmatch(cell):
                comma = (i, cell)
            elif "." in cell and point is None and DECIMAL_POINT.fullmatch(cell):
                point = (i, cell)
        if comma and point:
            raise DataError(
                "decimal commas and decimal points in one file",
                file=path,
                found=f"{comma[1]} in row {comma[0] + 1}, {point[1]} in row {point[0] + 1}",
                expected="one of the two",
            )
    return comma is not None


def _with_point(cell: str) -> str:
    bare = cell.strip()
    if GROUPED.fullmatch(bare):
        bare = bare.replace(".", "")
    return bare.replace(",", ".", 1) if DECIMAL_COMMA.fullmatch(bare) else bare


def _number(cell: str) -> float | None:
    """The number in a cell; codes such as 01 and long identifiers keep their digits as texts."""
    bare = cell.strip()
    if "_" in bare or (
        bare.isdigit() and ((len(bare) > 1 and bare[0] == "0") or len(bare) > SAFE_DIGITS)
    ):
        return None
    try:
        value = float(bare)
    except ValueError:
        return None
    return None if np.isnan(value) else value
