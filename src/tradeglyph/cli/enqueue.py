"""`tradeglyph enqueue`: put events into the queue by hand."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradeglyph.app.system_clock import SystemClock
from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.queues import QueueUrl, opened
from tradeglyph.cli.stores import Store
from tradeglyph.domain.errors import InputError, TradeglyphError

if TYPE_CHECKING:
    from tradeglyph.domain.events import Event

_PART = 1_000
"""Events that are sent at a time."""
SHOWN = 20
"""Faults that are said one by one; the others are counted."""


def enqueue(
    file: Annotated[
        str,
        typer.Argument(
            metavar="EVENT.json",
            help="A JSON object, or JSONL: one in each line. - reads standard input",
        ),
    ],
    queue: QueueUrl = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Put events into the queue, for the worker to look at. Prints their keys.

    An event is {"userid" or "account_id", "symbol"?, "amount"?, "businessType"?, "event_id"?,
    "occurred_at"?, "signals"?}. All of them are checked first, as the service checks them: where
    one is wrong, none is sent.
    """
    lines = read_events(file)
    events = checked(lines)
    # Asked before: a worker may answer what is sent at once.
    known = _answered({event.key for event in events if event.key}, store)
    keys: list[str] = []
    ids: list[str] = []
    with opened(queue, create=True) as opened_queue:
        try:
            for start in range(0, len(lines), _PART):
                part = slice(start, start + _PART)
                sent = opened_queue.send([line.body for line in lines[part]])
                ids += sent
                keys += [
                    event.key or f"message:{one}"
                    for event, one in zip(events[part], sent, strict=True)
                ]
        finally:
            # Also where it stops half-way: these are in the queue.
            _print(keys, ids, known, as_json=as_json)
            if 0 < len(ids) < len(lines):
                tell(f"{file}: only the first {len(ids):,} of {len(lines):,} events were sent")


@dataclass(frozen=True, slots=True)
class Line:
    """The text of one event, as it is written: amounts keep their digits."""

    where: str
    """The file, and the line where it has several."""
    body: str


def read_events(file: str) -> list[Line]:
    """The texts of a file; `-` is standard input.

    Raises InputError where it can't be read, is not UTF-8, is empty, or is JSON that breaks off.
    """
    name = "standard input" if file == "-" else file
    text = _text(file, name)
    if not text.strip():
        raise InputError(f"{name}: is empty; write a JSON object, or one in each line")
    # JSON knows no line ends but these; `splitlines` would cut inside of a string.
    lines = [(n, line.strip()) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    whole, fault = _json(text)
    if fault is None and isinstance(whole, list):
        raise InputError(
            f"{name}: is one JSON list; write each event in a line of its own, as jq -c '.[]' does"
        )
    if fault is None or len(lines) == 1:
        return [Line(name, text.strip())]
    if not isinstance(_json(lines[0][1])[0], dict):
        # One object over several lines, which is broken somewhere.
        raise InputError(f"{name}: not JSON: {fault}")
    return [Line(f"{name}: line {number}", line) for number, line in lines]


def checked(lines: list[Line]) -> "list[Event]":
    """The events, by the rules that the service and the worker go by; `key` is empty where the
    queue's id for the message makes it.

    Raises InputError that names every line that is no event, up to a number of them, and those
    whose `event_id` an earlier line has for another account.
    """
    from dataclasses import replace

    from tradeglyph.pipeline.parse_event import BadEvent, parse_event

    now = SystemClock().now()
    events: list[Event] = []
    faults: list[str] = []
    first: dict[str, tuple[str, str]] = {}
    for line in lines:
        try:
            event = parse_event(line.body, message_id="-", sent_at=now, now=now)
        except BadEvent as error:
            faults.append(f"{line.where}: {error}")
            continue
        if event.key == "message:-":
            event = replace(event, key="")
        else:
            where, account = first.setdefault(event.key, (line.where, event.account_id))
            if account != event.account_id:
                faults.append(f"{line.where}: its event_id names another account in {where}")
        events.append(event)
    if faults:
        told = faults[:SHOWN]
        if len(faults) > SHOWN:
            told.append(f"... and {len(faults) - SHOWN:,} more")
        told.append(f"{len(faults):,} of {len(lines):,} events are wrong; nothing was sent")
        raise InputError("\n".join(told))
    return events


def _print(keys: list[str], ids: list[str], known: set[str] | None, *, as_json: bool) -> None:
    if not keys:
        return
    repeated = len(keys) - len(set(keys))
    new = None if known is None else len(set(keys) - known)
    if as_json:
        give(
            {
                "sent": len(ids),
                "keys": keys,
                "ids": ids,
                "repeated": repeated,
                "new": new,
                "answered_before": None if known is None else len(known),
            }
        )
        return
    typer.echo("\n".join(keys))
    said = f"{len(keys):,} events sent"
    if known is not None:
        said += f": {new:,} new, {len(known):,} answered before"
    if repeated:
        said += f"; repeated keys: {repeated:,}, which are answered once"
    tell(said)


def _answered(keys: set[str], store: str | None) -> set[str] | None:
    """Keys that have an answer already, as far as the store can tell; None where it can't be asked:
    who sends events need not be let near it."""
    from tradeglyph.cli.stores import address_of
    from tradeglyph.cli.stores import opened as opened_store

    if not keys:
        return set()
    try:
        address = address_of(store)
        if address.startswith("sqlite:///") and not _is_there(address):
            return set()
        with opened_store(address) as alerts:
            return set(alerts.handled(sorted(keys)))
    except TradeglyphError:
        return None


def _is_there(address: str) -> bool:
    # A folder that may not be entered is none to be asked, and no fault.
    return os.path.isfile(address.removeprefix("sqlite:///").partition("?")[0])


def _text(file: str, name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: is not UTF-8 at byte {error.start}; convert it: iconv -t utf-8"
        ) from None


def _json(text: str) -> tuple[Any, str | None]:
    """What it holds, and why it holds nothing."""
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        return None, f"{error.msg} at line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError) as error:
        return None, str(error)
