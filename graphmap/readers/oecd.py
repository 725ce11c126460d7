"""Input-output tables of the OECD (2021 edition): total use by industry, one country and year.

The cells hold domestic and imported supply together; imports by product stand in ``IMPO``, below
zero. What industries pay in taxes less subsidies on products is a primary input. Taxes on final
uses are no product of any industry: they stay outside both identities, and a note says how much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from graphmap.accounts.lookup import node_ids
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import LabelError, find_region
from graphmap.classification.sectors import recognise_any
from graphmap.errors import DataError
from graphmap.i18n import figure, words
from graphmap.readers.assemble import source_of
from graphmap.readers.labels import own_labels, year_of
from graphmap.readers.sheet import Sheet

UNIT = "million_usd"
LIST = "oecd_45"
PUBLISHER = "oecd"
CITATION = "OECD Input-Output Tables"

FINAL_USES = {
    "HFCE": "households",
    "NPISH": "npish",
    "GGFC": "government",
    "GFCF": "fixed_capital",
    "INVNT": "inventories",
    "CONS_ABR": "purchases_abroad",
    "CONS_NONRES": "nonresidents",
    "EXPO": "exports",
}
IMPORTS = "IMPO"
PRIMARY_INPUTS = {
    "TXS_IMP_FNL": "taxes_on_products_abroad",
    "TXS_INT_FNL": "taxes_on_products",
    "VALU": "value_added",
}
OUTPUT, PURCHASED = "OUTPUT", "TTL_INT_FNL"
NO_COUNTRY = ("TTL", "DOM", "IMP", "IOT")
"""Three letters in the names of files that say which table it is, not whose."""


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Codes of final use in the first row and of output and value added in the first column."""
    sheet = sheets[0]
    if not all(sheet.shape):
        return False
    columns = {sheet.text(0, j) for j in range(sheet.shape[1])}
    if not {"HFCE", IMPORTS} <= columns:
        return False
    return {OUTPUT, "VALU"} <= {sheet.text(i, 0) for i in range(sheet.shape[0])}


def read(
    sheets: Sequence[Sheet],
    *,
    year: int | None = None,
    sheet: str | None = None,
    unit: str | None = None,
) -> IOTable:
    """The table of one country; country and year are those in the file's name.

    Raises:
        DataError: a row or column is missing or unknown, a cell holds no number, or the file is
            of another year.
    """
    grid = sheets[0]
    if sheet not in (None, grid.name):
        raise DataError("no such sheet", file=grid.file, found=sheet, expected=grid.name)
    name = Path(grid.file).stem
    printed = year_of(name)
    if year is not None and printed not in (None, year):
        raise DataError("no table of that year", file=grid.file, found=year, expected=printed)
    columns, rows = _codes(grid, 0), _codes(grid, 1)
    sectors = _sectors(grid, rows, columns)
    at, used = [rows[code] for code in sectors], [columns[code] for code in sectors]
    uses = [code for code in FINAL_USES if code in columns]
    paid = [code for code in PRIMARY_INPUTS if code in rows]
    labels, classification = _labels(grid, at, sectors)
    missing: list[str] = []
    imports = -grid.block(at, [columns[IMPORTS]], missing)[:, 0]
    table = IOTable(
        Z=grid.block(at, used, missing),
        Y=grid.block(at, [columns[code] for code in uses], missing),
        V=grid.block([rows[code] for code in paid], used, missing),
        imports=np.zeros(len(sectors)),
        x=grid.block([rows[OUTPUT]], used, missing)[0],
        index=_index(labels, country(name)),
        final_uses=pd.DataFrame({"region": "", "category": [FINAL_USES[code] for code in uses]}),
        primary_inputs=tuple(PRIMARY_INPUTS[code] for code in paid),
        unit=unit or UNIT,
        source=source_of(grid, PUBLISHER, _citation(name)),
        year=printed or year,
        prices="current basic prices",
        classification=classification,
        imports_inside=imports + 0.0,  # no zeros below zero
        missing=tuple(missing),
    )
    left_out = _taxes_on_final_uses(grid, rows, columns, uses)
    text = words("note.oecd_taxes", value=figure(left_out, 0), unit=words(f"unit.{table.unit}"))
    return table.noted(text)


def country(name: str) -> str:
    """The region a file's name gives by three letters; such a code itself where it is not known.

    Example:
        >>> country("OECD21ed_CHN_2018"), country("OECD21ed_DEU_2018"), country("table")
        ('CN', 'DEU', '')
    """
    for found in re.findall(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", name):
        if found not in NO_COUNTRY:
            known = find_region(found)
            return known.code if known else found
    return ""


def _citation(name: str) -> str:
    edition = re.search(r"(?<!\d)(\d\d)ed", name)
    return f"{CITATION}, 20{edition.group(1)} edition" if edition else CITATION


def _codes(sheet: Sheet, axis: int) -> dict[str, int]:
    """Code -> its column in the first row (axis 0), or its row in the first column (axis 1)."""
    length = sheet.shape[1 - axis]
    texts = [sheet.text(0, i) if axis == 0 else sheet.text(i, 0) for i in range(1, length)]
    codes: dict[str, int] = {}
    for i, text in enumerate(texts, start=1):
        if text in codes:
            raise sheet.error("the same code twice", *((0, i) if axis == 0 else (i, 0)), found=text)
        if text:
            codes[text] = i
    return codes


def _sectors(sheet: Sheet, rows: dict[str, int], columns: dict[str, int]) -> list[str]:
    """Codes of the industries, which are rows and columns alike; nothing else may be there."""
    others = {*PRIMARY_INPUTS, OUTPUT, PURCHASED}, {*FINAL_USES, IMPORTS, "Description"}
    suppliers = [code for code in rows if code not in others[0]]
    users = [code for code in columns if code not in others[1]]
    odd = sorted(set(suppliers) ^ set(users))
    if odd or not suppliers:
        raise sheet.error(
            "rows and columns are not the same industries",
            found=", ".join(odd[:5]) or "none",
            expected="every industry once as a supplier (row) and once as a user (column), then "
            f"{', '.join(FINAL_USES)} and {IMPORTS}",
        )
    return suppliers


def _labels(sheet: Sheet, at: list[int], codes: list[str]) -> tuple[pd.DataFrame, str | None]:
    """Code and names of the industries: those of the OECD's list where all are of it."""
    names = [sheet.text(row, 1) or sheet.text(row, 0) for row in at]
    try:
        found, share = recognise_any(names, codes, lists=[LIST])
    except LabelError as error:
        raise sheet.error(
            "names and codes of the industries disagree",
            at[error.position],
            found=error.found,
            expected=error.expected,
        ) from error
    if found is None or share < 1:
        return pd.DataFrame(
            [{"code": c, **own_labels([n])} for c, n in zip(codes, names, strict=True)]
        ), None
    own = found.sectors.drop(columns="aliases").loc[[str(found.code(name)) for name in names]]
    return own.rename_axis("code").reset_index(), LIST


def _index(labels: pd.DataFrame, region: str) -> pd.DataFrame:
    index = labels.copy()
    index.insert(0, "region", region)
    index.index = node_ids(index["region"], index["code"])
    return index


def _taxes_on_final_uses(
    sheet: Sheet, rows: dict[str, int], columns: dict[str, int], uses: list[str]
) -> float:
    at = [rows[code] for code in PRIMARY_INPUTS if code in rows and code != "VALU"]
    values: Array = sheet.block(at, [columns[code] for code in uses])
    return float(values.sum())
