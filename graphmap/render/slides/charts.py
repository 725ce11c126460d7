"""Native charts: bars whose numbers can be edited in the workbook inside the slide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import Any, cast

from graphmap.errors import DataError
from graphmap.render.slides.parts import SPELLING, Deck, described, fill_of, placed
from graphmap.render.slides.template import Box
from graphmap.render.slides.text import cleaned, cut, height, width

NEVER = datetime(2000, 1, 1)
"""When what is embedded was made: the same deck is the same bytes whenever it is made."""

HEADED = 0.42
"""Inches of a chart's heading."""

MOST_LABEL = 0.52
"""Of a chart's width, what its labels may take."""


def bar_chart(
    deck: Deck,
    slide: Any,
    box: Box,
    bars: Sequence[tuple[str, float, str]],
    series: str,
    digits: int,
    name: str,
    text: str,
) -> None:
    """Bars from top to bottom, each with its label before it and its number behind it.

    Args:
        deck, slide, box: where.
        bars: label, value and colour, the first on top; a value that is not known has no bar.
        series: what the values are, with their unit; the heading.
        digits: decimals of the numbers.
        name, text: name and alternative text.
    """
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415
    from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

    labels = [cleaned(label) for label, _, _ in bars]
    values = [None if math.isnan(value) else float(value) for _, value, _ in bars]
    size, room = _labels(deck, labels, box)
    labels = [cut(label, size, (room, 1.5 * height(1, size)), deck.lang) for label in labels]
    data: Any = cast(Any, CategoryChartData)(
        number_format="#,##0" + ("." + "0" * digits if digits else "")
    )
    data.categories = labels
    data.add_series(cleaned(series), values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *placed(box), data)
    described(frame, name, text)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_embedded(series, labels, values))
    _set(deck, chart, size, digits)
    _from_zero(chart.value_axis, [value for value in values if value is not None])
    _plot_area(chart, room / box.width, HEADED / box.height)
    for place, (_, value, colour) in enumerate(bars):
        if not math.isnan(value):
            point = chart.plots[0].series[0].points[place]
            point.format.fill.solid()
            point.format.fill._xPr.replace(
                point.format.fill._xPr.find("{*}solidFill"), fill_of(deck, colour)
            )


def _labels(deck: Deck, labels: Sequence[str], box: Box) -> tuple[float, float]:
    """Size of the labels and inches they take: the largest that rows and room allow."""
    high = (box.height - HEADED) / max(len(labels), 1)
    most = MOST_LABEL * box.width
    for size in (13, 12, 11, 10, 9, 8, 7):
        wide = max((width(label, size, deck.lang) for label in labels), default=0.0) + 0.15
        if wide <= most and height(1, size) <= high:
            return size, wide
    return 7, min(wide, most)


def _set(deck: Deck, chart: Any, size: float, digits: int) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK  # noqa: PLC0415
    from pptx.util import Pt  # noqa: PLC0415

    chart.has_legend = False
    chart.font.size = Pt(size)
    _coloured(deck, chart.font._rPr)
    chart.has_title = True
    chart.chart_title.include_in_layout = False
    frame = chart.chart_title.text_frame
    frame.text = chart.plots[0].series[0].name
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(12), True
    _coloured(deck, run._r.get_or_add_rPr())
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 55, False
    plot.has_data_labels = True
    shown = plot.data_labels
    shown.show_value, shown.position = True, XL_LABEL_POSITION.OUTSIDE_END
    shown.number_format_is_linked = False
    shown.number_format = "#,##0" + ("." + "0" * digits if digits else "")
    across, up = chart.value_axis, chart.category_axis
    across.visible, across.has_major_gridlines = False, False
    up.reverse_order = True  # the first on top
    up.format.line.fill.background()
    up.major_tick_mark = XL_TICK_MARK.NONE
    up.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _every_label(up)


def _from_zero(axis: Any, values: Sequence[float]) -> None:
    """Bars begin at zero: an axis that is left to itself may begin near its smallest value.

    Where values are of both signs, zero lies between the ends an office program chooses.
    """
    if all(value >= 0 for value in values):
        axis.minimum_scale = 0
    elif all(value <= 0 for value in values):
        axis.maximum_scale = 0


def _coloured(deck: Deck, properties: Any) -> None:
    properties.insert(0, deepcopy(fill_of(deck, None)))
    properties.set("lang", SPELLING[deck.lang])


def _every_label(axis: Any) -> None:
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    after = axis._element.find(qn("c:noMultiLvlLbl"))
    if after is None:
        axis._element.append(skip)
    else:
        after.addprevious(skip)


def _plot_area(chart: Any, left: float, top: float) -> None:
    """The bars begin where the labels end; the numbers behind them keep a tenth."""
    from pptx.oxml import parse_xml  # noqa: PLC0415
    from pptx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/>'
            '<c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{left:.4f}"/><c:y val="{top:.4f}"/>'
            f'<c:w val="{0.88 - left:.4f}"/><c:h val="{0.99 - top:.4f}"/>'
            "</c:manualLayout></c:layout>"
        ),
    )


def _embedded(series: str, labels: Sequence[str], values: Sequence[float | None]) -> bytes:
    """The workbook behind a chart; python-pptx's own takes a label for a formula."""
    try:
        import xlsxwriter  # noqa: PLC0415
    except ImportError as error:  # python-pptx asks for it too
        raise DataError(
            "slides need xlsxwriter", remedy='run pip install "graphmap[slides]"'
        ) from error
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": NEVER})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_string(0, 1, cleaned(series))
        for row, (label, value) in enumerate(zip(labels, values, strict=True), start=1):
            sheet.write_string(row, 0, label)
            if value is not None:
                sheet.write_number(row, 1, value)
    return content.getvalue()
