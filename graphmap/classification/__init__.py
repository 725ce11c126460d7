"""What sectors and regions are called, and how one list maps onto another.

The lists are the CSV files beside these modules; the modules only look things up in them.
"""

from graphmap.classification.concordance import allocate, concordance
from graphmap.classification.regions import Region, find_region, region, regions
from graphmap.classification.sectors import (
    LabelError,
    SectorList,
    group_names,
    recognise,
    sector_list,
)

__all__ = [
    "LabelError",
    "Region",
    "SectorList",
    "allocate",
    "concordance",
    "find_region",
    "group_names",
    "recognise",
    "region",
    "regions",
    "sector_list",
]
