"""Which sums contradict each other, where no matrix with the signs of the prior can meet them.

Rows and columns alone are a question of flows: a cell above zero carries from its row to its
column, one below zero from its column to its row, each as much as it likes. Where the largest flow
leaves a row or column with a rest, the lines that this rest can reach contradict each other (Hall's
condition for transport; Ford and Fulkerson 1956). With sums of groups of cells it is a linear
programme, and its multipliers name the sums (Farkas); those not needed are left out one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from graphmap.accounts.balance_problem import Problem, incidence
from graphmap.arrays import Array, Matrix

WHOLE = 2**30
"""What all sums together become in the whole numbers of the flow."""

STARTS = 50
FLOW_CELLS, LP_CELLS = 10_000_000, 300_000
"""Beyond so many cells neither the flow nor the linear programme is asked."""

NAMED = 8
"""So many names in a message; of more lines only the number is said."""


@dataclass(frozen=True)
class Contradiction:
    """Lines whose sums cannot hold together (positions), and why, in a sentence."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    groups: tuple[int, ...]
    text: str


Names = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""What rows, columns and groups are called."""


def contradiction(
    problem: Problem, names: Names, *, least: float = 1e-9, thorough: bool = True
) -> Contradiction | None:
    """The sums that contradict each other by more than ``least`` of the total, or None if none do.

    It is proved by the sums themselves, so one that is returned is one. Less than about a
    thousand-millionth a line may go unnoticed. Rows and columns are looked at first; sums of
    groups only if ``thorough``, which takes seconds beyond some ten thousand cells.
    """
    found = _by_flow(problem, least)
    if found is None:
        grouped = thorough and len(problem.groups)
        return _by_programme(problem, names, least) if grouped else None
    rows, columns = found
    kept = rows.sum() + columns.sum() <= (~rows).sum() + (~columns).sum()
    if not kept:  # the others, seen from the columns, say the same in fewer names
        rows, columns = ~rows, ~columns
    places = tuple(np.flatnonzero(rows).tolist()), tuple(np.flatnonzero(columns).tolist())
    return Contradiction(*places, (), _in_words(problem, places, names, of_rows=bool(kept)))


def _by_flow(problem: Problem, least: float) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows and columns that only the cells among them connect, but for cells that go against the
    excess: the rows sum to more than the columns, and no cell can carry the rest away."""
    r, c = len(problem.rows), len(problem.columns)
    supply = np.concatenate([problem.rows, -problem.columns])
    scale = np.abs(supply).sum()
    if scale == 0 or _never_stuck(problem):
        return None
    whole = np.rint(supply / scale * WHOLE).astype(np.int32)
    tails, heads = _arcs(problem)
    source, sink, free = r + c, r + c + 1, np.int32(WHOLE)
    gives, takes = np.flatnonzero(whole > 0), np.flatnonzero(whole < 0)
    network = sparse.csr_array(
        (
            np.concatenate(
                [np.full(len(tails), free, np.int32), whole[gives], -whole[takes]], dtype=np.int32
            ),
            (
                np.concatenate([tails, np.full(len(gives), source), takes]).astype(np.int32),
                np.concatenate([heads, gives, np.full(len(takes), sink)]).astype(np.int32),
            ),
        ),
        (r + c + 2, r + c + 2),
    )
    flow = csgraph.maximum_flow(network, source, sink).flow
    carried = np.asarray(flow[[source], :].toarray()).ravel()[: r + c]
    rest = np.where(whole > 0, whole - carried, 0)
    left = sparse.csr_array((network - sparse.csr_array(flow))[: r + c, : r + c])
    left.eliminate_zeros()
    found: tuple[int, np.ndarray] | None = None
    for start in np.argsort(-rest)[:STARTS]:
        if rest[start] <= 0:
            break
        reached = np.zeros(r + c, dtype=bool)
        reached[csgraph.breadth_first_order(left, start, return_predecessors=False)] = True
        too_much = supply[reached].sum() > least * scale
        if too_much and (found is None or reached.sum() < found[0]):
            found = int(reached.sum()), reached
    return None if found is None else (found[1][:r], found[1][r:])


def _never_stuck(problem: Problem) -> bool:
    """Whether every row sells to every column (so all sums can be met), or cells are too many."""
    full = not _signed(problem) and (problem.rows >= 0).all() and (problem.columns >= 0).all()
    cells = _count(problem.gains) + _count(problem.losses) + len(problem.cells.row)
    return cells > FLOW_CELLS or bool(full and cells == np.prod(problem.gains.shape))


def _signed(problem: Problem) -> bool:
    return problem.losses is not None or bool((problem.cells.sign < 0).any())


def _count(matrix: Matrix | None) -> int:
    return 0 if matrix is None else int((matrix != 0).sum())


