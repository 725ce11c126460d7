"""The slides of numbers: key sectors, key relationships, paths, and other regions or years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from graphmap.beside import compared, measure_compared, totals_by_year, totals_of_year
from graphmap.classification import region
from graphmap.i18n import Names, figure, number, plain, running, with_unit, words
from graphmap.network.partners import CLASSES, SIDES
from graphmap.network.roles import ROLES
from graphmap.panel import Panel
from graphmap.quoted import names_of_nodes
from graphmap.render.figures.numbers import in_unit, readable
from graphmap.render.palette import CATEGORIES, ROLE, TINT_CARBON, TINT_MIDDLE
from graphmap.render.payload import MEASURES
from graphmap.render.slides.charts import bar_chart
from graphmap.render.slides.foot import notes
from graphmap.render.slides.parts import CAPTION, Deck, Run, captioned, new_slide
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
from graphmap.render.slides.text import cleaned

SECTORS, LEADS, PATHS, REGIONS = 12, 8, 8, 14
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

EASE = 0.96
"""How full the room of a table may be, since a reader's fonts may make rows higher."""

LEADING = 3
"""Sectors that a title names."""


def key_sectors(deck: Deck) -> None:
    """The sectors that matter, the most important first, with every measure of the deck."""
    study, lang = deck.study, deck.lang
    names = names_of_nodes(study, list(map(str, study.key_sectors.index[:LEADING])))
    title = words("slides.key_sectors", place=study.place, names=names)
    slide = new_slide(deck, title[lang])
    wanted = WITH_CO2 if "direct_co2" in study.sectors else WITHOUT_CO2
    measures = [measure for measure in wanted if measure in study.sectors]
    shares = study.complete and "direct_co2" in study.sectors
    intervals = study.rank_intervals
    head = [_headed(words("page.column.name")[lang], "l")]
    head += [_headed(heading(deck, each)) for each in measures]
    if shares:
        head.insert(3, _headed(with_unit(words("slides.share")[lang], "%", lang)))
    head.append(_headed(words("roles.column.role")[lang], "l"))
    if intervals is not None:
        rank = "page.column.robust" if len(study.regions) == 1 else "slides.rank_in_region"
        head.append(_headed(words(rank)[lang]))
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
    shown = _tabled(deck, slide, [head], rows, "page.key_sectors")
    if shown < study.n:
        captioned(deck, slide, words("slides.rows", shown=shown, count=figure(study.n))[lang])
    notes(deck, slide, [*definitions(deck, [*measures, "priority"]), *rules(deck), *sources(deck)])


def _headed(text: str, align: str = "r") -> Cell:
    """A heading, what stands in brackets at its end below it."""
    name, unit = re.fullmatch(r"(.*?)(?:\s*[(（](.*)[)）])?", text).groups()  # type: ignore[union-attr]
    return Cell([Run(name, bold=True)], align, under=unit or "")


def relationships(deck: Deck) -> None:
    """In the form of the published articles: each high-carbon sector and with whom it deals."""
    study, lang, found = deck.study, deck.lang, deck.study.partners
    carbon = bool(study.sectors["high_carbon"].any())
    role = words("role.high_carbon" if carbon else "role.high_output")
    slide = new_slide(deck, _users(deck, role)[lang])
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
    _tabled(deck, slide, [top, second], rows, "page.key_relations")
    most = max(
        sum(len(row[f"{study.weight}_{side}_{each}"]) for each in classes)
        for _, row in found.iterrows()
        for side in sides
    )
    by = running(words(f"weight.{study.weight}"))
    key = "slides.relations_caption" + (".one" if most == 1 else "")
    captioned(deck, slide, words(key, count=figure(most), weight=by)[lang])
    weight = words(f"page.help.{study.weight}")[lang]
    notes(deck, slide, [weight, *rules(deck), *sources(deck)])


def _users(deck: Deck, role: Names) -> Names:
    """Title of the relationships: whom the sectors of the first column supply most."""
    study = deck.study
    bought = study.leverage[f"{study.weight}_bought"][~study.leverage["high"]].fillna(0.0)
    first = bought[bought > 0].nlargest(LEADING)
    values = {"place": study.place, "role": running(role)}
    if first.empty:
        return words("slides.relations", **values)
    names = names_of_nodes(study, list(map(str, first.index)))
    return words("slides.relations_users", names=names, **values)


def paths(deck: Deck) -> None:
    """Through which chains of suppliers final demand calls for emissions."""
    study, lang = deck.study, deck.lang
    found = study.paths_between.head(PATHS)
    at = {node: i for i, node in enumerate(study.sectors.index)}
    final = words("slides.final_use")[lang]
    bars = []
    for path, co2 in zip(found["path"], found["co2"], strict=True):
        stages = " → ".join([*(deck.label(at[node]) for node in path), final])
        bars.append((stages, float(co2), ROLE[study.sectors["role"].iloc[at[path[0]]]]))
    digits = readable(min(abs(co2) for _, co2, _ in bars))
    first, co2, _ = bars[0]
    amount = f"{number(co2, lang, digits)} Mt"
    slide = new_slide(deck, words("slides.paths", place=study.place, path=first, co2=amount)[lang])
    series = with_unit(words("slides.path_co2")[lang], "Mt", lang)
    name = words("page.sankey.paths")[lang]
    _charted(deck, slide, deck.template.area, bars, series, digits, name)
    helped = words("slides.path_help")[lang]
    notes(deck, slide, [helped, *rules(deck, "high_carbon"), *sources(deck)])


