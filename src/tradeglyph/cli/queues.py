"""The queue that a command works on."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.cli.writable import check_writable
from tradeglyph.domain.errors import InputError, TradeglyphError

if TYPE_CHECKING:
    from tradeglyph.ports.queue import Queue

QueueUrl = Annotated[
    str | None,
    typer.Option(
        "--queue",
        help="Where the queue is: sqlite:///FILE or sqs://NAME?dead=NAME (default: \\[queue] url "
        "of tradeglyph.toml, else the file tradeglyph-state/queue.db under the working folder)",
    ),
]


@contextmanager
def opened(url: str | None, *, create: bool) -> Iterator["Queue"]:
    """The queue at `url`, else the configured one.

    Raises InputError for a wrong address and, unless `create`, for a file that is not there;
    TradeglyphError where the queue can't be reached, InputError where its file may not be written.
    """
    from tradeglyph.app.settings import load_settings
    from tradeglyph.app.system_clock import SystemClock
    from tradeglyph.ports.queue import QueueGone
    from tradeglyph.queues.address import open_queue

    address = url or load_settings().queue.url
    try:
        with closing(open_queue(address, clock=SystemClock(), create=create)) as queue:
            yield queue
    except InputError:
        check_writable(queue=address)  # a file that this user can't see is none to it
        raise
    except QueueGone as error:
        check_writable(queue=address)
        raise TradeglyphError(f"{error}; what was sent before is safe, try again later") from None
