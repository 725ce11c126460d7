"""Long form: the same table from CSV, Parquet and DuckDB; and everything that is not one."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from workbooks import refusal

from graphmap import sample
from graphmap.accounts import IOTable, check
from graphmap.classification import region
from graphmap.errors import DataError
from graphmap.readers import read

UNIT = "value_100m_yuan"
DAMAGED = [b"PAR1", b"PAR1 and nothing more", b"PAR1" + bytes(range(256)) + b"PAR1"]


def long_form(table: IOTable) -> pd.DataFrame:
    """Every cell of a table as a row, places and sectors by their English names."""
    names = table.index["name_en"].to_numpy()
    places = np.array([region(code).name["en"] for code in table.index["region"]])
    rows = []
    Z = np.asarray(table.Z)
    for i, j in np.argwhere(Z).tolist():
        rows.append((places[i], names[i], places[j], names[j], Z[i, j]))
    for i, k in np.argwhere(table.Y).tolist():
        use = table.final_uses.iloc[k]
        place = region(use["region"]).name["en"] if use["region"] else "elsewhere"
        spelt = {"rural_households": "FU101", "urban_households": "FU102", "government": "FU103"}
        spelt |= {
            "fixed_capital": "FU201",
            "inventories": "FU202",
            "exports": "EX",
            "households": "THC",
            "capital_formation": "GCF",
        }
        rows.append((places[i], names[i], place, spelt[use["category"]], table.Y[i, k]))
    for j in range(table.n):
        rows.append(("elsewhere", "Imports", places[j], names[j], table.imports[j]))
        rows.append((places[j], "TVA", places[j], names[j], table.V[:, j].sum()))
    columns = ["region_supplier", "supplier", "region_user", "user", UNIT]
    return pd.DataFrame(rows, columns=columns)


def to_csv(rows: pd.DataFrame, folder: Path) -> Path:
    rows.to_csv(folder / "t.csv", index=False)
    return folder / "t.csv"


def to_parquet(rows: pd.DataFrame, folder: Path) -> Path:
    rows.to_parquet(folder / "t.parquet", index=False)
    return folder / "t.parquet"


def to_duckdb(rows: pd.DataFrame, folder: Path) -> Path:
    duckdb = pytest.importorskip("duckdb")
    file = folder / "t.duckdb"
    with duckdb.connect(str(file)) as database:
        database.register("given", rows)
        database.execute('create table "our flows" as select * from given')
        database.execute("create table notes as select 1 as number")
    return file


FORMS = {"csv": to_csv, "parquet": to_parquet, "duckdb": to_duckdb}


@pytest.fixture(params=FORMS)
def save(request: pytest.FixtureRequest) -> Callable[[pd.DataFrame, Path], Path]:
    """Each of the three kinds of file in turn."""
    return FORMS[request.param]


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """The sample's two provinces in long form, in no order."""
    return long_form(sample.table()).sample(frac=1, random_state=7)


def test_the_sample_comes_back_whole(
    save: Callable[[pd.DataFrame, Path], Path], rows: pd.DataFrame, tmp_path: Path
) -> None:
    found, whole = read(save(rows, tmp_path)), sample.table()
    assert set(found.index.index) == set(whole.index.index)
    at = whole.index.index.get_indexer(found.index.index)
    assert np.array_equal(found.Z.toarray(), np.asarray(whole.Z)[np.ix_(at, at)])
    assert np.array_equal(found.imports, whole.imports[at])
    np.testing.assert_allclose(found.x, whole.x[at], rtol=1e-9)
    assert (found.unit, found.classification) == ("100m_yuan", whole.classification)
    assert [finding.kind for finding in check(found)] == [f.kind for f in check(whole)]
    for k, (place, category) in enumerate(found.final_uses.to_numpy().tolist()):
        same = (whole.final_uses["region"] == place) & (whole.final_uses["category"] == category)
        assert same.sum() == 1
        assert np.array_equal(found.Y[:, k], whole.Y[at][:, same.to_numpy()][:, 0])


SMALL = [
    ("Wool", "Wool", 1.0), ("Wool", "Cloth", 4.0), ("Cloth", "Wool", 2.0),
    ("Wool", "Exports", 5.0), ("Cloth", "TFU", 8.0), ("VA001", "Wool", 7.0), ("TVA", "Wool", 7.0),
    ("TVA", "Cloth", 6.0),
]  # fmt: skip


