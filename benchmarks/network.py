"""Every centrality of a network of 1,302 sectors beside networkx, measured in one run.

    python benchmarks/network.py [TABLE]

Without TABLE the constructed table of 31 x 42 sectors is taken, or where that is not at hand an
economy of 1,302 sectors made by chance. Both are given the flows in memory, each in a process of
its own and on one thread, so that peak memory is its own. networkx follows the shortest paths of a
few sectors and the triangles of one, and its seconds are scaled up to all: it would take hours.
Building its graph is not counted. The third is igraph's betweenness on every flow, as it was before
detours were taken out. Exits with 1 if a target is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from made_up import made_up
from paths import peak
from scipy import sparse

import graphmap
from graphmap.network import FlowNetwork
from graphmap.network.centrality import MEASURES, centrality
from graphmap.network.shortest_paths import distances, edge_betweenness

SHARED = Path(os.environ.get("GRAPHMAP_DATA", Path(__file__).parents[2] / "shared" / "data"))
TABLE = SHARED / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"
SECONDS, TIMES, APART = 30, 40, 1e-6
"""At most, for the full table; at least, as fast as networkx; at most, between figures."""

SOURCES, TRIANGLES = 3, 1
"""Of how many sectors networkx follows the paths and the triangles."""

Found = dict[str, tuple[float, int, dict[int, float]]]
"""By measure: seconds, of how many sectors, and some figures by position."""


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def ours(net: FlowNetwork) -> Found:
    """The table a column at a time; measures of shortest paths share the search of the first."""
    n, found = len(net.nodes), {}
    for name in MEASURES:
        seconds, column = timed(lambda name=name: centrality(net, [name])[name])
        found[name] = (seconds, n, dict(enumerate(column)))
    seconds, _ = timed(lambda: edge_betweenness(net))
    found["edge_betweenness"] = (seconds, n, {})
    return found


def networkxs(net: FlowNetwork) -> Found:
    """The same where networkx has it."""
    import networkx as nx  # noqa: PLC0415

    n = len(net.nodes)
    graph = nx.from_scipy_sparse_array(net.weights, create_using=nx.DiGraph)
    length = distances(net.weights)
    apart = nx.from_scipy_sparse_array(length, create_using=nx.DiGraph, edge_attribute="distance")
    flows = net.without_loops().weights
    between = nx.from_scipy_sparse_array(flows, create_using=nx.DiGraph)
    some = np.random.default_rng(1).choice(n, SOURCES, replace=False).tolist()
    walk = {"tol": 1e-12, "max_iter": 1000}

    def near(of: nx.DiGraph) -> Callable[[], dict[int, float]]:
        def follow() -> dict[int, float]:  # what its closeness does with each sector
            sums = {
                i: nx.single_source_dijkstra_path_length(of, i, weight="distance") for i in some
            }
            return {
                i: (len(to) - 1) ** 2 / ((n - 1) * sum(to.values())) if len(to) > 1 else 0.0
                for i, to in sums.items()
            }

        return follow

    both: list[dict[int, float]] = []

    def hub() -> dict[int, float]:
        both.extend(nx.hits(graph, max_iter=1000, tol=1e-12))
        return both[0]

    found: Found = {}
    for name, count, work in (
        ("supply_strength", n, lambda: dict(between.out_degree(weight="weight"))),
        ("use_strength", n, lambda: dict(between.in_degree(weight="weight"))),
        ("supply_strength_with_loops", n, lambda: dict(graph.out_degree(weight="weight"))),
        ("use_strength_with_loops", n, lambda: dict(graph.in_degree(weight="weight"))),
        ("pagerank", n, lambda: nx.pagerank(graph, **walk)),
        ("pagerank_reversed", n, lambda: nx.pagerank(graph.reverse(copy=False), **walk)),
        ("hub", n, hub),
        ("authority", n, lambda: both[1]),  # comes with the hubs
        ("eigenvector", n, lambda: nx.eigenvector_centrality(graph, 1000, 1e-10, weight="weight")),
        (
            "betweenness",
            SOURCES,
            lambda: nx.betweenness_centrality(apart, SOURCES, weight="distance", seed=1),
        ),
        ("closeness", SOURCES, near(apart.reverse())),
        ("closeness_supply", SOURCES, near(apart)),
        (
            "edge_betweenness",
            SOURCES,
            lambda: nx.edge_betweenness_centrality(apart, SOURCES, weight="distance", seed=1),
        ),
        (
            "clustering",
            TRIANGLES,
            lambda: nx.clustering(between, some[:TRIANGLES], weight="weight"),
        ),
    ):
        seconds, figures = timed(work)
        # a few paths are no estimate of betweenness worth comparing
        exact = {} if "betweenness" in name else figures
        found[name] = (seconds, count, exact)
    return found


def igraphs(net: FlowNetwork) -> Found:
    """Betweenness on every flow."""
    import igraph  # noqa: PLC0415

    n = len(net.nodes)

    def every() -> np.ndarray:
        length = distances(net.weights).tocoo()
        pairs = np.column_stack([length.row, length.col])
        graph = igraph.Graph(n=n, edges=pairs, directed=True)
        return np.array(graph.betweenness(weights=length.data.tolist())) / ((n - 1) * (n - 2))

    seconds, figures = timed(every)
    return {"betweenness": (seconds, n, dict(enumerate(figures)))}


def measured(who: str, flows: str, nodes: str, out: str) -> None:
    """In a process of its own: leave what was found, and the peak in MB, in a file."""
    weights = sparse.csr_array(sparse.load_npz(flows))
    net = FlowNetwork(pd.read_parquet(nodes), weights, "money", "10k_yuan")
    found = {"ours": ours, "networkx": networkxs, "igraph": igraphs}[who](net)
    rows = [
        [name, seconds, count, [[int(i), float(v)] for i, v in figures.items()]]
        for name, (seconds, count, figures) in found.items()
    ]
    Path(out).write_text(json.dumps([peak(), rows]))


def run(who: str, net: FlowNetwork) -> tuple[float, Found]:
    with tempfile.TemporaryDirectory() as folder:
        flows, nodes, out = (Path(folder, name) for name in ("flows.npz", "nodes.parquet", "out"))
        sparse.save_npz(flows, net.weights)
        net.nodes[["gross_output", "direct_co2"]].to_parquet(nodes)
        one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, __file__, "--measure", who, flows, nodes, out]
        subprocess.run(list(map(str, command)), check=True, env=one_thread)
        memory, rows = json.loads(out.read_text())
    return memory, {name: (seconds, count, dict(f)) for name, seconds, count, f in rows}


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE
    if len(sys.argv) > 1 and not path.exists():
        sys.exit(f"no table at {path}")
    net = graphmap.network(graphmap.read(path) if path.exists() else made_up(31, 42), "money")
    n = len(net.nodes)
    found = {who: run(who, net) for who in ("ours", "networkx", "igraph")}
    (memory, mine), (theirs_memory, theirs) = found["ours"], found["networkx"]

    name = path.name if path.exists() else "made up"
    print(f"{name}, {n:,} sectors, {net.weights.nnz:,} flows")
    print(f"{'seconds':28}{'graphmap':>10}{'networkx':>12}  {'':20}{'apart':>8}")
    total = shared = peer = apart = 0.0
    for measure, (seconds, _, figures) in mine.items():
        total += seconds
        line = f"{measure:28}{seconds:10.3f}"
        if measure in theirs:
            spent, count, expected = theirs[measure]
            shared, peer = shared + seconds, peer + spent * n / count
            scaled = f"{count} of {n:,}, scaled" if count < n else ""
            line += f"{spent * n / count:12,.2f}  {scaled:20}"
            if expected:
                largest = max(abs(value) for value in expected.values()) or 1.0
                off = max(abs(figures[i] - value) for i, value in expected.items()) / largest
                apart = max(apart, off)
                line += f"{off:8.0e}"
        print(line)
    print(f"{'the full table':28}{total:10.2f}")
    print(f"{'what both have':28}{shared:10.2f}{peer:12,.0f}  {peer / shared:,.0f} times as fast")
    print(f"{'peak MB':28}{memory:10,.0f}{theirs_memory:12,.0f}")

    every_memory, every = found["igraph"]
    seconds, _, expected = every["betweenness"]
    off = max(abs(mine["betweenness"][2][i] - value) for i, value in expected.items())
    apart = max(apart, off)
    print(
        f"betweenness by igraph on every flow: {seconds:.2f} s, {every_memory:,.0f} MB, "
        f"{seconds / mine['betweenness'][0]:.0f} times ours, differs by {off:.0e}"
    )
    missed = []
    if total > SECONDS:
        missed.append(f"the full table in {SECONDS} s")
    if peer < TIMES * shared:
        missed.append(f"{TIMES} times as fast as networkx")
    if apart > APART:
        missed.append("the same figures")
    if missed:
        sys.exit(f"targets missed: {'; '.join(missed)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measured(*sys.argv[2:])
    else:
        main()
