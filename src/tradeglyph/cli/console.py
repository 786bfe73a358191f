"""What the command line says: results to stdout, progress and remarks to stderr."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout")]

Advance = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and a short text."""


def tell(line: str) -> None:
    """A line for people, on stderr."""
    typer.echo(line, err=True)


def give(summary: dict[str, Any]) -> None:
    """A machine-readable summary, on stdout."""
    typer.echo(json.dumps(summary, ensure_ascii=False))


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """A progress bar on stderr, where that is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda share, text: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=f"{title} {text}")
