"""What people open: every renderer takes a ``Study`` and nothing else."""

from graphmap.render.page import page, write_page

__all__ = ["page", "write_page"]
