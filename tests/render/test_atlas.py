"""The atlas: its files, its figures, and its pages in the hands of a reader."""

from __future__ import annotations

import csv
import json
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made import studied, table_of
from watching import still

import graphmap as gm
from graphmap.classification import find_region
from graphmap.classification.lists import folded
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES
from graphmap.panel import panel, panels
from graphmap.render import atlas as atlas_module
from graphmap.render.atlas import page_names, write_atlas
from graphmap.render.atlas_tables import tables
from graphmap.study_file import Plan, PlannedSource, studies

HOSTILE = '"><img src=x onerror=document.title="bad"><script>document.title="bad"</script>'
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN_LEFT_ALONE = re.compile(r"graphmap\S*|Mt|CO₂|t/|CSV|JSON|\S+\.(csv|json)|sample|\b[A-Z]{2}\b")
SITE_SECONDS, SITE_BYTES = 60, 30e6


@pytest.fixture(scope="module")
def shown():
    """Two provinces in three years: the sample, and the same with less of it earlier."""
    found = []
    for code, shares in (("CN-GD", (0.6, 0.8, 1)), ("CN-ZJ", (0.9, 0.7, 1))):
        table = gm.read("sample", region=code)
        for year, share in zip((2012, 2015, 2017), shares, strict=True):
            parts = {k: getattr(table, k) * share for k in ("Z", "Y", "V", "imports", "x")}
            if table.imports_inside is not None:
                parts["imports_inside"] = table.imports_inside * share
            parts["extensions"] = {
                name: replace(each, F=each.F * share, F_Y=each.F_Y * share)
                for name, each in table.extensions.items()
            }
            found.append(gm.study(replace(table, year=year, **parts), command="graphmap atlas"))
    return panels(found)


@pytest.fixture(scope="module")
def site(shown, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("atlas") / "site"
    write_atlas(shown, folder, title="Two provinces", command="graphmap atlas two.toml")
    return folder


@pytest.fixture
def visit(browser):
    """Opens a page of an atlas from disk; console errors and other files or hosts fail the test."""
    complaints: list[str] = []
    contexts = []

    def opened(folder: Path, address: str = "index.html", width=1280, height=900, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        root = folder.resolve().as_uri()
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((root, "data:", "blob:", "about:"))
                else complaints.append(request.url[:120])
            ),
        )
        page.goto(f"{root}/{address}")
        page.wait_for_selector("html[data-drawn]", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def text(page, selector: str) -> str:
    return page.locator(selector).inner_text().replace("\u00a0", " ")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------------- its files


def test_scripts_and_styles_stand_once_and_no_other_host_is_named(site) -> None:
    assert {each.name for each in (site / "assets").iterdir()} == {
        "atlas.css",
        "atlas.js",
        "page.css",
        "page.js",
    }
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert not re.findall(r'(?:src|href)\s*=\s*["\']?(?:https?:)?//', html)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_manifest_names_every_file(site) -> None:
    manifest = json.loads((site / "atlas.json").read_text(encoding="utf-8"))
    there = {str(each.relative_to(site)) for each in site.rglob("*") if each.is_file()}
    assert set(manifest["files"]) == there
    assert manifest["regions"] == ["CN-GD", "CN-ZJ"]
    assert manifest["years"] == ["2012", "2015", "2017"]
    assert manifest["command"] == "graphmap atlas two.toml"
    assert manifest["sources"]


def test_the_same_study_gives_the_same_files(shown, site, tmp_path) -> None:
    write_atlas(shown, tmp_path / "again", title="Two provinces", command="graphmap atlas two.toml")
    for file in site.rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (tmp_path / "again" / file.relative_to(site)).read_bytes()


def test_an_atlas_is_replaced_whole(shown, tmp_path) -> None:
    out = tmp_path / "site"
    write_atlas(shown, out)
    write_atlas(shown[:1], out)
    assert not (out / "regions" / "CN-ZJ.html").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_a_file_that_somebody_put_beside_an_atlas_is_not_lost(shown, tmp_path) -> None:
    out = tmp_path / "site"
    write_atlas(shown[:1], out)
    (out / "regions" / "CNAME").write_text("atlas.example.org")
    with pytest.raises(DataError, match="something else than an atlas; found 'regions/CNAME'"):
        write_atlas(shown[:1], out)
    assert (out / "regions" / "CNAME").read_text() == "atlas.example.org"


@pytest.mark.parametrize(
    "manifest", ["{}", "[]", "not JSON", '{"generator": "a game", "files": ["atlas.json"]}']
)
def test_an_atlas_json_of_another_program_is_not_overwritten(shown, tmp_path, manifest) -> None:
    (tmp_path / "atlas.json").write_text(manifest)
    (tmp_path / "sprites.png").write_bytes(b"mine")
    with pytest.raises(DataError, match="something else than an atlas"):
        write_atlas(shown[:1], tmp_path)
    assert (tmp_path / "sprites.png").read_bytes() == b"mine"


def test_a_folder_under_a_file_is_refused_before_anything_is_computed(tmp_path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DataError, match="file: not a folder"):
        atlas_module.refuse_folder(tmp_path / "file" / "site")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere
    with pytest.raises(DataError, match="cannot be written"):
        atlas_module.refuse_folder(tmp_path / "new" / "site")


def test_an_interruption_between_the_two_renames_brings_the_old_atlas_back(
    shown, tmp_path, monkeypatch
) -> None:
    out = tmp_path / "site"
    write_atlas(shown, out)
    before = {f: f.read_bytes() for f in out.rglob("*") if f.is_file()}
    real = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name != "site" and Path(target) == out.resolve():
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atlas(shown[:1], out)
    assert {f: f.read_bytes() for f in out.rglob("*") if f.is_file()} == before
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_nothing_else_is_overwritten(shown, tmp_path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="something else than an atlas"):
        write_atlas(shown, tmp_path)
    with pytest.raises(DataError, match="not a folder"):
        write_atlas(shown, tmp_path / "mine.txt")
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_what_goes_wrong_leaves_the_old_atlas(shown, tmp_path, monkeypatch) -> None:
    out = tmp_path / "site"
    write_atlas(shown, out)
    before = {f: f.read_bytes() for f in out.rglob("*") if f.is_file()}

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atlas_module, "payload", broken)
    with pytest.raises(DataError, match="No space left"):
        write_atlas(shown[:1], out)
    assert {f: f.read_bytes() for f in out.rglob("*") if f.is_file()} == before
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_an_empty_folder_is_filled(shown, tmp_path) -> None:
    (tmp_path / "site").mkdir()
    written = write_atlas(shown[:1], tmp_path / "site")
    assert tmp_path / "site" / "index.html" in written
    assert all(path.is_file() for path in written)


