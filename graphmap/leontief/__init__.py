"""The linear algebra under the maps: pure functions on arrays, labels on top."""

from graphmap.leontief.measures import sector_measures
from graphmap.leontief.system import LeontiefSystem

__all__ = ["LeontiefSystem", "sector_measures"]
