"""`tradeglyph queue`: what became of events that nobody could answer."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.queues import QueueUrl, opened
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.instants import rfc3339

if TYPE_CHECKING:
    from tradeglyph.ports.queue import Queue

app = typer.Typer(help="The queue of events.", no_args_is_help=True)
dead = typer.Typer(
    help="Dead letters: events that were given up, each with the reason.", no_args_is_help=True
)
app.add_typer(dead, name="dead")

_PAGE = 500
_SHOWN = 200
"""Characters of a body or a reason in the list for people; `--json` has all of it."""


@dead.command("list")
def list_dead(
    queue: QueueUrl = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many, the oldest first")] = 100,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the oldest first. They stay where they are."""
    with opened(queue, create=False) as opened_queue:
        letters = opened_queue.dead(most)
        total = max(len(letters), opened_queue.depth().dead)
    if as_json:
        give({"total": total, "dead": [_summary(asdict(letter)) for letter in letters]})
        return
    for letter in letters:
        died = _time(letter.died_at)
        typer.echo(f"{letter.message_id}  {died}  {_line(letter.reason)}")
        typer.echo(f"    {_line(letter.body)}")
    tell(f"{len(letters):,} of {total:,} dead letters")


@dead.command("retry")
def retry_dead(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, as `dead list` shows them")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are dead now")] = False,
    queue: QueueUrl = None,
    as_json: AsJson = False,
) -> None:
    """Deliver dead letters again, as if they had never been tried."""
    if every == bool(ids):
        raise InputError("name the dead letters to retry, or --all, not both")
    wanted = list(dict.fromkeys(ids or ()))
    with opened(queue, create=False) as opened_queue:
        found = _retry_all(opened_queue) if every else opened_queue.retry(wanted)
    tell(f"{found:,} dead letters are delivered again")
    if as_json:
        give({"retried": found})
    if not every and found < len(wanted):
        raise InputError(
            f"{len(wanted) - found:,} of {len(wanted):,} ids are no dead letters; "
            "`tradeglyph queue dead list` shows those there are"
        )


def _retry_all(queue: "Queue") -> int:
    """Each of them once: one that dies again while this runs stays dead."""
    seen: set[str] = set()
    found = 0
    while letters := {letter.message_id for letter in queue.dead(_PAGE)} - seen:
        found += queue.retry(sorted(letters))
        seen |= letters
    return found


def _summary(letter: dict[str, Any]) -> dict[str, Any]:
    times = {name: _time(letter[name]) for name in ("sent_at", "died_at")}
    return {"id": letter.pop("message_id"), **letter, **times}


def _line(text: str) -> str:
    """One line of it that a terminal can show: what somebody sent may hold escape sequences."""
    line = "".join(c if c.isprintable() else " " for c in text[: 4 * _SHOWN])
    line = " ".join(line.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."


def _time(microseconds: int) -> str:
    """RFC 3339."""
    return rfc3339(microseconds, fraction="milliseconds")
