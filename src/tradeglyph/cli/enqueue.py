"""`tradeglyph enqueue`: put events into the queue by hand."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.queues import QueueUrl, opened
from tradeglyph.domain.errors import InputError
from tradeglyph.pipeline.parse_event import BadEvent, each_once

_USER = ("userid", "account_id")
_PART = 1_000
"""Events that are sent at a time."""


def enqueue(
    file: Annotated[
        Path,
        typer.Argument(metavar="EVENT.json", help="A JSON object, or JSONL: one in each line"),
    ],
    queue: QueueUrl = None,
    as_json: AsJson = False,
) -> None:
    """Put events into the queue, for the worker to look at. Prints their ids.

    An event is {"userid" or "account_id", "symbol"?, "amount"?, "businessType"?, "event_id"?,
    "occurred_at"?, "signals"?}.
    """
    bodies = read_events(file)
    ids: list[str] = []
    with opened(queue, create=True) as opened_queue:
        try:
            for start in range(0, len(bodies), _PART):
                ids += opened_queue.send(bodies[start : start + _PART])
        finally:
            # Also where it stops half-way: these are in the queue.
            _print(ids, as_json)
            if 0 < len(ids) < len(bodies):
                tell(f"{file}: only the first {len(ids):,} of {len(bodies):,} events were sent")


def _print(ids: list[str], as_json: bool) -> None:
    if ids and as_json:
        give({"sent": len(ids), "ids": ids})
    elif ids:
        typer.echo("\n".join(ids))


def read_events(file: Path) -> list[str]:
    """The events of a file, each as it is written there: amounts keep their digits.

    Raises InputError where the file can't be read, is not UTF-8, or a line is no JSON object with
    a user.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 at byte {error.start}") from None
    if not text.strip():
        raise InputError(f"{file}: is empty; it holds a JSON object, or one in each line")
    fault = _fault(text)
    if fault is None:
        return [text.strip()]
    # JSON knows no line ends but these; `splitlines` would cut inside of a string.
    lines = [(n, line.strip()) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) == 1 or not _is_object(lines[0][1]):
        raise InputError(f"{file}: {fault}")
    for number, line in lines:
        if fault := _fault(line):
            raise InputError(f"{file}: line {number}: {fault}")
    return [line for _, line in lines]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _fault(text: str) -> str | None:
    """Why a text is not an event, or None."""
    try:
        event: Any = json.loads(text, parse_constant=_refuse, object_pairs_hook=each_once)
    except json.JSONDecodeError as error:
        return f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except BadEvent as error:
        return str(error)
    except (ValueError, RecursionError) as error:
        return f"is not JSON: {error}"
    if not isinstance(event, dict):
        return "is not a JSON object but another value; an event is {...}"
    users = [event[name] for name in _USER if event.get(name) not in (None, "")]
    if not users:
        return 'names no user: add "userid" or "account_id"'
    if not all(isinstance(u, str | int) and not isinstance(u, bool) for u in users):
        return "names a user that is neither text nor a whole number"
    return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number in JSON")
