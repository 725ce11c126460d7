"""Tables and inventories as they are published, into ``IOTable`` and ``Inventory``."""

from graphmap.readers.detect import NAMES, read, read_emissions

__all__ = ["NAMES", "read", "read_emissions"]
