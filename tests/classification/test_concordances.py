"""Concordances: what is bundled joins what it should, and nothing gets lost on any way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.classification import Concordance, concordance, sector_list
from graphmap.classification.concordance import bundled
from graphmap.classification.lists import read_list
from graphmap.errors import DataError

BUNDLED = sorted(bundled())
NO_INDUSTRY = {"ceads_inventory": ["U", "R"], "gbt4754_2017": ["97"]}
"""Households, and international organisations, which no Chinese table has."""

UNREACHED = {("isic4_divisions", "oecd_45"): ["99"]}
"""The OECD's tables have no international organisations."""


def pairs_of(source: str, target: str) -> dict[str, list[str]]:
    found = concordance(source, target).pairs
    grouped: dict[str, list[str]] = found.groupby("source")["target"].agg(list).to_dict()
    return grouped


@pytest.mark.parametrize(("source", "target"), BUNDLED)
def test_every_bundled_concordance_passes_its_own_check(source: str, target: str) -> None:
    left_out = [*NO_INDUSTRY.get(source, []), *UNREACHED.get((source, target), [])]
    sources = [code for code in sector_list(source).sectors.index if code not in left_out]
    targets = list(sector_list(target).sectors.index)
    if (source, target) == ("oecd_45", "isic4_sections"):
        targets.remove("U")
    concordance(source, target).check(sources, targets)


@pytest.mark.parametrize(("source", "target"), BUNDLED)
def test_files_join_by_name_what_they_join_by_code(source: str, target: str) -> None:
    stored = read_list(f"{source}_to_{target}")
    for side, list_id in (("source", source), ("target", target)):
        names = sector_list(list_id).sectors["name_en"]
        assert stored[f"{side}_name"].tolist() == names[stored[side]].tolist()


def test_the_two_lists_of_42_are_joined_as_they_were_renumbered() -> None:
    forward, back = pairs_of("cn42_2012", "cn42_2017"), pairs_of("cn42_2017", "cn42_2012")
    assert forward["25"] == ["24"]  # electricity
    assert (forward["30"], forward["31"]) == (["29"], ["30"])  # transport, catering
    assert (forward["22"], forward["23"], back["22"]) == (["22"], ["22"], ["22", "23"])
    assert (forward["36"], back["35"], back["36"]) == (["35", "36"], ["36"], ["36"])
    assert len(forward) == len(back) == 42


@pytest.mark.parametrize(("source", "target"), [
    ("cn42_2012", "cn42_2017"),
    ("cn42_2017", "cn42_2012"),
    ("nbs139_2012", "cn42_2012"),
])  # fmt: skip
def test_sectors_of_the_same_name_are_joined(source: str, target: str) -> None:
    names = sector_list(source).sectors["name_zh_hans"]
    for code, targets in pairs_of(source, target).items():
        same = sector_list(target).code(names[code])
        assert same is None or same in targets


@pytest.mark.parametrize(("source", "target", "code", "targets"), [
    ("nbs139_2012", "cn42_2012", "096", ["25"]),
    ("nbs139_2012", "cn42_2017", "122", ["35"]),
    ("nbs149_2017", "cn42_2017", "098", ["24"]),
    ("nbs153_2018", "cn42_2017", "124", ["30"]),
    ("gbt4754_2017", "cn42_2017", "44", ["24"]),
    ("gbt4754_2017", "cn42_2012", "42", ["23"]),
    ("oecd_45", "cn42_2017", "D35", ["24", "25"]),
    ("oecd_45", "isic4_sections", "D35", ["D"]),
    ("isic4_divisions", "oecd_45", "33", ["D31T33"]),
    ("exiobase_163", "isic4_sections", "i40.11.a", ["D"]),
    ("exiobase_163", "isic4_sections", "i74", ["M", "N"]),
    ("exiobase_200", "isic4_sections", "p10.e", ["C"]),  # briquettes are made, not mined
])  # fmt: skip
def test_known_pairs(source: str, target: str, code: str, targets: list[str]) -> None:
    assert pairs_of(source, target)[code] == targets


def test_divisions_are_consistent_with_the_codes_of_the_oecd() -> None:
    for division, (oecd,) in pairs_of("isic4_divisions", "oecd_45").items():
        first, _, last = oecd[1:].partition("T")
        assert int(first) <= int(division) <= int(last or first)
    sections = pairs_of("isic4_divisions", "isic4_sections")
    through = concordance("isic4_divisions", "oecd_45").composed(
        concordance("oecd_45", "isic4_sections")
    )
    for row in through.pairs.itertuples():
        assert sections[str(row.source)] == [row.target]


