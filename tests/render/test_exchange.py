"""Every exchange format is read back by another reader and compared with what was written."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from made import studied, table_of
from scipy import sparse

import graphmap as gm
from graphmap.accounts.flow_list import FlowList
from graphmap.errors import DataError
from graphmap.network import layout
from graphmap.panel import panel
from graphmap.render.exchange import FORMATS, files_of, network_files, write_network
from graphmap.render.exchange import data as exchange_data
from graphmap.render.exchange.data import cells, clean, exchanged, kind
from graphmap.render.palette import ROLE
from graphmap.render.tables import FORMULA_STARTS

FORMULA = '=HYPERLINK("x")'
HOSTILE = [FORMULA, "1", "01", "<script>&amp;", 'a"b,c', "مرحبا", "line\nbreak\x01", "@" * 300]


@pytest.fixture(scope="module")
def guangdong():
    return panel(studied("CN-GD"))


@pytest.fixture(scope="module")
def net(guangdong):
    return exchanged(guangdong)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)


@pytest.fixture
def hostile(quick):
    """Names and ids that are meant to harm."""
    n = len(HOSTILE)
    table = table_of(np.ones((n, n)), np.full(n, 99.0), co2=np.arange(n) * 1.0, names=HOSTILE)
    return panel(gm.study(replace(table, index=table.index.set_axis(HOSTILE))))


@pytest.fixture
def listed(quick):
    """Some flows of four sectors; of the last, neither output nor emissions are known."""
    table = table_of(np.zeros((4, 4)), np.ones(4))
    flows = np.array([[0, 5, 2, 0], [1, 0, 3, 0], [0, 2, 0, 4], [3, 0, 1, 0]], float)
    totals = pd.DataFrame(
        {"gross_output": [9, 9, 9, np.nan], "direct_co2": [3, 0, 1, np.nan]},
        index=table.index.index,
    )
    return panel(
        gm.study(
            FlowList(
                table.index, sparse.csr_array(flows), totals, "10k_yuan", table.source, 0.5, 8, 2017
            )
        )
    )


def one(found, suffix, **how) -> bytes:
    """The only file of a format."""
    (content,) = network_files(found, suffix, **how).values()
    return content


def as_read(column: pd.Series) -> list:
    return [None if cell is None else cell for cell in cells(column)]


# ---------------------------------------------------------------- GraphML


def test_graphml_is_read_back_with_every_value_and_type(guangdong, net) -> None:
    graph = nx.parse_graphml(one(guangdong, ".graphml").decode())
    assert isinstance(graph, nx.DiGraph)
    assert list(graph) == list(net.nodes["id"])
    assert set(graph.edges) == set(zip(net.edges["supplier"], net.edges["user"], strict=True))
    assert {key: graph.graph[key] for key in net.about} == net.about
    for _, row in net.nodes.iterrows():
        data = graph.nodes[row["id"]]
        assert set(data) == {*net.nodes.columns, "shape_type"} - {"id"}
        assert data["y"] == -row["y"]  # Gephi's points upwards
        for name in data.keys() - {"y", "shape_type"}:
            assert data[name] == row[name], name
            assert type(data[name]) is type(cells(net.nodes[name])[0]), name
    for _, row in net.edges.iterrows():
        data = graph.edges[row["supplier"], row["user"]]
        assert set(data) == {*net.edges.columns, "id"} - {"supplier", "user"}
        assert all(data[name] == row[name] for name in data.keys() - {"id"})


def test_graphml_has_dots_and_arrows_for_yed_and_no_key_that_gephi_takes_for_a_label(
    guangdong, net
) -> None:
    text = one(guangdong, ".graphml").decode()
    x, y, size = net.nodes.loc[0, ["x", "y", "size"]]
    box = re.search(r'<y:Geometry height="(.*?)" width="(.*?)" x="(.*?)" y="(.*?)"/>', text)
    height, width, left, top = map(float, box.groups())
    assert (height, width) == (2 * size, 2 * size)
    assert (left + size, top + size) == pytest.approx((x, y))
    assert text.count("<y:ShapeNode>") == 42
    assert text.count('target="standard"') == 88
    assert not re.search(r'<key id="d\d+"', text)


# ---------------------------------------------------------------- JSON


def test_json_is_what_d3_and_networkx_read(guangdong, net) -> None:
    found = json.loads(one(guangdong, ".json"))
    assert found["graph"] == net.about
    assert found["directed"] is True
    for name in net.nodes:
        assert [node[name] for node in found["nodes"]] == as_read(net.nodes[name])
    called = {"supplier": "source", "user": "target"}
    for name in net.edges:
        links = [link[called.get(name, name)] for link in found["links"]]
        assert links == as_read(net.edges[name])
    graph = nx.node_link_graph(found, edges="links")
    assert (len(graph), graph.number_of_edges()) == (42, 88)


def test_what_a_list_does_not_tell_is_null_and_never_zero(listed) -> None:
    text = one(listed, ".json").decode()
    assert "NaN" not in text
    found = json.loads(text)
    nodes = {node["id"]: node for node in found["nodes"]}
    assert nodes["n3"]["gross_output_10k_yuan"] is None
    assert nodes["n1"]["direct_co2_mt"] == 0
    co2 = {(e["source"], e["target"]): e["direct_co2_mt"] for e in found["links"]}
    assert co2["n3", "n0"] is None
    assert co2["n1", "n0"] == 0
    assert co2["n0", "n1"] == pytest.approx(3 / 9 * 5)
    assert not any("embodied_co2_mt" in link for link in found["links"])
    graph = nx.parse_graphml(one(listed, ".graphml").decode())
    assert "gross_output_10k_yuan" not in graph.nodes["n3"]
    assert "direct_co2_mt" not in graph.edges["n3", "n0"]
    for suffix in FORMATS:
        assert network_files(listed, suffix)


# ---------------------------------------------------------------- CX2

ASPECTS = {
    "attributeDeclarations",
    "networkAttributes",
    "nodes",
    "edges",
    "visualProperties",
    "visualEditorProperties",
}
PYTHON = {"boolean": bool, "integer": int, "double": float, "string": str}
ARROWS = {"none", "triangle", "triangle-cross", "square", "diamond", "circle", "vee", "tee"}


def read_cx2(content: bytes):
    """A CX 2.0 file by the rules of its specification: nodes, edges and style."""
    document = json.loads(content, parse_constant=pytest.fail)
    assert document[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert document[-1] == {"status": [{"success": True}]}
    assert all(len(block) == 1 for block in document[1:])
    blocks = {name: content for block in document[1:-1] for name, content in block.items()}
    assert len(blocks) == len(document) - 2
    meta = blocks.pop("metaData")
    assert {m["name"]: m["elementCount"] for m in meta} == {n: len(c) for n, c in blocks.items()}
    assert set(blocks) == ASPECTS
    (declared,) = blocks["attributeDeclarations"]
    (about,) = blocks["networkAttributes"]
    for values, types in [
        (about, declared["networkAttributes"]),
        *((element["v"], declared[of]) for of in ("nodes", "edges") for element in blocks[of]),
    ]:
        for name, value in values.items():
            assert type(value) is PYTHON[types[name]["d"]], name
            assert not isinstance(value, int) or -(2**31) <= value < 2**31
    ids = [node["id"] for node in blocks["nodes"]]
    assert all(type(node["x"]) is type(node["y"]) is float for node in blocks["nodes"])
    assert len(set(ids)) == len(ids)
    edges = [edge["id"] for edge in blocks["edges"]]
    assert len(set(edges)) == len(edges)
    assert {edge[end] for edge in blocks["edges"] for end in "st"} <= set(ids)
    (style,) = blocks["visualProperties"]
    assert style["default"]["edge"]["EDGE_TARGET_ARROW_SHAPE"] in ARROWS
    for of in ("node", "edge"):
        for name, mapping in style[f"{of}Mapping"].items():
            assert name.startswith(of.upper())
            definition = mapping["definition"]
            assert declared[f"{of}s"][definition["attribute"]]["d"] == definition["type"]
            assert mapping["type"] in ("PASSTHROUGH", "DISCRETE")
            assert ("map" in definition) == (mapping["type"] == "DISCRETE")
    return blocks["nodes"], blocks["edges"], style, about


def test_cx2_is_read_back_with_every_value(guangdong, net) -> None:
    nodes, edges, _, about = read_cx2(one(guangdong, ".cx2"))
    assert about["name"] == net.about["title"]
    for node, (_, row) in zip(nodes, net.nodes.iterrows(), strict=True):
        assert (node["x"], node["y"]) == (row["x"], row["y"])
        held = node["v"]
        assert (held.pop("node"), held.pop("name")) == (row["id"], row["label"])
        assert held.pop("size") == 2 * row["size"]
        assert held == {name: row[name] for name in held}
        assert len(held) == len(net.nodes.columns) - 6
    names = {node["id"]: row for node, row in zip(nodes, net.nodes["id"], strict=True)}
    for edge, (_, row) in zip(edges, net.edges.iterrows(), strict=True):
        assert (names[edge["s"]], names[edge["t"]]) == (row["supplier"], row["user"])
        assert edge["v"].pop("interaction") == "supplies"
        assert edge["v"] == {name: row[name] for name in edge["v"]}
        assert len(edge["v"]) == len(net.edges.columns) - 3


def test_cx2_is_coloured_by_role(guangdong) -> None:
    style = read_cx2(one(guangdong, ".cx2"))[2]
    for of, name in (("node", "NODE_BACKGROUND_COLOR"), ("edge", "EDGE_LINE_COLOR")):
        colours = style[f"{of}Mapping"][name]["definition"]["map"]
        assert {each["v"]: each["vp"] for each in colours} == ROLE


def test_cx2_of_a_list_and_of_hostile_names(listed, hostile) -> None:
    nodes, edges, *_ = read_cx2(one(listed, ".cx2"))
    assert "gross_output_10k_yuan" not in nodes[3]["v"]
    assert len(edges) == 8
    assert FORMULA in {node["v"]["name_en"] for node in read_cx2(one(hostile, ".cx2"))[0]}


# ---------------------------------------------------------------- CSV and Parquet


def test_a_table_written_whole_is_read_back_to_the_bit(guangdong, tmp_path) -> None:
    files = write_network(guangdong, tmp_path / "2017.csv", whole=True)
    assert files == files_of(tmp_path / "2017.csv")
    table, found = guangdong.latest.table, gm.read(tmp_path / "2017")
    assert (found.unit, found.year) == ("10k_yuan", 2017)
    np.testing.assert_array_equal(found.Z.toarray(), np.asarray(table.Z) * table.to_10k)
    np.testing.assert_array_equal(found.x, guangdong.latest.sectors["gross_output"])
    co2 = found.extensions["co2"]
    np.testing.assert_array_equal(co2.F, guangdong.latest.sectors["direct_co2"])
    for name in ("name_en", "name_zh_hans", "name_zh_hant", "region", "group"):
        assert list(found.index[name]) == list(guangdong.latest.sectors[name])
    again = gm.study(found)
    assert list(again.sectors["role"]) == list(guangdong.latest.sectors["role"])
    np.testing.assert_allclose(again.sectors["footprint"], guangdong.latest.sectors["footprint"])


def test_the_map_alone_is_read_back_as_its_flows(guangdong, net, tmp_path) -> None:
    write_network(guangdong, tmp_path / "gd.csv")
    flows = gm.network(gm.read(tmp_path / "gd"), "money").edges()
    written = net.edges.set_index(["supplier", "user"])["money_10k_yuan"]
    assert flows.set_index(["supplier", "user"])["weight"].to_dict() == written.to_dict()


def test_csv_holds_every_column_and_no_formula(hostile, tmp_path) -> None:
    whole, contents = exchanged(hostile), network_files(hostile, ".csv")
    for content, table in zip(contents.values(), (whole.nodes, whole.edges), strict=True):
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(rows) == len(table) + 1
        assert len(rows[0]) == len(table.columns)
        texts = [cell for row in rows for cell in row if not re.fullmatch(r"[-\d.e+]+", cell)]
        assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)
    write_network(hostile, tmp_path / "all.csv", whole=True)
    found = gm.read(tmp_path / "all")
    assert list(found.index["name_en"]) == [clean(name) for name in HOSTILE]
    assert found.Z.nnz == len(HOSTILE) ** 2


def test_what_a_spreadsheet_takes_for_a_formula_is_read_back_as_it_was(quick, tmp_path) -> None:
    names = [f"{start}1+1" for start in FORMULA_STARTS if start.strip()] + ["'quoted'", "it's"]
    table = table_of(np.ones((len(names), len(names))), np.full(len(names), 99.0), names=names)
    table = replace(table, index=table.index.set_axis(names))
    write_network(gm.panel(gm.study(table)), tmp_path / "made.csv", whole=True)
    again = gm.read(tmp_path / "made")
    assert list(again.index.index) == list(again.index["name_en"]) == names
    assert (again.Z.toarray() == table.Z).all()


def test_parquet_keeps_the_types(guangdong, net, listed) -> None:
    for found, whole in ((guangdong, net), (listed, exchanged(listed))):
        contents = network_files(found, ".parquet")
        assert list(contents) == ["/nodes.parquet", "/edges.parquet"]
        for content, table in zip(contents.values(), (whole.nodes, whole.edges), strict=True):
            back = pd.read_parquet(io.BytesIO(content))
            assert [kind(back[c]) for c in back] == [kind(table[c]) for c in table]
            pd.testing.assert_frame_equal(back, table, check_dtype=False, check_exact=True)


# ---------------------------------------------------------------- what all have in common


@pytest.mark.parametrize("suffix", [".graphml", ".json", ".parquet"])
def test_hostile_names_are_the_same_text_again(hostile, suffix) -> None:
    contents = list(network_files(hostile, suffix).values())
    wanted = [clean(name) for name in HOSTILE]
    if suffix == ".graphml":
        graph = nx.parse_graphml(contents[0].decode())
        found = [(node, data["name_en"]) for node, data in graph.nodes(data=True)]
    elif suffix == ".json":
        found = [(node["id"], node["name_en"]) for node in json.loads(contents[0])["nodes"]]
    else:
        back = pd.read_parquet(io.BytesIO(contents[0]))
        found = list(zip(back["id"], back["name_en"], strict=True))
    assert found == list(zip(wanted, wanted, strict=True))
    assert FORMULA in wanted
    assert "line break" in wanted


def test_ids_that_differ_by_a_control_character_only_are_refused(quick) -> None:
    table = table_of(np.ones((3, 3)), np.full(3, 9.0))
    study = gm.study(replace(table, index=table.index.set_axis(["a", "a\x01", "b"])))
    with pytest.raises(DataError, match="two sectors of one id"):
        network_files(panel(study), ".gexf")


def test_all_flows_are_those_of_the_table_and_the_map_is_told_from_the_rest(guangdong) -> None:
    study, whole = guangdong.latest, exchanged(guangdong, whole=True).edges
    assert len(whole) == study.networks["money"].weights.nnz
    for weight, net in study.networks.items():
        unit = net.unit.lower()
        assert whole[f"{weight}_{unit}"].sum() == pytest.approx(net.weights.sum())
    assert (whole["supplier"] == whole["user"]).sum() == 42
    drawn = whole[whole["drawn"]].drop(columns="drawn").reset_index(drop=True)
    pd.testing.assert_frame_equal(drawn, exchanged(guangdong).edges.drop(columns="drawn"))


def test_units_stand_in_the_names(net, quick) -> None:
    assert {"gross_output_10k_yuan", "direct_co2_mt", "supply_strength_mt"} <= {*net.nodes}
    assert {"money_10k_yuan", "direct_co2_mt", "embodied_co2_mt"} <= {*net.edges}
    Z = np.array([[0.0, 2.0], [1.0, 0.0]])
    dollars = exchanged(panel(gm.study(table_of(Z, [9.0, 9.0], unit="million_usd"))))
    assert {"gross_output_10k_usd", "supply_strength_10k_usd"} <= {*dollars.nodes}
    assert [c for c in dollars.edges if c.endswith(("usd", "mt"))] == ["money_10k_usd"]
    assert dollars.about["unit"] == "10k_usd"


def test_labels_and_title_are_in_the_language_asked_for(guangdong) -> None:
    found = exchanged(guangdong, lang="zh-Hant")
    assert found.nodes.loc[23, "label"] == "電力熱力"
    assert found.about["title"] == guangdong.latest.title["zh-Hant"]


def test_regions_stand_beside_one_another(quick) -> None:
    both = exchanged(panel(studied("CN-GD", "CN-ZJ")))
    assert len(both.nodes) == 84
    assert both.nodes["id"].is_unique
    assert set(both.nodes["region"]) == {"CN-GD", "CN-ZJ"}
    assert not both.nodes[["x", "y"]].duplicated().any()
    assert {"GD Construction", "ZJ Construction"} <= {*both.nodes["label"]}


def test_of_several_years_the_latest_is_written(quick) -> None:
    Z, x = np.array([[0.0, 2.0], [1.0, 0.0]]), [9.0, 9.0]
    years = [gm.study(replace(table_of(Z * k, x), year=y)) for k, y in ((1, 2015), (2, 2017))]
    found = exchanged(panel(years))
    assert found.about["year"] == 2017
    assert found.edges["money_10k_yuan"].tolist() == [4.0]  # 5 % of four cells


def test_the_same_network_gives_the_same_bytes_in_whatever_portions(guangdong, monkeypatch) -> None:
    before = [network_files(guangdong, suffix) for suffix in FORMATS]
    monkeypatch.setattr(exchange_data, "AT_ONCE", 7)
    fresh = panel(gm.study(gm.read("sample", region="CN-GD")))
    assert [network_files(fresh, suffix) for suffix in FORMATS] == before


@pytest.mark.parametrize("suffix", ["", ".pkl", ".xlsx", ".gexf.gz"])
def test_another_format_is_refused(guangdong, suffix, tmp_path) -> None:
    with pytest.raises(DataError, match="no format to exchange networks in"):
        write_network(guangdong, tmp_path / f"network{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_source_is_not_overwritten_and_an_export_is(guangdong, tmp_path) -> None:
    write_network(guangdong, tmp_path / "gd.csv")
    first = (tmp_path / "gd" / "edges.csv").read_bytes()
    write_network(guangdong, tmp_path / "gd.csv", whole=True)
    assert len((tmp_path / "gd" / "edges.csv").read_bytes()) > len(first)
    (tmp_path / "gd" / "nodes.csv").write_text("id,name,gross_output_10k_yuan\n")
    with pytest.raises(DataError, match="no export"):
        write_network(guangdong, tmp_path / "gd.csv")
