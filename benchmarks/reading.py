"""Reading a large workbook: ours, from the cache, and pandas with openpyxl, in one run.

    python benchmarks/reading.py [WORKBOOK]

Each reading runs in a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(os.environ.get("GRAPHMAP_DATA", Path(__file__).parents[2] / "shared" / "data"))
WORKBOOK = SHARED / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"

OURS = "import graphmap; run = lambda: graphmap.read(sys.argv[1])"
PEER = "import pandas, openpyxl; run = lambda: pandas.read_excel(sys.argv[1], sheet_name=None)"
MEASURED = """
import resource, sys, time
{setup}
start = time.perf_counter()
run()
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(setup: str, workbook: Path, cache: str) -> tuple[float, float]:
    """Seconds of reading, and peak memory of the process in MB."""
    printed = subprocess.run(
        [sys.executable, "-c", MEASURED.format(setup=setup), str(workbook)],
        env={**os.environ, "GRAPHMAP_CACHE": cache},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    seconds, memory = map(float, printed.split())
    return seconds, memory


def main() -> None:
    workbook = Path(sys.argv[1]) if len(sys.argv) > 1 else WORKBOOK
    if not workbook.exists():
        sys.exit(f"no workbook at {workbook}; give one as an argument")
    print(f"{workbook.name}, {workbook.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as cache:
        runs = {
            "graphmap, first reading": measure(OURS, workbook, cache),
            "graphmap, from the cache": measure(OURS, workbook, cache),
            "pandas with openpyxl": measure(PEER, workbook, cache),
        }
    peer = runs["pandas with openpyxl"][0]
    print(f"{'':26}{'seconds':>9}{'of peer':>9}{'peak MB':>9}")
    for name, (seconds, memory) in runs.items():
        print(f"{name:26}{seconds:9.2f}{seconds / peer:9.2f}{memory:9.0f}")


if __name__ == "__main__":
    main()
