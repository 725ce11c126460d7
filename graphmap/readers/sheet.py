"""A workbook or CSV file as plain grids: what stands in which cell, and nothing more."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np
import python_calamine as calamine

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.readers.cache import cached_sheets
from graphmap.readers.cell_names import column_letters
from graphmap.readers.csv_grid import MOST_CELLS, SUFFIXES, read_csv, too_large
from graphmap.readers.error_cells import NO_VALUE, error_cells, refuse_large

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""Characters that no label needs and a terminal would obey."""

LARGEST = 1e30
"""No money, in whatever unit, and no emissions come near it."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin."""

VISIBLE = calamine.SheetVisibleEnum.Visible

SAVE_AGAIN = "open it in a spreadsheet program, which computes formulas, and save it again as .xlsx"


@dataclass(frozen=True)
class Sheet:
    """One grid of cells: ``numbers`` (NaN where there is none) and ``texts`` by (row, column).

    ``written`` has the rows of a CSV file as they stand there, since a code that looks like a
    number is more than its value; a workbook holds values only.
    """

    file: str
    name: str | None
    numbers: Array
    texts: dict[tuple[int, int], str] = field(repr=False)
    turned: bool = False
    """Whether rows here are columns of the file; cells are named as in the file."""
    written: list[list[str]] = field(default_factory=list, repr=False, compare=False)

    def transposed(self) -> Sheet:
        """The sheet with rows and columns exchanged."""
        texts = {(column, row): text for (row, column), text in self.texts.items()}
        return replace(self, numbers=self.numbers.T, texts=texts, turned=not self.turned)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return cast(tuple[int, int], self.numbers.shape)

    def text(self, row: int, column: int) -> str:
        """The cell as text: as it is written; a whole number in a workbook without its point."""
        text = self.texts.get((row, column))
        if text is not None:
            return shown(text)
        value = float(self.numbers.item(row, column))
        if math.isnan(value):
            return ""
        if self.written:
            return shown(self.written[column][row] if self.turned else self.written[row][column])
        return str(int(value)) if value.is_integer() else repr(value)

    def cell(self, row: int, column: int) -> str:
        """The cell's name as a spreadsheet shows it.

        Example:
            >>> Sheet("f", None, np.zeros((1, 1)), {}).cell(6, 27)
            'AB7'
        """
        if self.turned:
            row, column = column, row
        return f"{column_letters(column)}{row + 1}"

    def error(
        self, what: str, row: int | None = None, column: int = 0, **more: object
    ) -> DataError:
        """A ``DataError`` that says where in this sheet."""
        cell = None if row is None else self.cell(row, column)
        return DataError(what, file=self.file, sheet=self.name, cell=cell, **more)  # type: ignore[arg-type]

    def block(
        self, rows: Sequence[int], columns: Sequence[int], missing: list[str] | None = None
    ) -> Array:
        """The numbers at the crossings of ``rows`` and ``columns``.

        Empty cells are read as zero and their names added to ``missing``.

        Raises:
            DataError: a text stands where a number should be, or a number is beyond ``LARGEST``.
        """
        values: Array = self.numbers[np.ix_(rows, columns)]
        blank = np.isnan(values)
        inside_rows, inside_columns = set(rows), set(columns)
        for row, column in self.texts:
            if row in inside_rows and column in inside_columns and self.text(row, column):
                found = self.text(row, column)
                raise self.error(
                    "text in a number cell",
                    row,
                    column,
                    found=found,
                    expected="a number",
                    remedy=_remedy(found),
                )
        if missing is not None:
            missing += [self.cell(rows[i], columns[j]) for i, j in np.argwhere(blank).tolist()]
        huge = np.abs(values) > LARGEST
        if huge.any():
            i, j = np.argwhere(huge)[0]
            raise self.error(
                "an infinite number" if np.isinf(values[i, j]) else "a number beyond any account",
                rows[i],
                columns[j],
                found=values[i, j],
                expected="a number",
            )
        return np.where(blank, 0.0, values)


def _remedy(text: str) -> str | None:
    """What to do about a text where a number should be, if it is one that is often met."""
    if text == NO_VALUE:
        return SAVE_AGAIN
    if re.fullmatch(r"[-+]?[\d,\s]*\.?\d+", text):
        return "it is a number kept as text: convert the cells to numbers in a spreadsheet program"
    return "write 0 in its place, or leave it empty" if re.fullmatch(r"[-–—―…./*]+", text) else None


