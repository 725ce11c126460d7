"""A user's concordance as CSV: read as meant, or refused with the row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphmap.classification import read_concordance
from graphmap.errors import DataError


def written(folder: Path, content: str | bytes, name: str = "own.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.mark.parametrize("content", [
    "source,target,weight\n1,x,0.25\n01,y,0.75\n24,x,\n",
    "source;target;weight\n1;x;0,25\n1;y;0,75\n\n24;x;\n",
    "\ufeffTarget\tnote\tSource\tWeight\nx\t!\t01\t0.25\ny\t\t 1 \t.75\nx\t\t24\t1\n",
    "source,target,weight\r\n农林牧渔产品和服务,x,0.25\r\n农林牧渔产品和服务,y,0.75\r\n24,x\r\n",
])  # fmt: skip
def test_a_concordance_is_read_however_it_was_saved(tmp_path: Path, content: str) -> None:
    found = read_concordance(written(tmp_path, content, "对照 表.csv"), source="cn42_2017")
    assert found.pairs.to_numpy().tolist() == [["01", "x", 0.25], ["01", "y", 0.75], ["24", "x", 1]]


def test_gb18030_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, "来源,目标\n建筑,基建\n".encode("gb18030"))
    assert read_concordance(file, source="cn42_2017").pairs["target"].tolist() == ["基建"]


def test_codes_of_lists_of_ones_own_stay_as_written(tmp_path: Path) -> None:
    file = written(tmp_path, "source,target\n1,a\n01,b\n")
    assert read_concordance(file).pairs["source"].tolist() == ["1", "01"]


@pytest.mark.parametrize(("content", "message"), [
    ("", "an empty file"),
    ("a,b\n1,2\n", "not a concordance; found 'a, b'"),
    ("source,target\n", "without a row"),
    ("source,target\n01,x\n43,x\n", "row 3: no such source in the list cn42_2017; found '43'"),
    ("source,target\n01,x\n\n02,x\n01,x\n", "row 5: pairs that stand twice; found '01 -> x'"),
    ("source,target,weight\n01,x,half\n", "row 2: a weight that is no number; found 'half'"),
    ("source,target,weight\n01,x,inf\n", "row 2: a weight that is no number"),
    ("source,target,weight\n01,x,nan\n", "row 2: a weight that is no number"),
    ("source,target,weight\n02,x,\n01,x,0.5\n01,y,0.6\n", "row 3: weights that do not sum to 1"),
    ("source,target,weight\n01,x,0.5\n", "row 2: weights that do not sum to 1"),
    ("source,target,weight\n01,x,-1\n01,y,2\n", "row 2: weights outside 0 to 1"),
    ("source,target,weight\n01,x,0.5\n01,y,\n", "row 2: weights for only some"),
    ("source,target\n01\n", "row 2: empty codes"),
    (b"PK\x03\x04\x00\x00\xff", "not a text file"),
    ('source,target\n01,"x\n', "not a CSV file"),
    (b"source,target\n" + b"0" * 200_000 + b",x\n", "not a CSV file|no such source"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_row(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_concordance(written(tmp_path, content), source="cn42_2017")
    assert "own.csv" in str(caught.value)
    assert len(str(caught.value)) < 600


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (tmp_path, tmp_path / "absent.csv", loop, Path("a\0b")):
        with pytest.raises(DataError, match="cannot be read"):
            read_concordance(path)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(
    lambda text: b"source,target,weight\n" + text.encode("utf-8", "replace"))))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_content_ends_in_anything_but_pairs_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = written(tmp_path_factory.getbasetemp(), content, "any.csv")
    try:
        found = read_concordance(file, source="cn42_2017")
    except DataError:
        return
    assert len(found.pairs)
