"""One table, a row a region-sector: what a handful of solves says of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graphmap.accounts.table import IOTable
from graphmap.leontief.footprints import direct_intensity, footprint, transmission
from graphmap.leontief.linkages import downstream, normalised
from graphmap.leontief.system import LeontiefSystem

TONNES_PER_MT = 1e6


def system_of(table: IOTable, *, solves: int = 4) -> LeontiefSystem:
    """The Leontief system of a table, which names the table's sectors in its messages."""
    names = (table.index.index.astype(str) + " " + table.index["name_en"].astype(str)).tolist()
    return LeontiefSystem(table.Z, table.x, names=names, solves=solves, file=table.source.file)


def sector_measures(table: IOTable, system: LeontiefSystem | None = None) -> pd.DataFrame:
    """The measures of each region-sector, indexed by node id; two solves give them all.

    Imports are taken out of the cells of a competitive table first.

    Args:
        table: rows supply, columns use.
        system: the system of the table's domestic flows, if it is at hand.

    Returns:
        DataFrame with the columns

        - ``gross_output``: 10 thousand yuan (or US dollars, as the table);
        - ``upstreamness``, ``downstreamness``: mean stages to final use, and behind the inputs;
        - ``backward_linkage``, ``forward_linkage``: these two over their means;

        and, where the table has emissions,

        - ``direct_co2``: Mt;
        - ``direct_intensity``, ``total_intensity``: t CO2 per 10 thousand yuan;
        - ``footprint``: Mt, sums to the sum of ``direct_co2``;
        - ``transmission``: Mt.

    Example:
        >>> from graphmap import sample
        >>> measures = sector_measures(sample.table())
        >>> bool(abs(measures["footprint"].sum() / measures["direct_co2"].sum() - 1) < 1e-9)
        True
    """
    table = table.domestic()
    system = system or system_of(table)
    x, y = table.x * table.to_10k, table.final_demand * table.to_10k
    per_output = [np.ones(table.n)]
    if table.co2 is not None and table.has_emissions:
        f = direct_intensity(table.co2, x)
        per_output.append(f)
    stages, *intensity = system.solve_transposed(np.column_stack(per_output)).T
    upstreamness = downstream(system.solve(table.x), table.x, otherwise=1.0)
    measures = pd.DataFrame(
        {
            "gross_output": x,
            "upstreamness": upstreamness,
            "downstreamness": stages,
            "backward_linkage": normalised(stages, x),
            "forward_linkage": normalised(upstreamness, x),
        },
        index=table.index.index,
    )
    for m in intensity:
        measures["direct_co2"] = table.co2
        measures["direct_intensity"] = f * TONNES_PER_MT
        measures["total_intensity"] = m * TONNES_PER_MT
        measures["footprint"] = footprint(m, y)
        measures["transmission"] = transmission(m, f, x, y)
    return measures