@pytest.mark.parametrize(("year", "fine"), [(2017, "149"), (2018, "153")])
def test_fine_tables_summed_are_the_published_ones_of_42(
    data: object, year: int, fine: str
) -> None:
    def output(file: str) -> pd.Series:
        table = pd.read_csv(f"{data}/nbs/{file}.csv", dtype=str)
        if "Origin" in table:
            table = table[table["Origin"] != "Imports"]
        table["GO"] = pd.to_numeric(table["GO"], errors="coerce")
        return table[table["Code"].str.fullmatch(r"\d+")].set_index("Code")["GO"]

    detailed, published = output(f"china_{year}_{fine}"), output(f"china_{year}_42")
    shares = concordance(f"nbs{fine}_{year}", "cn42_2017").matrix(
        list(detailed.index), list(sector_list("cn42_2017").sectors.index)
    )
    np.testing.assert_allclose(detailed.to_numpy() @ shares, published.to_numpy(), rtol=1e-10)


def test_a_way_that_loses_a_distinction_is_refused_and_says_what_there_is() -> None:
    with pytest.raises(DataError, match="from exiobase_163 to isic4_sections"):
        concordance("exiobase_163", "oecd_45")
    with pytest.raises(DataError, match="from isic4_sections to nothing"):
        concordance("isic4_sections", "oecd_45")
    # Through cn42_2017 other manufacturing and waste would be mixed.
    with pytest.raises(DataError, match="without losing a distinction"):
        concordance("nbs149_2017", "cn42_2012")


@pytest.mark.parametrize(
    ("source", "target", "common"),
    [
        ("ceads_inventory", "nbs149_2017", "cn42_2017"),
        ("ceads_inventory", "nbs139_2012", "cn42_2012"),
        ("cn42_2012", "nbs153_2018", "cn42_2017"),
    ],
)
def test_the_list_that_an_inventory_and_a_finer_table_share_is_named(
    source: str, target: str, common: str
) -> None:
    with pytest.raises(DataError, match=f"graphmap aggregate TABLE --to {common}"):
        concordance(source, target)


@st.composite
def concordances(
    draw: st.DrawFn, sources: int, targets: int, *, known: bool | None = None
) -> Concordance:
    rows: list[tuple[str, str, float]] = []
    for i in range(sources):
        mine = draw(st.lists(st.integers(0, targets - 1), min_size=1, max_size=3, unique=True))
        parts = draw(st.lists(st.integers(1, 9), min_size=len(mine), max_size=len(mine)))
        has = known if known is not None else draw(st.booleans())
        rows += [
            (f"s{i}", f"t{j}", part / sum(parts) if has else np.nan)
            for j, part in zip(mine, parts, strict=True)
        ]
    return Concordance("", "", pd.DataFrame(rows, columns=["source", "target", "weight"]))


def dense(c: Concordance, n: int, m: int, sizes: list[float] | None = None) -> np.ndarray:
    shares = c.matrix([f"s{i}" for i in range(n)], [f"t{j}" for j in range(m)], sizes)
    return np.asarray(shares.toarray())


@given(concordances(5, 4), st.lists(st.one_of(st.just(0.0), st.floats(1e-300, 1e300)),
                                    min_size=4, max_size=4))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_rows_of_the_matrix_sum_to_one_and_follow_sizes(c: Concordance, sizes: list[float]) -> None:
    shares = dense(c, 5, 4, sizes)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)
    assert (shares >= 0).all()
    for source, rows in c.pairs.groupby("source"):
        mine = [int(t[1:]) for t in rows["target"]]
        given_ = np.array([sizes[j] for j in mine])
        row = shares[int(str(source)[1:]), mine]
        if rows["weight"].isna().any() and given_.max() > 0:
            scaled = given_ / given_.max()
            np.testing.assert_allclose(row, scaled / scaled.sum(), rtol=1e-9, atol=1e-300)
        elif rows["weight"].isna().any():
            np.testing.assert_allclose(row, 1 / len(mine))


@given(concordances(5, 4, known=True), concordances(4, 3, known=True),
       st.lists(st.floats(0, 1e9), min_size=5, max_size=5))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_composing_is_multiplying(
    first: Concordance, second: Concordance, values: list[float]
) -> None:
    step = second.pairs.assign(
        source="t" + second.pairs["source"].str[1:], target="u" + second.pairs["target"].str[1:]
    )
    both = first.composed(Concordance("", "", step))
    shares = both.matrix([f"s{i}" for i in range(5)], [f"u{j}" for j in range(3)]).toarray()
    np.testing.assert_allclose(shares, dense(first, 5, 4) @ dense(second, 4, 3), atol=1e-12)
    assert (np.array(values) @ shares).sum() == pytest.approx(sum(values), rel=1e-12)


