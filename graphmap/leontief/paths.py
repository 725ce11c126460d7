"""Structural paths: through which chains of suppliers final demand calls for emissions.

The search goes best first, in bands: all paths above a threshold (``path_tree``), then above a
lower one, until those asked for are among them. What is found is exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from graphmap.accounts import IOTable, prepared
from graphmap.accounts.lookup import find_sectors
from graphmap.arrays import Array
from graphmap.classification.lists import folded
from graphmap.errors import DataError, nearest
from graphmap.i18n import vocabulary
from graphmap.leontief.consumption import CATEGORIES
from graphmap.leontief.footprints import direct_intensity, total_intensity
from graphmap.leontief.measures import system_of
from graphmap.leontief.path_tree import NO_PATHS, Paths, bounds, paths_above
from graphmap.leontief.system import LeontiefSystem

COUNT = 50
"""How many paths there are where nothing else is asked for."""

MOST_PATHS = 1_000_000
"""A few seconds' work; what takes more says nothing that a reader could use."""

FIRST_BAND, NEXT_BAND = 1e-3, 0.25
"""Where the search begins, of the total, and how much lower each threshold is than the last."""

NOTHING_LEFT = 1e-250
"""Of the total: a search that comes down to here has found every path there is."""


def largest_paths(
    system: LeontiefSystem,
    f: Array,
    m: Array,
    y: Array,
    *,
    count: int | None = None,
    threshold: float | None = None,
    coverage: float | None = None,
) -> Paths:
    """The largest structural paths behind final demand ``y``.

    No path left out is larger than one that is found. Equal ones come in the order of their number
    of stages, then of their sectors' positions from the final product backwards. Where several
    rules are given, the first that is met ends the list.

    Args:
        system: the flows and gross output.
        f, m: (n,) direct and total intensity, ``m = L' f``.
        y: (n,) final demand; negative where inventories are run down. Paths are then ordered by
            absolute value.
        count: how many paths.
        threshold: all paths of at least this value (in the unit of ``f y``), above zero.
        coverage: the fewest of the largest paths whose sum is this share of the footprint ``m y``.

    Raises:
        DataError: a rule that makes no sense or takes more than ``MOST_PATHS`` paths, or negative
            flows so large that the sum over paths means nothing.

    Source:
        Defourny & Thorbecke 1984, Economic Journal 94 (structural paths); Hanaka, Kagawa, Ono &
        Kanemoto 2017, Energy Economics 68 (what all paths through a transaction add up to).

    Example:
        >>> system = LeontiefSystem(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([100.0, 100.0]))
        >>> f, y = np.array([2.0, 0.5]), np.array([50.0, 100.0])
        >>> found = largest_paths(system, f, system.solve_transposed(f), y, count=3)
        >>> found.values.tolist(), found.sequences()
        ([100.0, 100.0, 50.0], [(0,), (0, 1), (1,)])
    """
    total = float(m @ y)
    _refuse_rules(count, threshold, coverage, total)
    m, q = bounds(system, f, m, y)
    size = float(m @ np.abs(y))
    if size == 0:
        return NO_PATHS
    last = max(threshold or 0.0, NOTHING_LEFT * size)
    low = max(last, size / count if count else FIRST_BAND * size)
    known = np.empty(0)
    while True:
        tree = paths_above(system, f, y, m, q, low, most=4 * MOST_PATHS)
        if tree is None:
            raise _too_many(known, total)
        known = tree.values
        end = _end(known, count, coverage, total)
        if end is None and low <= last:
            end = len(known)
        if (len(known) if end is None else end) > MOST_PATHS:
            raise _too_many(known, total)
        if end is not None:
            return tree.largest(end)
        step = min(max(len(known) / count, NEXT_BAND**2), 0.7) if count else NEXT_BAND
        low = max(last, low * step)