def test_names_of_pages_are_safe_and_different() -> None:
    regions = ["../../etc", "..-..-etc", "<b>", "index", "cn-gd", "CN-GD", "Ωmega", "///"]
    given = [panel(gm.study(table_of(RING, X, regions=[each] * 3), top=1)) for each in regions]
    names = page_names(given)
    assert all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    assert "index" not in {name.casefold() for name in names}  # data/index.js is taken


RING = np.array([[0, 3.0, 1], [2, 0, 4], [5, 1, 0]])
X = [20.0, 30, 40]


# ----------------------------------------------------------------------------------- its figures


def test_totals_are_the_sums_of_the_sectors(shown) -> None:
    found = tables(shown)
    for _, row in found["regions"].iterrows():
        each = next(
            s
            for p in shown
            for s in p.studies
            if (s.regions[0], str(s.year)) == (row.region, row.year)
        )
        assert row["gross_output"] == pytest.approx(each.sectors["gross_output"].sum(), rel=1e-12)
        assert row["direct_co2"] == pytest.approx(each.sectors["direct_co2"].sum(), rel=1e-12)
        intensity = each.sectors["direct_co2"].sum() / each.sectors["gross_output"].sum() * 1e6
        assert row["direct_intensity"] == pytest.approx(intensity, rel=1e-12)
        share = each.sectors["direct_co2"].max() / each.sectors["direct_co2"].sum()
        assert row["largest_share"] == pytest.approx(share, rel=1e-12)
        first = each.key_sectors["name_en"].iloc[0]
        names = found["sectors"].set_index("sector")["name_en"]
        assert names[row["key_sector"]].iloc[0] == first


def test_what_a_source_does_not_say_is_missing_and_not_nothing() -> None:
    study = studied("CN-GD")
    sectors = study.sectors.copy()
    sectors.iloc[5:, sectors.columns.get_loc("direct_co2")] = np.nan
    networks = {k: replace(net, nodes=sectors) for k, net in study.networks.items()}
    found = tables([panel(replace(study, sectors=sectors, networks=networks))])
    row = found["regions"].iloc[0]
    assert row["sectors_with_direct_co2"] == 5
    assert row["direct_co2"] == pytest.approx(sectors["direct_co2"].iloc[:5].sum())
    # the intensity is over those of which both are known
    both = sectors.iloc[:5]
    assert row["direct_intensity"] == pytest.approx(
        both["direct_co2"].sum() / both["gross_output"].sum() * 1e6
    )
    assert found["sectors"]["direct_co2"].isna().sum() == len(sectors) - 5


def test_sectors_of_one_name_are_told_apart() -> None:
    names = ["twin", "twin", "other"]
    study = gm.study(table_of(RING, X, names=names, co2=[1.0, 2, 3]), top=1)
    found = tables([panel(study)])["sectors"]
    assert found["sector"].is_unique
    assert dict(zip(found["node"], found["direct_co2"], strict=True)) == {"n0": 1, "n1": 2, "n2": 3}


