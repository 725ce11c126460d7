"""GEXF 1.3, the format of Gephi: attributes with types, and how everything is drawn.

The XSD published with the format puts colours, places and sizes into the namespace of the graph.
Gephi, networkx and the examples of the format itself look for them in that of ``viz``; so they
stand there.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from graphmap.render.exchange.data import (
    DRAWN_EDGE,
    DRAWN_NODE,
    Exchanged,
    cells,
    joined,
    kind,
    rows,
    texts,
)

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
)


def gexf(net: Exchanged) -> bytes:
    """The network for Gephi: y points upwards there, and ``size`` is the radius of a dot.

    What is not known is left out. There is no date in it, so the same network gives the same file.

    Example:
        >>> import graphmap as gm
        >>> from graphmap.panel import panel
        >>> from graphmap.render.exchange.data import exchanged
        >>> net = exchanged(panel(gm.study(gm.read("sample", region="广东"))))
        >>> gexf(net).count(b"<edge ")
        88
    """
    return joined(_parts(net))


def _parts(net: Exchanged) -> Iterator[str]:
    about = net.about
    yield HEAD
    yield f"<meta><creator>{escape(str(about['creator']))}</creator>"
    yield f"<keywords>{escape(keywords(net))}</keywords>"
    yield f"<description>{escape(described(net))}</description></meta>\n"
    yield '<graph defaultedgetype="directed" mode="static" idtype="string">\n'
    yield from _declared("node", net.nodes.drop(columns=DRAWN_NODE))
    yield from _declared("edge", net.edges.drop(columns=DRAWN_EDGE))
    yield f'<nodes count="{len(net.nodes)}">\n'
    for part in rows(net.nodes):
        yield "".join(_nodes(part))
    yield f'</nodes>\n<edges count="{len(net.edges)}">\n'
    at = 0
    for part in rows(net.edges):
        yield "".join(_edges(part, at))
        at += len(part)
    yield "</edges>\n</graph>\n</gexf>\n"


def keywords(net: Exchanged) -> str:
    """What flows, in which unit, and when."""
    return ", ".join(str(net.about[key]) for key in ("weight", "unit", "year") if key in net.about)


def described(net: Exchanged) -> str:
    """Title and description on one line."""
    return f"{net.about['title']}; {net.about['description']}"


def _declared(of: str, attributes: pd.DataFrame) -> Iterator[str]:
    yield f'<attributes class="{of}" mode="static">\n'
    for i, name in enumerate(attributes):
        yield f'<attribute id="{i}" title={quoteattr(name)} type="{kind(attributes[name])}"/>\n'
    yield "</attributes>\n"


def _nodes(part: pd.DataFrame) -> Iterator[str]:
    ids, labels = map(quoteattr, part["id"]), map(quoteattr, part["label"])
    places = zip(cells(part["x"]), cells(part["y"]), cells(part["size"]), strict=True)
    values = _values(part.drop(columns=DRAWN_NODE))
    for node, label, (x, y, size), colour, held in zip(
        ids, labels, places, map(_colour, part["color"]), values, strict=True
    ):
        yield (
            f"<node id={node} label={label}>{held}"
            f'<viz:size value="{size}"/><viz:position x="{x}" y="{0.0 - y}" z="0.0"/>{colour}'
            "</node>\n"
        )


def _edges(part: pd.DataFrame, at: int) -> Iterator[str]:
    quoted = {text: quoteattr(text) for text in {*part["supplier"], *part["user"]}}
    coloured = {colour: _colour(colour) for colour in set(part["color"])}
    columns = (part[c].tolist() for c in ("supplier", "user", "width", "color"))
    values = _values(part.drop(columns=DRAWN_EDGE))
    lines = zip(texts(part["weight"], str), *columns, values, strict=True)
    for i, (weight, supplier, user, width, colour, held) in enumerate(lines, at):
        weighs = "" if weight is None else f' weight="{weight}"'
        yield (
            f'<edge id="{i}" source={quoted[supplier]} target={quoted[user]}{weighs}>{held}'
            f'<viz:thickness value="{width}"/>{coloured[colour]}</edge>\n'
        )


def _values(attributes: pd.DataFrame) -> Iterator[str]:
    columns = []
    for i, name in enumerate(attributes):
        start = f'<attvalue for="{i}" value='
        held = texts(attributes[name], quoted)
        columns.append(["" if text is None else f'{start}"{text}"/>' for text in held])
    for row in zip(*columns, strict=True):
        yield f"<attvalues>{''.join(row)}</attvalues>"


def quoted(text: str) -> str:
    """The text for between quotation marks."""
    return escape(text, {'"': "&quot;"})


def _colour(colour: str) -> str:
    r, g, b = bytes.fromhex(colour.removeprefix("#"))
    return f'<viz:color r="{r}" g="{g}" b="{b}"/>'
