"""The remedy ``balance`` restores both identities, within its tolerance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from same_tables import notes_of
from scipy import sparse
from small_tables import dense, input_gap, small_table, supply_gap

from graphmap.accounts import check
from graphmap.accounts.repairs import repaired
from graphmap.errors import DataError


@pytest.mark.parametrize("is_sparse", [False, True])
@pytest.mark.parametrize("competitive", [False, True])
def test_balance_restores_both_identities(is_sparse, competitive) -> None:
    table = small_table(3, is_sparse=is_sparse, competitive=competitive)
    random = np.random.default_rng(0)
    off = table.Z * np.exp(random.normal(0, 0.02, table.Z.shape))
    off = sparse.csr_array(off) if is_sparse else off
    wrong = replace(table, Z=off)
    assert any(finding.kind in ("supply", "inputs") for finding in check(wrong))
    again = repaired(wrong, ["balance"])
    assert sparse.issparse(again.Z) == is_sparse
    assert again.x.tobytes() == table.x.tobytes()
    assert np.abs(supply_gap(again)).max() < 1e-7 * table.x.max()
    assert np.abs(input_gap(again)).max() < 1e-7 * table.x.max()
    # the same by turns, over one matrix of all accounts: every cell is positive here
    prior = np.block(
        [
            [dense(wrong), wrong.Y],
            [np.vstack([wrong.V, wrong.imports]), np.zeros((len(wrong.V) + 1, wrong.Y.shape[1]))],
        ]
    )
    n, inside = table.n, table.imports_inside if competitive else np.zeros(table.n)
    total = (prior[:n, n:].sum() + prior[n:, :n].sum() + inside.sum()) / 2
    below, beside = prior[n:].sum(axis=1), prior[:, n:].sum(axis=0)
    rows = np.concatenate([table.x + inside, below * (total - inside.sum()) / below.sum()])
    columns = np.concatenate([table.x, beside * total / beside.sum()])
    turned = prior.copy()
    for _ in range(3000):
        turned *= np.divide(rows, s := turned.sum(axis=1), where=s > 0, out=np.ones_like(s))[
            :, None
        ]
        turned *= np.divide(columns, s := turned.sum(axis=0), where=s > 0, out=np.ones_like(s))
    np.testing.assert_allclose(dense(again), turned[:n, :n], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(again.V, turned[n:-1, :n], rtol=1e-6, atol=1e-9)
    moved = np.abs(turned - prior).sum() / prior.sum()
    assert f"{100 * moved:.2f} % of all flows moved" in notes_of(again)[0]


def test_balance_moves_no_more_than_its_tolerance() -> None:
    table = small_table()
    wrong = replace(table, Z=table.Z * np.linspace(0.5, 2, table.n)[:, None])
    with pytest.raises(DataError, match=r"more than its tolerance.*expected at most 0\.10%"):
        repaired(wrong, ["balance:0.1%"])
    assert np.abs(supply_gap(repaired(wrong, ["balance:100%"]))).max() < 1e-6 * table.x.max()


def test_negative_stocks_keep_their_sign_in_balance() -> None:
    table = small_table()
    Y = table.Y.copy()
    Y[0, 2], Y[0, 0] = -Y[0, 2], Y[0, 0] + 2 * Y[0, 2]
    wrong = replace(table, Y=Y, Z=table.Z * 1.01)
    again = repaired(wrong, ["balance"])
    assert again.Y[0, 2] < 0
    assert np.abs(supply_gap(again)).max() < 1e-7 * table.x.max()
