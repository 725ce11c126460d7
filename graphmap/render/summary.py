"""One A4 page on a panel: the finding, the map, the sectors and relationships, what to do first.

Every block has its room in millimetres and every text is measured before it is put there, so that
the page stays one page whatever the names are. It holds no script and asks nothing of any host.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd

from graphmap.errors import DataError
from graphmap.i18n import Names, language, number, plain, words
from graphmap.network.roles import leading
from graphmap.panel import Panel
from graphmap.render.figures import described, picture
from graphmap.render.page import template, text
from graphmap.render.palette import LINE, MUTED, ROLE
from graphmap.render.payload import IN_TABLE, IN_TABLE_WITHOUT_CO2, MEASURES, cited
from graphmap.render.slides.text import cleaned, cut, fitting
from graphmap.statements import evidence, first_steps, headline
from graphmap.studied import Study

SECTORS, RELATIONS, PATHS, EVIDENCE = 8, 5, 6, 4
"""How many rows each block has room for."""

DECIMALS = {"money": 1, "mass": 2, "intensity": 3, "index": 3, "share": 1}
"""As in the tables of the page."""

MM = 1 / 25.4
"""Inches a millimetre."""

CLASSES = {
    "high_carbon": "relations.class.high_carbon",
    "high_output_or_transmission": "page.relations.middle",
    "other": "relations.class.other",
}
"""Who stands on the other side of a relationship, and the key of its name."""

MAP = (11.0, 3.98)
"""Inches the map is drawn at; on paper it is 188 mm wide."""

FINDING = (180 * MM, 14.5 * MM)
FINDING_SIZES = (13, 12, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5)
"""Room of the finding, which is to stand whole: three lines of 10.5 points, four of 7.5."""

DPI = 200
"""Dots an inch as drawn; on paper they are 300."""


def summary(panel: Panel, lang: str | None = None) -> str:
    """The page as one string of HTML: the picture is inside, and nothing is loaded from elsewhere.

    Raises:
        DataError: no font for the language is installed, so that the map cannot be drawn.

    Example:
        >>> import graphmap as gm
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> '<html lang="en"' in summary(shown, "en")
        True
    """
    study = panel.latest
    tag = language(lang or study.lang)
    drawn = picture(panel, "map", tag, size=MAP, dpi=DPI, framed=False)
    finding = _line(headline(panel).text, tag)
    size = fitting(finding, FINDING, FINDING_SIZES, tag, bold=True) or FINDING_SIZES[-1]
    return template("summary.html.j2").render(
        tag=tag,
        css=text("tokens.css") + text("summary.css"),
        word=lambda key, **values: words(key, **values)[tag],
        title=cut(_line(study.title, tag), 15, (186 * MM, 8 * MM), tag, bold=True),
        subtitle=cut(_line(study.subtitle, tag), 8, (186 * MM, 4.5 * MM), tag),
        notice=study.notice and cut(_line(study.notice, tag), 8, (186 * MM, 4.5 * MM), tag),
        finding=cut(finding, size, FINDING, tag, bold=True),
        finding_size=size,
        picture=base64.b64encode(drawn).decode("ascii"),
        described=_line(described(panel, "map"), tag),
        evidence=_evidence(panel, tag),
        sectors=_sectors(study, tag),
        relations=_relations(study, tag),
        flows=_paths(study, tag) or _transactions(study, tag),
        steps=_steps(panel, tag),
        units=words("page.units.mass")[tag] if "direct_co2" in study.sectors else "",
        evidence_left=_first(EVIDENCE, len(evidence(panel)), tag, "report.evidence"),
        sources=cut(_sources(study, tag), 6.5, (186 * MM, 6.2 * MM), tag),
        generator=f"graphmap {version('graphmap')}",
    )


def summary_pdf(html: str) -> bytes:
    """The page as PDF through WeasyPrint; the same page gives the same bytes.

    Raises:
        DataError: WeasyPrint, or the pango it draws text with, is not installed.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as error:  # OSError: the package is there, pango is not
        raise DataError(
            "a PDF summary needs WeasyPrint and pango",
            found=str(error).splitlines()[0],
            remedy='run pip install "graphmap[pdf]", and apt-get install libpango-1.0-0 '
            "libpangoft2-1.0-0 where pango is missing",
        ) from error
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every subset it makes
    inside = URLFetcher(allowed_protocols={"data"})  # the page holds all it shows
    made: bytes = HTML(string=html, url_fetcher=inside).write_pdf()
    return made


