"""What the fast reader of .xlsx workbooks does not say: formulas that failed or were not computed.

It gives ``#N/A``, ``#REF!`` and a formula without a stored value as empty, and an empty cell counts
as zero. These are no zeros, so they are looked up in the file itself. And it unpacks whatever a
file holds, so how much that is is looked up before.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from graphmap.readers.cell_names import column_number
from graphmap.readers.csv_grid import MOST_CELLS, too_large

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ERROR_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*(?<!/)>.*?<v>(.*?)</v>')

COMPUTED = re.compile(
    rb'<c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
NO_VALUE = "a formula without a stored value"

ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]+)\d+"')

WIDEST_SHEET = 16_384
"""Columns of a worksheet, at most."""

MOST_UNPACKED = 500_000_000
"""Bytes; a workbook of 31 provinces and 42 sectors unpacks to an eighth of it."""


def refuse_large(path: Path) -> None:
    """Refuse a workbook that unpacks to more than ``MOST_UNPACKED``, before anything is unpacked.

    Raises:
        DataError: it does, by the sizes that the file itself gives.
    """
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            size = sum(part.file_size for part in book.infolist())
    if size > MOST_UNPACKED:
        raise too_large(path, f"{size:,} bytes unpacked", f"{MOST_UNPACKED:,} bytes")


def error_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Sheet name -> (row, column), counted from 0 -> what the cell shows; empty for other files.

    Example:
        >>> error_cells(Path(__file__))
        {}
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        names = set(book.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        parts = {r.attrib["Id"]: r.attrib["Target"].removeprefix("/xl/") for r in relations}
        found = {}
        for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
            part = f"xl/{parts.get(sheet.attrib.get(RELATION, ''), '')}"
            if sheet.tag.endswith("}sheet") and part in names:
                xml, name = book.read(part), sheet.attrib["name"]
                _refuse_far(xml, path, name)
                found[name] = _in(xml)
    return {name: cells for name, cells in found.items() if cells}


def _refuse_far(xml: bytes, path: Path, name: str) -> None:
    """Refuse a sheet with a cell so far out that the grid up to it would fill the memory."""
    rows = ROW.findall(xml[xml.rfind(b"<row ") :])
    height = max(map(int, rows), default=0)
    if height * WIDEST_SHEET > MOST_CELLS:  # only then is it worth looking at every cell
        height = max(map(int, ROW.findall(xml)))
        columns = {column_number(letters.decode()) for letters in set(CELL.findall(xml))}
        width = 1 + max(columns, default=0)
        if height * width > MOST_CELLS:
            raise too_large(path, f"{height:,} x {width:,} cells", f"{MOST_CELLS:,} cells", name)


def _in(xml: bytes) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    if b't="e"' in xml:
        for letters, row, shown in ERROR_CELL.findall(xml):
            found[int(row) - 1, column_number(letters.decode())] = shown.decode()
    if b"<f" in xml:
        for letters, row in COMPUTED.findall(xml):
            found[int(row) - 1, column_number(letters.decode())] = NO_VALUE
    return found
