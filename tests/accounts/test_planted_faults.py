"""Twelve faults planted in each constructed table are all caught, each with the right finding.

The faults are planted in the grids of cells: what a reader refuses counts as caught, by its words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from graphmap.accounts import IOTable, check
from graphmap.accounts.finding import Finding
from graphmap.accounts.sector_bands import bands
from graphmap.accounts.sector_fit import table_sectors
from graphmap.classification import sector_list
from graphmap.errors import DataError
from graphmap.readers import ceads_mrio
from graphmap.readers.blocks import is_table, read_axes
from graphmap.readers.sheet import Sheet, read_sheets

FILES = (
    "Guangdong_2017_ceads_layout.xlsx",
    "Zhejiang_2017_ceads_layout.xlsx",
    "Guangdong_Zhejiang_2017_ceads_layout.xlsx",
    "MRIO2017_31x42_ceads_layout.xlsx",
)
TOP, LEFT, SECTORS = 4, 3, 42
"""Where the flows begin in all of them, and how many sectors a province has."""

RUN = slice(23, 31)
"""Electricity to telecommunication: the sectors whose labels move."""

CONSEQUENCES = {"supply", "inputs", "inputs_beyond_output", "no_emissions", "negative_flow"}
"""What a fault may bring with it; Tibet has no CO2 in the clean table already."""


@cache
def grids(folder: Path, name: str) -> tuple[Sheet, int, int]:
    """The first table of a workbook, its region-sectors, the row of imports."""
    table = next(sheet for sheet in read_sheets(folder / "constructed" / name) if is_table(sheet))
    rows, _ = read_axes(table)
    return table, len(rows.of("sector")), rows.of("imports")[0].position


class Planted:
    """A copy of a table's cells to plant a fault in."""

    def __init__(self, sheet: Sheet, n: int, imports: int) -> None:
        self.numbers, self.texts = sheet.numbers.copy(), dict(sheet.texts)
        self.sheet, self.n, self.imports = sheet, n, imports
        self.name, self.file = sheet.name, sheet.file
        self.flows = slice(TOP, TOP + n), slice(LEFT, LEFT + n)

    def findings(self) -> list[Finding]:
        found = replace(
            self.sheet, numbers=self.numbers, texts=self.texts, name=self.name, file=self.file
        )
        return check(ceads_mrio.read([found]))


def clean(table: Planted) -> None:
    pass


