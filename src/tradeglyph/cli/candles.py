"""`tradeglyph candles`: market data, fetched from a provider or built from a file."""

import os
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer
from pydantic import SecretStr

from tradeglyph.app.settings import load_settings
from tradeglyph.cli import reading
from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.outputs import check_out
from tradeglyph.domain.errors import InputError
from tradeglyph.results.candles import check_candle_path, write_candles
from tradeglyph.results.rejects import write_rejects
from tradeglyph.results.rfc3339 import RFC_3339
from tradeglyph.sources import alphavantage
from tradeglyph.sources.candles import CandleTable, read_candles
from tradeglyph.sources.interval import parse_interval
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.resample import SessionChoice, candles_from_candles, candles_from_trades
from tradeglyph.sources.sessions import (
    MARKETS,
    MarketHours,
    market,
    market_in,
    parse_half_day,
)
from tradeglyph.sources.trades import TradeTable, read_trades
from tradeglyph.sources.zones import check_zone

app = typer.Typer(help="Fetch candles, or build them from shorter candles or trades.")

Out = Annotated[Path, typer.Option("--out", help="Candle file: .csv .jsonl .parquet .feather")]
Interval = Annotated[str, typer.Option("--interval", help="Length of a candle, such as 5m or 1h")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written, for the person or program that asked for it."""

    out: str
    candles: int
    symbols: int
    first: str
    """Start of the first candle, RFC 3339."""
    last: str
    """Start of the last candle, RFC 3339."""
    outside_session: int | None = None
    """Rows left out because they lie outside the regular session; None where none were asked."""
    session_candles: dict[int, int] | None = None
    """Candles of a symbol's regular day to the number of such days; None without a market."""
    rejects: str | None = None
    """Where the rejected rows are; None where there are none."""

    def lines(self) -> list[str]:
        """Lines for stderr."""
        span = f"{self.first} to {self.last}"
        lines = [f"{self.out}: {self.candles:,} candles of {self.symbols:,} symbols, {span}"]
        if self.outside_session:
            lines.append(f"  {self.outside_session:,} rows outside the regular session left out")
        if self.session_candles:
            days = ", ".join(f"{n} on {d:,}" for n, d in self.session_candles.items())
            lines.append(f"  candles in session per symbol and day: {days}")
        if self.rejects:
            lines.append(f"  the rejected rows are in {self.rejects}")
        return lines


@app.command()
def fetch(
    symbol: Annotated[str, typer.Argument(help="Symbol as the provider spells it, such as COIN")],
    out: Out,
    provider: Annotated[Literal["alphavantage"], typer.Option(help="Who is asked")] = (
        "alphavantage"
    ),
    interval: Interval = "5m",
    full: Annotated[bool, typer.Option("--full", help="30 days or the whole month")] = False,
    month: Annotated[str | None, typer.Option(help="YYYY-MM instead of the present")] = None,
    candle_label: reading.CandleLabel = "start",
    timeout: Annotated[float, typer.Option(help="Longest wait in seconds, per attempt")] = 30.0,
    base_url: Annotated[str, typer.Option(hidden=True)] = alphavantage.BASE_URL,
    as_json: AsJson = False,
) -> None:
    """Fetch intraday candles. The key is read from the variable ALPHAVANTAGE_API_KEY."""
    check_candle_path(out)
    key = SecretStr(os.environ.get(alphavantage.KEY_VARIABLE, "").strip())
    frame = alphavantage.fetch_intraday(
        symbol,
        api_key=key,
        interval=interval,
        full=full,
        month=month,
        candle_label=candle_label,
        base_url=base_url,
        timeout_s=timeout,
    )
    write_candles(frame, out)
    _tell(_summary(frame, out), as_json)


@app.command()
def build(
    file: Annotated[Path, typer.Argument(help="Trades or candles: a file or the seeds' folder")],
    out: Out,
    source: Annotated[Literal["trades", "candles"], typer.Option("--from", help="What FILE holds")],
    interval: Interval = "5m",
    session: Annotated[
        SessionChoice, typer.Option(help="Keep the market's regular session only, or everything")
    ] = "all",
    market_name: Annotated[
        str | None,
        typer.Option(
            "--market", help=f"Whose sessions: {', '.join(MARKETS)} (default: by the time zone)"
        ),
    ] = None,
    half_day: Annotated[
        list[str] | None,
        typer.Option(help="A day that closes early, as 2015-12-24=13:00. Repeatable."),
    ] = None,
    mapping: reading.Map = None,
    symbol: reading.Symbol = None,
    time_format: reading.TimeFormat = None,
    timezone: reading.Timezone = None,
    epoch_base: reading.EpochBase = None,
    candle_label: reading.CandleLabel = "start",
    source_interval: reading.SourceInterval = None,
    on_error: reading.OnErrorOption = "stop",
    drop_duplicates: reading.DropDuplicates = False,
    as_json: AsJson = False,
) -> None:
    """Build candles from trades or shorter candles. A candle without a trade is not invented."""
    check_candle_path(out)
    check_out(out, file)
    length = parse_interval(interval)
    settings = load_settings()
    hours = _hours(market_name, half_day or [], session, timezone or settings.timezone)
    of = "trades" if source == "trades" else "candles"
    columns = settings.columns.trades if source == "trades" else settings.columns.candles
    options = reading.candle_options(
        mapping=reading.configured(columns, mapping, f"columns.{of}"),
        symbol=symbol,
        time_format=time_format,
        timezone=timezone or settings.timezone,
        epoch_base=epoch_base,
        candle_label=candle_label,
        source_interval=source_interval,
        on_error=on_error,
        drop_duplicates=drop_duplicates,
    )
    table = _read(file, source, options)
    frame = _built(table, options, length, hours, session)
    write_candles(frame, out)
    rejects = write_rejects(table.rejects, out)
    summary = replace(_summary(frame, out, hours), rejects=str(rejects) if rejects else None)
    if session == "regular" and hours is not None:
        summary = replace(summary, outside_session=_outside(table.frame, hours))
    _tell(summary, as_json)


def _hours(
    name: str | None, half_days: list[str], session: SessionChoice, timezone: str | None
) -> MarketHours | None:
    if name is not None:
        return market(name).closing_early(dict(map(parse_half_day, half_days)))
    if half_days:
        raise InputError(
            "--half-day needs the market whose session it shortens: "
            f"add --market {' | '.join(MARKETS)}"
        )
    if session == "all":
        return None
    if timezone is not None:
        check_zone(timezone)
    hours = market_in(timezone)
    open_ = ", ".join(map(str, hours.segments))
    tell(
        f"--session regular: {hours.name} is taken for the market, from the time zone "
        f"({timezone or 'none given'}): open {open_} {hours.time_zone}; --market names another"
    )
    return hours


def _read(
    file: Path, source: Literal["trades", "candles"], options: ReadOptions
) -> TradeTable | CandleTable:
    table = read_trades(file, options) if source == "trades" else read_candles(file, options)
    for line in table.report.lines():
        tell(line)
    return table


def _built(
    table: TradeTable | CandleTable,
    options: ReadOptions,
    interval: int,
    hours: MarketHours | None,
    session: SessionChoice,
) -> pl.DataFrame:
    """The candles. Raises InputError where the session leaves none."""
    rows = table.frame
    if isinstance(table, TradeTable):
        frame = candles_from_trades(rows, interval=interval, hours=hours, session=session)
    else:
        frame = candles_from_candles(
            rows,
            interval=interval,
            hours=hours,
            session=session,
            source_interval=_microseconds(options),
        )
    if frame.is_empty():
        raise InputError(
            f"{table.report.path}: none of its {len(rows):,} rows lies in the regular session "
            "of the market; check --timezone and --market"
        )
    return frame


def _microseconds(options: ReadOptions) -> int | None:
    return None if options.interval is None else options.interval // timedelta(microseconds=1)


def _outside(rows: pl.DataFrame, hours: MarketHours) -> int:
    return len(rows) - int(rows.select(hours.in_session(pl.col("time")).sum()).item())


def _summary(frame: pl.DataFrame, out: Path, hours: MarketHours | None = None) -> Summary:
    span = frame.select(
        first=pl.col("time").min().dt.strftime(RFC_3339),
        last=pl.col("time").max().dt.strftime(RFC_3339),
    )
    return Summary(
        out=str(out),
        candles=len(frame),
        symbols=frame["symbol"].n_unique(),
        first=span["first"][0],
        last=span["last"][0],
        session_candles=None if hours is None else _session_candles(frame, hours),
    )


def _session_candles(frame: pl.DataFrame, hours: MarketHours) -> dict[int, int]:
    """Candles in session of a symbol's day to the number of such days, the commonest first."""
    days = (
        frame.filter(hours.in_session(pl.col("time")))
        .group_by("symbol", hours.local_date(pl.col("time")))
        .agg(candles=pl.len())
    )
    counts = days.group_by("candles").len().sort(["len", "candles"], descending=True)
    return dict(counts.iter_rows())


def _tell(summary: Summary, as_json: bool) -> None:
    for line in summary.lines():
        tell(line)
    if as_json:
        give(asdict(summary))
