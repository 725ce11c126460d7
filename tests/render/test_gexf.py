"""GEXF: every element, attribute and value as the format has it; read back by networkx.

No package registry holds the schema of the format, so its rules for what we write stand here.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest
from made import studied, table_of

import graphmap as gm
from graphmap.network import layout
from graphmap.panel import panel
from graphmap.render.exchange.data import cells, exchanged
from graphmap.render.exchange.gexf import gexf
from graphmap.render.palette import ROLE

GRAPH, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"
NAME = re.compile(r"(?s).*")
TOKEN = re.compile(r"(?!\s)(?!.*(?:\s\s|[\n\t\r]))(?s:.*)(?<!\s)|")
WHOLE, REAL = re.compile(r"-?\d+"), re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
SIZE = re.compile(r"\d+(\.\d+)?")
CHANNEL = re.compile(r"\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]")
TYPE = re.compile("integer|long|double|float|boolean|string|anyURI|liststring")
VALUES = {
    "integer": WHOLE,
    "double": REAL,
    "boolean": re.compile("true|false"),
    "string": NAME,
}
RULES = {
    "gexf": ({"version": re.compile(r"1\.3")}, {}, ["meta", "graph"]),
    "meta": ({}, {}, ["creator", "keywords", "description"]),
    "creator": ({}, {}, []),
    "keywords": ({}, {}, []),
    "description": ({}, {}, []),
    "graph": (
        {},
        {
            "defaultedgetype": re.compile("directed|undirected|mutual"),
            "mode": re.compile("static|dynamic|slice"),
            "idtype": re.compile("integer|string"),
        },
        ["attributes", "attributes", "nodes", "edges"],
    ),
    "attributes": ({"class": re.compile("node|edge")}, {"mode": re.compile("static")}, None),
    "attribute": ({"id": NAME, "title": NAME, "type": TYPE}, {}, []),
    "nodes": ({}, {"count": WHOLE}, None),
    "edges": ({}, {"count": WHOLE}, None),
    "node": ({"id": NAME}, {"label": TOKEN}, None),
    "edge": ({"id": NAME, "source": NAME, "target": NAME}, {"weight": REAL}, None),
    "attvalues": ({}, {}, None),
    "attvalue": ({"for": NAME, "value": NAME}, {}, []),
    "viz:color": ({"r": CHANNEL, "g": CHANNEL, "b": CHANNEL}, {}, []),
    "viz:position": ({"x": REAL, "y": REAL, "z": REAL}, {}, []),
    "viz:size": ({"value": SIZE}, {}, []),
    "viz:thickness": ({"value": SIZE}, {}, []),
}
"""Element -> attributes it must have, may have, and its children in order if that is fixed."""

INSIDE = {
    "attributes": {"attribute"},
    "nodes": {"node"},
    "edges": {"edge"},
    "attvalues": {"attvalue"},
    "node": {"attvalues", "viz:color", "viz:position", "viz:size"},
    "edge": {"attvalues", "viz:color", "viz:thickness"},
}


def named(element) -> str:
    return element.tag.replace(GRAPH, "").replace(VIZ, "viz:")


def faults(content: bytes) -> list[str]:
    """What the format forbids in a file, or asks for and is not there."""
    root = ElementTree.fromstring(content)
    found = []
    for element in root.iter():
        name = named(element)
        if name not in RULES:
            found.append(f"element {name}")
            continue
        must, may, inside = RULES[name]
        children = [named(child) for child in element]
        found += [f"{name} without {a}" for a in must if a not in element.attrib]
        for attribute, value in element.attrib.items():
            rule = (must | may).get(attribute)
            if rule is None or not rule.fullmatch(value):
                found.append(f"{name} {attribute}={value!r}")
        if inside is not None and children != inside:
            found.append(f"{name} with {children}")
        if inside is None and not set(children) <= INSIDE[name]:
            found.append(f"{name} with {children}")
        if name in ("node", "edge") and len(set(children)) < len(children):
            found.append(f"{name} with {children}")
        if name in ("nodes", "edges") and int(element.get("count")) != len(children):
            found.append(f"{name} count")
    for of in ("node", "edge"):
        declared = {
            a.get("id"): a.get("type")
            for a in root.iterfind(
                f"{GRAPH}graph/{GRAPH}attributes[@class='{of}']/{GRAPH}attribute"
            )
        }
        elements = list(root.iter(f"{GRAPH}{of}"))
        ids = [element.get("id") for element in elements]
        found += [f"{of} twice"] * (len(set(ids)) < len(ids))
        for value in (v for element in elements for v in element.iter(f"{GRAPH}attvalue")):
            kind = declared.get(value.get("for"))
            if kind not in VALUES or not VALUES[kind].fullmatch(value.get("value")):
                found.append(f"{of} attvalue {value.attrib}")
    nodes = {node.get("id") for node in root.iter(f"{GRAPH}node")}
    for edge in root.iter(f"{GRAPH}edge"):
        found += [
            f"edge to {edge.get(end)}" for end in ("source", "target") if edge.get(end) not in nodes
        ]
    return found


@pytest.fixture(scope="module")
def guangdong():
    return exchanged(panel(studied("CN-GD")))


@pytest.fixture
def hostile(monkeypatch):
    """Names and ids that are meant to harm; one sector whose figures are not known."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    ids = [
        "1",
        "01",
        '<a href="x">&amp;',
        "=HYPERLINK(1)",
        "]]>",
        "مرحبا",
        "a\x00b\x0bc",
        "x" * 999,
    ]
    n = len(ids)
    table = table_of(np.ones((n, n)), np.full(n, 99.0), co2=np.arange(n) * 1.0, names=ids)
    study = gm.study(replace(table, index=table.index.set_axis(ids)))
    sectors = study.sectors.copy()
    sectors.loc["1", ["footprint", "priority"]] = [np.nan, np.inf]
    return exchanged(panel(replace(study, sectors=sectors)))


