"""The colours of the project, read from the style sheet of its pages: orange is said once."""

from __future__ import annotations

import re
from importlib.resources import files

_SHEET = (files(__package__) / "templates" / "tokens.css").read_text(encoding="utf-8")
_LIGHT = _SHEET[: _SHEET.index('[data-theme="dark"]')]


def _token(name: str) -> str:
    """A colour of the light theme as ``#rrggbb``, whether written with three digits or six."""
    found = re.search(rf"--{name}:\s*#([0-9a-f]{{3,6}});", _LIGHT)
    if found is None:  # a broken installation, not a reader's fault
        raise LookupError(f"tokens.css has no colour {name}")
    digits = found.group(1)
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


INK, MUTED, LINE, EDGE = map(_token, ("ink", "muted", "line", "edge"))
PAPER, WASH = map(_token, ("paper", "wash"))
TINT_CARBON, TINT_MIDDLE = map(_token, ("tint-carbon", "tint-middle"))

ROLE = {
    "high_carbon": _token("role-carbon"),
    "high_transmission": _token("role-transmission"),
    "high_output": _token("role-output"),
    "other": _token("role-other"),
}
"""Okabe-Ito, which colour-blind readers can tell apart."""

RAMP = tuple(_token(f"ramp-{step}") for step in range(1, 6))
"""From little to much."""

CATEGORIES = tuple(_token(f"category-{number}") for number in range(1, 11))
"""For communities and industry groups, in turn."""
