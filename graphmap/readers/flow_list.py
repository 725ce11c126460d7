"""A pair of CSV files: the largest flows of many regions and years, and totals of their sectors.

The file of flows, one row a flow:

=========================  =======================================================================
``region``                 or ``province``, by any name or code
``year``                   a year, or a label that begins with one (``2017 new``)
``supplier``, ``user``     names of sectors
``flow_<unit>``            ``<unit>`` is 10k_yuan, million_yuan, 100m_yuan, yuan, million_usd, ...
``share_of_all_flows``     of all flows of the source in that region and year, 0 to 1 (optional)
``rank``                   the flow's place among all of the source (optional)
=========================  =======================================================================

The file of totals (optional), one row a sector, in the same regions and years: ``sector``,
``gross_output_<unit>`` and, if there is CO2, ``co2_<unit>`` in mt, kt or t. Cells left empty, and
sectors left out, are not known. Other columns are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.emissions import Source
from graphmap.accounts.flow_list import FlowList
from graphmap.accounts.lookup import node_ids
from graphmap.classification import LabelError, sector_list
from graphmap.classification.sectors import recognise
from graphmap.errors import DataError
from graphmap.readers.csv_grid import SUFFIXES, header_of
from graphmap.readers.flow_rows import edition, flow_rows, total_rows
from graphmap.readers.labels import own_labels, year_of
from graphmap.readers.selection import codes_of


def read_flows(
    flows: str | Path,
    totals: str | Path | None = None,
    *,
    region: str | None = None,
    year: int | str | None = None,
) -> FlowList:
    """Read the flows that a source lists for one region and year.

    Args:
        flows: CSV file with the columns region (or province), year, supplier, user, flow_<unit>.
        totals: CSV file with region, year, sector, gross_output_<unit>, co2_<unit>.
        region: by any name or code; may be left out where the file has one.
        year: a year or a label such as ``"2017 new"``; may be left out where the file has one.

    Returns:
        FlowList in the unit of the flows.

    Raises:
        DataError: a column is missing, a figure is none, a flow or sector stands twice, or the
            file has no such region or year, or several and none was asked for.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "flows.csv"
        >>> _ = file.write_text("province,year,supplier,user,flow_million_yuan\\n"
        ...                     "Guangdong,2017,Coal mining,Construction,5\\n")
        >>> found = read_flows(file, region="广东")
        >>> found.n, found.year, float(found.flows.sum())
        (2, 2017, 5.0)
    """
    found = read_flow_lists(
        flows,
        totals,
        regions=None if region is None else [region],
        years=None if year is None else [year],
    )
    if len(found) > 1:
        raise DataError(
            "flows of several regions or years",
            file=flows,
            found=", ".join(f"{each.regions[0]} {each.edition}" for each in found[:4])
            + (f" and {len(found) - 4} more" if len(found) > 4 else ""),
            expected="one of them",
            remedy="choose with region= and year=",
        )
    return found[0]


def read_flow_lists(
    flows: str | Path,
    totals: str | Path | None = None,
    *,
    regions: Sequence[str] | None = None,
    years: Sequence[int | str] | None = None,
) -> list[FlowList]:
    """Every list of flows in a file, region by region in the order asked for, years within.

    Args:
        flows, totals: as ``read_flows``; each is read once.
        regions, years: only these; all of the file if left out.

    Raises:
        DataError: as ``read_flows``; each region has to have each year that is asked for.
    """
    listed, unit = flow_rows(Path(flows))
    known = total_rows(Path(totals), unit) if totals is not None else None
    codes = list(dict.fromkeys(listed["region"]))
    if regions is not None:
        codes = codes_of(regions, codes, f"in {Path(flows).name}")
    editions = _editions(listed, years, str(flows))
    names = {each: _sectors_of(listed, known, each, str(flows)) for each in editions}
    groups = dict(tuple(listed.groupby(["region", "year"], sort=False)))
    found = []
    for code in codes:
        for year_label in editions:
            if (code, year_label) not in groups and (regions is not None or years is not None):
                there = dict.fromkeys(year for place, year in groups if place == code)
                raise DataError(
                    f"no flows of {code} in {year_label}",
                    file=flows,
                    found=", ".join(there),
                    expected="a year the region has",
                )
            if (code, year_label) in groups:
                part = _of(known, code, year_label)
                files = (Path(flows).name, Path(totals).name if totals is not None else None)
                found.append(_list(groups[code, year_label], part, names[year_label], unit, files))
    return found


def recognises(path: Path) -> bool:
    """Whether a CSV file is a list of flows by region and year, told by its columns."""
    names = header_of(path)
    placed = {"year", "supplier", "user"} <= names and bool({"region", "province"} & names)
    return placed and any(name.startswith("flow_") for name in names)


def totals_beside(flows: Path) -> Path | None:
    """The CSV file in the same folder that holds totals of sectors; None if none or several do."""
    found = [
        path
        for path in sorted(flows.parent.iterdir())
        if path.suffix.lower() in SUFFIXES
        and {"year", "sector"} <= (names := header_of(path))
        and {"region", "province"} & names
        and any(name.startswith("gross_output_") for name in names)
    ]
    return found[0] if len(found) == 1 else None


def _editions(listed: pd.DataFrame, asked: Sequence[int | str] | None, file: str) -> list[str]:
    """The editions wanted, as the file's rows have them."""
    there = sorted(set(listed["year"]))
    found = list(dict.fromkeys(map(edition, there if asked is None else asked)))
    for year in found:
        if year not in there:
            shown = ", ".join(there[:5]) + (", ..." if len(there) > 5 else "")
            raise DataError("no flows of that year", file=file, found=year, expected=shown)
    return found


