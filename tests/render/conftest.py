"""A real browser for the tests of the page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import graphmap as gm

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """The system's Chromium, headless."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine; apt-get install chromium fonts-noto-cjk")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def open_page(browser) -> Iterator[Callable[..., object]]:
    """Opens a file as a person would; console errors and requests to others fail the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: Path, width: int = 1440, height: int = 900):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                complaints.append(f"request {request.url[:120]}")
                if not request.url.startswith((path.resolve().as_uri(), "data:", "blob:"))
                else None
            ),
        )
        page.goto(path.resolve().as_uri())
        page.wait_for_selector("html[data-drawn]", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


AXE = Path(__file__).resolve().parents[2] / ".venv" / "axe.min.js"


@pytest.fixture(scope="session")
def axe() -> Callable[[object], list[str]]:
    """What axe-core finds serious or critical on an open page, a line each."""
    if not AXE.exists():
        pytest.skip(f"axe-core is not at {AXE}; make {AXE.relative_to(AXE.parents[1])}")
    source = AXE.read_text(encoding="utf-8")

    def found(shown) -> list[str]:
        shown.evaluate(source)
        # without preload, which would fetch the style sheet against the security policy; a page
        # in a frame is looked at by itself
        violations = shown.evaluate(
            "axe.run(document, {iframes: false, preload: false}).then(run => run.violations)"
        )
        return [
            f"{v['id']} ({v['impact']}): {node['html'][:120]} {node['failureSummary'][:200]}"
            for v in violations
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
        ]

    return found


@pytest.fixture(scope="session")
def sample_study():
    """The study of the bundled sample's Guangdong."""
    return gm.study(gm.read("sample", region="Guangdong"), lang="en", command="graphmap demo")


@pytest.fixture(scope="session")
def sample_page(sample_study, tmp_path_factory) -> Path:
    """Its page."""
    path = tmp_path_factory.mktemp("page") / "demo.html"
    gm.write_page(sample_study, path)
    return path
