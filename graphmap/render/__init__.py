"""What people open: every renderer takes a ``Study``, or a ``Panel`` of several years."""

from graphmap.render.atlas import write_atlas
from graphmap.render.page import page, write_page

__all__ = ["page", "write_atlas", "write_page"]
