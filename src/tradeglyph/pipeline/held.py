"""Messages that a worker holds, and what becomes of each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event as Flag
from threading import Lock, Thread

from tradeglyph.pipeline.telling import Tell
from tradeglyph.ports.queue import Deliveries, Message, QueueGone


class Held:
    """Messages that are leased, and not yet acknowledged, given back or buried. Whoever lets one go
    raises QueueGone where the queue can't be told; it is held on then."""

    def __init__(self, queue: Deliveries, lease_s: float, messages: Sequence[Message]) -> None:
        """They were just received, for so many seconds."""
        self._queue, self._lease_s = queue, lease_s
        self._lock = Lock()
        self._left = {id(message): message for message in messages}

    def left(self) -> list[Message]:
        """Those still held."""
        return list(self._left.values())

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """They are done."""
        with self._lock:
            self._queue.acknowledge(messages)
            self._let_go(messages)

    def give_back(self, message: Message, after_s: float) -> None:
        """It comes again."""
        with self._lock:
            self._queue.give_back([message], after_s=after_s)
            self._let_go([message])

    def bury(self, message: Message, reason: str) -> None:
        """It never comes again."""
        with self._lock:
            self._queue.bury(message, reason)
            self._let_go([message])

    @contextmanager
    def renewed(self, tell: Tell) -> Iterator[None]:
        """Renews the leases while the messages are worked on."""
        done = Flag()

        def renew() -> None:
            while not done.wait(self._lease_s / 3):
                try:
                    # Not while one is let go: what was given back would be leased again.
                    with self._lock:
                        self._queue.extend(self.left(), self._lease_s)
                except QueueGone:  # they come again, which changes nothing
                    tell("leases not renewed", {})

        thread = Thread(target=renew, name="leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _let_go(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._left.pop(id(message), None)
