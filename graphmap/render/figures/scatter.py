"""Output against emission intensity: a sector between large and small, clean and dirty."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from graphmap.i18n import Names, figure, running, with_unit, words
from graphmap.leontief.measures import TONNES_PER_MT
from graphmap.render.figures.labels import (
    Box,
    Dot,
    Point,
    beside,
    cut,
    name_dot,
    paper,
    roles_line,
    write,
)
from graphmap.render.figures.numbers import (
    MONEY_UNITS,
    heading,
    in_unit,
    log_ticks,
    partly_known,
    quantity,
    sentence,
    sentences,
    tick_text,
    unit_of,
)
from graphmap.render.figures.style import LABEL, SMALL, sheet
from graphmap.render.fonts import text_extent
from graphmap.render.palette import EDGE, LINE, MUTED, PAPER, ROLE, WASH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from graphmap.panel import Panel
    from graphmap.studied import Study

LARGEST_DOT, SMALLEST_DOT = 22.0, 2.6
STRIP = 30.0
"""The foot of the picture, for sectors without emissions."""

LEFT, HEAD, FOOT = 40.0, 34.0, 32.0
"""Room for ticks and names of the axes."""

MOST_SURE, MOST_NAMED, WIDEST = 24, 60, 130.0
"""Key sectors that always have a label, sectors that may have one, and points it may take."""

APART = 4.0
"""Points between two labels side by side."""

ISO_LINES = 4

Domain = tuple[float, float]


def output_intensity(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """Each sector at its gross output (right) and direct intensity (up), both logarithmic.

    On a slanting line all sectors emit the same. Sectors without emissions stand at the foot; those
    without output or data are counted below.

    Example:
        >>> from graphmap import panel, sample, study
        >>> from graphmap.render.figures.style import styled
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> with styled("en"):
        ...     output_intensity(shown, "en", (9, 6.2)).get_size_inches().tolist()
        [9.0, 6.2]
    """
    study = panel.latest
    title = heading(study, words("figure.output-intensity"))
    fig, room = sheet(panel, lang, size, title, output_intensity_described(panel))
    axes, width, height = paper(fig, room)
    rows = study.key_sectors
    producing = rows[(rows["gross_output"] > 0) & rows["direct_intensity"].notna()]
    emitting = producing[producing["direct_intensity"] > 0]
    strip = STRIP if len(emitting) < len(producing) else 0.0
    frame = Box(LEFT, HEAD, width - 2, height - FOOT - strip)

    x = _domain(producing["gross_output"] / MONEY_UNITS[lang], (0.0, 1.0))
    y = _domain(emitting["direct_intensity"], (-2.0, 0.0))
    right = (frame.right - frame.left) / (x[1] - x[0])
    up = (frame.bottom - frame.top) / (y[1] - y[0])

    def at(output: float, intensity: float) -> tuple[float, float]:
        level = (math.log10(intensity) - y[0]) * up if intensity > 0 else 9 - strip
        place = math.log10(in_unit(output, "money", lang)) - x[0]
        return frame.left + place * right, frame.bottom - level

    order = producing.iloc[_in_order(producing)]
    most = float(emitting["direct_co2"].max()) if len(emitting) else 0.0
    dots, texts = _dots(study, order, at, lang)
    roles = list(order["role"])

    _axes(axes, frame, x, y, strip, lang, study.currency)
    taken = _iso_lines(axes, frame, x, y, most, lang)
    if strip:
        text = words("page.scatter.zero")[lang]
        write(axes, frame.left + 5, frame.bottom + strip - 22, text, size=SMALL, colour=MUTED)
        wide = text_extent(text, SMALL, lang)[0]
        top = frame.bottom + strip - 28
        taken.append(Box(frame.left, top, frame.left + wide + 10, top + 12))
    area = words("page.legend.size", what=words("measure.direct_co2"))[lang]
    roles_line(axes, width - 2, 6, roles, lang, before=area)
    # key sectors on others, and small dots on large ones
    for k in sorted(range(len(dots)), key=lambda k: (roles[k] != "other", -dots[k].radius)):
        place = (dots[k].x, dots[k].y)
        style: Any = {"edgecolor": PAPER, "linewidth": 0.8, "alpha": 0.9, "zorder": 4}
        axes.add_artist(Circle(place, dots[k].radius, facecolor=ROLE[roles[k]], **style))
    sure = min(MOST_SURE, sum(role != "other" for role in roles))
    inside = Box(frame.left, frame.top, frame.right, frame.bottom + strip)
    for k, found in enumerate(beside(dots, inside, taken, sure=sure)):
        if found:
            name_dot(axes, dots[k], found, texts[k], key=roles[k] != "other")
    absent = len(rows) - len(producing)
    if absent:
        note = words("page.scatter.absent", count=figure(absent))[lang]
        write(axes, 0, height - 5, note, size=SMALL, colour=MUTED)
    return fig


def _dots(
    study: Study, order: pd.DataFrame, at: Callable[[float, float], Point], lang: str
) -> tuple[list[Dot], list[str]]:
    """A dot a sector, its area growing with emissions, and the texts of those that may have one."""
    most = max(float(order["direct_co2"].max()), 0.0) if len(order) else 0.0
    fewer = max(0.4, min(1.0, (MOST_NAMED / max(len(order), 1)) ** 0.25))
    dots, texts = [], []
    for k, (node, row) in enumerate(order.iterrows()):
        there = at(row["gross_output"], row["direct_intensity"])
        share = max(row["direct_co2"], 0) / most if most > 0 else 0.0
        text, wide, high = "", 0.0, 0.0
        if k < MOST_NAMED:
            name = study.network.labels[study.sectors.index.get_loc(node)][lang]
            text = cut(name, WIDEST, LABEL - 0.5, lang, row["role"] != "other")
            wide, high = text_extent(text, LABEL - 0.5, lang, row["role"] != "other")
        radius = max(SMALLEST_DOT, LARGEST_DOT * fewer * math.sqrt(share))
        dots.append(Dot(*there, radius, wide + APART if text else 0.0, high))
        texts.append(text)
    return dots, texts


def _in_order(producing: pd.DataFrame) -> list[int]:
    """Whose label goes first: key sectors, then the others, each by priority."""
    key = [k for k, role in enumerate(producing["role"]) if role != "other"]
    return key + [k for k, role in enumerate(producing["role"]) if role == "other"]


def _domain(values: pd.Series, default: Domain) -> Domain:
    """Powers of ten between which the values lie, with some room."""
    if not len(values):
        return default
    low, high = math.log10(values.min()), math.log10(values.max())
    pad = 0.08 * (high - low) or 0.5
    return low - pad, high + pad


def _axes(
    axes: Axes, frame: Box, x: Domain, y: Domain, strip: float, lang: str, currency: str
) -> None:
    foot = frame.bottom + strip
    right = (frame.right - frame.left) / (x[1] - x[0])
    up = (frame.bottom - frame.top) / (y[1] - y[0])
    for place, value in log_ticks(*x):
        at = frame.left + (place - x[0]) * right
        axes.plot([at, at], [frame.top, foot], color=LINE, linewidth=0.7, zorder=0)
        text = tick_text(value, lang, value)
        write(axes, at, foot + 8, text, size=LABEL - 0.5, colour=MUTED, ha="center")
    for place, value in log_ticks(*y):
        at = frame.bottom - (place - y[0]) * up
        axes.plot([frame.left, frame.right], [at, at], color=LINE, linewidth=0.7, zorder=0)
        text = tick_text(value, lang, value)
        write(axes, frame.left - 5, at, text, size=LABEL - 0.5, colour=MUTED, ha="right")
    if strip:
        corner = (frame.left, frame.bottom + 2)
        wide = frame.right - frame.left
        axes.add_artist(Rectangle(corner, wide, strip - 2, color=WASH, linewidth=0, zorder=0.5))
    axes.plot([frame.left, frame.right], [foot, foot], color=EDGE, linewidth=0.8)
    across = with_unit(words("measure.gross_output")[lang], unit_of("money", currency)[lang], lang)
    upward = with_unit(
        words("measure.direct_intensity")[lang], unit_of("intensity", currency)[lang], lang
    )
    write(axes, frame.right, foot + 22, f"{across} →", colour=MUTED, ha="right")
    write(axes, 0, frame.top - 10, f"↑ {upward}", colour=MUTED)


def _iso_lines(axes: Axes, frame: Box, x: Domain, y: Domain, most: float, lang: str) -> list[Box]:
    """Lines of equal emissions, which slant since both scales are logarithmic; their labels."""
    taken: list[Box] = []
    right = (frame.right - frame.left) / (x[1] - x[0])
    up = (frame.bottom - frame.top) / (y[1] - y[0])
    first = math.floor(math.log10(most)) if most > 0 else 0
    for power in range(first, first - ISO_LINES, -1):
        # Mt is 10 thousand of money times t per 10 thousand over a million
        total = power + math.log10(TONNES_PER_MT) - math.log10(MONEY_UNITS[lang])
        start, end = max(x[0], total - y[1]), min(x[1], total - y[0])
        if start >= end or most <= 0:
            continue
        xs = [frame.left + (place - x[0]) * right for place in (start, end)]
        ys = [frame.bottom - (total - place - y[0]) * up for place in (start, end)]
        axes.plot(xs, ys, color=EDGE, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        text = quantity(10.0**power, "mass", "", max(0, -power))[lang]
        wide, high = text_extent(text, SMALL, lang)
        # beside the upper end of the line, a little way down it
        slope = (ys[1] - ys[0]) / (xs[1] - xs[0])
        here = xs[0] + 8 + high / (2 * slope)
        there = ys[0] + (here - xs[0]) * slope
        box = Box(here + 3, there - high / 2, here + 5 + wide, there + high / 2)
        if box.within(frame) and not any(box.meets(other) for other in taken):
            taken.append(box)
            write(axes, box.left + 1, there, text, size=SMALL, colour=MUTED, halo=True)
    return taken


def output_intensity_described(panel: Panel) -> Names:
    """The sector of the highest intensity beside the mean of all, and the largest.

    Example:
        >>> from graphmap import panel, sample, study
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> print(output_intensity_described(shown)["en"])
        Highest direct intensity: Electricity & heat, 5.26 t/CNY 10k, 25 times the mean of all \
sectors; largest gross output: Electronics, CNY 3,300 bn.
    """
    study = panel.latest
    known = study.sectors.dropna(subset=["gross_output", "direct_co2"])
    output, emitted = known["gross_output"].sum(), known["direct_co2"].sum()
    parts = []
    intensity = study.sectors["direct_intensity"].to_numpy(float)
    if np.nanmax(intensity, initial=0.0) > 0 and output > 0:
        i = int(np.nanargmax(intensity))
        times = intensity[i] / (emitted / output * TONNES_PER_MT)
        parts.append(
            words(
                "figure.scatter.intensity",
                sector=study.network.labels[i],
                amount=quantity(intensity[i], "intensity", study.currency),
                times=figure(times, 0 if times >= 10 else 1),
            )
        )
    size = study.sectors["gross_output"].to_numpy(float)
    if np.nanmax(size, initial=0.0) > 0:
        i = int(np.nanargmax(size))
        parts.append(
            words(
                "figure.bars.largest",
                measure=running(words("measure.gross_output")),
                sector=study.network.labels[i],
                amount=quantity(size[i], "money", study.currency),
            )
        )
    return sentences(sentence(parts), partly_known(study, ["direct_intensity", "gross_output"]))
