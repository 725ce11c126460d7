"""A report: page, figures, slides, workbook, exchange files and summary, with an index.

It is written whole or not at all, and says of every file what it is and where it came from: two
runs of one study give the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, number, plain, words
from graphmap.panel import Panel
from graphmap.render.atlas import page_names
from graphmap.render.figures import KINDS, kinds_of
from graphmap.render.files import write_all
from graphmap.render.folders import refuse_folder, sha256, whole_folder
from graphmap.render.manifest import inputs_of, manifest, merged, study_text
from graphmap.render.page import template, text
from graphmap.render.parts import Made, Part, made, work_of
from graphmap.statements import headline
from graphmap.study_plan import Plan

MANIFEST, INDEX, STUDY = "manifest.json", "index.html", "study.toml"
WHAT = "a report"

MB, KB = 1e6, 1e3

Progress = Callable[[Names, int, int], None]
"""Told what has been made, how many parts are done, and of how many."""


def write_report(
    panels: Sequence[Panel],
    out: str | Path,
    *,
    plan: Plan | None = None,
    inputs: Sequence[dict[str, Any]] | None = None,
    command: str = "",
    languages: Sequence[str] | None = None,
    workers: int = 1,
    progress: Progress = lambda what, done, count: None,
) -> list[Path]:
    """Write the report into the folder ``out``, whole or not at all.

    What cannot be made for want of an optional library or a font is skipped; index and manifest
    say so, and what to install.

    Args:
        panels: one alone is written into ``out`` itself, several into a folder each.
        out: a new folder, an empty one, or a report, which is replaced unless a reader has changed
            something in it.
        plan: the study that was asked for, to be written down beside the hashes of its files.
        inputs: ``inputs_of`` the plan, taken before they were read; a file that was changed since
            ends in an error.
        command: how the report was asked for.
        languages: those of the figures, slides and summaries; the plan's if left out.
        workers: processes that make it, see ``parts.made``.
        progress: told what has been made.

    Returns:
        The files written, the index first.

    Raises:
        DataError: ``out`` holds something else or cannot be written, or an input was changed.
    """
    if not panels:
        raise DataError("a report of nothing", expected="a study of at least one region")
    out = Path(os.path.realpath(out))
    tags = tuple(languages or (plan.languages if plan else LANGUAGES))
    known = list(inputs) if inputs is not None else inputs_of(plan) if plan else []
    folders = page_names(panels) if len(panels) > 1 else [""]
    with whole_folder(out, MANIFEST, WHAT) as making:
        skipped = [
            (f"{folder}/figures/{kind}".lstrip("/"), words(f"report.needs.{kind}"))
            for folder, panel in zip(folders, panels, strict=True)
            for kind in KINDS
            if kind not in kinds_of(panel)
        ]
        places = [making / folder for folder in folders]
        work = work_of(panels, places, tags)
        results: dict[int, Made] = {}
        for i, result in made(panels, places, tags, workers):
            results[i] = result
            of = panels[places.index(work[i][0])] if len(panels) > 1 else None
            progress(_told(work[i][1], of), len(results), len(work))
        done: list[tuple[str, Part, list[str]]] = []
        for i, (place, part) in enumerate(work):
            folder = place.relative_to(making).as_posix().removeprefix(".")
            result = results[i]
            if isinstance(result, str):
                names = [f"{folder}/{name}".lstrip("/") for name in part.files]
                skipped += [(name, plain(result)) for name in names]
            else:
                files = [path.relative_to(making).as_posix() for path in result]
                done.append((folder, part, files))
        if plan and known != inputs_of(plan):
            raise DataError(
                "a file was changed while the report was made", file=plan.file, remedy="run again"
            )
        return _finish(making, out, panels, folders, plan, known, command, tags, done, skipped)


def refuse_report(out: str | Path) -> None:
    """Refuse, before anything is computed, to put a report where something else stands.

    Raises:
        DataError: as ``folders.refuse_folder``.
    """
    refuse_folder(out, MANIFEST, WHAT)


def _told(part: Part, of: Panel | None) -> Names:
    """A part in words, with its language, and the panel it is of where there are several."""
    what = words("report.of", what=part.what, place=of.latest.place) if of else part.what
    return {tag: f"{text} ({part.lang})" if part.lang else text for tag, text in what.items()}


def _finish(
    making: Path,
    out: Path,
    panels: Sequence[Panel],
    folders: Sequence[str],
    plan: Plan | None,
    inputs: Sequence[dict[str, Any]],
    command: str,
    tags: Sequence[str],
    made: Sequence[tuple[str, Part, list[str]]],
    skipped: Sequence[tuple[str, Names]],
) -> list[Path]:
    """Write study, index and manifest; the files of the whole report, where they will be."""
    files = [name for _, _, names in made for name in names]
    if plan:
        write_all({making / STUDY: study_text(plan)})
        files.append(STUDY)
    about = manifest(panels, folders, plan, inputs, command)
    missing = merged(skipped)
    lang = plan.lang if plan else panels[0].latest.lang
    shown = tags if lang in tags else (lang, *tags)
    html = template("report-index.html.j2").render(
        css=text("tokens.css") + text("report-index.css"),
        lang=lang,
        languages=[tag for tag in LANGUAGES if tag in shown],
        spoken=[tag for tag in LANGUAGES if tag in tags],
        word=words,
        title=(plan.title if plan else None) or _title(panels),
        about=about,
        groups=[
            {
                "title": panel.latest.title,
                "notice": panel.latest.notice,
                "finding": headline(panel).text,
                "rows": _rows([(p, names) for at, p, names in made if at == folder], making),
            }
            for folder, panel in zip(folders, panels, strict=True)
        ],
        study=_link(STUDY, making) if plan else None,
        manifest=MANIFEST,
        skipped=missing,
    )
    write_all({making / INDEX: html})
    files = [INDEX, *files]
    about["skipped"] = missing
    about["files"] = {
        name: {"sha256": sha256(making / name), "bytes": (making / name).stat().st_size}
        for name in files
    }
    write_all({making / MANIFEST: json.dumps(about, ensure_ascii=False, indent=2) + "\n"})
    return [out / name for name in (*files, MANIFEST)]


def _title(panels: Sequence[Panel]) -> Names:
    return panels[0].latest.title if len(panels) == 1 else words("report.title")


def _rows(made: Sequence[tuple[Part, list[str]]], making: Path) -> list[dict[str, Any]]:
    """A line of the index for each thing: its files in each language, or those of all."""
    found: dict[str, dict[str, Any]] = {}
    for part, names in made:
        row = found.setdefault(
            part.what["en"],
            {"what": part.what, "files": [], "by_language": {tag: [] for tag in LANGUAGES}},
        )
        files = row["by_language"][part.lang] if part.lang else row["files"]
        files += [_link(name, making) for name in names]
    return list(found.values())


def _link(name: str, making: Path) -> dict[str, Any]:
    size = (making / name).stat().st_size
    per, unit = (MB, "MB") if size >= MB else (KB, "kB")
    shown = {
        tag: f"{number(size / per, tag, 1 if size / per < 10 else 0)}\N{NO-BREAK SPACE}{unit}"
        for tag in LANGUAGES
    }
    last = name.rsplit("/", 1)[-1]
    return {"href": name, "name": last, "kind": last.rsplit(".", 1)[-1].upper(), "size": shown}
