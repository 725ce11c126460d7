"""Lists of the largest flows by region and year, with totals of some sectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from workbooks import refusal, save_csv

from graphmap.accounts.flow_list import FlowList, findings
from graphmap.classification import sector_list
from graphmap.errors import DataError
from graphmap.readers import open_source
from graphmap.readers.flow_list import read_flow_lists, read_flows, recognises

FLOWS: list[list[Any]] = [
    ["province", "year", "supplier", "user", "flow_million_yuan", "share_of_all_flows", "rank"],
    ["Guangdong", "2017", "Coal mining", "Power & heat prod. & distr.", 40, 0.4, 1],
    ["Guangdong", "2017", "Power & heat prod. & distr.", "Construction", 20, 0.2, 2],
    ["Guangdong", "2017", "Recyclying", "Recyclying", 10, 0.1, 3],
    ["Guangdong", "2017 new", "Other manuf. & recyclying", "Construction", 5, 0.5, 1],
    ["浙江", "2017", "Coal mining", "Construction", 8, 0.8, 1],
]
TOTALS: list[list[Any]] = [
    ["province", "year", "sector", "gross_output_10k_yuan", "co2_kt"],
    ["Guangdong", "2017", "Coal mining", 5000, 250],
    ["Guangdong", "2017", "Finance", 700, ""],
    ["Guangdong", "2017new", "Construction", 900, 0],
]


def pair(folder: Path, flows: list[list[Any]] = FLOWS, totals: list[list[Any]] = TOTALS) -> Any:
    return save_csv(folder / "flows.csv", flows), save_csv(folder / "totals.csv", totals)


def changed(rows: list[list[Any]], row: int, column: int, value: object) -> list[list[Any]]:
    copy = [list(line) for line in rows]
    copy[row][column] = value
    return copy


def test_rows_supply_and_units_are_those_of_the_columns(tmp_path: Path) -> None:
    found = read_flows(*pair(tmp_path), region="广东", year=2017)
    at = {name: i for i, name in enumerate(found.index["short_en"])}
    coal, power = at["Coal mining"], at["Electricity & heat"]
    assert found.flows[coal, power] == 40
    assert found.flows[power, coal] == 0
    assert found.unit == "million_yuan"
    assert found.totals["gross_output"].iloc[coal] == pytest.approx(50)
    assert found.gross_output[coal] == pytest.approx(5000)
    assert found.co2[coal] == pytest.approx(0.25)
    assert found.direct_intensity[coal] == pytest.approx(0.25 / 5000)
    assert (found.regions, found.year, found.edition) == (["CN-GD"], 2017, "2017")
    assert found.share_of_all == pytest.approx(0.7)
    assert found.largest


def test_what_is_not_known_is_missing_and_not_zero(tmp_path: Path) -> None:
    found = read_flows(*pair(tmp_path), region="GD", year="2017")
    known = found.totals.set_axis(found.index["short_en"])
    assert np.isnan(known.loc["Electricity & heat", "gross_output"])
    assert known.loc["Finance", "gross_output"] == pytest.approx(7)
    assert np.isnan(known.loc["Finance", "direct_co2"])
    alone = read_flows(tmp_path / "flows.csv", region="GD", year="2017")
    assert alone.totals.isna().all(axis=None)
    assert not alone.has_emissions


def test_editions_are_the_same_however_they_are_spelt(tmp_path: Path) -> None:
    """The two files of one source write "2017 new" and "2017new"."""
    found = read_flows(*pair(tmp_path), region="Guangdong", year="2017NEW")
    assert (found.year, found.edition) == (2017, "2017 new")
    assert found.totals["gross_output"].notna().sum() == 1
    assert found.classification == "cn42_2017"


def test_the_names_of_all_regions_tell_the_list_and_the_year_does_not(tmp_path: Path) -> None:
    """Zhejiang names nothing that one list alone has; its year's other rows do."""
    found = read_flows(*pair(tmp_path), region="Zhejiang", year=2017)
    assert found.classification == "cn42_2012"
    assert found.index.index.tolist() == ["CN-ZJ.02", "CN-ZJ.28"]


