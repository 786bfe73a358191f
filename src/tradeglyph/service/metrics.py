"""What Prometheus may ask: how fast, how much, and whether the scores still look as they did."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter
from typing import Any, TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.findings import Investigation
from tradeglyph.model.card import ModelCard
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import Queue, QueueGone

RECENT = 10_000
"""Answered windows that the flagged share is taken of: at an alert budget of 0.001 ten of them are
flagged, which tells twice the budget from the budget (20 against 10 +- 3.2)."""
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
MEDIA_TYPE = CONTENT_TYPE_LATEST
_Family = TypeVar("_Family", Counter, Histogram)


class Metrics:
    """Counts of one service; several in one process do not mix. Threads may share one."""

    def __init__(self, queue: Queue, clock: Clock, card: Callable[[], ModelCard | None]) -> None:
        """`card`: of the model whose answers are watched, for the share that it expects; None
        while there is no model."""
        self._queue = queue
        self._clock = clock
        self._card = card
        self._recent: deque[bool] = deque(maxlen=RECENT)
        self._recent_flagged = 0
        self._lock = Lock()
        self._children: dict[tuple[int, tuple[str, ...]], Any] = {}
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "tradeglyph_requests_total", "Answers", ["operation", "status"], registry=registry
        )
        self._request_s = Histogram(
            "tradeglyph_request_seconds",
            "From a request's head to the end of its answer",
            ["operation"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stage_s = Histogram(
            "tradeglyph_stage_seconds",
            "Stages of a score: read the body, investigate, explain",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._decisions = Counter(
            "tradeglyph_decisions_total", "Scores by decision", ["decision"], registry=registry
        )
        self._verdicts = Counter(
            "tradeglyph_verdicts_total", "Windows by verdict", ["verdict"], registry=registry
        )
        self._unanswered = Counter(
            "tradeglyph_unanswered_total", "Scores without answer", ["reason"], registry=registry
        )
        self._records = Counter(
            "tradeglyph_records_total",
            "Scores of events with an id, by what became of them: kept, repeated, queued, failed",
            ["outcome"],
            registry=registry,
        )
        self._share = Gauge(
            "tradeglyph_flagged_share",
            f"Share of the last {RECENT} answered windows that the model flags",
            registry=registry,
        )
        self._budget = Gauge(
            "tradeglyph_alert_budget",
            "Share of honest windows that the model's card says it flags",
            registry=registry,
        )
        self._drift = Gauge(
            "tradeglyph_score_drift",
            "Flagged windows over those that the card's alert budget expects, at least one: far "
            "above 1, the scores have moved, or there is much to look at",
            registry=registry,
        )
        self._queue_up = Gauge(
            "tradeglyph_queue_up", "Whether the queue can be reached", registry=registry
        )
        self._depth = Gauge(
            "tradeglyph_queue_messages", "Messages in the queue", ["state"], registry=registry
        )
        self._age = Gauge(
            "tradeglyph_queue_age_seconds", "Age of the oldest message", registry=registry
        )

    def _child(self, family: _Family, *labels: str) -> _Family:
        """The family's metric of these labels: the library looks longer for one than it counts."""
        key = (id(family), labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = family.labels(*labels)
        return child

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """A request has its answer."""
        self._child(self._requests, operation, str(status)).inc()
        self._child(self._request_s, operation).observe(seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what is done inside."""
        began = perf_counter()
        try:
            yield
        finally:
            self._child(self._stage_s, name).observe(perf_counter() - began)

    def scored(self, answer: Investigation) -> None:
        """Count an answer and its windows."""
        self._child(self._decisions, answer.decision.value).inc()
        if answer.unanswered is not None:
            self._unanswered.labels(answer.unanswered.value).inc()
        for finding in answer.findings:
            verdict = finding.verdict.value if finding.verdict else "none"
            self._child(self._verdicts, verdict).inc()
            if finding.probability is not None:
                self._add(finding.flagged)

    def recorded(self, outcome: str) -> None:
        """Count what became of an answer that is to be kept."""
        self._records.labels(outcome).inc()

    def text(self) -> bytes:
        """All of it, in Prometheus's text format, with the queue as it is now."""
        self._ask_queue()
        with self._lock:
            seen, flagged = len(self._recent), self._recent_flagged
        card = self._card()
        budget = float("nan") if card is None else card.alert_budget
        self._budget.set(budget)
        if seen:
            self._share.set(flagged / seen)
            # One flagged window is nothing, however few came before it.
            self._drift.set(flagged / max(seen * budget, 1.0))
        return generate_latest(self._registry)

    def _add(self, flagged: bool) -> None:
        with self._lock:
            if len(self._recent) == RECENT:
                self._recent_flagged -= self._recent[0]
            self._recent.append(flagged)
            self._recent_flagged += flagged

    def _ask_queue(self) -> None:
        try:
            depth = self._queue.depth()
        except QueueGone:
            self._queue_up.set(0)
            self._depth.clear()
            self._age.set(float("nan"))
            return
        self._queue_up.set(1)
        for state in ("waiting", "leased", "dead"):
            self._depth.labels(state).set(getattr(depth, state))
        oldest = depth.oldest
        age = 0.0 if oldest is None else (self._clock.now() - oldest) / MICROSECONDS
        self._age.set(max(age, 0.0))
