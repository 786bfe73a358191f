"""Keeps answers of `POST /v1/score` as the worker keeps its own: each event once, with its alert.

The answer waits for that a little, because it names the alert; a store that is slow or away holds
up no withdrawal. Where the store is away the event goes into the queue instead, and the worker
answers it once more, under the same key, when the store is back.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from tradeglyph.app.log import Log
from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.domain.findings import Decision, Investigation
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.ports.queue import QueueGone
from tradeglyph.service.limits import Limits
from tradeglyph.service.metrics import Metrics
from tradeglyph.service.parts import Parts

MOST_PENDING = 256
"""Answers that wait for the store; what comes then is not kept, and says so."""
_THREADS = 2
_ORDER = tuple(Decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of an answer."""

    record: Literal["kept", "repeated", "pending", "queued", "failed"] | None = None
    """None where nothing is to be kept."""
    alert_id: str | None = None
    decision: Decision | None = None
    """Of the answer that was on record before."""
    account_id: str | None = None
    """The account of that."""


NOTHING = Kept()


def graver(one: Decision, other: Decision | None) -> Decision:
    """Who asks again gets no milder answer than the one on record."""
    return one if other is None else max(one, other, key=_ORDER.index)


class AnswerRecord:
    """Writes answers down, in threads of its own: a store that hangs keeps no score waiting."""

    def __init__(self, parts: Parts, limits: Limits, metrics: Metrics, log: Log) -> None:
        self._parts = parts
        self._limits = limits
        self._metrics = metrics
        self._log = log
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="record")
        self._pending = 0

    def close(self) -> None:
        """End what is being written."""
        self._threads.shutdown()

    async def keep(self, answer: Investigation, body: str) -> Kept:
        """What became of the answer within the time that it may wait for that.

        Args:
            body: the event, as a queue takes it.
        """
        if answer.decision is Decision.DELAY:  # no answer: it is asked for again
            return NOTHING
        if self._pending >= MOST_PENDING:
            return self._count(Kept(record="failed"))
        self._pending += 1
        job = asyncio.get_running_loop().run_in_executor(self._threads, self._kept, answer, body)
        job.add_done_callback(self._ended)
        try:
            async with asyncio.timeout(self._limits.record_s):
                return await asyncio.shield(job)
        except TimeoutError:
            return Kept(record="pending")

    def _ended(self, _: "asyncio.Future[Kept]") -> None:
        self._pending -= 1

    def _kept(self, answer: Investigation, body: str) -> Kept:
        try:
            return self._count(self._recorded(answer))
        except (StoreGone, TradeglyphError):  # away, or of another schema
            return self._count(self._queued(body))
        except Exception as error:  # the answer is known, and the withdrawal waits for it
            # The text of an error may hold what must not be logged; its kind does not.
            self._log.error("not recorded", error=type(error).__name__)
            return self._count(self._queued(body))

    def _recorded(self, answer: Investigation) -> Kept:
        store, key = self._parts.store, answer.event.key
        (recorded,) = store.record([answer], self._parts.clock.now())
        if not recorded.repeated:
            return Kept(record="kept", alert_id=recorded.alert_id)
        before = store.handled([key])[key]
        return Kept(
            record="repeated",
            alert_id=before.alert_id,
            decision=before.decision,
            account_id=before.account_id,
        )

    def _queued(self, body: str) -> Kept:
        try:
            self._parts.queue.send([body])
        except (QueueGone, TradeglyphError):
            return Kept(record="failed")
        return Kept(record="queued")

    def _count(self, kept: Kept) -> Kept:
        if kept.record is not None:
            self._metrics.recorded(kept.record)
        return kept
