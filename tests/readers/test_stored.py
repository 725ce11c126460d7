"""Stored tables: equal to the bit when read again, and refused when they are not whole."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import table_of
from scipy import sparse

from graphmap import read, sample
from graphmap.accounts import Extension, Source
from graphmap.errors import DataError
from graphmap.readers import stored, stored_parts
from graphmap.readers.stored import read_path, recognises_path, write_table

NOTE = {"en": 'a "note"', "zh-Hans": "说明\n{x}", "zh-Hant": "說明 \u0000"}


def small_table(seed=0, regions=2, sectors=3, *, competitive=False, is_sparse=False):
    """A random table with emissions and several final uses that adds up."""
    random = np.random.default_rng(seed)
    n = regions * sectors
    Z = random.uniform(1, 100, (n, n)) * (random.random((n, n)) < 0.8)
    inside = random.uniform(0, 50, n) if competitive else None
    x = Z.sum(axis=0) + Z.sum(axis=1) + random.uniform(99, 999, n)
    places = np.repeat([f"CN-{i}" for i in range(regions)], sectors).tolist()
    table = table_of(
        sparse.csr_array(Z) if is_sparse else Z,
        x,
        co2=random.random(n),
        regions=places,
        imports_inside=inside,
    )
    uses = pd.DataFrame({"region": ["CN-0", ""], "category": ["households", "exports"]})
    fuel = replace(table.extensions["co2"], F_Y=random.random(2))
    Y = np.hstack([table.Y / 3, table.Y - table.Y / 3])
    return replace(table, Y=Y, final_uses=uses, extensions={"co2": fuel})


def same(one, other):
    """Nothing differs: types, shapes, bits of every figure, order of what is in order."""
    if sparse.issparse(one):
        assert sparse.issparse(other)
        assert one.shape == other.shape
        one, other = one.tocsr(), other.tocsr()
        for part in ("data", "indices", "indptr"):
            pair = getattr(one, part), getattr(other, part)
            assert pair[0].tolist() == pair[1].tolist() or part == "data"
        assert one.data.tobytes() == other.data.tobytes()
    elif isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert (one.shape, one.dtype) == (other.shape, other.dtype)
        assert one.tobytes() == other.tobytes()
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_index_type="exact")
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key, part in one.items():
            same(part, other[key])
    elif isinstance(one, Extension):
        for field in fields(one):
            same(getattr(one, field.name), getattr(other, field.name))
    else:
        assert type(one) is type(other)
        assert one == other


def same_table(one, other):
    for field in fields(one):
        same(getattr(one, field.name), getattr(other, field.name))


odd = st.floats(allow_nan=True, allow_infinity=True, width=64) | st.sampled_from([-0.0, 5e-324])


@st.composite
def tables(draw):
    """Tables as odd as the type allows: NaN, -0, no uses, several extensions, sparse or not."""
    table = small_table(
        draw(st.integers(0, 9)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
        competitive=draw(st.booleans()),
        is_sparse=draw(st.booleans()),
    )
    n, k = table.Y.shape
    figures = st.lists(odd, min_size=n, max_size=n).map(lambda found: np.array(found, np.float64))
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
    source = Source(
        draw(text),
        draw(text),
        draw(st.none() | text),
        draw(text),
        (NOTE,) * draw(st.integers(0, 2)),
    )
    source = replace(source, accepted=tuple(draw(st.lists(text, max_size=2))))
    gases = draw(st.lists(st.sampled_from(["ch4", "co2", "n2o:x"]), unique=True))
    others = {gas: Extension(draw(figures), np.zeros(k), "kt", gas, source) for gas in gases}
    given_imports = draw(st.booleans())
    return replace(
        table,
        x=draw(figures),
        source=source,
        extensions=others,
        year=draw(st.none() | st.integers(1900, 2100)),
        prices=draw(text),
        classification=draw(st.none() | text),
        missing=tuple(draw(st.lists(text, max_size=3))),
        Z_imports=np.full((n, n), -0.0) if given_imports else None,
        Y_imports=np.full((n, k), np.nan) if given_imports else None,
    )


@settings(max_examples=60)
@given(tables())
def test_made_tables_are_equal_to_the_bit(tmp_path_factory, table) -> None:
    folder = tmp_path_factory.mktemp("made")
    path = write_table(table, folder / "t.parquet")
    same_table(table, read_path(path))
    assert write_table(table, folder / "again.parquet").read_bytes() == path.read_bytes()


def test_the_comparison_can_fail() -> None:
    table = small_table()
    for changed in (
        replace(table, x=np.nextafter(table.x, 0)),
        replace(table, Z=sparse.csr_array(table.Z)),
        replace(table, index=table.index.assign(code="")),
        replace(table, source=replace(table.source, accepted=("x",))),
        replace(table, extensions={}),
    ):
        with pytest.raises(AssertionError):
            same_table(table, changed)


def test_the_sample_and_a_region_of_it(tmp_path) -> None:
    for table in (sample.table(), sample.table().select(["CN-ZJ"])):
        same_table(table, read_path(write_table(table, tmp_path / "t.parquet")))


def test_sparse_flows_keep_zeros_order_and_repeated_cells(tmp_path) -> None:
    data, columns = np.array([0.0, 2.0, -0.0, 1.0]), np.array([2, 0, 1, 1])
    Z = sparse.csr_array((data, columns, np.array([0, 2, 2, 4])), shape=(3, 3))
    table = table_of(Z, [9.0, 9, 9])
    again = read_path(write_table(table, tmp_path / "t.parquet")).Z
    assert again.data.tobytes() == data.tobytes()
    assert again.indices.tolist() == columns.tolist()
    assert again.indptr.tolist() == [0, 2, 2, 4]


def test_more_cells_than_a_row_group_takes(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(stored_parts, "AT_ONCE", 7)
    for is_sparse in (False, True):
        table = small_table(regions=3, is_sparse=is_sparse)
        path = write_table(table, tmp_path / "t.parquet")
        assert pq.read_metadata(path).num_row_groups > 10
        same_table(table, read_path(path))


def test_no_flow_stored_and_no_final_use(tmp_path) -> None:
    empty = table_of(sparse.csr_array((2, 2)), [1.0, 1])
    same_table(empty, read_path(write_table(empty, tmp_path / "t.parquet")))
    unused = replace(empty, Y=np.zeros((2, 0)), final_uses=empty.final_uses.iloc[:0], extensions={})
    same_table(unused, read_path(write_table(unused, tmp_path / "t.parquet")))


def test_the_cells_are_in_long_form_for_others(tmp_path) -> None:
    table = small_table()
    cells = pq.read_table(write_table(table, tmp_path / "t.parquet")).to_pandas()
    flows = cells[cells["part"] == "Z"].pivot(index="row", columns="column", values="value")
    assert (flows.to_numpy() == table.Z).all()


@pytest.mark.parametrize(
    "name",
    [
        "constructed/MRIO2017_31x42_ceads_layout.xlsx",
        "nbs/china_2017_42.csv",
        "nbs/china_2012_139.csv",
    ],
)
def test_published_tables(data, tmp_path, name) -> None:
    table = read(data / name)
    path = write_table(table, tmp_path / "t.parquet")
    same_table(table, read_path(path))


def test_recognised_by_content(tmp_path) -> None:
    path = write_table(small_table(), tmp_path / "t.parquet")
    renamed = path.rename(tmp_path / "no ending 广东")
    assert recognises_path(renamed)
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"supplier": ["a"]}), other)
    (tmp_path / "t.csv").write_text("a,b\n")
    for path in (other, tmp_path / "t.csv", tmp_path, tmp_path / "absent.parquet"):
        assert not recognises_path(path)


def test_cut_short_anywhere_is_one_error(tmp_path) -> None:
    path = write_table(small_table(), tmp_path / "t.parquet")
    whole = path.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"t\.parquet.*damaged or cut short"):
            read_path(path)
        assert recognises_path(path) == (length >= 4)


def test_a_flipped_bit_never_gives_another_table(tmp_path) -> None:
    table = small_table(regions=1)
    path = write_table(table, tmp_path / "t.parquet")
    whole = path.read_bytes()
    refused = 0
    for at in range(4, len(whole), 13):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << (at % 8)
        path.write_bytes(flipped)
        try:
            same_table(table, read_path(path))  # what no figure or label depends on
        except DataError:
            refused += 1
    assert refused > 50


def test_foreign_parquet_and_newer_versions(tmp_path, monkeypatch) -> None:
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"supplier": ["a"], "user": ["b"], "value": [1.0]}), other)
    with pytest.raises(DataError, match=r"other\.parquet: .*no table that graphmap stored"):
        read_path(other)
    monkeypatch.setattr(stored, "VERSION", 99)
    newer = write_table(small_table(), tmp_path / "newer.parquet")
    monkeypatch.undo()
    with pytest.raises(DataError, match=r"newer graphmap.*version 99.*pip install --upgrade"):
        read_path(newer)
    with pytest.raises(DataError, match="no such file"):
        read_path(tmp_path / "absent.parquet")
    with pytest.raises(DataError, match="damaged"):
        read_path(tmp_path)


def test_another_year_or_unit_is_refused(tmp_path) -> None:
    table = replace(small_table(), year=2017)
    path = write_table(table, tmp_path / "t.parquet")
    assert read_path(path, year=2017, unit=table.unit).year == 2017
    with pytest.raises(DataError, match=r"no table of that year; found 2017; expected 2012"):
        read_path(path, year=2012)
    with pytest.raises(DataError, match=r"says its unit itself.*unit:million_usd"):
        read_path(path, unit="million_usd")


def test_nothing_half_written(tmp_path, monkeypatch) -> None:
    path = write_table(small_table(), tmp_path / "t.parquet")
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(DataError, match=r"cannot be written.*No space left"):
        write_table(small_table(1), path)
    assert [each.name for each in tmp_path.iterdir()] == ["t.parquet"]
    assert path.read_bytes() == before


def test_places_that_cannot_be_written(tmp_path) -> None:
    with pytest.raises(DataError, match=r"expected a name ending in \.parquet"):
        write_table(small_table(), tmp_path / "t.csv")
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.parquet").mkdir()
    for path in (tmp_path / "file" / "t.parquet", tmp_path / "folder.parquet"):
        with pytest.raises(DataError, match="cannot be written"):
            write_table(small_table(), path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder.parquet"]


def test_labels_of_a_strange_type_are_refused(tmp_path) -> None:
    table = small_table()
    dated = table.index.assign(day=pd.Timestamp("2017-01-01"))
    with pytest.raises(DataError, match=r"labels 'day' of a type that is not kept"):
        write_table(replace(table, index=dated), tmp_path / "t.parquet")
