"""Each remedy undoes the fault it is for, says so, and refuses to do nothing or harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from same_tables import assert_same, figures_of, notes_of
from scipy import sparse
from small_tables import input_gap, small_table, supply_gap

from graphmap import read, sample
from graphmap.accounts import repairs
from graphmap.accounts.repairs import REMEDIES, repaired
from graphmap.errors import DataError


def test_swapped_axes(data) -> None:
    for table in (sample.table(), read(data / "nbs" / "china_2017_42.csv"), small_table()):
        again = repaired(replace(table, Z=np.ascontiguousarray(table.Z.T)), ["swap-axes"])
        assert_same(again, table)
        assert "fell from" in notes_of(again)[0]


def test_swapped_axes_of_sparse_flows_and_imported_products() -> None:
    table = small_table(is_sparse=True)
    again = repaired(replace(table, Z=sparse.csr_array(table.Z.T)), ["swap-axes"])
    assert sparse.issparse(again.Z)
    assert_same(again, table)
    imported = np.array([[0.0, 5, 7, 1, 1, 1]] * 6) * np.arange(1, 7)[:, None]
    full = replace(small_table(), Z_imports=imported, Y_imports=np.zeros_like(small_table().Y))
    by_user = imported.sum(axis=0)
    full = replace(
        full, imports=by_user, V=full.V * 0 + (full.x - full.Z.sum(axis=0) - by_user) / 3
    )
    full = replace(
        full, V=np.vstack([full.x - full.Z.sum(axis=0) - by_user]), primary_inputs=("v",)
    )
    wrong = replace(full, Z=np.ascontiguousarray(full.Z.T))
    assert_same(repaired(wrong, ["swap-axes"]), full)
    wrong = replace(wrong, Z_imports=np.ascontiguousarray(imported.T))
    assert_same(repaired(wrong, ["swap-axes"]), full)


def test_a_unit_declared_wrongly() -> None:
    table = sample.table()
    again = repaired(replace(table, unit="10k_yuan"), ["unit:亿元"])
    assert_same(again, table)
    assert "10 thousand yuan are 100 million yuan" in notes_of(again)[0]


def test_a_region_left_out() -> None:
    table = small_table(regions=3)
    again = repaired(table, ["drop-region:Zhejiang"])
    assert_same(again, table.select(["CN-GD", "CN-HB"]))
    share = table.x[3:6].sum() / table.x.sum()
    assert f"Zhejiang ({100 * share:.2f} % of all gross output)" in notes_of(again)[0]
    assert np.abs(supply_gap(again)).max() < 1e-9 * again.x.max()
    assert np.abs(input_gap(again)).max() < 1e-9 * again.x.max()


def faults_of_imports():
    """What is planted, the fault, and the table that should come out."""
    competitive, apart = small_table(competitive=True), small_table()
    inside = competitive.imports_inside
    users = apart.imports
    by_product = np.outer(np.arange(1.0, 7), users) / 21
    finals = np.ones_like(apart.Y)
    listed = replace(apart, Z_imports=by_product, Y_imports=finals)
    return {
        "a row beside the cells": (replace(competitive, imports=inside[::-1].copy()), competitive),
        "nothing said of those in the cells": (
            replace(competitive, imports_inside=None),
            competitive,
        ),
        "a row, and nothing said": (
            replace(competitive, imports_inside=None, imports=inside * 0.7),
            competitive,
        ),
        "the column twice": (replace(competitive, imports_inside=2 * inside), competitive),
        "inputs larger by what is imported": (
            replace(apart, Z=apart.Z / (1 - users / (users + apart.Z.sum(axis=0)))),
            apart,
        ),
        "the row twice": (replace(apart, imports=2 * users), apart),
        "products in the cells too": (
            replace(listed, Z=listed.Z + by_product, Y=listed.Y + finals),
            listed,
        ),
    }


@pytest.mark.parametrize("fault", list(faults_of_imports()))
def test_imports_counted_twice(fault) -> None:
    wrong, right = faults_of_imports()[fault]
    again = repaired(wrong, ["imports-out"])
    ours, theirs = figures_of(again), figures_of(right)
    assert ours.keys() == theirs.keys()
    for name, part in ours.items():
        np.testing.assert_allclose(part, theirs[name], rtol=1e-9, atol=1e-7, err_msg=name)
    assert "fell from" in notes_of(again)[0]


def test_other_faults_are_not_explained_by_imports() -> None:
    table = sample.table()
    worse = table.x.copy()
    worse[3] *= 0.5
    for wrong in (replace(table, x=worse), replace(table, Z=table.Z.T)):
        with pytest.raises(DataError, match="does not explain"):
            repaired(wrong, ["imports-out"])


def test_empty_cells_are_zeros() -> None:
    table = small_table(is_sparse=True)
    Y, Z = table.Y.copy(), table.Z.copy()
    Y[0, :2] = np.nan
    Z.data[3] = np.nan
    again = repaired(replace(table, Y=Y, Z=Z, missing=("B7", "C9")), ["zero-missing"])
    assert again.missing == ()
    assert (again.Y[0, :2] == 0).all()
    assert again.Y[1:].tobytes() == table.Y[1:].tobytes()
    assert again.Z.data[3] == 0
    assert "3 cell(s) without a number and 2 empty" in notes_of(again)[0]
    assert np.isnan(Z.data[3])  # the table given stays as it is


def test_co2_that_is_missing_is_zero_in_industries_and_final_uses() -> None:
    table = small_table()
    co2 = table.extensions["co2"]
    F, F_Y = co2.F.copy(), co2.F_Y.copy()
    F[2], F_Y[1], F_Y[0] = np.nan, np.nan, 0.5
    gaps = replace(table, extensions={"co2": replace(co2, F=F, F_Y=F_Y)})
    again = repaired(gaps, ["zero-missing"])
    found = again.extensions["co2"]
    assert found.F.tolist() == np.nan_to_num(F).tolist()
    assert found.F_Y.tolist() == np.nan_to_num(F_Y).tolist()
    assert found.F_Y[0] == 0.5
    assert "2 cell(s) without a number" in notes_of(again)[0]


def test_co2_of_a_sector() -> None:
    table = sample.table()
    F = table.extensions["co2"].F.copy()
    F[23] *= 1000
    wrong = replace(table, extensions={"co2": replace(table.extensions["co2"], F=F)})
    again = repaired(wrong, ["scale-co2:CN-GD.24:0.001"])
    np.testing.assert_allclose(again.co2, table.co2, rtol=1e-14)
    co2 = table.co2[23]
    assert (
        f"Guangdong Electricity & heat times 0.001: from {1000 * co2:,.3f} Mt" in notes_of(again)[0]
    )
    both = repaired(table, ["scale-co2:24:2"]).co2
    assert np.flatnonzero(both != table.co2).tolist() == [23, 65]


def test_remedies_follow_one_another_and_each_leaves_a_note() -> None:
    table = sample.table()
    wrong = replace(table, Z=np.ascontiguousarray(table.Z.T), unit="usd")
    again = repaired(wrong, ["unit:100m_yuan", "swap-axes"])
    assert_same(again, table)
    assert [note.split(")")[0] for note in notes_of(again)] == [
        "Repaired (unit:100m_yuan",
        "Repaired (swap-axes",
    ]
    assert again.source.notes[: len(table.source.notes)] == table.source.notes
    assert repaired(table, []) is table


@pytest.mark.parametrize(
    "remedy",
    [
        "swap-axes",
        "unit:100m_yuan",
        "imports-out",
        "zero-missing",
        "scale-co2:24:1",
        "balance",
    ],
)
def test_nothing_to_do_is_an_error(remedy) -> None:
    with pytest.raises(DataError, match=f"{remedy.split(':')[0]} finds nothing to do"):
        repaired(sample.table(), [remedy])


@pytest.mark.parametrize(
    ("remedy", "message"),
    [
        ("swapaxes", r"no such remedy.*swap-axes"),
        ("", r"no such remedy.*shift-labels"),
        ("unit", "cannot read unit"),
        ("unit:bananas", "unknown money unit"),
        ("unit:usd:2", "cannot read unit"),
        ("drop-region:Atlantis", "no such region in the table"),
        ("drop-region:", "cannot read drop-region"),
        ("scale-co2", "cannot read scale-co2"),
        ("scale-co2:24", "cannot read scale-co2"),
        ("scale-co2:24:-1", "cannot read scale-co2"),
        ("scale-co2:24:nan", "cannot read scale-co2"),
        ("scale-co2:99:2", r"no such sector.*one like"),
        ("shift-labels:24", "cannot read shift-labels"),
        ("shift-labels:24:42:x", "cannot read shift-labels"),
        ("shift-labels:24:99:1", "no such sector"),
        ("shift-labels:42:24:1", "no labels to move"),
        ("shift-labels:CN-BJ:24:42:1", "no such region"),
        ("balance:much", "cannot read balance"),
        ("swap-axes:now", "cannot read swap-axes"),
    ],
)
def test_remedies_that_cannot_be_read(remedy, message) -> None:
    with pytest.raises(DataError, match=message):
        repaired(sample.table(), [remedy])


def test_one_region_is_not_dropped_and_no_co2_not_scaled() -> None:
    table = sample.table().select(["CN-GD"])
    with pytest.raises(DataError, match="no region would be left"):
        repaired(table, ["drop-region:CN-GD"])
    with pytest.raises(DataError, match="the table has no CO2"):
        repaired(replace(table, extensions={}), ["scale-co2:24:2"])


def test_the_text_names_every_remedy() -> None:
    assert [name for name in REMEDIES if f"``{name}" not in (repairs.__doc__ or "")] == []


def test_findings_let_stand() -> None:
    table = replace(small_table(), missing=("B7",))
    again = repaired(table, [], ["missing"])
    assert again.source.accepted == ("missing",)
    assert "missing" in again.source.notes[-1]["en"]
    assert repaired(again, [], ["missing"]).source.accepted == ("missing",)
    with pytest.raises(DataError, match=r"no finding of that kind.*'swapped'.*missing"):
        repaired(table, [], ["swapped"])
