"""The command line: one thin function a command, no arithmetic."""

from __future__ import annotations

import atexit
import io
import signal
import sys
import warnings
from typing import NoReturn

import typer
from rich.markup import escape

from graphmap.cli import (
    accounts,
    aggregate,
    atlas,
    backbone,
    balance,
    cache,
    check,
    communities,
    compare,
    convert,
    decompose,
    export,
    extract,
    fetch,
    figures,
    inspect,
    key,
    maps,
    paths,
    rank,
    regionalise,
    repair,
    report,
    slides,
    study,
    tables,
    workbook,
)
from graphmap.errors import DataError, DataWarning, GraphmapError
from graphmap.terminal import messages

app = typer.Typer(
    name="graphmap",
    help="Industry network maps from input-output tables and emission inventories.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("map")(maps.map_)
app.command("demo")(maps.demo)
app.command("atlas")(atlas.atlas)
app.command("report")(report.report)
app.command("slides")(slides.slides)
app.command("figures")(figures.figures)
app.command("workbook")(workbook.workbook)
app.command("export")(export.export)
app.add_typer(study.app, name="study")
app.command("check")(check.check_)
app.command("repair")(repair.repair)
app.command("inspect")(inspect.inspect_)
app.command("convert")(convert.convert)
app.command("aggregate")(aggregate.aggregate)
app.command("balance")(balance.balance)
app.command("regionalise")(regionalise.regionalise)
app.command("fetch")(fetch.fetch_)
app.add_typer(cache.app, name="cache")
app.command("regions")(tables.regions)
app.command("accounts")(accounts.accounts)
app.command("rank")(rank.rank_)
app.command("measures")(rank.measures)
app.command("decompose")(decompose.decompose)
app.command("extract")(extract.extract)
app.command("paths")(paths.paths)
app.command("key")(key.key)
app.command("communities")(communities.communities_)
app.command("backbone")(backbone.backbone)
app.command("compare")(compare.compare)


def main() -> None:
    """Run the command line: bad input ends with one message and exit code 2."""
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_DFL)  # all is done: no traceback
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no Chinese gets escapes
            stream.reconfigure(errors="backslashreplace")
    warnings.simplefilter("ignore", DataWarning)  # the checks say the same in the user's language
    try:
        app()
    except GraphmapError as error:
        _stop(error)
    except OSError as error:  # a full disk, a name that is too long
        what = error.strerror or str(error)
        _stop(DataError(what[0].lower() + what[1:], file=error.filename))
    except KeyboardInterrupt:
        sys.exit(130)


def _stop(error: GraphmapError) -> NoReturn:
    messages().print(f"[bold red]Error:[/bold red] {escape(str(error))}")
    sys.exit(error.exit_code)
