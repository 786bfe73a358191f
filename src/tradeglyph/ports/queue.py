"""A queue of events: at least once out, until acknowledged or buried."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FILE_MARK = 0x54475155
"""`TGQU`, in the header of an embedded queue's file (SQLite's application_id): tells it from other
SQLite files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One delivery of a message, leased to who received it."""

    body: str
    message_id: str
    """The same at every delivery of the message."""
    receipt: str
    """Of this delivery: what acknowledges it."""
    sent_at: int
    """Microseconds UTC."""
    attempts: int
    """Deliveries so far, this one included: 1 the first time."""
    last: bool = False
    """Whether the queue gives it up instead of delivering it once more. False where it can't
    tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadMessage:
    """A message that was given up, with the reason."""

    body: str
    message_id: str
    sent_at: int
    """Microseconds UTC."""
    died_at: int
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How full a queue is."""

    waiting: int
    """To be received now or later."""
    leased: int
    dead: int
    oldest: int | None
    """When the oldest waiting or leased message was sent, microseconds UTC; None where there is
    none, or the queue can't tell."""


class QueueGone(Exception):  # noqa: N818  says what happened
    """The queue can't be reached now; nothing is lost, ask again later."""


class Deliveries(Protocol):
    """Where messages come from and what becomes of them: what a worker's loop needs of a queue.

    Every method raises QueueGone where the queue can't be reached.
    """

    def receive(self, most: int, *, wait_s: float, lease_s: float) -> list[Message]:
        """Up to `most` messages, waiting up to `wait_s` for the first one.

        Nobody else gets them for `lease_s`. One that was delivered as often as the queue allows
        goes to the dead letters instead of being delivered again.
        """

    def extend(self, messages: Sequence[Message], lease_s: float) -> None:
        """Keep the messages for `lease_s` from now; those whose lease has passed are left alone."""

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Done: they are not delivered again. Those whose lease has passed are left alone."""

    def give_back(self, messages: Sequence[Message], *, after_s: float) -> None:
        """Not done: deliver them again, no sooner than `after_s` from now.

        Those whose lease has passed are left alone.
        """

    def bury(self, message: Message, reason: str) -> None:
        """Never deliver it again; keep it among the dead letters with the reason.

        One whose lease has passed is left alone.
        """


class Queue(Deliveries, Protocol):
    """Every method raises QueueGone where the queue can't be reached."""

    def send(self, bodies: Sequence[str]) -> list[str]:
        """Add messages, all of them or none known to be; their ids."""

    def dead(self, most: int) -> list[DeadMessage]:
        """Dead letters, the oldest first."""

    def retry(self, message_ids: Sequence[str]) -> int:
        """Deliver these dead letters again, their attempts forgotten; how many were found.

        They keep their ids and the time they were sent.
        """

    def depth(self) -> Depth:
        """How full it is."""

    def close(self) -> None:
        """Let go of files and connections; the next call opens them again."""
