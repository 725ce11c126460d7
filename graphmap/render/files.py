"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from graphmap.errors import DataError


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write every file under a temporary name, then rename them all.

    Whatever goes wrong before the last is written, none of them appears and nothing is left over.

    Raises:
        DataError: a folder cannot be made or written.
    """
    written: list[tuple[str, Path]] = []
    try:
        for named, content in files.items():
            path = Path(
                os.path.realpath(named)
            )  # a link stays a link, and what it points at is written
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and not path.is_file():
                raise OSError(0, "a folder or a device stands there")
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
            written.append((temporary, path))
            with os.fdopen(handle, "wb") as file:
                file.write(
                    content
                    if isinstance(content, bytes)
                    else content.encode("utf-8", errors="replace")
                )
            Path(temporary).chmod(0o644)
        for temporary, path in written:
            Path(temporary).replace(path)
    except OSError as error:
        raise DataError(
            "cannot be written",
            file=path,
            found=error.strerror or str(error),
            remedy="choose another place with --out",
        ) from error
    finally:
        for temporary, _ in written:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
