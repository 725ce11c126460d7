"""The one style of all figures: type, colours, title and source, and how files are saved."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import version
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from graphmap.i18n import Names, listed, words
from graphmap.panel import Panel
from graphmap.render.fonts import broken, drawable, families_for, family, line_height
from graphmap.render.palette import EDGE, INK, LINE, MUTED, PAPER

TITLE, SUBTITLE, LABEL, SMALL = 13.0, 9.0, 8.5, 7.0
"""Sizes of type in points."""

MARGIN = 14.0
"""Points between the paper's edge and what stands on it."""

GAP = 8.0
"""Points between title and drawing, and between drawing and source."""

Room = tuple[float, float, float, float]
"""Left, bottom, width and height of a place, in fractions of the figure, as ``Figure.add_axes``."""

_FRAMED: ContextVar[bool] = ContextVar("framed", default=True)


def style(lang: str) -> dict[str, Any]:
    """matplotlib's settings for figures in a language."""
    return {
        "font.family": family(lang),
        "font.size": LABEL,
        "text.color": INK,
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "text.hinting": "none",  # a text is as wide in pixels as in print
        "axes.unicode_minus": False,
        "axes.edgecolor": EDGE,
        "axes.labelcolor": MUTED,
        "axes.labelsize": LABEL,
        "axes.facecolor": PAPER,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": False,
        "grid.color": LINE,
        "grid.linewidth": 0.7,
        "xtick.color": EDGE,
        "ytick.color": EDGE,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": MUTED,
        "xtick.labelsize": LABEL - 0.5,
        "ytick.labelsize": LABEL - 0.5,
        "xtick.major.width": 0.8,
        "ytick.major.width": 0.8,
        "xtick.major.size": 3,
        "ytick.major.size": 3,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "savefig.bbox": "standard",
        "figure.dpi": 100,
        "path.simplify": False,
        "svg.fonttype": "path",  # looks the same where the font is not installed
        "svg.hashsalt": "graphmap",
        "pdf.fonttype": 3,
        "pdf.use14corefonts": False,
        "legend.frameon": False,
    }


@contextmanager
def styled(lang: str, *, framed: bool = True) -> Iterator[None]:
    """Within it figures are made and saved in the project's style, and nothing else is changed.

    Args:
        lang: the language of the texts.
        framed: with title and source; without where a slide or a page has its own.

    Raises:
        DataError: no font for the language is installed.
    """
    token = _FRAMED.set(framed)
    try:
        with mpl.rc_context():
            mpl.rcdefaults()  # a reader's own matplotlibrc must not change the figures
            settings: Any = style(lang)
            mpl.rcParams.update(settings)
            yield
    finally:
        _FRAMED.reset(token)


def sources_of(panel: Panel) -> Names:
    """The source line: who published the figures."""
    return words("page.source", sources=listed(panel.latest.publishers))


def sheet(
    panel: Panel, lang: str, size: tuple[float, float], title: Names, subtitle: Names | None = None
) -> tuple[Figure, Room]:
    """A figure with its title above and its source below, and the room left for the drawing.

    Args:
        panel: whose source is named.
        lang: the language.
        size: width and height in inches.
        title: what the figure shows.
        subtitle: what a reader has to know beside it: units, how much is shown.
    """
    fig = Figure(figsize=size)
    width, height = size[0] * 72, size[1] * 72
    if not _FRAMED.get():
        edge = 4.0
        return fig, (edge / width, edge / height, 1 - 2 * edge / width, 1 - 2 * edge / height)
    inner = width - 2 * MARGIN
    leading = line_height(lang) * 0.92

    def block(text: str, top: float, points: float, colour: str, *, bold: bool = False) -> float:
        lines = broken(text, inner, points, lang, bold)
        for line in lines:
            top -= points * leading
            fig.text(
                MARGIN / width,
                (top + points * leading * 0.26) / height,
                line,
                size=points,
                color=colour,
                weight="bold" if bold else "normal",
            )
        return top

    top = block(title[lang], height - MARGIN * 0.7, TITLE, INK, bold=True)
    if subtitle:
        top = block(subtitle[lang], top - 1, SUBTITLE, MUTED)
    foot = len(broken(sources_of(panel)[lang], inner, SMALL, lang)) * SMALL * leading
    foot += MARGIN * 0.6
    block(sources_of(panel)[lang], foot, SMALL, MUTED)
    top, foot = top - GAP, foot + GAP
    return fig, (MARGIN / width, foot / height, inner / width, (top - foot) / height)


def texts_of(fig: Figure) -> list[Text]:
    """Every text of a figure."""
    return [*fig.texts, *(text for axes in fig.axes for text in axes.texts)]


def finish(fig: Figure, lang: str) -> Figure:
    """Give every text fonts that can write all of it, and take out what cannot be drawn.

    Raises:
        DataError: no installed font has a character.
    """
    for text in texts_of(fig):
        wanted = drawable(text.get_text())
        if wanted != text.get_text():
            text.set_text(wanted)
        families = families_for([wanted], lang)
        if list(text.get_fontfamily()) != families:
            text.set_fontfamily(families)
    return fig


def saved(
    fig: Figure, lang: str, form: Literal["png", "svg", "pdf"], dpi: int, title: str, about: str
) -> bytes:
    """The figure as a file: the same bytes each time, since no file says when it was made."""
    made = f"graphmap {version('graphmap')}"
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": made, "Title": title, "Description": about},
        "svg": {"Date": None, "Creator": made, "Title": title, "Description": about},
        "pdf": {"CreationDate": None, "Creator": made, "Title": title, "Subject": about},
    }
    # half the time of the usual level for a tenth more bytes
    more: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if form == "png" else {}
    content = io.BytesIO()
    with styled(lang):
        fig.savefig(content, format=form, dpi=dpi, metadata=metadata[form], **more)
    return content.getvalue()