def test_every_list_of_the_file_or_those_asked_for(tmp_path: Path) -> None:
    files = pair(tmp_path)
    named = [(each.regions[0], each.edition) for each in read_flow_lists(*files)]
    assert named == [("CN-GD", "2017"), ("CN-GD", "2017 new"), ("CN-ZJ", "2017")]
    some = read_flow_lists(*files, regions=["浙江", "GD"], years=[2017])
    assert [each.regions[0] for each in some] == ["CN-ZJ", "CN-GD"]
    group = read_flow_lists(*files, regions=["长三角"], years=[2017])
    assert [each.regions[0] for each in group] == ["CN-ZJ"]


def test_sectors_of_no_bundled_list_keep_their_names(tmp_path: Path) -> None:
    rows = [
        FLOWS[0][:5],
        ["Atlantis", 2017, "Glass", "玻璃瓶", 3],
        ["Atlantis", 2017, "Sand", "Glass", 1],
    ]
    found = read_flows(save_csv(tmp_path / "f.csv", rows))
    assert found.classification is None
    assert found.index["name_en"].tolist() == ["Glass", "Sand", "玻璃瓶"]
    assert found.index["name_zh_hant"].tolist()[2] == "玻璃瓶"
    assert found.index.index.tolist() == ["Atlantis.01", "Atlantis.02", "Atlantis.03"]
    assert found.share_of_all is None
    assert not found.largest


@pytest.mark.parametrize(
    ("row", "column", "value", "parts"),
    [
        (0, 4, "flow", ["flows.csv", "no column 'flow_<unit>'"]),
        (0, 4, "flow_shells", ["flows.csv, cell E1", "unknown money unit", "flow_million_yuan"]),
        (0, 2, "seller", ["no column 'supplier'", "seller"]),
        (0, 0, "place", ["no column 'region' or 'province'"]),
        (0, 6, "user", ["cell G1", "two columns of one name"]),
        (2, 4, "many", ["flows.csv, cell E3", "text in a number cell", "'many'"]),
        (2, 4, "", ["flows.csv, cell E3", "an empty cell"]),
        (2, 4, -3, ["flows.csv, cell E3", "not above zero", "-3"]),
        (3, 3, "", ["flows.csv, cell D4", "an empty user"]),
        (4, 1, "new", ["flows.csv, cell B5", "no year"]),
        (1, 5, 0.9, ["shares of all flows", "1.2", "CN-GD 2017"]),
        (2, 2, "Coal mining", ["cell A4", "the same flow twice"]),
    ],
)
def test_a_fault_in_the_flows_is_named_by_its_cell(
    tmp_path: Path, row: int, column: int, value: object, parts: list[str]
) -> None:
    rows = changed(FLOWS, row, column, value)
    if "twice" in parts[-1]:
        rows = changed(changed(FLOWS, 3, 2, "Coal mining"), 3, 3, "Power & heat prod. & distr.")
    message = refusal(read_flow_lists, *pair(tmp_path, rows))
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("row", "column", "value", "parts"),
    [
        (0, 3, "gross_output", ["totals.csv", "no column 'gross_output_<unit>'"]),
        (0, 3, "gross_output_million_usd", ["cannot convert million_usd into million_yuan"]),
        (0, 4, "co2_pounds", ["totals.csv, cell E1", "unknown unit of CO2"]),
        (1, 3, -5, ["totals.csv, cell D2", "a total below zero", "-5"]),
        (2, 2, "Coal mining", ["totals.csv", "the same sector twice", "Coal mining"]),
    ],
)
def test_a_fault_in_the_totals_is_named(
    tmp_path: Path, row: int, column: int, value: object, parts: list[str]
) -> None:
    message = refusal(read_flow_lists, *pair(tmp_path, FLOWS, changed(TOTALS, row, column, value)))
    for part in parts:
        assert part in message


def test_a_region_or_year_that_is_not_there(tmp_path: Path) -> None:
    files = pair(tmp_path)
    assert "no such region in" in refusal(read_flows, *files, region="Fujian")
    assert "no flows of that year; found '2018'" in refusal(read_flows, *files, year=2018)
    message = refusal(read_flows, *files, region="浙江", year="2017 new")
    assert "no flows of CN-ZJ in 2017 new; found '2017'" in message
    assert "several regions or years" in refusal(read_flows, *files)
    assert "no such file" in refusal(read_flows, tmp_path / "nowhere.csv")
    assert "the file is empty" in refusal(read_flows, _empty(tmp_path))


