"""GraphML that Gephi and yEd open with places, sizes and colours, and networkx reads back."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from graphmap.render.exchange.data import Exchanged, cells, joined, kind, rows, texts

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:y="http://www.yworks.com/xml/graphml">\n'
)
TYPES = {"boolean": "boolean", "integer": "long", "double": "double", "string": "string"}


def graphml(net: Exchanged) -> bytes:
    """The network for Gephi, yEd and networkx.

    The attributes ``x``, ``y`` (upwards), ``size`` and ``color`` are what Gephi takes for places,
    radii and colours; yEd has its own elements, with y downwards. What is not known is left out.

    Example:
        >>> import graphmap as gm, networkx as nx
        >>> from graphmap.panel import panel
        >>> from graphmap.render.exchange.data import exchanged
        >>> net = exchanged(panel(gm.study(gm.read("sample", region="广东"))))
        >>> nx.parse_graphml(graphml(net).decode()).number_of_edges()
        88
    """
    return joined(_parts(net))


def _parts(net: Exchanged) -> Iterator[str]:
    nodes = net.nodes.assign(y=0.0 - net.nodes["y"])
    node_attributes = nodes.drop(columns="id")
    edge_attributes = net.edges.drop(columns=["supplier", "user"])
    about = pd.DataFrame({key: [value] for key, value in net.about.items()})
    yield HEAD
    # ids are no "d0", "d1", ...: Gephi takes "d3" for a label and "d7" for that of an edge
    yield '<key id="node_graphics" for="node" yfiles.type="nodegraphics"/>\n'
    yield '<key id="edge_graphics" for="edge" yfiles.type="edgegraphics"/>\n'
    for of, table in (("graph", about), ("node", node_attributes), ("edge", edge_attributes)):
        for i, name in enumerate(table):
            yield (
                f'<key id="{of}_{i}" for="{of}" attr.name={quoteattr(name)} '
                f'attr.type="{TYPES[kind(table[name])]}"/>\n'
            )
    yield '<graph id="network" edgedefault="directed">\n'
    yield from _values("graph", about)
    yield "\n"
    for part, down in zip(rows(nodes), rows(net.nodes), strict=True):
        yield "".join(_nodes(part, down["y"]))
    at = 0
    for part in rows(net.edges):
        yield "".join(_edges(part, at))
        at += len(part)
    yield "</graph>\n</graphml>\n"


def _nodes(part: pd.DataFrame, down: pd.Series) -> Iterator[str]:
    columns = (cells(part[c]) for c in ("id", "label", "color", "size", "x"))
    values = _values("node", part.drop(columns="id"))
    lines = zip(*columns, cells(down), values, strict=True)
    for node, label, colour, size, x, y, held in lines:
        wide = 2 * size
        yield (
            f'<node id={quoteattr(node)}><data key="node_graphics"><y:ShapeNode>'
            f'<y:Geometry height="{wide}" width="{wide}" x="{x - size}" y="{y - size}"/>'
            f'<y:Fill color="{colour}"/><y:BorderStyle hasColor="false" type="line" width="1.0"/>'
            '<y:NodeLabel modelName="sides" modelPosition="s" fontSize="12">'
            f"{escape(label)}</y:NodeLabel>"
            f'<y:Shape type="ellipse"/></y:ShapeNode></data>{held}</node>\n'
        )


def _edges(part: pd.DataFrame, at: int) -> Iterator[str]:
    quoted = {text: quoteattr(text) for text in {*part["supplier"], *part["user"]}}
    columns = (part[c].tolist() for c in ("supplier", "user", "color", "width"))
    values = _values("edge", part.drop(columns=["supplier", "user"]))
    lines = zip(*columns, values, strict=True)
    for i, (supplier, user, colour, width, held) in enumerate(lines, at):
        yield (
            f'<edge id="{i}" source={quoted[supplier]} target={quoted[user]}>'
            '<data key="edge_graphics"><y:PolyLineEdge>'
            f'<y:LineStyle color="{colour}" type="line" width="{width}"/>'
            '<y:Arrows source="none" target="standard"/></y:PolyLineEdge></data>'
            f"{held}</edge>\n"
        )


def _values(of: str, attributes: pd.DataFrame) -> Iterator[str]:
    columns = []
    for i, name in enumerate(attributes):
        start = f'<data key="{of}_{i}">'
        held = texts(attributes[name], escape)
        columns.append(["" if text is None else f"{start}{text}</data>" for text in held])
    for row in zip(*columns, strict=True):
        yield "".join(row)
