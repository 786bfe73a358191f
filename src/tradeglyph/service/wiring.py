"""Puts a service together from the settings.

What can't be reached now (a database, a queue, a model) stops nothing: the service starts, says
that it is not ready, and is ready as soon as it can be reached.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace

from tradeglyph.app.inquiries import ModelLoader, inquiry_of, investigator_of
from tradeglyph.app.live_sources import open_candles, open_trades
from tradeglyph.app.settings import Settings
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.domain.events import Event
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.inquiry import Inquiry, Model, NoModel
from tradeglyph.pipeline.investigate import SourceInvestigator
from tradeglyph.ports.alert_store import AlertStore, StoreGone
from tradeglyph.ports.investigator import Investigator
from tradeglyph.ports.sources import CandleSource, TradeSource
from tradeglyph.queues.address import open_queue
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.service import examples
from tradeglyph.service.market_rows import candle_rows, trade_rows
from tradeglyph.service.parts import Configured, Parts
from tradeglyph.sources.live.memory import MemoryCandles, MemoryTrades
from tradeglyph.stores.late import LateStore


@contextmanager
def wired(settings: Settings, *, sagemaker: bool = False) -> Iterator[Parts]:
    """The parts of a service, closed afterwards.

    Where `[sources]` names none, only requests that bring trades and candles are answered.

    Raises InputError where the settings can't be meant, MissingExtra where a package is missing.
    """
    clock, model = SystemClock(), ModelLoader(settings.model)
    with ExitStack() as stack:
        queue = open_queue(settings.queue.url, clock=clock)
        store = stack.enter_context(closing(LateStore(settings.store.url)))
        if hasattr(queue, "close"):
            stack.callback(queue.close)
        with suppress(StoreGone):
            store.ping()  # a wrong address, or an older schema, is said now
        trades: TradeSource | None = None
        candles: CandleSource | None = None
        investigator: Configured | None = None
        if has_sources(settings):
            trades = stack.enter_context(closing(open_trades(settings)))
            candles = stack.enter_context(closing(open_candles(settings)))
            investigator = _in_language(
                investigator_of(settings, trades, candles, model, _last_clean(store))
            )
        parts = Parts(
            investigator=investigator,
            inline=_inline(model, inquiry_of(settings)),
            store=store,
            queue=queue,
            clock=clock,
            model=lambda: _scorer(model),
            keys=settings.service.api_keys(),
            policy=settings.policy.policy(),
            lang=settings.lang,
            trades=trades,
            candles=candles,
            seed=open_model("seed") if sagemaker else None,
        )
        _warm(parts)
        yield parts


def has_sources(settings: Settings) -> bool:
    """Whether `[sources]` names any; one alone is a fault that is told when it is opened."""
    return settings.sources.trades is not None or settings.sources.candles is not None


def _last_clean(store: AlertStore) -> Callable[[str, int], int | None]:
    def last_clean(account_id: str, before: int) -> int | None:
        try:
            return store.last_clean(account_id, before)
        except (StoreGone, TradeglyphError):
            return 0  # nobody knows, and the withdrawal waits: as far back as is ever looked

    return last_clean


def _in_language(configured: SourceInvestigator) -> Configured:
    """One for each language, with exhibits and without."""
    made = {
        (lang, exhibits): replace(
            configured, inquiry=replace(configured.inquiry, lang=lang), exhibits=exhibits
        )
        for lang in _LANGS
        for exhibits in (False, True)
    }

    def investigator(lang: Lang, *, exhibits: bool) -> Investigator:
        return made[lang, exhibits]

    return investigator


_LANGS: tuple[Lang, ...] = ("en", "zh")


def _inline(
    model: Callable[[], Model], inquiry: Inquiry
) -> Callable[[TradeRows, Candles, Lang], Investigator]:
    # What a request brings is as new as its sender has it.
    by_lang = {lang: replace(inquiry, stale_after_us=0, lang=lang) for lang in _LANGS}

    def over(trades: TradeRows, candles: Candles, lang: Lang) -> Investigator:
        return SourceInvestigator(
            trades=MemoryTrades(trades),
            candles=MemoryCandles(candles),
            model=model,
            inquiry=by_lang[lang],
            exhibits=False,
        )

    return over


def _scorer(model: ModelLoader) -> OnnxScorer | None:
    try:
        return model.scorer()
    except NoModel:
        return None


def _warm(parts: Parts) -> None:
    """Answer the example once, so that the first withdrawal does not wait for the runtime."""
    asked = examples.SCORE
    trades, _ = trade_rows(asked["trades"], account_id=asked["account_id"], symbol=asked["symbol"])
    candles = candle_rows(asked["candles"], symbol=asked["symbol"], interval=asked["interval"])
    event = Event(key="-", account_id=asked["account_id"], time=int(trades.time.max()) + 1)
    parts.inline(trades, candles, parts.lang).investigate([event])