def structural_paths(
    table: IOTable,
    *,
    product: str | Sequence[str] | None = None,
    final_use: str | None = None,
    count: int | None = None,
    threshold: float | str | None = None,
    coverage: float | str | None = None,
    imports: str = "out",
) -> pd.DataFrame:
    """The largest structural paths behind the final use of a table: exact, the largest first.

    Args:
        table: rows supply, columns use.
        product: the final products asked about, by node id, code, name in any language or group of
            industries; all but a node id mean the product of every region. All products if left
            out.
        final_use: a category of the table's final use, by its name in any language, or one of
            ``households``, ``capital``, ``exports`` (outflow to other provinces among them) for
            all that belong to it. All final use if left out.
        count: how many paths; 50 where no other rule is given. Where several are, the first that
            is met ends the list.
        threshold: all paths of this many Mt or more, or of a share of the footprint (``"0.01%"``).
        coverage: the fewest paths that make up this share of the footprint (0.8 or ``"80%"``).
        imports: ``out`` takes imports out of the cells of a competitive table, ``inside`` does not.

    Returns:
        DataFrame with a row a path, ordered by the size of ``co2``, and the columns

        - ``rank``: from 1;
        - ``co2``: Mt, below zero where inventories are run down;
        - ``share``: of the footprint of the final use asked about, and ``cumulative_share``;
        - ``stages``: transactions between emitter and final product, 0 where these are one;
        - ``emitter``, ``product``: node ids;
        - ``path``: tuple of node ids from the emitter to the final product.

        ``attrs`` has ``total``, the footprint asked about in Mt, ``products`` (node ids, or None
        for all) and ``final_uses`` (categories, or None for all).

    Raises:
        DataError: the table has an error or no emissions; the product, the final use or a rule is
            not understood; nothing of the product is used so; or a rule takes too many paths.

    Source:
        Defourny & Thorbecke 1984, Economic Journal 94.

    Example:
        >>> from graphmap import sample
        >>> found = structural_paths(sample.table(), product="Construction", coverage="50%")
        >>> found["path"].iloc[0]
        ('CN-GD.13', 'CN-GD.27')
        >>> bool(found["co2"].sum() >= found.attrs["total"] / 2)
        True
    """
    table, _ = prepared(table, imports)
    if table.co2 is None or not table.has_emissions:
        raise DataError(
            "structural paths need emissions, and the table has none",
            file=table.source.file,
            remedy="give an inventory with --emissions",
        )
    y, products, final_uses = _demand(table, product, final_use)
    system, f = system_of(table), direct_intensity(table.co2, table.x)
    m = total_intensity(system, f)
    total = float(m @ y)
    if total == 0:
        asked = [*([product] if isinstance(product, str) else product or ()), final_use or ""]
        raise DataError(
            "there is no footprint to follow back",
            file=table.source.file,
            found=", ".join(filter(None, asked)) or None,
            expected="a product and a final use of it that emissions are made for",
        )
    if count is None and threshold is None and coverage is None:
        count = COUNT
    threshold, relative = _amount(threshold, "a threshold", "Mt, or a share such as '0.01%'")
    found = largest_paths(
        system,
        f,
        m,
        y,
        count=count,
        threshold=threshold * abs(total) if relative and threshold else threshold,
        coverage=_amount(coverage, "a coverage", "a share such as 0.8 or '80%'")[0],
    )
    frame = _labelled(found, total, table.index.index.astype(str).to_numpy(dtype=object))
    frame.attrs.update(total=total, products=products, final_uses=final_uses)
    return frame


def _labelled(found: Paths, total: float, ids: Array) -> pd.DataFrame:
    share = found.values / total
    emitter = np.take_along_axis(found.sectors, found.stages[:, None], axis=1)[:, 0]
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(share) + 1),
            "co2": found.values,
            "share": share,
            "cumulative_share": share.cumsum(),
            "stages": found.stages,
            "emitter": ids[emitter],
            "product": ids[found.sectors[:, 0]] if len(share) else ids[:0],
            "path": [tuple(ids[i] for i in path) for path in found.sequences()],
        }
    )


