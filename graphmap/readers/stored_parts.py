"""A table taken apart for storing: cells in row groups, and labels, units and sources as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import sparse

from graphmap.accounts.emissions import Extension, Source
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array, Matrix
from graphmap.errors import DataError

SCHEMA = pa.schema(
    [
        ("part", pa.string()),
        ("row", pa.int32()),
        ("column", pa.int32()),
        ("value", pa.float64()),
    ]
)
AT_ONCE = 1_000_000
"""Cells in a row group, which is what is held in memory beside the table."""

KINDS = ("str", "object", "int64", "float64", "bool")
"""Types of the columns of labels that are kept."""

Group = tuple[str, Array, Array, Array]
"""Name of the part, rows, columns and values of one row group."""


def arrays_of(table: IOTable) -> dict[str, Matrix]:
    """Every array of a table by the name of its part."""
    found = table.parts
    for name, extension in table.extensions.items():
        found |= {f"F:{name}": extension.F, f"F_Y:{name}": extension.F_Y}
    return found


def cells_of(table: IOTable) -> Iterator[pa.Table]:
    """The cells of every part in the order of its rows, a row group at a time."""
    for name, part in arrays_of(table).items():
        if sparse.issparse(part):
            stored = sparse.csr_array(part)
            values, width = stored.data, 1
            ends = [np.asarray(end) for end in stored.tocoo().coords]
        else:
            values = np.ascontiguousarray(part, np.float64).ravel()
            ends, width = [], part.shape[1] if part.ndim == 2 else 1
        for start in range(0, len(values), AT_ONCE):
            stop = min(start + AT_ONCE, len(values))
            rows, columns = (
                (end[start:stop] for end in ends) if ends else divmod(np.arange(start, stop), width)
            )
            lines = [
                pa.array([name]).take(pa.array(np.zeros(stop - start, np.int32))),
                pa.array(rows.astype(np.int32)),
                pa.array(columns.astype(np.int32)),
                pa.array(values[start:stop].astype(np.float64)),
            ]
            yield pa.Table.from_arrays(lines, schema=SCHEMA)


def groups_of(file: pq.ParquetFile) -> Iterator[Group]:
    """The row groups of a stored table, as ``cells_of`` made them."""
    for number in range(file.num_row_groups):
        cells = file.read_row_group(number, columns=SCHEMA.names)
        names = cells["part"].unique().to_pylist()
        if len(names) != 1:
            raise ValueError(f"row group {number} holds several parts")
        rows, columns, values = (cells[column].to_numpy() for column in SCHEMA.names[1:])
        yield names[0], rows, columns, values


def content_of(table: IOTable) -> dict[str, Any]:
    """Everything of a table but its figures, for JSON.

    Raises:
        DataError: a column of labels is of a type that is not kept.
    """
    return {
        "parts": {
            name: {"shape": part.shape, "sparse": bool(sparse.issparse(part))}
            for name, part in arrays_of(table).items()
        },
        "index": _labels(table.index),
        "final_uses": _labels(table.final_uses),
        "primary_inputs": table.primary_inputs,
        "unit": table.unit,
        "year": None if table.year is None else int(table.year),
        "prices": table.prices,
        "classification": table.classification,
        "missing": table.missing,
        "source": asdict(table.source),
        "extensions": {
            name: {"unit": each.unit, "gas": each.gas, "source": asdict(each.source)}
            for name, each in table.extensions.items()
        },
    }


def table_from(content: dict[str, Any], groups: Iterable[Group]) -> IOTable:
    """The table of a content and its cells.

    Raises:
        ValueError: cells are missing or stand outside their part.
    """
    arrays = _arrays(content["parts"], groups)
    own = {name: part for name, part in arrays.items() if ":" not in name}
    return IOTable(
        **own,
        index=_frame(content["index"]),
        final_uses=_frame(content["final_uses"]),
        primary_inputs=tuple(content["primary_inputs"]),
        unit=content["unit"],
        source=source_from(content["source"]),
        year=content["year"],
        prices=content["prices"],
        classification=content["classification"],
        extensions={
            name: Extension(
                arrays[f"F:{name}"],
                arrays[f"F_Y:{name}"],
                each["unit"],
                each["gas"],
                source_from(each["source"]),
            )
            for name, each in content["extensions"].items()
        },
        missing=tuple(content["missing"]),
    )


def _arrays(parts: dict[str, Any], groups: Iterable[Group]) -> dict[str, Matrix]:
    dense = {name: np.zeros(part["shape"]) for name, part in parts.items() if not part["sparse"]}
    filled = dict.fromkeys(dense, 0)
    found: dict[str, list[Group]] = {name: [] for name in parts if name not in dense}
    for group in groups:
        name, rows, columns, values = group
        if name in found:
            found[name].append(group)
            continue
        if rows.min() < 0 or columns.min() < 0:
            raise ValueError(f"a cell outside {name}")
        place = (rows, columns) if dense[name].ndim == 2 else rows
        dense[name][place] = values
        filled[name] += len(values)
    for name, part in dense.items():
        if filled[name] != part.size:
            raise ValueError(f"{filled[name]:,} of {part.size:,} cells of {name}")
    return dense | {name: _csr(parts[name]["shape"], each) for name, each in found.items()}


def _csr(shape: list[int], groups: list[Group]) -> sparse.csr_array:
    """The sparse part as it was: the order of its entries, zeros among them, is kept."""
    rows, columns, values = (
        np.concatenate([group[place] for group in groups]) if groups else np.zeros(0)
        for place in (1, 2, 3)
    )
    counts = np.bincount(rows.astype(np.int64), minlength=shape[0])
    if len(counts) > shape[0] or (len(columns) and columns.max() >= shape[1]):
        raise ValueError("a cell outside a sparse part")
    starts = np.concatenate([[0], np.cumsum(counts)])
    return sparse.csr_array((values, columns.astype(np.int32), starts), shape=tuple(shape))


def source_from(content: Mapping[str, Any]) -> Source:
    """A source as JSON keeps it, or as it was."""
    lists = {key: tuple(value) for key, value in content.items() if isinstance(value, list)}
    return Source(**{**content, **lists})


def _labels(frame: pd.DataFrame) -> dict[str, Any]:
    """Columns and index of a frame with the type of each; the index is called nothing."""
    lines = {**{str(name): frame[name] for name in frame.columns}, "": frame.index.to_series()}
    for name, line in lines.items():
        if str(line.dtype) not in KINDS:
            raise DataError(
                f"labels {name!r} of a type that is not kept",
                found=str(line.dtype),
                expected=", ".join(KINDS),
            )
    return {
        "columns": {
            name: {"type": str(line.dtype), "values": line.tolist()} for name, line in lines.items()
        },
        "name": frame.index.name,
        "range": frame.index.equals(pd.RangeIndex(len(frame))),
    }


def _frame(labels: dict[str, Any]) -> pd.DataFrame:
    lines = {
        name: pd.Series(line["values"], dtype=line["type"])
        for name, line in labels["columns"].items()
    }
    index: Any = pd.Index(lines.pop("").array, name=labels["name"])
    if labels["range"]:
        index = pd.RangeIndex(len(index), name=labels["name"])
    return pd.DataFrame({name: line.array for name, line in lines.items()}, index=index)
