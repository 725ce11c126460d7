"""What remedies share: reading what belongs to a name, and refusing to do nothing or harm."""

from __future__ import annotations

from collections.abc import Sequence

from graphmap.accounts.table import IOTable
from graphmap.classification import region
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names, figure


def nothing_to_do(name: str, found: str) -> DataError:
    return DataError(f"{name} finds nothing to do", found=found, remedy="leave it out")


def no_arguments(name: str, arguments: Sequence[str], form: str) -> None:
    if arguments:
        raise DataError(f"cannot read {name}", found=":".join([name, *arguments]), expected=form)


def one_argument(name: str, arguments: Sequence[str], form: str) -> str:
    if len(arguments) != 1 or not arguments[0].strip():
        raise DataError(f"cannot read {name}", found=":".join([name, *arguments]), expected=form)
    return arguments[0].strip()


def percent(share: float) -> Names:
    return figure(100 * share, 2, "%")


def refuse_worse(name: str, before: float, after: float) -> None:
    if not after < before:
        raise DataError(
            f"{name} would leave the accounts worse",
            found=f"largest gap {before:.2%} of gross output before, {after:.2%} after",
            expected="both identities to hold better than before",
        )


def named(table: IOTable, position: int) -> Names:
    """The short name of a sector, behind that of its region where there are several."""
    name = table.names(position, "short")
    if len(table.regions) == 1:
        return name
    place = region(table.index["region"].iloc[position]).name
    return {tag: f"{place[tag]} {name[tag]}" for tag in LANGUAGES}
