"""Whatever a file holds: every shared file opens without options, as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbooks import ceads_grid, ceads_like, inventory_grid, refusal, save

from graphmap.accounts import IOTable
from graphmap.accounts.emissions import Inventory
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.records import Records
from graphmap.readers import read
from graphmap.readers.detect import open_source

CITIES = "The_Emission_Inventories_for_290_Chinese_Cities_from_1997_to_2019.xlsx"
PROVINCES = "Emission_Inventories_for_30_Provinces"

TABLES = {
    "constructed/Guangdong_2017_ceads_layout.xlsx": (42, "10k_yuan", 2017),
    "constructed/Zhejiang_2017_ceads_layout.xlsx": (42, "10k_yuan", 2017),
    "constructed/Guangdong_Zhejiang_2017_ceads_layout.xlsx": (84, "10k_yuan", 2017),
    "constructed/MRIO2017_31x42_ceads_layout.xlsx": (1302, "10k_yuan", 2017),
    "nbs/china_2012_139.csv": (139, "10k_yuan", 2012),
    "nbs/china_2015_42.csv": (42, "10k_yuan", 2015),
    "nbs/china_2017_42.csv": (42, "10k_yuan", 2017),
    "nbs/china_2017_149.csv": (149, "10k_yuan", 2017),
    "nbs/china_2018_42.csv": (42, "10k_yuan", 2018),
    "nbs/china_2018_153.csv": (153, "10k_yuan", 2018),
    **{
        f"oecd/OECD21ed_CHN_{year}.csv": (45, "million_usd", year)
        for year in (1995, 2005, 2010, 2015, 2018)
    },
}
INVENTORIES = {
    "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx": (23, 1997, 2019),
    **{f"ceads/inventory/{PROVINCES}_{year}.xlsx": (30, year, year) for year in (2012, 2015, 2017)},
}
RECORDS = {
    "visceads/sector_totals.csv": ("sector_totals", 2273, "gross_output", "10k_yuan"),
    "seed_post/guangdong_2017_as_published.csv": (
        "sector_totals", 20, "gross_output", "million_yuan",
    ),
    f"ceads/{CITIES}": ("city_emissions", 3929, "co2", "Mt"),
    "cities/GGMCF_top500cities.txt": ("city_footprints", 500, "footprint", "Mt CO2"),
    "footprint/global_ecological_footprint_2023.csv": (
        "footprint_accounts", 182, "footprint", "gha/person",
    ),
    "footprint/nfa2019_country_totals_1990_2016.csv": (
        "footprint_accounts", 4208, "footprint", "gha/person",
    ),
}  # fmt: skip
FLOWS = "visceads/top88_flows.csv"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of two provinces."""
    path = tmp_path_factory.mktemp("book") / "two.xlsx"
    return save(path, Note=[["about"]], Table_2017=ceads_grid(ceads_like()))


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inventory of Guangdong."""
    path = tmp_path_factory.mktemp("inventory") / "e.xlsx"
    return save(path, Guangdong2017=inventory_grid())


def test_every_shared_file_has_its_expectation(data: Path) -> None:
    there = {str(file.relative_to(data)) for file in data.rglob("*") if file.is_file()}
    assert there - {"README.md"} == {*TABLES, *INVENTORIES, *RECORDS, FLOWS}


@pytest.mark.parametrize("name", TABLES)
def test_every_shared_table_opens_without_options(data: Path, name: str) -> None:
    found = open_source(data / name)
    assert isinstance(found, IOTable)
    assert (found.n, found.unit, found.year) == TABLES[name]


@pytest.mark.parametrize("name", INVENTORIES)
def test_every_shared_inventory_opens_without_options(data: Path, name: str) -> None:
    found = open_source(data / name)
    assert isinstance(found, list)
    years = [inventory.year for inventory in found]
    assert all(isinstance(each, Inventory) and each.unit == "Mt" for each in found)
    assert (len(found), min(years), max(years)) == INVENTORIES[name]


@pytest.mark.parametrize("name", RECORDS)
def test_every_shared_list_of_totals_opens_without_options(data: Path, name: str) -> None:
    found = open_source(data / name)
    kind, rows, column, unit = RECORDS[name]
    assert isinstance(found, Records)
    assert (found.kind, len(found.data), found.units[column]) == (kind, rows, unit)
    assert set(found.units) <= set(found.data.columns)


def test_the_shared_flows_open_with_the_totals_beside_them(data: Path, tmp_path: Path) -> None:
    found = open_source(data / FLOWS)
    assert isinstance(found, list)
    assert all(isinstance(each, FlowList) and each.unit == "million_yuan" for each in found)
    assert len(found) == 96
    assert all(each.totals["gross_output"].notna().any() for each in found)
    assert all("sector_totals.csv" in each.source.file for each in found)
    (tmp_path / "alone.csv").symlink_to(data / FLOWS)
    alone = open_source(tmp_path / "alone.csv", region="Guangdong", year=2015)
    assert isinstance(alone, list)
    assert [(each.regions, each.year) for each in alone] == [(["CN-GD"], 2015)]
    assert alone[0].totals["gross_output"].isna().all()


@pytest.mark.parametrize(
    ("name", "word"),
    [(FLOWS, "largest flows"), ("visceads/sector_totals.csv", "published totals")],
)
def test_what_is_no_table_is_not_read_as_one(data: Path, name: str, word: str) -> None:
    message = refusal(read, data / name)
    assert word in message
    assert "not an input-output table" in message


def test_an_inventory_opens_as_one(inventory: Path) -> None:
    found = open_source(inventory, region="广东", year=2017)
    assert isinstance(found, list)
    assert [each.region for each in found] == ["CN-GD"]
    assert "no such region" in refusal(open_source, inventory, region="Zhejiang")
    assert "no inventory of that year" in refusal(open_source, inventory, year=1999)
    assert "--unit" in refusal(open_source, inventory, unit="million_yuan")


def test_a_table_opens_as_by_read(book: Path) -> None:
    found = open_source(book, region="Zhejiang")
    assert isinstance(found, IOTable)
    assert (found.x == read(book, region="Zhejiang").x).all()


def test_a_file_of_nothing_known(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    message = refusal(open_source, tmp_path / "t.csv")
    assert "nothing known found; found 'one sheet (2 x 2 cells)'" in message


def test_a_mapping_leaves_no_room_for_a_source(book: Path, tmp_path: Path) -> None:
    message = refusal(read, book, mapping=tmp_path / "m.toml", sheet="Table_2017")
    assert "a mapping file says what is read; found 'Table_2017'" in message


LONG = "supplier{0}user{0}value_million_yuan\n"


@pytest.mark.parametrize(("between", "point"), [(",", "."), (";", "."), (";", ","), ("\t", ".")])
def test_csv_files_of_other_countries(tmp_path: Path, between: str, point: str) -> None:
    rows = [("Wool", "Cloth", "1.5"), ("Wool", "Exports", "2.25"), ("Cloth", "Exports", "1234.5")]
    lines = [between.join([a, b, value.replace(".", point)]) for a, b, value in rows]
    file = tmp_path / "t.csv"
    file.write_text(LONG.format(between) + "\n".join(lines), encoding="utf-8")
    found = open_source(file)
    assert isinstance(found, IOTable)
    assert found.x.tolist() == [3.75, 1234.5]
