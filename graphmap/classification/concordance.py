"""From one list of sectors to another, keeping every total.

A concordance is a table of pairs. What belongs to several targets is split by weights where
these are known, and otherwise in proportion to a size (gross output) of the targets that is
given when the concordance is used. Bundled pairs are those where a substantial part of the
source belongs; marginal overlaps are left out, because a split by size would overstate them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from graphmap.classification.lists import read_list
from graphmap.classification.pairs import alone, faults, refuse_sizes, shares, some
from graphmap.classification.sectors import sector_list
from graphmap.errors import DataError


@dataclass(frozen=True)
class Concordance:
    """Which sectors of ``target`` the sectors of ``source`` belong to, and by what share.

    Attributes:
        source, target: ids of the lists, or "" for a list of somebody's own.
        pairs: columns ``source``, ``target`` (codes), ``weight``: the share of the source that
            belongs to the target. The weights of a source are all known and sum to 1, or all
            NaN: split in proportion to a size of its targets.

    Raises:
        DataError: a pair stands twice, a code is empty, or weights are not as above.

    Example:
        >>> pairs = pd.DataFrame({"source": ["a", "b", "b"], "target": ["x", "x", "y"]})
        >>> Concordance("", "", pairs).pairs["weight"].tolist()
        [1.0, nan, nan]
    """

    source: str
    target: str
    pairs: pd.DataFrame

    def __post_init__(self) -> None:
        pairs = self.pairs[["source", "target"]].astype(str).reset_index(drop=True)
        given = self.pairs["weight"].to_numpy(float) if "weight" in self.pairs else np.nan
        pairs["weight"] = np.full(len(pairs), given, dtype=float)
        pairs.loc[alone(pairs) & pairs["weight"].isna(), "weight"] = 1.0
        for what, rows in faults(pairs):
            found = [f"{row.source} -> {row.target}" for row in pairs.iloc[rows].itertuples()]
            raise DataError(f"a concordance with {what}", found=some(found, 3))
        object.__setattr__(self, "pairs", pairs)

    def check(self, sources: Sequence[str], targets: Sequence[str]) -> None:
        """Refuse a concordance that does not join all of ``sources`` to all of ``targets``.

        Raises:
            DataError: a code is of neither list, a source has no target, or a target no source.
        """
        name = self._name()
        for side, codes, what in (
            ("source", sources, "sectors without a target"),
            ("target", targets, "sectors that nothing belongs to"),
        ):
            there = set(self.pairs[side])
            foreign = sorted(there - set(codes))
            if foreign:
                raise DataError(
                    f"{name} has codes that its {side} list does not have",
                    found=some(foreign),
                    expected=f"codes such as {some(list(codes), 3)}",
                )
            missing = [code for code in codes if code not in there]
            if missing:
                raise DataError(f"{name} leaves out {what}", found=some(missing))

    def composed(self, other: Concordance) -> Concordance:
        """This concordance followed by ``other``, from this source list to the other's target.

        Exact where weights are known. A source any of whose ways has an unknown weight has
        unknown weights to all its targets.

        Raises:
            DataError: a target of this concordance has no pair in ``other``.

        Example:
            >>> first = Concordance("", "", pd.DataFrame({"source": ["a"], "target": ["m"]}))
            >>> halves = pd.DataFrame(
            ...     {"source": ["m", "m"], "target": ["x", "y"], "weight": [0.25, 0.75]}
            ... )
            >>> first.composed(Concordance("", "", halves)).pairs["weight"].tolist()
            [0.25, 0.75]
        """
        lost = sorted(set(self.pairs["target"]) - set(other.pairs["source"]))
        if lost:
            raise DataError(f"{other._name()} has no target for some sectors", found=some(lost))
        middle = self.pairs.rename(columns={"target": "middle"})
        steps = middle.merge(other.pairs, left_on="middle", right_on="source", how="left")
        steps["weight"] = steps["weight_x"] * steps["weight_y"]
        steps = steps.rename(columns={"source_x": "source"})
        summed = steps.groupby(["source", "target"], sort=False)["weight"].sum(min_count=1)
        unknown = set(steps.loc[steps["weight"].isna(), "source"])
        pairs = summed.reset_index()
        pairs.loc[pairs["source"].isin(unknown), "weight"] = np.nan
        return Concordance(self.source, other.target, pairs)

    def inverted(self, sizes: pd.Series | None = None) -> Concordance:
        """From the target list back to the source list.

        A target with one source goes back to it whole. One with several sources that belong to
        it whole is split between them in proportion to their sizes: weights are unknown (NaN)
        without ``sizes`` (by source code), numbers with them.

        Raises:
            DataError: a source belongs to a target only in part, and what this part weighs
                beside the target's other sources is unknown (no weights, or no sizes).
        """
        pairs = self.pairs.rename(columns={"source": "target", "target": "source"})
        pairs = pairs[["source", "target", "weight"]]
        several = pairs["source"].duplicated(keep=False)
        partial = several & (pairs["weight"] != 1.0)
        unknown = partial & (pairs["weight"].isna() | (sizes is None))
        if unknown.any():
            raise DataError(
                f"{self._name()} cannot be turned round",
                found=f"{some(pairs.loc[unknown, 'target'].unique().tolist())} belonging in "
                "part to sectors that have other sources too",
                remedy="give the weights of these sectors and the sizes of all sources",
            )
        if sizes is None:
            pairs["weight"] = np.where(several, np.nan, 1.0)
        else:
            size = pairs["target"].map(sizes).astype(float)
            refuse_sizes(size, pairs["target"])
            pairs["weight"] = shares(pairs["source"], (size * pairs["weight"]).where(several, 1))
        return Concordance(self.target, self.source, pairs)

    def matrix(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        sizes: pd.Series | Sequence[float] | None = None,
    ) -> csr_array:
        """(len(sources), len(targets)) shares of each source; every row sums to 1.

        Args:
            sources, targets: codes in the order of rows and columns. Targets that are not
                among them take no part in a split by size.
            sizes: by target code, or in the order of ``targets``, for weights that are not
                known. Targets that are all of size 0 share evenly.

        Raises:
            DataError: a source has no target here, or weights are unknown and no sizes given.

        Example:
            >>> whole = concordance("ceads_inventory", "cn42_2017")
            >>> whole.matrix(["44"], ["28", "29", "30"], [3.0, 9.0, 1.0]).toarray().tolist()
            [[0.75, 0.0, 0.25]]
        """
        rows = {code: i for i, code in enumerate(map(str, sources))}
        columns = {code: i for i, code in enumerate(map(str, targets))}
        mine = self.pairs[self.pairs["source"].isin(rows)]
        pairs = mine[mine["target"].isin(columns)].copy()
        incomplete = mine[mine["weight"].gt(0) & ~mine["target"].isin(columns)]
        lost = sorted((set(rows) - set(pairs["source"])) | set(incomplete["source"]))
        if lost:
            raise DataError(
                f"{self._name()} has no target among these sectors for some sources",
                found=some(lost),
                expected=f"one of {some(list(columns), 3)}",
            )
        unknown = pairs["weight"].isna()
        if unknown.any():
            if sizes is None:
                raise DataError(
                    f"{self._name()} splits sectors between several and has no weights for it",
                    found=some(pairs.loc[unknown, "source"].unique().tolist()),
                    remedy="give the sizes (gross output) of the targets, or weights",
                )
            if not isinstance(sizes, pd.Series):
                sizes = pd.Series(np.asarray(sizes, dtype=float), index=list(columns))
            size = pairs["target"].map(sizes).astype(float)
            refuse_sizes(size[unknown], pairs["target"])
            split = shares(pairs["source"], size)
            pairs["weight"] = pairs["weight"].where(~unknown, split)
        weights = pairs["weight"] / pairs.groupby("source")["weight"].transform("sum")
        places = (pairs["source"].map(rows).to_numpy(), pairs["target"].map(columns).to_numpy())
        return csr_array((weights.to_numpy(), places), shape=(len(rows), len(columns)))

    def _name(self) -> str:
        return f"the concordance {self.source or 'of your own'} -> {self.target or 'your own'}"


@cache
def bundled() -> dict[tuple[str, str], Concordance]:
    """The concordances of this folder by their two lists."""
    names = [file.name for file in files(__package__).iterdir() if "_to_" in file.name]
    found = {}
    for name in sorted(name.removesuffix(".csv") for name in names if name.endswith(".csv")):
        source, target = name.split("_to_")
        found[source, target] = Concordance(source, target, read_list(name))
    return found


@cache
def concordance(source: str, target: str) -> Concordance:
    """The concordance from one bundled list to another.

    One that is not bundled is composed of those that are, where nothing is lost on the way: no
    sector in between may both receive from several and be split between several.

    Raises:
        DataError: there is no sound way from the one list to the other.

    Example:
        >>> pairs = concordance("ceads_inventory", "cn42_2017").pairs
        >>> pairs.loc[pairs["source"] == "44", "target"].tolist()
        ['28', '30']
    """
    reached = _reached(source)
    if target in reached:
        return reached[target]
    for name in (source, target):
        sector_list(name)  # refuses a list that there is not
    common = [name for name in _reached(target) if name in (source, *reached)]
    raise DataError(
        f"no concordance from the list {source!r} to {target!r}",
        found=f"from {source} to {' and to '.join(reached) or 'nothing'}",
        expected=f"one to {target} without losing a distinction on the way",
        remedy=f"tables of {target} can be summed up to {common[0]} first, which goes with "
        f"{source}: graphmap aggregate TABLE --to {common[0]}"
        if common
        else "graphmap aggregate takes one of your own as CSV (source,target,weight): "
        "--concordance own.csv",
    )


@cache
def _reached(source: str) -> dict[str, Concordance]:
    """Every list that is soundly reached from ``source``, those of the fewest steps first."""
    reached = {end: step for (start, end), step in bundled().items() if start == source}
    ahead = list(reached)
    for middle in ahead:
        for (start, end), step in bundled().items():
            if start == middle and end not in (source, *reached) and _sound(reached[middle], step):
                reached[end] = reached[middle].composed(step)
                ahead.append(end)
    return reached


def _sound(first: Concordance, second: Concordance) -> bool:
    """Whether no sector in between receives from several and is split between several."""
    receives = first.pairs["target"].value_counts()
    splits = second.pairs["source"].value_counts()
    merged, split = set(receives.index[receives > 1]), set(splits.index[splits > 1])
    covered = set(receives.index) <= set(splits.index)
    return covered and not merged & split


def allocate(values: pd.Series, concordance: Concordance, sizes: pd.Series) -> pd.Series:
    """Spread ``values`` (by source code) over target codes in proportion to ``sizes``.

    Args:
        values: one figure a source sector, e.g. Mt CO2.
        concordance: from the list of the values to that of the sizes.
        sizes: one size a target sector, e.g. gross output; its index is the result's. A
            source whose targets are all of size 0 is spread evenly over them.

    Returns:
        Series over ``sizes.index`` with the same total as ``values``.

    Raises:
        DataError: a source sector has no target in the table, so its figure would be lost.

    Example:
        >>> pairs = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"]})
        >>> whole = Concordance("", "", pairs)
        >>> allocate(pd.Series({"a": 8.0}), whole, pd.Series({"1": 3.0, "2": 1.0})).tolist()
        [6.0, 2.0]
    """
    pairs = concordance.pairs
    known = set(pairs.loc[pairs["target"].isin(sizes.index), "source"])
    lost = [code for code in values.index if values[code] and code not in known]
    if lost:
        raise DataError(
            f"sector {lost[0]} of the inventory has no sector in the table",
            found=f"{values[lost[0]]:g}",
            expected="a table with every sector that the inventory reports on",
        )
    spread = values[[code for code in values.index if code in known]].astype(float)
    shares = concordance.matrix(list(spread.index), list(sizes.index), sizes)
    return pd.Series(spread.to_numpy() @ shares, index=sizes.index, name=values.name)
