"""Reading a large workbook: ours, from the cache, and pandas with openpyxl, in one run.

    python benchmarks/reading.py [WORKBOOK]

Each reading runs in a process of its own, so that peak memory is its own. The cached reading is
given twice: the first of a process, which also loads what graphmap needs for it, and a further one.
It is the median of ``RUNS`` processes, and the load of the machine is printed beside it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(os.environ.get("GRAPHMAP_DATA", Path(__file__).parents[2] / "shared" / "data"))
WORKBOOK = SHARED / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"

OURS = "import graphmap; run = lambda: graphmap.read(sys.argv[1])"
PEER = "import pandas, openpyxl; run = lambda: pandas.read_excel(sys.argv[1], sheet_name=None)"
RUNS = 7
"""Processes that read from the cache; one has no say in what a busy machine does."""

MEASURED = """
import resource, sys, time
{setup}
for _ in range({times}):
    start, busy = time.perf_counter(), time.process_time()
    run()
    spent = time.perf_counter() - start, time.process_time() - busy
print(*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

Measured = tuple[float, float, float]


def measure(setup: str, workbook: Path, cache: str, times: int = 1) -> Measured:
    """Seconds and processor seconds of the last of ``times`` readings, and peak memory in MB."""
    printed = subprocess.run(
        [sys.executable, "-c", MEASURED.format(setup=setup, times=times), str(workbook)],
        env={**os.environ, "GRAPHMAP_CACHE": cache},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    seconds, busy, memory = map(float, printed.split())
    return seconds, busy, memory


def medians(workbook: Path, cache: str, times: int) -> Measured:
    """The median of several processes that read from the cache."""
    runs = [measure(OURS, workbook, cache, times) for _ in range(RUNS)]
    seconds, busy, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    return seconds, busy, memory


def main() -> None:
    workbook = Path(sys.argv[1]) if len(sys.argv) > 1 else WORKBOOK
    if not workbook.exists():
        sys.exit(f"no workbook at {workbook}; give one as an argument")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{workbook.name}, {workbook.stat().st_size / 1e6:.1f} MB; load {load}")
    with tempfile.TemporaryDirectory() as cache:
        runs = {
            "graphmap, first reading": measure(OURS, workbook, cache),
            "cached, new process": medians(workbook, cache, 1),
            "cached, again": medians(workbook, cache, 2),
            "pandas with openpyxl": measure(PEER, workbook, cache),
        }
    peer = runs["pandas with openpyxl"][0]
    print(f"{'':26}{'seconds':>9}{'of them CPU':>13}{'of peer':>9}{'peak MB':>9}")
    for name, (seconds, busy, memory) in runs.items():
        print(f"{name:26}{seconds:9.2f}{busy:13.2f}{seconds / peer:9.2f}{memory:9.0f}")


if __name__ == "__main__":
    main()
