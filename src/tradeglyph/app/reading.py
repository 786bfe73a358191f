"""What a person says of a file of trades or candles, in texts, as options for its reader."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tradeglyph.domain.errors import InputError
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.sources.interval import parse_interval
from tradeglyph.sources.options import ReadOptions, parse_mapping
from tradeglyph.sources.zones import check_zone

OnError = Literal["stop", "skip"]
Label = Literal["start", "end"]


def trade_options(
    *,
    mapping: list[str] | None = None,
    symbol: str | None = None,
    time_format: str | None = None,
    timezone: str | None = None,
    epoch_base: str | None = None,
    on_error: OnError = "stop",
    drop_duplicates: bool = False,
) -> ReadOptions:
    """How a file of trades is to be read. Raises InputError for texts that say nothing."""
    if timezone is not None:
        check_zone(timezone)
    return ReadOptions(
        mapping=parse_mapping(mapping or []),
        symbol=symbol,
        time_format=time_format,
        timezone=timezone,
        epoch_base=_instant(epoch_base, timezone),
        on_error=on_error,
        drop_duplicates=drop_duplicates,
    )


def candle_options(
    *,
    mapping: list[str] | None = None,
    symbol: str | None = None,
    time_format: str | None = None,
    timezone: str | None = None,
    epoch_base: str | None = None,
    candle_label: Label = "start",
    source_interval: str | None = None,
    on_error: OnError = "stop",
    drop_duplicates: bool = False,
    trades: ReadOptions | None = None,
) -> ReadOptions:
    """How a file of candles is to be read. Raises InputError for texts that say nothing.

    Args:
        mapping, symbol, ...: what the user said of the candles.
        source_interval: length of a candle in the file, where the user said it.
        trades: the options of the trades that the same command reads: their time zone holds for
            the candles too where these have none of their own, and so do `on_error` and
            `drop_duplicates`. Their
            epoch base does not: it would forbid candles with full times, as we write them.
    """
    zone = timezone or (trades.timezone if trades else None)
    if zone is not None:
        check_zone(zone, "--candles-timezone" if trades and timezone else "--timezone")
    length = parse_interval(source_interval, "--source-interval") if source_interval else None
    return ReadOptions(
        mapping=parse_mapping(mapping or []),
        symbol=symbol,
        time_format=time_format,
        timezone=zone,
        epoch_base=_instant(epoch_base, zone),
        on_error=trades.on_error if trades else on_error,
        drop_duplicates=trades.drop_duplicates if trades else drop_duplicates,
        candle_label=candle_label,
        interval=timedelta(microseconds=length) if length else None,
    )


def configured(
    columns: Mapping[str, str], given: list[str] | None, section: str = "columns"
) -> list[str]:
    """`--map` texts: those of a section of the configuration, but for columns that the command line
    maps. Raises InputError for one that says nothing."""
    parse_mapping([f"{name}={source}" for name, source in columns.items()], section)
    said = parse_mapping(given or [])
    return [
        *(f"{name}={source}" for name, source in columns.items() if name not in said),
        *(given or []),
    ]


def language(name: str) -> Lang:
    """`en` or `zh`. Raises InputError for another."""
    if name == "en":
        return "en"
    if name == "zh":
        return "zh"
    raise InputError(f"--lang {name!r}: there are en and zh")


def _instant(text: str | None, timezone: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"--epoch-base {text!r}: write it as 2021-06-14 or with a time") from None
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(timezone) if timezone else UTC)
