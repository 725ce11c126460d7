"""The parts of a report, and making them: one after another, or by several processes at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from graphmap.errors import DataError, GraphmapError
from graphmap.i18n import Names, words
from graphmap.panel import Panel
from graphmap.render.exchange import FORMATS as NETWORKS
from graphmap.render.exchange import write_network
from graphmap.render.figures import FORMATS as PICTURES
from graphmap.render.figures import kinds_of, write_figures
from graphmap.render.files import write_all
from graphmap.render.page import write_page
from graphmap.render.slides import write_slides
from graphmap.render.summary import summary, summary_pdf
from graphmap.render.workbook import write_workbook


@dataclass(frozen=True)
class Part:
    """One thing to make: what it is, where it goes in its folder, and who makes it.

    ``lang`` is empty where it speaks all languages, ``files`` the names to make, as far as they
    are known before.
    """

    what: Names
    files: tuple[str, ...]
    make: Callable[[Path], Sequence[Path]]
    lang: str = ""


Work = Sequence[tuple[Path, Part]]
"""Each part, and the folder it is made in."""

Made = list[Path] | str
"""The files made, or why they cannot be."""


def made(
    panels: Sequence[Panel], folders: Sequence[Path], languages: Sequence[str], workers: int = 1
) -> Iterator[tuple[int, Made]]:
    """Make all parts of all panels; the place of each in ``work_of`` with what came of it.

    Args:
        panels: what they show; ``folders``: where each panel's parts go.
        languages: as for ``parts``.
        workers: processes. More than one start Python anew, so a script that asks for them has to
            be safe to import (``if __name__ == "__main__"``).

    Raises:
        DataError: a file cannot be written.
        GraphmapError: a process was ended from outside.
    """
    work = work_of(panels, folders, languages)
    if workers <= 1:
        yield from ((i, _made(folder, part)) for i, (folder, part) in enumerate(work))
        return
    pool = ProcessPoolExecutor(
        min(workers, len(work)),
        multiprocessing.get_context("spawn"),
        _begin,
        (panels, folders, languages),
    )
    try:
        found = {pool.submit(_made_by_worker, i): i for i in range(len(work))}
        for future in as_completed(found):
            yield found[future], future.result()
    except BrokenProcessPool as error:
        raise GraphmapError(
            "a process that drew the report was ended from outside; there may be too little memory"
        ) from error
    finally:  # what is being made is finished first, so that nothing is written afterwards
        pool.shutdown(cancel_futures=True)


def work_of(panels: Sequence[Panel], folders: Sequence[Path], languages: Sequence[str]) -> Work:
    """Every part of every panel, in the order of the index."""
    return [
        (folder, part)
        for panel, folder in zip(panels, folders, strict=True)
        for part in parts(panel, languages)
    ]


def _made(folder: Path, part: Part) -> Made:
    try:
        return list(part.make(folder))
    except DataError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno is not None:  # no other part would survive
            raise
        return str(error)


_work: Work = ()
"""What a worker process makes parts of."""


def _begin(panels: Sequence[Panel], folders: Sequence[Path], languages: Sequence[str]) -> None:
    """A worker begins: it leaves Ctrl-C to its parent, and ends when that does."""
    global _work  # noqa: PLW0603
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work = work_of(panels, folders, languages)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
    os._exit(1)


def _made_by_worker(i: int) -> Made:
    return _made(*_work[i])


def parts(panel: Panel, languages: Sequence[str]) -> Iterator[Part]:
    """Everything a report holds of a panel, in the order of its index.

    Example:
        >>> import graphmap as gm
        >>> shown = gm.panel(gm.study(gm.read("sample", region="CN-GD")))
        >>> [part.files[0] for part in parts(shown, ["en"])][:3]
        ['map.html', 'summary.en.html', 'slides.en.pptx']
    """
    page = ("map.html", "map.key-sectors.csv", "map.key-relations.csv")
    yield Part(words("report.page"), page, lambda folder: write_page(panel, folder / page[0]))
    for tag in languages:
        name = f"summary.{tag}.html"
        yield Part(words("report.summary"), (name,), partial(_summary, panel, tag, name), tag)
    for tag in languages:
        name = f"slides.{tag}.pptx"
        yield Part(words("report.slides"), (name,), partial(_slides, panel, tag, name), tag)
    yield Part(
        words("report.workbook"),
        ("workbook.xlsx",),
        lambda folder: [write_workbook(panel, folder / "workbook.xlsx")],
    )
    for suffix in NETWORKS:
        name = f"network{suffix}"
        yield Part(words("report.network"), (name,), partial(_network, panel, name))
    for kind in kinds_of(panel):
        for tag in languages:
            names = tuple(f"figures/{kind}.{tag}.{form}" for form in PICTURES)
            yield Part(words(f"figure.{kind}"), names, partial(_figure, panel, kind, tag), tag)
    for tag in languages:  # last: they are printed from the summaries
        name = f"summary.{tag}.pdf"
        yield Part(words("report.summary"), (name,), partial(_summary_pdf, panel, tag, name), tag)


def _summary(panel: Panel, tag: str, name: str, folder: Path) -> list[Path]:
    write_all({folder / name: summary(panel, tag)})
    return [folder / name]


def _summary_pdf(panel: Panel, tag: str, name: str, folder: Path) -> list[Path]:
    page = (folder / name).with_suffix(".html")  # drawn a moment ago, unless it could not be
    html = page.read_text(encoding="utf-8") if page.exists() else summary(panel, tag)
    write_all({folder / name: summary_pdf(html)})
    return [folder / name]


def _slides(panel: Panel, tag: str, name: str, folder: Path) -> list[Path]:
    return [write_slides(panel, folder / name, lang=tag)]


def _network(panel: Panel, name: str, folder: Path) -> list[Path]:
    return write_network(panel, folder / name)


def _figure(panel: Panel, kind: str, tag: str, folder: Path) -> list[Path]:
    return write_figures(panel, folder / "figures", kinds=[kind], languages=[tag])
