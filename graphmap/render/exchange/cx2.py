"""CX 2.0, the format of Cytoscape: the network, and a style that is drawn from its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from graphmap.render.exchange.data import Exchanged, joined, json_rows, json_text, kind, listed
from graphmap.render.palette import INK, PAPER, ROLE

LABEL_BELOW = {
    "HORIZONTAL_ALIGN": "center",
    "VERTICAL_ALIGN": "top",
    "HORIZONTAL_ANCHOR": "center",
    "VERTICAL_ANCHOR": "bottom",
    "MARGIN_X": 0,
    "MARGIN_Y": 2,
    "JUSTIFICATION": "center",
}
SIDES = ["supplier", "user"]


def cx2(net: Exchanged) -> bytes:
    """The network for Cytoscape, whose y points downwards as that of the map.

    Nodes are numbered, as the format asks; their ids are the attribute ``node``, their labels
    ``name``. Sizes, widths and colours are mapped from attributes, so that they can be changed.

    Example:
        >>> import graphmap as gm
        >>> from graphmap.panel import panel
        >>> from graphmap.render.exchange.data import exchanged
        >>> net = exchanged(panel(gm.study(gm.read("sample", region="广东"))))
        >>> cx2(net)[:43].decode()
        '[{"CXVersion":"2.0","hasFragments":false},\\n'
    """
    return joined(_parts(net))


def _parts(net: Exchanged) -> Iterator[str]:
    nodes = net.nodes.drop(columns=["x", "y", "color"]).rename(
        columns={"id": "node", "label": "name"}
    )
    nodes["size"] = 2 * nodes["size"]  # Cytoscape asks how wide a node is
    edges = net.edges.drop(columns=[*SIDES, "color"]).assign(interaction="supplies")
    about = {"name" if key == "title" else key: value for key, value in net.about.items()}
    declared = {
        "networkAttributes": {
            key: {"d": "integer" if isinstance(value, int) else "string"}
            for key, value in about.items()
        },
        "nodes": _declared(nodes),
        "edges": _declared(edges),
    }
    counts = {
        "attributeDeclarations": 1,
        "networkAttributes": 1,
        "nodes": len(nodes),
        "edges": len(edges),
        "visualProperties": 1,
        "visualEditorProperties": 1,
    }
    numbered = {node: i for i, node in enumerate(net.nodes["id"])}
    yield '[{"CXVersion":"2.0","hasFragments":false},\n'
    yield _aspect("metaData", [{"name": k, "elementCount": n} for k, n in counts.items()])
    yield _aspect("attributeDeclarations", [declared])
    yield _aspect("networkAttributes", [about])
    yield '{"nodes":'
    yield from listed(_nodes(net.nodes, nodes))
    yield '},\n{"edges":'
    yield from listed(_edges(net.edges, edges, numbered))
    yield "},\n"
    yield _aspect("visualProperties", [_style()])
    yield _aspect("visualEditorProperties", [{"properties": EDITOR}])
    yield '{"status":[{"success":true}]}]\n'


EDITOR = {"nodeSizeLocked": False, "arrowColorMatchesEdge": True}


def _nodes(placed: pd.DataFrame, attributes: pd.DataFrame) -> Iterator[str]:
    places = zip(placed["x"].tolist(), placed["y"].tolist(), strict=True)
    known = json_rows(attributes, None)
    for i, ((x, y), values) in enumerate(zip(places, known, strict=True)):
        yield f'{{"id":{i},"x":{x},"y":{y},"v":{values}}}'


def _edges(ends: pd.DataFrame, attributes: pd.DataFrame, at: dict[str, int]) -> Iterator[str]:
    between = zip(*(ends[side].map(at).tolist() for side in SIDES), strict=True)
    known = json_rows(attributes, None)
    for i, ((supplier, user), values) in enumerate(zip(between, known, strict=True)):
        yield f'{{"id":{i},"s":{supplier},"t":{user},"v":{values}}}'


def _declared(attributes: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {name: {"d": kind(attributes[name])} for name in attributes}


def _aspect(name: str, content: list[Any]) -> str:
    return json_text({name: content}) + ",\n"


def _style() -> dict[str, Any]:
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": PAPER},
            "node": {
                "NODE_SHAPE": "ellipse",
                "NODE_BACKGROUND_COLOR": ROLE["other"],
                "NODE_BORDER_WIDTH": 0,
                "NODE_LABEL_COLOR": INK,
                "NODE_LABEL_FONT_SIZE": 12,
                "NODE_LABEL_POSITION": LABEL_BELOW,
            },
            "edge": {
                "EDGE_LINE_COLOR": ROLE["other"],
                "EDGE_OPACITY": 0.6,
                "EDGE_CURVED": True,
                "EDGE_SOURCE_ARROW_SHAPE": "none",
                "EDGE_TARGET_ARROW_SHAPE": "triangle",
                "EDGE_TARGET_ARROW_COLOR": ROLE["other"],
            },
        },
        "nodeMapping": {
            "NODE_LABEL": _passed("name", "string"),
            "NODE_WIDTH": _passed("size", "double"),
            "NODE_HEIGHT": _passed("size", "double"),
            "NODE_BACKGROUND_COLOR": _by_role("role"),
        },
        "edgeMapping": {
            "EDGE_WIDTH": _passed("width", "double"),
            "EDGE_LINE_COLOR": _by_role("supplier_role"),
            "EDGE_TARGET_ARROW_COLOR": _by_role("supplier_role"),
        },
    }


def _passed(attribute: str, of: str) -> dict[str, Any]:
    return {"type": "PASSTHROUGH", "definition": {"attribute": attribute, "type": of}}


def _by_role(attribute: str) -> dict[str, Any]:
    colours = [{"v": role, "vp": colour} for role, colour in ROLE.items()]
    return {
        "type": "DISCRETE",
        "definition": {"attribute": attribute, "type": "string", "map": colours},
    }
