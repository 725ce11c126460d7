"""National tables of the statistics bureau: all six files, to the cell."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workbooks import Grid, refusal, save, save_csv

from graphmap.accounts import IOTable, check
from graphmap.readers import read

FILES = {
    "china_2012_139.csv": (139, "nbs139_2012", True),
    "china_2015_42.csv": (42, "cn42_2012", True),
    "china_2017_42.csv": (42, "cn42_2017", False),
    "china_2017_149.csv": (149, "nbs149_2017", True),
    "china_2018_42.csv": (42, "cn42_2017", False),
    "china_2018_153.csv": (153, "nbs153_2018", True),
}
FINAL_USES = {
    "FU101": "rural_households",
    "FU102": "urban_households",
    "FU103": "government",
    "TC": "consumption",
    "FU201": "fixed_capital",
    "FU202": "inventories",
    "EX": "exports",
    "ERR": "error",
}


def published(file: Path) -> pd.DataFrame:
    """The file as pandas reads it, every figure to its last digit."""
    cells = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    labels = ["Code", "Description", "DescriptionInChinese", "Origin"]
    return cells.astype({name: float for name in cells.columns if name not in labels})


@pytest.fixture(params=FILES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_number_is_read_to_the_cell(data: Path, name: str) -> None:
    table, cells = read(data / "nbs" / name), published(data / "nbs" / name)
    n, classification, competitive = FILES[name]
    assert (table.n, table.classification, table.regions) == (n, classification, ["CN"])
    assert (table.unit, table.year) == ("10k_yuan", int(name.split("_")[1]))
    suppliers = cells if competitive else cells[cells["Origin"] == "Domestic"]
    suppliers = suppliers[:n]
    codes = suppliers["Code"].tolist()
    assert table.Z.tolist() == suppliers[codes].to_numpy(float).tolist()
    assert table.x.tolist() == suppliers["GO"].tolist()
    by_item = {item: code for code, item in FINAL_USES.items()}
    read_codes = [by_item[category] for category in table.final_uses["category"]]
    assert table.Y.tolist() == suppliers[read_codes].to_numpy(float).tolist()
    below = cells.set_index("Code")
    value_added = below.loc[["VA001", "VA002", "VA003", "VA004"], codes].to_numpy(float)
    assert table.V.tolist() == value_added.tolist()
    assert table.index["code"].tolist() == codes


def test_every_final_use_is_there_once(data: Path, name: str) -> None:
    """No subtotal is counted beside its parts, no part is forgotten."""
    table, cells = read(data / "nbs" / name), published(data / "nbs" / name)
    printed = cells["TFU"][: table.n].to_numpy(float)
    final = (table.final_uses["category"] != "error").to_numpy()
    np.testing.assert_allclose(table.Y[:, final].sum(axis=1), printed, rtol=1e-6, atol=1)


def test_both_identities_hold(data: Path, name: str) -> None:
    table = read(data / "nbs" / name)
    inside = 0.0 if table.imports_inside is None else table.imports_inside
    supply = table.Z.sum(axis=1) + table.Y.sum(axis=1) - inside
    inputs = table.Z.sum(axis=0) + table.imports + table.V.sum(axis=0)
    np.testing.assert_allclose(supply, table.x, rtol=1e-6)
    np.testing.assert_allclose(inputs, table.x, rtol=1e-6)
    assert [finding.severity for finding in check(table)] == ["ok"]


def test_imports_are_inside_or_apart_as_published(data: Path, name: str) -> None:
    table, cells = read(data / "nbs" / name), published(data / "nbs" / name)
    competitive = FILES[name][2]
    assert (table.imports_inside is not None) == competitive
    assert (table.Z_imports is None) == (table.Y_imports is None) == competitive
    if competitive:
        assert table.imports_inside is not None
        assert table.imports_inside.tolist() == cells["IM"][: table.n].tolist()
        assert not table.imports.any()
    else:
        imported = cells[cells["Origin"] == "Imports"].set_index("Code")
        codes = table.index["code"].tolist()
        assert table.Z_imports is not None
        assert (table.Z_imports == imported.loc[codes, codes].to_numpy(float)).all()
        np.testing.assert_allclose(table.imports, table.Z_imports.sum(axis=0))
        by_item = {item: code for code, item in FINAL_USES.items()}
        uses = [by_item[category] for category in table.final_uses["category"]]
        assert table.Y_imports is not None
        assert (table.Y_imports == imported.loc[codes, uses].to_numpy(float)).all()
        printed = imported.loc[codes, ["TFU", "GO"]].to_numpy(float)
        final = table.Y_imports.sum(axis=1)
        np.testing.assert_allclose(final, printed[:, 0], rtol=1e-6, atol=1)
        np.testing.assert_allclose(table.Z_imports.sum(axis=1) + final, printed[:, 1], rtol=1e-6)
        assert any("imports in rows of their own" in note["en"] for note in table.source.notes)


def test_taking_the_imports_out_keeps_output_and_exports(data: Path, name: str) -> None:
    table = read(data / "nbs" / name)
    domestic = table.domestic()
    exports = (table.final_uses["category"] == "exports").to_numpy()
    assert (domestic.x == table.x).all()
    assert (domestic.Y[:, exports] == table.Y[:, exports]).all()
    assert [finding.severity for finding in check(domestic)] == ["ok"]
    assert (domestic.Z.sum() < table.Z.sum()) == FILES[name][2]


def test_imports_without_a_row_for_each_sector_are_refused(data: Path, tmp_path: Path) -> None:
    rows = (data / "nbs/china_2017_42.csv").read_text(encoding="utf-8-sig").splitlines()
    at = next(i for i, row in enumerate(rows) if row.startswith("07") and ",Imports," in row)
    (tmp_path / "china_2017_42.csv").write_text("\n".join(rows[:at] + rows[at + 1 :]), "utf-8")
    message = refusal(read, tmp_path / "china_2017_42.csv")
    assert "the imports do not have a row for each sector; found 41" in message


@pytest.mark.parametrize(
    ("file", "power"), [("china_2015_42.csv", "25"), ("china_2017_42.csv", "24")]
)
def test_electricity_has_the_code_of_its_list(data: Path, file: str, power: str) -> None:
    index = read(data / "nbs" / file).index.set_index("code")
    assert index.loc[power, "name_zh_hans"] == "电力、热力的生产和供应"
    assert index.loc[power, "short_en"] == "Electricity & heat"


@pytest.mark.parametrize("name", [name for name, (n, *_) in FILES.items() if n > 42])
def test_a_longer_list_has_its_names_and_groups(data: Path, name: str) -> None:
    index = read(data / "nbs" / name).index
    cells = published(data / "nbs" / name)[: len(index)]
    assert index["name_zh_hans"].tolist() == cells["DescriptionInChinese"].tolist()
    english = cells["Description"].str.strip().str.casefold()
    pairs = zip(index["name_en"].str.casefold(), english, strict=True)
    # slips of the files: entertainment with a letter too many, names of their neighbours
    assert {right for right, printed in pairs if right != printed} == (
        {"entertainment", "wholesale trade", "retail trade"} if "149" in name else {"entertainment"}
    )
    assert (index["group"] != "").all() and index["group"].nunique() == 9


def test_a_table_with_a_name_of_its_own_keeps_its_names(data: Path, tmp_path: Path) -> None:
    text = (data / "nbs/china_2018_153.csv").read_text(encoding="utf-8-sig")
    assert "Agriculture,农产品" in text
    (tmp_path / "china_2018.csv").write_text(
        text.replace("Agriculture,农产品", "Grain,谷物"), "utf-8"
    )
    table: IOTable = read(tmp_path / "china_2018.csv")
    assert table.classification is None
    assert table.index["name_zh_hans"].iloc[0] == "谷物"


def test_another_year_than_that_of_the_file_is_refused(data: Path) -> None:
    message = refusal(read, data / "nbs/china_2017_42.csv", year=2018)
    assert "china_2017_42.csv: no table of that year; found 2018; expected 2017" in message


def test_a_csv_file_has_no_sheets(data: Path) -> None:
    message = refusal(read, data / "nbs/china_2017_42.csv", sheet="T")
    assert "a CSV file has no sheets" in message


def test_one_fault_in_a_copy_of_a_real_file_is_named(data: Path, tmp_path: Path) -> None:
    text = (data / "nbs/china_2017_42.csv").read_text(encoding="utf-8-sig")
    rows = text.splitlines()
    cells = rows[3].split(",")
    assert cells[0] == "03"
    rows[3] = ",".join([*cells[:10], "n/a", *cells[11:]])
    (tmp_path / "china_2017_42.csv").write_text("\n".join(rows), encoding="utf-8")
    message = refusal(read, tmp_path / "china_2017_42.csv")
    assert "cell K4: text in a number cell; found 'n/a'" in message


@pytest.mark.parametrize("value", ["inf", "-inf", "1e999"])
def test_an_infinite_number_is_refused_with_its_cell(
    data: Path, tmp_path: Path, value: str
) -> None:
    rows = (data / "nbs/china_2017_42.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = rows[3].split(",")
    rows[3] = ",".join([*cells[:10], value, *cells[11:]])
    (tmp_path / "c.csv").write_text("\n".join(rows), encoding="utf-8")
    message = refusal(read, tmp_path / "c.csv")
    assert "cell K4: an infinite number" in message


def test_a_copy_in_gb18030_is_read_alike(data: Path, tmp_path: Path) -> None:
    text = (data / "nbs/china_2017_42.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "china_2017.csv").write_text(text, encoding="gb18030")
    one, other = read(data / "nbs/china_2017_42.csv"), read(tmp_path / "china_2017.csv")
    assert one.index.equals(other.index)
    assert (one.Z == other.Z).all()


def rows_of(file: Path) -> Grid:
    """The file's cells, figures as numbers."""
    with file.open(newline="", encoding="utf-8-sig") as opened:
        cells: Grid = list(csv.reader(opened))
    at = next(j for j, text in enumerate(cells[0]) if text.isdigit())
    for row in cells[1:]:
        row[at:] = [float(text) if text else "" for text in row[at:]]
    return cells


