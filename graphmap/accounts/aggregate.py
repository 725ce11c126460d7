"""Fewer or more sectors, fewer regions: tables summed and split, every total kept.

All three go one way: a matrix S (n, N) says which share of each region-sector belongs to each new
one. Its rows sum to 1, so ``S' Z S``, ``S' Y``, ``S' x``, ``V S`` ... keep every total and both
accounting identities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.lookup import node_ids
from graphmap.accounts.membership import bundled, in_sectors, membership, transformed
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification.concordance import Concordance
from graphmap.classification.pairs import some
from graphmap.classification.regions import region as region_of
from graphmap.classification.regions import unknown_region
from graphmap.errors import DataError
from graphmap.i18n import COLUMNS, listed, words


def aggregated(table: IOTable, concordance: Concordance, sizes: pd.Series | None = None) -> IOTable:
    """The table in the sectors that a concordance leads to, region by region.

    Flows between sectors that become one stay, as flows within it. A sector that belongs to several
    new ones is split by the weights of the concordance, or by sizes where it has none.

    Args:
        table: rows supply, columns use; its codes (or names) are the sources of the concordance.
        concordance: from the table's list of sectors to another, or a user's own.
        sizes: gross output, say, by code of the new sectors; needed only for sectors that the
            concordance splits without weights.

    Returns:
        A table with a row for each region and each sector that a sector of the region leads to, in
        the order of the new list. ``Z`` stays sparse if it was.

    Raises:
        DataError: the concordance begins at another list than the table's, lacks a sector of the
            table, or leaves open how one is to be split.

    Source: Miller & Blair 2009, section 4.9 (aggregation matrices).

    Example:
        >>> from graphmap import sample
        >>> table = sample.table()
        >>> pairs = pd.DataFrame({"source": table.index["code"].unique(), "target": "all"})
        >>> whole = aggregated(table, Concordance("cn42_2017", "own", pairs.assign(weight=1.0)))
        >>> whole.n, bool(np.isclose(whole.x.sum(), table.x.sum(), rtol=1e-12))
        (2, True)
    """
    _same_list(table, concordance)
    keys = _keys(table, concordance)
    reached = set(concordance.pairs.loc[concordance.pairs["source"].isin(keys), "target"])
    targets = [code for code in _order(concordance) if code in reached]
    of_key = concordance.matrix(list(dict.fromkeys(keys)), targets, sizes)
    rows = pd.Index(dict.fromkeys(keys)).get_indexer(pd.Index(keys))
    of_sector = sparse.csr_array(of_key)[rows]
    what = "aggregated_split" if (np.diff(of_sector.indptr) > 1).any() else "aggregated"
    return in_sectors(table, of_sector, targets, concordance, what)


def disaggregated(table: IOTable, concordance: Concordance, sizes: pd.Series) -> IOTable:
    """The table in finer sectors: rows and columns split by the sizes of the finer ones.

    All parts of a sector buy and sell in the same proportions, which is all that sizes can say.

    Args:
        table: rows supply, columns use.
        concordance: from the table's sectors to finer ones; each of these in one sector only.
        sizes: gross output, say, by code of the finer sector, or by node id (``CN-GD.24``) where
            regions differ. Sectors whose parts all have size zero are split evenly.

    Returns:
        A table that gives ``table`` again when it is aggregated.

    Raises:
        DataError: a finer sector stands in several of the table's, or has no size or one below
            zero.

    Example:
        >>> from graphmap import sample
        >>> table = sample.table().select(["CN-GD"])
        >>> codes = [*table.index["code"], "42"]
        >>> pairs = pd.DataFrame({"source": codes, "target": [*codes[:-1], "42b"]})
        >>> sizes = pd.Series(1.0, index=pairs["target"])
        >>> fine = disaggregated(table, Concordance("cn42_2017", "own", pairs), sizes)
        >>> fine.n, bool(fine.x[-1] == table.x[-1] / 2)
        (43, True)
    """
    _same_list(table, concordance)
    keys = _keys(table, concordance)
    pairs = concordance.pairs[concordance.pairs["source"].isin(keys)]
    pairs = pairs[["source", "target"]].drop_duplicates()
    twice = pairs.loc[pairs["target"].duplicated(), "target"].unique().tolist()
    if twice:
        raise DataError(
            "a finer sector belongs to several sectors of the table",
            found=some(twice),
            expected="each finer sector in one sector of the table",
            remedy="aggregate both lists to a common one instead",
        )
    targets = [code for code in _order(concordance) if code in set(pairs["target"])]
    place = {code: j for j, code in enumerate(targets)}
    parts = {key: [place[t] for t in of] for key, of in pairs.groupby("source")["target"]}
    rows: list[int] = []
    columns: list[int] = []
    shares: list[float] = []
    for i, (key, region) in enumerate(zip(keys, table.index["region"], strict=True)):
        size = _sizes([targets[j] for j in parts[key]], region, sizes)
        total = size.sum()
        rows += [i] * len(size)
        columns += parts[key]
        shares += (size / total if total > 0 else np.full(len(size), 1 / len(size))).tolist()
    spread = sparse.coo_array((shares, (rows, columns)), shape=(table.n, len(targets)))
    return in_sectors(table, sparse.csr_array(spread), targets, concordance, "disaggregated")


def regions_grouped(table: IOTable, groups: Mapping[str, Sequence[str]]) -> IOTable:
    """The table with the regions of each group as one; flows between them become its own.

    Args:
        table: rows supply, columns use.
        groups: code of a group -> codes of its regions. Regions of no group stay as they are.

    Returns:
        A table with each group in the place of the first of its regions.

    Raises:
        DataError: a region is not in the table, is in two groups, or a group is empty or has the
            code of a region outside it; or one code names different sectors in two regions.

    Example:
        >>> from graphmap import sample
        >>> both = regions_grouped(sample.table(), {"south-east": ["CN-GD", "CN-ZJ"]})
        >>> both.n, both.regions
        (42, ['south-east'])
    """
    group_of = _groups(table, groups)
    region = table.index["region"].map(lambda code: group_of.get(code, code))
    nodes = pd.MultiIndex.from_arrays([region, table.index["code"]])
    S, first = membership(nodes, list(dict.fromkeys(region)))
    labels = table.index.iloc[first].copy()
    labels["region"] = [nodes[i][0] for i in first]
    labels.index = node_ids(labels["region"], labels["code"])
    names = table.index["name_en"].to_numpy()
    differing = np.flatnonzero(labels["name_en"].to_numpy()[S.indices] != names)
    if len(differing):
        i = differing[0]
        raise DataError(
            f"code {table.index['code'].iloc[i]} names different sectors",
            file=table.source.file,
            found=f"{names[i]!r} in {table.index['region'].iloc[i]}",
            expected=repr(labels["name_en"].iloc[S.indices[i]]),
            remedy="aggregate the regions to one list of sectors first",
        )
    place = table.final_uses["region"].map(lambda code: group_of.get(code, code))
    # a region may have several uses of one category: the first joins the first of the others
    nth = table.final_uses.groupby(["region", "category"]).cumcount()
    uses = pd.MultiIndex.from_arrays([place, table.final_uses["category"], nth])
    T, kept = membership(uses, list(dict.fromkeys(place)))
    final_uses = table.final_uses.iloc[kept].reset_index(drop=True)
    final_uses["region"] = [uses[i][0] for i in kept]
    made = [
        words(
            "note.group",
            group=region_of(group).name,
            regions=listed([region_of(code).name for code in codes]),
        )
        for group, codes in groups.items()
    ]
    note = words("note.regions_grouped", groups=listed(made))
    return transformed(table, S, labels, note, table.classification, T, final_uses)


def _same_list(table: IOTable, concordance: Concordance) -> None:
    """The two 42-sector lists look alike: a concordance of the one must not meet the other."""
    if table.classification is None or concordance.source == table.classification:
        return
    if bundled(concordance.source) is not None:
        raise DataError(
            "the concordance begins at another list of sectors than the table's",
            file=table.source.file,
            found=f"{concordance.source} to {concordance.target}",
            expected=f"a concordance from {table.classification}",
        )


def _keys(table: IOTable, concordance: Concordance) -> list[str]:
    """(n,) what the concordance calls each region-sector: its code, or one of its names."""
    known = set(concordance.pairs["source"])
    columns = ["code", *(f"name_{suffix}" for suffix in COLUMNS.values())]
    missing = {c: [key for key in table.index[c].unique() if key not in known] for c in columns}
    best = min(columns, key=lambda column: len(missing[column]))
    if missing[best]:
        raise DataError(
            "sectors of the table are not in the concordance",
            file=table.source.file,
            found=some(missing["code"] if best == "code" else missing[best]),
            expected="every sector of the table as a source",
        )
    return [str(key) for key in table.index[best]]


def _order(concordance: Concordance) -> list[str]:
    """The target sectors in the order of their list, or as they first come."""
    own = list(dict.fromkeys(concordance.pairs["target"]))
    listed = bundled(concordance.target)
    if listed is None:
        return own
    foreign = [code for code in own if code not in listed.index]
    if foreign:
        raise DataError(
            f"the concordance leads to sectors that {concordance.target} does not have",
            found=some(foreign),
            expected=f"codes such as {some(listed.index[:3].tolist())}",
        )
    wanted = set(own)
    return [code for code in listed.index if code in wanted]


def _sizes(codes: Sequence[str], region: str, sizes: pd.Series) -> Array:
    """(len(codes),) the sizes of one region's finer sectors."""
    nodes = [f"{region}.{code}" for code in codes]
    labels = nodes if all(node in sizes.index for node in nodes) else list(codes)
    unknown = [label for label in labels if label not in sizes.index]
    size: Array = sizes.reindex(labels).to_numpy(float)
    wrong = [label for label, s in zip(labels, size, strict=True) if not 0 <= s < np.inf]
    if wrong or sizes.index.has_duplicates:
        raise DataError(
            "no size for a finer sector" if unknown else "a size that is no number above zero",
            found=some(unknown or wrong) or "a code twice",
            expected="one size, zero or more, for each finer sector",
        )
    return size


def _groups(table: IOTable, groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Region -> the code of its group."""
    group_of: dict[str, str] = {}
    for group, members in groups.items():
        outside = group in table.regions and group not in members
        if not members or outside:
            raise DataError(
                "a group has the code of a region outside it" if outside else "a group of nothing",
                found=group,
                expected="the codes of its regions under a name of its own",
            )
        for code in members:
            if code not in table.regions:
                raise unknown_region(code, table.regions, "in the table")
            if code in group_of:
                raise DataError(
                    "a region in two groups, or twice in one",
                    found=f"{code} in {group_of[code]} and {group}",
                )
            group_of[code] = group
    return group_of
