"""The inventory over the tables' lists, keeping every total (others: test_concordances)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.classification import Concordance, allocate, concordance, sector_list
from graphmap.errors import DataError

LISTS_OF_42 = ["cn42_2012", "cn42_2017"]


def own(pairs: dict[str, list[str]]) -> Concordance:
    return Concordance("", "", pd.DataFrame(pairs))


INDUSTRIES = [f"{code:02d}" for code in range(1, 46)]


@pytest.mark.parametrize("target", LISTS_OF_42)
def test_the_concordance_covers_every_industry_and_every_sector(target: str) -> None:
    pairs = concordance("ceads_inventory", target).pairs
    assert set(pairs["source"]) == set(INDUSTRIES)
    assert set(pairs["target"]) == set(sector_list(target).sectors.index)
    assert not pairs.duplicated().any()


@pytest.mark.parametrize(("target", "power", "trade"), [
    ("cn42_2012", "25", ["29", "31"]),
    ("cn42_2017", "24", ["28", "30"]),
])  # fmt: skip
def test_power_goes_to_power_and_trade_with_catering_to_both(
    target: str, power: str, trade: list[str]
) -> None:
    pairs = concordance("ceads_inventory", target).pairs.groupby("source")["target"].agg(list)
    assert pairs["39"] == [power]
    assert pairs["44"] == trade


@pytest.mark.parametrize("target", LISTS_OF_42)
def test_only_trade_and_other_services_are_split(target: str) -> None:
    targets = concordance("ceads_inventory", target).pairs.groupby("source")["target"].count()
    assert set(targets.index[targets > 1]) == {"44", "45"}


def test_lists_without_a_concordance_are_refused() -> None:
    with pytest.raises(DataError, match="from the list 'ceads_inventory' to 'oecd_45'"):
        concordance("ceads_inventory", "oecd_45")


@given(
    st.sampled_from(LISTS_OF_42),
    st.lists(st.floats(0, 5000), min_size=45, max_size=45),
    st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e9)), min_size=42, max_size=42),
)
@settings(max_examples=50)
def test_allocate_keeps_the_total_of_every_row(
    target: str, figures: list[float], outputs: list[float]
) -> None:
    pairs = concordance("ceads_inventory", target)
    weights = pd.Series(outputs, index=sector_list(target).sectors.index)
    values = pd.Series(figures, index=INDUSTRIES)
    spread = allocate(values, pairs, weights)
    assert spread.index.tolist() == weights.index.tolist()
    assert (spread >= 0).all()
    assert spread.sum() == pytest.approx(values.sum(), rel=1e-12, abs=1e-12)
    for source in ("44", "45"):
        alone = allocate(values[[source]], pairs, weights)
        assert alone.sum() == pytest.approx(values[source], rel=1e-12, abs=1e-12)


def test_a_row_is_split_in_proportion_to_the_weights() -> None:
    pairs = own({"source": ["a", "a", "b"], "target": ["1", "2", "3"]})
    weights = pd.Series({"3": 7.0, "2": 1.0, "1": 3.0})
    assert allocate(pd.Series({"b": 5.0, "a": 8.0}), pairs, weights).to_dict() == {
        "3": 5.0,
        "2": 2.0,
        "1": 6.0,
    }


def test_targets_that_all_weigh_nothing_share_evenly() -> None:
    pairs = own({"source": ["a", "a", "b"], "target": ["1", "2", "3"]})
    weights = pd.Series({"1": 0.0, "2": 0.0, "3": 0.0})
    spread = allocate(pd.Series({"a": 8.0, "b": 1.0}), pairs, weights)
    assert spread.tolist() == [4.0, 4.0, 1.0]


def test_a_sector_without_weight_beside_one_with_weight_gets_nothing() -> None:
    pairs = own({"source": ["a", "a"], "target": ["1", "2"]})
    spread = allocate(pd.Series({"a": 8.0}), pairs, pd.Series({"1": 0.0, "2": 5.0}))
    assert spread.tolist() == [0.0, 8.0]


def test_several_rows_add_up_in_one_sector() -> None:
    pairs = own({"source": ["a", "b"], "target": ["1", "1"]})
    assert allocate(pd.Series({"a": 8.0, "b": 2.0}), pairs, pd.Series({"1": 1.0})).tolist() == [10]


def test_a_figure_that_would_be_lost_is_refused() -> None:
    pairs = own({"source": ["a", "b"], "target": ["1", "2"]})
    with pytest.raises(DataError, match="sector b of the inventory has no sector") as caught:
        allocate(pd.Series({"a": 8.0, "b": 2.5}), pairs, pd.Series({"1": 1.0}))
    assert "2.5" in str(caught.value)


def test_a_zero_without_a_sector_is_no_loss() -> None:
    pairs = own({"source": ["a", "b"], "target": ["1", "2"]})
    spread = allocate(pd.Series({"a": 8.0, "b": 0.0}), pairs, pd.Series({"1": 1.0}))
    assert spread.tolist() == [8.0]
