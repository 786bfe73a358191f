"""Intraday candles of Alpha Vantage (function TIME_SERIES_INTRADAY).

https://www.alphavantage.co/documentation/#intraday: prices as traded (`adjusted=false`, since
fills are compared with them), pre- and post-market included. Errors and rate limits come with
status 200 and a `Note`, `Information` or `Error Message`.

Stamps are taken for the candles' STARTS, as the service gives them now (a day of 5-minute candles
runs from 04:00 to 19:55 New York); its retired extended history stamped the ENDS (04:01 to 20:00
in 1-minute candles): `candle_label="end"` reads that.
"""

import io
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
from pydantic import SecretStr

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.bounded_get import Endpoint, bounded_get
from tradeglyph.sources.interval import parse_interval
from tradeglyph.sources.tables import CANDLE_DTYPES

NAME = "Alpha Vantage"
BASE_URL = "https://www.alphavantage.co/query"
KEY_VARIABLE = "ALPHAVANTAGE_API_KEY"
TIME_ZONE = "US/Eastern"
"""Of replies that name none, such as CSV."""
INTERVALS: dict[int, str] = {
    parse_interval(f"{minutes}m"): f"{minutes}min" for minutes in (1, 5, 15, 30, 60)
}
NUMBERS = ("open", "high", "low", "close", "volume")
SAFE_TO_CLEAR = 8
"""Bytes from which a key is no part of a candle."""
SAID_LENGTH = 400
"""Characters of a provider's message that are shown."""

