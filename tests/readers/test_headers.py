"""Which year a table is of, where its title, its sheet's name and its file's do not agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbooks import ceads_grid, ceads_like, cell, refusal, save

from graphmap.readers import read

TABLE = ceads_like()


def test_another_year_in_the_name_of_the_sheet_is_said(tmp_path: Path) -> None:
    grid = ceads_grid(TABLE, title="2017年广东浙江投入产出表")
    found = read(save(tmp_path / "t.xlsx", **{"Table 2018": grid}), unit="10k_yuan")
    assert found.year == 2017
    (note,) = found.source.notes
    for text in note.values():
        assert "2017" in text and "Table 2018" in text
    same = save(tmp_path / "t.xlsx", **{"Table 2017": grid})
    assert not read(same, unit="10k_yuan").source.notes


def test_another_year_in_the_name_of_the_file_is_said(tmp_path: Path) -> None:
    grid = ceads_grid(TABLE, title="2017")
    found = read(save(tmp_path / "t2018.xlsx", T=grid), unit="10k_yuan")
    assert found.year == 2017
    assert "t2018.xlsx" in found.source.notes[0]["en"]
    several = save(tmp_path / "t2012-2018.xlsx", T=grid)
    assert read(several, unit="10k_yuan").source.notes == ()


@pytest.mark.parametrize("title", ["二〇一七年", "２０１７年", "编制于2020年的2017年投入产出表"])
def test_the_year_of_the_title_is_read(tmp_path: Path, title: str) -> None:
    found = read(save(tmp_path / "t.xlsx", T=ceads_grid(TABLE, title=title)), unit="10k_yuan")
    assert (found.year, found.source.notes) == (2017, ())


def test_a_title_of_two_years_asks_which(tmp_path: Path) -> None:
    file = save(tmp_path / "t.xlsx", T=ceads_grid(TABLE, title="2020年发布，2017年"))
    message = refusal(read, file)
    assert cell(0, 0) in message and "2020, 2017" in message and "--year" in message
    assert read(file, year=2017).year == 2017
