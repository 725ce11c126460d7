"""The page beside plain pyvis on the same network: size, requests, time to the first drawing.

    python benchmarks/page.py [TABLE [REGION]]

Both pages are opened in the system's Chromium from disk, offline. Plain pyvis is given its best
case here: scripts inlined where it can, physics off and our positions.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from pyvis.network import Network

import graphmap as gm

ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DRAWN = """() => new Promise(done => {
  const ours = () => document.documentElement.dataset.drawn;
  const theirs = () => typeof network !== 'undefined' && network?.canvas?.frame?.canvas?.width;
  const look = () => ours() ? done(+ours()) : theirs() && !window.graphmap && document.readyState
    === 'complete' ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def plain(study: gm.Study, path: Path) -> None:
    """The same flows as pyvis draws them."""
    net = Network(directed=True, cdn_resources="in_line")
    for node, label, (_, at) in zip(
        study.sectors.index, study.labels, study.layout.positions.iterrows(), strict=True
    ):
        net.add_node(str(node), label=label["en"], x=at["x"], y=at["y"], physics=False)
    for supplier, user, weight in study.backbone.network.edges().itertuples(index=False):
        net.add_edge(supplier, user, value=weight)
    net.toggle_physics(False)
    path.write_text(net.generate_html(notebook=False), encoding="utf-8")


def measure(browser: Browser, path: Path) -> dict[str, Any]:
    """Size, requests to other hosts, median milliseconds from navigation to the first drawing."""
    times, others = [], set()
    for _ in range(ROUNDS):
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.on("request", lambda r: others.add(r.url) if r.url.startswith("http") else None)
        page.goto(path.as_uri(), wait_until="commit")
        times.append(page.evaluate(DRAWN))
        context.close()
    return {
        "kB": path.stat().st_size / 1e3,
        "requests": len(others),
        "ms": statistics.median(times),
    }


def main() -> None:
    source = sys.argv[1] if len(sys.argv) > 1 else "sample"
    study = gm.study(gm.read(source, region=sys.argv[2:] or None))
    chromium = shutil.which("chromium") or sys.exit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = {"graphmap": Path(folder) / "ours.html", "plain pyvis": Path(folder) / "pyvis.html"}
        gm.write_page(study, pages["graphmap"])
        plain(study, pages["plain pyvis"])
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found = {name: measure(browser, path) for name, path in pages.items()}
        browser.close()
    print(f"{study.title['en']}: {study.table.n} sectors, {study.backbone.edges} flows drawn")
    print(f"{'':14}{'size kB':>9}{'requests':>10}{'first drawing ms':>18}")
    for name, row in found.items():
        print(f"{name:14}{row['kB']:9.0f}{row['requests']:10d}{row['ms']:18.0f}")
    print(f"ratio of first drawing: {found['graphmap']['ms'] / found['plain pyvis']['ms']:.2f}")


if __name__ == "__main__":
    main()