def small(*more: tuple[Any, ...], without: str = "", value: str = "value_usd") -> pd.DataFrame:
    kept = [row for row in SMALL if without not in row[:2]]
    return pd.DataFrame([*kept, *more], columns=["supplier", "user", value])


def read_small(tmp_path: Path, *more: tuple[Any, ...], without: str = "") -> IOTable:
    return read(to_csv(small(*more, without=without), tmp_path))


def test_output_is_what_is_sold(tmp_path: Path) -> None:
    table = read_small(tmp_path)
    assert table.index["code"].tolist() == ["Wool", "Cloth"]
    assert table.x.tolist() == [10, 10]
    assert table.primary_inputs == ("compensation", "value_added")
    assert table.V.tolist() == [[7, 0], [0, 6]]
    assert "sum of what each sector sells" in table.source.notes[0]["en"]
    assert [finding.severity for finding in check(table)] == ["ok"]


def test_a_subtotal_that_a_sector_has_no_row_for_is_no_zero(tmp_path: Path) -> None:
    """Wool has exports and no TFU: its final use is not minus its exports beside them."""
    table = read_small(tmp_path, ("Cloth", "Exports", 3.0))
    uses = table.final_uses["category"].tolist()
    assert table.Y[:, uses.index("exports")].tolist() == [5, 3]
    assert table.Y[:, uses.index("final_use")].tolist() == [0, 5]
    assert table.x.tolist() == [10, 10]


def test_output_that_is_printed_counts(tmp_path: Path) -> None:
    table = read_small(tmp_path, ("Wool", "GO", 10.0), ("Cloth", "GO", 11.0))
    assert table.x.tolist() == [10, 11]
    assert table.source.notes == ()
    assert {finding.kind for finding in check(table)} == {"supply", "inputs"}


def test_imports_by_product_stay_inside_the_cells(tmp_path: Path) -> None:
    table = read_small(tmp_path, ("Wool", "Imports", 3.0))
    assert table.imports_inside is not None
    assert table.imports_inside.tolist() == [3, 0]
    assert table.x.tolist() == [7, 10]


def test_without_final_use_output_is_what_is_paid_for(tmp_path: Path) -> None:
    rows = small()
    file = to_csv(rows[~rows["user"].isin(["Exports", "TFU"])], tmp_path)
    table = read(file)
    assert table.x.tolist() == [10, 10]
    assert table.Y.ravel().tolist() == [5, 8]
    assert [finding.severity for finding in check(table)] == ["ok"]


def test_flows_alone_do_not_tell_what_is_produced(tmp_path: Path) -> None:
    message = refusal(read, to_csv(small().iloc[:3], tmp_path))
    assert "only flows between sectors" in message
    assert "nodes.csv" in message


def test_a_sector_called_like_an_item_is_a_sector(tmp_path: Path) -> None:
    """其他 is the error column of some tables; what supplies as well is a sector."""
    rows = pd.DataFrame(
        [("其他", "其他", 1.0), ("其他", "出口", 4.0)], columns=["supplier", "user", "value_元"]
    )
    table = read(to_csv(rows, tmp_path))
    assert table.n == 1
    assert table.x.tolist() == [5]


def test_one_column_of_regions_is_both_ends(tmp_path: Path) -> None:
    table = read(to_csv(small().assign(province="广东"), tmp_path))
    assert table.index.index.tolist() == ["CN-GD.Wool", "CN-GD.Cloth"]


def test_a_year_is_chosen(tmp_path: Path) -> None:
    both = pd.concat([small().assign(year=2015), small().assign(year=2017, value_usd=1.0)])
    file = to_csv(both, tmp_path)
    assert "flows of several years; found '2015, 2017'" in refusal(read, file)
    assert read(file, year=2015).x.tolist() == [10, 10]
    assert read(file, year=2017).x.tolist() == [3, 2]
    assert read(file, year=2017).year == 2017
    assert "no table of that year; found '2020'" in refusal(read, file, year=2020)


def test_the_unit_is_never_left_open(tmp_path: Path) -> None:
    file = to_csv(small(value="value"), tmp_path)
    assert "no unit" in refusal(read, file)
    assert read(file, unit="万元").unit == "10k_yuan"
    file = to_csv(small(value="value_10k_yuan"), tmp_path)
    assert read(file).unit == "10k_yuan"
    assert "two units" in refusal(read, file, unit="million_yuan")


