"""Downloads from a server on loopback: whole, resumed, changed, refused, killed."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from pymrio.tools import iodownloader

from graphmap.errors import DataError
from graphmap.readers.downloads import resumed
from graphmap.readers.fetch import ASIDE, OPEN, RECORD, fetch

PIECE = 20_000


def archive(text: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("ICIO.csv", text)
    return made.getvalue()


class Server(ThreadingHTTPServer):
    """Files by path; breaks off after ``breaks_at`` bytes, as often as ``breaks`` says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.headers: dict[str, str] = {}
        self.breaks_at, self.breaks = 0, 0
        self.slow = 0.0
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        body = self.server.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        begins = int(wanted[6:-1]) if wanted and self.headers.get("If-Range") == tag else 0
        self.send_response(206 if begins else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body) - begins))
        self.send_header("Connection", "close")  # said, or the client asks again on a dying socket
        if begins:
            self.send_header("Content-Range", f"bytes {begins}-{len(body) - 1}/{len(body)}")
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        stops = self.server.breaks_at if self.server.breaks else len(body)
        self.server.breaks = max(self.server.breaks - 1, 0)
        for at in range(begins, min(stops, len(body)), PIECE):
            self.wfile.write(body[at : min(at + PIECE, stops)])
            time.sleep(self.server.slow)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def oecd(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The edition of 2023 of the OECD's tables, on the server instead of on its own page."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for year in (2016, 2017):
            file.writestr(f"{year}_SML.csv", os.urandom(200_000))
    server.files["/2016-2020.zip"] = made.getvalue()
    places = {"2016-2020": server.url + "/2016-2020.zip"}
    monkeypatch.setitem(iodownloader.OECD_CONFIG["datafiles"], "v2023", places)
    return server


def silent(*_: object) -> None:
    pass


def test_what_pymrio_downloads_comes_whole_and_is_recorded(oecd: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    found = fetch(
        "oecd", tmp_path, [2017], progress=lambda _, done, size: seen.append((done, size))
    )
    assert [path.name for path in found] == ["ICIO2023_2016.csv", "ICIO2023_2017.csv"]
    with zipfile.ZipFile(io.BytesIO(oecd.files["/2016-2020.zip"])) as file:
        assert found[1].read_bytes() == file.read("2017_SML.csv")
    assert seen[-1] == (len(oecd.files["/2016-2020.zip"]),) * 2 and len(seen) > 1
    record = json.loads((tmp_path / RECORD).read_text())["oecd 2017"]
    assert record["ICIO2023_2017.csv"] == hashlib.sha256(found[1].read_bytes()).hexdigest()
    assert not (tmp_path / ASIDE).exists()


def test_what_is_there_is_not_asked_for_again(oecd: Server, tmp_path: Path) -> None:
    first = fetch("oecd", tmp_path, [2017])
    asked = len(oecd.asked)
    assert fetch("oecd", tmp_path, [2017]) == first and len(oecd.asked) == asked
    first[0].write_bytes(b"changed")
    with pytest.raises(DataError, match="has changed since it was fetched"):
        fetch("oecd", tmp_path, [2017])


def test_an_interrupted_download_goes_on(oecd: Server, tmp_path: Path) -> None:
    oecd.breaks_at, oecd.breaks = 3 * PIECE, 2  # pymrio itself tries twice
    with pytest.raises(DataError, match=r"ended too early|cannot be reached"):
        fetch("oecd", tmp_path, [2017])
    assert not list(tmp_path.glob("ICIO*")) and not (tmp_path / RECORD).exists()
    assert len(fetch("oecd", tmp_path, [2017])) == 2
    begins = oecd.asked[-1][1]
    assert begins is not None and 0 < int(begins[6:-1]) <= 3 * PIECE


def test_a_file_that_changed_meanwhile_begins_anew(server: Server, tmp_path: Path) -> None:
    server.files["/a.bin"], server.breaks_at = os.urandom(100_000), 50_000
    server.breaks = 1
    get = requests.Session().get
    with pytest.raises((DataError, requests.RequestException)):
        resumed(get, server.url + "/a.bin", tmp_path / "a", silent)
    server.files["/a.bin"] = os.urandom(90_000)
    resumed(get, server.url + "/a.bin", tmp_path / "a", silent)
    assert (tmp_path / "a").read_bytes() == server.files["/a.bin"]


def test_a_process_killed_half_way_leaves_nothing_that_looks_whole(
    oecd: Server, tmp_path: Path
) -> None:
    oecd.slow = 0.2
    code = (
        "from pymrio.tools import iodownloader as d\n"
        f"d.OECD_CONFIG['datafiles']['v2023'] = {{'2016-2020': '{oecd.url}/2016-2020.zip'}}\n"
        "from graphmap.readers.fetch import fetch\n"
        f"fetch('oecd', {str(tmp_path)!r}, [2017])"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    while not list((tmp_path / ASIDE / "bodies").glob("*.part")):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.8)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [path.name for path in tmp_path.iterdir()] == [ASIDE]
    oecd.slow = 0.0
    assert len(fetch("oecd", tmp_path, [2017])) == 2
    assert oecd.asked[-1][1] is not None


def test_a_checksum_that_is_another_is_refused(server: Server, tmp_path: Path) -> None:
    server.files["/a.bin"] = b"some bytes"
    right = base64.b64encode(hashlib.md5(b"some bytes").digest()).decode()
    server.headers["Content-MD5"] = base64.b64encode(b"0" * 16).decode()
    get = requests.Session().get
    with pytest.raises(DataError, match="md5 checksum"):
        resumed(get, server.url + "/a.bin", tmp_path / "a", silent)
    assert not (tmp_path / "a").exists() and not list(tmp_path.glob("*.part"))
    server.headers["Content-MD5"] = right
    assert resumed(get, server.url + "/a.bin", tmp_path / "a", silent).read_bytes() == b"some bytes"


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (206, {"Content-Range": "bytes 7-9/10"}, "another part of the file"),
        (416, {}, "HTTP status 416"),
    ],
)
def test_a_server_that_resumes_wrongly_spoils_nothing(
    status: int, headers: dict[str, str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.part").write_bytes(b"abc")
    (tmp_path / "a.json").write_text(json.dumps({"url": "http://x/a", "version": '"1"'}))
    asked: list[str | None] = []

    def get(url: str, **options: dict[str, str]) -> requests.Response:
        asked.append(options["headers"].get("Range"))
        answer = requests.Response()
        answer.status_code, answer.raw = status, io.BytesIO(b"hij")
        answer.headers.update(headers)
        return answer

    with pytest.raises(DataError, match=said):
        resumed(get, "http://x/a", tmp_path / "a", silent)
    assert not (tmp_path / "a").exists()
    assert asked == (["bytes=3-"] if status == 206 else ["bytes=3-", None])


def test_a_damaged_archive_is_refused(server: Server, tmp_path: Path) -> None:
    whole = bytearray(archive(b"x" * 1000))
    whole[60] ^= 0xFF
    server.files["/a.zip"] = bytes(whole)
    with pytest.raises(DataError, match="archive"):
        resumed(requests.Session().get, server.url + "/a.zip", tmp_path / "a", silent)
    assert not (tmp_path / "a").exists()


def test_what_a_server_refuses_is_one_message(oecd: Server, tmp_path: Path) -> None:
    oecd.files.clear()
    with pytest.raises(DataError, match="HTTP status 404"):
        fetch("oecd", tmp_path, [2017])


def test_without_a_network_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {"2016-2020": "http://127.0.0.1:9/2016-2020.zip"}
    monkeypatch.setitem(iodownloader.OECD_CONFIG["datafiles"], "v2023", nowhere)
    with pytest.raises(DataError, match="cannot be reached"):
        fetch("oecd", tmp_path, [2017])


@pytest.mark.parametrize(
    ("name", "year", "said"),
    [
        ("ceads", 2017, "register at https://www.ceads.net".capitalize()),
        ("exiobase", 2017, "exiobase3"),
        ("oecd", 1800, "1995 to"),
    ],
)
def test_what_cannot_be_fetched(name: str, year: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        fetch(name, tmp_path / "new", [year])
    assert not (tmp_path / "new").exists()


def test_every_open_database_is_one_that_pymrio_downloads(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever a downloader asks for, it asks for through what resumes and checks."""
    asked: list[str] = []

    def refuse(self: object, method: str, url: str, **_: object) -> None:
        asked.append(url)
        raise requests.ConnectionError(request=requests.Request(method, url).prepare())

    monkeypatch.setattr(requests.Session, "request", refuse)
    for name, database in OPEN.items():
        before = len(asked)
        with pytest.raises(DataError, match="cannot be reached"):
            fetch(name, tmp_path / name, [database.years[-1]])
        assert len(asked) > before, name
