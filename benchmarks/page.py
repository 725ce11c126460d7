"""The page beside plain pyvis on the same network: size, requests, first drawing, frames a second.

    python benchmarks/page.py [--readme]

The bundled Guangdong and, where the shared data are, all 31 regions of the constructed table
(1,302 nodes, their 6,000 largest flows, every region unfolded). Both pages are opened in
Chromium from disk, offline, without a graphics card; plain pyvis is given its best case: scripts
inlined where it can, physics off and our positions. Exits with 1 if a target is missed.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from readme import into_readme

import graphmap as gm

ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SHARED = Path(os.environ.get("GRAPHMAP_DATA") or Path(__file__).parents[2] / "shared" / "data")
ALL_REGIONS = SHARED / "constructed" / "MRIO2017_31x42_ceads_layout.xlsx"
TARGETS = {42: {"kB": 1300, "ms": 1000}, 1302: {"kB": 6000, "ms": 4000, "fps": 20}}

DRAWN = """() => new Promise(done => {
  const ours = () => document.documentElement.dataset.drawn;
  const theirs = () => typeof network !== 'undefined' && network?.canvas?.frame?.canvas?.width;
  const look = () => ours() ? done(+ours()) : theirs() && !window.graphmap && document.readyState
    === 'complete' ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""
WATCH = """() => { window.frames_ = []; let last = performance.now();
  const tick = () => { const t = performance.now(); window.frames_.push(t - last); last = t;
    requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""
FRAMES = """() => { const all = window.frames_; window.frames_ = [];
  return 1000 * all.length / all.reduce((a, b) => a + b, 0); }"""


def plain(study: gm.Study, path: Path) -> None:
    """The same flows as pyvis draws them, at our places."""
    net = study.backbone.network.to_pyvis()
    for node, (_, at) in zip(
        net.nodes, gm.panel(study).layouts["chain"].positions.iterrows(), strict=True
    ):
        node.update(x=at["x"], y=at["y"], physics=False)
    net.toggle_physics(False)
    path.write_text(net.generate_html(notebook=False), encoding="utf-8")


def frames(page: Page) -> dict[str, float]:
    """Frames a second while the map is dragged, and while it is zoomed."""
    page.wait_for_timeout(800)  # whatever a page does after its first drawing
    box = page.query_selector("#map, #mynetwork").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(WATCH)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x + 3 * step, y + step)
    found = {"drag": page.evaluate(FRAMES)}
    page.mouse.up()
    for step in range(40):
        page.mouse.wheel(0, -60 if step < 20 else 60)
    return {**found, "zoom": page.evaluate(FRAMES)}


def measure(browser: Browser, path: Path, fragment: str = "") -> dict[str, Any]:
    """Size, requests to other hosts, median milliseconds to the first drawing, frames a second."""
    times, others, rates = [], set(), []
    for _ in range(ROUNDS):
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.on("request", lambda r: others.add(r.url) if r.url.startswith("http") else None)
        page.goto(path.as_uri() + fragment, wait_until="commit")
        times.append(page.evaluate(DRAWN))
        rates.append(frames(page))
        context.close()
    return {
        "kB": path.stat().st_size / 1e3,
        "requests": len(others),
        "ms": statistics.median(times),
        "drag": statistics.median(rate["drag"] for rate in rates),
        "zoom": statistics.median(rate["zoom"] for rate in rates),
    }


def compared(browser: Browser, table: gm.IOTable, folder: Path) -> tuple[bool, list[str]]:
    """Print both pages of a table: whether ours meets its targets, and the rows of the README."""
    started = time.perf_counter()
    study = gm.study(table)
    ours, theirs = folder / "ours.html", folder / "pyvis.html"
    gm.write_page(study, ours)
    print(f"{study.title['en']}: {study.n} sectors, {study.backbone.edges} flows drawn")
    print(f"  study and page written in {time.perf_counter() - started:.1f} s")
    plain(study, theirs)
    several = "#layout=chain&unfolded=all" if len(study.regions) > 1 else ""
    found = {
        "graphmap": measure(browser, ours, several),
        "plain pyvis": measure(browser, theirs),
    }
    print(f"  {'':14}{'kB':>8}{'requests':>10}{'drawn ms':>10}{'drag fps':>10}{'zoom fps':>10}")
    for name, row in found.items():
        print(
            f"  {name:14}{row['kB']:8.0f}{row['requests']:10d}{row['ms']:10.0f}"
            f"{row['drag']:10.0f}{row['zoom']:10.0f}"
        )
    mine, other = found.values()
    print(
        f"  ratio: first drawing {mine['ms'] / other['ms']:.2f}, frames while dragging "
        f"{mine['drag'] / other['drag']:.1f}, while zooming {mine['zoom'] / other['zoom']:.1f}"
    )
    targets = TARGETS.get(study.n, {})
    mine["fps"] = min(mine["drag"], mine["zoom"])
    missed = [
        f"{name} {mine[name]:.0f} for {target}"
        for name, target in targets.items()
        if (mine[name] < target if name == "fps" else mine[name] > target)
    ]
    print("  targets missed: " + ", ".join(missed) if missed else f"  targets met: {targets}")
    rows = [
        f"| {name}, {study.n:,} sectors, {study.backbone.edges:,} flows | {row['kB']:,.0f} "
        f"| {row['requests']} | {row['ms']:,.0f} | {row['drag']:.0f} | {row['zoom']:.0f} |"
        for name, row in found.items()
    ]
    return not missed, rows


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium on this machine")
    tables = [gm.read("sample", region="CN-GD")]
    if ALL_REGIONS.exists():
        tables.append(gm.read(ALL_REGIONS))
    else:
        print(f"left out: 1,302 nodes, since {ALL_REGIONS} is not there")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found = [compared(browser, table, Path(folder)) for table in tables]
        browser.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of Python {peak:.0f} MB")
    if "--readme" in sys.argv and len(found) == 2:
        head = "| page | kB | requests | first drawing ms | drag frames/s | zoom frames/s |"
        rows = [row for _, some in found for row in some]
        into_readme("page.py", "\n".join([head, "|---|---|---|---|---|---|", *rows]))
    sys.exit(0 if all(met for met, _ in found) else 1)


if __name__ == "__main__":
    main()
