"""Rank intervals: none without errors, wider with larger ones, the same for everybody."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import TAGS, economies, table_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.leontief import sector_measures
from graphmap.network import key_sectors, roles
from graphmap.network.centrality import centrality
from graphmap.network.draw_measures import OF_EMISSIONS, OF_MONEY
from graphmap.network.draws import cells_of, draw
from graphmap.network.robustness import note, robustness, statement
from graphmap.network.roles import priority

ALL = (*OF_MONEY, *OF_EMISSIONS, "priority")


@pytest.fixture(scope="module")
def guangdong():
    return sample.table().select(["CN-GD"])


@pytest.fixture(scope="module")
def found(guangdong):
    return robustness(guangdong, draws=300, seed=3)


def widths(found, measure):
    rows = found.intervals.xs(measure, level="measure")
    return rows["rank_high"] - rows["rank_low"], rows["value_high"] - rows["value_low"]


@given(economies(most=8), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_zero_error_gives_zero_width(economy, seed) -> None:
    Z, x, _, co2 = economy
    table = table_of(Z, x, co2=co2 + (x > 0))
    found = robustness(
        table, draws=7, flow_error=0, emission_error=0, seed=seed, measures=ALL, top=2
    )
    rows = found.intervals
    for suffix in ("median", "low", "high"):
        np.testing.assert_array_equal(rows[f"rank_{suffix}"], rows["rank"])
    np.testing.assert_array_equal(rows["value_low"], rows["value"])
    np.testing.assert_array_equal(rows["value_high"], rows["value"])
    assert rows["share_top"].isin([0.0, 1.0]).all()
    measures = sector_measures(table)
    measures["priority"] = priority(measures)["priority"]
    for name in ALL:
        np.testing.assert_allclose(
            rows.xs(name, level="measure")["value"], measures[name], rtol=1e-9, atol=1e-12
        )
    # and those who are first without errors are those with the role
    role = roles(measures.assign(region="A"), top=2)
    np.testing.assert_array_equal(found.share_top()["high_carbon"] == 1, role["high_carbon"])


def test_what_is_exact_stays_exact(guangdong) -> None:
    emissions = robustness(guangdong, draws=50, flow_error=0.0, emission_error=0.3)
    flows = robustness(guangdong, draws=50, flow_error=0.3, emission_error=0.0)
    for measure in ("gross_output", "upstreamness"):
        assert not any(width.any() for width in widths(emissions, measure))
        assert all(width.any() for width in widths(flows, measure))
    assert not any(width.any() for width in widths(flows, "direct_co2"))
    for measure in ("direct_co2", "footprint", "transmission"):
        assert all(width.any() for width in widths(emissions, measure))


def test_intervals_widen_with_the_error(guangdong) -> None:
    by_error = [
        robustness(guangdong, draws=200, flow_error=error, emission_error=error, measures=ALL)
        for error in (0.02, 0.1, 0.3)
    ]
    for measure in ALL:
        ranks, values = zip(
            *([width.mean() for width in widths(found, measure)] for found in by_error),
            strict=True,
        )
        assert ranks[0] < ranks[1] < ranks[2]
        assert values[0] < values[1] < values[2]


def test_intervals_hold_what_was_drawn(guangdong, found) -> None:
    """Quantiles and shares against a plain count over the draws themselves."""
    drawn = draw(cells_of(guangdong, 0.1, 0.1), 3, 0, 300)
    for measure, values in (("direct_co2", drawn.co2), ("gross_output", drawn.x)):
        rows = found.intervals.xs(measure, level="measure")
        ranks = pd.DataFrame(values).rank(axis=1, ascending=False, method="first").to_numpy()
        below = (ranks < rows["rank_low"].to_numpy()).mean(axis=0)
        above = (ranks > rows["rank_high"].to_numpy()).mean(axis=0)
        assert below.max() < 0.05
        assert above.max() <= 0.05
        shares = ((ranks <= 5) & (values > 0)).mean(axis=0)
        np.testing.assert_allclose(rows["share_top"], shares)
        low, high = np.quantile(values, [0.05, 0.95], axis=0)
        np.testing.assert_allclose(rows["value_low"], low, rtol=1e-9)
        np.testing.assert_allclose(rows["value_high"], high, rtol=1e-9)
    rows = found.intervals
    assert (rows["rank_low"] <= rows["rank_median"]).all()
    assert (rows["rank_median"] <= rows["rank_high"]).all()
    assert not rows.isna().any().any()


def test_the_same_seed_gives_the_same_for_any_number_of_workers(guangdong, found) -> None:
    for workers in (1, 2, 5):
        again = robustness(guangdong, draws=300, seed=3, workers=workers)
        pd.testing.assert_frame_equal(again.intervals, found.intervals, check_exact=True)
    other = robustness(guangdong, draws=300, seed=4)
    assert not other.intervals.equals(found.intervals)
    assert (found.seed, found.draws, found.left_out) == (3, 300, 0)
    assert (found.flow_error, found.emission_error, found.error_by_size) == (0.1, 0.1, False)


def test_progress_counts_every_draw(guangdong) -> None:
    done = []
    robustness(guangdong, draws=250, progress=done.append)
    assert sum(done) == 250
    assert len(done) > 1


def test_an_interruption_leaves_nothing_behind(guangdong) -> None:
    done = []

    def interrupt(count):
        done.append(count)
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        robustness(guangdong, draws=100_000, workers=2, progress=interrupt)
    assert threading.active_count() == before
    assert len(done) == 1


def test_the_unit_of_money_does_not_matter(guangdong, found) -> None:
    for factor in (1e6, 1e-6):
        scaled = replace(
            guangdong,
            **{name: getattr(guangdong, name) * factor for name in ("Z", "Y", "V", "imports", "x")},
        )
        again = robustness(scaled, draws=300, seed=3, error_by_size=False)
        ranks = [c for c in found.intervals if c.startswith(("rank", "share"))]
        pd.testing.assert_frame_equal(again.intervals[ranks], found.intervals[ranks])


def test_ranks_are_within_each_region() -> None:
    table = sample.table()
    found = robustness(table, draws=40)
    rows = found.intervals.xs("direct_co2", level="measure")
    region = table.index["region"]
    assert sorted(rows["rank"][region == "CN-ZJ"]) == list(range(1, 43))
    assert rows["share_top"].groupby(region).sum().tolist() == pytest.approx([5, 5])
    assert "of its region" in statement(found, "CN-ZJ.24")["en"]


def test_without_emissions_output_and_betweenness_tell(guangdong) -> None:
    table = replace(guangdong, extensions={})
    found = robustness(table, draws=30)
    assert found.emission_error is None
    assert list(found.share_top()) == ["high_transmission", "high_output", "priority"]
    net = gm.network(table)
    rows = found.intervals["value"].unstack("measure").loc[net.nodes.index]
    between = centrality(net, ["betweenness"])["betweenness"]
    np.testing.assert_allclose(rows["betweenness"], between, atol=1e-12)
    np.testing.assert_allclose(
        rows["priority"], key_sectors(net)["priority"].loc[rows.index], atol=1e-12
    )
    assert "flows ±10 %)" in statement(found, "CN-GD.12", "gross_output")["en"]


def test_weights_of_the_score_take_part(guangdong) -> None:
    found = robustness(guangdong, draws=20, measures=["priority"], weights={"footprint": 3})
    alone = robustness(guangdong, draws=20, measures=["footprint"])
    ranks = [c for c in found.intervals if c.startswith("rank")]
    np.testing.assert_array_equal(found.intervals[ranks], alone.intervals[ranks])


DEGENERATE = {
    "one sector": ([[3.0]], [10.0]),
    "no flow": (np.zeros((3, 3)), [5.0, 2.0, 1.0]),
    "apart": ([[0, 2, 0, 0], [1, 0, 0, 0], [0, 0, 0, 3], [0, 0, 1, 0]], [9.0, 9.0, 9.0, 9.0]),
    "all alike": (np.ones((4, 4)), [9.0] * 4),
    "a sector without output": ([[0, 1, 0], [2, 0, 0], [0, 0, 0]], [8.0, 6.0, 0.0]),
    "flows within only": (np.diag([2.0, 1.0, 4.0]), [8.0, 6.0, 5.0]),
}


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("emits", [True, False])
def test_degenerate_tables_have_figures_for_all(case, emits) -> None:
    Z, x = (np.asarray(part, float) for part in DEGENERATE[case])
    table = table_of(Z, x, co2=(x > 0) * 1.0 if emits else None)
    found = robustness(table, draws=25, top=1)
    rows = found.intervals
    assert np.isfinite(rows.to_numpy(float)).all()
    assert found.left_out == 0
    assert rows["rank"].between(1, len(x)).all()
    idle = table.index.index[x == 0]
    silent = rows.loc[idle].drop("upstreamness", level="measure")
    assert not silent[["value", "value_low", "value_high", "share_top"]].to_numpy().any()
    none = robustness(table, draws=5, top=1, flow_error=0, emission_error=0).intervals
    np.testing.assert_array_equal(none["rank"], none["rank_high"])
    if case == "all alike":
        assert none.xs("gross_output", level="measure")["rank"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"draws": 0}, "a number of draws; found 0; expected 1 or more"),
        ({"top": 0}, "a number of top"),
        ({"workers": 0}, "a number of workers"),
        ({"flow_error": -0.1}, "a relative error; found -0.1"),
        ({"emission_error": float("nan")}, "a relative error; found nan"),
        ({"flow_error": 11}, "from 0"),
        ({"measures": ["footprnt"]}, "found 'footprnt'; expected one of footprint"),
        ({"measures": ["betweenness"]}, "no measure to draw"),
        ({"measures": []}, "no measure to draw"),
        ({"weights": {"pagerank": 1}}, "found 'pagerank'"),
        ({"weights": {"footprint": -1}}, "weights of the priority score"),
    ],
)
def test_what_cannot_be_drawn_is_refused(guangdong, asked, message) -> None:
    with pytest.raises(DataError, match=message):
        robustness(guangdong, **asked)


def test_a_table_that_most_draws_leave_without_output_is_refused() -> None:
    # two sectors that hardly produce: what is used comes from stocks, what is paid is subsidised
    Z = np.zeros((3, 3))
    Z[:2, 2] = 50
    table = table_of(Z, [1.0, 1.0, 300.0], co2=[1.0, 1.0, 1.0])
    subsidies = np.array([-59.0, -59.0, 0.0])
    table = replace(
        table,
        V=np.vstack([table.V[0] - subsidies, subsidies]),
        primary_inputs=("value_added", "subsidies"),
    )
    some = robustness(table, draws=200, flow_error=0.01)
    assert 0 < some.left_out < 100
    output = some.intervals.xs("gross_output", level="measure")
    drawn = draw(cells_of(table, 0.01, 0.1), 1, 0, 200).x
    used = drawn[(drawn > 0).all(axis=1)]
    assert len(used) == 200 - some.left_out
    np.testing.assert_allclose(output["value_low"], np.quantile(used, 0.05, axis=0))
    assert "draws left a sector without output" in note(some)["en"]
    assert f"{200 - some.left_out} draws" in statement(some, "n0")["en"]
    with pytest.raises(DataError, match=r"errors too large.*of 200 draws without output"):
        robustness(table, draws=200, flow_error=3.0)


def test_statements_in_three_languages(found) -> None:
    said = statement(found, "CN-GD.24")
    assert said["en"] == (
        "among the 5 highest in direct emissions in 100 % of 300 draws"
        " (flows and emissions ±10 %); rank 1"
    )
    assert said["zh-Hans"].startswith("300 次模拟中，100%的结果显示其直接排放位列前 5 位")
    row = found.intervals.xs("gross_output", level="measure").query("rank_high > rank_low").iloc[0]
    said = statement(found, row.name, "gross_output")
    low, high = int(row["rank_low"]), int(row["rank_high"])
    assert said["en"].endswith(f"; rank {low} to {high}")
    assert said["zh-Hant"].endswith(f"位次 {low} 至 {high}")
    assert statement(replace(found, top=1), "CN-GD.24")["en"].startswith("highest in direct")
    unequal = replace(found, emission_error=0.05, error_by_size=True)
    assert (
        "(flows ±10 %, emissions ±5 %, more for smaller cells)"
        in (statement(unequal, "CN-GD.24")["en"])
    )
    for tag in note(found):
        assert "300" in note(found)[tag]
        assert "3" in note(found)[tag]
    with pytest.raises(DataError, match="nothing was drawn for this"):
        statement(found, "CN-GD.24", "pagerank")
    assert len(TAGS) == len(note(found))


def test_hardly_ever_is_not_never_and_nearly_always_not_always(found) -> None:
    key = ("CN-GD.24", "direct_co2")
    for share, said in ((0.9996, "99.96 %"), (0.997, "99.7 %"), (0.9, "90 %"), (0.001, "0.1 %")):
        rows = found.intervals.copy()
        rows.loc[key, "share_top"] = share
        assert f" in {said} of " in statement(replace(found, intervals=rows), key[0])["en"]


def test_electricity_is_high_carbon_in_nearly_all_draws(data) -> None:
    table = gm.read(data / "constructed" / "Guangdong_2017_ceads_layout.xlsx")
    found = robustness(table, draws=1000)
    shares = found.share_top()
    assert shares.loc["CN-GD.24", ["high_carbon", "high_transmission", "priority"]].min() > 0.99
    assert found.left_out == 0
    assert shares["high_carbon"].sum() == pytest.approx(5)
    catering, gas = shares.loc["CN-GD.30"], shares.loc["CN-GD.25"]
    assert catering["high_carbon"] == gas["high_carbon"] == 0
