"""What an exchange file holds: the sectors and flows of a panel, typed, placed and coloured."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.arrays import Array
from graphmap.errors import DataError
from graphmap.i18n import language
from graphmap.panel import Panel
from graphmap.render.palette import ROLE
from graphmap.render.payload import cited
from graphmap.render.tables import with_units
from graphmap.studied import Study, radii

DRAWN_NODE = ["id", "label", "x", "y", "size", "color"]
DRAWN_EDGE = ["supplier", "user", "weight", "width", "color"]
"""Columns that formats have places of their own for; the others are attributes."""

THINNEST, WIDEST, MOST = 0.9, 9.0, 1.2
"""Widths of flows, as on the page; one within a sector is at most ``MOST`` times the widest."""

AT_ONCE = 50_000
"""Rows that are turned into text together, so that millions of flows fit into the memory."""

LONE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, eq=False)
class Exchanged:
    """A network as every exchange file has it.

    Attributes:
        nodes: a row a sector: ``DRAWN_NODE`` (places on the canvas, y downwards; ``size`` is the
            radius), then every label and measure, units in the names.
        edges: a row a flow, largest first: ``DRAWN_EDGE``, whether the map has it (``drawn``), the
            supplier's role and every weight, units in the names. ``weight`` is the map's.
        about: title, description, creator, weight, its unit, and the year if it is known.

    Columns are of numbers, truth values or texts; texts have no character that a format forbids.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    about: dict[str, str | int]


def exchanged(panel: Panel, *, whole: bool = False, lang: str | None = None) -> Exchanged:
    """The latest study of a panel for exchange.

    Args:
        panel: what is exchanged.
        whole: all flows, those within sectors too, and not only those that the map draws.
        lang: the language of labels and title; the study's if left out.

    Raises:
        DataError: an unknown language, or two ids that differ by control characters only.

    Example:
        >>> from graphmap import panel, sample, study
        >>> found = exchanged(panel(study(sample.table().select(["CN-GD"]))))
        >>> len(found.nodes), len(found.edges), found.about["unit"]
        (42, 88, 'Mt')
    """
    study, tag = panel.latest, language(lang or panel.latest.lang)
    ids = _each_once([clean(node) for node in panel.ids[-1]], study)
    places = panel.layouts["chain"].positions.loc[list(panel.ids[-1])]
    size = study.sectors.get("gross_output", pd.Series(0.0, index=study.sectors.index))
    drawn = pd.DataFrame(
        {
            "id": ids,
            "label": [clean(label[tag]) for label in study.labels],
            "x": places["x"].to_numpy(float),
            "y": places["y"].to_numpy(float),
            "size": radii(size).round(2),
            "color": _colours(study),
        }
    )
    flow_unit, money = study.network.unit.lower(), study.networks["money"].unit
    measures = with_units(
        study.sectors.drop(columns="pinyin", errors="ignore"),
        money,
        supply_strength=flow_unit,
        use_strength=flow_unit,
    )
    measures = measures.drop(columns=[c for c in measures if c in DRAWN_NODE])
    nodes = drawn.join(
        pd.DataFrame({c: _typed(measures[c]) for c in measures}).set_index(drawn.index)
    )
    return Exchanged(nodes, _edges(study, np.array(ids, dtype=object), whole), _about(study, tag))


def _edges(study: Study, ids: np.ndarray, whole: bool) -> pd.DataFrame:
    n, kept = study.n, study.backbone.network.weights.tocoo()
    chosen = kept
    if whole:
        patterns = (net.weights != 0 for net in study.networks.values())
        chosen = sparse.coo_array(sum(patterns, sparse.csr_array((n, n))))
    flows = {
        weight: np.asarray(net.weights[chosen.row, chosen.col]).ravel()
        for weight, net in study.networks.items()
    }
    order = np.lexsort((chosen.col, chosen.row, -flows[study.weight]))
    rows, columns = chosen.row[order], chosen.col[order]
    if not study.complete and "direct_co2" in flows:  # not known is not zero
        unknown = study.sectors["direct_intensity"].isna().to_numpy()[chosen.row]
        flows["direct_co2"] = np.where(unknown, np.nan, flows["direct_co2"])
    values = flows[study.weight][order]
    on_map = np.isin(rows.astype(np.int64) * n + columns, kept.row.astype(np.int64) * n + kept.col)
    return pd.DataFrame(
        {
            "supplier": ids[rows],
            "user": ids[columns],
            "weight": values,
            "width": _widths(values, float(kept.data.max()) if kept.nnz else 0.0),
            "color": np.array(_colours(study), dtype=object)[rows],
            "supplier_role": study.sectors["role"].to_numpy(object)[rows],
            "drawn": on_map,
            **{
                f"{weight}_{net.unit.lower()}": flows[weight][order]
                for weight, net in study.networks.items()
            },
        }
    )