class Bars(NamedTuple):
    """A chart of ``regions`` or ``years``: label, value and whether the bar is of the study; how
    many of these are known."""

    of: str
    measure: str
    rows: list[tuple[Names, float, bool]]
    known: int


def comparison(deck: Deck) -> None:
    """Beside other regions, or other years."""
    lang, area = deck.lang, deck.template.area
    (first, *told), charts = compared(deck.panel), bars_of(deck.panel)
    slide = new_slide(deck, first.text[lang])
    room = area.width * (0.66 if told else 1.0)
    wide = (room - 0.25 * (len(charts) - 1)) / len(charts)
    for place, (_, measure, rows, _) in enumerate(charts):
        kind = MEASURES[measure]
        bars = [
            (name[lang], in_unit(value, kind, lang), CATEGORIES[0] if own else ROLE["other"])
            for name, value, own in rows
        ]
        digits = readable(float(np.nanmax([0.0, *(abs(value) for _, value, _ in bars)])))
        high = min(area.height - CAPTION, HEADED + THICKEST * len(bars))
        box = Box(area.left + place * (wide + 0.25), area.top, wide, high)
        series = heading(deck, measure)
        _charted(deck, slide, box, bars, series, digits, series)
    if told:
        left = area.left + room + 0.3
        place_of = Box(left, area.top + 0.1, area.right - left, area.height - 0.1)
        told_beside(deck, slide, place_of, told)
    cut = [chart.known for chart in charts if len(chart.rows) < chart.known]
    if cut:
        captioned(deck, slide, words("slides.regions_shown", shown=REGIONS, count=cut[0])[lang])
    measures = [*(chart.measure for chart in charts), *quoted(told)]
    texts = [each.text[lang] for each in (first, *told)]
    notes(deck, slide, [*texts, *definitions(deck, measures), *sources(deck)])


def bars_of(panel: Panel) -> list[Bars]:
    """At most two charts: regions of the year, years of the region; none where it stands alone."""
    study, measure = panel.latest, measure_compared(panel)
    now, ours = totals_of_year(panel), totals_by_year(panel)
    charts = []
    # others are drawn only where the text can set the study beside them
    if len(now) > 1 and now["region"].isin(study.regions).sum() >= min(2, len(study.regions)):
        measures = [measure, *(["direct_intensity"] if measure == "direct_co2" else [])]
        charts = [
            Bars("regions", each, _regions(now, each, study.regions), int(known))
            for each in measures
            if (known := now[each].notna().sum())
        ]
    if len(ours):
        years = [
            (plain(str(year)), float(value), bool(year == study.year))
            for year, value in zip(ours["year"], ours[measure], strict=True)
        ]
        charts[1:] = [Bars("years", measure, years, len(years))]
    return charts[:2]


def _regions(
    now: pd.DataFrame, measure: str, own: Sequence[str]
) -> list[tuple[Names, float, bool]]:
    """Regions with their ranks, the largest first: where they are too many the first and the last
    few, and between them those of the study with their neighbours."""
    ordered = now.dropna(subset=measure).sort_values(measure, ascending=False, kind="stable")
    ours = ordered["region"].isin(own).to_numpy()
    marked = not ours.all()  # where all regions are studied none stands out
    places, ends = np.arange(len(ordered)), REGIONS // 3
    middle = float(np.median(places[ours])) if marked and ours.any() else ends
    away = np.abs(places - middle)
    away[:ends] = away[len(places) - ends :] = -1
    shown = np.sort(np.argsort(away, kind="stable")[:REGIONS])
    return [
        (
            words("slides.ranked", rank=place + 1, name=region(ordered["region"].iloc[place]).name),
            float(ordered[measure].iloc[place]),
            bool(marked and ours[place]),
        )
        for place in shown
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
    key: str,
) -> int:
    """A table over the slide but for its caption, and how many rows of it there was room for."""
    area, name = deck.template.area, words(key)[deck.lang]
    box = Box(area.left, area.top, area.width, EASE * (area.height - CAPTION))
    firsts = ["".join(run.text for run in row[0].runs) for row in rows]
    text = name + (": " if deck.lang == "en" else "：") + _listed(deck, map(cleaned, firsts))
    return table(deck, slide, box, head, rows, name, text)


def _listed(deck: Deck, names: Any) -> str:
    return (", " if deck.lang == "en" else "、").join(names)