def test_the_file_is_as_the_format_asks(guangdong) -> None:
    assert faults(gexf(guangdong)) == []


def test_the_file_of_all_flows_is_too(monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    assert faults(gexf(exchanged(panel(studied("CN-GD", "CN-ZJ")), whole=True))) == []


def test_hostile_names_are_text(hostile) -> None:
    content = gexf(hostile)
    assert faults(content) == []
    graph = nx.read_gexf(io.BytesIO(content))
    assert list(graph) == list(hostile.nodes["id"])
    assert '<a href="x">&amp;' in graph
    assert "a b c" in graph  # control characters, which XML has no place for, are spaces
    assert [data["name_en"] for _, data in graph.nodes(data=True)] == list(hostile.nodes["name_en"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'version="1.3"', b'version="2"'),
        (b"<viz:size", b"<viz:sice"),
        (b'r="', b'r="9'),
        (b'type="double"', b'type="real"'),
        (b'type="double"', b'type="integer"'),
        (b'<edge id="1" source="', b'<edge id="1" source="no'),
        (b'<edge id="1"', b'<edge id="0"'),
        (b'count="', b'count="1'),
        (b"<attvalue for=", b"<attvalue fur="),
        (b"</creator>", b"</creator><viz:size value='1'/>"),
        (b'<viz:size value="', b'<viz:size value="-'),
        (b' label="', b' label=" '),
    ],
)
def test_the_check_can_fail(guangdong, old, new) -> None:
    content = gexf(guangdong)
    assert old in content
    assert faults(content.replace(old, new, 1))


def test_networkx_reads_every_value_back_with_its_type(guangdong) -> None:
    graph = nx.read_gexf(io.BytesIO(gexf(guangdong)))
    assert isinstance(graph, nx.DiGraph)
    nodes, edges = guangdong.nodes, guangdong.edges
    assert list(graph) == list(nodes["id"])
    assert set(graph.edges) == set(zip(edges["supplier"], edges["user"], strict=True))
    for _, row in nodes.iterrows():
        data = graph.nodes[row["id"]]
        assert set(data) == {*nodes.columns, "viz"} - {"id", "x", "y", "size", "color"}
        for name in data.keys() - {"viz"}:
            assert data[name] == row[name], name
            assert type(data[name]) is type(cells(nodes[name])[0]), name
        viz = data["viz"]
        assert viz["size"] == row["size"]
        assert (viz["position"]["x"], viz["position"]["y"]) == (row["x"], -row["y"])
    for _, row in edges.iterrows():
        data = graph.edges[row["supplier"], row["user"]]
        assert set(data) == {*edges.columns, "id"} - {"supplier", "user", "width", "color"}
        assert all(data[name] == row[name] for name in data.keys() - {"id"})


def test_it_says_what_networkx_writes_of_the_same_network(guangdong) -> None:
    """The peer has neither places nor units; the figures are the same."""
    study, peer = studied("CN-GD"), io.BytesIO()
    nx.write_gexf(study.backbone.network.to_networkx(), peer)
    theirs = nx.read_gexf(io.BytesIO(peer.getvalue()))
    ours = nx.read_gexf(io.BytesIO(gexf(guangdong)))
    assert list(theirs) == list(ours)
    assert set(theirs.edges) == set(ours.edges)
    assert all(theirs.edges[e]["weight"] == ours.edges[e]["weight"] for e in ours.edges)
    for name in study.sectors.columns.drop("pinyin"):
        called = next(c for c in guangdong.nodes if c == name or c.startswith(f"{name}_"))
        assert nx.get_node_attributes(theirs, name) == nx.get_node_attributes(ours, called), name


def test_colours_say_the_role_and_width_the_flow(guangdong) -> None:
    root = ElementTree.fromstring(gexf(guangdong))

    def colour(element):
        found = element.find(f"{VIZ}color")
        return "#" + "".join(f"{int(found.get(channel)):02x}" for channel in "rgb")

    roles = dict(zip(guangdong.nodes["id"], guangdong.nodes["role"], strict=True))
    assert len(set(roles.values())) == 4
    for node in root.iter(f"{GRAPH}node"):
        assert colour(node) == ROLE[roles[node.get("id")]]
    edges = list(root.iter(f"{GRAPH}edge"))
    for edge in edges:
        assert colour(edge) == ROLE[roles[edge.get("source")]]
    widths = [float(edge.find(f"{VIZ}thickness").get("value")) for edge in edges]
    weights = [float(edge.get("weight")) for edge in edges]
    assert weights == sorted(weights, reverse=True)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 9.0


def test_what_is_not_known_is_left_out(hostile) -> None:
    graph = nx.read_gexf(io.BytesIO(gexf(hostile)))
    assert "footprint_mt" not in graph.nodes["1"]
    assert "priority" not in graph.nodes["1"]
    assert "footprint_mt" in graph.nodes["01"]


def test_it_has_no_date(guangdong) -> None:
    head = gexf(guangdong)[:900].decode()
    assert "lastmodifieddate" not in head
    assert "Guangdong 2017" in head
    assert "<creator>graphmap" in head
