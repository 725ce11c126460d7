"""The measures of a table beside pymrio's ``calc_all``, and how their cost grows with size.

    python benchmarks/engine.py [--readme]

Ours are total intensities, footprints, backward and forward linkages, transmission and position of
every sector (``sector_measures``), from flows as they are in memory. Each measurement runs in a
process of its own, so that peak memory is its own; it holds the flows themselves. With --readme the
figures are written into benchmarks/README.md. Exits with 1 if a target is missed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from made_up import made_up
from readme import into_readme

from graphmap.leontief.measures import sector_measures, system_of

PEER_SIZE = (49, 200, 1.0)
SIZES = [
    (1, 42, 1.0),
    (1, 153, 1.0),
    (31, 42, 1.0),
    (100, 42, 1.0),
    PEER_SIZE,
    (313, 42, 1.0),
    (313, 42, 0.02),
]
TARGETS = {"time": 0.1, "memory": 0.5}
"""Of pymrio's, at ``PEER_SIZE``."""

LIMITS = {(313, 42, 1.0): (15.0, 4500.0), (313, 42, 0.02): (3.0, 4500.0)}
"""Seconds and MB at the size of a table of cities."""


def ours(regions: int, sectors: int, density: float) -> dict[str, object]:
    """Our measures of a made-up table."""
    table = made_up(regions, sectors, density)
    sector_measures(made_up(1, 5))  # libraries wake up outside the measured time
    start = time.perf_counter()
    system = system_of(table)
    measures = sector_measures(table, system)
    seconds = time.perf_counter() - start
    gap = measures["footprint"].sum() / measures["direct_co2"].sum() - 1
    return {
        **_measured(seconds),
        "sectors": table.n,
        "method": system.report.method,
        "residual": system.report.residual,
        "gap": abs(gap),
        "intensity": _sketch(measures["total_intensity"].to_numpy() / 1e6),
        "footprint": _sketch(measures["footprint"].to_numpy()),
    }


def pymrios(regions: int, sectors: int, density: float) -> dict[str, object]:
    """pymrio's of the same."""
    import pymrio  # noqa: PLC0415  (only the process that measures it)

    table = made_up(regions, sectors, density)
    labels = pd.MultiIndex.from_frame(table.index[["region", "code"]], names=["region", "sector"])
    y = pd.DataFrame({("R0", "final"): table.final_demand}, index=labels)
    y = y.reindex(columns=pd.MultiIndex.from_product([table.regions, ["final"]]), fill_value=0.0)
    y.columns.names = ["region", "category"]
    system = pymrio.IOSystem(Z=pd.DataFrame(table.Z, index=labels, columns=labels), Y=y)
    system.co2 = pymrio.Extension(
        "co2", F=pd.DataFrame(table.co2[None, :], index=pd.Index(["co2"]), columns=labels)
    )
    start = time.perf_counter()
    system.calc_all()
    seconds = time.perf_counter() - start
    multipliers = system.co2.M.to_numpy()[0]
    return {
        **_measured(seconds),
        "intensity": _sketch(multipliers),
        "footprint": _sketch(multipliers * table.final_demand),
    }


def _measured(seconds: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "MB": peak}


def _sketch(values: np.ndarray) -> list[float]:
    """Every so many figures, enough to see whether two results are the same."""
    return values[:: max(1, len(values) // 500)].tolist()


def apart(who: str, size: tuple[int, int, float]) -> dict[str, object]:
    """One measurement in a process of its own."""
    run = [sys.executable, __file__, who, *map(str, size)]
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def compared(missed: list[str]) -> str:
    """The table of ours and pymrio's."""
    mine, theirs = apart("ours", PEER_SIZE), apart("pymrio", PEER_SIZE)
    difference = max(
        np.abs(np.divide(mine[what], theirs[what]) - 1).max() for what in ("intensity", "footprint")
    )
    ratios = {"time": mine["seconds"] / theirs["seconds"], "memory": mine["MB"] / theirs["MB"]}
    missed += [f"{what} of peer" for what, most in TARGETS.items() if ratios[what] > most]
    if difference > 1e-8:
        missed.append("the same figures as the peer")
    lines = [
        f"| {mine['sectors']:,} sectors, dense | seconds | of peer | peak MB | of peer |",
        "|---|---|---|---|---|",
        f"| graphmap, every measure | {mine['seconds']:.2f} "
        f"| {ratios['time']:.3f} "
        f"| {mine['MB']:,.0f} | {ratios['memory']:.2f} |",
        f"| pymrio `calc_all` | {theirs['seconds']:.2f} | 1 | {theirs['MB']:,.0f} | 1 |",
        "",
        f"Largest relative difference of intensities and footprints: {difference:.0e}.",
    ]
    return "\n".join(lines)


def growth(missed: list[str]) -> str:
    """The table of time and memory by size."""
    lines = [
        "| sectors | cells filled | method | seconds | peak MB | residual | footprints off by |",
        "|---|---|---|---|---|---|---|",
    ]
    for size in SIZES:
        row = apart("ours", size)
        seconds, megabytes = LIMITS.get(size, (np.inf, np.inf))
        if row["seconds"] > seconds or row["MB"] > megabytes:
            missed.append(f"{row['sectors']:,} sectors, {size[2]:.0%} filled")
        lines.append(
            f"| {row['sectors']:,} | {size[2]:.0%} | {row['method']} | {row['seconds']:.3f} "
            f"| {row['MB']:,.0f} | {row['residual']:.0e} | {row['gap']:.0e} |"
        )
    return "\n".join(lines)


def main() -> None:
    if len(sys.argv) > 2:
        who, size = sys.argv[1], (int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
        print(json.dumps((ours if who == "ours" else pymrios)(*size)))
        return
    missed: list[str] = []
    found = f"{compared(missed)}\n\n{growth(missed)}"
    print(found)
    if "--readme" in sys.argv:
        into_readme("engine.py", found)
    if missed:
        sys.exit(f"targets missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
