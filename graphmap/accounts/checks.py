"""Does a table add up? Each finding names the region, the sector and the figure."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from graphmap.accounts.finding import GROSS, ROUNDING, Finding, accepted, worst_first
from graphmap.accounts.gaps import gaps, sizes
from graphmap.accounts.plausibility import plausible
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import region
from graphmap.i18n import LANGUAGES, Names, figure, listed, plain, words

__all__ = ["GROSS", "ROUNDING", "Finding", "check"]

REMEDIES = {
    "supply": "trust.identity.remedy",
    "inputs": "trust.identity.remedy",
    "negative_output": "trust.sign.remedy",
    "negative_flow": "trust.sign.remedy",
    "negative_flows": "trust.sign.remedy",
    "negative_final_use": "trust.sign.remedy",
    "negative_co2": "trust.sign.remedy",
    "zero_output": "trust.zero.remedy",
    "co2_without_output": "trust.zero.remedy",
    "inputs_beyond_output": "trust.identity.remedy",
}
"""Kind of a finding about a sector -> the key of what to do about it."""


def check(table: IOTable) -> list[Finding]:
    """Everything about the table that does not hold, worst first; one ``ok`` if all does.

    Checked: both accounting identities, signs, empty cells, missing CO2, sectors of zero output
    that are used or use others, column sums of the technical coefficients, emissions without
    output, and everything in ``plausibility``. What the source says is accepted becomes a note.
    """
    supply, inputs = gaps(table)
    findings = [
        *plausible(table),
        *_identity(table, "supply", supply),
        *_identity(table, "inputs", inputs),
        *_negative(table),
        *_missing(table),
        *_zero_output(table),
        *_inputs_beyond_output(table),
        *_missing_co2(table),
        *_no_emissions(table),
    ]
    if not findings:
        findings = [
            Finding("ok", "all", words("check.ok", sectors=table.n, regions=len(table.regions)))
        ]
    return worst_first([accepted(finding, table.source.accepted) for finding in findings])


def _at(table: IOTable, i: int, severity: str, kind: str, value: float, **more: object) -> Finding:
    """A finding about one region-sector, with its names and figure filled in."""
    place = region(table.index["region"].iloc[i]).name
    text = words(
        f"check.{kind}",
        region=place,
        sector=table.names(i),
        code=table.index["code"].iloc[i],
        value=figure(value, 2 if abs(value) < 1000 else 0),
        unit=words(f"unit.{table.unit}"),
        **more,
    )
    if not place["en"]:
        text = {tag: sentence.lstrip(", ") for tag, sentence in text.items()}
    node = str(table.index.index[i])
    place_code = table.index["region"].iloc[i]
    return Finding(severity, kind, text, place_code, node, float(value), words(REMEDIES[kind]))


def _identity(table: IOTable, kind: str, gap: Array) -> list[Finding]:
    size = sizes(table)
    off = np.flatnonzero(~(np.abs(gap) <= ROUNDING * size)).tolist()
    return [
        _at(
            table,
            i,
            "warning" if abs(gap[i]) <= GROSS * size[i] else "error",
            kind,
            gap[i],
            percent=_percent(gap[i], table.x[i]),
        )
        for i in off
    ]


def _percent(gap: float, x: float) -> Names:
    """A gap relative to gross output, where there is any."""
    return figure(100 * gap / x, 2, "%") if x and np.isfinite(x) else plain("–")


def _negative(table: IOTable) -> list[Finding]:
    findings = [
        _at(table, i, "error", "negative_output", table.x[i])
        for i in np.flatnonzero(table.x < 0).tolist()
    ]
    findings += _negative_flows(table)
    may_be_negative = table.final_uses["category"].isin(["inventories", "error"]).to_numpy()
    for i, k in np.argwhere((table.Y < 0) & ~may_be_negative).tolist():
        category = words(f"final_use.{table.final_uses['category'].iloc[k]}")
        findings.append(
            _at(table, i, "warning", "negative_final_use", table.Y[i, k], category=category)
        )
    if table.co2 is not None:
        for i in np.flatnonzero(table.co2 < 0).tolist():
            findings.append(_at(table, i, "error", "negative_co2", table.co2[i]))
    return findings


def _negative_flows(table: IOTable) -> list[Finding]:
    """One finding a supplier: its largest flow below zero, and how many more there are."""
    if sparse.issparse(table.Z):
        cells = sparse.coo_array(table.Z)
        suppliers, users, values = (part[cells.data < 0] for part in (*cells.coords, cells.data))
    else:
        suppliers, users = (table.Z < 0).nonzero()
        values = table.Z[suppliers, users]
    order = np.lexsort((values, suppliers))
    suppliers, users, values = suppliers[order], users[order], values[order]
    rows, first, counts = np.unique(suppliers, return_index=True, return_counts=True)
    findings = []
    for i, at, count in zip(rows.tolist(), first.tolist(), counts.tolist(), strict=True):
        kind = "negative_flow" if count == 1 else "negative_flows"
        total = figure(values[at : at + count].sum(), 0)
        user = table.names(users[at])
        findings.append(
            _at(table, i, "warning", kind, values[at], user=user, count=count, sum=total)
        )
    return findings


def _missing(table: IOTable) -> list[Finding]:
    if not table.missing:
        return []
    shown = ", ".join(table.missing[:5]) + (", ..." if len(table.missing) > 5 else "")
    text = words("check.missing", count=len(table.missing), cells=plain(shown))
    remedy, count = words("trust.missing.remedy"), float(len(table.missing))
    return [Finding("warning", "missing", text, "", "", count, remedy, "zero-missing")]


def _zero_output(table: IOTable) -> list[Finding]:
    used = np.abs(table.intermediate_sales) + np.abs(table.intermediate_inputs)
    used = used + np.abs(table.Y).sum(axis=1)
    findings = [
        _at(table, i, "error", "zero_output", used[i])
        for i in np.flatnonzero((table.x == 0) & (used > 0)).tolist()
    ]
    if table.co2 is not None:
        findings += [
            _at(table, i, "error", "co2_without_output", table.co2[i])
            for i in np.flatnonzero((table.x == 0) & (table.co2 > 0)).tolist()
        ]
    return findings


def _inputs_beyond_output(table: IOTable) -> list[Finding]:
    inputs = table.intermediate_inputs
    return [
        _at(table, i, "warning", "inputs_beyond_output", inputs[i])
        for i in np.flatnonzero((table.x > 0) & (inputs >= table.x)).tolist()
    ]


def _missing_co2(table: IOTable) -> list[Finding]:
    """Emissions that are no number: whatever is computed from them would be none either."""
    if "co2" not in table.extensions:
        return []
    F, F_Y = table.extensions["co2"].F, table.extensions["co2"].F_Y
    uses = table.final_uses[~np.isfinite(F_Y)]
    missing = [
        *(plain(str(node)) for node in table.index.index[~np.isfinite(F)]),
        *(_use(place, use) for place, use in zip(uses["region"], uses["category"], strict=True)),
    ]
    if not missing:
        return []
    more = [plain("...")] if len(missing) > 5 else []
    text = words("check.missing_co2", count=len(missing), emitters=listed([*missing[:5], *more]))
    repair = "zero-missing" if np.isnan(F).any() or np.isnan(F_Y).any() else ""
    count, remedy = float(len(missing)), words("trust.missing.remedy")
    return [Finding("error", "missing_co2", text, "", "", count, remedy, repair)]


def _use(place: str, category: str) -> Names:
    name, use = region(place).name, words(f"final_use.{category}")
    return {tag: f"{name[tag]} {use[tag]}".strip() for tag in LANGUAGES}


def _no_emissions(table: IOTable) -> list[Finding]:
    """Regions without any emissions beside others that have some: more likely unknown than zero."""
    if table.co2 is None or not table.has_emissions:
        return []
    totals = {
        code: table.co2[(table.index["region"] == code).to_numpy()].sum() for code in table.regions
    }
    return [
        Finding(
            "warning",
            "no_emissions",
            words("check.no_emissions", region=region(code).name),
            code,
            remedy=words("trust.no_emissions.remedy"),
        )
        for code, total in totals.items()
        if total == 0
    ]