@lru_cache(maxsize=10_000)  # a large table repeats a few labels thousands of times
def shown(text: str) -> str:
    """The text in one line, without characters that a terminal would obey."""
    return " ".join(CONTROL.sub(" ", text).split())


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of a workbook, or the one grid of a CSV file; large workbooks are cached.

    Raises:
        DataError: the file is missing, unreadable, empty or of another kind.
    """
    try:
        there = path.exists()
    except OSError as error:  # links in a circle, a name that is too long
        raise DataError("cannot be read", file=path, found=str(error.strerror)) from error
    if not there:
        circle = path.is_symlink()
        what = "a link that leads nowhere" if circle else "no such file"
        raise DataError(what, file=path)
    if not path.is_file():
        what = "a folder, not a file" if path.is_dir() else "not a regular file"
        raise DataError(what, file=path, expected="a workbook or a CSV file")
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise DataError("cannot be read", file=path, found=str(error.strerror)) from error
    if not start:
        raise DataError("the file is empty", file=path)
    if path.suffix.lower() in SUFFIXES and not start.startswith(WORKBOOKS):
        numbers, texts, rows = read_csv(path)
        return [Sheet(str(path), None, numbers, texts, written=rows)]
    if not start.startswith(WORKBOOKS):
        raise DataError(
            "not a workbook or CSV file",
            file=path,
            found=_kind(start),
            expected="an .xlsx or .xls workbook, or a .csv file",
        )
    grids = cached_sheets(path, _read_workbook)
    return [Sheet(str(path), name, numbers, texts) for name, numbers, texts in grids]


Grid = tuple[Array, dict[tuple[int, int], str]]
NamedGrid = tuple[str | None, Array, dict[tuple[int, int], str]]


def _read_workbook(path: Path) -> list[NamedGrid]:
    try:
        refuse_large(path)
        book = calamine.CalamineWorkbook.from_path(str(path))
        errors = error_cells(path)  # and formulas without a value
        return [
            (name, numbers, {**texts, **errors.get(name, {})})
            for name in _visible_first(book)
            for numbers, texts in [_split(_rows(book, name, path))]
        ]
    except DataError:
        raise
    except BaseException as error:  # calamine raises many kinds for damaged files, and panics
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise DataError(
            "not a readable workbook",
            file=path,
            found=str(error),
            expected="an .xlsx or .xls workbook",
            remedy=SAVE_AGAIN,
        ) from error


def _visible_first(book: calamine.CalamineWorkbook) -> list[str]:
    """The names of the sheets; hidden ones, which often hold drafts, come last."""
    return [s.name for s in sorted(book.sheets_metadata, key=lambda s: s.visible != VISIBLE)]


def hidden_sheets(path: Path) -> set[str]:
    """The names of the sheets of a workbook that a spreadsheet program does not show."""
    book = calamine.CalamineWorkbook.from_path(str(path))
    return {each.name for each in book.sheets_metadata if each.visible != VISIBLE}


def _rows(book: calamine.CalamineWorkbook, name: str, path: Path) -> list[list[object]]:
    sheet = book.get_sheet_by_name(name)
    height, width = sheet.total_height, sheet.total_width
    if height * width > MOST_CELLS:
        found = f"{height:,} x {width:,} cells"
        raise too_large(path, found, f"{MOST_CELLS:,} cells", name)
    return cast(list[list[object]], sheet.to_python(skip_empty_area=False))


def _split(rows: list[list[object]]) -> Grid:
    """Numbers and texts of a grid whose rows are equally long."""
    if not rows:
        return np.empty((0, 0)), {}
    cells = np.array(rows, dtype=object)
    is_number = np.frompyfunc(lambda cell: type(cell) in (float, int), 1, 1)(cells).astype(bool)
    numbers = np.full(cells.shape, np.nan)
    numbers[is_number] = cells[is_number].astype(float)
    is_text = ~is_number & (cells != "")
    texts = {(int(i), int(j)): str(cells[i, j]) for i, j in np.argwhere(is_text)}
    return numbers, texts


def _kind(start: bytes) -> str:
    known = {
        b"\x89PNG": "a PNG image",
        b"\xff\xd8\xff": "a JPEG image",
        b"GIF8": "a GIF image",
        b"%PDF": "a PDF document",
    }
    return next(
        (name for magic, name in known.items() if start.startswith(magic)), "something else"
    )