def test_studies_that_cannot_stand_together_are_refused() -> None:
    yuan = gm.study(table_of(RING, X), top=1)
    dollar = gm.study(table_of(RING, X, unit="10k_usd", regions=["CN-ZJ"] * 3), top=1)
    with pytest.raises(DataError, match="different currencies"):
        tables([panel(yuan), panel(dollar)])
    with pytest.raises(DataError, match="stands twice"):
        tables([panel(yuan), panel(yuan)])
    with pytest.raises(DataError, match="atlas of nothing"):
        write_atlas([], Path("nowhere"))


def test_csv_and_json_of_the_data_folder_are_exact(shown, site) -> None:
    flows = rows_of(site / "data" / "flows.csv")
    records = json.loads((site / "data" / "flows.json").read_text(encoding="utf-8"))
    assert len(flows) == len(records) > 1000
    by_study = {
        (s.regions[0], str(s.year)): (s, ids)
        for p in shown
        for s, ids in zip(p.studies, p.ids, strict=True)
    }
    for row, record in zip(flows[::7], records[::7], strict=True):
        study, ids = by_study[row["region"], row["year"]]
        i, j = ids.index(row["supplier_node"]), ids.index(row["user_node"])
        for column, weight in (
            ("money_10k_yuan", "money"),
            ("direct_co2_mt", "direct_co2"),
            ("embodied_co2_mt", "embodied_co2"),
        ):
            exact = study.networks[weight].weights[i, j]
            assert float(row[column]) == record[column] == exact
    sectors = rows_of(site / "data" / "sectors.csv")
    study, ids = by_study["CN-ZJ", "2015"]
    here = [row for row in sectors if (row["region"], row["year"]) == ("CN-ZJ", "2015")]
    assert [float(row["gross_output_10k_yuan"]) for row in here] == list(
        study.sectors["gross_output"]
    )
    assert [float(row["footprint_mt"]) for row in here] == list(study.sectors["footprint"])


def test_no_cell_of_the_data_folder_is_a_formula(tmp_path) -> None:
    names = ["=HYPERLINK(1)", "+1", "@x"]
    study = gm.study(table_of(RING, X, names=names), top=1)
    write_atlas([panel(study)], tmp_path / "site")
    for name in ("sectors", "flows", "trends", "regions"):
        for row in rows_of(tmp_path / "site" / "data" / f"{name}.csv"):
            for cell in row.values():
                assert not cell.startswith(("=", "+", "@")) and not re.match(r"-\D", cell)


@pytest.fixture(scope="module")
def provinces(data, tmp_path_factory):
    """The atlas of 24 provinces in three years, with how long it took."""
    folder = data / "visceads"
    source = PlannedSource(
        folder / "top88_flows.csv",
        listed=True,
        totals=folder / "sector_totals.csv",
        years=(2012, 2015, "2017 new"),
    )
    start = time.perf_counter()
    found = panels(studies(Plan(Path("provinces.toml"), (source,))))
    out = tmp_path_factory.mktemp("provinces") / "site"
    write_atlas(found, out, title="Provinces")
    return out, time.perf_counter() - start


def test_an_atlas_of_24_provinces_in_three_years_is_soon_written_and_small(provinces) -> None:
    out, seconds = provinces
    assert len(list((out / "regions").glob("*.html"))) == 24
    assert seconds <= SITE_SECONDS
    assert sum(f.stat().st_size for f in out.rglob("*") if f.is_file()) <= SITE_BYTES


EDITIONS = {"2012": "2012", "2015": "2015", "2017new": "2017"}


def of_source(path: Path, column: str) -> pd.DataFrame:
    table = pd.read_csv(path)
    table["year"] = table["year"].astype(str).str.replace(" ", "").map(EDITIONS)
    table = table[table["year"].notna()]
    return table.assign(region=[code_of(each) for each in table["province"]])


def code_of(name: str) -> str:
    found = find_region(name)
    assert found is not None
    return found.code


def test_every_flow_equals_the_source(provinces, data) -> None:
    """In the data folder to the last digit of the unit's conversion, on the pages to nine."""
    out, _ = provinces
    source = of_source(data / "visceads" / "top88_flows.csv", "flow_million_yuan")
    found = pd.read_csv(out / "data" / "flows.csv", encoding="utf-8-sig", dtype={"year": str})
    assert len(source) == len(found) == 24 * 3 * 88
    for key, rows in source.groupby(["region", "year"]):
        here = found[(found["region"] == key[0]) & (found["year"] == key[1])]
        wanted = np.sort(rows["flow_million_yuan"].to_numpy() * 100)
        np.testing.assert_allclose(np.sort(here["money_10k_yuan"]), wanted, rtol=1e-14)
        # the sectors are the source's: as many ends of each name, under one name of ours
        pairs = {}
        order = rows.assign(value=rows["flow_million_yuan"] * 100).sort_values("value")
        ours = here.sort_values("money_10k_yuan")
        for theirs, mine in zip(
            order[["supplier", "user"]].to_numpy().ravel(),
            ours[["supplier", "user"]].to_numpy().ravel(),
            strict=True,
        ):
            assert pairs.setdefault(theirs, mine) == mine
        assert len(set(pairs.values())) == len(pairs)
    for region in sorted(set(source["region"])):
        page = json.loads(
            (out / "data" / f"{region}.js")
            .read_text(encoding="utf-8")
            .removeprefix("var graphmapData = ")
            .rstrip(";\n")
        )
        for period in page["periods"]:
            rows = source[(source["region"] == region) & (source["year"] == str(period["year"]))]
            shown = sorted([f[2] for f in period["flows"]] + [f[1] for f in period["loops"]])
            wanted = np.sort(rows["flow_million_yuan"].to_numpy() * 100)
            np.testing.assert_allclose(shown, wanted, rtol=1e-8)


