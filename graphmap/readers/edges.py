"""A plain pair of CSV files, for people who have only flows.

``nodes.csv``, one row a sector:

=========================  =======================================================================
``id``                     unique, used in edges.csv
``name``                   in English or Chinese; ``name_zh_hans``, ``name_zh_hant`` as well if
                           there are both
``gross_output_<unit>``    gross output; ``<unit>`` is 10k_yuan, million_yuan, 100m_yuan, yuan,
                           million_usd, ... so that the unit is never left open
``co2_<unit>``             direct CO2 (optional); ``<unit>`` is mt, kt or t
``region``, ``group``      optional
=========================  =======================================================================

``edges.csv``, one row a flow: ``supplier``, ``user`` (ids) and ``flow_<unit>``.

What a sector produces beyond its sales to others is its final use, what it buys beyond its inputs
is its value added and imports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap import units
from graphmap.accounts.emissions import Extension, Source
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import find_region
from graphmap.errors import DataError, nearest
from graphmap.i18n import words
from graphmap.readers.labels import own_labels, year_of
from graphmap.readers.sheet import Sheet, read_sheets

NAMES = ("name", "name_zh_hans", "name_zh_hant")

FORMULA = re.compile("'(?=[=+@＝＋－＠-])")
"""The apostrophe that CSV for spreadsheets puts before what they would take for a formula."""


def pair_of(path: Path) -> tuple[Path, Path] | None:
    """The two files, given their folder or either of them; None if ``path`` is something else."""
    try:
        folder = path if path.is_dir() else path.parent
        pair = folder / "nodes.csv", folder / "edges.csv"
        is_pair = path.is_dir() or path.name in ("nodes.csv", "edges.csv")
        return pair if is_pair and all(file.exists() for file in pair) else None
    except OSError:  # a name that is too long, links in a circle: the next reader says so
        return None


def recognises_path(path: Path) -> bool:
    """Whether ``path`` is one of the pair, or the folder that holds both."""
    return pair_of(path) is not None


def read_path(path: Path, *, year: int | None = None, unit: str | None = None) -> IOTable:
    """As ``read``, of the pair that ``path`` belongs to.

    Raises:
        DataError: there is no such pair, or a unit is given.
    """
    pair = pair_of(path)
    if pair is None:
        raise DataError("no pair of nodes.csv and edges.csv", file=path)
    if unit is not None:
        raise DataError(
            "--sheet and --unit are for workbooks and national tables",
            file=path,
            found=unit,
            remedy="edges.csv and nodes.csv name the unit in their column names",
        )
    return read(pair, year=year)


def read(pair: tuple[Path, Path], *, year: int | None = None) -> IOTable:
    """The table that the two files describe; ``Z`` is sparse.

    Raises:
        DataError: a column is missing, an id is unknown or stands twice, a figure is no number.
    """
    nodes, edges = (_Columns(read_sheets(path)[0]) for path in pair)
    ids = nodes.texts("id")
    _each_once(nodes, ids)
    unit, x = nodes.money("gross_output")
    flow_unit, flows = edges.money("flow")
    place = {node: i for i, node in enumerate(ids)}
    ends = [_places(edges, column, place) for column in ("supplier", "user")]
    n = len(ids)
    if units.currency(flow_unit) != units.currency(unit):
        raise edges.error(
            f"cannot convert {flow_unit} into {unit}, the unit of nodes.csv", -1, "flow_"
        )
    flows = flows * units.factor(flow_unit, unit)
    Z = sparse.csr_array(sparse.coo_array((flows, (ends[0], ends[1])), shape=(n, n)))
    for i in np.flatnonzero(x < 0).tolist():
        raise nodes.error("negative gross output", i, "gross_output", found=f"{x[i]:g}")
    sales = np.asarray(Z.sum(axis=1)).ravel()
    inputs = np.asarray(Z.sum(axis=0)).ravel()
    index = _index(nodes, ids)
    source = Source("", " + ".join(path.name for path in pair), None, "", (words("note.edges"),))
    table = IOTable(
        Z=Z,
        Y=(x - sales)[:, None],
        V=(x - inputs)[None, :],
        imports=np.zeros(n),
        x=x,
        index=index,
        final_uses=pd.DataFrame({"region": [""], "category": ["final_use"]}),
        primary_inputs=("value_added_and_imports",),
        unit=unit,
        source=source,
        year=year or year_of(pair[0].resolve().parent.name),
    )
    extensions = {}
    for column in nodes.columns:
        if column.startswith("co2"):
            mass = units.MASS_SPELLINGS.get(column.removeprefix("co2").removeprefix("_"))
            if mass is None:
                raise nodes.error(
                    "unknown unit of CO2", -1, column, expected="co2_mt, co2_kt, co2_t"
                )
            F = nodes.numbers(column) * units.factor(mass, "Mt")
            extensions["co2"] = Extension(F, np.zeros(1), "Mt", "CO2", source)
    missing = [
        f"{path.name} {cell}"
        for path, columns in zip(pair, (nodes, edges), strict=True)
        for cell in columns.missing
    ]
    return replace(table, extensions=extensions, missing=tuple(missing))


class _Columns:
    """A CSV file by the names of its columns."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.missing: list[str] = []
        self.columns = {sheet.text(0, j).casefold(): j for j in range(sheet.shape[1])}
        if len(self.columns) < sheet.shape[1]:
            raise sheet.error("two columns of one name", 0, found=", ".join(self.columns))
        self.rows = range(1, sheet.shape[0])
        if not len(self.rows):
            raise sheet.error("no rows under the header", expected="one row a sector or flow")

    def column(self, name: str) -> int:
        if name not in self.columns:
            raise self.sheet.error(
                f"no column {name!r}", found=", ".join(self.columns), expected=f"{name!r}"
            )
        return self.columns[name]

    def texts(self, name: str) -> list[str]:
        column = self.column(name)
        texts = [self.sheet.text(row, column) for row in self.rows]
        return [text[1:] if FORMULA.match(text) else text for text in texts]

    def numbers(self, name: str) -> Array:
        return self.sheet.block(list(self.rows), [self.column(name)], self.missing)[:, 0]

    def money(self, stem: str) -> tuple[str, Array]:
        """Unit and values of the column ``<stem>_<unit>``."""
        for name in self.columns:
            if name.startswith(stem + "_"):
                return self._unit(name, name.removeprefix(stem + "_")), self.numbers(name)
        raise self.sheet.error(
            f"no column '{stem}_<unit>'",
            found=", ".join(self.columns),
            expected=f"for instance '{stem}_10k_yuan' or '{stem}_million_yuan'",
        )

    def _unit(self, column: str, text: str) -> str:
        try:
            return units.money_unit(text)
        except DataError as error:
            raise self.error(
                "unknown money unit", -1, column, found=text, expected=", ".join(units.MONEY_UNITS)
            ) from error

    def error(self, what: str, row: int, column: str, **more: object) -> DataError:
        at = next(j for name, j in self.columns.items() if name.startswith(column))
        return self.sheet.error(what, row + 1, at, **more)


