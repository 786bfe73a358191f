"""Answers an alert's window once more, from the sources as they are now, and compares."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tradeglyph.app.inquiries import inquiry_of
from tradeglyph.app.settings import Settings
from tradeglyph.domain.alerts import Alert
from tradeglyph.domain.errors import InputError, TradeglyphError
from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Exhibit, Finding
from tradeglyph.pipeline.exhibits import candles_file, trades_file
from tradeglyph.pipeline.inquiry import Inquiry, Model, NoModel
from tradeglyph.pipeline.investigate import LONGEST_CANDLE_US, SourceInvestigator
from tradeglyph.ports.sources import CandleSource, SourceGone, TooManyRows, TradeSource

LOOK_BACK = "look_back_us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """One symbol, as it was kept and as it is found now."""

    kept: Finding | None
    """None where the alert has no finding of it."""
    now: Finding | None
    """None where nothing is found now."""

    @property
    def symbol(self) -> str:
        """The symbol of both."""
        found = self.kept or self.now
        return "" if found is None else found.symbol

    @property
    def same(self) -> bool:
        """Whether verdict, role, number of fills and money are the same."""
        return _told(self.kept) == _told(self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What came of it."""

    symbols: tuple[Again, ...]
    look_back_us: int
    """Over which flows of money were summed, as when the alert was raised."""
    window_us: int
    time: int
    """The event's, microseconds UTC."""
    files: tuple[Exhibit, ...]
    """Everybody's trades and the candles that the answer rests on, which `score` reads."""

    @property
    def same(self) -> bool:
        """Whether every answer is what it was."""
        return all(again.same for again in self.symbols)


def replay(
    alert: Alert,
    settings: Settings,
    trades: TradeSource,
    candles: CandleSource,
    model: Callable[[], Model],
) -> Replay:
    """The findings of the alert, made again by the settings as they are now, but with the alert's
    own window and look-back. Signals of the event are not kept and play no part: compared is what
    was found, and not what was decided.

    Raises InputError where the alert was raised for want of an answer, or the model is another
    than the alert's; TradeglyphError where a source can't be reached now.
    """
    check_answered(alert)
    _check_model(alert, model)
    time = max(finding.window_end for finding in alert.findings)
    window_us = time - min(finding.window_start for finding in alert.findings)
    inquiry = _inquiry(alert, settings, window_us)
    investigator = SourceInvestigator(
        trades=trades, candles=candles, model=model, inquiry=inquiry, exhibits=False
    )
    event = Event(key=f"replay:{alert.alert_id}", account_id=alert.account_id, time=time)
    (answer,) = investigator.investigate([event])
    if answer.unanswered is not None and not answer.findings:
        raise TradeglyphError(f"{alert.alert_id}: {' '.join(answer.reasons)}")
    kept = {finding.symbol: finding for finding in alert.findings}
    now = {finding.symbol: finding for finding in answer.findings}
    return Replay(
        symbols=tuple(
            Again(kept=kept.get(name), now=now.get(name)) for name in dict.fromkeys([*kept, *now])
        ),
        look_back_us=inquiry.rules.look_back_us,
        window_us=window_us,
        time=time,
        files=_files(sorted({*kept, *now}), time, window_us, inquiry, trades, candles),
    )


def check_answered(alert: Alert) -> None:
    """Raises InputError where the alert was raised for want of an answer."""
    if not alert.findings:
        raise InputError(
            f"{alert.alert_id}: there was no answer to make again; send the event once more under "
            "another event_id"
        )


def _check_model(alert: Alert, model: Callable[[], Model]) -> None:
    try:
        loaded = dict(model().replay)
    except NoModel as error:
        raise InputError(f"the model can't be loaded: {error}") from None
    made = dict(alert.replay)
    for name in ("weights_sha256", "picture"):
        if name in made and made[name] != loaded[name]:
            raise InputError(
                f"the alert was answered by {made.get('model', made[name])}, and this is "
                f"{loaded['model']}; name the folder of the former by --model"
            )


def _inquiry(alert: Alert, settings: Settings, window_us: int) -> Inquiry:
    configured = inquiry_of(settings)
    look_back = dict(alert.replay).get(LOOK_BACK)
    rules = configured.rules
    if look_back is not None:
        rules = replace(rules, look_back_us=int(look_back))
    # What is asked lies in the past: no feed is late for it.
    return replace(configured, rules=rules, window_us=window_us, stale_after_us=0)


def _files(
    symbols: list[str],
    time: int,
    window_us: int,
    inquiry: Inquiry,
    trades: TradeSource,
    candles: CandleSource,
) -> tuple[Exhibit, ...]:
    before = inquiry.rules.look_back_us + inquiry.rules.ledger.half_widths[-1]
    try:
        market = trades.of_symbols(symbols, time - max(before, window_us), time)
        bars = candles.of_symbols(symbols, time - window_us - LONGEST_CANDLE_US, time)
    except SourceGone as error:
        raise TradeglyphError(f"{error}; try again later") from None
    except TooManyRows as error:
        raise InputError(f"{error}; raise max_rows of the source") from None
    return trades_file(market), candles_file(bars)


def _told(finding: Finding | None) -> tuple[object, ...] | None:
    if finding is None:
        return None
    money = None if finding.transferred is None else round(finding.transferred, 2)
    return finding.verdict, finding.role, finding.trade_count, money
