"""Is the queue there, and does somebody empty it?"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tradeglyph.app.doctor import clock as clocks
from tradeglyph.app.doctor.check import Check, fault, good, warning
from tradeglyph.app.doctor.closed import closed
from tradeglyph.app.settings import Settings
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import Depth, QueueGone
from tradeglyph.queues.address import file_of, open_queue, shown

PART = "queue"
LOCKED_S = 2.0
"""A worker holds the file for some milliseconds at a time."""


def look(settings: Settings, clock: Clock) -> Iterator[Check]:
    """Nothing is made that is not there, and no message is taken. Raises InputError for an address
    that can't be meant, and MissingExtra."""
    address = settings.queue.url
    with closing(open_queue(address, clock=clock, create=False)) as queue:
        where, file = shown(address), file_of(address)
        shut = None if file is None else closed(PART, file)
        if shut is not None:
            yield shut
            return
        if file is not None and (not file.is_file() or not file.stat().st_size):
            yield good(PART, "queue_new", where=where)
            return
        try:
            began = time.perf_counter()
            depth = queue.depth()
            took = time.perf_counter() - began
            yield good(
                PART,
                "queue_ready",
                where=where,
                waiting=depth.waiting,
                leased=depth.leased,
                ms=round(1000 * took, 1),
            )
            yield from _filled(depth, clock.now(), settings.worker.delay_limit_s)
            if file is not None and _is_locked(file):
                yield fault(PART, "queue_locked", where=where, file=str(file))
            if file is None:
                yield from _clock(queue, where, clock)
        except QueueGone as error:
            yield fault(PART, "queue_gone", what=str(error))


def _is_locked(file: Path) -> bool:
    """Whether somebody keeps others from writing for longer than a message takes. Nothing is
    written."""
    with closing(sqlite3.connect(file, timeout=LOCKED_S, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        connection.execute("ROLLBACK")
    return False


def _filled(depth: Depth, now: int, patience_s: float) -> Iterator[Check]:
    if depth.dead:
        yield warning(PART, "queue_dead", dead=depth.dead)
    if depth.oldest is not None and now - depth.oldest > patience_s * MICROSECONDS:
        yield warning(PART, "queue_late", minutes=(now - depth.oldest) // (60 * MICROSECONDS))


def _clock(queue: object, where: str, clock: Clock) -> Iterator[Check]:
    from tradeglyph.queues.sqs import SqsQueue

    if isinstance(queue, SqsQueue):
        told = clocks.compare(clock, where, queue.server_time)
        if told is not None:
            yield told
