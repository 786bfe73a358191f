"""What a person says of trades and candles, in texts: the same for every face of the product."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from tradeglyph.app.market import WindowRule
from tradeglyph.app.reading import (
    Label,
    OnError,
    candle_options,
    configured,
    language,
    trade_options,
)
from tradeglyph.app.settings import Settings
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.interval import parse_interval
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.zones import check_zone

if TYPE_CHECKING:
    from tradeglyph.app.scoring import ScoreRequest


@dataclass(frozen=True, kw_only=True)
class MarketInputs:
    """Trades, candles, how they are read and how time is cut. Errors name the options of the
    command line."""

    trades: Path
    candles: Path
    day_timezone: str | None = None
    span: str | None = None
    """`--window`."""
    as_of: str | None = None
    mapping: list[str] | None = None
    """`--map`."""
    symbol: str | None = None
    time_format: str | None = None
    timezone: str | None = None
    epoch_base: str | None = None
    on_error: OnError = "stop"
    drop_duplicates: bool = False
    candles_mapping: list[str] | None = None
    candles_symbol: str | None = None
    candles_time_format: str | None = None
    candles_timezone: str | None = None
    candles_epoch_base: str | None = None
    candle_label: Label = "start"

    def reading_trades(self, settings: Settings) -> ReadOptions:
        """How the trades are read. Raises InputError for options that say nothing."""
        return trade_options(
            mapping=configured(settings.columns.trades, self.mapping, "columns.trades"),
            symbol=self.symbol,
            time_format=self.time_format,
            timezone=self.timezone or settings.timezone,
            epoch_base=self.epoch_base,
            on_error=self.on_error,
            drop_duplicates=self.drop_duplicates,
        )

    def reading_candles(self, settings: Settings) -> ReadOptions:
        """How the candles are read; what is not said of them holds as for the trades.

        Raises InputError for options that say nothing.
        """
        return candle_options(
            mapping=configured(settings.columns.candles, self.candles_mapping, "columns.candles"),
            symbol=self.candles_symbol,
            time_format=self.candles_time_format,
            timezone=self.candles_timezone,
            epoch_base=self.candles_epoch_base,
            candle_label=self.candle_label,
            trades=self.reading_trades(settings),
        )

    def cutting(self) -> WindowRule:
        """How time is cut. Raises InputError for half a span or a time without an offset."""
        if self.span is None and self.as_of is None:
            if self.day_timezone is not None:
                check_zone(self.day_timezone, "--day-timezone")
            return WindowRule(zone=ZoneInfo(self.day_timezone or "UTC"))
        if self.span is None or self.as_of is None:
            raise InputError(
                "--window and --as-of go together: --window 24h --as-of 2026-01-02T00:00:00Z"
            )
        if self.day_timezone is not None:
            raise InputError("--day-timezone cuts days; leave it out with --window")
        return WindowRule(span_us=parse_interval(self.span, "--window"), as_of=_moment(self.as_of))

    def to_score(
        self,
        settings: Settings,
        *,
        model: str | None = None,
        threshold: float | None = None,
        lang: str | None = None,
        lists: Path | None = None,
        references: Path | None = None,
    ) -> "ScoreRequest":
        """What to score, and how; what is None is as the settings have it.

        Raises InputError as the parts it is made of do.
        """
        from tradeglyph.app.scoring import ScoreRequest

        return ScoreRequest(
            trades=self.trades,
            candles=self.candles,
            model=model or settings.model,
            threshold=checked_threshold(threshold),
            rule=self.cutting(),
            trade_options=self.reading_trades(settings),
            candle_options=self.reading_candles(settings),
            lang=language(lang or settings.lang),
            lists=lists,
            rules=settings.rules,
            references=references,
        )

    def of_one_day(self) -> tuple[Self, str | None]:
        """Where `--window` is a day (YYYY-MM-DD): the same without it, and the day."""
        if self.span is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", self.span):
            return replace(self, span=None), self.span
        return self, None


def checked_threshold(threshold: float | None) -> float | None:
    """Raises InputError for a threshold that no probability can be compared with."""
    if threshold is not None and not 0 <= threshold <= 1:
        raise InputError(f"--threshold {threshold}: must be a probability, from 0 to 1")
    return threshold


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"--as-of {text!r}: write it as 2026-01-02T00:00:00Z") from None
    if moment.tzinfo is None:
        raise InputError(f"--as-of {text!r}: add an offset, such as Z or +08:00")
    return moment
