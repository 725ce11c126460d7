"""What pymrio has no place for, kept beside its system's own record: names, source, prices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pandas as pd
from scipy import sparse

from graphmap.accounts.table import IOTable
from graphmap.readers.stored_parts import source_from

RECORD = "graphmap"
"""The key of the record in ``system.meta.metadata``, which pymrio writes as JSON."""


def system_rows(table: IOTable) -> pd.MultiIndex:
    """Region and sector of each row.

    The sector is the node id without its region; one that is a number gets its name behind it,
    since pymrio's text files turn ``06`` into 6.
    """
    nodes = zip(table.index["region"], table.index.index, table.index["name_en"], strict=True)
    rows = [(region, _suffix(region, str(node)), name) for region, node, name in nodes]
    return pd.MultiIndex.from_tuples(
        [(r, f"{s} {name}" if re.fullmatch(r"[\d.]+", s) else s) for r, s, name in rows],
        names=["region", "sector"],
    )


def _suffix(region: str, node: str) -> str:
    return node.removeprefix(f"{region}.") if region else node


def record_of(table: IOTable, rows: pd.MultiIndex) -> dict[str, Any]:
    """Everything of ``table`` that the parts of a system cannot say; plain JSON."""
    labels = table.final_uses.index
    return {
        "rows": [list(row) for row in rows],
        "nodes": table.index.index.astype(str).tolist(),
        "index": {str(name): table.index[name].tolist() for name in table.index},
        "final_uses": {str(name): table.final_uses[name].tolist() for name in table.final_uses},
        "uses": None if isinstance(labels, pd.RangeIndex) else labels.astype(str).tolist(),
        "year": table.year,
        "prices": table.prices,
        "classification": table.classification,
        "missing": list(table.missing),
        "is_sparse": sparse.issparse(table.Z),
        "source": asdict(table.source),
        "sources": {key: asdict(found.source) for key, found in table.extensions.items()},
        "gases": {key: found.gas for key, found in table.extensions.items()},
    }


def recalled(table: IOTable, record: Mapping[str, Any] | None, rows: pd.MultiIndex) -> IOTable:
    """``table`` as read from a system, with what the record says of it.

    Where regions or sectors are others than those recorded (the system was aggregated), new
    sectors keep the labels they were read with, and the notes say where the table came from.
    """
    if not record:
        return table
    source = source_from(record["source"])
    same = record["rows"] == [list(row) for row in rows]
    if not same:
        source = replace(source, notes=(*source.notes, *table.source.notes))
    extensions = {
        key: replace(found, source=source_from(record["sources"][key]), gas=record["gases"][key])
        if key in record["sources"]
        else found
        for key, found in table.extensions.items()
    }
    order = [key for key in record["sources"] if key in extensions]
    order += [key for key in extensions if key not in record["sources"]]
    table = replace(
        table,
        source=source,
        prices=record["prices"],
        missing=tuple(record["missing"]),
        extensions={key: extensions[key] for key in order},
        Z=sparse.csr_array(table.Z) if record["is_sparse"] else table.Z,
    )
    final_uses = pd.DataFrame(record["final_uses"])
    if same and len(final_uses) == len(table.final_uses):
        # labels that pymrio's own names for a use say already are none of the table's
        if record.get("uses") is not None:
            final_uses.index = pd.Index(record["uses"], name="use")
        table = replace(table, final_uses=final_uses)
    index = _index(record, rows)
    if index is None:
        return table
    return replace(table, index=index, classification=record["classification"])


def _index(record: Mapping[str, Any], rows: pd.MultiIndex) -> pd.DataFrame | None:
    """The recorded labels of these rows; a sector in a region that is new has those of any."""
    exact = {tuple(row): i for i, row in enumerate(record["rows"])}
    of_sector = {sector: i for i, (_, sector) in reversed(list(enumerate(record["rows"])))}
    found = [exact.get(row, of_sector.get(row[1])) for row in rows]
    if None in found:
        return None
    index = pd.DataFrame(record["index"]).iloc[found].reset_index(drop=True)
    index["region"] = rows.get_level_values(0)
    old = [(record["rows"][i][0], record["nodes"][i]) for i in found]
    suffixes = [_suffix(region, node) for region, node in old]
    nodes = [
        node if region == before else f"{region}.{suffix}"
        for region, (before, node), suffix in zip(index["region"], old, suffixes, strict=True)
    ]
    index.index = pd.Index(nodes, name="node")
    return index