def _each_once(nodes: _Columns, ids: Sequence[str]) -> None:
    for i, node in enumerate(ids):
        if not node:
            raise nodes.error("an empty id", i, "id", expected="a unique id in every row")
        if ids.index(node) != i:
            raise nodes.error("the same id twice", i, "id", found=node, expected="unique ids")


def _places(edges: _Columns, column: str, place: dict[str, int]) -> list[int]:
    ids = edges.texts(column)
    for row, node in enumerate(ids):
        if node not in place:
            near = nearest(node, place, 1)
            raise edges.error(
                f"unknown {column}",
                row,
                column,
                found=node,
                expected="an id of nodes.csv" + (f", perhaps {near[0]!r}" if near else ""),
            )
    return [place[node] for node in ids]


def _index(nodes: _Columns, ids: Sequence[str]) -> pd.DataFrame:
    given = [nodes.texts(name) if name in nodes.columns else [] for name in NAMES]
    regions = nodes.texts("region") if "region" in nodes.columns else [""] * len(ids)
    groups = nodes.texts("group") if "group" in nodes.columns else [""] * len(ids)
    labels = []
    for i in range(len(ids)):
        row = own_labels([column[i] for column in given[:2] if column and column[i]] or [ids[i]])
        if given[2] and given[2][i]:
            row |= {"name_zh_hant": given[2][i], "short_zh_hant": given[2][i]}
        labels.append({**row, "group": groups[i]})
    index = pd.DataFrame(labels)
    known = [find_region(text) for text in regions]
    codes = [found.code if found else text for found, text in zip(known, regions, strict=True)]
    index.insert(0, "region", codes)
    index.insert(1, "code", list(ids))
    index.index = pd.Index(ids, name="node")
    return index
