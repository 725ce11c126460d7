"""Tables and inventories as they are published, into ``IOTable`` and ``Inventory``."""

from graphmap.readers.detect import NAMES, open_source, read, read_emissions
from graphmap.readers.flow_list import read_flows
from graphmap.readers.selection import regions_of

__all__ = ["NAMES", "open_source", "read", "read_emissions", "read_flows", "regions_of"]
