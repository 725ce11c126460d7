"""The tables themselves: what they hold, whether they add up, and how to balance them."""

from graphmap.accounts.balance import ras
from graphmap.accounts.checks import Finding, check
from graphmap.accounts.table import Extension, Inventory, IOTable, Source

__all__ = ["Extension", "Finding", "IOTable", "Inventory", "Source", "check", "ras"]
