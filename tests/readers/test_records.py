"""Published totals: figures against the files themselves, read by other means."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from workbooks import refusal, save

from graphmap.accounts.records import Records
from graphmap.readers.detect import open_source

CITIES = "ceads/The_Emission_Inventories_for_290_Chinese_Cities_from_1997_to_2019.xlsx"


def opened(file: Path) -> Records:
    found = open_source(file)
    assert isinstance(found, Records)
    return found


def write(folder: Path, text: str, name: str = "t.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# --- totals of sectors


def test_totals_of_sectors_are_those_of_the_file(data: Path) -> None:
    found = opened(data / "visceads" / "sector_totals.csv")
    with (data / "visceads" / "sector_totals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(found.data) == len(rows)
    for column, printed in (("gross_output", "gross_output_10k_yuan"), ("co2", "co2_mt")):
        values = [float(row[printed] or "nan") for row in rows]
        assert np.array_equal(found.data[column], values, equal_nan=True)
    assert found.data["sector"].tolist() == [row["sector"] for row in rows]
    assert found.units["intermediate_sales"] == "million_yuan"
    assert found.units["co2"] == "Mt"


def test_the_list_of_an_edition_is_told_by_its_names(data: Path) -> None:
    """Editions 2012, 2015 and 2017 go by the list of 2012, ``2017 new`` by that of 2017."""
    found = opened(data / "visceads" / "sector_totals.csv").data
    lists = found.groupby("edition")["classification"].agg(set).to_dict()
    assert lists == {
        "2012": {"cn42_2012"}, "2015": {"cn42_2012"}, "2017": {"cn42_2012"},
        "2017 new": {"cn42_2017"},
    }  # fmt: skip
    power = found[found["sector"] == "Power & heat prod. & distr."]
    assert set(power[["edition", "code"]].itertuples(index=False, name=None)) == {
        ("2012", "25"), ("2015", "25"), ("2017", "25"), ("2017 new", "24"),
    }  # fmt: skip


def test_the_seed_article_is_read_as_it_was_printed(data: Path) -> None:
    """Its labels are shifted: that is found by the plausibility check, not mended here."""
    found = opened(data / "seed_post" / "guangdong_2017_as_published.csv")
    table = found.data.set_index("sector")
    assert set(table["region"]) == {"CN-GD"}
    assert set(table["year"]) == {2017}
    assert table.loc["住宿餐饮", ["code", "co2"]].tolist() == ["30", 67.95]
    assert table.loc["产供燃气", ["code", "co2"]].tolist() == ["25", 283.44]
    assert table.loc["运输仓储邮政", "code"] == "29"
    assert (table["code"] != "").all()
    assert found.units["intensity"] == "kg/10k_yuan"
    assert found.units["gross_output"] == "million_yuan"


def test_figures_that_do_not_stand_there_are_not_zero(tmp_path: Path) -> None:
    text = "region,year,sector,gross_output_万元,co2_t\n广东,2017,Wool,5,\n广东,2017,Cloth,,7\n"
    found = opened(write(tmp_path, text))
    assert np.array_equal(found.data["gross_output"], [5, np.nan], equal_nan=True)
    assert np.array_equal(found.data["co2"], [np.nan, 7], equal_nan=True)
    assert found.units == {"gross_output": "10k_yuan", "co2": "t"}
    assert set(found.data["classification"]) == {""}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("Guangdong,2017,Wool,x", "text in a number cell; found 'x'"),
        ("Guangdong,soon,Wool,1", "no year; found 'soon'"),
        ("Guangdong,2017,,1", "an empty sector"),
        ("Guangdong,2017,Wool,1\n广东,2017,Wool,2", "the same sector twice"),
        (
            "Guangdong,2017,Coal mining,1\nGuangdong,2017,Construction,1\n"
            "Guangdong,2017,Finance,1\nGuangdong,2017,Constrution,2",
            "a sector that the list of the others does not have; found 'Constrution'",
        ),
    ],
)
def test_totals_that_cannot_be_used(tmp_path: Path, rows: str, message: str) -> None:
    file = write(tmp_path, "province,year,sector,gross_output_10k_yuan\n" + rows + "\n")
    assert message in refusal(open_source, file)


def test_a_region_and_a_year_may_be_chosen(data: Path) -> None:
    file = data / "visceads" / "sector_totals.csv"
    found = open_source(file, region="浙江", year=2015)
    assert isinstance(found, Records)
    assert set(found.data["region"]) == {"CN-ZJ"}
    assert set(found.data["year"]) == {2015}
    assert "no figures of that year" in refusal(open_source, file, year=1900)
    assert "no such region" in refusal(open_source, file, region="Atlantis")


# --- cities


def test_cities_are_those_of_the_workbook(data: Path) -> None:
    found = opened(data / CITIES)
    book = openpyxl.load_workbook(data / CITIES, read_only=True)
    rows = list(book["emission vector"].iter_rows(min_row=2, values_only=True))
    assert found.data["city"].tolist() == [row[1] for row in rows]
    assert found.data["co2"].tolist() == [row[3] for row in rows]
    assert found.units == {"co2": "Mt"}
    assert found.data.set_index("city").loc["广东广州", "region"].unique().tolist() == ["CN-GD"]
    assert found.data["region"].str.startswith("CN-").all()


def city_book(folder: Path, matrix: float = 2.5, unit: str = "百万吨", year: object = 2000) -> Path:
    note = [["Unit/单位", f"as stated\n{unit}"]]
    vector = [["ID", "city", "year", "emission"], ["a", "广东广州", year, 2.5]]
    grid = [["city", 1999, 2000], ["广东广州", None, matrix]]
    return save(folder / "t.xlsx", NOTE=note, vector=vector, matrix=grid)


def test_the_two_sheets_of_cities_have_to_agree(tmp_path: Path) -> None:
    assert opened(city_book(tmp_path)).data["co2"].tolist() == [2.5]
    message = refusal(open_source, city_book(tmp_path, matrix=2.6))
    assert "sheet 'matrix', cell C2: the two sheets differ for 广东广州 in 2000" in message
    assert "found '2.6'" in message
    assert "without a unit" in refusal(open_source, city_book(tmp_path, unit="stones"))
    assert "no city or year" in refusal(open_source, city_book(tmp_path, year="soon"))


def test_footprints_of_cities(data: Path) -> None:
    found = opened(data / "cities" / "GGMCF_top500cities.txt").data
    seoul, guangzhou = found.iloc[0], found.iloc[1]
    assert (seoul["footprint"], seoul["footprint_deviation"]) == (276.1, 51.8)
    assert (guangzhou["footprint_per_person"], guangzhou["region"]) == (6.1, "CN")
    assert guangzhou["footprint_per_person_deviation"] == 1.0
    per_person = found["footprint"] * 1e6 / found["population"]
    np.testing.assert_allclose(per_person, found["footprint_per_person"], rtol=0.08)


# --- countries


def test_footprints_of_countries(data: Path) -> None:
    found = opened(data / "footprint" / "global_ecological_footprint_2023.csv")
    table = found.data.set_index("country")
    albania = table.loc["Albania"]
    assert albania["gdp_per_person"] == 14889
    assert np.isnan(table.loc["Afghanistan", "gdp_per_person"])
    assert (albania["footprint_built_up_land"], albania["footprint"]) == (0.1, 2.1)
    assert albania["biocapacity_built_up_land"] == pytest.approx(0.073005587)
    capacity = table.filter(regex="^biocapacity_").sum(axis=1, skipna=False)
    off = (capacity - table["biocapacity"]).abs().dropna()
    assert len(off) > 140
    assert (off < 0.4).all()
    assert table.loc["China", "region"] == "CN"
    assert set(found.data["year"]) == {2023}


def test_national_accounts_of_footprints(data: Path) -> None:
    file = data / "footprint" / "nfa2019_country_totals_1990_2016.csv"
    found = opened(file)
    printed = pd.read_csv(file, keep_default_na=False)
    assert found.data["year"].tolist() == printed["Year"].tolist()
    assert found.data["footprint"].tolist() == printed["EFConsPerCap"].astype(float).tolist()
    assert found.data["country_code"].tolist() == printed["Code"].tolist()
    gap = found.data["biocapacity"] - found.data["footprint"] - found.data["reserve"]
    assert gap.abs().max() < 1e-9


def test_a_text_among_the_figures_is_refused(tmp_path: Path) -> None:
    head = "Year,Country,BiocapPerCap,EFConsPerCap\n"
    assert "found 'much'" in refusal(open_source, write(tmp_path, head + "2016,China,1.0,much\n"))
    found = opened(write(tmp_path, head + '2016,China,,"$1,234.5 "\n'))
    assert np.isnan(found.data["biocapacity"].iloc[0])
    assert found.data["footprint"].tolist() == [1234.5]
