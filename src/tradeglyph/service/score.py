"""`POST /v1/score`: an answer for a withdrawal that waits."""

import asyncio
import json
import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from tradeglyph.app.log import Log
from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Investigation, Unanswered
from tradeglyph.domain.instants import exact_rfc3339
from tradeglyph.pipeline.event_words import unanswered_words
from tradeglyph.pipeline.parse_event import BadEvent, event_of
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.sources import SourceGone, TooManyRows
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.service.answer_record import NOTHING, AnswerRecord, Kept
from tradeglyph.service.answers import gravest, score_answer
from tradeglyph.service.bodies import misfits, problem_of_event
from tradeglyph.service.explain import explained, fetched
from tradeglyph.service.limits import Limits
from tradeglyph.service.market_rows import Brought, candle_rows, trade_rows
from tradeglyph.service.metrics import Metrics
from tradeglyph.service.parts import Parts
from tradeglyph.service.problem import Problem
from tradeglyph.service.schemas import OcclusionAnswer, ScoreAnswer, ScoreBody
from tradeglyph.service.score_body import ScoreRead, read_score

RETRY_AFTER_S = 5
"""When to ask again where the decision is `delay`."""

_NO_SOURCES = (
    "is missing, and so is candles: this service has no [sources] to look the account up in, so a "
    "request must bring both"
)

AT_ONCE = 65_536
"""Characters of a body that is read where it arrived, and answered there where it brings its own
rows: some hundred rows take a few milliseconds, and handing them to a thread and back takes one
more. Nothing of it waits for a database or another machine."""

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A request that was read."""

    body: ScoreBody
    event: Event
    brought: Brought | None
    lang: Lang

    @property
    def to_keep(self) -> bool:
        """Whether its answer is kept: an event with an id of its sender's, so that it is known when
        it comes again. What brings its own trades changes nothing here."""
        return self.brought is None and self.event.key.startswith("event:")


class _Asked:
    """A body that is read once, by whoever needs it first."""

    def __init__(self, read: Callable[[], _Question]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._question: _Question | None = None

    def question(self) -> _Question:
        """Raises Problem for a body that can't be answered."""
        with self._lock:
            if self._question is None:
                self._question = self._read()
            return self._question


