"""Tables through pymrio and back, to the bit."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import sparse

pymrio = pytest.importorskip("pymrio")

from systems import assert_same_table  # noqa: E402

sys.path.append(str(Path(__file__).parents[1] / "accounts"))
from small_tables import small_table  # noqa: E402

from graphmap import sample  # noqa: E402
from graphmap.readers.pymrio_bridge import from_pymrio, to_pymrio  # noqa: E402


def assert_same_system(found, expected, factors="factor_inputs") -> None:
    for name in ("Z", "Y", "unit"):
        a, b = getattr(found, name), getattr(expected, name)
        assert_frame_equal(a, b if name == "unit" else b.astype(float), check_exact=True)
    names = {"factor_inputs": factors}
    for name in found.get_extensions():
        a, b = getattr(found, name), getattr(expected, names.get(name, name))
        assert_frame_equal(a.F, b.F.astype(float), check_exact=True)
        assert (a.F_Y is None) == (b.F_Y is None)
        if a.F_Y is not None:
            assert_frame_equal(a.F_Y, b.F_Y.astype(float), check_exact=True)
    assert len(list(found.get_extensions())) == len(list(expected.get_extensions()))


def test_the_test_system_comes_back_to_the_bit() -> None:
    system = pymrio.load_test()
    table = from_pymrio(system)
    again = to_pymrio(table)
    system.unit["unit"] = "million_usd"  # the unit is the one thing said in other words
    assert_same_system(again, system)
    for name in ("emissions", "factor_inputs"):
        assert getattr(again, name).unit.index.equals(getattr(system, name).unit.index)
    assert_same_table(from_pymrio(again), table)


def test_what_the_test_system_says_stands_in_the_table() -> None:
    system = pymrio.load_test()
    table = from_pymrio(system, year=2011)
    i, j = table.index.index.get_indexer(["reg1.food", "reg2.trade"])
    assert table.Z[i, j] == system.Z.loc[("reg1", "food"), ("reg2", "trade")]
    assert (table.unit, table.year, table.regions[:2]) == ("million_usd", 2011, ["reg1", "reg2"])
    np.testing.assert_allclose(table.x, pymrio.calc_x(system.Z, system.Y)["indout"], rtol=1e-14)
    key = "emissions/stressor=emission_type2/compartment=water"
    assert table.extensions[key].F[i] == system.emissions.F.iloc[1, i]
    assert table.extensions[key].unit == "kg"
    assert table.final_uses["category"].value_counts()["households"] == 6
    assert any("population" in note["en"] for note in table.source.notes)


tables = st.builds(
    small_table,
    st.integers(0, 2**32 - 1),
    st.integers(1, 4),
    st.integers(1, 5),
    competitive=st.booleans(),
    with_exports=st.booleans(),
    is_sparse=st.booleans(),
)


@settings(max_examples=25)
@given(tables)
def test_any_table_comes_back_to_the_bit(table) -> None:
    assert_same_table(from_pymrio(to_pymrio(table)), table)


def test_uses_that_pymrio_calls_otherwise_come_back_without_labels() -> None:
    table = small_table(3)
    uses = table.final_uses.assign(
        category=table.final_uses["category"].replace("government", "purchases_abroad")
    )
    assert_same_table(
        from_pymrio(to_pymrio(replace(table, final_uses=uses))), replace(table, final_uses=uses)
    )
    uses = uses.set_axis(pd.Index(uses["category"].tolist(), name="use"))
    assert_same_table(
        from_pymrio(to_pymrio(replace(table, final_uses=uses))), replace(table, final_uses=uses)
    )


def test_euro_of_exiobase_are_read() -> None:
    system = pymrio.load_test()
    system.unit["unit"] = system.factor_inputs.unit["unit"] = "M.EUR"
    table = from_pymrio(system)
    assert (table.unit, table.primary_inputs) == ("million_eur", ("Value Added",))
    assert_same_table(from_pymrio(to_pymrio(table)), table)


def test_the_sample_comes_back_and_pymrio_computes_with_it() -> None:
    table = sample.table()
    system = to_pymrio(table)
    assert_same_table(from_pymrio(system), table)
    system.calc_all()
    np.testing.assert_allclose(system.co2.D_cba.sum(axis=1), table.co2.sum(), rtol=1e-9)
    np.testing.assert_allclose(pymrio.calc_x(system.Z, system.Y)["indout"], table.x, rtol=1e-12)


def test_pymrio_s_output_of_a_competitive_table_is_the_table_s() -> None:
    table = small_table(3, 2, 3, competitive=True)
    system = to_pymrio(table)
    np.testing.assert_allclose(pymrio.calc_x(system.Z, system.Y)["indout"], table.x, rtol=1e-12)


def test_imported_products_may_be_sparse() -> None:
    table = small_table(3)
    table = replace(table, Z_imports=sparse.csr_array(table.Z / 8), Y_imports=table.Y / 8)
    again = from_pymrio(to_pymrio(table))
    assert np.array_equal(again.Z_imports, table.Z / 8)
    assert np.array_equal(again.Y_imports, table.Y / 8)


def test_a_table_of_1302_sectors_comes_back_to_the_bit() -> None:
    random = np.random.default_rng(5)
    table = small_table(1, 2, 5)
    n, k, m = 1302, 31 * 5 + 1, 4
    Z, Y, V = (random.lognormal(3, 4, shape) for shape in ((n, n), (n, k), (m, n)))
    regions = [f"CN-{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(31)]
    codes = [f"{i:02d}" for i in range(1, 43)]
    index = pd.DataFrame({"region": np.repeat(regions, 42), "code": codes * 31})
    for name in table.index.columns[2:]:
        index[name] = [f"部门 {code}" for code in index["code"]]
    index.index = pd.Index(index["region"] + "." + index["code"], name="node")
    categories = ["rural_households", "urban_households", "government", "fixed_capital"]
    uses = [(r, c) for r in regions for c in [*categories, "inventories"]] + [("", "exports")]
    co2 = table.extensions["co2"]
    table = replace(
        table,
        Z=Z,
        Y=Y,
        V=V,
        imports=random.random(n),
        x=Z.sum(axis=1) + Y.sum(axis=1),
        index=index,
        final_uses=pd.DataFrame(uses, columns=["region", "category"]),
        primary_inputs=("VA001", "VA002", "VA003", "VA004"),
        Z_imports=random.random((n, n)),
        Y_imports=random.random((n, k)),
        extensions={
            "co2": replace(co2, F=random.random(n), F_Y=random.random(k)),
            "ch4": replace(co2, F=random.random(n), F_Y=np.zeros(k), gas="CH4", unit="kt"),
        },
    )
    system = to_pymrio(table)
    assert_same_table(from_pymrio(system), table)
    assert_same_system(to_pymrio(from_pymrio(system)), system)


@pytest.mark.parametrize("table_format", ["parquet", "txt"])
def test_a_saved_system_comes_back(tmp_path, table_format) -> None:
    table = small_table(7, 2, 4, competitive=True)
    to_pymrio(table).save_all(tmp_path / "saved", table_format=table_format, float_format="%.17g")
    assert_same_table(from_pymrio(pymrio.load_all(tmp_path / "saved")), table)


def test_regions_aggregated_in_pymrio_keep_the_names_of_the_sectors() -> None:
    table = small_table(7, 3, 4, with_exports=False)
    system = to_pymrio(table).aggregate(region_agg=["CN-GD", "rest", "rest"])
    found = from_pymrio(system)
    assert found.index.index[5] == "rest.29"
    assert found.names(5) == table.names(1)
    assert found.classification == "cn42_2017"
    np.testing.assert_allclose(found.co2.sum(), table.co2.sum(), rtol=1e-12)
