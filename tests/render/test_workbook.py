"""The workbook: every figure to the bit, nothing but figures and text, alike in three languages."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache

import numpy as np
import openpyxl
import pandas as pd
import pytest
from made import studied, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap import studied as studied_module
from graphmap.accounts import Source
from graphmap.accounts.flow_list import FlowList
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, words
from graphmap.network import layout
from graphmap.network.relations import key_transactions
from graphmap.quoted import Quoted
from graphmap.readers.flow_list import read_flows
from graphmap.render import palette
from graphmap.render.workbook import main_sheets as workbook_sheets
from graphmap.render.workbook import statements, workbook, write_workbook
from graphmap.render.workbook.cells import LONGEST, contrasting, number_format, printable
from graphmap.render.workbook.columns import Column, Sheet, unit_of
from graphmap.statements import all_statements

pytest.importorskip("xlsxwriter")

SHEETS = ("readme", "statements", "sectors", "flows", "table", "relations", "partners", "paths")
SHEETS += ("communities", "regions", "levers", "checks", "sources", "measures")
HOSTILE = [
    '=HYPERLINK("http://x.y","click")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "http://x.y/",
    "<script>alert(1)</script>",
    "a & b < c > d",
    "bell\x07 and\nnewline\x1f",
    "_x0041_",
    "\ufffebroken",
    "עברית \u202eevil",
    "007",
    "long " * 10_000,
    "",
]


@pytest.fixture
def quick(monkeypatch):
    """The layout hardly annealed, and few draws: these tests are not about them."""
    monkeypatch.setattr(layout, "STEPS_PER_NODE", 2)
    monkeypatch.setattr(studied_module, "DRAWS", 50)


@cache
def of_sample(lang: str = "en") -> bytes:
    return workbook(panel_of_sample(), lang)


@cache
def panel_of_sample():
    return gm.panel(studied("CN-GD"))


@cache
def opened(lang: str = "en"):
    return openpyxl.load_workbook(io.BytesIO(of_sample(lang)))


def named(key, tag="en"):
    return words(f"workbook.sheet.{key}")[tag]


def frame(content: bytes, key: str, tag: str = "en") -> pd.DataFrame:
    return pd.read_excel(
        io.BytesIO(content), sheet_name=named(key, tag), keep_default_na=False, engine="openpyxl"
    )


def headed(measure, unit=None, tag="en"):
    return words(f"measure.{measure}")[tag] + (f" ({unit})" if unit else "")


def cells_of(content: bytes):
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield sheet.title, cell


def only_figures_and_text(content: bytes) -> None:
    """No formula, no link out of the workbook, no macro, no request."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8")
            assert not re.search(r"<f[ >/]", text), name
            assert "vba" not in name
            assert "externalLink" not in name
            assert 'TargetMode="External"' not in text, name
    for title, cell in cells_of(content):
        assert cell.data_type in "sn", (title, cell.coordinate)
        if cell.hyperlink:
            assert cell.hyperlink.target is None


@pytest.mark.parametrize("tag", LANGUAGES)
def test_all_sheets_are_there_in_every_language(tag) -> None:
    book = opened(tag)
    assert book.sheetnames == [named(key, tag) for key in SHEETS]
    for sheet in book:
        assert len(sheet.title) <= 31
        assert not set(sheet.title) & set("[]:*?/\\'")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.merged_cells.ranges
    shapes = [(sheet.max_row, sheet.max_column) for sheet in book]
    assert shapes == [(sheet.max_row, sheet.max_column) for sheet in opened("en")]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_table_has_one_heading_of_its_own_words_that_stays(tag) -> None:
    for sheet in list(opened(tag))[1:]:
        heads = [cell.value for cell in sheet[1]]
        assert all(heads), sheet.title
        assert len(set(heads)) == len(heads), sheet.title
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.endswith(f"{sheet.max_row}")
        assert sheet.print_title_rows == "$1:$1"