def _of(known: pd.DataFrame | None, code: str, year: str) -> pd.DataFrame | None:
    if known is None:
        return None
    return known[(known["region"] == code) & (known["year"] == year)].set_index("sector")


def _sectors_of(
    listed: pd.DataFrame, known: pd.DataFrame | None, year: str, file: str
) -> tuple[str | None, pd.DataFrame]:
    """The list that the sectors of an edition are of, and their labels by name in its order.

    The names alone decide, those of all regions together: which list a source uses in which year is
    its own choice (one that goes through 2012, 2015 and 2017 by the list of 2012 is no mistake).
    """
    here = listed[listed["year"] == year]
    names = [*here["supplier"], *here["user"]]
    if known is not None:
        names += known.loc[known["year"] == year, "sector"].tolist()
    names = list(dict.fromkeys(names))
    try:
        chosen = recognise(names, [None] * len(names))
    except LabelError as error:
        raise DataError(
            f"a sector of {year} that the list of the others does not have",
            file=file,
            found=names[error.position],
            expected=error.expected,
        ) from error
    if chosen is None:
        labels = pd.DataFrame([own_labels([name]) for name in names], index=names)
        labels.insert(0, "code", [f"{i:02d}" for i in range(1, len(names) + 1)])
        return None, labels
    codes = [str(chosen.code(name)) for name in names]
    sectors = sector_list(chosen.id).sectors.drop(columns="aliases")
    labels = sectors.loc[codes].reset_index().set_index(pd.Index(names))
    return chosen.id, labels.sort_values("code")


def _list(
    rows: pd.DataFrame,
    totals: pd.DataFrame | None,
    sectors: tuple[str | None, pd.DataFrame],
    unit: str,
    files: tuple[str, str | None],
) -> FlowList:
    """The list of one region and year; its sectors are those with a flow or a total."""
    classification, labels = sectors
    named = {*rows["supplier"], *rows["user"], *(totals.index if totals is not None else ())}
    labels = labels[labels.index.isin(named)]
    code, year = rows["region"].iloc[0], rows["year"].iloc[0]
    ends = [labels.index.get_indexer(rows[end]) for end in ("supplier", "user")]
    n = len(labels)
    flows = sparse.csr_array(
        sparse.coo_array((rows["flow"].to_numpy(float), (ends[0], ends[1])), shape=(n, n))
    )
    index = labels.reset_index(drop=True)
    index.insert(0, "region", code)
    index.index = node_ids(index["region"], index["code"])
    known = pd.DataFrame(np.nan, index=labels.index, columns=["gross_output", "direct_co2"])
    if totals is not None:
        known = totals[known.columns].reindex(labels.index)
    share = rows["share_of_all_flows"]
    ranks = np.sort(rows["rank"].to_numpy(float))
    return FlowList(
        index=index,
        flows=flows,
        totals=known.set_axis(index.index),
        unit=unit,
        source=Source(
            "", " + ".join(file for file in files if file), None if year.isdigit() else year
        ),
        share_of_all=None if share.isna().any() else min(float(share.sum()), 1.0),
        largest=bool(np.array_equal(ranks, np.arange(1, len(rows) + 1))),
        year=year_of(year),
        classification=classification,
    )
