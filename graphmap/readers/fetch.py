"""Open tables from the network, through the downloaders of pymrio; the only use of the network.

pymrio knows where EXIOBASE 3, WIOD and the OECD's tables lie and what their files are called. Its
downloads start anew after every interruption and may leave half a file under its full name, so
they happen in a folder aside, out of bodies that are resumed and checked; what is whole moves on.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any

from graphmap.errors import DataError, nearest
from graphmap.readers.downloads import Progress, resumed, sha256

RECORD = "downloads.json"
"""What was fetched into a folder: files and their checksums, by name and year."""

ASIDE = ".downloading"
"""The folder, beside the record, in which downloads are made."""


@dataclass(frozen=True)
class Database:
    """One collection of tables: the years it has, and how pymrio downloads one of them."""

    years: range
    download: Callable[[Any, str, int], object]
    """Given pymrio, the folder and the year."""


OPEN = {
    "exiobase3": Database(
        range(1995, 2023),
        lambda pymrio, folder, year: pymrio.download_exiobase3(folder, years=[year], system="ixi"),
    ),
    "exiobase3-pxp": Database(
        range(1995, 2023),
        lambda pymrio, folder, year: pymrio.download_exiobase3(folder, years=[year], system="pxp"),
    ),
    "wiod2013": Database(
        range(1995, 2012),
        lambda pymrio, folder, year: pymrio.download_wiod2013(folder, years=[year]),
    ),
    "oecd": Database(
        range(1995, 2021), lambda pymrio, folder, year: pymrio.download_oecd(folder, years=[year])
    ),
}
"""What can be fetched without an account."""

ELSEWHERE = {
    "ceads": "https://www.ceads.net",
    "nbs": "https://data.stats.gov.cn",
    "eora26": "https://worldmrio.com",
    "gloria": "https://ielab.info/labs/ielab-gloria",
    "footprint": "https://data.footprintnetwork.org",
}
"""What asks for registration or a browser, and where to get it."""


def fetch(
    name: str, folder: str | Path, years: Sequence[int], *, progress: Progress | None = None
) -> list[Path]:
    """Download some years of an open database; what is already there is checked and kept.

    Args:
        name: one of ``OPEN``.
        folder: made if it is not there. ``downloads.json`` in it holds the checksums.
        years: which years.
        progress: called with the URL, the bytes that are there and those expected.

    Returns:
        The files of these years.

    Raises:
        DataError: no such database or year, no connection, a checksum that is another, a file that
            has changed since it was fetched, or pymrio is missing.

    Example:
        >>> fetch("ceads", "tables", [2017])
        Traceback (most recent call last):
        ...
        graphmap.errors.DataError: ceads is not open to programs. Register at \
https://www.ceads.net and download it there
    """
    database = _database(name)
    for year in years:
        if year not in database.years:
            first, last = database.years[0], database.years[-1]
            raise DataError(f"no such year of {name}", found=year, expected=f"{first} to {last}")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    record = _record(target)
    written: list[Path] = []
    for year in years:
        key = f"{name} {year}"
        if key not in record:
            record[key] = _downloaded(database, target, year, progress or (lambda *_: None))
            _save(target, record)
        written += [_unchanged(target / file, digest) for file, digest in record[key].items()]
    shutil.rmtree(target / ASIDE, ignore_errors=True)  # not before: years may share an archive
    return list(dict.fromkeys(written))


def _database(name: str) -> Database:
    if name in ELSEWHERE:
        raise DataError(
            f"{name} is not open to programs",
            remedy=f"register at {ELSEWHERE[name]} and download it there",
        )
    if name not in OPEN:
        near = nearest(name, [*OPEN, *ELSEWHERE])
        raise DataError(
            "no such database",
            found=name,
            expected=f"one of {', '.join(near or [*OPEN, *ELSEWHERE])}",
        )
    return OPEN[name]


def _record(folder: Path) -> dict[str, dict[str, str]]:
    place = folder / RECORD
    if not place.exists():
        return {}
    try:
        record: dict[str, dict[str, str]] = json.loads(place.read_text(encoding="utf-8"))
        if all(isinstance(files, dict) for files in record.values()):
            return record
    except (OSError, ValueError, AttributeError):
        pass
    raise DataError("not a record of downloads", file=place, remedy="move it away")


def _save(folder: Path, record: dict[str, dict[str, str]]) -> None:
    part = folder / (RECORD + ".part")
    part.write_text(json.dumps(record, indent=2, sort_keys=True), encoding="utf-8")
    part.replace(folder / RECORD)


def _unchanged(path: Path, digest: str) -> Path:
    if not path.exists() or sha256(path) != digest:
        raise DataError(
            "is gone" if not path.exists() else "has changed since it was fetched",
            file=path,
            expected=f"SHA-256 {digest}",
            remedy=f"remove it and its entry in {RECORD} to fetch it again",
        )
    return path


def _downloaded(database: Database, target: Path, year: int, progress: Progress) -> dict[str, str]:
    """Files of one year, in their place, with their checksums."""
    try:
        import pymrio  # noqa: PLC0415
        import requests  # noqa: PLC0415
    except ImportError as error:
        raise DataError("downloads need pymrio", remedy='pip install "graphmap[mrio]"') from error
    bodies, files = target / ASIDE / "bodies", target / ASIDE / "files"
    shutil.rmtree(files, ignore_errors=True)  # of an attempt that was killed
    for folder in (bodies, files):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with _resuming(requests, bodies, progress):
            database.download(pymrio, str(files), year)
    except requests.RequestException as error:
        raise DataError(
            "cannot be reached",
            file=str(error.request.url) if error.request else None,
            found=type(error).__name__,
            remedy="run the command again: it goes on from where it stopped",
        ) from error
    except (ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
        raise DataError(
            "the page of the database is not as pymrio expects it",
            found=f"{type(error).__name__}: {error}",
            remedy="a newer pymrio may know its new address",
        ) from error
    made = sorted(path for path in files.rglob("*") if path.is_file() and path.suffix != ".json")
    if not made:
        raise DataError("nothing was found for that year", found=year)
    digests = {}
    for path in made:
        name = path.relative_to(files)
        digests[str(name)] = sha256(path)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        path.replace(target / name)
    return digests


@contextmanager
def _resuming(requests: Any, bodies: Path, progress: Progress) -> Iterator[None]:
    """Every file that pymrio asks for meanwhile is resumed, checked, and then handed to it."""
    ask = requests.Session.request

    def request(session: Any, method: str, url: str, **options: Any) -> Any:
        if method.upper() != "GET" or not options.pop("stream", False):
            return ask(session, method, url, timeout=options.pop("timeout", 60), **options)

        def get(where: str, **more: Any) -> Any:
            return ask(session, "GET", where, allow_redirects=True, **more)

        for handled in ("allow_redirects", "timeout"):
            options.pop(handled, None)
        name = sha1(url.encode()).hexdigest()
        body = resumed(get, url, bodies / name, progress, **options)
        response = requests.Response()
        response.status_code, response.url = 200, url
        response.raw = body.open("rb")
        return response

    requests.Session.request = request
    try:
        yield
    finally:
        requests.Session.request = ask
