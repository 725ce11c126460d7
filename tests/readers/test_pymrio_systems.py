"""What a pymrio system may hold and lack, and what becomes of it in a table."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

pymrio = pytest.importorskip("pymrio")

from systems import extension_of, system_of  # noqa: E402

sys.path.append(str(Path(__file__).parents[1] / "accounts"))
from small_tables import small_table  # noqa: E402

from graphmap.accounts.aggregate import aggregated  # noqa: E402
from graphmap.classification import concordance, sector_list  # noqa: E402
from graphmap.errors import DataError  # noqa: E402
from graphmap.readers.pymrio_bridge import from_pymrio, to_pymrio  # noqa: E402


def test_without_factor_inputs_value_added_is_what_is_left() -> None:
    table = from_pymrio(system_of())
    assert table.V.tolist() == [[10 - 4, 10 - 6]]
    assert table.primary_inputs == ("value_added_and_imports",)
    assert any("no factor inputs" in note["en"] for note in table.source.notes)


def test_thousands_of_dollars_become_millions_and_say_so() -> None:
    system = system_of()
    system.unit["unit"] = "000 USD"
    table = from_pymrio(system)
    assert (table.unit, table.Z[1, 0], table.x[0], table.Y[0, 0]) == (
        "million_usd", 0.003, 0.01, 0.007
    )  # fmt: skip
    assert any("000 USD" in note["en"] for note in table.source.notes)


def test_several_factor_inputs_are_kept_by_their_unit() -> None:
    paid = pd.DataFrame(
        [[5.0], [0.0]],
        index=pd.Index(["TAX", "jobs"], name="inputtype"),
        columns=system_of().Y.columns,
    )
    given = extension_of("factors", ["TAX", "jobs"], ["Million USD", "1000 p"], paid, ["inputtype"])
    system = system_of(factor_inputs=given)
    table = from_pymrio(system)
    assert table.primary_inputs == ("TAX",)
    assert table.V.tolist() == [[1.0, 2.0]]
    assert table.extensions["factor_inputs/inputtype=jobs"].F.tolist() == [3.0, 4.0]
    assert table.extensions["factor_inputs/inputtype=TAX"].F_Y.tolist() == [5.0]
    again = to_pymrio(table).factor_inputs
    assert_frame_equal(again.F, system.factor_inputs.F, check_exact=True)
    assert_frame_equal(again.F_Y, system.factor_inputs.F_Y, check_exact=True)


def test_value_added_with_two_labels_comes_back() -> None:
    rows = [("wages / salaries", "D1=x"), ("rest", "B2")]
    given = extension_of("VA", rows, ["Million USD"] * 2, None, ["inputtype", "category"])
    system = system_of(VA=given)
    again = to_pymrio(from_pymrio(system)).factor_inputs
    assert_frame_equal(again.F, system.VA.F, check_exact=True)


@pytest.mark.parametrize(
    ("rows", "units", "expected"),
    [
        (["CO2", "CH4"], ["Gg", "Gg"], [1.0, 2.0]),
        (["CO2 - combustion - air", "CO2 - waste - fossil - air"], ["kg", "kg"], [4.0, 6.0]),
        (["CO2 - waste - biogenic - air", "CO2 - combustion - air"], ["kg", "kg"], [3.0, 4.0]),
        (["GHG in CO2 eq", "Carbon dioxide"], ["kg", "kt"], [3.0, 4.0]),
        (["CO2 from A", "CO2 from B"], ["kg", "kg"], None),
        (["CO2"], ["kg CO2-eq"], None),
    ],
)
def test_co2_is_known_by_its_name(rows, units, expected) -> None:
    table = from_pymrio(system_of(air=extension_of("air", rows, units)))
    assert ("co2" in table.extensions) == (expected is not None)
    if expected is not None:
        assert table.extensions["co2"].F.tolist() == expected
        assert list(to_pymrio(table).get_extensions()) == ["factor_inputs", "air"]


def test_co2_can_be_chosen() -> None:
    system = system_of(air=extension_of("air", ["CO2 from A", "CO2 from B"], ["kg", "kg"]))
    table = from_pymrio(system, co2=["air/stressor=CO2 from B"])
    assert table.extensions["co2"].F.tolist() == [3.0, 4.0]
    with pytest.raises(DataError, match="no such row"):
        from_pymrio(system, co2=["air/stressor=CO3"])


def test_a_label_twice_is_kept_twice() -> None:
    system = system_of(air=extension_of("air", ["SO2", "SO2", "SO2"], ["t"] * 3))
    assert_frame_equal(to_pymrio(from_pymrio(system)).air.F, system.air.F, check_exact=True)


def test_coefficients_are_enough() -> None:
    whole = pymrio.load_test().calc_all()
    expected = from_pymrio(whole)
    thin = whole.copy()
    thin.Z = None
    for extension in thin.get_extensions(data=True):
        extension.F = None
    found = from_pymrio(thin)
    np.testing.assert_allclose(found.Z, expected.Z, rtol=1e-12)
    np.testing.assert_allclose(found.V, expected.V, rtol=1e-12)


def test_rows_and_columns_in_another_order_are_joined_by_name() -> None:
    system = pymrio.load_test()
    expected = from_pymrio(system)
    system.Z = system.Z.iloc[:, ::-1]
    system.Y = system.Y.iloc[::-1]
    system.emissions.F = system.emissions.F.iloc[:, ::-1]
    system.emissions.F_Y = system.emissions.F_Y.iloc[::-1, ::-1]
    found = from_pymrio(system)
    assert np.array_equal(found.Z, expected.Z)
    assert np.array_equal(found.Y, expected.Y)
    for key, extension in expected.extensions.items():
        assert np.array_equal(found.extensions[key].F, extension.F)
        assert np.array_equal(found.extensions[key].F_Y, extension.F_Y)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"Z": None}, "without flows"),
        ({"Y": None}, "final demand without"),
        ({"Z": None, "Y": None, "A": system_of().Z / 20}, "Give the system its Y"),
        ({"unit": pd.DataFrame({"unit": ["Mill USD", "TJ"]})}, "different units"),
        ({"unit": pd.DataFrame({"unit": ["Mill XAU"]})}, "unknown money unit"),
        ({"x": pd.DataFrame({"indout": [1.0]}, index=[("DE", "c")])}, "not those of the system"),
    ],
)
def test_what_is_no_table_is_refused(parts, message) -> None:
    with pytest.raises(DataError, match=message):
        from_pymrio(system_of(**parts))


def test_a_name_that_the_system_needs_is_refused() -> None:
    table = small_table(0, 1, 2)
    with pytest.raises(DataError, match="imports"):
        to_pymrio(replace(table, primary_inputs=("imports",)))
    with pytest.raises(DataError, match="cannot call"):
        to_pymrio(replace(table, extensions={"Z": table.extensions["co2"]}))


def test_sectors_of_a_bundled_list_are_known_by_name_or_code() -> None:
    for name, by in (("exiobase_163", "name_en"), ("oecd_45", "code")):
        listed = sector_list(name).sectors
        labels = listed.index.tolist() if by == "code" else listed[by].tolist()
        rows = pd.MultiIndex.from_product([["DE", "CN"], labels], names=["region", "sector"])
        cells = np.ones((len(rows), len(rows)))
        uses = pd.MultiIndex.from_tuples([("DE", "HFCE")], names=["region", "category"])
        system = pymrio.IOSystem(
            Z=pd.DataFrame(cells, rows, rows),
            Y=pd.DataFrame(cells[:, :1], rows, uses),
            unit=pd.DataFrame({"unit": "Million USD"}, rows),
        )
        table = from_pymrio(system)
        assert table.classification == name
        assert table.index["code"].tolist() == listed.index.tolist() * 2
        assert to_pymrio(table).Z.index.tolist() == system.Z.index.tolist()
        even = pd.Series(1.0, index=sector_list("isic4_sections").sectors.index)
        sections = aggregated(table, concordance(name, "isic4_sections"), even)
        assert sections.Z.sum() == pytest.approx(cells.sum())
