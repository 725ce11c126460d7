"""Reading the CSV files of this folder, and comparing names as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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


def shortened(name: str, most: int = 28) -> str:
    """``name`` as a label: without what many names of a list share, and cut to ``most``.

    Example:
        >>> shortened("Manufacture of glass and of very many other things (26)")
        'Glass and of very many othe…'
        >>> shortened("橡胶和塑料制品的制造", 9)
        '橡胶和塑料制品'
    """
    short = re.sub(r"\s*\(\d+\)$|的[制製]造$", "", name).removeprefix("Manufacture of ")
    short = short[:1].upper() + short[1:]
    return short if len(short) <= most else short[: most - 1].rstrip(" ,;、，；（(") + "…"


def _told_apart(names: list[str], most: int) -> list[str]:
    """Names cut to ``most``; those that would look alike keep their end, or are left whole."""
    labels = [shortened(name, most) for name in names]
    half = most // 2
    for whole in (False, True):
        twice = {label for label, count in Counter(labels).items() if count > 1}
        for i, label in enumerate(labels):
            if label in twice:
                full = shortened(names[i], len(names[i]))
                ends = full[: half - 1].rstrip() + "…" + full[half - most :].lstrip()
                labels[i] = full if whole or len(full) <= most else ends
    return labels


def completed(table: pd.DataFrame) -> pd.DataFrame:
    """A list in which no name is empty: missing Chinese falls back to English, short to long."""
    table = table.copy()
    for suffix, most in (("en", 28), ("zh_hans", 9), ("zh_hant", 9)):
        name, short = f"name_{suffix}", f"short_{suffix}"
        own = table[name] != ""
        table[name] = table[name].where(own, table["name_en"])
        labels = pd.Series(_told_apart(table[name].tolist(), most), index=table.index)
        labels = labels.where(own, table["short_en"]) if suffix != "en" else labels
        given = table[short] if short in table else pd.Series("", index=table.index)
        table[short] = given.where(given != "", labels)
    return table


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
