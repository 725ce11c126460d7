"""What pymrio's labels mean: sectors, final uses, money units, stressors, and which are CO2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import quote, unquote

import numpy as np
import pandas as pd

from graphmap import units
from graphmap.accounts.emissions import Extension
from graphmap.accounts.lookup import node_ids
from graphmap.classification import LISTS, LabelError, SectorList, recognise_any, sector_list
from graphmap.classification.lists import folded
from graphmap.errors import DataError
from graphmap.i18n import Names, listed, plain, words
from graphmap.readers.blocks import item_of, items
from graphmap.readers.labels import own_labels

MULTIPLES = {
    "": 1.0,
    "000": 1e3,
    "1000": 1e3,
    "thousand": 1e3,
    "thousands": 1e3,
    "k": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "mill": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "bn": 1e9,
    "billion": 1e9,
}
"""How the databases write thousands, millions and billions before a currency."""

SPELT = {"us$": "usd", "cny": "yuan", "rmb": "yuan", "euro": "eur", "€": "eur"}

CO2 = re.compile(r"\bco2\b|carbon dioxide", re.IGNORECASE)
NOT_CO2 = re.compile(r"\beq\b|equiv|gwp|warming|biogenic", re.IGNORECASE)


def money_of(text: str) -> tuple[str, float]:
    """The money unit in which figures given in ``text`` are kept, and the factor into it.

    The factor is 1 wherever there is a unit of that size; thousands of dollars become millions.

    Raises:
        DataError: the currency is none that graphmap knows.

    Example:
        >>> money_of("Mill USD"), money_of("000 USD")
        (('million_usd', 1.0), ('million_usd', 0.001))
    """
    try:
        return units.money_unit(text), 1.0
    except DataError:
        pass
    bare = re.sub(r"\bof\b|['‘’`\s._]", "", text.casefold())
    found = re.fullmatch(r"(.*?)(usd?\$|us\$|[a-z]{3}|euro|yuan|€)", bare)
    multiple = MULTIPLES.get(found.group(1)) if found else None
    if found and multiple:
        currency = SPELT.get(found.group(2), found.group(2))
        known = [name for name in units.MONEY_UNITS if name.split("_")[-1] == currency]
        for name in known:
            if units.factor(name, currency) == multiple:
                return name, 1.0
        if known:
            name = f"million_{currency}"
            return name, multiple / units.factor(name, currency)
    raise DataError(
        "unknown money unit of the pymrio system",
        found=text,
        expected=f"one like {', '.join(units.MONEY_UNITS)}",
        remedy="convert the system first, or say with `unit=` what its figures are in",
    )


@cache
def _uses() -> dict[str, str]:
    with files(__package__).joinpath("pymrio_items.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return {
        folded(name): category
        for category, names in table.itertuples(index=False)
        for name in names.split("|")
    }


def category_of(label: str) -> str:
    """The category of final use that a label means; ``final_use`` where nothing is known of it.

    Example:
        >>> category_of("Final consumption expenditure by households"), category_of("GFCF")
        ('households', 'fixed_capital')
    """
    item = item_of(label)
    known = items()["kind"].to_dict()
    if label in known:
        item = label
    if item is not None and known.get(item) == "final_use":
        return item
    return _uses().get(folded(label), "final_use")


def sector_labels(rows: pd.MultiIndex) -> tuple[pd.DataFrame, str | None]:
    """The ``index`` of a table with these regions and sectors, and the list they are of."""
    sectors = [str(sector) for sector in rows.get_level_values(1)]
    names = list(dict.fromkeys(sectors))
    found = _list_of(names)
    if found is not None:
        codes = {name: found.code(name) or name for name in names}  # some labels are codes
        bundled = found.sectors.drop(columns="aliases", errors="ignore")
        labels = {name: bundled.loc[codes[name]].to_dict() for name in names}
    else:
        codes = {name: name for name in names}
        labels = {name: own_labels([name]) for name in names}
    index = pd.DataFrame([labels[sector] for sector in sectors])
    regions = [str(region) for region in rows.get_level_values(0)]
    index.insert(0, "region", regions)
    index.insert(1, "code", [codes[sector] for sector in sectors])
    index.index = node_ids(regions, sectors)
    return index, found.id if found else None


def _list_of(labels: Sequence[str]) -> SectorList | None:
    """The bundled list that has every label as a name, or every one as a code."""
    try:
        found, share = recognise_any(labels)
    except LabelError:
        return None
    if found is not None and share == 1:
        return found if len({found.code(label) for label in labels}) == len(labels) else None
    if any(label.isdigit() for label in labels):
        return None  # numbers say nothing: many lists begin at 01
    lists = (sector_list(name) for name in LISTS)
    return next(
        (each for each in lists if each.sectors.index.isin(labels).sum() == len(labels)), None
    )


def labels_of(row: object) -> tuple[str, ...]:
    """The labels of one row of an index, one a level."""
    return tuple(str(label) for label in (row if isinstance(row, tuple) else (row,)))


def levels_of(index: pd.Index) -> tuple[str, ...]:
    """The names of the levels of an index."""
    return tuple(str(name) if name is not None else "" for name in index.names)


def key_of(levels: Sequence[str], labels: Sequence[str], name: str = "") -> str:
    """One text for a row of an extension, from which ``parts_of`` makes name and labels again.

    Example:
        >>> key_of(["stressor", "compartment"], ["CO2", "air"], "emissions")
        'emissions/stressor=CO2/compartment=air'
    """
    pairs = [
        f"{quote(level, safe=' ')}={_quoted(label)}"
        for level, label in zip(levels, labels, strict=True)
    ]
    return "/".join([*([name] if name else []), *pairs])


def parts_of(key: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Name, levels and labels of a key; what is no such key is a name without labels.

    Example:
        >>> parts_of("emissions/stressor=CO2/compartment=air")
        ('emissions', ('stressor', 'compartment'), ('CO2', 'air'))
        >>> parts_of("Cif/ fob adjustments")
        ('Cif/ fob adjustments', (), ())
    """
    first, *rest = key.split("/")
    pairs = rest if "=" not in first else [first, *rest]
    pairs = [pair for pair in pairs if not re.fullmatch(r"#\d+", pair)]
    if not pairs or not all("=" in pair for pair in pairs):
        return key, (), ()
    levels, labels = zip(*(pair.split("=", 1) for pair in pairs), strict=True)
    name = first if "=" not in first else ""
    return name, tuple(map(unquote, levels)), tuple(map(unquote, labels))


