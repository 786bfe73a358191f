"""`tradeglyph mcp`: tools for language models, over stdin and stdout."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tradeglyph.cli.console import tell
from tradeglyph.cli.inputs import Language
from tradeglyph.domain.recognizers import Profile


def mcp(
    folder: Annotated[
        Path, typer.Option(help="The folder whose files may be read; no others ever are")
    ],
    out: Annotated[
        str | None,
        typer.Option(help="A folder in it where results may be written (default: none are)"),
    ] = None,
    lang: Language = None,
    profile: Annotated[
        Profile | None, typer.Option(help="Defaults of the recognizers' parameters (default: seed)")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Configuration file (default: tradeglyph.toml)")
    ] = None,
) -> None:
    """Offer the recognizers, score and explain to an MCP client, until it closes stdin.

    The client starts this command; its messages are on stdin and stdout, the log is on stderr.
    """
    from tradeglyph.agents.mcp import serve
    from tradeglyph.agents.workplace import workplace

    place = workplace(folder, lang=lang, profile=profile, config=config, out=out)
    if sys.stdin.isatty():
        tell("this is for MCP clients, which write to stdin; Ctrl-D ends it")
    serve(place)
