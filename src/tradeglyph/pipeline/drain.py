"""Drains a queue of events: each is investigated, its answer kept, its message acknowledged.

The order is what makes it safe to be killed anywhere: the answer is kept before the message is
acknowledged, so that a message that is lost to a dead worker comes again; and the store keeps one
answer for one key, so that coming again changes nothing. At least once in, exactly once in effect.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from threading import Event as Flag

from tradeglyph.domain.events import Event
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.findings import Decision, Investigation
from tradeglyph.pipeline.held import Held
from tradeglyph.pipeline.parse_event import BadEvent, parse_event
from tradeglyph.pipeline.telling import Tell, silent
from tradeglyph.ports.alert_store import Answers, StoreGone
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.queue import Deliveries, Message, QueueGone

_RESTS_LONGER = 2
"""Doublings by which a delayed message rests longer than a failed one: what is late (a feed, a
model that is being put back) is late by minutes, and its deliveries must last for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainSettings:
    """Numbers of a worker."""

    batch: int = 512
    """Events answered together: the model reads their pictures at once, and what everybody traded
    is asked for, and weighed, once. By measurement: with half as many an event costs half as much
    again, and the memory is the same. Nobody waits for a batch to fill, so that an event that is
    alone is answered at once."""
    wait_s: float = 1.0
    """How long to wait for a first message: a worker hears of its end no later than this."""
    lease_s: float = 60.0
    """Nobody else gets a message for so long; renewed while it is worked on."""
    delay_limit_s: float = 600.0
    """An event that had no answer for so long goes to review instead of being delayed again."""
    most_delays: int = 8
    """So does one that was delivered so often, and one on the last delivery that its queue allows:
    what is late ends with a person and not among the dead letters."""
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
    """Given back because the store, or in a Lambda function the dead-letter queue, was gone, or by
    a fault of ours."""
    buried: int = 0

    def add(self, other: "Drained") -> None:
        """Count what the other counted, too."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """One worker's loop."""

    queue: Deliveries
    store: Answers
    investigator: Investigator
    clock: Clock
    backoff: Callable[[int], float]
    """Seconds to wait after so many attempts."""
    settings: DrainSettings = field(default_factory=DrainSettings)
    tell: Tell = silent
    ready: Callable[[], object] = lambda: None
    """Raises QueueGone or StoreGone where one of them can't be reached now."""

    def once(self) -> Drained:
        """Receive a batch and see to every message of it.

        Raises StoreGone after it has given back what could not be kept; QueueGone, after which the
        messages come again by themselves.
        """
        counts = Drained()
        self._once(counts)
        return counts

    def until(self, stop: Flag, *, empty: bool = False) -> Drained:
        """Go on until `stop` is set, or, with `empty`, until nothing is left to receive.

        Where the queue or the store is gone, waits until it is there again: no message is received
        that could not be kept, so that an outage uses up no deliveries. With `empty` raises
        QueueGone or StoreGone instead.
        """
        total = Drained()
        self._begin(stop, wait=not empty)
        while not stop.is_set():
            part = Drained()
            try:
                self._once(part)
            except (QueueGone, StoreGone) as error:
                if empty:
                    raise
                self._wait(error, stop)
            else:
                if empty and not part.received:
                    break
            finally:
                # Also where it was interrupted: what is on record is done.
                total.add(part)
                if part.received:
                    self.tell("drained", asdict(part))
        return total

    def _begin(self, stop: Flag, *, wait: bool) -> None:
        """Say whether it is ready; where it is not, and may, wait until it is."""
        try:
            self.ready()
        except (QueueGone, StoreGone) as error:
            if not wait:
                raise
            self._wait(error, stop)
        else:
            self.tell("ready", {"after": 0})

    def _wait(self, error: QueueGone | StoreGone, stop: Flag) -> None:
        """Until both can be reached, or `stop` is set."""
        times = 0
        while not stop.is_set():
            times += 1
            what = "queue" if isinstance(error, QueueGone) else "store"
            self.tell("not ready", {"gone": what, "times": times})
            stop.wait(self.backoff(times))
            try:
                self.ready()
            except (QueueGone, StoreGone) as again:
                error = again
            else:
                self.tell("ready", {"after": times})
                return

    def _once(self, counts: Drained) -> None:
        messages = self.queue.receive(
            self.settings.batch, wait_s=self.settings.wait_s, lease_s=self.settings.lease_s
        )
        counts.received = len(messages)
        if messages:
            self._see_to(messages, counts)

    def _see_to(self, messages: Sequence[Message], counts: Drained) -> None:
        held = Held(self.queue, self.settings.lease_s, messages)
        with held.renewed(self.tell):
            events: list[_Asked] = []
            bad: list[tuple[Message, str]] = []
            for message in messages:
                try:
                    events.append((message, self._parsed(message)))
                except BadEvent as error:
                    bad.append((message, str(error)))
                except Exception as error:  # a fault of ours takes no other message along
                    self._failed(held, message, error, counts)
            try:
                self._answer(held, events, counts)
            except StoreGone:
                self._give_back(held, held.left(), counts)
                raise
            # Last: where the dead letters can't be reached, the others have their answers.
            for message, reason in bad:
                self._bury(held, message, reason, counts)

    def _parsed(self, message: Message) -> Event:
        return parse_event(
            message.body,
            message_id=message.message_id,
            sent_at=message.sent_at,
            now=self.clock.now(),
        )

    def _answer(self, held: Held, events: "Sequence[_Asked]", counts: Drained) -> None:
        """All at once; where that fails by a fault of ours, one by one, so that a message takes no
        other one along. Raises StoreGone and QueueGone."""
        if not events:
            return
        try:
            self._keep(held, events, counts)
        except (StoreGone, QueueGone):
            raise
        except Exception as error:
            if len(events) == 1:
                self._failed(held, events[0][0], error, counts)
                return
            left = set(map(id, held.left()))
            for one in events:
                if id(one[0]) in left:
                    self._answer(held, [one], counts)

    def _keep(self, held: Held, events: "Sequence[_Asked]", counts: Drained) -> None:
        """Investigate, keep the answers, acknowledge. What is acknowledged is on record."""
        known = self.store.handled([event.key for _, event in events])
        first: dict[str, Event] = {}
        taken: list[Message] = []
        for message, event in events:
            if event.key not in known:
                first.setdefault(event.key, event)
            before = known.get(event.key) or first[event.key]
            if before.account_id != event.account_id:
                taken.append(message)
        if taken:
            self._bury_taken(held, taken, counts)
            left = set(map(id, held.left()))
            self._keep(held, [one for one in events if id(one[0]) in left], counts)
            return
        if not events:
            return
        answers = dict(zip(first, self.investigator.investigate(list(first.values())), strict=True))
        settled: list[tuple[Message, Investigation]] = []
        delayed: list[Message] = []
        repeated: list[Message] = []
        for message, event in events:
            answer = answers.get(event.key)
            if answer is None:
                repeated.append(message)
            elif answer.decision is Decision.DELAY and not self._waited_long(message):
                delayed.append(message)
            else:
                settled.append((message, _no_more_delay(answer)))
        recorded = self.store.record([answer for _, answer in settled], self.clock.now())
        done: list[Message] = []
        for (message, answer), kept in zip(settled, recorded, strict=True):
            if kept.account_id != answer.event.account_id:
                # Another worker had it on record first.
                taken.append(message)
                continue
            done.append(message)
            counts.repeated += kept.repeated
            counts.answered += not kept.repeated
            counts.alerts += not kept.repeated and answer.raises_alert
        counts.repeated += len(repeated)
        held.acknowledge([*repeated, *done])
        for message in delayed:
            held.give_back(message, self.backoff(message.attempts + _RESTS_LONGER))
            counts.delayed += 1
        self._bury_taken(held, taken, counts)

    def _bury_taken(self, held: Held, messages: Sequence[Message], counts: Drained) -> None:
        """Answering them with another account's answer would let them through unseen."""
        for message in messages:
            self._bury(held, message, "its event_id was used for another account", counts)

    def _waited_long(self, message: Message) -> bool:
        waited = self.clock.now() - message.sent_at
        return (
            waited > self.settings.delay_limit_s * MICROSECONDS
            or message.attempts >= self.settings.most_delays
            # Being late is no failure: it ends with a person, and never among the dead letters,
            # however few deliveries the queue allows.
            or message.last
        )

    def _failed(self, held: Held, message: Message, error: Exception, counts: Drained) -> None:
        # The text of an error may hold what must not be logged; its kind does not.
        kind = type(error).__name__
        self.tell("failed", {"error": kind, "attempts": message.attempts})
        # On its last delivery, too: the queue would give it up without the reason.
        if message.last or message.attempts >= self.settings.most_faults:
            self._bury(held, message, f"{kind} {message.attempts} times: {error}", counts)
        else:
            self._give_back(held, [message], counts)

    def _bury(self, held: Held, message: Message, reason: str, counts: Drained) -> None:
        held.bury(message, reason)
        counts.buried += 1

    def _give_back(self, held: Held, messages: Sequence[Message], counts: Drained) -> None:
        for message in messages:
            held.give_back(message, self.backoff(message.attempts))
        counts.failed += len(messages)


_Asked = tuple[Message, Event]


def _no_more_delay(answer: Investigation) -> Investigation:
    """Who waited for too long is looked at by a person."""
    if answer.decision is not Decision.DELAY:
        return answer
    return replace(answer, decision=Decision.REVIEW)