def _quoted(label: str) -> str:
    """Only what would be misread is replaced, so that keys can be read."""
    return re.sub("[%/=#]", lambda found: f"%{ord(found.group()):02X}", label)


def co2_of(
    rows: Mapping[str, Extension], chosen: Sequence[str] | None = None
) -> tuple[Extension | None, Names | None]:
    """The sum of the rows that are CO2, and a note that says which they were.

    Rows are CO2 by their name, in a unit of mass, equivalents and biogenic CO2 left out. Within
    one extension, either a single row is, or each source has a row (``CO2 - combustion - air``);
    several such extensions say the same twice, and the first counts. Anything else is left open.

    Raises:
        DataError: a chosen row is not there, or the rows are in different units.
    """
    unknown = [key for key in chosen or () if key not in rows]
    if unknown:
        raise DataError(
            "no such row", found=unknown[0], expected=f"one like {', '.join(list(rows)[:3])}"
        )
    named = [key for key, row in rows.items() if _is_co2(key, row)]
    of_name: dict[str, list[str]] = {}
    for key in named:
        of_name.setdefault(parts_of(key)[0], []).append(key)
    summed = list(chosen or ()) or next(
        (keys for keys in of_name.values() if len(keys) == 1 or all(map(_by_source, keys))), []
    )
    if not summed:
        if not named:
            return None, None
        return None, words("note.pymrio_co2_open", rows=listed([plain(key) for key in named[:5]]))
    unit = rows[summed[0]].unit
    F, F_Y = (
        sum(
            (getattr(rows[key], part) * units.factor(rows[key].unit, unit) for key in summed[1:]),
            start=getattr(rows[summed[0]], part).copy(),
        )
        for part in ("F", "F_Y")
    )
    note = words("note.pymrio_co2", rows=listed([plain(key) for key in summed]))
    source = rows[summed[0]].source
    return Extension(np.asarray(F), np.asarray(F_Y), unit, "CO2", source), note


def _is_co2(key: str, row: Extension) -> bool:
    text = " ".join(parts_of(key)[2])
    if not CO2.search(text) or NOT_CO2.search(text):
        return False
    try:
        units.factor(row.unit, "Mt")
    except DataError:
        return False
    return True


def _by_source(key: str) -> bool:
    return parts_of(key)[2][0].casefold().startswith("co2 - ")
