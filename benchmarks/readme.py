"""Writing measured figures into benchmarks/README.md, between the markers of their benchmark."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")


def into_readme(script: str, found: str) -> None:
    """Replace what stands between ``<!-- SCRIPT begins -->`` and ``<!-- SCRIPT ends -->``."""
    text = README.read_text(encoding="utf-8")
    begin, end = f"<!-- {script} begins -->\n", f"<!-- {script} ends -->"
    text = re.sub(f"({begin}).*({end})", rf"\g<1>{found}\n\g<2>", text, flags=re.DOTALL)
    README.write_text(text, encoding="utf-8")
