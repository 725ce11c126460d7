"""Labels that the lists of sectors do not give: totals, a file's own sectors, years in titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import opencc
import pandas as pd

from graphmap import units
from graphmap.classification import regions
from graphmap.classification.lists import folded
from graphmap.errors import DataError

_YEAR = r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)"

_UNIT = re.compile(
    r"(?:单位|單位|\bunits?)\s*[:：=\s为為是]\s*((?:[^.。;；,，)）\n]|(?<=\d),(?=\d))+)"
    r"|[(（]([^()（）]*(?:元|yuan|cny|rmb|usd))[)）]"
    r"|\bin\s+((?:(?:[\d,]+|ten|hundred)\s+)?(?:(?:thousand|million|billion)\s+)?"
    r"(?:yuan|cny|rmb|usd|us dollars|euros?))\b",
    re.IGNORECASE,
)
_PRICES = re.compile(
    r"[\s,，;；、(（]*(?:\b(?:at|in)\s+)?(?:按)?"
    rf"(?:current|constant|basic|producers?'?|purchasers?'?|{_YEAR}年?|当年|當年|现行|現行|不变|不變|可比)"
    r"[^,，;；(（]*(?:prices?|价格?|價格?)(?:计算|計算)?[)）]?\s*$",
    re.IGNORECASE,
)
"""The prices in which money is counted, behind its unit."""

_CHINESE_YEAR = re.compile(r"[一二][〇零○Oo0一二三四五六七八九]{3}")
_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_TABLE = r"(?:投入[产產]出|input[\s_-]*output|\bI-?O[\s_]+table|MRIO)"
_WITHIN = r"[^\d,，.。;；:：()（）]*"
"""What may stand between a table's name and its year."""

_OTHER_YEAR = re.compile(
    r"[编編][制製]|[发發公][布佈]|出版|更新|修[订訂]|[价價]|compil|publish|releas|updat|revis|price",
    re.IGNORECASE,
)
"""What makes a year that of the making of a table, or of its prices."""


CHINA = re.compile(
    r"(全国|全國|中国|中國|(?<![a-z])(?<!statistics of )china(?:['’]s)?)"
    r"[\W_年]*((19|20)\d\d|\d+\W*(部门|部門|sector)|投入产出|投入產出|input|io\b|national|table|$)",
    re.IGNORECASE,
)
"""China as the subject of a table: before its year, before what it is, or at the end."""


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
    """The money unit that a title names, or that is all a cell holds, as written.

    Example:
        >>> unit_of("2017年广东省投入产出表 单位：亿元"), unit_of("Unit: 10 thousand yuan. Note")
        ('亿元', '10 thousand yuan')
        >>> unit_of("百万元"), unit_of("In million yuan at current prices"), unit_of("EUR")
        ('百万元', 'million yuan', None)
    """
    for text in texts:
        if found := _UNIT.search(text):
            # in brackets the unit comes last: （当年价格，万元）
            named = next(filter(None, found.groups()))
            last = re.split(r"[:：;；，、]|,(?!\d)", _PRICES.sub("", named))[-1]
            return last.strip(" (（")
        alone = _PRICES.sub("", text).strip()
        if _is_money(alone) and not re.fullmatch("[A-Za-z]{3}", alone):  # EUR may be a region
            return alone
    return None


def _is_money(text: str) -> bool:
    try:
        return bool(units.money_unit(text))
    except DataError:
        return False


def region_named_in(*texts: str) -> str | None:
    """The code of the one province named inside a title or file name; None if none or several.

    China counts where no province is named, and where it is the table's subject: a publisher
    (China Emission Accounts) and a set of provinces (中国地区投入产出表) are called after it too.

    Example:
        >>> region_named_in("广东省2017年投入产出表"), region_named_in("Guangdong_Zhejiang.xlsx")
        ('CN-GD', None)
        >>> region_named_in("2015年全国投入产出表"), region_named_in("中国碳核算数据库")
        ('CN', None)
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
    return "CN" if any(map(CHINA.search, texts)) else None


def year_of(*texts: str) -> int | None:
    """The year of the first of ``texts`` (a title, a sheet's name, a file's) that is of one year.

    Example:
        >>> year_of("Table_2017", "x.xlsx"), year_of("china_2012_139.csv"), year_of("42")
        (2017, 2012, None)
        >>> year_of("二〇一七年"), year_of("编制于2020年的2017年投入产出表"), year_of("2012-2017")
        (2017, 2017, None)
    """
    return next((years[0] for text in texts if len(years := years_in(text)) == 1), None)


def years_in(text: str) -> list[int]:
    """The years that a text may be of: of several the one beside the words input-output table."""
    spelt = _CHINESE_YEAR.sub(
        lambda found: found[0].translate(_DIGITS), unicodedata.normalize("NFKC", text)
    )
    years = list(dict.fromkeys(map(int, re.findall(_YEAR, spelt))))
    if len(years) < 2:
        return years
    beside = {
        int(year)
        for pattern, at in ((f"{_YEAR}({_WITHIN}){_TABLE}", 0), (f"{_TABLE}({_WITHIN}){_YEAR}", 1))
        for found in re.findall(pattern, spelt, re.IGNORECASE)
        for year, between in [(found[at], found[1 - at])]
        if not _OTHER_YEAR.search(between)
    }
    return list(beside) if len(beside) == 1 else years