def test_every_total_equals_the_source(provinces, data) -> None:
    out, _ = provinces
    source = of_source(data / "visceads" / "sector_totals.csv", "co2_mt")
    found = pd.read_csv(out / "data" / "sectors.csv", encoding="utf-8-sig", dtype={"year": str})
    index = json.loads(
        (out / "data" / "index.js")
        .read_text(encoding="utf-8")
        .removeprefix("var atlasData = ")
        .rstrip(";\n")
    )
    for (region, year), rows in source.groupby(["region", "year"]):
        here = found[(found["region"] == region) & (found["year"] == year)]
        for theirs, mine in (("gross_output_10k_yuan",) * 2, ("co2_mt", "direct_co2_mt")):
            wanted = np.sort(rows[theirs].dropna())
            np.testing.assert_allclose(np.sort(here[mine].dropna()), wanted, rtol=1e-14)
        totals = index["totals"][region][year]
        assert totals["direct_co2"] == pytest.approx(rows["co2_mt"].sum(), rel=1e-8)
        assert totals["gross_output"] == pytest.approx(
            rows["gross_output_10k_yuan"].sum(), rel=1e-8
        )


# ------------------------------------------------------------------------- in the reader's hands


def test_all_units_stand_on_the_map_and_those_without_data_say_so(visit, provinces) -> None:
    page = visit(provinces[0])
    assert page.locator(".tile").count() == 34
    bare = set(page.eval_on_selector_all(".tile.none", "all => all.map(t => t.dataset.region)"))
    assert {"CN-HK", "CN-MO", "CN-TW"} <= bare and len(bare) == 10
    assert "CN-XZ" not in bare
    assert "6.02" in text(page, '.tile[data-region="CN-XZ"]')
    # Guangdong's figures of 2017 are of six sectors: neither coloured nor ranked
    assert "part" in page.get_attribute('.tile[data-region="CN-GD"]', "class")
    assert text(page, "#headline").startswith(
        "Direct emissions, 2017: Shandong (768.7 Mt) is highest"
    )
    boxes = page.eval_on_selector_all(
        ".tile", "all => all.map(t => t.getBoundingClientRect().toJSON())"
    )
    ids = page.eval_on_selector_all(".tile", "all => all.map(t => t.dataset.region)")
    place = dict(zip(ids, boxes, strict=True))
    assert place["CN-HL"]["bottom"] < place["CN-BJ"]["top"] < place["CN-HI"]["top"]
    assert place["CN-XJ"]["right"] < place["CN-NX"]["left"] < place["CN-SH"]["left"]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert (
                a["right"] <= b["left"]
                or b["right"] <= a["left"]
                or a["bottom"] <= b["top"]
                or b["bottom"] <= a["top"]
            )


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("indicator", ["direct_co2", "key_sector"])
def test_no_text_leaves_its_tile(visit, provinces, width, indicator) -> None:
    for tag in LANGUAGES:
        page = visit(provinces[0], f"index.html#indicator={indicator}&lang={tag}", width)
        cut = page.eval_on_selector_all(
            ".tile span:not(.spoken)",
            "all => all.filter(s => s.getClientRects().length &&"
            " s.scrollWidth > s.parentElement.clientWidth + 1).map(s => s.textContent)",
        )
        assert cut == []


def test_indicators_colour_the_map_and_order_the_ranking(visit, site, shown) -> None:
    page = visit(site)
    first = page.eval_on_selector(
        '.tile[data-region="CN-GD"]', "t => t.style.getPropertyValue('--colour')"
    )
    page.click('[data-indicator="direct_intensity"]')
    assert "Emission intensity, 2017" in text(page, "#headline")
    assert "t/CNY 10k" in text(page, "#legend")
    assert "indicator=direct_intensity" in settled(page)
    second = page.eval_on_selector(
        '.tile[data-region="CN-GD"]', "t => t.style.getPropertyValue('--colour')"
    )
    assert first.startswith("rgb") and second.startswith("rgb")
    page.click('[data-indicator="key_sector"]')
    assert "key sector of" in text(page, "#headline")
    assert page.locator("#legend li .dot").count() >= 1


