"""The options with which commands say how their input files are to be read.

A command takes the annotated types below as parameters and hands them to `trade_options` or
`candle_options`. A command that reads trades and candles takes the plain options for its trades,
and those with the prefix `--candles-` for its candles.
"""

from typing import Annotated

import typer

from tradeglyph.app.reading import (
    Label,
    OnError,
    candle_options,
    configured,
    language,
    trade_options,
)

__all__ = ["candle_options", "configured", "language", "trade_options"]

PANEL = "Reading"

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
