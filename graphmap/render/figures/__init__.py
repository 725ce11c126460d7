"""Every figure by its kind: what the data allow, drawn and written in three formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from graphmap.errors import DataError
from graphmap.i18n import Names, language, words
from graphmap.panel import Panel
from graphmap.render.files import write_all

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Size = tuple[float, float]


class Kind(NamedTuple):
    """Where a figure is drawn, how large, and what it cannot be drawn without."""

    module: str
    draw: str
    size: Size
    needs: Callable[[Panel], bool]


def _carbon(panel: Panel) -> bool:
    return "direct_intensity" in panel.latest.sectors


def _flows(panel: Panel) -> bool:
    return panel.latest.backbone.edges > 0


def _asked(module: str, name: str) -> Callable[[Panel], bool]:
    """Ask the function that gathers a figure's data, which raises where they do not do."""

    def needs(panel: Panel) -> bool:
        try:
            getattr(import_module(f"{__name__}.{module}"), name)(panel)
        except DataError:
            return False
        return True

    return needs


_KINDS = {
    "map": Kind("network", "network_map", (11.0, 7.2), lambda panel: True),
    "key-sectors": Kind("bars", "key_sectors", (9.0, 6.0), lambda panel: True),
    "output-intensity": Kind("scatter", "output_intensity", (9.0, 6.2), _carbon),
    "table": Kind("table", "table", (10.0, 9.0), _flows),
    "sankey": Kind("sankey", "sankey", (10.0, 6.5), _flows),
    "chain": Kind("chain", "chain", (10.0, 6.0), lambda panel: True),
    "trends": Kind("trends", "trends", (9.0, 5.5), _asked("trends", "series")),
    "regions": Kind("regions", "regions", (9.0, 7.0), _asked("regions", "beside")),
}

KINDS = tuple(_KINDS)
"""Every kind of figure, in the order they are told."""

FORMATS = ("png", "svg", "pdf")
DPI = 300


def _kind(kind: str) -> Kind:
    if kind not in _KINDS:
        raise DataError("unknown figure", found=kind, expected=f"one of {', '.join(KINDS)}")
    return _KINDS[kind]


def _made_by(kind: str, suffix: str = "") -> Callable[..., object]:
    """The function that draws a kind, or tells of it; imported when it is asked for."""
    found = _kind(kind)
    module = import_module(f"{__name__}.{found.module}")
    return cast(Callable[..., object], getattr(module, found.draw + suffix))


def kinds_of(panel: Panel) -> list[str]:
    """The kinds of figure that the data of a panel allow.

    Example:
        >>> import graphmap as gm
        >>> found = kinds_of(gm.panel(gm.study(gm.read("sample", region="CN-GD"))))
        >>> "map" in found, "trends" in found
        (True, False)
    """
    return [name for name, kind in _KINDS.items() if kind.needs(panel)]


def figure(
    panel: Panel,
    kind: str,
    lang: str | None = None,
    size: Size | None = None,
    *,
    framed: bool = True,
) -> Figure:
    """One figure of a panel.

    Args:
        panel: what it shows; the latest year where it is of one.
        kind: one of ``KINDS``.
        lang: its language; the panel's own if left out.
        size: width and height in inches; each kind has its own.
        framed: with title and source line; without where a slide has its own.

    Raises:
        DataError: an unknown kind, or one that the data do not allow; no font for the language.

    Example:
        >>> import graphmap as gm
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> figure(shown, "map", "en").get_size_inches().tolist()
        [11.0, 7.2]
    """
    # here, so that commands without figures do not wait for matplotlib
    from graphmap.render.figures.style import finish, styled  # noqa: PLC0415

    found, tag = _kind(kind), language(lang or panel.latest.lang)
    if not found.needs(panel):
        raise DataError(
            f"these data do not allow the figure {kind}",
            expected=f"one of {', '.join(kinds_of(panel))}",
        )
    with styled(tag, framed=framed):
        drawn = cast("Figure", _made_by(kind)(panel, tag, size or found.size))
        return finish(drawn, tag)


def described(panel: Panel, kind: str) -> Names:
    """What a figure shows in a sentence made from its numbers: caption and alternative text."""
    return cast(Names, _made_by(kind, "_described")(panel))


def picture(
    panel: Panel,
    kind: str,
    lang: str | None = None,
    *,
    format: str = "png",
    size: Size | None = None,
    dpi: int = DPI,
    framed: bool = True,
) -> bytes:
    """One figure as a PNG, SVG or PDF file; the same panel gives the same bytes.

    Raises:
        DataError: as ``figure``, or an unknown format.

    Example:
        >>> import graphmap as gm
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> picture(shown, "map", "en", dpi=50)[:4]
        b'\\x89PNG'
    """
    tag = language(lang or panel.latest.lang)
    return _files(panel, kind, tag, (_format(format),), size, dpi, framed)[format]


def _format(text: str) -> Literal["png", "svg", "pdf"]:
    if text not in FORMATS:
        raise DataError("unknown format", found=text, expected=f"one of {', '.join(FORMATS)}")
    return cast(Literal["png", "svg", "pdf"], text)


def _files(
    panel: Panel,
    kind: str,
    tag: str,
    formats: Sequence[str],
    size: Size | None,
    dpi: int,
    framed: bool,
) -> dict[str, bytes]:
    """One figure in several formats, drawn once."""
    from graphmap.render.figures.style import saved  # noqa: PLC0415

    drawn = figure(panel, kind, tag, size, framed=framed)
    title = f"{panel.latest.title[tag]} – {words(f'figure.{kind}')[tag]}"
    about = described(panel, kind)[tag]
    return {form: saved(drawn, tag, _format(form), dpi, title, about) for form in formats}


def write_figures(
    panel: Panel,
    folder: Path | str,
    *,
    kinds: Sequence[str] | None = None,
    formats: Sequence[str] = FORMATS,
    languages: Sequence[str] | None = None,
    size: Size | None = None,
    dpi: int = DPI,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Path]:
    """Write figures into a folder as ``map.zh-Hans.png``: all of them or none.

    Args:
        panel: what they show.
        folder: where to; it is made if need be.
        kinds: which; all that the data allow if left out.
        formats: some of ``FORMATS``.
        languages: one file a language; the panel's own alone if left out.
        size: width and height in inches; each kind has its own.
        dpi: dots per inch of PNG files.
        progress: called after each figure with how many are drawn.

    Returns:
        The files, in the order of kinds, languages and formats.

    Raises:
        DataError: as ``figure``; an unknown format; the folder cannot be written.
    """
    chosen = list(dict.fromkeys(kinds if kinds is not None else kinds_of(panel)))
    tags = list(dict.fromkeys(map(language, languages or [panel.latest.lang])))
    forms = list(dict.fromkeys(map(_format, formats)))
    for kind in chosen:  # before anything is drawn
        _kind(kind)
    files: dict[Path, str | bytes] = {}
    for kind in chosen:
        for tag in tags:
            for form, content in _files(panel, kind, tag, forms, size, dpi, True).items():
                files[Path(folder) / f"{kind}.{tag}.{form}"] = content
            progress(len(files) // len(forms))
    write_all(files)
    return list(files)
