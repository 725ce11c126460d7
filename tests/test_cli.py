from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMANDS = [
    "map",
    "demo",
    "check",
    "regions",
    "rank",
    "measures",
    "paths",
    "accounts",
    "extract",
    "decompose",
]


def graphmap(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "graphmap", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        timeout=120,
    )


def refused(run: subprocess.CompletedProcess[str], *parts: str) -> None:
    """One clear message on stderr, nothing on stdout, exit code 2."""
    assert run.returncode == 2, run.stdout + run.stderr
    assert run.stdout == ""
    assert run.stderr.startswith("Error: ")
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr
    for part in parts:
        assert part in run.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_gives_an_example(command):
    run = graphmap(command, "--help")
    assert run.returncode == 0
    assert f"Example: graphmap {command}" in run.stdout


def test_demo_writes_three_files_and_names_the_key_sectors(tmp_path):
    run = graphmap("demo", cwd=tmp_path)
    assert run.returncode == 0
    written = sorted(path.name for path in (tmp_path / "outputs").iterdir())
    assert written == ["demo.html", "demo.key-relations.csv", "demo.key-sectors.csv"]
    assert "electric power" in run.stdout
    assert "outputs/demo.html" in run.stdout
    assert "illustrative" in run.stderr


def test_map_prints_json_for_a_script(tmp_path):
    out = tmp_path / "gd.html"
    run = graphmap("map", "sample", "--region", "广东", "--out", out, "--json")
    found = json.loads(run.stdout)
    assert found["sectors"] == 42
    assert found["edges"] == 88
    assert found["key_sectors"][0]["node"] == "CN-GD.24"
    assert found["files"][0] == str(out)
    assert len(found["key_sectors"]) == 5


def test_the_csv_beside_the_page_holds_every_sector(tmp_path):
    graphmap("map", "sample", "--region", "CN-ZJ", "--out", tmp_path / "zj.html")
    with (tmp_path / "zj.key-sectors.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 42
    assert float(rows[0]["direct_co2_mt"]) == 240.0
    assert rows[0]["name_zh_hans"] == "电力、热力的生产和供应"


def test_the_key_sectors_are_printed_in_the_language_asked_for(tmp_path):
    run = graphmap("map", "sample", "--lang", "zh-Hant", "--out", tmp_path / "x.html")
    assert "電力、熱力的生產和供應" in run.stdout
    assert "廣東" in run.stdout


def test_regions_lists_codes_and_names():
    rows = json.loads(graphmap("regions", "sample", "--json").stdout)
    assert [row["code"] for row in rows] == ["CN-GD", "CN-ZJ"]
    assert rows[0]["zh-Hans"] == "广东"


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_findings_go_into_a_file_by_its_suffix(tmp_path, suffix):
    out = tmp_path / f"findings.{suffix}"
    run = graphmap("check", "sample", "--out", out)
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1] == str(out)
    assert "both accounting identities hold" in out.read_text(encoding="utf-8-sig")


def test_check_exits_with_1_where_a_table_has_errors(tmp_path):
    (tmp_path / "nodes.csv").write_text(
        "id,name,gross_output_10k_yuan,co2_mt\na,A,0,1\nb,B,50,2\n", encoding="utf-8"
    )
    (tmp_path / "edges.csv").write_text(
        "supplier,user,flow_10k_yuan\na,b,10\nb,a,5\n", encoding="utf-8"
    )
    run = graphmap("check", tmp_path)
    assert run.returncode == 1
    assert "gross output is zero" in run.stdout
    refused(graphmap("map", tmp_path, "--out", tmp_path / "x.html"), "gross output is zero")
    assert not (tmp_path / "x.html").exists()


def test_a_table_that_is_not_productive_is_refused_by_name(tmp_path):
    """Both identities hold, but a and b use up more of each other than they make."""
    (tmp_path / "nodes.csv").write_text(
        "id,name,gross_output_10k_yuan,co2_mt\na,A,100,1\nb,B,100,2\n", encoding="utf-8"
    )
    (tmp_path / "edges.csv").write_text(
        "supplier,user,flow_10k_yuan\na,b,120\nb,a,110\n", encoding="utf-8"
    )
    run = graphmap("check", tmp_path)
    assert run.returncode == 1
    assert "Error" in run.stdout
    assert "the table is not productive" in run.stdout
    for command in ("map", "rank", "paths"):
        refused(
            graphmap(command, tmp_path),
            "nodes.csv + edges.csv",
            "not productive",
            "1.200 of its output",
        )


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["map", "nosuch.xlsx"], ["nosuch.xlsx", "no such file"]),
        (["map", "sample", "--region", "Guangdon"], ["Guangdon", "Guangdong (广东)"]),
        (["map", "sample", "--region", "广西"], ["广西", "广东"]),
        (["map", "sample", "--year", "1066"], ["1066", "2017"]),
        (["map", "sample", "--keep", "much"], ["much", "flow:80%"]),
        (["map", "sample", "--keep", "0%"], ["more than 0"]),
        (["map", "sample", "--lang", "fr"], ["fr", "zh-Hans"]),
        (["map", "sample", "--weight", "love"], ["love", "embodied_co2"]),
        (["map", "sample", "--imports", "maybe"], ["maybe", "inside"]),
        (["map", "sample", "--source", "magic"], ["magic", "ceads-mrio"]),
        (["check", "sample", "--out", "x.docx"], ["x.docx", ".csv, .json or .parquet"]),
    ],
)
def test_bad_input_is_refused_in_one_message(tmp_path, words, parts):
    refused(graphmap(*words, cwd=tmp_path), *parts)
    assert list(tmp_path.iterdir()) == []


