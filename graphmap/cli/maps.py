"""``graphmap map`` and ``graphmap demo``."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from graphmap import readers
from graphmap.accounts import IOTable
from graphmap.cli.options import (
    EmissionsOption,
    ImportsOption,
    JsonOption,
    KeepOption,
    KindOption,
    LangOption,
    RegionOption,
    SheetOption,
    SourceArgument,
    TopOption,
    UnitOption,
    WeightOption,
    YearOption,
    read_table,
)
from graphmap.errors import DataError
from graphmap.i18n import language
from graphmap.network import TOP
from graphmap.render.page import write_page
from graphmap.study import study
from graphmap.terminal import messages, print_summary, slug, summary


def map_(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    weight: WeightOption = None,
    keep: KeepOption = "5%",
    top: TopOption = TOP,
    imports: ImportsOption = "out",
    lang: LangOption = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The page to write; outputs/<place>.html if left out."),
    ] = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw the industry network map of a table.

    Writes the page and, beside it, *.key-sectors.csv and *.key-relations.csv.

    Example: graphmap map MRIO2017.xlsx --region 广东 --lang zh-Hans --out gd.html
    """
    language(lang)
    table = read_table(source, emissions, region, year, source_kind, sheet, unit)
    _draw(table, lang, out, as_json, weight=weight, keep=keep, top=top, imports=imports)


def demo(
    lang: LangOption = "en",
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path(
        "outputs/demo.html"
    ),
    as_json: JsonOption = False,
) -> None:
    """Draw the map of the bundled sample: an illustrative Guangdong.

    Example: graphmap demo --lang zh-Hans
    """
    language(lang)
    _draw(readers.read("sample", region="CN-GD"), lang, out, as_json)
    if not as_json:
        program = sys.argv[0] if Path(sys.argv[0]).name == "graphmap" else "graphmap"
        messages().print(
            f"Open {out} in a browser; its figures are illustrative. "
            f"With your own table: {program} map TABLE.xlsx --region NAME",
            markup=False,
        )


def _draw(table: IOTable, lang: str, out: Path | None, as_json: bool, **options: Any) -> None:
    # the page may be published: it says which files were used, not where they lie
    words_typed = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    command = shlex.join(["graphmap", *words_typed])
    with messages().status("Computing the network") as status:
        found = study(table, lang=lang, command=command, **options)
        status.update("Writing the page")
        if not found.backbone.edges:
            raise DataError(
                "nothing is left to draw",
                found=found.keep,
                expected="a rule that keeps some of the flows",
                remedy="lower its threshold",
            )
        written = write_page(found, out or Path("outputs") / f"{slug(found)}.html")
    if as_json:
        typer.echo(json.dumps(summary(found, written), ensure_ascii=False, indent=2))
    else:
        print_summary(found, written)
