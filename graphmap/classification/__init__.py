"""What sectors and regions are called, and how one list maps onto another.

The lists are the CSV files beside these modules; the modules only look things up in them.
"""

from graphmap.classification.concordance import Concordance, allocate, concordance
from graphmap.classification.own_concordance import read_concordance
from graphmap.classification.region_groups import (
    RegionGroup,
    find_group,
    region_groups,
    regions_of_group,
)
from graphmap.classification.regions import Region, find_region, region, regions
from graphmap.classification.sectors import (
    LISTS,
    LabelError,
    SectorList,
    group_names,
    recognise,
    recognise_any,
    sector_list,
)

__all__ = [
    "LISTS",
    "Concordance",
    "LabelError",
    "Region",
    "RegionGroup",
    "SectorList",
    "allocate",
    "concordance",
    "find_group",
    "find_region",
    "group_names",
    "read_concordance",
    "recognise",
    "recognise_any",
    "region",
    "region_groups",
    "regions",
    "regions_of_group",
    "sector_list",
]
