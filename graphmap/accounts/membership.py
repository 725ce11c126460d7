"""Applying a matrix that says which share of each region-sector belongs to which new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.lookup import node_ids
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array, Matrix
from graphmap.classification import LISTS, sector_list
from graphmap.classification.concordance import Concordance
from graphmap.i18n import Names, words


def bundled(name: str) -> pd.DataFrame | None:
    """The sectors of a bundled list, indexed by code; None for a list of somebody's own."""
    return sector_list(name).sectors if name in LISTS else None


def membership(keys: pd.MultiIndex, places: list[str]) -> tuple[sparse.csr_array, list[int]]:
    """(n, N) which row belongs to which key, by the order of ``places``; the first row of each."""
    first: dict[tuple[object, ...], int] = {}
    for i, key in enumerate(keys):
        first.setdefault(key, i)
    order = sorted(first, key=lambda key: places.index(str(key[0])))
    column = {key: j for j, key in enumerate(order)}
    at = (range(len(keys)), [column[key] for key in keys])
    S = sparse.csr_array(sparse.coo_array((np.ones(len(keys)), at), (len(keys), len(order))))
    return S, [first[key] for key in order]


def in_sectors(
    table: IOTable,
    of_sector: sparse.csr_array,
    targets: Sequence[str],
    concordance: Concordance,
    what: str,
) -> IOTable:
    """The table in the sectors ``targets``, given (n, N) what goes to each within a region."""
    regions = pd.Index(table.regions).get_indexer(pd.Index(table.index["region"]))
    cells = sparse.coo_array(of_sector)
    rows, columns = cells.coords
    wide = regions[rows] * len(targets) + columns
    used, column = np.unique(wide[cells.data != 0], return_inverse=True)
    kept = cells.data != 0
    shape = (table.n, len(used))
    S = sparse.csr_array(sparse.coo_array((cells.data[kept], (rows[kept], column)), shape))
    of_region = [table.regions[i] for i in used // len(targets)]
    codes = [targets[j] for j in used % len(targets)]
    listed = bundled(concordance.target)
    if listed is not None:
        labels = listed.loc[codes].reset_index()
    else:
        # a sector of nobody's list is of the group that most of its output comes from
        group, most = table.index["group"].to_numpy(), np.empty(len(used), object)
        by_output = np.argsort(table.x[rows[kept]], kind="stable")
        most[column[by_output]] = group[rows[kept][by_output]]
        labels = pd.DataFrame({"code": codes, "group": most})
        for name in table.index.columns.difference(["region", "code", "group", "pinyin"]):
            labels[name] = codes
    labels.insert(0, "region", of_region)
    labels = labels.reindex(columns=table.index.columns, fill_value="")
    labels.index = node_ids(of_region, codes)
    note = words(
        f"note.{what}",
        source=concordance.source or "–",
        target=concordance.target or "–",
        before=table.n,
        after=len(used),
    )
    return transformed(table, S, labels, note, concordance.target if listed is not None else None)


def transformed(
    table: IOTable,
    S: sparse.csr_array,
    index: pd.DataFrame,
    note: Names,
    classification: str | None,
    T: sparse.csr_array | None = None,
    final_uses: pd.DataFrame | None = None,
) -> IOTable:
    """The table with (n, N) ``S`` applied to region-sectors and (k, K) ``T`` to final uses."""

    def uses(values: Array) -> Array:
        return values if T is None else values @ T

    def both(flows: Matrix) -> Matrix:
        summed = (S.T @ flows) @ S
        return sparse.csr_array(summed) if sparse.issparse(flows) else np.asarray(summed)

    inside, Z_imports, Y_imports = table.imports_inside, table.Z_imports, table.Y_imports
    return replace(
        table.noted(note),
        Z=both(table.Z),
        Y=uses(S.T @ table.Y),
        V=table.V @ S,
        imports=table.imports @ S,
        x=table.x @ S,
        index=index,
        final_uses=table.final_uses if final_uses is None else final_uses,
        classification=classification,
        extensions={
            name: replace(extension, F=extension.F @ S, F_Y=uses(extension.F_Y))
            for name, extension in table.extensions.items()
        },
        imports_inside=None if inside is None else inside @ S,
        Z_imports=None if Z_imports is None else both(Z_imports),
        Y_imports=None if Y_imports is None else uses(S.T @ Y_imports),
    )
