"""Sectors by whatever people call them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made import table_of

from graphmap import sample
from graphmap.accounts.lookup import find_sectors
from graphmap.errors import DataError


def found(text, table=None):
    table = sample.table() if table is None else table
    return table.index.index[find_sectors(table, text)].tolist()


@pytest.mark.parametrize(
    "text",
    [
        "27",
        "Construction",
        " CONSTRUCTION ",
        "建筑",
        "建築",
        "jian zhu",
        "建筑业",  # as the inventory calls it
    ],
)
def test_a_sector_is_found_in_every_region(text) -> None:
    assert found(text) == ["CN-GD.27", "CN-ZJ.27"]


def test_a_node_id_is_one_sector_of_one_region() -> None:
    assert found("CN-ZJ.27") == found("cn-zj.27") == ["CN-ZJ.27"]


@pytest.mark.parametrize("text", ["materials", "高耗能原材料", "Energy-intensive materials"])
def test_a_group_is_all_of_its_sectors(text) -> None:
    assert found(text) == [f"CN-{place}.{i}" for place in ("GD", "ZJ") for i in (11, 12, 13, 14)]


def test_a_code_goes_before_a_name_and_a_name_before_a_group() -> None:
    table = table_of(np.eye(3), [2.0] * 3, names=["01", "materials", "Steel"])
    assert found("01", table) == ["n1"]
    assert found("Materials", table) == ["n1"]
    assert found("Energy-intensive materials", table) == ["n0", "n1", "n2"]
    twice = table_of(np.eye(3), [2.0] * 3, names=["Steel", "Coal", "steel"])
    assert found("Steel", twice) == ["n0", "n2"]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Constrction", "one like Construction"),
        ("construct", "one like Construction"),
        ("电力", "电力、热力的生产和供应"),
        ("zzzzzz", "a code, a name or a group, such as 01 Agriculture"),
        ("", "a code, a name or a group"),
        ("·", "a code, a name or a group"),
    ],
)
def test_what_is_not_there_is_refused_with_what_comes_nearest(text, near) -> None:
    with pytest.raises(DataError) as error:
        find_sectors(sample.table(), text)
    assert near in str(error.value)


def test_a_table_with_a_list_of_its_own_is_searched_by_its_names() -> None:
    table = table_of(np.eye(2), [2.0, 2.0], names=["Widgets & co", "Gadgets"])
    assert found("widgets and CO", table) == ["n0"]
    with pytest.raises(DataError, match="one like Gadgets"):
        found("Gadget", table)


def test_no_name_is_not_the_name_of_sectors_without_pinyin() -> None:
    with pytest.raises(DataError, match="no such sector"):
        found(" ", table_of(np.eye(2), [2.0, 2.0], names=["Coal", "Steel"]))


def test_a_node_id_goes_before_a_code() -> None:
    table = table_of(np.eye(2), [2.0, 2.0])
    assert found("N1", replace(table, index=table.index.assign(code=["n1", "01"]))) == ["n1"]


def test_a_region_before_the_sector_means_the_one_there() -> None:
    for text in ("Guangdong · Construction", "广东·建筑", "CN-GD · 27"):
        assert found(text, sample.table()) == ["CN-GD.27"]
    with pytest.raises(DataError, match="no such sector"):
        found("Beijing · Construction", sample.table())


def test_what_comes_nearest_is_named_as_people_write_it() -> None:
    with pytest.raises(DataError) as error:
        find_sectors(sample.table(), "jianzh")
    assert "jianzhu" not in str(error.value)