def assert_same(found: IOTable, wanted: IOTable) -> None:
    assert found.index.equals(wanted.index)
    for part in ("Z", "Y", "V", "x", "imports", "imports_inside", "Z_imports", "Y_imports"):
        one, other = getattr(found, part), getattr(wanted, part)
        assert (one is None) == (other is None), part
        if other is not None:  # openpyxl writes 16 figures of a number
            np.testing.assert_allclose(one, other, rtol=1e-15, err_msg=part)
    assert (found.unit, found.year) == (wanted.unit, wanted.year)
    assert (found.source.publisher, found.source.notes) == ("nbs", wanted.source.notes)


def test_the_file_saved_as_a_workbook_is_the_same_table(
    data: Path, tmp_path: Path, name: str
) -> None:
    rows = rows_of(data / "nbs" / name)
    file = save((tmp_path / name).with_suffix(".xlsx"), Sheet1=rows)
    assert_same(read(file), read(data / "nbs" / name))
    assert_same(read(file, sheet="Sheet1"), read(data / "nbs" / name))
    assert "no table in that sheet" in refusal(read, file, sheet="Sheet2", source="nbs")


def test_the_header_may_be_chinese(data: Path, tmp_path: Path, name: str) -> None:
    rows = rows_of(data / "nbs" / name)
    rows[0][:3] = ["代码", "名称", "中文名称"]
    assert_same(read(save_csv(tmp_path / name, rows)), read(data / "nbs" / name))


def test_notes_below_the_table_are_no_rows(data: Path, tmp_path: Path, name: str) -> None:
    text = (data / "nbs" / name).read_text(encoding="utf-8-sig")
    (tmp_path / name).write_text(text.rstrip() + "\n\n注：数据来源国家统计局\n", "utf-8")
    assert_same(read(tmp_path / name), read(data / "nbs" / name))


@pytest.mark.parametrize(
    ("file", "header", "region"),
    [
        ("guangdong_2017.csv", ["Code", "Description"], "CN-GD"),
        ("guangdong_2017.csv", ["代码", "名称"], "CN-GD"),
        ("table_2017.csv", ["代码", "名称"], None),
    ],
)
def test_a_table_of_a_province_is_not_taken_for_the_nation(
    data: Path, tmp_path: Path, file: str, header: list[str], region: str | None
) -> None:
    rows = rows_of(data / "nbs/china_2018_42.csv")
    rows[0][:2] = header
    save_csv(tmp_path / file, rows)
    if region is None:
        assert "no region" in refusal(read, tmp_path / file)
    else:
        found = read(tmp_path / file)
        assert (found.regions, found.source.publisher) == ([region], "")
