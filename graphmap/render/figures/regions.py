"""Beside other regions: direct intensity and emissions, or gross output, the panel's own dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphmap.errors import DataError
from graphmap.i18n import COLUMNS, LANGUAGES, Names, figure, running, words
from graphmap.leontief.measures import TONNES_PER_MT
from graphmap.render.figures.columns import Row, column, draw_columns, rows_that_fit
from graphmap.render.figures.labels import paper, write
from graphmap.render.figures.numbers import heading, quantity, sentences
from graphmap.render.figures.style import SMALL, sheet
from graphmap.render.palette import INK, MUTED, ROLE
from graphmap.render.payload import MEASURES
from graphmap.totals import comparable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from graphmap.panel import Panel
    from graphmap.studied import Study


def beside(panel: Panel) -> tuple[list[str], pd.DataFrame]:
    """What regions are compared by, and those of the latest year, the highest first.

    Those whose totals lack something large stand last, with ``whole`` False.

    Raises:
        DataError: no other region is known.
    """
    known = panel.totals
    if len(known):
        year = panel.latest.year
        known = known[
            known["year"].isna() if year is None else known["year"].eq(year).fillna(False)
        ]
    if len(known) < 2:
        raise DataError("there is no other region of the year to compare with")
    carbon = "direct_co2" in known and known["direct_co2"].notna().any()
    measures = ["direct_intensity", "direct_co2"] if carbon else ["gross_output"]
    needed = ["gross_output", "direct_co2"] if carbon else ["gross_output"]
    whole = np.logical_and.reduce([comparable(known, measure) for measure in needed])
    found = known.assign(whole=whole & known[measures[0]].notna())
    order = [found["region"], -found[measures[0]].fillna(0.0), ~found["whole"]]
    return measures, found.iloc[np.lexsort(order)]


def regions(panel: Panel, lang: str, size: tuple[float, float]) -> Figure:
    """Regions by direct intensity and direct emissions, or gross output; the panel's own dark.

    Example:
        >>> from graphmap import panel, sample, study
        >>> from graphmap.render.figures.style import styled
        >>> table = sample.table()
        >>> shown = panel(study(table.select(["CN-GD"])), beside=[table])
        >>> with styled("en"):
        ...     regions(shown, "en", (9, 5)).get_size_inches().tolist()
        [9.0, 5.0]
    """
    study = panel.latest
    measures, known = beside(panel)
    title = heading(study, words("figure.regions"))
    fig, room = sheet(panel, lang, size, title, _ranking(panel))
    axes, width, height = paper(fig, room)
    own = _own(known, study)
    notes = []
    if not known["whole"].all():
        notes.append(words("figure.regions.incomplete")[lang])
    fitting = rows_that_fit(height - 14)
    if fitting < len(known):  # the first, and the panel's own wherever they stand
        notes.append(words("figure.regions.more", count=figure(len(known) - fitting))[lang])
        first = np.lexsort([np.arange(len(known)), ~own])[:fitting]
        known = known.iloc[np.sort(first)]
        own = _own(known, study)
    rows = [
        Row(name, "", INK if mine else ROLE["other"], bool(mine), not whole)
        for name, mine, whole in zip(
            known[f"name_{COLUMNS[lang]}"], own, known["whole"], strict=True
        )
    ]
    sums = known.loc[known["whole"]]
    columns = [
        column(
            measure,
            MEASURES[measure],
            # of what lacks its large sectors, nothing may be all that is known
            known[measure].where(known["whole"] | (known[measure] > 0)).to_numpy(float),
            study.currency,
            lang,
            (_together(sums), len(sums)) if measure == "direct_intensity" and len(sums) else None,
        )
        for measure in measures
    ]
    foot = 14.0 if notes else 0.0
    draw_columns(axes, (width, height - foot), rows, columns, lang)
    if notes:
        write(axes, 0, height - 4, " ".join(notes), size=SMALL, colour=MUTED)
    return fig


def _own(known: pd.DataFrame, study: Study) -> pd.Series:
    """Which regions are the panel's own among others; none where all of them are."""
    own = known["region"].isin(study.regions)
    return own & ~own.all()


def _together(known: pd.DataFrame) -> float:
    """Direct intensity of regions as one."""
    return float(known["direct_co2"].sum() / known["gross_output"].sum()) * TONNES_PER_MT


def regions_described(panel: Panel) -> Names:
    """Where the panel's region stands among those compared, and which is the highest.

    Example:
        >>> from graphmap import panel, sample, study
        >>> table = sample.table()
        >>> shown = panel(study(table.select(["CN-ZJ"])), beside=[table])
        >>> regions_described(shown)["en"].split(",")[0]
        'By direct intensity'
    """
    ranking = _ranking(panel)
    if beside(panel)[1]["whole"].all():
        return ranking
    return sentences(ranking, words("figure.regions.incomplete"))


def _ranking(panel: Panel) -> Names:
    study = panel.latest
    measures, known = beside(panel)
    ranked = known[known["whole"]]
    own = np.flatnonzero(ranked["region"].isin(study.regions))
    if not len(ranked):
        return words("figure.regions.none")
    kind = MEASURES[measures[0]]

    def name(k: int) -> Names:
        return {tag: ranked[f"name_{COLUMNS[tag]}"].iloc[k] for tag in LANGUAGES}

    def amount(k: int) -> Names:
        return quantity(float(ranked[measures[0]].iloc[k]), kind, study.currency)

    told = {
        "measure": running(words(f"measure.{measures[0]}")),
        "count": figure(len(ranked)),
        "highest": name(0),
        "most": amount(0),
    }
    if len(own) == 1 and own[0] > 0:
        k = int(own[0])
        rank = figure(k + 1)
        return words("figure.regions.rank", place=name(k), rank=rank, amount=amount(k), **told)
    return words("figure.regions.highest", lowest=name(-1), least=amount(-1), **told)
