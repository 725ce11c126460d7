"""Over the years: a line a sector, the largest named where their lines end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from graphmap.errors import DataError
from graphmap.i18n import Names, figure, running, with_unit, words
from graphmap.render.figures.labels import cut, paper, roles_line, spread, write
from graphmap.render.figures.numbers import in_unit, quantity, sentences, tick_text, unit_of
from graphmap.render.figures.style import LABEL, SMALL, sheet
from graphmap.render.fonts import text_extent
from graphmap.render.palette import EDGE, LINE, MUTED, PAPER, ROLE
from graphmap.render.payload import MEASURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from graphmap.panel import Panel

LINES = 8
"""Sectors whose lines are coloured and named."""

LEFT, TOP, FOOT, WIDEST = 34.0, 30.0, 22.0, 150.0
"""Points for ticks, the name of the axis, the years, and the labels at the lines' ends."""


def series(panel: Panel) -> tuple[str, pd.DataFrame]:
    """The measure shown over the years, and its values: a row an id of the panel, a column a year.

    Direct emissions where two years or more have them, otherwise gross output; NaN where a year
    does not know a sector.

    Raises:
        DataError: fewer than two years are known.
    """
    dated = [
        (study, ids)
        for study, ids in zip(panel.studies, panel.ids, strict=True)
        if study.year is not None
    ]
    for measure in ("direct_co2", "gross_output"):
        columns = {
            study.year: pd.Series(study.sectors[measure].to_numpy(float), list(ids))
            for study, ids in dated
            if measure in study.sectors and study.sectors[measure].notna().any()
        }
        if len(columns) > 1:
            return measure, pd.DataFrame(columns)
    raise DataError(
        "trends need figures of two years or more", found=f"{len(dated)} year(s)", expected="two"
    )


def trends(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """A line a sector over the years; the largest coloured by role and named.

    Example:
        >>> from dataclasses import replace
        >>> from graphmap import panel, sample, study
        >>> from graphmap.render.figures.style import styled
        >>> table = sample.table().select(["CN-GD"])
        >>> years = [study(replace(table, year=year)) for year in (2012, 2017)]
        >>> with styled("en"):
        ...     trends(panel(years), "en", (9, 5.5)).get_size_inches().tolist()
        [9.0, 5.5]
    """
    study = panel.latest
    measure, known = series(panel)
    kind = MEASURES[measure]
    fig, room = sheet(panel, lang, size, heading_of_years(panel, known), trends_described(panel))
    axes, width, height = paper(fig, room)
    named = _named(panel, known)
    shown = known.map(lambda value: in_unit(value, kind, lang))

    places = study.sectors.index.get_indexer(_keys(panel, named))
    names = [cut(study.network.labels[i][lang], WIDEST, LABEL, lang, True) for i in places]
    last = [known.loc[node].dropna() for node in named]
    values = [quantity(row.iloc[-1], kind, study.currency)[lang] for row in last]
    values = [  # a line that ends early says when
        value if row.index[-1] == known.columns[-1] else f"{value} · {row.index[-1]}"
        for value, row in zip(values, last, strict=True)
    ]
    wide = max(
        text_extent(name, LABEL, lang, True)[0] + 6 + text_extent(value, SMALL, lang)[0]
        for name, value in zip(names, values, strict=True)
    )
    top, bottom, right = TOP, height - FOOT, width - wide - 22
    years = [int(year) for year in known.columns]
    ticks = _ticks(float(np.nanmax(shown.to_numpy(), initial=0.0)))
    high = max(ticks[-1], float(np.nanmax(shown.to_numpy(), initial=0.0))) * 1.02

    def x(year: int) -> float:
        return LEFT + (right - LEFT - 8) * (year - years[0]) / (years[-1] - years[0])

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / high

    _scales(
        axes, [(x(year), year) for year in years], [(y(t), t) for t in ticks], right, bottom, lang
    )
    name, unit = words(f"measure.{measure}")[lang], unit_of(kind, study.currency)[lang]
    write(axes, 0, top - 14, f"↑ {with_unit(name, unit, lang)}", colour=MUTED)
    roles = study.sectors["role"].iloc[places]
    roles_line(axes, width - 2, top - 14, list(roles), lang)
    at = [x(year) for year in years]
    for node, row in shown.iterrows():
        if node not in named:
            heights = [y(value) for value in row]
            axes.plot(at, heights, color=EDGE, linewidth=0.8, zorder=1, marker="o", markersize=1.6)
    ends = []
    for k, node in reversed(list(enumerate(named))):  # the most important on top
        row = shown.loc[node]
        colour = ROLE[roles.iloc[k]]
        heights = [y(value) for value in row]
        axes.plot(
            at,
            heights,
            color=colour,
            linewidth=2.0,
            marker="o",
            markersize=5,
            markeredgecolor=PAPER,
            markeredgewidth=0.8,
            zorder=3,
        )
    for node in named:
        row = shown.loc[node].dropna()
        ends.append((x(int(row.index[-1])), y(row.iloc[-1])))
    middles = spread([end[1] for end in ends], [12.0] * len(ends), top - 6, bottom + 6)
    for (from_x, from_y), middle, text, value in zip(ends, middles, names, values, strict=True):
        line = [from_x + 4, max(right - 2, from_x + 4), right + 8, right + 14]
        style: Any = (0, (1, 2)) if from_x < right - 12 else "-"
        heights = [from_y, from_y, middle, middle]
        axes.plot(line, heights, color=MUTED, linewidth=0.6, linestyle=style, zorder=2)
        write(axes, right + 17, middle, text, bold=True)
        beside = right + 23 + text_extent(text, LABEL, lang, True)[0]
        write(axes, beside, middle, value, size=SMALL, colour=MUTED)
    return fig


def heading_of_years(panel: Panel, known: pd.DataFrame) -> Names:
    """Place, first and last year, and what is shown."""
    span = f" {known.columns[0]}–{known.columns[-1]}"
    what = words("figure.trends")
    return words("figure.title", place=panel.latest.place, year=span, what=what)


def _keys(panel: Panel, nodes: list[str]) -> list[str]:
    """The study's own ids of ids of the panel."""
    own = dict(zip(panel.ids[-1], map(str, panel.latest.sectors.index), strict=True))
    return [own[node] for node in nodes]


def _named(panel: Panel, known: pd.DataFrame) -> list[str]:
    """Ids of those sectors of the latest year that were the largest in any year."""
    known = known[known.index.isin(panel.ids[-1])]
    order = known.max(axis=1).dropna().sort_values(ascending=False, kind="stable")
    return [str(node) for node in order.index[:LINES]]


def _ticks(most: float) -> list[float]:
    """Four to eight round numbers from nothing up to the largest value."""
    if not most > 0:
        return [0.0, 1.0]
    rough = most / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * s for s in (1, 2, 2.5, 5, 10) if power * s >= rough)
    return [round(k * step, 12) for k in range(int(most / step + 1e-9) + 1)]


