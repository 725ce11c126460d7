"""What notebooks and examples promise; `make test` runs the notebooks themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import graphmap as gm

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def code_of(path: Path) -> str:
    """All code a reader sees, that in the text included."""
    cells = ["".join(cell["source"]) for cell in read(path)["cells"]]
    kinds = [cell["cell_type"] for cell in read(path)["cells"]]
    fenced = [
        block
        for cell, kind in zip(cells, kinds, strict=True)
        if kind == "markdown"
        for block in re.findall(r"```python\n(.*?)```|`(gm\.[^`]+)`", cell, re.DOTALL)
    ]
    code = [cell for cell, kind in zip(cells, kinds, strict=True) if kind == "code"]
    return "\n".join(code + ["\n".join(block) for block in fenced])


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "national-to-province",
        "province",
        "two-provinces",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_committed_and_any_python_runs_it(path: Path) -> None:
    found = read(path)
    assert found["metadata"]["kernelspec"]["name"] == "python3"
    for cell in found["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_names_that_users_have_are_used(path: Path) -> None:
    used = set(re.findall(r"\bgm\.(\w+)", code_of(path)))
    assert "read" in used
    assert used <= set(gm.__all__)
    assert not re.findall(r"\bimport _|\._[a-z]", code_of(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_runs_reads_the_sample_and_writes_into_outputs(path: Path) -> None:
    cells = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    code = "\n".join("".join(cell["source"]) for cell in cells)
    lines = [line.split("#")[0] for line in code.splitlines()]
    read_from = re.findall(r"gm\.read\((\"[^\"]*\"|\w+)", "\n".join(lines))
    assert set(read_from) <= {'"sample"', "folder"}
    files = re.findall(r'"([^"\s]*/[^"\s]*)"', "\n".join(lines))
    assert files
    assert all(name.startswith("../outputs/") for name in files)
    assert "assert " in code


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_makes_a_panel_a_region(path: Path) -> None:
    plan = gm.read_study_file(path)
    shown = gm.panels(gm.studies(plan))
    assert [panel.latest.place["en"] for panel in shown] == [
        name for source in plan.sources for name in source.regions or ()
    ]
    command = re.search(r"graphmap \w+ (examples/\S+)", path.read_text(encoding="utf-8"))
    assert command and (ROOT / command[1]) == path