def _demand(
    table: IOTable, product: str | Sequence[str] | None, final_use: str | None
) -> tuple[Array, list[str] | None, list[str] | None]:
    """(n,) the final demand asked about, and which products and final uses are in it."""
    y, products, final_uses = table.final_demand, None, None
    if final_use is not None:
        final_uses = _categories(table, final_use)
        y = table.Y[:, table.final_uses["category"].isin(final_uses).to_numpy()].sum(axis=1)
    if product is not None:
        asked = np.zeros(table.n, dtype=bool)
        for text in [product] if isinstance(product, str) else product:
            asked[find_sectors(table, text)] = True
        y, products = np.where(asked, y, 0.0), table.index.index[asked].astype(str).tolist()
    return y, products, final_uses


def _categories(table: IOTable, text: str) -> list[str]:
    """The categories of the table that ``text`` means: one, or all of a kind."""
    own = table.final_uses["category"].drop_duplicates().tolist()
    kinds: dict[str, list[str]] = {}
    for category in own:
        kinds.setdefault(CATEGORIES.get(category, category), []).append(category)
    spelt: dict[str, list[str]] = {}
    for name, members in [*((category, [category]) for category in own), *kinds.items()]:
        for key in (f"final_use.{name}", f"accounts.category.{name}"):
            for spelling in (name, *vocabulary().get(key, {}).values()):
                spelt[folded(spelling)] = members
    if folded(text) not in spelt:
        near = nearest(text, [*own, *kinds])
        raise DataError(
            "no such final use in the table",
            file=table.source.file,
            found=text,
            expected=f"one of {', '.join(near or dict.fromkeys([*kinds, *own]))}",
        )
    return spelt[folded(text)]


def _amount(given: float | str | None, what: str, expected: str) -> tuple[float | None, bool]:
    """A number as it may be typed, and whether it was typed as a percentage."""
    if given is None:
        return None, False
    found = re.fullmatch(r"\s*((\d+\.?\d*|\.\d+)(e[+-]?\d+)?)\s*([%％]?)\s*", str(given).casefold())
    if not found:
        raise DataError(f"cannot read {what}", found=str(given), expected=expected)
    relative = bool(found.group(4))
    return float(found.group(1)) / (100 if relative else 1), relative


def _refuse_rules(
    count: int | None, threshold: float | None, coverage: float | None, total: float
) -> None:
    if count is None and threshold is None and coverage is None:
        raise DataError("no rule says how many paths", expected="a count, threshold or coverage")
    if count is not None and not 1 <= count <= MOST_PATHS:
        raise DataError("how many paths", found=count, expected=f"1 to {MOST_PATHS:,}")
    if threshold is not None and not 0 < threshold < np.inf:
        raise DataError("a threshold for paths", found=threshold, expected="more than 0")
    if coverage is not None and not 0 < coverage <= 1:
        raise DataError(
            "a share for paths to cover",
            found=f"{coverage:.0%}",
            expected="a share above 0 and up to all, such as 0.8 or '80%'",
        )
    if coverage is not None and total <= 0:
        raise DataError(
            "a share of a footprint that is not above zero",
            found=f"{total:g} Mt",
            remedy="ask for a number of paths instead",
        )


def _too_many(known: Array, total: float) -> DataError:
    """The search is given up; ``known`` are the largest paths, as far as they are certain."""
    known = known[:MOST_PATHS]
    share = f" cover {known.sum() / total:.3%} of the footprint" if total else ""
    return DataError(
        f"more than {MOST_PATHS:,} paths are needed for what is asked",
        found=f"the {len(known):,} largest{share}" if len(known) else None,
        expected="a lower coverage, a higher threshold, or a number of paths",
    )


def _end(values: Array, count: int | None, coverage: float | None, total: float) -> int | None:
    """How many of the largest paths meet the first of the rules, or None if none is met yet."""
    ends = [count] if count is not None and len(values) >= count else []
    if coverage is not None:
        # the sums round; a share that is met but for the last bits counts as met
        reached = np.flatnonzero(np.cumsum(values) >= coverage * total * (1 - 1e-12))
        ends += [int(reached[0]) + 1] if len(reached) else []
    return min(ends, default=None)
