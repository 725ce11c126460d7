"""``graphmap cache``: what is kept of workbooks that have been read."""

from __future__ import annotations

import json

import typer

from graphmap.cli.options import JsonOption, LangOption
from graphmap.i18n import language, number, plain, words
from graphmap.readers import cache

app = typer.Typer(help="Workbooks that have been read are kept, to be read faster.")


@app.command("info")
def info(lang: LangOption = "en", as_json: JsonOption = False) -> None:
    """Say where the cache is and how large.

    Example: graphmap cache info
    """
    _say("info", *cache.info(), language(lang), as_json)


@app.command("clear")
def clear(lang: LangOption = "en", as_json: JsonOption = False) -> None:
    """Remove everything that is cached; workbooks are parsed again when they are next read.

    Example: graphmap cache clear
    """
    tag = language(lang)
    _say("clear", *cache.clear(), tag, as_json)


def _say(done: str, files: int, size: int, tag: str, as_json: bool) -> None:
    folder = str(cache.folder())
    if as_json:
        typer.echo(json.dumps({"folder": folder, "files": files, "bytes": size}))
        return
    megabytes = number(size / 1e6, tag, 1)
    typer.echo(words(f"cache.{done}", folder=plain(folder), files=files, size=megabytes)[tag])
