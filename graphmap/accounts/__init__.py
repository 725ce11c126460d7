"""The tables themselves: what they hold, whether they add up, and how to balance them."""

from graphmap.accounts.balance import balanced, gras, ras
from graphmap.accounts.checks import Finding, check
from graphmap.accounts.emissions import Extension, Inventory, Source
from graphmap.accounts.prepare import prepared
from graphmap.accounts.table import IOTable

__all__ = [
    "Extension",
    "Finding",
    "IOTable",
    "Inventory",
    "Source",
    "balanced",
    "check",
    "gras",
    "prepared",
    "ras",
]
