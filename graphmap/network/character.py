"""Where a sector's carbon comes from: its own chimneys, its suppliers, or on its way to others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graphmap.i18n import Names, listed, words
from graphmap.leontief.measures import TONNES_PER_MT
from graphmap.network.highest import TOP, figures, highest

CHARACTERS = ("carbon_in_itself", "carbon_through_suppliers", "carbon_passed_on")
FIGURES = ("input_co2", "own_share")

NOISE = 1e-12
"""What is below this share of a sector's total comes from rounding."""


def characters(nodes: pd.DataFrame, *, top: int = TOP, share: float | None = None) -> pd.DataFrame:
    """What kind of carbon sector each is; one can be several.

    All that is emitted for a sector's output, ``m x`` (total intensity times gross output), is its
    own ``f x``, the direct CO2, and that of its inputs, ``(m - f) x``. With "high" by the same
    rule as the roles (``highest``), a sector is

    - *high-carbon in itself* if it is high in direct CO2: it can cut at home;
    - *high-carbon through its suppliers* if it is high in the CO2 of its inputs and these carry
      more than it emits itself: it has to turn to its suppliers;
    - *passing carbon on* if it is high in transmission, ``(m - f) (x - y)``: what its suppliers
      emitted leaves it again in what other producers buy.

    Args:
        nodes: region and measures, as the nodes of a network of a table with emissions have them.
        top, share: the rule, see ``highest``.

    Returns:
        DataFrame indexed by node id: a boolean column for each of ``CHARACTERS`` (False where the
        measures to tell are missing) and, where there are total intensities, ``input_co2`` (Mt,
        ``(m - f) x``) and ``own_share`` (direct CO2 over direct and input CO2, 0 where both are).

    Example:
        >>> from graphmap import sample
        >>> from graphmap.leontief.measures import sector_measures
        >>> table = sample.table().select(["CN-GD"])
        >>> found = characters(table.index.join(sector_measures(table)))
        >>> found.loc[["CN-GD.24", "CN-GD.27"], "carbon_in_itself"].tolist()
        [True, False]
        >>> found.loc[["CN-GD.24", "CN-GD.27"], "carbon_through_suppliers"].tolist()
        [False, True]
    """
    found = pd.DataFrame(False, index=nodes.index, columns=list(CHARACTERS))
    if "direct_co2" not in nodes:
        return found
    own, region = figures(nodes, "direct_co2"), nodes["region"]
    found["carbon_in_itself"] = highest(own, region, top=top, share=share)
    if "transmission" in nodes:
        passed = figures(nodes, "transmission")
        found["carbon_passed_on"] = highest(passed, region, top=top, share=share)
    if {"total_intensity", "gross_output"} <= set(nodes):
        whole = figures(nodes, "total_intensity") * figures(nodes, "gross_output") / TONNES_PER_MT
        inputs = (whole - own).where(whole - own > NOISE * whole, 0.0)
        high = highest(inputs, region, top=top, share=share)
        found["carbon_through_suppliers"] = high & (inputs > own)
        total = (own + inputs).where(own + inputs > 0)
        found = found.assign(input_co2=inputs, own_share=(own / total).fillna(0.0))
    return found


def character(row: Mapping[str, bool]) -> Names:
    """The character of one sector in words.

    Args:
        row: of ``characters``, or of a table that has its columns.

    Example:
        >>> character({"carbon_in_itself": True, "carbon_passed_on": True})["en"]
        'high-carbon in itself, passes carbon on'
    """
    held = [words(f"roles.character.{each}") for each in CHARACTERS if row.get(each, False)]
    return listed(held) if held else words("roles.character.none")
