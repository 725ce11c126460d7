"""Totals by sector: gross output, CO2, value added, trade, whatever a source publishes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.records import Records
from graphmap.classification import LabelError, SectorList, find_region
from graphmap.classification.sectors import recognise_any
from graphmap.errors import DataError
from graphmap.readers.assemble import source_of
from graphmap.readers.columns import column_of, columns_of, numbers_of, refuse_twice
from graphmap.readers.flow_rows import edition
from graphmap.readers.labels import region_named_in, year_of
from graphmap.readers.sheet import Sheet

SECTOR = ("sector", "sector_label_as_published")
PLACE = ("region", "province")
MASS = {**units.MASS_SPELLINGS, "kg": "kg"}


def has_totals(names: Sequence[str]) -> bool:
    """Whether columns of these names are totals of sectors."""
    spelt = [name.casefold() for name in names]
    outputs = [name for name in spelt if _split(name) and name.startswith("gross_output_")]
    return bool(outputs) and any(name in spelt for name in SECTOR)


def read(sheet: Sheet) -> Records:
    """The totals of a CSV file: region, year, edition, sector, code, classification, figures.

    ``edition`` is the year as the source labels it (``2017 new``). Which list the sectors of an
    edition are of is told by their names alone; ``code`` and ``classification`` are empty where
    they are of none that is known.

    Raises:
        DataError: a label or figure is missing or none, or a sector stands twice.
    """
    columns = columns_of(sheet)
    at = columns[column_of(sheet, columns, *SECTOR)]
    rows = range(1, sheet.shape[0])
    sectors = [sheet.text(row, at) for row in rows]
    if "" in sectors:
        raise sheet.error("an empty sector", sectors.index("") + 1, at, expected="a name")
    name = Path(sheet.file).stem
    place = next((columns[key] for key in PLACE if key in columns), None)
    regions = [sheet.text(row, place) if place is not None else "" for row in rows]
    named = region_named_in(name) or ""
    codes = {text: known.code if (known := find_region(text)) else text for text in set(regions)}
    dated = columns.get("year")
    own = year_of(name)
    editions = [
        edition(sheet.text(row, dated)) if dated is not None else str(own or "") for row in rows
    ]
    for row, text in enumerate(editions, start=1):
        if dated is not None and year_of(text) is None:
            raise sheet.error("no year", row, dated, found=text, expected="such as 2017")
    data = pd.DataFrame(
        {
            "region": [codes[text] or named for text in regions],
            "year": [year_of(text) for text in editions],
            "edition": editions,
            "sector": sectors,
        }
    )
    refuse_twice(sheet, data, ["region", "edition", "sector"], "the same sector twice")
    data["code"], data["classification"] = "", ""
    for _, part in data.groupby("edition", sort=False):
        found = _list_of(sheet, part, at)
        if found is not None:
            data.loc[part.index, "code"] = [found.code(text) for text in part["sector"]]
            data.loc[part.index, "classification"] = found.id
    unit_of: dict[str, str] = {}
    for column, j in columns.items():
        split = _split(column)
        if split is None:
            continue
        stem, unit = split
        if stem in data:
            raise sheet.error("two columns of one figure", 0, j, found=column, expected=stem)
        data[stem], unit_of[stem] = numbers_of(sheet, j), unit
    return Records("sector_totals", data, unit_of, source_of(sheet, "", ""))


def _list_of(sheet: Sheet, part: pd.DataFrame, column: int) -> SectorList | None:
    """The list that the sectors of an edition are of; the year decides where several have them."""
    names = part["sector"].unique().tolist()
    year = part["year"].iloc[0]
    try:
        try:
            found, share = recognise_any(names, year=year)
        except LabelError:  # a source may go through its years by one list
            found, share = recognise_any(names)
        return found if share == 1 else None
    except LabelError as error:
        row = int(np.flatnonzero(part["sector"] == names[error.position])[0])
        raise sheet.error(
            "a sector that the list of the others does not have",
            int(part.index[row]) + 1,
            column,
            found=names[error.position],
            expected=error.expected,
        ) from error


def _split(name: str) -> tuple[str, str] | None:
    """A column's name without its unit, and the unit; None where it names none.

    Example:
        >>> _split("gross_output_10k_yuan"), _split("co2_mt"), _split("intensity_kg_per_10k_yuan")
        (('gross_output', '10k_yuan'), ('co2', 'Mt'), ('intensity', 'kg/10k_yuan'))
        >>> _split("province") is None
        True
    """
    words = name.casefold().split("_")
    for at in range(1, len(words)):
        unit = _unit("_".join(words[at:]))
        if unit:
            return "_".join(words[:at]), unit
    return None


def _unit(text: str) -> str:
    above, per, below = text.partition("_per_")
    if per:
        return f"{_unit(above)}/{_unit(below)}" if _unit(above) and _unit(below) else ""
    if text in MASS:
        return MASS[text]
    try:
        return units.money_unit(text)
    except DataError:
        return ""
