"""What stands on the network figure and where, in the canvas units of the panel's layouts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graphmap.arrays import Array
from graphmap.classification import region
from graphmap.classification.lists import names_of
from graphmap.i18n import Names, figure, plain, words
from graphmap.network.layout import FONT, wrapped
from graphmap.panel import Panel
from graphmap.render.figures.numbers import in_unit, quantity
from graphmap.render.palette import MUTED, ROLE
from graphmap.render.payload_flows import between_regions
from graphmap.studied import LARGEST, Study, radii

FEW_REGIONS = 3
"""So many are drawn sector by sector, as the page unfolds them at first."""

MOST_BETWEEN = 60
"""Flows drawn between regions."""

FULL_REGION = 0.36
"""Radius of the largest region's dot, as a share of its cell."""

HEADING = 30.0
"""Canvas units above a frame for the name of its region."""

THINNEST, WIDEST = 0.9, 9.0
"""Widths of flows in canvas units; a flow's is as the square root of its value."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Dots, flows and frames of a map.

    Attributes:
        size: width and height of the canvas.
        place: (n, 2) centres of the dots, y downwards.
        radius: (n,) of the dots.
        value: (n,) what the radius shows, NaN where it is not known.
        biggest: the value of the largest radius, in any year.
        slices: colours of each dot and their shares of it.
        labels: of each dot.
        strong: (n,) whether a label is bold.
        order: (n,) rank of each dot where labels have to be chosen between, 0 the first.
        supplier, user, flow: (m,) ends and values of the flows.
        kind: (m,) of ``curves.KINDS``.
        colour: of each flow.
        most: the value that the widest flow is drawn for.
        covered: how many flows are drawn and what they cover, in words.
        font: size of the labels, in canvas units.
        frames: corner, size and name of each region's frame.
        folded: whether a dot is a whole region.
    """

    size: tuple[float, float]
    place: Array
    radius: Array
    value: Array
    biggest: float
    slices: list[list[tuple[str, float]]]
    labels: list[Names]
    strong: NDArray[np.bool_]
    order: NDArray[np.int64]
    supplier: NDArray[np.int64]
    user: NDArray[np.int64]
    flow: Array
    kind: NDArray[np.str_]
    colour: list[str]
    most: float
    covered: Names
    font: float = FONT
    frames: list[tuple[float, float, float, float, Names]] = field(default_factory=list)
    folded: bool = False

    @property
    def width(self) -> Array:
        """(m,) how wide each flow is drawn, in canvas units."""
        return width_of(self.flow, self.most)


def width_of(flow: Array, most: float) -> Array:
    """Width of a flow in canvas units."""
    share = np.sqrt(np.maximum(flow, 0) / most) if most > 0 else np.zeros(len(flow))
    found: Array = THINNEST + (WIDEST - THINNEST) * np.minimum(share, 1)
    return found


def scene(panel: Panel) -> Scene:
    """The map of a panel's latest year: sector by sector, or region by region where many."""
    if panel.cells and len(panel.latest.regions) > FEW_REGIONS:
        return _of_regions(panel)
    return _of_sectors(panel)


def _of_sectors(panel: Panel) -> Scene:
    study, cells = panel.latest, panel.cells
    layout = panel.layouts["regions" if cells else "chain"]
    place = layout.positions.loc[list(panel.ids[-1]), ["x", "y"]].to_numpy(float)
    sizes = pd.concat([each.sectors["gross_output"] for each in panel.studies])  # years compare
    role = study.sectors["role"]
    drawn = study.backbone.network.without_loops().weights.tocoo()
    order = np.argsort(-drawn.data, kind="stable")
    supplier, user = drawn.row[order].astype(np.int64), drawn.col[order].astype(np.int64)
    chain = panel.layouts["chain"].positions.loc[list(panel.ids[-1]), "x"].to_numpy()
    kind = np.where(chain[user] < chain[supplier], "back", "along")
    of = study.sectors["region"].to_numpy()
    kind = np.where(of[supplier] == of[user], kind, "arc")
    labels = study.labels
    if cells:  # the frame says which region
        short = [names_of(row, "short") for _, row in study.sectors.iterrows()]
        labels = [{tag: wrapped(text) for tag, text in names.items()} for names in short]
    rank = study.key_sectors.index.get_indexer(study.sectors.index)
    frames = []
    size, corner = (layout.width, layout.height), np.zeros(2)
    if cells:
        boxes = cells.boxes[["x", "y", "width", "height"]].to_numpy(float)
        corner = boxes[:, :2].min(axis=0) - [0, HEADING]
        size = tuple((boxes[:, :2] + boxes[:, 2:]).max(axis=0) - corner)
        for code, box in cells.boxes.iterrows():
            x, y, width, height = (float(v) for v in box[["x", "y", "width", "height"]])
            x, y = x - corner[0], y - corner[1]
            frames.append((x, y, width, height, region(str(code)).name))
    return Scene(
        size=size,
        place=place - corner,
        radius=radii(sizes)[-study.n :],
        value=study.sectors["gross_output"].to_numpy(float),
        biggest=float(sizes.max()) if sizes.notna().any() else 0.0,
        slices=[[(ROLE[name], 1.0)] for name in role],
        labels=labels,
        strong=(role != "other").to_numpy(),
        order=rank,
        supplier=supplier,
        user=user,
        flow=drawn.data[order],
        kind=kind,
        colour=[ROLE[name] for name in role.iloc[supplier]],
        most=float(drawn.data.max(initial=0.0)),
        covered=_covered(study),
        font=layout.font,
        frames=frames,
    )


