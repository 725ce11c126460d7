"""Small systems of pymrio, and whether tables are the same to the bit."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio
from pandas.testing import assert_frame_equal
from scipy import sparse

sys.path.append(str(Path(__file__).parents[1] / "accounts"))
from small_tables import dense

ARRAYS = ("Y", "V", "imports", "x", "imports_inside", "Z_imports", "Y_imports")
PLAIN = (
    "primary_inputs", "unit", "source", "year", "prices", "classification", "missing", "regions"
)  # fmt: skip


def assert_same_table(found, expected) -> None:
    """Equal to the bit, in everything a table holds."""
    assert sparse.issparse(found.Z) == sparse.issparse(expected.Z)
    assert dense(found).tobytes() == dense(expected).tobytes()
    for name in ARRAYS:
        a, b = getattr(found, name), getattr(expected, name)
        assert (a is None) == (b is None), name
        assert a is None or np.array_equal(a, b), name
    for name in PLAIN:
        assert getattr(found, name) == getattr(expected, name), name
    assert_frame_equal(found.index, expected.index, check_dtype=False)
    assert_frame_equal(found.final_uses, expected.final_uses, check_dtype=False)
    assert list(found.extensions) == list(expected.extensions)
    for key, extension in expected.extensions.items():
        again = found.extensions[key]
        assert np.array_equal(again.F, extension.F)
        assert np.array_equal(again.F_Y, extension.F_Y)
        assert (again.unit, again.gas, again.source) == (
            extension.unit,
            extension.gas,
            extension.source,
        )


def system_of(**parts):
    """A small system of one region and two sectors, in million euro unless said otherwise."""
    rows = pd.MultiIndex.from_product([["DE"], ["a", "b"]], names=["region", "sector"])
    columns = pd.MultiIndex.from_tuples([("DE", "GFCF")], names=["region", "category"])
    Z = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], index=rows, columns=rows)
    Y = pd.DataFrame([[7.0], [3.0]], index=rows, columns=columns)
    unit = pd.DataFrame({"unit": ["Million USD"] * 2}, index=rows)
    return pymrio.IOSystem(**{"Z": Z, "Y": Y, "unit": unit, "name": "made", **parts})


def extension_of(name, rows, units, F_Y=None, levels=("stressor",)):
    columns = system_of().Z.columns
    index = pd.MultiIndex.from_tuples([row if isinstance(row, tuple) else (row,) for row in rows])
    index = index.set_names(levels) if len(levels) > 1 else pd.Index(rows, name=levels[0])
    F = pd.DataFrame(np.arange(2.0 * len(rows)).reshape(-1, 2) + 1, index=index, columns=columns)
    return {"name": name, "F": F, "F_Y": F_Y, "unit": pd.DataFrame({"unit": units}, index=index)}
