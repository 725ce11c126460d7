"""The command line: one thin function a command, no arithmetic."""

from __future__ import annotations

import io
import json
import shlex
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from graphmap import readers
from graphmap.accounts import IOTable, check
from graphmap.classification import find_region
from graphmap.errors import DataError, GraphmapError
from graphmap.i18n import LANGUAGES, language, words
from graphmap.network import TOP
from graphmap.render.page import write_page
from graphmap.study import study
from graphmap.terminal import messages, print_summary, refuse_overwriting, report, slug, summary

app = typer.Typer(
    name="graphmap",
    help="Industry network maps from input-output tables and emission inventories.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

SourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A workbook, a CSV file, a folder with nodes.csv and edges.csv, or 'sample'.",
    ),
]
RegionOption = Annotated[
    list[str] | None,
    typer.Option("--region", help="A region by any name or code; may be given several times."),
]
YearOption = Annotated[int | None, typer.Option("--year", help="Which year of the source.")]
EmissionsOption = Annotated[
    Path | None, typer.Option("--emissions", help="An emission inventory (CEADs workbook).")
]
LangOption = Annotated[str, typer.Option("--lang", help="en, zh-Hans or zh-Hant.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
KindOption = Annotated[
    str | None,
    typer.Option("--source", help=f"Do not guess what SOURCE is: {', '.join(readers.NAMES)}."),
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", help="Which sheet, where a workbook holds several tables.")
]
UnitOption = Annotated[
    str | None,
    typer.Option("--unit", help="Money unit of the cells, if not the source's usual one."),
]


@app.command("map")
def map_(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    weight: Annotated[
        str | None, typer.Option("--weight", help="money, direct_co2 or embodied_co2.")
    ] = None,
    keep: Annotated[
        str, typer.Option("--keep", help="'5%' of the cells, or 'flow:80%' of the flow.")
    ] = "5%",
    top: Annotated[
        int, typer.Option("--top", min=1, help="How many sectors of each region count as high.")
    ] = TOP,
    imports: Annotated[
        str,
        typer.Option("--imports", help="'out' of the cells of a competitive table, or 'inside'."),
    ] = "out",
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
    table = _read(source, emissions, region, year, source_kind, sheet, unit)
    _draw(table, lang, out, as_json, weight=weight, keep=keep, top=top, imports=imports)


@app.command()
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


@app.command("check")
def check_(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: LangOption = "en",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the findings as .csv or .json.")
    ] = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    unit: UnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a table adds up. Exits with 1 if it has errors.

    Example: graphmap check china_2017_42.csv
    """
    tag = language(lang)
    refuse_overwriting(out, source, emissions)
    table = _read(source, emissions, region, year, source_kind, sheet, unit)
    findings = check(table)
    rows = [
        {
            "severity": finding.severity,
            "kind": finding.kind,
            "region": finding.region,
            "node": finding.sector,
            "value": finding.value,
            "text": finding.text[tag],
        }
        for finding in findings
    ]
    shown = [[words(f"page.severity.{f.severity}")[tag], f.text[tag]] for f in findings]
    heads = [words("cli.severity")[tag], words("cli.finding")[tag]]
    report(rows, heads, shown, as_json, out)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@app.command()
def regions(
    source: SourceArgument,
    emissions: EmissionsOption = None,
    region: RegionOption = None,
    year: YearOption = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Names in one language only.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the list as .csv or .json.")
    ] = None,
    source_kind: KindOption = None,
    sheet: SheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the regions of a table; with --emissions, whether the inventory has them.

    Example: graphmap regions MRIO2017.xlsx --emissions Emission_Inventories_2017.xlsx
    """
    tags = [language(lang)] if lang else list(LANGUAGES)
    refuse_overwriting(out, source, emissions)
    table = _read(source, None, region, year, source_kind, sheet, None)
    covered = {
        inventory.region
        for inventory in (
            readers.read_emissions(emissions, year=year or table.year) if emissions else []
        )
    }
    rows: list[dict[str, Any]] = []
    for code in table.regions:
        names = find_region(code)
        sectors = int((table.index["region"] == code).sum())
        row = {"code": code, **{tag: names.name[tag] if names else code for tag in tags}}
        rows.append({**row, "sectors": sectors})
        if emissions:
            rows[-1]["emissions"] = code in covered
    columns = list(rows[0])
    report(rows, columns, [[str(value) for value in row.values()] for row in rows], as_json, out)


def _read(
    source: str,
    emissions: Path | None,
    regions: list[str] | None,
    year: int | None,
    kind: str | None,
    sheet: str | None,
    unit: str | None,
) -> IOTable:
    with messages().status(f"Reading {escape(source)}"):
        table = readers.read(source, region=regions, year=year, source=kind, sheet=sheet, unit=unit)
        if emissions is None:
            return table
        wanted = year or table.year
        if wanted is None:
            raise DataError(
                "the year of the table is not known", file=source, remedy="give it with --year"
            )
        return table.with_emissions(readers.read_emissions(emissions, year=wanted))


def _draw(table: IOTable, lang: str, out: Path | None, as_json: bool, **options: Any) -> None:
    # the page may be published: it says which files were used, not where they lie
    words_typed = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    command = shlex.join(["graphmap", *words_typed])
    with messages().status("Computing the network") as status:
        found = study(table, lang=lang, command=command, **options)
        status.update("Writing the page")
        written = write_page(found, out or Path("outputs") / f"{slug(found)}.html")
    if as_json:
        typer.echo(json.dumps(summary(found, written), ensure_ascii=False, indent=2))
    else:
        print_summary(found, written)


def main() -> None:
    """Run the command line: bad input ends with one message and exit code 2."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no Chinese gets escapes
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except GraphmapError as error:
        messages().print(f"[bold red]Error:[/bold red] {escape(str(error))}")
        sys.exit(error.exit_code)
    except OSError as error:  # a full disk, a closed pipe
        messages().print(f"[bold red]Error:[/bold red] {escape(str(error))}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
