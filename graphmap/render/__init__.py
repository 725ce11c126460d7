"""What people open: every renderer takes a ``Panel``, one year or several of the same regions."""

from graphmap.render.atlas import write_atlas
from graphmap.render.exchange import write_network
from graphmap.render.figures import figure, write_figures
from graphmap.render.page import page, write_page
from graphmap.render.report import write_report
from graphmap.render.slides import write_slides
from graphmap.render.workbook import write_workbook

__all__ = [
    "figure",
    "page",
    "write_atlas",
    "write_figures",
    "write_network",
    "write_page",
    "write_report",
    "write_slides",
    "write_workbook",
]
