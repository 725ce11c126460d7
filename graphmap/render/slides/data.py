"""The slides of numbers: key sectors, key relationships, paths, and other regions or years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from graphmap import statements as said
from graphmap.classification import region
from graphmap.i18n import Names, figure, number, plain, running, with_unit, words
from graphmap.network.partners import CLASSES, SIDES
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.render.figures.numbers import in_unit, readable
from graphmap.render.palette import CATEGORIES, ROLE, TINT_CARBON, TINT_MIDDLE
from graphmap.render.payload import MEASURES
from graphmap.render.slides.charts import bar_chart
from graphmap.render.slides.foot import notes
from graphmap.render.slides.parts import Deck, Run, new_slide, text_box
from graphmap.render.slides.phrases import (
    decimals,
    definitions,
    heading,
    in_table,
    quoted,
    rules,
    sources,
    told_beside,
)
from graphmap.render.slides.tables import Cell, table, words_cell
from graphmap.render.slides.template import Box
from graphmap.render.slides.text import cleaned, cut

SECTORS, LEADS, PATHS, REGIONS = 12, 8, 8, 31
"""Rows of the table of key sectors and of that of relationships, paths, and regions of a chart, at
most: more would have to be too small to read."""

WITH_CO2 = ("gross_output", "direct_co2", "direct_intensity", "footprint", "transmission")
WITHOUT_CO2 = ("gross_output", "upstreamness", "trophic_level", "betweenness", "priority")

CLASS_NAMES = {
    "high_carbon": "role.high_carbon",
    "high_output_or_transmission": "page.relations.middle",
    "other": "role.other",
}
TINTS = {"high_carbon": TINT_CARBON, "high_output_or_transmission": TINT_MIDDLE, "other": None}
HEADED, THICKEST = 0.6, 0.75
"""Inches of a chart's heading, and of a bar with the space around it at most."""

CAPTION, EASE = 0.25, 0.96
"""Inches for the line that says what a table leaves out; how full the rest may be, since a
reader's fonts may make rows higher."""


def key_sectors(deck: Deck) -> None:
    """The sectors that matter, the most important first, with every measure of the deck."""
    study, lang = deck.study, deck.lang
    slide = new_slide(deck, words("slides.key_sectors", place=study.place)[lang])
    wanted = WITH_CO2 if "direct_co2" in study.sectors else WITHOUT_CO2
    measures = [measure for measure in wanted if measure in study.sectors]
    shares = study.complete and "direct_co2" in study.sectors
    intervals = study.rank_intervals
    head = [words_cell(words("page.column.name")[lang], bold=True)]
    head += [words_cell(heading(deck, each), bold=True, align="r") for each in measures]
    if shares:
        share = with_unit(words("slides.share")[lang], "%", lang)
        head.insert(3, words_cell(share, bold=True, align="r"))
    head.append(words_cell(words("roles.column.role")[lang], bold=True))
    if intervals is not None:
        head.append(words_cell(words("page.column.robust")[lang], bold=True, align="r"))
    rows = []
    first = study.key_sectors.head(SECTORS)
    digits = {measure: decimals(deck, measure, first[measure]) for measure in measures}
    for node, row in first.iterrows():
        at = study.sectors.index.get_loc(node)
        cells = [Cell([Run("● ", colour=ROLE[row["role"]]), Run(deck.label(at), bold=True)])]
        cells += [words_cell(in_table(deck, m, row[m], digits[m]), align="r") for m in measures]
        if shares:
            total = float(study.sectors["direct_co2"].sum())
            share_of = 100 * row["direct_co2"] / total if total > 0 else float("nan")
            cells.insert(3, words_cell(number(share_of, lang, 1), align="r"))
        own = [words(f"role.{role}")[lang] for role in ROLES if row[role]]
        cells.append(words_cell(_listed(deck, own or [words("role.other")[lang]])))
        if intervals is not None:
            low, high = intervals.loc[node]
            cells.append(words_cell(f"{low}–{high}" if low != high else f"{low}", align="r"))
        rows.append(cells)
    _tabled(deck, slide, [head], rows, study.n, "page.key_sectors")
    notes(deck, slide, [*definitions(deck, [*measures, "priority"]), *rules(deck), *sources(deck)])