def settled(page) -> str:
    """The address, once it has been written."""
    still(page)
    return page.url


def test_the_headline_is_computed(visit, site, shown) -> None:
    totals = {p.latest.regions[0]: p.latest.sectors["direct_co2"].sum() for p in shown}
    high, low = max(totals.values()), min(totals.values())
    said = text(visit(site), "#headline")
    assert (
        f"{high:.1f} Mt" in said and f"{low:.1f} Mt" in said and f"{high / low:.1f} times" in said
    )


def test_the_years_can_be_slid_and_played(visit, site) -> None:
    page = visit(site)
    page.focus("#year")
    page.keyboard.press("ArrowLeft")
    assert text(page, "#year-text") == "2015"
    assert "year=2015" in settled(page)
    before = text(page, '.tile[data-region="CN-GD"] .value')
    page.keyboard.press("Home")
    assert text(page, "#year-text") == "2012"
    assert text(page, '.tile[data-region="CN-GD"] .value') != before
    page.click("#play")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.locator("#year-text", has_text="2017").wait_for()
    assert page.get_attribute("#play", "aria-label") == "Play the years"


def test_a_tile_opens_the_card_and_a_second_compares(visit, site) -> None:
    page = visit(site)
    page.click('.tile[data-region="CN-ZJ"]')
    assert text(page, "#region-card h2") == "Zhejiang, 2017"
    assert page.get_attribute('.tile[data-region="CN-ZJ"]', "aria-pressed") == "true"
    page.click('.tile[data-region="CN-GD"]')
    assert text(page, "#region-card h2") == "Zhejiang and Guangdong, 2017"
    page.click("text=Compare their networks side by side")
    page.wait_for_selector("html[data-drawn] body[data-page=compare]")
    assert page.input_value("#left-region") == "CN-ZJ"
    assert page.input_value("#right-region") == "CN-GD"


def test_a_region_without_data_says_so(visit, site) -> None:
    page = visit(site)
    page.click('.tile[data-region="CN-TW"]')
    assert "no data of Taiwan" in text(page, "#region-card")


def test_the_card_leads_to_the_page_of_the_year(visit, site) -> None:
    page = visit(site, "index.html#year=2015&region=CN-ZJ&lang=zh-Hans&theme=dark")
    page.click("#region-card .go")
    page.wait_for_selector("html[data-drawn] #map", state="attached")
    assert page.url.split("#")[0].endswith("/regions/CN-ZJ.html")
    found = page.evaluate("[state.lang, state.theme, study.periods[state.year].year]")
    assert found == ["zh-Hans", "dark", 2015]


def test_a_key_sector_of_the_card_is_chosen_on_the_page(visit, site, shown) -> None:
    page = visit(site, "index.html#region=CN-GD")
    page.click("#region-card .list a >> nth=0")
    page.wait_for_selector("html[data-drawn] #map", state="attached")
    assert page.evaluate("state.chosen") == str(shown[0].latest.key_sectors.index[0])


def test_the_ranking_can_be_sorted(visit, site) -> None:
    page = visit(site)
    order = "all => all.map(r => r.dataset.region)"
    assert len(page.eval_on_selector_all("#ranking tbody tr", order)) == 2
    page.click('#ranking [data-column="region"]')
    assert page.eval_on_selector_all("#ranking tbody tr", order) == ["CN-GD", "CN-ZJ"]
    page.keyboard.press("Enter")  # the head that was used keeps the focus
    assert page.eval_on_selector_all("#ranking tbody tr", order) == ["CN-ZJ", "CN-GD"]
    assert page.get_attribute("#ranking th:has([data-column=region])", "aria-sort") == "descending"
    assert "sort=region,down" in settled(page)
    # Guangdong grew from 0.6 of the sample to the whole
    assert "+67" in text(page, '#ranking tr[data-region="CN-GD"]')
    assert page.locator('#ranking tr[data-region="CN-GD"] .spark circle').count() == 3


def test_regions_are_ranked_for_a_sector(visit, site, shown) -> None:
    page = visit(site)
    study = shown[1].latest
    i = int(study.sectors["name_en"].str.contains("Construction").to_numpy().argmax())
    page.select_option("#sector", label=study.names(i)["en"])
    page.select_option("#measure", "footprint")
    said = text(page, "#sector-bars")
    assert f"{study.sectors['footprint'].iloc[i]:.1f}" in said
    assert {"sector=construction", "measure=footprint"} <= set(
        settled(page).split("#")[1].split("&")
    )