def _of_regions(panel: Panel) -> Scene:
    """Every region one dot in its cell of the tile map, and the largest flows between regions."""
    study = panel.latest
    assert panel.cells is not None
    cells = panel.cells.boxes.loc[study.regions]
    which = pd.Categorical(study.sectors["region"], categories=study.regions).codes.astype(np.int64)
    inside = np.eye(len(study.regions))[which]
    output = study.sectors["gross_output"].fillna(0.0).clip(lower=0)
    totals = inside.T @ output.to_numpy()
    between = np.array((between_regions(study) or {})[study.weight], dtype=float)
    np.fill_diagonal(between, 0.0)
    flat = between.ravel()
    chosen = np.argsort(-flat, kind="stable")[:MOST_BETWEEN]
    chosen = chosen[flat[chosen] > 0]
    supplier, user = np.divmod(chosen, len(study.regions))
    shares = output.groupby([study.sectors["region"], study.sectors["role"]]).sum()
    slices = []
    for code, total in zip(study.regions, totals, strict=True):
        parts = [(ROLE[role], float(shares.get((code, role), 0.0))) for role in ROLE]
        slices.append([(colour, part / total) for colour, part in parts if part > 0])
    corner, size = cells[["x", "y"]].to_numpy(float), cells[["width", "height"]].to_numpy(float)
    full = FULL_REGION * float(size.min())
    # canvas units are those of the sectors inside a cell: types and lines grow with the cells
    unit = full / LARGEST
    covered = flat[chosen].sum() / flat.sum() if flat.sum() else float("nan")
    extent = ((corner + size).max(axis=0) - corner.min(axis=0)) / unit
    return Scene(
        size=(extent[0], extent[1]),
        place=(corner - corner.min(axis=0) + size * [0.5, 0.42]) / unit,
        radius=radii(pd.Series(totals)),
        value=totals,
        biggest=float(totals.max(initial=0.0)),
        slices=slices,
        labels=[region(code).name for code in study.regions],
        strong=np.ones(len(totals), dtype=bool),
        order=np.argsort(np.argsort(-totals, kind="stable")),
        supplier=supplier,
        user=user,
        flow=flat[chosen],
        kind=np.full(len(chosen), "arc"),
        colour=[MUTED] * len(chosen),
        most=float(flat.max(initial=0.0)),
        covered=words(
            "figure.map.covered_regions",
            flows=figure(len(chosen)),
            share=_percent(float(covered)),
            weight=words(f"page.keep.{study.weight}"),
        ),
        folded=True,
    )


def _percent(share: float) -> Names:
    return {tag: f"{text} %" for tag, text in figure(100 * share).items()}


def _covered(study: Study) -> Names:
    """How many flows are drawn and what they cover, in the page's own words."""
    weight, flows = words(f"page.keep.{study.weight}"), figure(study.backbone.edges)
    if np.isnan(study.backbone.share_of_flow):
        return words("page.keep.listed", flows=flows, weight=weight)
    return words(
        "page.keep.text",
        share=plain(f"{100 * study.backbone.share_of_cells:.2g} %"),
        flows=flows,
        covered=_percent(study.backbone.share_of_flow),
        weight=weight,
        scope=words("page.keep.between" if study.complete else "page.keep.source"),
    )


def rounded(value: float, kind: str, study: Study, tag: str) -> str:
    """A figure with its unit: whole, or with one digit where it is less than one."""
    shown = in_unit(value, kind, tag)
    digits = max(0, -math.floor(math.log10(shown))) if shown > 0 else 0
    return quantity(value, kind, study.currency, digits)[tag]