def shifted_labels(table: Planted) -> None:
    order = np.arange(SECTORS)
    order[RUN] = np.roll(order[RUN], 1)
    order = (order + SECTORS * np.arange(table.n // SECTORS)[:, None]).ravel()
    table.numbers[TOP : TOP + table.n, LEFT:] = table.numbers[TOP + order, LEFT:]
    table.numbers[TOP:, LEFT : LEFT + table.n] = table.numbers[TOP:, LEFT + order]


def swapped_axes(table: Planted) -> None:
    table.numbers[table.flows] = table.numbers[table.flows].T.copy()


def wrong_unit(table: Planted) -> None:
    """Million yuan in a table that says nothing, and so is taken for 10 thousand yuan."""
    table.numbers[TOP:-1, LEFT:] /= 100


def negative_output(table: Planted) -> None:
    table.numbers[TOP + 5, -1] *= -1


def deleted_row(table: Planted) -> None:
    gone = TOP + 30
    table.numbers = np.delete(table.numbers, gone, axis=0)
    table.texts = {
        (row - (row > gone), column): text
        for (row, column), text in table.texts.items()
        if row != gone
    }


def duplicated_province(table: Planted) -> None:
    """The figures of the first province stand in the place of the second, or once more."""
    if table.n == SECTORS:
        for axis, end in ((0, TOP + SECTORS), (1, LEFT + SECTORS)):
            first = end - SECTORS
            copy = np.take(table.numbers, range(first, end), axis=axis)
            if axis:
                copy[: TOP + SECTORS], copy[TOP : TOP + SECTORS] = copy[: TOP + SECTORS], 0
                copy[TOP + SECTORS : TOP + 2 * SECTORS] = table.numbers[
                    TOP : TOP + SECTORS, LEFT : LEFT + SECTORS
                ]
            else:
                copy[:, LEFT : LEFT + SECTORS] = 0
            table.numbers = np.insert(table.numbers, [end] * SECTORS, copy, axis=axis)
            moved = {}
            for place, text in table.texts.items():
                at = place[axis]
                if at >= end:
                    moved[_moved(place, axis, SECTORS)] = text
                    continue
                moved[place] = text
                if at >= first:
                    moved[_moved(place, axis, SECTORS)] = text
            moved[(end, 0) if axis == 0 else (1, end)] = "Hunan"
            table.texts = moved
        table.texts[TOP - 1, LEFT] = "01"
        return
    first, second = (slice(k, k + SECTORS) for k in (0, SECTORS))
    rows = table.numbers[TOP : TOP + table.n]
    rows[second] = rows[first]
    columns = table.numbers[TOP:, LEFT : LEFT + table.n]
    columns[:, second] = columns[:, first]


def _moved(place: tuple[int, int], axis: int, by: int) -> tuple[int, int]:
    return (place[0] + by, place[1]) if axis == 0 else (place[0], place[1] + by)


def text_in_a_cell(table: Planted) -> None:
    table.numbers[TOP + 7, LEFT + 9] = np.nan
    table.texts[TOP + 7, LEFT + 9] = "see note"


def imports_twice(table: Planted) -> None:
    """The cells hold the imports too, though the row below them has them already."""
    flows, imports = table.numbers[table.flows], table.numbers[table.imports, table.flows[1]]
    table.numbers[table.flows] = flows * (1 + imports / flows.sum(axis=0))


def names_of_2012(table: Planted) -> None:
    english = "Beijing" in table.texts.values() or "Zhejiang" in table.texts.values()
    names = sector_list("cn42_2012").sectors["name_en" if english else "name_zh_hans"].tolist()
    for i in range(table.n):
        table.texts[TOP + i, 1] = table.texts[2, LEFT + i] = names[i % SECTORS]


def relabelled_year(table: Planted) -> None:
    table.texts[0, 0] = "2012"
    table.name = str(table.name).replace("2017", "2012")
    table.file = table.file.replace("2017", "2012")


def co2_times_1000(table: Planted) -> None:
    cement = list(bands("cn42_2017").index).index("13")
    table.numbers[-1, LEFT + cement] *= 1000


def nan_block(table: Planted) -> None:
    table.numbers[TOP + 5 : TOP + 15, LEFT + 10 : LEFT + 20] = np.nan


FAULTS: dict[Callable[[Planted], None], str] = {
    clean: "",
    shifted_labels: "label_shift",
    swapped_axes: "swapped_axes",
    wrong_unit: "unit",
    negative_output: "negative gross output",
    deleted_row: "rows and columns are not the same sectors",
    duplicated_province: "duplicated_region",
    text_in_a_cell: "text in a number cell",
    imports_twice: "imports_twice",
    names_of_2012: "names and codes of the sectors disagree",
    relabelled_year: "tables of 2012 use the list of 2012/2015",
    co2_times_1000: "co2_intensity",
    nan_block: "missing",
}
"""Fault -> the kind of its finding, or the words of the refusal."""

BESIDE = {
    "wrong_unit": {"co2_intensity"},
    "co2_times_1000": {"co2_size"},
    "duplicated_province": {"output_size", "co2_size", "swapped_axes"},
}
"""What else follows from a fault: other sides of the same thing."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", FILES)
def test_each_fault_is_caught_with_its_own_finding(data: Path, name: str, fault) -> None:
    table = Planted(*grids(data, name))
    fault(table)
    expected = FAULTS[fault]
    try:
        found = table.findings()
    except DataError as error:
        assert expected, error
        assert expected in str(error)
        return
    kinds = {finding.kind for finding in found if finding.severity != "ok"}
    if not expected:
        assert kinds <= {"no_emissions"}
        return
    assert expected in kinds
    allowed = {expected, *BESIDE.get(fault.__name__, ())} | CONSEQUENCES
    assert kinds <= allowed
    (first, *_) = [finding for finding in found if finding.kind == expected]
    assert first.remedy is not None


def test_a_shift_names_what_stands_where(data: Path) -> None:
    table = Planted(*grids(data, FILES[0]))
    shifted_labels(table)
    (found,) = [each for each in table.findings() if each.kind == "label_shift"]
    assert "“Gas supply” stands where “Electricity & heat” belongs" in found.text["en"]
    assert "“Hotels & catering” stands where “Transport & post” belongs" in found.text["en"]
    assert found.severity == "error"
    assert found.repair == "shift-labels:CN-GD:24:31:-1"


@pytest.mark.parametrize(
    ("place", "code", "kind"),
    [
        *(("CN-GD", code, "co2_intensity") for code in ("01", "12", "13", "29", "31", "42")),
        ("CN-FJ", "31", "co2_intensity"),
        ("CN-JS", "33", "co2_share"),
        ("CN-JS", "42", "co2_share"),
        ("CN-GS", "03", "co2_share"),
    ],
)
def test_the_co2_of_one_sector_times_1000_is_told_of_that_sector(
    data: Path, place: str, code: str, kind: str
) -> None:
    table = whole_country(data).select([place])
    co2 = table.extensions["co2"]
    times = np.where(table.index["code"] == code, 1000, 1)
    wrong = replace(table, extensions={"co2": replace(co2, F=co2.F * times)})
    assert table_sectors(table) == []
    assert [(each.kind, each.sector) for each in table_sectors(wrong)] == [(kind, code)]


def test_shares_of_co2_are_left_alone_where_power_emits_none(data: Path) -> None:
    table = whole_country(data).select(["CN-JS"])
    co2 = table.extensions["co2"]
    times = table.index["code"].map({"24": 0, "33": 1000}).fillna(1).to_numpy()
    without = replace(table, extensions={"co2": replace(co2, F=co2.F * times)})
    assert table_sectors(without) == []


@cache
def whole_country(folder: Path) -> IOTable:
    return ceads_mrio.read(read_sheets(folder / "constructed" / FILES[3]))


def test_a_later_year_of_the_same_list_is_told_by_the_published_total(data: Path) -> None:
    sheet, n, imports = grids(data, FILES[3])
    assert n == 31 * SECTORS
    table = Planted(sheet, n, imports)
    table.texts[0, 0] = "2018"
    table.name, table.file = "Table_2018", table.file.replace("2017", "2018")
    (found,) = [each for each in table.findings() if each.kind == "year_total"]
    assert found.value == 2017


def test_the_unit_is_named(data: Path) -> None:
    table = Planted(*grids(data, FILES[0]))
    wrong_unit(table)
    (found,) = [each for each in table.findings() if each.kind == "unit"]
    assert found.severity == "error"
    assert found.repair == "unit:million_yuan"
    assert found.value == pytest.approx(1 / 100)
