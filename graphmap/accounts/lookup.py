"""What the region-sectors of a table are called, and which of them a user means."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.accounts.table import IOTable
from graphmap.classification import find_region, group_names, sector_list
from graphmap.classification.lists import folded
from graphmap.errors import DataError, nearest
from graphmap.i18n import COLUMNS

NAMES = tuple(f"name_{suffix}" for suffix in COLUMNS.values())
SHORT_NAMES = (*(f"short_{suffix}" for suffix in COLUMNS.values()), "pinyin")
NEAREST_SHOWN = 4


def node_ids(regions: Iterable[str], codes: Iterable[str]) -> pd.Index:
    """What region-sectors are called: the code behind its region, alone where there is none.

    Example:
        >>> node_ids(["CN-GD", ""], ["24", "24"]).tolist()
        ['CN-GD.24', '24']
    """
    pairs = zip(regions, codes, strict=True)
    return pd.Index([f"{region}.{code}" if region else code for region, code in pairs], name="node")


def find_sectors(table: IOTable, text: str) -> NDArray[np.intp]:
    """Positions of the region-sectors that ``text`` means, in the table's order.

    Tried in turn: a node id, a code, a name, a short name or another spelling in any language, a
    group of industries. The first that fits decides. All but the node id mean the sector in every
    region of the table, unless the region stands before it (``广东 · 建筑``).

    Raises:
        DataError: nothing in the table is called so; the message names what comes nearest.

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> table.index.index[find_sectors(table, "CN-GD.24")].tolist()
        ['CN-GD.24']
        >>> table.index.index[find_sectors(table, "建筑")].tolist()
        ['CN-GD.27', 'CN-ZJ.27']
        >>> len(find_sectors(table, "Mining"))
        8
    """
    exact, loose = text.strip().casefold(), folded(text)
    if loose:
        for means in (_by_id(table, exact), *_by_name(table, loose), _by_group(table, loose)):
            if means.any():
                return np.flatnonzero(means)
    place, between, rest = text.partition("·")
    if between and (known := find_region(place)):
        found = find_sectors(table, rest)
        in_place = (table.index["region"].iloc[found] == known.code).to_numpy(dtype=bool)
        if in_place.any():
            return np.asarray(found[in_place])
    raise _unknown(table, text)


def _by_id(table: IOTable, exact: str) -> NDArray[np.bool_]:
    nodes = table.index.index.astype(str).str.casefold() == exact
    codes = table.index["code"].astype(str).str.casefold() == exact
    return np.asarray(nodes if nodes.any() else codes)


def _by_name(table: IOTable, loose: str) -> list[NDArray[np.bool_]]:
    """By full names, by short names, by the other spellings of the table's list."""
    named = [
        reduce(np.logical_or, [table.index[c].map(folded).to_numpy() == loose for c in columns])
        for columns in (NAMES, SHORT_NAMES)
    ]
    code = sector_list(table.classification).code(loose) if table.classification else None
    return [*named, (table.index["code"] == code).to_numpy()]


def _by_group(table: IOTable, loose: str) -> NDArray[np.bool_]:
    groups = [
        group
        for group, names in group_names().items()
        if loose in map(folded, (group, *names.values()))
    ]
    return np.asarray(table.index["group"].isin(groups))


def _unknown(table: IOTable, text: str) -> DataError:
    known = table.index.drop_duplicates("code")
    columns = ("code", *NAMES, *(c for c in SHORT_NAMES if c != "pinyin"))
    spellings = [known.index.astype(str), *(known[c] for c in columns)]
    groups = [name for group, names in group_names().items() for name in (group, *names.values())]
    names = [str(name) for column in spellings for name in column if name] + groups
    holding = [name for name in names if folded(text) and folded(text) in folded(name)]
    near = list(dict.fromkeys([*holding, *nearest(text, names)]))[:NEAREST_SHOWN]
    shown = near or [f"{row['code']} {row['name_en']}" for _, row in known.head(3).iterrows()]
    return DataError(
        "no such sector in the table",
        file=table.source.file,
        found=text,
        expected=("one like " if near else "a code, a name or a group, such as ")
        + ", ".join(shown),
    )
