"""Columns as spreadsheets name them, by letters, and counted from 0."""

from __future__ import annotations


def column_letters(column: int) -> str:
    """The letters of a column.

    Example:
        >>> column_letters(0), column_letters(27)
        ('A', 'AB')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column that letters name.

    Example:
        >>> column_number("A"), column_number("AB")
        (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
