"""Balancing beside a plain loop in numpy: rounds, seconds and peak memory.

    python benchmarks/balance.py [--readme]

The prior is a made-up table of many regions, for all but RAS with 2 % of its cells below zero; the
sums are those of the same cells each multiplied by a log-normal figure, so that they can be met.
The plain loop rescales the matrix itself, row by row and column by column, to the same tolerance.
Each measurement runs in a process of its own, so that peak memory is its own and holds the prior.
With --readme the figures are written into benchmarks/README.md. Exits with 1 if a sum is missed,
the loop finds another matrix, or it takes less time or memory from ``LARGE`` sectors on.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
from made_up import made_up
from readme import into_readme

from graphmap.accounts.balance import balanced

SIZES = {42: (1, 42), 1302: (31, 42), 5000: (100, 50)}
METHODS = ("RAS", "GRAS", "known cells", "sums of cells")
PEERS = ("RAS", "GRAS")
TOLERANCE, MOST_ROUNDS, LARGE = 1e-10, 1000, 1302


def posed(method: str, sectors: int) -> tuple[np.ndarray, dict]:
    """A prior and what it is to meet."""
    random = np.random.default_rng(7)
    prior = made_up(*SIZES[sectors]).Z
    if method != "RAS":
        prior[random.random(prior.shape) < 0.02] *= -1
    wanted = prior * random.lognormal(0, 0.3, prior.shape)
    given = {"row_sums": wanted.sum(axis=1), "column_sums": wanted.sum(axis=0)}
    if method == "known cells":
        rows, columns = random.integers(0, sectors, (2, 20 * sectors))
        cells = dict.fromkeys(zip(rows.tolist(), columns.tolist(), strict=True))
        given["known"] = [(i, j, wanted[i, j]) for i, j in cells]
    if method == "sums of cells":
        blocks = [np.sort(random.choice(sectors, (2, 20), replace=False)) for _ in range(50)]
        given["constraints"] = [(i, j, wanted[np.ix_(i, j)].sum()) for i, j in blocks]
    return prior, given


def loop(prior: np.ndarray, row_sums: np.ndarray, column_sums: np.ndarray) -> tuple:
    """What one writes first: both parts of the matrix multiplied in place, line by line."""
    up, down = np.maximum(prior, 0), np.maximum(-prior, 0)
    scale = max(np.abs(row_sums).sum(), np.abs(column_sums).sum())
    rounds, off = 0, np.inf
    while rounds < MOST_ROUNDS and off > TOLERANCE * scale:
        rounds += 1
        for axis, sums in ((1, row_sums), (0, column_sums)):
            p, n = up.sum(axis=axis), down.sum(axis=axis)
            factor = (sums + np.sqrt(sums**2 + 4 * p * n)) / (2 * p)
            factor = factor[:, None] if axis else factor
            up *= factor
            down /= factor
        off = np.abs((up - down).sum(axis=1) - row_sums).max()
    return up - down, rounds


def measured(who: str, method: str, sectors: int) -> dict[str, object]:
    """One balance, and what it took."""
    prior, given = posed(method, sectors)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told: list = []
    start = time.perf_counter()
    if who == "ours":
        matrix = balanced(prior, **given, tolerance=TOLERANCE, report=told.append)
        rounds = told[0].rounds
    else:
        matrix, rounds = loop(prior, **given)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scale = np.abs(given["row_sums"]).sum()
    off = max(
        np.abs(matrix.sum(axis=1) - given["row_sums"]).max(),
        np.abs(matrix.sum(axis=0) - given["column_sums"]).max(),
    )
    return {
        "seconds": seconds,
        "MB": peak,
        "held": held,
        "rounds": rounds,
        "off": off / scale,
        "sketch": (matrix.ravel()[:: max(1, matrix.size // 2000)] / scale).tolist(),
    }


def apart(who: str, method: str, sectors: int) -> dict[str, object]:
    """One measurement in a process of its own."""
    run = [sys.executable, __file__, who, method, str(sectors)]
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    if len(sys.argv) > 2:
        print(json.dumps(measured(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
        return
    missed, furthest = [], 0.0
    lines = [
        "| sectors | method | rounds | seconds | loop's | peak MB | loop's | off by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for sectors in SIZES:
        for method in METHODS:
            mine = apart("ours", method, sectors)
            peer = apart("loop", method, sectors) if method in PEERS else None
            what = f"{method}, {sectors:,} sectors"
            if mine["off"] > 2 * TOLERANCE:
                missed.append(f"{what}: sums met")
            if peer is not None:
                gap = np.abs(np.subtract(mine["sketch"], peer["sketch"])).max()
                furthest = max(furthest, float(gap))
                for each in ("seconds", "MB"):
                    if sectors >= LARGE and mine[each] > peer[each]:
                        missed.append(f"{what}: {each} of the loop")
            theirs = [f"{peer['seconds']:.3f}", f"{peer['MB']:,.0f}"] if peer else ["–", "–"]
            lines.append(
                f"| {sectors:,} | {method} | {mine['rounds']} | {mine['seconds']:.3f} "
                f"| {theirs[0]} | {mine['MB']:,.0f} | {theirs[1]} | {mine['off']:.0e} |"
            )
    if furthest > 1e-8:
        missed.append("the loop's matrix")
    lines += ["", f"Largest difference from the loop, of the grand total: {furthest:.0e}."]
    found = "\n".join(lines)
    print(found)
    if "--readme" in sys.argv:
        into_readme("balance.py", found)
    if missed:
        sys.exit(f"targets missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
