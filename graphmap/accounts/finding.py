"""What a check found: how bad, where, the evidence, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from graphmap.classification import region
from graphmap.i18n import Names, plain, words

ROUNDING = 1e-4
"""Deviation from an identity, relative to gross output, that rounding explains."""

GROSS = 1e-2
"""Deviation above which a table should not be used."""

SEVERITIES = ("error", "warning", "note", "ok")
"""The worst first."""


@dataclass(frozen=True)
class Finding:
    """One thing a check found: ``ok``, ``note``, ``warning`` or ``error``, and where.

    ``text`` says what and gives the evidence; ``remedy`` says what to do about it, and ``repair``
    is the name under which ``graphmap repair`` does it, where it can.
    """

    severity: str
    kind: str
    text: Names
    region: str = ""
    sector: str = ""
    value: float = 0.0
    remedy: Names | None = None
    repair: str = ""


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, warnings, notes, then what passed; each as they came."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def accepted(finding: Finding, kinds: Collection[str]) -> Finding:
    """The finding, as a note where somebody lets its kind stand."""
    if finding.kind not in kinds or finding.severity not in ("error", "warning"):
        return finding
    return replace(finding, severity="note", text=words("trust.accepted", text=finding.text))


def where(code: str, year: int | None = None) -> Names:
    """``Guangdong: `` or ``Guangdong, 2017: `` at the start of a sentence, or nothing."""
    if not code:
        return plain("")
    name = region(code).name
    key = "trust.where" if year is None else "trust.where_when"
    return words(key, place=name, year=year)
