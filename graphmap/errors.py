"""One family of errors: what a user can mend, said in one message.

Example:
    >>> raise DataError("negative gross output", file="gd.xlsx", sheet="Table_2017", cell="BB7")
    Traceback (most recent call last):
    ...
    graphmap.errors.DataError: gd.xlsx, sheet 'Table_2017', cell BB7: negative gross output
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class GraphmapError(Exception):
    """Anything a user of graphmap can mend. The command line prints it and exits with 2."""

    exit_code = 2


class DataError(GraphmapError):
    """Input that cannot be used.

    Args:
        what: what is wrong, in one clause.
        file, sheet, cell: where it stands, as far as known.
        found, expected: the offending value and what should stand there.
        remedy: what the reader of the message can do about it.
    """

    def __init__(
        self,
        what: str,
        *,
        file: str | Path | None = None,
        sheet: str | None = None,
        cell: str | None = None,
        found: object = None,
        expected: object = None,
        remedy: str | None = None,
    ) -> None:
        place = [
            str(file) if file is not None else "",
            f"sheet {sheet!r}" if sheet else "",
            cell_name(cell) if cell else "",
        ]
        message = ", ".join(part for part in place if part)
        message = f"{message}: {what}" if message else what
        if found is not None:
            message += f"; found {found!r}" if isinstance(found, str) else f"; found {found}"
        if expected is not None:
            message += f"; expected {expected}"
        if remedy:
            message += f". {remedy[0].upper()}{remedy[1:]}"
        super().__init__(message)


class DataWarning(UserWarning):
    """Figures that can be used, but that somebody should look at first."""


def cell_name(cell: str) -> str:
    """``B7`` becomes ``cell B7``; a place already named in words stays as it is."""
    return f"cell {cell}" if cell.isalnum() and cell.isascii() else cell


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known words that look most like ``word``, best first.

    Example:
        >>> nearest("Guangdon", ["Guangdong", "Guangxi", "Beijing"])
        ['Guangdong', 'Guangxi']
    """
    by_folded = {name.casefold(): name for name in known}
    return [
        by_folded[match]
        for match in difflib.get_close_matches(word.casefold(), by_folded, n=count, cutoff=0.5)
    ]
