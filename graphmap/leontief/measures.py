"""One table, a row a region-sector: what the linear algebra says of each."""

from __future__ import annotations

import pandas as pd

from graphmap.accounts.table import IOTable
from graphmap.leontief.footprints import (
    direct_intensity,
    footprint,
    total_intensity,
    transmission,
)
from graphmap.leontief.linkages import upstreamness
from graphmap.leontief.system import LeontiefSystem

TONNES_PER_MT = 1e6


def sector_measures(table: IOTable) -> pd.DataFrame:
    """The measures of each region-sector, indexed by node id.

    Imports are taken out of the cells of a competitive table first.

    Returns:
        DataFrame with the columns

        - ``gross_output``: 10 thousand yuan (or US dollars, as the table);
        - ``upstreamness``: mean stages to final use;

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
    system = LeontiefSystem(table.Z, table.x)
    x, y = table.x * table.to_10k, table.final_demand * table.to_10k
    measures = pd.DataFrame(
        {"gross_output": x, "upstreamness": upstreamness(system)}, index=table.index.index
    )
    if table.co2 is not None and table.has_emissions:
        f = direct_intensity(table.co2, x)
        m = total_intensity(system, f)
        measures["direct_co2"] = table.co2
        measures["direct_intensity"] = f * TONNES_PER_MT
        measures["total_intensity"] = m * TONNES_PER_MT
        measures["footprint"] = footprint(m, y)
        measures["transmission"] = transmission(m, f, x, y)
    return measures
