"""Backbones of a network of 13,146 sectors with 10^8 flows: time and peak memory.

    python benchmarks/backbones.py [--readme]

The flows are made up, row by row and straight into the sparse matrix, which takes 1.2 GB; each
measurement runs in a process of its own, so that peak memory is its own and holds the flows
themselves. With --readme the figures are written into benchmarks/README.md. Exits with 1 if a
backbone takes more than ``MOST_MB`` or keeps another number of flows than it is told to.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from readme import into_readme
from scipy import sparse

from graphmap.network import FlowNetwork, keep

REGIONS, SECTORS, FLOWS = 313, 42, 100_000_000
"""313 cities of 42 sectors each."""

RULES = ("5%", "flow:80%", "disparity:5%", "noise:1.64", "top:3", "5%+connected")
MOST_MB = 4096


def made_up(regions: int, sectors: int, flows: int, seed: int = 1) -> FlowNetwork:
    """A network of log-normal flows, four fifths of each supplier's at home."""
    random = np.random.default_rng(seed)
    n = regions * sectors
    filled = np.full(n, flows // n)
    filled[: flows % n] += 1
    starts = np.zeros(n + 1, dtype=np.int32)
    starts[1:] = np.cumsum(filled)
    users, values = np.empty(flows, dtype=np.int32), np.empty(flows)
    size = random.lognormal(0, 1, n)
    recipe = random.lognormal(0, 2, (sectors, sectors))
    for supplier in range(n):
        row = slice(starts[supplier], starts[supplier + 1])
        chosen = np.zeros(n, dtype=bool)
        chosen[random.choice(n, filled[supplier], replace=False, shuffle=False)] = True
        user = np.flatnonzero(chosen)
        home = np.where(user // sectors == supplier // sectors, 4.0 * regions, 1.0)
        noise = np.exp(0.5 * random.standard_normal(len(user), dtype=np.float32))
        users[row] = user
        values[row] = (
            size[supplier] * size[user] * home * recipe[supplier % sectors, user % sectors] * noise
        )
    nodes = pd.DataFrame(index=pd.Index([f"R{i // sectors}.{i % sectors:03d}" for i in range(n)]))
    return FlowNetwork(
        nodes, sparse.csr_array((values, users, starts), (n, n)), "money", "10k_yuan"
    )


def measured(rule: str) -> dict[str, object]:
    """One backbone, and what it took."""
    net = made_up(REGIONS, SECTORS, FLOWS)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    found = keep(net, rule)
    return {
        "seconds": time.perf_counter() - start,
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "held": held,
        "edges": found.edges,
        "nodes": found.nodes,
        "share": found.share_of_flow,
    }


def apart(rule: str) -> dict[str, object]:
    """One measurement in a process of its own."""
    run = [sys.executable, __file__, rule]
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1] != "--readme":
        print(json.dumps(measured(sys.argv[1])))
        return
    missed, n = [], REGIONS * SECTORS
    lines = [
        f"| {n:,} sectors, {FLOWS:,} flows | seconds | peak MB | of it the flows | flows kept "
        "| sectors | of the flow |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in RULES:
        row = apart(rule)
        if row["MB"] > MOST_MB:
            missed.append(f"{rule}: at most {MOST_MB:,} MB")
        if rule == "5%" and row["edges"] != round(0.05 * n**2):
            missed.append("5%: 5 % of the cells")
        if rule == "flow:80%" and not 0.8 <= row["share"] < 0.8001:
            missed.append("flow:80%: 80 % of the flow")
        lines.append(
            f"| `{rule}` | {row['seconds']:.1f} | {row['MB']:,.0f} | {row['held']:,.0f} "
            f"| {row['edges']:,} | {row['nodes']:,} | {row['share']:.1%} |"
        )
    found = "\n".join(lines)
    print(found)
    if "--readme" in sys.argv:
        into_readme("backbones.py", found)
    if missed:
        sys.exit(f"targets missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
