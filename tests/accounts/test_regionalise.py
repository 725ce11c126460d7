"""Regional tables: fitted as a solver would, both identities, and truer than scaling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import minimize
from small_tables import input_gap, small_table, supply_gap

import graphmap as gm
from graphmap import units
from graphmap.accounts import IOTable, Source, ras
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.records import Records
from graphmap.accounts.regional_fit import Margins, fitted
from graphmap.accounts.regional_totals import regional_totals
from graphmap.accounts.regionalise import regionalised
from graphmap.errors import DataError
from graphmap.readers.detect import open_source

SOURCE = Source("", "totals.csv")
NOT_KNOWN = np.full(3, np.nan)
NO_LIMIT = np.full(3, np.inf)


@pytest.fixture(scope="module")
def nation() -> IOTable:
    return gm.read("sample", region="Guangdong")


def totals_of(table: IOTable, **figures: object) -> Records:
    """Totals of the sectors of ``table`` as if they were Zhejiang's."""
    data = table.index[["code", "name_en"]].rename(columns={"name_en": "sector"})
    data = data.assign(region="CN-ZJ", year=2017, classification=table.classification, **figures)
    return Records(
        "sector_totals", data.reset_index(drop=True), dict.fromkeys(figures, table.unit), SOURCE
    )


def list_of(table: IOTable, flows: np.ndarray) -> FlowList:
    totals = pd.DataFrame(np.nan, index=table.index.index, columns=["gross_output", "direct_co2"])
    return FlowList(
        table.index,
        sparse.csr_array(flows),
        totals,
        table.unit,
        Source("", "flows.csv"),
        year=2017,
        classification=table.classification,
    )


def margins(**given: object) -> Margins:
    known = {
        "group": np.arange(3), "held": np.full((3, 3), np.nan), "sales": NOT_KNOWN,
        "inputs": NOT_KNOWN, "most_sales": NO_LIMIT, "most_inputs": NO_LIMIT, "own": True,
    }  # fmt: skip
    return Margins(**{**known, **given})


PRIOR = np.array([[4.0, 2.0, 1.0], [3.0, 5.0, 2.0], [1.0, 1.0, 6.0]])


def test_with_all_margins_it_is_ras() -> None:
    sales, inputs = np.array([9.0, 8.0, 10.0]), np.array([10.0, 9.0, 8.0])
    flows, left = fitted(PRIOR, margins(sales=sales, inputs=inputs))
    assert flows == pytest.approx(ras(PRIOR, sales, inputs), rel=1e-6)
    assert np.abs(left).max() < 1e-6


@pytest.mark.parametrize("own", [True, False])
def test_partial_margins_and_held_cells_are_fitted_as_a_convex_solver_does(own: bool) -> None:
    held = np.full((3, 3), np.nan)
    held[0, 2] = 2.5
    sales, inputs = np.array([8.0, np.nan, np.nan]), np.array([np.nan, 9.0, np.nan])
    counted = np.ones((3, 3)) if own else 1 - np.eye(3)
    found, _ = fitted(PRIOR, margins(held=held, sales=sales, inputs=inputs, own=own))
    constraints = [
        {"type": "eq", "fun": lambda z: (z.reshape(3, 3) * counted)[0].sum() - 8},
        {"type": "eq", "fun": lambda z: (z.reshape(3, 3) * counted)[:, 1].sum() - 9},
        {"type": "eq", "fun": lambda z: z.reshape(3, 3)[0, 2] - 2.5},
    ]
    solved = minimize(
        lambda z: float((z * np.log(z / PRIOR.ravel()) - z + PRIOR.ravel()).sum()),
        PRIOR.ravel(), jac=lambda z: np.log(z / PRIOR.ravel()), bounds=[(1e-6, None)] * 9,
        constraints=constraints, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    assert solved.success
    assert found == pytest.approx(solved.x.reshape(3, 3), rel=1e-4)


def test_limits_are_kept_and_only_where_they_bind() -> None:
    flows, _ = fitted(PRIOR, margins(most_sales=np.array([3.5, np.inf, np.inf])))
    assert flows[0] == pytest.approx(PRIOR[0] / 2)
    assert flows[1:] == pytest.approx(PRIOR[1:])


def test_a_known_flow_between_groups_is_held_in_sum() -> None:
    group = np.array([0, 1, 1])
    held = np.array([[np.nan, 9.0], [np.nan, np.nan]])
    flows, _ = fitted(
        PRIOR, margins(group=group, held=held, sales=np.full(2, np.nan), inputs=np.full(2, np.nan))
    )
    assert flows[0, 1:] == pytest.approx([6, 3])  # in proportion to 2 and 1
    assert flows[1:] == pytest.approx(PRIOR[1:])


def test_a_region_like_the_nation_in_small_is_the_nation_in_small(nation: IOTable) -> None:
    found = regionalised(nation, totals_of(nation, gross_output=nation.x / 8), method="slq").table
    assert pytest.approx(nation.Z / 8) == found.Z
    assert pytest.approx(nation.V / 8) == found.V
    assert (found.regions, found.year, found.unit) == (["CN-ZJ"], 2017, nation.unit)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["none", "slq", "cilq", "flq", "aflq"]))
