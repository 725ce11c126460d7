"""What ``graphmap check`` sees: faults planted at random, and how many of them it tells.

    python benchmarks/trust.py [--readme]

Each fault is planted ``TIMES`` times in the table of each province that has CO2, cut out of the
constructed workbook of 31 provinces (``$GRAPHMAP_DATA`` or ../shared/data), which has none. A fault
is seen if there is a finding. With --readme the figures are written into benchmarks/README.md.
Exits with 1 if a clean table has a finding or a fault that breaks the accounts goes unseen.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from readme import into_readme

import graphmap as gm

DATA = Path(os.environ.get("GRAPHMAP_DATA") or Path(__file__).parents[2] / "shared" / "data")
WORKBOOK = DATA / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"
TIMES = 5

Random = np.random.Generator


def two(random: Random, n: int) -> np.ndarray:
    """An order in which any two sectors have changed places."""
    order = np.arange(n)
    i, j = random.choice(n, 2, replace=False)
    order[[i, j]] = j, i
    return order


def neighbours(random: Random, n: int) -> np.ndarray:
    order = np.arange(n)
    i = random.integers(n - 1)
    order[[i, i + 1]] = i + 1, i
    return order


def run(random: Random, n: int) -> np.ndarray:
    """An order in which a run of 4 to 12 sectors has moved by one."""
    order = np.arange(n)
    start, length = random.integers(n - 12), random.integers(4, 13)
    order[start : start + length] = np.roll(order[start : start + length], random.choice([-1, 1]))
    return order


def with_co2(table: gm.IOTable, F: np.ndarray) -> gm.IOTable:
    return replace(table, extensions={"co2": replace(table.extensions["co2"], F=F)})


def rows(table: gm.IOTable, order: np.ndarray) -> gm.IOTable:
    return replace(table, Z=table.Z[order], Y=table.Y[order])


def columns(table: gm.IOTable, order: np.ndarray) -> gm.IOTable:
    return replace(table, Z=table.Z[:, order], V=table.V[:, order], imports=table.imports[order])


def labels(table: gm.IOTable, order: np.ndarray) -> gm.IOTable:
    moved = replace(columns(rows(table, order), order), x=table.x[order])
    return with_co2(moved, table.extensions["co2"].F[order])


def co2_row(table: gm.IOTable, order: np.ndarray) -> gm.IOTable:
    return with_co2(table, table.extensions["co2"].F[order])


def co2_of_one(table: gm.IOTable, random: Random, factor: float) -> gm.IOTable:
    F = table.extensions["co2"].F.copy()
    F[random.choice(np.flatnonzero(F))] *= factor
    return with_co2(table, F)


def final_use(table: gm.IOTable, random: Random, factor: float) -> gm.IOTable:
    Y = table.Y.copy()
    Y[:, random.choice(np.flatnonzero(np.abs(Y).sum(axis=0)))] *= factor
    return replace(table, Y=Y)


def no_value_added(table: gm.IOTable, random: Random) -> gm.IOTable:
    V = table.V.copy()
    V[:, random.integers(table.n)] = 0
    return replace(table, V=V)


def decimal_point(table: gm.IOTable, random: Random) -> gm.IOTable:
    """In one of the 88 largest cells."""
    Z = table.Z.copy()
    Z.ravel()[random.choice(np.argsort(Z.ravel())[-88:])] *= random.choice([0.1, 10])
    return replace(table, Z=Z)


def exports_for_imports(table: gm.IOTable) -> gm.IOTable:
    at = table.final_uses["category"].tolist().index("exports")
    Y = table.Y.copy()
    Y[:, at] = table.imports
    return replace(table, Y=Y, imports=table.Y[:, at])


def separators(table: gm.IOTable) -> gm.IOTable:
    """``1,234`` taken for 1.234, wherever there is one."""
    parts = {name: getattr(table, name) for name in ("Z", "Y", "V", "imports", "x")}
    cut = {name: np.where(np.abs(a) >= 1000, a / 1000, a) for name, a in parts.items()}
    return replace(table, **cut)


def whole(table: gm.IOTable, factor: float) -> gm.IOTable:
    parts = {name: getattr(table, name) * factor for name in ("Z", "Y", "V", "imports", "x")}
    return replace(table, **parts)


BREAKING: dict[str, Callable[[gm.IOTable, Random], gm.IOTable]] = {
    "rows of two sectors exchanged": lambda t, r: rows(t, two(r, t.n)),
    "columns of two sectors exchanged": lambda t, r: columns(t, two(r, t.n)),
    "rows of a run moved by one, columns not": lambda t, r: rows(t, run(r, t.n)),
    "a column of final use doubled": lambda t, r: final_use(t, r, 2),
    "a column of final use with the wrong sign": lambda t, r: final_use(t, r, -1),
    "value added of a sector missing": no_value_added,
    "decimal point of a large cell": decimal_point,
    "exports and imports exchanged": lambda t, r: exports_for_imports(t),
    "flows 10 times too large, totals right": lambda t, r: replace(t, Z=t.Z * 10),
    "thousands separators read as decimal points": lambda t, r: separators(t),
}
"""After which the accounts of a sector do not add up."""

HOLDING: dict[str, Callable[[gm.IOTable, Random], gm.IOTable]] = {
    "everything 10 times too large": lambda t, r: whole(t, 10),
    "CO2 in kt, read as Mt": lambda t, r: with_co2(t, t.extensions["co2"].F * 1e3),
    "CO2 of one sector times 1,000": lambda t, r: co2_of_one(t, r, 1e3),
    "CO2 of one sector times 100": lambda t, r: co2_of_one(t, r, 100),
    "CO2 of one sector times 10": lambda t, r: co2_of_one(t, r, 10),
    "CO2 of one sector by 1,000": lambda t, r: co2_of_one(t, r, 1e-3),
    "CO2 of one sector by 100": lambda t, r: co2_of_one(t, r, 1e-2),
    "labels of a run moved by one": lambda t, r: labels(t, run(r, t.n)),
    "labels of two neighbours exchanged": lambda t, r: labels(t, neighbours(r, t.n)),
    "labels of any two sectors exchanged": lambda t, r: labels(t, two(r, t.n)),
    "CO2 of a run moved by one, flows not": lambda t, r: co2_row(t, run(r, t.n)),
}
"""After which they do: only what is usual can tell."""


def kinds(table: gm.IOTable) -> set[str]:
    return {each.kind for each in gm.check(table) if each.severity in ("error", "warning")}


def main() -> None:
    table = gm.read(WORKBOOK)
    emitting = [code for code in table.regions if table.select([code]).has_emissions]
    provinces = [table.select([code]) for code in emitting]
    false = sum(bool(kinds(each)) for each in provinces)
    lines = ["| fault | seen | by |", "|---|---|---|"]
    unseen = []
    for fault, plant in {**BREAKING, **HOLDING}.items():
        random = np.random.default_rng(7)
        found = [kinds(plant(each, random)) for each in provinces for _ in range(TIMES)]
        seen = sum(map(bool, found)) / len(found)
        by = [kind for kind, _ in Counter(k for each in found for k in each).most_common(2)]
        lines.append(f"| {fault} | {100 * seen:.0f}% | {', '.join(f'`{kind}`' for kind in by)} |")
        if fault in BREAKING and seen < 1:
            unseen.append(fault)
    lines += ["", f"{len(provinces)} provinces, {TIMES} times each; clean tables told: {false}."]
    text = "\n".join(lines)
    print(text)
    if "--readme" in sys.argv:
        into_readme("trust.py", text)
    if false or unseen:
        sys.exit(f"false alarms: {false}; unseen: {', '.join(unseen) or 'none'}")


if __name__ == "__main__":
    main()
