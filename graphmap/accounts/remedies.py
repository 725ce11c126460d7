"""The remedies that ``repaired`` knows by name, ``balance`` aside: a table, and what was done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from graphmap import units
from graphmap.accounts.checks import GROSS, ROUNDING, check
from graphmap.accounts.gaps import gaps, misfit
from graphmap.accounts.relabel import Moves, found_runs, relabelled, run_from, run_moves
from graphmap.accounts.remedy import (
    named,
    no_arguments,
    nothing_to_do,
    one_argument,
    percent,
    refuse_worse,
)
from graphmap.accounts.table import IOTable
from graphmap.arrays import Matrix
from graphmap.classification import find_region, region
from graphmap.classification.regions import unknown_region
from graphmap.errors import DataError, nearest
from graphmap.i18n import Names, figure, listed, plain, words


def shift_labels(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    """Figures to the labels they belong to: a given run, or the runs that ``check`` finds."""
    runs = [run_from(arguments)] if arguments else found_runs(check(table))
    moves: dict[str, Moves] = {}
    for place, first, last, step in runs:
        own = place.partition("@")[0]  # of a list of several years; a table has one
        for code in [own] if own else table.regions:
            if code not in table.regions:
                raise unknown_region(code, table.regions, "in the table")
            codes = table.index["code"][table.index["region"] == code].tolist()
            moves[code] = run_moves(codes, first, last, step)
    if not moves:
        raise nothing_to_do("shift-labels", "no run of sectors that fits better moved by one")
    names = {
        (place, code): table.names(i, "short")
        for i, (place, code) in enumerate(
            zip(table.index["region"], table.index["code"], strict=True)
        )
    }
    shown = [
        words(
            "repair.moved", region=region(place).name, old=names[place, old], new=names[place, new]
        )
        for place, pairs in moves.items()
        for old, new in pairs.items()
    ]
    return relabelled(table, moves), words("repair.shift-labels", moved=listed(shown))


def swap_axes(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    no_arguments("swap-axes", arguments, "swap-axes")
    before = misfit(table)
    if before <= ROUNDING:
        raise nothing_to_do("swap-axes", "suppliers and users add up as they are")
    swapped = replace(table, Z=_transposed(table.Z))
    if table.Z_imports is not None:  # turned as well only where its sums say so
        by_user, by_product = (
            np.asarray(table.Z_imports.sum(axis=axis)).ravel() for axis in (0, 1)
        )
        if np.abs(by_product - table.imports).sum() < np.abs(by_user - table.imports).sum():
            swapped = replace(swapped, Z_imports=_transposed(table.Z_imports))
    after = misfit(swapped)
    refuse_worse("swap-axes", before, after)
    return swapped, words("repair.swap-axes", before=percent(before), after=percent(after))


def _transposed(Z: Matrix) -> Matrix:
    return sparse.csr_array(Z.T) if sparse.issparse(Z) else np.ascontiguousarray(Z.T)


def unit(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    unit = units.money_unit(one_argument("unit", arguments, "unit:UNIT such as unit:million_yuan"))
    if unit == table.unit:
        raise nothing_to_do("unit", f"the table is in {unit} already")
    old, new = words(f"unit.{table.unit}"), words(f"unit.{unit}")
    return replace(table, unit=unit), words("repair.unit", old=old, new=new)


def drop_region(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    text = one_argument("drop-region", arguments, "drop-region:REGION such as drop-region:CN-GD")
    known = find_region(text)
    code = known.code if known else text
    if code not in table.regions:
        raise unknown_region(text, table.regions, "in the table")
    rest = [each for each in table.regions if each != code]
    if not rest:
        raise DataError(
            "no region would be left", found=text, expected="a table of several regions"
        )
    share = table.x[(table.index["region"] == code).to_numpy()].sum() / table.x.sum()
    done = words("repair.drop-region", region=region(code).name, share=percent(share))
    return table.select(rest), done


def imports_out(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    no_arguments("imports-out", arguments, "imports-out")
    before = misfit(table)
    if before <= ROUNDING:
        raise nothing_to_do("imports-out", "both identities hold, so no imports are counted twice")
    readings = _readings(table)
    fitting = [each for each in readings if misfit(each[0]) <= ROUNDING]
    best, amount, key = (fitting or sorted(readings, key=lambda each: misfit(each[0])))[0]
    after = misfit(best)
    if after > GROSS:
        raise DataError(
            "imports-out does not explain why the accounts do not add up",
            found=f"largest gap {before:.2%} of gross output before, {after:.2%} after at best",
            expected=f"at most {GROSS:.0%}",
        )
    unit = words(f"unit.{table.unit}")
    percents = {"before": percent(before), "after": percent(after)}
    done = words(key, amount=figure(amount, 0), unit=unit)
    return best, words("repair.imports-out", done=done, **percents)


def _readings(table: IOTable) -> list[tuple[IOTable, float, str]]:
    """What the table is if its imports are counted once, the most telling reading first.

    Each with the amount of imports it is about, and the key of the sentence that says so.
    """
    found: list[tuple[IOTable, float, str]] = []
    if table.Z_imports is not None and table.Y_imports is not None:
        apart = replace(table, Z=table.Z - table.Z_imports, Y=table.Y - table.Y_imports)
        amount = float(table.Z_imports.sum() + table.Y_imports.sum())
        found.append((apart, amount, "repair.imports_cells"))
    halved = replace(table, imports=table.imports / 2)
    found.append((halved, float(halved.imports.sum()), "repair.imports_twice"))
    if table.imports_inside is not None:
        once = replace(table, imports_inside=table.imports_inside / 2)
        found.append((once, float(table.imports_inside.sum()) / 2, "repair.imports_column"))
    inputs = table.intermediate_inputs
    share = np.divide(table.imports, inputs, out=np.zeros(table.n), where=inputs > 0)
    if share.any():  # the inputs of each user are too large by what it imports
        Z = (
            sparse.csr_array(table.Z * (1 - share))
            if sparse.issparse(table.Z)
            else table.Z * (1 - share)
        )
        found.append((replace(table, Z=Z), float(table.imports.sum()), "repair.imports_users"))
    in_cells = [(table, 0.0, "repair.imports_inside")]
    if table.imports.any():  # they stand in the cells, and in a row of their own once more
        without = replace(table, imports=np.zeros(table.n))
        in_cells.append((without, float(table.imports.sum()), "repair.imports_row"))
    for one, row, key in in_cells:
        excess = -gaps(one)[0]
        beyond = excess > ROUNDING * np.abs(one.x)
        if row:
            found.append((one, row, key))
        # most products are imported; where few are off, something else is wrong
        if one.imports_inside is None and beyond.sum() > 0.5 * (one.x > 0).sum():
            inside = np.where(beyond, excess, 0.0)
            found.append((replace(one, imports_inside=inside), row or float(inside.sum()), key))
    return found


def zero_missing(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    no_arguments("zero-missing", arguments, "zero-missing")
    found: dict[str, Matrix] = {}
    count = 0
    for name, given in table.parts.items():
        part = given.copy()
        values = part.data if sparse.issparse(part) else part
        count += int(np.isnan(values).sum())
        values[np.isnan(values)] = 0.0
        found[name] = part
    extensions = {}
    for name, each in table.extensions.items():
        F, F_Y = (np.where(np.isnan(part), 0.0, part) for part in (each.F, each.F_Y))
        extensions[name] = replace(each, F=F, F_Y=F_Y)
        count += int(np.isnan(each.F).sum() + np.isnan(each.F_Y).sum())
    if not count and not table.missing:
        raise nothing_to_do("zero-missing", "no cell is empty")
    filled = replace(table, **found, extensions=extensions, missing=())
    return filled, words("repair.zero-missing", count=count, empty=len(table.missing))


def scale_co2(table: IOTable, arguments: list[str]) -> tuple[IOTable, Names]:
    form = "scale-co2:SECTOR:FACTOR such as scale-co2:CN-GD.24:0.001"
    given = ":".join(["scale-co2", *arguments])
    try:
        sector, factor = ":".join(arguments[:-1]).strip(), float(arguments[-1])
    except (IndexError, ValueError):
        raise DataError("cannot read scale-co2", found=given, expected=form) from None
    if not sector or not 0 < factor < np.inf:
        raise DataError("cannot read scale-co2", found=given, expected=form)
    if "co2" not in table.extensions:
        raise DataError("the table has no CO2", file=table.source.file, found=given)
    here = (table.index.index == sector) | (table.index["code"] == sector).to_numpy()
    if not here.any():
        near = nearest(sector, map(str, table.index.index)) or [str(table.index.index[0])]
        raise DataError("no such sector", found=sector, expected=f"one like {', '.join(near)}")
    extension = table.extensions["co2"]
    F = np.where(here, extension.F * factor, extension.F)
    if (extension.F == F).all():
        raise nothing_to_do("scale-co2", f"the CO2 of {sector} is the same before and after")
    done = words(
        "repair.scale-co2",
        sector=listed([named(table, i) for i in np.flatnonzero(here).tolist()]),
        factor=plain(f"{factor:g}"),
        old=figure(extension.F[here].sum(), 3, extension.unit),
        new=figure(F[here].sum(), 3, extension.unit),
    )
    return replace(table, extensions={**table.extensions, "co2": replace(extension, F=F)}), done
