"""`tradeglyph serve --demo`: the whole flow on simulated accounts, with nothing to set up."""

import json
import shlex
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tradeglyph.app.flow import Flow, open_flow
from tradeglyph.app.flow_demo import FlowDemo, make_flow_demo
from tradeglyph.app.service_settings import KeySettings
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.domain.api_keys import key_hash, new_key
from tradeglyph.domain.instants import exact_rfc3339
from tradeglyph.recognizers.reasons import Lang

PATIENCE_S = 20.0
"""How long the service waits for the withdrawals to be answered before it starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDemo:
    """A demo whose worker is at work."""

    made: FlowDemo
    key: str
    """The API key, with every scope."""
    alerts: int
    """On the first page of those that are open: 50 at most."""
    account_id: str
    """One to ask about: of the newest alert."""
    asked_at: int
    """When that account wanted its money, microseconds UTC."""


@contextmanager
def running_demo(out: Path | None, *, lang: Lang, port: int) -> Iterator[RunningDemo]:
    """A state in `out`, or in a folder that goes with it; its withdrawals answered by a worker that
    takes them from the queue, and goes on to the end. Raises InputError where `out` has a state."""
    key = new_key()
    stored = KeySettings(name="demo", sha256=key_hash(key), scopes=frozenset({"admin"}))
    with tempfile.TemporaryDirectory(prefix="tradeglyph-", ignore_cleanup_errors=True) as folder:
        made = make_flow_demo(
            out if out is not None else Path(folder) / "demo",
            SystemClock(),
            lang=lang,
            key=stored,
            port=port,
        )
        with closing(open_flow(made.settings)) as flow, _worker(flow):
            _wait_for_answers(flow)
            yield _found(made, key, flow)


@contextmanager
def _worker(flow: Flow) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=flow.drain().until, args=(stop,), name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _wait_for_answers(flow: Flow) -> None:
    """So that there is something to see; on a slow machine, some of them."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        depth = flow.queue.depth()
        if not depth.waiting + depth.leased:
            return
        time.sleep(0.05)


def _found(made: FlowDemo, key: str, flow: Flow) -> RunningDemo:
    page = flow.store.alerts(most=50)
    # An alert is there by then, unless the machine was too slow for all of them.
    first = json.loads(made.withdrawals[0])
    account, at = first["account_id"], flow.clock.now()
    if page.alerts:
        account, at = page.alerts[0].account_id, page.alerts[0].window_end
    return RunningDemo(made=made, key=key, alerts=len(page.alerts), account_id=account, asked_at=at)


def curls(demo: RunningDemo, address: str) -> list[str]:
    """Three lines for a shell: score, events, alerts."""
    event = {
        "account_id": demo.account_id,
        "occurred_at": exact_rfc3339(demo.asked_at),
        "amount": 2500,
    }
    score = json.dumps(event)
    send = json.dumps({"event_id": "try-1", **event})
    head = ["curl", "-s", "-H", f"Authorization: Bearer {demo.key}"]
    body = ["-H", "Content-Type: application/json", "-d"]
    return [
        shlex.join([*head, *body, score, f"{address}/v1/score"]),
        shlex.join([*head, *body, send, f"{address}/v1/events"]),
        shlex.join([*head, f"{address}/v1/alerts"]),
    ]
