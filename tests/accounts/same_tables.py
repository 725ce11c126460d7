"""Are two tables the same, to the bit, and what do their notes say of repairs?"""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.i18n import LANGUAGES


def figures_of(table):
    """Every figure of a table by name; sparse parts as dense ones."""
    found = {
        name: getattr(table, name)
        for name in ("Z", "Y", "V", "imports", "x", "imports_inside", "Z_imports", "Y_imports")
        if getattr(table, name) is not None
    }
    found |= {f"F {name}": each.F for name, each in table.extensions.items()}
    return {name: np.asarray(p.toarray() if sparse.issparse(p) else p) for name, p in found.items()}


def assert_same(one, other, but=("source",)):
    """Equal to the bit in every figure, and in everything else but some fields."""
    ours, theirs = figures_of(one), figures_of(other)
    assert ours.keys() == theirs.keys()
    for name, part in ours.items():
        assert part.tobytes() == theirs[name].tobytes(), name
    for field in fields(one):
        if field.name in ours or field.name in ("extensions", *but):
            continue
        mine, its = getattr(one, field.name), getattr(other, field.name)
        same = mine.equals(its) if isinstance(mine, pd.DataFrame) else mine == its
        assert same, field.name


def notes_of(table):
    """Notes of the repairs, complete in three languages."""
    for note in table.source.notes:
        assert set(note) == set(LANGUAGES)
    return [note["en"] for note in table.source.notes if "Repaired" in note["en"]]
