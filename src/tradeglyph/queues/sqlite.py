"""The embedded queue: one SQLite file, shared by the threads and processes of one machine.

What is sent is on the disk when `send` returns. Leases and acknowledgements outlive the process,
but the last ones may not outlive a power cut: those messages are delivered once more.
"""

import math
import secrets
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import DeadMessage, Depth, Message
from tradeglyph.queues.limits import MAX_DELIVERIES, unanswered
from tradeglyph.queues.sqlite_file import QueueFile

POLL_S = 0.02
"""How soon a waiting receiver sees what another process sent. A look costs 10 microseconds."""

_BURY = """INSERT INTO dead (sequence, message_id, body, sent_at, died_at, attempts, reason)
    SELECT sequence, message_id, body, sent_at, ?, attempts, ? FROM messages WHERE sequence = ?"""
_REVIVE = """INSERT INTO messages (sequence, message_id, body, sent_at, due_at)
    SELECT sequence, message_id, body, sent_at, ? FROM dead WHERE message_id = ?"""
_HELD = "message_id = ? AND receipt = ? AND due_at > ?"


class SqliteQueue:
    """A queue in the file `path`, which is made when it is first used unless `create` is false.

    Every method raises QueueGone where the file can't be reached, and InputError where it is not a
    queue that this version reads. Threads may share an object. A message is given up after
    `max_deliveries`.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        max_deliveries: int = MAX_DELIVERIES,
        create: bool = True,
    ) -> None:
        self._file = QueueFile(path, create=create)
        self._clock = clock
        self._max_deliveries = max_deliveries

    def send(self, bodies: Sequence[str]) -> list[str]:
        """Add messages, all of them or none; their ids.

        Raises InputError for text that is not Unicode (half of a surrogate pair).
        """
        for body in bodies:
            _check(body)
        # Random: an id is an event's key for ever, also when the file is begun anew.
        ids = [secrets.token_hex(16) for _ in bodies]
        if ids:
            now = self._clock.now()
            with self._file.writing(to_disk=True) as connection:
                connection.executemany(
                    "INSERT INTO messages (message_id, body, sent_at, due_at) VALUES (?, ?, ?, ?)",
                    [(i, body, now, now) for i, body in zip(ids, bodies, strict=True)],
                )
        return ids

    def receive(self, most: int, *, wait_s: float, lease_s: float) -> list[Message]:
        """Up to `most` messages, leased for `lease_s`; waits up to `wait_s` for the first one."""
        end = time.monotonic() + wait_s
        while True:
            pause_s = self._until_due()
            if pause_s <= 0 and (messages := self._lease(most, lease_s)):
                return messages
            left_s = end - time.monotonic()
            if left_s <= 0:
                return []
            time.sleep(min(left_s, POLL_S, pause_s if pause_s > 0 else POLL_S))

    def extend(self, messages: Sequence[Message], lease_s: float) -> None:
        """Keep the messages for `lease_s` from now."""
        self._move(messages, lease_s, "receipt")

    def give_back(self, messages: Sequence[Message], *, after_s: float) -> None:
        """Deliver the messages again, no sooner than `after_s` from now."""
        self._move(messages, after_s, "NULL")

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """The messages are done."""
        if not messages:
            return
        with self._file.writing() as connection:
            now = self._clock.now()
            connection.executemany(
                f"DELETE FROM messages WHERE {_HELD}",  # noqa: S608  no value in it
                [(message.message_id, message.receipt, now) for message in messages],
            )

    def bury(self, message: Message, reason: str) -> None:
        """The message becomes a dead letter."""
        with self._file.writing(to_disk=True) as connection:
            now = self._clock.now()
            held = connection.execute(
                f"SELECT sequence FROM messages WHERE {_HELD}",  # noqa: S608  no value in it
                (message.message_id, message.receipt, now),
            ).fetchone()
            if held:
                _bury(connection, held[0], now, reason)

    def dead(self, most: int) -> list[DeadMessage]:
        """Dead letters, the oldest first."""
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT body, message_id, sent_at, died_at, attempts, reason FROM dead "
                "ORDER BY died_at, sequence LIMIT ?",
                (most,),
            ).fetchall()
        names = ("body", "message_id", "sent_at", "died_at", "attempts", "reason")
        return [DeadMessage(**dict(zip(names, row, strict=True))) for row in rows]

    def retry(self, message_ids: Sequence[str]) -> int:
        """Deliver dead letters again; how many of the ids were found."""
        with self._file.writing(to_disk=True) as connection:
            now = self._clock.now()
            found = 0
            for message_id in message_ids:
                found += connection.execute(_REVIVE, (now, message_id)).rowcount
                connection.execute("DELETE FROM dead WHERE message_id = ?", (message_id,))
        return found

    def depth(self) -> Depth:
        """How full it is, exactly."""
        with self._file.reading() as connection:
            total, leased, dead, oldest = connection.execute(
                """SELECT (SELECT count(*) FROM messages),
                    (SELECT count(*) FROM messages WHERE due_at > ? AND receipt IS NOT NULL),
                    (SELECT count(*) FROM dead),
                    (SELECT sent_at FROM messages ORDER BY sequence LIMIT 1)""",
                (self._clock.now(),),
            ).fetchone()
        return Depth(waiting=total - leased, leased=leased, dead=dead, oldest=oldest)

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        self._file.close()

    def _until_due(self) -> float:
        """Seconds until the next message is due, as things stand; none: infinitely many."""
        with self._file.reading() as connection:
            (due_at,) = connection.execute("SELECT min(due_at) FROM messages").fetchone()
        return math.inf if due_at is None else (due_at - self._clock.now()) / MICROSECONDS

    def _lease(self, most: int, lease_s: float) -> list[Message]:
        receipt = secrets.token_hex(16)
        with self._file.writing() as connection:
            now = self._clock.now()
            rows = self._due(connection, now, most)
            due_at = now + round(lease_s * MICROSECONDS)
            connection.executemany(
                "UPDATE messages SET attempts = attempts + 1, due_at = ?, receipt = ? "
                "WHERE sequence = ?",
                [(due_at, receipt, sequence) for sequence, *_ in rows],
            )
        return [
            Message(
                body=body,
                message_id=message_id,
                receipt=receipt,
                sent_at=sent_at,
                attempts=attempts + 1,
                last=attempts + 1 >= self._max_deliveries,
            )
            for _, message_id, body, sent_at, attempts in rows
        ]

    def _due(
        self, connection: sqlite3.Connection, now: int, most: int
    ) -> list[tuple[int, str, str, int, int]]:
        """Rows to deliver now. On the way, those that were delivered too often are buried."""
        while True:
            rows = connection.execute(
                "SELECT sequence, message_id, body, sent_at, attempts FROM messages "
                "WHERE due_at <= ? ORDER BY due_at, sequence LIMIT ?",
                (now, most),
            ).fetchall()
            spent = [row for row in rows if row[4] >= self._max_deliveries]
            if not spent:
                return rows
            for sequence, *_, attempts in spent:
                _bury(connection, sequence, now, unanswered(attempts))

    def _move(self, messages: Sequence[Message], seconds: float, receipt: str) -> None:
        if not messages:
            return
        with self._file.writing() as connection:
            now = self._clock.now()
            due_at = now + round(seconds * MICROSECONDS)
            connection.executemany(
                f"UPDATE messages SET due_at = ?, receipt = {receipt} WHERE {_HELD}",  # noqa: S608
                [(due_at, message.message_id, message.receipt, now) for message in messages],
            )


def _bury(connection: sqlite3.Connection, sequence: int, now: int, reason: str) -> None:
    connection.execute(_BURY, (now, reason, sequence))
    connection.execute("DELETE FROM messages WHERE sequence = ?", (sequence,))


def _check(body: str) -> None:
    try:
        body.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"a message is not Unicode text at character {error.start}") from None
