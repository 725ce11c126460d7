"""Ends of flows in long form that only look like sectors of a table of its own list."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from graphmap.readers.long_rows import Rows
from graphmap.readers.sides import TOTAL


def refuse_totals(rows: Rows, data: pd.DataFrame, names: Sequence[str]) -> None:
    """A total among the sectors would count all sales or inputs a second time.

    Args:
        data: the rows, with ``supplier`` and ``user``.
        names: what would be sectors.

    Raises:
        DataError: one of ``names`` says that it is a total.
    """
    for name in filter(TOTAL.search, names):
        raise rows.error(
            "a total among the sectors",
            _first(data, name),
            found=name,
            expected="flows, and totals by their own names (GO, TIU, TFU, TII, TVA, TI)",
            remedy="leave its rows out, or give them the name of what they are",
        )


def refuse_two_spellings(rows: Rows, data: pd.DataFrame, names: Sequence[str]) -> None:
    """``1`` and ``01`` are one code, which a spreadsheet has cut in one of two columns.

    Raises:
        DataError: two of ``names`` are one number.
    """
    spelt: dict[float, str] = {}
    for name in names:
        known = spelt.setdefault(float(name), name) if re.fullmatch(r"\d+(\.0)?", name) else name
        if known != name:
            raise rows.error(
                "one code in two spellings",
                _first(data, name),
                found=f"{name}, elsewhere {known}",
                expected="each code written one way, among suppliers and users alike",
            )


def refuse_inputs(rows: Rows, data: pd.DataFrame) -> None:
    """What pays wages under a name nobody knows looks like a sector that uses nothing.

    A true one sells to a final use, or to few of the others, or has a gross output, or a row as
    a user.

    Args:
        data: the rows, with ``supplier``, ``user``, ``supplier_kind`` and ``user_kind``.

    Raises:
        DataError: a supplier of most of the others uses nothing and has no final use or output.
    """
    users = set(data.loc[data["user_kind"] == "sector", "user"].unique())
    made = data.loc[data["user_kind"].isin(["final_use", "gross_output"]), "supplier"].unique()
    only = data[(data["supplier_kind"] == "sector") & ~data["supplier"].isin([*users, *made])]
    served = only[only["user_kind"] == "sector"].groupby("supplier", observed=True)["user"]
    for name in served.nunique()[lambda count: count > len(users) / 2].index[:1]:
        raise rows.error(
            "a supplier of most sectors that uses nothing and has no final use",
            _first(data, name),
            found=name,
            expected="a sector, or an input by a usual name (VA001, TVA, IM)",
            remedy="name the input it is; give a sector that truly uses nothing one row as a "
            "user, with the value 0",
        )


def _first(data: pd.DataFrame, name: str) -> int:
    """The first row with ``name`` at one end."""
    return int(np.flatnonzero((data["supplier"] == name) | (data["user"] == name))[0])
