"""Figures that stand beside the label of a neighbour go where they belong, and no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from same_tables import assert_same, notes_of
from small_tables import dense, small_table

from graphmap import sample
from graphmap.accounts.emissions import Source
from graphmap.accounts.examine import examine
from graphmap.accounts.finding import Finding
from graphmap.accounts.records import Records
from graphmap.accounts.relabel import relabelled_records, run_moves, run_named
from graphmap.accounts.repairs import repaired
from graphmap.classification import sector_list
from graphmap.errors import DataError
from graphmap.i18n import plain


def wrongly_labelled(table, region, codes, step):
    """The table whose figures went, by label, to the label ``step`` further in a run."""
    own = pd.MultiIndex.from_frame(table.index[["region", "code"]])
    wrong = dict(zip(codes, np.roll(codes, -step), strict=True))
    named = pd.MultiIndex.from_tuples([(r, wrong.get(c, c) if r == region else c) for r, c in own])
    Z = pd.DataFrame(dense(table), index=named, columns=named).reindex(index=own, columns=own)
    rows = {
        name: pd.DataFrame(getattr(table, name), index=named).reindex(own).to_numpy()
        for name in ("Y", "x", "imports")
    }
    V = pd.DataFrame(table.V, columns=named).reindex(columns=own).to_numpy()
    co2 = table.extensions["co2"]
    F = pd.Series(co2.F, index=named).reindex(own).to_numpy()
    return replace(
        table,
        Z=np.ascontiguousarray(Z.to_numpy()),
        Y=np.ascontiguousarray(rows["Y"]),
        x=rows["x"].ravel(),
        imports=rows["imports"].ravel(),
        V=np.ascontiguousarray(V),
        extensions={"co2": replace(co2, F=F)},
    )


@pytest.mark.parametrize("step", [1, -1])
def test_labels_that_moved_are_put_back(step) -> None:
    table = sample.table()
    codes = [f"{i:02d}" for i in range(24, 43)]
    wrong = wrongly_labelled(table, "CN-GD", codes, step)
    at = 28 + step  # where the figures of transport now stand
    assert wrong.x[at] == table.x[28]
    again = repaired(wrong, [f"shift-labels:CN-GD:24:42:{-step}"])
    assert_same(again, table)
    (note,) = notes_of(again)
    assert "Guangdong" in note
    assert "Zhejiang" not in note
    assert f"{table.names(at, 'short')['en']} → {table.names(28, 'short')['en']}" in note


def test_labels_of_every_region_move_unless_one_is_named() -> None:
    table = small_table(regions=3, sectors=4)
    moved = repaired(table, ["shift-labels:24:27:1"])  # the run is 24, 29, 27
    for first in (0, 4, 8):
        assert (
            moved.x[first : first + 4].tolist()
            == table.x[[first + 2, first, first + 1, first + 3]].tolist()
        )


def test_shift_labels_takes_the_runs_that_check_proposes(monkeypatch) -> None:
    table = small_table(sectors=4)
    name = run_named("CN-ZJ", ["24", "29", "27", "06"], [(1, 0), (2, 1)])
    assert name == "shift-labels:CN-ZJ:24:27:-1"
    finding = Finding("warning", "label_shift", plain(""), repair=name)
    monkeypatch.setattr("graphmap.accounts.remedies.check", lambda _: [finding, finding])
    moved = repaired(table, ["shift-labels"])
    assert_same(moved, repaired(table, [name]))
    monkeypatch.setattr("graphmap.accounts.remedies.check", lambda _: [])
    with pytest.raises(DataError, match="shift-labels finds nothing to do"):
        repaired(table, ["shift-labels"])


@given(st.integers(2, 9), st.data())
def test_a_run_goes_round(n, data) -> None:
    codes = [f"{i:02d}" for i in range(n)]
    first = data.draw(st.integers(0, n - 2))
    last = data.draw(st.integers(first + 1, n - 1))
    step = data.draw(st.sampled_from([-1, 1]))
    moves = run_moves(codes, codes[first], codes[last], step)
    assert sorted(moves) == sorted(moves.values()) == codes[first : last + 1]
    inner = list(moves.items())[1:-1]
    assert all(int(new) - int(old) == step for old, new in inner)
    pairs = [(int(old), int(new)) for old, new in moves.items()]
    named = run_named("", codes, pairs)
    assert run_moves(codes, *named.split(":")[2:4], int(named.split(":")[4])) == moves


def totals(labels, codes, regions, list_id="cn42_2017", **more):
    data = pd.DataFrame({"region": regions, "year": 2017, "sector": labels, "code": codes, **more})
    data = data.assign(classification=list_id, co2=np.arange(len(data), dtype=float))
    return Records("sector_totals", data, {"co2": "Mt"}, Source("", "list.csv"))


def test_labels_of_totals_are_spelt_as_the_list_spells_them() -> None:
    records = totals(
        ["燃气", "住宿餐饮", "运输仓储邮政", "食品"], ["25", "30", "29", "06"], "CN-GD"
    )
    again, was = relabelled_records(records, ["shift-labels:CN-GD@2017:24:42:-1"])
    assert again.data["code"].tolist() == ["24", "29", "28", "06"]
    assert again.data["sector"].tolist()[1] == "运输仓储邮政"
    assert again.data["sector"].tolist()[0] == "电力、热力的生产和供应"
    assert was.tolist() == ["燃气", "住宿餐饮", "运输仓储邮政", ""]
    assert again.data["co2"].equals(records.data["co2"])
    assert records.data["sector"].tolist()[0] == "燃气"


def test_labels_of_one_place_and_edition_of_many() -> None:
    records = totals(["Gas", "Gas", "Gas"], ["25"] * 3, ["CN-GD", "CN-ZJ", "CN-GD"])
    records.data["edition"] = ["2017", "2017", "2017 new"]
    again, _ = relabelled_records(records, ["shift-labels:CN-GD@2017 new:24:25:-1"])
    assert again.data["code"].tolist() == ["25", "25", "24"]
    everywhere, _ = relabelled_records(records, ["shift-labels::24:25:-1"])
    assert everywhere.data["code"].tolist() == ["24"] * 3


def test_labels_move_once_a_remedy_as_they_do_in_a_table() -> None:
    table = sample.table().select(["CN-GD"])
    records = totals(table.index["name_en"].tolist(), table.index["code"].tolist(), "CN-GD")
    records = replace(records, data=records.data.assign(gross_output=table.x))
    for remedies in (
        ["shift-labels:24:26:-1"] * 2,
        ["shift-labels:24:26:1", "shift-labels:25:31:-1"],
    ):
        again, was = relabelled_records(records, remedies)
        moved = again.data.set_index("code")["gross_output"].loc[table.index["code"]]
        assert moved.tolist() == repaired(table, remedies).x.tolist()
        here = (again.data["code"] != records.data["code"]).to_numpy()
        assert was[here].tolist() == records.data["sector"][here].tolist()
        assert set(was[~here]) == {""}


def test_runs_that_were_found_are_moved_before_any_other() -> None:
    records = totals(["Gas", "Power"], ["25", "24"], "CN-GD")
    found = [Finding("warning", "label_shift", plain(""), repair="shift-labels:CN-GD:24:25:-1")]
    again, _ = relabelled_records(records, ["shift-labels", "shift-labels:24:25:-1"], found)
    assert again.data["code"].tolist() == ["25", "24"]
    with pytest.raises(DataError, match="shift-labels first"):
        relabelled_records(records, ["shift-labels", "shift-labels"], found)


def test_lists_without_a_label_to_move_are_refused() -> None:
    records = totals(["Gas"], ["25"], "CN-GD")
    with pytest.raises(DataError, match="nothing to do; found 'no label of this place and run'"):
        relabelled_records(records, ["shift-labels:24:25:1", "shift-labels:CN-ZJ:24:25:1"])
    with pytest.raises(DataError, match="nothing to do"):
        relabelled_records(records, ["shift-labels"])
    with pytest.raises(DataError, match="no remedy for such a list"):
        relabelled_records(records, ["swap-axes"])
    with pytest.raises(DataError, match="no remedy for such a list"):
        relabelled_records(replace(records, kind="city_emissions"), ["shift-labels"])


@pytest.mark.parametrize("edition", ["2017", "2017 new"])
def test_what_check_proposes_for_one_edition_mends_it_and_no_other(edition) -> None:
    """Two editions of a year, a run of labels moved in one: the remedy as printed moves it back."""
    table = sample.table().select(["CN-GD"])
    parts = []
    for each in ("2017", "2017 new"):
        labels = table.index["code"].tolist()
        if each == edition:
            labels[23:31] = np.roll(labels[23:31], -1)
        names = sector_list("cn42_2017").sectors["name_en"].loc[labels].tolist()
        own = totals(names, labels, "CN-GD", edition=each).data
        parts.append(own.assign(gross_output=table.x, co2=table.co2))
    data = pd.concat(parts, ignore_index=True)
    units = {"co2": "Mt", "gross_output": table.unit}
    wrong = Records("sector_totals", data, units, Source("", "list.csv"))
    (found,) = [each for each in examine(wrong) if each.kind == "label_shift"]
    assert found.repair == f"shift-labels:CN-GD@{edition}:24:31:-1"
    again, was = relabelled_records(wrong, [found.repair])
    assert set(data["edition"][was != ""]) == {edition}
    assert again.data["code"].tolist() == 2 * table.index["code"].tolist()
    assert not [each for each in examine(again) if each.kind == "label_shift"]