def _line(names: Names, tag: str) -> str:
    return cleaned(names[tag])


def _short(study: Study, node: str, tag: str) -> str:
    """A sector as it is called in the map."""
    at = study.sectors.index.get_loc(node)
    assert isinstance(at, int)
    return _line(study.network.labels[at], tag)


def _evidence(panel: Panel, tag: str) -> list[dict[str, Any]]:
    """What the finding rests on, side by side."""
    shown, found = evidence(panel)[:EVIDENCE], []
    for each in shown:
        said = _line(each.text, tag)
        room = ((188 - 3 * (len(shown) - 1)) / len(shown) * MM - 3 * MM, 14 * MM)
        size = fitting(said, room, (7.5, 7, 6.5, 6), tag) or 6
        colour = ROLE.get(each.role, LINE)
        found.append({"text": cut(said, size, room, tag), "size": size, "colour": colour})
    return found


def _first(shown: int, count: int, tag: str, key: str = "report.first") -> str:
    """How many of all there is room for; nothing where it is for them all."""
    return words(key, shown=shown, count=count)[tag] if shown < count else ""


def _sectors(study: Study, tag: str) -> dict[str, Any]:
    """The first key sectors: heads with units, and rows of texts."""
    columns = IN_TABLE if "direct_co2" in study.sectors else IN_TABLE_WITHOUT_CO2
    shown = [measure for measure in columns if measure in study.sectors]
    rows = []
    for node, row in study.key_sectors.head(SECTORS).iterrows():
        rows.append(
            {
                "name": cut(_short(study, str(node), tag), 7.5, (32 * MM, 4.4 * MM), tag),
                "colour": ROLE[row["role"]],
                "position": words(f"position.{row['position']}")[tag],
                "role": words(f"role.{row['role']}")[tag],
                "figures": [_figure(row[m], MEASURES[m], tag) for m in shown],
            }
        )
    heads = [_head(study, m, tag) for m in shown]
    return {"heads": heads, "rows": rows, "first": _first(len(rows), study.n, tag)}


def _figure(value: float, kind: str, tag: str) -> str:
    """A figure of a measure in the reader's unit, as the tables of the page have it."""
    if pd.isna(value):
        return "–"
    per = {"money": 1e5 if tag == "en" else 1e4, "share": 0.01}.get(kind, 1.0)
    return number(float(value) / per, tag, DECIMALS[kind])


def _head(study: Study, measure: str, tag: str) -> dict[str, str]:
    name, kind = words(f"measure.{measure}")[tag], MEASURES[measure]
    key = f"{kind}.{study.currency}" if kind in ("money", "intensity") else kind
    return {"name": name, "unit": "" if kind == "index" else words(f"page.unit.{key}")[tag]}


def _relations(study: Study, tag: str) -> dict[str, Any]:
    """The table of the published maps: each high-carbon sector, its users and suppliers."""
    classes = [each for each in CLASSES if each != "high_carbon" or "direct_co2" in study.sectors]
    room = ((159 / 2 / len(classes) - 2) * MM, 9 * MM)
    rows = []
    for node, row in study.partners.head(RELATIONS).iterrows():
        cells = []
        for side in ("users", "suppliers"):
            for each in classes:
                names = [_short(study, n, tag) for n in row[f"{study.weight}_{side}_{each}"]]
                text = joined(names, tag, 6.5, room) if names else "–"
                cells.append({"text": text, "of": each})
        position = words(f"position.{row['position']}")[tag] if "position" in row else ""
        name = cut(_short(study, str(node), tag), 7, (27 * MM, 4 * MM), tag, bold=True)
        rows.append({"name": name, "position": position, "cells": cells})
    return {
        "role": words(f"role.{leading(study.sectors)}")[tag],
        "classes": classes,
        "heads": {each: words(key)[tag] for each, key in CLASSES.items()},
        "rows": rows,
        "first": _first(len(rows), len(study.partners), tag),
    }


