"""Labels that the lists of sectors do not give: totals, a file's own sectors, years in titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import opencc
import pandas as pd

from graphmap.classification import regions
from graphmap.classification.lists import folded


@cache
def items() -> pd.DataFrame:
    """The vocabulary of rows and columns that are not sectors, indexed by item."""
    with files(__package__).joinpath("items.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False).set_index("item")


@cache
def _item_spellings() -> dict[str, str]:
    spellings = items()["spellings"].str.split("|").explode()
    return {folded(name): str(item) for item, name in spellings.items()}


@lru_cache(maxsize=10_000)  # a large table repeats a few labels thousands of times
def item_of(text: str) -> str | None:
    """The item a label names, or None; a unit in brackets at its end is passed over.

    Example:
        >>> item_of("GO"), item_of("CO2排放（百万吨）"), item_of("01")
        ('gross_output', 'co2', None)
    """
    bare = re.sub(r"[(（][^()（）]*[)）]\s*$", "", text)
    return _item_spellings().get(folded(text)) or _item_spellings().get(folded(bare))


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2hk")


def own_labels(names: Sequence[str]) -> dict[str, str]:
    """Labels of a sector that is on no bundled list, from what the file calls it.

    A language the file does not have takes the other's name; traditional Chinese is converted
    from simplified.

    Example:
        >>> own_labels(["Glass", "玻璃制品"])["name_zh_hant"]
        '玻璃製品'
    """
    chinese = next((name for name in names if re.search(r"[\u4e00-\u9fff]", name)), None)
    english = next((name for name in names if name != chinese), None)
    hans = chinese or english or ""
    full = {
        "en": english or hans,
        "zh_hans": hans,
        "zh_hant": _to_traditional().convert(hans) if chinese else hans,
    }
    labels = {"group": "", **{f"name_{tag}": name for tag, name in full.items()}}
    longest = {"en": 28, "zh_hans": 9, "zh_hant": 9}
    for tag, name in full.items():
        most = longest[tag] if tag == "en" or chinese else longest["en"]
        short = name.removeprefix("Manufacture of ")
        short = short[:1].upper() + short[1:]
        labels[f"short_{tag}"] = short if len(short) <= most else short[: most - 1].rstrip() + "…"
    return {**labels, "pinyin": ""}


def unit_of(*texts: str) -> str | None:
    """The money unit that a title names (``单位：万元``, ``Unit: million yuan``), as written.

    Example:
        >>> unit_of("2017年广东省投入产出表 单位：亿元"), unit_of("Unit: 10 thousand yuan. Note")
        ('亿元', '10 thousand yuan')
    """
    for text in texts:
        found = re.search(
            r"(?:单位|單位|\bunits?)\s*[:：\s]\s*((?:[^.。;；,，)）\n]|(?<=\d),(?=\d))+)"
            r"|[(（]([^()（）]*(?:元|yuan|cny|rmb|usd))[)）]",
            text,
            re.IGNORECASE,
        )
        if found:
            # in brackets the unit comes last: （当年价格，万元）
            last = re.split(r"[:：;；，、]|,(?!\d)", found.group(1) or found.group(2))[-1]
            return last.strip(" (（")
    return None


def region_named_in(*texts: str) -> str | None:
    """The code of the one province named inside a title or file name; None if none or several.

    Example:
        >>> region_named_in("广东省2017年投入产出表"), region_named_in("Guangdong_Zhejiang.xlsx")
        ('CN-GD', None)
    """
    for text in texts:
        spelt = folded(text)
        found = {
            region.code
            for region in regions().values()
            if region.kind != "country"
            and any(folded(name) in spelt for name in region.name.values())
        }
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def year_of(*texts: str) -> int | None:
    """The first year named in ``texts`` (a title cell, a sheet's name, a file's name).

    Example:
        >>> year_of("Table_2017", "x.xlsx"), year_of("china_2012_139.csv"), year_of("42")
        (2017, 2012, None)
    """
    for text in texts:
        found = re.search(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)", text)
        if found:
            return int(found.group(1))
    return None
