"""Files and folders that pymrio reads: saved systems, and the databases its parsers know.

==============  =====================================  =======================
what            recognised by                          read with
==============  =====================================  =======================
saved system    ``file_parameters.json``               ``pymrio.load_all``
EXIOBASE 3      the same, with its satellites          ``pymrio.parse_exiobase3``
OECD ICIO       columns such as ``CHN_HFCE``           ``pymrio.parse_oecd``
WIOD 2013       the codes ``c1`` to ``c35``            ``pymrio.parse_wiod``
Eora26          ``Eora26_2015_bp_T.txt``               ``pymrio.parse_eora26``
GLORIA          ``GLORIA_MRIOs_59_2020...`` beside     ``pymrio.parse_gloria``
                ``GLORIA_ReadMe...``
==============  =====================================  =======================

Each as a folder or, where the parser can, as the archive that is downloaded.
"""

from __future__ import annotations

import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.readers.error_cells import refuse_large
from graphmap.readers.labels import year_of
from graphmap.readers.pymrio_bridge import from_pymrio, imported
from graphmap.readers.pymrio_record import RECORD

PARAMETERS = "file_parameters.json"
EXIOBASE = {"satellite", "impacts", "air_emissions"}
"""Extensions that only EXIOBASE 3 calls so; one of them is enough."""

EORA = re.compile(r"Eora26_(\d{4})_(bp|pp)_T\.txt")
GLORIA = re.compile(r"GLORIA_MRIOs_(\d+)_(\d{4})")
OECD = re.compile(r"[A-Z][A-Z0-9]{2}_HFCE|HFCE_[A-Z][A-Z0-9]{2}")

HEADER = 4_000_000
"""Bytes in which the first line of an OECD table ends."""


@dataclass(frozen=True)
class Found:
    """A database in a place: its name, its year where the place says it, how it is read."""

    name: str
    year: int | None
    read: Callable[[Any], Any]


def recognises_path(path: str | Path) -> bool:
    """Whether pymrio reads what is at ``path``, told from its content.

    Example:
        >>> recognises_path("no such file")
        False
    """
    return any(True for _ in _found(Path(path)))


def read_path(path: str | Path, *, year: int | None = None, unit: str | None = None) -> IOTable:
    """The table at ``path``.

    Args:
        year: which, where a folder holds several.
        unit: money unit of the figures, where the database's own is not known.

    Raises:
        DataError: nothing here that pymrio reads, not that year, or the files are not whole.

    Example:
        >>> import tempfile, pymrio
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = pymrio.load_test().save_all(folder)
        ...     read_path(folder).n
        48
    """
    path = Path(path)
    every = list(_found(path))
    if not every:
        raise DataError("nothing that pymrio reads", file=path, expected="one of its databases")
    chosen = [each for each in every if year in (None, each.year)] or [
        each for each in every if each.year is None
    ]
    if len(chosen) != 1:
        years = sorted({str(each.year) for each in every})
        raise DataError(
            "several tables in one place" if chosen else "no table of that year",
            file=path,
            found=", ".join(years),
            expected=str(year) if year else "one year",
            remedy="choose one with `year=` or --year",
        )
    database, pymrio = chosen[0], imported()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # accounts that were not downloaded are simply not there
            system = database.read(pymrio)
    except DataError:
        raise
    except Exception as error:  # its parsers raise whatever a file they did not expect leads to
        raise DataError(
            f"pymrio could not read this as {database.name}",
            file=path,
            found=f"{type(error).__name__}: {str(error)[:200]}",
            remedy="download the files again (`graphmap fetch` lists the databases)",
        ) from error
    try:
        table = from_pymrio(system, unit=unit)
    except DataError as error:
        raise DataError(str(error), file=path) from error
    known = table.year or database.year
    if year is not None and known not in (None, year):
        raise DataError("no table of that year", file=path, found=known, expected=str(year))
    if RECORD not in system.meta.metadata:
        table = replace(table, source=replace(table.source, file=path.name))
    return replace(table, year=year or known)


def _found(path: Path) -> Iterator[Found]:
    """Every database at ``path``, first match of each kind."""
    try:
        names = _names(path)
    except (OSError, zipfile.BadZipFile):
        return
    if (parameters := _saved(path, names)) is not None:
        yield parameters
    elif eora := {(int(m[1]), m[2]) for name in names if (m := EORA.search(name))}:
        of_year: dict[int, str] = {}
        for year, price in sorted(eora):
            of_year.setdefault(year, price)  # basic prices, if there are both
        for year, price in of_year.items():
            yield Found("Eora26", year, _eora(path, year, price))
    elif path.is_dir() and any(name.startswith("GLORIA_ReadMe") for name in names):
        for version, of in sorted({m.groups() for n in names if (m := GLORIA.match(n))}):
            yield Found("GLORIA", int(of), _gloria(path, int(of), int(version)))
    else:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if _is_oecd(file):
                yield Found("OECD ICIO", _last_year(file), _oecd(file))
            elif (wiod := _wiod_year(file)) is not None:
                yield Found("WIOD", wiod, _wiod(file))


