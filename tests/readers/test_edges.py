"""The plain pair of CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from workbooks import refusal, save_csv

from graphmap import sample
from graphmap.accounts import check
from graphmap.readers import read

NODES: list[list[Any]] = [
    ["id", "name", "gross_output_10k_yuan", "co2_mt", "region"],
    ["power", "Electricity", 100, 9.5, "Guangdong"],
    ["steel", "钢铁", 80, 4, "广东"],
    ["ships", "<b>Ships</b>", 50, 0, "GD"],
]
EDGES: list[list[Any]] = [
    ["supplier", "user", "flow_10k_yuan"],
    ["power", "steel", 30],
    ["steel", "ships", 25.5],
    ["power", "power", 5],
    ["power", "ships", 2],
    ["power", "ships", 1],
]


def pair(folder: Path, nodes: list[list[Any]] = NODES, edges: list[list[Any]] = EDGES) -> Path:
    save_csv(folder / "nodes.csv", nodes)
    save_csv(folder / "edges.csv", edges)
    return folder


def changed(rows: list[list[Any]], row: int, column: int, value: object) -> list[list[Any]]:
    copy = [list(line) for line in rows]
    copy[row][column] = value
    return copy


def test_flows_run_from_supplier_to_user(tmp_path: Path) -> None:
    table = read(pair(tmp_path))
    assert table.Z.toarray().tolist() == [[5, 30, 3], [0, 0, 25.5], [0, 0, 0]]
    assert table.x.tolist() == [100, 80, 50]
    assert table.co2 is not None
    assert table.co2.tolist() == [9.5, 4, 0]
    assert table.index.index.tolist() == ["power", "steel", "ships"]
    assert table.regions == ["CN-GD"]
    assert table.unit == "10k_yuan"
    assert [finding.severity for finding in check(table)] == ["ok"]


def test_names_are_kept_as_they_are_written(tmp_path: Path) -> None:
    table = read(pair(tmp_path))
    assert table.names(0)["en"] == "Electricity"
    assert table.names(1) == {"en": "钢铁", "zh-Hans": "钢铁", "zh-Hant": "鋼鐵"}
    assert table.names(2)["en"] == "<b>Ships</b>"


@pytest.mark.parametrize("given", ["", "nodes.csv", "edges.csv"])
def test_the_folder_or_either_file_will_do(tmp_path: Path, given: str) -> None:
    assert read(pair(tmp_path) / given).n == 3


def test_a_table_written_as_a_pair_comes_back(tmp_path: Path) -> None:
    table = sample.table()
    nodes = [
        ["id", "name", "name_zh_hans", "name_zh_hant", "gross_output_100m_yuan", "co2_mt", "region"]
    ]
    for i, node in enumerate(table.index.index):
        names = table.names(i)
        co2 = 0.0 if table.co2 is None else float(table.co2[i])
        x = float(table.x[i])
        place = table.index["region"].iloc[i]
        nodes.append([node, names["en"], names["zh-Hans"], names["zh-Hant"], x, co2, place])
    ids = table.index.index
    flows = [
        [ids[i], ids[j], repr(float(table.Z[i, j]))] for i, j in np.argwhere(table.Z > 0).tolist()
    ]
    found = read(pair(tmp_path, nodes, [["supplier", "user", "flow_100m_yuan"], *flows[::-1]]))
    assert (found.Z.toarray() == table.Z).all()
    assert found.x.tolist() == table.x.tolist()
    assert found.co2 is not None and table.co2 is not None
    assert found.co2.tolist() == table.co2.tolist()
    assert found.regions == table.regions
    assert [found.names(i) for i in range(found.n)] == [table.names(i) for i in range(table.n)]
    assert read(tmp_path, region="广东").n == 42


def test_flows_in_another_unit_are_converted(tmp_path: Path) -> None:
    edges = changed(EDGES, 0, 2, "flow_100m_yuan")
    nodes = changed(NODES, 0, 2, "gross_output_million_yuan")
    table = read(pair(tmp_path, nodes, edges))
    assert table.unit == "million_yuan"
    assert table.Z[0, 1] == pytest.approx(3000)


def test_files_without_co2_have_no_emissions(tmp_path: Path) -> None:
    assert read(pair(tmp_path, [row[:3] for row in NODES])).co2 is None


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    turned = [row[::-1] for row in EDGES]
    assert read(pair(tmp_path, edges=turned)).Z.toarray().tolist() == [
        [5, 30, 3],
        [0, 0, 25.5],
        [0, 0, 0],
    ]


@pytest.mark.parametrize("ids", [["01", "1", "001"], ["12345671", "12345672", "12345673"]])
def test_ids_that_look_like_numbers_stay_what_they_are(tmp_path: Path, ids: list[str]) -> None:
    nodes = [NODES[0], *([node, *row[1:]] for node, row in zip(ids, NODES[1:], strict=True))]
    edges = [EDGES[0], [ids[0], ids[2], 7]]
    table = read(pair(tmp_path, nodes, edges))
    assert table.index.index.tolist() == ids
    assert table.Z[0, 2] == 7


@pytest.mark.parametrize("file", ["nodes.csv", "edges.csv"])
def test_an_empty_line_at_the_end_is_passed_over(tmp_path: Path, file: str) -> None:
    pair(tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as written:
        written.write("\r\n")
    assert read(tmp_path).n == 3


@pytest.mark.parametrize(
    ("rows", "file", "column", "named"),
    [
        (NODES, "nodes.csv", 0, "'id'"),
        (NODES, "nodes.csv", 2, "gross_output_<unit>"),
        (EDGES, "edges.csv", 0, "'supplier'"),
        (EDGES, "edges.csv", 1, "'user'"),
        (EDGES, "edges.csv", 2, "flow_<unit>"),
    ],
)
def test_a_missing_column_is_named(
    tmp_path: Path, rows: list[list[Any]], file: str, column: int, named: str
) -> None:
    pair(tmp_path)
    save_csv(tmp_path / file, [[*row[:column], *row[column + 1 :]] for row in rows])
    message = refusal(read, tmp_path)
    assert f"{file}: no column" in message
    assert named in message


@pytest.mark.parametrize(
    ("nodes", "edges", "parts"),
    [
        (NODES, changed(EDGES, 2, 0, "stell"),
         ["edges.csv, cell A3: unknown supplier", "'stell'", "perhaps 'steel'"]),
        (NODES, changed(EDGES, 1, 1, "moon"), ["edges.csv, cell B2: unknown user", "'moon'"]),
        (NODES, changed(EDGES, 1, 1, ""), ["edges.csv, cell B2", "user"]),
        (changed(NODES, 3, 0, "power"), EDGES,
         ["nodes.csv, cell A4: the same id twice", "'power'"]),
        (changed(NODES, 2, 0, ""), EDGES, ["nodes.csv, cell A3: an empty id"]),
        (changed(NODES, 0, 2, "gross_output_pounds"), EDGES,
         ["nodes.csv", "unknown money unit", "'gross_output_pounds'"]),
        (NODES, changed(EDGES, 0, 2, "flow_million_usd"), ["edges.csv", "cannot convert"]),
        (NODES, changed(EDGES, 1, 2, "much"), ["edges.csv, cell C2: text in a number cell"]),
        (NODES, changed(EDGES, 1, 2, "1e999"), ["edges.csv, cell C2: an infinite number"]),
        (NODES, changed(EDGES, 1, 2, "1e308"), ["edges.csv, cell C2: a number beyond any"]),
        (changed(NODES, 2, 2, -80), EDGES, ["nodes.csv, cell C3: negative gross output", "-80"]),
        (changed(NODES, 2, 3, "?"), EDGES, ["nodes.csv, cell D3: text in a number cell"]),
        (NODES[:1], EDGES, ["nodes.csv: no rows under the header"]),
        (NODES, EDGES[:1], ["edges.csv: no rows under the header"]),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_cell(
    tmp_path: Path, nodes: list[list[Any]], edges: list[list[Any]], parts: list[str]
) -> None:
    message = refusal(read, pair(tmp_path, nodes, edges))
    for part in parts:
        assert part in message, message


@pytest.mark.parametrize(("rows", "column"), [(NODES, 2), (NODES, 3), (EDGES, 2)])
def test_an_empty_figure_is_not_read_as_zero_in_silence(
    tmp_path: Path, rows: list[list[Any]], column: int
) -> None:
    emptied = changed(rows, 2, column, "")
    nodes, edges = (emptied, EDGES) if rows is NODES else (NODES, emptied)
    table = read(pair(tmp_path, nodes, edges))
    assert len(table.missing) == 1
    assert "missing" in {finding.kind for finding in check(table)}


def test_one_file_of_the_pair_alone_is_refused(tmp_path: Path) -> None:
    pair(tmp_path)
    (tmp_path / "edges.csv").unlink()
    assert "no pair of nodes.csv and edges.csv" in refusal(read, tmp_path, source="edges")
    assert "nodes.csv" in refusal(read, tmp_path / "nodes.csv")


def test_ids_keep_their_last_digit(tmp_path: Path) -> None:
    ids = ["1.1", "1.10", "1.100"]
    nodes = [NODES[0], *([node, *row[1:]] for node, row in zip(ids, NODES[1:], strict=True))]
    table = read(pair(tmp_path, nodes, [EDGES[0], ["1.1", "1.10", 7], ["1.10", "1.100", 9]]))
    assert table.index.index.tolist() == ids
    assert table.Z.toarray().tolist() == [[0, 7, 0], [0, 0, 9], [0, 0, 0]]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_read(tmp_path: Path, separator: str) -> None:
    wanted = read(pair(tmp_path))
    for name, rows in (("nodes", NODES), ("edges", EDGES)):
        text = "\n".join(separator.join(map(str, row)) for row in rows)
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    found = read(tmp_path)
    assert (found.Z.toarray() == wanted.Z.toarray()).all()
    assert found.names(1) == wanted.names(1)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (NODES, ("co2_mt", "co2_kt")),
        (NODES, ("gross_output_10k_yuan", "gross_output_million_yuan")),
        (EDGES, ("flow_10k_yuan", "flow_100m_yuan")),
    ],
)
def test_of_two_columns_of_one_figure_none_is_taken(
    tmp_path: Path, rows: list[list[Any]], names: tuple[str, str]
) -> None:
    twice = [[*row, row[rows[0].index(names[0])]] for row in rows]
    twice[0][-1] = names[1]
    nodes, edges = (twice, EDGES) if rows is NODES else (NODES, twice)
    message = refusal(read, pair(tmp_path, nodes, edges))
    assert "several columns" in message and ", ".join(names) in message


def test_a_column_of_something_else_by_a_similar_name_is_passed_over(tmp_path: Path) -> None:
    nodes = [["gross_output_rank", *NODES[0]], *([i, *row] for i, row in enumerate(NODES[1:]))]
    assert read(pair(tmp_path, nodes)).x.tolist() == [100, 80, 50]
