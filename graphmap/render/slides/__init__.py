"""A deck of slides for a regional report, with native tables, charts and speaker's notes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from graphmap.errors import DataError
from graphmap.first_steps import first_steps as steps_of
from graphmap.i18n import language, listed, words
from graphmap.panel import Panel
from graphmap.render.files import write_all
from graphmap.render.slides.data import (
    bars_of,
    comparison,
    key_sectors,
    paths,
    relationships,
)
from graphmap.render.slides.foot import footed
from graphmap.render.slides.pages import finding, first_steps, method, network, opening
from graphmap.render.slides.parts import Deck
from graphmap.render.slides.phrases import codes
from graphmap.render.slides.template import template_of

NEVER = datetime(2000, 1, 1)
"""When a deck was made: the same panel is the same bytes whenever it is made."""

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Page(NamedTuple):
    """A slide: what makes it, what it is called, and whether the data allow it."""

    make: Callable[[Deck], None]
    name: str
    needs: Callable[[Panel], object]


def _always(panel: Panel) -> bool:
    return True


PAGES = (
    Page(opening, "title", _always),
    Page(finding, "finding", _always),
    Page(network, "map", _always),
    Page(key_sectors, "key_sectors", _always),
    Page(relationships, "relations", lambda panel: len(panel.latest.partners)),
    Page(paths, "paths", lambda panel: len(panel.latest.paths_between)),
    Page(comparison, "comparison", bars_of),
    Page(first_steps, "first_steps", steps_of),
    Page(method, "method", _always),
)
"""The slides in their order."""


def deck(panel: Panel, lang: str | None = None, *, template: Path | str | None = None) -> bytes:
    """The deck of a panel as a PowerPoint file; the same panel gives the same bytes.

    Args:
        panel: what it shows; the latest year where it is of one.
        lang: its language; the panel's own if left out.
        template: a .pptx file whose size, layouts, fonts and colours are taken; its slides are not.

    Raises:
        DataError: an unknown language; no font for it; python-pptx is missing; a template that
            cannot be used.

    Example:
        >>> import graphmap as gm
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> deck(shown, "en")[:2]
        b'PK'
    """
    tag = language(lang or panel.latest.lang)
    built = template_of(template, tag)
    chosen = [page for page in PAGES if page.needs(panel)]
    left_out = tuple(words(f"slides.none.{p.name}") for p in PAGES if p not in chosen)
    made = Deck(built, panel, tag, left_out)
    short = words("slides.source_short", slide=len(chosen))[tag]
    full = words("slides.source", sources=listed(panel.latest.publishers), slide=len(chosen))[tag]
    told = codes(made)
    wordings = [f"{line} {told}" for line in (full, short)] if told else []
    for page in chosen:
        page.make(made)
        if page.make is not opening:
            slide = built.presentation.slides[-1]
            # the last slide has the sources themselves
            footed(made, slide, [*wordings, full, short] if page.make is not method else [""])
    about = built.presentation.core_properties
    about.title, about.subject = panel.latest.title[tag], panel.latest.subtitle[tag]
    about.author = about.last_modified_by = "graphmap"
    about.keywords = about.comments = about.category = ""
    about.language = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-HK"}[tag]
    about.created = about.modified = NEVER
    about.revision = 1
    return _packed(built.presentation)


def write_slides(
    panel: Panel,
    path: Path | str,
    *,
    lang: str | None = None,
    template: Path | str | None = None,
) -> Path:
    """Write the deck of a panel, whole or not at all.

    Returns:
        The file.

    Raises:
        DataError: as ``deck``; the name does not end in .pptx; the file cannot be written, or is
            the template.

    Example:
        >>> import graphmap as gm, tempfile
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> write_slides(shown, Path(tempfile.mkdtemp()) / "gd.pptx", lang="zh-Hans").name
        'gd.pptx'
    """
    target = Path(path)
    if target.suffix.lower() != ".pptx":
        raise DataError("unknown format", file=target, expected="a name ending in .pptx")
    if template is not None and target.exists() and target.samefile(template):
        raise DataError("would overwrite the template", file=target, remedy="choose another --out")
    write_all({target: deck(panel, lang, template=template)})
    return target


def _packed(presentation: Any) -> bytes:
    """The file, its parts without the time at which they were packed."""
    first, last = BytesIO(), BytesIO()
    presentation.save(first)
    with zipfile.ZipFile(first) as packed, zipfile.ZipFile(last, "w") as again:
        for entry in packed.infolist():
            named = zipfile.ZipInfo(entry.filename, ZIP_TIME)
            named.compress_type = zipfile.ZIP_DEFLATED
            named.external_attr = 0o600 << 16
            again.writestr(named, packed.read(entry))
    return last.getvalue()
