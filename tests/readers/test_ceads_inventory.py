"""Emission inventories: every sheet adds up, and every tonne arrives in the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest
from workbooks import ceads_grid, ceads_like, cell, inventory_grid, refusal, save

from graphmap.classification import sector_list
from graphmap.readers import read, read_emissions

NATIONAL = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
PROVINCIAL = "ceads/inventory/Emission_Inventories_for_30_Provinces_{}.xlsx"
FIRST = 4
"""The row of the first sector in a built inventory (0-based), below the total."""


# --- the real files


@pytest.mark.parametrize("year", [2012, 2015, 2017])
def test_every_province_is_read_and_adds_up_to_its_printed_total(data: Path, year: int) -> None:
    path = data / PROVINCIAL.format(year)
    found = read_emissions(path)
    assert len(found) == len({inventory.region for inventory in found}) == 30
    book = openpyxl.load_workbook(path, read_only=True)
    for inventory in found:
        cells = list(book[inventory.source.sheet].values)
        assert cells[3][0].strip() in ("Total Consumption", "Total Emissions")
        total = inventory.F.sum() + inventory.households.sum()
        assert total == pytest.approx(cells[3][-1], rel=1e-9), inventory.source.sheet
        assert (inventory.year, inventory.unit) == (year, "Mt")
        assert inventory.F.index.tolist() == [f"{n:02d}" for n in range(1, 46)]
        assert inventory.households.index.tolist() == ["Urban", "Rural"]
        assert inventory.F.tolist() == [row[-1] for row in cells[4:49]]


def test_every_year_of_the_national_inventory_adds_up(data: Path) -> None:
    found = read_emissions(data / NATIONAL)
    assert [inventory.year for inventory in found] == list(range(1997, 2020))
    assert {inventory.region for inventory in found} == {"CN"}
    by_year = {inventory.year: inventory for inventory in found}
    total = by_year[2017].F.sum() + by_year[2017].households.sum()
    assert total == pytest.approx(9408.170796176375, rel=1e-12)  # the sheet's Total Consumption
    (alone,) = read_emissions(data / NATIONAL, year=2017)
    assert alone.F.equals(by_year[2017].F)


def test_the_industrial_total_of_china_is_kept_and_electricity_leads(data: Path) -> None:
    (inventory,) = read_emissions(data / NATIONAL, year=2017)
    table = read(data / "nbs/china_2017_42.csv").with_emissions([inventory])
    assert table.co2 is not None
    assert table.co2.sum() == pytest.approx(inventory.F.sum(), rel=1e-9)
    assert table.index["code"].iloc[int(table.co2.argmax())] == "24"
    assert table.co2.max() == pytest.approx(inventory.F["39"], rel=1e-12)
    assert table.extensions["co2"].F_Y.sum() == pytest.approx(inventory.households.sum())


def test_the_inventory_of_2015_reaches_the_older_list(data: Path) -> None:
    (inventory,) = read_emissions(data / NATIONAL, year=2015)
    table = read(data / "nbs/china_2015_42.csv").with_emissions([inventory])
    assert table.co2 is not None
    assert table.co2.sum() == pytest.approx(inventory.F.sum(), rel=1e-9)
    assert table.index["code"].iloc[int(table.co2.argmax())] == "25"


def test_the_inventory_of_guangdong_agrees_with_the_workbooks_own_row(data: Path) -> None:
    table = read(data / "constructed/Guangdong_2017_ceads_layout.xlsx")
    (inventory,) = read_emissions(data / PROVINCIAL.format(2017), region="广东")
    found = table.with_emissions([inventory])
    assert table.co2 is not None and found.co2 is not None
    np.testing.assert_allclose(found.co2, table.co2, rtol=0, atol=1e-6)  # the row's rounding


def test_regions_and_years_are_chosen(data: Path) -> None:
    found = read_emissions(data / PROVINCIAL.format(2017), region=["Guangdong", "浙江"], year=2017)
    assert {inventory.region for inventory in found} == {"CN-GD", "CN-ZJ"}
    assert "2017" in refusal(read_emissions, data / PROVINCIAL.format(2017), year=2016)


def test_tibet_is_not_in_the_inventory(data: Path) -> None:
    message = refusal(read_emissions, data / PROVINCIAL.format(2017), region="Tibet")
    assert "Tibet" in message
    assert "inventory" in message
    assert "Emission_Inventories_for_30_Provinces_2017.xlsx" in message


def test_a_table_of_tibet_takes_no_provincial_inventory(data: Path) -> None:
    inventories = read_emissions(data / PROVINCIAL.format(2017))
    table = ceads_like()
    index = table.index.assign(region=table.index["region"].replace("CN-ZJ", "CN-XZ"))
    message = refusal(type(table)(**{**vars(table), "index": index}).with_emissions, inventories)
    assert "no emissions for Tibet (西藏)" in message
    assert "Emission_Inventories_for_30_Provinces_2017.xlsx" in message


def test_city_totals_are_not_taken_for_an_inventory(data: Path) -> None:
    file = "The_Emission_Inventories_for_290_Chinese_Cities_from_1997_to_2019.xlsx"
    message = refusal(read_emissions, data / "ceads" / file)
    assert f"{file}: not an emission inventory" in message


# --- built inventories with one fault


def test_a_built_inventory_is_read_to_the_cell(tmp_path: Path) -> None:
    grid = inventory_grid()
    file = save(tmp_path / "e.xlsx", NOTE=[["about"]], Guangdong2017=grid, InnerMongolia2015=grid)
    found = read_emissions(file)
    assert [(one.region, one.year) for one in found] == [("CN-GD", 2017), ("CN-NM", 2015)]
    wanted = [row[-1] for row in grid[FIRST:]]
    assert [*found[0].F, *found[0].households] == pytest.approx(wanted, rel=1e-15)


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    grid = inventory_grid()
    (one,) = read_emissions(save(tmp_path / "a.xlsx", Guangdong2017=grid))
    turned = [*grid[:FIRST], *grid[:FIRST:-1], grid[FIRST]]
    (other,) = read_emissions(save(tmp_path / "b.xlsx", Guangdong2017=turned))
    assert other.F[one.F.index].equals(one.F)


def test_a_missing_sector_row_is_refused_by_name(tmp_path: Path) -> None:
    grid = inventory_grid()
    gone = grid.pop(FIRST + 38)
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert "sheet 'Guangdong2017': a sector of the inventory is missing" in message
    assert gone[0].strip() in message


@pytest.mark.parametrize("with_total", [True, False])
@pytest.mark.parametrize("same_figure", [True, False])
def test_a_sector_row_twice_is_refused_by_name(
    tmp_path: Path, with_total: bool, same_figure: bool
) -> None:
    grid = inventory_grid(with_total=with_total)
    first = FIRST if with_total else FIRST - 1
    again = list(grid[first + 38])
    if not same_figure:
        again[-1] += 1.0
    grid.insert(first + 39, again)
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert "Guangdong2017" in message
    assert "twice" in message
    assert again[0].strip() in message


def test_rows_that_miss_the_total_are_refused_with_both_figures(tmp_path: Path) -> None:
    grid = inventory_grid()
    grid[FIRST + 38][-1] += 1
    total = grid[FIRST - 1][-1]
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert cell(FIRST - 1, 3) in message
    assert f"{total:,.4f}" in message
    assert f"{total + 1:,.4f}" in message


def test_another_unit_is_refused(tmp_path: Path) -> None:
    grid = inventory_grid()
    grid[1][-1] = "kt CO2"
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert f"{cell(1, 3)}: unknown unit; found 'kt CO2'" in message


def test_a_text_in_a_figure_is_refused_with_its_cell(tmp_path: Path) -> None:
    grid = inventory_grid()
    grid[FIRST + 5][-1] = "x"
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert f"sheet 'Guangdong2017', {cell(FIRST + 5, 3)}: text in a number cell" in message


def test_a_table_given_as_emissions_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", Table_2017=ceads_grid(ceads_like()))
    message = refusal(read_emissions, file)
    assert "t.xlsx: not an emission inventory" in message
    assert "Scope 1 Total" in message


def test_the_list_of_an_inventory_is_that_of_its_figures(tmp_path: Path) -> None:
    (one,) = read_emissions(save(tmp_path / "e.xlsx", Guangdong2017=inventory_grid()))
    assert one.classification == "ceads_inventory"
    assert set(one.F.index) < set(sector_list("ceads_inventory").sectors.index)


# --- labels and headers vary


def test_two_labels_exchanged_are_reported_with_both_names(tmp_path: Path) -> None:
    grid = inventory_grid()
    (plain,) = read_emissions(save(tmp_path / "a.xlsx", Guangdong2017=grid))
    assert plain.source.notes == ()
    first, second = FIRST + 5, FIRST + 30
    grid[first][0], grid[second][0] = grid[second][0], grid[first][0]
    (found,) = read_emissions(save(tmp_path / "b.xlsx", Guangdong2017=grid))
    (note,) = found.source.notes
    assert grid[first][0].strip() in note["en"]
    assert grid[second][0].strip() in note["en"]
    assert "Guangdong2017" in note["zh-Hant"]


def test_the_published_inventories_are_in_order(data: Path) -> None:
    for year in (2012, 2015, 2017):
        assert all(not i.source.notes for i in read_emissions(data / PROVINCIAL.format(year)))


@pytest.mark.parametrize("total", ["Scope 1 Total", "Scope_1_Total", " scope 1  total "])
@pytest.mark.parametrize("row", ["Total Consumption", "Total Emissions ", "total_emissions"])
def test_labels_vary_between_years(tmp_path: Path, total: str, row: str) -> None:
    grid = inventory_grid()
    (wanted,) = read_emissions(save(tmp_path / "a.xlsx", Guangdong2017=grid))
    grid[0][-1], grid[3][0] = total, row
    (found,) = read_emissions(save(tmp_path / "b.xlsx", Guangdong2017=grid))
    assert found.F.equals(wanted.F)
    grid[3][-1] *= 1.01
    assert "do not sum" in refusal(read_emissions, save(tmp_path / "c.xlsx", Guangdong2017=grid))


def test_labels_may_stand_in_another_column_and_below_a_title(tmp_path: Path) -> None:
    grid = inventory_grid()
    (wanted,) = read_emissions(save(tmp_path / "a.xlsx", Guangdong2017=grid))
    moved = [["CO2 of Guangdong"], [""], *([f"{n}", *row] for n, row in enumerate(grid))]
    (found,) = read_emissions(save(tmp_path / "b.xlsx", Guangdong2017=moved))
    assert found.F.equals(wanted.F)
    assert found.households.equals(wanted.households)


def test_years_that_are_not_there_are_named_with_those_that_are(tmp_path: Path) -> None:
    book = save(
        tmp_path / "a.xlsx", **{f"China{year}": inventory_grid() for year in (2012, 2015, 2017)}
    )
    message = refusal(read_emissions, book, year=2013)
    assert "no inventory of that year" in message
    assert "2013" in message
    assert "2012, 2015, 2017" in message


def test_one_region_and_year_twice_is_refused(tmp_path: Path) -> None:
    book = save(
        tmp_path / "a.xlsx", **{"Guangdong2017": inventory_grid(), "广东_2017": inventory_grid(1)}
    )
    assert "twice" in refusal(read_emissions, book)


# --- fuels beside their total


@pytest.mark.parametrize("name", ["Guangdong2017", "2017"])
def test_a_fuel_that_the_total_of_its_row_does_not_hold_is_refused(
    tmp_path: Path, name: str
) -> None:
    grid = inventory_grid()
    grid[FIRST + 5][1] = 999.0
    label, _, process, total = grid[FIRST + 5]
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", **{name: grid}))
    assert f"sheet '{name}', {cell(FIRST + 5, 3)}" in message
    assert f"row {FIRST + 6} '{label.strip()}'" in message
    assert f"{total:,.4f}" in message and f"{999 + process:,.4f}" in message


def test_totals_of_two_rows_exchanged_are_refused_by_both_names(tmp_path: Path) -> None:
    grid = inventory_grid()
    grid[FIRST + 5][-1], grid[FIRST + 9][-1] = grid[FIRST + 9][-1], grid[FIRST + 5][-1]
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert grid[FIRST + 5][0].strip() in message and grid[FIRST + 9][0].strip() in message
    assert "more" not in message


def test_a_total_column_moved_by_one_row_is_refused(tmp_path: Path) -> None:
    grid = inventory_grid()
    totals = [row[-1] for row in grid[FIRST:]]
    for row, total in zip(grid[FIRST:], [totals[-1], *totals], strict=False):
        row[-1] = total
    message = refusal(read_emissions, save(tmp_path / "e.xlsx", Guangdong2017=grid))
    assert "and 43 more" in message


def test_rounded_fuels_scope_2_and_fuels_in_another_unit_are_no_contradiction(
    tmp_path: Path,
) -> None:
    grid = inventory_grid()
    rounded = [[each if isinstance(each, str) else round(each, 4) for each in row] for row in grid]
    heat = [[*row[:2], 7.0 if len(row) > 1 else "", *row[2:]] for row in grid]
    heat[0][2], heat[1][2] = "Scope_2_Heat", "Mt CO2"
    joules = [[*row[:2], 7.0 if len(row) > 1 else "", *row[2:]] for row in grid]
    joules[0][2], joules[1][2] = "Coke", "PJ"
    bare = [[row[0], *row[3:]] for row in grid]
    sheets = dict(zip(("2012", "2015", "2016", "2017"), (rounded, heat, joules, bare), strict=True))
    assert len(read_emissions(save(tmp_path / "e.xlsx", **sheets))) == 4