def test_figures_of_sectors_are_those_of_the_study_to_the_bit() -> None:
    rows, sectors = frame(of_sample(), "sectors"), studied("CN-GD").key_sectors
    assert rows["Code"].tolist() == list(sectors.index)
    money, tonnes = "10 thousand yuan", "t CO₂ per 10 thousand yuan"
    units = {"gross_output": money, "direct_co2": "Mt", "footprint": "Mt", "transmission": "Mt"}
    units |= {"direct_intensity": tonnes, "total_intensity": tonnes, "supply_strength": "Mt"}
    for measure in (*units, "upstreamness", "forward_linkage", "betweenness", "priority"):
        found = rows[headed(measure, units.get(measure))].to_numpy(float)
        assert found.tolist() == sectors[measure].tolist(), measure
    assert rows["Role"].tolist() == [words(f"role.{r}")["en"] for r in sectors["role"]]
    assert rows["Name in traditional Chinese"].tolist() == sectors["name_zh_hant"].tolist()
    held = studied("CN-GD").rank_intervals.loc[sectors.index]
    assert rows["Worst place, 90 % of draws"].tolist() == held["rank_high"].tolist()
    assert len(rows.columns) > 30


def test_doubles_need_seventeen_digits_and_get_them() -> None:
    value = 0.1 + 0.2
    assert float(f"{value:.16G}") != value
    text = of_sample()
    with zipfile.ZipFile(io.BytesIO(text)) as parts:
        sheet = parts.read("xl/worksheets/sheet3.xml").decode()
    exact = {repr(float(v)) for v in studied("CN-GD").sectors["footprint"]}
    assert exact <= set(re.findall(r"<v>([^<]*)</v>", sheet))


def test_flows_are_those_drawn_with_their_shares() -> None:
    study, rows = studied("CN-GD"), frame(of_sample(), "flows")
    assert len(rows) == study.backbone.edges
    ids = study.sectors.index
    supplier = ids.get_indexer(rows["Code of the supplier"])
    user = ids.get_indexer(rows["Code of the user"])
    for weight, head in (("embodied_co2", "Embodied CO₂ (Mt)"), ("direct_co2", "Direct CO₂ (Mt)")):
        cells = np.asarray(study.networks[weight].weights[supplier, user]).ravel()
        assert rows[head].tolist() == cells.tolist()
    assert rows["Embodied CO₂ (Mt)"].is_monotonic_decreasing
    assert rows["Cumulative share"].iloc[-1] == pytest.approx(study.backbone.share_of_flow)
    largest = key_transactions(study.network, count=1).iloc[0]
    assert (rows.iloc[0, 0], rows.iloc[0, 3]) == (largest["supplier"], largest["user"])


def test_the_table_is_whole_rows_supply_and_its_columns_add_up() -> None:
    table, rows = studied("CN-GD").table, frame(of_sample(), "table")
    cells = rows.iloc[: table.n, 2 : 2 + table.n].to_numpy(float)
    assert (cells == table.Z * table.to_10k).all()
    output = rows["Gross output"].iloc[: table.n].to_numpy(float)
    assert (output == table.x * table.to_10k).all()
    columns = rows.iloc[:, 2 : 2 + table.n].to_numpy(float)
    np.testing.assert_allclose(columns.sum(axis=0), output)  # imports and inputs stand below
    uses = rows.iloc[: table.n, 2:-1].to_numpy(float)
    np.testing.assert_allclose(uses.sum(axis=1), output)
    assert rows.columns[2].startswith("CN-GD.01 ")


def test_every_figure_that_is_said_stands_there_and_leads_to_its_cell() -> None:
    sheet, found = opened()[named("statements")], all_statements(panel_of_sample())
    heads = {cell.value: cell.column - 1 for cell in sheet[1]}
    rows = list(sheet.iter_rows(min_row=2))
    quoted = [(each.text["en"], figure) for each in found for figure in each.figures]
    said = [r for r in rows if r[heads["Value"]].value is not None]
    assert len(said) == len(quoted) > 10
    assert {row[heads["Statement"]].value for row in rows} == {each.text["en"] for each in found}
    links = 0
    for row, (text, figure) in zip(said, quoted, strict=True):
        assert row[heads["Statement"]].value == text
        value, written = row[heads["Value"]], row[heads["As written"]].value
        assert value.value == figure.value
        assert written == figure.text["en"]
        assert value.number_format.endswith("%") == (figure.unit == "%")
        where = row[heads["Where it stands"]]
        if where.value:
            title, place = where.value.split("!")
            assert opened()[title][place].value == pytest.approx(figure.value, rel=1e-11)
            assert where.hyperlink.location == f"'{title}'!{place}"
            links += 1
    assert links >= 8


def test_a_round_figure_leads_to_the_measure_it_is_of() -> None:
    """Power emits 300 Mt in the sample, to the tonne: only its name tells what that is."""
    sheet = opened()[named("statements")]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    (row,) = [row for row in rows if row[2:5] == ["Direct emissions", "300.0 Mt", 300]]
    title, place = row[-1].split("!")
    assert opened()[title][place].value == 300
    assert opened()[title][place[0] + "1"].value == "Direct emissions (Mt)"