class Scoring:
    """Answers bodies of `POST /v1/score`, each in a thread and in time."""

    def __init__(self, parts: Parts, limits: Limits, metrics: Metrics, log: Log) -> None:
        self._parts = parts
        self._limits = limits
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="score")
        self._record = AnswerRecord(parts, limits, metrics, log)

    def close(self) -> None:
        """Begin nothing new, and end what is being written down."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._record.close()

    async def answer(self, body: str, request_id: str) -> ScoreAnswer:
        """Raises Problem for a body that can't be answered.

        What takes too long is answered by policy; the work is finished for nobody.
        """
        until = asyncio.get_running_loop().time() + self._limits.score_s
        asked = _Asked(lambda: self._read(body, request_id))
        if len(body) <= AT_ONCE and asked.question().brought is not None:
            question, investigation = self._answered(asked)
        else:
            question, investigation = await self._answered_in_time(asked, until)
        kept = await self._kept(question, investigation)
        occlusion = None
        if question.body.explain:
            with suppress(TimeoutError):  # the answer is known, why is not
                async with asyncio.timeout_at(until):
                    occlusion = await self._in_thread(
                        lambda: self._explained(question, investigation)
                    )
        self._metrics.scored(investigation)
        model = self._parts.model()
        return score_answer(
            investigation,
            kept,
            model="" if model is None else model.name,
            repeats=question.brought.repeats if question.brought else 0,
            occlusion=occlusion,
        )

    async def _answered_in_time(
        self, asked: "_Asked", until: float
    ) -> tuple[_Question, Investigation]:
        try:
            async with asyncio.timeout_at(until):
                # Read and looked at in one thread: each turn to another costs time.
                return await self._in_thread(lambda: self._answered(asked))
        except TimeoutError:
            # Not cut off: a body that can't be read has no event that a policy could decide on.
            question = await asyncio.to_thread(asked.question)
            return question, self._unanswered(question, Unanswered.TIMED_OUT)

    def _answered(self, asked: "_Asked") -> tuple[_Question, Investigation]:
        question = asked.question()
        return question, self._investigated(question)

    async def _kept(self, question: _Question, investigation: Investigation) -> Kept:
        """Raises Problem 409 where the event's id is another account's."""
        if not question.to_keep:
            return NOTHING
        fields = _event_fields(question.body) | {"occurred_at": exact_rfc3339(question.event.time)}
        kept = await self._record.keep(investigation, json.dumps(fields))
        if kept.account_id not in (None, question.event.account_id):
            raise Problem(
                409, "event_id: was used for another account; give this withdrawal its own"
            )
        return kept

    async def _in_thread(self, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _read(self, body: str, request_id: str) -> _Question:
        with self._metrics.stage("read"):
            read = read_score(body)
            record, event = read.record, self._event(read.record, request_id)
            if not read.rows and not self._parts.investigator:
                raise misfits([{"where": "trades", "what": _NO_SOURCES}])
            return _Question(
                body=record,
                event=event,
                brought=_brought(read, event),
                lang=record.lang or self._parts.lang,
            )

    def _event(self, record: ScoreBody, request_id: str) -> Event:
        now = self._parts.clock.now()
        try:
            fields = {name: _exact(said) for name, said in _event_fields(record).items()}
            return event_of(fields, message_id=request_id, sent_at=now, now=now)
        except BadEvent as error:
            raise problem_of_event(error) from None

    def _investigator(self, question: _Question) -> Investigator:
        brought = question.brought
        if brought is None:
            assert self._parts.investigator is not None  # noqa: S101  refused when it was read
            return self._parts.investigator(question.lang, exhibits=question.to_keep)
        return self._parts.inline(brought.trades, brought.candles, question.lang)

    def _investigated(self, question: _Question) -> Investigation:
        with self._metrics.stage("investigate"):
            try:
                (investigation,) = self._investigator(question).investigate([question.event])
            except SourceGone:
                return self._unanswered(question, Unanswered.SOURCE_GONE)
            except TooManyRows:
                return self._unanswered(question, Unanswered.TOO_MANY_TRADES)
            return investigation

    def _explained(
        self, question: _Question, investigation: Investigation
    ) -> OcclusionAnswer | None:
        parts, finding = self._parts, gravest(investigation.findings)
        model = parts.model()
        if finding is None or model is None:
            return None
        with self._metrics.stage("explain"):
            if question.brought is not None:
                rows = question.brought.trades, question.brought.candles
            elif parts.trades is None or parts.candles is None:
                return None
            else:
                try:
                    rows = fetched(finding, parts.trades, parts.candles)
                except (SourceGone, TooManyRows):  # the answer is known, why is not
                    return None
            return explained(finding, *rows, model, question.lang)

    def _unanswered(self, question: _Question, why: Unanswered) -> Investigation:
        return Investigation(
            event=question.event,
            decision=self._parts.policy.without_answer(question.event, why),
            verdict=None,
            unanswered=why,
            reasons=(unanswered_words(why, question.lang),),
        )


def headers_of(answer: ScoreAnswer) -> dict[str, str]:
    """Says when to ask again, where it is worth while."""
    return {"Retry-After": str(RETRY_AFTER_S)} if answer.decision is Decision.DELAY else {}


_SAME_NAMES = ("account_id", "userid", "symbol", "event_id", "occurred_at", "signals")


def _event_fields(record: ScoreBody) -> dict[str, Any]:
    fields = {name: getattr(record, name) for name in _SAME_NAMES}
    fields = {name: said for name, said in fields.items() if said is not None}
    if record.kind is not None:
        fields["businessType"] = record.kind
    if record.amount is not None:
        fields["amount"] = str(record.amount)  # the digits as they were sent
    return fields


def _exact(said: Any) -> Any:
    """As an event has it: a number with a point by its digits. Raises BadEvent for no number."""
    if isinstance(said, dict):
        return {name: _exact(value) for name, value in said.items()}
    if not isinstance(said, float):
        return said
    if not math.isfinite(said):
        raise BadEvent("not JSON: it holds what is no number")
    return Decimal(repr(said))


def _brought(read: ScoreRead, event: Event) -> Brought | None:
    if not read.rows:
        return None
    if read.trades is None or read.candles is None:
        absent = "trades" if read.trades is None else "candles"
        why = "trades and candles come together; without both, the configured sources are asked"
        raise misfits([{"where": absent, "what": why}])
    trades, repeats = trade_rows(read.trades, account_id=event.account_id, symbol=event.symbol)
    candles = candle_rows(read.candles, symbol=event.symbol, interval=read.record.interval)
    return Brought(trades=trades, candles=candles, repeats=repeats)
