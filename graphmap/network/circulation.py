"""Balancing tables whose totals may move: supply and use as one circulation of money.

A sector's supply is its row, its use the column, and the world outside closes both. All arrays
carry several tables on their first axis.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graphmap.arrays import Array

BALANCED = 1e-11
"""Largest gap between what a sector supplies and what it uses, relative to both."""

MOST_ROUNDS = 60
SLOW = 0.25
"""A gap that does not fall below this share of the one before takes a step of its own curvature."""


def circulation(primary: Array, final: Array, Z: Array) -> tuple[Array, Array, Array]:
    """Flows among sectors, to and from the world outside; below zero they flow the other way."""
    within = np.maximum(Z, 0) + np.maximum(-Z, 0).swapaxes(1, 2) if (Z < 0).any() else Z
    supplied = np.maximum(final, 0).sum(axis=2) + np.maximum(-primary, 0).sum(axis=1)
    bought = np.maximum(primary, 0).sum(axis=1) + np.maximum(-final, 0).sum(axis=2)
    return within, supplied, bought


def balance(
    within: Array, supplied: Array, bought: Array, steps: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """(d, n) ``u`` with which ``exp(u_i - u_j) within_ij`` has equal row and column sums.

    Supply and use of a sector are the row and column of one circulation of money that is closed by
    the world outside; scaling an account's row by ``exp u`` and its column by ``exp -u`` changes
    the cells as little as possible (in relative entropy) without holding any total fixed. The sum
    ``within exp(u_i - u_j)`` is minimised by Newton's method, with the curvature of the published
    table as long as that does, and no step above one.

    Args:
        within: (d, n, n) non-negative flows.
        supplied, bought: (d, n) non-negative flows to and from the world outside.
        steps: (n, n) inverse of the curvature of a table like these.

    Returns:
        ``u`` and (d,) whether every gap is below ``BALANCED``.

    Source:
        Schneider & Zenios 1990, Operations Research 38 (balancing without totals; negative cells
        take the reciprocal factor as in GRAS, Junius & Oosterhaven 2003, Economic Systems Research
        15); Cohen, Madry, Tsipras & Vladu 2017, FOCS (bounded Newton steps).

    Example:
        >>> one = np.ones((1, 1))
        >>> u, balanced = balance(np.zeros((1, 1, 1)), 1 * one, 4 * one, one / 5)
        >>> np.exp(u).round(9).tolist(), balanced.tolist()
        ([[2.0]], [True])
    """
    u = np.zeros(supplied.shape)
    before = np.full(len(u), np.inf)
    for _ in range(MOST_ROUNDS):
        up, down = np.exp(u), np.exp(-u)
        rows = up * (np.matmul(within, down[:, :, None])[:, :, 0] + supplied)
        columns = down * (np.matmul(up[:, None, :], within)[:, 0, :] + bought)
        gap, size = rows - columns, rows + columns
        off = np.divide(np.abs(gap), size, out=np.zeros_like(gap), where=size > 0).max(axis=1)
        open_ = off > BALANCED
        if not open_.any():
            break
        step = gap @ steps
        for i in np.flatnonzero(open_ & (off > SLOW * before)).tolist():
            there = up[i, :, None] * within[i] * down[i]
            own = curvature(there[None], (up * supplied)[i, None], (down * bought)[i, None])
            step[i] = np.linalg.solve(own[0], gap[i])
        step /= np.maximum(1.0, np.abs(step).max(axis=1, keepdims=True))
        u -= step * open_[:, None]
        before = off
    return u, off <= BALANCED


def curvature(within: Array, supplied: Array, bought: Array) -> Array:
    """(d, n, n) second derivatives at ``u = 0``: the Laplacian of both directions together."""
    both = within + within.swapaxes(1, 2)
    total = both.sum(axis=2) + supplied + bought
    diagonal = np.arange(both.shape[1])
    both = -both
    # a sector without any flow is left alone
    both[:, diagonal, diagonal] += np.where(total > 0, total, 1.0)
    return both


def scaled(cells: Array, log_factor: Array) -> Array:
    """Cells times the factor, or over it where they are negative."""
    sign = np.where(cells < 0, -1.0, 1.0) if (cells < 0).any() else 1.0
    times: Array = cells * np.exp(sign * log_factor)
    return times