def test_two_columns_of_values_are_not_guessed_between(
    save: Callable[[pd.DataFrame, Path], Path], tmp_path: Path
) -> None:
    message = refusal(read, save(small().assign(value_yuan=1.0), tmp_path))
    assert "several columns of values; found 'value_usd, value_yuan'" in message


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("Wool", "Cloth", 1.0), "row 10: the same pair twice; found 'Wool, Cloth'"),
        (("Wool", " Cloth ", 1.0), "the same pair twice"),
        (("", "Cloth", 1.0), "an empty supplier"),
        (("Dye", "Cloth", None), "an empty cell"),
        (("Dye", "Cloth", "much"), "text in a number cell; found 'much'"),
        (("Dye", "Cloth", "inf"), "infinite"),
        (("CO2 (Mt)", "Cloth", 1.0), "emissions among the flows; found 'CO2 (Mt)'"),
    ],
)
def test_rows_that_cannot_be_used(tmp_path: Path, more: tuple[Any, ...], message: str) -> None:
    assert message in refusal(read_small, tmp_path, more)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("value_usd", ["a"] * len(SMALL), "column value_usd: a column of another type"),
        ("value_usd", pd.date_range("2017", periods=len(SMALL)), "a column of another type"),
        ("supplier", [1.5] * len(SMALL), "column supplier: a column of another type"),
        ("user", [["a"]] * len(SMALL), "column user: a column of another type"),
        ("value_usd", [np.nan, *range(7)], "column value_usd, row 1: an empty cell"),
        ("user", ["a", None, *"bcdefg"], "column user, row 2: an empty cell"),
    ],
)
def test_a_parquet_file_with_the_wrong_types(
    tmp_path: Path, column: str, values: Any, message: str
) -> None:
    assert message in refusal(read, to_parquet(small().assign(**{column: values}), tmp_path))


@pytest.mark.parametrize("raw", DAMAGED)
def test_a_damaged_parquet_file(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "t.parquet").write_bytes(raw)
    assert "t.parquet" in refusal(read, tmp_path / "t.parquet")
    message = refusal(read, tmp_path / "t.parquet", source="long")
    assert "t.parquet: not a readable Parquet file" in message


def test_a_parquet_file_of_something_else(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "t.parquet")
    message = refusal(read, tmp_path / "t.parquet")
    assert "no flows in long form; found 'a'" in message


def test_a_table_of_a_database_is_chosen(tmp_path: Path) -> None:
    file = to_duckdb(small(), tmp_path)
    before = file.read_bytes()
    assert read(file).n == read(file, sheet="our flows").n == 2
    assert file.read_bytes() == before
    assert "no such table; found 'x'" in refusal(read, file, sheet="x")
    assert "no flows in long form" in refusal(read, file, sheet="notes")


