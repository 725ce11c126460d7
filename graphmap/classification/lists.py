"""Reading the CSV files of this folder, and comparing names as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import pandas as pd

from graphmap.i18n import COLUMNS, Names


@cache
def read_list(name: str) -> pd.DataFrame:
    """The file ``<name>.csv`` of this folder, every cell a string."""
    with files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """``name`` without what spelling varies in: case, spaces, punctuation, full-width forms.

    Example:
        >>> folded("Production & supply of  Gas ") == folded("production and supply of gas")
        True
    """
    text = unicodedata.normalize("NFKC", name).casefold().replace("&", "and")
    return re.sub(r"[\W_]+", "", text)


def names_of(row: pd.Series, column: str = "name") -> Names:
    """The three languages of ``name`` or ``short`` in one row of a list."""
    return {tag: str(row[f"{column}_{suffix}"]) for tag, suffix in COLUMNS.items()}


def spellings(table: pd.DataFrame, *columns: str) -> dict[str, str]:
    """Folded spelling -> value of the first column, over ``columns`` and the aliases."""
    key = table.columns[0]
    found: dict[str, str] = {}
    for _, row in table.iterrows():
        for name in [*(row[column] for column in columns), *row.get("aliases", "").split("|")]:
            if name:
                found.setdefault(folded(name), str(row[key]))
    return found
