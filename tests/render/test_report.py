"""The report: every file told of, hashed and repeatable, and whatever cannot be made said."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from made import table_of

import graphmap as gm
from graphmap.errors import DataError
from graphmap.panel import panels
from graphmap.render import fonts
from graphmap.render import parts as parts_module
from graphmap.render import report as report_module
from graphmap.render.folders import sha256
from graphmap.render.manifest import inputs_of, study_text
from graphmap.render.report import write_report
from graphmap.study_file import read_sources, read_study_file, studies

FLOWS = np.array([[1.0, 3, 1], [2, 1, 4], [5, 1, 1]])
HOSTILE = '"><script>document.title="bad"</script>'
STUDY = """
title = {{ en = "Two \\"provinces\\" \\u0041", zh-Hans = "两省" }}
languages = ["en"]
seed = 3
[thresholds]
top = 1
[[source]]
file = {file}
{more}
"""


def small(region: str = "CN-GD", names: list[str] | None = None) -> gm.Study:
    table = table_of(FLOWS, [20.0, 30, 40], co2=[3.0, 2, 1], regions=[region] * 3, names=names)
    return gm.study(table, top=1, command="graphmap report small.toml")


@pytest.fixture(scope="module")
def shown():
    return panels([small()])


@pytest.fixture(scope="module")
def written(shown, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("report") / "out"
    write_report(shown, out, command="graphmap report small.toml", languages=["en", "zh-Hans"])
    return out


def manifest(out: Path) -> dict:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


def there(out: Path) -> set[str]:
    return {each.relative_to(out).as_posix() for each in out.rglob("*") if each.is_file()}


def drawing(monkeypatch, *kinds: str) -> None:
    """Let a report hold these figures only."""
    monkeypatch.setattr(report_module, "KINDS", kinds)
    monkeypatch.setattr(report_module, "kinds_of", lambda panel: list(kinds))
    monkeypatch.setattr(parts_module, "kinds_of", lambda panel: list(kinds))


def test_everything_is_there(written) -> None:
    names = there(written)
    assert {"index.html", "manifest.json", "map.html", "workbook.xlsx", "network.gexf"} <= names
    assert {"network.graphml", "network.cx2", "network.json", "network/nodes.csv"} <= names
    for tag in ("en", "zh-Hans"):
        assert {f"slides.{tag}.pptx", f"summary.{tag}.html", f"summary.{tag}.pdf"} <= names
        assert {f"figures/map.{tag}.{form}" for form in ("png", "svg", "pdf")} <= names
    assert not any("zh-Hant" in name for name in names)


def test_the_manifest_has_the_hash_of_every_file_but_its_own(written) -> None:
    found = manifest(written)["files"]
    assert set(found) == there(written) - {"manifest.json"}
    for name, known in found.items():
        assert known["sha256"] == sha256(written / name)
        assert known["bytes"] == (written / name).stat().st_size


def test_the_index_leads_to_every_file(written) -> None:
    html = (written / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<a href="([^"]+)"', html))
    assert links == there(written) - {"index.html"}
    assert "<script" not in html and 'lang="zh-Hant">' not in html


def test_figures_that_the_data_do_not_allow_are_named(written) -> None:
    skipped = manifest(written)["skipped"]
    why = {name: each["why"]["en"] for each in skipped for name in each["files"]}
    assert set(why) == {"figures/trends", "figures/regions"}
    assert "several years" in why["figures/trends"] and "regions" in why["figures/regions"]
    assert "several years" in (written / "index.html").read_text(encoding="utf-8")


def test_another_run_gives_the_same_bytes(shown, written, tmp_path) -> None:
    command = "graphmap report small.toml"
    # by several processes, each with a hash seed of its own
    out, languages = tmp_path / "again", ["en", "zh-Hans"]
    write_report(shown, out, command=command, languages=languages, workers=2)
    differ = [
        name
        for name in there(written) | there(tmp_path / "again")
        if (written / name).read_bytes() != (tmp_path / "again" / name).read_bytes()
    ]
    assert differ == []


@pytest.mark.parametrize(
    ("library", "files", "extra"),
    [
        ("pptx", ["slides.en.pptx"], "slides"),
        ("xlsxwriter", ["workbook.xlsx"], "slides"),
        ("weasyprint", ["summary.en.pdf"], "pdf"),
    ],
)
def test_what_a_missing_library_makes_impossible_is_said(
    shown, tmp_path, monkeypatch, library, files, extra
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    drawing(monkeypatch)
    write_report(shown, tmp_path / "out", languages=["en"])
    skipped = {
        name: each for each in manifest(tmp_path / "out")["skipped"] for name in each["files"]
    }
    for name in files:
        assert f'ip install "graphmap[{extra}]"' in skipped[name]["why"]["zh-Hans"]
        assert not (tmp_path / "out" / name).exists()
        assert name in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "summary.en.html").exists()


def test_without_a_chinese_font_the_package_is_named(shown, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(fonts.FACES, "zh-Hans", ("No Such Font",))
    fonts.family.cache_clear()
    drawing(monkeypatch, "map")
    try:
        write_report(shown, tmp_path / "out", languages=["en", "zh-Hans"])
    finally:
        fonts.family.cache_clear()
    skipped = manifest(tmp_path / "out")["skipped"]
    why = next(each for each in skipped if "figures/map.zh-Hans.png" in each["files"])
    assert "fonts-noto-cjk" in why["why"]["en"]
    assert {"summary.zh-Hans.html", "summary.zh-Hans.pdf"} <= set(why["files"])
    assert (tmp_path / "out" / "figures" / "map.en.png").exists()


def test_several_panels_have_a_folder_each(tmp_path, monkeypatch) -> None:
    drawing(monkeypatch, "map")
    both = panels([small("CN-GD", [HOSTILE, "=1+1", "c"]), small("CN-ZJ")])
    monkeypatch.setattr(parts_module, "_slides", lambda *_: [])
    told = []
    write_report(both, tmp_path / "out", languages=["en"], progress=lambda *each: told.append(each))
    names = there(tmp_path / "out")
    assert {"CN-GD/map.html", "CN-ZJ/map.html", "index.html", "manifest.json"} <= names
    assert [each["folder"] for each in manifest(tmp_path / "out")["panels"]] == ["CN-GD", "CN-ZJ"]
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'<a href="([^"]+)"', html)) == names - {"index.html"}
    assert "<script" not in html
    assert [done for _, done, _ in told] == list(range(1, told[0][2] + 1))
    assert any("Zhejiang" in what["en"] for what, _, _ in told)


def test_a_full_disk_is_no_part_that_can_be_left_out(shown, tmp_path, monkeypatch) -> None:
    def full(panel, path):
        raise DataError("cannot be written", file=path) from OSError(28, "No space left on device")

    monkeypatch.setattr(parts_module, "write_page", full)
    with pytest.raises(DataError, match="cannot be written"):
        write_report(shown, tmp_path / "out", languages=["en"])
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_nothing_is_refused(tmp_path) -> None:
    with pytest.raises(DataError, match="a report of nothing"):
        write_report([], tmp_path / "out")


# --------------------------------------------------------------------------------- the manifest


def study_of(folder: Path, file: str, more: str = "") -> Path:
    path = folder / "study.toml"
    path.write_text(STUDY.format(file=json.dumps(file), more=more), encoding="utf-8")
    return path


def tables(folder: Path) -> Path:
    folder.mkdir(parents=True)
    nodes = ["id,region,code,name_en,gross_output_10k_yuan"]
    nodes += [f"n{i},CN-GD,0{i},s{i},{x}" for i, x in enumerate((20, 30, 40))]
    (folder / "nodes.csv").write_text("\n".join(nodes))
    edges = ["supplier,user,flow_10k_yuan"]
    edges += [f"n{i},n{j},{FLOWS[i, j]}" for i in range(3) for j in range(3)]
    (folder / "edges.csv").write_text("\n".join(edges))
    return folder


def test_the_study_that_is_kept_asks_for_the_same(tmp_path) -> None:
    tables(tmp_path / "pair")
    more = 'years = [2017]\nregions = ["CN-GD"]\ntogether = true\ncitation = "Li \\u007f 等"'
    plan = read_study_file(study_of(tmp_path, "pair", more))
    kept = tmp_path / "kept.toml"
    kept.write_text(study_text(plan), encoding="utf-8")
    again = read_study_file(kept)
    assert again.sources == plan.sources
    assert (again.title, again.top, again.seed, again.languages) == (plan.title, 1, 3, ("en",))


def test_neither_study_nor_manifest_says_where_files_lie(tmp_path) -> None:
    pair = tables(tmp_path / "elsewhere")
    (tmp_path / "here").mkdir()
    for named in (str(pair), "../elsewhere"):
        plan = read_study_file(study_of(tmp_path / "here", named))
        assert str(tmp_path) not in study_text(plan) and ".." not in study_text(plan)
        assert [each["name"] for each in inputs_of(plan)] == [
            "elsewhere/nodes.csv",
            "elsewhere/edges.csv",
        ]
        assert inputs_of(plan)[1]["sha256"] == sha256(pair / "edges.csv")


def test_files_of_one_name_are_told_apart(tmp_path) -> None:
    pairs = [tables(tmp_path / "x" / each / "pair") for each in ("2015", "2017")]
    (tmp_path / "here").mkdir()
    more = f"[[source]]\nfile = {json.dumps(str(pairs[1]))}"
    plan = read_study_file(study_of(tmp_path / "here", str(pairs[0]), more))
    assert re.findall('^file = "(.*)"', study_text(plan), re.MULTILINE) == [
        "2015/pair",
        "2017/pair",
    ]
    names = [each["name"] for each in inputs_of(plan)]
    assert names[1:3] == ["2015/pair/edges.csv", "2017/pair/nodes.csv"]


def test_an_input_that_is_changed_meanwhile_ends_the_report(tmp_path, monkeypatch) -> None:
    pair = tables(tmp_path / "pair")
    plan = read_study_file(study_of(tmp_path, "pair"))
    inputs = inputs_of(plan)
    shown = panels(studies(plan, read_sources(plan)))
    (pair / "edges.csv").write_text((pair / "edges.csv").read_text() + "\n")
    monkeypatch.setattr(parts_module, "parts", lambda *_: iter(()))
    with pytest.raises(DataError, match="changed while the report was made"):
        write_report(shown, tmp_path / "out", plan=plan, inputs=inputs)
    assert not (tmp_path / "out").exists()
    write_report(shown, tmp_path / "out", plan=plan)
    assert there(tmp_path / "out") == {"index.html", "manifest.json", "study.toml"}


# ------------------------------------------------------------------------ in the hands of a reader


def test_a_reader_chooses_the_language_without_a_script(written, browser, axe) -> None:
    page = browser.new_page()
    page.goto((written / "index.html").as_uri())
    assert "Interactive map" in page.inner_text("main")
    page.check("#show-zh-Hans")
    text = page.inner_text("main")
    assert "交互式网络图" in text and "Interactive map" not in text
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()