def _widths(values: Array, largest: float) -> Array:
    """As the square root of the flow."""
    share = np.sqrt(np.maximum(np.nan_to_num(values), 0) / (largest or 1.0))
    found: Array = (THINNEST + (WIDEST - THINNEST) * np.minimum(share, MOST)).round(2)
    return found


def _colours(study: Study) -> list[str]:
    return [ROLE[role] for role in study.sectors["role"]]


def _about(study: Study, tag: str) -> dict[str, str | int]:
    parts = [study.subtitle, study.notice, *(cited(source) for source in study.sources)]
    found: dict[str, str | int] = {
        "title": clean(study.title[tag]),
        "description": "; ".join(clean(part[tag]) for part in parts if part),
        "creator": f"graphmap {version('graphmap')}",
        "weight": study.weight,
        "unit": study.network.unit,
    }
    return found if study.year is None else {**found, "year": study.year}


def _each_once(ids: list[str], study: Study) -> list[str]:
    if len(set(ids)) < len(ids):
        twice = next(node for i, node in enumerate(ids) if node in ids[:i])
        raise DataError(
            "two sectors of one id, control characters and spaces aside",
            file=study.data.source.file,
            found=twice,
            expected="unique ids",
        )
    return ids


def clean(text: str) -> str:
    """The text on one line, as the readers have it, with nothing that XML forbids.

    Example:
        >>> clean("a\\x01b\\nc  d"), clean("\\ud800") == "\\ufffd"
        ('a b c d', True)
    """
    return " ".join(LONE.sub("\ufffd", CONTROL.sub(" ", text)).split())


def _typed(column: pd.Series) -> pd.Series:
    """The column as truth values, numbers or clean texts; what is not known stays missing."""
    if column.dtype == bool or pd.api.types.is_integer_dtype(column):
        return column
    if pd.api.types.is_float_dtype(column):
        return column.where(np.isfinite(column))
    known = column.dropna()
    if len(known) and all(isinstance(cell, (bool, np.bool_)) for cell in known):
        return column.astype("boolean")
    return column.map(lambda cell: clean(str(cell)), na_action="ignore").astype(object)


def kind(column: pd.Series) -> str:
    """``boolean``, ``integer``, ``double`` or ``string``, as all formats call them."""
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "double" if pd.api.types.is_float_dtype(column) else "string"


def cells(column: pd.Series) -> list[Any]:
    """The values as Python has them; what is missing is None."""
    known = column.notna()
    values: list[Any] = column.tolist()
    return values if known.all() else [v if k else None for v, k in zip(values, known, strict=True)]


def rows(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The table, so many rows at a time."""
    return (table.iloc[start : start + AT_ONCE] for start in range(0, len(table), AT_ONCE))


def joined(parts: Iterable[str]) -> bytes:
    """The parts as UTF-8, without a second copy of all of them."""
    out = io.BytesIO()
    for part in parts:
        out.write(part.encode("utf-8"))
    return out.getvalue()


def texts(column: pd.Series, quoted: Callable[[str], str]) -> list[str | None]:
    """The values as XML and JSON have them, numbers with every digit; what is missing is None.

    Args:
        column: as those of ``Exchanged``.
        quoted: what makes a text of the format of a text.
    """
    of, values = kind(column), cells(column)
    if of == "string":
        known = {text: quoted(text) for text in set(values) if text is not None}
        return [None if cell is None else known[cell] for cell in values]
    if of == "boolean":
        return [None if cell is None else "true" if cell else "false" for cell in values]
    return [None if cell is None else repr(cell) for cell in values]


def json_text(value: object) -> str:
    """The value as JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_rows(table: pd.DataFrame, missing: str | None) -> Iterator[str]:
    """A JSON object a row, with ``missing`` for what is not known, or without it.

    Put together column by column: an encoder that is called for every row takes far longer.
    """
    for part in rows(table):
        columns = []
        for name in part:
            start = f"{json_text(name)}:"
            columns.append(
                [
                    missing and start + missing if text is None else start + text
                    for text in texts(part[name], json_text)
                ]
            )
        for row in zip(*columns, strict=True):
            yield "{" + ",".join(filter(None, row)) + "}"


def listed(lines: Iterable[str]) -> Iterator[str]:
    """The lines as a JSON list, one below the other."""
    before = "[\n"
    for line in lines:
        yield before + line
        before = ",\n"
    yield "[]" if before == "[\n" else "]"
