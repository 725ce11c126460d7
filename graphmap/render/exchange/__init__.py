"""Files that other programs read: the format is the suffix of the name."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from graphmap.errors import DataError
from graphmap.panel import Panel
from graphmap.render.exchange.cx2 import cx2
from graphmap.render.exchange.data import Exchanged, exchanged, joined, json_rows, json_text, listed
from graphmap.render.exchange.gexf import gexf
from graphmap.render.exchange.graphml import graphml
from graphmap.render.files import write_all
from graphmap.render.tables import csv_of

READ_BACK = {"name_en": "name", "direct_co2_mt": "co2_mt"}
"""Columns that ``graphmap.read`` knows by another name."""


def node_link(net: Exchanged) -> bytes:
    """JSON for d3 and networkx: ``nodes`` with ``id``, ``links`` with ``source`` and ``target``.

    Places are those of the map, y downwards, as d3 has them; what is not known is null.
    """
    links = net.edges.rename(columns={"supplier": "source", "user": "target"})
    return joined(_node_link(net, links))


def _node_link(net: Exchanged, links: pd.DataFrame) -> Iterator[str]:
    yield '{"directed":true,"multigraph":false,\n"graph":' + json_text(net.about)
    for name, table in (("nodes", net.nodes), ("links", links)):
        yield f',\n"{name}":'
        yield from listed(json_rows(table, "null"))
    yield "}\n"


def csv_pair(net: Exchanged) -> dict[str, bytes]:
    """A folder with nodes.csv and edges.csv, which ``graphmap.read`` reads as a table."""
    money = next(name for name in net.edges if name.startswith("money_"))
    edges = net.edges.rename(columns={money: money.replace("money_", "flow_", 1)})
    return {
        "/nodes.csv": csv_of(net.nodes.rename(columns=READ_BACK)).encode(),
        "/edges.csv": csv_of(edges).encode(),
    }


def parquet_pair(net: Exchanged) -> dict[str, bytes]:
    """The same folder as Parquet, with the types of the columns."""
    return {"/nodes.parquet": _parquet(net.nodes), "/edges.parquet": _parquet(net.edges)}


def _parquet(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out, index=False)
    return out.getvalue()


WRITERS: dict[str, Callable[[Exchanged], bytes | dict[str, bytes]]] = {
    ".gexf": gexf,
    ".graphml": graphml,
    ".cx2": cx2,
    ".json": node_link,
    ".csv": csv_pair,
    ".parquet": parquet_pair,
}

FORMATS = tuple(WRITERS)
PAIRS = (".csv", ".parquet")
"""Formats of a folder with a file of nodes and one of edges."""

OURS = {"nodes.csv": {b"size", b"color"}, "edges.csv": {b"width", b"supplier_role"}}
"""Columns that tell an export from a source that somebody has written."""


def network_files(
    panel: Panel, suffix: str, *, whole: bool = False, lang: str | None = None
) -> dict[str, bytes]:
    """The latest network of a panel as files of one format.

    Args:
        panel: what is exchanged.
        suffix: one of ``FORMATS``.
        whole: all flows of the table, those within sectors too; else those that the map draws.
        lang: the language of labels and title; names are there in all three.

    Returns:
        What follows the name of each file (``.gexf``, or ``/nodes.csv`` in a folder of that name)
        and its content. The same panel gives the same bytes.

    Raises:
        DataError: another format.

    Example:
        >>> from graphmap import panel, sample, study
        >>> found = panel(study(sample.table().select(["CN-GD"])))
        >>> list(network_files(found, ".gexf")), list(network_files(found, ".csv"))
        (['.gexf'], ['/nodes.csv', '/edges.csv'])
    """
    found = WRITERS[known_format(suffix)](exchanged(panel, whole=whole, lang=lang))
    return found if isinstance(found, dict) else {suffix: found}


def known_format(suffix: str) -> str:
    """The one of ``FORMATS`` that a suffix names, in small letters or not.

    Raises:
        DataError: another format.

    Example:
        >>> known_format(".GEXF")
        '.gexf'
    """
    if suffix.lower() not in WRITERS:
        raise DataError(
            "no format to exchange networks in",
            found=suffix or "a name without a suffix",
            expected=", ".join(FORMATS),
        )
    return suffix.lower()


def write_network(
    panel: Panel, path: str | Path, *, whole: bool = False, lang: str | None = None
) -> list[Path]:
    """Write the latest network of a panel, in the format of the suffix of ``path``.

    ``.csv`` and ``.parquet`` are a folder of the name with a file of nodes and one of edges.

    Returns:
        The files written.

    Raises:
        DataError: another format, a place that cannot be written, or a nodes.csv or edges.csv
            there that is no export of graphmap: it may be somebody's source.

    Example:
        >>> from graphmap import panel, sample, study
        >>> found = panel(study(sample.table().select(["CN-GD"])))
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [file.name for file in write_network(found, Path(folder) / "gd.csv")]
        ['nodes.csv', 'edges.csv']
    """
    path = Path(path)
    contents = network_files(panel, path.suffix, whole=whole, lang=lang)
    files = dict(zip(files_of(path), contents.values(), strict=True))
    for file in files:
        _refuse_another(file)
    write_all(files)
    return list(files)


def files_of(path: Path) -> list[Path]:
    """What ``write_network`` writes for a name: one file, or a folder with two.

    Example:
        >>> [file.as_posix() for file in files_of(Path("out/gd.csv"))]
        ['out/gd/nodes.csv', 'out/gd/edges.csv']
    """
    suffix = known_format(path.suffix)
    if suffix not in PAIRS:
        return [path]
    return [path.with_suffix("") / f"{of}{suffix}" for of in ("nodes", "edges")]


def _refuse_another(file: Path) -> None:
    """A folder with a source of nodes.csv and edges.csv is not written over."""
    if file.name not in OURS or not file.is_file():
        return
    with file.open("rb") as there:
        columns = there.readline(10_000).strip().split(b",")
    if not OURS[file.name] <= set(columns):
        raise DataError(
            "would overwrite a file that is no export",
            file=file,
            remedy="choose another name with --out",
        )