def _names(path: Path) -> list[str]:
    """What a folder or an archive holds; nothing for any other file."""
    if path.is_dir():
        return [entry.name for entry in path.iterdir()]
    if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    return []


def _saved(path: Path, names: list[str]) -> Found | None:
    """A system that pymrio saved, as EXIOBASE 3 is published."""
    inside = [name for name in names if PurePosixPath(name).name == PARAMETERS]
    top = min(inside, key=lambda name: name.count("/"), default=None)
    if top is None or _parameters(path, top).get("systemtype") != "IOSystem":
        return None
    root = PurePosixPath(top).parent
    folders = (
        {entry.name for entry in path.iterdir() if entry.is_dir()}
        if path.is_dir()
        else {PurePosixPath(name).parent.name for name in names}
    )
    exiobase = bool(folders & EXIOBASE)
    year = year_of(re.sub(r"[_-]", " ", f"{root.name} {path.stem}"))

    def read(pymrio: Any) -> Any:
        _refuse_unsafe(path, names)
        return pymrio.parse_exiobase3(path) if exiobase else pymrio.load_all(path)

    return Found("EXIOBASE 3" if exiobase else "a saved system", year, read)


def _parameters(path: Path, name: str) -> dict[str, Any]:
    """A ``file_parameters.json``; empty where it is none."""
    try:
        if path.is_dir():
            text = (path / name).read_bytes()
        else:
            with zipfile.ZipFile(path) as archive:
                text = archive.read(name)
        found = json.loads(text)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return found if isinstance(found, dict) else {}


def _refuse_unsafe(path: Path, names: list[str]) -> None:
    """Pickles run whatever their maker wrote, and names may lead elsewhere: neither is opened."""
    if path.is_dir():
        names = [str(file.relative_to(path)) for file in path.glob(f"*/{PARAMETERS}")] + [
            PARAMETERS
        ]
    for name in names:
        if PurePosixPath(name).name != PARAMETERS:
            continue
        for file in _parameters(path, name).get("files", {}).values():
            stored = str(file.get("name", ""))
            if stored.lower().endswith((".pkl", ".pickle")) or re.search(r"[\\/]", stored):
                raise DataError(
                    "a file that is not opened, since it could run a program or lie elsewhere",
                    file=path,
                    found=stored,
                    expected="text or Parquet files beside file_parameters.json",
                    remedy="save the system again with table_format='parquet'",
                )


def _eora(path: Path, year: int, price: str) -> Callable[[Any], Any]:
    return lambda pymrio: pymrio.parse_eora26(path, year=year, price=price)


def _gloria(path: Path, year: int, version: int) -> Callable[[Any], Any]:
    return lambda pymrio: pymrio.parse_gloria(path, year=year, version=version)


def _oecd(file: Path) -> Callable[[Any], Any]:
    return lambda pymrio: pymrio.parse_oecd(file)


def _wiod(file: Path) -> Callable[[Any], Any]:
    return lambda pymrio: pymrio.parse_wiod(file)


def _is_oecd(file: Path) -> bool:
    """Whether the columns of a CSV file, alone or in an archive, are those of an OECD ICIO."""
    suffix = file.suffix.lower()
    try:
        if suffix == ".csv" and file.is_file():
            with file.open("rb") as stream:
                line = stream.readline(HEADER)
        elif suffix == ".zip" and zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                inside = archive.namelist()
                if len(inside) != 1 or not inside[0].lower().endswith(".csv"):
                    return False
                with archive.open(inside[0]) as stream:
                    line = stream.readline(HEADER)
        else:
            return False
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
    cells = [cell.strip('"') for cell in line.decode("utf-8", "replace").strip().split(",")]
    return any(OECD.fullmatch(cell) for cell in cells)


def _last_year(file: Path) -> int | None:
    """The year in the name of an OECD file; the first of two is that of the edition."""
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", file.stem)
    return int(years[-1]) if years else None


def _wiod_year(file: Path) -> int | None:
    """The year of a WIOD workbook of 2013, or None where a file is none."""
    if file.suffix.lower() != ".xlsx" or not zipfile.is_zipfile(file):
        return None
    try:
        refuse_large(file)
        with zipfile.ZipFile(file) as book:  # openpyxl takes long to load, only to say no
            if b">c35<" not in book.read("xl/sharedStrings.xml"):
                return None
        import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 (optional)

        book = openpyxl.load_workbook(file, read_only=True)
        rows = list(book.worksheets[0].iter_rows(max_row=6, values_only=True))
        book.close()
    except Exception:
        return None
    if len(rows) < 6 or not {"c1", "c35"} <= {str(cell) for cell in rows[5]}:
        return None
    return year_of(str(rows[0][0]))
