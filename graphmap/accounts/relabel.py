"""Figures that stand beside the label of a neighbour, put where they belong.

Within a region, labels of a run have moved by one; whatever ran over its end came in at the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from graphmap.accounts.finding import Finding
from graphmap.accounts.records import Records
from graphmap.accounts.table import IOTable
from graphmap.classification import sector_list
from graphmap.errors import DataError

Moves = Mapping[str, str]
"""Code of the label that stands beside the figures -> code of the sector they belong to."""


def run_moves(codes: Sequence[str], first: str, last: str, step: int) -> dict[str, str]:
    """Where the figures of a run belong, going round within it.

    Args:
        codes: the sectors in their order.
        first, last: codes of both ends of the run.
        step: -1 where figures belong to the label before theirs, 1 to the one behind.

    Raises:
        DataError: an end is not among the codes, or the run is of less than two sectors.

    Example:
        >>> run_moves(["23", "24", "25", "26"], "24", "26", -1)
        {'24': '26', '25': '24', '26': '25'}
    """
    for end in (first, last):
        if end not in codes:
            raise DataError("no such sector", found=end, expected=f"{codes[0]} to {codes[-1]}")
    run = list(codes[codes.index(first) : codes.index(last) + 1])
    if len(run) < 2 or not step % len(run):
        raise DataError(
            "no labels to move",
            found=f"{first} to {last} by {step:+d}",
            expected="a run of two sectors or more, and a step such as -1",
        )
    return {code: run[(i + step) % len(run)] for i, code in enumerate(run)}


def run_named(place: str, codes: Sequence[str], moved: Sequence[tuple[int, int]]) -> str:
    """The remedy ``shift-labels:PLACE:FIRST:LAST:STEP`` that moves a run back.

    Args:
        place: code of the region, of a record with ``@YEAR`` behind it; empty for all there are.
        codes: the sectors in their order.
        moved: pairs of positions, of the label that is there and of the one that belongs there;
            those of sectors without figures may be missing.

    Example:
        >>> run_named("CN-GD", ["23", "24", "25", "26"], [(2, 1), (3, 2)])
        'shift-labels:CN-GD:24:26:-1'
    """
    positions = [position for pair in moved for position in pair]
    steps = [belongs - label for label, belongs in moved]
    step = -1 if steps.count(-1) >= steps.count(1) else 1
    return f"shift-labels:{place}:{codes[min(positions)]}:{codes[max(positions)]}:{step}"


def run_from(arguments: Sequence[str]) -> tuple[str, str, str, int]:
    """Place (empty for all), first and last code, and step, as they stand behind ``shift-labels:``.

    Raises:
        DataError: they are not of that form.

    Example:
        >>> run_from(["24", "42", "-1"])
        ('', '24', '42', -1)
    """
    place, first, last, step = (
        ("", *arguments) if len(arguments) == 3 else (*arguments, *[""] * 4)[:4]
    )
    if len(arguments) not in (3, 4) or not re.fullmatch(r"[-+]?\d+", step):
        raise DataError(
            "cannot read shift-labels",
            found=":".join(["shift-labels", *arguments]),
            expected="shift-labels, or shift-labels:FIRST:LAST:STEP such as shift-labels:24:42:-1",
        )
    return place.strip(), first.strip(), last.strip(), int(step)


def found_runs(findings: Iterable[Finding]) -> list[tuple[str, str, str, int]]:
    """The runs that findings propose to move, as ``run_from`` gives them."""
    names = dict.fromkeys(finding.repair for finding in findings)
    given = [name.split(":")[1:] for name in names if name.startswith("shift-labels:")]
    return [run_from(arguments) for arguments in given]


def relabelled(table: IOTable, moves: Mapping[str, Moves]) -> IOTable:
    """The table with the figures of each sector moved to where they belong; labels stay in order.

    Args:
        table: n region-sectors.
        moves: region -> code there -> code that belongs there; they exchange places among
            themselves.

    Raises:
        DataError: a code is not in the region, or two sectors would come to stand in one place.

    Example:
        >>> from graphmap import sample
        >>> table = sample.table().select(["CN-GD"])
        >>> moved = relabelled(table, {"CN-GD": {"24": "25", "25": "24"}})
        >>> bool(moved.x[23] == table.x[24]), bool(moved.Z[23, 24] == table.Z[24, 23])
        (True, True)
    """
    place = {
        (region, code): i
        for i, (region, code) in enumerate(
            zip(table.index["region"], table.index["code"], strict=True)
        )
    }
    come_from = np.arange(table.n)
    for region, pairs in moves.items():
        if sorted(pairs) != sorted(pairs.values()):
            raise DataError(
                "two sectors would stand in one place",
                found=", ".join(f"{old} to {new}" for old, new in pairs.items()),
                expected="sectors that exchange their places",
            )
        for old, new in pairs.items():
            if (region, old) not in place or (region, new) not in place:
                raise DataError("no such sector in the region", found=f"{old} to {new} in {region}")
            come_from[place[region, new]] = place[region, old]
    at = come_from
    of_rows = {
        name: getattr(table, name)[at]
        for name in ("Y", "imports", "x", "imports_inside", "Y_imports")
        if getattr(table, name) is not None
    }
    of_both = {
        name: getattr(table, name)[at][:, at]
        for name in ("Z", "Z_imports")
        if getattr(table, name) is not None
    }
    extensions = {name: replace(each, F=each.F[at]) for name, each in table.extensions.items()}
    return replace(table, **of_rows, **of_both, V=table.V[:, at], extensions=extensions)


def relabelled_records(
    records: Records, remedies: Sequence[str], findings: Iterable[Finding] = ()
) -> tuple[Records, pd.Series]:
    """Totals of sectors with the labels that belong to the figures, and the labels they had.

    Args:
        records: of the kind ``sector_totals``, with sectors of a known list.
        remedies: ``shift-labels``, for the runs that the findings propose, or
            ``shift-labels:PLACE:FIRST:LAST:STEP``; in their order, each after the one before it.
        findings: what was found about these records.

    Returns:
        The records with other ``sector`` and ``code``, and by row what ``sector`` was, empty where
        it has not changed.

    Raises:
        DataError: another remedy, records of another kind, no label to move, or findings that are
            to be used after another remedy has moved what they were found of.
    """
    found = records.data
    for number, remedy in enumerate(remedies):
        name, *arguments = remedy.strip().split(":")
        if name != "shift-labels" or records.kind != "sector_totals":
            raise DataError(
                "no remedy for such a list",
                found=remedy,
                expected="shift-labels, totals of sectors",
            )
        if number and not arguments:
            raise DataError(
                "shift-labels after other remedies",
                file=records.source.file,
                found=", ".join(remedies),
                expected="shift-labels first: the runs found are those of the labels as they stand",
            )
        runs = [run_from(arguments)] if arguments else found_runs(findings)
        data = _moved(found, runs)
        if data["code"].equals(found["code"]):
            none = "label of this place and run" if arguments else "run that fits better elsewhere"
            raise DataError(
                f"{remedy.strip()} finds nothing to do",
                file=records.source.file,
                found=f"no {none}",
                remedy="give a run of labels that are there, such as shift-labels:24:42:-1",
            )
        found = data
    old, new = (each["code"].fillna("") for each in (records.data, found))
    return replace(records, data=found), records.data["sector"].where(old != new, "")


def _moved(data: pd.DataFrame, runs: Iterable[tuple[str, str, str, int]]) -> pd.DataFrame:
    """Totals of sectors after the runs, all of which read the labels as they stand in ``data``."""
    moved = data.copy()
    spelt = {(row.classification, row.code): row.sector for row in data.itertuples()}
    for place, first, last, step in runs:
        for at, row in data.iterrows():
            if not row["classification"] or place not in _places(row):
                continue
            list_id = row["classification"]
            codes = list(sector_list(list_id).sectors.index)
            new = run_moves(codes, first, last, step).get(row["code"], row["code"])
            if new != row["code"]:
                name = spelt.get((list_id, new)) or _like(row["sector"], list_id, new)
                moved.loc[at, ["code", "sector"]] = [new, name]
    return moved


def _places(row: pd.Series) -> tuple[str, ...]:
    """By what a remedy may call the place of a record: nothing, its region, region and edition."""
    code = str(row.get("region") or "")
    when = "edition" if "edition" in row else "year"  # a year may have several editions
    return ("", code, f"{code}@{row[when]}") if when in row else ("", code)


def _like(label: str, list_id: str, code: str) -> str:
    """The name of a sector in the language of a label."""
    names = sector_list(list_id).name(code)
    return names["zh-Hans" if re.search(r"[\u3400-\u9fff]", label) else "en"]
