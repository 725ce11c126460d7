"""What a report was made from and with: the study, the hashes of its inputs, the versions."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from graphmap.errors import DataError
from graphmap.i18n import Names
from graphmap.panel import Panel
from graphmap.readers import edges
from graphmap.render.atlas_data import sources
from graphmap.render.folders import sha256
from graphmap.study_plan import Plan, PlannedSource

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "igraph",
    "leidenalg",
    "matplotlib",
    "jinja2",
    "babel",
    "lxml",
    "pillow",
    "pyarrow",
    "python-pptx",
    "xlsxwriter",
    "weasyprint",
    "pydyf",
    "fonttools",
)
"""Those whose version can change a byte of a report."""


def inputs_of(plan: Plan) -> list[dict[str, Any]]:
    """Every file that a study reads: name, role, SHA-256 and bytes; not where it lies.

    Raises:
        DataError: one of them cannot be read.

    Example:
        >>> found = inputs_of(Plan(Path("s.toml"), (PlannedSource(Path("sample"), kind="sample"),)))
        >>> found[0]["name"], found[0]["role"], len(found[0]["sha256"])
        ('graphmap/sample/recipe.csv', 'table', 64)
    """
    found = {}
    names = _names(plan)
    for source in plan.sources:
        for role, path, name in _files(source, names):
            try:
                found[role, path] = {
                    "name": name,
                    "role": role,
                    "sha256": sha256(path),
                    "bytes": path.stat().st_size,
                }
            except OSError as error:
                raise DataError("cannot be read", file=path, found=error.strerror) from error
    return list(found.values())


def _files(source: PlannedSource, names: dict[Path, str]) -> list[tuple[str, Path, str]]:
    """Role, path and name of each file of a source; the bundled sample is made of several."""
    if source.kind == "sample":
        folder = Path(str(files("graphmap.sample")))
        bundled = sorted(folder.glob("*.csv"))
        return [("table", path, f"graphmap/sample/{path.name}") for path in bundled]
    pair = None if source.listed else edges.pair_of(source.file)
    if pair:
        given = [("table", path, f"{names[source.file]}/{path.name}") for path in pair]
    else:
        given = [("flows" if source.listed else "table", source.file, names[source.file])]
    others = {"totals": source.totals, "emissions": source.emissions}
    return [*given, *((role, path, names[path]) for role, path in others.items() if path)]


def study_text(plan: Plan) -> str:
    """The study as a study file: what was asked for, with the names of files, not their folders.

    It runs again from a folder that holds the files named in it.

    Example:
        >>> print(study_text(Plan(Path("s.toml"), (PlannedSource(Path("sample"), kind="sample"),))))
        lang = "en"
        languages = ["en", "zh-Hans", "zh-Hant"]
        imports = "out"
        seed = 1
        thresholds = { top = 5 }
        <BLANKLINE>
        [[source]]
        file = "sample"
        <BLANKLINE>
    """
    names = _names(plan)
    thresholds = {"top": plan.top, "keep": plan.keep}
    lines = _lines(
        title=plan.title,
        lang=plan.lang,
        languages=plan.languages,
        weight=plan.weight,
        imports=plan.imports,
        seed=plan.seed,
        thresholds={key: value for key, value in thresholds.items() if value is not None},
    )
    for source in plan.sources:
        named = {"flows" if source.listed else "file": names.get(source.file, "sample")}
        others = {"totals": source.totals, "emissions": source.emissions}
        named |= {key: names[path] for key, path in others.items() if path}
        lines += ["", "[[source]]"]
        lines += _lines(
            **named,
            kind=None if source.kind == "sample" else source.kind,
            sheet=source.sheet,
            unit=source.unit,
            regions=source.regions,
            years=source.years,
            together=source.together or None,
            citation=source.citation or None,
        )
    return "\n".join(lines) + "\n"


def _names(plan: Plan) -> dict[Path, str]:
    """What study and manifest call the files of a plan, which says not where they lie.

    Files of one name in two folders keep as much of the folders as tells them apart.
    """

    def absolute(path: Path) -> Path:  # a link keeps the name it was asked for by
        return Path(os.path.normpath(path.absolute()))

    full = {
        path: absolute(path)
        for source in plan.sources
        for path in (source.file, source.totals, source.emissions)
        if path and not (source.kind == "sample" and path == source.file)
    }
    home = absolute(plan.file).parent
    names = {}
    for path, own in full.items():
        if own.is_relative_to(home):
            names[path] = own.relative_to(home).as_posix()
            continue
        others = [each.parts for each in full.values() if each != own]
        tails = (own.parts[-length:] for length in range(1, len(own.parts) + 1))
        tail = next(tail for tail in tails if all(tail != o[-len(tail) :] for o in others))
        names[path] = "/".join(tail).lstrip("/")
    return names


def _lines(**given: Any) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in given.items() if value is not None]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # the strings of JSON are those of TOML, but for one control character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def manifest(
    panels: Sequence[Panel],
    folders: Sequence[str],
    plan: Plan | None,
    inputs: Sequence[dict[str, Any]],
    command: str,
) -> dict[str, Any]:
    """What a report says of itself, but for its files: no date, no folder of this machine."""
    latest = panels[0].latest
    return {
        "generator": f"graphmap {importlib.metadata.version('graphmap')}",
        "command": command,
        "study": {
            "title": plan.title if plan else None,
            "weight": latest.weight,
            "keep": latest.keep,
            "top": latest.top,
            "imports": plan.imports if plan else None,
            "seed": latest.seed,
        },
        "panels": [
            {
                "folder": folder or ".",
                "title": panel.latest.title,
                "regions": panel.latest.regions,
                "years": [study.edition for study in panel.studies],
            }
            for folder, panel in zip(folders, panels, strict=True)
        ],
        "inputs": list(inputs),
        "sources": [source["en"] for source in sources(panels)],
        "versions": {"python": platform.python_version(), **_versions()},
    }


def _versions() -> dict[str, str]:
    """The versions of those libraries that are installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def merged(skipped: Sequence[tuple[str, Names]]) -> list[dict[str, Any]]:
    """What was skipped, by reason: the files, and why in three languages."""
    found: dict[str, dict[str, Any]] = {}
    for file, why in skipped:
        found.setdefault(why["en"], {"files": [], "why": why})["files"].append(file)
    return list(found.values())
