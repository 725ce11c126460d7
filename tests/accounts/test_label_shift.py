"""Runs of labels moved by one: found where they are, both ways, and not where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmap import sample
from graphmap.accounts import IOTable
from graphmap.accounts.label_shift import band_fit, best_shift, recipe_cells, recipe_fit
from graphmap.accounts.label_shift import shifted_runs as runs
from graphmap.accounts.prepare import prepared
from graphmap.accounts.repairs import repaired
from graphmap.accounts.sector_fit import table_sectors
from graphmap.errors import DataError

N = 42


def moved(table: IOTable, start: int, stop: int, step: int) -> IOTable:
    """The figures of a run beside the labels of their neighbours, in every region."""
    order = np.arange(N)
    order[start:stop] = np.roll(order[start:stop], step)
    order = (order + N * np.arange(table.n // N)[:, None]).ravel()
    return replace(
        table,
        Z=table.Z[np.ix_(order, order)],
        Y=table.Y[order],
        V=table.V[:, order],
        imports=table.imports[order],
        x=table.x[order],
        extensions={k: replace(e, F=e.F[order]) for k, e in table.extensions.items()},
    )


def test_every_run_is_a_permutation_and_none_stands_twice() -> None:
    labels = runs(6)
    assert (np.sort(labels, axis=1) == np.arange(6)).all()
    assert (labels[0] == np.arange(6)).all()
    assert len(np.unique(labels, axis=0)) == len(labels) == 1 + 15 + 10
    steps = np.abs(labels - np.arange(6))
    assert all(
        sorted(set(row)) in ([0], [0, 1], [1], [0, 1, k], [1, k])
        for row in steps.tolist()
        for k in [max(row)]
    )


@given(st.integers(0, 10**6))
def test_recipes_are_met_as_counted_one_by_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 5
    shares, labels = random.random((n, n)), runs(n)
    users = np.sort(np.r_[np.arange(n), random.integers(0, n, 4)])
    suppliers, usual = random.integers(0, n, len(users)), random.random(len(users))
    cells = recipe_cells(users, suppliers, labels)
    found = recipe_fit(shares, cells, users, usual, labels)
    for row in random.integers(0, len(labels), 3).tolist():
        at = {int(label): i for i, label in enumerate(labels[row])}
        expected = np.zeros(n)
        for user, supplier, share in zip(users.tolist(), suppliers.tolist(), usual, strict=True):
            expected[at[user]] += min(shares[at[supplier], at[user]], share)
        np.testing.assert_allclose(found[row], expected)


def test_what_is_not_known_says_nothing() -> None:
    labels, typical, spread = runs(4), np.array([0.0, 3, 0, 3]), np.full(4, 0.5)
    fit = band_fit(np.full(4, np.nan), typical, spread, labels)
    assert not fit.any()
    assert best_shift([fit], labels, np.zeros(4, bool), 0.1) is None


@pytest.mark.parametrize("with_co2", [True, False])
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize(("start", "stop"), [(22, 42), (23, 31), (10, 15), (27, 30), (0, 42)])
def test_a_run_is_found_where_it_is(start: int, stop: int, step: int, with_co2: bool) -> None:
    table = moved(sample.table(), start, stop, step)
    if not with_co2:
        table = replace(table, extensions={})
    found = [each for each in table_sectors(table) if each.kind == "label_shift"]
    assert [each.region for each in found] == table.regions
    for each in found:
        _, _, first, last, back = each.repair.split(":")
        assert back == str(-step)
        overlap = len(set(range(int(first) - 1, int(last))) & set(range(start, stop)))
        assert overlap >= 0.7 * (stop - start)
        assert int(last) - int(first) + 1 <= stop - start


def test_a_clear_shift_is_refused_unless_somebody_lets_it_stand() -> None:
    table = moved(sample.table(), 23, 31, 1)
    with pytest.raises(DataError, match="probable label shift"):
        prepared(table)
    stands = repaired(table, [], ["label_shift"])
    assert {each.severity for each in prepared(stands)[1]} == {"note"}


def test_a_clean_table_has_none_and_one_wrong_figure_is_none() -> None:
    table = sample.table()
    assert table_sectors(table) == []
    F = table.extensions["co2"].F.copy()
    F[12] *= 1000
    wrong = replace(table, extensions={"co2": replace(table.extensions["co2"], F=F)})
    assert [each.kind for each in table_sectors(wrong)] == ["co2_intensity"]


def test_most_sectors_at_a_thousandth_of_their_co2_are_told() -> None:
    """A band is as wide as provinces differ; beyond it there is little room for a wrong unit."""
    table = sample.table()
    co2 = table.extensions["co2"]
    emitting = np.flatnonzero(co2.F > 0)
    told = []
    for i in emitting.tolist():
        F = co2.F.copy()
        F[i] /= 1000
        found = table_sectors(replace(table, extensions={"co2": replace(co2, F=F)}))
        told += [each.sector for each in found if each.sector == table.index["code"].iloc[i]]
    assert len(told) >= 0.75 * len(emitting)
