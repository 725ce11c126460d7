"""Regions grouped keep every total; aggregation is pymrio's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from small_tables import dense, small_table
from totals import assert_totals_kept, own, tables

from graphmap import sample
from graphmap.accounts.aggregate import aggregated, regions_grouped
from graphmap.classification import sector_list
from graphmap.errors import DataError


@settings(max_examples=40)
@given(tables, st.integers(1, 4))
def test_grouped_regions_keep_every_total_and_both_identities(table, count) -> None:
    members = table.regions[-count:]
    found = regions_grouped(table, {"group": members})
    assert_totals_kept(found, table)
    assert found.regions == [*table.regions[: -len(members)], "group"]
    inside = table.index["region"].isin(members).to_numpy()
    one = found.index["region"].to_numpy() == "group"
    own_flows = dense(table)[inside][:, inside].sum()
    assert dense(found)[one][:, one].sum() == pytest.approx(own_flows, rel=1e-12)
    uses = table.final_uses["region"].isin(members).to_numpy()
    new_uses = found.final_uses["region"].to_numpy() == "group"
    assert found.Y[:, new_uses].sum() == pytest.approx(table.Y[:, uses].sum(), rel=1e-12)
    assert not found.final_uses.duplicated().any()


def test_all_regions_in_one_need_no_imports_from_each_other() -> None:
    table = sample.table()
    found = regions_grouped(table, {"both": ["CN-ZJ", "CN-GD"]})
    two = table.Z.reshape(2, 42, 2, 42).sum(axis=(0, 2))
    np.testing.assert_allclose(found.Z, two, rtol=1e-14)
    assert found.index.index[0] == "both.01"
    assert found.classification == "cn42_2017"


def test_sectors_of_no_region_keep_ids_without_one() -> None:
    table = small_table(0, 2, 2)
    index = table.index.assign(region=table.index["region"].replace("CN-ZJ", ""))
    found = regions_grouped(replace(table, index=index), {"g": ["CN-GD"]})
    assert found.index.index.tolist() == ["g.24", "g.29", "24", "29"]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"g": ["CN-GD", "Atlantis"]}, "no such region"),
        ({"g": []}, "a group of nothing"),
        ({"g": ["CN-GD"], "h": ["CN-GD"]}, "in two groups"),
        ({"CN-ZJ": ["CN-GD"]}, "region outside it"),
    ],
)
def test_groups_that_do_not_fit_are_refused(groups, message) -> None:
    with pytest.raises(DataError, match=message):
        regions_grouped(small_table(0, 2, 2), groups)


def test_one_code_for_two_sectors_is_refused() -> None:
    table = small_table(0, 2, 2)
    index = table.index.copy()
    index.iloc[3, index.columns.get_loc("name_en")] = "Something else"
    with pytest.raises(DataError, match="names different sectors"):
        regions_grouped(replace(table, index=index), {"g": ["CN-GD", "CN-ZJ"]})


def test_uses_of_one_category_stay_apart_in_a_group() -> None:
    table = small_table(4, 2, 2, with_exports=False)
    uses = table.final_uses.copy()
    uses.loc[uses["category"] == "government", "category"] = "households"
    found = regions_grouped(replace(table, final_uses=uses), {"g": ["CN-GD", "CN-ZJ"]})
    expected = table.Y[:, :3] + table.Y[:, 3:]
    np.testing.assert_allclose(found.Y[:2], (expected[:2] + expected[2:]))


# --- pymrio does the same


def pymrio_of(system, sector_agg=None, region_agg=None):
    return system.copy().aggregate(sector_agg=sector_agg, region_agg=region_agg, inplace=False)


def assert_equal_to_pymrio(found, system) -> None:
    np.testing.assert_allclose(dense(found), system.Z.to_numpy(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.Y, system.Y.to_numpy(), rtol=1e-12, atol=1e-12)
    factors = system.factor_inputs.F.to_numpy()
    np.testing.assert_allclose(found.V, factors, rtol=1e-12, atol=1e-12)


def test_aggregation_equals_pymrio_s_on_its_test_system() -> None:
    pymrio = pytest.importorskip("pymrio")
    from graphmap.readers.pymrio_bridge import from_pymrio  # noqa: PLC0415

    system = pymrio.load_test()
    table = from_pymrio(system)
    vector = ["goods", "goods", "goods", "goods", "services", "services", "services", "others"]
    pairs = own({s: {v: 1.0} for s, v in zip(system.get_sectors(), vector, strict=True)})
    found, expected = aggregated(table, pairs), pymrio_of(system, vector)
    assert_equal_to_pymrio(found, expected)
    key = "emissions/stressor=emission_type1/compartment=air"
    F = expected.emissions.F.to_numpy()[0]
    np.testing.assert_allclose(found.extensions[key].F, F, rtol=1e-12)
    assert found.index["code"].tolist()[:3] == ["goods", "services", "others"]
    regions = ["a", "b", "b", "a", "c", "c"]
    groups = {
        name: [code for code, g in zip(table.regions, regions, strict=True) if g == name]
        for name in "abc"
    }
    grouped, expected = regions_grouped(table, groups), pymrio_of(system, None, regions)
    assert_equal_to_pymrio(grouped, expected)
    F_Y = expected.emissions.F_Y.to_numpy()[0]
    np.testing.assert_allclose(grouped.extensions[key].F_Y, F_Y, rtol=1e-12)


def test_aggregation_equals_pymrio_s_on_31_regions_of_42_sectors() -> None:
    pymrio = pytest.importorskip("pymrio")
    random = np.random.default_rng(3)
    codes = sector_list("cn42_2017").sectors.index.tolist()
    regions = [f"R{i:02d}" for i in range(31)]
    n, k = 1302, 31
    rows = pd.MultiIndex.from_product([regions, codes], names=["region", "sector"])
    uses = pd.MultiIndex.from_product([regions, ["final_use"]], names=["region", "category"])
    Z, Y = random.lognormal(2, 3, (n, n)), random.lognormal(2, 3, (n, k))
    labels = sector_list("cn42_2017").sectors.drop(columns="aliases").loc[codes * 31].reset_index()
    labels.insert(0, "region", np.repeat(regions, 42))
    labels.index = pd.Index(labels["region"] + "." + labels["code"], name="node")
    base = small_table(0, 1, 2)
    table = replace(
        base,
        Z=Z,
        Y=Y,
        x=Z.sum(axis=1) + Y.sum(axis=1),
        V=(Z.sum(axis=1) + Y.sum(axis=1) - Z.sum(axis=0))[None, :],
        imports=np.zeros(n),
        index=labels,
        final_uses=pd.DataFrame({"region": regions, "category": "final_use"}),
        extensions={},
    )
    pairs = {code: {f"S{int(code) % 7}": 1.0} for code in codes}
    found = aggregated(table, own(pairs))
    system = pymrio.IOSystem(
        Z=pd.DataFrame(Z, rows, rows),
        Y=pd.DataFrame(Y, rows, uses),
        unit=pd.DataFrame({"unit": "10k_yuan"}, rows),
        factor_inputs={
            "name": "factor_inputs",
            "F": pd.DataFrame(table.V, pd.Index(["value_added"], name="inputtype"), rows),
        },
    )
    expected = pymrio_of(system, [f"S{int(code) % 7}" for code in codes])
    assert_equal_to_pymrio(found, expected)
    sparse_table = replace(table, Z=sparse.csr_array(Z))
    np.testing.assert_allclose(dense(aggregated(sparse_table, own(pairs))), found.Z, rtol=1e-12)