def test_a_figure_shows_the_digits_it_is_written_with() -> None:
    sheet = opened()[named("statements")]
    for _, _, _, written, value, *_ in sheet.iter_rows(min_row=2):
        if value.value is not None:
            said = re.search(r"\d[\d,]*(\.\d+)?", written.value).group(1) or ""
            shown = value.number_format.removesuffix("%").partition(".")[2]
            assert len(shown) >= len(said) - 1, (written.value, value.number_format)


def test_a_round_share_leads_to_no_other_share_that_happens_to_be_as_large() -> None:
    share = Quoted(words("measure.footprint"), 0.1, "%")
    column = Column("Share of something else", [0.1, 0.123456], "share")
    cells = statements._cells([Sheet("sectors", [column])])
    assert statements._where(share, cells, "en") is None
    assert statements._where(replace(share, value=0.123456), cells, "en").row == 2


def test_links_of_the_readme_lead_to_sheets_that_are_there() -> None:
    readme = opened()[named("readme")]
    links = {
        cell.value: cell.hyperlink.location for row in readme for cell in row if cell.hyperlink
    }
    assert links == {name: f"'{name}'!A1" for name in opened().sheetnames[1:]}
    texts = [cell.value for row in readme for cell in row if isinstance(cell.value, str)]
    assert all_statements(panel_of_sample())[0].text["en"] in texts
    assert "Illustrative data – not official statistics" in texts
    assert any("88 flows (5%)" in text for text in texts)


def test_relations_paths_and_communities_are_those_of_the_study() -> None:
    study = studied("CN-GD")
    relations = frame(of_sample(), "relations")
    assert relations["Embodied CO₂ (Mt)"].tolist() == study.relations["value"].tolist()
    assert relations["Code of the partner"].tolist() == study.relations["partner"].tolist()
    paths = frame(of_sample(), "paths")
    assert paths["CO₂ (Mt)"].tolist() == study.paths["co2"].tolist()
    ids = [" → ".join(path) for path in study.paths["path"]]
    assert paths["Path, codes"].tolist() == ids
    groups = frame(of_sample(), "communities")
    assert groups["Sectors"].sum() == study.n
    between = groups[[c for c in groups if c.startswith("To community")]].to_numpy(float)
    assert between.sum() == pytest.approx(study.whole["embodied_co2"])
    np.testing.assert_allclose(np.diag(between), groups["Embodied CO₂: Flows inside (Mt)"])
    partners = frame(of_sample(), "partners")
    assert partners["Code"].tolist() == list(study.partners.index)
    levers = frame(of_sample(), "levers").set_index("Code")
    bought = study.leverage["embodied_co2_bought"].loc[levers.index]
    assert levers["Embodied CO₂: Buys from them (Mt)"].tolist() == bought.tolist()


def test_the_same_table_gives_the_same_bytes(quick) -> None:
    table = sample.table().select(["CN-GD"])
    one, other = (workbook(gm.panel(gm.study(table)), "zh-Hans") for _ in range(2))
    assert one == other
    assert of_sample("zh-Hans") != of_sample("zh-Hant")
    with zipfile.ZipFile(io.BytesIO(of_sample())) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_but_figures_and_text() -> None:
    only_figures_and_text(of_sample())


@pytest.fixture(scope="module")
def hostile():
    """A study whose names, ids, region, files and notes are all meant to harm."""
    n = len(HOSTILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "STEPS_PER_NODE", 2)
        table = table_of(np.ones((n, n)), np.full(n, 99.0), co2=np.arange(n) * 1.0, names=HOSTILE)
        index = table.index.assign(region="=region()", code=HOSTILE, group="@group")
        index = index.set_axis([f"={i}{name[:40]}" for i, name in enumerate(HOSTILE)])
        note = dict.fromkeys(LANGUAGES, '=HYPERLINK("http://x.y")')
        source = Source("", "=file()", "=sheet()", "+citation", (note,))
        bad = replace(table, index=index, source=source, year=2017)
        found = gm.panel(gm.study(bad, command="=command()"))
        return found, workbook(found)