def test_trends_are_those_of_the_key_sectors(visit, site, shown) -> None:
    page = visit(site)
    page.select_option("#trend-region", "CN-ZJ")
    names = page.eval_on_selector_all("#trends text.name", "all => all.map(t => t.textContent)")
    key = shown[1].latest.key_sectors
    assert names == list(key["short_en"].iloc[: len(names)]) and len(names) == 6
    heights = sorted(
        page.eval_on_selector_all(
            "#trends text.name", "all => all.map(t => t.getBoundingClientRect().top)"
        )
    )
    assert min(np.diff(heights)) >= 12
    figures = page.eval_on_selector_all(
        "#trends tbody tr:first-child td", "all => all.map(t => t.textContent)"
    )
    assert figures[-1] == f"{key['direct_co2'].iloc[0]:.2f}"
    assert len(figures) == 3


@pytest.mark.parametrize(
    ("typed", "choice"),
    [("zhe jiang", "CN-ZJ"), ("zj", "CN-ZJ"), ("浙江", "CN-ZJ"), ("廣東", "CN-GD")],
)
def test_regions_are_found(visit, site, typed, choice) -> None:
    page = visit(site)
    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    assert page.evaluate("state.region") == choice


@pytest.mark.parametrize("typed", ["jian zhu", "建筑", "Constr", "建築"])
def test_sectors_are_found(visit, site, typed) -> None:
    page = visit(site)
    page.fill("#search", typed)
    page.locator("#suggestions li", has_text="Construction").first.click()
    assert page.input_value("#sector") == "construction"


def test_what_is_not_there_is_not_found(visit, site) -> None:
    page = visit(site)
    page.fill("#search", "qqqq")
    assert text(page, "#suggestions") == "Nothing matches"
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()


@pytest.mark.parametrize("address", ["index.html", "compare.html"])
def test_a_switch_of_language_leaves_no_word_behind(visit, shown, tmp_path, address) -> None:
    write_atlas(shown, tmp_path / "site")
    page = visit(tmp_path / "site", address)
    words = """() => [document.title, ...[...document.querySelectorAll('body *')]
      .filter(e => !['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(e.tagName))
      .filter(e => !e.closest('.languages') && e.id !== 'made')
      .flatMap(e => [...['aria-label', 'title', 'placeholder'].map(a => e.getAttribute(a) ?? ''),
        ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data)])].join('\\n')"""
    assert not CHINESE.search(page.evaluate(words))
    for tag in LANGUAGES[1:]:
        page.click(f'button[data-lang="{tag}"]')
        still(page)
        left = LATIN_LEFT_ALONE.sub("", page.evaluate(words))
        assert not re.findall(r"[A-Za-z]{2,}", left), tag
        assert page.get_attribute("html", "lang") == tag


def test_the_address_restores_a_view_exactly(visit, site) -> None:
    page = visit(site)
    page.click('button[data-lang="zh-Hant"]')
    page.click("#theme")
    page.click('[data-indicator="gross_output"]')
    page.click('.tile[data-region="CN-ZJ"]')
    page.select_option("#measure", "transmission")
    page.click('#ranking [data-column="largest_share"]')
    page.focus("#year")
    page.keyboard.press("ArrowLeft")
    address = settled(page).rsplit("/", 1)[1]
    state = page.evaluate("JSON.stringify(state)")
    main = page.inner_html("main")
    again = visit(site, address)
    assert again.evaluate("JSON.stringify(state)") == state
    assert again.inner_html("main") == main


@pytest.mark.parametrize(
    "fragment", ["year=1900", "region=<b>", "lang=%E0%A4", "indicator=", "sort=,&&=&x"]
)
def test_an_address_that_makes_no_sense_still_opens(visit, site, fragment) -> None:
    assert text(visit(site, f"index.html#{fragment}"), "#headline")


def test_two_pages_stand_side_by_side(visit, site, shown) -> None:
    page = visit(
        site,
        "compare.html#region=CN-GD&year=2012&other=CN-ZJ&otherYear=2017&weight=direct_co2",
        1440,
    )
    for side, region, year in (("left", "CN-GD", 2012), ("right", "CN-ZJ", 2017)):
        frame = page.query_selector(f"#{side}-frame").content_frame()
        frame.wait_for_selector("html[data-drawn] #map", state="attached")
        assert frame.evaluate(
            "[study.regions[0].id, study.periods[state.year].year, state.weight]"
        ) == [
            region,
            year,
            "direct_co2",
        ]
        assert frame.evaluate("document.documentElement.classList.contains('embedded')")
    one, other = shown[0].studies[0], shown[1].studies[2]
    name = one.names(23)["en"]
    row = page.locator("#differences-table tbody tr", has_text=name).first
    cells = row.locator("td").all_inner_texts()
    a, b = (s.sectors.loc[s.sectors["name_en"] == name, "direct_co2"].iloc[0] for s in (one, other))
    assert cells[:2] == [f"{a:.2f}", f"{b:.2f}"]
    assert cells[2].replace("−", "-") == f"{b - a:+.2f}"
    page.select_option("#right-region", "CN-GD")
    page.select_option("#right-year", "2015")
    assert {"region=CN-GD", "other=CN-GD", "otherYear=2015"} <= set(
        settled(page).split("#")[1].split("&")
    )
    page.click("#swap")
    assert page.input_value("#left-year") == "2015"
    assert page.input_value("#right-year") == "2012"


