"""Making a folder whole or not at all, and never at the cost of what a reader put there.

Everything is written into a hidden folder beside the wanted one and renamed at the end, so that
neither an error nor ``kill -9`` leaves something that looks whole. What a killed run left over is
removed by the next one, but only when the operating system says that its maker is gone.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO, Any

from graphmap.errors import DataError

try:
    import fcntl
except ImportError:  # Windows: nothing left over is removed there, since nothing tells its maker
    fcntl = None  # type: ignore[assignment]

LOCK = "graphmap.lock"
"""In the hidden folder: locked by its maker until it ends, however it ends."""


@contextmanager
def whole_folder(out: str | Path, manifest: str, what: str) -> Iterator[Path]:
    """A folder to write into, which becomes ``out`` when the block ends, and only then.

    Args:
        out: a new folder, an empty one, or one that such a block has made, which is replaced.
        manifest: the name of the JSON file in it that says what it holds: ``generator``, and
            ``files`` by name, with or without a ``sha256`` each.
        what: what the folder is, for messages: ``an atlas``.

    Raises:
        DataError: as ``refuse_folder``, or the disk is full; nothing of the block is left over.

    Example:
        >>> out = Path(tempfile.mkdtemp()) / "site"
        >>> with whole_folder(out, "list.json", "a site") as folder:
        ...     _ = (folder / "index.html").write_text("<p>")
        ...     out.exists()
        False
        >>> [each.name for each in out.iterdir()]
        ['index.html']
    """
    out = Path(os.path.realpath(out))
    refuse_folder(out, manifest, what)
    making = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(out)
        making = Path(tempfile.mkdtemp(prefix=_prefix(out), dir=out.parent))
        with (making / LOCK).open("w", encoding="utf-8") as lock:
            lock.write(json.dumps({"generator": "graphmap", "making": out.name}))
            lock.flush()
            _locked(lock)
            new = making / "new"
            new.mkdir()
            with _signals_heard():
                yield new
            refuse_folder(out, manifest, what)  # a reader may have put something there meanwhile
            _put_in_place(new, out, making / "old")
    except OSError as error:
        raise unwritable(out, error) from error
    finally:
        # what stood there before is never deleted before something stands in its place
        if making is not None and (out.exists() or not (making / "old" / out.name).exists()):
            shutil.rmtree(making, ignore_errors=True)


def refuse_folder(out: str | Path, manifest: str, what: str) -> None:
    """Refuse, before anything is computed, to put a folder where something else stands.

    Raises:
        DataError: ``out`` or what it would stand in is a file or cannot be written, or ``out``
            holds a file that its manifest does not name, or that was changed since.

    Example:
        >>> refuse_folder(Path(tempfile.mkdtemp()) / "new", "list.json", "a site")
    """
    out = Path(os.path.realpath(out))
    try:
        nearest = next(each for each in (out, *out.parents) if each.exists())
        if not nearest.is_dir():
            raise DataError("not a folder", file=nearest, remedy="choose another --out")
        if Path.cwd().is_relative_to(out):  # a shell would go on in the folder that is replaced
            raise DataError(
                "the folder you are in cannot be replaced",
                file=out,
                remedy="choose a folder inside it with --out, or go to another one first",
            )
        stands_in = out.parent if nearest == out else nearest
        if not os.access(stands_in, os.W_OK | os.X_OK):
            raise PermissionError(None, os.strerror(errno.EACCES))
        strange, changed = _lost(out, manifest) if nearest == out else ([], [])
    except OSError as error:
        raise unwritable(out, error) from error
    if strange:
        raise DataError(
            f"the folder holds something else than {what}",
            file=out,
            found=_some(strange),
            expected=f"a new or empty folder, or {what}, which is replaced",
            remedy="choose another --out",
        )
    if changed:
        raise DataError(
            f"files were changed since {what} was written, and would be lost",
            file=out,
            found=_some(changed),
            remedy="move them to another folder, or choose another --out",
        )


@contextmanager
def _signals_heard() -> Iterator[None]:
    """Let no signal that was to end the block be lost in it.

    What a handler raises inside a finalizer or a callback of a C library is printed and forgotten:
    the block goes on, with a file that may lack something. The handler is then called again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    handlers = {each: handler for each, handler in before.items() if callable(handler)}

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        handlers[signal.Signals(number)](number, frame)

    try:
        for each in handlers:
            signal.signal(each, hear)
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
    for number in heard:  # the block ended as if nothing had been
        handlers[signal.Signals(number)](number, None)


def unwritable(out: Path, error: OSError) -> DataError:
    """The error of a folder that the system does not let us write."""
    return DataError(
        "cannot be written",
        file=out,
        found=error.strerror or str(error),
        remedy="choose another place with --out",
    )


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _lost(folder: Path, manifest: str) -> tuple[list[str], list[str]]:
    """The files that replacing the folder would lose: those not ours, and those changed since."""
    there = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if _file(each)}
    ours = _listed(folder / manifest)
    strange = sorted(set(there) - set(ours) - ({manifest} if ours else set()))
    changed = [name for name in sorted(set(there) & set(ours)) if _changed(there[name], ours[name])]
    return strange, changed


def _listed(manifest: Path) -> dict[str, Any]:
    """The files a manifest of ours names, with what it says of them; none of another program's."""
    try:
        given = json.loads(manifest.read_text(encoding="utf-8"))
        if not given["generator"].startswith("graphmap "):
            return {}
        files = given["files"]
        return dict(files) if isinstance(files, dict) else dict.fromkeys(files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _changed(path: Path, known: Any) -> bool:
    digest = known.get("sha256") if isinstance(known, dict) else None
    return path.is_symlink() or (digest is not None and sha256(path) != digest)


def _file(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


def _prefix(out: Path) -> str:
    return f".{out.name[:60]}-making-"


def _locked(lock: IO[str]) -> bool:
    """Lock a file until it is closed; False where another process holds it, or nothing can."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _clear_leftovers(out: Path) -> None:
    """Remove what killed runs left beside ``out``; bring back what they had moved aside."""
    for left in sorted(out.parent.iterdir()):
        if not left.name.startswith(_prefix(out)) or left.is_symlink():
            continue
        with suppress(OSError, ValueError), (left / LOCK).open("r+", encoding="utf-8") as lock:
            ours = json.load(lock) == {"generator": "graphmap", "making": out.name}
            if ours and _locked(lock):
                aside = left / "old" / out.name
                if aside.is_dir() and not out.exists():
                    aside.rename(out)
                shutil.rmtree(left, ignore_errors=True)


def _put_in_place(new: Path, out: Path, old: Path) -> None:
    """Rename ``new`` to ``out``; what stood there is kept in ``old`` until the new one does."""
    new.chmod(0o755)
    if not out.exists():
        new.rename(out)
        return
    old.mkdir()
    aside = old / out.name
    try:
        out.rename(aside)
        new.rename(out)
    except BaseException:  # an interruption too
        if aside.exists() and not out.exists():
            with suppress(OSError):
                aside.rename(out)
        raise
