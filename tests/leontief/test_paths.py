"""Structural paths: by enumeration, by another search, by pyspa, and on real tables."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import economies, table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.leontief import LeontiefSystem, path_tree, paths
from graphmap.leontief.consumption import consumption_accounts
from graphmap.leontief.paths import largest_paths, structural_paths

INVENTORY = "ceads/China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx"
GUANGDONG = "constructed/Guangdong_2017_ceads_layout.xlsx"
MRIO = "constructed/MRIO2017_31x42_ceads_layout.xlsx"


def enumerated(Z, x, f, y, least):
    """Every path of at least ``least``: value and sectors from the emitter on, in our order."""
    A = Z * np.divide(1.0, x, out=np.zeros(len(x)), where=x > 0)
    behind = np.linalg.solve(np.eye(len(x)) - abs(A).T, abs(f)).max() if len(x) else 0.0
    found, growing = [], [((j,), y[j]) for j in range(len(x))]
    while growing:
        chain, weight = growing.pop()
        if abs(f[chain[-1]] * weight) >= least:
            found.append((f[chain[-1]] * weight, chain))
        if abs(weight) * behind >= least * 0.999:
            growing += [
                ((*chain, i), weight * A[i, chain[-1]]) for i in A[:, chain[-1]].nonzero()[0]
            ]
    found.sort(key=lambda path: -abs(path[0]))
    groups = []
    for value, chain in found:
        if groups and abs(value) >= abs(groups[-1][-1][0]) * (1 - 1e-12):
            groups[-1].append((value, chain))
        else:
            groups.append([(value, chain)])
    for group in groups:
        group.sort(key=lambda path: (len(path[1]), path[1]))
    ordered = list(itertools.chain(*groups))
    return [value for value, _ in ordered], [tuple(map(int, c[::-1])) for _, c in ordered]


def searched(Z, x, f, y, **rules):
    system = LeontiefSystem(Z, x)
    return largest_paths(system, f, system.solve_transposed(f), y, **rules)


def footprint(Z, x, f, y):
    return float(LeontiefSystem(Z, x).solve_transposed(f) @ y)


@st.composite
def signed(draw):
    """Flows, output, intensity and demand of either sign; the sizes of the paths have a sum."""
    n = draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    A = random.normal(size=(n, n)) * (random.random((n, n)) < draw(st.sampled_from([0.4, 1.0])))
    A *= random.uniform(0.05, 0.8, n) / np.maximum(abs(A).sum(axis=0), 1e-9)
    x = random.lognormal(size=n)
    return A * x, x, random.random(n) * (random.random(n) < 0.8), random.normal(size=n)


@given(economies(most=5), st.sampled_from([3e-2, 1e-2, 2e-3]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_threshold_finds_what_enumeration_finds_in_the_same_order(economy, share, as_sparse):
    Z, x, y, co2 = economy
    f = np.divide(co2, x, out=np.zeros(len(x)), where=x > 0)
    least = share * float(co2.sum()) or 1.0
    values, sequences = enumerated(Z, x, f, y, least)
    found = searched(sparse.csr_array(Z) if as_sparse else Z, x, f, y, threshold=least)
    assert found.sequences() == sequences
    np.testing.assert_allclose(found.values, values, rtol=1e-11)
    assert found.stages.tolist() == [len(path) - 1 for path in sequences]


@given(signed(), st.sampled_from([3e-2, 1e-2]))
@settings(max_examples=60, deadline=None)
def test_negative_flows_and_demand_leave_the_result_exact(case, share):
    Z, x, f, y = case
    least = share * float(abs(f).max() * abs(y).max()) or 1.0
    values, sequences = enumerated(Z, x, f, y, least)
    found = searched(Z, x, f, y, threshold=least)
    assert found.sequences() == sequences
    np.testing.assert_allclose(found.values, values, rtol=1e-11)


@given(signed())
@settings(max_examples=30, deadline=None)
def test_signed_paths_add_up_to_the_signed_footprint(case):
    Z, x, f, y = case
    Z, x, f, y = Z[:2, :2] / 2, x[:2], f[:2], y[:2]
    size = abs(f).max() * abs(y).max()
    if size:
        values = searched(Z, x, f, y, threshold=1e-9 * size).values
        left = footprint(abs(Z), x, f, abs(y)) - abs(values).sum()  # the sizes of all other paths
        assert left <= 1e-2 * size
        assert abs(footprint(Z, x, f, y) - values.sum()) <= left + 1e-9 * size


@given(economies(most=6))
@settings(max_examples=40, deadline=None)
def test_all_paths_of_a_table_without_loops_add_up_to_the_footprint(economy):
    Z, x, y, co2 = economy
    Z = np.triu(Z, 1)
    f = np.divide(co2, x, out=np.zeros(len(x)), where=x > 0)
    if footprint(Z, x, f, y):
        covered = searched(Z, x, f, y, coverage=1.0).values.sum()
        assert covered == pytest.approx(footprint(Z, x, f, y), rel=1e-11)


@given(economies(most=3))
@settings(max_examples=40, deadline=None)
def test_paths_to_nearly_full_coverage_add_up_to_nearly_the_footprint(economy):
    Z, x, y, co2 = economy
    Z = Z / 2  # shorter chains: few paths reach the share
    f = np.divide(co2, x, out=np.zeros(len(x)), where=x > 0)
    total = footprint(Z, x, f, y)
    if total:
        covered = searched(Z, x, f, y, coverage=0.999).values.sum()
        assert 0.999 * total * (1 - 1e-11) <= covered <= total * (1 + 1e-11)


@given(economies(most=6), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_count_threshold_and_coverage_agree(economy, count):
    Z, x, y, co2 = economy
    f = np.divide(co2, x, out=np.zeros(len(x)), where=x > 0)
    total = footprint(Z, x, f, y)
    if total == 0:
        return
    best = searched(Z, x, f, y, count=count)
    above = searched(Z, x, f, y, threshold=abs(best.values[-1]))
    assert above.sequences()[: len(best.values)] == best.sequences()
    assert (abs(above.values) == abs(best.values[-1])).sum() >= 1
    share = min(1.0, best.values.sum() / total)
    if abs(best.values[-1]) > 1e-9 * total:
        fewest = searched(Z, x, f, y, coverage=share)
        assert len(fewest.values) == len(best.values)
        assert fewest.sequences() == best.sequences()
        both = searched(Z, x, f, y, coverage=share, count=max(1, count // 2))
        assert both.sequences() == best.sequences()[: max(1, count // 2)]


def test_equal_paths_come_in_the_order_of_stages_and_position():
    A = np.array([[0.0, 0.5, 0.5], [0.25, 0.0, 0.0], [0.25, 0.0, 0.0]])
    found = searched(A, np.ones(3), np.array([1.0, 0.0, 0.0]), np.array([1.0, 2.0, 2.0]), count=7)
    assert found.values.tolist() == [1.0, 1.0, 1.0, 0.125, 0.125, 0.125, 0.125]
    assert found.sequences() == [
        *[(0,), (0, 1), (0, 2)],
        *[(0, 1, 0), (0, 2, 0), (0, 1, 0, 1), (0, 2, 0, 1)],
    ]


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_a_transaction_with_a_single_path_is_found_at_its_value(form):
    """All paths through each transaction add up to one path: the bound is met exactly."""
    A, ones = np.diag([0.5, 0.25, 0.125], 1), np.ones(4)
    f, y = np.array([64.0, 0.0, 0.0, 0.0]), np.array([0.0, 0.0, 0.0, 1.0])
    found = searched(form(A), ones, f, y, threshold=1.0)
    assert (found.values.tolist(), found.sequences()) == ([1.0], [(0, 1, 2, 3)])


def test_a_sector_that_supplies_itself_is_a_stage():
    found = searched(np.array([[0.5]]), np.ones(1), np.ones(1), np.ones(1), count=4)
    assert found.sequences() == [(0,), (0, 0), (0, 0, 0), (0, 0, 0, 0)]
    assert found.values.tolist() == [1.0, 0.5, 0.25, 0.125]


def test_where_no_path_is_left_the_search_ends():
    """Five sectors in a row, each supplying all later ones: 31 paths, over many magnitudes."""
    A = np.triu(np.full((5, 5), 1e-12), 1)
    f, y = np.ones(5), np.logspace(0, -9, 5)
    found = searched(A, np.ones(5), f, y, count=1000)
    chains = [c for k in range(1, 6) for c in itertools.combinations(range(5), k)]
    assert sorted(found.sequences()) == sorted(chains)
    assert found.values.sum() == pytest.approx(footprint(A, np.ones(5), f, y), rel=1e-14)
    assert len(searched(A, np.ones(5), f, y, coverage=1.0).values) <= 31


def test_nothing_asked_for_or_nothing_emitted_has_no_paths():
    Z, x = np.array([[0.1, 0.2], [0.0, 0.1]]), np.ones(2)
    assert len(searched(Z, x, np.zeros(2), np.ones(2), count=5).values) == 0
    assert searched(Z, x, np.ones(2), np.zeros(2), count=5).sequences() == []
    assert len(searched(Z, x, np.ones(2), np.ones(2), threshold=10.0).values) == 0


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({}, "no rule"),
        ({"count": 0}, "1 to 1,000,000"),
        ({"count": 2_000_000}, "1 to 1,000,000"),
        ({"threshold": 0.0}, "more than 0"),
        ({"threshold": float("nan")}, "more than 0"),
        ({"coverage": 0.0}, "0.8 or '80%'"),
        ({"coverage": 1.01}, "found '101%'"),
    ],
)
def test_rules_without_sense_are_refused(rule, part):
    with pytest.raises(DataError, match=part):
        searched(np.array([[0.5]]), np.ones(1), np.ones(1), np.ones(1), **rule)


def test_coverage_of_a_negative_footprint_is_refused():
    with pytest.raises(DataError, match="not above zero"):
        searched(np.array([[0.5]]), np.ones(1), np.ones(1), -np.ones(1), coverage=0.5)


def test_negative_flows_that_have_no_sum_are_refused_with_the_sector():
    Z = np.array([[0.0, 0.9], [-1.3, 0.0]])  # (I - A) has an inverse, the sizes have no sum
    system = LeontiefSystem(Z, np.ones(2), names=["coal", "power"])
    f = np.ones(2)
    with pytest.raises(
        DataError, match=r"negative flows.*inputs of coal, taken by size, are 1\.300"
    ):
        largest_paths(system, f, system.solve_transposed(f), f, count=5)


@pytest.mark.parametrize("rule", [{"coverage": 0.99999}, {"threshold": 1e-12}])
def test_too_many_paths_are_refused_with_what_the_largest_cover(monkeypatch, rule):
    monkeypatch.setattr(paths, "MOST_PATHS", 500)
    Z, x = np.full((4, 4), 0.2), np.ones(4)
    f, y = np.arange(1.0, 5.0), np.ones(4)
    with pytest.raises(DataError) as error:
        searched(Z, x, f, y, **rule)
    known = searched(Z, x, f, y, count=500).values
    text = str(error.value)
    assert "more than 500 paths" in text
    count, covered = (
        int(text.split("the ")[1].split(maxsplit=1)[0]),
        float(text.split("cover ")[1].split("%", maxsplit=1)[0]),
    )
    assert 100 < count <= 500
    assert covered == pytest.approx(100 * known[:count].sum() / footprint(Z, x, f, y), abs=0.00051)


def test_large_tables_are_compared_in_blocks(monkeypatch):
    random = np.random.default_rng(3)
    A = random.random((30, 30)) / 40
    f, y = random.random(30), random.random(30)
    whole = searched(A, np.ones(30), f, y, count=300)
    monkeypatch.setattr(path_tree, "BLOCK", 50)
    assert searched(A, np.ones(30), f, y, count=300).sequences() == whole.sequences()


def best_first(Z, x, f, m, y, count):
    """Another search: a heap with the bound ``m x weight``, a branch at a time."""
    suppliers = {}
    heap = [(-m[j] * y[j], False, (int(j),), y[j]) for j in np.flatnonzero(y)]
    heapq.heapify(heap)
    found = []
    while len(found) < count:
        bound, is_path, chain, weight = heapq.heappop(heap)
        if is_path:
            found.append((-bound, chain[::-1]))
            continue
        user = chain[-1]
        heapq.heappush(heap, (-f[user] * weight, True, chain, weight))
        if user not in suppliers:
            A = Z[:, user] / x[user]
            suppliers[user] = [(int(i), A[i]) for i in np.argsort(-m * A)[:60]]
        for i, coefficient in suppliers[user]:
            heapq.heappush(
                heap, (-m[i] * coefficient * weight, False, (*chain, i), weight * coefficient)
            )
    return found


def agrees_with_best_first(table, count):
    found = structural_paths(table, count=count)
    f = table.co2 / table.x
    m = LeontiefSystem(table.Z, table.x).solve_transposed(f)
    reference = best_first(table.Z, table.x, f, m, table.final_demand, count)
    np.testing.assert_allclose(found["co2"], [value for value, _ in reference], rtol=1e-10)
    ids = table.index.index
    assert set(found["path"]) == {tuple(ids[i] for i in chain) for _, chain in reference}
    assert found.attrs["total"] == pytest.approx(table.co2.sum(), rel=1e-6)


@pytest.mark.parametrize(("file", "count"), [(GUANGDONG, 1000), (MRIO, 150)])
def test_another_search_finds_the_same_paths_in_real_tables(data, file, count):
    agrees_with_best_first(gm.read(data / file), count)


def values_by_hand(table, found):
    """What each path carries, multiplied out from the table."""
    place = {node: i for i, node in enumerate(table.index.index)}
    values = []
    for path in found["path"]:
        chain = [place[node] for node in path]
        value = table.co2[chain[0]] / table.x[chain[0]] * table.final_demand[chain[-1]]
        for supplier, user in itertools.pairwise(chain):
            value *= table.Z[supplier, user] / table.x[user]
        values.append(value)
    return values


def test_every_path_of_china_is_what_the_table_says(data):
    table = gm.read(data / "nbs" / "china_2017_42.csv")
    table = table.with_emissions(gm.read_emissions(data / INVENTORY, year=2017))
    found = structural_paths(table, coverage="75%")
    np.testing.assert_allclose(found["co2"], values_by_hand(table, found), rtol=1e-12)
    assert found["path"].is_unique
    assert found["co2"].is_monotonic_decreasing
    assert found["cumulative_share"].iloc[-2] < 0.75 <= found["cumulative_share"].iloc[-1]
    assert found.attrs["total"] == pytest.approx(table.co2.sum(), rel=1e-9)


def test_nearly_all_of_a_product_of_a_province_is_covered(data):
    found = structural_paths(gm.read(data / GUANGDONG), product="CN-GD.24", coverage=0.995)
    assert 0.995 <= found["co2"].sum() / found.attrs["total"] <= 1
    assert found["cumulative_share"].iloc[-2] < 0.995
    assert set(found["product"]) == {"CN-GD.24"}


def test_inventories_run_down_have_paths_below_zero(data):
    table = gm.read(data / "nbs" / "china_2018_42.csv")
    table = table.with_emissions(gm.read_emissions(data / INVENTORY, year=2018))
    found = structural_paths(table, final_use="inventories", count=300)
    assert (found["co2"] < 0).any()
    assert (found["co2"] > 0).any()
    assert found["co2"].abs().is_monotonic_decreasing
    np.testing.assert_allclose(found["share"], found["co2"] / found.attrs["total"], rtol=1e-12)
    domestic = table.domestic()
    y = domestic.Y[:, list(domestic.final_uses["category"]).index("inventories")]
    f = domestic.co2 / domestic.x
    A = domestic.Z / domestic.x
    assert found.attrs["total"] == pytest.approx(f @ np.linalg.solve(np.eye(42) - A, y), rel=1e-9)


def test_the_categories_of_final_use_are_those_of_the_accounts(data):
    table = gm.read(data / GUANGDONG)
    theirs = consumption_accounts(table).categories.groupby("category")["footprint"].sum()
    for category in ("households", "government", "capital", "exports"):
        found = structural_paths(table, final_use=category, count=1)
        assert found.attrs["total"] == pytest.approx(theirs[category], rel=1e-9)
    parts = [
        structural_paths(table, final_use=use, count=1).attrs["total"]
        for use in ("农村居民消费", "urban household consumption")
    ]
    assert sum(parts) == pytest.approx(theirs["households"], rel=1e-9)
    uses = structural_paths(table, final_use="資本形成", count=1).attrs["final_uses"]
    assert uses == ["fixed_capital", "inventories"]


def pyspa_paths(table, node, least):
    """What pyspa finds for one unit of a product: value and positions from the emitter on."""
    pyspa = pytest.importorskip("pyspa.pyspa")
    f = table.co2 / table.x
    system = LeontiefSystem(table.Z, table.x)
    sectors = pd.DataFrame(
        {
            "Sector number": range(1, table.n + 1),
            "Name": table.index["name_en"].to_numpy(),
            "Unit": "yuan",
            "Region": table.index["region"].to_numpy(),
            "DR_CO2_(Mt)": f,
            "TR_CO2_(Mt)": system.solve_transposed(f),
        }
    )
    chain = pyspa.get_spa(
        table.index.index.get_loc(node) + 1,
        25,
        system.A,
        sectors,
        {"CO2": least},
        breakdown_remainder=False,
    )
    found = [
        (path.nodes[-1].direct_intensities["CO2"], [n.index_reference for n in path.nodes][::-1])
        for path in chain.pathways_list
    ]
    ids = table.index.index
    return {tuple(ids[i] for i in chain): value for value, chain in found if value >= least}


@pytest.mark.parametrize("node", ["CN-GD.27", "CN-GD.24", "CN-GD.20"])
def test_pyspa_has_the_same_top_200_paths(data, node):
    table = gm.read(data / GUANGDONG)
    found = structural_paths(table, product=node, count=200)
    demand = table.final_demand[table.index.index.get_loc(node)]
    theirs = pyspa_paths(table, node, found["co2"].iloc[-1] / demand * (1 - 1e-9))
    ours = dict(zip(found["path"], found["co2"] / demand, strict=True))
    assert len(ours) == 200
    assert {path: theirs.pop(path) for path in ours} == pytest.approx(ours, rel=1e-9)
    # beyond the 200th stand only its equals: the same loops in another order
    assert list(theirs.values()) == pytest.approx([min(ours.values())] * len(theirs), rel=1e-9)


def test_a_table_of_two_sectors_by_hand():
    """Power sells half of its output to steel; steel sells all of its own to final users."""
    table = table_of(np.array([[0.0, 50.0], [0.0, 0.0]]), [100.0, 200.0], co2=[3.0, 1.0])
    found = structural_paths(table)
    assert found.attrs == {"total": 4.0, "products": None, "final_uses": None}
    assert found.to_dict("list") == {
        "rank": [1, 2, 3],
        "co2": [1.5, 1.5, 1.0],
        "share": [0.375, 0.375, 0.25],
        "cumulative_share": [0.375, 0.75, 1.0],
        "stages": [0, 1, 0],
        "emitter": ["n0", "n0", "n1"],
        "product": ["n0", "n1", "n1"],
        "path": [("n0",), ("n0", "n1"), ("n1",)],
    }


def test_the_unit_of_the_table_does_not_matter():
    Z, x = np.array([[5.0, 50.0], [8.0, 0.0]]), np.array([100.0, 200.0])
    pd.testing.assert_frame_equal(
        structural_paths(table_of(Z / 1e4, x / 1e4, co2=[3.0, 1.0], unit="100m_yuan")),
        structural_paths(table_of(Z, x, co2=[3.0, 1.0])),
    )


def test_a_threshold_may_be_mt_or_a_share():
    table = sample.table()
    total = structural_paths(table, count=1).attrs["total"]
    by_share, by_mass = (structural_paths(table, threshold=t) for t in ("0.5%", 0.005 * total))
    assert by_share["path"].tolist() == by_mass["path"].tolist()
    assert by_share["share"].min() >= 0.005 > structural_paths(table, count=500)["share"].min()
    assert len(structural_paths(table)) == 50
    everything = structural_paths(table, threshold=1e6)
    assert everything.empty
    assert list(everything) == list(by_share)


@pytest.mark.parametrize(
    "spelling", ["24", "Electricity & heat", "电力热力", "電力、熱力的生產和供應"]
)
def test_a_product_is_found_by_any_name_in_every_region(spelling):
    found = structural_paths(sample.table(), product=spelling, count=30)
    assert found.attrs["products"] == ["CN-GD.24", "CN-ZJ.24"]
    assert set(found["product"]) == {"CN-GD.24", "CN-ZJ.24"}


def test_several_products_are_those_of_each_together():
    table = sample.table()
    both = structural_paths(table, product=["CN-GD.24", "CN-ZJ.27"], count=10)
    apart = pd.concat(
        structural_paths(table, product=node, count=10) for node in ("CN-GD.24", "CN-ZJ.27")
    )
    assert both["path"].tolist() == apart.nlargest(10, "co2")["path"].tolist()


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"product": "Constructoin"}, ["Constructoin", "Construction"]),
        ({"final_use": "house holds of cats"}, ["no such final use", "cats"]),
        ({"final_use": "capitel"}, ["capitel", "capital"]),
        ({"coverage": "80 percent"}, ["cannot read a coverage", "80 percent"]),
        ({"coverage": 80}, ["found '8000%'", "0.8 or '80%'"]),
        ({"threshold": "5 kg"}, ["cannot read a threshold", "Mt"]),
        ({"threshold": -1.0}, ["cannot read a threshold"]),
        ({"imports": "away"}, ["imports"]),
    ],
)
def test_what_is_not_understood_is_refused(options, parts):
    with pytest.raises(DataError) as error:
        structural_paths(sample.table(), **options)
    for part in parts:
        assert part in str(error.value)


def test_a_table_without_emissions_is_refused():
    with pytest.raises(DataError, match="need emissions"):
        structural_paths(table_of(np.eye(2), [5.0, 5.0]))


def test_a_product_that_nobody_uses_is_refused():
    table = table_of(np.array([[0.0, 100.0], [0.0, 0.0]]), [100.0, 200.0], co2=[3.0, 1.0])
    with pytest.raises(DataError, match="no footprint to follow back; found 's0'"):
        structural_paths(table, product="s0")


def test_a_table_with_an_error_is_refused():
    table = table_of(np.array([[0.0, np.nan], [0.0, 0.0]]), [100.0, 200.0], co2=[3.0, 1.0])
    with pytest.raises(DataError):
        structural_paths(table)
