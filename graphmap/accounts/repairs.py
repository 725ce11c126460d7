"""Named remedies for what ``check`` finds; each says in the source's notes what it did.

===========================  ======================================================================
``shift-labels``             figures of a run of sectors to the labels they belong to: the run that
                             ``check`` finds, or ``shift-labels:FIRST:LAST:STEP`` (codes, -1 or 1)
``swap-axes``                suppliers and users of the intermediate flows exchanged
``unit:UNIT``                the figures are in this money unit; none of them changes
``drop-region:REGION``       a region left out; trade with it becomes imports and exports
``imports-out``              imports that are counted twice counted once
``zero-missing``             empty cells are zeros
``scale-co2:SECTOR:FACTOR``  CO2 of a sector (its id, or its code in every region) times a factor
``balance``, ``balance:5%``  both identities restored by GRAS, unless more than this share of all
                             flows would have to move
===========================  ======================================================================

A remedy that finds nothing to do, or makes the accounts worse, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from graphmap.accounts.checks import check
from graphmap.accounts.rebalance import balance
from graphmap.accounts.remedies import (
    drop_region,
    imports_out,
    scale_co2,
    shift_labels,
    swap_axes,
    unit,
    zero_missing,
)
from graphmap.accounts.table import IOTable
from graphmap.errors import DataError, nearest
from graphmap.i18n import Names, listed, plain, words

Remedy = Callable[[IOTable, list[str]], tuple[IOTable, Names]]
"""The table after it, and what was done; given the parts of the name behind its colons."""

REMEDIES: dict[str, Remedy] = {
    "shift-labels": shift_labels,
    "swap-axes": swap_axes,
    "unit": unit,
    "drop-region": drop_region,
    "imports-out": imports_out,
    "zero-missing": zero_missing,
    "scale-co2": scale_co2,
    "balance": balance,
}
"""Every remedy by its name."""


def repaired(table: IOTable, remedies: Sequence[str], accept: Sequence[str] = ()) -> IOTable:
    """The table after named remedies, in their order; its source says what each did.

    Args:
        table: n region-sectors.
        remedies: names of ``REMEDIES`` with what belongs to them (``unit:million_yuan``).
        accept: kinds of findings to let stand; ``check`` reports them as notes from then on.

    Raises:
        DataError: a remedy or a kind of finding is not known, a remedy finds nothing to do or
            leaves the accounts worse than they were.

    Example:
        >>> from graphmap import sample
        >>> table = repaired(sample.table(), ["unit:million_yuan"])
        >>> table.unit, table.source.notes[-1]["en"]
        ('million_yuan', 'Repaired (unit:million_yuan): figures declared as 100 million yuan are \
million yuan.')
    """
    for remedy in remedies:
        name, *arguments = remedy.strip().split(":")
        if name not in REMEDIES:
            near = nearest(name, REMEDIES) or list(REMEDIES)
            raise DataError("no such remedy", found=remedy, expected=f"one of {', '.join(near)}")
        changed, done = REMEDIES[name](table, arguments)
        sentence = words("repair.note", name=remedy.strip(), done=done)
        table = changed.noted(sentence)
    return _accepted(table, accept) if accept else table


def _accepted(table: IOTable, accept: Sequence[str]) -> IOTable:
    kinds = list(dict.fromkeys(finding.kind for finding in check(table)))
    for kind in accept:
        if kind not in kinds:
            raise DataError(
                "no finding of that kind to let stand",
                found=kind,
                expected=", ".join(kinds),
            )
    all_kinds = tuple(dict.fromkeys([*table.source.accepted, *accept]))
    table = replace(table, source=replace(table.source, accepted=all_kinds))
    return table.noted(words("repair.accepted", kinds=listed([plain(kind) for kind in accept])))
