"""A page in a real browser: waiting until it rests, and what covers what on it."""

from __future__ import annotations

from itertools import combinations

FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
ADDRESS_WRITTEN = "new Promise(done => setTimeout(done, 160))"  # asked for later, it fires later
AT_REST = (
    "typeof movement === 'undefined' || (asked === 0 && movement === null && coming === null"
    " && !handsOn() && performance.now() - gesture > SETTLES)"
)
"""Nothing on the map moves or waits to be painted; pages of an atlas have no map."""


def until(shown, expression: str) -> None:
    """Waits for an expression to become true; the page forbids what Playwright would wait with."""
    for _ in range(250):
        if shown.evaluate(expression):
            return
        shown.wait_for_timeout(40)
    raise AssertionError(expression)


def still(shown) -> None:
    """Waits until a page, and its address, show what it was told, however busy the machine is."""
    shown.evaluate(ADDRESS_WRITTEN)
    shown.evaluate(FRAMES)
    until(shown, AT_REST)
    shown.evaluate(FRAMES)  # the legend follows the map


def overlaps(boxes: list[dict[str, float]]) -> list[tuple[str, str]]:
    """The pairs of boxes, by their ids, of which one covers a part of the other."""
    return [
        (a["id"], b["id"])
        for a, b in combinations(boxes, 2)
        if a["left"] < b["right"]
        and b["left"] < a["right"]
        and a["top"] < b["bottom"]
        and b["top"] < a["bottom"]
    ]