@given(concordances(5, 4), concordances(4, 3))
@settings(max_examples=40, deadline=None)
def test_a_source_with_an_unknown_step_has_unknown_weights(
    first: Concordance, second: Concordance
) -> None:
    step = second.pairs.assign(source="t" + second.pairs["source"].str[1:])
    both = first.composed(Concordance("", "", step)).pairs
    open_steps = set(step.loc[step["weight"].isna(), "source"])
    for source, rows in first.pairs.groupby("source"):
        mine = both[both["source"] == source]
        unknown = rows["weight"].isna().any() or bool(set(rows["target"]) & open_steps)
        if len(mine) == 1:
            assert mine["weight"].tolist() == [1.0]
        else:
            assert mine["weight"].isna().all() == unknown


@given(concordances(5, 4, known=True),
       st.lists(st.floats(1, 1e9), min_size=5, max_size=5))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_turning_round_with_sizes_gives_every_source_its_size_again(
    c: Concordance, sizes: list[float]
) -> None:
    of_source = pd.Series(sizes, index=[f"s{i}" for i in range(5)])
    totals = pd.Series(np.array(sizes) @ dense(c, 5, 4), index=[f"t{j}" for j in range(4)])
    totals = totals[totals > 0]
    back = c.inverted(of_source)
    shares = back.matrix(list(totals.index), list(of_source.index)).toarray()
    np.testing.assert_allclose(totals.to_numpy() @ shares, sizes, rtol=1e-9)


def test_turning_round_a_grouping_splits_by_size() -> None:
    back = concordance("nbs149_2017", "cn42_2017").inverted()
    assert (back.source, back.target) == ("cn42_2017", "nbs149_2017")
    shares = back.matrix(["24", "25", "30"], ["098", "099", "119", "120"], [5.0, 1.0, 2.0, 6.0])
    assert shares.toarray().tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0.25, 0.75]]


def test_turning_round_what_is_split_both_ways_needs_sizes() -> None:
    with pytest.raises(DataError, match="cannot be turned round") as caught:
        concordance("oecd_45", "cn42_2017").inverted()
    assert "D" in str(caught.value)
    assert "sizes" in str(caught.value)


def test_turning_round_twice_is_where_one_began() -> None:
    pairs = concordance("isic4_divisions", "isic4_sections")
    twice = pairs.inverted().inverted().pairs
    key = ["source", "target"]
    assert twice.sort_values(key).to_numpy().tolist() == (
        pairs.pairs.sort_values(key).to_numpy().tolist()
    )


@pytest.mark.parametrize(("pairs", "message"), [
    ([("a", "x", 0.5), ("a", "y", 0.4)], "do not sum to 1; found 'a -> x, a -> y"),
    ([("a", "x", 0.5), ("a", "y", None)], "only some of the targets"),
    ([("a", "x", 1.5), ("a", "y", -0.5)], "outside 0 to 1"),
    ([("a", "x", None), ("a", "x", None)], "stand twice; found 'a -> x'"),
    ([("a", "", 1.0)], "empty codes"),
    ([("a", "x", float("inf"))], "outside 0 to 1"),
])  # fmt: skip
def test_unsound_pairs_are_refused(pairs: list[tuple[str, str, float]], message: str) -> None:
    table = pd.DataFrame(pairs, columns=["source", "target", "weight"])
    with pytest.raises(DataError, match=message):
        Concordance("", "", table)


def test_check_names_what_is_foreign_and_what_is_left_out() -> None:
    c = Concordance("", "", pd.DataFrame({"source": ["a", "b"], "target": ["x", "x"]}))
    c.check(["a", "b"], ["x"])
    with pytest.raises(DataError, match="source list does not have; found 'b'"):
        c.check(["a"], ["x"])
    with pytest.raises(DataError, match="without a target; found 'd'"):
        c.check(["a", "b", "d"], ["x"])
    with pytest.raises(DataError, match="nothing belongs to; found 'y, z'"):
        c.check(["a", "b"], ["x", "y", "z"])


def test_a_matrix_never_loses_a_source() -> None:
    table = pd.DataFrame({"source": ["a", "a"], "target": ["x", "y"], "weight": [0.5, 0.5]})
    with pytest.raises(DataError, match="no target among these sectors for some sources"):
        Concordance("", "", table).matrix(["a"], ["x"])
    with pytest.raises(DataError, match="found 'b'"):
        Concordance("", "", table).matrix(["a", "b"], ["x", "y"])
    with pytest.raises(DataError, match="has no weights for it; found 'a'"):
        Concordance("", "", table.drop(columns="weight")).matrix(["a"], ["x", "y"])
    with pytest.raises(DataError, match="no size to split by for sector y"):
        Concordance("", "", table.drop(columns="weight")).matrix(["a"], ["x", "y"], [1, -1])


def test_targets_that_are_not_there_take_no_part_in_a_split() -> None:
    table = pd.DataFrame({"source": ["a", "a"], "target": ["x", "y"]})
    assert Concordance("", "", table).matrix(["a"], ["x"], [3.0]).toarray().tolist() == [[1.0]]