def test_hostile_text_is_text_in_every_cell_of_every_sheet(hostile) -> None:
    _, content = hostile
    only_figures_and_text(content)
    texts = [cell.value for _, cell in cells_of(content) if isinstance(cell.value, str)]
    joined = "\n".join(texts)
    for name in HOSTILE[:8]:
        assert name in texts, name
    assert "007" in texts  # and is no number
    assert "=command()" in texts
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", joined)
    assert max(map(len, texts)) <= LONGEST + 1


def test_pandas_reads_hostile_names_as_they_are(hostile) -> None:
    found, content = hostile
    rows = frame(content, "sectors")
    names = [printable(name) for name in found.latest.key_sectors["name_en"]]
    assert [str(n).replace("_x005F_", "_") for n in rows["Name in English"].astype(str)] == names


def test_what_is_not_known_is_an_empty_cell_never_nought(quick) -> None:
    flows = np.array([[0.0, 4, 1], [2, 0, 0], [0, 3, 0]])
    table = table_of(flows, np.full(3, 100.0))
    totals = pd.DataFrame(
        {"gross_output": [100.0, np.nan, 50.0], "direct_co2": [3.0, np.nan, np.nan]},
        index=table.index.index,
    )
    some = FlowList(
        table.index, sparse.csr_array(flows), totals, "10k_yuan", table.source, None, True, 2017
    )
    found = gm.panel(gm.study(some))
    content = workbook(found)
    only_figures_and_text(content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    absent = {named(key) for key in ("table", "paths")}
    assert not absent & set(book.sheetnames)
    rows = list(book[named("sectors")].values)
    heads, by_id = rows[0], {row[0]: row for row in rows[1:]}
    at = heads.index(headed("gross_output", "10 thousand yuan"))
    assert [by_id[node][at] for node in ("n0", "n1", "n2")] == [100, None, 50]
    assert not any("Embodied" in str(head) for head in heads)
    left_out = [str(c.value) for _, c in cells_of(content) if "the data allow none" in str(c.value)]
    assert left_out == [
        "Table, Paths, Sectors by year: the data allow none, or one year is shown only"
    ]


def test_a_published_list_of_flows(data, quick) -> None:
    files = data / "visceads" / "top88_flows.csv", data / "visceads" / "sector_totals.csv"
    study = gm.study(read_flows(*files, region="Guangdong", year=2017))
    content = workbook(gm.panel(study), "zh-Hans")
    only_figures_and_text(content)
    rows = frame(content, "flows", "zh-Hans")
    assert len(rows) == study.backbone.edges
    assert not [head for head in rows if "隐含" in head]


def test_a_table_without_emissions(quick) -> None:
    content = workbook(gm.panel(gm.study(table_of(np.ones((4, 4)), np.arange(4) + 50.0))))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [named(key) for key in SHEETS if key != "paths"]
    heads = [str(cell.value) for sheet in list(book)[1:] for cell in sheet[1]]
    assert not [head for head in heads if "CO₂" in head]


def test_one_sector_pair_is_enough(quick) -> None:
    content = workbook(gm.panel(gm.study(table_of(np.array([[0.0, 1], [0, 0]]), [5.0, 5.0]))))
    only_figures_and_text(content)


def test_several_years_stand_beside_each_other(quick) -> None:
    table = sample.table().select(["CN-GD"])
    earlier = replace(table, year=2012, x=table.x * 1.0)
    found = gm.panel([gm.study(earlier), gm.study(table)])
    content = workbook(found)
    rows = frame(content, "years")
    assert len(rows) == 84
    assert rows.groupby("Year").size().to_dict() == {2012: 42, 2017: 42}
    study = found.studies[0]
    of_2012 = rows[rows["Year"] == 2012]
    assert of_2012["Footprint (Mt)"].tolist() == study.sectors["footprint"].tolist()
    regions = frame(content, "regions")
    assert regions["Year"].tolist() == sorted(found.totals["year"].tolist())
    assert regions["Direct emissions (Mt)"].tolist() == found.totals["direct_co2"].tolist()


def test_more_sectors_than_a_matrix_holds_are_rows_and_the_largest_are_kept(monkeypatch) -> None:
    monkeypatch.setattr(workbook_sheets, "MATRIX", 41)
    monkeypatch.setattr(workbook_sheets, "MOST_ROWS", 100)
    study = studied("CN-GD")
    content = workbook(panel_of_sample())
    rows = frame(content, "table")
    money = np.sort(study.networks["money"].weights.data)[::-1]
    assert rows["Money (10 thousand yuan)"].tolist() == money[:100].tolist()
    said = [str(cell.value) for title, cell in cells_of(content) if title == "Readme"]
    share = 100 * money[:100].sum() / money.sum()
    cut = f"The table has {len(money):,} flows; the sheet holds the 100 largest, {share:.1f} %"
    assert [text for text in said if text.startswith(cut)]


def test_two_provinces_at_once(data, quick) -> None:
    table = gm.read(data / "constructed" / "Guangdong_Zhejiang_2017_ceads_layout.xlsx")
    found = gm.panel(gm.study(table))
    content = workbook(found, "zh-Hant")
    rows = frame(content, "table", "zh-Hant")
    assert rows.shape == (84 + 1 + len(table.primary_inputs), 2 + 84 + table.Y.shape[1] + 1)
    assert len(frame(content, "regions", "zh-Hant")) == 2


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_without_repair_and_has_the_same_figures(tmp_path, hostile) -> None:
    books = {"whole": of_sample("zh-Hans"), "hostile": hostile[1]}
    for name, content in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out")),
            *(str(tmp_path / f"{name}.xlsx") for name in books),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    for name, content in books.items():
        ours = openpyxl.load_workbook(io.BytesIO(content))
        theirs = openpyxl.load_workbook(tmp_path / "out" / f"{name}.xlsx")
        assert theirs.sheetnames == ours.sheetnames
        for sheet in ours:
            other = theirs[sheet.title]
            for row in sheet.iter_rows():
                for cell in row:
                    got = other[cell.coordinate]
                    assert got.data_type != "f"
                    if isinstance(cell.value, int | float):
                        assert got.value == pytest.approx(cell.value, rel=1e-14)
                    elif name == "whole":
                        assert got.value == cell.value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1f", "ab"),
        ("\ud800x\ufffe\uffff", "x"),
        (" one\r\n\ttwo ", "one two"),
        ("电" * 40_000, "电" * LONGEST + "…"),
        ("\U0001f600" * 20_000, "\U0001f600" * (LONGEST // 2) + "…"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_what_a_cell_can_hold(text, shown) -> None:
    assert printable(text) == shown


def test_roles_have_their_colours_and_main_measures_bars() -> None:
    sheet = opened()[named("sectors")]
    roles = {
        row[3].value: row[3].fill.fgColor.rgb[2:].lower() for row in sheet.iter_rows(min_row=2)
    }
    for role in ("high_carbon", "high_transmission", "high_output"):
        name = words(f"role.{role}")["en"]
        if name in roles:
            assert "#" + roles[name] == palette.ROLE[role]
    assert words("role.high_carbon")["en"] in roles
    assert len(sheet.conditional_formatting) == 7


@pytest.mark.parametrize(
    ("kind", "values", "pattern"),
    [
        ("money", [123456.0, 0.5], "#,##0"),
        ("mass", [300.0], "#,##0.00"),
        ("mass", [0.0123], "#,##0.0000"),
        ("share", [0.5], "#,##0.0%"),
        ("share", [0.00005], "#,##0.00000%"),
        ("whole", [3], "#,##0"),
        ("mass", [np.nan, None], "#,##0.00"),
        ("money", [1e20], "0.00E+00"),
        ("index", [0.0], "#,##0.00"),
    ],
)
def test_a_column_shows_three_digits_of_its_largest_figure(kind, values, pattern) -> None:
    assert number_format(kind, values) == pattern


def test_names_of_roles_can_be_read_on_their_colours() -> None:
    assert contrasting("#000000") == palette.PAPER
    assert contrasting(palette.ROLE["high_carbon"]) == palette.INK


def test_units_are_words() -> None:
    assert unit_of("10k_usd", "zh-Hans") == ("money", "万美元")
    assert unit_of("t_per_10k_yuan", "en") == ("intensity", "t CO₂ per 10 thousand yuan")


def test_a_wrong_name_and_a_missing_library_are_said_in_one_sentence(tmp_path, monkeypatch) -> None:
    with pytest.raises(DataError, match=r"ending in \.xlsx"):
        write_workbook(panel_of_sample(), tmp_path / "numbers.xls")
    with pytest.raises(DataError, match="language"):
        workbook(panel_of_sample(), "fr")
    path = write_workbook(panel_of_sample(), tmp_path / "new" / "numbers.xlsx")
    assert path.read_bytes() == of_sample()
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(DataError, match=r'xlsxwriter.*[Pp]ip install "graphmap\[slides\]"'):
        workbook(panel_of_sample())