def test_two_tables_of_a_database(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = to_duckdb(small(), tmp_path)
    with duckdb.connect(str(file)) as database:
        database.execute('create view again as select * from "our flows"')
    assert "several tables of flows; found 'main.again, main.our flows'" in refusal(read, file)
    assert read(file, sheet="again").n == 2


def test_a_damaged_database(tmp_path: Path) -> None:
    file = to_duckdb(small(), tmp_path)
    raw = file.read_bytes()
    file.write_bytes(raw[:20] + bytes(len(raw) - 20))
    assert "not a readable DuckDB database" in refusal(read, file)


def test_a_missing_library_says_which_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = to_duckdb(small(), tmp_path)
    whole = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "duckdb":
            raise ImportError(name)
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    message = refusal(read, file)
    assert "needs duckdb" in message
    assert "graphmap[bigdata]" in message


@pytest.mark.parametrize("again", [("广东", "GO"), ("Guangdong", "总产出")])
def test_a_pair_under_two_spellings_is_not_counted_twice(
    tmp_path: Path, again: tuple[str, str]
) -> None:
    rows = [
        ("Guangdong", "A", "B", 1.0),
        ("Guangdong", "A", "GO", 9.0),
        ("Guangdong", "B", "GO", 5),
    ]
    frame = pd.DataFrame(rows, columns=["region", "supplier", "user", "value_10k_yuan"])
    frame.to_parquet(tmp_path / "once.parquet")
    assert read(tmp_path / "once.parquet").x.tolist() == [9, 5]
    frame.loc[3] = [again[0], "A", again[1], 9.0]
    frame.to_parquet(tmp_path / "twice.parquet")
    with pytest.raises(DataError, match="row 4: the same pair twice, under two spellings"):
        read(tmp_path / "twice.parquet")


def test_codes_that_are_one_number_are_two_sectors(tmp_path: Path) -> None:
    """By hand: 1.1 sells 5 and 10, 1.10 sells 3 and 20."""
    text = "supplier,user,value_10k_yuan\n1.1,1.10,5\n1.10,1.1,3\n1.1,Exports,10\n1.10,Exports,20\n"
    (tmp_path / "l.csv").write_text(text)
    found = read(tmp_path / "l.csv")
    assert found.index["code"].tolist() == ["1.1", "1.10"]
    assert found.x.tolist() == [15, 23]


@pytest.mark.parametrize("total", ["Total", "合计", "小 计", "Sum", "Sub-total", "total_sales"])
@pytest.mark.parametrize("end", ["supplier", "user"])
def test_a_total_among_the_sectors_is_not_counted_twice(
    tmp_path: Path, total: str, end: str
) -> None:
    rows = small().iloc[:5]  # flows and final uses only: any input would seem to fit
    sums = rows.groupby({"supplier": "user", "user": "supplier"}[end], as_index=False).sum()
    file = to_csv(pd.concat([rows, sums.assign(**{end: total})[rows.columns]]), tmp_path)
    assert f"row 7: a total among the sectors; found '{total}'" in refusal(read, file)


def test_a_total_beside_a_bundled_list_is_called_a_total(tmp_path: Path) -> None:
    names = sample.table().index["name_en"].unique()
    rows = pd.DataFrame([(name, name, 1.0) for name in names], columns=["supplier", "user", UNIT])
    rows.loc[len(rows)] = [names[0], "合计", 1.0]
    assert "row 44: a total among the sectors" in refusal(read, to_csv(rows, tmp_path))


@pytest.mark.parametrize("wages", ["Compensation", "compensation", "wages", "工资"])
def test_wages_by_a_plain_name_are_an_input(tmp_path: Path, wages: str) -> None:
    table = read_small(tmp_path, (wages, "Cloth", 1.0), without="VA001")
    assert set(table.primary_inputs) == {"compensation", "value_added"}
    assert table.V[table.primary_inputs.index("compensation")].tolist() == [0, 1]
    assert table.index["code"].tolist() == ["Wool", "Cloth"]


def test_an_input_nobody_knows_is_no_sector(tmp_path: Path) -> None:
    flows = SMALL[:5]
    paid = [("Rewards", "Wool", 7.0), ("Rewards", "Cloth", 6.0)]
    rows = pd.DataFrame([*flows, *paid], columns=["supplier", "user", "value_usd"])
    message = refusal(read, to_csv(rows, tmp_path))
    assert "row 7: a supplier of most sectors that uses nothing" in message
    assert "found 'Rewards'" in message


@pytest.mark.parametrize(
    "more",
    [
        [("Rain", "Wool", 7.0)],
        [("Rain", "Wool", 7.0), ("Rain", "Cloth", 6.0), ("Rain", "Exports", 1.0)],
        [("Rain", "Wool", 7.0), ("Rain", "Cloth", 6.0), ("Rain", "GO", 13.0)],
        [("Rain", "Wool", 7.0), ("Rain", "Cloth", 6.0), ("Wool", "Rain", 0.0)],
    ],
)
def test_a_sector_may_use_nothing(tmp_path: Path, more: list[tuple[str, str, float]]) -> None:
    rows = pd.DataFrame([*SMALL[:5], *more], columns=["supplier", "user", "value_usd"])
    table = read(to_csv(rows, tmp_path))
    assert table.index["code"].tolist() == ["Wool", "Cloth", "Rain"]
    assert table.Z.toarray()[:, 2].tolist() == [0, 0, 0]
    assert table.x[2] == sum(value for _, user, value in more if user != "GO")


@pytest.mark.parametrize(
    ("column", "other"), [("region_supplier", "region_user"), ("user_region", "region_supplier")]
)
def test_regions_at_one_end_only_are_refused(tmp_path: Path, column: str, other: str) -> None:
    message = refusal(read, to_csv(small().assign(**{column: "广东"}), tmp_path))
    assert "regions at one end only" in message
    assert f"without {other}" in message


def test_a_code_that_lost_its_zero_in_one_column_is_refused(
    save: Callable[[pd.DataFrame, Path], Path], tmp_path: Path
) -> None:
    """A spreadsheet leaves 01 among the suppliers and makes 1 of it among the users."""
    rows = [("01", "2", 3.0), ("02", "1", 4.0), ("01", "TFU", 5.0), ("02", "TFU", 6.0)]
    frame = pd.DataFrame(rows, columns=["supplier", "user", "value_usd"])
    message = refusal(read, save(frame, tmp_path))
    assert "one code in two spellings; found '2, elsewhere 02'" in message
