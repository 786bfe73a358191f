"""The options with which commands say how their input files are to be read.

A command takes the annotated types below as parameters and hands them to `trade_options` or
`candle_options`. A command that reads trades and candles takes the plain options for its trades,
and those with the prefix `--candles-` for its candles.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from tradeglyph.domain.errors import InputError
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.sources.interval import parse_interval
from tradeglyph.sources.options import ReadOptions, parse_mapping
from tradeglyph.sources.zones import check_zone

PANEL = "Reading"

OnError = Literal["stop", "skip"]
Label = Literal["start", "end"]

Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="Columns: account_id=User,symbol=market+outcome. + joins with /, in a time with a "
        "blank. Repeatable.",
        rich_help_panel=PANEL,
    ),
]
Symbol = Annotated[
    str | None,
    typer.Option(
        "--symbol",
        help="Symbol, where the file has none (default: its stem)",
        rich_help_panel=PANEL,
    ),
]
TimeFormat = Annotated[
    str | None,
    typer.Option("--time-format", help="strptime format of the time column", rich_help_panel=PANEL),
]
Timezone = Annotated[
    str | None,
    typer.Option(
        "--timezone", help="IANA zone in which times without one are read", rich_help_panel=PANEL
    ),
]
EpochBase = Annotated[
    str | None,
    typer.Option(
        "--epoch-base",
        help="Date or time from which the time column counts seconds; without an offset it is in "
        "--timezone, else UTC",
        rich_help_panel=PANEL,
    ),
]
OnErrorOption = Annotated[
    OnError,
    typer.Option(
        "--on-error", help="What a bad row does: stop, or skip into a file", rich_help_panel=PANEL
    ),
]
DropDuplicates = Annotated[
    bool,
    typer.Option(
        "--drop-duplicates",
        help="Drop identical rows: trades without a trade_id (kept by default), equal candles "
        "(by default an error)",
        rich_help_panel=PANEL,
    ),
]
CandleLabel = Annotated[
    Label,
    typer.Option(
        "--candle-label",
        help="Which end of a candle its time names",
        rich_help_panel=PANEL,
    ),
]
SourceInterval = Annotated[
    str | None,
    typer.Option(
        "--source-interval",
        help="Length of a candle in the file, such as 1m (default: the commonest distance)",
        rich_help_panel=PANEL,
    ),
]
CandlesMap = Annotated[
    list[str] | None,
    typer.Option("--candles-map", help="As --map, for the candles", rich_help_panel=PANEL),
]
CandlesSymbol = Annotated[
    str | None,
    typer.Option("--candles-symbol", help="As --symbol, for the candles", rich_help_panel=PANEL),
]
CandlesTimeFormat = Annotated[
    str | None,
    typer.Option(
        "--candles-time-format", help="As --time-format, for the candles", rich_help_panel=PANEL
    ),
]
CandlesTimezone = Annotated[
    str | None,
    typer.Option(
        "--candles-timezone",
        help="As --timezone, for the candles (default: --timezone)",
        rich_help_panel=PANEL,
    ),
]
CandlesEpochBase = Annotated[
    str | None,
    typer.Option(
        "--candles-epoch-base",
        help="As --epoch-base, for the candles",
        rich_help_panel=PANEL,
    ),
]


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


def configured(columns: Mapping[str, str], given: list[str] | None) -> list[str]:
    """`--map` texts: those of the configuration, but for columns that the command line maps."""
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
