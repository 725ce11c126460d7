"""What is known of a region and cannot all be true: refused, naming the sector."""

from __future__ import annotations

import numpy as np

from graphmap.accounts.regional_fit import Margins, known_beyond
from graphmap.accounts.regional_totals import RegionalTotals, group_name
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.errors import DataError

CONTRADICTION = 1e-4
"""What is left of a margin, relative to it, from which on margins are said to contradict."""


def refuse_beyond_output(nation: IOTable, facts: RegionalTotals, file: str) -> None:
    figures = facts.figures
    paid = figures["gross_output"] - figures["value_added"].fillna(0.0)
    for column, limit in (
        ("intermediate_sales", figures["gross_output"]),
        ("intermediate_inputs", paid),
    ):
        beyond = np.flatnonzero(figures[column] > limit * (1 + 1e-3))
        if len(beyond):
            g = int(beyond[0])
            name = group_name(nation, facts.group, g)
            most = (
                "its gross output" if column == "intermediate_sales" else "output less value added"
            )
            raise DataError(
                f"{column.replace('_', ' ')} of {name} exceed {most}",
                file=file,
                found=f"{figures[column].iloc[g]:,.0f} {nation.unit}",
                expected=f"at most {limit.iloc[g]:,.0f}",
                remedy="leave out the figure that is wrong; what is empty is estimated",
            )


def refuse_contradiction(margins: Margins, left: Array, nation: IOTable, file: str) -> None:
    """Refuse margins that cannot all hold, naming the sector where they fail most."""
    beyond = known_beyond(margins)
    if beyond is not None:
        g, what, found, limit = beyond
        raise DataError(
            f"known flows of {group_name(nation, margins.group, g)} exceed its intermediate {what}",
            file=file,
            found=f"{found:,.0f} {nation.unit}",
            expected=f"at most {limit:,.0f}",
            remedy="if sales and inputs leave out what a sector sells to itself, say so "
            "(own=False, --between-sectors)",
        )
    wanted = np.column_stack([margins.sales, margins.inputs])
    off = np.abs(left) / np.nansum(np.abs(wanted)) if np.isfinite(wanted).any() else left * 0
    g, k = divmod(int(off.argmax()), 2)
    if off[g, k] > CONTRADICTION:
        what = ("sales", "inputs")[k]
        raise DataError(
            f"what is known contradicts itself, most at the intermediate {what} of "
            + group_name(nation, margins.group, g),
            file=file,
            found=f"{wanted[g, k] + left[g, k]:,.0f} {nation.unit} is the nearest possible",
            expected=f"{wanted[g, k]:,.0f}",
            remedy="compare output, value added, imports, sales and known flows of this sector",
        )


def refuse_no_output(nation: IOTable, facts: RegionalTotals, of_nation: Array, file: str) -> None:
    """Refuse a region that makes nothing, or something that the nation does not make."""
    output = np.nan_to_num(facts.figures["gross_output"].to_numpy(float))
    if not output.any():
        raise DataError("the gross output of all sectors is zero", file=file)
    foreign = np.flatnonzero((output > 0) & (of_nation <= 0))
    if len(foreign):
        name = group_name(nation, facts.group, foreign[0])
        raise DataError(
            f"the national table has no output of {name}",
            file=file,
            found=f"{output[foreign[0]]:,.0f} {nation.unit} in the region",
            expected="zero, or a national table of the same sectors",
        )
