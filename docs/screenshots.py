"""The pictures in docs/, drawn from the bundled sample: `make screenshots`.

Pages are opened in Chromium, slides in LibreOffice.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
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


SLIDES = {"slides-zh-hans.png": ("zh-Hans", (2, 4, 5, 8)), "slides-en.png": ("en", (2, 5, 6, 7))}
"""Name -> language, and the numbers of the slides shown."""

GAP = 12


def shoot_slides(panel: gm.Panel, folder: Path) -> None:
    for name, (lang, numbers) in SLIDES.items():
        deck = gm.write_slides(panel, folder / f"{lang}.pptx", lang=lang)
        office = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}"]
        convert = [*office, "--convert-to", "pdf", "--outdir", str(folder), str(deck)]
        subprocess.run(convert, check=True, capture_output=True)
        pdf = deck.with_suffix(".pdf")
        subprocess.run(["pdftoppm", "-r", "60", "-png", pdf, folder / lang], check=True)
        shown = [Image.open(folder / f"{lang}-{number}.png") for number in numbers]
        width, height = shown[0].size
        sheet = Image.new("RGB", (2 * width + 3 * GAP, 2 * height + 3 * GAP), "#dfe3ea")
        for i, slide in enumerate(shown):
            column, row = i % 2, i // 2
            sheet.paste(slide, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
        sheet.save(DOCS / name, optimize=True)
        print(DOCS / name)


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        table = gm.read("sample", region="CN-GD")
        study = gm.study(table, command="graphmap demo")
        gm.write_page(study, Path(folder) / PAGE)
        shoot_slides(gm.panel(study, beside=[gm.read("sample")]), Path(folder))
        plan = gm.read_study_file(STUDY)
        shown = gm.panels(gm.studies(plan))
        gm.write_atlas(shown, Path(folder) / "site", title=plan.title, command=COMMAND)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        shoot(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
