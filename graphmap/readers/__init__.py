"""Tables and inventories as they are published, into ``IOTable`` and ``Inventory``."""

from graphmap.readers.detect import NAMES, read, read_emissions, regions_of
from graphmap.readers.flow_list import read_flows

__all__ = ["NAMES", "read", "read_emissions", "read_flows", "regions_of"]
