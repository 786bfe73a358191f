"""What a function keeps between its invocations: settings, store, sources, model."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Self

from tradeglyph.app.inquiries import ModelLoader, investigator_of
from tradeglyph.app.live_sources import open_candles, open_trades
from tradeglyph.app.settings import Settings
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.aws.configuration import Variables, settings_of
from tradeglyph.aws.copied_alerts import CopiedAlerts
from tradeglyph.aws.dead_letters import DeadLetters
from tradeglyph.aws.lambda_batch import LambdaBatch
from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Exhibit, Investigation, Unanswered
from tradeglyph.pipeline.drain import Drain, Drained
from tradeglyph.ports.alert_store import Answers, StoreGone
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.queue import Message, QueueGone
from tradeglyph.stores.fraud_user_event import open_fraud_user_event
from tradeglyph.stores.opening import open_store

log = logging.getLogger("tradeglyph.aws")

_NEVER = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """Connections and a model that one process uses again and again. Close it when done."""

    settings: Settings
    store: Answers
    investigator: Investigator
    dead_letters: DeadLetters | None
    held: ExitStack
    clock: SystemClock

    @classmethod
    def open(cls, model_of: Callable[[Settings], ModelLoader]) -> Self:
        """As the environment and the secret that it names say; sources and the dead-letter queue
        are asked at their first use.

        Raises InputError where the configuration is wrong, TradeglyphError where the secret can't
        be had, StoreGone, MissingExtra.
        """
        variables, clock = Variables.of(), SystemClock()
        settings = settings_of(variables)
        with ExitStack() as opened:
            trades, candles = open_trades(settings), open_candles(settings)
            opened.callback(trades.close)
            opened.callback(candles.close)
            store = open_store(settings.store.url)
            opened.callback(store.close)
            answers: Answers = store
            if variables.fraud_user_event is not None:
                copies = open_fraud_user_event(variables.fraud_user_event)
                opened.callback(copies.close)
                answers = CopiedAlerts(store=store, copies=copies, tell=log.warning)
            dead_letters = None
            if variables.dead_letters is not None:
                dead_letters = DeadLetters(variables.dead_letters)
                opened.callback(dead_letters.close)
            return cls(
                settings=settings,
                store=answers,
                investigator=investigator_of(
                    settings, trades, candles, model_of(settings), store.last_clean
                ),
                dead_letters=dead_letters,
                clock=clock,
                held=opened.pop_all(),
            )

    def close(self) -> None:
        """Let go of all connections."""
        self.held.close()

    def answer(self, event: object) -> tuple[list[str], Drained]:
        """See to all messages of an invocation: the ids of those that have to come again, and what
        became of the others. Raises InputError where `event` is no batch of SQS."""
        batch = LambdaBatch(event, clock=self.clock, bury=self._bury)
        settings = replace(self.settings.worker.settings(), batch=max(1, len(batch)))
        if self.dead_letters is None:
            # A message that fails by a fault of ours is not thrown away: the queue's own policy
            # gives it up.
            settings = replace(settings, most_faults=_NEVER)
        drain = Drain(
            queue=batch,
            store=self.store,
            investigator=self.investigator,
            clock=self.clock,
            # The queue decides when a message comes again.
            backoff=lambda _: 0.0,
            settings=settings,
            tell=_tell,
        )
        try:
            counts = drain.once()
            counts.buried -= batch.unburied
            counts.failed += batch.unburied
        except StoreGone:
            counts = Drained(received=len(batch), failed=len(batch.failures))
            log.warning("the store is gone")
        return batch.failures, counts

    def _keep(self, message: Message, reason: str) -> None:
        """Raises QueueGone where the store is gone, so that the message comes again."""
        try:
            self.store.record([_unread(message, reason)], self.clock.now())
        except StoreGone as error:
            raise QueueGone(str(error)) from None

    def _bury(self, message: Message, reason: str) -> None:
        if self.dead_letters is None:
            # Only what is no event at all comes here, and such reasons quote nothing of it.
            self._keep(message, reason)
            log.warning("no event, kept as an alert: %s: %s", message.message_id, reason)
            return
        try:
            self.dead_letters.bury(message, reason)
        except QueueGone as error:
            log.warning("not given up, it comes again: %s: %s", message.message_id, error)
            raise
        log.warning("given up, see the dead-letter queue: %s", message.message_id)


def _unread(message: Message, reason: str) -> Investigation:
    """A message that is no event, for a person to look at: it may be of a withdrawal that nobody
    has checked. The account stands for one message alone, so that no other joins its alert."""
    return Investigation(
        event=Event(
            key=f"message:{message.message_id}",
            account_id=f"message {message.message_id}",
            time=message.sent_at,
        ),
        decision=Decision.REVIEW,
        verdict=None,
        unanswered=Unanswered.UNREADABLE,
        reasons=(reason,),
        exhibits=(
            Exhibit(name="body.txt", media_type="text/plain", content=message.body.encode()),
        ),
    )


def _tell(what: str, figures: dict[str, object]) -> None:
    log.warning("%s%s", what, said(figures))


def said(figures: dict[str, object]) -> str:
    """Figures for a line of a log."""
    return "".join(f" {name}={value}" for name, value in figures.items())
