"""Aggregating and splitting sectors keeps every total and both identities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_tables import CODES, dense, small_table
from totals import assert_totals_kept, own, seeds, tables

import graphmap as gm
from graphmap import sample
from graphmap.accounts.aggregate import aggregated, disaggregated
from graphmap.classification import concordance, sector_list
from graphmap.errors import DataError


@st.composite
def weighted(draw, most=3):
    """A random many-to-many concordance from the codes of the small tables."""
    random = np.random.default_rng(draw(seeds))
    pairs = {}
    for code in CODES:
        targets = random.choice(["A", "B", "C"], random.integers(1, most + 1), replace=False)
        shares = random.dirichlet(np.ones(len(targets)))
        pairs[code] = dict(zip(targets, shares, strict=True))
    return own(pairs)


@settings(max_examples=60)
@given(tables, weighted())
def test_aggregation_keeps_every_total_and_both_identities(table, pairs) -> None:
    found = aggregated(table, pairs)
    assert_totals_kept(found, table)
    assert found.regions == table.regions
    for code in table.regions:
        here, there = (each.index["region"].to_numpy() == code for each in (table, found))
        assert found.x[there].sum() == pytest.approx(table.x[here].sum(), rel=1e-12)
    assert found.classification is None


@settings(max_examples=30)
@given(tables, weighted())
def test_every_cell_is_the_weighted_sum_of_the_cells_it_is_made_of(table, pairs) -> None:
    found = aggregated(table, pairs)
    share = {(s, t): w for s, t, w in pairs.pairs.itertuples(index=False)}
    Z, Z_new = dense(table), dense(found)
    rows = list(zip(table.index["region"], table.index["code"], strict=True))
    random = np.random.default_rng(0)
    for I, J in random.integers(0, found.n, (5, 2)):  # noqa: E741
        (R, a), (Q, b) = found.index[["region", "code"]].iloc[[I, J]].to_numpy()
        expected = sum(
            share.get((s, a), 0) * Z[i, j] * share.get((t, b), 0)
            for i, (r, s) in enumerate(rows)
            for j, (q, t) in enumerate(rows)
            if r == R and q == Q
        )
        assert Z_new[I, J] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_labels_are_those_of_the_list_the_table_now_has() -> None:
    table = sample.table()
    sizes = pd.Series({"22": 3.0, "23": 1.0})
    found = aggregated(table, concordance("cn42_2017", "cn42_2012"), sizes)
    listed = sector_list("cn42_2012")
    assert found.classification == "cn42_2012"
    assert found.index["code"].iloc[:3].tolist() == ["01", "02", "03"]
    power = found.index.loc["CN-GD.25"]
    assert power["name_zh_hans"] == listed.name("25")["zh-Hans"]
    old = table.index.index.get_loc("CN-GD.24")
    new = found.index.index.get_loc("CN-GD.25")
    assert found.co2[new] == pytest.approx(table.co2[old])
    waste = table.x[table.index.index.get_loc("CN-GD.22")]
    assert found.x[found.index.index.get_loc("CN-GD.22")] == pytest.approx(0.75 * waste)
    assert "cn42_2017 → cn42_2012" in found.source.notes[-1]["zh-Hans"]
    assert_totals_kept(found, table)


def test_a_user_s_own_concordance_gives_the_names_as_they_stand() -> None:
    pairs = own({code: {"电力" if code == "24" else "others": 1.0} for code in CODES[:3]})
    found = aggregated(small_table(1, 2, 3), pairs)
    assert found.index.index.tolist() == [
        "CN-GD.电力", "CN-GD.others", "CN-ZJ.电力", "CN-ZJ.others"
    ]  # fmt: skip
    assert found.names(0) == {"en": "电力", "zh-Hans": "电力", "zh-Hant": "电力"}
    by_code = sector_list("cn42_2017").sectors["group"]
    assert found.index["group"].iloc[0] == by_code["24"]


def test_a_table_without_a_region_keeps_node_ids_without_one() -> None:
    table = small_table(1, 1, 3)
    table = replace(table, index=table.index.assign(region=""))
    found = aggregated(table, own({code: {"all": 1.0} for code in CODES[:3]}))
    assert found.index.index.tolist() == ["all"]


def test_sources_may_be_named_instead_of_coded() -> None:
    table = small_table(1, 2, 3)
    by_code = own({code: {"all": 1.0} for code in CODES[:3]})
    by_name = own({name: {"all": 1.0} for name in table.index["name_zh_hant"]})
    assert np.array_equal(aggregated(table, by_code).x, aggregated(table, by_name).x)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (own({"24": {"a": 1.0}}), "not in the concordance.*29, 27"),
        (own({code: {"a": 1.0} for code in CODES}, "cn42_2012"), "another list of sectors"),
        (own({code: {"99": 1.0} for code in CODES}, "cn42_2017", "cn42_2012"), "does not have"),
        (own({code: {"a": np.nan, "b": np.nan} for code in CODES}), "no weights"),
    ],
)
def test_a_concordance_that_does_not_fit_is_refused(pairs, message) -> None:
    with pytest.raises(DataError, match=message):
        aggregated(small_table(1, 2, 3), pairs)


# --- splitting


@st.composite
def finer(draw):
    """A concordance from the codes of the small tables to one to three parts each, with sizes."""
    random = np.random.default_rng(draw(seeds))
    parts = {code: [f"{code}{p}" for p in "abc"[: random.integers(1, 4)]] for code in CODES}
    pairs = own({code: dict.fromkeys(of, 1 / len(of)) for code, of in parts.items()})
    targets = [part for of in parts.values() for part in of]
    sizes = random.uniform(0, 9, len(targets)) * (random.random(len(targets)) < 0.8)
    return pairs, pd.Series(sizes, index=targets)


@settings(max_examples=40)
@given(tables, finer())
def test_splitting_keeps_every_total_and_aggregates_back(table, split) -> None:
    pairs, sizes = split
    found = disaggregated(table, pairs, sizes)
    for name in ("Z", "Y", "V", "x"):
        total = getattr(table, name).sum()
        assert getattr(found, name).sum() == pytest.approx(total, rel=1e-12), name
    assert np.abs(supply_total(found)).max() < 1e-12 * table.x.max()
    back = aggregated(found, own({t: {s: 1.0} for s, t, _ in pairs.pairs.itertuples(index=False)}))
    order = back.index.index.get_indexer(table.index.index)
    np.testing.assert_allclose(dense(back)[order][:, order], dense(table), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(back.Y[order], table.Y, rtol=1e-12)
    np.testing.assert_allclose(back.V[:, order], table.V, rtol=1e-11)
    np.testing.assert_allclose(back.co2[order], table.co2, rtol=1e-12)
    if table.imports_inside is not None:
        np.testing.assert_allclose(back.imports_inside[order], table.imports_inside, rtol=1e-12)


def supply_total(table):
    inside = 0.0 if table.imports_inside is None else table.imports_inside
    return table.x - dense(table).sum(axis=1) - table.Y.sum(axis=1) + inside


def test_parts_are_in_proportion_to_their_sizes_region_by_region() -> None:
    table = small_table(2, 2, 2)
    pairs = own({"24": {"x": 0.5, "y": 0.5}, "29": {"z": 1.0}})
    sizes = pd.Series({"CN-GD.x": 1.0, "CN-GD.y": 3.0, "x": 1.0, "y": 1.0, "z": 7.0})
    found = disaggregated(table, pairs, sizes)
    assert found.index.index.tolist()[:3] == ["CN-GD.x", "CN-GD.y", "CN-GD.z"]
    np.testing.assert_allclose(found.x[:2], table.x[0] * np.array([0.25, 0.75]))
    np.testing.assert_allclose(found.x[3:5], table.x[2] / 2)
    np.testing.assert_allclose(found.Z[0, 1], table.Z[0, 0] * 0.25 * 0.75)


@pytest.mark.parametrize(
    ("pairs", "sizes", "message"),
    [
        ({"24": {"x": 1.0}, "29": {"x": 1.0}}, {"x": 1.0}, "several sectors"),
        ({"24": {"x": 1.0}, "29": {"y": 1.0}}, {"x": 1.0}, "no size.*'y'"),
        ({"24": {"x": 1.0}, "29": {"y": 1.0}}, {"x": 1.0, "y": -1.0}, "no number above"),
        ({"24": {"x": 1.0}, "29": {"y": 1.0}}, {"x": 1.0, "y": np.inf}, "no number above"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(pairs, sizes, message) -> None:
    with pytest.raises(DataError, match=message):
        disaggregated(small_table(1, 1, 2), own(pairs), pd.Series(sizes))


def test_149_sectors_of_2017_add_up_to_the_42_that_are_published(data) -> None:
    fine = gm.read(data / "nbs" / "china_2017_149.csv")
    published = gm.read(data / "nbs" / "china_2017_42.csv")
    found = aggregated(fine, concordance("nbs149_2017", "cn42_2017"))
    assert found.classification == published.classification
    assert found.index["code"].tolist() == published.index["code"].tolist()
    np.testing.assert_allclose(found.x, published.x, rtol=1e-9)
    np.testing.assert_allclose(found.V.sum(axis=0), published.V.sum(axis=0), rtol=1e-6)