def relationships(deck: Deck) -> None:
    """In the form of the published articles: each high-carbon sector and with whom it deals."""
    study, lang, found = deck.study, deck.lang, deck.study.partners
    carbon = bool(study.sectors["high_carbon"].any())
    role = words("role.high_carbon" if carbon else "role.high_output")
    slide = new_slide(deck, words("slides.relations", place=study.place, role=running(role))[lang])
    sides = list(SIDES.values())
    # where nothing emits there is no high-carbon partner
    classes = [each for each in dict.fromkeys(CLASSES.values()) if carbon or each != "high_carbon"]
    top = [words_cell("")]
    for side in sides:
        text = words(f"page.relations.{side}")[lang]
        top.append(Cell([Run(text, bold=True)], "ctr", None, len(classes)))
    second = [words_cell(words("page.relations.sector", role=role)[lang], bold=True)]
    for each in classes * len(sides):
        name = words(CLASS_NAMES[each])[lang]
        second.append(words_cell(name, bold=True, align="ctr", tint=TINTS[each]))
    at = {node: i for i, node in enumerate(study.sectors.index)}
    rows = []
    for node, row in found.head(LEADS).iterrows():
        where = words(f"position.{row['position']}")[lang] if "position" in row else ""
        cells = [Cell([Run(deck.label(at[node]), bold=True)], under=where)]
        for side in sides:
            for each in classes:
                partners = row[f"{study.weight}_{side}_{each}"]
                text = _listed(deck, [deck.label(at[other]) for other in partners])
                cells.append(words_cell(text or "–", align="ctr", tint=TINTS[each]))
        rows.append(cells)
    _tabled(deck, slide, [top, second], rows, len(found), "page.key_relations")
    weight = words(f"page.help.{study.weight}")[lang]
    notes(deck, slide, [weight, *rules(deck), *sources(deck)])


def paths(deck: Deck) -> None:
    """Through which chains of suppliers final demand calls for emissions."""
    study, lang = deck.study, deck.lang
    found = across(study.paths).head(PATHS)
    slide = new_slide(deck, words("slides.paths", place=study.place)[lang])
    at = {node: i for i, node in enumerate(study.sectors.index)}
    final = words("slides.final_use")[lang]
    bars = []
    for path, co2 in zip(found["path"], found["co2"], strict=True):
        stages = " → ".join([*(deck.label(at[node]) for node in path), final])
        bars.append((stages, float(co2), ROLE[study.sectors["role"].iloc[at[path[0]]]]))
    digits = readable(min(abs(co2) for _, co2, _ in bars))
    series = with_unit(words("slides.path_co2")[lang], "Mt", lang)
    name = words("page.sankey.paths")[lang]
    _charted(deck, slide, deck.template.area, bars, series, digits, name)
    helped = words("slides.path_help")[lang]
    notes(deck, slide, [helped, *rules(deck, "high_carbon"), *sources(deck)])


def across(found: pd.DataFrame) -> pd.DataFrame:
    """Those paths that lead through different sectors, and not round within one."""
    return found[[len(set(path)) > 1 for path in found["path"]]]


class Bars(NamedTuple):
    """A chart of ``regions`` or ``years``: label, value and whether the bar is of the study."""

    of: str
    measure: str
    rows: list[tuple[Names, float, bool]]