def joined(names: Sequence[str], tag: str, size: float, room: tuple[float, float]) -> str:
    """Names as a list; those that do not fit are counted (and 2 more), not dropped.

    Example:
        >>> joined(["Coal", "Steel"], "en", 10, (5, 1))
        'Coal, Steel'
    """
    comma = ", " if tag == "en" else "、"
    said = comma.join(names)
    for shown in range(len(names) - 1, 0, -1):
        if fitting(said, room, [size], tag):
            break
        some = comma.join(names[:shown])
        said = words("report.more", names=some, more=len(names) - shown)[tag]
    return cut(said, size, room, tag)


def _paths(study: Study, tag: str) -> dict[str, Any] | None:
    """Where the carbon passes: the largest structural paths, the emitter first."""
    found = study.paths_between.head(PATHS)
    if found.empty:
        return None
    lines = [" → ".join(_short(study, node, tag) for node in path) for path in found["path"]]
    values = [words("page.figure.mass", n=number(co2, tag, 1))[tag] for co2 in found["co2"]]
    heading, amounts = words("report.paths")[tag], found["co2"].tolist()
    return _bars(heading, lines, values, amounts, tag, ROLE["high_carbon"])


def _transactions(study: Study, tag: str) -> dict[str, Any] | None:
    """Where there are no paths: the largest transactions between sectors."""
    found = study.transactions.head(PATHS)
    if found.empty:
        return None
    kind = "money" if study.weight == "money" else "mass"
    suffix = f".{study.currency}" if kind == "money" else ""
    lines = [
        f"{_short(study, one, tag)} → {_short(study, other, tag)}"
        for one, other in zip(found["supplier"], found["user"], strict=True)
    ]
    amounts = found[study.weight].tolist()
    values = [
        words(f"page.figure.{kind}{suffix}", n=_figure(amount, kind, tag))[tag]
        for amount in amounts
    ]
    weight = words(f"weight.{study.weight}")[tag]
    heading = words("report.transactions", weight=plain(weight[:1].lower() + weight[1:]))[tag]
    return _bars(heading, lines, values, amounts, tag, MUTED)


def _bars(
    heading: str,
    lines: Sequence[str],
    values: Sequence[str],
    amounts: Sequence[float],
    tag: str,
    colour: str,
) -> dict[str, Any]:
    longest, room = max(amounts), (72 * MM, 4 * MM)
    rows = []
    for line, value, amount in zip(lines, values, amounts, strict=True):
        size = fitting(line, room, (7, 6.5, 6), tag) or 6
        share = round(100 * amount / longest, 1) if longest > 0 else 0.0
        text = cut(line, size, room, tag)
        rows.append({"text": text, "size": size, "value": value, "share": share})
    return {"heading": heading, "rows": rows, "colour": colour}


def _steps(panel: Panel, tag: str) -> list[dict[str, Any]]:
    """What to do first, lever by lever, with the figures that support it."""
    found = []
    for step in first_steps(panel)[:3]:
        size, said = _fitted([_line(each.text, tag) for each in step.statements], tag)
        found.append(
            {
                "lever": words(f"report.lever.{step.lever}")[tag],
                "sectors": cut(_line(step.sectors, tag), 7.5, (90 * MM, 4 * MM), tag, bold=True),
                "size": size,
                "text": said,
            }
        )
    return found


def _fitted(said: Sequence[str], tag: str) -> tuple[float, str]:
    """As many whole statements as there is room for, where the others stand, and their size."""
    room = (89 * MM, 9 * MM)
    for count in range(len(said), 0, -1):
        more = [words("report.in_slides")[tag]] if count < len(said) else []
        joined_up = (". " if tag == "en" else "；").join([*said[:count], *more])
        if size := fitting(joined_up, room, (7, 6.5, 6), tag):
            return size, joined_up
    return 6, cut(said[0], 6, room, tag) if said else ""


def _sources(study: Study, tag: str) -> str:
    cites = "; ".join(_line(cited(source, sheet=False), tag) for source in study.sources)
    return words("page.source", sources=plain(cites))[tag]
