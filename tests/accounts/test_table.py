"""``IOTable``: identities kept by everything that makes one table from another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from small_tables import REGIONS, SOURCE, dense, input_gap, small_table, supply_gap

from graphmap import sample
from graphmap.accounts import Inventory, IOTable
from graphmap.classification import concordance, sector_list
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES

INDUSTRIES = [f"{code:02d}" for code in range(1, 46)]

tables = st.builds(
    small_table,
    st.integers(0, 2**32 - 1),
    st.integers(2, 4),
    st.integers(1, 5),
    competitive=st.booleans(),
    with_exports=st.booleans(),
    is_sparse=st.booleans(),
)


def inventory(region: str, seed: int = 0, year: int = 2017, **parts: Any) -> Inventory:
    random = np.random.default_rng(seed)
    return Inventory(
        **{
            "F": pd.Series(random.uniform(0, 300, 45), index=INDUSTRIES),
            "households": pd.Series({"Urban": 12.0, "Rural": 3.0}),
            "region": region,
            "year": year,
            "unit": "Mt",
            "classification": "ceads_inventory",
            "source": SOURCE,
            **parts,
        }
    )


def exports(table: IOTable) -> np.ndarray:
    return table.Y[:, (table.final_uses["category"] == "exports").to_numpy()].sum(axis=1)


# --- the sample


def test_both_identities_hold_on_the_sample() -> None:
    table = sample.table()
    assert table.n == 84
    assert table.regions == ["CN-GD", "CN-ZJ"]
    assert supply_gap(table) < 1e-9
    assert input_gap(table) < 1e-9
    assert (table.Z >= 0).all()
    assert (table.V > 0).all()


def test_the_sample_keeps_its_rounded_outputs_and_emissions() -> None:
    stored = sample._read("sectors")
    table = sample.table()
    assert table.x.tolist() == stored["gross_output_100m_yuan"].tolist()
    assert table.co2 is not None
    assert table.co2.tolist() == stored["co2_mt"].tolist()
    nodes = (stored["region"] + "." + stored["code"]).tolist()
    assert table.index.index.tolist() == nodes


def test_one_province_of_the_sample_keeps_both_identities() -> None:
    table = sample.table().select(["CN-GD"])
    assert table.n == 42
    assert supply_gap(table) < 1e-9
    assert input_gap(table) < 1e-9


def test_parts_of_other_shapes_are_refused() -> None:
    table = small_table()
    with pytest.raises(DataError, match="do not fit together") as caught:
        replace(table, x=table.x[1:])
    assert "6 sectors" in str(caught.value)


# --- select


@given(tables, st.data())
@settings(max_examples=60)
def test_select_keeps_both_identities(table: IOTable, draw: st.DataObject) -> None:
    chosen = draw.draw(st.lists(st.sampled_from(table.regions), min_size=1, unique=True))
    part = table.select(chosen)
    assert set(part.regions) == set(chosen)
    assert supply_gap(part) < 1e-12
    assert input_gap(part) < 1e-12


@given(tables, st.data())
@settings(max_examples=60)
def test_regions_left_out_become_imports_and_exports(table: IOTable, draw: st.DataObject) -> None:
    chosen = draw.draw(
        st.lists(
            st.sampled_from(table.regions),
            min_size=1,
            max_size=len(table.regions) - 1,
            unique=True,
        )
    )
    part = table.select(chosen)
    table = table.domestic()  # imports inside cells are taken out first
    here = table.index["region"].isin(chosen).to_numpy()
    away = ~table.final_uses["region"].isin([*chosen, ""]).to_numpy()
    Z = dense(table)
    assert part.x.tolist() == table.x[here].tolist()
    assert (dense(part) == Z[here][:, here]).all()
    assert (table.V[:, here] == part.V).all()
    np.testing.assert_allclose(
        part.imports, table.imports[here] + Z[~here][:, here].sum(axis=0), rtol=1e-13
    )
    np.testing.assert_allclose(
        exports(part),
        exports(table)[here] + Z[here][:, ~here].sum(axis=1) + table.Y[here][:, away].sum(axis=1),
        rtol=1e-13,
    )
    assert set(part.final_uses["region"]) <= {*chosen, ""}
    assert (part.final_uses["category"] == "exports").sum() == 1
    assert part.co2 is not None and table.co2 is not None
    assert part.co2.tolist() == table.co2[here].tolist()
    assert len(part.extensions["co2"].F_Y) == len(part.final_uses)


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=20)
def test_selecting_twice_is_selecting_once(seed: int, competitive: bool) -> None:
    table = small_table(seed, 3, 2, competitive=competitive)
    at_once = table.select(["CN-ZJ"])
    in_steps = table.select(["CN-GD", "CN-ZJ"]).select(["CN-ZJ"])
    for part in ("Z", "Y", "V", "imports", "x"):
        np.testing.assert_allclose(getattr(in_steps, part), getattr(at_once, part), rtol=1e-12)


def test_select_leaves_the_table_it_came_from_alone() -> None:
    table = small_table(1)
    Y, Z, final_uses = table.Y.copy(), dense(table).copy(), table.final_uses.copy()
    table.select(["CN-GD"])
    assert (table.Y == Y).all()
    assert (dense(table) == Z).all()
    pd.testing.assert_frame_equal(table.final_uses, final_uses)


def test_selecting_all_regions_changes_nothing() -> None:
    table = small_table()
    assert table.select(["CN-ZJ", "CN-GD"]) is table


def test_a_region_that_is_not_there_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(DataError, match="no such region") as caught:
        small_table(regions=3).select(["Guangdon"])
    assert "Guangdong (广东)" in str(caught.value)
    assert "Zhejiang" not in str(caught.value)


# --- domestic


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 5), st.booleans())
@settings(max_examples=60)
def test_domestic_keeps_output_exports_and_both_identities(
    seed: int, regions: int, sectors: int, is_sparse: bool
) -> None:
    table = small_table(seed, regions, sectors, competitive=True, is_sparse=is_sparse)
    domestic = table.domestic()
    assert domestic.imports_inside is None
    assert (domestic.x == table.x).all()
    assert (exports(domestic) == exports(table)).all()
    assert supply_gap(domestic) < 1e-12
    assert input_gap(domestic) < 1e-12
    assert domestic.final_demand == pytest.approx(domestic.Y.sum(axis=1), rel=1e-9)


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=30)
def test_domestic_scales_each_row_by_its_domestic_share(seed: int, is_sparse: bool) -> None:
    table = small_table(seed, 2, 3, competitive=True, is_sparse=is_sparse)
    domestic = table.domestic()
    imported, exported = table.imports_inside, exports(table)
    assert imported is not None
    share = 1 - imported / (table.x + imported - exported)
    np.testing.assert_allclose(dense(domestic), share[:, None] * dense(table), rtol=1e-12)
    at_home = (table.final_uses["category"] != "exports").to_numpy()
    np.testing.assert_allclose(
        domestic.Y[:, at_home], share[:, None] * table.Y[:, at_home], rtol=1e-12
    )
    np.testing.assert_allclose(
        domestic.imports, ((1 - share)[:, None] * dense(table)).sum(axis=0), rtol=1e-9
    )


def test_domestic_leaves_a_table_with_imports_apart_alone() -> None:
    table = small_table()
    assert table.domestic() is table


def test_imports_beyond_the_use_at_home_are_refused_with_the_sector() -> None:
    table = small_table(competitive=True)
    assert table.imports_inside is not None
    inside = table.imports_inside.copy()
    inside[1] = table.x[1] * 5
    Y = table.Y.copy()
    Y[1, -1] += 10 * table.x[1]
    with pytest.raises(DataError, match="imports of Transport, storage, and postal services"):
        replace(table, imports_inside=inside, Y=Y).domestic()


def test_imports_of_what_is_not_used_at_home_are_refused() -> None:
    """Imports that are all exported again cannot be taken out of cells that hold nothing."""
    table = small_table(regions=1, competitive=True)
    Z, Y = table.Z.copy(), table.Y.copy()
    assert table.imports_inside is not None
    Z[0], Y[0] = 0, 0
    Y[0, -1] = table.x[0] + table.imports_inside[0]
    re_exported = replace(table, Z=Z, Y=Y, V=table.V)
    with pytest.raises(DataError, match="imports of Production and supply of electric power"):
        re_exported.domestic()


# --- imported_products


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 5), st.booleans())
@settings(max_examples=40)
def test_imported_products_are_what_domestic_takes_out(
    seed: int, regions: int, sectors: int, is_sparse: bool
) -> None:
    table = small_table(seed, regions, sectors, competitive=True, is_sparse=is_sparse)
    domestic, products = table.domestic(), table.imported_products()
    assert products is not None and table.imports_inside is not None
    Z, Y = products
    assert sparse.issparse(Z) == is_sparse
    by_user = np.asarray(Z.sum(axis=0)).ravel()
    np.testing.assert_allclose(dense(domestic) + Z, dense(table), rtol=1e-12)
    np.testing.assert_allclose(domestic.Y + Y, table.Y, rtol=1e-12)
    np.testing.assert_allclose(by_user, domestic.imports, rtol=1e-9)
    imported = np.asarray(Z.sum(axis=1)).ravel() + Y.sum(axis=1)
    np.testing.assert_allclose(imported, table.imports_inside, rtol=1e-9)
    assert not Y[:, (table.final_uses["category"] == "exports").to_numpy()].any()


def with_import_rows() -> IOTable:
    table = small_table()
    random = np.random.default_rng(0)
    Z_imports = random.random(table.Z.shape)
    Z_imports *= table.imports / Z_imports.sum(axis=0)
    return replace(table, Z_imports=Z_imports, Y_imports=random.random(table.Y.shape))


def test_imported_products_are_the_rows_of_the_source_where_it_has_them() -> None:
    table = with_import_rows()
    for each in (table, table.domestic(), table.select(table.regions), replace(table, year=1)):
        products = each.imported_products()
        assert products is not None
        assert products[0] is table.Z_imports
        assert products[1] is table.Y_imports


def test_imported_products_are_unknown_where_only_their_users_are_known() -> None:
    assert small_table().imported_products() is None
    assert replace(with_import_rows(), Y_imports=None).imported_products() is None
    competitive = small_table(competitive=True)
    assert competitive.domestic().imported_products() is None
    mixed = replace(competitive, imports=np.ones(competitive.n))
    assert mixed.imported_products() is None


@pytest.mark.parametrize("table", [with_import_rows(), small_table(competitive=True)])
def test_a_table_cut_out_does_not_tell_its_imported_products(table: IOTable) -> None:
    """What came from the other regions is imported now, and was not in the rows."""
    part = table.select(["CN-GD"])
    assert part.imported_products() is None
    assert part.Z_imports is None and part.Y_imports is None


@pytest.mark.parametrize("name", ["Z_imports", "Y_imports", "imports_inside"])
def test_imports_of_another_shape_are_refused(name: str) -> None:
    with pytest.raises(DataError, match=f"do not fit together.*{name} of shape"):
        replace(small_table(), **{name: np.zeros((6, 5))})


# --- with_emissions


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_with_emissions_keeps_the_total_of_each_region(seed: int) -> None:
    given_ = {code: inventory(code, seed + i) for i, code in enumerate(["CN-GD", "CN-ZJ"])}
    table = sample.table().with_emissions(list(given_.values()))
    assert table.co2 is not None
    for code, one in given_.items():
        here = (table.index["region"] == code).to_numpy()
        assert table.co2[here].sum() == pytest.approx(one.F.sum(), rel=1e-12)


def test_with_emissions_keeps_every_row_of_the_inventory() -> None:
    one = inventory("CN-GD")
    table = sample.table().select(["CN-GD"]).with_emissions([one])
    assert table.co2 is not None
    spread = pd.Series(table.co2, index=table.index["code"])
    output = pd.Series(table.x, index=table.index["code"])
    pairs = concordance("ceads_inventory", "cn42_2017").pairs.groupby("source")["target"].agg(list)
    assert spread["24"] == one.F["39"]
    assert spread["12"] == pytest.approx(one.F[["22", "23", "24", "25", "26"]].sum(), rel=1e-12)
    for source in ("44", "45"):
        targets = pairs[source]
        assert spread[targets].sum() == pytest.approx(one.F[source], rel=1e-12)
        expected = one.F[source] * output[targets] / output[targets].sum()
        np.testing.assert_allclose(spread[targets], expected, rtol=1e-12)


def test_the_order_of_inventories_does_not_matter() -> None:
    both = [inventory("CN-GD", 1), inventory("CN-ZJ", 2)]
    one, other = sample.table().with_emissions(both), sample.table().with_emissions(both[::-1])
    assert one.co2 is not None and other.co2 is not None
    assert (one.co2 == other.co2).all()


def test_the_order_of_sectors_does_not_matter() -> None:
    table = sample.table().select(["CN-GD"])
    back = np.arange(table.n)[::-1]
    turned = replace(
        table,
        Z=table.Z[back][:, back],
        Y=table.Y[back],
        V=table.V[:, back],
        imports=table.imports[back],
        x=table.x[back],
        index=table.index.iloc[back],
        extensions={},
    )
    one = table.with_emissions([inventory("CN-GD")]).co2
    other = turned.with_emissions([inventory("CN-GD")]).co2
    assert one is not None and other is not None
    np.testing.assert_allclose(other[back], one, rtol=1e-14)


def test_household_fuel_goes_to_the_households_of_its_region() -> None:
    other = inventory("CN-ZJ", households=pd.Series({"Urban": 1.0, "Rural": 0.5}))
    table = sample.table().with_emissions([inventory("CN-GD"), other])
    fuel = pd.Series(
        table.extensions["co2"].F_Y,
        index=pd.MultiIndex.from_frame(table.final_uses[["region", "category"]]),
    )
    assert fuel["CN-GD", "households"] == 15.0
    assert fuel["CN-ZJ", "households"] == 1.5
    assert fuel.sum() == 16.5


@pytest.mark.parametrize("category", ["households", "consumption", "final_use"])
def test_household_fuel_goes_to_final_use_as_far_as_it_is_divided(category: str) -> None:
    table = sample.table().select(["CN-GD"])
    uses = table.final_uses.assign(
        category=["capital_formation", "government", category, "exports"]
    )
    found = replace(table, final_uses=uses).with_emissions([inventory("CN-GD")])
    assert found.extensions["co2"].F_Y.tolist() == [0.0, 0.0, 15.0, 0.0]


def test_household_fuel_that_no_final_use_can_hold_is_told() -> None:
    table = sample.table().select(["CN-GD"])
    uses = table.final_uses.assign(category=["capital_formation", "government", "npish", "exports"])
    found = replace(table, final_uses=uses).with_emissions([inventory("CN-GD")])
    assert not found.extensions["co2"].F_Y.any()
    said = [note["en"] for note in found.extensions["co2"].source.notes]
    assert any(note.startswith("15 Mt emitted by households") for note in said)
    whole = table.with_emissions([inventory("CN-GD")]).extensions["co2"].source.notes
    assert not any("households" in note["en"] for note in whole)


def test_inventories_of_other_regions_do_not_matter() -> None:
    table = sample.table().select(["CN-GD"])
    several = [inventory("CN-HE", year=2012), inventory("CN-HE", year=2015)]
    alone = table.with_emissions([inventory("CN-GD")])
    beside = table.with_emissions([*several, inventory("CN-GD")])
    assert np.array_equal(beside.co2, alone.co2)
    assert beside.extensions["co2"].source == alone.extensions["co2"].source


def test_what_is_noted_of_each_inventory_is_kept_once() -> None:
    def noted(code: str, *notes: str) -> Inventory:
        said = tuple(dict.fromkeys(LANGUAGES, note) for note in notes)
        return inventory(code, source=replace(SOURCE, notes=said))

    found = sample.table().with_emissions(
        [noted("CN-GD", "a", "both"), noted("CN-ZJ", "b", "both")]
    )
    said = [note["en"] for note in found.extensions["co2"].source.notes]
    assert said[:3] == ["a", "both", "b"] and "both" not in said[3:]


def test_a_product_whose_output_is_all_exported_may_be_short_by_rounding() -> None:
    table = small_table(regions=1, sectors=2, competitive=True)
    Z, Y, x, inside = table.Z.copy(), table.Y.copy(), table.x.copy(), table.imports_inside.copy()
    Z[0], Y[0] = 0.05, 0.0
    x[0], inside[0], Y[0, -1] = 0.3, 0.1, 0.1 + 0.2  # at home 0.1 - 6e-17 is used, of 0.1 imported
    domestic = replace(table, Z=Z, Y=Y, x=x, imports_inside=inside).domestic()
    assert domestic.Z[0].tolist() == [0.0, 0.0]


def test_the_page_will_say_that_rows_were_split() -> None:
    table = sample.table().select(["CN-GD"]).with_emissions([inventory("CN-GD")])
    notes = [note["en"] for note in table.extensions["co2"].source.notes]
    assert any("split in proportion to gross output" in note for note in notes)


def test_a_province_the_inventory_lacks_is_named_in_two_languages() -> None:
    tibet = small_table(regions=4).select(["CN-XZ"])
    with pytest.raises(DataError, match="no emissions for Tibet") as caught:
        tibet.with_emissions([inventory("CN-GD"), inventory("CN-ZJ")])
    message = str(caught.value)
    assert "西藏" in message
    assert "Guangdong, Zhejiang" in message
    assert "by hand" in message
    assert "--region" in message


def test_of_several_years_the_one_of_the_table_is_taken() -> None:
    table = sample.table().select(["CN-GD"])
    right, wrong = inventory("CN-GD", year=2017), inventory("CN-GD", 1, year=2015)
    for both in ([right, wrong], [wrong, right]):
        found = table.with_emissions(both)
        assert found.co2 is not None
        assert found.co2.sum() == pytest.approx(right.F.sum())


@pytest.mark.parametrize("years", [(2012, 2015), (2017, 2017)])
def test_several_inventories_of_one_region_are_refused(years: tuple[int, int]) -> None:
    """Only one can be meant; taking the last would be a guess."""
    table = sample.table().select(["CN-GD"])
    with pytest.raises(DataError, match=f"several inventories of Guangdong.*{years[0]}"):
        table.with_emissions([inventory("CN-GD", i, year=year) for i, year in enumerate(years)])


def test_emissions_of_another_year_are_noted() -> None:
    table = sample.table().select(["CN-GD"]).with_emissions([inventory("CN-GD", year=2015)])
    notes = [note["en"] for note in table.extensions["co2"].source.notes]
    assert "The emissions are of 2015 and the table is of 2017." in notes


def test_a_table_of_another_list_takes_no_inventory() -> None:
    table = replace(small_table(regions=1), classification=None)
    with pytest.raises(DataError, match="no concordance"):
        table.with_emissions([inventory("CN-GD")])


# --- units and names


def test_money_is_converted_by_the_name_of_its_unit() -> None:
    assert sample.table().to_10k == 1e4
    assert small_table().to_10k == 1.0
    assert replace(small_table(), unit="million_usd").to_10k == 100.0


@pytest.mark.parametrize(
    ("unit", "in_one_mt"), [("Mt", 1), ("kt", 1e3), ("t", 1e6), ("1e4*t", 100)]
)
def test_emissions_are_shown_in_mt_whatever_their_unit(unit: str, in_one_mt: float) -> None:
    table = small_table()
    in_mt = table.extensions["co2"]
    converted = replace(in_mt, F=in_mt.F * in_one_mt, unit=unit)
    assert replace(table, extensions={"co2": converted}).co2 == pytest.approx(in_mt.F)


def test_names_come_in_three_languages() -> None:
    assert small_table().names(0) == sector_list("cn42_2017").name("24")
    assert small_table().names(0, "short")["zh-Hant"] == "電力熱力"
    assert small_table(regions=4).regions == list(REGIONS)