def test_both_identities_hold_whatever_is_known(seed: int, method: str) -> None:
    random = np.random.default_rng(seed)
    nation = small_table(seed % 50, regions=1, sectors=5, competitive=bool(seed % 2))
    x = nation.x * random.uniform(0.01, 0.6, 5)
    figures = {"gross_output": np.where(random.random(5) < 0.3, np.nan, x)}
    figures["gross_output"][0] = x[0]
    if seed % 3:
        figures |= {"value_added": x * random.uniform(0.2, 0.7, 5), "exports": x / 9}
    table = regionalised(nation, totals_of(nation, **figures), method=method).table
    assert supply_gap(table) < 1e-9
    assert input_gap(table) < 1e-9
    assert table.Z.min() >= 0
    assert (table.Y[:, -1] >= -1e-9 * table.x).all()
    assert (table.imports >= -1e-6 * table.x).all()
    assert {f.severity for f in gm.check(table)} <= {"ok", "note"}


def test_what_is_given_is_kept(nation: IOTable) -> None:
    true = regionalised(
        nation, totals_of(nation, gross_output=nation.x * np.linspace(0.1, 0.5, nation.n))
    ).table
    flows = np.where(np.quantile(true.Z, 0.9) < true.Z, true.Z * 0.9, 0.0)
    sales = true.Z.sum(axis=1)
    figures = {
        "gross_output": true.x, "value_added": true.V.sum(axis=0), "intermediate_sales": sales,
        "intermediate_inputs": true.Z.sum(axis=0),
    }  # fmt: skip
    known = list_of(true, flows)
    found = regionalised(nation, totals_of(nation, **figures), known=known, method="slq")
    assert found.table.Z[flows > 0] == pytest.approx(flows[flows > 0])
    assert found.table.Z.sum(axis=1) == pytest.approx(sales, rel=1e-4)
    assert found.table.V.sum(axis=0) == pytest.approx(true.V.sum(axis=0))
    assert found.quality.loc["all", "known_flows"] == (flows > 0).sum()
    assert found.quality.loc["all", "share_of_value"] == pytest.approx(
        flows.sum() / sales.sum(), 1e-4
    )
    # an exact half, estimated from the other, is nearer than scaling
    assert found.quality.loc["all", "error_held_out"] < found.quality.loc["all", "error_scaled"]


def test_sales_without_own_use_are_told_by_a_flow_that_exceeds_them(nation: IOTable) -> None:
    plain = regionalised(nation, totals_of(nation, gross_output=nation.x / 4))
    whole = plain.table
    between = whole.Z.sum(axis=1) - np.diag(whole.Z)
    i = int(np.argmax(np.diag(whole.Z) / between))
    flows = np.zeros_like(whole.Z)
    flows[i, i] = between[i] * 1.5
    given_ = totals_of(nation, gross_output=nation.x / 4, intermediate_sales=between)
    found = regionalised(nation, given_, known=list_of(whole, flows)).table
    assert found.Z.sum(axis=1) - np.diag(found.Z) == pytest.approx(between, rel=1e-4)
    said = [note["en"] for note in found.source.notes]
    assert any("between sectors" in note for note in said)
    assert sum("not the nation's but that of Guangdong" in note for note in said) == 1
    # nothing proves it without that flow, and what is taken for granted then is said as well
    other = regionalised(nation, given_)
    assert other.table.Z.sum(axis=1) == pytest.approx(between, rel=1e-4)
    assert any("taken to count" in note["en"] for note in other.notes)
    assert not any("taken to count" in note["en"] for note in plain.notes)
    with pytest.raises(DataError, match="--between-sectors"):
        regionalised(nation, given_, known=list_of(whole, flows), own=True)


def test_value_added_stands_where_the_nation_has_none_and_another_year_is_said() -> None:
    nation = small_table(3, regions=1, sectors=5)
    V = nation.V.copy()
    V[:, 2] = 0.0
    nation = replace(nation, V=V, imports=nation.x - nation.Z.sum(axis=0) - V.sum(axis=0))
    x = nation.x / 5
    totals = totals_of(nation, gross_output=x, value_added=x * 0.4)
    totals = replace(totals, data=totals.data.assign(year=2020))
    found = regionalised(nation, totals)
    assert found.table.V.sum(axis=0) == pytest.approx(x * 0.4)
    assert input_gap(found.table) < 1e-9
    assert any("2020" in note["en"] for note in found.notes)


