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
from graphmap.readers.columns import co2_of, column_of, columns_of, money_of
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
        DataError: a column is missing, or there are several of one figure; an id is unknown or
            stands twice; a figure is no number.
    """
    nodes, edges = (read_sheets(path)[0] for path in pair)
    of_node, of_edge = (columns_of(sheet) for sheet in (nodes, edges))
    for sheet in (nodes, edges):
        if sheet.shape[0] < 2:
            raise sheet.error("no rows under the header", expected="one row a sector or flow")
    ids = _ids(nodes, of_node)
    missing: list[str] = []
    output, unit = money_of(nodes, of_node, "gross_output")
    x = _numbers(nodes, of_node[output], pair[0], missing)
    stem, flow_unit = money_of(edges, of_edge, "flow")
    flows = _numbers(edges, of_edge[stem], pair[1], missing)
    place = {node: i for i, node in enumerate(ids)}
    ends = [_places(edges, of_edge, column, place) for column in ("supplier", "user")]
    n = len(ids)
    if units.currency(flow_unit) != units.currency(unit):
        what = f"cannot convert {flow_unit} into {unit}, the unit of nodes.csv"
        raise edges.error(what, 0, of_edge[stem])
    flows = flows * units.factor(flow_unit, unit)
    Z = sparse.csr_array(sparse.coo_array((flows, (ends[0], ends[1])), shape=(n, n)))
    for i in np.flatnonzero(x < 0).tolist():
        raise nodes.error("negative gross output", i + 1, of_node[output], found=f"{x[i]:g}")
    sales = np.asarray(Z.sum(axis=1)).ravel()
    inputs = np.asarray(Z.sum(axis=0)).ravel()
    index = _index(nodes, of_node, ids)
    source = Source("", " + ".join(path.name for path in pair), None, "", (words("note.edges"),))
    extensions = {}
    if (co2 := co2_of(nodes, of_node)) is not None:
        name, mass = co2
        F = _numbers(nodes, of_node[name], pair[0], missing) * units.factor(mass, "Mt")
        extensions["co2"] = Extension(F, np.zeros(1), "Mt", "CO2", source)
    return IOTable(
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
        extensions=extensions,
        missing=tuple(missing),
    )


def _numbers(sheet: Sheet, column: int, path: Path, missing: list[str]) -> Array:
    """The numbers under a header; cells left empty are zero, and named in ``missing``."""
    empty: list[str] = []
    values: Array = sheet.block(range(1, sheet.shape[0]), [column], empty)[:, 0]
    missing += [f"{path.name} {cell}" for cell in empty]
    return values


def _texts(sheet: Sheet, column: int) -> list[str]:
    texts = [sheet.text(row, column) for row in range(1, sheet.shape[0])]
    return [text[1:] if FORMULA.match(text) else text for text in texts]


def _ids(nodes: Sheet, columns: dict[str, int]) -> list[str]:
    at = columns[column_of(nodes, columns, "id")]
    ids = _texts(nodes, at)
    for row, node in enumerate(ids, start=1):
        if not node:
            raise nodes.error("an empty id", row, at, expected="a unique id in every row")
        if ids.index(node) != row - 1:
            raise nodes.error("the same id twice", row, at, found=node, expected="unique ids")
    return ids


def _places(edges: Sheet, columns: dict[str, int], column: str, place: dict[str, int]) -> list[int]:
    at = columns[column_of(edges, columns, column)]
    ids = _texts(edges, at)
    for row, node in enumerate(ids, start=1):
        if node not in place:
            near = nearest(node, place, 1)
            expected = "an id of nodes.csv" + (f", perhaps {near[0]!r}" if near else "")
            raise edges.error(f"unknown {column}", row, at, found=node, expected=expected)
    return [place[node] for node in ids]


def _index(nodes: Sheet, columns: dict[str, int], ids: list[str]) -> pd.DataFrame:
    def texts(name: str) -> list[str]:
        return _texts(nodes, columns[name]) if name in columns else [""] * len(ids)

    english, hans, hant = map(texts, NAMES)
    regions, groups = texts("region"), texts("group")
    labels = []
    for i, node in enumerate(ids):
        row = own_labels(list(filter(None, (english[i], hans[i]))) or [node])
        if hant[i]:
            row |= {"name_zh_hant": hant[i], "short_zh_hant": hant[i]}
        labels.append({**row, "group": groups[i]})
    index = pd.DataFrame(labels)
    known = [find_region(text) for text in regions]
    codes = [found.code if found else text for found, text in zip(known, regions, strict=True)]
    index.insert(0, "region", codes)
    index.insert(1, "code", ids)
    index.index = pd.Index(ids, name="node")
    return index