def test_no_result_is_written_over_its_own_input(tmp_path):
    nodes = "id,name,gross_output_10k_yuan\na,A,90\nb,B,50\n"
    (tmp_path / "nodes.csv").write_text(nodes, encoding="utf-8")
    (tmp_path / "edges.csv").write_text("supplier,user,flow_10k_yuan\na,b,10\n", encoding="utf-8")
    for out in ("nodes.csv", "edges.csv"):
        refused(graphmap("check", tmp_path, "--out", tmp_path / out), "its own input")
        refused(graphmap("map", tmp_path, "--out", tmp_path / out), "a name ending in .html")
    assert (tmp_path / "nodes.csv").read_text(encoding="utf-8") == nodes


@pytest.mark.parametrize(
    ("command", "wrong", "formats"),
    [
        ("map", "x.pdf", ".html or .htm"),
        ("slides", "x.ppt", ".pptx"),
        ("workbook", "x.csv", ".xlsx"),
        ("inspect", "x.csv", ".toml"),
        ("convert", "x.xlsx", ".parquet"),
    ],
)
def test_a_result_in_an_unknown_format_is_refused_before_the_source_is_read(
    tmp_path, command, wrong, formats
):
    refused(graphmap(command, tmp_path / "missing.xlsx", "--out", tmp_path / wrong), wrong, formats)


def test_a_name_the_system_refuses_is_told_in_words(tmp_path):
    long = f"{'x' * 300}.xlsx"
    refused(graphmap("rank", long, "--out", "x.csv", cwd=tmp_path), f"{long}: file name too long")
    refused(graphmap("map", "sample", "--out", f"{long}.html", cwd=tmp_path), "name too long")


@pytest.mark.parametrize(
    "words",
    [
        ["check", "LOOP"],
        ["convert", "LOOP", "--out", "o.parquet"],
        ["map", "LOOP", "--out", "o.html"],
        ["report", "LOOP", "--out", "o"],
        ["convert", "sample", "--mapping", "LOOP", "--out", "o.parquet"],
        ["map", "sample", "--out", "LOOP/o.html"],
    ],
    ids=" ".join,
)
def test_links_in_a_circle_are_told(tmp_path, words):
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)
    here = [word.replace("LOOP", "loop.xlsx") for word in words]
    refused(graphmap(*here, cwd=tmp_path), "loop.xlsx")
    assert list(tmp_path.iterdir()) == [loop]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    refused(graphmap("check", tmp_path / "pipe.csv"), "pipe.csv: not a regular file")


def test_the_page_does_not_say_where_files_lie(tmp_path):
    graphmap("map", "sample", "--out", tmp_path / "x.html")
    html = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "graphmap map sample --out x.html" in html
    assert str(tmp_path) not in html


def test_an_output_folder_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    refused(graphmap("map", "sample", "--out", tmp_path / "file" / "x.html"), "cannot be written")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_partial_file(tmp_path, number):
    for delay in (0.3, 1.5, 2.5, 3.0):
        run = subprocess.Popen(
            [sys.executable, "-m", "graphmap", "map", "sample", "--out", tmp_path / "x.html"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        run.send_signal(number)
        run.wait(timeout=60)
        left = sorted(path.name for path in tmp_path.iterdir())
        whole = ["x.html", "x.key-relations.csv", "x.key-sectors.csv"]
        assert left in ([], whole), left


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
def test_an_interruption_after_the_last_line_prints_no_traceback():
    """What is registered first runs last: the signal comes while Python is shutting down."""
    script = (
        "import atexit, os, signal, sys\n"
        "atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
        "from graphmap.cli import main\n"
        "sys.argv = ['graphmap', 'cache', 'info']\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "MB" in run.stdout
    assert run.stderr == ""


def test_real_emissions_missing_for_tibet_are_refused(data, tmp_path):
    run = graphmap(
        "map",
        data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx",
        "--region",
        "Tibet",
        "--emissions",
        data / "ceads" / "inventory" / "Emission_Inventories_for_30_Provinces_2017.xlsx",
        "--out",
        tmp_path / "x.html",
    )
    refused(run, "Tibet (西藏)", "30 regions")
    assert list(tmp_path.iterdir()) == []


def test_real_china_2017_keeps_the_inventorys_total(data, tmp_path):
    inventory = data / "ceads" / "China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
    run = graphmap(
        "map",
        data / "nbs" / "china_2017_42.csv",
        "--emissions",
        inventory,
        "--year",
        2017,
        "--out",
        tmp_path / "cn.html",
        "--json",
    )
    found = json.loads(run.stdout)
    by_co2 = max(found["key_sectors"], key=lambda sector: sector["direct_co2"])
    by_footprint = max(found["key_sectors"], key=lambda sector: sector["footprint"])
    assert by_co2["node"] == "CN.24"
    assert by_footprint["node"] == "CN.27"
    assert "electric power" in by_co2["name"]
    assert by_footprint["name"] == "Construction"
