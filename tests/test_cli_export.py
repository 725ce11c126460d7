"""``graphmap export``, as the program is called."""

from __future__ import annotations

import json

import networkx as nx
import pytest
import typer
from typer.testing import CliRunner

import graphmap as gm
from graphmap.cli.export import export
from graphmap.errors import DataError

app = typer.Typer()
app.command()(export)


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_network_is_written_and_its_file_named(tmp_path) -> None:
    out = tmp_path / "network.gexf"
    found = run("sample", "--region", "广东", "--lang", "zh-Hans", "--out", out)
    assert found.exit_code == 0, found.exception
    assert found.stdout.splitlines() == [str(out)]
    graph = nx.read_gexf(out)
    assert (len(graph), graph.number_of_edges()) == (42, 88)
    assert graph.nodes["CN-GD.24"]["label"] == "电力热力"


def test_all_flows_and_the_options_of_map(tmp_path) -> None:
    out = tmp_path / "gd.json"
    found = run("sample", "--region", "GD", "--weight", "money", "--all", "--out", out, "--json")
    assert json.loads(found.stdout) == {"files": [str(out)]}
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["graph"]["weight"] == "money"
    assert len(written["links"]) == gm.network(gm.read("sample", region="GD"), "money").weights.nnz


def test_a_folder_of_csv_is_a_source_again(tmp_path) -> None:
    found = run("sample", "--region", "GD", "--out", tmp_path / "gd.csv")
    files = [str(tmp_path / "gd" / name) for name in ("nodes.csv", "edges.csv")]
    assert found.stdout.splitlines() == files
    again = run(tmp_path / "gd", "--out", tmp_path / "again.gexf")
    assert again.exit_code == 0, again.exception


def test_a_source_is_never_written_over(tmp_path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    nodes = "id,name,gross_output_10k_yuan\na,A,100\nb,B,100\n"
    (folder / "nodes.csv").write_text(nodes)
    (folder / "edges.csv").write_text("supplier,user,flow_10k_yuan\na,b,20\nb,a,5\n")
    found = run(folder, "--out", tmp_path / "mine.csv")
    assert isinstance(found.exception, DataError)
    assert "would overwrite" in str(found.exception)
    assert (folder / "nodes.csv").read_text() == nodes


def test_an_export_that_is_read_is_not_replaced_by_what_is_drawn_of_it(tmp_path) -> None:
    assert run("sample", "--region", "GD", "--all", "--out", tmp_path / "gd.csv").exit_code == 0
    edges = (tmp_path / "gd" / "edges.csv").read_bytes()
    for source in (tmp_path / "gd", tmp_path / "gd" / "nodes.csv"):
        found = run(source, "--out", tmp_path / "gd.csv")
        assert "would overwrite" in str(found.exception)
    assert (tmp_path / "gd" / "edges.csv").read_bytes() == edges


@pytest.mark.parametrize("name", ["network.pkl", "network", "network.gexf.gz"])
def test_another_format_is_refused_before_anything_is_read(tmp_path, name) -> None:
    found = run("no such source.xlsx", "--out", tmp_path / name)
    assert isinstance(found.exception, DataError)
    assert ".gexf, .graphml, .cx2, .json, .csv, .parquet" in str(found.exception)
    assert list(tmp_path.iterdir()) == []