def test_flows_that_changed_rank(visit, site, shown) -> None:
    page = visit(
        site, "compare.html#region=CN-GD&year=2017&other=CN-ZJ&otherYear=2017&weight=money"
    )
    page.wait_for_selector("#flows-table tbody tr")
    one, other = (p.latest.networks["money"].without_loops().edges() for p in shown)

    def named(study, node):
        return study.names(study.sectors.index.get_loc(node))["en"]

    ranks = [
        {
            f"{named(p.latest, r.supplier)} → {named(p.latest, r.user)}": k + 1
            for k, r in enumerate(edges.head(40).itertuples())
        }
        for p, edges in zip(shown, (one, other), strict=True)
    ]
    seen = 0
    for row in page.locator("#flows-table tbody tr").all():
        flow, cells = row.locator("th").inner_text(), row.locator("td").all_inner_texts()
        for k in (0, 1):
            if flow in ranks[k]:
                assert cells[k] == str(ranks[k][flow])
                seen += 1
    assert seen >= 10


def test_two_years_with_the_same_flows_have_none_that_moved(visit, site) -> None:
    page = visit(site, "compare.html#region=CN-GD&year=2012&other=CN-GD&otherYear=2015")
    page.wait_for_selector("#flows-about:not(:empty)")
    assert "same on both sides" in text(page, "#flows-about")


@pytest.mark.parametrize("address", ["index.html", "compare.html"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_narrow_screen_does_not_overflow(visit, provinces, address, tag) -> None:
    page = visit(provinces[0], f"{address}#lang={tag}", 390, 844)
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "index.html",
        "index.html#indicator=key_sector&region=CN-ZJ&other=CN-GD",
        "compare.html#lang=zh-Hans",
    ],
)
def test_axe_finds_nothing_serious(visit, axe, provinces, scheme, address) -> None:
    page = visit(provinces[0], address, scheme=scheme)
    still(page)
    assert axe(page) == []


def test_hostile_text_appears_as_text(visit, tmp_path) -> None:
    names = [HOSTILE, "</script><script>1", "b"]
    table = table_of(RING, X, names=names, co2=[1.0, 2, 3], regions=[HOSTILE] * 3)
    study = gm.study(table, top=1, command=HOSTILE)
    write_atlas([panel(study)], tmp_path / "site", title=HOSTILE, command=HOSTILE)
    page = visit(tmp_path / "site")
    assert text(page, "#title") == HOSTILE
    assert HOSTILE in text(page, "#ranking") and HOSTILE in text(page, "#made")
    assert page.locator("img").count() == 0
    assert page.title() == HOSTILE
    page.click("#region-card .go")
    page.wait_for_selector("html[data-drawn] #map", state="attached")
    assert page.locator("img").count() == 0


def test_regions_that_are_on_no_map_stand_on_a_plain_grid(visit, tmp_path) -> None:
    given = [
        panel(
            gm.study(
                table_of(RING * k, [x * k for x in X], regions=[f"R{k}"] * 3, co2=[k, 1.0, 1]),
                top=1,
            )
        )
        for k in range(1, 6)
    ]
    write_atlas(given, tmp_path / "site")
    page = visit(tmp_path / "site")
    assert page.locator(".tile").count() == 5
    assert page.eval_on_selector("#tiles", "t => t.style.getPropertyValue('--columns')") == "3"
    assert page.locator(".tile.none").count() == 0
    assert page.locator("#years").is_hidden()


def test_without_emissions_there_are_other_indicators(visit, tmp_path) -> None:
    write_atlas([panel(gm.study(table_of(RING, X), top=1))], tmp_path / "site")
    page = visit(tmp_path / "site")
    assert page.eval_on_selector_all(
        "[data-indicator]", "all => all.map(b => b.dataset.indicator)"
    ) == [
        "gross_output",
        "key_sector",
    ]
    assert text(page, "#headline")
    assert folded(text(page, "#region-card")).find("undefined") < 0


def test_only_the_languages_of_the_study_can_be_chosen(shown, visit, tmp_path) -> None:
    write_atlas(shown[:1], tmp_path / "site", languages=("en", "zh-Hant"))
    for address in ("index.html", "regions/CN-GD.html"):
        page = visit(tmp_path / "site", address)
        seen = page.eval_on_selector_all(
            "button[data-lang]", "all => all.filter(b => b.offsetParent).map(b => b.dataset.lang)"
        )
        assert seen == ["en", "zh-Hant"]


