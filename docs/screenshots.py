"""The pictures in docs/, drawn from the bundled sample in Chromium: `make screenshots`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import graphmap as gm

DOCS = Path(__file__).parent
STUDY = DOCS.parent / "examples" / "guangdong-zhejiang.toml"
COMMAND = f"graphmap atlas {STUDY.name}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
READY = "html[data-drawn]"

PAGE = "guangdong.html"
SHOTS = {
    "page-en.png": (PAGE, "#lang=en&theme=light", (1280, 800)),
    "page-zh-hans.png": (PAGE, "#lang=zh-Hans&theme=light&chosen=CN-GD.24", (1280, 800)),
    "page-zh-hant-dark.png": (PAGE, "#lang=zh-Hant&theme=dark&colour=intensity", (1280, 800)),
    "page-en-dark.png": (PAGE, "#lang=en&theme=dark&chosen=CN-GD.24&steps=1", (1280, 800)),
    "page-narrow.png": (PAGE, "#lang=zh-Hans&theme=light", (390, 844)),
    "page-axes.png": (PAGE, "#lang=en&theme=light&layout=axes&tab=scatter", (1280, 800)),
    "atlas-zh-hans.png": ("site/index.html", "#lang=zh-Hans&theme=light", (1280, 800)),
    "atlas-en-dark.png": ("site/index.html", "#lang=en&theme=dark", (1280, 800)),
    "atlas-compare.png": ("site/compare.html", "#lang=zh-Hans&theme=light", (1280, 900)),
}
"""Name -> file, address of the view, width and height in CSS pixels."""


def shoot(browser: Browser, folder: Path) -> None:
    for name, (file, view, (width, height)) in SHOTS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto((folder / file).as_uri() + view)
        page.wait_for_selector(READY, state="attached")
        page.wait_for_timeout(800)  # frames of the comparison draw by themselves
        page.screenshot(path=DOCS / name)
        page.close()
        print(DOCS / name)


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        table = gm.read("sample", region="CN-GD")
        gm.write_page(gm.study(table, command="graphmap demo"), Path(folder) / PAGE)
        plan = gm.read_study_file(STUDY)
        shown = gm.panels(gm.studies(plan))
        gm.write_atlas(shown, Path(folder) / "site", title=plan.title, command=COMMAND)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        shoot(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
