"""Error cells (``#N/A``, ``#REF!``) of an .xlsx workbook.

The fast reader gives them as empty, and an empty cell counts as zero; a formula that failed is not
a zero, so they are looked up in the file itself.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ERROR_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*(?<!/)>.*?<v>(.*?)</v>')


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
                found[sheet.attrib["name"]] = _in(book.read(part))
    return {name: cells for name, cells in found.items() if cells}


def _in(xml: bytes) -> dict[tuple[int, int], str]:
    if b't="e"' not in xml:
        return {}
    return {
        (int(row) - 1, _column(letters)): shown.decode()
        for letters, row, shown in ERROR_CELL.findall(xml)
    }


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
