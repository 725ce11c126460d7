"""Units, years, copies and directions that the identities do not tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_label_shift import N

from graphmap import sample, units
from graphmap.accounts import IOTable, check
from graphmap.accounts.aggregate import regions_grouped
from graphmap.accounts.magnitudes import gdp, provinces
from graphmap.accounts.plausibility import compare_years, plausible
from graphmap.classification import regions_of_group
from graphmap.i18n import LANGUAGES
from graphmap.readers import read


def found(table: IOTable) -> dict[str, object]:
    return {each.kind: each for each in plausible(table)}


@pytest.mark.parametrize("unit", [u for u in units.MONEY_UNITS if u != "100m_yuan"])
def test_a_wrong_unit_is_told_with_the_right_one(unit: str) -> None:
    """The sample is in 100 million yuan: declared as anything else it is an error."""
    wrong = found(replace(sample.table(), unit=unit))["unit"]
    assert wrong.severity == "error"
    assert wrong.repair == "unit:100m_yuan"
    for tag in LANGUAGES:
        assert "{" not in wrong.text[tag]


def test_mt_taken_for_kt_is_told() -> None:
    table = sample.table()
    co2 = table.extensions["co2"]
    wrong = replace(table, extensions={"co2": replace(co2, F=co2.F * 1000)})
    assert "co2_size" in found(wrong)


@pytest.mark.parametrize(("year", "kinds"), [(2012, {"year_list", "output_size"}), (2018, set())])
def test_a_year_is_told_by_the_list_and_the_size(year: int, kinds: set[str]) -> None:
    assert set(found(replace(sample.table(), year=year))) == kinds


def test_a_table_without_a_year_is_held_against_all_years_of_its_list() -> None:
    table = replace(sample.table(), year=None)
    assert found(table) == {}
    for unit in ("10k_yuan", "million_yuan"):
        wrong = found(replace(table, unit=unit))["unit"]
        assert (wrong.severity, wrong.repair) == ("error", "unit:100m_yuan")
        assert "what 2017–2022 allows" in wrong.text["en"]
    co2 = table.extensions["co2"]
    assert "co2_size" in found(replace(table, extensions={"co2": replace(co2, F=co2.F * 1000)}))


def test_a_table_without_a_year_says_so_only_where_that_leaves_the_unit_open() -> None:
    """Without a known list it may be of any year: 1995 in one unit is like 2022 in another."""
    table = replace(sample.table(), year=None, classification=None)
    assert found(table)["year_unknown"].severity == "warning"
    assert "1995–2022" in found(table)["year_unknown"].text["en"]
    assert set(found(replace(table, unit="10k_yuan"))) == {"year_unknown", "unit"}
    abroad = table.index.assign(region=table.index["region"].map({"CN-GD": "X", "CN-ZJ": "Y"}))
    assert found(replace(table, index=abroad)) == {}
    assert "year_unknown" not in found(replace(table, unit="million_usd"))
    assert "year_unknown" not in found(replace(table, x=table.x * np.nan))


def test_output_that_is_no_number_has_no_share_of_value_added() -> None:
    table = sample.table()
    x = table.x.copy()
    x[3] = np.nan
    assert "value_added" not in found(replace(table, x=x))


def test_the_year_of_a_national_table_is_told_by_its_total(data) -> None:
    table = read(data / "nbs/china_2017_42.csv")
    assert found(table) == {}
    assert found(replace(table, year=2018))["year_total"].value == 2017


@pytest.mark.parametrize("factor", [1.0, 1.25])
def test_a_province_that_is_a_copy_is_an_error(factor: float) -> None:
    table = sample.table()
    x, V = table.x.copy(), table.V.copy()
    x[N:], V[:, N:] = x[:N] * factor, V[:, :N] * factor
    copy = found(replace(table, x=x, V=V))["duplicated_region"]
    assert copy.severity == "error"
    assert copy.repair == "drop-region:CN-ZJ"
    assert ("1.250" in copy.text["en"] or "0.800" in copy.text["en"]) == (factor != 1)


def test_one_province_of_several_in_another_unit_is_told() -> None:
    """What all regions have together need not be unusual: each is looked at for itself."""
    table = sample.table()
    small = (table.index["region"] == "CN-ZJ").to_numpy()
    co2 = table.extensions["co2"]
    wrong = replace(table, extensions={"co2": replace(co2, F=co2.F / np.where(small, 1000, 1))})
    told = found(wrong)["co2_size"]
    assert told.region == "CN-ZJ"
    assert told.text["en"].startswith("Zhejiang: ")
    told = found(replace(table, x=table.x / np.where(small, 10, 1)))["output_size"]
    assert told.region == "CN-ZJ"


def test_supplier_and_user_exchanged() -> None:
    table = sample.table()
    assert found(replace(table, Z=table.Z.T))["swapped_axes"].severity == "error"
    uses = table.Y.sum(axis=1)
    whole = replace(
        table,  # turned whole, so that the identities hold
        Z=table.Z.T,
        Y=(table.V.sum(axis=0) + table.imports)[:, None],
        V=uses[None, :],
        imports=np.zeros(table.n),
        final_uses=table.final_uses.iloc[:1],
        primary_inputs=("value_added",),
        extensions={},
    )
    kinds = found(whole)
    assert kinds["swapped_axes"].severity == "warning"
    assert "supply" not in {each.kind for each in check(whole)}


def test_years_that_repeat_one_another() -> None:
    table = sample.table()
    later = replace(table, year=2018, x=table.x * 1.07, V=table.V * 1.07)
    assert [each.region for each in compare_years([table, later])] == table.regions
    different = replace(later, x=later.x * np.linspace(1, 1.1, table.n))
    assert compare_years([table, different]) == []


def test_a_missing_province_is_a_note(data) -> None:
    table = read(data / "constructed/MRIO2017_31x42_ceads_layout.xlsx")
    assert plausible(table) == []
    without = table.select([code for code in table.regions if code != "CN-HN"])
    (note,) = plausible(without)
    assert (note.severity, note.kind) == ("note", "missing_regions")
    assert "Hunan" in note.text["en"]
    assert "湖南" in note.text["zh-Hant"]
    delta = regions_of_group("yangtze-river-delta")
    grouped = regions_grouped(without, {"yangtze-river-delta": list(delta)})
    assert "missing_regions" not in {finding.kind for finding in plausible(grouped)}


def test_a_province_has_its_share_and_is_not_invented() -> None:
    assert len(provinces()) == 31
    total = sum(gdp(code, 2017) or 0 for code in provinces())
    assert total == pytest.approx(gdp("CN", 2017), rel=0.05)  # provinces add up to a little more
    assert gdp("CN", 1960) is None
    assert gdp("Atlantis", 2017) is None


def test_a_table_of_few_sectors_or_of_elsewhere_is_left_alone() -> None:
    table = sample.table()
    elsewhere = table.index.assign(region=table.index["region"].map({"CN-GD": "X", "CN-ZJ": "Y"}))
    abroad = replace(table, index=elsewhere, unit="yuan", classification=None)
    assert "unit" not in found(abroad)


def test_an_accepted_kind_is_a_note() -> None:
    table = replace(sample.table(), unit="yuan")
    accepted = replace(table, source=replace(table.source, accepted=("unit",)))
    (note,) = [each for each in check(accepted) if each.kind == "unit"]
    assert note.severity == "note"
    assert note.text["en"].endswith("(accepted)")
