"""Study files: what they ask for, and one clear message for what they cannot."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from graphmap import sample
from graphmap.errors import DataError
from graphmap.network import TOP, layout
from graphmap.panel import panels
from graphmap.readers import sheet as sheets
from graphmap.study import study
from graphmap.study_file import (
    new_study_file,
    read_sources,
    read_study_file,
    studies,
)

EXAMPLE = Path(__file__).parents[1] / "examples" / "guangdong-zhejiang.toml"
SAMPLE = '[[source]]\nfile = "sample"\n'
FLOWS = (
    "province,year,supplier,user,flow_million_yuan\n"
    "Guangdong,2012,Coal mining,Construction,5\n"
    "Guangdong,2017,Coal mining,Construction,7\n"
    "Zhejiang,2017,Coal mining,Construction,6\n"
)


@pytest.fixture
def written(tmp_path):
    """A study file of some text, beside a list of flows."""
    (tmp_path / "flows.csv").write_text(FLOWS)

    def write(text: str) -> Path:
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_sources(read_study_file(path))
    assert "study.toml: " in str(caught.value)
    return str(caught.value)


def test_the_file_to_begin_with_runs_and_says_all_keys(written) -> None:
    text = new_study_file()
    plan = read_study_file(written(text))
    assert [each.regions for each in read_sources(plan)] == [["CN-GD"], ["CN-ZJ"]]
    # what is commented out holds too, once the files are there
    active = "\n".join(
        line.removeprefix("# ")
        for line in text.splitlines()
        if not line.startswith("# ") or " = " in line or line.startswith("# [[")
    )
    assert len(tomllib.loads(active)["source"]) == 3
    folder = written("").parent
    for name in ("MRIO2017.xlsx", "top88_flows.csv", "sector_totals.csv"):
        (folder / name).write_text("x")
    (folder / "Emission_Inventories_for_30_Provinces_2017.xlsx").write_text("x")
    every = read_study_file(written(active))
    assert (every.weight, every.keep, every.top) == ("embodied_co2", "5%", 5)
    assert every.sources[2].years == (2012, 2015, 2017)
    assert every.sources[1].kind == "ceads-mrio"


def test_the_example_is_two_studies_of_the_sample(monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    plan = read_study_file(EXAMPLE)
    steps: list[int] = []
    found = studies(plan, progress=steps.append, command="graphmap atlas")
    assert steps == [1, 1]
    assert [each.place["en"] for each in found] == ["Guangdong", "Zhejiang"]
    assert {each.command for each in found} == {"graphmap atlas"}
    alone = study(sample.table().select(["CN-GD"]))
    pd.testing.assert_frame_equal(found[0].sectors, alone.sectors)
    assert len(panels(found)) == 2


def test_what_is_left_out_has_its_usual_value(written) -> None:
    plan = read_study_file(written(SAMPLE))
    assert (plan.title, plan.lang, plan.weight, plan.keep) == (None, "en", None, None)
    assert (plan.top, plan.imports, plan.seed) == (TOP, "out", 1)
    assert plan.languages == ("en", "zh-Hans", "zh-Hant")


def test_what_is_asked_for_reaches_the_studies(written, monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    text = (
        'title = {zh = "图集"}\nlang = "zh-HK"\nweight = "money"\nseed = 7\n'
        'thresholds = {top = 3, keep = "edges:50"}\n'
    )
    plan = read_study_file(written(text + SAMPLE + 'regions = ["浙江"]\n'))
    assert plan.title == {"en": "图集", "zh-Hans": "图集", "zh-Hant": "图集"}
    (found,) = studies(plan)
    assert (found.weight, found.lang, found.top, found.seed) == ("money", "zh-Hant", 3, 7)
    assert found.backbone.edges == 50
    assert found.regions == ["CN-ZJ"]


def test_regions_together_are_one_study(written) -> None:
    plan = read_study_file(written(SAMPLE + "together = true\n"))
    assert [each.regions for each in read_sources(plan)] == [["CN-GD", "CN-ZJ"]]


def test_a_group_of_regions_stands_for_those_of_it_that_are_there(written) -> None:
    plan = read_study_file(written(SAMPLE + 'regions = ["长三角", "Guangdong"]'))
    assert [each.regions for each in read_sources(plan)] == [["CN-ZJ"], ["CN-GD"]]


def test_a_list_of_flows_is_a_source(written) -> None:
    plan = read_study_file(written('[[source]]\nflows = "flows.csv"\n'))
    found = [(each.regions[0], each.year) for each in read_sources(plan)]
    assert found == [("CN-GD", 2012), ("CN-GD", 2017), ("CN-ZJ", 2017)]
    some = read_study_file(written('[[source]]\nflows = "flows.csv"\nyears = [2017]\n'))
    assert [each.regions[0] for each in read_sources(some)] == ["CN-GD", "CN-ZJ"]


def test_a_citation_goes_with_the_figures(written, monkeypatch) -> None:
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    cited = 'citation = "Zheng et al. (2021)"\n'
    text = '[[source]]\nflows = "flows.csv"\nyears = [2017]\nregions = ["GD"]\n' + cited
    plan = read_study_file(written(text + SAMPLE + 'regions = ["ZJ"]\n' + cited))
    listed, table = read_sources(plan)
    for each in (listed, table):
        assert each.source.citation == "Zheng et al. (2021)"
    (first, _) = studies(plan)
    assert [each.citation for each in first.sources] == ["Zheng et al. (2021)"]


def test_the_sample_is_the_bundled_one_whatever_folder_the_program_runs_in(
    tmp_path, monkeypatch
) -> None:
    (tmp_path / "sample").mkdir()  # an atlas written there, say
    monkeypatch.chdir(tmp_path)
    assert len(read_sources(read_study_file(EXAMPLE))) == 2
    (tmp_path / "study.toml").write_text(SAMPLE)
    assert len(read_sources(read_study_file("study.toml"))) == 2


def test_a_list_of_flows_is_read_once(written, monkeypatch) -> None:
    read: list[Path] = []
    real = sheets.read_sheets
    monkeypatch.setattr(
        "graphmap.readers.flow_rows.read_sheets", lambda path: [read.append(path), real(path)][1]
    )
    read_sources(read_study_file(written('[[source]]\nflows = "flows.csv"\n')))
    assert len(read) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["no [[source]]"]),
        ("title =", ["cannot be read as TOML", "end of document", "graphmap study new"]),
        (SAMPLE + "[threshold]\n", ["unknown key threshold", "perhaps thresholds"]),
        (SAMPLE + "[thresholds]\ntops = 3\n", ["unknown key thresholds.tops", "perhaps top"]),
        (SAMPLE + 'region = "GD"\n', ["unknown key source 1: region", "perhaps regions"]),
        ("seed = true\n" + SAMPLE, ["seed", "True", "a whole number"]),
        ("seed = -1\n" + SAMPLE, ["seed", "-1", "from 0"]),
        ("title = 3\n" + SAMPLE, ["title", "3", "a text"]),
        ('title = {fr = "x"}\n' + SAMPLE, ["title", "'fr'", "zh-Hans"]),
        ('lang = "fr"\n' + SAMPLE, ["lang", "'fr'", "zh-Hans"]),
        ('lang = "en"\nlanguages = ["zh"]\n' + SAMPLE, ["lang", "'en'", "one of languages"]),
        ("languages = []\n" + SAMPLE, ["languages", "a list of texts"]),
        ('weight = "gold"\n' + SAMPLE, ["weight", "'gold'", "embodied_co2"]),
        ('imports = "away"\n' + SAMPLE, ["imports", "'away'", "inside"]),
        ("thresholds = {top = 0}\n" + SAMPLE, ["thresholds.top", "0", "1 or more"]),
        ('thresholds = {keep = "lots"}\n' + SAMPLE, ["thresholds.keep", "'lots'", "flow:80%"]),
        ('source = "sample"\n', ["source", "[[source]]"]),
        ("[[source]]\n", ["source 1", "either file or flows"]),
        (SAMPLE + 'flows = "flows.csv"\n', ["source 1", "either file or flows"]),
        (SAMPLE + 'totals = "flows.csv"\n', ["source 1: totals is for a list of flows"]),
        ('[[source]]\nflows = "flows.csv"\nsheet = "x"\n', ["source 1: sheet is for a table"]),
        ('[[source]]\nflows = "flow.csv"\n', ["source 1: flows", "'flow.csv'", "flows.csv"]),
        (SAMPLE + '[[source]]\nfile = "no.xlsx"\n', ["source 2: file: no such file", "no.xlsx"]),
        (SAMPLE + 'kind = "sampel"\n', ["source 1: kind", "'sampel'", "nbs"]),
        (SAMPLE + 'unit = "shells"\n', ["source 1: unit", "'shells'", "10k_yuan"]),
        (SAMPLE + "regions = 3\n", ["source 1: regions", "3", "all"]),
        (SAMPLE + "regions = []\n", ["source 1: regions", "a list of regions"]),
        (
            SAMPLE + 'regions = ["Guangdon"]\n',
            ["study.toml: source 1: no such region", "Guangdong"],
        ),
        (
            SAMPLE + "years = [2018]\n",
            ["study.toml: source 1: no table of that year", "2018", "2017"],
        ),
        (SAMPLE + 'years = ["2017 new"]\n', ["study.toml", "'2017 new'", "a number"]),
        (SAMPLE + 'years = ["²"]\n', ["study.toml", "'²'", "a number"]),
        ('[[source]]\nfile = "' + "a" * 5000 + '"\n', ["source 1: file: ", "aaa..."]),
        (SAMPLE + SAMPLE, ["two studies of one region and year", "CN-GD 2017"]),
        (SAMPLE + "together = true\n" + SAMPLE, ["two studies of one region and year", "CN-GD"]),
        (SAMPLE + "citation = 3\n", ["source 1: citation", "3", "a text"]),
        ('[[source]]\nflows = "flows.csv"\nyears = [2015]\n', ["flows.csv", "2015", "2012, 2017"]),
        (
            '[[source]]\nflows = "flows.csv"\nregions = ["浙江"]\nyears = [2012]\n',
            ["flows.csv", "no flows of CN-ZJ in 2012"],
        ),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_computed(written, text, parts) -> None:
    message = refusal(written(text))
    for part in parts:
        assert part in message


def test_a_file_that_is_not_there_or_not_text(tmp_path) -> None:
    path = tmp_path / "study.toml"
    assert "no such file" in refusal(path)
    path.write_bytes(b"title = \xff\xfe")
    assert "cannot be read as TOML" in refusal(path)
    path.unlink()
    path.mkdir()
    assert "not a file" in refusal(path)


def test_names_of_files_are_relative_to_the_study_file(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    (folder / "flows.csv").write_text(FLOWS)
    (folder / "study.toml").write_text('[[source]]\nflows = "flows.csv"\n')
    monkeypatch.chdir(tmp_path)
    assert len(read_sources(read_study_file("deep/study.toml"))) == 3


def test_a_table_with_an_inventory_beside_it(written, data) -> None:
    table = data / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"
    inventory = data / "ceads" / "inventory" / "Emission_Inventories_for_30_Provinces_2017.xlsx"
    text = f'[[source]]\nfile = "{table}"\nemissions = "{inventory}"\nregions = ["GD", "ZJ"]\n'
    found = read_sources(read_study_file(written(text)))
    assert [each.regions for each in found] == [["CN-GD"], ["CN-ZJ"]]
    assert found[0].co2.sum() != pytest.approx(found[1].co2.sum())
    assert "ceads_inventory" in found[0].extensions["co2"].source.publisher
