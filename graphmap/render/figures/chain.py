"""Where along the production chain sectors stand, and how carbon-intensive they are there."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from graphmap.i18n import Names, figure, running, with_unit, words
from graphmap.network import cut_points
from graphmap.network.networks import in_the_chain
from graphmap.network.position import POSITIONS
from graphmap.panel import Panel
from graphmap.render.figures.labels import (
    Box,
    Dot,
    beside,
    cut,
    name_dot,
    paper,
    roles_line,
    write,
)
from graphmap.render.figures.numbers import (
    flow_kind,
    heading,
    in_unit,
    log_ticks,
    partly_known,
    percent,
    quantity,
    sentence,
    sentences,
    tick_text,
    unit_of,
)
from graphmap.render.figures.style import LABEL, SMALL, sheet
from graphmap.render.fonts import text_extent
from graphmap.render.palette import EDGE, LINE, MUTED, PAPER, ROLE, WASH
from graphmap.studied import Study

LARGEST_DOT, SMALLEST_DOT = 20.0, 2.8
MANY = 160
"""More dots are drawn smaller."""

LEFT, HEAD, FOOT = 40.0, 52.0, 34.0
"""Points for the ticks, for the names of the thirds, and for the axis below."""

STRIP = 26.0
"""The foot of the picture, for sectors whose figure is zero."""

MOST_SURE, MOST_NAMED, WIDEST = 24, 60, 130.0
"""Key sectors that always have a label, sectors that may have one, and points it may take."""

HEIGHTS = {"direct_intensity": "intensity", "gross_output": "money", "supply_strength": "flow"}
"""What may be read upwards, the first that is known, and the kind of figure it is."""

SIDES: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")
AREAS = ("direct_co2", "gross_output", "supply_strength")


def _first(study: Study, measures: tuple[str, ...]) -> str:
    known = (m for m in measures if m in study.sectors and (study.sectors[m] > 0).any())
    return next(known, measures[-1])


def _kind(study: Study, measure: str) -> str:
    kind = {**HEIGHTS, "direct_co2": "mass"}[measure]
    return flow_kind(study) if kind == "flow" else kind


def _across(study: Study) -> tuple[str, pd.Series]:
    """The measure of the horizontal place, and how far to the right each sector stands."""
    if "upstreamness" in study.sectors:
        return "upstreamness", -study.sectors["upstreamness"]
    return "trophic_level", study.sectors["trophic_level"]


def chain(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """Each sector at its position in the chain (right) and its direct intensity (up, logarithmic).

    The thirds of the sectors are shaded and say what share of emissions is theirs.

    Example:
        >>> import graphmap as gm
        >>> from graphmap.render.figures import figure
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> figure(shown, "chain", "en").get_size_inches().tolist()
        [10.0, 6.0]
    """
    study = panel.latest
    title = heading(study, words("figure.chain"))
    fig, room = sheet(panel, lang, size, title)
    axes, width, height = paper(fig, room)
    upward, area = _first(study, tuple(HEIGHTS)), _first(study, AREAS)
    name, right = _across(study)
    rows = study.key_sectors
    known = rows[rows[upward].notna() & right.loc[rows.index].notna()]
    values = known[upward].map(lambda v: in_unit(v, _kind(study, upward), lang))
    positive = values[values > 0]
    strip = STRIP if len(positive) < len(values) else 0.0
    absent = len(rows) - len(known)
    frame = Box(LEFT, HEAD, width - 2, height - FOOT - strip - (12 if absent else 0))
    largest = LARGEST_DOT * min(1.0, math.sqrt(MANY / max(len(known), 1)))
    x, y = _domain(right.dropna()), _domain(np.log10(positive))
    # the largest dot stays below the cut points, which stand at the top
    y = y[0], y[1] + (y[1] - y[0]) * (largest + 14) / (frame.bottom - frame.top)
    across = (frame.right - frame.left) / (x[1] - x[0])
    up = (frame.bottom - frame.top) / (y[1] - y[0])
    taken = _thirds(axes, study, area, frame, strip, (x[0], across), lang)
    _axes(axes, study, upward, name, frame, strip, x, y, lang)
    what = words("page.picture.size", what=words(f"measure.{area}"))[lang]
    roles_line(axes, width - 2, 6, list(study.sectors["role"]), lang, before=what)

    most = float(known[area].max()) if len(known) else 0.0
    dots, texts = [], []
    for node, row in known.iterrows():
        value = float(values[node])
        level = (math.log10(value) - y[0]) * up if value > 0 else 8 - strip
        share = max(float(row[area]), 0.0) / most if most > 0 and row[area] > 0 else 0.0
        at = frame.left + (float(right[node]) - x[0]) * across, frame.bottom - level
        strong = row["role"] != "other"
        label = study.network.labels[study.sectors.index.get_loc(node)][lang]
        texts.append(cut(label, WIDEST, LABEL - 0.5, lang, strong))
        extent = text_extent(texts[-1], LABEL - 0.5, lang, strong)
        dots.append(Dot(*at, max(SMALLEST_DOT, largest * math.sqrt(share)), *extent))
    roles = [str(role) for role in known["role"]]
    order = sorted(range(len(dots)), key=lambda k: roles[k] == "other")
    for k in sorted(range(len(dots)), key=lambda k: -dots[k].radius):  # the small ones on top
        spot = (dots[k].x, dots[k].y)
        disc = Circle(spot, dots[k].radius, fc=ROLE[roles[k]], ec=PAPER, lw=0.8, alpha=0.9)
        disc.set_zorder(4)
        axes.add_artist(disc)
    sure = min(MOST_SURE, sum(role != "other" for role in roles))
    unnamed = [Dot(d.x, d.y, d.radius) for d in (dots[k] for k in order[MOST_NAMED:])]
    inside = Box(frame.left, frame.top, frame.right, frame.bottom + strip)
    places = beside([*(dots[k] for k in order[:MOST_NAMED]), *unnamed], inside, taken, sure=sure)
    for k, place in zip(order, places, strict=True):
        if place:
            name_dot(axes, dots[k], place, texts[k], key=roles[k] != "other")
    if absent:
        note = words("page.scatter.absent", count=figure(absent))[lang]
        write(axes, 0, height - 5, note, size=SMALL, colour=MUTED)
    return fig


def _domain(values: pd.Series) -> tuple[float, float]:
    """From the smallest to the largest, with some room."""
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    pad = 0.06 * (high - low) or 0.5
    return low - pad, high + pad


def _cuts(study: Study) -> list[float]:
    """Where the thirds meet, as the measure counts them."""
    return [abs(cut) for cut in cut_points(in_the_chain(study.networks["money"]))]


def _shares(study: Study, area: str) -> dict[str, float]:
    """What part of a total the sectors of each third have; NaN where the total is not known."""
    values = study.sectors[area]
    total = float(values.sum()) if study.complete and values.notna().all() else math.nan
    parts = values.groupby(study.sectors["position"]).sum()
    return {name: float(parts.get(name, 0.0)) / total if total else math.nan for name in POSITIONS}


def _third(study: Study, area: str, position: str) -> Names:
    count = int((study.sectors["position"] == position).sum())
    share = _shares(study, area)[position]
    known = "figure.chain.third_unknown" if math.isnan(share) else "figure.chain.third"
    return words(
        known,
        position=words(f"position.{position}"),
        count=figure(count),
        share=percent(share),
        measure=running(words(f"measure.{area}")),
    )


def _thirds(
    axes: Axes,
    study: Study,
    area: str,
    frame: Box,
    strip: float,
    place: tuple[float, float],
    lang: str,
) -> list[Box]:
    """Shade the outer thirds, write above each what it is and has; the boxes of the cut points."""
    first, across = place
    sign = -1 if "upstreamness" in study.sectors else 1
    edges = [frame.left + (sign * value - first) * across for value in _cuts(study)]
    edges = [min(max(edge, frame.left), frame.right) for edge in edges]
    bounds = [frame.left, *edges, frame.right]
    high = frame.bottom + strip - frame.top
    for left, right in (bounds[:2], bounds[2:]):
        axes.add_artist(Rectangle((left, frame.top), right - left, high, fc=WASH, lw=0, zorder=0))
    # names stand in thirds of the paper, since the bands may be too narrow for them
    third = (frame.right - frame.left) / 3
    for k, position in enumerate(POSITIONS):
        text = cut(_third(study, area, position)[lang], third - 8, LABEL - 0.5, lang, True)
        x = (frame.left, (frame.left + frame.right) / 2, frame.right)[k]
        side = SIDES[k]
        write(axes, x, frame.top - 8, text, size=LABEL - 0.5, colour=MUTED, bold=True, ha=side)
    taken = []
    for value, edge in zip(_cuts(study), edges, strict=True):
        axes.plot(
            [edge, edge], [frame.top, frame.bottom + strip], color=EDGE, lw=0.9, ls=(0, (3, 2))
        )
        text = tick_text(value, lang, 0.01)
        write(axes, edge + 3, frame.top + 7, text, size=SMALL, colour=MUTED)
        wide = text_extent(text, SMALL, lang)[0]
        taken.append(Box(edge - 1, frame.top, edge + 5 + wide, frame.top + 13))
    return taken


def _axes(
    axes: Axes,
    study: Study,
    upward: str,
    name: str,
    frame: Box,
    strip: float,
    x: tuple[float, float],
    y: tuple[float, float],
    lang: str,
) -> None:
    foot = frame.bottom + strip
    across = (frame.right - frame.left) / (x[1] - x[0])
    up = (frame.bottom - frame.top) / (y[1] - y[0])
    reach = x[1] - x[0]
    step = next(s for s in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, reach) if reach / s <= 10)
    for k in range(math.ceil(x[0] / step), math.floor(x[1] / step) + 1):
        at = frame.left + (k * step - x[0]) * across
        axes.plot([at, at], [foot, foot + 3], color=EDGE, linewidth=0.8)
        text = figure(abs(k * step), 1 if step < 1 else 0)[lang]
        write(axes, at, foot + 10, text, size=LABEL - 0.5, colour=MUTED, ha="center")
    for place, value in log_ticks(*y):
        at = frame.bottom - (place - y[0]) * up
        axes.plot([frame.left, frame.right], [at, at], color=LINE, linewidth=0.7, zorder=0.5)
        text = tick_text(value, lang, value)
        write(axes, frame.left - 5, at, text, size=LABEL - 0.5, colour=MUTED, ha="right")
    if strip:
        at = foot - 8
        write(axes, frame.left - 5, at, "0", size=LABEL - 0.5, colour=MUTED, ha="right")
        axes.plot([frame.left, frame.right], [frame.bottom + 2] * 2, color=EDGE, lw=0.7)
    axes.plot([frame.left, frame.right], [foot, foot], color=EDGE, linewidth=0.8)
    unit = unit_of(_kind(study, upward), study.currency)[lang]
    height = with_unit(words(f"measure.{upward}")[lang], unit, lang)
    write(axes, 0, frame.top - 26, f"↑ {height}", colour=MUTED)
    write(axes, frame.left, foot + 24, words("page.upstream")[lang], colour=MUTED)
    measure = words(f"measure.{name}")[lang]
    middle = (frame.left + frame.right) / 2
    write(axes, middle, foot + 24, measure, colour=MUTED, ha="center")
    write(axes, frame.right, foot + 24, words("page.downstream")[lang], colour=MUTED, ha="right")


def chain_described(panel: Panel) -> Names:
    """What share of emissions each third of the chain has, and where intensity is highest.

    Example:
        >>> import graphmap as gm
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> chain_described(shown)["en"].split(";")[0]
        'Upstream: 14 sectors, 92 % of direct emissions'
    """
    study = panel.latest
    upward, area = _first(study, tuple(HEIGHTS)), _first(study, AREAS)
    parts = [_third(study, area, position) for position in POSITIONS]
    values = study.sectors[upward].to_numpy(float)
    if np.nanmax(values, initial=0.0) > 0:
        i = int(np.nanargmax(values))
        parts.append(
            words(
                "figure.chain.highest",
                measure=running(words(f"measure.{upward}")),
                sector=study.network.labels[i],
                amount=quantity(float(values[i]), _kind(study, upward), study.currency),
            )
        )
    return sentences(sentence(parts), partly_known(study, [upward]))