def _empty(folder: Path) -> Path:
    (folder / "empty.csv").write_bytes(b"")
    return folder / "empty.csv"


def test_a_list_is_told_by_its_columns(tmp_path: Path) -> None:
    flows, totals = pair(tmp_path)
    assert recognises(flows)
    assert not recognises(totals)
    assert not recognises(tmp_path / "nowhere.csv")


def test_a_supplier_beyond_its_output_is_a_warning(tmp_path: Path) -> None:
    totals = changed(TOTALS, 1, 3, 100)
    found = findings(read_flows(*pair(tmp_path, FLOWS, totals), region="GD", year=2017))
    assert [each.severity for each in found] == ["warning", "note", "note"]
    assert "exceed gross output by 39 million yuan" in found[0].text["en"]
    assert found[0].sector == "CN-GD.02"
    assert "2 of 5 sectors" not in found[1].text["en"]
    assert "3 of 5 sectors" in found[1].text["en"]


# --- the source itself


@pytest.fixture(scope="module")
def published(data: Path) -> list[FlowList]:
    folder = data / "visceads"
    return read_flow_lists(folder / "top88_flows.csv", folder / "sector_totals.csv")


def test_every_name_of_the_source_is_known_in_chinese(data: Path) -> None:
    """Its own spellings, "Recyclying" among them."""
    flows = pd.read_csv(data / "visceads" / "top88_flows.csv")
    for list_id, rows in flows.groupby(flows["year"].eq("2017 new")):
        chosen = sector_list("cn42_2017" if list_id else "cn42_2012")
        for name in {*rows["supplier"], *rows["user"]}:
            assert chosen.code(name), name


def test_the_lists_hold_what_the_source_holds(data: Path, published: list[FlowList]) -> None:
    flows = pd.read_csv(data / "visceads" / "top88_flows.csv")
    totals = pd.read_csv(data / "visceads" / "sector_totals.csv")
    assert len(published) == 24 * 4
    assert sum(each.flows.nnz for each in published) == len(flows)
    for each in published:
        assert each.flows.nnz == 88
        assert each.largest
    everything = sum(each.flows.sum() for each in published)
    assert everything == pytest.approx(flows["flow_million_yuan"].sum())
    co2 = sum(np.nansum(each.co2) for each in published)
    assert co2 == pytest.approx(totals["co2_mt"].sum())
    output = sum(np.nansum(each.gross_output) for each in published)
    assert output == pytest.approx(totals["gross_output_10k_yuan"].sum())
    assert sum(int(each.totals["gross_output"].notna().sum()) for each in published) == len(totals)


def test_lists_go_by_the_names_and_not_by_the_year(published: list[FlowList]) -> None:
    used = {(each.edition, each.classification) for each in published}
    assert used == {
        ("2012", "cn42_2012"),
        ("2015", "cn42_2012"),
        ("2017", "cn42_2012"),
        ("2017 new", "cn42_2017"),
    }


def test_a_sector_that_the_list_of_the_others_lacks_is_named_with_the_file(tmp_path: Path) -> None:
    rows = changed(FLOWS, 1, 2, "Coal minnig")
    with pytest.raises(DataError) as caught:
        read_flow_lists(*pair(tmp_path, rows))
    assert "flows.csv" in str(caught.value) and "'Coal minnig'" in str(caught.value)


def test_two_columns_of_co2_are_refused(tmp_path: Path) -> None:
    totals = [[*row, "co2_mt" if i == 0 else 1] for i, row in enumerate(TOTALS)]
    assert "several columns 'co2_<unit>'" in refusal(
        read_flow_lists, *pair(tmp_path, totals=totals)
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_recognised(tmp_path: Path, separator: str) -> None:
    flows = "province,year,supplier,user,flow_million_yuan\nGuangdong,2017.0,Coal,Steel,5\n"
    totals = "province,year,sector,gross_output_million_yuan\nGuangdong,2017,Coal,50\n"
    (tmp_path / "flows.tsv").write_text(flows.replace(",", separator))
    (tmp_path / "totals.tsv").write_text(totals.replace(",", separator))
    found = open_source(tmp_path / "flows.tsv")
    assert isinstance(found, list)
    (listed,) = found
    assert isinstance(listed, FlowList)
    assert listed.edition == "2017"
    assert listed.totals["gross_output"].dropna().tolist() == [50]