def test_units_of_the_totals_are_converted(nation: IOTable) -> None:
    own = totals_of(nation, gross_output=nation.x / 8)
    factor = units.factor(nation.unit, "yuan")
    other = replace(
        own,
        data=own.data.assign(gross_output=own.data["gross_output"] * factor),
        units={"gross_output": "yuan"},
    )
    assert pytest.approx(regionalised(nation, own).table.Z) == regionalised(nation, other).table.Z


def test_what_contradicts_itself_is_refused_by_name(nation: IOTable) -> None:
    x = nation.x / 4
    sales = np.full(nation.n, np.nan)
    sales[23] = x[23] * 1.1
    with pytest.raises(DataError, match=r"electric power.*exceed its gross output"):
        regionalised(nation, totals_of(nation, gross_output=x, intermediate_sales=sales))
    with pytest.raises(DataError, match=r"value added of .* exceeds"):
        regionalised(nation, totals_of(nation, gross_output=x, value_added=x * 1.2))
    margins_ = {"intermediate_sales": x / 3, "intermediate_inputs": x / 9}
    with pytest.raises(DataError, match="contradicts itself"):
        regionalised(nation, totals_of(nation, gross_output=x, **margins_))
    with pytest.raises(DataError, match="is zero"):
        regionalised(nation, totals_of(nation, gross_output=x * 0))
    none = replace(nation, x=np.where(np.arange(nation.n) == 3, 0.0, nation.x))
    with pytest.raises(DataError, match="national table has no output of"):
        regionalised(none, totals_of(nation, gross_output=x))
    with pytest.raises(DataError, match="different regions"):
        regionalised(
            nation, totals_of(nation, gross_output=x), known=list_of(nation, nation.Z * 0.1)
        )
    with pytest.raises(DataError, match="is negative"):
        regionalised(nation, totals_of(nation, gross_output=-x))


def test_what_is_no_set_of_totals_is_refused(nation: IOTable) -> None:
    totals = totals_of(nation, gross_output=nation.x / 4)
    two = replace(totals, data=pd.concat([totals.data, totals.data.assign(region="CN-HB")]))
    with pytest.raises(DataError, match="several regions"):
        regionalised(nation, two)
    twice = replace(totals, data=pd.concat([totals.data, totals.data.head(1)]))
    with pytest.raises(DataError, match="twice"):
        regionalised(nation, twice)
    with pytest.raises(DataError, match="currencies"):
        regionalised(nation, replace(totals, units={"gross_output": "million_usd"}))
    in_mass = {"gross_output": nation.unit, "exports": "Mt"}
    with pytest.raises(DataError, match=r"exports is no sum of money; found 'exports in Mt'"):
        regionalised(nation, replace(totals, data=totals.data.assign(exports=1.0), units=in_mass))
    with pytest.raises(DataError, match="not totals"):
        regionalised(nation, replace(totals, kind="city_emissions"))
    with pytest.raises(DataError, match="several regions"):
        regionalised(gm.read("sample"), totals)


def test_totals_of_the_older_list_are_known_of_groups(data) -> None:
    nation = gm.read(data / "nbs" / "china_2017_42.csv")
    facts = regional_totals(nation, province(data, "Zhejiang"), None)
    by_code = dict(zip(nation.index["code"], facts.group, strict=True))
    assert by_code["35"] == by_code["36"] != by_code["34"]  # one sector in the list of 2012
    assert facts.figures.loc[by_code["24"], "gross_output"] == 47061088  # power, 25 in that list
    assert np.isnan(facts.figures.loc[by_code["22"], "gross_output"])


def province(data, name: str) -> Records:
    every = open_source(data / "visceads" / "sector_totals.csv")
    code = gm.read_flows(data / "visceads" / "top88_flows.csv", region=name, year="2017").regions[0]
    rows = (every.data["region"] == code) & (every.data["edition"] == "2017")
    return replace(every, data=every.data[rows].reset_index(drop=True))


@pytest.mark.parametrize("name", ["Guangdong", "Zhejiang"])
def test_half_the_flows_are_estimated_better_than_by_scaling_and_slq(data, name: str) -> None:
    nation = gm.read(data / "nbs" / "china_2017_42.csv")
    known = gm.read_flows(data / "visceads" / "top88_flows.csv", region=name, year="2017")
    totals = province(data, name)
    ours = regionalised(nation, totals, known=known)
    simple = regionalised(nation, totals, known=known, method="slq", own_by_slq=False)
    all_ = ours.quality.loc["all"]
    assert all_["error_held_out"] < all_["error_scaled"]
    assert all_["error_held_out"] < simple.quality.loc["all", "error_quotients"]
    assert all_["error_held_out"] < simple.quality.loc["all", "error_held_out"]
    assert [f.severity for f in gm.check(ours.table) if f.kind in ("supply", "inputs")] == []
