"""One file from the network: resumed where it stopped, and checked when it is whole."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from graphmap.errors import DataError

CHUNK = 1 << 14
"""Bytes read at once, and so the most that an interruption loses."""

PATIENCE = (20, 120)
"""Seconds to wait for a connection, and for the next bytes."""

Progress = Callable[[str, int, int | None], None]
"""Called with the URL, the bytes that are there and how many there will be, if that is known."""


def resumed(get: Any, url: str, place: Path, progress: Progress, **request: Any) -> Path:
    """The body of ``url`` in ``place``; what an earlier attempt left is kept and continued.

    A ``.part`` beside it holds what has come, a ``.json`` which version of the file that is of. The
    server says with a 206 that it continues the same version; with a 200 the file begins anew.

    Args:
        get: ``requests.Session().get`` or what behaves like it.
        place: where the whole file will stand.

    Raises:
        DataError: the server refuses, ends too early, or its checksum is another.
    """
    if place.exists():
        return place
    part, about = place.with_name(place.name + ".part"), place.with_name(place.name + ".json")
    have, version = _left(part, about, url)
    headers = {**(request.pop("headers", None) or {}), "Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    response = get(url, headers=headers, stream=True, timeout=PATIENCE, **request)
    if response.status_code == 416 and have:
        part.unlink()  # nothing is left to send, so what is there is not of this version
        return resumed(get, url, place, progress, **request)
    if response.status_code not in (200, 206):
        raise DataError("the server refuses", file=url, found=f"HTTP status {response.status_code}")
    begins = have if response.status_code == 206 else 0
    size = _size(response.headers, begins, url)
    _note(about, url, response.headers)
    done = begins
    with part.open("ab" if begins else "wb") as file:
        for chunk in response.iter_content(CHUNK):
            file.write(chunk)
            done += len(chunk)
            progress(url, done, size)
    if size is not None and done != size:
        raise DataError(
            "the download ended too early",
            file=url,
            found=f"{done:,} bytes",
            expected=f"{size:,}",
            remedy="run the command again: it goes on from here",
        )
    try:
        _check(part, url, response.headers)
    except DataError:
        part.unlink()
        raise
    part.replace(place)
    about.unlink(missing_ok=True)
    return place


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _left(part: Path, about: Path, url: str) -> tuple[int, str]:
    """How many bytes an earlier attempt left of which version; none where that is not known."""
    try:
        known = json.loads(about.read_text(encoding="utf-8"))
        if known["url"] == url and known["version"]:
            return part.stat().st_size, known["version"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    part.unlink(missing_ok=True)
    return 0, ""


def _note(about: Path, url: str, headers: Mapping[str, str]) -> None:
    # a weak entity tag does not promise the same bytes
    tag = headers.get("ETag", "")
    version = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
    about.write_text(json.dumps({"url": url, "version": version}), encoding="utf-8")


def _size(headers: Mapping[str, str], begins: int, url: str) -> int | None:
    """Bytes of the whole file."""
    ranged = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers.get("Content-Range", ""))
    if begins and ranged:
        if int(ranged.group(1)) != begins:
            raise DataError(
                "the server sends another part of the file",
                file=url,
                found=f"from byte {ranged.group(1)}",
                expected=f"from byte {begins}",
            )
        return int(ranged.group(2))
    length = headers.get("Content-Length", "")
    return begins + int(length) if length.isdigit() else None


def _check(path: Path, url: str, headers: Mapping[str, str]) -> None:
    """The checksums that the server sends, and those inside an archive."""
    for name, wanted in _checksums(headers):
        with path.open("rb") as file:
            found = hashlib.file_digest(file, name).digest()
        if found != wanted:
            raise DataError(
                f"the {name} checksum of the download is another",
                file=url,
                found=found.hex(),
                expected=wanted.hex(),
                remedy="run the command again: it starts anew",
            )
    if url.partition("?")[0].endswith(".zip"):
        try:
            with zipfile.ZipFile(path) as archive:
                damaged = archive.testzip()
        except zipfile.BadZipFile as error:
            raise DataError("not an archive", file=url, found=str(error)) from error
        if damaged:
            raise DataError("a damaged archive", file=url, found=damaged)


def _checksums(headers: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Checksums that headers give of the whole file: ``Content-MD5``, ``Digest``, ``Repr-Digest``.

    Example:
        >>> _checksums({"Digest": "sha-256=AAAA"})
        [('sha256', b'\\x00\\x00\\x00')]
    """
    names = {"md5": "md5", "sha-256": "sha256", "sha-512": "sha512"}
    stated = ",".join(headers.get(field, "") for field in ("Digest", "Repr-Digest"))
    # a Content-MD5 beside a part of the file is of the part
    if "Content-Range" not in headers and headers.get("Content-MD5"):
        stated += f",md5={headers['Content-MD5']}"
    found = []
    for name, value in re.findall(r"([\w-]+)=:?([A-Za-z0-9+/]+=*):?", stated):
        if name.casefold() in names:
            found.append((names[name.casefold()], base64.b64decode(value)))
    return found
