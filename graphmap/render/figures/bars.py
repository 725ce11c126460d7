"""Bars of the key sectors: what each emits itself, what its product calls for, what passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphmap.i18n import Names, figure, running, words
from graphmap.render.figures.columns import Row, column, draw_columns, rows_that_fit
from graphmap.render.figures.labels import paper
from graphmap.render.figures.numbers import (
    flow_kind,
    heading,
    partly_known,
    percent,
    quantity,
    sentence,
    sentences,
)
from graphmap.render.figures.style import sheet
from graphmap.render.palette import ROLE
from graphmap.render.payload import MEASURES
from graphmap.studied import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from graphmap.panel import Panel

COUNT, COLUMNS = 12, 3
"""Sectors and measures at most."""

CARBON = ("direct_co2", "footprint", "transmission")
LISTED = ("gross_output", "supply_strength", "use_strength")
"""What is shown of a sector, the second where the first are not known."""


def measures_of(study: Study) -> list[str]:
    """What the bars show of a study: three measures of those it has."""
    return [m for m in (*CARBON, *LISTED) if m in study.sectors][:COLUMNS]


def kind_of(measure: str, study: Study) -> str:
    """What kind of figure a measure is; strengths are in the unit of the study's flows."""
    return MEASURES.get(measure) or flow_kind(study)


def key_sectors(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """The first key sectors with a bar for each of three measures, all bars from zero.

    Columns of one unit have one scale, so that a bar can be compared with every other.

    Args:
        panel: the latest year is shown.
        lang: the language of all texts.
        size: width and height in inches.

    Example:
        >>> from graphmap import panel, sample, study
        >>> from graphmap.render.figures.style import styled
        >>> shown = panel(study(sample.table().select(["CN-GD"])))
        >>> with styled("en"):
        ...     key_sectors(shown, "en", (9, 6)).get_size_inches().tolist()
        [9.0, 6.0]
    """
    study = panel.latest
    title = heading(study, words("figure.key-sectors"))
    fig, room = sheet(panel, lang, size, title, key_sectors_described(panel))
    axes, width, height = paper(fig, room)
    shown = study.key_sectors.head(min(COUNT, rows_that_fit(height)))
    places = study.sectors.index.get_indexer(shown.index)
    rows = [
        Row(
            study.network.labels[i][lang],
            words(f"role.{role}")[lang] if role != "other" else "",
            ROLE[role],
            role != "other",
        )
        for i, role in zip(places, shown["role"], strict=True)
    ]
    columns = [
        column(m, kind_of(m, study), shown[m].to_numpy(float), study.currency, lang)
        for m in measures_of(study)
    ]
    draw_columns(axes, (width, height), rows, columns, lang)
    return fig


def key_sectors_described(panel: Panel) -> Names:
    """The largest sector by each measure, and what share of the first measure the bars show.

    Example:
        >>> from graphmap import panel, sample, study
        >>> print(key_sectors_described(panel(study(sample.table().select(["CN-GD"]))))["en"])
        Largest direct emissions: Electricity & heat, 300.0 Mt; largest footprint: Construction, \
76.4 Mt; largest transmission: Electricity & heat, 48.8 Mt. The 12 sectors shown make up 96 % of \
direct emissions.
    """
    study = panel.latest
    found = []
    for measure in measures_of(study):
        values = study.sectors[measure]
        if not values.max() > 0:
            continue
        i = int(np.nanargmax(values.to_numpy(float)))
        amount = quantity(values.iloc[i], kind_of(measure, study), study.currency)
        name = running(words(f"measure.{measure}"))
        label = study.network.labels[i]
        found.append(words("figure.bars.largest", measure=name, sector=label, amount=amount))
    first = measures_of(study)[0]
    whole, shown = study.sectors[first].sum(), study.key_sectors[first].head(COUNT).sum()
    if not study.complete or not whole > 0 or study.n <= COUNT:
        return sentences(sentence(found), partly_known(study, measures_of(study)))
    more = words(
        "figure.bars.share",
        count=figure(COUNT),
        share=percent(shown / whole),
        measure=running(words(f"measure.{first}")),
    )
    return sentences(sentence(found), more, partly_known(study, measures_of(study)))