def _arcs(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Which line gives and which takes through every cell; columns are counted after the rows."""
    r = len(problem.rows)
    up, down, cells = _places(problem.gains), _places(problem.losses), problem.cells
    more, less = cells.sign > 0, cells.sign < 0
    return (
        np.concatenate([up[0], cells.row[more], down[1] + r, cells.column[less] + r]),
        np.concatenate([up[1] + r, cells.column[more] + r, down[0], cells.row[less]]),
    )


def _places(matrix: Matrix | None) -> tuple[np.ndarray, np.ndarray]:
    if matrix is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    rows, columns = matrix.nonzero()
    return np.asarray(rows), np.asarray(columns)


def _in_words(
    problem: Problem,
    places: tuple[tuple[int, ...], tuple[int, ...]],
    names: Names,
    of_rows: bool,
) -> str:
    rows, columns = (
        _listed(kind, [each[i] for i in chosen])
        for kind, each, chosen in zip(("row", "column"), names[:2], places, strict=True)
    )
    given, taken = problem.rows[list(places[0])].sum(), problem.columns[list(places[1])].sum()
    these, those, should, most = (
        (rows, columns, given, taken) if of_rows else (columns, rows, taken, given)
    )
    kind, others = ("column", places[1]) if of_rows else ("row", places[0])
    has = "have" if len(places[0] if of_rows else places[1]) > 1 else "has"
    signed = _signed(problem)
    cells = "cells above zero" if signed else "cells"
    found = f"{these or 'all others'} {has} {cells} only in {those}" if those else ""
    if those and signed:
        found += (
            f", and {'these have' if len(others) > 1 else 'this has'} cells below zero only there"
        )
    found = found or f"{these} {has} no {cells} in any {kind}"
    return f"{found}: at most {most:,.8g} in all, but should sum to {should:,.8g}"


def _listed(kind: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return f"{kind} {names[0]}"
    if len(names) > NAMED:
        return f"{len(names):,} {kind}s ({', '.join(names[:NAMED])} ...)"
    return f"{kind}s {', '.join(names)}"


def _by_programme(problem: Problem, names: Names, least: float) -> Contradiction | None:
    lines, signs = _incidence(problem)
    if lines.shape[1] > LP_CELLS:
        return None
    r, c = len(problem.rows), len(problem.columns)
    targets = problem.targets / problem.scale
    found = _excess(lines, signs, targets, least)
    if found is None:
        return None
    kept = found
    if len(kept) <= STARTS:
        for line in found:
            fewer = kept[kept != line]
            if _excess(lines[fewer], signs, targets[fewer], least) is not None:
                kept = fewer
    rows, columns = kept[kept < r], kept[(kept >= r) & (kept < r + c)] - r
    groups = kept[kept >= r + c] - r - c
    parts = [
        f"{kind} {each[i]} = {wanted[i]:,.8g}"
        for kind, each, wanted, chosen in (
            ("row", names[0], problem.rows, rows),
            ("column", names[1], problem.columns, columns),
            ("sum", names[2], problem.groups, groups),
        )
        for i in chosen
    ]
    shown = ", ".join(parts[: 2 * NAMED]) + (" ..." if len(parts) > 2 * NAMED else "")
    text = f"these sums cannot hold together with the signs of the cells: {shown}"
    return Contradiction(
        tuple(rows.tolist()), tuple(columns.tolist()), tuple(groups.tolist()), text
    )


def _incidence(problem: Problem) -> tuple[Matrix, Array]:
    """(lines, cells): which cell counts in which sum; and the signs of the cells."""
    cells = problem.cells
    plain = [_places(problem.gains), _places(problem.losses)]
    row = np.concatenate([plain[0][0], plain[1][0], cells.row])
    column = np.concatenate([plain[0][1], plain[1][1], cells.column])
    signs = np.concatenate([np.ones(len(plain[0][0])), -np.ones(len(plain[1][0])), cells.sign])
    within = incidence(row, column, len(problem.rows), len(problem.columns))
    before = sparse.csr_array((len(problem.groups), len(row) - len(cells.row)))
    groups = sparse.hstack([before, cells.member])
    return sparse.csr_array(sparse.vstack([within, groups])), signs


def _excess(lines: Matrix, signs: Array, targets: Array, least: float) -> np.ndarray | None:
    """The lines that prove these targets impossible, or None if cells of these signs meet them.

    The cells are to meet the targets but for a rest, which is made as small as it can be.
    """
    count = lines.shape[0]
    if not count:
        return None
    eye = sparse.eye_array(count)
    from scipy import optimize  # noqa: PLC0415 - takes longer to load than most problems

    programme = optimize.linprog(
        np.concatenate([np.zeros(lines.shape[1]), np.ones(2 * count)]),
        A_eq=sparse.csr_array(sparse.hstack([lines @ sparse.diags_array(signs), eye, -eye])),
        b_eq=targets,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if programme.status != 0 or programme.fun <= max(least, 1e-8):
        return None
    return np.flatnonzero(np.abs(programme.eqlin.marginals) > 1e-7)
