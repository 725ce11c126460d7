"""What stands beside a workbook's figures: other regions and years, checks, sources, meanings."""

from __future__ import annotations

import pandas as pd

from graphmap.classification import region
from graphmap.i18n import COLUMNS, Names, plain, running, words
from graphmap.leontief.rank import catalogue
from graphmap.panel import Panel
from graphmap.render.workbook.columns import (
    Column,
    Sheet,
    figures_of,
    head,
    measure_column,
    named,
    positions,
)
from graphmap.study import Study


def regions(panel: Panel, tag: str) -> Sheet:
    """Totals of every region and year known."""
    rows, study = panel.totals, panel.latest
    year = [None if pd.isna(each) else int(each) for each in rows["year"]]
    columns = [
        Column(words("page.column.region")[tag], rows[f"name_{COLUMNS[tag]}"].tolist()),
        Column(words("page.year")[tag], year, "year"),
        Column(head("region_id", tag), rows["region"].tolist()),
        Column(words("communities.sectors")[tag], rows["sectors"].tolist(), "whole"),
    ]
    for measure in ("gross_output", "direct_co2", "direct_intensity"):
        if measure in rows:
            columns.append(measure_column(study, measure, rows[measure], tag))
    if "largest_share" in rows:
        emitter = rows[f"largest_emitter_{COLUMNS[tag]}"]
        columns += [
            Column(head("largest_emitter", tag), emitter.where(emitter.notna(), "").tolist()),
            Column(
                words("atlas.indicator.largest_share")[tag], rows["largest_share"].tolist(), "share"
            ),
        ]
    for measure in ("gross_output", "direct_co2"):
        if measure in rows:
            name = running(words(f"measure.{measure}"))
            known, lacking = rows[f"sectors_with_{measure}"], rows[f"unknown_in_{measure}"]
            columns += [
                Column(words("workbook.sectors_with", measure=name)[tag], known.tolist(), "whole"),
                Column(words("workbook.unknown_in", measure=name)[tag], lacking.tolist(), "share"),
            ]
    return Sheet("regions", columns)


def years(panel: Panel, tag: str) -> Sheet:
    """The measures of every sector in every year, where there are several."""
    if len(panel.studies) < 2:
        return Sheet("years", [])
    shown = list(dict.fromkeys(m for study in panel.studies for m in figures_of(study)))
    frames, names = [], []
    for study, ids in zip(panel.studies, panel.ids, strict=True):
        rows = study.sectors.reindex(columns=[*shown, "role", "position"])
        frames.append(rows.assign(node=list(ids), year=study.year))
        names += named(study, tag).tolist()
    rows = pd.concat(frames, ignore_index=True)
    year = [None if pd.isna(each) else int(each) for each in rows["year"]]
    columns = [
        Column(words("page.column.id")[tag], rows["node"].tolist()),
        Column(words("page.column.name")[tag], names),
        Column(words("page.year")[tag], year, "year"),
        Column(words("roles.column.role")[tag], rows["role"].tolist(), "role"),
        Column(words("page.column.position")[tag], positions(rows["position"], tag)),
        *(measure_column(panel.latest, m, rows[m], tag) for m in shown),
    ]
    return Sheet("years", columns, frozen=3)


def checks(panel: Panel, tag: str) -> Sheet:
    """What the accounting checks found, of every year."""
    rows = [(study, finding) for study in panel.studies for finding in study.checks]
    names = {
        str(node): name
        for study, ids in zip(panel.studies, panel.ids, strict=True)
        for node, name in zip(study.sectors.index, named(study, tag), strict=True)
    }
    columns = [
        Column(words("page.year")[tag], [study.year for study, _ in rows], "year"),
        Column(head("severity", tag), [words(f"page.severity.{f.severity}")[tag] for _, f in rows]),
        Column(head("finding", tag), [f.text[tag] for _, f in rows]),
        Column(
            words("page.column.region")[tag],
            [region(f.region).name[tag] if f.region else "" for _, f in rows],
        ),
        Column(words("page.column.id")[tag], [f.sector for _, f in rows]),
        Column(words("page.column.name")[tag], [names.get(f.sector, "") for _, f in rows]),
    ]
    return Sheet("checks", columns)


def sources(panel: Panel, tag: str) -> Sheet:
    """Where the figures of every year come from, and what was done to them on the way."""
    rows = [(study, source) for study in panel.studies for source in study.sources]
    publisher: list[Names] = [
        words(f"publisher.{s.publisher}") if s.publisher else plain("") for _, s in rows
    ]
    columns = [
        Column(words("page.year")[tag], [study.year for study, _ in rows], "year"),
        Column(head("publisher", tag), [name[tag] for name in publisher]),
        Column(head("file", tag), [s.file for _, s in rows]),
        Column(head("sheet", tag), [s.sheet or "" for _, s in rows]),
        Column(head("citation", tag), [s.citation for _, s in rows]),
        Column(head("notes", tag), [" ".join(n[tag] for n in s.notes) for _, s in rows]),
    ]
    return Sheet("sources", columns)


def measures(study: Study, tag: str) -> Sheet:
    """What each measure of a sector is: name, unit, formula, source, meaning."""
    rows = [m for m in figures_of(study) if not m.startswith("share_")]
    known = {m: catalogue().get(m, {"formula": "", "source": ""}) for m in rows}
    columns = [
        Column(words("rank.measure")[tag], [measure_column(study, m, [], tag).head for m in rows]),
        Column(words("rank.meaning")[tag], [words(f"measure.{m}.help")[tag] for m in rows]),
        Column(words("rank.formula")[tag], [known[m]["formula"] for m in rows]),
        Column(words("rank.source")[tag], [known[m]["source"] for m in rows]),
    ]
    return Sheet("measures", columns, frozen=1)
