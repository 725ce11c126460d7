"""The regions that are asked for, in whatever a file holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbooks import ceads_grid, ceads_like, inventory_grid, refusal, save

from graphmap import sample
from graphmap.accounts import IOTable
from graphmap.accounts.aggregate import regions_grouped
from graphmap.accounts.records import Records
from graphmap.readers import open_source, read_emissions, regions_of


@pytest.fixture
def totals(tmp_path: Path) -> Path:
    """Published totals of two provinces."""
    path = tmp_path / "totals.csv"
    path.write_text(
        "province,year,sector,gross_output_10k_yuan\n"
        "Guangdong,2017,Construction,1\nZhejiang,2017,Construction,2\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("yangtze-river-delta", {"CN-ZJ"}),
        ("长三角", {"CN-ZJ"}),
        (["Guangdong", "长江三角洲"], {"CN-GD", "CN-ZJ"}),
    ],
)
def test_a_group_is_its_members_in_tables_inventories_and_totals(
    tmp_path: Path, totals: Path, asked: str | list[str], meant: set[str]
) -> None:
    book = save(tmp_path / "2017.xlsx", Table_2017=ceads_grid(ceads_like()))
    inventory = save(
        tmp_path / "e.xlsx", Guangdong2017=inventory_grid(1), Zhejiang2017=inventory_grid(2)
    )
    table, listed = open_source(book, region=asked), open_source(totals, region=asked)
    assert isinstance(table, IOTable) and isinstance(listed, Records)
    assert set(table.regions) == set(listed.data["region"]) == meant
    assert {each.region for each in read_emissions(inventory, region=asked)} == meant


def test_a_group_that_is_a_region_goes_by_all_its_names() -> None:
    table = regions_grouped(sample.table(), {"yangtze-river-delta": ["CN-ZJ"]})
    for asked in ("yangtze-river-delta", "长三角"):
        assert regions_of(table, asked).regions == ["yangtze-river-delta"]


def test_a_group_of_which_nothing_is_there_is_refused(totals: Path) -> None:
    message = refusal(open_source, totals, region="north-east")
    assert "no such region in totals.csv; found 'north-east'" in message