# What the messages say, most telling first, and what helps. A message about the rate also praises
# the premium plans.
_REMEDIES: tuple[tuple[str, str], ...] = (
    (r"rate limit|call frequency|(requests|calls) per|request per second|sparingly",
     "the key's rate limit is reached: wait a minute (a daily limit: a day), or use another key"),
    (r"premium", "this needs a premium key: ask without --full or --month, or use such a key"),
    (r"api ?key", f"the key is not accepted: check {KEY_VARIABLE}"),
    (r"invalid api call", "no such symbol, interval or month: check the spelling of the symbol"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IntradayRequest:
    """What is asked for. Raises InputError for what Alpha Vantage doesn't offer."""

    symbol: str
    """As Alpha Vantage spells it; it becomes the `symbol` of the candles."""
    interval: str = "5m"
    """1m, 5m, 15m, 30m or 60m."""
    full: bool = False
    """The last 30 days, or the whole month, instead of the newest 100 candles."""
    month: str | None = None
    """YYYY-MM; the present where None."""
    candle_label: Literal["start", "end"] = "start"
    """Which end of the candle the reply's stamps name."""

    def __post_init__(self) -> None:
        if not self.symbol.strip():
            raise InputError(f"{NAME}: name a symbol, such as COIN")
        if self.length not in INTERVALS:
            raise InputError(f"{NAME}: interval {self.interval!r}: choose 1m, 5m, 15m, 30m or 60m")
        if self.month and not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", self.month):
            raise InputError(f"{NAME}: month {self.month!r}: write it as 2024-05 (from 2000-01 on)")

    @property
    def length(self) -> int:
        """Microseconds of a candle."""
        return parse_interval(self.interval)

    @property
    def query(self) -> dict[str, str]:
        """Query fields, without the key."""
        return {
            "function": "TIME_SERIES_INTRADAY",
            "symbol": self.symbol,
            "interval": INTERVALS[self.length],
            "outputsize": "full" if self.full else "compact",
            "adjusted": "false",
            "datatype": "json",
            **({"month": self.month} if self.month else {}),
        }


def fetch_intraday(
    symbol: str,
    *,
    api_key: SecretStr,
    interval: str = "5m",
    full: bool = False,
    month: str | None = None,
    candle_label: Literal["start", "end"] = "start",
    base_url: str = BASE_URL,
    timeout_s: float = 30.0,
    attempts: int = 4,
    sleep: Callable[[float], None] = time.sleep,
) -> pl.DataFrame:
    """Candles of one symbol, columns `CANDLE_DTYPES`, sorted by time.

    Args:
        symbol, interval, full, month, candle_label: as in `IntradayRequest`.
        api_key: shown in no message and no exception.
        base_url: https, or http on this machine.
        timeout_s: longest wait in seconds, per attempt.
        attempts: how often a failed connection or a busy server is asked in all.
        sleep: takes the seconds between two attempts.

    Raises:
        InputError: wrong arguments, the provider's refusal and what to do about it, or a reply
            that can't be read as candles.
        TradeglyphError: the provider can't be reached.
    """
    endpoint = Endpoint(name=NAME, base_url=base_url, timeout_s=timeout_s, attempts=attempts)
    asked = IntradayRequest(
        symbol=symbol, interval=interval, full=full, month=month, candle_label=candle_label
    )
    if not api_key.get_secret_value().strip():
        raise InputError(f"{NAME}: set the environment variable {KEY_VARIABLE} to your key")
    body = _cleared(bounded_get(endpoint, asked.query, {"apikey": api_key}, sleep=sleep), api_key)
    return parse_reply(body, asked, api_key)


def _cleared(body: bytes, api_key: SecretStr) -> bytes:
    """The reply without the key, so that no variable of a failing parser holds it.

    Keys have 16 letters and digits; one so short that it could be part of a number is left, and
    masked in messages only.
    """
    key = api_key.get_secret_value().encode()
    if len(key) < SAFE_TO_CLEAR:
        return body
    return re.sub(re.escape(key), b"***", body, flags=re.IGNORECASE)


def parse_reply(body: bytes, asked: IntradayRequest, api_key: SecretStr) -> pl.DataFrame:
    """Candles of a reply in JSON or CSV, as `fetch_intraday` gives them. Raises InputError.

    `api_key` is what messages of the provider are cleared of: some repeat it.
    """
    if body.lstrip()[:1] in (b"{", b"["):
        rows, zone = _json_rows(body, asked, api_key)
    else:
        rows, zone = _csv_rows(body, api_key), TIME_ZONE
    if rows.is_empty():
        raise InputError(f"{NAME}: no candles for {asked.symbol} {asked.month or ''}".rstrip())
    return _candles(rows, zone, asked)


def _json_rows(body: bytes, asked: IntradayRequest, api_key: SecretStr) -> tuple[pl.DataFrame, str]:
    reply = _json_object(body)
    for key in ("Error Message", "Note", "Information"):
        if key in reply:
            raise InputError(_refusal(str(reply[key]), asked.symbol, api_key))
    meta, series = reply.get("Meta Data"), _series(reply)
    given = _numbered(meta if isinstance(meta, dict) else {})
    for name, wanted in (("interval", INTERVALS[asked.length]), ("symbol", asked.symbol)):
        got = str(given.get(name, wanted))
        if got.strip().casefold() != wanted.strip().casefold():
            raise InputError(
                f"{NAME}: asked for {wanted} candles and got others: {_printable(got, api_key)}"
            )
    return _series_rows(series), str(given.get("time zone", TIME_ZONE))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        reply = None
    if not isinstance(reply, dict):
        raise InputError(
            f"{NAME}: the reply of {len(body)} bytes is no whole JSON object: "
            "it was cut or garbled on the way; try again"
        )
    return reply


def _series(reply: dict[str, Any]) -> dict[str, Any]:
    """Stamp to numbers of a reply."""
    for key, value in reply.items():
        if key.startswith("Time Series") and isinstance(value, dict):
            return value
    if not reply:
        return {}
    raise InputError(f"{NAME}: the reply has no time series; the service may have changed")


def _series_rows(series: dict[str, Any]) -> pl.DataFrame:
    """Columns `time` and `NUMBERS`, all text."""
    try:
        rows = [_numbered(row) for row in series.values()]
        columns = {name: [row[name] for row in rows] for name in NUMBERS}
    except (KeyError, TypeError):
        raise InputError(f"{NAME}: a candle lacks one of {', '.join(NUMBERS)}") from None
    frame = pl.DataFrame({"time": list(series), **columns}, strict=False)
    return frame.cast(pl.String)


def _numbered(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields such as `4. close` and `6. Time Zone`, as `close` and `time zone`."""
    return {re.sub(r"^[0-9]+[a-z]?\. ", "", name).lower(): fields[name] for name in fields}


def _csv_rows(body: bytes, api_key: SecretStr) -> pl.DataFrame:
    """Columns `time` and `NUMBERS`, all text, of `time,open,high,low,close,volume`."""
    header = body.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if header.replace("timestamp", "time", 1) != ",".join(("time", *NUMBERS)):
        said = _printable(body[:SAID_LENGTH].decode("utf-8", "replace"), api_key)
        raise InputError(f"{NAME}: the reply is neither JSON nor candles in CSV: {said!r}")
    try:
        frame = pl.read_csv(io.BytesIO(body), infer_schema=False, new_columns=["time", *NUMBERS])
    except pl.exceptions.PolarsError:
        raise InputError(f"{NAME}: the CSV reply can't be read; try again") from None
    return frame


def _candles(rows: pl.DataFrame, zone: str, asked: IntradayRequest) -> pl.DataFrame:
    shift = pl.duration(microseconds=asked.length if asked.candle_label == "end" else 0)
    frame = rows.select(
        pl.col("time").alias("said"),
        pl.lit(asked.symbol).alias("symbol"),
        _utc(pl.col("time"), zone) - shift,
        *(pl.col(name).cast(pl.Float64, strict=False) for name in NUMBERS),
        pl.lit(None, pl.Int32).alias("accounts"),
    )
    _check(frame)
    cast = (pl.col(name).cast(dtype) for name, dtype in CANDLE_DTYPES.items())
    return frame.select(cast).sort("time")


def _utc(stamps: pl.Expr, zone: str) -> pl.Expr:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"{NAME}: the reply names an unknown time zone") from None
    local = stamps.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    return local.dt.replace_time_zone(
        zone, ambiguous="null", non_existent="null"
    ).dt.convert_time_zone("UTC")


def _check(frame: pl.DataFrame) -> None:
    prices = ("open", "high", "low", "close")
    good = pl.all_horizontal(
        pl.col("time").is_not_null(),
        *(pl.col(name).is_finite() & (pl.col(name) > 0) for name in prices),
        pl.col("high") >= pl.max_horizontal("open", "low", "close"),
        pl.col("low") <= pl.min_horizontal("open", "close"),
        pl.col("volume").is_finite() & (pl.col("volume") >= 0),
        pl.col("time").is_duplicated().not_(),
    )
    bad = frame.filter(good.fill_null(value=False).not_())
    if len(bad):
        at = str(bad["said"][0])[:40]
        raise InputError(
            f"{NAME}: {len(bad)} of {len(frame)} candles can't be right, the first at {at!r}: "
            "cut or garbled on the way; try again"
        )


def _refusal(said: str, symbol: str, api_key: SecretStr) -> str:
    text = _printable(said, api_key)
    remedy = next((do for sign, do in _REMEDIES if re.search(sign, text, re.IGNORECASE)), "")
    return f"{NAME} refuses {symbol}: {remedy or 'see its message'}. It says: {text}"


def _printable(said: str, api_key: SecretStr) -> str:
    """A provider's text as one harmless line without the key, wherever it repeats it."""
    key = api_key.get_secret_value()
    hidden = re.sub(re.escape(key), "***", said, flags=re.IGNORECASE) if key else said
    hidden = re.sub(r"(api ?key(?: as |[:=] ?))[\w-]{6,}", r"\1***", hidden, flags=re.IGNORECASE)
    line = "".join(c if c.isprintable() else " " for c in " ".join(hidden.split()))
    return line if len(line) <= SAID_LENGTH else line[: SAID_LENGTH - 3] + "..."
