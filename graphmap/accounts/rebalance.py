"""The remedy ``balance``: both identities restored by GRAS, gross output held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from graphmap.accounts.balance import gras
from graphmap.accounts.balance_problem import to_total
from graphmap.accounts.gaps import misfit
from graphmap.accounts.remedy import named, nothing_to_do, one_argument, percent
from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.i18n import Names, words

MOST_MOVED = 0.05
"""Share of all flows that ``balance`` moves at most; what needs more is no rounding."""


def balance(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    most = _share(arguments)
    before = misfit(table)
    if before <= 1e-9:
        raise nothing_to_do("balance", "both identities hold")
    inside = np.zeros(table.n) if table.imports_inside is None else table.imports_inside
    lines = np.vstack([table.V, table.imports])
    # one matrix holds all: flows, final uses beside them, primary inputs and imports below
    prior = sparse.block_array([[sparse.csr_array(table.Z), table.Y], [lines, None]], format="csr")
    if not np.isfinite(prior.data).all():
        raise DataError("balance needs figures in every cell", remedy="apply zero-missing first")
    uses, inputs = table.Y.sum(axis=0), lines.sum(axis=1)
    # output is held; final use and primary inputs are two accounts of one total, neither better
    total = (uses.sum() + inputs.sum() + inside.sum()) / 2
    rows = np.concatenate([table.x + inside, to_total(inputs, total - inside.sum())])
    columns = np.concatenate([table.x, to_total(uses, total)])
    names = [str(node) for node in table.index.index]
    balanced = gras(
        prior,
        rows,
        columns,
        row_names=[*names, *table.primary_inputs, "imports"],
        column_names=[*names, *(str(each) for each in table.final_uses["category"])],
    )
    balanced = sparse.csr_array(balanced)
    moved = float(np.abs(balanced - prior).sum() / np.abs(prior).sum())
    if moved > most:
        raise DataError(
            "balance would move more than its tolerance",
            found=f"{moved:.2%} of all flows",
            expected=f"at most {most:.2%}",
            remedy=f"find the cause first, or allow more with balance:{np.ceil(100 * moved):.0f}%",
        )
    n = table.n
    Z, Y = balanced[:n, :n], balanced[:n, n:].toarray()
    below = balanced[n:, :n].toarray()
    after = replace(
        table,
        Z=sparse.csr_array(Z) if sparse.issparse(table.Z) else Z.toarray(),
        Y=Y,
        V=below[:-1],
        imports=below[-1],
    )
    if table.Z_imports is not None:  # imports by user are what their products sum to
        ratio = np.divide(below[-1], table.imports, out=np.ones(n), where=table.imports != 0)
        after = replace(after, Z_imports=table.Z_imports * ratio)
    largest = int(np.abs(Z - table.Z).sum(axis=1).argmax())
    return after, words(
        "repair.balance",
        before=percent(before),
        after=percent(misfit(after)),
        moved=percent(moved),
        sector=named(table, largest),
    )


def _share(arguments: Sequence[str]) -> float:
    if not arguments:
        return MOST_MOVED
    text = one_argument("balance", arguments, "balance, or balance:SHARE such as balance:5%")
    found = re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*([%％]?)", text)
    if not found:
        raise DataError("cannot read balance", found=text, expected="a share such as 5% or 0.05")
    return float(found.group(1)) / (100 if found.group(2) else 1)
