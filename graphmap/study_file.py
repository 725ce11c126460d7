"""A study file: what a panel or an atlas is to show, in TOML, into a ``Plan``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap import readers, units
from graphmap.errors import DataError, nearest
from graphmap.i18n import LANGUAGES, Names, language, plain
from graphmap.network import TOP, WEIGHTS, FlowNetwork
from graphmap.network import keep as keep_flows
from graphmap.study_plan import Plan, PlannedSource, read_sources, studies

__all__ = ["Plan", "PlannedSource", "new_study_file", "read_sources", "read_study_file", "studies"]

TEXT, NUMBER, YES_NO, TABLE = "a text", "a whole number", "true or false", "a table of keys"
TEXTS, YEARS, REGIONS = "a list of texts", "a list of years", '"all" or a list of regions'
TITLE, SOURCES = "a text, or one a language", "[[source]] entries"

KEYS = {
    "title": TITLE,
    "lang": TEXT,
    "languages": TEXTS,
    "weight": TEXT,
    "imports": TEXT,
    "seed": NUMBER,
    "thresholds": TABLE,
    "source": SOURCES,
}
THRESHOLDS = {"top": NUMBER, "keep": TEXT}
SOURCE = {
    "file": TEXT,
    "flows": TEXT,
    "totals": TEXT,
    "emissions": TEXT,
    "kind": TEXT,
    "sheet": TEXT,
    "unit": TEXT,
    "regions": REGIONS,
    "years": YEARS,
    "together": YES_NO,
    "citation": TEXT,
}
"""The keys of a study file, of its thresholds and of a source, and what each is."""

OF_TABLES = ("emissions", "kind", "sheet", "unit", "together")
"""Keys that say nothing of a list of flows."""


def new_study_file() -> str:
    """A commented study file that runs as it is, on the bundled sample.

    Example:
        >>> "[[source]]" in new_study_file()
        True
    """
    return files("graphmap").joinpath("study_file.toml").read_text(encoding="utf-8")


def read_study_file(path: str | Path) -> Plan:
    """Read and check a study file; the sources themselves are not read yet.

    Raises:
        DataError: no such file, not TOML, an unknown key, a value of the wrong kind, or a source
            whose files are not there.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "study.toml"
        >>> _ = file.write_text(new_study_file(), encoding="utf-8")
        >>> read_study_file(file).sources[0].regions
        ('Guangdong', 'Zhejiang')
    """
    path = Path(path)
    try:
        if not path.is_file():
            raise DataError("no such file" if not path.exists() else "not a file", file=path)
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(
            "cannot be read as TOML",
            file=path,
            found=str(error),
            remedy="`graphmap study new FILE` writes one to begin with",
        ) from error
    except OSError as error:
        raise DataError("cannot be read", file=path, found=str(error.strerror)) from error
    _check(path, given, KEYS, "")
    limits = given.get("thresholds", {})
    _check(path, limits, THRESHOLDS, "thresholds.")
    if not given.get("source"):
        raise DataError("no [[source]]", file=path, expected="at least one, with file or flows")
    languages = tuple(
        _language(path, "languages", tag) for tag in given.get("languages", LANGUAGES)
    )
    lang = _language(path, "lang", given.get("lang", (languages or LANGUAGES)[0]))
    if lang not in languages:
        expected = "one of languages, " + ", ".join(languages)
        raise _wrong(path, "lang", lang, expected)
    plan = Plan(
        file=path,
        sources=tuple(_source(path, i, each) for i, each in enumerate(given["source"], start=1)),
        title=_title(path, given.get("title")),
        lang=lang,
        languages=languages,
        weight=given.get("weight"),
        keep=limits.get("keep"),
        top=limits.get("top", TOP),
        imports=given.get("imports", "out"),
        seed=given.get("seed", 1),
    )
    if plan.weight not in (None, *WEIGHTS):
        raise _wrong(path, "weight", plan.weight, "one of " + ", ".join(WEIGHTS))
    if plan.imports not in ("out", "inside"):
        raise _wrong(path, "imports", plan.imports, "'out' or 'inside'")
    if plan.top < 1:
        raise _wrong(path, "thresholds.top", plan.top, "1 or more")
    if not 0 <= plan.seed < 2**31 - 1:
        raise _wrong(path, "seed", plan.seed, "a whole number from 0 to 2147483646")
    if plan.keep is not None:
        _check_rule(path, plan.keep)
    return plan


def _check(path: Path, given: Mapping[str, Any], known: Mapping[str, str], where: str) -> None:
    """Refuse a key that is not known, and a value that is not what its key asks for."""
    for key, value in given.items():
        if key not in known:
            near = nearest(key, known, 1)
            raise DataError(
                f"unknown key {where}{key}",
                file=path,
                expected=f"perhaps {near[0]}" if near else "one of " + ", ".join(known),
            )
        if not _is(value, known[key]):
            raise _wrong(path, where + key, value, known[key])


def _is(value: object, kind: str) -> bool:
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    number = isinstance(value, int) and not isinstance(value, bool)
    languages = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    tables = isinstance(value, list) and all(isinstance(each, dict) for each in value)
    years = isinstance(value, list) and all(type(each) in (int, str) for each in value)
    return {
        TEXT: isinstance(value, str),
        NUMBER: number,
        YES_NO: isinstance(value, bool),
        TABLE: isinstance(value, dict),
        TEXTS: texts and bool(value),
        YEARS: years and bool(value),
        REGIONS: value == "all" or (texts and bool(value)),
        TITLE: isinstance(value, str) or languages,
        SOURCES: tables,
    }[kind]


def _wrong(path: Path, key: str, found: object, expected: str) -> DataError:
    shown = found if isinstance(found, str) else repr(found)
    return DataError(f"{key} is not what it should be", file=path, found=shown, expected=expected)


def _language(path: Path, key: str, text: str) -> str:
    try:
        return language(text)
    except DataError as error:
        raise _wrong(path, key, text, "one of " + ", ".join(LANGUAGES)) from error


def _title(path: Path, given: str | dict[str, str] | None) -> Names | None:
    """The title in each language; one that is left out takes the first that is given."""
    if not given:
        return None
    if isinstance(given, str):
        return plain(given)
    spelt = {_language(path, "title", tag): text for tag, text in given.items()}
    return {tag: spelt.get(tag, next(iter(spelt.values()))) for tag in LANGUAGES}


def _check_rule(path: Path, rule: str) -> None:
    """Read the rule by keeping some of the smallest network there is."""
    smallest = FlowNetwork(
        pd.DataFrame(index=["a", "b"]), sparse.csr_array(np.eye(2)[::-1]), "money", "10k_yuan"
    )
    try:
        keep_flows(smallest, rule)
    except DataError as error:
        raise DataError(f"thresholds.keep: {error}", file=path) from error


def _source(path: Path, number: int, given: Mapping[str, Any]) -> PlannedSource:
    """One [[source]] entry, its files looked for beside the study file."""
    where = f"source {number}: "
    _check(path, given, SOURCE, where)
    if ("file" in given) == ("flows" in given):
        raise DataError(
            f"{where}which file", file=path, found=", ".join(given), expected="either file or flows"
        )
    strange = [key for key in OF_TABLES if key in given] if "flows" in given else ["totals"]
    for key in strange:
        if key in given:
            other = "a table" if "flows" in given else "a list of flows"
            raise DataError(f"{where}{key} is for {other}", file=path, found=str(given[key]))
    bundled = given.get("file") == "sample" and not _has_sample(path.parent)
    there = {"file": Path("sample")} if bundled else {}
    for key in ("file", "flows", "totals", "emissions"):
        if key in given and key not in there:
            there[key] = _beside(path, f"{where}{key}", given[key])
    if given.get("kind") not in (None, *readers.NAMES):
        raise _wrong(path, f"{where}kind", given["kind"], "one of " + ", ".join(readers.NAMES))
    if "unit" in given:
        try:
            units.money_unit(given["unit"])
        except DataError as error:
            raise DataError(f"{where}unit: {error}", file=path) from error
    regions = given.get("regions", "all")
    return PlannedSource(
        file=there.get("file") or there["flows"],
        listed="flows" in given,
        totals=there.get("totals"),
        emissions=there.get("emissions"),
        # said, so that what is called so where the program runs is not taken for it
        kind=given.get("kind") or ("sample" if bundled else None),
        sheet=given.get("sheet"),
        unit=given.get("unit"),
        regions=None if regions == "all" else tuple(regions),
        years=tuple(given["years"]) if "years" in given else None,
        together=given.get("together", False),
        citation=given.get("citation", ""),
    )


def _has_sample(folder: Path) -> bool:
    """Whether a table of one's own is called ``sample``, which then is not the bundled one."""
    return (folder / "sample").is_file() or (folder / "sample" / "edges.csv").is_file()


def _beside(path: Path, key: str, name: str) -> Path:
    """A file named in a study file, which is looked for beside it."""
    found = path.parent / name
    try:
        there = found.exists()
    except OSError as error:  # a name that is too long
        raise DataError(f"{key}: {error.strerror}", file=path, found=f"{name[:60]}...") from error
    if there:
        return found
    near = nearest(found.name, [each.name for each in found.parent.glob("*")], 1)
    raise DataError(
        f"{key}: no such file",
        file=path,
        found=name,
        expected=f"perhaps {near[0]}" if near else f"a file in {path.parent}",
    )