def comparison(deck: Deck) -> None:
    """Beside other regions, or other years."""
    lang, area = deck.lang, deck.template.area
    told, charts = said.compared(deck.panel), beside(deck.panel)
    of = [key for key in ("regions", "years") if any(chart.of == key for chart in charts)]
    if not any(own for chart in charts for _, _, own in chart.rows):
        of = ["among"]  # all regions are studied, so none stands beside the others
    title = words(f"slides.comparison.{'_'.join(of)}", place=deck.study.place)
    slide = new_slide(deck, title[lang])
    room = area.width * (0.66 if told else 1.0)
    wide = (room - 0.25 * (len(charts) - 1)) / len(charts)
    for place, (_, measure, rows) in enumerate(charts):
        kind = MEASURES[measure]
        bars = [
            (name[lang], in_unit(value, kind, lang), CATEGORIES[0] if own else ROLE["other"])
            for name, value, own in rows
        ]
        digits = readable(float(np.nanmax([0.0, *(abs(value) for _, value, _ in bars)])))
        high = min(area.height, HEADED + THICKEST * len(bars))
        box = Box(area.left + place * (wide + 0.25), area.top, wide, high)
        series = heading(deck, measure)
        _charted(deck, slide, box, bars, series, digits, series)
    if told:
        left = area.left + room + 0.3
        place_of = Box(left, area.top + 0.1, area.right - left, area.height - 0.1)
        told_beside(deck, slide, place_of, told)
    measures = [*(measure for _, measure, _ in charts), *quoted(told)]
    texts = [each.text[lang] for each in told]
    notes(deck, slide, [*texts, *definitions(deck, measures), *sources(deck)])


def beside(panel: Panel) -> list[Bars]:
    """At most two charts: regions of the year, years of the region; none where it stands alone."""
    study, found = panel.latest, panel.totals
    known = [m for m in ("direct_co2", "direct_intensity") if m in found and found[m].notna().any()]
    measures = known or ["gross_output"]
    own = found["region"].isin(study.regions)
    now = said.totals_of_year(panel)
    ours = found[own & found["year"].notna()].sort_values("year")
    charts = []
    if len(now) > 1:
        charts += [
            Bars("regions", measure, _regions(now, measure, study.regions)) for measure in measures
        ]
    if len(study.regions) == 1 and len(ours) > 1:
        years = [
            (plain(str(year)), float(value), bool(year == study.year))
            for year, value in zip(ours["year"], ours[measures[0]], strict=True)
        ]
        charts[1:] = [Bars("years", measures[0], years)]
    return charts[:2]


def _regions(
    now: pd.DataFrame, measure: str, own: Sequence[str]
) -> list[tuple[Names, float, bool]]:
    """The largest regions and those of the study, the largest first."""
    ordered = now.sort_values(measure, ascending=False, kind="stable", na_position="last")
    ours = ordered["region"].isin(own)
    others = ordered[~ours].head(max(REGIONS - int(ours.sum()), 0))
    shown = ordered[ours | ordered.index.isin(others.index)].head(REGIONS)
    marked = not ours.all()  # where all regions are studied none stands out
    return [
        (region(code).name, float(value), marked and code in own)
        for code, value in zip(shown["region"], shown[measure], strict=True)
    ]


def _charted(
    deck: Deck,
    slide: Any,
    box: Box,
    bars: Sequence[tuple[str, float, str]],
    series: str,
    digits: int,
    name: str,
) -> None:
    """A chart whose alternative text has its numbers."""
    parts = [f"{label} {number(value, deck.lang, digits)}" for label, value, _ in bars]
    colon, stop = (": ", "; ") if deck.lang == "en" else ("：", "；")
    bar_chart(deck, slide, box, bars, series, digits, name, series + colon + stop.join(parts))


def _tabled(
    deck: Deck,
    slide: Any,
    head: Sequence[Sequence[Cell]],
    rows: Sequence[Sequence[Cell]],
    of: int,
    key: str,
) -> None:
    """A table over the whole slide, and below it how many rows there are of how many."""
    area, name = deck.template.area, words(key)[deck.lang]
    box = Box(area.left, area.top, area.width, EASE * (area.height - CAPTION))
    firsts = ["".join(run.text for run in row[0].runs) for row in rows]
    text = name + (": " if deck.lang == "en" else "：") + _listed(deck, map(cleaned, firsts))
    shown = table(deck, slide, box, head, rows, name, text)
    if shown < of:
        caption = words("slides.rows", shown=shown, count=figure(of))[deck.lang]
        place = Box(area.left, area.bottom - CAPTION, area.width, CAPTION)
        text_box(
            deck, slide, place, [[Run(cut(caption, 10, place[2:], deck.lang), colour="muted")]], 10
        )


def _listed(deck: Deck, names: Any) -> str:
    return (", " if deck.lang == "en" else "、").join(names)