def _scales(
    axes: Axes,
    years: list[tuple[float, int]],
    ticks: list[tuple[float, float]],
    right: float,
    bottom: float,
    lang: str,
) -> None:
    for y, value in ticks:
        axes.plot([LEFT, right], [y, y], color=LINE if value else EDGE, linewidth=0.8, zorder=0)
        text = tick_text(value, lang, ticks[1][1] - ticks[0][1])
        write(axes, LEFT - 5, y, text, size=LABEL - 0.5, colour=MUTED, ha="right")
    free = math.inf
    for x, year in reversed(years):  # the latest year always has its name
        wide = text_extent(str(year), LABEL, lang)[0]
        axes.plot([x, x], [bottom, bottom + 3], color=EDGE, linewidth=0.8)
        if x + wide / 2 + 4 < free:
            write(axes, x, bottom + 12, str(year), colour=MUTED, ha="center")
            free = x - wide / 2


def trends_described(panel: Panel) -> Names:
    """Which of the largest sectors changed most between the first year and the last.

    Example:
        >>> from dataclasses import replace
        >>> from graphmap import panel, sample, study
        >>> table = sample.table().select(["CN-GD"])
        >>> years = [study(replace(table, year=year)) for year in (2012, 2017)]
        >>> trends_described(panel(years))["en"].split(".")[0]
        'Thick and named are the 8 sectors with the largest figures, thin the others'
    """
    study = panel.latest
    measure, known = series(panel)
    named = _named(panel, known)
    first, last = known.columns[0], known.columns[-1]
    lines = words("figure.trends.lines", count=figure(len(named)))
    change = (known.loc[named, last] - known.loc[named, first]).abs().dropna()
    if not change.max() > 0:
        return lines
    node = str(change.idxmax())
    i = study.sectors.index.get_loc(_keys(panel, [node])[0])
    name = words(f"measure.{measure}")
    before, after = (
        quantity(float(known.at[node, year]), MEASURES[measure], study.currency)
        for year in (first, last)
    )
    all_known = known.loc[named, [first, last]].notna().all(axis=None)
    told = words(
        "figure.trends.change" if all_known else "figure.trends.change_known",
        measure=name if all_known else running(name),
        sector=study.network.labels[i],
        first=first,
        last=last,
        before=before,
        after=after,
    )
    return sentences(told, lines)
