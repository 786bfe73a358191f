"""`POST /v1/score`: an answer for a withdrawal that waits."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Investigation, Unanswered
from tradeglyph.pipeline.event_words import unanswered_words
from tradeglyph.pipeline.parse_event import BadEvent, parse_event
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.sources import SourceGone, TooManyRows
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.service.answers import gravest, score_answer
from tradeglyph.service.bodies import misfits, record_of
from tradeglyph.service.explain import explained, fetched
from tradeglyph.service.limits import Limits
from tradeglyph.service.market_rows import Brought, candle_rows, trade_rows
from tradeglyph.service.metrics import Metrics
from tradeglyph.service.parts import Parts
from tradeglyph.service.schemas import SCORE_BODY, OcclusionAnswer, ScoreAnswer, ScoreBody

RETRY_AFTER_S = 5
"""When to ask again where the decision is `delay`."""

READ_AT_ONCE = 16_384
"""Characters of a body that is read where it arrived: that takes about a millisecond, and handing
it to a thread and back as long."""

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A request that was read."""

    body: ScoreBody
    event: Event
    brought: Brought | None
    lang: Lang


class Scoring:
    """Answers bodies of `POST /v1/score`, each in a thread and in time."""

    def __init__(self, parts: Parts, limits: Limits, metrics: Metrics) -> None:
        self._parts = parts
        self._limits = limits
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="score")

    def close(self) -> None:
        """Begin nothing new."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, body: str, request_id: str) -> ScoreAnswer:
        """Raises Problem for a body that can't be answered.

        What takes too long is answered by policy; the work is finished for nobody.
        """
        until = asyncio.get_running_loop().time() + self._limits.score_s
        # Not cut off: a body that can't be read has no event that a policy could decide on.
        if len(body) <= READ_AT_ONCE:
            question = self._read(body, request_id)
        else:
            question = await self._in_thread(lambda: self._read(body, request_id))
        try:
            async with asyncio.timeout_at(until):
                investigation = await self._in_thread(lambda: self._investigated(question))
                occlusion = None
                if question.body.explain:
                    occlusion = await self._in_thread(
                        lambda: self._explained(question, investigation)
                    )
        except TimeoutError:
            investigation, occlusion = self._unanswered(question, Unanswered.TIMED_OUT), None
        self._metrics.scored(investigation)
        model = self._parts.model()
        return score_answer(
            investigation,
            model="" if model is None else model.name,
            repeats=question.brought.repeats if question.brought else 0,
            occlusion=occlusion,
        )

    async def _in_thread(self, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _read(self, body: str, request_id: str) -> _Question:
        with self._metrics.stage("read"):
            record = record_of(SCORE_BODY, body)
            event = self._event(record, request_id)
            return _Question(
                body=record,
                event=event,
                brought=_brought(record, event),
                lang=record.lang or self._parts.lang,
            )

    def _event(self, record: ScoreBody, request_id: str) -> Event:
        now = self._parts.clock.now()
        try:
            return parse_event(
                json.dumps(_event_fields(record)), message_id=request_id, sent_at=now, now=now
            )
        except BadEvent as error:
            raise misfits([{"where": "the event", "what": str(error)}]) from None

    def _investigator(self, question: _Question) -> Investigator:
        if question.brought is None:
            return self._parts.investigator(question.lang)
        brought = question.brought
        return self._parts.inline(brought.trades, brought.candles, question.lang)

    def _investigated(self, question: _Question) -> Investigation:
        with self._metrics.stage("investigate"):
            try:
                (investigation,) = self._investigator(question).investigate([question.event])
            except (SourceGone, StoreGone):
                # Without the last clean check nobody knows how far to look back.
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


def _event_fields(record: ScoreBody) -> dict[str, Any]:
    fields = record.model_dump(
        include={"account_id", "userid", "symbol", "event_id", "occurred_at", "signals"},
        exclude_none=True,
    )
    if record.kind is not None:
        fields["businessType"] = record.kind
    if record.amount is not None:
        fields["amount"] = str(record.amount)  # the digits as they were sent
    return fields


def _brought(record: ScoreBody, event: Event) -> Brought | None:
    if record.trades is None and record.candles is None:
        return None
    if record.trades is None or record.candles is None:
        absent = "trades" if record.trades is None else "candles"
        why = "trades and candles come together; without both, the configured sources are asked"
        raise misfits([{"where": absent, "what": why}])
    trades, repeats = trade_rows(record.trades, account_id=event.account_id, symbol=event.symbol)
    candles = candle_rows(record.candles, symbol=event.symbol, interval=record.interval)
    return Brought(trades=trades, candles=candles, repeats=repeats)
