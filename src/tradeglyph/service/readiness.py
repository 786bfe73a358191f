"""Whether every part of the service can be used now."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.domain.instants import exact_rfc3339
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.ports.queue import QueueGone
from tradeglyph.ports.sources import SourceGone, TooManyRows
from tradeglyph.service.parts import Parts
from tradeglyph.service.problem import Problem
from tradeglyph.service.schemas import ReadyAnswer

KEPT_S = 1.0
"""An answer holds for so long: anybody may ask, and each time asks the databases."""
PATIENCE_S = 5.0
"""A part that does not answer for so long is not ready."""


class Readiness:
    """Asks the parts, one question at a time."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = asyncio.Lock()
        self._asked_at = -KEPT_S
        self._found: ReadyAnswer | tuple[str, ...] = ()

    async def answer(self) -> ReadyAnswer:
        """Raises Problem 503 that names the parts that are not ready."""
        async with self._lock:
            if time.monotonic() - self._asked_at >= KEPT_S:
                self._found = await self._ask()
                self._asked_at = time.monotonic()
        if isinstance(self._found, ReadyAnswer):
            return self._found
        raise Problem(
            503,
            f"not ready: {', '.join(self._found)}",
            headers={"Retry-After": "5"},
            not_ready=list(self._found),
        )

    async def _ask(self) -> ReadyAnswer | tuple[str, ...]:
        parts = self._parts
        questions: dict[str, Callable[[], int | None]] = {
            "store": lambda: parts.store.ping(),
            "queue": lambda: parts.queue.depth().dead,
            "model": lambda: _model(parts),
        }
        if parts.trades is not None:
            questions["trades"] = partial(parts.trades.watermark, parts.clock.now())
        if parts.candles is not None:
            questions["candles"] = partial(parts.candles.watermark, parts.clock.now())
        answers = await asyncio.gather(*(_asked(question) for question in questions.values()))
        found = dict(zip(questions, answers, strict=True))
        missing = tuple(name for name, (ready, _) in found.items() if not ready)
        if missing:
            return missing
        return ReadyAnswer(
            trades_until=_instant(found.get("trades")),
            candles_until=_instant(found.get("candles")),
        )


async def _asked(question: Callable[[], int | None]) -> tuple[bool, int | None]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return True, await asyncio.to_thread(question)
    except (StoreGone, QueueGone, SourceGone, TooManyRows, TimeoutError):
        return False, None
    except TradeglyphError:  # a database came back with another schema, a file with other columns
        return False, None


def _model(parts: Parts) -> None:
    if parts.model() is None:
        raise SourceGone


def _instant(answer: tuple[bool, int | None] | None) -> str | None:
    return exact_rfc3339(answer[1]) if answer is not None and answer[1] is not None else None
