"""What every computation does first: refuse a table with an error, take imports out of cells."""

from __future__ import annotations

from dataclasses import replace

from graphmap.accounts.checks import Finding, check
from graphmap.accounts.table import IOTable
from graphmap.errors import DataError
from graphmap.i18n import words


def prepared(table: IOTable, imports: str = "out") -> tuple[IOTable, tuple[Finding, ...]]:
    """The table that figures are computed from, and what the checks say of the one given.

    A figure that is wrong is worse than none: a table with an error is refused.

    Args:
        table: rows supply, columns use.
        imports: ``out`` takes imports out of the cells of a competitive table, ``inside`` leaves
            them in.

    Raises:
        DataError: a check found an error, or ``imports`` is neither of the two.

    Example:
        >>> from graphmap import sample
        >>> table, findings = prepared(sample.table())
        >>> [finding.severity for finding in findings]
        ['ok']
    """
    if imports not in ("out", "inside"):
        raise DataError("unknown treatment of imports", found=imports, expected="'out' or 'inside'")
    findings = tuple(check(table))
    for finding in findings:
        if finding.severity == "error":
            raise DataError(
                finding.text["en"],
                file=table.source.file,
                sheet=table.source.sheet,
                remedy="`graphmap check SOURCE` lists every finding",
            )
    if imports == "out" or table.imports_inside is None:
        return table.domestic(), findings
    source = table.source
    noted = replace(source, notes=(*source.notes, words("note.imports_inside")))
    return replace(table, source=noted, imports_inside=None), findings
