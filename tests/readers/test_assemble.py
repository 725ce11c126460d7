"""Codes of sectors as other files write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from workbooks import Grid, ceads_grid, ceads_like, refusal, save

from graphmap.readers import read

TABLE = ceads_like()


def coded(write: Callable[[int], str]) -> Grid:
    """The table with other codes in rows and columns, from what a sector's number makes."""
    return [
        [write(int(each)) if isinstance(each, str) and each.isdecimal() else each for each in row]
        for row in ceads_grid(TABLE)
    ]


@pytest.mark.parametrize(
    "write",
    [
        lambda n: f"S{n:02d}",
        lambda n: f"{n:03d}",
        lambda n: f"440{n:02d}",
        lambda n: f"{n}0",
        lambda n: f"N{'ABCDEFG'[n // 7]}{'TUVWXYZ'[n % 7]}",
    ],
)
def test_a_numbering_of_the_files_own_gives_way_to_the_lists(
    tmp_path: Path, write: Callable[[int], str]
) -> None:
    found = read(save(tmp_path / "t.xlsx", T=coded(write)))
    assert found.index.index.tolist() == TABLE.index.index.tolist()
    np.testing.assert_array_equal(found.Z, TABLE.Z)
    np.testing.assert_array_equal(found.x, TABLE.x)


@pytest.mark.parametrize(
    "write",
    [
        lambda n: f"S{n % 42 + 1:02d}",
        lambda n: f"{n % 42 + 1:02d}",
        lambda n: f"{n + (n > 21):03d}",
        lambda n: f"S{n:02d}" if n < 30 else f"S{n - 1:02d}",
    ],
)
def test_codes_that_belong_to_other_names_are_refused(
    tmp_path: Path, write: Callable[[int], str]
) -> None:
    message = refusal(read, save(tmp_path / "t.xlsx", T=coded(write)))
    assert "names and codes of the sectors disagree" in message
