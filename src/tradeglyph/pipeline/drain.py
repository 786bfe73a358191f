"""Drains a queue of events: each is investigated, its answer kept, its message acknowledged.

The order is what makes it safe to be killed anywhere: the answer is kept before the message is
acknowledged, so that a message that is lost to a dead worker comes again; and the store keeps one
answer for one key, so that coming again changes nothing. At least once in, exactly once in effect.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from threading import Thread

from tradeglyph.domain.events import Event
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.findings import Decision, Investigation
from tradeglyph.pipeline.parse_event import BadEvent, parse_event
from tradeglyph.ports.alert_store import Answers, StoreGone
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.queue import Deliveries, Message, QueueGone


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainSettings:
    """Numbers of a worker."""

    batch: int = 32
    """Events answered together: the model reads their pictures at once."""
    wait_s: float = 1.0
    """How long to wait for a first message: a worker hears of its end no later than this."""
    lease_s: float = 60.0
    """Nobody else gets a message for so long; renewed while it is worked on."""
    delay_limit_s: float = 600.0
    """An event that had no answer for so long goes to review instead of being delayed again."""
    most_faults: int = 5
    """A message that fails by a fault of ours so often goes to the dead letters."""


@dataclass(slots=True, kw_only=True)
class Drained:
    """What came of messages, counted."""

    received: int = 0
    answered: int = 0
    repeated: int = 0
    """Events that had an answer already."""
    alerts: int = 0
    """Answers that a person has to look at."""
    delayed: int = 0
    failed: int = 0
    """Given back because the store was gone, or by a fault of ours."""
    buried: int = 0

    def add(self, other: "Drained") -> None:
        """Count what the other counted, too."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


Told = Callable[[str, dict[str, object]], None]
"""Gets what happened and figures of it: never an account or a body."""


def _silent(_: str, __: dict[str, object]) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """One worker's loop. Raises QueueGone and nothing else."""

    queue: Deliveries
    store: Answers
    investigator: Investigator
    clock: Clock
    backoff: Callable[[int], float]
    """Seconds to wait after so many attempts."""
    settings: DrainSettings = field(default_factory=DrainSettings)
    tell: Told = _silent

    def once(self) -> Drained:
        """Receive a batch and see to every message of it."""
        counts = Drained()
        messages = self.queue.receive(
            self.settings.batch, wait_s=self.settings.wait_s, lease_s=self.settings.lease_s
        )
        counts.received = len(messages)
        if messages:
            with self._kept(messages):
                self._see_to(messages, counts)
        return counts

    def until(self, stop: Flag, *, empty: bool = False) -> Drained:
        """Go on until `stop` is set, or, with `empty`, until nothing is left to receive.

        Where the queue is gone, asks again after a while.
        """
        counts, gone = Drained(), 0
        while not stop.is_set():
            try:
                part = self.once()
            except QueueGone:
                gone += 1
                self.tell("queue gone", {"times": gone})
                stop.wait(self.backoff(gone))
                continue
            gone = 0
            counts.add(part)
            if empty and not part.received:
                break
        return counts

    def _see_to(self, messages: Sequence[Message], counts: Drained) -> None:
        events: list[tuple[Message, Event]] = []
        for message in messages:
            try:
                events.append((message, self._parsed(message)))
            except BadEvent as error:
                self._bury(message, str(error), counts)
        try:
            self._answer(events, counts)
        except StoreGone:
            self.tell("store gone", {"messages": len(events)})
            self._give_back([message for message, _ in events], counts)

    def _parsed(self, message: Message) -> Event:
        return parse_event(
            message.body,
            message_id=message.message_id,
            sent_at=message.sent_at,
            now=self.clock.now(),
        )

    def _answer(self, events: Sequence[tuple[Message, Event]], counts: Drained) -> None:
        """Raises StoreGone."""
        known = self.store.handled([event.key for _, event in events]) if events else {}
        repeated = [message for message, event in events if event.key in known]
        self.queue.acknowledge(repeated)
        counts.repeated += len(repeated)
        todo = [(message, event) for message, event in events if event.key not in known]
        try:
            self._keep(todo, counts)
        except (StoreGone, QueueGone):
            raise
        except Exception as error:
            # A fault of ours: by themselves, so that one message does not take others along.
            if len(todo) > 1:
                for one in todo:
                    self._alone(one, counts)
            else:
                self._failed(todo[0][0], error, counts)

    def _alone(self, one: tuple[Message, Event], counts: Drained) -> None:
        try:
            self._keep([one], counts)
        except (StoreGone, QueueGone):
            raise
        except Exception as error:
            self._failed(one[0], error, counts)

    def _keep(self, todo: Sequence[tuple[Message, Event]], counts: Drained) -> None:
        """Investigate, keep the answers, acknowledge."""
        if not todo:
            return
        answers = self.investigator.investigate([event for _, event in todo])
        settled: list[tuple[Message, Investigation]] = []
        for (message, _), answer in zip(todo, answers, strict=True):
            if answer.decision is Decision.DELAY and not self._waited_long(message):
                self.queue.give_back([message], after_s=self.backoff(message.attempts))
                counts.delayed += 1
            else:
                settled.append((message, _no_more_delay(answer)))
        recorded = self.store.record([answer for _, answer in settled], self.clock.now())
        self.queue.acknowledge([message for message, _ in settled])
        for (_, answer), kept in zip(settled, recorded, strict=True):
            counts.repeated += kept.repeated
            counts.answered += not kept.repeated
            counts.alerts += not kept.repeated and answer.raises_alert

    def _waited_long(self, message: Message) -> bool:
        return self.clock.now() - message.sent_at > self.settings.delay_limit_s * MICROSECONDS

    def _failed(self, message: Message, error: Exception, counts: Drained) -> None:
        # The text of an error may hold what must not be logged; its kind does not.
        kind = type(error).__name__
        self.tell("failed", {"error": kind, "attempts": message.attempts})
        if message.attempts >= self.settings.most_faults:
            self._bury(message, f"{kind} {message.attempts} times: {error}", counts)
        else:
            self._give_back([message], counts)

    def _bury(self, message: Message, reason: str, counts: Drained) -> None:
        self.queue.bury(message, reason)
        counts.buried += 1

    def _give_back(self, messages: Sequence[Message], counts: Drained) -> None:
        for message in messages:
            self.queue.give_back([message], after_s=self.backoff(message.attempts))
        counts.failed += len(messages)

    @contextmanager
    def _kept(self, messages: Sequence[Message]) -> Iterator[None]:
        """Renews the leases while the messages are worked on."""
        done = Flag()

        def renew() -> None:
            while not done.wait(self.settings.lease_s / 3):
                try:
                    self.queue.extend(messages, self.settings.lease_s)
                except QueueGone:  # they come again, which changes nothing
                    self.tell("queue gone", {"while": "extending"})

        thread = Thread(target=renew, name="leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _no_more_delay(answer: Investigation) -> Investigation:
    """Who waited for too long is looked at by a person."""
    if answer.decision is not Decision.DELAY:
        return answer
    return replace(answer, decision=Decision.REVIEW)
