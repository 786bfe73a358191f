"""The flow as the settings name it: queue, store, sources, model, and what answers events.

    with closing(open_flow(load_settings())) as flow:
        flow.drain().until(stop)

Nothing is connected to before it is first asked, so that a service starts while a database is gone
and says so by its readiness.
"""

import random
from dataclasses import dataclass

from tradeglyph.app.inquiries import ModelLoader, investigator_of
from tradeglyph.app.live_sources import open_candles, open_trades
from tradeglyph.app.settings import Settings
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.pipeline.backoff import Backoff
from tradeglyph.pipeline.drain import Drain
from tradeglyph.pipeline.investigate import SourceInvestigator
from tradeglyph.pipeline.telling import Tell, silent
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import Queue
from tradeglyph.ports.sources import CandleSource, TradeSource
from tradeglyph.queues.address import open_queue
from tradeglyph.stores.late import LateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Everything between a withdrawal and an alert. Threads may share it; a process that forks
    opens its own."""

    settings: Settings
    clock: Clock
    queue: Queue
    store: AlertStore
    """Opened at the first question, and at every later one where it was gone."""
    trades: TradeSource
    candles: CandleSource
    model: ModelLoader
    investigator: SourceInvestigator

    def drain(self, tell: Tell = silent) -> Drain:
        """The loop of one worker; `tell` gets what happens."""
        pause = Backoff(random=random.random)
        return Drain(
            queue=self.queue,
            store=self.store,
            investigator=self.investigator,
            clock=self.clock,
            backoff=pause.seconds,
            settings=self.settings.worker.settings(),
            tell=tell,
            ready=self.ready,
        )

    def ready(self) -> None:
        """Raises QueueGone or StoreGone where one of them can't be reached now."""
        self.store.ping()
        self.queue.depth()

    def close(self) -> None:
        """Let go of files and connections."""
        for part in (self.queue, self.store, self.trades, self.candles):
            close = getattr(part, "close", None)
            if close is not None:
                close()


def open_flow(settings: Settings) -> Flow:
    """Raises InputError where the settings can't be meant (no source is configured, an address is
    wrong), MissingExtra where a package is not installed; nothing for what can't be reached now."""
    clock = SystemClock()
    trades, candles = open_trades(settings), open_candles(settings)
    model = ModelLoader(settings.model)
    store = LateStore(settings.store.url)
    return Flow(
        settings=settings,
        clock=clock,
        queue=open_queue(settings.queue.url, clock=clock),
        store=store,
        trades=trades,
        candles=candles,
        model=model,
        investigator=investigator_of(
            settings, trades, candles, model, store.last_clean, store.last_cleans
        ),
    )
