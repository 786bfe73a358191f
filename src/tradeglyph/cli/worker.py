"""`tradeglyph worker`: answers the events of the queue, for as long as it is let."""

import os
import signal
import sys
from contextlib import closing
from threading import Event as Flag
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.queues import QueueUrl
from tradeglyph.cli.stores import Store
from tradeglyph.cli.writable import check_writable
from tradeglyph.domain.errors import TradeglyphError

if TYPE_CHECKING:
    from tradeglyph.app.settings import Settings
    from tradeglyph.pipeline.drain import Drained

ALERTS = 3


def worker(
    once: Annotated[
        bool, typer.Option("--once", help="Answer what waits now, and end: for cron and tests")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Worker processes (default: \\[worker] processes, 1)"),
    ] = None,
    fail_on_alert: Annotated[
        bool, typer.Option("--fail-on-alert", help="End with status 3 where alerts were raised")
    ] = False,
    queue: QueueUrl = None,
    store: Store = None,
    as_json: AsJson = False,
    child: Annotated[bool, typer.Option("--child", hidden=True)] = False,
) -> None:
    """Answer events from the queue: look at the account, keep the answer, raise an alert.

    SIGTERM and Ctrl-C end it: what it holds is finished first. While the store or the queue is gone
    it waits; with --once it ends with status 1 and nothing is lost. Its log are JSON lines on
    stderr, without accounts.
    """
    from tradeglyph.app.settings import load_settings

    settings = _settings(load_settings(), queue, store)
    count = processes or settings.worker.processes
    stop = _stopped_by_signals()
    if child:
        Thread(target=_follow_parent, args=(stop,), daemon=True).start()
    if child or count == 1:
        total = _alone(settings, stop, once=once)
    else:
        total = _together(count, stop, queue, store, once=once)
    _report(total, as_json=as_json or child)
    if fail_on_alert and total.alerts:
        raise typer.Exit(ALERTS)


def _settings(settings: "Settings", queue: str | None, store: str | None) -> "Settings":
    changed: dict[str, object] = {}
    if queue is not None:
        changed["queue"] = settings.queue.model_copy(update={"url": queue})
    if store is not None:
        changed["store"] = settings.store.model_copy(update={"url": store})
    return settings.model_copy(update=changed)


def _alone(settings: "Settings", stop: Flag, *, once: bool) -> "Drained":
    """Raises TradeglyphError where `once` meets a store or a queue that is gone, InputError where
    the file of one may not be written."""
    from tradeglyph.app.flow import open_flow
    from tradeglyph.app.log import log_warnings, open_log
    from tradeglyph.ports.alert_store import StoreGone
    from tradeglyph.ports.queue import QueueGone

    log = open_log("worker")
    log_warnings("worker")
    with closing(open_flow(settings)) as flow:
        try:
            return flow.drain(log).until(stop, empty=once)
        except (StoreGone, QueueGone) as error:
            check_writable(queue=settings.queue.url, store=settings.store.url)
            raise TradeglyphError(
                f"{error}; what was not answered waits in the queue, run it again later"
            ) from None


def _together(
    count: int, stop: Flag, queue: str | None, store: str | None, *, once: bool
) -> "Drained":
    """Raises TradeglyphError where a worker ended by a fault that the next one would meet, too."""
    import random

    from tradeglyph.app.crew import Crew
    from tradeglyph.app.log import open_log
    from tradeglyph.pipeline.backoff import Backoff

    given = {"TRADEGLYPH_QUEUE__URL": queue, "TRADEGLYPH_STORE__URL": store}
    crew = Crew(
        command=[
            *(sys.executable, "-m", "tradeglyph", "worker", "--child"),
            *(("--once",) if once else ()),
        ],
        environment=os.environ | {name: value for name, value in given.items() if value},
        count=count,
        tell=open_log("crew"),
        backoff=Backoff(random=random.random, first_s=0.2, cap_s=30.0).seconds,
        once=once,
    )
    status = crew.run(stop)
    if status:
        _report(crew.total, as_json=False)
        raise typer.Exit(status)  # the worker has said why
    return crew.total


def _stopped_by_signals() -> Flag:
    """Set by SIGTERM and SIGINT, which then end nothing by themselves."""
    stop = Flag()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        # From another thread: this one may be inside of the flag's own lock.
        Thread(target=stop.set).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop


def _follow_parent(stop: Flag) -> None:
    """Whoever started this process holds the other end of its standard input."""
    # Not by sys.stdin, whose lock a reading thread holds when the process ends.
    while os.read(0, 4096):
        pass
    stop.set()


def _report(total: "Drained", *, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        give(asdict(total))
        return
    tell(
        f"{total.answered:,} events answered, {total.alerts:,} raised alerts; "
        f"{total.repeated:,} repeated, {total.delayed:,} delayed, {total.failed:,} given back, "
        f"{total.buried:,} dead letters"
    )
