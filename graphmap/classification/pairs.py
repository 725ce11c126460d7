"""What a concordance's pairs have to be, and shares within a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from graphmap.errors import DataError

TOLERANCE = 1e-6
"""How far the weights of a source may be from 1: weights are written with few decimals."""


def some(codes: Sequence[str], most: int = 5) -> str:
    """The first of ``codes``, and how many more there are."""
    return ", ".join(codes[:most]) + (f" and {len(codes) - most} more" * (len(codes) > most))


def faults(pairs: pd.DataFrame) -> list[tuple[str, list[int]]]:
    """What is wrong with ``pairs`` (source, target, weight), and the rows (from 0) where it is.

    Example:
        >>> faults(pd.DataFrame({"source": ["a"], "target": ["x"], "weight": [0.5]}))
        [('weights that do not sum to 1', [0])]
    """
    tests: list[tuple[str, Callable[[], pd.Series]]] = [
        ("empty codes", lambda: (pairs[["source", "target"]] == "").any(axis=1)),
        ("pairs that stand twice", lambda: pairs.duplicated(["source", "target"])),
        ("weights outside 0 to 1", lambda: ~_shares_or_missing(pairs["weight"])),
        ("weights for only some of the targets of a sector", lambda: _mixed(pairs)),
        ("weights that do not sum to 1", lambda: _not_whole(pairs)),
    ]
    return [(what, np.flatnonzero(here).tolist()) for what, test in tests if (here := test()).any()]


def _shares_or_missing(weight: pd.Series) -> pd.Series:
    return weight.isna() | ((weight >= 0) & (weight <= 1 + TOLERANCE))


def _mixed(pairs: pd.DataFrame) -> pd.Series:
    missing = pairs["weight"].isna().groupby(pairs["source"])
    return missing.transform("any") & ~missing.transform("all")


def _not_whole(pairs: pd.DataFrame) -> pd.Series:
    total = pairs.groupby("source")["weight"].transform("sum")
    return pairs["weight"].notna() & ((total - 1).abs() > TOLERANCE)


def alone(pairs: pd.DataFrame) -> pd.Series:
    """Pairs whose source has no other target: without a weight, theirs is 1."""
    return ~pairs["source"].duplicated(keep=False)


def refuse_sizes(sizes: pd.Series, codes: pd.Series) -> None:
    """Refuse sizes that nothing can be split by.

    Raises:
        DataError: a size is missing, negative or not finite.
    """
    wrong = ~(np.isfinite(sizes) & (sizes >= 0))
    if wrong.any():
        first = wrong.idxmax()
        raise DataError(
            f"no size to split by for sector {codes[first]}",
            found=sizes[first],
            expected="a number of 0 or more, e.g. its gross output",
        )


def shares(whole: pd.Series, size: pd.Series) -> pd.Series:
    """``size`` over its sum within ``whole``; where the sum is nothing, even shares."""
    largest = size.groupby(whole).transform("max")
    scaled = size / largest.where(largest > 0)  # sums of very small or large sizes stay numbers
    total = scaled.groupby(whole).transform("sum")
    even = 1.0 / size.groupby(whole).transform("size")
    return (scaled / total).where(largest > 0, even)