def test_a_total_that_lacks_its_largest_emitter_is_not_compared(data, visit, tmp_path) -> None:
    """The source has no figures of Guangdong's electricity in 2017, more than half in 2015."""
    folder = data / "visceads"
    found = [
        gm.study(gm.read_flows(folder / "top88_flows.csv", folder / "sector_totals.csv", **each))
        for region in ("Guangdong", "Zhejiang")
        for year in (2015, 2017)
        for each in [{"region": region, "year": year}]
    ]
    shown = panels(found)
    regions = tables(shown)["regions"].set_index(["region", "year"])
    rows = pd.read_csv(folder / "sector_totals.csv", dtype={"year": str})
    rows = rows[(rows["province"] == "Guangdong") & rows["co2_mt"].notna()]
    before, after = (rows[rows["year"] == year].set_index("sector") for year in ("2015", "2017"))
    lost = before.loc[before.index.difference(after.index), "co2_mt"].sum()
    share = lost / before["co2_mt"].sum()
    assert share > 0.5
    assert regions.at[("CN-GD", "2017"), "unknown_in_direct_co2"] == pytest.approx(share)
    assert regions.at[("CN-ZJ", "2017"), "unknown_in_direct_co2"] < 0.05
    write_atlas(shown, tmp_path / "site")
    page = visit(tmp_path / "site")
    assert "part" in page.get_attribute('.tile[data-region="CN-GD"]', "class")
    assert "Zhejiang" in text(page, "#headline") and "Guangdong" not in text(page, "#headline")
    row = text(page, '#ranking-table tr[data-region="CN-GD"]')
    assert "*" in row and re.search(r"[−-]\d+\s%", row) is None


# ------------------------------------------------------------------------------------- odd atlases


def listed_flows(folder: Path, region: str = "Guangdong") -> gm.Study:
    """A study of a list of flows, of which no totals are known."""
    rows = ["province,year,supplier,user,flow_million_yuan", f"{region},2017,Glass,Paper,5"]
    (folder / "flows.csv").write_text("\n".join([*rows, f"{region},2017,Paper,Ink,3"]))
    return gm.study(gm.read_flows(folder / "flows.csv"))


def test_without_any_totals_the_key_sectors_are_shown_and_nothing_is_null(visit, tmp_path) -> None:
    write_atlas(panels([listed_flows(tmp_path)]), tmp_path / "site")
    page = visit(tmp_path / "site")
    assert page.evaluate("state.indicator") == "key_sector"
    assert text(page, "#subtitle").startswith("One region")
    page.click('[data-indicator="gross_output"]')
    for word in ("null", "undefined", "NaN", "1 regions"):
        assert word not in text(page, "body")


def test_a_long_name_of_a_region_stays_in_its_tile_and_on_the_phone(visit, tmp_path) -> None:
    write_atlas(panels([listed_flows(tmp_path, "Atlantis" * 30)]), tmp_path / "site")
    for width in (1280, 390):
        page = visit(tmp_path / "site", width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        tile = page.locator(".tile").bounding_box()
        assert tile["height"] < 90


def test_of_one_year_there_are_no_trends(visit, shown, tmp_path) -> None:
    write_atlas([panel(each.latest) for each in shown], tmp_path / "site")
    assert visit(tmp_path / "site").locator("#trends").is_hidden()


def test_the_way_back_keeps_language_theme_region_and_year(visit, site) -> None:
    page = visit(site, "regions/CN-ZJ.html#lang=zh-Hant&theme=dark&year=2015")
    page.click("a.home")
    page.wait_for_selector("html[data-drawn] body[data-page=index]")
    found = page.evaluate("[state.lang, state.theme, state.region, state.year]")
    assert found == ["zh-Hant", "dark", "CN-ZJ", "2015"]


def test_a_comparison_says_that_two_maps_have_two_scales(visit, site) -> None:
    page = visit(site, "compare.html#region=CN-GD&other=CN-ZJ")
    assert "scale of its own" in text(page, "#compare-scale")
    page.select_option("#right-region", "CN-GD")
    assert page.locator("#compare-scale").is_hidden()


def test_regions_of_one_page_are_compared_unfolded(visit, tmp_path) -> None:
    write_atlas([panel(gm.study(gm.read("sample")))], tmp_path / "site")
    page = visit(tmp_path / "site", "compare.html#region=CN-GD&other=CN-ZJ")
    for side, code in (("left", "CN-GD"), ("right", "CN-ZJ")):
        assert f"unfolded={code}" in page.get_attribute(f"#{side}-frame", "data-address")


def test_a_small_change_is_a_small_slope(visit, site) -> None:
    page = visit(site)
    low, high = page.evaluate(
        "[[99, 100], [0, 100]].map(values => sparkline(values).querySelector('polyline')"
        ".getAttribute('points').split(' ').map(p => Number(p.split(',')[1])))"
        ".map(([from, to]) => from - to)"
    )
    assert 0 < low < high / 50


def test_names_of_lines_have_room_on_a_phone(visit, site) -> None:
    page = visit(site, width=390)
    inside = page.evaluate(
        "[...document.querySelectorAll('#trends text.name')].map(name => "
        "name.getBoundingClientRect().right <= name.ownerSVGElement.getBoundingClientRect().right)"
    )
    assert len(inside) == 6 and all(inside)
